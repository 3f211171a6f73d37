//! 时点 As of which version or time a table is read.

use super::DeltaError;
use tanliu_unit::time::{Grain, TimeKey};

/// 时点 Which state of a table is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AsOf {
    /// 版本 The version of this number.
    Version(i64),
    /// 时间 The latest version at that time, as written: local time of Asia/Shanghai unless it
    /// has an offset. A day (month, year …) is meant with its end: what was reported on that day
    /// is seen.
    Time(String),
}

/// 各表的时点 `--as-of` as people write it: one for all tables, or `TABLE=…` for one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AsOfChoice {
    all: Option<AsOf>,
    named: std::collections::BTreeMap<String, AsOf>,
}

/// Asia/Shanghai is eight hours before UTC; it had no summer time since there are Delta tables.
const LOCAL_OFFSET_SECONDS: i64 = 8 * 3600;

impl AsOf {
    /// Reads a whole number as a version, everything else as a time: `12`, `2024-12-31`,
    /// `2024-12-31 18:00`, `2024-12-31T18:00:00+08:00`, `2024-12-31T10:00:00Z`.
    ///
    /// # Errors
    /// [`DeltaError::Time`] if it is neither.
    pub fn parse(text: &str) -> Result<Self, DeltaError> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let version = text.parse().map_err(|_| DeltaError::Time { text: text.to_owned() })?;
            return Ok(Self::Version(version));
        }
        milliseconds(text).map(|_| Self::Time(text.to_owned()))
    }

    /// As it was written.
    pub fn written(&self) -> String {
        match self {
            Self::Version(version) => version.to_string(),
            Self::Time(text) => text.clone(),
        }
    }
}

impl AsOfChoice {
    /// Reads all `--as-of` of a command line: `12` for every table, `meters=12` for one of that
    /// name (its folder's name).
    ///
    /// # Errors
    /// [`DeltaError::Time`] for what is neither a version nor a time, or is given twice.
    pub fn parse(texts: &[String]) -> Result<Self, DeltaError> {
        let mut choice = Self::default();
        for text in texts {
            let earlier = match text.split_once('=') {
                Some((table, as_of)) => {
                    choice.named.insert(table.trim().to_owned(), AsOf::parse(as_of)?)
                }
                None => choice.all.replace(AsOf::parse(text)?),
            };
            if earlier.is_some() {
                return Err(DeltaError::Time { text: text.clone() });
            }
        }
        Ok(choice)
    }

    /// What is meant for a table of this name; none is the latest version.
    pub fn of(&self, table: &str) -> Option<&AsOf> {
        self.named.get(table).or(self.all.as_ref())
    }

    /// The tables that are named, so that a name no table has can be told of.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str)
    }
}

/// The last millisecond since 1970 (UTC) that belongs to a time as written.
///
/// # Errors
/// [`DeltaError::Time`].
pub(super) fn milliseconds(text: &str) -> Result<i64, DeltaError> {
    let fail = || DeltaError::Time { text: text.to_owned() };
    let (local, offset) = offset_of(text.trim()).ok_or_else(fail)?;
    let key = TimeKey::parse(local)
        .or_else(|| TimeKey::parse_as(local, Grain::Instant))
        .ok_or_else(fail)?;
    let epoch = TimeKey::parse("1970-01-01 00:00").map_or(0, |key| key.ordinal);
    // The end of the period, which for an instant is itself.
    let seconds = if key.grain == Grain::Instant {
        key.ordinal - epoch - offset
    } else {
        key.step(1).coarsen(Grain::Instant, false).ordinal - epoch - offset
    };
    let last = if key.grain == Grain::Instant { 999 } else { -1 };
    Ok(seconds.saturating_mul(1000).saturating_add(last))
}

/// Parts `+08:00`, `-0500` or `Z` from a time of the day.
fn offset_of(text: &str) -> Option<(&str, i64)> {
    if let Some(local) = text.strip_suffix(['Z', 'z']) {
        return Some((local, 0));
    }
    let clock = text.find(':');
    let sign = clock.and_then(|from| text.get(from..)?.find(['+', '-']).map(|at| from + at));
    let Some(at) = sign else { return Some((text, LOCAL_OFFSET_SECONDS)) };
    let (local, offset) = text.split_at_checked(at)?;
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    let number: i64 = digits.parse().ok()?;
    let seconds = match digits.len() {
        2 => number * 3600,
        4 => (number / 100 * 60 + number % 100) * 60,
        _ => return None,
    };
    Some((local.trim_end(), if offset.starts_with('-') { -seconds } else { seconds }))
}

/// A time of a log as people of Asia/Shanghai read it: `2024-12-31 18:00:05`.
pub fn local_time(milliseconds: i64) -> String {
    let epoch = TimeKey::parse("1970-01-01 00:00").map_or(0, |key| key.ordinal);
    let seconds = milliseconds.div_euclid(1000) + LOCAL_OFFSET_SECONDS;
    let key = TimeKey { grain: Grain::Instant, ordinal: epoch.saturating_add(seconds) };
    let (year, month, day, hour, minute, second) = key.civil();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}
