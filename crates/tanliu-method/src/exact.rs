//! 精确和 Sums, means and deviations of doubles without a rounding error until the very last one,
//! so that neither the order of the rows nor the number of threads can show in a figure.

mod block;
mod bytes;
mod rounding;
#[cfg(test)]
mod tests;

use num_bigint::{BigInt, BigUint, Sign};

use rounding::{divide_digits, root_of_quotient, round_digits, round_quotient};

const LIMB_BITS: i32 = 32;
const LIMB_MASK: i64 = 0xffff_ffff;
/// How many additions may pile up in the upper halves of the limbs before they are carried over.
const MOST_PENDING: u32 = 1 << 29;

/// 精确累加器 An exact sum of doubles and of products of doubles, independent of their order.
///
/// The sum is held in limbs of 32 bits, each in 64 bits, so that carries may wait. Only limbs that
/// some number touched exist: a sum of readings of one magnitude takes some 40 bytes on the heap.
/// A product is taken exactly, so nothing overflows or underflows before the one rounding.
///
/// Numbers that are not finite are remembered, and the result is what plain addition would give.
#[derive(Debug, Clone, Default)]
pub struct ExactSum {
    /// Limb `i` weighs `2^(32 · (lowest + i))`.
    limbs: Vec<i64>,
    lowest: i32,
    /// `|limb| < (pending + 1) · 2^32` for each limb.
    pending: u32,
    has_nan: bool,
    has_positive_infinity: bool,
    has_negative_infinity: bool,
}

