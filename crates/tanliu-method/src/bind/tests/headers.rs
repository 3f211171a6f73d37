use super::fixture::{Doc, declare, table};
use crate::bind::header::{normal, split_header};
use crate::program::Value;

fn split(header: &str) -> (String, String) {
    let (name, unit) = split_header(header);
    (name, unit.unwrap_or_default())
}

#[test]
fn the_last_brackets_hold_the_unit() {
    let cases = [
        ("energy (万吨标准煤)", "energy", "万吨标准煤"),
        ("energy [tce]", "energy", "tce"),
        ("化石能源消费量（万吨标准煤）", "化石能源消费量", "万吨标准煤"),
        ("x (t{clinker})", "x", "t{clinker}"),
        ("GDP (亿元@2015)", "GDP", "亿元@2015"),
        ("强度 (tCO2/(万元@2015))", "强度", "tCO2/(万元@2015)"),
        ("产量(含税)（t）", "产量(含税)", "t"),
        ("  energy  ( tce ) ", "energy", "tce"),
        ("energy", "energy", ""),
        ("energy ()", "energy", ""),
        ("(t)", "(t)", ""),
        ("energy (t", "energy (t", ""),
        ("energy t)", "energy t)", ""),
        ("energy (t]", "energy (t]", ""),
        ("energy (t) 2016", "energy (t) 2016", ""),
        ("", "", ""),
    ];
    for (header, name, unit) in cases {
        assert_eq!(split(header), (name.to_owned(), unit.to_owned()), "{header}");
    }
    assert_eq!(normal(" ｅｎｅｒｇｙ（ｔ） "), "energy(t)");
}

#[test]
fn a_header_names_by_name_or_label_and_converts() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce").label = Some("化石能源消费量".into());
    for (header, value) in [
        ("energy (万吨标准煤)", 20_000.0),
        ("energy [tce]", 2.0),
        ("化石能源消费量（吨标准煤）", 2.0),
        ("energy (kgce)", 0.002),
    ] {
        let bound = doc.bind(&[table("e.csv", &format!("year|{header}\n2016|2"))]).clean();
        assert_eq!(bound.table("energy").values, [Value::Number(value)], "{header}");
    }
    let bound = doc.bind(&[table("e.csv", "year|energy (kgce)\n2016|2")]);
    assert_eq!(bound.table("energy").unit_seen.as_deref(), Some("kgce"));
    assert_eq!(bound.table("energy").rows, [2]);
    assert_eq!(bound.table("energy").column, 2);
    assert_eq!(bound.table("energy").source, Some(0));
    assert_eq!(bound.dataset.sources[0].source, "e.csv");
    let bound = doc.bind(&[table("e.csv", "year|energy (tce)\n2016|2")]);
    assert_eq!(bound.table("energy").unit_seen, None);
}

#[test]
fn a_label_may_itself_have_brackets() {
    let mut doc = Doc::usual();
    doc.input("fee", &["year"], "1").label = Some("费用（含税）".into());
    doc.input("sale", &["year"], "t").label = Some("销量(外销)".into());
    let bound =
        doc.bind(&[table("e.csv", "year|费用(含税)|销量（外销） (kg)\n2016|2|3000")]).clean();
    assert_eq!(bound.rows("fee"), ["2016 = 2"]);
    assert_eq!(bound.rows("sale"), ["2016 = 3"]);
}

#[test]
fn a_used_documents_input_goes_by_its_short_name_too() {
    let mut doc = Doc::usual();
    doc.input("cm.om", &["year"], "tCO2/MWh");
    for header in ["cm.om (tCO2/MWh)", "om (kgCO2/kWh)"] {
        let bound = doc.bind(&[table("e.csv", &format!("year|{header}\n2016|0.5"))]).clean();
        assert_eq!(bound.rows("cm.om"), ["2016 = 0.5"]);
    }
}

#[test]
fn a_wrong_or_missing_unit_is_an_error_at_the_header() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce");
    let bound = doc.bind(&[table("e.csv", "year|energy (t{lime})\n2016|2")]);
    assert_eq!(bound.codes(), ["data-unit"]);
    bound.says(&["e.csv, row 1, column B", "does not convert to", "不能换算为", "tce"]);
    bound.says(&["tce is energy", "write energy (tce); else convert", "表头写 energy (tce)"]);

    let bound = doc.bind(&[table("e.csv", "year|energy (tcee)\n2016|2")]);
    assert_eq!(bound.codes(), ["data-unit"]);
    bound.says(&["tcee"]);

    let bound = doc.bind(&[table("e.csv", "year|energy\n2016|2")]);
    assert_eq!(bound.codes(), ["data-missing-unit"]);
    bound.says(&["e.csv, row 1, column B", "write energy (tce)", "没有单位"]);
}

