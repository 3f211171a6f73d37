//! 分块表 Part files of one table, joined: columns by header, rows numbered through.

use super::PartRows;
use tanliu_diagnostic::{Diagnostic, Diagnostics};
use tanliu_method::table::{CellRef, CellValue, Cells, Column, Table};

/// Joins the tables of part files; a part whose headers differ is told of and left out.
pub(super) fn join_parts(
    folder: &str,
    tables: Vec<Table>,
    findings: &mut Diagnostics,
) -> (Table, Vec<PartRows>) {
    let name = folder.rsplit('/').next().unwrap_or(folder).to_owned();
    let mut joined = Table {
        name,
        source: folder.to_owned(),
        sheet: None,
        header_row: 1,
        columns: Vec::new(),
        row_numbers: Vec::new(),
    };
    let mut parts = Vec::new();
    let mut offset = 0;
    for table in tables {
        if parts.is_empty() {
            joined.header_row = table.header_row;
            joined.columns = table.columns.iter().map(empty_column).collect();
        } else if !same_headers(&joined, &table) {
            findings.push(different(&joined, &table));
            continue;
        }
        for column in &mut joined.columns {
            if let Some(own) = table.columns.iter().find(|own| same(own, column)) {
                append(&mut column.cells, &own.cells);
            }
        }
        joined.row_numbers.extend(table.row_numbers.iter().map(|row| row + offset));
        let last = table.row_numbers.last().copied().unwrap_or(table.header_row);
        let (folder, file, sheet) = (folder.to_owned(), table.source, table.sheet);
        parts.push(PartRows { folder, offset, file, sheet });
        offset += last.max(table.header_row);
    }
    (joined, parts)
}

fn empty_column(column: &Column) -> Column {
    let cells = match column.cells {
        Cells::Text { .. } => Cells::packed(),
        Cells::Mixed(_) => Cells::Mixed(Vec::new()),
    };
    Column { header: column.header.clone(), number: column.number, cells }
}

fn same(left: &Column, right: &Column) -> bool {
    left.header.trim() == right.header.trim()
}

fn same_headers(joined: &Table, table: &Table) -> bool {
    joined.columns.len() == table.columns.len()
        && joined.columns.iter().all(|column| table.columns.iter().any(|own| same(own, column)))
}

fn different(joined: &Table, table: &Table) -> Diagnostic {
    let list = |table: &Table| {
        let headers: Vec<&str> = table.columns.iter().map(|column| column.header.trim()).collect();
        headers.join(", ")
    };
    let place = tanliu_diagnostic::Place::File(table.source.clone());
    let (first, own) = (list(joined), list(table));
    Diagnostic::error(
        "data-parts-differ",
        "同一目录的分块文件列名不同，不能拼成一张表",
        "the part files of a folder have different columns and make no table",
    )
    .at(place, format!("列：{own}"), format!("columns: {own}"))
    .note(format!("第一块的列：{first}"), format!("columns of the first part: {first}"))
    .hint(
        "列名须一致；若是不同的表，请移出这个子目录",
        "make the headers equal; if these are different tables, move them out of the subfolder",
    )
}

/// Adds cells to a column; packed texts stay packed as long as all are texts.
fn append(cells: &mut Cells, more: &Cells) {
    if matches!((&*cells, more), (Cells::Text { .. }, Cells::Mixed(_))) {
        let values = (0..cells.len()).map(|row| value(cells.get(row))).collect();
        *cells = Cells::Mixed(values);
    }
    match cells {
        Cells::Text { .. } => {
            for row in 0..more.len() {
                cells.push_text(match more.get(row) {
                    CellRef::Text(text) => text,
                    _ => "",
                });
            }
        }
        Cells::Mixed(values) => {
            values.extend((0..more.len()).map(|row| value(more.get(row))));
        }
    }
}

fn value(cell: CellRef<'_>) -> CellValue {
    match cell {
        CellRef::Empty => CellValue::Empty,
        CellRef::Text(text) => CellValue::Text(text.to_owned()),
        CellRef::Number(number) => CellValue::Number(number),
        CellRef::Percent(number) => CellValue::Percent(number),
        CellRef::Date(text) => CellValue::Date(text.to_owned()),
        CellRef::Bool(value) => CellValue::Bool(value),
        CellRef::Error(text) => CellValue::Error(text.to_owned()),
    }
}
