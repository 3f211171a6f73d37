use super::fixture::{Doc, declare, table};
use crate::program::Value;

fn filled(doc: &mut Doc, name: &str, dims: &[&str], default: f64) {
    declare(doc.input(name, dims, "tce"), |input| input.default = Some(Value::Number(default)));
}

#[test]
fn all_members_for_each_combination_of_other_keys() {
    let mut doc = Doc::usual();
    doc.closed("use", &[("heat", None), ("power", None)]);
    doc.input("energy", &["year", "fuel", "use"], "tce");
    let text = "year|fuel|use|energy (tce)\n2016|coal|heat|1\n2016|coal|power|1\n\
                2016|oil|heat|1\n2016|oil|power|1\n2017|coal|heat|1\n2017|oil|power|\n2018|oil|power|-";
    let bound = doc.bind(&[table("e.csv", text)]);
    assert_eq!(bound.codes(), ["data-incomplete"]);
    bound.says(&[
        "e.csv lacks 3 of 8 values of input energy[year, fuel, use]",
        "missing: (2017, coal, power), (2017, oil, heat), (2017, oil, power)",
        "e.csv 缺输入 energy[year, fuel, use] 的 3 个值（共应有 8 个）",
        "没有的写 0",
    ]);
}

#[test]
fn only_closed_indexes_need_all_members_always() {
    let mut doc = Doc::usual();
    doc.input("energy", &["fuel"], "tce");
    let bound = doc.bind(&[table("e.csv", "fuel|energy (tce)")]);
    assert_eq!(bound.codes(), ["data-incomplete"]);
    bound.says(&["lacks 2 of 2 values", "missing: coal, oil"]);
    doc.bind(&[table("e.csv", "fuel|energy (tce)\noil|1\ncoal|2")]).clean();
}

#[test]
fn a_long_list_of_missing_keys_is_cut() {
    let mut doc = Doc::usual();
    doc.input("energy", &["batch", "fuel"], "tce");
    let mut text = "batch|fuel|energy (tce)".to_owned();
    for batch in 1..=9 {
        text.push_str(&format!("\n{batch}|coal|1"));
    }
    let bound = doc.bind(&[table("e.csv", &text)]);
    bound.says(&["lacks 9 of 18", "(1, oil), (2, oil), (3, oil), (4, oil), (5, oil), …"]);
}

#[test]
fn open_indexes_need_nothing() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year", "plant"], "tce");
    let bound = doc.bind(&[table("e.csv", "year|plant|energy (tce)")]).clean();
    assert!(bound.table("energy").values.is_empty());
    assert_eq!(bound.table("energy").keys.len(), 2);
}

#[test]
fn defaults_fill_up_at_the_end() {
    let mut doc = Doc::usual();
    filled(&mut doc, "energy", &["fuel", "year"], 0.5);
    let text = "year|fuel|energy (tce)\n2016|oil|1\n2017|coal|2";
    let bound = doc.bind(&[table("e.csv", text)]).clean();
    assert_eq!(
        bound.rows("energy"),
        ["oil 2016 = 1", "coal 2017 = 2", "coal 2016 = 0.5", "oil 2017 = 0.5"]
    );
    let energy = bound.table("energy");
    assert_eq!((energy.filled, energy.rows.as_slice()), (2, [2, 3].as_slice()));
}

#[test]
fn a_default_over_closed_indexes_needs_no_table() {
    let mut doc = Doc::usual();
    filled(&mut doc, "energy", &["fuel"], 3.0);
    filled(&mut doc, "scalar", &[], 4.0);
    filled(&mut doc, "open", &["fuel", "year"], 5.0);
    let bound = doc.bind(&[]).clean();
    assert_eq!(bound.rows("energy"), ["coal = 3", "oil = 3"]);
    assert_eq!(bound.rows("scalar"), ["= 4"]);
    assert_eq!(bound.rows("open"), Vec::<String>::new());
    assert_eq!(bound.table("energy").filled, 2);
    assert_eq!(bound.table("energy").source, None);
    // A column without a value counts as absent.
    let bound = doc.bind(&[table("s.csv", "scalar (tce)\n-")]).clean();
    assert_eq!(bound.rows("scalar"), ["= 4"]);
}

#[test]
fn refused_cells_do_not_seem_missing_too() {
    let mut doc = Doc::usual();
    doc.input("energy", &["fuel"], "tce");
    let bound = doc.bind(&[table("e.csv", "fuel|energy (tce)\ncoal|x\noil|1")]);
    assert_eq!(bound.codes(), ["data-bad-number"]);
}

#[test]
fn no_fill_beyond_reason() {
    let mut doc = Doc::new();
    let names: Vec<String> = (0..1000).map(|number| format!("m{number}")).collect();
    let members: Vec<(&str, Option<&str>)> =
        names.iter().map(|name| (name.as_str(), None)).collect();
    for index in ["a", "b", "c", "d", "e", "f", "g"] {
        doc.closed(index, &members);
    }
    filled(&mut doc, "x", &["a", "b", "c", "d", "e", "f", "g"], 0.0);
    let bound = doc.bind(&[]);
    assert_eq!(bound.codes(), ["data-incomplete"]);
    bound.says(&["too many", "太多"]);
}
