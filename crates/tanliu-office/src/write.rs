//! 写出 Tables of results, templates and marked copies → bytes.

pub(crate) mod marked;
mod sheet_names;
mod style;
pub(crate) mod template;
pub(crate) mod text;
pub(crate) mod workbook;

/// 输出表 A table to be written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutTable {
    /// Its name: the sheet's.
    pub name: String,
    /// Its columns; a column that is shorter than others is filled up with empty cells.
    pub columns: Vec<OutColumn>,
}

/// 输出列 A column to be written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutColumn {
    /// The header with its unit, `energy (tce)`.
    pub header: String,
    /// Its cells.
    pub cells: Vec<OutCell>,
}

/// 输出单元格 A cell to be written.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum OutCell {
    /// Nothing.
    #[default]
    Empty,
    /// A text.
    Text(String),
    /// A number; one that is not finite is written as the text `NaN`, `inf` or `-inf`.
    Number(f64),
    /// A truth value.
    Bool(bool),
}

impl OutTable {
    /// How many rows: those of its longest column.
    pub fn row_count(&self) -> usize {
        self.columns.iter().map(|column| column.cells.len()).max().unwrap_or(0)
    }
}

impl OutColumn {
    /// The cell of a row; beyond the end it is empty.
    pub fn cell(&self, row: usize) -> &OutCell {
        self.cells.get(row).unwrap_or(&OutCell::Empty)
    }
}

/// The shortest decimal that reads back as the same double, without an exponent; −0 is 0.
pub(crate) fn plain_decimal(number: f64) -> String {
    if number == 0.0 { "0".to_owned() } else { format!("{number}") }
}
