use super::*;
use crate::{Choice, Query, Refusal, Rule};
use proptest::prelude::*;

fn ask(set: &FactorSet, grid: &str, rule: Rule) -> Result<Choice, Refusal> {
    set.lookup(&Query { keys: vec![("grid", grid)], rule })
}

fn value(grid: &str, rule: Rule) -> f64 {
    ask(&set(HEADER, TABLE), grid, rule).unwrap().value
}

fn refusal(grid: &str, rule: Rule) -> Refusal {
    ask(&set(HEADER, TABLE), grid, rule).unwrap_err()
}

#[test]
fn same_year_takes_the_row_that_holds_the_first_day() {
    for key in ["2022", "2022-Q4", "2022-01", "2022-12-31", "2022-12-31T23", "2022-01-01 00:00"] {
        assert_eq!(value("guangdong", Rule::At(day(key))), 0.4403, "{key}");
    }
    assert_eq!(value("广东", Rule::At(day("2023"))), 0.4419);
    assert_eq!(value("guangdong", Rule::FixedAt(day("2021-06-30"))), 0.4715);
}

#[test]
fn a_day_outside_is_refused_with_what_there_is() {
    for key in ["2020", "2024"] {
        let refused = refusal("guangdong", Rule::At(day(key)));
        assert_eq!(refused.code, "factor-date-outside");
        assert!(refused.message.zh.contains(&format!("{key}-01-01")), "{}", refused.message.zh);
        assert!(refused.seen[0].en.contains("2021, 2022, 2023"), "{}", refused.seen[0].en);
    }
}

#[test]
fn a_gap_that_is_allowed_is_still_refused_when_asked() {
    let header = format!("{HEADER}gaps = \"未公布\"\n");
    let set = set(&header, "grid,from,to,value\na,2021,2021,1\na,2023,2023,3\n");
    assert_eq!(ask(&set, "a", Rule::At(day("2022"))).unwrap_err().code, "factor-date-outside");
    assert_eq!(ask(&set, "a", Rule::LatestBefore(day("2023"))).unwrap().value, 1.0);
}

#[test]
fn latest_before_is_strict_and_does_not_ask_for_validity() {
    let latest = |text: &str| value("guangdong", Rule::LatestBefore(day(text)));
    assert_eq!(latest("2022-01-01"), 0.4715);
    assert_eq!(latest("2022-01-02"), 0.4403);
    assert_eq!(latest("2030"), 0.4419);
    let refused = refusal("guangdong", Rule::LatestBefore(day("2021")));
    assert_eq!(refused.code, "factor-date-outside");
}

#[test]
fn latest_published_goes_by_the_day_of_publication() {
    let latest = |text: &str| value("guangdong", Rule::LatestPublishedBefore(day(text)));
    assert_eq!(latest("2024-04-13"), 0.4715);
    assert_eq!(latest("2024-12-23"), 0.4715);
    assert_eq!(latest("2024-12-24"), 0.4403);
    assert_eq!(latest("2026"), 0.4419);
    let refused = refusal("guangdong", Rule::LatestPublishedBefore(day("2024-04-12")));
    assert_eq!(refused.code, "factor-date-outside");
    assert!(refused.seen[1].en.contains("2024-04-12 (2021)"), "{}", refused.seen[1].en);
}

#[test]
fn unclear_publications_are_refused() {
    let table = TABLE.replace("2024-04-12", "2024");
    let set = super::set(HEADER, &table);
    let latest = |text: &str| ask(&set, "guangdong", Rule::LatestPublishedBefore(day(text)));
    assert_eq!(latest("2024-06-01").unwrap_err().code, "factor-publication-unknown");
    // In 2025 the row of 2021 (published in 2024) may be the newer one; the newer period counts.
    assert_eq!(latest("2025-06-01").unwrap().value, 0.4403);
    let undated = super::set(HEADER, &TABLE.replace("2024-04-12", ""));
    let rule = Rule::LatestPublishedBefore(day("2026"));
    let refused = ask(&undated, "guangdong", rule).unwrap_err();
    assert_eq!(refused.code, "factor-publication-unknown");
}

#[test]
fn rows_published_together_go_by_the_newest_period() {
    let table = "grid,from,to,published,value\n\
                 a,2012,2012,2016,1\na,2013,2013,2016,2\na,2014,2014,2016,3\n";
    let choice = ask(&set(HEADER, table), "a", Rule::LatestPublishedBefore(day("2017"))).unwrap();
    assert_eq!(choice.value, 3.0);
}

#[test]
fn mean_of_last_counts_rows() {
    let mean = |count, before| Rule::MeanOfLast { count, before };
    assert_eq!(value("guangdong", mean(1, None)), 0.4419);
    assert_eq!(value("guangdong", mean(3, None)), (0.4715 + 0.4403 + 0.4419) / 3.0);
    assert_eq!(value("guangdong", mean(2, Some(day("2023")))), (0.4715 + 0.4403) / 2.0);
    let refused = refusal("guangdong", mean(3, Some(day("2023"))));
    assert_eq!(refused.code, "factor-vintages-few");
    assert_eq!(refusal("guangdong", mean(0, None)).code, "factor-vintages-few");
    assert_eq!(refusal("guangdong", mean(u32::MAX, None)).code, "factor-vintages-few");
}

