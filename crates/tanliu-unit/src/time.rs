//! 时间键 Time keys of a declared grain, as local time without a clock or a time zone database.
//!
//! The calendar is the proleptic Gregorian one, computed here; texts name years 0000–9999 only.

mod calendar;
mod form;
#[cfg(test)]
mod tests;

use std::fmt;

use calendar::{civil_of_day, day_of_civil};

const SECONDS_PER_DAY: i64 = 86_400;
const HOURS_PER_DAY: i64 = 24;
const SECONDS_PER_HOUR: i64 = 3_600;
const MONTHS_PER_YEAR: i64 = 12;
const QUARTERS_PER_YEAR: i64 = 4;
const MONTHS_PER_QUARTER: i64 = 3;

/// 粒度 The grain of a time index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// 年
    Year,
    /// 季
    Quarter,
    /// 月
    Month,
    /// 日
    Day,
    /// 时
    Hour,
    /// 时刻: to the second
    Instant,
}

/// 时间键 A period of a grain: its ordinal counts years, quarters, months, days, hours or seconds
/// from 0000-01-01 (proleptic Gregorian), so that a calendar step is 1 (for `Instant`: a second).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeKey {
    /// The grain.
    pub grain: Grain,
    /// The ordinal in that grain.
    pub ordinal: i64,
}

/// The grain's word in the language: `year`, `quarter`, `month`, `day`, `hour`, `instant`.
impl Grain {
    /// All grains, the coarsest first.
    pub const ALL: [Grain; 6] =
        [Grain::Year, Grain::Quarter, Grain::Month, Grain::Day, Grain::Hour, Grain::Instant];

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Grain> {
        Self::ALL.into_iter().find(|grain| grain.word() == word)
    }
    /// Writes the word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Instant => "instant",
        }
    }
    /// How a key of this grain is written, for messages: `2024-01-31`.
    pub fn example(self) -> &'static str {
        match self {
            Self::Year => "2024",
            Self::Quarter => "2024-Q1",
            Self::Month => "2024-01",
            Self::Day => "2024-01-31",
            Self::Hour => "2024-01-31T13",
            Self::Instant => "2024-01-31 13:15",
        }
    }

    /// 中文
    pub fn word_zh(self) -> &'static str {
        match self {
            Self::Year => "年",
            Self::Quarter => "季",
            Self::Month => "月",
            Self::Day => "日",
            Self::Hour => "时",
            Self::Instant => "时刻",
        }
    }
}

impl TimeKey {
    /// Reads `2016`, `2024-Q1`, `2024-01`, `2024-01-31`, `2024-01-31T13`, `2024-01-31 13:15[:00]`
    /// (also with `T`); the grain follows from the form. `24:00` is 00:00 of the next day.
    /// Impossible dates are refused.
    pub fn parse(text: &str) -> Option<TimeKey> {
        form::read(text, form::Style::Strict)
    }
    /// Reads a text as a key of a given grain: as [`TimeKey::parse`], where the form is of that
    /// grain, or finer and exactly at the beginning of such a period (`2024-01-01` for a year is
    /// *not* taken; `2024-01-31 13:00` for an hour is; `2024-01-31` for an instant is midnight).
    /// `2024/1/31`, `2024-1-5` and `2024年1月31日`, `2024年1月`, `2024年` are read too; `202401` is not.
    ///
    /// Blanks around it and full-width digits are forgiven. A date also stands for the first hour
    /// of its day, because spreadsheets show midnight so; no finer form ever stands for a year.
    pub fn parse_as(text: &str, grain: Grain) -> Option<TimeKey> {
        let key = form::read_loosely(text)?;
        if key.grain == grain {
            return Some(key);
        }
        if key.grain < grain {
            let stands_for_its_beginning =
                key.grain >= Grain::Day && matches!(grain, Grain::Hour | Grain::Instant);
            return stands_for_its_beginning.then(|| key.beginning_in(grain));
        }
        if grain == Grain::Year {
            return None;
        }
        let period = key.coarsen(grain, false);
        (period.beginning_in(key.grain) == key).then_some(period)
    }
    /// The period of the coarser (or equal) `grain` it lies in; with `ends` the key stamps the end
    /// of its interval, so midnight belongs to the day before.
    ///
    /// `ends` moves hours and instants only: a day or longer is named by itself, not by a stamp.
    /// Of a finer `grain` than its own it gives the first period.
    #[must_use]
    pub fn coarsen(self, grain: Grain, ends: bool) -> TimeKey {
        if grain >= self.grain {
            return self.beginning_in(grain);
        }
        let stamped = if ends && self.grain >= Grain::Hour { self.step(-1) } else { self };
        if stamped.grain == Grain::Instant && grain == Grain::Hour {
            return TimeKey { grain, ordinal: stamped.ordinal.div_euclid(SECONDS_PER_HOUR) };
        }
        let ordinal = match grain {
            Grain::Day => stamped.day_ordinal(),
            Grain::Month => stamped.month_ordinal(),
            Grain::Quarter => stamped.month_ordinal().div_euclid(MONTHS_PER_QUARTER),
            Grain::Year => stamped.month_ordinal().div_euclid(MONTHS_PER_YEAR),
            Grain::Hour | Grain::Instant => stamped.ordinal,
        };
        TimeKey { grain, ordinal }
    }
    /// The key `steps` calendar steps on (negative: back).
    #[must_use]
    pub fn step(self, steps: i64) -> TimeKey {
        TimeKey { grain: self.grain, ordinal: self.ordinal.saturating_add(steps) }
    }
    /// The same day of the month that many months on (negative: back), or the last day of a month
    /// that is too short for it: a month after 31 January is the end of February.
    #[must_use]
    pub fn plus_months(self, months: i64) -> TimeKey {
        let (own, there) = (self.coarsen(Grain::Month, false), self.first_day());
        let month = own.step(months);
        let day = there.ordinal - own.first_day().ordinal;
        let ordinal = month.first_day().ordinal.saturating_add(day);
        TimeKey { grain: Grain::Day, ordinal: ordinal.min(month.last_day().ordinal) }
    }
    /// The day on which it begins.
    #[must_use]
    pub fn first_day(self) -> TimeKey {
        TimeKey { grain: Grain::Day, ordinal: self.day_ordinal() }
    }
    /// The day on which it ends.
    #[must_use]
    pub fn last_day(self) -> TimeKey {
        if self.grain >= Grain::Day { self.first_day() } else { self.step(1).first_day().step(-1) }
    }
    /// Year, month 1–12, day 1–31, hour, minute, second at which it begins.
    pub fn civil(self) -> (i64, u32, u32, u32, u32, u32) {
        let (year, month, day) = civil_of_day(self.day_ordinal());
        let second = match self.grain {
            Grain::Hour => self.ordinal.rem_euclid(HOURS_PER_DAY) * SECONDS_PER_HOUR,
            Grain::Instant => self.ordinal.rem_euclid(SECONDS_PER_DAY),
            _ => 0,
        };
        let part = |value: i64| u32::try_from(value).unwrap_or(0);
        let hour = part(second / SECONDS_PER_HOUR);
        (year, month, day, hour, part(second / 60 % 60), part(second % 60))
    }
    /// 1 = Monday … 7 = Sunday, of the day on which it begins.
    pub fn weekday(self) -> u32 {
        // 0000-01-01 is a Saturday.
        const FIRST_WEEKDAY: i64 = 5;
        let since_monday = (self.day_ordinal().rem_euclid(7) + FIRST_WEEKDAY) % 7;
        u32::try_from(since_monday + 1).unwrap_or(1)
    }

