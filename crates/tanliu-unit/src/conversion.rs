//! 换算 Exact conversion of values between units of one dimension.

use crate::Exact;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, One, ToPrimitive, Zero};

/// 换算 `x ↦ x · numerator / denominator` (with an offset only for °C ↔ K).
///
/// Numerator and denominator are integers in lowest terms. Where both are exact doubles the value
/// is multiplied, then divided: two roundings at most, one if either is 1. Where one of them is not
/// (beyond 2^53), the value is multiplied by the double nearest to the quotient.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {
    ratio: Exact,
    numerator: f64,
    denominator: f64,
    offset: f64,
}

impl Conversion {
    /// Leaves every value as it is.
    pub fn identity() -> Conversion {
        Conversion::new(Exact::one(), &Exact::zero())
    }

    /// `x ↦ x · ratio + offset`
    pub(crate) fn new(ratio: Exact, offset: &Exact) -> Conversion {
        let (numerator, denominator) =
            match (exact_double(ratio.numer()), exact_double(ratio.denom())) {
                (Some(numerator), Some(denominator)) => (numerator, denominator),
                _ => (nearest_double(&ratio), 1.0),
            };
        let offset = nearest_double(offset);
        Conversion { ratio, numerator, denominator, offset }
    }

    /// Whether it leaves every value as it is.
    pub fn is_identity(&self) -> bool {
        self.ratio.is_one() && self.offset == 0.0
    }

    /// The multiplier, divisor and (rarely) the addend, as doubles:
    /// `x * numerator / denominator + offset`
    pub fn parts(&self) -> (f64, f64, f64) {
        (self.numerator, self.denominator, self.offset)
    }

    /// 精确比 The exact numerator and denominator of the multiplier, in lowest terms.
    pub fn exact(&self) -> (&BigInt, &BigInt) {
        (self.ratio.numer(), self.ratio.denom())
    }

    /// Converts one value.
    pub fn apply(&self, value: f64) -> f64 {
        value * self.numerator / self.denominator + self.offset
    }
}

/// The double that equals the integer, if there is one.
fn exact_double(integer: &BigInt) -> Option<f64> {
    let double = integer.to_f64().filter(|double| double.is_finite())?;
    (BigInt::from_f64(double).as_ref() == Some(integer)).then_some(double)
}

/// The double nearest to the rational, ±infinity beyond the largest.
pub(crate) fn nearest_double(exact: &Exact) -> f64 {
    exact.to_f64().unwrap_or(f64::NAN)
}
