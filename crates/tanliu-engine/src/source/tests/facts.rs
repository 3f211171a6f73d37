//! What footers prove, and distinct texts.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::super::FileOrder;
use super::fixture::{Desk, batch, readings, texts};
use arrow::array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray, UInt32Array};
use arrow::datatypes::Int32Type;
use parquet::file::metadata::SortingColumn;
use std::sync::Arc;

fn order(files_disjoint: bool, groups_ascend: bool, sorted_within: bool) -> Option<FileOrder> {
    Some(FileOrder { files_disjoint, groups_ascend, sorted_within })
}

fn sorted(desk: &Desk, name: &str, rows: &RecordBatch, columns: &[i32]) {
    let columns: Vec<SortingColumn> = (columns.iter())
        .map(|column_idx| SortingColumn {
            column_idx: *column_idx,
            descending: false,
            nulls_first: false,
        })
        .collect();
    desk.parquet_with(name, rows, |builder| {
        builder.set_max_row_group_row_count(Some(40)).set_sorting_columns(Some(columns.clone()))
    });
}

#[test]
fn files_of_other_plants_share_no_key() {
    let desk = Desk::new();
    desk.parquet("m/a.parquet", &readings(0..3, 30), 40);
    desk.parquet("m/b.parquet", &readings(3..5, 30), 40);
    let table = desk.open("m").unwrap();
    assert_eq!(table.sorted_by(&["plant", "stamp"]), order(true, true, false));
    // Every plant has the same times: they fall from group to group.
    assert_eq!(table.sorted_by(&["stamp"]), order(false, false, false));
    assert_eq!(table.sorted_by(&["power (kWh)"]), None);
    assert_eq!(table.sorted_by(&["none"]), None);
    assert_eq!(table.sorted_by(&[]), None);
}

#[test]
fn a_plant_in_two_files_is_seen() {
    let desk = Desk::new();
    desk.parquet("m/a.parquet", &readings(0..3, 30), 40);
    desk.parquet("m/b.parquet", &readings(2..5, 30), 40);
    let found = desk.open("m").unwrap().sorted_by(&["plant"]).unwrap();
    assert!(!found.files_disjoint && found.groups_ascend);
}

#[test]
fn files_may_be_disjoint_in_another_order_than_their_names() {
    let desk = Desk::new();
    desk.parquet("m/a.parquet", &readings(5..7, 30), 40);
    desk.parquet("m/b.parquet", &readings(0..3, 30), 40);
    assert_eq!(desk.open("m").unwrap().sorted_by(&["plant"]), order(true, false, false));
}

#[test]
fn what_writers_say_about_order_is_told() {
    let desk = Desk::new();
    sorted(&desk, "m/a.parquet", &readings(0..3, 30), &[0, 1]);
    sorted(&desk, "m/b.parquet", &readings(3..5, 30), &[0, 1]);
    let table = desk.open("m").unwrap();
    assert_eq!(table.sorted_by(&["plant", "stamp"]), order(true, true, true));
    assert_eq!(table.sorted_by(&["plant"]), order(true, true, true));
    assert!(!table.sorted_by(&["stamp", "plant"]).unwrap().sorted_within);
    sorted(&desk, "m/c.parquet", &readings(5..6, 30), &[1]);
    assert!(!desk.open("m").unwrap().sorted_by(&["plant"]).unwrap().sorted_within);
}

#[test]
fn partitions_of_other_values_share_no_key() {
    let desk = Desk::new();
    desk.parquet("m/year=2023/a.parquet", &readings(0..3, 30), 40);
    desk.parquet("m/year=2024/a.parquet", &readings(0..3, 30), 40);
    assert_eq!(desk.open("m").unwrap().sorted_by(&["year"]), order(true, true, true));
    assert!(!desk.open("m").unwrap().sorted_by(&["year", "plant"]).unwrap().sorted_within);
    desk.parquet("m/year=2024/b.parquet", &readings(0..3, 30), 40);
    assert_eq!(desk.open("m").unwrap().sorted_by(&["year"]), order(false, true, true));
}

#[test]
fn numbers_without_a_sign_are_compared_as_such() {
    let desk = Desk::new();
    let file = |values: Vec<u32>| batch(&[("n", Arc::new(UInt32Array::from(values)) as ArrayRef)]);
    desk.parquet("m/a.parquet", &file(vec![1, 2_000_000_000]), 9);
    desk.parquet("m/b.parquet", &file(vec![3_000_000_000, u32::MAX]), 9);
    assert_eq!(desk.open("m").unwrap().sorted_by(&["n"]), order(true, true, false));
}

#[test]
fn distinct_texts_come_from_dictionaries() {
    let desk = Desk::new();
    desk.parquet("m/a.parquet", &readings(2..4, 30), 40);
    desk.parquet("m/b.parquet", &readings(0..3, 30), 40);
    let found = desk.open("m").unwrap().distinct_texts("plant").unwrap();
    assert_eq!(found.texts, ["plant-0000", "plant-0001", "plant-0002", "plant-0003"]);
    assert!(found.exact);
}

#[test]
fn distinct_texts_without_dictionaries_are_read() {
    let desk = Desk::new();
    let column: ArrayRef =
        Arc::new(StringArray::from(vec![Some("b"), None, Some(""), Some("a"), Some("b")]));
    let rows = batch(&[("x", column)]);
    desk.parquet_with("m/a.parquet", &rows, |builder| builder.set_dictionary_enabled(false));
    desk.parquet("m/b.parquet", &batch(&[("x", texts(&["c", "a"]))]), 9);
    let found = desk.open("m").unwrap().distinct_texts("x").unwrap();
    assert_eq!((found.texts, found.exact), (vec!["a".into(), "b".into(), "c".into()], true));
}

#[test]
fn a_text_of_a_dictionary_that_no_row_has_is_not_counted() {
    let desk = Desk::new();
    let values: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "unused"]));
    let keys = Int32Array::from(vec![0, 1, 0]);
    let coded = DictionaryArray::<Int32Type>::try_new(keys, values).unwrap();
    let rows = batch(&[("x", Arc::new(coded) as ArrayRef)]);
    desk.arrow("m.arrow", std::slice::from_ref(&rows));
    desk.parquet("m.parquet", &rows, 9);
    for name in ["m.arrow", "m.parquet"] {
        let found = desk.open(name).unwrap().distinct_texts("x").unwrap();
        assert_eq!((found.texts, found.exact), (vec!["a".into(), "b".into()], true), "{name}");
    }
}

#[test]
fn distinct_values_of_partitions() {
    let desk = Desk::new();
    desk.parquet("m/r=%E5%8D%8E/a.parquet", &readings(0..1, 3), 40);
    desk.parquet("m/r=a/a.parquet", &readings(0..1, 3), 40);
    let table = desk.open("m").unwrap();
    assert_eq!(table.distinct_texts("r").unwrap().texts, ["a", "华"]);
    assert!(table.distinct_texts("none").unwrap().texts.is_empty());
}
