//! 单位 A unit as written, with its exact scale and its dimension.

mod display;
mod error;

pub use error::UnitError;

use crate::atom::{Atom, Term};
use crate::number;
use crate::{Base, Conversion, Dimension, Exact, substances};
use num_bigint::BigInt;
use num_rational::Rational64;
use num_traits::{CheckedAdd, CheckedMul, One, Zero};
use std::sync::Arc;

/// A unit of more terms than this is nobody's unit.
const MOST_TERMS: usize = 64;

/// 单位 A unit: what is written, its exact scale to coherent base units, its dimension.
///
/// The written terms are kept: equal ones cancel in products and quotients
/// (`kWh` times `kgCO2/kWh` is `kgCO2`), all others stay as the author wrote them. The scale is an
/// exact rational; only the root of a number that is no perfect power is held to 96 bits.
#[derive(Debug, Clone)]
pub struct Unit {
    /// The leading number: 10^4 in `10^4 CNY`.
    factor: Exact,
    terms: Vec<Term>,
    scale: Exact,
    dimension: Dimension,
}

impl Unit {
    /// The number 1.
    pub fn one() -> Unit {
        Unit {
            factor: Exact::one(),
            terms: Vec::new(),
            scale: Exact::one(),
            dimension: Dimension::number(),
        }
    }

    /// `%`
    pub fn percent() -> Unit {
        let hundredth = Exact::new(BigInt::one(), BigInt::from(100));
        Unit::assemble(Exact::one(), vec![term(Atom::number("%", hundredth))])
            .unwrap_or_else(|_| Unit::one())
    }

    /// A pure number as a unit: the `10^4` of `10^4 CNY`. It must be above zero.
    pub fn number(value: Exact) -> Result<Unit, UnitError> {
        if value <= Exact::zero() {
            return Err(UnitError::OutOfRange);
        }
        Unit::assemble(value, Vec::new())
    }

    /// One atom to the power 1.
    pub(crate) fn from_atom(atom: Atom) -> Result<Unit, UnitError> {
        Unit::assemble(Exact::one(), vec![term(atom)])
    }

    /// A unit from its written parts; equal atoms are brought together first.
    fn assemble(factor: Exact, written: Vec<Term>) -> Result<Unit, UnitError> {
        let mut parts = Parts { factor, terms: Vec::with_capacity(written.len()) };
        for term in written {
            parts.push(term)?;
        }
        let Parts { factor, terms } = parts;
        if terms.len() > MOST_TERMS {
            return Err(UnitError::OutOfRange);
        }
        let one = Rational64::one();
        let factors = terms.iter().flat_map(|term| {
            [&term.atom.scale, &term.atom.multiplier_value].map(|scale| (scale, term.exponent))
        });
        let scale = number::product_of_powers(factors.chain([(&factor, one)]))?;
        let mut dimension = Dimension::number();
        for term in &terms {
            let power = term.atom.dimension.power(term.exponent);
            dimension =
                power.and_then(|power| dimension.times(&power)).ok_or(UnitError::OutOfRange)?;
        }
        if dimension.is_number() && scale.is_one() {
            return Ok(Unit::one());
        }
        Ok(Unit { factor: number::bounded(factor)?, terms, scale, dimension })
    }

    /// What it measures.
    pub fn dimension(&self) -> &Dimension {
        &self.dimension
    }

    /// A value in this unit times the scale is the value in coherent base units.
    pub fn scale(&self) -> &Exact {
        &self.scale
    }

    /// A pure number (1, %, ‰, kg/kg …).
    pub fn is_dimensionless(&self) -> bool {
        self.dimension.is_number()
    }

    /// `°C`, the only unit with an offset.
    pub fn is_celsius(&self) -> bool {
        self.terms.iter().any(|term| term.atom.is_celsius())
    }

    /// 有分母 Whether it is a rate: some term stands below the line, as in `kgCO2/kWh`.
    pub fn has_denominator(&self) -> bool {
        self.terms.iter().any(|term| term.exponent < Rational64::zero())
    }

    /// Product; refused for °C.
    pub fn times(&self, other: &Unit) -> Result<Unit, UnitError> {
        if self.is_celsius() || other.is_celsius() {
            return Err(UnitError::CelsiusInProduct);
        }
        let terms = self.terms.iter().chain(&other.terms).cloned().collect();
        Unit::assemble(&self.factor * &other.factor, terms)
    }

    /// Quotient; refused for °C.
    pub fn per(&self, other: &Unit) -> Result<Unit, UnitError> {
        if self.is_celsius() || other.is_celsius() {
            return Err(UnitError::CelsiusInProduct);
        }
        let below =
            other.terms.iter().map(|term| Term { exponent: -term.exponent, ..term.clone() });
        let terms = self.terms.iter().cloned().chain(below).collect();
        Unit::assemble(&self.factor / &other.factor, terms)
    }

    /// Power with a rational exponent; refused for °C.
    pub fn power(&self, exponent: Rational64) -> Result<Unit, UnitError> {
        if self.is_celsius() {
            return Err(UnitError::CelsiusInProduct);
        }
        let mut terms = Vec::with_capacity(self.terms.len() + 1);
        for term in &self.terms {
            let product = term.exponent.checked_mul(&exponent);
            let exponent =
                product.and_then(crate::dimension::bounded).ok_or(UnitError::OutOfRange)?;
            terms.push(Term { exponent, ..term.clone() });
        }
        let whole = number::integer_power(&self.factor, *exponent.numer())?;
        let factor = match number::perfect_root(&whole, *exponent.denom()) {
            Some(root) => root,
            None => {
                let text = format!("({})", number::text_of(&self.factor));
                let atom = Arc::new(Atom::number(&text, self.factor.clone()));
                let exponent = crate::dimension::bounded(exponent).ok_or(UnitError::OutOfRange)?;
                terms.insert(0, Term { atom, exponent });
                Exact::one()
            }
        };
        Unit::assemble(factor, terms)
    }