#[test]
fn percent_must_be_written_and_one_need_not() {
    let mut doc = Doc::usual();
    doc.input("loss", &["year"], "%");
    doc.input("load", &["year"], "1");
    let bound = doc.bind(&[table("e.csv", "year|loss (%)|load\n2016|5|0.8\n2017|6%|7%")]).clean();
    assert_eq!(bound.rows("loss"), ["2016 = 5", "2017 = 6"]);
    assert_eq!(bound.rows("load"), ["2016 = 0.8", "2017 = 0.07"]);
    let bound = doc.bind(&[table("e.csv", "year|loss (1)|load (%)\n2016|0.5|5")]).clean();
    assert_eq!(bound.rows("loss"), ["2016 = 50"]);
    assert_eq!(bound.rows("load"), ["2016 = 0.05"]);
    // Each cell carries its sign: that is written too.
    let bound = doc.bind(&[table("e.csv", "year|loss|load\n2016|5%|1")]).clean();
    assert_eq!(bound.rows("loss"), ["2016 = 5"]);
    let bound = doc.bind(&[table("e.csv", "year|loss|load\n2016|5|1\n2017|6|1")]);
    assert_eq!(bound.codes(), ["data-missing-unit"]);
    bound.says(&["loss (%)"]);
}

#[test]
fn a_percent_sign_in_another_column_is_refused() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce");
    let bound = doc.bind(&[table("e.csv", "year|energy (tce)\n2016|5%")]);
    assert_eq!(bound.codes(), ["data-unit"]);
    bound.says(&["e.csv, row 2, column B \"5%\"", "percent sign", "百分号"]);
}

#[test]
fn values_without_unit_take_none() {
    let mut doc = Doc::usual();
    doc.input("audited", &["plant"], "bool");
    let bound = doc.bind(&[table("p.csv", "plant|audited (t)\nA|是")]);
    assert_eq!(bound.codes(), ["data-unit"]);
    bound.says(&["takes no unit", "p.csv, row 1, column B"]);
}

#[test]
fn a_column_unit_gives_the_unit_row_by_row() {
    let mut doc = Doc::usual();
    doc.input("mass", &["plant"], "t");
    let text = "plant|mass|unit\nA|2|t\nB|3000|kg\nC|1|万吨";
    let bound = doc.bind(&[table("p.csv", text)]).clean();
    assert_eq!(bound.rows("mass"), ["A = 2", "B = 3", "C = 10000"]);
    assert_eq!(bound.table("mass").unit_seen.as_deref(), Some("kg, 万吨"));

    let bound = doc.bind(&[table("p.csv", "plant|mass|unit\nA|2|kWh\nB|3|\nC|4|zz")]);
    assert_eq!(bound.codes(), ["data-unit", "data-missing-unit", "data-unit"]);
    bound.says(&["p.csv, row 2, column C \"kWh\"", "p.csv, row 3, column B \"3\"", "zz"]);

    // A unit in the header as well must be the same.
    let bound = doc.bind(&[table("p.csv", "plant|mass (t)|unit\nA|2|t\nB|3|吨")]).clean();
    assert_eq!(bound.rows("mass"), ["A = 2", "B = 3"]);
    let bound = doc.bind(&[table("p.csv", "plant|mass (t)|unit\nA|2|kg")]);
    assert_eq!(bound.codes(), ["data-unit"]);
    bound.says(&["not the header's"]);

    // Beside two columns of numbers it belongs to none.
    doc.input("ash", &["plant"], "%");
    let bound = doc.bind(&[table("p.csv", "plant|mass|ash (%)|unit\nA|2|3|t")]);
    assert_eq!(bound.codes(), ["data-missing-unit"]);
    bound.says(&["several columns of numbers"]);
}

#[test]
fn a_spread_column_gives_each_rows_uncertainty() {
    let mut doc = Doc::usual();
    declare(doc.input("energy", &["fuel"], "tce"), |input| {
        input.default = Some(Value::Number(0.0));
    });
    let bound = doc.bind(&[table("e.csv", "fuel|energy (tce)|± energy (%)\ncoal|2|5")]).clean();
    assert_eq!(bound.table("energy").half_widths, [Some(0.05)]);
    assert_eq!(bound.table("energy").filled, 1);
    let text = "fuel|energy (tce)|± energy\ncoal|2|5%\noil|3|";
    let bound = doc.bind(&[table("e.csv", text)]).clean();
    assert_eq!(bound.table("energy").half_widths, [Some(0.05), None]);
    for (header, cell, phrase) in [
        ("± energy (tce)", "5", "is relative"),
        ("± energy", "5", "no % written"),
        ("± energy (%)", "-5", "at least 0"),
        ("± energy (%)", "x", "not a number"),
    ] {
        let text = format!("fuel|energy (tce)|{header}\ncoal|2|{cell}");
        let bound = doc.bind(&[table("e.csv", &text)]);
        assert_eq!(bound.diagnostics.error_count(), 1, "{}", bound.en());
        bound.says(&[phrase]);
    }
}
