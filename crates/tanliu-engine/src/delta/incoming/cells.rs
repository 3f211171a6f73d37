//! 单元格 Cells read as their column wants them; the first that cannot be is told with its row.

use super::super::DeltaError;
use super::super::error::{Expected, Origin};
use super::super::layout::ColumnType;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder,
    StringArray, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use std::sync::Arc;
use tanliu_unit::time::{Grain, TimeKey};

/// 一列的单元格 Where the cells stand.
pub(super) struct Cells<'a> {
    pub(super) source: &'a Origin,
    pub(super) column: &'a str,
    /// The number of the first row.
    pub(super) first: u64,
}

impl Cells<'_> {
    fn wrong(&self, row: usize, text: &str, expected: Expected) -> DeltaError {
        DeltaError::Cell {
            origin: self.source.clone(),
            row: self.first + row as u64,
            column: self.column.to_owned(),
            text: text.to_owned(),
            expected,
        }
    }
}

/// Values as a column of the kind holds them.
pub(super) fn convert(
    values: &ArrayRef,
    kind: ColumnType,
    cells: &Cells<'_>,
) -> Result<ArrayRef, DeltaError> {
    let own = ColumnType::of(values.data_type());
    let cast_to = |target: &DataType| {
        cast(values, target).map_err(|error| DeltaError::Input {
            origin: cells.source.clone(),
            why: error.to_string(),
        })
    };
    let converted = match (own, kind) {
        (Some(ColumnType::Text), _) => {
            let texts = cast_to(&DataType::Utf8)?;
            return read(texts.as_string::<i32>(), kind, cells);
        }
        (Some(own), kind) if own == kind => cast_to(&kind.arrow())?,
        (Some(ColumnType::Integer), ColumnType::Number | ColumnType::Text)
        | (Some(ColumnType::Date), ColumnType::Instant) => cast_to(&kind.arrow())?,
        _ => {
            return Err(DeltaError::ColumnType {
                origin: cells.source.clone(),
                column: cells.column.to_owned(),
                found: values.data_type().to_string(),
            });
        }
    };
    if kind == ColumnType::Number {
        let numbers = converted.as_primitive::<Float64Type>();
        let odd = numbers.iter().position(|number| number.is_some_and(|n| !n.is_finite()));
        if let Some(row) = odd {
            let text = numbers.value(row).to_string();
            return Err(cells.wrong(row, &text, Expected::Number));
        }
    }
    Ok(converted)
}

/// Texts read as a kind; blanks around them are none of them, an empty text is an empty cell.
fn read(texts: &StringArray, kind: ColumnType, cells: &Cells<'_>) -> Result<ArrayRef, DeltaError> {
    let trimmed =
        || texts.iter().map(|text| text.map(str::trim).filter(|text| !text.is_empty())).enumerate();
    macro_rules! each {
        ($builder:expr, $read:expr, $expected:expr) => {{
            let mut builder = $builder;
            for (row, text) in trimmed() {
                let value = match text {
                    None => None,
                    Some(text) => {
                        Some($read(text).ok_or_else(|| cells.wrong(row, text, $expected))?)
                    }
                };
                builder.append_option(value);
            }
            Arc::new(builder.finish())
        }};
    }
    let rows = texts.len();
    Ok(match kind {
        ColumnType::Text => {
            let mut builder = StringBuilder::with_capacity(rows, texts.value_data().len());
            trimmed().for_each(|(_, text)| builder.append_option(text));
            Arc::new(builder.finish())
        }
        ColumnType::Number => {
            each!(Float64Builder::with_capacity(rows), number, Expected::Number)
        }
        ColumnType::Integer => {
            let whole = |text: &str| text.parse::<i64>().ok();
            each!(Int64Builder::with_capacity(rows), whole, Expected::Integer)
        }
        ColumnType::Bool => each!(BooleanBuilder::with_capacity(rows), truth, Expected::Bool),
        ColumnType::Date => each!(Date32Builder::with_capacity(rows), day, Expected::Date),
        ColumnType::Instant => {
            each!(TimestampMicrosecondBuilder::with_capacity(rows), instant, Expected::Instant)
        }
    })
}

/// A finite number; `1e400` is none, nor is `inf`.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

pub(super) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "TRUE" | "True" | "是" => Some(true),
        "false" | "FALSE" | "False" | "否" => Some(false),
        _ => None,
    }
}

pub(super) fn day(text: &str) -> Option<i32> {
    let epoch = TimeKey::parse("1970-01-01")?.ordinal;
    i32::try_from(TimeKey::parse_as(text, Grain::Day)?.ordinal - epoch).ok()
}

/// Microseconds since 1970-01-01 00:00 of the local time as written.
pub(super) fn instant(text: &str) -> Option<i64> {
    let epoch = TimeKey::parse("1970-01-01 00:00")?.ordinal;
    let key = TimeKey::parse_as(text, Grain::Instant)?;
    key.ordinal.checked_sub(epoch)?.checked_mul(1_000_000)
}
