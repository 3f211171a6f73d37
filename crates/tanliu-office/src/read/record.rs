//! 记录 The records of a delimited text (RFC 4180), with the line where each begins.
//!
//! Hand-written because the findings need what a lenient parser gives away: the line of a
//! record behind blank lines, the place where an unclosed quote opens, text behind a closing
//! quote, and a limit on a cell before it is copied.

use crate::ReadOptions;

/// 记录 One record: its cells, packed, and its first line.
#[derive(Debug, Default)]
pub(super) struct Record {
    buffer: String,
    ends: Vec<usize>,
    /// The line of the file where it begins, from 1.
    pub(super) line: u32,
}

impl Record {
    /// How many cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell, from 0.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let start = match index {
            0 => 0,
            _ => *self.ends.get(index - 1)?,
        };
        self.buffer.get(start..*self.ends.get(index)?)
    }

    /// Its cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Whether all cells are blank.
    pub(super) fn is_blank(&self) -> bool {
        super::is_blank(&self.buffer)
    }
}

/// 断裂 What makes the rest of a file unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// A quote that is never closed.
    UnclosedQuote,
    /// Something other than a delimiter behind a closing quote.
    TextAfterQuote,
    /// A cell beyond the limit, without quotes.
    CellTooLong,
    /// A quoted cell beyond the limit: rather a quote that was forgotten.
    QuotedCellTooLong,
    /// More cells in a record than the limit.
    TooManyColumns,
}

/// 断点 A break and where its cell begins (line and column from 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BreakAt {
    pub(super) kind: Break,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// 记录流 Reads records one by one.
#[derive(Debug)]
pub(super) struct Records<'a> {
    text: &'a str,
    position: usize,
    line: u32,
    delimiter: u8,
    max_cell_bytes: usize,
    max_columns: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, delimiter: u8, options: &ReadOptions) -> Self {
        Self {
            text,
            position: 0,
            line: 1,
            delimiter,
            max_cell_bytes: options.max_cell_bytes,
            max_columns: options.max_columns,
        }
    }

    /// Reads the next record into `record`; false at the end of the file.
    pub(super) fn next_into(&mut self, record: &mut Record) -> Result<bool, BreakAt> {
        record.buffer.clear();
        record.ends.clear();
        record.line = self.line;
        if self.position >= self.text.len() {
            return Ok(false);
        }
        loop {
            if record.ends.len() >= self.max_columns {
                return Err(self.broken(Break::TooManyColumns, record, self.line));
            }
            if self.peek() == Some(b'"') {
                self.quoted_cell(record)?;
            } else {
                self.plain_cell(record)?;
            }
            record.ends.push(record.buffer.len());
            match self.peek() {
                Some(byte) if byte == self.delimiter => self.position += 1,
                _ => {
                    self.end_line();
                    return Ok(true);
                }
            }
        }
    }

    fn plain_cell(&mut self, record: &mut Record) -> Result<(), BreakAt> {
        let rest = self.rest();
        let end = memchr::memchr3(self.delimiter, b'\n', b'\r', rest.as_bytes());
        let end = end.unwrap_or(rest.len());
        if end > self.max_cell_bytes {
            return Err(self.broken(Break::CellTooLong, record, self.line));
        }
        record.buffer.push_str(rest.get(..end).unwrap_or_default());
        self.position += end;
        Ok(())
    }

    fn quoted_cell(&mut self, record: &mut Record) -> Result<(), BreakAt> {
        let opened = self.line;
        let start = record.buffer.len();
        self.position += 1;
        loop {
            let rest = self.rest();
            let Some(end) = memchr::memchr(b'"', rest.as_bytes()) else {
                return Err(self.broken(Break::UnclosedQuote, record, opened));
            };
            let piece = rest.get(..end).unwrap_or_default();
            if record.buffer.len() - start + end > self.max_cell_bytes {
                return Err(self.broken(Break::QuotedCellTooLong, record, opened));
            }
            record.buffer.push_str(piece);
            self.line = self.line.saturating_add(line_breaks(piece));
            self.position += end + 1;
            match self.peek() {
                Some(b'"') => {
                    record.buffer.push('"');
                    self.position += 1;
                }
                None | Some(b'\n' | b'\r') => return Ok(()),
                Some(byte) if byte == self.delimiter => return Ok(()),
                Some(_) => return Err(self.broken(Break::TextAfterQuote, record, opened)),
            }
        }
    }

    /// Steps over `\n`, `\r\n` or a lone `\r`.
    fn end_line(&mut self) {
        if self.peek() == Some(b'\r') {
            self.position += 1;
            if self.peek() == Some(b'\n') {
                self.position += 1;
            }
        } else if self.peek() == Some(b'\n') {
            self.position += 1;
        }
        self.line = self.line.saturating_add(1);
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn broken(&self, kind: Break, record: &Record, line: u32) -> BreakAt {
        let column = u32::try_from(record.ends.len() + 1).unwrap_or(u32::MAX);
        BreakAt { kind, line, column }
    }
}

/// How many line ends a text holds: `\n`, `\r\n`, a lone `\r`.
fn line_breaks(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let returns = memchr::memchr_iter(b'\r', bytes);
    let lone = returns.filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    u32::try_from(feeds + lone).unwrap_or(u32::MAX)
}
