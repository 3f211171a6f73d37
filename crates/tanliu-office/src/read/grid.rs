//! 网格 The filled cells of a sheet → a table: which row is the header, what is out of place.

use super::load::Merge;
use super::{Source, abridged, findings, is_blank};
use crate::ReadOptions;
use std::collections::BTreeMap;
use tanliu_diagnostic::{CellPlace, Diagnostic, Diagnostics};
use tanliu_method::table::{CellValue, Cells, Column, Table};

/// 网格 A sheet's filled cells in the order of rows, then columns.
pub(super) struct Grid<'a> {
    pub(super) source: &'a Source,
    pub(super) sheet: &'a str,
    pub(super) cells: Vec<GridCell>,
    pub(super) merges: &'a [Merge],
    pub(super) options: &'a ReadOptions,
}

/// 单元格 One cell; row and column from 1.
#[derive(Debug)]
pub(super) struct GridCell {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) value: CellValue,
    /// A percentage that shows fewer digits than are stored.
    pub(super) rounded: bool,
    /// A formula without a stored value.
    pub(super) uncalculated: bool,
}

impl GridCell {
    /// Whether it counts as empty.
    pub(super) fn is_blank(&self) -> bool {
        match &self.value {
            CellValue::Empty => true,
            CellValue::Text(text) => is_blank(text),
            _ => false,
        }
    }

    /// What people see.
    fn text(&self) -> String {
        match &self.value {
            CellValue::Empty => String::new(),
            CellValue::Text(text) | CellValue::Date(text) | CellValue::Error(text) => text.clone(),
            CellValue::Number(number) => number.to_string(),
            CellValue::Percent(number) => format!("{number}%"),
            CellValue::Bool(value) => value.to_string().to_uppercase(),
        }
    }
}

/// The named columns of the header row, by number.
type Headers = BTreeMap<u32, String>;

impl Grid<'_> {
    /// The table of the sheet; nothing, with a warning, if it has no header.
    ///
    /// The header is the first row that is not empty and whose filled cells do not all lie in one
    /// merged range (that is a title). Rows without any cell are passed over.
    pub(super) fn into_table(mut self, diagnostics: &mut Diagnostics) -> Option<Table> {
        let cells = std::mem::take(&mut self.cells);
        let mut rows: Vec<&[GridCell]> = cells.chunk_by(|a, b| a.row == b.row).collect();
        let Some(header_at) = rows.iter().position(|row| !self.is_title(row)) else {
            diagnostics.push(self.no_header());
            return None;
        };
        let body = rows.split_off(header_at + 1);
        let header_cells = rows.pop()?;
        let header_row = header_cells.first()?.row;
        let headers = self.headers(header_cells, diagnostics);
        if headers.len() > self.options.max_columns {
            let place = self.place(header_row, 0, "");
            diagnostics.push(findings::too_many_columns(place, self.options.max_columns));
            return None;
        }
        if headers.len().saturating_mul(body.len()) > self.options.max_typed_cells {
            let place = self.place(header_row, 0, "");
            diagnostics.push(findings::too_many_cells(place.into(), self.options.max_typed_cells));
            return None;
        }
        self.report_merges(header_row, &headers, &body, diagnostics);
        self.report_unnamed(header_cells, &body, diagnostics);
        self.report_cells(&headers, &body, diagnostics);
        Some(self.fill(header_row, headers, &body))
    }

    fn is_title(&self, row: &[GridCell]) -> bool {
        self.merges
            .iter()
            .filter(|merge| merge.is_real())
            .any(|merge| row.iter().all(|cell| merge.holds(cell.row, cell.column)))
    }

    fn headers(&self, cells: &[GridCell], diagnostics: &mut Diagnostics) -> Headers {
        let mut headers = Headers::new();
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for cell in cells {
            let text = cell.text();
            if let Some(first) = seen.get(text.trim()) {
                diagnostics.push(findings::duplicate_column(
                    self.place(cell.row, *first, &text),
                    self.place(cell.row, cell.column, &text),
                ));
                continue;
            }
            seen.insert(text.trim().to_owned(), cell.column);
            headers.insert(cell.column, text);
        }
        headers
    }

    fn report_merges(
        &self,
        header_row: u32,
        headers: &Headers,
        body: &[&[GridCell]],
        diagnostics: &mut Diagnostics,
    ) {
        let last_row = body.last().and_then(|row| row.first()).map_or(header_row, |cell| cell.row);
        for merge in self.merges.iter().filter(|merge| merge.is_real()) {
            let rows = merge.first_row <= last_row && merge.last_row >= header_row;
            let mut columns = headers.keys();
            let columns =
                columns.any(|column| (merge.first_column..=merge.last_column).contains(column));
            if rows && columns {
                diagnostics.push(self.merged(merge, header_row));
            }
        }
    }

    fn report_unnamed(
        &self,
        header: &[GridCell],
        body: &[&[GridCell]],
        diagnostics: &mut Diagnostics,
    ) {
        let header_row = header.first().map_or(0, |cell| cell.row);
        let mut unnamed: BTreeMap<u32, (&GridCell, usize)> = BTreeMap::new();
        for cell in body.iter().copied().flatten() {
            if header.binary_search_by_key(&cell.column, |named| named.column).is_err() {
                unnamed.entry(cell.column).or_insert((cell, 0)).1 += 1;
            }
        }
        for (column, (first, count)) in unnamed {
            diagnostics.push(findings::unnamed_column(
                self.place(header_row, column, ""),
                self.place(first.row, column, &first.text()),
                count,
            ));
        }
    }

    fn report_cells(&self, headers: &Headers, body: &[&[GridCell]], diagnostics: &mut Diagnostics) {
        let mut rounded: BTreeMap<u32, (&GridCell, usize)> = BTreeMap::new();
        let named = body.iter().copied().flatten().filter(|c| headers.contains_key(&c.column));
        for cell in named {
            let text = cell.text();
            let place = || self.place(cell.row, cell.column, &text);
            if cell.uncalculated {
                diagnostics.push(uncalculated(place()));
            } else if matches!(cell.value, CellValue::Error(_)) && self.options.report_error_cells {
                diagnostics.push(formula_error(place()));
            } else if text.len() > self.options.max_cell_bytes {
                let limit = self.options.max_cell_bytes;
                diagnostics.push(findings::cell_too_long(place(), limit));
            } else if cell.rounded {
                rounded.entry(cell.column).or_insert((cell, 0)).1 += 1;
            }
        }
        for (column, (first, count)) in rounded {
            let place = self.place(first.row, column, &first.text());
            diagnostics.push(percent_rounded(place, count));
        }
    }

    fn fill(&self, header_row: u32, headers: Headers, body: &[&[GridCell]]) -> Table {
        let mut row_numbers = Vec::new();
        let mut columns: Vec<(u32, String, Vec<CellValue>)> = headers
            .into_iter()
            .map(|(number, header)| (number, header, Vec::with_capacity(body.len())))
            .collect();
        for row in body {
            let Some(first) = row.first() else {
                continue;
            };
            let mut cells = row.iter().peekable();
            for (number, _, values) in &mut columns {
                while cells.next_if(|cell| cell.column < *number).is_some() {}
                let value = match cells.next_if(|cell| cell.column == *number) {
                    None => CellValue::Empty,
                    Some(cell) if cell.uncalculated => CellValue::Error("=?".to_owned()),
                    Some(cell) => cell.value.clone(),
                };
                values.push(value);
            }
            row_numbers.push(first.row);
        }
        let columns = columns.into_iter().map(|(number, header, values)| Column {
            header,
            number,
            cells: Cells::Mixed(values),
        });
        Table {
            name: self.sheet.to_owned(),
            source: self.source.path.clone(),
            sheet: Some(self.sheet.to_owned()),
            header_row,
            columns: columns.collect(),
            row_numbers,
        }
    }

    fn place(&self, row: u32, column: u32, text: &str) -> CellPlace {
        CellPlace {
            source: self.source.path.clone(),
            sheet: Some(self.sheet.to_owned()),
            row,
            column,
            text: abridged(text),
        }
    }

    fn no_header(&self) -> Diagnostic {
        Diagnostic::warning(
            "table-empty",
            format!("工作表「{}」没有表头，未读取", self.sheet),
            format!("sheet \"{}\" has no header and was passed over", self.sheet),
        )
        .at(self.place(1, 0, ""), "", "")
        .hint("不需要的空表可以删去", "remove it if it is not needed")
    }

    fn merged(&self, merge: &Merge, header_row: u32) -> Diagnostic {
        let name = merge.name();
        let finding = Diagnostic::error(
            "table-merged-cells",
            format!("表格里有合并单元格 {name}，合并后的值属于哪一行哪一列说不清"),
            format!("cells {name} are merged: the table cannot tell whose value that is"),
        )
        .at(self.place(merge.first_row, merge.first_column, &name), "", "");
        if merge.last_row <= header_row {
            return finding.hint(
                "表头只能有一行：取消合并，每列写完整的列名",
                "a header is one row: unmerge it and give each column its whole name",
            );
        }
        finding.hint(
            "取消合并，并在每个单元格里填上值；说明文字请移到表外的工作表",
            "unmerge it and fill each cell; move notes to another sheet",
        )
    }
}

