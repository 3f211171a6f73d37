//! 定时 When a calculation is due: `hourly`, `daily 02:30`, `monthly 5 02:30`, in the district's time.

use crate::moment::Moment;

/// China has one time, eight hours ahead of UTC, without summer time since 1992.
const LOCAL_MS: i64 = 8 * 3_600_000;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// 时间表 When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// At the beginning of every hour.
    Hourly,
    /// Every day, so many milliseconds after midnight.
    Daily(i64),
    /// On a day of every month (1 to 28), so many milliseconds after midnight.
    Monthly(u32, i64),
}

impl Schedule {
    /// Reads a schedule; none for an empty text, which means on demand.
    ///
    /// # Errors
    /// The text, if it is no schedule.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        let wrong = || text.to_owned();
        let mut words = text.split_whitespace();
        let schedule = match words.next() {
            None => return Ok(None),
            Some("hourly") => Self::Hourly,
            Some("daily") => Self::Daily(words.next().and_then(clock_ms).ok_or_else(wrong)?),
            Some("monthly") => {
                let day = words.next().and_then(|day| day.parse().ok());
                let day = day.filter(|day| (1..=28).contains(day)).ok_or_else(wrong)?;
                Self::Monthly(day, words.next().and_then(clock_ms).ok_or_else(wrong)?)
            }
            Some(_) => return Err(wrong()),
        };
        if words.next().is_some() { Err(wrong()) } else { Ok(Some(schedule)) }
    }

    /// The last moment at or before `now` at which it was due.
    #[must_use]
    pub fn last_due(self, now: Moment) -> Moment {
        let local = now.0 + LOCAL_MS;
        let due = match self {
            Self::Hourly => local - local.rem_euclid(HOUR_MS),
            Self::Daily(clock) => {
                let today = local - local.rem_euclid(DAY_MS) + clock;
                if today <= local { today } else { today - DAY_MS }
            }
            Self::Monthly(day, clock) => {
                let (year, month, _) = Moment(local).civil();
                let in_month = |year, month| first_of(year, month) + i64::from(day - 1) * DAY_MS;
                let own = in_month(year, month) + clock;
                let before = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
                if own <= local { own } else { in_month(before.0, before.1) + clock }
            }
        };
        Moment(due - LOCAL_MS)
    }

    /// Whether it is due, where it last ran at `last`.
    #[must_use]
    pub fn is_due(self, last: Option<Moment>, now: Moment) -> bool {
        last.is_none_or(|last| last < self.last_due(now))
    }
}

/// Midnight of the first of a month, in milliseconds of local time.
fn first_of(year: i64, month: i64) -> i64 {
    // Days before it, by the same shifted years as in `Moment`.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    days * DAY_MS
}

/// `02:30` in milliseconds.
fn clock_ms(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let hours: i64 = hours.parse().ok().filter(|hours| (0..24).contains(hours))?;
    let minutes: i64 = minutes.parse().ok().filter(|minutes| (0..60).contains(minutes))?;
    Some(hours * HOUR_MS + minutes * MINUTE_MS)
}

#[cfg(test)]
mod tests;
