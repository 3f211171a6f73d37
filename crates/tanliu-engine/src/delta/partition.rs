//! 分区 By what a table is split into folders: a column, or a coarser time of one.

use super::DeltaError;
use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampMicrosecondType};
use std::sync::Arc;
use tanliu_unit::time::{Grain, TimeKey};

/// 分区 A partition column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Partition {
    /// A column of the table as it is.
    Column(String),
    /// `month(instant)`: a column of its own that holds the coarser time as text, `2024-01`. It is
    /// storage only; documents do not see it.
    Derived {
        /// The coarser grain.
        grain: Grain,
        /// The column of times.
        column: String,
    },
}

impl Partition {
    /// Reads `plant` or `month(instant)`.
    ///
    /// # Errors
    /// [`DeltaError::Partition`] for anything else.
    pub fn parse(text: &str) -> Result<Self, DeltaError> {
        let fail = || DeltaError::Partition { text: text.to_owned() };
        let plain = text.trim();
        let Some((word, rest)) = plain.split_once('(') else {
            let is_name = !plain.is_empty() && !plain.contains([' ', ')']);
            return is_name.then(|| Self::Column(plain.to_owned())).ok_or_else(fail);
        };
        let grain = Grain::parse(word.trim()).filter(|grain| *grain <= Grain::Day);
        let column = rest.trim_end().strip_suffix(')').map(str::trim).filter(|c| !c.is_empty());
        let (Some(grain), Some(column)) = (grain, column) else { return Err(fail()) };
        Ok(Self::Derived { grain, column: column.to_owned() })
    }

    /// As it is written: `month(instant)`.
    pub fn text(&self) -> String {
        match self {
            Self::Column(column) => column.clone(),
            Self::Derived { grain, column } => format!("{}({column})", grain.word()),
        }
    }

    /// The column whose values tell the partition.
    pub fn source(&self) -> &str {
        match self {
            Self::Column(column) | Self::Derived { column, .. } => column,
        }
    }
}

/// The coarser time of each row, as text; `None` where the row has no time.
pub(super) fn derive(grain: Grain, values: &dyn Array) -> Option<ArrayRef> {
    match values.data_type() {
        DataType::Date32 => {
            let days = values.as_primitive::<Date32Type>();
            Some(coarse(grain, days.iter().map(|day| day.map(|day| i64::from(day) * DAY))))
        }
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            let times = values.as_primitive::<TimestampMicrosecondType>();
            Some(coarse(
                grain,
                times.iter().map(|time| time.map(|time| time.div_euclid(1_000_000))),
            ))
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => {
            let texts = cast(values, &DataType::Utf8).ok()?;
            let coarser = |text: &str| {
                let key = TimeKey::parse(text)?;
                (key.grain >= grain).then(|| key.coarsen(grain, false).to_string())
            };
            let texts = texts.as_string::<i32>().iter().map(|text| text.map(coarser));
            let list: Option<Vec<Option<String>>> = texts
                .map(|text| match text {
                    None => Some(None),
                    Some(key) => key.map(Some),
                })
                .collect();
            Some(Arc::new(StringArray::from(list?)))
        }
        _ => None,
    }
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Neighbouring rows lie in one period as a rule: its bounds are kept, so that a row costs two
/// comparisons.
fn coarse(grain: Grain, seconds: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    let epoch = TimeKey::parse("1970-01-01 00:00").map_or(0, |key| key.ordinal);
    let mut held: Option<(std::ops::Range<i64>, String)> = None;
    let mut list: Vec<Option<String>> = Vec::new();
    for second in seconds {
        let Some(second) = second else {
            list.push(None);
            continue;
        };
        if held.as_ref().is_none_or(|(range, _)| !range.contains(&second)) {
            let key = TimeKey { grain: Grain::Instant, ordinal: second.saturating_add(epoch) };
            let period = key.coarsen(grain, false);
            let start = |key: TimeKey| key.coarsen(Grain::Instant, false).ordinal - epoch;
            held = Some((start(period)..start(period.step(1)), period.to_string()));
        }
        list.push(held.as_ref().map(|(_, text)| text.clone()));
    }
    Arc::new(StringArray::from(list))
}
