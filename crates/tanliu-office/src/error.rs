//! 写出错误 What can go wrong for a caller that writes workbooks.

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
}
