//! 测试 Values become tables whose bytes follow from the values alone.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::tables;
use tanliu_factor::Catalogue;
use tanliu_method::check::{Library, check};
use tanliu_platform::value::{Origin, Standing, Value};

const DOCUMENT: &str = "---\nid: t/one\nversion: \"1\"\ntitle: { zh: 甲, en: A }\nkind: account\n\
status: illustration\n---\n# 甲\n\n```tan\nindex enterprise : text\nindex town : text\n\
index sector = industry | living\nindex year : year\ninput coal[enterprise, year] : t default 0\n\
input power[enterprise, year] : 万kWh\ninput rest[town, sector, year] : tce default 0\n\
input town_of[enterprise] : town\noutput all[year] : t = sum(coal over enterprise)\n```\n";

struct Nothing;

impl Library for Nothing {
    fn document(&self, _: &str) -> Option<(String, String)> {
        None
    }

    fn ids(&self) -> Vec<String> {
        Vec::new()
    }
}

fn unit_of(input: &str) -> &'static str {
    match input {
        "coal" => "t",
        "power" => "万kWh",
        "rest" => "tce",
        _ => "",
    }
}

fn value(input: &str, subject: &str, keys: &str, period: &str, number: Option<f64>) -> Value {
    Value {
        id: 0,
        dataset: "d".into(),
        input: input.into(),
        subject: subject.into(),
        keys: keys.into(),
        period: period.into(),
        original: "T01".into(),
        original_unit: String::new(),
        number,
        unit: unit_of(input).to_owned(),
        origin: Origin::default(),
        submission: 1,
        standing: Standing::Approved,
    }
}

#[test]
fn inputs_of_the_same_indexes_share_a_table_in_key_order() {
    let checked = check("one.md", DOCUMENT, &Nothing, &Catalogue::default());
    let values = [
        value("power", "E2", "", "2021", Some(0.1)),
        value("coal", "E1", "", "2021", Some(12.5)),
        value("power", "E1", "", "2021", Some(3.0)),
        value("rest", "T01", "sector=living", "2020", Some(7.0)),
        value("town_of", "E1", "", "", None),
        value("unknown", "E1", "", "", Some(1.0)),
    ];
    let made = tables(&checked.program, &values).unwrap();
    let texts: Vec<(String, String)> = made
        .into_iter()
        .map(|table| (table.file, String::from_utf8(table.bytes).unwrap()))
        .collect();
    let text = |file: &str| {
        texts.iter().find(|(own, _)| own == file).map(|(_, text)| text.as_str()).unwrap()
    };
    assert_eq!(texts.len(), 3);
    assert_eq!(
        text("enterprise-year.csv"),
        "enterprise,year,coal (t),power (万kWh)\nE1,2021,12.5,3\nE2,2021,,0.1\n"
    );
    assert_eq!(text("town-sector-year.csv"), "town,sector,year,rest (tce)\nT01,living,2020,7\n");
    assert_eq!(text("enterprise.csv"), "enterprise,town_of\nE1,T01\n");
}

#[test]
fn values_of_one_input_in_two_units_are_refused() {
    let checked = check("one.md", DOCUMENT, &Nothing, &Catalogue::default());
    let mut other = value("coal", "E2", "", "2021", Some(1.0));
    other.unit = "kg".to_owned();
    let refused = tables(&checked.program, &[value("coal", "E1", "", "2021", Some(2.0)), other]);
    assert!(refused.unwrap_err().message().en.contains("several units: kg, t"));
}
