//! 批量装载 Files of any length: read in pieces, parted by day, then written day by day.

use super::calendar::{Day, Quarter};
use super::error::ReadingError;
use super::rows::ReadingBatch;
use super::spool::{HELD, Spool};
use super::write::{Taken, Watch};
use super::{INSTANT, METER, ReadingTable, VALUE};
use crate::delta::{Incoming, name_and_unit};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int32Type, TimeUnit, TimestampMicrosecondType};
use std::path::{Path, PathBuf};
use tanliu_unit::UnitTable;

/// 装载选项 Which columns of the files are meant, and who brings them.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// The column of meters; without one the file has them as the table does.
    pub meter: Option<String>,
    /// The column of the quarters' beginnings.
    pub instant: Option<String>,
    /// The column of values; its unit, if it names one, is the table's.
    pub value: Option<String>,
    /// Who brings them; all files are one batch.
    pub batch: ReadingBatch,
    /// How many bytes are held in memory before they go to disk; 64 MiB if none are named.
    pub held_bytes: Option<usize>,
}

/// 已装载 What became of the rows of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loaded {
    /// What became of them; a reading that stands twice is counted once.
    pub taken: Taken,
    /// Rows read, without those whose value is empty.
    pub rows: u64,
    /// Files read.
    pub files: usize,
}

impl ReadingTable {
    /// Takes the readings of Parquet and CSV files, or of folders of them, as one version. Days
    /// that the table has not are written as they come, the others are merged.
    ///
    /// # Errors
    /// A file that cannot be read, a row that is no reading, a key with two values, another unit:
    /// each with its place. The table then stays as it was.
    pub fn add_files(
        &self,
        paths: &[PathBuf],
        options: &LoadOptions,
        watch: Watch<'_>,
    ) -> Result<Loaded, ReadingError> {
        let index = self.index()?;
        let held_most = options.held_bytes.unwrap_or(HELD);
        let mut spool = Spool::new(&index.root, options.batch.number, held_most);
        let files: Vec<PathBuf> = paths.iter().flat_map(|path| files_of(path)).collect();
        for path in &files {
            let incoming = Incoming::open(path)?;
            let columns = Columns::find(&incoming, options, &index.unit)?;
            let mut row = incoming.first_row;
            for batch in incoming.batches {
                let batch = batch?;
                let place = Place { path, row };
                row += batch.num_rows() as u64;
                columns.take(&batch, &place, &mut spool)?;
            }
        }
        spool.close();
        let rows = spool.rows();
        let named = |error| match error {
            ReadingError::Twice { meter, begin, .. } => {
                let place = paths.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>();
                ReadingError::Twice { place: place.join(", "), meter, begin }
            }
            other => other,
        };
        let taken = self.merge(&spool, std::slice::from_ref(&options.batch), watch);
        Ok(Loaded { taken: taken.map_err(named)?, rows, files: files.len() })
    }
}

/// A file, or the CSV and Parquet files of a folder and the folders in it, by their names.
fn files_of(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut list: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    list.sort();
    let of_rows = |path: &PathBuf| path.extension().is_some_and(|e| e == "csv" || e == "parquet");
    list.into_iter()
        .flat_map(|path| if path.is_dir() { files_of(&path) } else { vec![path] })
        .filter(of_rows)
        .collect()
}

/// Where a batch stands.
struct Place<'a> {
    path: &'a Path,
    row: u64,
}

impl Place<'_> {
    fn wrong(&self, row: usize, text: &str) -> ReadingError {
        ReadingError::Row {
            place: self.path.to_string_lossy().into_owned(),
            row: self.row + row as u64,
            text: text.to_owned(),
        }
    }
}

/// The columns of a file that are read, by their numbers.
struct Columns {
    meter: usize,
    instant: usize,
    value: usize,
}

impl Columns {
    fn find(incoming: &Incoming, options: &LoadOptions, unit: &str) -> Result<Self, ReadingError> {
        let named: Vec<(String, Option<String>)> = (incoming.schema.fields().iter())
            .map(|field| name_and_unit(field, &incoming.units))
            .collect();
        let place = |wanted: Option<&String>, usual: &str| {
            let wanted = wanted.map_or(usual, |wanted| wanted);
            let at = named.iter().position(|(name, _)| name == wanted);
            at.ok_or_else(|| ReadingError::Columns {
                table: incoming.source.0.clone(),
                column: wanted.to_owned(),
            })
        };
        let columns = Self {
            meter: place(options.meter.as_ref(), METER)?,
            instant: place(options.instant.as_ref(), INSTANT)?,
            value: place(options.value.as_ref(), VALUE)?,
        };
        let own = named.get(columns.value).and_then(|(_, unit)| unit.clone());
        match own {
            Some(own) if !same_unit(&own, unit) => {
                Err(ReadingError::Unit { own: unit.to_owned(), wanted: own })
            }
            _ => Ok(columns),
        }
    }

