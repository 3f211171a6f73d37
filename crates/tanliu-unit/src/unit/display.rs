//! 单位的写法 The canonical text of a unit, which parses back to an equal one.

use super::Unit;
use crate::atom::Term;
use crate::number;
use num_rational::Rational64;
use num_traits::{One, Signed};
use std::fmt;

/// The canonical text; [`crate::UnitTable::parse`] reads it back to an equal unit (with the table
/// that knows the same names of one's own).
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (above, below): (Vec<&Term>, Vec<&Term>) =
            self.terms.iter().partition(|term| term.exponent.is_positive());
        if self.terms.is_empty() {
            return f.write_str(&number::text_of(&self.factor));
        }
        if !self.factor.is_one() {
            write!(f, "{} ", number::text_of(&self.factor))?;
        }
        if above.is_empty() {
            f.write_str("1")?;
        }
        write_terms(f, &above)?;
        match below.len() {
            0 => Ok(()),
            1 => {
                f.write_str("/")?;
                write_terms(f, &below)
            }
            _ => {
                f.write_str("/(")?;
                write_terms(f, &below)?;
                f.write_str(")")
            }
        }
    }
}

fn write_terms(f: &mut fmt::Formatter<'_>, terms: &[&Term]) -> fmt::Result {
    for (place, term) in terms.iter().enumerate() {
        if place > 0 {
            f.write_str("*")?;
        }
        write!(f, "{}", term.atom)?;
        let exponent: Rational64 = term.exponent.abs();
        if !exponent.is_one() {
            write!(f, "^{exponent}")?;
        }
    }
    Ok(())
}
