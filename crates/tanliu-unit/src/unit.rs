//! 单位 A unit as written, with its exact scale and its dimension.

use crate::{Conversion, Dimension, Exact};
use num_rational::Rational64;
use std::fmt;

/// 单位 A unit: what is written, its exact scale to coherent base units, its dimension.
#[derive(Debug, Clone)]
pub struct Unit {}

impl Unit {
    /// The number 1.
    pub fn one() -> Unit {
        todo!()
    }
    /// `%`
    pub fn percent() -> Unit {
        todo!()
    }
    /// What it measures.
    pub fn dimension(&self) -> &Dimension {
        todo!()
    }
    /// A value in this unit times the scale is the value in coherent base units.
    pub fn scale(&self) -> &Exact {
        todo!()
    }
    /// A pure number (1, %, ‰, kg/kg …).
    pub fn is_dimensionless(&self) -> bool {
        todo!()
    }
    /// `°C`, the only unit with an offset.
    pub fn is_celsius(&self) -> bool {
        todo!()
    }
    /// Product; refused for °C.
    pub fn times(&self, _other: &Unit) -> Result<Unit, UnitError> {
        todo!()
    }
    /// Quotient; refused for °C.
    pub fn per(&self, _other: &Unit) -> Result<Unit, UnitError> {
        todo!()
    }
    /// Power with a rational exponent; refused for °C.
    pub fn power(&self, _exponent: Rational64) -> Result<Unit, UnitError> {
        todo!()
    }
    /// The conversion of values of this unit into `target`, if both have one dimension.
    pub fn conversion_to(&self, _target: &Unit) -> Option<Conversion> {
        todo!()
    }
    /// The substances and annotations it carries, with exponents: `tCO2/t{clinker}` → CO2: 1, clinker: −1.
    pub fn annotations(&self) -> Vec<(String, Rational64)> {
        todo!()
    }
    /// The same unit with annotation `from` (exponent kept) renamed to `to`: tCH4/t → tCO2e/t.
    #[must_use]
    pub fn with_annotation(&self, _from: &str, _to: &str) -> Unit {
        todo!()
    }
}

/// Two units are equal if they have the same scale and the same dimension.
impl PartialEq for Unit {
    fn eq(&self, _other: &Self) -> bool {
        todo!()
    }
}

/// The canonical text; [`crate::UnitTable::parse`] reads it back to an equal unit.
impl fmt::Display for Unit {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}

/// What is wrong with a unit's text. Byte offsets are into the text that was parsed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// No such unit; the nearest known names are offered.
    #[error("unknown unit `{word}`")]
    Unknown {
        /// The word.
        word: String,
        /// Its first byte.
        at: usize,
        /// Near names, nearest first, at most three.
        near: Vec<String>,
    },
    /// Something else stood where a unit was expected.
    #[error("expected {expected} at byte {at}")]
    Syntax {
        /// What was expected (English; the Chinese text is `expected_zh`).
        expected: &'static str,
        /// 应为什么
        expected_zh: &'static str,
        /// Where.
        at: usize,
    },
    /// °C in a product, quotient or power.
    #[error("°C stands alone: use K in products")]
    CelsiusInProduct,
    /// A definition that names an existing unit or itself.
    #[error("unit `{0}` is already defined")]
    AlreadyDefined(String),
    /// A number that is too large to hold.
    #[error("the unit's scale is out of range")]
    OutOfRange,
}
