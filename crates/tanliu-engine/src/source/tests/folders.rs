//! Which files make up a table.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::super::{Format, SourceError};
use super::fixture::{Desk, batch, numbers, readings, texts};

#[test]
fn files_come_by_name_with_their_rows() {
    let desk = Desk::new();
    desk.parquet("meters/b.parquet", &readings(2..4, 10), 7);
    desk.parquet("meters/a.parquet", &readings(0..2, 10), 7);
    desk.parquet("meters/deep/c.parquet", &readings(4..5, 10), 7);
    desk.put("meters/_SUCCESS", b"");
    desk.put("meters/.hidden.parquet", b"x");
    desk.put("meters/README.md", b"# meters");
    desk.put("meters/notes.txt", b"x");
    let table = desk.open("meters").unwrap();
    assert_eq!((table.name.as_str(), table.shown.as_str()), ("meters", "meters"));
    assert_eq!(table.format, Format::Parquet);
    let names: Vec<&str> = table.files.iter().map(|file| file.shown.as_str()).collect();
    assert_eq!(names, ["meters/a.parquet", "meters/b.parquet", "meters/deep/c.parquet"]);
    let rows: Vec<Option<u64>> = table.files.iter().map(|file| file.rows).collect();
    assert_eq!(rows, [Some(20), Some(20), Some(10)]);
    assert_eq!(table.rows, Some(50));
    assert_eq!(table.skipped, ["meters/notes.txt"]);
}

#[test]
fn folders_that_name_a_value_are_columns() {
    let desk = Desk::new();
    desk.parquet("m/year=2023/region=%E5%8D%8E%E5%8C%97/x.parquet", &readings(0..1, 4), 9);
    desk.parquet("m/year=2024/region=__HIVE_DEFAULT_PARTITION__/x.parquet", &readings(0..1, 4), 9);
    let table = desk.open("m").unwrap();
    let headers: Vec<&str> = table.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(headers, ["plant", "stamp", "power (kWh)", "year", "region"]);
    assert!(table.columns[3].partition && !table.columns[2].partition);
    assert_eq!(table.files[0].partition, [Some("2023".to_owned()), Some("华北".to_owned())]);
    assert_eq!(table.files[1].partition, [Some("2024".to_owned()), None]);
}

#[test]
fn folders_of_other_names_are_refused() {
    let desk = Desk::new();
    desk.parquet("m/year=2023/x.parquet", &readings(0..1, 4), 9);
    desk.parquet("m/month=1/x.parquet", &readings(0..1, 4), 9);
    let error = desk.open("m").unwrap_err();
    assert!(matches!(error, SourceError::PartitionsDiffer { .. }), "{error}");
    desk.parquet("n/plant=1/x.parquet", &readings(0..1, 4), 9);
    let error = desk.open("n").unwrap_err();
    assert!(matches!(error, SourceError::PartitionInFile { .. }), "{error}");
}

#[test]
fn a_folder_without_tables_is_told_of() {
    let desk = Desk::new();
    desk.put("m/notes.txt", b"x");
    let error = desk.open("m").unwrap_err();
    assert_eq!(error, SourceError::NoFiles { folder: "m".to_owned() });
    assert_eq!(error.diagnostic().code, "data-empty-folder");
    assert!(matches!(desk.open("none"), Err(SourceError::Unreadable { .. })));
    assert!(matches!(desk.open("m/notes.txt"), Err(SourceError::UnknownFormat { .. })));
}

#[test]
fn two_formats_in_one_folder_are_no_table() {
    let desk = Desk::new();
    desk.parquet("m/a.parquet", &readings(0..1, 4), 9);
    desk.put("m/b.csv", b"plant,power (kWh)\n");
    let error = desk.open("m").unwrap_err();
    assert_eq!(error.diagnostic().code, "data-parts-differ");
    assert!(error.to_string().contains("b.csv"), "{error}");
}

#[test]
fn a_changed_file_is_noticed() {
    let desk = Desk::new();
    desk.parquet("m.parquet", &readings(0..1, 4), 9);
    let table = desk.open("m.parquet").unwrap();
    assert_eq!(table.name, "m");
    table.check_unchanged().unwrap();
    desk.parquet("m.parquet", &readings(0..1, 5), 9);
    assert_eq!(table.check_unchanged(), Err(SourceError::Changed { file: "m.parquet".to_owned() }));
}

#[test]
fn text_parts_in_utf8_are_a_table_of_texts() {
    let desk = Desk::new();
    desk.put("m/a.csv", "\u{feff}plant,power (kWh)\n一厂,1\n".as_bytes());
    desk.put("m/b.csv", b"power (kWh),plant\n2,two\n");
    let table = desk.open("m").unwrap();
    assert_eq!(table.format, Format::Csv);
    let headers: Vec<&str> = table.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(headers, ["plant", "power (kWh)"]);
    desk.put("n/a.csv", b"\xd2\xbb\xb3\xa7,x\n1,2\n");
    assert_eq!(desk.open("n").unwrap_err().diagnostic().code, "table-encoding");
}

#[test]
fn a_file_without_rows_is_a_table() {
    let desk = Desk::new();
    let empty = batch(&[("plant", texts(&[])), ("power (kWh)", numbers(&[]))]);
    desk.parquet("m.parquet", &empty, 9);
    let table = desk.open("m.parquet").unwrap();
    assert_eq!((table.rows, table.columns.len()), (Some(0), 2));
    assert_eq!(table.load().unwrap().row_count(), 0);
}