    /// The conversion of values of this unit into `target`, if both have one dimension.
    pub fn conversion_to(&self, target: &Unit) -> Option<Conversion> {
        if self.dimension != target.dimension {
            return None;
        }
        let offset = (self.offset() - target.offset()) / &target.scale;
        Some(Conversion::new(&self.scale / &target.scale, &offset))
    }

    /// What is added to a scaled value to reach coherent base units: 273.15 for °C.
    fn offset(&self) -> Exact {
        if self.is_celsius() {
            Exact::new(BigInt::from(27_315), BigInt::from(100))
        } else {
            Exact::zero()
        }
    }

    /// The substances and annotations it carries, with exponents: `tCO2/t{clinker}` → CO2: 1, clinker: −1.
    pub fn annotations(&self) -> Vec<(String, Rational64)> {
        let annotation = |(base, exponent): (&Base, Rational64)| match base {
            Base::Annotation(text) => Some((text.clone(), exponent)),
            _ => None,
        };
        self.dimension.bases().filter_map(annotation).collect()
    }

    /// The same unit with annotation `from` (exponent kept) renamed to `to`: tCH4/t → tCO2e/t.
    ///
    /// A name that hides the annotation (`pkm`) is written out as what it stands for.
    #[must_use]
    pub fn with_annotation(&self, from: &str, to: &str) -> Unit {
        self.renamed(&substances::canonical(from), to).unwrap_or_else(|_| self.clone())
    }

    fn renamed(&self, from: &str, to: &str) -> Result<Unit, UnitError> {
        let base = Base::Annotation(from.to_owned());
        let mut renamed = Unit::assemble(self.factor.clone(), Vec::new())?;
        for term in &self.terms {
            let atom = &term.atom;
            let unit = if atom.dimension.exponent(&base).is_zero() {
                Unit::from_atom(atom.as_ref().clone())?
            } else if let Some(atom) = atom.with_annotation(from, to) {
                Unit::from_atom(atom)?
            } else {
                atom.spelled_out()?.renamed(from, to)?
            };
            renamed = renamed.times(&unit.power(term.exponent)?)?;
        }
        Ok(renamed)
    }
}

impl Atom {
    /// The definition of the atom's name in place of the name.
    fn spelled_out(&self) -> Result<Unit, UnitError> {
        let definition = self.definition.as_deref().ok_or(UnitError::OutOfRange)?;
        let mut unit = Unit::number(self.multiplier_value.clone())?.times(definition)?;
        for annotation in &self.annotations {
            let mut carrier = Atom::number("1", Exact::one());
            carrier.dimension = Dimension::of(Base::Annotation(annotation.clone()));
            carrier.annotations.push(annotation.clone());
            unit = unit.times(&Unit::from_atom(carrier)?)?;
        }
        Ok(unit)
    }
}

/// The parts of a unit while it is put together.
struct Parts {
    factor: Exact,
    terms: Vec<Term>,
}

impl Parts {
    /// Adds a term, bringing it together with one of the same meaning.
    ///
    /// Terms that differ by a Chinese multiplier only come together as well, and the multiplier
    /// becomes a leading number: `tCO2/tce` times `万tce` is `10^4 tCO2`.
    fn push(&mut self, term: Term) -> Result<(), UnitError> {
        let is_plain_one = term.atom.scale.is_one()
            && term.atom.multiplier_value.is_one()
            && term.atom.dimension.is_number();
        if is_plain_one || term.exponent.is_zero() {
            return Ok(());
        }
        let Some(place) = self.partner(&term) else {
            self.terms.push(term);
            return Ok(());
        };
        let held = self.terms.remove(place);
        let mut atom = held.atom;
        if atom.multiplier_value != term.atom.multiplier_value {
            let multipliers = [
                (&atom.multiplier_value, held.exponent),
                (&term.atom.multiplier_value, term.exponent),
            ];
            self.factor *= number::product_of_powers(multipliers.into_iter())?;
            atom = Arc::new(atom.without_multiplier());
        }
        let exponent = held.exponent.checked_add(&term.exponent);
        let exponent = exponent.and_then(crate::dimension::bounded).ok_or(UnitError::OutOfRange)?;
        if !exponent.is_zero() {
            self.terms.insert(place, Term { atom, exponent });
        }
        Ok(())
    }

    /// Where a term of the same meaning stands.
    fn partner(&self, term: &Term) -> Option<usize> {
        let whole = |exponent: Rational64| exponent.is_integer();
        self.terms.iter().position(|held| {
            let same_multiplier = held.atom.multiplier_value == term.atom.multiplier_value;
            held.atom.same_base(&term.atom)
                && held.atom.is_celsius() == term.atom.is_celsius()
                && (same_multiplier || (whole(held.exponent) && whole(term.exponent)))
        })
    }
}

fn term(atom: Atom) -> Term {
    Term { atom: Arc::new(atom), exponent: Rational64::one() }
}

/// Two units are equal if they have the same scale and the same dimension (°C and K differ).
impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.scale == other.scale
            && self.dimension == other.dimension
            && self.is_celsius() == other.is_celsius()
    }
}

impl Eq for Unit {}
