//! 编写者 Somebody writes a methodology: checks it, runs its examples, mends it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::{Desk, METHOD};

#[test]
fn a_sound_document_is_checked_and_its_examples_pass() {
    let desk = Desk::with_method();
    desk.tanliu("check m.md").says(0, &["1 篇文档，0 个错误，0 个警告"]);
    desk.tanliu("--lang en check m.md").says(0, &["1 document, 0 errors, 0 warnings"]);
    desk.tanliu("test m.md").says(0, &["✓ m.md:27", "1 个通过，0 个失败"]);
    desk.tanliu("test m.md --lang en --verbose").says(
        0,
        &["co2[year = 2016]: expected 352.5 tCO2, actual 352.5 tCO2", "1 passed, 0 failed"],
    );
}

#[test]
fn a_missed_figure_is_told_with_both_values_and_the_tolerance() {
    let desk = Desk::new();
    desk.put("m.md", METHOD.replace("| 352.5 |", "| 352.9 |"));
    let seen = desk.tanliu("test m.md --lang en");
    seen.says(1, &["✗", "expected 352.9 tCO2, actual 352.5 tCO2", "tolerance 0.05 tCO2", "m.md:4"]);
    seen.says(1, &["0 passed, 1 failed"]);
    let json = desk.tanliu("test m.md --json").json();
    assert_eq!(json["failed"], 1);
    assert_eq!(json["documents"][0]["examples"][0]["expectations"][0]["passed"], false);
}

#[test]
fn a_wrong_document_is_underlined_in_both_languages_and_as_json() {
    let desk = Desk::new();
    desk.put("m.md", METHOD.replace("allowance - co2", "allowance - energy"));
    desk.tanliu("check m.md").says(1, &["错误[", "m.md:22:", "1 个错误"]);
    desk.tanliu("check m.md --lang en").says(1, &["error[", "^^^", "1 error, 0 warnings"]);
    desk.tanliu("test m.md").says(1, &["算例没有运行", "0 个通过，1 个失败"]);
    let json = desk.tanliu("check m.md --json").json();
    assert_eq!(json["errors"], 1);
    let finding = &json["documents"][0]["findings"][0];
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["places"][0]["file"], "m.md");
    assert_eq!(finding["places"][0]["line"], 22);
    assert!(finding["message"]["zh"].is_string() && finding["message"]["en"].is_string());
}

#[test]
fn a_folder_is_searched_and_pages_that_are_no_documents_are_left_alone() {
    let desk = Desk::new();
    desk.put("methods/a.md", METHOD);
    desk.put("methods/deep/er/b.md", METHOD.replace("desk/method", "desk/other"));
    desk.put("methods/README.md", "# 说明\n\n没有代码。\n");
    desk.put(
        "methods/bad/wrong.md",
        METHOD.replace("desk/method", "desk/bad").replace("* ef", "* efs"),
    );
    desk.tanliu("check methods").says(0, &["2 篇文档", "bad/ 里的 1 篇"]);
    desk.tanliu("check methods/bad/wrong.md").says(1, &["efs"]);
    desk.tanliu("check methods/bad").says(1, &["1 篇文档"]);
}

#[test]
fn two_documents_of_one_id_are_an_error() {
    let desk = Desk::new();
    desk.put("methods/a.md", METHOD);
    desk.put("methods/b.md", METHOD);
    desk.tanliu("check methods").says(1, &["duplicate-id", "methods/a.md", "methods/b.md"]);
}

#[test]
fn a_used_document_is_found_beside_in_methods_and_in_libraries() {
    let user = "\
---
id: desk/user
version: \"1\"
title: { zh: 引用, en: User }
kind: account
---
```tan
index year : year
input coal[year] : tce
use inner = \"desk/inner\" { burnt = coal }
output co2[year] : tCO2 = inner.co2
```
";
    let inner = "\
---
id: desk/inner
version: \"1\"
title: { zh: 被引用, en: Used }
kind: account
---
```tan
index year : year
input burnt[year] : tce
output co2[year] : tCO2 = burnt * 2.66 tCO2/tce
```
";
    let desk = Desk::new();
    desk.put("work/u.md", user);
    desk.tanliu("check work/u.md").says(1, &["desk/inner"]);
    desk.put("methods/any/name.md", inner);
    desk.tanliu("check work/u.md").says(0, &[]);
    desk.tanliu("check work/u.md --library work").says(1, &["desk/inner"]);
    desk.put("shelf/x.md", inner);
    desk.tanliu("check work/u.md --library shelf").says(0, &[]);
    desk.put("shelf/y.md", inner);
    desk.tanliu("check work/u.md --library shelf").says(1, &["duplicate-id", "shelf/x.md"]);
    desk.put("coal.csv", "year,coal (tce)\n2016,10\n");
    desk.tanliu("run desk/user --library work --library methods --data coal.csv")
        .says(0, &["26.6"]);
    desk.tanliu("run desk/usr --library work").says(2, &["desk/user"]);
    desk.tanliu("explain work/u.md --data coal.csv 'co2[year=2016]'")
        .says(0, &["inner.burnt[year = 2016]", "= coal  (work/u.md:10)", "coal.csv 第 2 行 B 列"]);
}

#[test]
fn help_has_an_example_each_and_speaks_both_languages() {
    let desk = Desk::new();
    for command in ["check", "test", "run", "explain", "factors", "doc", "template"] {
        desk.tanliu(&format!("{command} --help")).says(0, &["例：tanliu", "选项"]);
        desk.tanliu(&format!("{command} --help --lang en")).says(0, &["xample", "Options"]);
    }
    desk.tanliu("--help").says(0, &["退出码"]);
    desk.tanliu("chekc").says(2, &["没有命令 chekc", "check"]);
    desk.tanliu("--lang en chekc").says(2, &["check"]);
    desk.tanliu("run").says(2, &["DOC"]);
}
