//! 装载 A whole workbook as the third-party reader sees it: cells with number formats, merged
//! ranges, hidden sheets, properties.

use super::package::{self, PackageFault, PackageView};
use crate::ReadOptions;
use calamine::{Data, DataRef, Reader, SheetType, SheetVisible};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// 工作簿 What a workbook holds.
#[derive(Debug, Default)]
pub(crate) struct LoadedWorkbook {
    pub(crate) sheets: Vec<LoadedSheet>,
    /// Custom document properties.
    pub(crate) properties: BTreeMap<String, String>,
    /// The formats that cells refer to by number.
    pub(crate) formats: Vec<LoadedFormat>,
    /// Whether `formats` is known at all: old formats do not show it.
    pub(crate) has_formats: bool,
    /// Names and what they stand for: `字典_fuel`, `字典!$A$1:$A$6`.
    pub(crate) defined_names: Vec<(String, String)>,
}

/// 数字格式 A cell's number format.
#[derive(Debug, Clone, Default)]
pub(crate) struct LoadedFormat {
    /// The code, `0.00%`.
    pub(crate) code: String,
    /// Its number where it is built in.
    pub(crate) built_in: Option<u8>,
    /// Bold type.
    pub(crate) bold: bool,
    /// The colour of the cell, red, green and blue.
    pub(crate) fill: Option<u32>,
}

/// 工作表 One sheet.
#[derive(Debug)]
pub(crate) struct LoadedSheet {
    pub(crate) name: String,
    pub(crate) visible: bool,
    /// Its cells in the order of rows, then columns.
    pub(crate) cells: Vec<LoadedCell>,
    pub(crate) merges: Vec<Merge>,
}

/// 单元格 One cell; row and column from 1.
#[derive(Debug)]
pub(crate) struct LoadedCell {
    pub(crate) row: u32,
    pub(crate) column: u32,
    pub(crate) value: Data,
    /// Its place in [`LoadedWorkbook::formats`].
    pub(crate) format: usize,
    /// It holds a formula whose value was never stored.
    pub(crate) uncalculated: bool,
}

/// 合并区域 A merged range, its corners included, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Merge {
    pub(crate) first_row: u32,
    pub(crate) first_column: u32,
    pub(crate) last_row: u32,
    pub(crate) last_column: u32,
}

/// 装载问题 Why a workbook could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LoadFault {
    /// It is protected by a password.
    Password,
    /// It unpacks to more than the limit.
    TooLarge,
    /// It is damaged or something else: what the reader said.
    Unreadable(String),
}

/// Loads a workbook; its content decides whether it is xlsx, ods or the old xls.
pub(crate) fn load(bytes: &[u8], options: &ReadOptions) -> Result<LoadedWorkbook, LoadFault> {
    // The readers of zip and workbook formats are third-party code over bytes from anywhere; a
    // slip in them (an index, a subtraction) must become a finding about the file.
    let caught = catch_unwind(AssertUnwindSafe(|| load_unguarded(bytes, options)));
    caught.unwrap_or_else(|_| Err(LoadFault::Unreadable("the reader gave up".to_owned())))
}

/// The custom properties alone, without reading the sheets.
pub(crate) fn load_properties(
    bytes: &[u8],
    options: &ReadOptions,
) -> Result<BTreeMap<String, String>, LoadFault> {
    // As in `load`: third-party code over bytes from anywhere.
    let caught = catch_unwind(AssertUnwindSafe(|| {
        inspect(bytes, options)?;
        let mut workbook = calamine::Xlsx::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
        let properties = workbook.workbook_properties().map_err(|e| unreadable(&e))?;
        Ok(properties.custom_properties.into_iter().collect())
    }));
    caught.unwrap_or_else(|_| Err(LoadFault::Unreadable("the reader gave up".to_owned())))
}

fn inspect(bytes: &[u8], options: &ReadOptions) -> Result<PackageView, LoadFault> {
    package::inspect(bytes, options.max_unpacked_bytes).map_err(|fault| match fault {
        PackageFault::TooLarge => LoadFault::TooLarge,
        PackageFault::Damaged(text) => LoadFault::Unreadable(text),
    })
}

