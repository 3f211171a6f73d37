use super::{cell, codes, headers, mixed, only_error, read, read_clean};
use crate::{ReadOptions, read_tables};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use tanliu_diagnostic::Place;
use tanliu_method::table::CellValue::{Bool, Date, Empty, Error, Number, Percent, Text};

/// A workbook of one sheet.
fn one(name: &str, fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).unwrap();
    fill(sheet);
    workbook.save_to_buffer().unwrap()
}

fn text(value: &str) -> tanliu_method::table::CellValue {
    Text(value.to_owned())
}

#[test]
fn every_kind_of_cell_comes_as_people_see_it() {
    let bytes = one("能源 消费", |sheet| {
        let percent = |code: &str| Format::new().set_num_format(code);
        sheet.write_row(0, 1, ["年", "值 (%)", "日期", "时刻", "真假", " 文字 "]).unwrap();
        sheet.write(1, 1, 2020).unwrap();
        sheet.write_with_format(1, 2, 0.05, &percent("0%")).unwrap();
        sheet.write_with_format(3, 2, 0.07, &percent("0.00%")).unwrap();
        let day = ExcelDateTime::from_ymd(2024, 1, 31).unwrap();
        let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        sheet.write_with_format(1, 3, &day, &date).unwrap();
        let moment = ExcelDateTime::from_ymd(2024, 1, 31).unwrap().and_hms(13, 15, 0).unwrap();
        sheet.write_with_format(1, 4, &moment, &Format::new().set_num_format_index(22)).unwrap();
        sheet.write(1, 5, true).unwrap();
        sheet.write(1, 6, " 煤 ").unwrap();
        sheet.write(3, 6, "  ").unwrap();
    });
    let table = read_clean("x/data.xlsx", &bytes);
    assert_eq!((table.name.as_str(), table.sheet.as_deref()), ("能源 消费", Some("能源 消费")));
    assert_eq!(headers(&table), ["年", "值 (%)", "日期", "时刻", "真假", " 文字 "]);
    assert_eq!((table.header_row, table.row_numbers.as_slice()), (1, [2, 4].as_slice()));
    assert_eq!(table.columns[0].number, 2, "columns keep their place in the sheet");
    assert_eq!(mixed(&table, 0), [Number(2020.0), Empty]);
    assert_eq!(mixed(&table, 1), [Percent(5.0), Percent(7.0)]);
    assert_eq!(mixed(&table, 2), [Date("2024-01-31".to_owned()), Empty]);
    assert_eq!(mixed(&table, 3), [Date("2024-01-31 13:15".to_owned()), Empty]);
    assert_eq!(mixed(&table, 4), [Bool(true), Empty]);
    assert_eq!(mixed(&table, 5), [text(" 煤 "), Empty]);
}

#[test]
fn a_percentage_that_shows_fewer_digits_is_read_as_shown_and_told() {
    let bytes = one("x", |sheet| {
        sheet.write(0, 0, "loss (%)").unwrap();
        let percent = Format::new().set_num_format("0.00%");
        sheet.write_with_format(1, 0, 0.123456, &percent).unwrap();
        sheet.write_with_format(2, 0, 0.654321, &percent).unwrap();
    });
    let (tables, diagnostics) = read("a.xlsx", &bytes);
    assert_eq!(mixed(&tables[0], 0), [Percent(12.35), Percent(65.43)]);
    assert_eq!(codes(&diagnostics), ["cell-percent-rounded"], "one warning a column");
    assert!(!diagnostics.has_errors());
    assert_eq!(cell(&diagnostics.list()[0]), (2, 1, "12.35%"));
}

#[test]
fn hidden_empty_and_instruction_sheets_are_passed_over() {
    let mut workbook = Workbook::new();
    for name in ["填报说明", "数据", "Sheet2", "字典"] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).unwrap();
        if name != "Sheet2" {
            sheet.write(0, 0, name).unwrap();
            sheet.write(1, 0, 1).unwrap();
        }
        sheet.set_hidden(name == "字典");
    }
    let (tables, diagnostics) = read("a.xlsx", &workbook.save_to_buffer().unwrap());
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].name, "数据");
    assert_eq!((codes(&diagnostics), diagnostics.has_errors()), (vec!["table-empty"], false));
    assert!(diagnostics.list()[0].message.zh.contains("Sheet2"));

    let (tables, diagnostics) = read("a.xlsx", &one("x", |_| ()));
    assert!(tables.is_empty() && diagnostics.has_errors());
}

