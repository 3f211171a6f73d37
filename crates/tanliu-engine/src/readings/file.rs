//! 日文件 A day as a Parquet file: sorted, in groups of whole meters, read whole or for one meter.

use super::calendar::{Day, MICROSECONDS, QUARTERS_PER_DAY, Quarter};
use super::error::ReadingError;
use super::grid::DayGrid;
use super::{BATCH, INSTANT, METER, VALUE};
use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Field, Float64Type, Int32Type, Int64Type, Schema, TimeUnit, TimestampMicrosecondType,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnPath;
use std::collections::VecDeque;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Meters of a row group: some eight thousand rows, decoded in well under a millisecond.
const METERS_PER_GROUP: usize = 85;
/// How many footers are kept: two months of days.
const FOOTERS: usize = 64;

/// 近用的页脚 Footers of files, by their names inside the table.
#[derive(Debug, Default)]
pub(super) struct Footers {
    kept: VecDeque<(String, ArrowReaderMetadata)>,
}

impl Footers {
    /// The footer of a file, if it is kept.
    pub(super) fn get(&mut self, name: &str) -> Option<ArrowReaderMetadata> {
        let at = self.kept.iter().position(|(own, _)| own == name)?;
        let found = self.kept.remove(at)?;
        let footer = found.1.clone();
        self.kept.push_back(found);
        Some(footer)
    }

    /// Keeps a footer; the one that was not asked for longest goes.
    pub(super) fn keep(&mut self, name: &str, footer: ArrowReaderMetadata) {
        self.kept.push_back((name.to_owned(), footer));
        if self.kept.len() > FOOTERS {
            self.kept.pop_front();
        }
    }
}

/// What was written of a day.
#[derive(Debug)]
pub(super) struct WrittenDay {
    pub(super) bytes: u64,
    pub(super) rows: u64,
}

/// Writes a day as a new file and sees it onto the disk.
pub(super) fn write_day(
    path: &Path,
    file: File,
    day: Day,
    grid: &DayGrid,
) -> Result<WrittenDay, ReadingError> {
    let failed = |error: &dyn std::fmt::Display| ReadingError::file(path, error);
    let plain = |name: &str| ColumnPath::from(name);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_column_dictionary_enabled(plain(VALUE), false)
        .set_max_row_group_row_count(Some(METERS_PER_GROUP * QUARTERS_PER_DAY))
        .build();
    let options =
        ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let again = file.try_clone().map_err(|error| failed(&error))?;
    let mut writer = ArrowWriter::try_new_with_options(file, schema(), options)
        .map_err(|error| failed(&error))?;
    let mut rows = 0;
    let groups = (grid.meters.chunks(METERS_PER_GROUP))
        .zip(grid.values.chunks(METERS_PER_GROUP * QUARTERS_PER_DAY))
        .zip(grid.batches.chunks(METERS_PER_GROUP * QUARTERS_PER_DAY));
    for ((meters, values), batches) in groups {
        let batch = group(day, meters, values, batches).map_err(|error| failed(&error))?;
        rows += batch.num_rows() as u64;
        writer.write(&batch).map_err(|error| failed(&error))?;
        writer.flush().map_err(|error| failed(&error))?;
    }
    writer.finish().map_err(|error| failed(&error))?;
    let bytes = writer.bytes_written() as u64;
    again.sync_all().map_err(|error| failed(&error))?;
    Ok(WrittenDay { bytes, rows })
}

fn schema() -> Arc<Schema> {
    let name = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    Arc::new(Schema::new(vec![
        Field::new(METER, name, true),
        Field::new(INSTANT, DataType::Timestamp(TimeUnit::Microsecond, None), true),
        Field::new(VALUE, DataType::Float64, true),
        Field::new(BATCH, DataType::Int64, true),
    ]))
}

