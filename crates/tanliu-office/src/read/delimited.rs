//! 分隔文本 CSV and TSV.

use super::record::{Break, BreakAt, Record, Records};
use super::{Source, encoding, findings, is_blank};
use crate::ReadOptions;
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Diagnostics};
use tanliu_method::table::{Cells, Column, Table};

/// Reads a delimited text. The header is the first row that is not blank; blank rows (also those
/// with delimiters only) are passed over.
pub(super) fn read(
    source: &Source,
    bytes: &[u8],
    delimiter: u8,
    options: &ReadOptions,
    diagnostics: &mut Diagnostics,
) -> Vec<Table> {
    let Some(text) = encoding::decode(source, bytes, diagnostics) else {
        return Vec::new();
    };
    let mut records = Records::new(&text, delimiter, options);
    let mut record = Record::default();
    let header = loop {
        match records.next_into(&mut record) {
            Ok(true) if record.is_blank() => {}
            Ok(true) => break Header::new(source, &record, diagnostics),
            Ok(false) => {
                diagnostics.push(findings::empty(source.file()));
                return Vec::new();
            }
            Err(break_at) => {
                diagnostics.push(broken(source, break_at, options));
                return Vec::new();
            }
        }
    };
    if let Some(diagnostic) = header.wrong_delimiter(source, delimiter) {
        diagnostics.push(diagnostic);
        return Vec::new();
    }
    let mut body = Body::new(header);
    loop {
        match records.next_into(&mut record) {
            Ok(true) if record.is_blank() => {}
            Ok(true) => body.add(source, &record, delimiter, diagnostics),
            Ok(false) => break,
            Err(break_at) => {
                diagnostics.push(broken(source, break_at, options));
                break;
            }
        }
    }
    vec![body.finish(source, diagnostics)]
}

/// The header row: where each cell goes.
struct Header {
    row: u32,
    slots: Vec<Slot>,
}

/// What is done with the cells of one position.
enum Slot {
    /// They fill a column.
    Column { header: String, buffer: String, ends: Vec<usize> },
    /// The header is empty: they must be empty too. The first that is not, and their count.
    Unnamed { first: Option<(u32, String)>, count: usize },
    /// The header was there before; an error has been reported.
    Doubled,
}

impl Header {
    fn new(source: &Source, record: &Record, diagnostics: &mut Diagnostics) -> Self {
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        let mut slots = Vec::new();
        for (number, header) in (1..).zip(record.cells()) {
            let name = header.trim();
            let slot = if name.is_empty() {
                Slot::Unnamed { first: None, count: 0 }
            } else if let Some(&first) = seen.get(name) {
                diagnostics.push(findings::duplicate_column(
                    source.cell(record.line, first, header),
                    source.cell(record.line, number, header),
                ));
                Slot::Doubled
            } else {
                seen.insert(name, number);
                Slot::Column { header: header.to_owned(), buffer: String::new(), ends: Vec::new() }
            };
            slots.push(slot);
        }
        Self { row: record.line, slots }
    }

    /// One column whose header holds a delimiter of another kind: the file is not what it says.
    fn wrong_delimiter(&self, source: &Source, delimiter: u8) -> Option<Diagnostic> {
        let [Slot::Column { header, .. }] = self.slots.as_slice() else {
            return None;
        };
        let seen = [';', '\t', ',', '，', '；', '、', '|']
            .into_iter()
            .find(|mark| header.contains(*mark) && !delimiter_is(delimiter, *mark))?;
        let (shown, expected) = (mark_name(seen), mark_name(char::from(delimiter)));
        let hint = match seen {
            '，' | '；' | '、' => (
                "把全角标点换成半角逗号 ,".to_owned(),
                "replace the full-width mark by a plain comma".to_owned(),
            ),
            '\t' => ("把扩展名改为 .tsv".to_owned(), "rename it to .tsv".to_owned()),
            _ => (
                format!("另存为以{}分隔的文件，或另存为 .xlsx", expected.0),
                format!("save it with {} between the cells, or as .xlsx", expected.1),
            ),
        };
        Some(
            Diagnostic::error(
                "table-delimiter",
                format!("表头只有一列，却含有{}；这里应以{}分隔", shown.0, expected.0),
                format!(
                    "the header is one cell that contains {}; {} was expected between cells",
                    shown.1, expected.1
                ),
            )
            .at(source.cell(self.row, 1, header), "", "")
            .hint(hint.0, hint.1),
        )
    }
}

fn delimiter_is(delimiter: u8, mark: char) -> bool {
    char::from(delimiter) == mark
}

fn mark_name(mark: char) -> (String, String) {
    match mark {
        '\t' => ("制表符".to_owned(), "a tab".to_owned()),
        mark => (format!("「{mark}」"), format!("\"{mark}\"")),
    }
}

