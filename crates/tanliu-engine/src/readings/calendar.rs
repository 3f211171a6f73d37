//! 刻 Quarters of an hour of local time as numbers, and the days and months they lie in.

use tanliu_unit::time::{Grain, TimeKey};

/// 一天的刻数 Quarters of an hour of a day.
pub const QUARTERS_PER_DAY: usize = 96;
/// As a number of time.
const PER_DAY: i64 = 96;
/// Between two readings.
pub(super) const MICROSECONDS: i64 = 15 * 60 * 1_000_000;

/// 刻 A quarter of an hour by its beginning, counted from 1970-01-01 00:00 local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter(pub i64);

/// 日 A day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

/// 月 A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month(TimeKey);

impl Quarter {
    /// Reads `2024-01-31T13:15`, also with a blank for the `T` and with seconds of 00; none for
    /// what is no beginning of a quarter.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let plain = bytes.len() == 16 && matches!(bytes.get(10), Some(b'T' | b' '));
        if plain || (bytes.len() == 19 && text.ends_with(":00")) {
            let day = Day::parse(text.get(..10)?)?;
            let two = |at: usize| -> Option<i64> {
                let pair = text.get(at..at + 2)?;
                pair.bytes().all(|sign| sign.is_ascii_digit()).then(|| pair.parse().ok())?
            };
            let (hour, minute) = (two(11)?, two(14)?);
            let fits = bytes.get(13) == Some(&b':') && hour < 24 && minute < 60 && minute % 15 == 0;
            return fits.then(|| Self(day.0 * PER_DAY + hour * 4 + minute / 15));
        }
        None
    }

    /// The quarter that begins at so many microseconds since 1970; none if no quarter does.
    pub(super) fn of_microseconds(instant: i64) -> Option<Self> {
        (instant.rem_euclid(MICROSECONDS) == 0).then(|| Self(instant.div_euclid(MICROSECONDS)))
    }

    /// Its beginning in microseconds since 1970.
    pub(super) fn microseconds(self) -> i64 {
        self.0.saturating_mul(MICROSECONDS)
    }

    /// The day it lies in.
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(PER_DAY))
    }

    /// Its number in its day, 0 to 95.
    pub fn in_day(self) -> usize {
        usize::try_from(self.0.rem_euclid(PER_DAY)).unwrap_or(0)
    }

    /// `2024-01-31T13:15`.
    pub fn text(self) -> String {
        let minutes = self.0.rem_euclid(PER_DAY) * 15;
        format!("{}T{:02}:{:02}", self.day().text(), minutes / 60, minutes % 60)
    }
}

impl Day {
    /// Reads `2024-01-31` and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 10 {
            return None;
        }
        let key = TimeKey::parse(text).filter(|key| key.grain == Grain::Day)?;
        Some(Self(key.ordinal - epoch()))
    }

    fn of_key(key: TimeKey) -> Self {
        Self(key.ordinal - epoch())
    }

    /// `2024-01-31`.
    pub fn text(self) -> String {
        let ordinal = self.0.saturating_add(epoch());
        TimeKey { grain: Grain::Day, ordinal }.to_string()
    }

    /// A quarter of it by its number from 0.
    pub fn quarter(self, number: usize) -> Quarter {
        let number = i64::try_from(number).unwrap_or(0);
        Quarter(self.0.saturating_mul(PER_DAY).saturating_add(number))
    }
}

impl Month {
    /// Reads `2024-01`.
    pub fn parse(text: &str) -> Option<Self> {
        TimeKey::parse(text).filter(|key| key.grain == Grain::Month).map(Self)
    }

    /// Its days, the first one first.
    pub fn days(self) -> impl DoubleEndedIterator<Item = Day> {
        let (first, last) = (Day::of_key(self.0.first_day()), Day::of_key(self.0.last_day()));
        (first.0..=last.0).map(Day)
    }
}

/// The ordinal of 1970-01-01.
fn epoch() -> i64 {
    // 1970-01-01 counted from 0000-01-01, which the tests hold to the calendar.
    719_528
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::{Day, Month, Quarter, epoch};
    use tanliu_unit::time::TimeKey;

    #[test]
    fn the_epoch_is_the_calendars() {
        assert_eq!(TimeKey::parse("1970-01-01").unwrap().ordinal, epoch());
    }

    #[test]
    fn a_quarter_reads_as_it_is_written() {
        let quarter = Quarter::parse("2024-02-29T13:15").unwrap();
        assert_eq!(quarter.text(), "2024-02-29T13:15");
        assert_eq!((quarter.day().text().as_str(), quarter.in_day()), ("2024-02-29", 53));
        assert_eq!(Quarter::parse("2024-02-29 13:15:00"), Some(quarter));
        assert_eq!(Quarter::of_microseconds(quarter.microseconds()), Some(quarter));
        assert_eq!(Quarter::parse("1969-12-31T23:45").unwrap().0, -1);
    }

    #[test]
    fn what_begins_no_quarter_is_none() {
        for text in ["2024-02-29T13:16", "2024-02-30T13:15", "2024-02-29T24:00", "2024-02-29", ""] {
            assert_eq!(Quarter::parse(text), None, "{text}");
        }
        for text in
            ["2024-02-29T13:15:01", "2024-02-29T13-15", "2024-02-29T1３:15", "2024-2-9T13:15"]
        {
            assert_eq!(Quarter::parse(text), None, "{text}");
        }
        assert_eq!(Quarter::of_microseconds(1), None);
        assert_eq!(Day::parse("2024-01"), None);
    }

    #[test]
    fn a_month_has_its_days() {
        let days: Vec<String> = Month::parse("2024-02").unwrap().days().map(Day::text).collect();
        assert_eq!(days.len(), 29);
        assert_eq!((days[0].as_str(), days[28].as_str()), ("2024-02-01", "2024-02-29"));
    }
}
