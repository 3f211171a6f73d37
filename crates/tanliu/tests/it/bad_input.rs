//! 坏输入 What bad input gets: every finding with file, sheet, row and column, in one go, code 1;
//! what cannot be read at all, code 2. Never a panic, never a result.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::{Desk, METHOD, Seen};
use rust_xlsxwriter::{Format, Formula, Workbook};

/// Runs the method over one CSV file.
fn over(content: impl AsRef<[u8]>) -> Seen {
    let desk = Desk::with_method();
    desk.put("energy.csv", content);
    desk.tanliu("run m.md --data energy.csv --out out")
}

#[track_caller]
fn refused(content: impl AsRef<[u8]>, parts: &[&str]) {
    let seen = over(content);
    seen.says(1, parts).says(1, &["没有计算"]);
    assert!(!seen.all().contains("panicked"));
}

#[test]
fn bad_cells_are_told_all_in_one_go() {
    refused(
        "year,fuel,energy (tce)\n2016,coal,1OO\n2016,oil,\"1,0.5\"\n2017,cola,5\n2017,oil,-1\n201X,oil,1\n",
        &[
            "energy.csv 第 2 行 C 列「1OO」",
            "energy.csv 第 3 行 C 列「1,0.5」",
            "energy.csv 第 4 行 B 列「cola」",
            "coal",
            "energy.csv 第 5 行 C 列「-1」",
            "energy.csv 第 6 行 A 列「201X」",
        ],
    );
}

#[test]
fn units_in_headers_are_checked() {
    refused("year,fuel,energy (tCO2)\n2016,coal,1\n2016,oil,1\n", &["data-unit", "tCO2"]);
    refused("year,fuel,energy (tcee)\n2016,coal,1\n2016,oil,1\n", &["tcee"]);
    refused("year,fuel,energy\n2016,coal,1\n2016,oil,1\n", &["data-missing-unit"]);
}

#[test]
fn keys_must_be_there_once() {
    refused(
        "year,fuel,energy (tce)\n2016,coal,1\n2016,coal,2\n2016,oil,1\n",
        &["data-duplicate-key"],
    );
    refused("year,fuel,energy (tce)\n2016,coal,1\n", &["data-incomplete", "oil"]);
    refused("year,energy (tce)\n2016,1\n", &["fuel"]);
}

#[test]
fn an_extra_column_warns_and_two_candidates_refuse() {
    over("year,fuel,energy (tce),remark\n2016,coal,1,x\n2016,oil,1,y\n")
        .says(0, &["data-extra-column", "remark"]);
    let desk = Desk::with_method();
    desk.put("again.csv", "year,fuel,energy (tce)\n2016,coal,1\n2016,oil,1\n");
    desk.tanliu("run m.md --data energy.csv again.csv")
        .says(1, &["data-ambiguous", "energy.csv", "again.csv"]);
    desk.tanliu("run m.md").says(1, &["data-not-found", "energy"]);
}

#[test]
fn files_of_odd_encodings_are_read_or_told() {
    refused("", &["table-empty"]);
    over("\u{feff}year,fuel,energy (tce)\n2016,coal,1\n2016,oil,1\n").says(0, &[]);
    let (bytes, _, _) = encode("year,fuel,化石能源消费量（吨标准煤）\n2016,煤炭,1\n2016,石油,1\n");
    over(bytes).says(0, &["table-encoding"]);
    refused(b"year,fuel,energy (tce)\n2016,coal,1\xff\xfe\xff\n", &["table-encoding"]);
}

/// A text in GB18030; only the characters used here.
fn encode(text: &str) -> (Vec<u8>, (), ()) {
    let table: &[(char, [u8; 2])] = &[
        ('化', [0xbb, 0xaf]),
        ('石', [0xca, 0xaf]),
        ('能', [0xc4, 0xdc]),
        ('源', [0xd4, 0xb4]),
        ('消', [0xcf, 0xfb]),
        ('费', [0xb7, 0xd1]),
        ('量', [0xc1, 0xbf]),
        ('（', [0xa3, 0xa8]),
        ('吨', [0xb6, 0xd6]),
        ('标', [0xb1, 0xea]),
        ('准', [0xd7, 0xbc]),
        ('煤', [0xc3, 0xba]),
        ('）', [0xa3, 0xa9]),
        ('炭', [0xcc, 0xbf]),
        ('油', [0xd3, 0xcd]),
    ];
    let mut bytes = Vec::new();
    for letter in text.chars() {
        match table.iter().find(|(known, _)| *known == letter) {
            Some((_, pair)) => bytes.extend(pair),
            None => bytes.push(u8::try_from(u32::from(letter)).unwrap()),
        }
    }
    (bytes, (), ())
}

