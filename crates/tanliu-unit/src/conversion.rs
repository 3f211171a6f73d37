//! 换算 Exact conversion of values between units of one dimension.

/// 换算 `x ↦ x · numerator / denominator` (with an offset only for °C ↔ K).
///
/// Numerator and denominator are integers in lowest terms. Where both are exact doubles the value
/// is multiplied, then divided: two roundings at most, one if either is 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {}

impl Conversion {
    /// Leaves every value as it is.
    pub fn identity() -> Conversion {
        todo!()
    }
    /// Whether it leaves every value as it is.
    pub fn is_identity(&self) -> bool {
        todo!()
    }
    /// The multiplier, divisor and (rarely) the addend, as doubles: `x * numerator / denominator + offset`
    pub fn parts(&self) -> (f64, f64, f64) {
        todo!()
    }
    /// Converts one value.
    pub fn apply(&self, _value: f64) -> f64 {
        todo!()
    }
}
