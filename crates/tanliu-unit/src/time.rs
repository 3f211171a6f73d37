//! 时间键 Time keys of a declared grain, as local time without a clock or a time zone database.

use std::fmt;

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
    /// Reads the word.
    pub fn parse(_word: &str) -> Option<Grain> {
        todo!()
    }
    /// Writes the word.
    pub fn word(self) -> &'static str {
        todo!()
    }
    /// 中文
    pub fn word_zh(self) -> &'static str {
        todo!()
    }
}

impl TimeKey {
    /// Reads `2016`, `2024-Q1`, `2024-01`, `2024-01-31`, `2024-01-31T13`, `2024-01-31 13:15[:00]`
    /// (also with `T`); the grain follows from the form. `24:00` is 00:00 of the next day.
    /// Impossible dates are refused.
    pub fn parse(_text: &str) -> Option<TimeKey> {
        todo!()
    }
    /// Reads a text as a key of a given grain: as [`TimeKey::parse`], where the form is of that
    /// grain, or finer and exactly at the beginning of such a period (`2024-01-01` for a year is
    /// *not* taken; `2024-01-31 13:00` for an hour is; `2024-01-31` for an instant is midnight).
    /// `2024/1/31`, `2024-1-5` and `2024年1月31日`, `2024年1月`, `2024年` are read too; `202401` is not.
    pub fn parse_as(_text: &str, _grain: Grain) -> Option<TimeKey> {
        todo!()
    }
    /// The period of the coarser (or equal) `grain` it lies in; with `ends` the key stamps the end
    /// of its interval, so midnight belongs to the day before.
    pub fn coarsen(self, _grain: Grain, _ends: bool) -> TimeKey {
        todo!()
    }
    /// The key `steps` calendar steps on (negative: back).
    #[must_use]
    pub fn step(self, steps: i64) -> TimeKey {
        TimeKey { grain: self.grain, ordinal: self.ordinal + steps }
    }
    /// The day on which it begins.
    pub fn first_day(self) -> TimeKey {
        todo!()
    }
    /// The day on which it ends.
    pub fn last_day(self) -> TimeKey {
        todo!()
    }
    /// Year, month 1–12, day 1–31, hour, minute, second at which it begins.
    pub fn civil(self) -> (i64, u32, u32, u32, u32, u32) {
        todo!()
    }
    /// 1 = Monday … 7 = Sunday, of the day on which it begins.
    pub fn weekday(self) -> u32 {
        todo!()
    }
}

/// `2016`, `2024-Q1`, `2024-01`, `2024-01-31`, `2024-01-31T13`, `2024-01-31 13:15` (`:SS` if not 0).
impl fmt::Display for TimeKey {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}
