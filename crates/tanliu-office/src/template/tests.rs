#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::of_program;
use crate::{ReadOptions, Template, TemplateSheet, Validation, read_tables, write_template};
use tanliu_diagnostic::{Diagnostics, Lang, render};
use tanliu_factor::Catalogue;
use tanliu_method::bind::{BindInput, bind};
use tanliu_method::check::{Checked, NoLibrary, check};
use tanliu_method::data::Dataset;
use tanliu_method::program::Value;

const DOCUMENT: &str = r#"---
id: cn/test/filling
version: "2"
title: { zh: 填报试例, en: A form }
kind: account
status: illustration
gwp: AR5
units: { 标箱: "1{TEU}" }
---
# 填报试例

```tan
index year : year
index month : month
index fuel = coal "煤炭" | oil "石油" | gas
index scope = own "自备" | bought
index plant : text
index batch : integer

input energy[year, fuel] : tce "化石能源消费量" >= 0
  source "能源平衡表"
  frequency "每年"
input stock[fuel, year] : tce default 0
input share_of[fuel, scope] : % "份额" <= 100%
input tonnage[plant, month] : t{clinker} "熟料产量（湿基）" notation
input boxes[plant, month] : 标箱 "吞吐量"
input kind_of[plant] : scope "类别"
input audited[plant] : bool
input same[batch] : kWh "同名"
input other[batch] : MWh "同名"
input tricky[batch] : 1 "发电量（kWh）"
input area : ha "面积" >= 0.5 ha
input home : fuel
input began : date "开工日期"
input remark : text default "无"
param threshold : kgCO2 = ?
output total[year] : tce = sum(energy + stock over fuel)
require evidence "海域使用权证书"
require evidence[fuel] "来源证明"
require evidence[plant] "排污许可证"
```
"#;

fn checked() -> Checked {
    let checked = check("form.md", DOCUMENT, &NoLibrary, &Catalogue::default());
    assert!(!checked.diagnostics.has_errors(), "{:?}", checked.diagnostics.list());
    checked
}

fn template() -> Template {
    let checked = checked();
    of_program(&checked.program, &checked.document)
}

fn sheet<'t>(template: &'t Template, name: &str) -> &'t TemplateSheet {
    let names: Vec<&str> = template.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let found = template.sheets.iter().find(|sheet| sheet.name == name);
    found.unwrap_or_else(|| panic!("no {name} among {names:?}"))
}

fn headers(sheet: &TemplateSheet) -> Vec<&str> {
    sheet.columns.iter().map(|column| column.header.as_str()).collect()
}

#[test]
fn inputs_that_share_indexes_share_a_sheet() {
    let template = template();
    let energy = sheet(&template, "化石能源消费量等");
    assert_eq!(headers(energy), ["year", "fuel", "化石能源消费量（tce）", "stock (tce)"]);
    assert_eq!(energy.columns[0].validation, Validation::WholeYear);
    assert_eq!(energy.columns[1].validation, Validation::List("fuel".to_owned()));
    let bounds = Validation::Decimal { min: Some(0.0), max: None };
    assert_eq!(energy.columns[2].validation, bounds);
    assert_eq!(energy.columns[3].default_text.as_deref(), Some("0 tce"));
    let note = &energy.columns[2].note;
    assert!(note.contains("数据来源 source：能源平衡表") && note.contains("每年"), "{note}");
    assert!(energy.rows.is_empty(), "years are left to fill");
    let fuels = &template.dictionaries[0];
    assert_eq!(fuels.values, ["煤炭", "石油", "gas"], "labels where there are any");
}

#[test]
fn closed_keys_are_filled_beforehand() {
    let template = template();
    let shares = sheet(&template, "份额");
    assert_eq!(headers(shares), ["fuel", "scope", "份额（%）"]);
    assert_eq!(shares.rows.len(), 6);
    assert_eq!(shares.rows[0], ["煤炭", "自备"]);
    assert_eq!(shares.rows[5], ["gas", "bought"]);
}

#[test]
fn a_label_that_would_be_misread_gives_way_to_the_name() {
    let template = template();
    let batches = sheet(&template, "同名等");
    assert_eq!(headers(batches), ["batch", "same (kWh)", "other (MWh)", "tricky"]);
    let plants = sheet(&template, "熟料产量（湿基）等");
    assert_eq!(headers(plants)[2..], ["熟料产量（湿基）（t{clinker}）", "吞吐量（标箱）"]);
    assert_eq!(plants.columns[2].validation, Validation::Any, "notation keys are texts");
}

#[test]
fn scalars_stand_on_one_sheet() {
    let template = template();
    let scalars = sheet(&template, "标量");
    assert_eq!(headers(scalars), ["面积（ha）", "home", "开工日期", "remark", "threshold (kgCO2)"]);
    assert_eq!(scalars.columns[1].validation, Validation::List("fuel".to_owned()));
    assert_eq!(scalars.columns[3].default_text.as_deref(), Some("无"));
    let texts: String = template.instructions.iter().map(|(_, text)| text.as_str()).collect();
    assert!(texts.contains("从不当作零") && texts.contains("never zero"));
    assert!(texts.contains("stock = 0 tce"), "{texts}");
}

