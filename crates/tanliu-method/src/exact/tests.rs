#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use num_rational::BigRational;
use num_traits::{FromPrimitive, Signed, Zero};
use proptest::prelude::*;
use xsum::{Xsum, XsumSmall};

/// Any finite double, of every magnitude.
fn anything() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |value| value.is_finite())
}

/// What readings look like, with much cancellation.
fn readings() -> impl Strategy<Value = f64> {
    prop_oneof![
        -1e6f64..1e6,
        (-1_000i64..1_000).prop_map(|whole| whole as f64 / 100.0),
        prop_oneof![Just(1e308), Just(-1e308), Just(1e16), Just(-1e16), Just(1.0), Just(-1.0)],
        prop_oneof![Just(5e-324), Just(-5e-324), Just(2.2250738585072014e-308), Just(0.0)],
    ]
}

fn numbers() -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![
        proptest::collection::vec(readings(), 0..40),
        proptest::collection::vec(anything(), 0..20),
    ]
}

fn exact(value: f64) -> BigRational {
    BigRational::from_f64(value).unwrap()
}

fn sum_exactly(values: &[f64]) -> BigRational {
    values.iter().map(|value| exact(*value)).sum()
}

/// Whether `rounded` is a nearest double to `value`: no neighbour is nearer, and on a tie it is
/// the even one.
fn is_nearest(rounded: f64, value: &BigRational) -> bool {
    if rounded.is_infinite() {
        // Half a last bit above the largest double is where rounding turns infinite.
        let limit = exact(f64::MAX) + exact(libm::pow(2.0, 970.0));
        return if rounded > 0.0 { *value >= limit } else { *value <= -limit };
    }
    let distance = (exact(rounded) - value).abs();
    [rounded.next_up(), rounded.next_down()].into_iter().filter(|n| n.is_finite()).all(
        |neighbour| {
            let other = (exact(neighbour) - value).abs();
            distance < other || (distance == other && rounded.to_bits() & 1 == 0)
        },
    )
}

fn bits(value: f64) -> u64 {
    value.to_bits()
}

#[test]
fn hard_sums() {
    assert_eq!(sum_of(&[1e308, 1e308, -1e308]), 1e308);
    assert_eq!(sum_of(&[1e16, 1.0, -1e16]), 1.0);
    assert_eq!(sum_of(&[1e308, 5e-324, -1e308]), 5e-324);
    assert_eq!(sum_of(&[0.1; 10]), 1.0);
    assert_eq!(sum_of(&[1.0, libm::pow(2.0, -53.0), libm::pow(2.0, -60.0)]), 1.0 + f64::EPSILON);
    assert_eq!(sum_of(&[1.0, libm::pow(2.0, -53.0), 0.0]), 1.0);
    assert_eq!(sum_of(&[f64::MAX, 1e291, 0.0]), f64::MAX);
    assert_eq!(sum_of(&[f64::MAX, 1e292, 0.0]), f64::INFINITY);
    assert_eq!(sum_of(&[5e-324, 5e-324, -1e-323]), 0.0);
}

#[test]
fn zero_is_never_negative() {
    for values in [&[][..], &[-0.0], &[-0.0, -0.0], &[-0.0, -0.0, -0.0], &[1.5, -1.0, -0.5]] {
        assert_eq!(bits(sum_of(values)), 0);
        assert!(values.iter().copied().collect::<ExactSum>().is_zero());
    }
    assert_eq!(mean_of(&[-0.0]).map(bits), Some(0));
    assert_eq!(ExactSum::new().divide_by(3).map(bits), Some(0));
    let negative: ExactSum = [-1.0, -5e-324].into_iter().collect();
    let huge: ExactSum = [f64::MAX].into_iter().collect();
    assert_eq!([-5e-324].into_iter().collect::<ExactSum>().quotient(&huge).map(bits), Some(0));
    assert_eq!(negative.to_f64(), -1.0);
}

#[test]
fn numbers_that_are_not_finite() {
    let sum = |values: &[f64]| values.iter().copied().collect::<ExactSum>();
    assert_eq!(sum(&[1.0, f64::INFINITY, 2.0]).to_f64(), f64::INFINITY);
    assert_eq!(sum(&[f64::NEG_INFINITY, 1e308]).to_f64(), f64::NEG_INFINITY);
    assert!(sum(&[f64::INFINITY, f64::NEG_INFINITY]).to_f64().is_nan());
    assert!(sum(&[1.0, f64::NAN]).divide_by(2).unwrap().is_nan());
    assert_eq!(sum(&[1.0]).quotient(&sum(&[f64::INFINITY])), Some(0.0));
    let mut product = ExactSum::new();
    product.add_product(0.0, f64::INFINITY);
    assert!(product.to_f64().is_nan() && !product.is_zero());
    product.clear();
    assert!(product.is_zero());
    let mut merged = sum(&[1.0]);
    merged.merge(&sum(&[f64::INFINITY]));
    assert_eq!(merged.to_f64(), f64::INFINITY);
    assert!(sample_deviation(&[1.0, f64::INFINITY]).unwrap().is_nan());
}

