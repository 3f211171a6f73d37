use super::fixture::{Doc, member, sheet, table};
use crate::table::CellValue::{Bool, Date, Empty, Error, Number, Percent, Text};

#[test]
fn members_go_by_name_or_label_and_are_one_key() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year", "fuel"], "tce");
    let text = "year|fuel|energy (tce)\n2016|coal|1\n2016|石油|2\n2017年|煤炭|3\n2017|ｏｉｌ|4";
    let bound = doc.bind(&[table("e.csv", text)]).clean();
    assert_eq!(
        bound.rows("energy"),
        ["2016 coal = 1", "2016 oil = 2", "2017 coal = 3", "2017 oil = 4"]
    );
    let keys = &bound.table("energy").keys;
    assert_eq!(keys[1].dictionary, [member(0), member(1)]);
    assert_eq!(keys[0].dictionary.len(), 2);
    assert_eq!(keys[0].codes, [0, 0, 1, 1]);
}

#[test]
fn an_unknown_member_lists_the_members() {
    let mut doc = Doc::usual();
    doc.input("energy", &["fuel"], "tce");
    let bound = doc.bind(&[table("e.csv", "fuel|energy (tce)\ncoal|1\noil|2\ncaol|3\n合计|3")]);
    assert_eq!(bound.codes(), ["data-unknown-member"; 2]);
    bound.says(&[
        "index fuel has no member `caol`",
        "索引 fuel 没有成员「合计」",
        "coal「煤炭」, oil「石油」",
        "coal \"煤炭\", oil",
        "did you mean coal?",
        "e.csv, row 4, column A \"caol\"",
    ]);
}

#[test]
fn members_may_look_like_numbers() {
    let mut doc = Doc::new();
    doc.closed("class", &[("1", None), ("2", Some("二级"))]);
    doc.input("area", &["class"], "ha");
    let cells = vec![
        ("class", vec![Number(1.0), Text("二级".into())]),
        ("area (ha)", vec![Number(3.0), Number(4.0)]),
    ];
    let bound = doc.bind(&[sheet("s", cells)]).clean();
    assert_eq!(bound.rows("area"), ["1 = 3", "2 = 4"]);
}

#[test]
fn time_keys_are_of_the_indexs_grain() {
    let mut doc = Doc::usual();
    doc.input("a", &["month"], "t");
    let cells = vec![
        Text("2024-01".into()),
        Date("2024-02-01".into()),
        Date("2024-03-01 00:00".into()),
        Text("2024年4月".into()),
    ];
    let values = vec![Number(1.0), Number(2.0), Number(3.0), Number(4.0)];
    let bound = doc.bind(&[sheet("s", vec![("month", cells), ("a (t)", values)])]).clean();
    assert_eq!(bound.rows("a"), ["2024-01 = 1", "2024-02 = 2", "2024-03 = 3", "2024-04 = 4"]);

    let cells = vec![
        Date("2024-02-11".into()),
        Text("202401".into()),
        Number(45321.0),
        Bool(true),
        Error("#N/A".into()),
        Percent(3.0),
    ];
    let values = (0..6).map(|number| Number(f64::from(number))).collect();
    let bound = doc.bind(&[sheet("s", vec![("month", cells), ("a (t)", values)])]);
    assert_eq!(bound.codes(), ["data-bad-key"; 6]);
    bound.says(&[
        "`2024-02-11` is no key of index month: expected a month such as 2024-01",
        "book.xlsx [s], row 4, column A",
        "a date of index month came as the number 45321",
        "以数字 45321 给出",
        "format the column as dates",
        "`#N/A` cannot be a key",
    ]);
}

#[test]
fn a_date_typed_as_a_count_of_days_is_explained_in_texts_too() {
    let mut doc = Doc::usual();
    doc.input("a", &["day"], "t");
    let bound = doc.bind(&[table("a.csv", "day|a (t)\n45321|1\n2024-01-31|2")]);
    assert_eq!(bound.codes(), ["data-bad-key"]);
    bound.says(&["came as the number 45321", "write a day such as 2024-01-31"]);
}

