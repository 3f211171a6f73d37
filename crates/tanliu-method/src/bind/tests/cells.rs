use super::fixture::{Doc, declare, sheet, table};
use crate::ast::CompareOp;
use crate::data::Notation;
use crate::table::CellValue::{Bool, Date, Empty, Error, Number, Percent, Text};

#[test]
fn dashes_and_empty_cells_are_no_value() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce");
    let text = "year|energy (tce)\n2010|1\n2011|\n2012|-\n2013|—\n2014|–\n2015|——\n2016|2,500";
    let bound = doc.bind(&[table("e.csv", text)]).clean();
    assert_eq!(bound.rows("energy"), ["2010 = 1", "2016 = 2500"]);
    assert_eq!(bound.table("energy").rows, [2, 8]);
    assert_eq!(bound.table("energy").keys[0].dictionary.len(), 2);
}

#[test]
fn a_bad_number_is_quoted_with_its_place() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "tce").label = Some("能耗".into());
    let bound = doc.bind(&[table("e.csv", "year|energy (tce)\n2010|1,0.5\n2011|abc\n2012|1e999")]);
    assert_eq!(bound.codes(), ["data-bad-number"; 3]);
    bound.says(&[
        "e.csv, row 2, column B \"1,0.5\"",
        "thousands separators",
        "e.csv 第 3 行 B 列「abc」",
        "输入 energy[year]「能耗」：「abc」不是数",
        "expected a number in tce",
        "应为以 tce 计的数",
        "too large",
    ]);
}

#[test]
fn typed_cells_are_read_as_shown() {
    let mut doc = Doc::usual();
    doc.input("loss", &["year"], "%");
    let years = || vec![Number(2016.0), Number(2017.0), Text("2018".into())];
    let bound = doc
        .bind(&[sheet(
            "煤耗",
            vec![("year", years()), ("loss (%)", vec![Percent(5.0), Number(6.0), Empty])],
        )])
        .clean();
    assert_eq!(bound.rows("loss"), ["2016 = 5", "2017 = 6"]);

    let cells = vec![Error("#DIV/0!".into()), Bool(true), Date("2024-01-31".into())];
    let bound = doc.bind(&[sheet("煤耗", vec![("year", years()), ("loss (%)", cells)])]);
    assert_eq!(bound.codes(), ["cell-formula-error", "data-bad-number", "data-bad-number"]);
    bound.says(&[
        "formula error #DIV/0!",
        "公式错误 #DIV/0!",
        "book.xlsx [煤耗], row 4, column B",
        "book.xlsx [煤耗] 第 5 行 B 列",
        "a truth value, not a number",
        "a date, not a number",
    ]);

    let cells = vec![Number(f64::NAN), Number(f64::INFINITY), Number(-0.0)];
    let bound = doc.bind(&[sheet("s", vec![("year", years()), ("loss (%)", cells)])]);
    assert_eq!(bound.codes(), ["data-bad-number"; 2]);
    bound.says(&["not a finite number"]);
    let crate::program::Value::Number(zero) = bound.table("loss").values[0] else { panic!() };
    assert!(zero.is_sign_positive());
}

#[test]
fn bounds_hold_in_the_declared_unit() {
    let mut doc = Doc::usual();
    declare(doc.input("energy", &["year"], "tce"), |input| {
        input.bounds = vec![(CompareOp::GreaterEqual, 0.0), (CompareOp::LessEqual, 100.0)];
    });
    let bound = doc.bind(&[table("e.csv", "year|energy (万吨标准煤)\n2010|-1\n2011|0.01\n2012|2")]);
    assert_eq!(bound.codes(), ["data-bound"; 2]);
    bound.says(&[
        "`-1` is out of bounds, it must be >= 0 tce",
        "须 <= 100 tce",
        "e.csv, row 4, column B \"2\"",
        "that is 20000 tce",
        "换算后为 20000 tce",
    ]);
    // As comparisons see it: 0.7 + 0.2 is 0.9.
    let mut doc = Doc::usual();
    declare(doc.input("x", &["year"], "1"), |input| {
        input.bounds = vec![(CompareOp::GreaterEqual, 0.9)];
    });
    doc.bind(&[table("e.csv", "year|x\n2010|0.8999999999999999")]).clean();
}

