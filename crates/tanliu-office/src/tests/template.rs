use super::{headers, read, read_clean, texts};
use crate::{
    Dictionary, Template, TemplateColumn, TemplateColumnKind, TemplateSheet, Validation,
    read_properties, write_template,
};
use calamine::Reader;
use std::io::{Cursor, Read};

pub(super) fn sample() -> Template {
    let key = |header: &str, validation| TemplateColumn {
        header: header.to_owned(),
        kind: TemplateColumnKind::Key,
        validation,
        ..TemplateColumn::default()
    };
    let value = |header: &str, note: &str, validation| TemplateColumn {
        header: header.to_owned(),
        note: note.to_owned(),
        validation,
        ..TemplateColumn::default()
    };
    Template {
        method_id: "cn/省级清单".to_owned(),
        version: "2024.1".to_owned(),
        title_zh: "省级二氧化碳核算填报表".to_owned(),
        title_en: "Provincial CO2 account".to_owned(),
        instructions: vec![("数据来源".to_owned(), "能源平衡表（实物量）".to_owned())],
        sheets: vec![
            TemplateSheet {
                name: "energy".to_owned(),
                columns: vec![
                    key("年份", Validation::WholeYear),
                    key("能源品种", Validation::List("fuel 燃料".to_owned())),
                    value(
                        "化石能源消费量（万吨标准煤）",
                        "来源：能源平衡表",
                        Validation::Decimal { min: Some(0.0), max: None },
                    ),
                ],
                rows: Vec::new(),
            },
            TemplateSheet {
                name: "factors".to_owned(),
                columns: vec![
                    TemplateColumn { locked: true, ..key("品种", Validation::Text) },
                    TemplateColumn {
                        default_text: Some("2.66 tCO2/tce".to_owned()),
                        ..value(
                            "排放因子 (tCO2/tce)",
                            "",
                            Validation::Decimal { min: None, max: None },
                        )
                    },
                    value("核实", "", Validation::Bool),
                ],
                rows: vec![vec!["煤炭".to_owned()], vec!["2024-01".to_owned()]],
            },
        ],
        dictionaries: vec![
            Dictionary {
                name: "fuel 燃料".to_owned(),
                values: (0..200).map(|n| format!("第 {n} 种燃料，名字很长")).collect(),
            },
            Dictionary { name: "empty".to_owned(), values: Vec::new() },
        ],
    }
}

fn member(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn an_unfilled_template_reads_back_as_its_tables() {
    let bytes = write_template(&sample()).unwrap();
    let (tables, diagnostics) = read("模板.xlsx", &bytes);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(tables.len(), 2);
    assert_eq!((tables[0].name.as_str(), tables[0].row_count()), ("energy", 0));
    assert_eq!(headers(&tables[0]), ["年份", "能源品种", "化石能源消费量（万吨标准煤）"]);
    assert_eq!(texts(&tables[1], 0), ["煤炭", "2024-01"], "keys filled beforehand are rows");
    assert_eq!(texts(&tables[1], 1), ["", ""]);
}

#[test]
fn a_template_is_known_by_its_properties() {
    let template = sample();
    let properties = read_properties(&write_template(&template).unwrap()).unwrap();
    assert_eq!(properties.method.as_deref(), Some("cn/省级清单"));
    assert_eq!(properties.version.as_deref(), Some("2024.1"));
    assert_eq!(properties.schema, Some(template.schema()));
    let mut other = sample();
    other.sheets[0].columns[2].header.push('x');
    assert_ne!(other.schema(), template.schema());
}

#[test]
fn lists_come_from_a_hidden_sheet_by_name() {
    let bytes = write_template(&sample()).unwrap();
    let workbook = calamine::Xlsx::new(Cursor::new(&bytes)).unwrap();
    let names: Vec<_> = workbook.sheet_names();
    assert_eq!(names, ["填报说明", "energy", "factors", "字典"]);
    assert_eq!(workbook.sheets_metadata()[3].visible, calamine::SheetVisible::Hidden);
    let defined = workbook.defined_names();
    assert_eq!(defined, [("字典_fuel_燃料".to_owned(), "字典!$A$2:$A$201".to_owned())]);
    let sheet = member(&bytes, "xl/worksheets/sheet2.xml");
    assert!(sheet.contains("<formula1>字典_fuel_燃料</formula1>"), "{sheet}");
    assert!(sheet.contains("B2:B2001") && sheet.contains("type=\"whole\""));
    assert!(sheet.contains("type=\"decimal\"") && sheet.contains("greaterThanOrEqual"));
}

#[test]
fn the_instructions_say_one_thing_about_headers() {
    let bytes = write_template(&sample()).unwrap();
    let texts = member(&bytes, "xl/sharedStrings.xml");
    assert!(texts.contains("表头里的名称不要改；只有括号里的单位可以改成数据用的单位"), "{texts}");
    assert!(!texts.contains("请勿改动表头"));
}

#[test]
fn notes_text_format_and_protection_are_written() {
    let bytes = write_template(&sample()).unwrap();
    let notes = member(&bytes, "xl/comments1.xml");
    assert!(notes.contains("来源：能源平衡表") && notes.contains("宋体"));
    assert!(member(&bytes, "xl/comments2.xml").contains("留空时取 2.66 tCO2/tce"));
    assert!(member(&bytes, "xl/worksheets/sheet3.xml").contains("<sheetProtection"));
    assert!(!member(&bytes, "xl/worksheets/sheet2.xml").contains("<sheetProtection"));
    assert!(member(&bytes, "xl/styles.xml").contains("numFmtId=\"49\""), "text stays text");
    assert!(member(&bytes, "xl/worksheets/sheet3.xml").contains("TRUE,FALSE"));
}

#[test]
fn the_same_template_gives_the_same_bytes() {
    assert_eq!(write_template(&sample()).unwrap(), write_template(&sample()).unwrap());
}

#[test]
fn a_sheet_may_be_called_like_ours() {
    let mut template = sample();
    template.sheets.truncate(1);
    template.sheets[0].name = "字典".to_owned();
    let table = read_clean("a.xlsx", &write_template(&template).unwrap());
    assert_eq!(table.name, "字典_2");
}
