//! What a table of readings promises.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod histories;
mod journals;
mod journeys;

use super::waiting::{Arriving, FilesArriving, Intake, IntakeOptions};
use super::{
    Day, Quarter, ReadingBatch, ReadingError, ReadingRow, ReadingRows, ReadingTable, Step,
};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// A watch that lets everything pass.
fn calm(_: Step) -> Result<(), ReadingError> {
    Ok(())
}

fn quarter(text: &str) -> Quarter {
    Quarter::parse(text).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn batch(number: i64, at: i64) -> ReadingBatch {
    ReadingBatch { number, name: format!("第{number}批"), by: "李工".to_owned(), at }
}

/// Rows of one batch: meter, quarter, value.
fn rows(number: i64, list: &[(&str, &str, f64)]) -> ReadingRows {
    let mut rows = ReadingRows::default();
    for (meter, begin, value) in list {
        let known = rows.meters.iter().position(|own| **own == **meter);
        let place = known.unwrap_or_else(|| {
            rows.meters.push(Arc::from(*meter));
            rows.meters.len() - 1
        });
        let meter = u32::try_from(place).unwrap();
        let (quarter, value) = (quarter(begin), *value);
        rows.rows.push(ReadingRow { meter, quarter, value, batch: number });
    }
    rows
}

/// The values of a day of a meter that are there, by their quarters.
fn values(table: &ReadingTable, meter: &str, of: &str, as_of: Option<i64>) -> Vec<(usize, f64)> {
    let found = table.day(meter, day(of), as_of).unwrap();
    let quarters = found.quarters.iter().enumerate();
    quarters.filter_map(|(at, known)| known.map(|(value, _)| (at, value))).collect()
}

/// A folder with a table of kilowatt-hours in it.
fn bench() -> (TempDir, ReadingTable) {
    let folder = tempfile::tempdir().unwrap();
    let table = ReadingTable::open_or_create(&folder.path().join("meters"), "kWh").unwrap();
    (folder, table)
}

fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}
