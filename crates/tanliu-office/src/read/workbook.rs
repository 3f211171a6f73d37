//! 工作簿 A loaded workbook → tables.

use super::grid::{Grid, GridCell};
use super::load::{LoadFault, LoadedSheet, LoadedWorkbook, load};
use super::shown::{self, PercentFormat};
use super::{Source, findings};
use crate::ReadOptions;
use crate::properties::MARKED_PROPERTY;
use calamine::Data;
use tanliu_diagnostic::{Diagnostic, Diagnostics};
use tanliu_method::table::{CellValue, Table};

/// 填报说明 The sheets of that name explain a template and hold no data.
pub(crate) const INSTRUCTION_SHEETS: [&str; 2] = ["填报说明", "instructions"];

/// 问题清单 The first sheet of a marked copy lists what was wrong.
pub(crate) const FINDINGS_SHEET: &str = "问题清单";

/// Reads a workbook: one table for each visible sheet.
pub(super) fn read(
    source: &Source,
    bytes: &[u8],
    options: &ReadOptions,
    diagnostics: &mut Diagnostics,
) -> Vec<Table> {
    let workbook = match load(bytes, options) {
        Ok(workbook) => workbook,
        Err(fault) => {
            diagnostics.push(refused(source, bytes, &fault, options));
            return Vec::new();
        }
    };
    let percents: Vec<_> =
        workbook.formats.iter().map(|format| shown::percent_format(&format.code)).collect();
    let marked = workbook.properties.contains_key(MARKED_PROPERTY);
    let mut tables = Vec::new();
    let mut read_any = false;
    for sheet in &workbook.sheets {
        let passed_over = INSTRUCTION_SHEETS.contains(&sheet.name.to_lowercase().as_str())
            || (marked && sheet.name == FINDINGS_SHEET);
        if !sheet.visible || passed_over {
            continue;
        }
        let grid = Grid {
            source,
            sheet: &sheet.name,
            cells: grid_cells(sheet, &percents),
            merges: &sheet.merges,
            options,
        };
        read_any |= !grid.cells.is_empty();
        if let Some(table) = grid.into_table(diagnostics) {
            report_unseen_percents(&workbook, &table, diagnostics);
            tables.push(table);
        }
    }
    if !read_any {
        diagnostics.push(findings::empty(source.file()));
    }
    tables
}

fn grid_cells(sheet: &LoadedSheet, percents: &[Option<PercentFormat>]) -> Vec<GridCell> {
    let cells = sheet.cells.iter().map(|cell| {
        let percent = percents.get(cell.format).copied().flatten();
        let (value, rounded) = cell_value(&cell.value, percent);
        let uncalculated = cell.uncalculated;
        GridCell { row: cell.row, column: cell.column, value, rounded, uncalculated }
    });
    cells.filter(|cell| cell.uncalculated || !cell.is_blank()).collect()
}

/// A cell as people see it, and whether its percentage shows fewer digits than are stored.
pub(crate) fn cell_value(data: &Data, percent: Option<PercentFormat>) -> (CellValue, bool) {
    let number = |number: f64| match percent {
        Some(format) if number.is_finite() => {
            let (shown, rounded) = shown::percent_as_shown(number, format);
            (CellValue::Percent(shown), rounded)
        }
        _ => (CellValue::Number(number), false),
    };
    let value = match data {
        Data::Float(value) => return number(*value),
        Data::Int(value) => return number(*value as f64),
        Data::Empty => CellValue::Empty,
        Data::String(text) | Data::DurationIso(text) => CellValue::Text(text.clone()),
        Data::Bool(value) => CellValue::Bool(*value),
        Data::DateTime(date) => shown::date_value(date),
        Data::DateTimeIso(text) => shown::iso_date_value(text),
        Data::Error(error) => CellValue::Error(error.to_string()),
    };
    (value, false)
}

/// The old formats do not tell which numbers are percentages: a column of `%` could be wrong by a
/// factor of 100 without anyone seeing it.
fn report_unseen_percents(workbook: &LoadedWorkbook, table: &Table, diagnostics: &mut Diagnostics) {
    use tanliu_method::table::CellRef;
    if workbook.has_formats {
        return;
    }
    for column in table.columns.iter().filter(|column| column.header.contains(['%', '％'])) {
        let number =
            (0..table.row_count()).find(|row| matches!(column.cells.get(*row), CellRef::Number(_)));
        let Some(row) = number else {
            continue;
        };
        diagnostics.push(
            Diagnostic::error(
                "table-percent-unseen",
                "这种格式的工作簿看不出哪些数字显示为百分数，「5%」会被读成 0.05",
                "this workbook format does not tell which numbers are shown as percentages, so \
                 that 5 % would be read as 0.05",
            )
            .at(table.place(row, column), "", "")
            .hint("另存为 .xlsx", "save it as .xlsx"),
        );
    }
}

fn refused(source: &Source, bytes: &[u8], fault: &LoadFault, options: &ReadOptions) -> Diagnostic {
    match fault {
        LoadFault::Password => Diagnostic::error(
            "table-password",
            "工作簿有密码保护，无法读取",
            "the workbook is protected by a password",
        )
        .at(source.file(), "", "")
        .hint("取消密码后另存", "save it without the password"),
        LoadFault::TooLarge => Diagnostic::error(
            "table-too-large",
            format!("工作簿解压后超过上限 {} 字节", options.max_unpacked_bytes),
            format!("the workbook unpacks to more than {} bytes", options.max_unpacked_bytes),
        )
        .at(source.file(), "", "")
        .hint(
            "删去图片和多余的工作表，或改用 CSV",
            "remove pictures and sheets that are not needed, or use CSV",
        ),
        LoadFault::Unreadable(reason) => {
            let finding = Diagnostic::error(
                "table-unreadable",
                "无法读取这个工作簿：文件损坏，或不是工作簿",
                "cannot read this workbook: it is damaged, or no workbook",
            )
            .at(source.file(), "", "")
            .note(format!("读取程序说：{reason}"), format!("the reader says: {reason}"));
            let (zh, en) = likely_mend(bytes);
            finding.hint(zh, en)
        }
    }
}

fn likely_mend(bytes: &[u8]) -> (&'static str, &'static str) {
    let start = bytes.trim_ascii_start();
    if bytes.is_empty() {
        return ("文件是空的，请重新导出", "the file is empty: export it again");
    }
    if start.starts_with(b"<") {
        return (
            "内容是网页或 XML（许多系统导出的「.xls」如此）：用 Excel 打开，另存为 .xlsx",
            "it is a web page or XML, as many systems export it: open it in Excel and save as .xlsx",
        );
    }
    if bytes.starts_with(b"PK") {
        return (
            "文件可能没有传完：重新下载，或用 Excel 打开修复后另存为 .xlsx",
            "the file may be cut: fetch it again, or let Excel repair it and save as .xlsx",
        );
    }
    (
        "检查扩展名；文本表格请用 .csv 或 .tsv",
        "check the extension; a text table is called .csv or .tsv",
    )
}
