//! 日期运算 What is computed with days: the days between two, and the day so far from another. Both
//! evaluators use these, so that they agree.

use crate::significant::{self, RoundingMode, Step};
use tanliu_unit::time::TimeKey;

/// Days and months are counted in whole numbers no larger than this.
const STEPS_MAX: f64 = 4_000_000.0;

/// 日期运算
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOperation {
    /// `a - b`: how many days `a` is after `b`.
    DaysBetween,
    /// `a + n`: n days after.
    DaysLater,
    /// `a - n`: n days before.
    DaysEarlier,
    /// `add_months(a, n)`: the same day n months on, at most the last one of that month.
    MonthsLater,
}

/// 日期错误 Why there is no such day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// The days or months are no whole number.
    NotWhole,
    /// The day is before the year 0 or after the year 9999.
    OutOfRange,
}

impl DateOperation {
    /// The days from `from` to `to`.
    pub fn between(to: TimeKey, from: TimeKey) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "days of ten thousand years")]
        let days = to.ordinal.saturating_sub(from.ordinal) as f64;
        days
    }

    /// The day `steps` (days or months) from `day`.
    ///
    /// # Errors
    /// [`DateFault`] where `steps` is no whole number (as seen at 14 digits) or leads out of the
    /// years 0 to 9999.
    pub fn moved(self, day: TimeKey, steps: f64) -> Result<TimeKey, DateFault> {
        let whole =
            significant::round_to_multiple(steps, Step::ONE, RoundingMode::HalfAwayFromZero);
        if significant::compare(whole, steps).is_ne() {
            return Err(DateFault::NotWhole);
        }
        if whole.abs() > STEPS_MAX {
            return Err(DateFault::OutOfRange);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a whole number of some millions")]
        let count = whole as i64;
        let moved = match self {
            Self::DaysLater => day.step(count),
            Self::DaysEarlier => day.step(-count),
            Self::MonthsLater => day.plus_months(count),
            Self::DaysBetween => day,
        };
        let (year, ..) = moved.civil();
        if (0..=9999).contains(&year) { Ok(moved) } else { Err(DateFault::OutOfRange) }
    }
}
