#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use proptest::prelude::*;

fn value(text: &str) -> f64 {
    let read = parse_number(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
    assert!(!read.percent, "{text}");
    read.value
}

#[test]
fn numbers_in_cells() {
    for (text, expected) in [
        ("2500", 2500.0),
        (" 2,500 ", 2500.0),
        ("1 000", 1000.0),
        ("12,345.6", 12345.6),
        ("1,234,567.89", 1234567.89),
        ("1\u{a0}234\u{a0}567", 1234567.0),
        ("1\u{2009}000", 1000.0),
        ("1\u{202f}000", 1000.0),
        ("１２，３４５．６", 12345.6),
        ("1e4", 1e4),
        ("1.5E-9", 1.5e-9),
        ("1e+4", 1e4),
        ("1e−4", 1e-4),
        ("+3", 3.0),
        ("-3.5", -3.5),
        ("−3.5", -3.5),
        ("－3", -3.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("0.1", 0.1),
        ("007", 7.0),
        ("1e-400", 0.0),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
    assert_eq!(value("-0").to_bits(), 0);
    assert_eq!(value("-1e-400").to_bits(), 0);
}

#[test]
fn percentages() {
    for text in ["5%", "5 %", "５％", " 5.0 % "] {
        assert_eq!(parse_number(text), Ok(ReadNumber { value: 5.0, percent: true }), "{text}");
    }
}

#[test]
fn what_is_no_number() {
    use NumberFault::{Empty, Grouping, NotANumber, TooLarge};
    for (text, fault) in [
        ("", Empty),
        (" \u{a0}\u{3000}", Empty),
        ("%", NotANumber),
        ("-", NotANumber),
        ("—", NotANumber),
        ("abc", NotANumber),
        ("inf", NotANumber),
        ("NaN", NotANumber),
        ("infinity", NotANumber),
        ("0x10", NotANumber),
        ("1_000", NotANumber),
        ("1e", NotANumber),
        ("1e5.5", NotANumber),
        ("e5", NotANumber),
        (".", NotANumber),
        ("1.2.3", NotANumber),
        ("--1", NotANumber),
        ("5 t", NotANumber),
        ("2024-01-31", NotANumber),
        ("1%%", NotANumber),
        ("1,0.5", Grouping),
        ("12,34", Grouping),
        ("1,2345", Grouping),
        ("1234,567", Grouping),
        (",500", Grouping),
        ("1,000,", Grouping),
        ("1,000 000", Grouping),
        ("1  000", Grouping),
        ("0,500", Grouping),
        ("1.234,5", Grouping),
        ("1.000 5", Grouping),
        ("1e400", TooLarge),
        ("-1e400", TooLarge),
    ] {
        assert_eq!(parse_number(text), Err(fault), "{text}");
        assert!(!fault.text().zh.is_empty());
    }
}

#[test]
fn numbers_as_text() {
    for (number, text) in [
        (0.1, "0.1"),
        (-0.0, "0"),
        (2500.0, "2500"),
        (1e16, "10000000000000000"),
        (1e17, "1e17"),
        (1.5e-9, "1.5e-9"),
        (1e-7, "0.0000001"),
        (-1.25e300, "-1.25e300"),
        (1.0 / 3.0, "0.3333333333333333"),
    ] {
        assert_eq!(format_number(number), text);
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(number: f64) {
        prop_assume!(number.is_finite());
        prop_assert_eq!(value(&format_number(number)), number);
    }

    #[test]
    fn groups_read_as_the_plain_number(number in 0u64..1_000_000_000_000_000, comma: bool) {
        let plain = number.to_string();
        let mut grouped = String::new();
        for (index, digit) in plain.chars().enumerate() {
            if index > 0 && (plain.len() - index) % 3 == 0 {
                grouped.push(if comma { ',' } else { '\u{a0}' });
            }
            grouped.push(digit);
        }
        prop_assert_eq!(value(&grouped), value(&plain));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,12}", numberish in "[0-9,. eE+%-]{0,12}") {
        for text in [text, numberish] {
            if let Ok(read) = parse_number(&text) {
                prop_assert!(read.value.is_finite());
            }
        }
    }
}