impl ExactSum {
    /// The empty sum, zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a number.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return self.remember(value);
        }
        let (negative, mantissa, exponent) = parts(value);
        self.add_parts(negative, mantissa, exponent);
    }

    /// Adds a run of numbers. The same sum as adding them one by one, several times faster where
    /// they are of like magnitude.
    pub fn add_slice(&mut self, values: &[f64]) {
        for block in values.chunks(block::MOST) {
            match block::split_sum(block) {
                Some((high, low)) => {
                    self.add(high);
                    self.add(low);
                }
                None => block.iter().for_each(|value| self.add(*value)),
            }
        }
    }

    /// Adds `a · b`, not rounded.
    pub fn add_product(&mut self, a: f64, b: f64) {
        if !a.is_finite() || !b.is_finite() {
            return self.remember(a * b);
        }
        let (a_negative, a_mantissa, a_exponent) = parts(a);
        let (b_negative, b_mantissa, b_exponent) = parts(b);
        let product = u128::from(a_mantissa) * u128::from(b_mantissa);
        let negative = a_negative != b_negative;
        let exponent = a_exponent + b_exponent;
        let low = u64::try_from(product & u128::from(u64::MAX)).unwrap_or(0);
        let high = u64::try_from(product >> 64).unwrap_or(0);
        self.add_parts(negative, low, exponent);
        self.add_parts(negative, high, exponent + 64);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.has_nan |= other.has_nan;
        self.has_positive_infinity |= other.has_positive_infinity;
        self.has_negative_infinity |= other.has_negative_infinity;
        if other.limbs.is_empty() {
            return;
        }
        if other.pending > MOST_PENDING / 2 {
            let mut carried = other.clone();
            carried.carry();
            return self.merge(&carried);
        }
        if self.pending > MOST_PENDING / 2 {
            self.carry();
        }
        let (start, _) = self.window(other.lowest, other.limbs.len());
        for (limb, added) in self.limbs.iter_mut().skip(start).zip(&other.limbs) {
            *limb += added;
        }
        self.pending += other.pending + 1;
    }

    /// The sum, rounded once (ties to even); zero is never negative.
    pub fn to_f64(&self) -> f64 {
        if let Some(special) = self.special() {
            return special;
        }
        let (negative, digits) = self.digits();
        signed(negative, round_digits(&digits, self.lowest_exponent(), false))
    }

    /// Whether the sum is exactly zero.
    pub fn is_zero(&self) -> bool {
        self.special().is_none()
            && (self.limbs.iter().all(|limb| *limb == 0)
                || self.digits().1.iter().all(|digit| *digit == 0))
    }

    /// Makes it the empty sum again and keeps the room it took.
    pub fn clear(&mut self) {
        self.limbs.clear();
        self.pending = 0;
        self.has_nan = false;
        self.has_positive_infinity = false;
        self.has_negative_infinity = false;
    }

    /// The exact sum divided by a count, rounded once; nothing for a count of zero.
    pub fn divide_by(&self, count: u64) -> Option<f64> {
        if count == 0 {
            return None;
        }
        if let Some(special) = self.special() {
            return Some(special);
        }
        let (negative, digits) = self.digits();
        let magnitude = divide_digits(&digits, self.lowest_exponent(), count);
        Some(signed(negative, magnitude))
    }

    /// The quotient of two exact sums, rounded once; nothing if the divisor is zero.
    pub fn quotient(&self, divisor: &ExactSum) -> Option<f64> {
        if divisor.is_zero() {
            return None;
        }
        if self.special().is_some() || divisor.special().is_some() {
            return Some(self.to_f64() / divisor.to_f64() + 0.0);
        }
        let (negative, digits) = self.digits();
        let (divisor_negative, divisor_digits) = divisor.digits();
        let exponent = self.lowest_exponent() - divisor.lowest_exponent();
        let magnitude =
            round_quotient(&BigUint::new(digits), &BigUint::new(divisor_digits), exponent);
        Some(signed(negative != divisor_negative, magnitude))
    }

    /// What a number that is not finite has made of the sum.
    fn special(&self) -> Option<f64> {
        match (self.has_nan, self.has_positive_infinity, self.has_negative_infinity) {
            (false, false, false) => None,
            (false, true, false) => Some(f64::INFINITY),
            (false, false, true) => Some(f64::NEG_INFINITY),
            _ => Some(f64::NAN),
        }
    }

    fn remember(&mut self, value: f64) {
        self.has_nan |= value.is_nan();
        self.has_positive_infinity |= value == f64::INFINITY;
        self.has_negative_infinity |= value == f64::NEG_INFINITY;
    }

    /// Adds `±mantissa · 2^exponent`.
    fn add_parts(&mut self, negative: bool, mantissa: u64, exponent: i32) {
        if mantissa == 0 {
            return;
        }
        if self.pending >= MOST_PENDING {
            self.carry();
        }
        let lowest = exponent.div_euclid(LIMB_BITS);
        let shift = exponent.rem_euclid(LIMB_BITS);
        // Three pieces of 32 bits; the shift in two steps keeps each below 64.
        let low = (mantissa << shift) & 0xffff_ffff;
        let middle = (mantissa >> (LIMB_BITS - shift)) & 0xffff_ffff;
        let high = (mantissa >> LIMB_BITS) >> (LIMB_BITS - shift);
        let sign = if negative { -1 } else { 1 };
        let (start, _) = self.window(lowest, 3);
        if let Some([first, second, third]) = self.limbs.get_mut(start..start + 3) {
            *first += sign * low.cast_signed();
            *second += sign * middle.cast_signed();
            *third += sign * high.cast_signed();
        }
        self.pending += 1;
    }

    /// Makes sure that `count` limbs from the weight `lowest` on exist, and gives their range.
    #[inline]
    fn window(&mut self, lowest: i32, count: usize) -> (usize, usize) {
        if let Ok(start) = usize::try_from(lowest - self.lowest)
            && start + count <= self.limbs.len()
        {
            return (start, start + count);
        }
        self.widen(lowest, count)
    }

    #[cold]
    fn widen(&mut self, lowest: i32, count: usize) -> (usize, usize) {
        if self.limbs.is_empty() {
            self.lowest = lowest;
        }
        if let Ok(below @ 1..) = usize::try_from(self.lowest - lowest) {
            self.limbs.splice(0..0, std::iter::repeat_n(0, below));
            self.lowest = lowest;
        }
        let start = usize::try_from(lowest - self.lowest).unwrap_or(0);
        if self.limbs.len() < start + count {
            self.limbs.resize(start + count, 0);
        }
        (start, start + count)
    }

    /// Carries what piled up into the next limbs.
    fn carry(&mut self) {
        let Some((mut top, lower)) = self.limbs.split_last_mut().map(|(top, rest)| (*top, rest))
        else {
            return;
        };
        let mut carry = 0;
        for limb in lower {
            let sum = *limb + carry;
            *limb = sum & LIMB_MASK;
            carry = sum >> LIMB_BITS;
        }
        top += carry;
        self.limbs.pop();
        // The top limb keeps the sign, so that a negative sum does not grow for ever.
        while !(-LIMB_MASK..=LIMB_MASK).contains(&top) {
            self.limbs.push(top & LIMB_MASK);
            top >>= LIMB_BITS;
        }
        self.limbs.push(top);
        self.pending = 0;
    }

    fn lowest_exponent(&self) -> i64 {
        i64::from(self.lowest) * i64::from(LIMB_BITS)
    }

    /// The sign and the magnitude, the lowest digit (base 2^32) first.
    fn digits(&self) -> (bool, Vec<u32>) {
        let mut digits = Vec::with_capacity(self.limbs.len() + 5);
        let mut carry = 0;
        for limb in &self.limbs {
            let sum = limb + carry;
            digits.push(low_digit(sum));
            carry = sum >> LIMB_BITS;
        }
        while carry != 0 && carry != -1 {
            digits.push(low_digit(carry));
            carry >>= LIMB_BITS;
        }
        let negative = carry == -1;
        if negative {
            let mut increment = true;
            for digit in &mut digits {
                (*digit, increment) = (!*digit).overflowing_add(u32::from(increment));
            }
            digits.extend(increment.then_some(1));
        }
        (negative, digits)
    }

    /// The exact value as a whole number times a power of two.
    fn to_integer(&self) -> (BigInt, i64) {
        let (negative, digits) = self.digits();
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        (BigInt::from_biguint(sign, BigUint::new(digits)), self.lowest_exponent())
    }
}