#[test]
fn a_merged_title_is_not_the_header() {
    let bytes = one("x", |sheet| {
        sheet.merge_range(0, 0, 1, 2, "某市能源平衡表", &Format::new()).unwrap();
        sheet.write_row(3, 0, ["year", "x (t)", "y (t)"]).unwrap();
        sheet.write_row(4, 0, [2020, 1, 2]).unwrap();
    });
    let table = read_clean("a.xlsx", &bytes);
    assert_eq!((table.header_row, table.row_numbers.as_slice()), (4, [5].as_slice()));
    assert_eq!(headers(&table), ["year", "x (t)", "y (t)"]);
}

#[test]
fn merged_cells_in_the_table_are_named() {
    let bytes = one("x", |sheet| {
        sheet.write_row(0, 0, ["plant", "x (t)"]).unwrap();
        sheet.merge_range(1, 0, 2, 0, "一厂", &Format::new()).unwrap();
        sheet.write_column(1, 1, [1, 2]).unwrap();
    });
    let error = only_error("a.xlsx", &bytes);
    assert_eq!((error.code, cell(&error)), ("table-merged-cells", (2, 1, "A2:A3")));
    assert!(error.message.zh.contains("A2:A3"));

    let bytes = one("x", |sheet| {
        sheet.write(0, 0, "plant").unwrap();
        sheet.merge_range(0, 1, 0, 2, "能耗", &Format::new()).unwrap();
        sheet.write_row(1, 0, ["", "煤", "油"]).unwrap();
    });
    let (_, diagnostics) = read("a.xlsx", &bytes);
    assert_eq!(codes(&diagnostics), ["table-merged-cells", "table-unnamed-column"]);
    assert!(diagnostics.list()[0].hint.as_ref().unwrap().en.contains("header is one row"));
}

#[test]
fn an_unmerged_title_is_found_by_its_missing_headers() {
    let bytes = one("x", |sheet| {
        sheet.write(0, 0, "title").unwrap();
        sheet.write_row(1, 0, ["year", "x (t)"]).unwrap();
    });
    let error = only_error("a.xlsx", &bytes);
    assert_eq!((error.code, cell(&error)), ("table-unnamed-column", (1, 2, "")));
    assert!(error.hint.unwrap().en.contains("title"));
}

