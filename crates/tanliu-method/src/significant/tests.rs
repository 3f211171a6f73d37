#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::RoundingMode::{Down, HalfAwayFromZero, HalfEven, Up};
use super::*;
use proptest::prelude::*;

const TENTH: Step = Step { numerator: 1.0, denominator: 10.0 };
const HUNDREDTH: Step = Step { numerator: 1.0, denominator: 100.0 };

#[test]
fn fourteen_digits() {
    assert_eq!(round_significant(0.7 + 0.2), 0.9);
    assert_eq!(round_significant(0.1 * 3.0), 0.3);
    assert_eq!(round_significant(-1.0 / 3.0), -0.33333333333333);
    assert_eq!(round_significant(12345.0), 12345.0);
    assert_eq!(round_significant(123_456_789_012_345.6), 1.2345678901235e14);
    assert_eq!(round_significant(5e-324), 5e-324);
    assert_eq!(round_significant(f64::MAX), 1.7976931348623e308);
    assert_eq!(round_significant(-0.0).to_bits(), 0);
    assert!(round_significant(f64::NAN).is_nan());
    assert_eq!(round_significant(f64::NEG_INFINITY), f64::NEG_INFINITY);
}

#[test]
fn comparisons() {
    assert_eq!(compare(0.7 + 0.2, 0.9), Ordering::Equal);
    assert_eq!(compare(0.1 + 0.2, 0.3), Ordering::Equal);
    assert_eq!(compare(1.0, 1.0 + 1e-15), Ordering::Equal);
    assert_eq!(compare(1.0, 1.0 + 1e-13), Ordering::Less);
    assert_eq!(compare(-1.0, -1.0 - 1e-13), Ordering::Greater);
    assert_eq!(compare(0.0, -0.0), Ordering::Equal);
    assert_eq!(compare(0.0, 5e-324), Ordering::Less);
    assert_eq!(compare(1e-320, -1e-320), Ordering::Greater);
    assert_eq!(compare(f64::MAX, f64::MIN), Ordering::Greater);
    assert_eq!(compare(1e308, f64::INFINITY), Ordering::Less);
}

#[test]
fn multiples() {
    let round = |x, step| round_to_multiple(x, step, HalfAwayFromZero);
    assert_eq!(round(0.1 + 0.2, TENTH), 0.3);
    assert_eq!(round(2.5, Step::ONE), 3.0);
    assert_eq!(round_to_multiple(2.5, Step::ONE, HalfEven), 2.0);
    assert_eq!(round_to_multiple(3.5, Step::ONE, HalfEven), 4.0);
    assert_eq!(round(-2.5, Step::ONE), -3.0);
    assert_eq!(round_to_multiple(-0.5, Step::ONE, Down), -1.0);
    assert_eq!(round_to_multiple(-0.5, Step::ONE, Up).to_bits(), 0);
    assert_eq!(round(1.005, HUNDREDTH), 1.01);
    assert_eq!(round_to_multiple(1.005, HUNDREDTH, HalfEven), 1.0);
    assert_eq!(round_to_multiple(0.7 + 0.2, TENTH, Down), 0.9);
    assert_eq!(round_to_multiple(0.1 * 3.0, TENTH, Up), 0.3);
    assert_eq!(floor_to_multiple(2.99, Step::ONE), 2.0);
    assert_eq!(ceil_to_multiple(2.01, Step::ONE), 3.0);
    assert_eq!(round(1234.0, Step::new(50.0, 1.0)), 1250.0);
    assert_eq!(round(0.4, Step::new(1.0, 3.0)), 1.0 / 3.0);
    assert!(round(1.0, Step::new(0.0, 1.0)).is_nan());
    assert!(round(1.0, Step::new(-1.0, 1.0)).is_nan());
}

#[test]
fn huge_and_tiny() {
    let round = |x, step| round_to_multiple(x, step, HalfAwayFromZero);
    assert_eq!(round(1e308, TENTH), 1e308);
    assert_eq!(round(f64::MAX, Step::ONE), f64::MAX);
    assert_eq!(round(123_456_789_012_345.6, Step::ONE), 123_456_789_012_346.0);
    assert_eq!(round(123_456_789_012_345_680.0, Step::ONE), 123_456_789_012_345_680.0);
    assert_eq!(round_to_multiple(5e-324, Step::ONE, Up), 1.0);
    assert_eq!(round_to_multiple(5e-324, HUNDREDTH, Down), 0.0);
}

proptest! {
    #[test]
    fn rounding_keeps_the_order(a in -1e9f64..1e9, b in -1e9f64..1e9, step in 0usize..4) {
        let step = [Step::ONE, TENTH, HUNDREDTH, Step::new(25.0, 1.0)][step];
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        for mode in [HalfAwayFromZero, Down, Up, HalfEven] {
            let (low, high) = (round_to_multiple(low, step, mode), round_to_multiple(high, step, mode));
            prop_assert!(low <= high);
            // What is rounded is seen as a whole multiple, whatever the mode.
            for other in [HalfAwayFromZero, Down, Up, HalfEven] {
                prop_assert_eq!(round_to_multiple(low, step, other), low);
            }
        }
        prop_assert!(floor_to_multiple(low, step) <= ceil_to_multiple(low, step));
    }

    #[test]
    fn comparing_is_an_order(a in -1e3f64..1e3, ulps in -400i64..400) {
        let b = f64::from_bits(a.to_bits().wrapping_add_signed(ulps));
        let slow = round_significant(a).total_cmp(&round_significant(b));
        prop_assert_eq!(compare(a, b), slow);
        prop_assert_eq!(compare(b, a), slow.reverse());
    }

    #[test]
    fn comparing_far_numbers_is_comparing_them_rounded(a: f64, b: f64) {
        prop_assume!(a.is_finite() && b.is_finite());
        prop_assert_eq!(compare(a, b), round_significant(a).total_cmp(&round_significant(b)));
    }

    #[test]
    fn decimals_survive(whole in -9_999_999_999i64..9_999_999_999, power in 0i32..4) {
        let denominator = libm::pow(10.0, f64::from(power));
        let x = whole as f64 / denominator;
        prop_assert_eq!(round_to_multiple(x, Step::new(1.0, denominator), Up), x);
        prop_assert_eq!(round_significant(x), x);
    }
}
