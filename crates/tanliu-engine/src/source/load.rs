//! 载入 All rows as tables of cells, for the reference interpreter.

use super::batches::{FileScan, all_columns, batches};
use super::{Format, Predicate, ScanRequest, SourceError, WideTable, runtime};
use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, TimeUnit};
use datafusion_common::cast::{
    as_boolean_array, as_date32_array, as_float64_array, as_int64_array, as_string_array,
};
use datafusion_physical_plan::ExecutionPlanProperties;
use futures::StreamExt;
use std::path::Path;
use std::sync::Arc;
use tanliu_diagnostic::{Diagnostic, Place};
use tanliu_method::table::{CellRef, CellValue, Cells, Column, Table};

/// Rows that are read at once.
const BATCH_ROWS: usize = 8192;
/// Whole numbers up to here are exact as doubles.
const LARGEST_WHOLE: i64 = 9_007_199_254_740_992;
const SECONDS_PER_DAY: i64 = 86_400;

/// One table for each file.
pub(super) fn load_parts(table: &WideTable) -> Result<Vec<Table>, SourceError> {
    (0..table.files.len()).map(|file| load_file(table, file)).collect()
}

/// The rows that a condition takes.
pub(super) fn load_where(
    table: &WideTable,
    predicate: Option<Predicate>,
    most: u64,
) -> Result<Table, SourceError> {
    let engine = |error: &dyn std::fmt::Display| SourceError::Engine { reason: error.to_string() };
    let mut loaded = blank(table);
    let columns = table.columns.iter().map(|column| column.physical.clone()).collect();
    let request = ScanRequest { columns, predicate, partitions: 1, batch_rows: BATCH_ROWS };
    let plan = table.scan(&request)?;
    let context = runtime(None, Path::new("."))?;
    let asynchronous = tokio::runtime::Builder::new_current_thread().build();
    let asynchronous = asynchronous.map_err(|error| engine(&error))?;
    let mut rows: u64 = 0;
    for partition in 0..plan.output_partitioning().partition_count() {
        let stream = {
            let _entered = asynchronous.enter();
            plan.execute(partition, Arc::clone(&context))
        };
        let mut stream = stream.map_err(|error| table.diagnose(&error))?;
        while let Some(batch) = asynchronous.block_on(stream.next()) {
            let batch = batch.map_err(|error| table.diagnose(&error))?;
            rows += batch.num_rows() as u64;
            if rows > most {
                return Err(SourceError::Found(Box::new(too_many(table, most))));
            }
            take(table, &mut loaded, &batch)?;
        }
    }
    loaded.row_numbers = vec![0; usize::try_from(rows).unwrap_or(0)];
    Ok(loaded)
}

fn too_many(table: &WideTable, most: u64) -> Diagnostic {
    Diagnostic::error(
        "explain-too-many-rows",
        format!("这个数出自表里多于 {most} 行，放不进一个推导"),
        format!(
            "the figure is made of more than {most} rows of the table: too many for a derivation"
        ),
    )
    .at(Place::File(table.shown.clone()), "", "")
    .hint(
        "先解释它所用的较细的数：一个企业，一个月",
        "explain a finer figure that it is made of first: one plant, one month",
    )
}

/// The table without rows, its columns ready to take cells.
fn blank(table: &WideTable) -> Table {
    let mut loaded = table.header();
    for (column, wide) in loaded.columns.iter_mut().zip(&table.columns) {
        column.cells = match &wide.data_type {
            DataType::Utf8 | DataType::Dictionary(..) => Cells::packed(),
            _ => Cells::Mixed(Vec::new()),
        };
    }
    loaded
}

fn load_file(table: &WideTable, file: usize) -> Result<Table, SourceError> {
    let mut loaded = blank(table);
    if let Some(entry) = table.files.get(file) {
        loaded.source.clone_from(&entry.shown);
    }
    let columns = all_columns(&table.schema);
    let scan = FileScan { file, columns, batch_size: BATCH_ROWS };
    let mut rows = 0;
    for batch in batches(table, &scan)? {
        let batch = batch?;
        rows += batch.num_rows();
        take(table, &mut loaded, &batch)?;
    }
    // Text files count their lines as people do, the header being the first.
    let before = if table.format == Format::Csv { 1 } else { 0 };
    loaded.header_row = before;
    let last = u32::try_from(rows).unwrap_or(u32::MAX - before) + before;
    loaded.row_numbers = (before + 1..=last).collect();
    Ok(loaded)
}

fn take(table: &WideTable, loaded: &mut Table, batch: &RecordBatch) -> Result<(), SourceError> {
    for (column, values) in loaded.columns.iter_mut().zip(batch.columns()) {
        push_all(&mut column.cells, values).map_err(|reason| SourceError::Damaged {
            file: loaded.source.clone(),
            format: table.format,
            reason,
        })?;
    }
    Ok(())
}

