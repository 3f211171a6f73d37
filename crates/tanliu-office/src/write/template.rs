//! 填报模板 The workbook that people fill for a method: instructions, one sheet a table, drop-downs.

use super::sheet_names::{SheetNames, dictionary_name};
use super::style;
use super::workbook::{SHEET_ROWS, check_size};
use crate::OfficeError;
use crate::properties::{METHOD_PROPERTY, SCHEMA_PROPERTY, VERSION_PROPERTY};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, Format, Formula,
    ProtectionOptions, Workbook, Worksheet,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The name of the first sheet; [`crate::read_tables`] passes it over.
const INSTRUCTIONS: &str = "填报说明";
/// The name of the hidden last sheet, which holds the lists.
const DICTIONARIES: &str = "字典";
/// So many rows below the header are validated, unless more are filled beforehand.
const VALIDATED_ROWS: u32 = 2000;
/// The bounds of a decimal without bounds: a check that it is a number at all.
const ANY_DECIMAL: f64 = 1e15;

/// 模板 What a template holds. The caller fills it from a method's inputs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Template {
    /// The method's id.
    pub method_id: String,
    /// The method's version.
    pub version: String,
    /// 标题
    pub title_zh: String,
    /// The title in English; may be empty.
    pub title_en: String,
    /// Lines of the instruction sheet: what, and the text about it.
    pub instructions: Vec<(String, String)>,
    /// One sheet for each table.
    pub sheets: Vec<TemplateSheet>,
    /// The lists that columns offer.
    pub dictionaries: Vec<Dictionary>,
}

/// 模板工作表 One table to fill.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TemplateSheet {
    /// Its name, cut to Excel's rules when it is written.
    pub name: String,
    /// Its columns.
    pub columns: Vec<TemplateColumn>,
    /// Rows filled beforehand, usually the keys of a closed set; one text for each column, and
    /// missing ones at the end are empty.
    pub rows: Vec<Vec<String>>,
}

/// 模板列 One column to fill.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TemplateColumn {
    /// The header with its unit, `化石能源消费量 (tce)`.
    pub header: String,
    /// The note at the header: clause, precision, sources. May be empty.
    pub note: String,
    /// Whether it is a key or a value.
    pub kind: TemplateColumnKind,
    /// Its width in characters; nothing: by its header.
    pub width: Option<f64>,
    /// What may be typed.
    pub validation: Validation,
    /// The value that holds where a cell is left empty; it is told in the note, not filled in.
    pub default_text: Option<String>,
    /// Whether its cells are protected (without a password) from being changed.
    pub locked: bool,
}

/// 列的用途 What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TemplateColumnKind {
    /// It tells which key a row belongs to.
    Key,
    /// It holds values.
    #[default]
    Value,
}

/// 校验 What may be typed into a column.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Validation {
    /// Anything.
    #[default]
    Any,
    /// A value of the [`Dictionary`] of this name, from a drop-down.
    List(String),
    /// A number, within bounds if there are any.
    Decimal {
        /// The least.
        min: Option<f64>,
        /// The greatest.
        max: Option<f64>,
    },
    /// A whole year, 1900 to 2200.
    WholeYear,
    /// A text: what is typed stays as it is typed, `2024-01` does not become a date.
    Text,
    /// `TRUE` or `FALSE`.
    Bool,
}

/// 字典 A list of values that a column offers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dictionary {
    /// Its name, which columns refer to.
    pub name: String,
    /// Its values in the order they are offered.
    pub values: Vec<String>,
}

