//! 写出错误 What can go wrong for a caller that writes workbooks and reports.

/// 写出错误 Why a workbook could not be written, or its properties not be read.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// A workbook holds at most 1,048,576 rows a sheet, the header included.
    #[error("table {table} has {rows} rows; a sheet holds 1,048,575 below its header")]
    TooManyRows {
        /// The table.
        table: String,
        /// Its rows.
        rows: usize,
    },
    /// A sheet holds at most 16,384 columns.
    #[error("table {table} has {columns} columns; a sheet holds 16,384")]
    TooManyColumns {
        /// The table.
        table: String,
        /// Its columns.
        columns: usize,
    },
    /// The bytes are no workbook that can be read.
    #[error("cannot read the workbook: {0}")]
    Unreadable(String),
    /// The writer refused: a text longer than 32,767 characters, a bad name.
    #[error("cannot write the workbook: {0}")]
    Writer(#[from] rust_xlsxwriter::XlsxError),
    /// A printed page has no room for more columns; the whole table belongs into a workbook.
    #[error("table {table} has {columns} columns; a printed report shows at most {limit}")]
    TooWideForPrint {
        /// The table's caption.
        table: String,
        /// Its columns, or the cells of its longest row.
        columns: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A font that the caller brought cannot be used.
    #[error("cannot use the font: {0}")]
    Font(String),
    /// The parts of a docx could not be put together.
    #[error("cannot write the document: {0}")]
    Document(String),
}