#[test]
fn products_of_every_magnitude_are_exact() {
    let mut sum = ExactSum::new();
    sum.add_product(1e300, 1e300);
    sum.add_product(3.0, 0.1);
    sum.add_product(-1e300, 1e300);
    sum.add_product(5e-324, 5e-324);
    assert_eq!(sum.to_f64(), libm::fma(3.0, 0.1, 1e-320));
    sum.add_product(-3.0, 0.1);
    assert!(!sum.is_zero());
    assert_eq!(sum.to_f64(), 0.0);
    sum.add_product(-5e-324, 5e-324);
    assert!(sum.is_zero());
}

#[test]
fn means_and_deviations() {
    assert_eq!(mean_of(&[]), None);
    assert_eq!(mean_of(&[3.0]), Some(3.0));
    assert_eq!(mean_of(&[1e308, 1.7e308]), Some(1.35e308));
    assert_eq!(mean_of(&[5e-324, 5e-324]), Some(5e-324));
    assert_eq!(mean_of(&[0.1, 0.2, 0.3, 0.4]), Some(0.25));
    assert_eq!(weighted_mean(&[1.0, 3.0], &[1.0, 3.0]), Some(2.5));
    assert_eq!(weighted_mean(&[1e200, 1e200], &[1e200, 1e200]), Some(1e200));
    assert_eq!(weighted_mean(&[1.0, 2.0], &[1.0, -1.0]), None);
    assert_eq!(weighted_mean(&[], &[]), None);
    assert_eq!(sample_deviation(&[1.0]), None);
    assert_eq!(sample_deviation(&[0.1; 7]), Some(0.0));
    assert_eq!(
        sample_deviation(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]),
        Some(libm::sqrt(32.0 / 7.0))
    );
    assert_eq!(sample_deviation(&[1e16, 1e16 + 2.0]), Some(libm::sqrt(2.0)));
    let wide = sample_deviation(&[-1e300, 1e300]).unwrap();
    assert!((wide / 1e300 - libm::sqrt(2.0)).abs() < 1e-15);
    let narrow = sample_deviation(&[-1e-300, 1e-300]).unwrap();
    assert!((narrow / 1e-300 - libm::sqrt(2.0)).abs() < 1e-15);
}

#[test]
fn a_sum_can_be_used_again() {
    let mut sum = ExactSum::new();
    for round in 1..100 {
        sum.clear();
        for _ in 0..round {
            sum.add(0.1 * f64::from(round));
            sum.add(-1e-5);
        }
        let fresh: ExactSum = (0..round).flat_map(|_| [0.1 * f64::from(round), -1e-5]).collect();
        assert_eq!(bits(sum.to_f64()), bits(fresh.to_f64()));
    }
}

#[test]
fn carries_never_overflow() {
    // Doubling by merging itself piles up as fast as can be: 2^60 times the number.
    let mut sum: ExactSum = [-0.1, 0.3e-7].into_iter().collect();
    let once = sum.to_f64();
    for _ in 0..60 {
        let copy = sum.clone();
        sum.merge(&copy);
    }
    assert_eq!(sum.to_f64(), once * libm::pow(2.0, 60.0));
}

proptest! {
    #[test]
    fn a_slice_is_its_numbers(
        values in proptest::collection::vec(prop_oneof![readings(), -1e6f64..1e6, Just(0.0)], 0..40),
        strange in numbers(),
        times in 1usize..300,
    ) {
        for list in [values.repeat(times), strange] {
            let mut slice = ExactSum::new();
            slice.add_slice(&list);
            let one_by_one: ExactSum = list.iter().copied().collect();
            prop_assert_eq!(bits(slice.to_f64()), bits(one_by_one.to_f64()));
        }
    }

    #[test]
    fn bytes_carry_a_sum(values in numbers(), more in numbers()) {
        let sum: ExactSum = values.iter().copied().collect();
        let mut read = ExactSum::from_bytes(&sum.to_bytes()).unwrap();
        prop_assert_eq!(bits(read.to_f64()), bits(sum.to_f64()));
        read.extend(more.iter().copied());
        let whole: ExactSum = values.iter().chain(&more).copied().collect();
        prop_assert_eq!(bits(read.to_f64()), bits(whole.to_f64()));
    }
}

