//! 查坏 Where bad cells are: file by file and row by row, after a scan has met one.

use super::cells::CellColumn;
use super::keys::KeyReader;
use crate::feed::bad::BadCell;
use crate::source::{WideTable, file_batches};
use arrow::array::RecordBatch;
use tanliu_diagnostic::{CellPlace, Diagnostic, Place};

/// How many are told.
const MOST: usize = 50;

/// The bad cells of a table, file by file.
pub(super) fn bad_cells(
    table: &WideTable,
    keys: &[KeyReader],
    cells: &[CellColumn],
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (number, file) in table.files.iter().enumerate() {
        let Ok(batches) = file_batches(table, number) else { continue };
        let mut before = 0;
        for batch in batches.map_while(Result::ok) {
            for row in 0..batch.num_rows() {
                let place = |column: u32, text: &str| CellPlace {
                    source: file.shown.clone(),
                    sheet: None,
                    row: u32::try_from(before + row + 1).unwrap_or(u32::MAX),
                    column,
                    text: text.to_owned(),
                };
                for (column, header, bad) in judge(&batch, row, keys, cells) {
                    if found.len() < MOST {
                        found.push(tell(place(column, &bad.shown), header, &bad));
                    }
                }
            }
            if found.len() >= MOST {
                return found;
            }
            before += batch.num_rows();
        }
    }
    found
}

fn judge<'k>(
    batch: &RecordBatch,
    row: usize,
    keys: &'k [KeyReader],
    cells: &'k [CellColumn],
) -> Vec<(u32, &'k str, BadCell)> {
    let array =
        |number: u32| (number as usize).checked_sub(1).and_then(|at| batch.columns().get(at));
    let of_keys = keys.iter().filter_map(|reader| {
        let bad = reader.judge(array(reader.number)?, row)?;
        Some((reader.number, reader.header.as_str(), bad))
    });
    let of_cells = cells.iter().filter_map(|column| {
        let bad = column.judge(array(column.number)?, row)?;
        Some((column.number, column.header.as_str(), bad))
    });
    of_keys.chain(of_cells).collect()
}

fn tell(place: CellPlace, header: &str, bad: &BadCell) -> Diagnostic {
    let shown = if bad.shown.is_empty() { "—" } else { &bad.shown };
    Diagnostic::error(
        "wide-cell",
        format!("{header} 的 `{shown}` 读不了，应为{}", bad.wanted_zh),
        format!("`{shown}` of {header} cannot be read, it must be {}", bad.wanted_en),
    )
    .at(Place::Cell(place), "", "")
    .hint("更正这个单元格，或删去这一行", "correct the cell, or remove the row")
}