fn uncalculated(place: CellPlace) -> Diagnostic {
    Diagnostic::error(
        "cell-formula-uncalculated",
        "单元格是公式，文件里却没有保存它的结果",
        "the cell is a formula whose result is not stored in the file",
    )
    .at(place, "", "")
    .hint(
        "用 Excel 或 WPS 打开并保存一次，或粘贴为数值",
        "open and save it once in Excel or WPS, or paste the value",
    )
}

fn formula_error(place: CellPlace) -> Diagnostic {
    let error = place.text.clone();
    let (zh, en) = match error.as_str() {
        "#DIV/0!" => ("公式除以了零或空单元格", "the formula divides by zero or by an empty cell"),
        "#REF!" => ("公式引用的单元格已被删除", "a cell the formula refers to was removed"),
        "#N/A" => ("查找公式没有找到对应项", "a look-up found nothing"),
        "#NAME?" => ("公式里有不认识的名称", "the formula has an unknown name"),
        _ => ("在 Excel 里修正公式，或填入数值", "mend the formula, or fill in the value"),
    };
    Diagnostic::error(
        "cell-formula-error",
        format!("公式的结果是错误值 {error}"),
        format!("the formula's result is the error {error}"),
    )
    .at(place, "", "")
    .hint(zh, en)
}

fn percent_rounded(place: CellPlace, count: usize) -> Diagnostic {
    Diagnostic::warning(
        "cell-percent-rounded",
        format!("这一列有 {count} 个百分数显示的位数少于保存的位数，按显示值读取"),
        match count {
            1 => {
                "a percentage of this column is stored with more digits than it shows; it is read \
                  as shown"
                    .to_owned()
            }
            count => format!(
                "{count} percentages of this column are stored with more digits than they show; \
                 they are read as shown"
            ),
        },
    )
    .at(place, "第一个", "the first")
    .hint(
        "要用完整的值，请在 Excel 里增加小数位数",
        "show more decimals in Excel if the whole value is meant",
    )
}
