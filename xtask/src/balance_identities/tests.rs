//! The identities on a few made-up cells.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use crate::prepare_balance::{self, ITEMS};

fn balance(rows: &[(&str, &str)]) -> Balance {
    let mut text = "province,row_no,item_zh,fuel_zh,unit,value\n".to_owned();
    for (code, value) in rows {
        let item = ITEMS.iter().find(|item| item.code == *code).unwrap();
        text.push_str(&format!("甲,{},\"{}\",原煤,万吨,{value}\n", item.row, item.label));
    }
    prepare_balance::read(&text, 2007, &[]).unwrap()
}

#[test]
fn a_balance_that_adds_up_has_no_gap_and_blank_rows_count_as_nothing() {
    let findings = examine(&balance(&[
        ("supply", "100.02"),
        ("production", "120"),
        ("moved_out", "-20"),
        ("transformation", "-60"),
        ("thermal_power", "-60"),
        ("final", "40.02"),
        ("industry", "40.02"),
        ("non_energy", "5"),
        ("difference", "0"),
    ]));
    assert_eq!(findings.gaps, []);
    // No residential row is reported: that identity has nothing to say.
    assert_eq!(findings.examined.get("residential"), None);
    assert_eq!(findings.examined.get("supply"), Some(&1));
}

#[test]
fn a_gap_is_reported_with_both_figures_and_nothing_is_mended() {
    let findings = examine(&balance(&[
        ("supply", "1024.12"),
        ("production", "13024.12"),
        ("final", "1024.12"),
        ("industry", "1024.12"),
        ("residential", "0.04"),
    ]));
    let names: Vec<&str> = findings.gaps.iter().map(|gap| gap.identity).collect();
    assert_eq!(names, ["supply"]);
    assert_eq!(findings.gaps[0].difference(), -12000.0);
    let text = table(&findings).text;
    assert!(text.ends_with("supply,甲,原煤,1024.12,13024.1200,-12000.0000\n"), "{text}");
}

#[test]
fn a_large_statistical_difference_is_named() {
    let balance = balance(&[("difference", "-17"), ("consumption", "33")]);
    assert_eq!(large_differences(&balance, 0.2).len(), 1);
    assert_eq!(large_differences(&balance, 0.6).len(), 0);
}