/// Adds the values of a column as cells.
fn push_all(cells: &mut Cells, values: &ArrayRef) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| error.to_string();
    let cast = |to: DataType| {
        let options = CastOptions { safe: false, ..CastOptions::default() };
        cast_with_options(values, &to, &options).map_err(|error| failed(&error))
    };
    match values.data_type() {
        DataType::Utf8 | DataType::Dictionary(..) => {
            let texts = cast(DataType::Utf8)?;
            let texts = as_string_array(&texts).map_err(|error| failed(&error))?;
            texts.iter().for_each(|text| cells.push_text(text.unwrap_or_default()));
            return Ok(());
        }
        _ => {}
    }
    let Cells::Mixed(list) = cells else { return Ok(()) };
    match values.data_type() {
        DataType::Boolean => {
            let values = as_boolean_array(values).map_err(|error| failed(&error))?;
            list.extend(values.iter().map(|value| value.map_or(CellValue::Empty, CellValue::Bool)));
        }
        DataType::Date32 => {
            let days = as_date32_array(values).map_err(|error| failed(&error))?;
            list.extend(days.iter().map(|day| {
                day.map_or(CellValue::Empty, |day| CellValue::Date(date_text(i64::from(day))))
            }));
        }
        DataType::Timestamp(unit, _) => {
            let unit = *unit;
            let ticks = cast(DataType::Int64)?;
            let ticks = as_int64_array(&ticks).map_err(|error| failed(&error))?;
            list.extend(ticks.iter().map(|ticks| {
                ticks.map_or(CellValue::Empty, |ticks| CellValue::Date(time_text(ticks, unit)))
            }));
        }
        DataType::UInt64 => {
            let texts = cast(DataType::Utf8)?;
            let texts = as_string_array(&texts).map_err(|error| failed(&error))?;
            list.extend(texts.iter().map(|text| {
                let Some(text) = text else { return CellValue::Empty };
                text.parse().map_or_else(|_| CellValue::Text(text.to_owned()), whole)
            }));
        }
        DataType::Decimal128(..) => {
            // The nearest double of the decimal digits, as if they stood in a text.
            let texts = cast(DataType::Utf8)?;
            let texts = as_string_array(&texts).map_err(|error| failed(&error))?;
            list.extend(texts.iter().map(|text| {
                let number = text.and_then(|text| text.parse().ok());
                number.map_or(CellValue::Empty, CellValue::Number)
            }));
        }
        DataType::Float32 | DataType::Float64 => {
            let numbers = cast(DataType::Float64)?;
            let numbers = as_float64_array(&numbers).map_err(|error| failed(&error))?;
            list.extend(
                numbers.iter().map(|number| number.map_or(CellValue::Empty, CellValue::Number)),
            );
        }
        _ => {
            let numbers = cast(DataType::Int64)?;
            let numbers = as_int64_array(&numbers).map_err(|error| failed(&error))?;
            list.extend(numbers.iter().map(|number| number.map_or(CellValue::Empty, whole)));
        }
    }
    Ok(())
}

/// A whole number; one that no double holds stays a text, so that nothing is lost unseen.
fn whole(number: i64) -> CellValue {
    if number.checked_abs().is_some_and(|size| size <= LARGEST_WHOLE) {
        // Small enough to be exact.
        #[allow(clippy::cast_precision_loss)]
        return CellValue::Number(number as f64);
    }
    CellValue::Text(number.to_string())
}

/// `2024-01-31` from the days since 1970.
fn date_text(day: i64) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2024-01-31 13:15`, with seconds and their fraction where there are any.
fn time_text(ticks: i64, unit: TimeUnit) -> String {
    let (per_second, digits) = match unit {
        TimeUnit::Second => (1, 0),
        TimeUnit::Millisecond => (1_000, 3),
        TimeUnit::Microsecond => (1_000_000, 6),
        TimeUnit::Nanosecond => (1_000_000_000, 9),
    };
    let (seconds, fraction) = (ticks.div_euclid(per_second), ticks.rem_euclid(per_second));
    let (day, second) = (seconds.div_euclid(SECONDS_PER_DAY), seconds.rem_euclid(SECONDS_PER_DAY));
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let mut text = format!("{} {hour:02}:{minute:02}", date_text(day));
    if second != 0 || fraction != 0 {
        text.push_str(&format!(":{second:02}"));
    }
    if fraction != 0 {
        let shown = format!("{fraction:0digits$}");
        text.push_str(&format!(".{}", shown.trim_end_matches('0')));
    }
    text
}

/// Year, month and day of the Gregorian calendar from the days since 1970-01-01, by counting in
/// cycles of 400 years that begin on a first of March.
fn civil(day: i64) -> (i64, i64, i64) {
    const DAYS_TO_EPOCH: i64 = 719_468;
    const DAYS_PER_CYCLE: i64 = 146_097;
    let day = day + DAYS_TO_EPOCH;
    let cycle = day.div_euclid(DAYS_PER_CYCLE);
    let of_cycle = day.rem_euclid(DAYS_PER_CYCLE);
    let year = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + cycle * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Adds the rows of a part to the whole; they are numbered through.
pub(super) fn append(whole: &mut Table, part: Table) {
    let offset = whole.row_numbers.last().copied().unwrap_or(0);
    let rows = u32::try_from(part.row_numbers.len()).unwrap_or(u32::MAX);
    for (column, own) in whole.columns.iter_mut().zip(part.columns) {
        append_cells(column, own);
    }
    whole.row_numbers.extend((1..=rows).map(|row| offset + row));
}

fn append_cells(column: &mut Column, own: Column) {
    if column.cells.is_empty() {
        column.cells = own.cells;
        return;
    }
    match (&mut column.cells, own.cells) {
        (Cells::Mixed(list), Cells::Mixed(more)) => list.extend(more),
        (cells, more) => {
            for row in 0..more.len() {
                cells.push_text(match more.get(row) {
                    CellRef::Text(text) => text,
                    _ => "",
                });
            }
        }
    }
}
