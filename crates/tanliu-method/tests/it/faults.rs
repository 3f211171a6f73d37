//! 运行时的消息 What is said when data lack something or a condition fails.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::{catalogue, library};
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Lang, render};
use tanliu_method::check::check;
use tanliu_method::examples::run_examples;

/// The findings of a document's one example, and how they read in Chinese and English.
fn told(declarations: &str, example: &str) -> (Vec<Diagnostic>, String) {
    let text = format!(
        "---\nid: m\nversion: \"1\"\ntitle: m\nkind: account\nstatus: illustration\n---\n\
         ```tan\n{declarations}```\n\n## Example\n\n{example}"
    );
    let checked = check("m.md", &text, &library(&[]), &catalogue());
    assert!(!checked.diagnostics.has_errors(), "{:?}", checked.diagnostics);
    let results = run_examples(&checked, &catalogue());
    let list = results.into_iter().next().unwrap().diagnostics;
    let sources = BTreeMap::from([("m.md".to_owned(), text)]);
    let seen =
        [Lang::Zh, Lang::En].map(|lang| render(&list, &sources, lang, false)).join("\n----\n");
    (list, seen)
}

fn says(seen: &str, phrases: &[&str]) {
    for phrase in phrases {
        assert!(seen.contains(phrase), "no {phrase:?} in\n{seen}");
    }
}

const BY_CITY: &str = "index plant : text\nindex city = jinan \"济南\" | weifang \"潍坊\"\n\
     input made[plant] : t\ninput city_of[plant] : city\ninput quota[city] : t\n\
     output left[city] : t = quota - sum(made over plant by city_of)\n";

#[test]
fn the_mapping_that_lacks_a_key_is_told_and_not_what_follows_from_it() {
    let (list, seen) = told(
        BY_CITY,
        "Table: given made\n\n| plant | made (t) |\n|---|---|\n| A | 1 |\n| B | 2 |\n\n\
         Table: given city_of\n\n| plant | city_of |\n|---|---|\n| A | jinan |\n\n\
         Table: given quota\n\n| city | quota (t) |\n|---|---|\n| jinan | 5 |\n| weifang | 5 |\n",
    );
    let codes: Vec<&str> = list.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["unmapped-key"], "{seen}");
    says(&seen, &["`city_of`", "plant = B"]);
}

#[test]
fn a_missing_group_without_another_cause_is_told_as_before() {
    let (list, seen) = told(
        BY_CITY,
        "Table: given made\n\n| plant | made (t) |\n|---|---|\n| A | 1 |\n\n\
         Table: given city_of\n\n| plant | city_of |\n|---|---|\n| A | jinan |\n\n\
         Table: given quota\n\n| city | quota (t) |\n|---|---|\n| jinan | 5 |\n| weifang | 5 |\n",
    );
    assert_eq!(list.len(), 1, "{seen}");
    assert_eq!(list[0].code, "missing-key");
    says(&seen, &["city = weifang", "先补上数据；只有缺失确实就是零"]);
}

#[test]
fn keys_that_differ_by_blanks_are_set_side_by_side() {
    let (_, seen) = told(
        "index plant : text\ninput made[plant] : t\ninput price[plant] : CNY/t\n\
         output worth[plant] : CNY = made * price\n",
        "Table: given made\n\n| plant | made (t) |\n|---|---|\n| 甲厂 | 1 |\n\n\
         Table: given price\n\n| plant | price (CNY/t) |\n|---|---|\n| 甲 厂 | 1 |\n",
    );
    says(
        &seen,
        &["plant 既有「甲厂」又有「甲 厂」", "是同一个吗？", "written a little differently"],
    );
}

#[test]
fn a_gap_names_the_absent_key() {
    let rows = |header: &str| {
        format!(
            "Table: given a\n\n| plant | month | {header} |\n|---|---|---|\n| A | 2023-01 | 1 |\n\
             | A | 2023-02 | 1 |\n| A | 2023-04 | 2 |\n| A | 2023-05 | 2 |\n"
        )
    };
    let (list, seen) = told(
        "index plant : text\nindex month : month\ninput a[plant, month] : t\n\
         output b[plant, month] : t = a - a[month-1]\n",
        &rows("a (t)"),
    );
    assert_eq!(list[0].code, "gap", "{seen}");
    says(&seen, &["缺的键：plant = A, month = 2023-03（用到它的：plant = A, month = 2023-04）"]);
    says(&seen, &["absent: plant = A, month = 2023-03 (asked at"]);
    let (list, seen) = told(
        "index plant : text\nindex month : month\ninput a[plant, month] : t\n\
         output b[plant, month] : t = mean(a over month last 2)\n",
        &rows("a (t)"),
    );
    assert_eq!(list[0].code, "gap", "{seen}");
    says(&seen, &["缺的键：plant = A, month = 2023-03"]);
}

#[test]
fn a_condition_that_fails_prints_both_sides() {
    let months: String = (1..=12)
        .filter(|month| *month != 7)
        .map(|month| format!("| 甲厂 | 2023-{month:02} | 1 |\n"))
        .collect();
    let (list, seen) = told(
        "index plant : text\nindex month : month\nindex year : year\n\
         input made[plant, month] : t\ninput capacity[plant] : t/d\n\
         total[plant, year] : t = sum(made over month to year)\n\
         output half[plant, year] : t = total / 2\n\
         require count(made over month to year) = 12 \"须有 12 个月\"\n\
         require total > 0 t and total <= capacity * 1 d \"超过能力\"\n",
        &format!(
            "Table: given made\n\n| plant | month | made (kg) |\n|---|---|---|\n{months}\n\
             Table: given capacity\n\n| plant | capacity (kg/d) |\n|---|---|\n| 甲厂 | 10 |\n"
        ),
    );
    // Warnings of an example are not among its findings.
    assert_eq!(list.len(), 2, "{seen}");
    says(
        &seen,
        &[
            "不满足的键（1）：plant = 甲厂, year = 2023",
            "plant = 甲厂, year = 2023：count(made) = 11，须 = 12；缺 2023-07",
            "count(made) = 11, must be = 12; lacking 2023-07",
            "plant = 甲厂, year = 2023：total = 0.011 t，须 <= 0.01 t",
            "total = 0.011 t, must be <= 0.01 t",
            "看它怎样算出：tanliu explain … 'total[plant=甲厂, year=2023]'",
        ],
    );
}
