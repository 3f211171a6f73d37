//! 舍入 From whole numbers of any size to the nearest double, ties to even, once.
//!
//! Digits are of base 2^32, the lowest first; a number is `digits · 2^exponent`.

use num_bigint::BigUint;
use num_integer::Integer;

const DIGIT_BITS: i64 = 32;
/// The bits of a double's mantissa.
const MANTISSA_BITS: i64 = 53;
/// The power of two of the smallest double.
const LEAST_EXPONENT: i64 = -1074;
/// The power of two of the last bit of the largest double.
const LARGEST_LAST_BIT: i64 = 971;
/// So many bits of a quotient decide its rounding, with whether anything is left.
const QUOTIENT_BITS: u64 = 66;

/// The nearest double; `inexact` says that something below the last digit was cut off.
/// Infinite beyond the largest double.
pub(super) fn round_digits(digits: &[u32], exponent: i64, inexact: bool) -> f64 {
    let zeros = digits.iter().rev().take_while(|digit| **digit == 0).count();
    let significant = digits.get(..digits.len() - zeros).unwrap_or(&[]);
    let cut = significant.len().saturating_sub(3);
    let (lower, upper) = significant.split_at_checked(cut).unwrap_or((&[], significant));
    let head =
        upper.iter().rev().fold(0u128, |head, digit| head << DIGIT_BITS | u128::from(*digit));
    if head == 0 {
        return 0.0;
    }
    let inexact = inexact || lower.iter().any(|digit| *digit != 0);
    let head_exponent = exponent + DIGIT_BITS * i64::try_from(cut).unwrap_or(i64::MAX / 64);
    round_head(head, head_exponent, inexact)
}

/// The nearest double to `head · 2^exponent`, where `head` is not zero.
fn round_head(head: u128, exponent: i64, inexact: bool) -> f64 {
    let bits = 128 - i64::from(head.leading_zeros());
    let last_bit = (exponent + bits - MANTISSA_BITS).max(LEAST_EXPONENT);
    if last_bit > LARGEST_LAST_BIT {
        return f64::INFINITY;
    }
    let dropped = last_bit - exponent;
    let mantissa = match u32::try_from(dropped) {
        Err(_) => head << (-dropped).min(127),
        Ok(0) => head,
        Ok(1..128) => {
            let half = 1u128 << (dropped - 1);
            let rest = head & (half | (half - 1));
            let mantissa = head >> dropped;
            let odd = mantissa & 1 == 1;
            let up = rest > half || (rest == half && (inexact || odd));
            mantissa + u128::from(up)
        }
        Ok(_) => 0,
    };
    // A mantissa of 53 bits carries its leading bit into the exponent field, and one that was
    // rounded up to 54 bits carries on: both come out right by plain addition.
    let field = u64::try_from(last_bit - LEAST_EXPONENT).unwrap_or(0) << (MANTISSA_BITS - 1);
    f64::from_bits(field + u64::try_from(mantissa).unwrap_or(0))
}

/// `digits · 2^exponent / count`, rounded once. `count` is not zero.
pub(super) fn divide_digits(digits: &[u32], exponent: i64, count: u64) -> f64 {
    // Four digits behind the point leave at least 65 bits of quotient, whatever the count.
    const DIGITS_BEHIND: usize = 4;
    let mut rest = 0u128;
    let mut quotient: Vec<u32> = std::iter::repeat_n(&0, DIGITS_BEHIND)
        .chain(digits)
        .rev()
        .map(|digit| {
            let dividend = rest << DIGIT_BITS | u128::from(*digit);
            // Most counts are small, and division in 64 bits is several times faster.
            let (quotient, left) = match (u64::try_from(dividend), u128::from(count)) {
                (Ok(small), _) => (u128::from(small / count), u128::from(small % count)),
                (Err(_), count) => (dividend / count, dividend % count),
            };
            rest = left;
            u32::try_from(quotient).unwrap_or(0)
        })
        .collect();
    quotient.reverse();
    round_digits(&quotient, exponent - DIGIT_BITS * 4, rest != 0)
}

/// `numerator / denominator · 2^exponent`, rounded once. The denominator is not zero.
pub(super) fn round_quotient(numerator: &BigUint, denominator: &BigUint, exponent: i64) -> f64 {
    let (digits, exponent, inexact) = quotient_digits(numerator, denominator, exponent);
    round_digits(&digits, exponent, inexact)
}

/// The square root of `numerator / denominator · 2^exponent`, which is rounded once before.
/// Neither a huge nor a tiny quotient leaves the range of doubles on the way.
pub(super) fn root_of_quotient(numerator: &BigUint, denominator: &BigUint, exponent: i64) -> f64 {
    let (digits, exponent, inexact) = quotient_digits(numerator, denominator, exponent);
    let magnitude = exponent + DIGIT_BITS * i64::try_from(digits.len()).unwrap_or(0);
    let half = magnitude.div_euclid(2);
    let quotient = round_digits(&digits, exponent - 2 * half, inexact);
    libm::scalbn(libm::sqrt(quotient), i32::try_from(half).unwrap_or(0))
}

fn quotient_digits(
    numerator: &BigUint,
    denominator: &BigUint,
    exponent: i64,
) -> (Vec<u32>, i64, bool) {
    let raise = (QUOTIENT_BITS + denominator.bits()).saturating_sub(numerator.bits());
    let (quotient, rest) = (numerator << raise).div_rem(denominator);
    let inexact = rest != BigUint::default();
    (quotient.to_u32_digits(), exponent - i64::try_from(raise).unwrap_or(i64::MAX / 4), inexact)
}
