//! 结果工作簿 Tables of results as one xlsx.

use super::sheet_names::SheetNames;
use super::{OutCell, OutTable, plain_decimal, style};
use crate::OfficeError;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

/// The rows of a sheet, the header included.
pub(super) const SHEET_ROWS: usize = 1_048_576;
/// The columns of a sheet.
pub(super) const SHEET_COLUMNS: usize = 16_384;
/// So many rows decide about the width of a column.
const ROWS_FOR_WIDTH: usize = 1000;

/// 工作簿元数据 What a workbook of results says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkbookMeta {
    /// The document's title.
    pub title: String,
    /// Custom properties, e.g. `tanliu.method` and the digest of the run.
    pub properties: Vec<(String, String)>,
}

/// 写工作簿 Writes each table as a sheet: bold header, frozen, columns as wide as their content.
/// Sheet names are cut to Excel's rules and made unique. The same tables give the same bytes.
///
/// # Errors
/// If a table is larger than a sheet, or a text longer than 32,767 characters.
pub fn write_xlsx(tables: &[OutTable], meta: &WorkbookMeta) -> Result<Vec<u8>, OfficeError> {
    let mut workbook = Workbook::new();
    let mut properties = style::properties(&meta.title);
    for (name, value) in &meta.properties {
        properties = properties.set_custom_property(name, value.as_str());
    }
    workbook.set_properties(&properties);
    let mut names = SheetNames::default();
    for table in tables {
        check_size(&table.name, table.row_count(), table.columns.len())?;
        let sheet = workbook.add_worksheet();
        sheet.set_name(names.take(&table.name))?;
        write_table(sheet, table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Whether a table fits into a sheet.
pub(super) fn check_size(name: &str, rows: usize, columns: usize) -> Result<(), OfficeError> {
    let table = name.to_owned();
    if rows >= SHEET_ROWS {
        return Err(OfficeError::TooManyRows { table, rows });
    }
    if columns > SHEET_COLUMNS {
        return Err(OfficeError::TooManyColumns { table, columns });
    }
    Ok(())
}

fn write_table(sheet: &mut Worksheet, table: &OutTable) -> Result<(), OfficeError> {
    let (header, body) = (style::header(), style::body());
    sheet.set_freeze_panes(1, 0)?;
    for (number, column) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(0, number, &column.header, &header)?;
        let mut widest = style::display_width(&column.header);
        for (row, cell) in (1..).zip(&column.cells) {
            if row as usize <= ROWS_FOR_WIDTH {
                widest = widest.max(cell_width(cell));
            }
            write_cell(sheet, (row, number), cell, &body)?;
        }
        sheet.set_column_width(number, style::column_width(widest))?;
    }
    Ok(())
}

fn cell_width(cell: &OutCell) -> u32 {
    match cell {
        OutCell::Empty => 0,
        OutCell::Text(text) => style::display_width(text),
        OutCell::Number(number) => style::display_width(&plain_decimal(*number)).min(20),
        OutCell::Bool(_) => 5,
    }
}

/// Writes a cell at (row, column), from 0.
pub(super) fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &OutCell,
    format: &Format,
) -> Result<(), OfficeError> {
    match cell {
        OutCell::Empty => {}
        OutCell::Text(text) => {
            sheet.write_string_with_format(row, column, text, format)?;
        }
        OutCell::Number(number) if number.is_finite() => {
            sheet.write_number_with_format(row, column, *number, format)?;
        }
        OutCell::Number(number) => {
            sheet.write_string_with_format(row, column, plain_decimal(*number), format)?;
        }
        OutCell::Bool(value) => {
            sheet.write_boolean_with_format(row, column, *value, format)?;
        }
    }
    Ok(())
}