#[test]
fn a_line_of_a_hundred_megabytes_ends_in_a_finding() {
    let mut content = b"year,fuel,energy (tce)\n2016,coal,".to_vec();
    content.resize(100 << 20, b'9');
    refused(content, &["table-"]);
    let mut commas = b"year,fuel,energy (tce)\n".to_vec();
    commas.resize(100 << 20, b',');
    refused(commas, &["table-"]);
}

#[test]
fn a_million_findings_are_capped_and_counted() {
    let mut content = String::from("year,fuel,energy (tce)\n");
    for _ in 0..1_000_000 {
        content.push_str("2016,coal,x\n");
    }
    let seen = over(&content);
    seen.says(1, &["还有 999980 处同类错误未列出"]);
    assert!(seen.err.len() < 200_000, "{} bytes", seen.err.len());
    let errors = seen.err.lines().last().unwrap();
    let count: usize = errors.split_whitespace().next().unwrap().parse().unwrap();
    assert!(count >= 1_000_000, "{errors}");
}

/// A workbook of one sheet with the header and two rows, and one odd cell.
fn workbook(write: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("能源").unwrap();
    for (column, header) in (0..).zip(["year", "fuel", "energy (tce)"]) {
        sheet.write_string(0, column, header).unwrap();
    }
    for (row, fuel) in (1..).zip(["coal", "oil"]) {
        sheet.write_number(row, 0, 2016).unwrap();
        sheet.write_string(row, 1, fuel).unwrap();
        sheet.write_number(row, 2, 10).unwrap();
    }
    write(sheet);
    workbook.save_to_buffer().unwrap()
}

#[test]
fn bad_cells_of_a_workbook_come_back_marked() {
    let desk = Desk::with_method();
    desk.put(
        "book.xlsx",
        workbook(|sheet| {
            sheet.write_string(2, 2, "十吨").unwrap();
            sheet.write_string(1, 1, "煤").unwrap();
        }),
    );
    let seen = desk.tanliu("run m.md --data book.xlsx --out results/2016");
    seen.says(1, &["book.xlsx [能源] 第 3 行 C 列「十吨」", "book.xlsx [能源] 第 2 行 B 列「煤」"]);
    seen.says(1, &["results/book.checked.xlsx"]);
    assert_eq!(desk.list("results"), ["book.checked.xlsx"]);
    let copy = std::fs::read(desk.path("results/book.checked.xlsx")).unwrap();
    assert!(copy.starts_with(b"PK"));
    desk.tanliu("run m.md --data book.xlsx --mark marked.xlsx").says(1, &["marked.xlsx"]);
    assert!(desk.path("marked.xlsx").exists());
}

