//! 位置 Where a finding is: a span of a document, a cell of a table, or a whole file.

/// 区间 Bytes `start..end` of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span runs forward");
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Span) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// This span inside a text that itself begins at `offset`.
    #[must_use]
    pub fn shifted(self, offset: usize) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }
}

/// 单元格位置 A cell of a table, counted as people count: from 1, the header included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellPlace {
    /// The file.
    pub source: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Line of the file or row of the sheet, from 1.
    pub row: u32,
    /// Column, from 1; 0 means the whole row.
    pub column: u32,
    /// What stands in the cell, as people see it.
    pub text: String,
}

/// 位置 Where a finding is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Bytes of a document.
    Span {
        /// The document's name, as given to [`crate::Sources`].
        source: String,
        /// The bytes.
        span: Span,
    },
    /// A cell of a table.
    Cell(CellPlace),
    /// A file as a whole.
    File(String),
}

impl Place {
    /// Bytes of the document `source`.
    pub fn span(source: impl Into<String>, span: Span) -> Self {
        Self::Span { source: source.into(), span }
    }
}

impl From<CellPlace> for Place {
    fn from(cell: CellPlace) -> Self {
        Self::Cell(cell)
    }
}