/// The readings of some meters, without the gaps.
fn group(
    day: Day,
    meters: &[Arc<str>],
    values: &[f64],
    batches: &[i64],
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let (mut keys, mut instants) = (Vec::new(), Vec::with_capacity(values.len()));
    let (mut own, mut from) = (Vec::with_capacity(values.len()), Vec::with_capacity(values.len()));
    let begin = day.quarter(0).microseconds();
    for (at, (value, batch)) in values.iter().zip(batches).enumerate() {
        if value.is_nan() {
            continue;
        }
        keys.push(i32::try_from(at / QUARTERS_PER_DAY).unwrap_or(0));
        let quarter = i64::try_from(at % QUARTERS_PER_DAY).unwrap_or(0);
        instants.push(begin + quarter * MICROSECONDS);
        own.push(*value);
        from.push(*batch);
    }
    let names = StringArray::from_iter_values(meters.iter());
    let named = DictionaryArray::<Int32Type>::try_new(Int32Array::from(keys), Arc::new(names))?;
    let columns: Vec<ArrayRef> = vec![
        Arc::new(named),
        Arc::new(TimestampMicrosecondArray::from(instants)),
        Arc::new(Float64Array::from(own)),
        Arc::new(Int64Array::from(from)),
    ];
    RecordBatch::try_new(schema(), columns)
}

/// Reads a file's footer.
pub(super) fn footer(path: &Path) -> Result<ArrowReaderMetadata, ReadingError> {
    let failed = |error: &dyn std::fmt::Display| ReadingError::file(path, error);
    let file = File::open(path).map_err(|error| failed(&error))?;
    let options = ArrowReaderOptions::new();
    ArrowReaderMetadata::load(&file, options).map_err(|error| failed(&error))
}

/// Adds the readings of a file to a day that may have readings of other files; all, or those of
/// one meter.
pub(super) fn read_day(
    path: &Path,
    (footer, day): (ArrowReaderMetadata, Day),
    only: Option<&str>,
    rows: &mut Vec<(Arc<str>, u8, f64, i64)>,
) -> Result<(), ReadingError> {
    let failed = |error: &dyn std::fmt::Display| ReadingError::file(path, error);
    let file = File::open(path).map_err(|error| failed(&error))?;
    let groups: Vec<usize> = match only {
        None => (0..footer.metadata().num_row_groups()).collect(),
        Some(meter) => {
            let groups = footer.metadata().row_groups().iter().enumerate();
            groups.filter(|(_, group)| may_hold(group, meter)).map(|(at, _)| at).collect()
        }
    };
    if groups.is_empty() {
        return Ok(());
    }
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, footer)
        .with_row_groups(groups)
        .with_batch_size(METERS_PER_GROUP * QUARTERS_PER_DAY)
        .build()
        .map_err(|error| failed(&error))?;
    for batch in reader {
        let batch = batch.map_err(|error| failed(&error))?;
        take_rows(path, day, &batch, only, rows)?;
    }
    Ok(())
}

/// Whether a meter may lie in a row group, by its statistics.
fn may_hold(group: &RowGroupMetaData, meter: &str) -> bool {
    let column = group.columns().iter().find(|column| column.column_path().string() == METER);
    let Some(Statistics::ByteArray(known)) = column.and_then(|column| column.statistics()) else {
        return true;
    };
    let (least, most) = (known.min_opt(), known.max_opt());
    least.is_none_or(|least| least.data() <= meter.as_bytes())
        && most.is_none_or(|most| meter.as_bytes() <= most.data())
}

/// Columns of a batch as readings are held.
struct Held {
    names: DictionaryArray<Int32Type>,
    instants: ArrayRef,
    values: ArrayRef,
    batches: Option<ArrayRef>,
}

impl Held {
    fn of(batch: &RecordBatch) -> Option<Self> {
        let named = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let column = |name: &str, kind: &DataType| cast(batch.column_by_name(name)?, kind).ok();
        let names = column(METER, &named)?;
        Some(Self {
            names: names.as_dictionary::<Int32Type>().clone(),
            instants: column(INSTANT, &DataType::Timestamp(TimeUnit::Microsecond, None))?,
            values: column(VALUE, &DataType::Float64)?,
            batches: column(BATCH, &DataType::Int64),
        })
    }
}