impl Template {
    /// A digest of what data must fit: method, version, sheets and headers. Two templates with
    /// one digest take the same data.
    pub fn schema(&self) -> String {
        let mut text = format!("{}\n{}\n", self.method_id, self.version);
        for sheet in &self.sheets {
            text.push_str(&format!("sheet {}\n", sheet.name));
            for column in &sheet.columns {
                text.push_str(&format!("{:?} {}\n", column.kind, column.header));
            }
        }
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// 写模板 Writes a template: the sheet 填报说明, one sheet for each table, and a hidden sheet of
/// lists. Read back unfilled it gives each table with the rows filled beforehand, or none. The
/// same description gives the same bytes.
///
/// # Errors
/// If a sheet would be too large, or a text is longer than 32,767 characters.
pub fn write_template(template: &Template) -> Result<Vec<u8>, OfficeError> {
    let mut workbook = Workbook::new();
    let properties = style::properties(&template.title_zh)
        .set_custom_property(METHOD_PROPERTY, template.method_id.as_str())
        .set_custom_property(VERSION_PROPERTY, template.version.as_str())
        .set_custom_property(SCHEMA_PROPERTY, template.schema());
    workbook.set_properties(&properties);
    let mut names = SheetNames::default();
    write_instructions(workbook.add_worksheet(), &names.take(INSTRUCTIONS), template)?;
    // Reserved before the tables take their names.
    let dictionaries_name = names.take(DICTIONARIES);
    let lists = list_names(&template.dictionaries);
    for table in &template.sheets {
        check_size(&table.name, table.rows.len(), table.columns.len())?;
        let sheet = workbook.add_worksheet();
        sheet.set_name(names.take(&table.name))?;
        write_sheet(sheet, table, &lists)?;
    }
    if !lists.is_empty() {
        write_dictionaries(&mut workbook, &dictionaries_name, &template.dictionaries, &lists)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The defined name of each dictionary that has values.
pub(super) fn list_names(dictionaries: &[Dictionary]) -> BTreeMap<String, String> {
    let mut lists = BTreeMap::new();
    let mut taken = SheetlessNames::default();
    for dictionary in dictionaries.iter().filter(|dictionary| !dictionary.values.is_empty()) {
        if !lists.contains_key(&dictionary.name) {
            lists.insert(dictionary.name.clone(), taken.take(&dictionary.name));
        }
    }
    lists
}

/// Defined names, each once without regard to case.
#[derive(Default)]
struct SheetlessNames(std::collections::BTreeSet<String>);

impl SheetlessNames {
    fn take(&mut self, wanted: &str) -> String {
        let base = dictionary_name(wanted);
        let mut name = base.clone();
        for number in 2.. {
            if self.0.insert(name.to_lowercase()) {
                break;
            }
            name = format!("{base}_{number}");
        }
        name
    }
}

fn write_instructions(
    sheet: &mut Worksheet,
    name: &str,
    template: &Template,
) -> Result<(), OfficeError> {
    sheet.set_name(name)?;
    sheet.set_column_width(0, 24)?;
    sheet.set_column_width(1, 90)?;
    let (bold, wrapped) = (style::body().set_bold(), style::wrapped());
    sheet.write_string_with_format(0, 0, &template.title_zh, &style::title())?;
    sheet.write_string_with_format(1, 0, &template.title_en, &style::body())?;
    let sheets: Vec<&str> = template.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let mut lines = vec![
        ("方法学 method", template.method_id.clone()),
        ("版本 version", template.version.clone()),
        ("要填的表 tables", sheets.join("、")),
        (
            "颜色 colours",
            "蓝色表头：键列；绿色表头：数值列。表头里的名称不要改；只有括号里的单位可以改成数据\
             用的单位。"
                .to_owned(),
        ),
    ];
    lines.extend(template.instructions.iter().map(|(what, text)| (what.as_str(), text.clone())));
    for (row, (what, text)) in (3..).zip(lines) {
        sheet.write_string_with_format(row, 0, what, &bold.clone())?;
        sheet.write_string_with_format(row, 1, text, &wrapped)?;
    }
    Ok(())
}

fn write_sheet(
    sheet: &mut Worksheet,
    table: &TemplateSheet,
    lists: &BTreeMap<String, String>,
) -> Result<(), OfficeError> {
    let locks = table.columns.iter().any(|column| column.locked);
    let keys = table.columns.iter().take_while(|c| c.kind == TemplateColumnKind::Key).count();
    sheet.set_freeze_panes(1, u16::try_from(keys).unwrap_or(0))?;
    let last_row = last_validated_row(table.rows.len());
    for (number, column) in (0..).zip(&table.columns) {
        let format = column_format(column, locks);
        sheet.set_column_format(number, &format)?;
        let widest = style::display_width(&column.header).min(40);
        sheet.set_column_width(number, column.width.unwrap_or(style::column_width(widest)))?;
        let header = match column.kind {
            TemplateColumnKind::Key => style::key_header(),
            TemplateColumnKind::Value => style::header(),
        };
        sheet.write_string_with_format(0, number, &column.header, &header)?;
        decorate(sheet, (0, number), column, (lists, last_row))?;
        for (row, values) in (1..).zip(&table.rows) {
            let text = values.get(usize::from(number)).map_or("", String::as_str);
            write_prefilled(sheet, (row, number), text, (column, &format))?;
        }
    }
    if locks {
        let mut options = ProtectionOptions::new();
        (options.format_columns, options.format_rows) = (true, true);
        (options.insert_rows, options.sort, options.use_autofilter) = (true, true, true);
        sheet.protect_with_options(&options);
    }
    Ok(())
}

fn column_format(column: &TemplateColumn, locks: bool) -> Format {
    let format = match column.validation {
        // 49 is Excel's own text format.
        Validation::Text => style::body().set_num_format_index(49),
        _ => style::body(),
    };
    if locks && !column.locked { format.set_unlocked() } else { format }
}

fn write_prefilled(
    sheet: &mut Worksheet,
    (row, column_number): (u32, u16),
    text: &str,
    (column, format): (&TemplateColumn, &Format),
) -> Result<(), OfficeError> {
    let number = match column.validation {
        Validation::WholeYear | Validation::Decimal { .. } => text.trim().parse::<f64>().ok(),
        _ => None,
    };
    match number {
        _ if text.is_empty() => {}
        Some(number) if number.is_finite() => {
            sheet.write_number_with_format(row, column_number, number, format)?;
        }
        _ => {
            sheet.write_string_with_format(row, column_number, text, format)?;
        }
    }
    Ok(())
}

/// The last row (from 0) that is validated.
pub(super) fn last_validated_row(rows: usize) -> u32 {
    let rows = u32::try_from(rows).unwrap_or(u32::MAX).max(VALIDATED_ROWS);
    rows.min(u32::try_from(SHEET_ROWS - 1).unwrap_or(u32::MAX))
}

/// Adds a column's note and validation below the header cell at (row, column), from 0.
pub(super) fn decorate(
    sheet: &mut Worksheet,
    (row, number): (u32, u16),
    column: &TemplateColumn,
    (lists, last_row): (&BTreeMap<String, String>, u32),
) -> Result<(), OfficeError> {
    if let Some(text) = note_text(column) {
        sheet.insert_note(row, number, &style::note(&text))?;
    }
    if let Some(validation) = data_validation(&column.validation, lists)? {
        sheet.add_data_validation(row + 1, number, last_row.max(row + 1), number, &validation)?;
    }
    Ok(())
}

/// The note of a header: its own text, and the default.
pub(super) fn note_text(column: &TemplateColumn) -> Option<String> {
    let default = column.default_text.as_ref().map(|text| format!("留空时取 {text}"));
    let parts = [Some(column.note.clone()).filter(|note| !note.is_empty()), default];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

fn data_validation(
    validation: &Validation,
    lists: &BTreeMap<String, String>,
) -> Result<Option<DataValidation>, OfficeError> {
    let new = DataValidation::new;
    let (checked, message) = match validation {
        Validation::Any | Validation::Text => return Ok(None),
        Validation::List(name) => match lists.get(name) {
            None => return Ok(None),
            Some(list) => (
                new().allow_list_formula(Formula::new(format!("={list}"))),
                "请从下拉列表中选择。".to_owned(),
            ),
        },
        Validation::Decimal { min, max } => decimal_validation(*min, *max),
        Validation::WholeYear => (
            new().allow_whole_number(DataValidationRule::Between(1900, 2200)),
            "请填四位年份，例如 2024。".to_owned(),
        ),
        Validation::Bool => (
            new().allow_list_strings(&["TRUE", "FALSE"])?,
            "请选择 TRUE（是）或 FALSE（否）。".to_owned(),
        ),
    };
    let checked = checked
        .ignore_blank(true)
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("填报内容有误")?
        .set_error_message(message)?;
    Ok(Some(checked))
}

fn decimal_validation(min: Option<f64>, max: Option<f64>) -> (DataValidation, String) {
    let (rule, message) = match (min, max) {
        (Some(min), Some(max)) => {
            (DataValidationRule::Between(min, max), format!("请填 {min} 到 {max} 之间的数。"))
        }
        (Some(min), None) => {
            (DataValidationRule::GreaterThanOrEqualTo(min), format!("请填不小于 {min} 的数。"))
        }
        (None, Some(max)) => {
            (DataValidationRule::LessThanOrEqualTo(max), format!("请填不大于 {max} 的数。"))
        }
        (None, None) => (
            DataValidationRule::Between(-ANY_DECIMAL, ANY_DECIMAL),
            "请填数，不带单位；单位在表头里。".to_owned(),
        ),
    };
    (DataValidation::new().allow_decimal_number(rule), message)
}

fn write_dictionaries(
    workbook: &mut Workbook,
    sheet_name: &str,
    dictionaries: &[Dictionary],
    lists: &BTreeMap<String, String>,
) -> Result<(), OfficeError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name)?;
    sheet.set_hidden(true);
    let mut ranges = Vec::new();
    let mut done = std::collections::BTreeSet::new();
    let used =
        dictionaries.iter().filter(|d| lists.contains_key(&d.name) && done.insert(d.name.as_str()));
    for (column, dictionary) in (0..).zip(used) {
        check_size(&dictionary.name, dictionary.values.len(), usize::from(column) + 1)?;
        // The first row says which list it is; the range begins below it.
        sheet.write_string_with_format(0, column, &dictionary.name, &style::header())?;
        for (row, value) in (1..).zip(&dictionary.values) {
            sheet.write_string_with_format(row, column, value, &style::body())?;
        }
        let last = u32::try_from(dictionary.values.len()).unwrap_or(0);
        let range =
            rust_xlsxwriter::utility::worksheet_range_absolute(sheet_name, 1, column, last, column);
        if let Some(name) = lists.get(&dictionary.name) {
            ranges.push((name, range));
        }
    }
    for (name, range) in ranges {
        workbook.define_name(name, &format!("={range}"))?;
    }
    Ok(())
}