fn load_unguarded(bytes: &[u8], options: &ReadOptions) -> Result<LoadedWorkbook, LoadFault> {
    const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0";
    if bytes.starts_with(COMPOUND_FILE) {
        return load_xls(bytes, options);
    }
    let view = inspect(bytes, options)?;
    match load_ods(bytes, options) {
        Err(calamine::OdsError::FileNotFound("mimetype") | calamine::OdsError::InvalidMime(_)) => {
            load_xlsx(bytes, view, options)
        }
        Err(calamine::OdsError::Password) => Err(LoadFault::Password),
        Err(error) => Err(unreadable(&error)),
        Ok(loaded) => loaded,
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> LoadFault {
    LoadFault::Unreadable(error.to_string())
}

fn load_xlsx(
    bytes: &[u8],
    view: PackageView,
    options: &ReadOptions,
) -> Result<LoadedWorkbook, LoadFault> {
    let wrong = |error: calamine::XlsxError| match error {
        calamine::XlsxError::Password => LoadFault::Password,
        error => unreadable(&error),
    };
    let mut workbook = calamine::Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let properties = workbook.workbook_properties().map_err(wrong)?.custom_properties;
    let mut loaded = LoadedWorkbook {
        properties: properties.into_iter().collect(),
        defined_names: workbook.defined_names().to_vec(),
        has_formats: true,
        ..LoadedWorkbook::default()
    };
    let mut budget = options.max_unpacked_bytes;
    for sheet in workbook.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let mut cells = Vec::new();
        let mut reader = workbook.worksheet_cells_reader(&sheet.name).map_err(wrong)?;
        if loaded.formats.is_empty() {
            loaded.formats = reader.styles().iter().map(loaded_format).collect();
        }
        while let Some((cell, format)) = reader.next_cell_with_style_id().map_err(wrong)? {
            let value = owned(cell.get_value().clone());
            if value != Data::Empty {
                budget = spend(budget, &value)?;
                let (row, column) = position(cell.get_position());
                cells.push(LoadedCell { row, column, value, format, uncalculated: false });
            }
        }
        drop(reader);
        if view.formulas {
            add_uncalculated(&mut workbook, &sheet.name, &mut cells).map_err(wrong)?;
        }
        let merges = workbook.merge_cells_by_sheet_name(&sheet.name).map_err(wrong)?;
        loaded.sheets.push(LoadedSheet::new(sheet, cells, &merges));
    }
    Ok(loaded)
}

/// Finds formulas without a stored value, which the pass over the values sees as empty cells.
fn add_uncalculated(
    workbook: &mut calamine::Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    cells: &mut Vec<LoadedCell>,
) -> Result<(), calamine::XlsxError> {
    let mut reader = workbook.worksheet_cells_reader(sheet)?;
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        if cell.formula.is_some() && cell.value == DataRef::Empty {
            let (row, column) = position(cell.pos);
            let value = Data::Empty;
            cells.push(LoadedCell { row, column, value, format: 0, uncalculated: true });
        }
    }
    Ok(())
}

fn load_ods(
    bytes: &[u8],
    options: &ReadOptions,
) -> Result<Result<LoadedWorkbook, LoadFault>, calamine::OdsError> {
    let mut workbook = calamine::Ods::new(Cursor::new(bytes))?;
    let properties = workbook.workbook_properties()?.custom_properties;
    let mut loaded = LoadedWorkbook {
        properties: properties.into_iter().collect(),
        ..LoadedWorkbook::default()
    };
    let mut budget = options.max_unpacked_bytes;
    for sheet in workbook.sheets_metadata().to_vec() {
        let range = workbook.worksheet_range(&sheet.name)?;
        match range_cells(&range, &mut budget) {
            Ok(cells) => loaded.sheets.push(LoadedSheet::new(sheet, cells, &[])),
            Err(fault) => return Ok(Err(fault)),
        }
    }
    Ok(Ok(loaded))
}

