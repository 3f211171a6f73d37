//! Rows as cells.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::fixture::{Desk, batch, numbers, readings, texts};
use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array,
    Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
};
use arrow::datatypes::Int32Type;
use std::sync::Arc;
use tanliu_method::table::{CellRef, Table};

fn cells(table: &Table, column: usize) -> Vec<String> {
    let cells = &table.columns[column].cells;
    (0..cells.len()).map(|row| format!("{:?}", cells.get(row))).collect()
}

/// What a column of one file is loaded as, the same from Parquet and from both kinds of Arrow.
fn loaded(values: ArrayRef) -> Vec<String> {
    let desk = Desk::new();
    let rows = batch(&[("x", values)]);
    desk.parquet("m.parquet", &rows, 2);
    desk.arrow("m.arrow", std::slice::from_ref(&rows));
    desk.arrow_stream("m.arrows", std::slice::from_ref(&rows));
    let found = cells(&desk.open("m.parquet").unwrap().load().unwrap(), 0);
    for name in ["m.arrow", "m.arrows"] {
        assert_eq!(cells(&desk.open(name).unwrap().load().unwrap(), 0), found, "{name}");
    }
    found
}

#[test]
fn numbers_stay_the_numbers_they_are() {
    let double: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.1), None, Some(-0.0)]));
    assert_eq!(loaded(double), ["Number(0.1)", "Empty", "Number(-0.0)"]);
    let single: ArrayRef = Arc::new(Float32Array::from(vec![0.5, 0.1]));
    assert_eq!(loaded(single), ["Number(0.5)", "Number(0.10000000149011612)"]);
    let long: ArrayRef = Arc::new(Int64Array::from(vec![-7, 9_007_199_254_740_993]));
    assert_eq!(loaded(long), ["Number(-7.0)", "Text(\"9007199254740993\")"]);
    let huge: ArrayRef = Arc::new(UInt64Array::from(vec![3, u64::MAX]));
    assert_eq!(loaded(huge), ["Number(3.0)", "Text(\"18446744073709551615\")"]);
    let decimal = Decimal128Array::from(vec![Some(12_345), None, Some(-1)]);
    let decimal = decimal.with_precision_and_scale(20, 4).unwrap();
    assert_eq!(loaded(Arc::new(decimal)), ["Number(1.2345)", "Empty", "Number(-0.0001)"]);
}

#[test]
fn not_a_number_is_kept_for_the_binder_to_refuse() {
    let found = loaded(numbers(&[f64::NAN, f64::INFINITY]));
    assert_eq!(found, ["Number(NaN)", "Number(inf)"]);
}

#[test]
fn days_and_times_are_dates_as_written() {
    let days: ArrayRef = Arc::new(Date32Array::from(vec![0, 19_782, -1, 11_016]));
    assert_eq!(
        loaded(days),
        [
            "Date(\"1970-01-01\")",
            "Date(\"2024-02-29\")",
            "Date(\"1969-12-31\")",
            "Date(\"2000-02-29\")"
        ]
    );
    let seconds: ArrayRef = Arc::new(TimestampSecondArray::from(vec![1_706_706_900, -1]));
    assert_eq!(loaded(seconds), ["Date(\"2024-01-31 13:15\")", "Date(\"1969-12-31 23:59:59\")"]);
    let micro: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![1_706_706_900_500_000]));
    assert_eq!(loaded(micro), ["Date(\"2024-01-31 13:15:00.5\")"]);
    let nano: ArrayRef = Arc::new(TimestampNanosecondArray::from(vec![1_706_659_200_000_000_000]));
    assert_eq!(loaded(nano), ["Date(\"2024-01-31 00:00\")"]);
}

#[test]
fn texts_and_truth_values() {
    let plain: ArrayRef = Arc::new(StringArray::from(vec![Some("一厂"), None, Some("")]));
    assert_eq!(loaded(plain), ["Text(\"一厂\")", "Empty", "Empty"]);
    let coded: DictionaryArray<Int32Type> = [Some("a"), None, Some("a")].into_iter().collect();
    assert_eq!(loaded(Arc::new(coded)), ["Text(\"a\")", "Empty", "Text(\"a\")"]);
    let truth: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]));
    assert_eq!(loaded(truth), ["Bool(true)", "Empty", "Bool(false)"]);
}

#[test]
fn partitions_are_text_cells_and_parts_keep_their_own_rows() {
    let desk = Desk::new();
    desk.parquet("m/year=2023/a.parquet", &readings(0..1, 3), 2);
    desk.parquet("m/year=2024/a.parquet", &readings(0..1, 2), 2);
    let table = desk.open("m").unwrap();
    let parts = table.load_parts().unwrap();
    assert_eq!(parts[1].source, "m/year=2024/a.parquet");
    assert_eq!(parts[1].row_numbers, [1, 2]);
    assert_eq!(parts[1].columns[3].cells.get(0), CellRef::Text("2024"));
    let whole = table.load().unwrap();
    assert_eq!(whole.row_numbers, [1, 2, 3, 4, 5]);
    let years: Vec<String> =
        (0..5).map(|row| whole.columns[3].cells.get(row).to_string()).collect();
    assert_eq!(years, ["2023", "2023", "2023", "2024", "2024"]);
}

#[test]
fn text_files_are_numbered_by_their_lines() {
    let desk = Desk::new();
    desk.put("m.csv", "plant,power (kWh)\n一厂,\"1,234\"\n二厂,-\n".as_bytes());
    let table = desk.open("m.csv").unwrap().load_parts().unwrap().remove(0);
    assert_eq!((table.header_row, table.row_numbers.as_slice()), (1, &[2, 3][..]));
    assert_eq!(table.columns[1].cells.get(0), CellRef::Text("1,234"));
}

#[test]
fn many_batches_are_one_table() {
    let desk = Desk::new();
    let rows = readings(0..3, 9_000);
    desk.parquet("m.parquet", &rows, 10_000);
    let halves: Vec<RecordBatch> = vec![rows.slice(0, 20_000), rows.slice(20_000, 7_000)];
    desk.arrow("m.arrow", &halves);
    let (left, right) = (desk.open("m.parquet").unwrap(), desk.open("m.arrow").unwrap());
    let (left, right) = (left.load().unwrap(), right.load().unwrap());
    assert_eq!(left.row_count(), rows.column(0).len());
    for column in 0..3 {
        assert_eq!(cells(&left, column), cells(&right, column));
    }
    assert_eq!(left.columns[0].cells.get(26_999), CellRef::Text("plant-0002"));
    let _ = texts(&["a"]);
}
