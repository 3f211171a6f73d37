//! Damaged files are told of by name, and never end the program.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::super::{ScanRequest, SourceError, WideTable, runtime};
use super::fixture::{Desk, open, readings};
use datafusion_common::DataFusionError;
use datafusion_physical_plan::ExecutionPlanProperties;
use futures::StreamExt;
use std::path::Path;

/// Opens, loads, scans and asks for facts; what went wrong, if anything did.
fn use_it(path: &Path) -> Result<(), SourceError> {
    let table = open(path, "m")?;
    let _ = table.sorted_by(&["plant", "stamp"]);
    let scanned = scan(&table);
    table.distinct_texts("plant")?;
    table.load()?;
    scanned
}

fn scan(table: &WideTable) -> Result<(), SourceError> {
    let columns = table.columns.iter().map(|column| column.physical.clone()).collect();
    let plan = table.scan(&ScanRequest { columns, partitions: 2, ..ScanRequest::default() })?;
    let context = runtime(None, Path::new("spill")).unwrap();
    let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for partition in 0..plan.output_partitioning().partition_count() {
        let read: Result<(), DataFusionError> = tokio.block_on(async {
            let mut stream = plan.execute(partition, context.clone())?;
            while let Some(batch) = stream.next().await {
                batch?;
            }
            Ok(())
        });
        read.map_err(|error| table.diagnose(&error))?;
    }
    Ok(())
}

fn refused(desk: &Desk, name: &str, bytes: &[u8]) -> SourceError {
    desk.put(name, bytes);
    let error = use_it(&desk.path(name)).unwrap_err();
    assert_eq!(error.diagnostic().code, "table-unreadable", "{error}");
    error
}

#[test]
fn what_is_no_file_of_its_kind_is_told_of() {
    let desk = Desk::new();
    for name in ["m.parquet", "m.arrow"] {
        for bytes in [&b""[..], b"PAR1", b"PAR1PAR1", b"ARROW1", b"ARROW1\0\0", b"plant,x\n1,2\n"] {
            let error = refused(&desk, name, bytes);
            assert!(matches!(&error, SourceError::Damaged { file, .. } if file == "m"), "{error}");
        }
    }
}

#[test]
fn a_file_that_ends_too_early_is_told_of() {
    let desk = Desk::new();
    for name in ["m.parquet", "m.arrow"] {
        let path = match name {
            "m.parquet" => desk.parquet(name, &readings(0..4, 50), 60),
            _ => desk.arrow(name, &[readings(0..4, 50)]),
        };
        let whole = std::fs::read(&path).unwrap();
        for parts in [1, 10, 50, 90, 99] {
            refused(&desk, name, &whole[..whole.len() * parts / 100]);
        }
        refused(&desk, name, &whole[..whole.len() - 1]);
    }
}

#[test]
fn a_damaged_page_is_found_in_its_file() {
    let desk = Desk::new();
    desk.parquet("m/a.parquet", &readings(0..4, 50), 60);
    let path = desk.parquet("m/b.parquet", &readings(4..8, 50), 60);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4..200].fill(0xff);
    std::fs::write(&path, &bytes).unwrap();
    let error = use_it(&desk.path("m")).unwrap_err();
    assert!(
        matches!(&error, SourceError::Damaged { file, .. } if file == "m/b.parquet"),
        "{error}"
    );
}

#[test]
fn a_file_that_changes_before_it_is_read_is_told_of() {
    let desk = Desk::new();
    let path = desk.parquet("m.parquet", &readings(0..4, 50), 60);
    let table = open(&path, "m").unwrap();
    let columns = vec!["plant".to_owned()];
    let plan = table.scan(&ScanRequest { columns, ..ScanRequest::default() }).unwrap();
    desk.parquet("m.parquet", &readings(0..5, 50), 60);
    let context = runtime(None, Path::new("spill")).unwrap();
    let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut stream = plan.execute(0, context).unwrap();
    let error = tokio.block_on(async { stream.next().await.unwrap().unwrap_err() });
    assert_eq!(table.diagnose(&error), SourceError::Changed { file: "m".to_owned() });
}

/// Numbers that are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).unwrap()
    }
}

#[test]
fn flipped_bits_never_end_the_program() {
    let desk = Desk::new();
    let rows = readings(0..4, 50);
    let files = [desk.parquet("a.parquet", &rows, 60), desk.arrow("b.arrow", &[rows])];
    let mut numbers = Numbers(7);
    for (path, flips) in files.iter().zip([400, 150]) {
        let whole = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for _ in 0..flips {
            let mut bytes = whole.clone();
            // Most of a footer is at the end: half of the flips go there.
            let at = match numbers.next(2) {
                0 => numbers.next(bytes.len()),
                _ => bytes.len() - 1 - numbers.next(bytes.len().min(2_000)),
            };
            bytes[at] ^= 1 << numbers.next(8);
            desk.put(&name, &bytes);
            let found = std::panic::catch_unwind(|| use_it(path));
            assert!(found.is_ok(), "{name}: a flip at byte {at} of {} ended it", bytes.len());
        }
    }
}