fn take_rows(
    path: &Path,
    day: Day,
    batch: &RecordBatch,
    only: Option<&str>,
    rows: &mut Vec<(Arc<str>, u8, f64, i64)>,
) -> Result<(), ReadingError> {
    let place = path.to_string_lossy();
    let no = |column: &str| ReadingError::Columns {
        table: place.to_string(),
        column: column.to_owned(),
    };
    let held = Held::of(batch).ok_or_else(|| no(METER))?;
    let texts = held.names.values().as_string_opt::<i32>().ok_or_else(|| no(METER))?;
    let names: Vec<Option<Arc<str>>> = (texts.iter())
        .map(|text| text.filter(|text| only.is_none_or(|only| *text == only)).map(Arc::from))
        .collect();
    let instants = held.instants.as_primitive::<TimestampMicrosecondType>();
    let values = held.values.as_primitive::<Float64Type>();
    let batches = held.batches.as_ref().map(|batches| batches.as_primitive::<Int64Type>());
    for (row, key) in held.names.keys().iter().enumerate() {
        let key = key.and_then(|key| usize::try_from(key).ok());
        let Some(Some(name)) = key.and_then(|key| names.get(key)) else {
            // Another meter; a row without a meter is none of ours either.
            continue;
        };
        if values.is_null(row) {
            continue;
        }
        let wrong = |text: String| ReadingError::Row {
            place: place.to_string(),
            row: row as u64 + 1,
            text,
        };
        let instant = (!instants.is_null(row)).then(|| instants.value(row));
        let quarter = instant.and_then(Quarter::of_microseconds).filter(|own| own.day() == day);
        let quarter = quarter.ok_or_else(|| wrong(format!("{instant:?}")))?;
        let value = values.value(row);
        if !value.is_finite() {
            return Err(wrong(value.to_string()));
        }
        let in_day = u8::try_from(quarter.in_day()).unwrap_or(0);
        let from = batches.filter(|batches| !batches.is_null(row));
        rows.push((Arc::clone(name), in_day, value, from.map_or(0, |from| from.value(row))));
    }
    Ok(())
}

/// Rows of a day, of one file or several, as a day in memory.
pub(super) fn grid_of(
    place: &str,
    day: Day,
    mut rows: Vec<(Arc<str>, u8, f64, i64)>,
) -> Result<DayGrid, ReadingError> {
    let order = |row: &(Arc<str>, u8, f64, i64), next: &(Arc<str>, u8, f64, i64)| {
        // Neighbours share the text of their name as a rule.
        let same = Arc::ptr_eq(&row.0, &next.0);
        let names = if same { std::cmp::Ordering::Equal } else { row.0.cmp(&next.0) };
        names.then(row.1.cmp(&next.1))
    };
    if !rows.is_sorted_by(|row, next| order(row, next).is_le()) {
        rows.sort_by(order);
    }
    let mut grid = DayGrid::default();
    for (meter, quarter, value, batch) in rows {
        let last = grid.meters.last();
        if last.is_none_or(|last| !Arc::ptr_eq(last, &meter) && **last != *meter) {
            grid.add_empty(&meter);
        }
        let at = (grid.meters.len() - 1) * QUARTERS_PER_DAY + usize::from(quarter);
        let Some(own) = grid.values.get_mut(at) else { continue };
        if !own.is_nan() {
            return Err(ReadingError::Twice {
                place: place.to_owned(),
                meter: meter.to_string(),
                begin: day.quarter(usize::from(quarter)).text(),
            });
        }
        *own = value;
        if let Some(own) = grid.batches.get_mut(at) {
            *own = batch;
        }
    }
    Ok(grid)
}