#[test]
fn formula_errors_percentages_and_merged_cells_of_a_workbook() {
    let desk = Desk::with_method();
    desk.put(
        "book.xlsx",
        workbook(|sheet| {
            sheet.write_formula(1, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        }),
    );
    desk.tanliu("run m.md --data book.xlsx").says(1, &["#DIV/0!", "第 2 行 C 列"]);
    desk.put(
        "book.xlsx",
        workbook(|sheet| {
            sheet.merge_range(1, 0, 2, 0, "2016", &Format::new()).unwrap();
        }),
    );
    desk.tanliu("run m.md --data book.xlsx").says(1, &["table-merged-cells"]);
    let mut shares = Workbook::new();
    let sheet = shares.add_worksheet();
    sheet.write_string(0, 0, "year").unwrap();
    sheet.write_string(0, 1, "share (%)").unwrap();
    sheet.write_number(1, 0, 2016).unwrap();
    let percent = Format::new().set_num_format("0%");
    sheet.write_number_with_format(1, 1, 0.5, &percent).unwrap();
    sheet.write_number(2, 0, 2017).unwrap();
    sheet.write_number(2, 1, 100).unwrap();
    desk.put("share.xlsx", shares.save_to_buffer().unwrap());
    desk.tanliu("run m.md --data energy.csv share.xlsx").says(0, &["176.25", "618.5"]);
}

#[test]
fn faults_of_sheets_and_columns_that_supply_nothing_only_warn() {
    let desk = Desk::with_method();
    let mut book = Workbook::new();
    let cover = book.add_worksheet();
    cover.set_name("封面").unwrap();
    cover.write_string(0, 0, "填表人").unwrap();
    cover.write_formula(1, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let sheet = book.add_worksheet();
    for (column, header) in (0..).zip(["year", "fuel", "energy (tce)", "同比"]) {
        sheet.write_string(0, column, header).unwrap();
    }
    for (row, fuel) in (1..).zip(["coal", "oil"]) {
        sheet.write_number(row, 0, 2016).unwrap();
        sheet.write_string(row, 1, fuel).unwrap();
        sheet.write_number(row, 2, 10).unwrap();
        sheet.write_formula(row, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    }
    desk.put("book.xlsx", book.save_to_buffer().unwrap());
    let seen = desk.tanliu("run m.md --data book.xlsx");
    seen.says(0, &["警告[cell-formula-error]", "[封面] 第 2 行 A 列", "第 3 行 D 列", "43.9"]);
    // In a column that is used the same fault is told once, and refuses.
    desk.put(
        "book.xlsx",
        workbook(|sheet| {
            sheet.write_formula(1, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        }),
    );
    let seen = desk.tanliu("run m.md --data book.xlsx");
    seen.says(1, &["错误[cell-formula-error]", "1 个错误"]);
}

#[test]
fn dates_that_are_numbers_are_not_years() {
    refused("year,fuel,energy (tce)\n42370,coal,1\n42370,oil,1\n", &["42370"]);
}

#[test]
fn what_cannot_be_read_ends_with_code_two_and_a_mend() {
    let desk = Desk::with_method();
    desk.tanliu("check nowhere.md").says(2, &["找不到 nowhere.md", "建议"]);
    desk.tanliu("run m.md --data nowhere.csv").says(2, &["找不到 nowhere.csv"]);
    desk.tanliu("run m.md --data energy.csv --set allowance").says(2, &["「=」"]);
    desk.tanliu("run m.md --data energy.csv --out m.md").says(2, &["不是目录"]);
    desk.tanliu("run m.md --data energy.csv --format xlsx").says(2, &["--out"]);
    desk.tanliu("run m.md --data energy.csv --library nowhere").says(2, &["--library"]);
    desk.tanliu("run m.md --data energy.csv --factors nowhere").says(2, &["--factors"]);
    desk.put("folder/x.txt", "x");
    desk.tanliu("run folder --data energy.csv").says(2, &["目录"]);
    desk.tanliu("check folder").says(2, &["没有方法学文档"]);
    desk.put("gbk.md", b"---\nid: x\n---\n# \xb7\xbd\xb7\xa8\n");
    desk.tanliu("check gbk.md").says(2, &["不是 UTF-8", "第 4 行", "GB18030"]);
    desk.tanliu("template m.md -o folder").says(2, &["是目录"]);
    desk.tanliu("template m.md -o no/such/book.xlsx").says(2, &["写不了"]);
}

#[test]
fn set_values_are_read_like_data() {
    let desk = Desk::with_method();
    desk.tanliu("run m.md --data energy.csv --set 'allowance=4 MWh'").says(1, &["MWh", "tCO2"]);
    desk.tanliu("run m.md --data energy.csv --set 'alowance=4 tCO2'").says(1, &["allowance"]);
    desk.tanliu("run m.md --data energy.csv --set 'allowance=４００ ｔCO2'").says(0, &["47.5"]);
}

#[test]
fn a_refused_run_leaves_earlier_results_as_they_are() {
    let desk = Desk::with_method();
    desk.tanliu("run m.md --data energy.csv --out out").says(0, &[]);
    let before = desk.read("out/run.json");
    desk.put("energy.csv", "year,fuel,energy (tce)\n2016,coal,x\n2016,oil,1\n");
    desk.tanliu("run m.md --data energy.csv --out out").says(1, &[]);
    assert_eq!(desk.read("out/run.json"), before);
    desk.put("m.md", METHOD.replace("* ef\n", "* efs\n"));
    let json = desk.tanliu("run m.md --data energy.csv --json");
    assert_eq!(json.code, 1);
    assert_eq!(json.json()["ok"], false);
}
