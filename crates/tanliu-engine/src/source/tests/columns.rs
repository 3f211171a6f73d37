//! Headers, types and units of columns.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::super::SourceError;
use super::super::columns::dictionary;
use super::fixture::{Desk, batch, numbers, texts, with_unit};
use arrow::array::{
    ArrayRef, BinaryArray, Date32Array, Decimal128Array, Float32Array, Int8Array, Int16Array,
    Int32Array, Int64Array, LargeStringArray, NullArray, RecordBatch, TimestampMicrosecondArray,
    TimestampMillisecondArray, UInt8Array, UInt32Array, UInt64Array,
};
use arrow::datatypes::{DataType, TimeUnit};
use parquet::file::properties::WriterProperties;
use std::sync::Arc;

fn one(values: ArrayRef) -> RecordBatch {
    batch(&[("x", values)])
}

/// The type of two files' column together, or the error.
fn together(left: ArrayRef, right: ArrayRef) -> Result<DataType, SourceError> {
    let desk = Desk::new();
    desk.parquet("m/a.parquet", &one(left), 9);
    desk.parquet("m/b.parquet", &one(right), 9);
    let table = desk.open("m")?;
    assert_eq!(table.load()?.row_count(), 2, "both files are read in the common type");
    Ok(table.columns[0].data_type.clone())
}

#[test]
fn a_unit_of_the_metadata_stands_in_the_header() {
    let desk = Desk::new();
    let plain = batch(&[("plant", texts(&["a"])), ("power", numbers(&[1.0]))]);
    desk.parquet("m.parquet", &with_unit(&plain, "power", "kWh"), 9);
    let table = desk.open("m.parquet").unwrap();
    assert_eq!(table.columns[1].header, "power (kWh)");
    assert_eq!(table.columns[1].physical, "power");
    assert_eq!(table.header().columns[1].header, "power (kWh)");
    assert_eq!(table.column("power (kWh)"), Some(&table.columns[1]));
}

#[test]
fn units_that_differ_between_files_are_refused() {
    let desk = Desk::new();
    let plain = batch(&[("power", numbers(&[1.0]))]);
    desk.parquet("m/a.parquet", &with_unit(&plain, "power", "kWh"), 9);
    desk.parquet("m/b.parquet", &with_unit(&plain, "power", "MWh"), 9);
    let error = desk.open("m").unwrap_err();
    assert_eq!(
        error.to_string(),
        "column power is in kWh in m/a.parquet and in MWh in m/b.parquet"
    );
}

#[test]
fn types_widen_only_without_loss() {
    let whole = |values: i32| Arc::new(Int32Array::from(vec![values])) as ArrayRef;
    let small: ArrayRef = Arc::new(Int8Array::from(vec![1]));
    let short: ArrayRef = Arc::new(Int16Array::from(vec![1]));
    let long: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let byte: ArrayRef = Arc::new(UInt8Array::from(vec![1]));
    let unsigned: ArrayRef = Arc::new(UInt32Array::from(vec![1]));
    let huge: ArrayRef = Arc::new(UInt64Array::from(vec![1]));
    let single: ArrayRef = Arc::new(Float32Array::from(vec![0.5]));
    let double = numbers(&[0.5]);
    assert_eq!(together(small.clone(), short).unwrap(), DataType::Int16);
    assert_eq!(together(whole(1), long.clone()).unwrap(), DataType::Int64);
    assert_eq!(together(byte, small).unwrap(), DataType::Int16);
    assert_eq!(together(unsigned, whole(1)).unwrap(), DataType::Int64);
    assert_eq!(together(single, double.clone()).unwrap(), DataType::Float64);
    assert_eq!(together(whole(1), double.clone()).unwrap(), DataType::Float64);
    assert_eq!(together(Arc::new(NullArray::new(1)), double.clone()).unwrap(), DataType::Float64);
    for (left, right) in [(long.clone(), double), (huge, long), (whole(1), texts(&["1"]))] {
        let error = together(left, right).unwrap_err();
        assert!(matches!(error, SourceError::TypesDiffer { .. }), "{error}");
        let finding = error.diagnostic();
        assert_eq!((finding.code, finding.labels.len()), ("data-parts-differ", 2));
    }
}

#[test]
fn times_of_two_scales_take_the_finer_one() {
    let coarse: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![1_704_067_200_000]));
    let fine: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![1_704_067_200_000_000]));
    let found = together(coarse, fine).unwrap();
    assert_eq!(found, DataType::Timestamp(TimeUnit::Microsecond, None));
}