fn load_xls(bytes: &[u8], options: &ReadOptions) -> Result<LoadedWorkbook, LoadFault> {
    let wrong = |error: calamine::XlsError| match error {
        calamine::XlsError::Password => LoadFault::Password,
        error => unreadable(&error),
    };
    // Also a protected xlsx is such a file, with another content.
    let mut workbook = match calamine::Xls::new(Cursor::new(bytes)) {
        Ok(workbook) => workbook,
        Err(error) => {
            let protected = calamine::Xlsx::new(Cursor::new(bytes));
            return Err(match protected {
                Err(calamine::XlsxError::Password) => LoadFault::Password,
                _ => wrong(error),
            });
        }
    };
    let mut loaded = LoadedWorkbook::default();
    let mut budget = options.max_unpacked_bytes;
    for sheet in workbook.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let range = workbook.worksheet_range(&sheet.name).map_err(wrong)?;
        let cells = range_cells(&range, &mut budget)?;
        let merges = workbook.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default();
        loaded.sheets.push(LoadedSheet::new(sheet, cells, &merges));
    }
    Ok(loaded)
}

fn range_cells(
    range: &calamine::Range<Data>,
    budget: &mut u64,
) -> Result<Vec<LoadedCell>, LoadFault> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut cells = Vec::new();
    for (row, column, value) in range.used_cells() {
        *budget = spend(*budget, value)?;
        let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(first_row);
        let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(first_column);
        let (row, column) = position((row, column));
        let value = value.clone();
        cells.push(LoadedCell { row, column, value, format: 0, uncalculated: false });
    }
    Ok(cells)
}

/// One shared text may stand in a million cells: what they hold together is limited too.
fn spend(budget: u64, value: &Data) -> Result<u64, LoadFault> {
    let bytes = match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.len(),
        _ => 0,
    };
    let bytes = bytes + size_of::<LoadedCell>();
    budget.checked_sub(bytes as u64).ok_or(LoadFault::TooLarge)
}

/// Row and column from 1.
fn position((row, column): (u32, u32)) -> (u32, u32) {
    (row.saturating_add(1), column.saturating_add(1))
}

fn loaded_format(style: &calamine::Style) -> LoadedFormat {
    let number = style.number_format.as_ref();
    // Numbers from 164 on are the file's own.
    let built_in = number.and_then(|format| format.format_id).filter(|id| *id < 164);
    let fill = style.fill.as_ref().filter(|fill| fill.is_visible());
    LoadedFormat {
        code: number.map(|format| format.format_code.clone()).unwrap_or_default(),
        built_in: built_in.and_then(|id| u8::try_from(id).ok()),
        bold: style.font.as_ref().is_some_and(calamine::Font::is_bold),
        fill: fill.and_then(|fill| fill.get_color()).map(|colour| colour.to_argb() & 0x00FF_FFFF),
    }
}

fn owned(value: DataRef<'_>) -> Data {
    value.into()
}

impl LoadedSheet {
    fn new(
        sheet: calamine::Sheet,
        mut cells: Vec<LoadedCell>,
        merges: &[calamine::Dimensions],
    ) -> Self {
        cells.sort_by_key(|cell| (cell.row, cell.column));
        cells.dedup_by_key(|cell| (cell.row, cell.column));
        let merges = merges.iter().map(|merge| {
            let ((first_row, first_column), (last_row, last_column)) =
                (position(merge.start), position(merge.end));
            Merge { first_row, first_column, last_row, last_column }
        });
        Self {
            name: sheet.name,
            visible: sheet.visible == SheetVisible::Visible,
            cells,
            merges: merges.collect(),
        }
    }
}

impl Merge {
    /// Whether a cell lies in it.
    pub(crate) fn holds(&self, row: u32, column: u32) -> bool {
        (self.first_row..=self.last_row).contains(&row)
            && (self.first_column..=self.last_column).contains(&column)
    }

    /// Whether it is more than one cell.
    pub(crate) fn is_real(&self) -> bool {
        self.first_row != self.last_row || self.first_column != self.last_column
    }

    /// Its name, `B3:B5`.
    pub(crate) fn name(&self) -> String {
        let cell = |row: u32, column: u32| {
            let column = u16::try_from(column.saturating_sub(1)).unwrap_or(u16::MAX);
            rust_xlsxwriter::utility::row_col_to_cell(row.saturating_sub(1), column)
        };
        let first = cell(self.first_row, self.first_column);
        format!("{first}:{}", cell(self.last_row, self.last_column))
    }
}
