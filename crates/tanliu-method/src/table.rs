//! 表 A table as it came in: header texts and cells with their places, before any meaning.

use tanliu_diagnostic::CellPlace;

/// 表 One table of a file, a sheet, or a document's example.
#[derive(Debug, Clone)]
pub struct Table {
    /// The table's name: the file's stem or the sheet's name.
    pub name: String,
    /// The file it came from, as shown to people.
    pub source: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row of the header, from 1.
    pub header_row: u32,
    /// Its columns, all with one cell per row.
    pub columns: Vec<Column>,
    /// The row number of each row, as people count (line of the file, row of the sheet).
    pub row_numbers: Vec<u32>,
}

/// 列 One column.
#[derive(Debug, Clone)]
pub struct Column {
    /// The header as written.
    pub header: String,
    /// Its number, from 1.
    pub number: u32,
    /// Its cells.
    pub cells: Cells,
}

/// 单元格列 The cells of a column, one per row.
#[derive(Debug, Clone)]
pub enum Cells {
    /// Texts, packed: cell `i` is `buffer[ends[i-1]..ends[i]]`; an empty text is an empty cell.
    Text {
        /// All texts, one behind the other.
        buffer: String,
        /// Where each ends.
        ends: Vec<usize>,
    },
    /// Typed cells, as a workbook or JSON holds them.
    Mixed(Vec<CellValue>),
}

/// 单元格 A typed cell.
#[derive(Debug, Clone, PartialEq)]
pub enum CellValue {
    /// Nothing.
    Empty,
    /// A text, trimmed by nobody yet.
    Text(String),
    /// A number that is shown as such.
    Number(f64),
    /// A percentage as shown: `5 %` is `Percent(5.0)`.
    Percent(f64),
    /// A date or date and time cell, as `2024-01-31` or `2024-01-31 13:15`.
    Date(String),
    /// A truth value.
    Bool(bool),
    /// A formula error, `#DIV/0!`.
    Error(String),
}

/// 单元格视图 A cell as readers ask for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellRef<'a> {
    /// Nothing.
    Empty,
    /// A text.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A percentage as shown.
    Percent(f64),
    /// A date cell.
    Date(&'a str),
    /// A truth value.
    Bool(bool),
    /// A formula error.
    Error(&'a str),
}

impl Table {
    /// How many rows it has, the header not counted.
    pub fn row_count(&self) -> usize {
        self.row_numbers.len()
    }

    /// The place of a cell; `row` counts from 0 behind the header.
    pub fn place(&self, row: usize, column: &Column) -> CellPlace {
        CellPlace {
            source: self.source.clone(),
            sheet: self.sheet.clone(),
            row: self.row_numbers.get(row).copied().unwrap_or(0),
            column: column.number,
            text: column.cells.get(row).to_string(),
        }
    }

    /// The place of a column's header.
    pub fn header_place(&self, column: &Column) -> CellPlace {
        CellPlace {
            source: self.source.clone(),
            sheet: self.sheet.clone(),
            row: self.header_row,
            column: column.number,
            text: column.header.clone(),
        }
    }
}

impl Cells {
    /// The cell of a row; beyond the end it is empty.
    pub fn get(&self, row: usize) -> CellRef<'_> {
        match self {
            Self::Text { buffer, ends } => {
                let start = if row == 0 { Some(0) } else { ends.get(row - 1).copied() };
                let text =
                    start.zip(ends.get(row)).and_then(|(start, end)| buffer.get(start..*end));
                match text {
                    None | Some("") => CellRef::Empty,
                    Some(text) => CellRef::Text(text),
                }
            }
            Self::Mixed(cells) => cells.get(row).map_or(CellRef::Empty, CellValue::view),
        }
    }

    /// How many cells.
    pub fn len(&self) -> usize {
        match self {
            Self::Text { ends, .. } => ends.len(),
            Self::Mixed(cells) => cells.len(),
        }
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An empty packed column.
    pub fn packed() -> Self {
        Self::Text { buffer: String::new(), ends: Vec::new() }
    }

    /// Adds a text cell (to a mixed column too).
    pub fn push_text(&mut self, text: &str) {
        match self {
            Self::Text { buffer, ends } => {
                buffer.push_str(text);
                ends.push(buffer.len());
            }
            Self::Mixed(cells) if text.is_empty() => cells.push(CellValue::Empty),
            Self::Mixed(cells) => cells.push(CellValue::Text(text.to_owned())),
        }
    }
}

impl CellValue {
    fn view(&self) -> CellRef<'_> {
        match self {
            Self::Empty => CellRef::Empty,
            Self::Text(text) if text.is_empty() => CellRef::Empty,
            Self::Text(text) => CellRef::Text(text),
            Self::Number(number) => CellRef::Number(*number),
            Self::Percent(number) => CellRef::Percent(*number),
            Self::Date(text) => CellRef::Date(text),
            Self::Bool(value) => CellRef::Bool(*value),
            Self::Error(text) => CellRef::Error(text),
        }
    }
}

impl std::fmt::Display for CellRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) | Self::Date(text) | Self::Error(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Percent(number) => write!(f, "{number}%"),
            Self::Bool(value) => write!(f, "{value}"),
        }
    }
}