#[test]
fn notation_keys_are_zero_where_declared() {
    let mut doc = Doc::usual();
    declare(doc.input("emitted", &["year"], "t"), |input| {
        input.notation = true;
        input.bounds = vec![(CompareOp::Greater, 0.0)];
    });
    let text = "year|emitted (t)\n2010|NO\n2011|3\n2012|C\n2013|ＩＥ";
    let bound = doc.bind(&[table("e.csv", text)]).clean();
    assert_eq!(bound.rows("emitted"), ["2010 = 0", "2011 = 3", "2012 = 0", "2013 = 0"]);
    assert_eq!(
        bound.table("emitted").notations,
        [Some(Notation::NO), None, Some(Notation::C), Some(Notation::IE)]
    );
    let bound = doc.bind(&[table("e.csv", "year|emitted (t)\n2010|1")]).clean();
    assert!(bound.table("emitted").notations.is_empty());
    let bound = doc.bind(&[table("e.csv", "year|emitted (t)\n2010|ne")]);
    bound.says(&["expected a number in t, or NO, NA, IE, NE, C", "或 NO、NA、IE、NE、C"]);

    let mut doc = Doc::usual();
    doc.input("energy", &["year"], "t");
    let bound = doc.bind(&[table("e.csv", "year|energy (t)\n2010|NO\n2011|no")]);
    assert_eq!(bound.codes(), ["data-notation", "data-bad-number"]);
    bound.says(&[
        "notation key NO is not taken here",
        "add notation to the declaration",
        "不接受标注键",
    ]);
}

#[test]
fn truth_values_texts_dates_and_mappings() {
    let mut doc = Doc::usual();
    doc.input("audited", &["plant"], "bool");
    doc.input("note", &["plant"], "text");
    doc.input("opened", &["plant"], "date");
    doc.input("main", &["plant"], "fuel");
    let text = "plant|audited|note|opened|main\n\
                A|TRUE|x y|2024-01-31|coal\nB|否|-|2024/2/1|石油\nC|是|z||";
    let bound = doc.bind(&[table("p.csv", text)]).clean();
    assert_eq!(bound.rows("audited"), ["A = true", "B = false", "C = true"]);
    assert_eq!(bound.rows("note"), ["A = x y", "C = z"]);
    assert_eq!(bound.rows("opened"), ["A = 2024-01-31", "B = 2024-02-01"]);
    assert_eq!(bound.rows("main"), ["A = coal", "B = oil"]);

    let bound =
        doc.bind(&[table("p.csv", "plant|audited|note|opened|main\nA|1|x|2024-02-30|cola")]);
    assert_eq!(bound.codes(), ["data-bad-value", "data-bad-value", "data-unknown-member"]);
    bound.says(&[
        "cannot read `1`",
        "应为「是」「否」或 true、false",
        "a date such as 2024-01-31",
        "p.csv, row 2, column E \"cola\"",
        "did you mean coal?",
    ]);

    let cells = vec![
        ("plant", vec![Number(1001.0)]),
        ("audited", vec![Bool(false)]),
        ("note", vec![Number(7.5)]),
        ("opened", vec![Date("2024-01-31 00:00".into())]),
        ("main", vec![Text(" 煤炭 ".into())]),
    ];
    let bound = doc.bind(&[sheet("s", cells)]).clean();
    assert_eq!(bound.rows("audited"), ["1001 = false"]);
    assert_eq!(bound.rows("note"), ["1001 = 7.5"]);
    assert_eq!(bound.rows("opened"), ["1001 = 2024-01-31"]);
    assert_eq!(bound.rows("main"), ["1001 = coal"]);
}

#[test]
fn few_of_a_kind_are_shown_and_all_are_counted() {
    let mut doc = Doc::usual();
    doc.input("energy", &["batch"], "tce");
    let mut text = "batch|energy (tce)".to_owned();
    for batch in 0..100 {
        text.push_str(&format!("\n{batch}|x{batch}"));
    }
    let bound = doc.bind(&[table("e.csv", &text)]);
    assert_eq!(bound.diagnostics.error_count(), 100);
    assert_eq!(bound.diagnostics.list().len(), 21);
    bound.says(&["e.csv, energy (tce): … and 80 more like this", "还有 80 处同类错误"]);
}

#[test]
fn many_rows_are_read_in_one_pass() {
    let mut doc = Doc::usual();
    doc.input("energy", &["stamp", "plant"], "kWh");
    let mut text = "stamp|plant|energy (MWh)".to_owned();
    for row in 0..20_000 {
        let (day, hour, plant) = (row / 24 % 28 + 1, row % 24, row / 672);
        text.push_str(&format!("\n2024-02-{day:02} {hour:02}:00|P{plant}|{row}"));
    }
    let bound = doc.bind(&[table("e.csv", &text)]).clean();
    let energy = bound.table("energy");
    assert_eq!(energy.values.len(), 20_000);
    assert_eq!(energy.keys[0].dictionary.len(), 672);
    assert_eq!(energy.keys[1].dictionary.len(), 30);
}