#[test]
fn a_mean_converts_to_the_unit_of_its_first_row() {
    let table = "grid,from,to,value,unit\na,2021,2021,400,gCO2/kWh\na,2022,2022,0.6,kgCO2/kWh\n";
    let rule = Rule::MeanOfLast { count: 2, before: None };
    let choice = ask(&set(HEADER, table), "a", rule).unwrap();
    assert_eq!(choice.value, 500.0);
    assert_eq!(choice.unit, UnitTable::builtin().parse("gCO2/kWh").unwrap());
    assert_eq!(choice.rows, [0, 1]);
}

#[test]
fn the_choice_explains_itself() {
    let set = set(HEADER, TABLE);
    let choice = ask(&set, "guangdong", Rule::At(day("2022"))).unwrap();
    assert_eq!(choice.rows, [1]);
    assert!(choice.findings.is_empty());
    let (zh, en) = (&choice.explanation.zh, &choice.explanation.en);
    assert!(zh.contains("guangdong 广东") && zh.contains("第 3 行"), "{zh}");
    assert!(zh.contains("2021（第 2 行，有效期已过）"), "{zh}");
    assert!(zh.contains("2023（第 4 行，尚未生效）"), "{zh}");
    assert!(
        en.contains("same year (2022)") && en.contains("2021 (line 2, no longer valid)"),
        "{en}"
    );
    let mean = Rule::MeanOfLast { count: 2, before: None };
    let choice = ask(&set, "guangdong", mean).unwrap();
    assert!(choice.explanation.en.contains("plain mean"), "{}", choice.explanation.en);
    assert!(choice.explanation.en.contains("2021 (line 2, older)"), "{}", choice.explanation.en);
}

#[test]
fn a_key_outside_is_refused_with_near_ones() {
    let rule = Rule::At(day("2022"));
    let refused = refusal("guangdon", rule);
    assert_eq!(refused.code, "factor-key-unknown");
    assert!(refused.hint.as_ref().unwrap().en.contains("guangdong"));
    assert!(refused.seen[0].zh.contains("zhejiang 浙江"));
    assert!(refusal("浙江省", rule).hint.unwrap().zh.contains("浙江"));
    assert_eq!(refusal("xizang", rule).hint, None);
    let finding = refusal("xizang", rule).into_diagnostic();
    assert!(finding.is_error() && finding.notes.len() == 1);
}

#[test]
fn key_columns_must_be_the_sets_own() {
    let set = set(HEADER, TABLE);
    let rule = Rule::At(day("2022"));
    for keys in [
        vec![],
        vec![("fuel", "coal")],
        vec![("grid", "guangdong"), ("fuel", "coal")],
        vec![("grid", "guangdong"), ("grid", "guangdong")],
    ] {
        let refused = set.lookup(&Query { keys, rule }).unwrap_err();
        assert_eq!(refused.code, "factor-key-columns");
    }
}

#[test]
fn several_keys_go_in_any_order_and_their_combination_must_be_there() {
    let header = HEADER.replace("[\"grid\"]", "[\"mode\", \"city\"]");
    let set = set(
        &header,
        "mode,city,from,value\nbike,metro,2022,1\nbike,none,2022,2\ntram,none,2022,3\n",
    );
    let rule = Rule::At(day("2023"));
    let ask = |keys| set.lookup(&Query { keys, rule });
    assert_eq!(ask(vec![("city", "none"), ("mode", "bike")]).unwrap().value, 2.0);
    let refused = ask(vec![("mode", "tram"), ("city", "metro")]).unwrap_err();
    assert_eq!((refused.code, refused.seen.len()), ("factor-key-unknown", 2));
}

#[test]
fn a_set_without_keys_is_a_series() {
    let set = set(&HEADER.replace("[\"grid\"]", "[]"), "from,to,value\n2021,2021,1\n2022,2022,2\n");
    let query = Query { keys: vec![], rule: Rule::LatestBefore(day("2025")) };
    assert_eq!(set.lookup(&query).unwrap().value, 2.0);
}

#[test]
fn memory_and_illustration_are_reported_on_use() {
    let table = "grid,from,to,value,standing,note\n\
                 a,2021,2021,1,memory,记得\na,2022,2022,2,illustration,示例\na,2023,2023,3,,\n";
    let set = set(HEADER, table);
    let codes = |rule| -> Vec<&str> {
        ask(&set, "a", rule).unwrap().findings.iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(Rule::At(day("2021"))), ["factor-memory"]);
    assert_eq!(codes(Rule::At(day("2022"))), ["factor-illustration"]);
    assert!(codes(Rule::At(day("2023"))).is_empty());
    let all = Rule::MeanOfLast { count: 3, before: None };
    assert_eq!(codes(all), ["factor-memory", "factor-illustration"]);
}

proptest! {
    #[test]
    fn a_value_always_comes_from_a_row_that_fits(year in 2015_i32..2030, month in 1_u32..13) {
        let set = set(HEADER, TABLE);
        let date = day(&format!("{year}-{month:02}-15"));
        match ask(&set, "zhejiang", Rule::At(date)) {
            Ok(choice) => prop_assert!(set.rows[choice.rows[0]].validity.holds(date)),
            Err(_) => prop_assert!(!(2021..=2023).contains(&year)),
        }
        if let Ok(choice) = ask(&set, "zhejiang", Rule::LatestBefore(date)) {
            prop_assert!(set.rows[choice.rows[0]].validity.first_day().ordinal < date.ordinal);
        }
    }
}
