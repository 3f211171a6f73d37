//! 标注副本 A copy of faulty data with red cells, notes, and a list of what is wrong.
//!
//! A workbook is not edited but written anew from what was read: values, number formats, bold
//! type, fills, merged ranges, hidden sheets, defined names and custom properties stay; formulas
//! become their values, and pictures, charts and column widths are lost.

use super::sheet_names::SheetNames;
use super::template::{self, Template};
use super::workbook::{SHEET_COLUMNS, SHEET_ROWS};
use super::{OutCell, style, workbook};
use crate::properties::{MARKED_PROPERTY, unreadable};
use crate::read::load::{LoadedCell, LoadedFormat, LoadedSheet, LoadedWorkbook, Merge, load};
use crate::read::workbook::FINDINGS_SHEET;
use crate::{OfficeError, ReadOptions};
use calamine::Data;
use rust_xlsxwriter::{Color, ExcelDateTime, Format, Formula, Url, Workbook, Worksheet};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_diagnostic::{Diagnostic, Lang, Place};
use tanliu_method::table::{CellRef, Table};

/// Excel holds 65,530 links a sheet; nobody follows so many.
const LINKS: usize = 10_000;
/// A merged range of more cells is not worth keeping.
const MERGED_CELLS: u64 = 10_000;

/// 标注 What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The sheet, or the table's name where a text file was read.
    pub sheet: String,
    /// The row, from 1.
    pub row: u32,
    /// The column, from 1; 0 means the whole row.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

impl Mark {
    /// The marks of all findings that have a cell, in one language, with their notes and hints.
    pub fn from_findings(list: &[Diagnostic], lang: Lang) -> Vec<Mark> {
        let mut marks = Vec::new();
        for finding in list {
            let mut message = finding.message.get(lang).to_owned();
            for note in &finding.notes {
                message.push_str(if lang == Lang::Zh { "。" } else { "; " });
                message.push_str(note.get(lang));
            }
            if let Some(hint) = &finding.hint {
                message.push_str(if lang == Lang::Zh { "。建议：" } else { "; hint: " });
                message.push_str(hint.get(lang));
            }
            for label in finding.labels.iter().filter(|label| label.primary) {
                if let Place::Cell(cell) = &label.place {
                    let sheet = cell.sheet.clone();
                    let sheet = sheet.unwrap_or_else(|| crate::read::stem(&cell.source));
                    let (row, column, message) = (cell.row, cell.column, message.clone());
                    marks.push(Mark { sheet, row, column, message });
                }
            }
        }
        marks
    }
}

/// 写标注副本 Writes a workbook anew with marks; see the module for what stays and what is lost.
/// With the `template` it was made from, notes and drop-downs come back too.
///
/// # Errors
/// [`OfficeError::Unreadable`] if the bytes are no workbook.
pub fn write_marked_copy(
    original: &[u8],
    marks: &[Mark],
    template: Option<&Template>,
) -> Result<Vec<u8>, OfficeError> {
    let mut loaded = load(original, &ReadOptions::default()).map_err(unreadable)?;
    if loaded.properties.contains_key(MARKED_PROPERTY) {
        loaded.sheets.retain(|sheet| sheet.name != FINDINGS_SHEET);
    }
    let mut copy = Copy::new(marks, loaded.properties.clone());
    let names: Vec<String> = loaded.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let contents: Contents = loaded.sheets.iter().map(sheet_texts).collect();
    copy.write_findings(&names, &contents)?;
    for sheet in &loaded.sheets {
        copy.write_sheet(&loaded, sheet, template)?;
    }
    for (name, range) in &loaded.defined_names {
        // Names that Excel keeps for itself (filters, print areas) belong to what is lost.
        if !name.starts_with("_xlnm") {
            let _ = copy.workbook.define_name(name, &format!("={range}"));
        }
    }
    copy.finish()
}

/// 写标注表 Writes tables that were read, from text files too, as a workbook with marks. Each row
/// stands in the row of its number, so that addresses agree with the findings.
///
/// # Errors
/// If a table does not fit into a sheet.
pub fn write_marked_tables(tables: &[Table], marks: &[Mark]) -> Result<Vec<u8>, OfficeError> {
    let mut copy = Copy::new(marks, BTreeMap::new());
    let names: Vec<String> = tables.iter().map(|table| table.name.clone()).collect();
    let contents: Contents = tables.iter().map(table_texts).collect();
    copy.write_findings(&names, &contents)?;
    for table in tables {
        copy.write_table(table)?;
    }
    copy.finish()
}

/// The texts of cells by row and column, for each sheet.
type Contents = Vec<BTreeMap<(u32, u32), String>>;

