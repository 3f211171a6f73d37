//! Results as Parquet and Delta.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use crate::delta::{AsOf, Author, open};
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow::array::{ArrayRef, AsArray, Float64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef};
use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use tanliu_method::bind::{BindInput, bind};
use tanliu_method::check::{Checked, NoLibrary, check};
use tanliu_method::data::Dataset;
use tanliu_method::eval::{RunOptions, RunOutcome, run};

const DOCUMENT: &str = "---\nid: a\ntitle: a\n---\n```tan\nindex year : year\nindex fuel : text\n\
    input burnt[year, fuel] : t \"消费量\"\nparam ef = 2 tCO2/t\n\
    output co2[year, fuel] : tCO2 = burnt * ef \"排放量\"\noutput high[year, fuel] = co2 > 5 tCO2\n\
    output total : tCO2 = sum(sum(co2 over fuel) over year)\n```\n";

/// The document run over a table of two rows.
fn results(second: &str) -> (Checked, RunOutcome) {
    let checked = check("a.md", DOCUMENT, &NoLibrary, &tanliu_factor::Catalogue::default());
    assert!(!checked.diagnostics.has_errors(), "{:?}", checked.diagnostics.list());
    let mut cells = [Vec::new(), Vec::new(), Vec::new()];
    for row in [["2020", "煤", "1.5"], ["2021", "油", second]] {
        for (column, text) in cells.iter_mut().zip(row) {
            column.push(tanliu_method::table::CellValue::Text(text.to_owned()));
        }
    }
    let columns = ["year", "fuel", "burnt (t)"].into_iter().zip(cells).zip(1..);
    let table = tanliu_method::table::Table {
        name: "burnt".into(),
        source: "burnt.csv".into(),
        sheet: None,
        header_row: 1,
        columns: columns
            .map(|((header, cells), number)| tanliu_method::table::Column {
                header: header.to_owned(),
                number,
                cells: tanliu_method::table::Cells::Mixed(cells),
            })
            .collect(),
        row_numbers: vec![2, 3],
    };
    let tables = [table];
    let input =
        BindInput { tables: &tables, restricted: None, scalars: &[], units: &checked.units };
    let (dataset, found): (Dataset, _) = bind(&checked.program, &input);
    assert!(!found.has_errors(), "{:?}", found.list());
    let options = RunOptions::default();
    let catalogue = tanliu_factor::Catalogue::default();
    let outcome = run(&checked.program, &dataset, &catalogue, &options);
    (checked, outcome)
}

#[test]
fn a_result_is_one_batch_with_its_unit() {
    let (checked, outcome) = results("4");
    let table = |name: &str| outcome.tables.iter().find(|table| table.name == name).unwrap();
    let batch = batch_of(&checked.program, table("co2"), ColumnNames::WithUnits).unwrap();
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["year", "fuel", "co2 (tCO2)"]);
    assert_eq!(schema.field(2).metadata()["unit"], "tCO2");
    assert_eq!(batch.column(0).as_primitive::<Int64Type>().values(), &[2020, 2021]);
    assert_eq!(batch.column(2).as_primitive::<Float64Type>().values(), &[3.0, 8.0]);
    let high = batch_of(&checked.program, table("high"), ColumnNames::WithUnits).unwrap();
    assert_eq!(high.column(2).as_boolean().iter().collect::<Vec<_>>(), [Some(false), Some(true)]);
    let total = batch_of(&checked.program, table("total"), ColumnNames::Plain).unwrap();
    assert_eq!((total.num_rows(), total.num_columns()), (1, 1));
}