#[test]
fn formula_errors_and_uncalculated_formulas_are_errors() {
    let bytes = one("表", |sheet| {
        sheet.write_row(0, 0, ["a", "b", "c"]).unwrap();
        sheet.write_formula(1, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_formula(1, 1, Formula::new("=1+1").set_result("2")).unwrap();
        sheet.write_formula(1, 2, Formula::new("=1+2").set_result("")).unwrap();
    });
    let (tables, diagnostics) = read("a.xlsx", &bytes);
    assert_eq!(mixed(&tables[0], 0), [Error("#DIV/0!".to_owned())]);
    assert_eq!(mixed(&tables[0], 1), [Number(2.0)]);
    assert_eq!(codes(&diagnostics)[0], "cell-formula-error");
    assert_eq!(cell(&diagnostics.list()[0]), (2, 1, "#DIV/0!"));
    let quiet = ReadOptions { report_error_cells: false, ..ReadOptions::default() };
    let (_, diagnostics) = read_tables("a.xlsx", &bytes, &quiet);
    assert!(!codes(&diagnostics).contains(&"cell-formula-error"));
}

#[test]
fn a_formula_without_a_stored_value_is_an_error() {
    let bytes = one("表", |sheet| {
        sheet.write(0, 0, "a").unwrap();
        sheet.write_formula(1, 0, Formula::new("=1+1").set_result("7654321")).unwrap();
    });
    let bytes = edited(&bytes, "xl/worksheets/sheet1.xml", "<v>7654321</v>", "");
    let error = only_error("a.xlsx", &bytes);
    assert_eq!((error.code, cell(&error)), ("cell-formula-uncalculated", (2, 1, "")));
}

/// A workbook with one text in one of its members replaced.
fn edited(bytes: &[u8], member: &str, from: &str, to: &str) -> Vec<u8> {
    repacked(bytes, |name, content| {
        if name == member {
            let text = String::from_utf8(content.clone()).unwrap();
            assert!(text.contains(from), "{text}");
            *content = text.replace(from, to).into_bytes();
        }
    })
}

/// A workbook whose members have been changed, packed again with right checksums.
pub(super) fn repacked(bytes: &[u8], mut edit: impl FnMut(&str, &mut Vec<u8>)) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        edit(&name, &mut content);
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn doubled_headers_are_named() {
    let bytes = one("x", |sheet| {
        sheet.write_row(0, 0, ["a", "b", "a "]).unwrap();
    });
    let error = only_error("a.xlsx", &bytes);
    assert_eq!((error.code, cell(&error)), ("table-duplicate-column", (1, 3, "a ")));
}

#[test]
fn damaged_and_foreign_files_are_findings() {
    let bytes = one("x", |sheet| {
        sheet.write(0, 0, "a").unwrap();
    });
    let whole = bytes.len();
    for length in [0, 3, 100, whole / 2, whole - 30, whole - 1] {
        assert_eq!(only_error("a.xlsx", &bytes[..length]).code, "table-unreadable", "{length}");
    }
    let error = only_error("a.xls", b"<html><table></table></html>");
    assert!(error.hint.unwrap().en.contains("web page"));
    assert_eq!(only_error("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 x").code, "table-unreadable");
    assert_eq!(only_error("a.ods", b"PK\x03\x04").code, "table-unreadable");
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    let long = "x".repeat(30_000);
    let bytes = one("x", |sheet| {
        sheet.write(0, 0, "a").unwrap();
        for row in 1..100 {
            sheet.write(row, 0, format!("{row}{long}")).unwrap();
        }
    });
    let options = ReadOptions { max_unpacked_bytes: 1_000_000, ..ReadOptions::default() };
    let (tables, diagnostics) = read_tables("a.xlsx", &bytes, &options);
    assert!(tables.is_empty());
    assert_eq!(codes(&diagnostics), ["table-too-large"]);
    assert!(matches!(diagnostics.list()[0].labels[0].place, Place::File(_)));

    let promise =
        edited(&bytes, "xl/sharedStrings.xml", "uniqueCount=\"", "uniqueCount=\"9999999999");
    assert_eq!(only_error("a.xlsx", &promise).code, "table-too-large");
}

#[test]
fn one_text_in_many_cells_counts_each_time() {
    let long = "x".repeat(10_000);
    let bytes = one("x", |sheet| {
        sheet.write(0, 0, "a").unwrap();
        for row in 1..1000 {
            sheet.write(row, 0, &long).unwrap();
        }
    });
    let options = ReadOptions { max_unpacked_bytes: 5_000_000, ..ReadOptions::default() };
    let (_, diagnostics) = read_tables("a.xlsx", &bytes, &options);
    assert_eq!(codes(&diagnostics), ["table-too-large"]);
}

#[test]
fn cells_far_apart_do_not_fill_the_memory() {
    let bytes = one("x", |sheet| {
        sheet.write(0, 0, "a").unwrap();
        sheet.write(0, 16_383, "z").unwrap();
        sheet.write(1_048_575, 16_383, 1).unwrap();
    });
    let table = read_clean("a.xlsx", &bytes);
    assert_eq!(table.row_numbers, [1_048_576]);
    assert_eq!(mixed(&table, 1), [Number(1.0)]);
}

/// A sheet of OpenDocument with the given rows.
fn ods(rows: &str) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:body><office:spreadsheet>\
         <table:table table:name=\"表\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let members = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest></manifest:manifest>"),
        ("content.xml", &content),
    ];
    for (name, text) in members {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const ODS_ROWS: &str = "<table:table-row>\
    <table:table-cell office:value-type=\"string\"><text:p>loss (%)</text:p></table:table-cell>\
    <table:table-cell office:value-type=\"string\"><text:p>day</text:p></table:table-cell>\
    </table:table-row><table:table-row>\
    <table:table-cell office:value-type=\"VALUE\" office:value=\"0.05\"/>\
    <table:table-cell office:value-type=\"date\" office:date-value=\"2024-01-31\"/>\
    </table:table-row>";

#[test]
fn ods_is_read_but_not_its_percentages() {
    let rows = ODS_ROWS.replace("VALUE", "float").replace("loss (%)", "x");
    let table = read_clean("a.ods", &ods(&rows));
    assert_eq!((table.name.as_str(), headers(&table)), ("表", vec!["x", "day"]));
    assert_eq!(mixed(&table, 0), [Number(0.05)]);
    assert_eq!(mixed(&table, 1), [Date("2024-01-31".to_owned())]);
    let error = only_error("a.ods", &ods(&ODS_ROWS.replace("VALUE", "percentage")));
    assert_eq!((error.code, cell(&error)), ("table-percent-unseen", (2, 1, "0.05")));
}

#[test]
fn the_content_counts_and_not_the_extension_of_a_workbook() {
    let rows = ODS_ROWS.replace("VALUE", "float").replace("loss (%)", "x");
    assert_eq!(read_clean("renamed.xlsx", &ods(&rows)).row_count(), 1);
    let bytes = one("x", |sheet| {
        sheet.write_column(0, 0, [1, 2]).unwrap();
    });
    let table = read_clean("renamed.xls", &bytes);
    assert_eq!(headers(&table), ["1"], "a number may be a header: a year, say");
}