/// A copy while it is written.
struct Copy<'a> {
    workbook: Workbook,
    names: SheetNames,
    /// All marks in their order.
    marks: &'a [Mark],
    /// Messages by sheet and cell.
    by_cell: BTreeMap<(&'a str, u32, u32), Vec<&'a str>>,
}

impl<'a> Copy<'a> {
    fn new(marks: &'a [Mark], custom: BTreeMap<String, String>) -> Self {
        let mut workbook = Workbook::new();
        let mut properties = style::properties("标注副本");
        for (name, value) in custom.iter().filter(|(name, _)| *name != MARKED_PROPERTY) {
            properties = properties.set_custom_property(name, value.as_str());
        }
        workbook.set_properties(&properties.set_custom_property(MARKED_PROPERTY, "1"));
        let mut by_cell: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for mark in marks {
            // A mark of a whole row is shown at its first cell.
            let key = (mark.sheet.as_str(), mark.row, mark.column.max(1));
            by_cell.entry(key).or_default().push(&mark.message);
        }
        Self { workbook, names: SheetNames::default(), marks, by_cell }
    }

    fn finish(mut self) -> Result<Vec<u8>, OfficeError> {
        Ok(self.workbook.save_to_buffer()?)
    }

    /// The first sheet: every message with its address.
    fn write_findings(
        &mut self,
        sheets: &[String],
        contents: &Contents,
    ) -> Result<(), OfficeError> {
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(self.names.take(FINDINGS_SHEET))?;
        sheet.set_freeze_panes(1, 0)?;
        let header = style::header();
        let columns = [("序号", 8), ("工作表", 20), ("单元格", 10), ("内容", 30), ("问题", 90)];
        for (number, (text, width)) in (0..).zip(columns) {
            sheet.write_string_with_format(0, number, text, &header)?;
            sheet.set_column_width(number, width)?;
        }
        let known: BTreeMap<&str, &BTreeMap<(u32, u32), String>> =
            sheets.iter().map(String::as_str).zip(contents).collect();
        let (body, wrapped) = (style::body(), style::wrapped());
        for (index, mark) in self.marks.iter().take(SHEET_ROWS - 1).enumerate() {
            let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let address = address(mark);
            sheet.write_number_with_format(row, 0, f64::from(row), &body)?;
            sheet.write_string_with_format(row, 1, &mark.sheet, &body)?;
            let cells = known.get(mark.sheet.as_str());
            if cells.is_some() && index < LINKS && in_sheet(mark.row, mark.column.max(1)).is_some()
            {
                let quoted = rust_xlsxwriter::utility::quote_sheet_name(&mark.sheet);
                let link = Url::new(format!("internal:{quoted}!{}", cell_of(mark)));
                sheet.write_url_with_text(row, 2, link, &address)?;
            } else {
                sheet.write_string_with_format(row, 2, &address, &body)?;
            }
            let text = cells.and_then(|cells| cells.get(&(mark.row, mark.column)));
            let text = text.map(|text| crate::read::abridged(text)).unwrap_or_default();
            sheet.write_string_with_format(row, 3, text, &wrapped)?;
            sheet.write_string_with_format(row, 4, &mark.message, &wrapped)?;
        }
        Ok(())
    }

    fn write_sheet(
        &mut self,
        loaded: &LoadedWorkbook,
        from: &LoadedSheet,
        template: Option<&Template>,
    ) -> Result<(), OfficeError> {
        let name = self.names.take(&from.name);
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(name)?;
        // The list of findings comes first and is the active sheet, so that hiding works.
        sheet.set_hidden(!from.visible);
        for merge in from.merges.iter().filter(|merge| merge.is_real()) {
            keep_merge(sheet, merge);
        }
        let default = LoadedFormat::default();
        let mut widths = BTreeMap::new();
        let mut noted = BTreeSet::new();
        for cell in &from.cells {
            let Some(at) = in_sheet(cell.row, cell.column) else {
                continue;
            };
            let format = cell_format(loaded.formats.get(cell.format).unwrap_or(&default));
            let marked = self.by_cell.get(&(from.name.as_str(), cell.row, cell.column));
            let format = if marked.is_some() { style::faulty(format) } else { format };
            write_data(sheet, at, cell, format)?;
            let width: &mut u32 = widths.entry(at.1).or_default();
            *width = (*width).max(style::display_width(&data_text(&cell.value)).min(40));
        }
        for (column, width) in widths {
            sheet.set_column_width(column, style::column_width(width))?;
        }
        // A formula without a stored result is a cell that holds nothing yet.
        let filled = from.cells.iter().filter(|cell| cell.value != Data::Empty);
        let filled: BTreeSet<_> = filled.map(|cell| (cell.row, cell.column)).collect();
        write_notes(sheet, &self.by_cell, &from.name, &filled, &mut noted)?;
        match template {
            Some(template) => decorate_again(sheet, from, template, &noted),
            None => Ok(()),
        }
    }

