use super::{cell, codes, headers, mixed, only_error, read, read_clean};
use tanliu_method::table::CellValue::{Bool, Empty, Number, Text};

#[test]
fn columns_are_the_union_of_keys_in_the_order_seen() {
    let table = read_clean(
        "a.jsonl",
        "{\"year\": 2020, \"x (t)\": 0.1}\n\n{\"年\": \"2021\", \"year\": null, \"ok\": true}\r\n{}\n{\"year\": 3}".as_bytes(),
    );
    assert_eq!(headers(&table), ["year", "x (t)", "年", "ok"]);
    assert_eq!(mixed(&table, 0), [Number(2020.0), Empty, Number(3.0)]);
    assert_eq!(mixed(&table, 1), [Number(0.1), Empty, Empty]);
    assert_eq!(mixed(&table, 2), [Empty, Text("2021".to_owned()), Empty]);
    assert_eq!(mixed(&table, 3), [Empty, Bool(true), Empty]);
    assert_eq!(table.row_numbers, [1, 3, 5]);
}

#[test]
fn numbers_are_read_to_the_nearest_double() {
    let table =
        read_clean("a.ndjson", b"{\"x\": 0.0012999999999999999, \"y\": 1.7976931348623157e308}");
    let nearest = "0.0012999999999999999".parse().unwrap();
    assert_eq!(mixed(&table, 0), [Number(nearest)]);
    assert_eq!(mixed(&table, 1), [Number(f64::MAX)]);
    assert_eq!(only_error("a.jsonl", b"{\"id\": 9007199254740993}").code, "cell-too-many-digits");
}

#[test]
fn nested_values_doubled_keys_and_broken_lines_are_named() {
    let error = only_error("a.jsonl", b"{\"x\": 1}\n{\"x\": [1, {\"y\": 2}]}");
    assert_eq!((error.code, cell(&error)), ("cell-nested", (2, 1, "x")));
    assert_eq!(only_error("a.jsonl", b"{\"x\": {\"y\": 2}}").code, "cell-nested");
    let error = only_error("a.jsonl", b"{\"x\": 1}\n{\"x\": 1, \"x\": 2}");
    assert_eq!((error.code, cell(&error).0), ("table-duplicate-column", 2));
    let error = only_error("a.jsonl", b"{\"x\": 1}\n{\"x\": 1");
    assert_eq!((error.code, cell(&error).0), ("table-json-line", 2));
    let error = only_error("a.jsonl", b"[{\"x\": 1}]");
    assert!(error.hint.unwrap().en.contains("brackets"));
    let (_, diagnostics) = read("a.jsonl", b"1\n\"x\"\nnull\n{\"x\": 1}");
    assert_eq!(codes(&diagnostics), ["table-json-line"; 3]);
}

#[test]
fn other_encodings_and_empty_files_are_errors() {
    let error = only_error("a.jsonl", b"{\"x\": 1}\n{\"x\": \"\xFF\"}");
    assert_eq!((error.code, cell(&error).0), ("table-encoding", 2));
    assert!(error.message.en.contains("byte 16"), "{}", error.message.en);
    assert_eq!(only_error("a.jsonl", b"\n\n").code, "table-empty");
    assert_eq!(only_error("a.jsonl", b"{}\n{}").code, "table-empty");
}