    /// Parts a batch into the days of its rows.
    fn take(
        &self,
        batch: &RecordBatch,
        place: &Place<'_>,
        spool: &mut Spool,
    ) -> Result<(), ReadingError> {
        let column = |number: usize| batch.columns().get(number);
        let failed = || place.wrong(0, "a column is gone");
        let (meters, instants, values) =
            column(self.meter).zip(column(self.instant)).zip(column(self.value)).map_or_else(
                || Err(failed()),
                |((meters, instants), values)| Ok((meters, instants, values)),
            )?;
        let named = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let meters = cast(meters, &named).map_err(|error| place.wrong(0, &error.to_string()))?;
        let meters = meters.as_dictionary::<Int32Type>();
        let names = meters.values().as_string_opt::<i32>().ok_or_else(failed)?;
        let numbers = names.iter().map(|name| {
            let name = name.map(str::trim).filter(|name| !name.is_empty());
            name.map(|name| spool.number(name)).transpose()
        });
        let numbers: Vec<Option<u32>> = numbers.collect::<Result<_, _>>()?;
        let quarters = quarters(instants, place)?;
        let values = numbers_of(values, place)?;
        let mut run: (Option<Day>, Vec<(u32, usize, f64)>) = (None, Vec::new());
        for (row, ((key, quarter), value)) in
            meters.keys().iter().zip(quarters).zip(values).enumerate()
        {
            let Some(value) = value else { continue };
            let key = key.and_then(|key| usize::try_from(key).ok());
            let meter = key.and_then(|key| numbers.get(key).copied().flatten());
            let meter = meter.ok_or_else(|| place.wrong(row, "no meter"))?;
            let quarter = quarter.ok_or_else(|| place.wrong(row, "no quarter of an hour"))?;
            if run.0 != Some(quarter.day()) {
                if let Some(day) = run.0 {
                    spool.add(day, &run.1)?;
                }
                run = (Some(quarter.day()), std::mem::take(&mut run.1));
                run.1.clear();
            }
            run.1.push((meter, quarter.in_day(), value));
        }
        match run.0 {
            Some(day) => spool.add(day, &run.1),
            None => Ok(()),
        }
    }
}

fn same_unit(own: &str, wanted: &str) -> bool {
    let table = UnitTable::builtin();
    own == wanted
        || table.parse(own).ok().zip(table.parse(wanted).ok()).is_some_and(|(a, b)| a == b)
}

/// The quarters of a column of times or texts; none where no quarter begins.
fn quarters(column: &ArrayRef, place: &Place<'_>) -> Result<Vec<Option<Quarter>>, ReadingError> {
    let texts = matches!(column.data_type(), DataType::Utf8 | DataType::LargeUtf8);
    let target =
        if texts { DataType::Utf8 } else { DataType::Timestamp(TimeUnit::Microsecond, None) };
    let held = cast(column, &target).map_err(|error| place.wrong(0, &error.to_string()))?;
    Ok(match held.as_string_opt::<i32>() {
        Some(texts) => {
            texts.iter().map(|text| text.and_then(|text| Quarter::parse(text.trim()))).collect()
        }
        None => {
            let times = held.as_primitive::<TimestampMicrosecondType>();
            times.iter().map(|time| time.and_then(Quarter::of_microseconds)).collect()
        }
    })
}

/// The values of a column of numbers or texts; none where a cell is empty.
fn numbers_of(column: &ArrayRef, place: &Place<'_>) -> Result<Vec<Option<f64>>, ReadingError> {
    let texts = matches!(column.data_type(), DataType::Utf8 | DataType::LargeUtf8);
    let target = if texts { DataType::Utf8 } else { DataType::Float64 };
    let held = cast(column, &target).map_err(|error| place.wrong(0, &error.to_string()))?;
    if let Some(texts) = held.as_string_opt::<i32>() {
        let read = |(row, text): (usize, Option<&str>)| {
            let text = text.map(str::trim).filter(|text| !text.is_empty());
            let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
            text.map(|text| number(text).ok_or_else(|| place.wrong(row, text))).transpose()
        };
        return texts.iter().enumerate().map(read).collect();
    }
    let numbers = held.as_primitive::<Float64Type>();
    let read = |(row, number): (usize, Option<f64>)| match number {
        Some(odd) if !odd.is_finite() => Err(place.wrong(row, &odd.to_string())),
        own => Ok(own),
    };
    numbers.iter().enumerate().map(read).collect()
}
