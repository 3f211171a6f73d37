use super::fixture::{Doc, declare, table};
use crate::program::{Value, VariableKind};

#[test]
fn an_input_is_found_where_one_table_has_all_its_indexes() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year", "fuel"], "tce");
    doc.input("people", &["year"], "1");
    let energy = table("energy.csv", "fuel|year|energy (tce)\ncoal|2016|1\noil|2016|2");
    let people = table("people.csv", "year|people\n2016|7");
    let bound = doc.bind(&[people, energy]).clean();
    assert_eq!(bound.rows("energy"), ["2016 coal = 1", "2016 oil = 2"]);
    assert_eq!(bound.table("energy").source, Some(1));
    assert_eq!(bound.rows("people"), ["2016 = 7"]);
}

#[test]
fn none_lists_what_was_seen() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce");
    let bound = doc.bind(&[]);
    assert_eq!(bound.codes(), ["data-not-found"]);
    bound.says(&[
        "no data for input energy[year]",
        "no table was given",
        "year, energy (tce)",
        "m.md:1:1",
    ]);

    let bound = doc.bind(&[table("e.csv", "year|enregy (tce)\n2016|1")]);
    assert_eq!(bound.codes(), ["data-not-found", "data-extra-column", "data-extra-table"]);
    bound.says(&[
        "找不到输入 energy[year] 的数据",
        "e.csv: year | enregy (tce)",
        "did you mean column enregy? the header should read energy (tce)",
        "column `enregy (tce)` is not used, while input energy[year] got no data",
    ]);

    // Too short a name for its letters to tell a slip: the unit tells it.
    let mut short = Doc::usual();
    short.input("a", &["year"], "MWh");
    let bound = short.bind(&[table("e.csv", "year|cost (CNY)|aa (kWh)\n2016|1|1")]);
    bound.says(&[
        "column aa (kWh) has a fitting unit: is it meant? its header should read a (MWh)",
        "列 aa (kWh) 的单位相合",
    ]);

    let bound = doc.bind(&[table("e.csv", "plant|energy (tce)\nA|1")]);
    assert_eq!(bound.codes(), ["data-not-found"]);
    bound.says(&[
        "the table has no index column year",
        "没有索引列 year",
        "e.csv, row 1, column B",
    ]);
}

#[test]
fn two_candidates_are_an_error() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce");
    let one = table("a.csv", "year|energy (tce)\n2016|1");
    let other = table("b.csv", "year|energy (kgce)\n2016|1");
    let bound = doc.bind(&[one.clone(), other]);
    assert_eq!(bound.codes(), ["data-ambiguous"]);
    bound.says(&["input energy[year] is given in 2 places", "a.csv", "b.csv", "有 2 处数据"]);

    let twice = table("a.csv", "year|energy (tce)|energy (kgce)\n2016|1|1");
    assert_eq!(doc.bind(&[twice]).codes(), ["data-ambiguous"]);
    // A table of the same column without the index is no candidate, but is said.
    let bound = doc.bind(&[one, table("c.csv", "plant|energy (tce)\nA|1")]);
    assert_eq!(bound.codes(), ["data-extra-table"]);
    assert!(!bound.diagnostics.has_errors());
    let doubled = table("a.csv", "year|year|energy (tce)\n2016|2017|1");
    let bound = doc.bind(&[doubled]);
    assert_eq!(bound.codes(), ["data-ambiguous"]);
    bound.says(&["has two columns for index year", "a.csv, row 1, column B"]);
}

#[test]
fn a_label_that_two_inputs_share() {
    let mut doc = Doc::usual();
    doc.input("a", &["year"], "t").label = Some("产量".into());
    doc.input("b", &["plant"], "t").label = Some("产量".into());
    let by_year = table("a.csv", "year|产量 (t)\n2016|1");
    let by_plant = table("b.csv", "plant|产量 (t)\nA|2");
    let bound = doc.bind(&[by_year, by_plant]).clean();
    assert_eq!(bound.rows("a"), ["2016 = 1"]);
    assert_eq!(bound.rows("b"), ["A = 2"]);
    let both = table("a.csv", "year|plant|产量 (t)\n2016|A|1");
    let bound = doc.bind(&[both]);
    assert_eq!(bound.codes(), ["data-ambiguous"]);
    bound.says(&["belongs to a, b alike", "use the name in the header"]);
}

#[test]
fn rows_that_share_the_key_must_agree() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year", "plant"], "tce");
    doc.input("people", &["year"], "1");
    doc.input("home", &[], "fuel");
    let text = "year|plant|energy (tce)|people|home\n\
                2016|A|1|7|coal\n2016|B|2|7.0|煤炭\n2017|A|3|8|\n2017|B|4||coal";
    let bound = doc.bind(&[table("e.csv", text)]).clean();
    assert_eq!(bound.rows("people"), ["2016 = 7", "2017 = 8"]);
    assert_eq!(bound.table("people").rows, [2, 4]);
    assert_eq!(bound.rows("home"), ["= coal"]);

    let text = "year|plant|energy (tce)|people|home\n2016|A|1|7|coal\n2016|B|2|9|oil";
    let bound = doc.bind(&[table("e.csv", text)]);
    assert_eq!(bound.codes(), ["data-disagree"; 2]);
    bound.says(&[
        "rows disagree on input people[year] for year = 2016: row 2 and row 3",
        "e.csv, row 3, column D \"9\": here it is `9`",
        "e.csv, row 2, column D \"7\"",
        "rows disagree on input home: row 2 and row 3",
        "的值前后不一",
    ]);
}