#[test]
fn evidence_is_filled_in_where_its_keys_are_known() {
    let template = template();
    let evidence = sheet(&template, "evidence");
    assert_eq!(headers(evidence), ["item", "fuel", "plant", "status"]);
    let items: Vec<_> = evidence.rows.iter().map(|row| row.join("|")).collect();
    assert_eq!(items, ["海域使用权证书||", "来源证明|煤炭|", "来源证明|石油|", "来源证明|gas|"]);
    let item = template.dictionaries.iter().find(|list| list.name == "evidence item").unwrap();
    assert_eq!(item.values, ["海域使用权证书", "来源证明", "排污许可证"]);
}

/// Fills each sheet with the same headers and reads the workbook back.
fn filled(template: &Template, cells: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for table in &template.sheets {
        let page = workbook.add_worksheet();
        page.set_name(&table.name).unwrap();
        for (column, header) in (0..).zip(headers(table)) {
            page.write_string(0, column, header).unwrap();
        }
        let given = cells.iter().find(|(name, _)| *name == table.name);
        for (row, values) in (1..).zip(given.unwrap_or_else(|| panic!("{}", table.name)).1.iter()) {
            for (column, value) in (0..).zip(values.iter()) {
                match value.parse::<f64>() {
                    Ok(number) => page.write_number(row, column, number).unwrap(),
                    Err(_) if value.is_empty() => continue,
                    Err(_) => page.write_string(row, column, *value).unwrap(),
                };
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn bound(checked: &Checked, bytes: &[u8]) -> (Dataset, Diagnostics) {
    let (tables, findings) = read_tables("form.xlsx", bytes, &ReadOptions::default());
    assert!(findings.is_empty(), "{findings:?}");
    let units = &checked.units;
    bind(&checked.program, &BindInput { tables: &tables, restricted: None, scalars: &[], units })
}

fn values(checked: &Checked, data: &Dataset, name: &str) -> Vec<Value> {
    data.inputs[&checked.program.variable(name).unwrap()].values.clone()
}

#[test]
fn a_filled_template_binds_to_the_data() {
    let (checked, template) = (checked(), template());
    let bytes = filled(
        &template,
        &[
            (
                "化石能源消费量等",
                &[
                    &["2024", "煤炭", "1.5", "0.25"],
                    &["2024", "石油", "2", ""],
                    &["2024", "gas", "3", ""],
                ],
            ),
            (
                "份额",
                &[
                    &["煤炭", "自备", "10"],
                    &["煤炭", "bought", "20"],
                    &["石油", "自备", "30"],
                    &["石油", "bought", "40"],
                    &["gas", "自备", "50"],
                    &["gas", "bought", "60"],
                ],
            ),
            ("熟料产量（湿基）等", &[&["一厂", "2024-01", "NE", "7"]]),
            ("类别等", &[&["一厂", "自备", "是"]]),
            ("同名等", &[&["1", "5", "6", "7"]]),
            ("标量", &[&["2", "石油", "2020-05-01", "", ""]]),
            (
                "evidence",
                &[&["海域使用权证书", "", "", "satisfied"], &["来源证明", "煤炭", "", "violated"]],
            ),
        ],
    );
    let (data, findings) = bound(&checked, &bytes);
    let shown = render(findings.list(), &std::collections::BTreeMap::new(), Lang::En, false);
    assert!(findings.is_empty(), "{shown}");
    let number = |name: &str| values(&checked, &data, name)[0].clone();
    let energy = values(&checked, &data, "energy");
    assert_eq!(energy, [1.5, 2.0, 3.0].map(Value::Number));
    assert_eq!(values(&checked, &data, "stock"), [0.25, 0.0, 0.0].map(Value::Number));
    assert_eq!(number("share_of"), Value::Number(10.0));
    assert_eq!((number("same"), number("other")), (Value::Number(5.0), Value::Number(6.0)));
    assert_eq!(number("tricky"), Value::Number(7.0));
    assert_eq!((number("boxes"), number("area")), (Value::Number(7.0), Value::Number(2.0)));
    assert_eq!(number("remark"), Value::Text("无".into()));
    assert_eq!(data.evidence.len(), 2);
    assert!(!data.evidence[1].satisfied);
}

#[test]
fn the_written_template_reads_back_unfilled_with_its_headers() {
    let template = template();
    let bytes = write_template(&template).unwrap();
    let (tables, findings) = read_tables("form.xlsx", &bytes, &ReadOptions::default());
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(tables.len(), template.sheets.len());
    for (table, sheet) in tables.iter().zip(&template.sheets) {
        let read: Vec<&str> = table.columns.iter().map(|column| column.header.as_str()).collect();
        assert_eq!(read, headers(sheet));
        assert_eq!(table.row_count(), sheet.rows.len());
    }
}

#[test]
fn markup_in_labels_and_members_is_only_text() {
    let text = DOCUMENT
        .replace("\"化石能源消费量\"", "\"<script>alert(1)</script>\"")
        .replace("\"煤炭\"", "\"a&b<i>\"");
    let checked = check("form.md", &text, &NoLibrary, &Catalogue::default());
    assert!(!checked.diagnostics.has_errors(), "{:?}", checked.diagnostics.list());
    let template = of_program(&checked.program, &checked.document);
    let (tables, _) =
        read_tables("a.xlsx", &write_template(&template).unwrap(), &ReadOptions::default());
    assert_eq!(tables[0].columns[2].header, "<script>alert(1)</script>（tce）");
    assert_eq!(template.dictionaries[0].values[0], "a&b<i>");
}
