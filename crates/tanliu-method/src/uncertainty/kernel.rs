//! 核 The functions of one and two numbers, their derivatives, and the same over slices of draws.
//!
//! What has no value is not a number, and stays so: a division by zero, a root of a negative or a
//! number outside its range must not come back as a plausible figure further on.

use super::tape::{Double, Single};
use crate::significant;

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}

fn truth(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// A function of one number.
pub(super) fn single(function: Single, x: f64) -> f64 {
    match function {
        Single::Affine { scale, offset } => x * scale + offset,
        Single::Abs => x.abs(),
        Single::Exp => finite(libm::exp(x)),
        Single::Ln => finite(libm::log(x)),
        Single::Log10 => finite(libm::log10(x)),
        Single::Sqrt => libm::sqrt(x),
        Single::Not => 1.0 - x,
        Single::InRange { low, high } => {
            let inside =
                significant::compare(x, low).is_ge() && significant::compare(x, high).is_le();
            if inside { x } else { f64::NAN }
        }
        Single::Round(step, mode) => match x.is_nan() {
            true => x,
            false => significant::round_to_multiple(x, step, mode),
        },
    }
}

/// Its derivative.
pub(super) fn slope(function: Single, x: f64) -> f64 {
    match function {
        Single::Affine { scale, .. } => scale,
        Single::Abs => {
            if x < 0.0 {
                -1.0
            } else {
                1.0
            }
        }
        Single::Exp => libm::exp(x),
        Single::Ln => 1.0 / x,
        Single::Log10 => std::f64::consts::LOG10_E / x,
        Single::Sqrt => 0.5 / libm::sqrt(x),
        // A truth value does not move a little.
        Single::Not => 0.0,
        Single::InRange { .. } | Single::Round(..) => 1.0,
    }
}

/// A function of two numbers.
pub(super) fn double(function: Double, x: f64, y: f64) -> f64 {
    match function {
        Double::Add => x + y,
        Double::Subtract => x - y,
        Double::Multiply => x * y,
        Double::Divide => divide(x, y),
        Double::Power => finite(libm::pow(x, y)),
        Double::Min => least(x, y),
        Double::Max => -least(-x, -y),
        Double::Discount => x * (1.0 - adjustment(y)),
        Double::Inflate => x * (1.0 + adjustment(y)),
        Double::Compare(operator) => match x.is_nan() || y.is_nan() {
            true => f64::NAN,
            false => truth(operator.holds(significant::compare(x, y))),
        },
        Double::And => {
            if x == 0.0 {
                0.0
            } else {
                x * y
            }
        }
        Double::Or => {
            if x == 1.0 {
                1.0
            } else {
                x + y
            }
        }
    }
}

fn divide(x: f64, y: f64) -> f64 {
    if y == 0.0 || y.is_infinite() { f64::NAN } else { x / y }
}

/// The smaller; nothing if either is not a number.
pub(super) fn least(x: f64, y: f64) -> f64 {
    match x.is_nan() || y.is_nan() {
        true => f64::NAN,
        false => x.min(y),
    }
}

fn adjustment(by: f64) -> f64 {
    if (0.0..1.0).contains(&by) { by } else { f64::NAN }
}

/// Its derivatives by both.
pub(super) fn slopes(function: Double, x: f64, y: f64) -> (f64, f64) {
    match function {
        Double::Add => (1.0, 1.0),
        Double::Subtract => (1.0, -1.0),
        Double::Multiply => (y, x),
        Double::Divide => (1.0 / y, -x / (y * y)),
        Double::Power => power_slopes(x, y),
        // The branch taken; of equals the first, as the interpreter picks.
        Double::Min => {
            if x <= y {
                (1.0, 0.0)
            } else {
                (0.0, 1.0)
            }
        }
        Double::Max => {
            if x >= y {
                (1.0, 0.0)
            } else {
                (0.0, 1.0)
            }
        }
        Double::Discount => (1.0 - y, -x),
        Double::Inflate => (1.0 + y, x),
        Double::Compare(_) | Double::And | Double::Or => (0.0, 0.0),
    }
}

fn power_slopes(x: f64, y: f64) -> (f64, f64) {
    let by_base = match y == 0.0 {
        true => 0.0,
        false => y * libm::pow(x, y - 1.0),
    };
    let by_exponent = if x > 0.0 { libm::pow(x, y) * libm::log(x) } else { 0.0 };
    (by_base, by_exponent)
}

/// A function of one number over draws, in place.
pub(super) fn single_over(function: Single, values: &mut [f64]) {
    match function {
        Single::Affine { scale, offset } => {
            values.iter_mut().for_each(|x| *x = *x * scale + offset);
        }
        Single::Abs => values.iter_mut().for_each(|x| *x = x.abs()),
        Single::Sqrt => values.iter_mut().for_each(|x| *x = libm::sqrt(*x)),
        other => values.iter_mut().for_each(|x| *x = single(other, *x)),
    }
}

/// A function of draws and draws, into the first.
pub(super) fn double_over(function: Double, left: &mut [f64], right: &[f64]) {
    let pairs = left.iter_mut().zip(right);
    match function {
        Double::Add => pairs.for_each(|(x, y)| *x += y),
        Double::Subtract => pairs.for_each(|(x, y)| *x -= y),
        Double::Multiply => pairs.for_each(|(x, y)| *x *= y),
        Double::Divide => pairs.for_each(|(x, y)| *x = divide(*x, *y)),
        other => pairs.for_each(|(x, y)| *x = double(other, *x, *y)),
    }
}

/// A function of draws and one number, into the draws.
pub(super) fn double_fixed(function: Double, left: &mut [f64], y: f64) {
    match function {
        Double::Add => left.iter_mut().for_each(|x| *x += y),
        Double::Subtract => left.iter_mut().for_each(|x| *x -= y),
        Double::Multiply => left.iter_mut().for_each(|x| *x *= y),
        other => left.iter_mut().for_each(|x| *x = double(other, *x, y)),
    }
}

/// Adds draws, times a weight, to sums.
pub(super) fn add_times(sums: &mut [f64], weight: f64, values: &[f64]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
}

/// Adds draws to sums.
pub(super) fn add(sums: &mut [f64], values: &[f64]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}
