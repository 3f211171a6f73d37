//! Delta tables as wide tables.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::super::{Format, OpenOptions, SourceError, WideTable};
use super::fixture::Desk;
use crate::delta::{
    AsOf, Author, Incoming, MergeOptions, Partition, TableLayout, append, create, layout_of, merge,
};

const READINGS: &str = "plant,instant,power (kWh)\n甲厂,2024-01-31 23:45,2.5\n\
    甲厂,2024-02-01 00:00,3.5\n乙厂,2024-02-01 00:00,20\n";

fn incoming(desk: &Desk, name: &str, text: &str) -> Incoming {
    desk.put(name, text.as_bytes());
    Incoming::open(&desk.path(name)).unwrap()
}

/// Version 0 is empty, version 1 has three rows, version 2 one of them restated.
fn with_versions() -> Desk {
    let desk = Desk::new();
    let keys = ["plant".to_owned(), "instant".to_owned()];
    let layout = layout_of(incoming(&desk, "r.csv", READINGS), &keys).unwrap();
    let partitions = vec![Partition::parse("month(instant)").unwrap()];
    let layout = TableLayout { partitions, ..layout };
    let (table, author) = (desk.path("meters"), Author::default());
    create(&table, &layout, &author).unwrap();
    append(&table, vec![incoming(&desk, "r.csv", READINGS)], &author).unwrap();
    let restated = "plant,instant,power (kWh)\n乙厂,2024-02-01 00:00,25\n";
    merge(&table, vec![incoming(&desk, "c.csv", restated)], &MergeOptions::default()).unwrap();
    desk
}

fn power(table: &WideTable) -> Vec<String> {
    let loaded = table.load().unwrap();
    let column = loaded.columns.iter().find(|column| column.header == "power (kWh)").unwrap();
    let mut cells: Vec<String> =
        (0..loaded.row_count()).map(|row| column.cells.get(row).to_string()).collect();
    cells.sort();
    cells
}

#[test]
fn a_version_is_read_with_units_and_without_derived_partitions() {
    let desk = with_versions();
    let table = desk.open("meters").unwrap();
    assert_eq!((table.format, table.version), (Format::Delta, Some(2)));
    let headers: Vec<&str> = table.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(headers, ["plant", "instant", "power (kWh)"]);
    assert_eq!(table.rows, Some(3));
    assert_eq!(power(&table), ["2.5", "25", "3.5"]);
    assert_eq!(table.distinct_texts("plant").unwrap().texts, ["乙厂", "甲厂"]);
    let loaded = table.load().unwrap();
    let stamps: Vec<String> =
        (0..3).map(|row| loaded.columns[1].cells.get(row).to_string()).collect();
    assert!(stamps.contains(&"2024-01-31 23:45".to_owned()), "{stamps:?}");
}

#[test]
fn an_earlier_version_is_read_as_it_was() {
    let desk = with_versions();
    let at = |version| {
        let as_of = Some(AsOf::Version(version));
        WideTable::open(&desk.path("meters"), &OpenOptions { as_of, ..OpenOptions::default() })
    };
    assert_eq!(power(&at(1).unwrap()), ["2.5", "20", "3.5"]);
    let empty = at(0).unwrap();
    assert_eq!((empty.rows, empty.columns.len()), (Some(0), 3));
    assert_eq!(empty.load().unwrap().row_count(), 0);
    assert!(matches!(at(9), Err(SourceError::Found(_))));
}

#[test]
fn a_folder_with_a_log_of_nothing_is_refused() {
    let desk = Desk::new();
    desk.put("meters/_delta_log/00000000000000000000.json", b"{}");
    let error = desk.open("meters").unwrap_err();
    assert!(matches!(error, SourceError::Found(_)), "{error}");
}
