//! 测试 What is filled in comes back with its cell, its unit and its keys; what is wrong is marked.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{Handed, letters, read, template};
use crate::arguments::Sources;

const DOCUMENT: &str = "cn/enterprise/purchased-energy";

fn handed(name: &str, text: &str, inputs: &[&str]) -> Handed {
    Handed {
        document: "score/five-colour-map".to_owned(),
        inputs: inputs.iter().map(|input| (*input).to_owned()).collect(),
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
    }
}

#[test]
fn columns_are_called_as_in_a_spreadsheet() {
    let names: Vec<String> = [1, 26, 27, 52, 703].into_iter().map(letters).collect();
    assert_eq!(names, ["A", "Z", "AA", "AZ", "AAA"]);
}

#[test]
fn a_template_of_a_library_document_is_a_workbook() {
    let bytes = template(DOCUMENT, &[], &Sources::default()).unwrap();
    assert!(bytes.starts_with(b"PK"));
}

#[test]
fn a_value_keeps_what_was_written_and_is_converted_to_the_declared_unit() {
    let text = "town,year,co2 (万tCO2)\nT01,2021,1.5\nT02,2021,\n";
    let made = read(&handed("上报.csv", text, &["co2"]), &Sources::default()).unwrap();
    assert_eq!(made.errors, 0, "{}", made.findings);
    let value = made.values.first().unwrap();
    assert_eq!(made.values.len(), 1, "an empty cell is no report");
    assert_eq!((value.original.as_str(), value.number), ("1.5", Some(15_000.0)));
    assert_eq!((value.original_unit.as_str(), value.unit.as_str()), ("万tCO2", "tCO2"));
    assert_eq!((value.subject.as_str(), value.period.as_str()), ("T01", "2021"));
    assert_eq!((value.origin.file.as_str(), value.origin.cell.as_str()), ("上报.csv", "C2"));
}

#[test]
fn everything_wrong_is_told_in_one_go_and_nothing_is_taken() {
    let text = "town,year,co2 (tCO2)\nT01,2021,-5\nT02,二〇二一,7\nT03,2021,很多\n";
    let made = read(&handed("上报.csv", text, &["co2"]), &Sources::default()).unwrap();
    assert!(made.errors >= 3, "{}", made.findings);
    assert!(made.values.is_empty());
    assert!(made.marked.unwrap().starts_with(b"PK"));
    // No path of this machine stands in what people are told.
    assert!(!made.findings.contains("tanliu-handed-"));
}