    fn write_table(&mut self, table: &Table) -> Result<(), OfficeError> {
        let last_row = table.row_numbers.last().copied().unwrap_or(0);
        workbook::check_size(&table.name, last_row as usize, table.columns.len())?;
        let name = self.names.take(&table.name);
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(name)?;
        let mut filled = BTreeSet::new();
        for column in &table.columns {
            let mut widest = style::display_width(&column.header).min(40);
            let header = CellRef::Text(&column.header);
            let body = (0..table.row_count())
                .map(|row| (table.row_numbers.get(row).copied(), column.cells.get(row)));
            for (row, cell) in std::iter::once((Some(table.header_row), header)).chain(body) {
                let row = row.unwrap_or(0);
                let (Some(at), false) = (in_sheet(row, column.number), cell == CellRef::Empty)
                else {
                    continue;
                };
                let plain = if row == table.header_row { style::header() } else { style::body() };
                let marked = self.by_cell.contains_key(&(&table.name, row, column.number));
                let format = if marked { style::faulty(plain) } else { plain };
                write_view(sheet, at, cell, &format)?;
                filled.insert((row, column.number));
                widest = widest.max(style::display_width(&cell.to_string()).min(40));
            }
            if let Some((_, number)) = in_sheet(1, column.number) {
                sheet.set_column_width(number, style::column_width(widest))?;
            }
        }
        write_notes(sheet, &self.by_cell, &table.name, &filled, &mut BTreeSet::new())
    }
}

/// Adds the note of each marked cell; a marked cell that is empty becomes red here.
fn write_notes(
    sheet: &mut Worksheet,
    by_cell: &BTreeMap<(&str, u32, u32), Vec<&str>>,
    name: &str,
    filled: &BTreeSet<(u32, u32)>,
    noted: &mut BTreeSet<(u32, u32)>,
) -> Result<(), OfficeError> {
    for ((marked_sheet, row, column), messages) in by_cell {
        let (true, Some(at)) = (*marked_sheet == name, in_sheet(*row, *column)) else {
            continue;
        };
        if !filled.contains(&(*row, *column)) {
            sheet.write_blank(at.0, at.1, &style::faulty(style::body()))?;
        }
        sheet.insert_note(at.0, at.1, &style::note(&messages.join("\n")))?;
        noted.insert((*row, *column));
    }
    Ok(())
}

/// Brings back the notes and drop-downs of the template's columns that are still in their place.
fn decorate_again(
    sheet: &mut Worksheet,
    from: &LoadedSheet,
    template: &Template,
    noted: &BTreeSet<(u32, u32)>,
) -> Result<(), OfficeError> {
    let mut names = SheetNames::default();
    let Some(table) = template.sheets.iter().find(|t| names.take(&t.name) == from.name) else {
        return Ok(());
    };
    let lists = template::list_names(&template.dictionaries);
    let last_row = from.cells.last().map_or(0, |cell| cell.row as usize);
    let last_row = template::last_validated_row(last_row);
    for (number, column) in (1..).zip(&table.columns) {
        let here = from.cells.iter().find(|cell| cell.row == 1 && cell.column == number);
        let unmoved = here.is_some_and(|cell| data_text(&cell.value) == column.header);
        let Some(at) = in_sheet(1, number).filter(|_| unmoved) else {
            continue;
        };
        let mut column = column.clone();
        if noted.contains(&(1, number)) {
            // One cell has one note, and what is wrong matters more.
            (column.note, column.default_text) = (String::new(), None);
        }
        template::decorate(sheet, at, &column, (&lists, last_row))?;
    }
    Ok(())
}

/// Row and column from 0, if they are in a sheet.
fn in_sheet(row: u32, column: u32) -> Option<(u32, u16)> {
    let (row, column) = (row.checked_sub(1)?, column.checked_sub(1)?);
    let inside = (row as usize) < SHEET_ROWS && (column as usize) < SHEET_COLUMNS;
    Some((row, u16::try_from(column).ok()?)).filter(|_| inside)
}

fn cell_of(mark: &Mark) -> String {
    in_sheet(mark.row, mark.column.max(1)).map_or_else(String::new, |(row, column)| {
        rust_xlsxwriter::utility::row_col_to_cell(row, column)
    })
}

fn address(mark: &Mark) -> String {
    if mark.column == 0 { format!("第 {} 行", mark.row) } else { cell_of(mark) }
}

