//! Tables of worked examples: they supply what is named, factors and holes too.

use super::fixture::{Doc, table};
use crate::program::VariableKind;

fn doc() -> Doc {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce");
    doc.factor("ef", &["year"], "tCO2/tce");
    doc.variable("threshold", &[], "kgCO2", VariableKind::Hole);
    doc.variable("co2", &["year"], "tCO2", VariableKind::Formula { root: 0, parameter: false });
    doc
}

fn given(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_table_supplies_what_is_named() {
    let tables = [
        table("m.md", "year|energy (tce)|ef (kgCO2/kgce)\n2016|1|2.66"),
        table("m.md", "threshold (tCO2)\n3"),
    ];
    let names = [given(&["energy", "ef"]), given(&["threshold"])];
    let bound = doc().bind_all(&tables, &[], Some(&names)).clean();
    assert_eq!(bound.rows("energy"), ["2016 = 1"]);
    assert_eq!(bound.rows("ef"), ["2016 = 2.66"]);
    assert_eq!(bound.rows("threshold"), ["= 3000"]);
}

#[test]
fn two_tables_may_hold_the_column_if_one_is_named() {
    let tables =
        [table("m.md", "year|energy (tce)\n2016|1"), table("m.md", "year|energy (tce)\n2016|2")];
    let names = [given(&["energy"]), given(&[])];
    let bound = doc().bind_all(&tables, &[], Some(&names));
    assert_eq!(bound.codes(), ["data-extra-column"]);
    assert_eq!(bound.rows("energy"), ["2016 = 1"]);
}

#[test]
fn names_and_columns_must_match() {
    let tables = [table("m.md", "year|energy (tce)|wind\n2016|1|2")];
    for (names, phrases) in [
        (
            vec!["energy", "ef"],
            vec!["the table has no column for ef", "neither an index nor among"],
        ),
        (vec!["energy", "enregy"], vec!["no input or factor named enregy", "did you mean energy?"]),
        (vec!["energy", "co2"], vec!["formula co2[year] is fixed by the document"]),
    ] {
        let names = [given(&names)];
        let bound = doc().bind_all(&tables, &[], Some(&names));
        assert_eq!(bound.diagnostics.error_count(), 1, "{}", bound.en());
        bound.says(&phrases);
        bound.says(&["column `wind`"]);
    }
}

#[test]
fn evidence_and_scalars_are_given_too() {
    let mut doc = doc();
    doc.factor("om", &[], "tCO2/MWh");
    let tables =
        [table("m.md", "item|status\n许可|violated"), table("m.md", "year|energy (tce)\n2016|1")];
    let names = [given(&["evidence"]), given(&["energy"])];
    let bound = doc.bind_all(&tables, &[("om", "0.5 tCO2/MWh")], Some(&names));
    assert_eq!(bound.dataset.evidence.len(), 1);
    assert_eq!(bound.rows("om"), ["= 0.5"]);
    assert!(!bound.diagnostics.has_errors(), "{}", bound.en());
}