    /// The first period of a finer (or equal) grain in it.
    fn beginning_in(self, grain: Grain) -> TimeKey {
        if grain <= self.grain {
            return self;
        }
        let ordinal = match (self.grain, grain) {
            (_, Grain::Day) => self.day_ordinal(),
            (Grain::Hour, _) => self.ordinal.saturating_mul(SECONDS_PER_HOUR),
            (_, Grain::Hour) => self.day_ordinal().saturating_mul(HOURS_PER_DAY),
            (_, Grain::Instant) => self.day_ordinal().saturating_mul(SECONDS_PER_DAY),
            (Grain::Year, Grain::Quarter) => self.ordinal.saturating_mul(QUARTERS_PER_YEAR),
            _ => self.month_ordinal(),
        };
        TimeKey { grain, ordinal }
    }

    /// The day on which it begins, counted from 0000-01-01.
    fn day_ordinal(self) -> i64 {
        match self.grain {
            Grain::Year | Grain::Quarter | Grain::Month => {
                let months = self.month_ordinal();
                let month = u32::try_from(months.rem_euclid(MONTHS_PER_YEAR)).unwrap_or(0) + 1;
                day_of_civil(months.div_euclid(MONTHS_PER_YEAR), month, 1)
            }
            Grain::Day => self.ordinal,
            Grain::Hour => self.ordinal.div_euclid(HOURS_PER_DAY),
            Grain::Instant => self.ordinal.div_euclid(SECONDS_PER_DAY),
        }
    }

    /// The month in which it begins, counted from 0000-01.
    fn month_ordinal(self) -> i64 {
        match self.grain {
            Grain::Year => self.ordinal.saturating_mul(MONTHS_PER_YEAR),
            Grain::Quarter => self.ordinal.saturating_mul(MONTHS_PER_QUARTER),
            Grain::Month => self.ordinal,
            Grain::Day | Grain::Hour | Grain::Instant => {
                let (year, month, _) = civil_of_day(self.day_ordinal());
                year * MONTHS_PER_YEAR + i64::from(month) - 1
            }
        }
    }
}

/// `2016`, `2024-Q1`, `2024-01`, `2024-01-31`, `2024-01-31T13`, `2024-01-31 13:15` (`:SS` if not 0).
impl fmt::Display for TimeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day, hour, minute, second) = self.civil();
        match self.grain {
            Grain::Year => write!(f, "{year:04}"),
            Grain::Quarter => write!(f, "{year:04}-Q{}", (month - 1) / 3 + 1),
            Grain::Month => write!(f, "{year:04}-{month:02}"),
            Grain::Day => write!(f, "{year:04}-{month:02}-{day:02}"),
            Grain::Hour => write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}"),
            Grain::Instant => {
                write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")?;
                if second == 0 { Ok(()) } else { write!(f, ":{second:02}") }
            }
        }
    }
}