#[test]
fn a_result_as_parquet_is_the_same_bytes_each_time_and_is_read_back() {
    let (checked, outcome) = results("4");
    let batch = batch_of(&checked.program, &outcome.tables[0], ColumnNames::WithUnits).unwrap();
    let bytes = parquet_bytes("co2", &batch).unwrap();
    assert_eq!(bytes, parquet_bytes("co2", &batch).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("co2.parquet");
    std::fs::write(&path, bytes).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
    let read: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    assert_eq!(read, [batch]);
}

#[test]
fn each_run_leaves_a_version_of_its_results() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("co2");
    for (second, version) in [("4", 1), ("5", 2)] {
        let (checked, outcome) = results(second);
        let table = &outcome.tables[0];
        let written = write_delta(&path, &checked.program, table, &Author::default());
        assert_eq!(written, Ok(version));
    }
    let snapshot = open(&path, None).unwrap();
    assert_eq!(snapshot.rows(), Some(2), "the earlier results are not in the latest version");
    let co2 = snapshot.schema.field_with_name("co2").unwrap();
    assert_eq!(
        (co2.metadata()["unit"].as_str(), co2.metadata()["label"].as_str()),
        ("tCO2", "排放量")
    );
    assert_eq!(snapshot.keys, ["year", "fuel"]);
    assert_eq!(open(&path, Some(&AsOf::Version(1))).unwrap().rows(), Some(2));
}

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("x", DataType::Float64, true)]))
}

/// Numbers that no compression makes smaller.
fn noise(rows: usize, seed: u64) -> RecordBatch {
    let mut state = seed;
    let numbers = (0..rows).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state as f64
    });
    let column: ArrayRef = Arc::new(Float64Array::from_iter_values(numbers));
    RecordBatch::try_new(schema(), vec![column]).unwrap()
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let list = std::fs::read_dir(folder).unwrap();
    list.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_streamed_file_appears_when_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("x.parquet");
    let mut sink = ParquetSink::create(&target, &schema()).unwrap();
    for seed in 0..3 {
        sink.write(&noise(1000, seed)).unwrap();
    }
    assert!(!target.exists(), "nothing under its name yet");
    assert_eq!(sink.finish(), Ok(3000));
    assert_eq!(names(folder.path()), ["x.parquet"]);
    let sink = ParquetSink::create(&target, &schema()).unwrap();
    drop(sink);
    assert_eq!(names(folder.path()), ["x.parquet"], "one that is given up leaves the old file");
}

/// A disk with so many bytes left.
struct SmallDisk {
    file: File,
    left: usize,
}

impl Write for SmallDisk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.left < bytes.len() {
            return Err(std::io::Error::from_raw_os_error(28));
        }
        self.left -= bytes.len();
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    for left in [0, 3, 100, 200_000, 4_000_000] {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("x.parquet");
        std::fs::write(&target, "earlier").unwrap();
        let wrap = |file| Box::new(SmallDisk { file, left }) as Box<dyn Write + Send>;
        let result = ParquetSink::through(&target, &schema(), wrap).and_then(|mut sink| {
            for seed in 0..6 {
                sink.write(&noise(100_000, seed))?;
            }
            sink.finish()
        });
        let finding = result.unwrap_err().diagnostic();
        assert_eq!(finding.code, "write-failed");
        assert!(finding.notes[0].en.contains("No space left"), "{:?}", finding.notes);
        assert_eq!(names(folder.path()), ["x.parquet"]);
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "earlier");
    }
}

#[test]
fn a_table_made_for_a_result_that_cannot_be_written_goes_again() {
    let (checked, outcome) = results("2.5");
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out/co2");
    let rows = folder.path().join("no such file.parquet");
    let program = &checked.program;
    let author = Author::default();
    let written = write_delta_from(&target, program, (&outcome.tables[0], &rows), &author);
    assert!(written.is_err());
    assert!(!folder.path().join("out").exists());
    // One that was there before stays as it was.
    write_delta(&target, program, &outcome.tables[0], &author).unwrap();
    assert!(write_delta_from(&target, program, (&outcome.tables[0], &rows), &author).is_err());
    assert_eq!(open(&target, None).unwrap().rows(), Some(2));
    assert_eq!(std::fs::read_dir(target.join("_delta_log")).unwrap().count(), 2);
}