#[test]
fn decimals_take_the_digits_of_both() {
    let decimal = |precision, scale| {
        let values = Decimal128Array::from(vec![12_345]);
        Arc::new(values.with_precision_and_scale(precision, scale).unwrap()) as ArrayRef
    };
    let found = together(decimal(10, 2), decimal(12, 6)).unwrap();
    assert_eq!(found, DataType::Decimal128(14, 6));
    assert!(together(decimal(38, 0), decimal(38, 38)).is_err());
}

#[test]
fn texts_are_dictionaries_where_all_files_have_them() {
    let desk = Desk::new();
    desk.parquet("m/a.parquet", &one(texts(&["a", "b", "a"])), 9);
    desk.parquet("m/b.parquet", &one(Arc::new(LargeStringArray::from(vec!["a"]))), 9);
    assert_eq!(desk.open("m").unwrap().columns[0].data_type, dictionary());
    desk.parquet_with("m/c.parquet", &one(texts(&["a"])), |builder| {
        builder.set_dictionary_enabled(false)
    });
    assert_eq!(desk.open("m").unwrap().columns[0].data_type, DataType::Utf8);
    let all = desk.open("m").unwrap().distinct_texts("x").unwrap();
    assert_eq!(all.texts, ["a", "b"]);
}

#[test]
fn files_with_other_columns_are_named() {
    let desk = Desk::new();
    let left = batch(&[("x", numbers(&[1.0])), ("y", numbers(&[1.0]))]);
    let right = batch(&[("x", numbers(&[1.0])), ("z", numbers(&[1.0]))]);
    desk.parquet("m/a.parquet", &left, 9);
    desk.parquet("m/b.parquet", &right, 9);
    let error = desk.open("m").unwrap_err();
    let expected = SourceError::ColumnsDiffer {
        first: "m/a.parquet".to_owned(),
        second: "m/b.parquet".to_owned(),
        lacking: vec!["y".to_owned()],
        further: vec!["z".to_owned()],
    };
    assert_eq!(error, expected);
    let notes: Vec<String> = error.diagnostic().notes.iter().map(|note| note.en.clone()).collect();
    assert_eq!(notes, ["it lacks: y", "only it has: z"]);
}

#[test]
fn columns_in_another_order_are_the_same() {
    let desk = Desk::new();
    let left = batch(&[("x", numbers(&[1.0])), ("y", texts(&["a"]))]);
    let right = batch(&[("y", texts(&["b"])), ("x", numbers(&[2.0]))]);
    desk.parquet("m/a.parquet", &left, 9);
    desk.parquet("m/b.parquet", &right, 9);
    let table = desk.open("m").unwrap().load().unwrap();
    assert_eq!(table.columns[0].cells.get(1).to_string(), "2");
    assert_eq!(table.columns[1].cells.get(1).to_string(), "b");
}

#[test]
fn types_that_no_cell_has_are_refused_by_name() {
    let desk = Desk::new();
    desk.parquet("b.parquet", &one(Arc::new(BinaryArray::from(vec![&b"x"[..]]))), 9);
    let error = desk.open("b.parquet").unwrap_err();
    assert_eq!(error.to_string(), "column x of b.parquet has the type Binary");
    assert_eq!(error.diagnostic().code, "table-column-type");
    let zoned = TimestampMillisecondArray::from(vec![0]).with_timezone("Asia/Shanghai");
    desk.parquet("z.parquet", &one(Arc::new(zoned)), 9);
    let error = desk.open("z.parquet").unwrap_err();
    assert_eq!(error.diagnostic().code, "table-time-zone");
    assert!(error.diagnostic().message.en.contains("Asia/Shanghai"));
    desk.arrow("d.arrow", &[one(Arc::new(Date32Array::from(vec![0])))]);
    assert!(desk.open("d.arrow").is_ok());
}

#[test]
fn a_compression_that_is_not_built_in_is_named() {
    // The library cannot write it here, so the codec is changed in the footer: field 4 of the
    // column's metadata, UNCOMPRESSED (0) to GZIP (2), as a zigzag varint.
    let desk = Desk::new();
    let path = desk.parquet_with("m.parquet", &one(numbers(&[1.0])), |builder| {
        builder.set_compression(parquet::basic::Compression::UNCOMPRESSED)
    });
    let bytes = std::fs::read(&path).unwrap();
    // Behind the path ["x"] stands the field header 0x15 (i32) and the codec.
    let at = bytes.windows(4).rposition(|found| found == [b'\x01', b'x', 0x15, 0x00]).unwrap();
    let mut changed = bytes;
    changed[at + 3] = 4;
    std::fs::write(&path, &changed).unwrap();
    let error = desk.open("m.parquet").unwrap_err();
    assert_eq!(error.diagnostic().code, "table-compression", "{error}");
    let _ = WriterProperties::builder();
}
