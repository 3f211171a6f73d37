//! 量纲 Dimensions: base dimensions, currencies, gas states, substances and annotations with rational exponents.

use num_rational::Rational64;
use std::collections::BTreeMap;

/// 基本量 One base of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Base {
    /// m
    Length,
    /// kg
    Mass,
    /// s
    Time,
    /// A
    Current,
    /// K
    Temperature,
    /// mol
    Amount,
    /// cd
    Luminosity,
    /// A currency, at current price or at the constant price of a year: `CNY`, `CNY@2015`.
    Currency(String),
    /// The reference state of a gas volume: `0C`, `20C`.
    State(String),
    /// A substance or an annotation in braces: `CO2`, `clinker`, `passenger`.
    Annotation(String),
}

/// 量纲 A product of bases with rational exponents; exponents are never zero.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dimension(pub(crate) BTreeMap<Base, Rational64>);
