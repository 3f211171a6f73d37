//! Files that tests read: written by the libraries that others write theirs with.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::super::{OpenOptions, SourceError, WideTable};
use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow::datatypes::{Field, Int32Type, Schema};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// 2024-01-01 00:00 of local time, in seconds.
pub(super) const YEAR_2024: i64 = 1_704_067_200;
/// A quarter of an hour.
pub(super) const STEP_SECONDS: i64 = 900;

/// A folder that is gone after the test.
pub(super) struct Desk {
    folder: TempDir,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    pub(super) fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// A Parquet file with row groups of `rows` rows.
    pub(super) fn parquet(&self, name: &str, batch: &RecordBatch, rows: usize) -> PathBuf {
        self.parquet_with(name, batch, |builder| builder.set_max_row_group_row_count(Some(rows)))
    }

    pub(super) fn parquet_with(
        &self,
        name: &str,
        batch: &RecordBatch,
        properties: impl Fn(WriterPropertiesBuilder) -> WriterPropertiesBuilder,
    ) -> PathBuf {
        let path = self.path(name);
        let properties = properties(WriterProperties::builder()).build();
        let file = File::create(&path).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
        writer.write(batch).unwrap();
        writer.close().unwrap();
        path
    }

    /// An Arrow file of the file kind.
    pub(super) fn arrow(&self, name: &str, batches: &[RecordBatch]) -> PathBuf {
        let path = self.path(name);
        let file = File::create(&path).unwrap();
        let mut writer =
            arrow::ipc::writer::FileWriter::try_new(file, &batches[0].schema()).unwrap();
        batches.iter().for_each(|batch| writer.write(batch).unwrap());
        writer.finish().unwrap();
        path
    }

    /// An Arrow file of the stream kind.
    pub(super) fn arrow_stream(&self, name: &str, batches: &[RecordBatch]) -> PathBuf {
        let path = self.path(name);
        let file = File::create(&path).unwrap();
        let mut writer =
            arrow::ipc::writer::StreamWriter::try_new(file, &batches[0].schema()).unwrap();
        batches.iter().for_each(|batch| writer.write(batch).unwrap());
        writer.finish().unwrap();
        path
    }

    pub(super) fn open(&self, name: &str) -> Result<WideTable, SourceError> {
        open(&self.folder.path().join(name), name)
    }
}

pub(super) fn open(path: &Path, shown: &str) -> Result<WideTable, SourceError> {
    let options = OpenOptions { shown: Some(shown.to_owned()), ..OpenOptions::default() };
    WideTable::open(path, &options)
}

/// A batch of named columns.
pub(super) fn batch(columns: &[(&str, ArrayRef)]) -> RecordBatch {
    let fields =
        columns.iter().map(|(name, values)| Field::new(*name, values.data_type().clone(), true));
    let schema = Schema::new(fields.collect::<Vec<_>>());
    let columns = columns.iter().map(|(_, values)| Arc::clone(values)).collect();
    RecordBatch::try_new(Arc::new(schema), columns).unwrap()
}

/// The batch with a unit in the metadata of a column.
pub(super) fn with_unit(batch: &RecordBatch, column: &str, unit: &str) -> RecordBatch {
    let fields = batch
        .schema()
        .fields()
        .iter()
        .map(|field| {
            let metadata = match field.name() == column {
                true => HashMap::from([("unit".to_owned(), unit.to_owned())]),
                false => HashMap::new(),
            };
            field.as_ref().clone().with_metadata(metadata)
        })
        .collect::<Vec<_>>();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), batch.columns().to_vec()).unwrap()
}

pub(super) fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

pub(super) fn numbers(values: &[f64]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

/// Readings of meters: `plants` times `steps` quarters of an hour, by plant, then by time.
pub(super) fn readings(plants: std::ops::Range<usize>, steps: usize) -> RecordBatch {
    let names: Vec<String> = plants.clone().map(|plant| format!("plant-{plant:04}")).collect();
    let count = plants.len() * steps;
    let plant: DictionaryArray<Int32Type> =
        (0..count).map(|row| names[row / steps].as_str()).collect();
    let start = YEAR_2024 * 1000;
    let step = STEP_SECONDS * 1000;
    let stamps = (0..count).map(|row| start + step * i64::try_from(row % steps).unwrap());
    let power = (0..count).map(|row| (row % 97) as f64 + 0.5);
    batch(&[
        ("plant", Arc::new(plant)),
        ("stamp", Arc::new(TimestampMillisecondArray::from_iter_values(stamps))),
        ("power (kWh)", Arc::new(Float64Array::from_iter_values(power))),
    ])
}