/// The columns while they are filled.
struct Body {
    header: Header,
    row_numbers: Vec<u32>,
}

impl Body {
    fn new(header: Header) -> Self {
        Self { header, row_numbers: Vec::new() }
    }

    fn add(
        &mut self,
        source: &Source,
        record: &Record,
        delimiter: u8,
        diagnostics: &mut Diagnostics,
    ) {
        let columns = self.header.slots.len();
        // Spreadsheets end rows with delimiters of columns that once held something.
        let beyond_blank = record.cells().skip(columns).all(is_blank);
        if record.len() < columns || !beyond_blank {
            diagnostics.push(ragged(source, record, columns, delimiter));
            return;
        }
        for (slot, cell) in self.header.slots.iter_mut().zip(record.cells()) {
            match slot {
                Slot::Column { buffer, ends, .. } => {
                    buffer.push_str(cell);
                    ends.push(buffer.len());
                }
                Slot::Unnamed { first, count } if !is_blank(cell) => {
                    *count += 1;
                    first.get_or_insert_with(|| (record.line, cell.to_owned()));
                }
                Slot::Unnamed { .. } | Slot::Doubled => {}
            }
        }
        self.row_numbers.push(record.line);
    }

    fn finish(self, source: &Source, diagnostics: &mut Diagnostics) -> Table {
        let header_row = self.header.row;
        let mut columns = Vec::new();
        for (number, slot) in (1..).zip(self.header.slots) {
            match slot {
                Slot::Column { header, buffer, ends } => {
                    columns.push(Column { header, number, cells: Cells::Text { buffer, ends } });
                }
                Slot::Unnamed { first: Some((row, text)), count } => {
                    diagnostics.push(findings::unnamed_column(
                        source.cell(header_row, number, ""),
                        source.cell(row, number, &text),
                        count,
                    ));
                }
                Slot::Unnamed { first: None, .. } | Slot::Doubled => {}
            }
        }
        Table {
            name: source.stem.clone(),
            source: source.path.clone(),
            sheet: None,
            header_row,
            columns,
            row_numbers: self.row_numbers,
        }
    }
}

fn ragged(source: &Source, record: &Record, expected: usize, delimiter: u8) -> Diagnostic {
    let found = record.len();
    let finding = Diagnostic::error(
        "table-ragged-row",
        format!("这一行有 {found} 个单元格，表头有 {expected} 个"),
        format!("this row has {found} cells, the header has {expected}"),
    )
    .at(source.row(record.line), "", "");
    if found < expected {
        return finding.hint(
            "缺的单元格留空但要保留分隔符；单元格里的换行要整体加双引号",
            "keep the delimiters of empty cells; a cell with a line break needs double quotes",
        );
    }
    if expected == 1 {
        return finding.hint(
            "若上面一行是标题，请删去标题行：表头须是第一行",
            "if the row above is a title, remove it: the header comes first",
        );
    }
    if delimiter == b',' {
        return finding.hint(
            "单元格里有逗号（例如千分位 1,234）时整体加双引号：\"1,234\"",
            "a cell with a comma, such as 1,234, needs double quotes: \"1,234\"",
        );
    }
    finding.hint("删去多余的分隔符", "remove the delimiters that are too many")
}

fn broken(source: &Source, at: BreakAt, options: &ReadOptions) -> Diagnostic {
    let place = source.cell(at.line, at.column, "");
    match at.kind {
        Break::UnclosedQuote => Diagnostic::error(
            "table-unclosed-quote",
            "从这里开始的双引号直到文件结尾也没有闭合",
            "the double quote that opens here is not closed by the end of the file",
        )
        .at(place, "", "")
        .hint(
            "补上右引号；单元格里的双引号要写两个：\"\"",
            "close it; a double quote inside a quoted cell is written twice: \"\"",
        ),
        Break::TextAfterQuote => Diagnostic::error(
            "table-stray-quote",
            "这个加双引号的单元格在右引号之后还有文字",
            "there is text behind the closing quote of this cell",
        )
        .at(place, "", "")
        .hint(
            "单元格里的双引号要写两个：\"\"",
            "a double quote inside a quoted cell is written twice: \"\"",
        ),
        Break::CellTooLong => findings::cell_too_long(place, options.max_cell_bytes).hint(
            "检查分隔符和换行：整个文件可能成了一个单元格",
            "check the delimiter and the line ends: the whole file may have become one cell",
        ),
        Break::QuotedCellTooLong => findings::cell_too_long(place, options.max_cell_bytes).hint(
            "很可能这里的双引号没有闭合",
            "the double quote that opens it is probably not closed",
        ),
        Break::TooManyColumns => {
            findings::too_many_columns(source.row(at.line), options.max_columns)
        }
    }
}