impl Extend<f64> for ExactSum {
    fn extend<T: IntoIterator<Item = f64>>(&mut self, values: T) {
        for value in values {
            self.add(value);
        }
    }
}

impl FromIterator<f64> for ExactSum {
    fn from_iter<T: IntoIterator<Item = f64>>(values: T) -> Self {
        let mut sum = Self::new();
        sum.extend(values);
        sum
    }
}

/// 和 The sum of numbers, exact and rounded once; 0 for none.
pub fn sum_of(values: &[f64]) -> f64 {
    match values {
        [] => 0.0,
        [value] => value + 0.0,
        // One addition is rounded once by itself.
        [a, b] => a + b + 0.0,
        _ => exact_of(values).to_f64(),
    }
}

/// The exact sum of a run of numbers.
fn exact_of(values: &[f64]) -> ExactSum {
    let mut sum = ExactSum::new();
    sum.add_slice(values);
    sum
}

/// 平均值 The mean of numbers, exact and rounded once; nothing for none.
pub fn mean_of(values: &[f64]) -> Option<f64> {
    match values {
        [] => None,
        [value] => Some(value + 0.0),
        _ => {
            let count = u64::try_from(values.len()).ok()?;
            exact_of(values).divide_by(count)
        }
    }
}

/// 加权平均 `Σ value · weight / Σ weight`, exact and rounded once; nothing if the weights add up to
/// zero. Values and weights pair off; what is left over on either side is not looked at.
pub fn weighted_mean(values: &[f64], weights: &[f64]) -> Option<f64> {
    let mut products = ExactSum::new();
    let mut total = ExactSum::new();
    for (value, weight) in values.iter().zip(weights) {
        products.add_product(*value, *weight);
        total.add(*weight);
    }
    products.quotient(&total)
}

/// 样本标准差 The sample standard deviation (n − 1): the exact variance, rounded once, and its root.
/// Nothing for fewer than two numbers; NaN if one is not finite.
pub fn sample_deviation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let mut sum = ExactSum::new();
    let mut squares = ExactSum::new();
    for value in values {
        sum.add(*value);
        squares.add_product(*value, *value);
    }
    deviation_of(&sum, &squares, u64::try_from(values.len()).ok()?)
}

/// 样本标准差 The same from the exact sums of the numbers and of their squares.
pub fn deviation_of(sum: &ExactSum, squares: &ExactSum, count: u64) -> Option<f64> {
    if count < 2 {
        return None;
    }
    if sum.special().is_some() {
        return Some(f64::NAN);
    }
    // n · Σx² − (Σx)² over n · (n − 1), on one power of two.
    let count = BigInt::from(count);
    let (sum, sum_exponent) = sum.to_integer();
    let (squares, squares_exponent) = squares.to_integer();
    let exponent = squares_exponent.min(2 * sum_exponent);
    let raised = |number: BigInt, from: i64| number << u64::try_from(from - exponent).unwrap_or(0);
    let spread = raised(&count * squares, squares_exponent) - raised(&sum * &sum, 2 * sum_exponent);
    let pairs: BigInt = &count * (&count - 1u8);
    Some(root_of_quotient(spread.magnitude(), pairs.magnitude(), exponent))
}

/// The sign, the whole mantissa and its power of two, of a finite number.
fn parts(value: f64) -> (bool, u64, i32) {
    const FRACTION_BITS: u32 = 52;
    let bits = value.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    let biased = i32::try_from((bits >> FRACTION_BITS) & 0x7ff).unwrap_or(0);
    let mantissa = if biased == 0 { fraction } else { fraction | 1 << FRACTION_BITS };
    (value.is_sign_negative(), mantissa, biased.max(1) - 1075)
}

fn low_digit(limb: i64) -> u32 {
    u32::try_from(limb & LIMB_MASK).unwrap_or(0)
}

fn signed(negative: bool, magnitude: f64) -> f64 {
    if negative { -magnitude + 0.0 } else { magnitude }
}
