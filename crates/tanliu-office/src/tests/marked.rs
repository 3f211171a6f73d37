use super::template::sample;
use super::{codes, mixed, only_error, read, read_clean, texts};
use crate::{Mark, read_properties, write_marked_copy, write_marked_tables, write_template};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::io::{Cursor, Read};
use tanliu_diagnostic::Lang;
use tanliu_method::table::CellValue;

fn mark(sheet: &str, row: u32, column: u32, message: &str) -> Mark {
    Mark { sheet: sheet.to_owned(), row, column, message: message.to_owned() }
}

/// All text members of a workbook, one behind the other.
fn everything(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for index in 0..archive.len() {
        archive.by_index(index).unwrap().read_to_string(&mut all).unwrap();
    }
    all
}

fn original() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("能源").unwrap();
    sheet.merge_range(0, 0, 0, 4, "标题", &Format::new()).unwrap();
    sheet.write_row(1, 0, ["年", "损耗 (%)", "日期", "值 (t)", "错"]).unwrap();
    sheet.write(2, 0, 2020).unwrap();
    sheet.write_with_format(2, 1, 0.05, &Format::new().set_num_format("0.0%")).unwrap();
    let day = ExcelDateTime::from_ymd(2024, 1, 31).unwrap();
    sheet.write_with_format(2, 2, &day, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    sheet.write(2, 3, "abc").unwrap();
    sheet.write_formula(2, 4, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let hidden = workbook.add_worksheet().set_name("隐藏").unwrap();
    hidden.write(0, 0, "secret").unwrap();
    hidden.set_hidden(true);
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_marked_copy_holds_the_same_values_and_the_messages() {
    let marks = [
        mark("能源", 3, 4, "「abc」不是数"),
        mark("能源", 3, 4, "第二条"),
        mark("能源", 9, 1, "缺少 2021 年"),
        mark("没有的表", 0, 0, "整体问题"),
    ];
    let bytes = write_marked_copy(&original(), &marks, None).unwrap();
    let (tables, diagnostics) = read("副本.xlsx", &bytes);
    assert_eq!(codes(&diagnostics), ["cell-formula-error"]);
    assert_eq!(tables.len(), 1, "the list of findings is not a table, the hidden sheet neither");
    let table = &tables[0];
    assert_eq!((table.name.as_str(), table.header_row), ("能源", 2));
    let row: Vec<CellValue> = (0..5).map(|column| mixed(table, column)[0].clone()).collect();
    assert_eq!(
        row,
        [
            CellValue::Number(2020.0),
            CellValue::Percent(5.0),
            CellValue::Date("2024-01-31".to_owned()),
            CellValue::Text("abc".to_owned()),
            CellValue::Error("#DIV/0!".to_owned()),
        ]
    );
    let all = everything(&bytes);
    for text in [
        "「abc」不是数\n第二条",
        "缺少 2021 年",
        "整体问题",
        "FFFFC7CE",
        "secret",
        "state=\"hidden\"",
        "mergeCell",
        "能源!D3",
    ] {
        assert!(all.contains(text), "{text} is missing");
    }
    assert!(read_properties(&bytes).unwrap().marked);
    assert_eq!(bytes, write_marked_copy(&original(), &marks, None).unwrap());
}

#[test]
fn a_formula_without_a_result_is_marked_red() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("能源").unwrap();
    sheet.write_row(0, 0, ["值 (t)", "另"]).unwrap();
    sheet.write_formula(1, 0, Formula::new("=1+1").set_result("")).unwrap();
    sheet.write(1, 1, 3).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let copy = write_marked_copy(&bytes, &[mark("能源", 2, 1, "没有结果")], None).unwrap();
    // The red cell stands in its row with a format of its own, though it holds nothing.
    assert!(everything(&copy).contains("<c r=\"A2\" s="), "{}", everything(&copy));
}

#[test]
fn a_marked_copy_may_be_marked_again() {
    let once = write_marked_copy(&original(), &[mark("能源", 3, 4, "旧的意见")], None).unwrap();
    let twice = write_marked_copy(&once, &[mark("能源", 3, 1, "新的意见")], None).unwrap();
    let all = everything(&twice);
    assert!(all.contains("新的意见") && !all.contains("旧的意见"));
}

#[test]
fn a_template_comes_back_with_notes_lists_and_properties() {
    let template = sample();
    let bytes = write_template(&template).unwrap();
    let copy = write_marked_copy(&bytes, &[mark("energy", 2, 3, "缺值")], Some(&template)).unwrap();
    let properties = read_properties(&copy).unwrap();
    assert_eq!((properties.method.as_deref(), properties.marked), (Some("cn/省级清单"), true));
    let all = everything(&copy);
    for text in [
        "来源：能源平衡表",
        "缺值",
        "<formula1>字典_fuel_燃料</formula1>",
        "字典!$A$2:$A$201",
        "留空时取",
    ] {
        assert!(all.contains(text), "{text} is missing");
    }
    let (tables, diagnostics) = read("a.xlsx", &copy);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!((tables.len(), tables[0].row_count(), tables[1].row_count()), (2, 0, 2));
}

#[test]
fn text_tables_are_marked_at_their_lines() {
    let csv = "year,energy (tce)\n2020,\"a\nb\"\n2021,3\n";
    let table = read_clean("data/energy.csv", csv.as_bytes());
    let finding =
        tanliu_diagnostic::Diagnostic::error("cell-not-a-number", "不是数", "not a number")
            .at(table.place(1, &table.columns[1]), "", "")
            .note("以 tce 计", "in tce")
            .hint("改成数", "write a number");
    let marks = Mark::from_findings(&[finding], Lang::Zh);
    assert_eq!(marks, [mark("energy", 4, 2, "不是数。以 tce 计。建议：改成数")]);
    let bytes = write_marked_tables(&[table], &marks).unwrap();
    assert!(everything(&bytes).contains("energy!B4"));
    let back = read_clean("a.xlsx", &bytes);
    assert_eq!(
        (back.row_numbers.as_slice(), texts(&back, 1)),
        ([2, 4].as_slice(), vec!["a\nb".to_owned(), "3".to_owned()])
    );
}

#[test]
fn what_cannot_be_read_cannot_be_marked() {
    assert!(write_marked_copy(b"a,b\n1,2\n", &[], None).is_err());
    assert_eq!(only_error("a.xlsx", b"a,b\n1,2\n").code, "table-unreadable");
}