#[test]
fn a_stamp_keeps_what_the_data_says() {
    let mut doc = Doc::usual();
    doc.input("a", &["stamp"], "kWh");
    let bound =
        doc.bind(&[table("a.csv", "stamp|a (kWh)\n2024-01-31 24:00|1\n2024/1/31 13:15|2")]).clean();
    assert_eq!(bound.rows("a"), ["2024-02-01 00:00 = 1", "2024-01-31 13:15 = 2"]);
}

#[test]
fn integers_and_texts() {
    let mut doc = Doc::usual();
    doc.input("a", &["batch", "plant"], "t");
    let cells = vec![
        ("batch", vec![Number(1.0), Text(" 1,000 ".into()), Text("-3".into())]),
        ("plant", vec![Text(" 甲\u{3000}".into()), Text("e\u{301}".into()), Number(12.0)]),
        ("a (t)", vec![Number(1.0), Number(2.0), Number(3.0)]),
    ];
    let bound = doc.bind(&[sheet("s", cells)]).clean();
    assert_eq!(bound.rows("a"), ["1 甲 = 1", "1000 é = 2", "-3 12 = 3"]);

    let cells = vec![
        ("batch", vec![Number(1.5), Text("x".into()), Text("3%".into())]),
        ("plant", vec![Text("a".into()), Text("b".into()), Text("c".into())]),
        ("a (t)", vec![Number(1.0), Number(2.0), Number(3.0)]),
    ];
    let bound = doc.bind(&[sheet("s", cells)]);
    assert_eq!(bound.codes(), ["data-bad-key"; 3]);
    bound.says(&["expected a whole number", "应为整数"]);
}

#[test]
fn an_empty_key_is_an_error_unless_the_row_is_empty() {
    let mut doc = Doc::usual();
    doc.input("a", &["plant"], "t");
    let bound = doc.bind(&[table("a.csv", "plant|a (t)\nA|1\n|\n|2\n-|3\nB|4")]);
    assert_eq!(bound.codes(), ["data-empty-key"; 2]);
    bound.says(&[
        "a.csv, row 4, column A",
        "the key of index plant is empty",
        "空单元格",
        "清空整行",
    ]);
    assert_eq!(bound.rows("a"), ["A = 1", "B = 4"]);

    let cells = vec![("plant", vec![Empty, Text("A".into())]), ("a (t)", vec![Empty, Number(1.0)])];
    doc.bind(&[sheet("s", cells)]).clean();
}

#[test]
fn a_duplicate_key_names_both_rows() {
    let mut doc = Doc::usual();
    doc.input("energy", &["year", "plant"], "tce");
    let text = "year|plant|energy (tce)\n2016|A|1\n2016|B|2\n2016|A|1\n2017|A|3";
    let bound = doc.bind(&[table("e.csv", text)]);
    assert_eq!(bound.codes(), ["data-duplicate-key"]);
    bound.says(&[
        "has two rows for year = 2016, plant = A: row 2 and row 4",
        "在 year = 2016, plant = A 有两行：第 2 行和第 4 行",
        "e.csv, row 4, column C",
    ]);
}

#[test]
fn an_error_in_a_shared_key_column_is_reported_once() {
    let mut doc = Doc::usual();
    doc.input("a", &["year"], "t");
    doc.input("b", &["year"], "t");
    let bound = doc.bind(&[table("a.csv", "year|a (t)|b (t)\nx|1|2\n2017|q|2")]);
    assert_eq!(bound.codes(), ["data-bad-key", "data-bad-number"]);
    assert_eq!(bound.rows("b"), ["2017 = 2"]);
}

#[test]
fn members_that_differ_by_blanks_are_offered() {
    let mut doc = Doc::new();
    doc.closed("plant", &[("甲厂", None), ("乙厂", None)]);
    doc.input("x", &["plant"], "t");
    let bound = doc.bind(&[table("x.csv", "plant|x (t)\n甲 厂|1\n乙厂|2")]);
    bound.says(&["索引 plant 没有成员「甲 厂」", "是否想写 甲厂？"]);
}
