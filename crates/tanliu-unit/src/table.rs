//! 单位表 The names of units: SI, the field's own, Chinese forms, and a document's own.

use crate::{Unit, UnitError};

/// 单位表 A table of unit names; a document may add its own.
#[derive(Debug, Clone)]
pub struct UnitTable {}

impl UnitTable {
    /// The contract's units.
    pub fn builtin() -> UnitTable {
        todo!()
    }
    /// Adds a unit of a document's front matter: `标箱` = `1{TEU}`.
    pub fn define(&mut self, _name: &str, _definition: &str) -> Result<(), UnitError> {
        todo!()
    }
    /// Parses a whole text as a unit; blanks around operators are allowed; NFKC is applied first
    /// (so full-width signs are plain ones). A leading number is allowed: `10^4 CNY`, `1{TEU}`.
    pub fn parse(&self, _text: &str) -> Result<Unit, UnitError> {
        todo!()
    }
    /// Parses the unit that `text` begins with and returns it with the number of bytes it took.
    ///
    /// `loose`: as after `:` in a declaration: a leading number and blanks around `* · /` are
    /// allowed, and an operator that is not followed by a unit is left alone.
    /// Otherwise as in a literal after a number: it runs on over `* · / ^` only while no blank
    /// intervenes (except inside parentheses), has no leading number, and an operator directly
    /// followed by something that is no unit is an error at that place.
    pub fn parse_start(&self, _text: &str, _loose: bool) -> Result<(Unit, usize), UnitError> {
        todo!()
    }
}
