//! 分布 What a leaf may be: the declared distribution around the value of the central run.

use super::normal::{HALF_WIDTH_95, distribution, inverse};
use crate::ast::{CompareOp, Literal, LiteralValue, Uncertainty, UncertaintyShape};
use tanliu_unit::Unit;

/// Tails smaller than this no word of 32 bits can name: nothing is cut off.
const NEGLIGIBLE: f64 = 1.0 / 8_589_934_592.0;

/// 分布 The distribution of one leaf, in the unit of its variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Law {
    /// Normal around a centre.
    Normal { centre: f64, deviation: f64 },
    /// Normal, of which only what lies between two probabilities is drawn.
    Truncated { centre: f64, deviation: f64, low: f64, high: f64 },
    /// Uniform between two ends.
    Uniform { low: f64, high: f64 },
    /// Triangular.
    Triangular { low: f64, mode: f64, high: f64 },
    /// The exponential of a normal number.
    Lognormal { mean: f64, deviation: f64 },
}

impl Law {
    /// 标准差 The standard deviation; of a truncated normal that of the whole one, as Approach 1
    /// takes it.
    pub(super) fn deviation(&self) -> f64 {
        match *self {
            Self::Normal { deviation, .. } | Self::Truncated { deviation, .. } => deviation,
            Self::Uniform { low, high } => (high - low) / libm::sqrt(12.0),
            Self::Triangular { low, mode, high } => {
                let sum = low * low + mode * mode + high * high;
                let products = low * mode + low * high + mode * high;
                libm::sqrt(((sum - products) / 18.0).max(0.0))
            }
            Self::Lognormal { mean, deviation } => {
                let square = deviation * deviation;
                libm::sqrt(libm::expm1(square)) * libm::exp(mean + square / 2.0)
            }
        }
    }

    /// The value at a probability strictly between 0 and 1; the slow and exact way.
    pub(super) fn at(&self, probability: f64) -> f64 {
        match *self {
            Self::Normal { centre, deviation } => centre + deviation * inverse(probability),
            Self::Truncated { centre, deviation, low, high } => {
                centre + deviation * inverse(low + (high - low) * probability)
            }
            Self::Uniform { low, high } => low + (high - low) * probability,
            Self::Triangular { low, mode, high } => triangular(low, mode, high, probability),
            Self::Lognormal { mean, deviation } => {
                libm::exp(mean + deviation * inverse(probability))
            }
        }
    }

    /// Cuts a normal law off at the bounds of its variable, where that takes anything away.
    pub(super) fn within(self, bounds: &[(CompareOp, f64)]) -> Self {
        let Self::Normal { centre, deviation } = self else { return self };
        if deviation == 0.0 {
            return self;
        }
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        for (operator, bound) in bounds {
            let reached = distribution((bound - centre) / deviation);
            match operator {
                CompareOp::Greater | CompareOp::GreaterEqual => low = low.max(reached),
                CompareOp::Less | CompareOp::LessEqual => high = high.min(reached),
                CompareOp::Equal | CompareOp::NotEqual => {}
            }
        }
        match low < NEGLIGIBLE && high > 1.0 - NEGLIGIBLE || low >= high {
            true => self,
            false => Self::Truncated { centre, deviation, low, high },
        }
    }
}

/// The inverse of the triangular distribution function.
pub(super) fn triangular(low: f64, mode: f64, high: f64, probability: f64) -> f64 {
    let width = high - low;
    let left = (mode - low) * width;
    match probability * width < mode - low {
        true => low + libm::sqrt(probability * left),
        false => high - libm::sqrt((1.0 - probability) * (width * width - left)),
    }
}

/// 声明的不确定度 A declared uncertainty in the unit of its variable, fit to be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape {
    /// A share of the value: half of a 95 % interval.
    Relative(f64),
    /// Half of a 95 % interval.
    Absolute(f64),
    /// The same distribution whatever the value.
    Law(Law),
}

/// What makes a declared uncertainty unfit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// A half-width below zero.
    Negative,
    /// Ends that do not ascend.
    Order,
    /// A lognormal quantity is above zero.
    NotPositive,
    /// Figures that do not convert into the variable's unit.
    Unit,
}

impl Shape {
    /// Reads a declaration.
    pub(super) fn of(declared: &Uncertainty, unit: &Unit) -> Result<Self, Unfit> {
        let width = |width: f64| if width >= 0.0 { Ok(width) } else { Err(Unfit::Negative) };
        Ok(match &declared.shape {
            UncertaintyShape::Relative(half) => {
                Self::Relative(width(number(half, &Unit::one(), true)?)?)
            }
            UncertaintyShape::Absolute(half) => Self::Absolute(width(number(half, unit, true)?)?),
            UncertaintyShape::Uniform(low, high) => {
                let (low, high) = (number(low, unit, false)?, number(high, unit, false)?);
                if low > high {
                    return Err(Unfit::Order);
                }
                Self::Law(Law::Uniform { low, high })
            }
            UncertaintyShape::Triangular(low, mode, high) => {
                let (low, high) = (number(low, unit, false)?, number(high, unit, false)?);
                let mode = number(mode, unit, false)?;
                if !(low <= mode && mode <= high) {
                    return Err(Unfit::Order);
                }
                Self::Law(Law::Triangular { low, mode, high })
            }
            UncertaintyShape::Lognormal(low, high) => {
                let (low, high) = (number(low, unit, false)?, number(high, unit, false)?);
                if low <= 0.0 {
                    return Err(Unfit::NotPositive);
                }
                if low > high {
                    return Err(Unfit::Order);
                }
                let (low, high) = (libm::log(low), libm::log(high));
                let deviation = (high - low) / (2.0 * HALF_WIDTH_95);
                Self::Law(Law::Lognormal { mean: f64::midpoint(low, high), deviation })
            }
        })
    }

    /// The law of a value.
    pub(super) fn law(&self, centre: f64) -> Law {
        match *self {
            Self::Relative(half) => {
                Law::Normal { centre, deviation: centre.abs() * half / HALF_WIDTH_95 }
            }
            Self::Absolute(half) => Law::Normal { centre, deviation: half / HALF_WIDTH_95 },
            Self::Law(law) => law,
        }
    }
}

/// A figure in a unit; a width is converted without the offset between °C and K.
fn number(literal: &Literal, unit: &Unit, is_width: bool) -> Result<f64, Unfit> {
    match &literal.value {
        LiteralValue::Number { number, unit: None, .. } => Ok(*number),
        LiteralValue::Number { number, unit: Some(own), .. } => {
            let conversion = own.conversion_to(unit).ok_or(Unfit::Unit)?;
            let (numerator, denominator, _) = conversion.parts();
            Ok(match is_width {
                true => number * numerator / denominator,
                false => conversion.apply(*number),
            })
        }
        LiteralValue::Key(_) | LiteralValue::Bool(_) => Err(Unfit::Unit),
    }
}
