//! 原始表 The cells of a CSV text with the lines people see.

use tanliu_diagnostic::{CellPlace, Diagnostic, Diagnostics, Place};
use unicode_normalization::UnicodeNormalization;

/// 原始行 One record: its cells, trimmed and in NFC, and the line of the file it begins on, from 1.
pub(crate) struct RawRow {
    pub(crate) line: u32,
    pub(crate) cells: Vec<String>,
}

impl RawRow {
    /// The text of a cell; empty where the row ends before it.
    pub(crate) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// 原始表 The records of a CSV text; the first is the heading.
pub(crate) struct RawTable<'a> {
    pub(crate) file: &'a str,
    pub(crate) heading: RawRow,
    pub(crate) rows: Vec<RawRow>,
}

impl<'a> RawTable<'a> {
    /// Splits a text into cells; nothing for a text the CSV reader cannot go on with, or an empty
    /// one.
    pub(crate) fn read(
        file: &'a str,
        text: &str,
        findings: &mut Diagnostics,
    ) -> Option<RawTable<'a>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = LineCounter::new(text);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let zh = format!("CSV 读不下去：{error}");
                    let en = format!("the CSV cannot be read on: {error}");
                    findings.push(whole_file(file, &zh, &en));
                    return None;
                }
            };
            let start = record.position().map_or(0, csv::Position::byte);
            let line = lines.line_of_record(usize::try_from(start).unwrap_or(usize::MAX));
            let cells: Vec<String> =
                record.iter().map(|cell| cell.trim().nfc().collect()).collect();
            // A line of nothing but commas is what spreadsheets leave at the end.
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(RawRow { line, cells });
            }
        }
        if rows.is_empty() {
            findings.push(whole_file(file, "表是空的", "the table is empty"));
            return None;
        }
        let heading = rows.remove(0);
        Some(RawTable { file, heading, rows })
    }

    /// The place of a cell of `row`.
    pub(crate) fn place(&self, row: &RawRow, column: usize) -> CellPlace {
        CellPlace {
            source: self.file.to_owned(),
            sheet: None,
            row: row.line,
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
            text: row.cell(column).to_owned(),
        }
    }

    /// The column headed `name`, from 0.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.heading.cells.iter().position(|cell| cell == name)
    }
}

fn whole_file(file: &str, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::error("factor-table", zh, en).at(Place::File(file.to_owned()), "", "")
}

/// Counts the lines up to a byte, going forward only.
struct LineCounter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl<'a> LineCounter<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of the record that begins at or after `start`: the reader gives the place before
    /// the empty lines it skips.
    fn line_of_record(&mut self, start: usize) -> u32 {
        while let Some(byte) = self.bytes.get(self.at) {
            if self.at >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            let pair = *byte == b'\r' && self.bytes.get(self.at + 1) == Some(&b'\n');
            if matches!(byte, b'\r' | b'\n') && !pair {
                self.line = self.line.saturating_add(1);
            }
            self.at += 1;
        }
        self.line
    }
}
