//! 有效位 Numbers as comparisons and rounding see them: at 14 significant decimal digits, so that
//! 0.7 + 0.2 reaches 90 % and three steps of 0.1 are 0.3.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use crate::exact::ExactSum;

/// From here on a whole number has more than 14 digits.
const FIRST_BEYOND_DIGITS: f64 = 1e14;
/// 2^53: from here on doubles are not fine enough to count.
const FIRST_NOT_COUNTED: f64 = 9_007_199_254_740_992.0;
/// Numbers further apart than this, relative to the larger, differ at 14 digits too.
const CLEARLY_APART: f64 = 1e-12;

/// 舍入方式 Where a count of steps between two whole ones goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundingMode {
    /// 四舍五入: to the nearest, half away from zero.
    HalfAwayFromZero,
    /// 向下: toward −∞.
    Down,
    /// 向上: toward +∞.
    Up,
    /// 四舍六入五成双 (GB/T 8170): to the nearest, half to the even one.
    HalfEven,
}

impl From<crate::ast::RoundingMode> for RoundingMode {
    fn from(written: crate::ast::RoundingMode) -> Self {
        match written {
            crate::ast::RoundingMode::Half => Self::HalfAwayFromZero,
            crate::ast::RoundingMode::Down => Self::Down,
            crate::ast::RoundingMode::Up => Self::Up,
            crate::ast::RoundingMode::Even => Self::HalfEven,
        }
    }
}

/// 步长 A rounding step as the exact quotient of two whole numbers, so that 0.1 is 1/10.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The numerator, above zero.
    pub numerator: f64,
    /// The denominator, above zero.
    pub denominator: f64,
}

impl Step {
    /// The step 1: whole multiples of the unit.
    pub const ONE: Step = Step { numerator: 1.0, denominator: 1.0 };

    /// The step `numerator / denominator`.
    pub fn new(numerator: f64, denominator: f64) -> Self {
        Self { numerator, denominator }
    }
}

/// A finite number rounded to 14 significant decimal digits; others come back as they are.
pub fn round_significant(x: f64) -> f64 {
    if !x.is_finite() || (x == x.trunc() && x.abs() < FIRST_BEYOND_DIGITS) {
        return x + 0.0;
    }
    // Thirteen digits behind the point and one before it; the text always reads back.
    format!("{x:.13e}").parse().unwrap_or(x)
}

/// The order of two finite numbers as seen at 14 significant digits.
pub fn compare(a: f64, b: f64) -> Ordering {
    let apart = (a - b).abs() > CLEARLY_APART * a.abs().max(b.abs());
    if a == b || apart || !a.is_finite() || !b.is_finite() {
        return a.partial_cmp(&b).unwrap_or_else(|| a.total_cmp(&b));
    }
    round_significant(a).total_cmp(&round_significant(b))
}

/// `x` as a whole multiple of `step`: the count of steps is seen at 14 significant digits, rounded
/// by `mode`, and multiplied out with one rounding. A count with more digits than that goes to the
/// nearest whole one, and one from 2^53 on leaves `x` as it is. NaN for a step that is not above zero and finite.
pub fn round_to_multiple(x: f64, step: Step, mode: RoundingMode) -> f64 {
    let Step { numerator, denominator } = step;
    let positive = |part: f64| part.is_finite() && part > 0.0;
    if !positive(numerator) || !positive(denominator) {
        return f64::NAN;
    }
    let count = if denominator == 1.0 { x / numerator } else { x * denominator / numerator };
    if !x.is_finite() || count.abs() >= FIRST_NOT_COUNTED || count.is_nan() {
        // The double cannot be told from a whole multiple.
        return x + 0.0;
    }
    times_step(whole(count, mode), step)
}

/// [`round_to_multiple`] toward −∞.
pub fn floor_to_multiple(x: f64, step: Step) -> f64 {
    round_to_multiple(x, step, RoundingMode::Down)
}

/// [`round_to_multiple`] toward +∞.
pub fn ceil_to_multiple(x: f64, step: Step) -> f64 {
    round_to_multiple(x, step, RoundingMode::Up)
}

/// The count of steps, seen at 14 digits, as a whole number.
fn whole(count: f64, mode: RoundingMode) -> f64 {
    if count.abs() >= FIRST_BEYOND_DIGITS / 10.0 {
        return count.round_ties_even();
    }
    let doubled = count * 2.0;
    let near_a_border = (doubled - doubled.round()).abs() <= CLEARLY_APART * doubled.abs();
    // Away from whole and half counts the fourteenth digit decides nothing.
    let seen = if near_a_border { round_significant(count) } else { count };
    match mode {
        RoundingMode::HalfAwayFromZero => seen.round(),
        RoundingMode::Down => seen.floor(),
        RoundingMode::Up => seen.ceil(),
        RoundingMode::HalfEven => seen.round_ties_even(),
    }
}

/// `count · step`, rounded once; zero is never negative.
fn times_step(count: f64, step: Step) -> f64 {
    let product = count * step.numerator;
    let is_exact = step.numerator == step.numerator.trunc() && product.abs() < FIRST_NOT_COUNTED;
    if is_exact || step.denominator == 1.0 {
        return product / step.denominator + 0.0;
    }
    let mut exact = ExactSum::new();
    exact.add_product(count, step.numerator);
    let mut divisor = ExactSum::new();
    divisor.add(step.denominator);
    exact.quotient(&divisor).unwrap_or(f64::NAN)
}