fn keep_merge(sheet: &mut Worksheet, merge: &Merge) {
    let first = in_sheet(merge.first_row, merge.first_column);
    let last = in_sheet(merge.last_row, merge.last_column);
    let (Some(first), Some(last)) = (first, last) else {
        return;
    };
    let rows = u64::from(merge.last_row.saturating_sub(merge.first_row)) + 1;
    let columns = u64::from(merge.last_column.saturating_sub(merge.first_column)) + 1;
    if rows * columns <= MERGED_CELLS {
        // An overlap with another range is refused by the writer; the cells are written anyway.
        let _ = sheet.merge_range(first.0, first.1, last.0, last.1, "", &style::body());
    }
}

fn cell_format(loaded: &LoadedFormat) -> Format {
    let mut format = style::body();
    format = match loaded.built_in {
        Some(0) => format,
        Some(index) => format.set_num_format_index(index),
        None if loaded.code.is_empty() => format,
        None => format.set_num_format(&loaded.code),
    };
    if loaded.bold {
        format = format.set_bold();
    }
    match loaded.fill {
        Some(colour) => format.set_background_color(Color::RGB(colour)),
        None => format,
    }
}

fn write_data(
    sheet: &mut Worksheet,
    at: (u32, u16),
    cell: &LoadedCell,
    format: Format,
) -> Result<(), OfficeError> {
    let out = match &cell.value {
        Data::Empty => OutCell::Empty,
        Data::Float(number) => OutCell::Number(*number),
        Data::Int(number) => OutCell::Number(*number as f64),
        Data::Bool(value) => OutCell::Bool(*value),
        Data::DateTime(date) => return write_date(sheet, at, date, format),
        Data::Error(error) => return write_error(sheet, at, &error.to_string(), &format),
        other => OutCell::Text(data_text(other)),
    };
    workbook::write_cell(sheet, at, &out, &format)
}

fn write_date(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    date: &calamine::ExcelDateTime,
    format: Format,
) -> Result<(), OfficeError> {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    // Old formats do not tell the number format of a date.
    let unknown = format == style::body() || format == style::faulty(style::body());
    let format = match (unknown, hour, minute, second) {
        (false, ..) => format,
        (true, 0, 0, 0) => format.set_num_format("yyyy-mm-dd"),
        (true, ..) => format.set_num_format("yyyy-mm-dd hh:mm:ss"),
    };
    // By its parts, because a workbook may count its days from 1904 and the copy does not.
    let parts = ExcelDateTime::from_ymd(year, month, day)
        .and_then(|date| date.and_hms(u16::from(hour), minute, second));
    match parts {
        Ok(parts) if date.is_datetime() && date.as_f64() >= 1.0 => {
            sheet.write_datetime_with_format(row, column, &parts, &format)?;
        }
        _ => {
            sheet.write_number_with_format(row, column, date.as_f64(), &format)?;
        }
    }
    Ok(())
}

fn write_error(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    error: &str,
    format: &Format,
) -> Result<(), OfficeError> {
    // An error is written as a formula that is that error, with it as the stored result.
    let formula = Formula::new(format!("={error}")).set_result(error);
    sheet.write_formula_with_format(row, column, formula, format)?;
    Ok(())
}

fn write_view(
    sheet: &mut Worksheet,
    at: (u32, u16),
    cell: CellRef<'_>,
    format: &Format,
) -> Result<(), OfficeError> {
    let out = match cell {
        CellRef::Empty => OutCell::Empty,
        CellRef::Number(number) => OutCell::Number(number),
        CellRef::Bool(value) => OutCell::Bool(value),
        CellRef::Text(text) | CellRef::Date(text) => OutCell::Text(text.to_owned()),
        CellRef::Percent(number) => OutCell::Text(format!("{number}%")),
        CellRef::Error(error) => return write_error(sheet, at, error, format),
    };
    workbook::write_cell(sheet, at, &out, format)
}

fn data_text(data: &Data) -> String {
    crate::read::shown::data_text(data)
}

fn sheet_texts(sheet: &LoadedSheet) -> BTreeMap<(u32, u32), String> {
    let cells = sheet.cells.iter();
    cells.map(|cell| ((cell.row, cell.column), data_text(&cell.value))).collect()
}

fn table_texts(table: &Table) -> BTreeMap<(u32, u32), String> {
    let mut texts = BTreeMap::new();
    for column in &table.columns {
        texts.insert((table.header_row, column.number), column.header.clone());
        for (row, number) in table.row_numbers.iter().enumerate() {
            texts.insert((*number, column.number), column.cells.get(row).to_string());
        }
    }
    texts
}
