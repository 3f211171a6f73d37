#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod arbitrary;
mod delimited;
mod json_lines;
mod marked;
mod shown;
mod template;
mod workbook;
mod write;

use crate::{ReadOptions, read_tables};
use tanliu_diagnostic::{Diagnostic, Diagnostics, Place};
use tanliu_method::table::{CellValue, Cells, Table};

/// Reads with default options.
fn read(name: &str, bytes: &[u8]) -> (Vec<Table>, Diagnostics) {
    read_tables(name, bytes, &ReadOptions::default())
}

/// Reads one table, without any finding.
fn read_clean(name: &str, bytes: &[u8]) -> Table {
    let (mut tables, diagnostics) = read(name, bytes);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(tables.len(), 1);
    tables.remove(0)
}

fn codes(diagnostics: &Diagnostics) -> Vec<&'static str> {
    diagnostics.list().iter().map(|diagnostic| diagnostic.code).collect()
}

/// Reads and expects exactly one finding, an error.
fn only_error(name: &str, bytes: &[u8]) -> Diagnostic {
    let (_, diagnostics) = read(name, bytes);
    assert_eq!(diagnostics.list().len(), 1, "{diagnostics:?}");
    let diagnostic = diagnostics.list()[0].clone();
    assert!(diagnostic.is_error());
    assert!(diagnostic.hint.is_some(), "every error says the likely mend: {diagnostic:?}");
    diagnostic
}

/// Row, column and text of a finding's first cell.
fn cell(diagnostic: &Diagnostic) -> (u32, u32, &str) {
    match &diagnostic.labels[0].place {
        Place::Cell(cell) => (cell.row, cell.column, &cell.text),
        other => panic!("no cell: {other:?}"),
    }
}

fn headers(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|column| column.header.as_str()).collect()
}

/// The cells of a column as texts.
fn texts(table: &Table, column: usize) -> Vec<String> {
    let cells = &table.columns[column].cells;
    (0..table.row_count()).map(|row| cells.get(row).to_string()).collect()
}

fn mixed(table: &Table, column: usize) -> &[CellValue] {
    match &table.columns[column].cells {
        Cells::Mixed(values) => values,
        Cells::Text { .. } => panic!("a packed column"),
    }
}