proptest! {
    #[test]
    fn sums_are_rounded_once(values in numbers()) {
        let sum = sum_of(&values);
        prop_assert!(is_nearest(sum, &sum_exactly(&values)), "{sum:e}");
        prop_assert_eq!(
            bits(sum),
            bits(values.iter().copied().collect::<ExactSum>().to_f64())
        );
    }

    #[test]
    fn sums_agree_with_xsum(values in numbers()) {
        // xsum 0.1.6 rounds negative sums wrongly (even the one number -1.0000000000000002e-300
        // comes back as its neighbour), so it is asked for the positive one of the two.
        let sign = if sum_of(&values) < 0.0 { -1.0 } else { 1.0 };
        let turned: Vec<f64> = values.iter().map(|value| value * sign).collect();
        let mut other = XsumSmall::new();
        other.add_list(&turned);
        prop_assert_eq!(bits(sum_of(&turned)), bits(other.sum() + 0.0));
        prop_assert_eq!(sum_of(&turned), sum_of(&values) * sign);
    }

    #[test]
    fn order_does_not_matter(
        (values, shuffled) in numbers().prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle()))
    ) {
        let weights: Vec<f64> = values.iter().map(|value| value / 3.0).collect();
        let moved: Vec<f64> = shuffled.iter().map(|value| value / 3.0).collect();
        prop_assert_eq!(bits(sum_of(&values)), bits(sum_of(&shuffled)));
        prop_assert_eq!(mean_of(&values).map(bits), mean_of(&shuffled).map(bits));
        prop_assert_eq!(
            weighted_mean(&values, &weights).map(bits),
            weighted_mean(&shuffled, &moved).map(bits)
        );
        prop_assert_eq!(sample_deviation(&values).map(bits), sample_deviation(&shuffled).map(bits));
    }

    #[test]
    fn merging_is_summing_the_whole(values in numbers(), cut in 0usize..40) {
        let cut = cut.min(values.len());
        let mut left: ExactSum = values[..cut].iter().copied().collect();
        let right: ExactSum = values[cut..].iter().copied().collect();
        left.merge(&right);
        prop_assert_eq!(bits(left.to_f64()), bits(sum_of(&values)));
        prop_assert_eq!(left.is_zero(), sum_exactly(&values).is_zero());
    }

    #[test]
    fn means_are_rounded_once(values in numbers(), count in 1u64..) {
        prop_assume!(!values.is_empty());
        let length = BigRational::from_usize(values.len()).unwrap();
        let mean = mean_of(&values).unwrap();
        prop_assert!(is_nearest(mean, &(sum_exactly(&values) / length)), "{mean:e}");
        let sum: ExactSum = values.iter().copied().collect();
        let part = sum.divide_by(count).unwrap();
        let expected = sum_exactly(&values) / BigRational::from_u64(count).unwrap();
        prop_assert!(is_nearest(part, &expected), "{part:e}");
    }

    #[test]
    fn quotients_are_rounded_once(above in numbers(), below in numbers()) {
        let (numerator, denominator) = (sum_exactly(&above), sum_exactly(&below));
        let above: ExactSum = above.into_iter().collect();
        let below: ExactSum = below.into_iter().collect();
        match above.quotient(&below) {
            None => prop_assert!(denominator.is_zero()),
            Some(quotient) => prop_assert!(is_nearest(quotient, &(numerator / denominator))),
        }
    }

    #[test]
    fn products_are_rounded_once(pairs in proptest::collection::vec((anything(), anything()), 1..8)) {
        let mut sum = ExactSum::new();
        for (a, b) in &pairs {
            sum.add_product(*a, *b);
        }
        let expected: BigRational = pairs.iter().map(|(a, b)| exact(*a) * exact(*b)).sum();
        prop_assert!(is_nearest(sum.to_f64(), &expected));
    }

    #[test]
    fn variances_are_rounded_once(values in proptest::collection::vec(-1e6f64..1e6, 2..20)) {
        let count = BigRational::from_usize(values.len()).unwrap();
        let mean = sum_exactly(&values) / &count;
        let squares: BigRational =
            values.iter().map(|value| (exact(*value) - &mean).pow(2)).sum();
        let variance = squares / (count - BigRational::from_u8(1).unwrap());
        let deviation = sample_deviation(&values).unwrap();
        // One of the doubles around the square of the root is the variance rounded once.
        let square = deviation * deviation;
        let near = [square, square.next_up(), square.next_down()];
        let rounded = near.into_iter().find(|near| is_nearest(*near, &variance));
        prop_assert_eq!(rounded.map(|rounded| bits(libm::sqrt(rounded))), Some(bits(deviation)));
    }
}
