//! Delta tables as their users meet them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod log;
mod merging;
mod reading;
mod writing;

use super::*;
use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, TimestampMicrosecondType};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// 台 A folder with the table `meters` in it, and files beside it.
struct Bench {
    folder: TempDir,
}

/// Two plants, readings of the last and the first minutes of two months.
const READINGS: &str = "plant,instant,power (kWh)\n\
    甲厂,2024-01-31 23:30,1.5\n\
    甲厂,2024-01-31 23:45,2.5\n\
    甲厂,2024-02-01 00:00,3.5\n\
    乙厂,2024-01-31 23:45,10\n\
    乙厂,2024-02-01 00:00,20\n";

impl Bench {
    /// No table yet.
    fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The table with its readings: version 0 empty, version 1 with five rows.
    fn with_readings() -> Self {
        let bench = Self::empty();
        let layout = layout_of(bench.csv("readings.csv", READINGS), &keys()).unwrap();
        let partitions = vec![Partition::parse("month(instant)").unwrap()];
        let layout = TableLayout { partitions, ..layout };
        create(&bench.table(), &layout, &Author::default()).unwrap();
        append(&bench.table(), vec![bench.csv("readings.csv", READINGS)], &Author::default())
            .unwrap();
        bench
    }

    fn table(&self) -> PathBuf {
        self.folder.path().join("meters")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A CSV file of that text.
    fn csv(&self, name: &str, text: &str) -> Incoming {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        Incoming::open(&path).unwrap()
    }

    fn merge(&self, text: &str) -> Result<Merged, DeltaError> {
        let correction = self.csv("correction.csv", text);
        merge(&self.table(), vec![correction], &MergeOptions::default())
    }

    fn rows(&self, as_of: Option<&AsOf>) -> Rows {
        rows(&open(&self.table(), as_of).unwrap())
    }

    fn log_entry(&self, version: i64) -> PathBuf {
        self.table().join(log_name(version))
    }
}

fn keys() -> Vec<String> {
    vec!["plant".to_owned(), "instant".to_owned()]
}

/// `plant`, microseconds and `power` of each row.
type Rows = BTreeMap<(String, i64), Option<f64>>;

/// All rows of a snapshot; panics if a key is there twice.
fn rows(snapshot: &DeltaSnapshot) -> Rows {
    let mut rows = Rows::new();
    for file in &snapshot.files {
        for batch in batches(&file.path) {
            let plant = batch.column_by_name("plant").unwrap().as_string::<i32>().clone();
            let instant = batch.column_by_name("instant").unwrap();
            let instant = instant.as_primitive::<TimestampMicrosecondType>().clone();
            let power = batch.column_by_name("power").unwrap();
            let power = power.as_primitive::<Float64Type>().clone();
            for row in 0..batch.num_rows() {
                let value = power.iter().nth(row).unwrap();
                let key = (plant.value(row).to_owned(), instant.value(row));
                assert!(rows.insert(key, value).is_none(), "a key twice");
            }
        }
    }
    rows
}

fn batches(file: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap()).unwrap();
    reader.build().unwrap().map(Result::unwrap).collect()
}

/// Microseconds of a local time.
fn at(text: &str) -> i64 {
    let key = |text| tanliu_unit::time::TimeKey::parse(text).unwrap().ordinal;
    (key(text) - key("1970-01-01 00:00")) * 1_000_000
}

/// Code and English text of a refusal.
fn refusal<T: std::fmt::Debug>(result: Result<T, DeltaError>) -> (&'static str, String) {
    let finding = result.unwrap_err().diagnostic();
    let mut text = finding.message.en.clone();
    for label in &finding.labels {
        text.push_str(&format!(" | {:?}", label.place));
    }
    for note in &finding.notes {
        text.push_str(&format!(" | {}", note.en));
    }
    assert!(finding.message.zh.chars().any(|sign| sign > '\u{2e80}'), "{}", finding.message.zh);
    assert!(finding.hint.is_some(), "{} says no mend", finding.code);
    (finding.code, text)
}
