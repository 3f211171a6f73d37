//! 时间写法 The written forms of a time key.

use unicode_normalization::UnicodeNormalization;

use super::calendar::{day_of_civil, days_in_month};
use super::{Grain, HOURS_PER_DAY, MONTHS_PER_YEAR, QUARTERS_PER_YEAR, SECONDS_PER_DAY, TimeKey};

/// Which forms are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As the language writes keys.
    Strict,
    /// As tables write them too.
    Loose,
}

/// Reads a form as tables hold it: blanks around it and full-width signs are forgiven.
pub(super) fn read_loosely(text: &str) -> Option<TimeKey> {
    let text = text.trim();
    if text.is_ascii() {
        return read(text, Style::Loose);
    }
    let plain: String = text.nfkc().collect();
    read(plain.trim(), Style::Loose)
}

/// Reads one form, to the last character.
pub(super) fn read(text: &str, style: Style) -> Option<TimeKey> {
    let mut reader = Reader { rest: text, style };
    let year = reader.number(4, 4)?;
    if reader.rest.is_empty() {
        return Some(TimeKey { grain: Grain::Year, ordinal: year });
    }
    if reader.take("年") {
        return reader.chinese(year);
    }
    let slash = reader.take("/");
    if !slash && !reader.take("-") {
        return None;
    }
    if !slash && reader.take("Q") {
        return reader.quarter(year);
    }
    let month = reader.month()?;
    if reader.rest.is_empty() {
        return Some(month_key(year, month));
    }
    if !reader.take(if slash { "/" } else { "-" }) {
        return None;
    }
    let day = reader.day(year, month)?;
    reader.time_of(day)
}

fn month_key(year: i64, month: u32) -> TimeKey {
    TimeKey { grain: Grain::Month, ordinal: year * MONTHS_PER_YEAR + i64::from(month) - 1 }
}

struct Reader<'a> {
    rest: &'a str,
    style: Style,
}

impl Reader<'_> {
    fn loose(&self) -> bool {
        self.style == Style::Loose
    }

    /// Takes `word` if it comes next; the words beyond the language's own are loose forms.
    fn take(&mut self, word: &str) -> bool {
        let strict_word = matches!(word, "-" | "Q" | ":" | "T" | " ");
        if !strict_word && !self.loose() {
            return false;
        }
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes the whole run of digits, if it has so many.
    fn number(&mut self, fewest: usize, most: usize) -> Option<i64> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits < fewest || digits > most {
            return None;
        }
        let (number, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        number.parse().ok()
    }

    /// Two digits, or loosely one or two.
    fn two_digits(&mut self) -> Option<u32> {
        let fewest = if self.loose() { 1 } else { 2 };
        u32::try_from(self.number(fewest, 2)?).ok()
    }

    fn month(&mut self) -> Option<u32> {
        self.two_digits().filter(|month| (1..=12).contains(month))
    }

    /// The ordinal of the day.
    fn day(&mut self, year: i64, month: u32) -> Option<i64> {
        let day = self.two_digits()?;
        (1..=days_in_month(year, month)).contains(&day).then(|| day_of_civil(year, month, day))
    }

    fn quarter(&mut self, year: i64) -> Option<TimeKey> {
        let quarter = self.number(1, 1).filter(|quarter| (1..=4).contains(quarter))?;
        self.rest.is_empty().then_some(TimeKey {
            grain: Grain::Quarter,
            ordinal: year * QUARTERS_PER_YEAR + quarter - 1,
        })
    }

    /// What may follow `2024年`.
    fn chinese(&mut self, year: i64) -> Option<TimeKey> {
        if self.rest.is_empty() {
            return Some(TimeKey { grain: Grain::Year, ordinal: year });
        }
        if let Some(number) = self.rest.strip_suffix("季度") {
            let number = number.strip_prefix('第').unwrap_or(number);
            let names = [["1", "一"], ["2", "二"], ["3", "三"], ["4", "四"]];
            let quarter = names.iter().position(|forms| forms.contains(&number))?;
            let ordinal = year * QUARTERS_PER_YEAR + i64::try_from(quarter).ok()?;
            return Some(TimeKey { grain: Grain::Quarter, ordinal });
        }
        let month = self.month()?;
        if !self.take("月") {
            return None;
        }
        if self.rest.is_empty() {
            return Some(month_key(year, month));
        }
        let day = self.day(year, month)?;
        if !self.take("日") {
            return None;
        }
        self.time_of(day)
    }

    /// What may follow a date: nothing, an hour, a time of day.
    fn time_of(&mut self, day: i64) -> Option<TimeKey> {
        if self.rest.is_empty() {
            return Some(TimeKey { grain: Grain::Day, ordinal: day });
        }
        let marked = self.take("T");
        let apart = !marked && self.take(" ");
        if self.loose() {
            self.rest = self.rest.trim_start();
        } else if !marked && !apart {
            return None;
        }
        let hour = i64::from(self.two_digits()?);
        if self.take("时") || self.rest.is_empty() {
            let written_as_hour = marked || self.loose();
            let in_range = hour <= HOURS_PER_DAY && self.rest.is_empty();
            let key = TimeKey { grain: Grain::Hour, ordinal: day * HOURS_PER_DAY + hour };
            return (written_as_hour && in_range).then_some(key).filter(in_calendar);
        }
        if !self.take(":") {
            return None;
        }
        let minute = self.number(2, 2)?;
        let second = if self.take(":") { self.number(2, 2)? } else { 0 };
        if self.take(".") {
            // Databases print fractions of a second; only a zero one names a whole second.
            let zeros = !self.rest.is_empty() && self.rest.bytes().all(|byte| byte == b'0');
            self.rest = if zeros { "" } else { return None };
        }
        let of_day = hour * 3_600 + minute * 60 + second;
        let in_range = minute < 60 && second < 60 && of_day <= SECONDS_PER_DAY;
        let key = TimeKey { grain: Grain::Instant, ordinal: day * SECONDS_PER_DAY + of_day };
        (in_range && self.rest.is_empty()).then_some(key).filter(in_calendar)
    }
}

/// `24:00` of the last day of 9999 has no name.
fn in_calendar(key: &TimeKey) -> bool {
    (0..=9999).contains(&key.civil().0)
}
