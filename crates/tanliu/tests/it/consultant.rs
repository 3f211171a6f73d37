//! 咨询者 Somebody computes an account: makes the workbook, fills it, runs it, asks where a figure comes from.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::{Desk, METHOD};
use std::process::Stdio;

#[test]
fn results_are_printed_with_what_is_missing() {
    let desk = Desk::with_method();
    let seen = desk.tanliu("run m.md --data energy.csv");
    seen.says(0, &["co2 (tCO2)", "2016       352.5", "2017       618.5"]);
    seen.says(
        0,
        &[
            "未给出：surplus",
            "allowance",
            "待补证据：能源平衡表",
            "按缺省值填补：share（没有数据）",
        ],
    );
    let seen = desk.tanliu("run m.md --data energy.csv --set 'allowance=400 tCO2' --lang en");
    seen.says(0, &["surplus (tCO2)", "47.5", "-218.5", "open evidence"]);
}

#[test]
fn a_default_that_stands_in_for_some_keys_is_counted() {
    let desk = Desk::with_method();
    desk.put("share.csv", "year,share (%)\n2016,50\n");
    desk.tanliu("run m.md --data energy.csv share.csv --out out")
        .says(0, &["按缺省值填补：share 1 处"]);
    let manifest: serde_json::Value = serde_json::from_str(&desk.read("out/run.json")).unwrap();
    assert_eq!(manifest["defaults"][0]["filled"], 1, "{}", manifest["defaults"]);
}

#[test]
fn results_are_written_with_units_in_their_headers() {
    let desk = Desk::with_method();
    desk.tanliu("run m.md --data energy.csv --set allowance=400tCO2 --out out").says(0, &["out/"]);
    assert_eq!(desk.list("out"), ["co2.csv", "run.json", "surplus.csv"]);
    assert_eq!(desk.read("out/co2.csv"), "year,co2 (tCO2)\n2016,352.5\n2017,618.5\n");
    // What an earlier run made and this one does not is gone; other files stay.
    desk.put("out/mine.txt", "mine");
    desk.tanliu("run m.md --data energy.csv --out out --format json").says(0, &[]);
    assert_eq!(desk.list("out"), ["co2.json", "mine.txt", "run.json"]);
    assert!(desk.read("out/co2.json").contains("\"co2 (tCO2)\": 352.5"));
    desk.tanliu("run m.md --data energy.csv --out out --format xlsx").says(0, &[]);
    assert_eq!(desk.list("out"), ["mine.txt", "results.xlsx", "run.json"]);
    assert_eq!(desk.list("."), ["energy.csv", "m.md", "out"]);
}

#[test]
fn a_folder_is_a_set_of_tables_and_a_subfolder_one_table_of_parts() {
    let desk = Desk::with_method();
    desk.put("data/energy/2016.csv", "year,fuel,energy (tce)\n2016,coal,100\n2016,oil,50\n");
    desk.put("data/energy/2017.csv", "fuel,year,energy (tce)\ncoal,2017,200\noil,2017,50\n");
    desk.put("data/share.csv", "year,share (%)\n2016,50\n2017,100%\n");
    desk.put("data/README.md", "x");
    desk.put("data/.hidden.csv", "x");
    desk.put("data/notes.pdf", "x");
    let seen = desk.tanliu("run m.md --data data");
    seen.says(0, &["176.25", "618.5", "data-file-skipped", "data/notes.pdf"]);
    assert!(!seen.all().contains("README"));
    desk.tanliu("explain m.md --data data 'fuel_co2[year=2017,fuel=煤炭]'")
        .says(0, &["data/energy/2017.csv 第 2 行 C 列「200 tce」"]);
    desk.put("data/energy/2017.csv", "fuel,year,energy (tce)\ncoal,2017,2OO\noil,2017,50\n");
    desk.tanliu("run m.md --data data").says(1, &["data/energy/2017.csv 第 2 行 C 列「2OO」"]);
    desk.put("data/energy/2017.csv", "fuel,year,coal (tce)\ncoal,2017,200\n");
    desk.tanliu("run m.md --data data").says(1, &["data-parts-differ"]);
}

#[test]
fn a_figure_is_explained_down_to_its_cells() {
    let desk = Desk::with_method();
    let seen = desk.tanliu("explain m.md --data energy.csv 'co2[year=2016]'");
    seen.says(
        0,
        &[
            "co2[year = 2016] = 352.5 tCO2  「二氧化碳排放量」",
            "= sum(fuel_co2 over fuel) * share  (m.md:21)",
            "├─ fuel_co2[year = 2016, fuel = coal] = 266 tCO2",
            "energy.csv 第 2 行 C 列「0.01 万吨标准煤」",
            "来源：能源平衡表",
            "示例数",
            "└─ share[year = 2016] = 100 %",
        ],
    );
    let json = desk.tanliu("explain m.md 'co2[year=2016]' --data energy.csv --json").json();
    assert_eq!(json["value"], 352.5);
    assert_eq!(json["operands"][0]["operands"][0]["rests_on"]["row"], 2);
    desk.tanliu("explain m.md --data energy.csv 'co2[year=2020]'").says(1, &["2016, 2017"]);
    desk.tanliu("explain m.md --data energy.csv 'co2'").says(1, &["co2[year=…]"]);
    desk.tanliu("explain m.md --data energy.csv 'c02[year=2016]'").says(1, &["co2"]);
    desk.tanliu("explain m.md --data energy.csv 'fuel_co2[year=2016,fuel=gas]'").says(1, &["煤炭"]);
    desk.tanliu("explain m.md --data energy.csv").says(2, &["co2[year=2016]"]);
}

#[test]
fn a_template_is_made_and_an_empty_one_says_so() {
    let desk = Desk::with_method();
    desk.tanliu("template m.md -o book.xlsx").says(0, &["book.xlsx"]);
    desk.tanliu("run m.md --data book.xlsx").says(0, &["result-empty"]);
}

#[test]
fn a_page_is_written_with_the_examples_and_their_results() {
    let desk = Desk::with_method();
    desk.tanliu("doc m.md -o m.html").says(0, &["已写入 m.html"]);
    let page = desk.read("m.html");
    assert!(page.starts_with("<!doctype html>") && page.contains("352.5"), "{page}");
    desk.put("m.md", METHOD.replace("| 352.5 |", "| 352.9 |"));
    desk.tanliu("doc m.md -o m.html --lang en").says(1, &["1 examples fail"]);
}

#[test]
fn the_catalogue_is_listed_searched_and_checked() {
    let desk = Desk::new();
    desk.tanliu("factors list").says(0, &["cn/grid/om"]);
    desk.tanliu("factors show cn/grid/om").says(0, &["华北"]);
    desk.tanliu("factors show cn/grid/on").says(2, &["是否想写", "cn/grid/om"]);
    desk.tanliu("factors search 广东 average").says(0, &["cn/grid/average/provincial"]);
    desk.tanliu("factors check").says(0, &["0 个错误"]);
    desk.put("f/x.csv", "a\n");
    desk.tanliu("factors check f").says(1, &["factor-file-alone"]);
}

#[test]
fn a_reader_that_leaves_early_is_no_fault() {
    let desk = Desk::with_method();
    let mut data = String::from("year,fuel,energy (tce)\n");
    for year in 0..9000 {
        data.push_str(&format!("{year:04},coal,1\n{year:04},oil,1\n"));
    }
    desk.put("long.csv", data);
    let mut child = desk
        .command()
        .args(["run", "m.md", "--data", "long.csv", "--format", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}
