//! 量纲 Dimensions: base dimensions, currencies, gas states, substances and annotations with rational exponents.

mod words;

use num_rational::Rational64;
use num_traits::{CheckedAdd, CheckedMul, Zero};
use std::collections::BTreeMap;

/// No exponent of a dimension or a unit has a larger numerator or denominator than this.
pub(crate) const LARGEST_EXPONENT: i64 = 1_000;

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
///
/// Dimensions form an abelian group: [`Dimension::times`], [`Dimension::inverse`] and the empty
/// dimension (a pure number). `Display` writes it in words a reader knows: `mass{CO2}/energy`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dimension(pub(crate) BTreeMap<Base, Rational64>);

impl Dimension {
    /// 数 A pure number.
    pub fn number() -> Dimension {
        Dimension::default()
    }

    /// One base to the power 1.
    pub fn of(base: Base) -> Dimension {
        Dimension(BTreeMap::from([(base, Rational64::from_integer(1))]))
    }

    /// A pure number: no base is left.
    pub fn is_number(&self) -> bool {
        self.0.is_empty()
    }

    /// The exponent of a base, 0 if it does not occur.
    pub fn exponent(&self, base: &Base) -> Rational64 {
        self.0.get(base).copied().unwrap_or_else(Rational64::zero)
    }

    /// The bases with their exponents, in the order of [`Base`].
    pub fn bases(&self) -> impl Iterator<Item = (&Base, Rational64)> {
        self.0.iter().map(|(base, exponent)| (base, *exponent))
    }

    /// Product; nothing if an exponent grows beyond 1,000.
    pub fn times(&self, other: &Dimension) -> Option<Dimension> {
        let mut product = self.clone();
        for (base, exponent) in &other.0 {
            let sum = bounded(product.exponent(base).checked_add(exponent)?)?;
            if sum.is_zero() {
                product.0.remove(base);
            } else {
                product.0.insert(base.clone(), sum);
            }
        }
        Some(product)
    }

    /// The reciprocal.
    #[must_use]
    pub fn inverse(&self) -> Dimension {
        Dimension(self.0.iter().map(|(base, exponent)| (base.clone(), -*exponent)).collect())
    }

    /// Quotient; nothing if an exponent grows beyond 1,000.
    pub fn per(&self, other: &Dimension) -> Option<Dimension> {
        self.times(&other.inverse())
    }

    /// Power with a rational exponent; nothing if an exponent grows beyond 1,000.
    pub fn power(&self, exponent: Rational64) -> Option<Dimension> {
        let mut power = BTreeMap::new();
        for (base, own) in &self.0 {
            let product = bounded(own.checked_mul(&exponent)?)?;
            if !product.is_zero() {
                power.insert(base.clone(), product);
            }
        }
        Some(Dimension(power))
    }

    /// Without annotations: what remains is physics, gas states and money.
    #[must_use]
    pub fn without_annotations(&self) -> Dimension {
        let kept = self.0.iter().filter(|(base, _)| !matches!(base, Base::Annotation(_)));
        Dimension(kept.map(|(base, exponent)| (base.clone(), *exponent)).collect())
    }
}

/// The exponent itself, if it is within the bounds that keep all later arithmetic from overflowing.
pub(crate) fn bounded(exponent: Rational64) -> Option<Rational64> {
    let small = exponent.numer().abs() <= LARGEST_EXPONENT && *exponent.denom() <= LARGEST_EXPONENT;
    small.then_some(exponent)
}