#[test]
fn a_scalar_comes_from_a_table_or_is_set_but_not_both() {
    let mut doc = Doc::usual();
    doc.input("capacity", &[], "MW");
    let one = table("site.csv", "capacity (kW)\n2000");
    let bound = doc.bind(std::slice::from_ref(&one)).clean();
    assert_eq!(bound.rows("capacity"), ["= 2"]);
    let bound = doc.bind_all(&[one], &[("capacity", "3 MW")], None);
    assert_eq!(bound.codes(), ["data-ambiguous"]);
    bound.says(&["also set to a value", "--set capacity"]);
    let bound = doc.bind(&[table("site.csv", "capacity (kW)\n-")]);
    assert_eq!(bound.codes(), ["data-incomplete"]);
    bound.says(&["site.csv has the column of input capacity, but no value in it"]);
    let bound = doc.bind(&[]);
    bound.says(&["--set capacity=…"]);
}

#[test]
fn holes_are_filled_by_tables_or_set_and_may_stay_open() {
    let mut doc = Doc::usual();
    doc.variable("threshold", &[], "kgCO2", VariableKind::Hole);
    doc.variable("limit", &["year"], "kgCO2", VariableKind::Hole);
    let bound = doc.bind(&[]).clean();
    assert!(!bound.has("threshold"));
    let limits = table("l.csv", "year|limit (tCO2)\n2016|1");
    let bound = doc.bind_all(&[limits], &[("threshold", "3 tCO2")], None).clean();
    assert_eq!(bound.rows("threshold"), ["= 3000"]);
    assert_eq!(bound.rows("limit"), ["2016 = 1000"]);
    // A column that was left empty fills nothing.
    let unfilled = table("l.csv", "year|limit (tCO2)|threshold (tCO2)\n2016||-");
    let bound = doc.bind(&[unfilled]).clean();
    assert!(!bound.has("threshold") && !bound.has("limit"));
}

#[test]
fn a_default_may_be_absent_but_not_misspelt() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce");
    declare(doc.input("imported", &["year"], "kWh"), |input| {
        input.default = Some(Value::Number(0.0));
    });
    let bound = doc.bind(&[table("e.csv", "year|energy (tce)\n2016|1")]).clean();
    assert_eq!(bound.rows("imported"), Vec::<String>::new());
    assert_eq!(bound.table("imported").keys.len(), 1);

    let bound = doc.bind(&[table("e.csv", "year|energy (tce)|improted (kWh)\n2016|1|2")]);
    assert_eq!(bound.codes(), ["data-extra-column"]);
    assert!(bound.diagnostics.has_errors());
    bound.says(&[
        "the default would hold everywhere",
        "一律取缺省值",
        "e.csv, row 1, column C",
        "did you mean imported?",
    ]);

    // The right name in a table without the index would vanish behind the default as well.
    let apart = table("i.csv", "plant|imported (kWh)\nA|2");
    let bound = doc.bind(&[table("e.csv", "year|energy (tce)\n2016|1"), apart]);
    assert_eq!(bound.codes(), ["data-not-found"]);
    bound.says(&["no index column year"]);
}

#[test]
fn a_default_does_not_silently_replace_a_column_of_a_like_unit() {
    let mut doc = Doc::usual();
    doc.input("waste", &["plant"], "t");
    let recovered = doc.input("recovered", &["plant"], "Nm3");
    recovered.label = Some("回收的沼气".into());
    declare(recovered, |input| input.default = Some(Value::Number(0.0)));
    let table_of = |header: &str, cell: &str| {
        doc.bind(&[table("d.csv", &format!("plant|waste (t)|{header}\nA|1|{cell}"))])
    };
    let bound = table_of("沼气量 (万Nm3)", "5");
    assert_eq!(bound.codes(), ["data-extra-column"]);
    // A table may hold more than a document asks for: it is told with the mend, not refused.
    assert!(!bound.diagnostics.has_errors());
    bound.says(&[
        "列「沼气量 (万Nm3)」未用到，而单位相合的输入 recovered[plant]「回收的沼气」没有数据",
        "while input recovered[plant] of a like unit got no data",
        "若是，表头写 recovered (Nm3)；若不是，删去此列",
    ]);
    // Another dimension, no value, no unit: a warning as ever.
    for (header, cell) in [("电量 (kWh)", "5"), ("沼气量 (Nm3)", ""), ("沼气量", "5")] {
        let bound = table_of(header, cell);
        assert_eq!(bound.codes(), ["data-extra-column"], "{header}");
        assert!(!bound.diagnostics.has_errors(), "{header}");
    }
    // Not in a table that lacks its index.
    let waste = table("w.csv", "plant|waste (t)\nA|1");
    let bound = doc.bind(&[waste, table("d.csv", "year|沼气量 (Nm3)\n2020|5")]);
    assert!(!bound.diagnostics.has_errors(), "{}", bound.en());
}
