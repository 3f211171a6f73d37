//! 差错 What can be wrong with a Delta table, or with rows on their way into one.

mod incoming;
mod table;

use tanliu_diagnostic::{CellPlace, Diagnostic, Place};

/// Delta 表的差错 Why a Delta table was not opened or not written; [`DeltaError::diagnostic`] is
/// what people read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeltaError {
    /// The folder holds no Delta log.
    #[error("{table} is not a Delta table")]
    NotATable {
        /// The folder as given.
        table: String,
    },
    /// An entry of the log is gone.
    #[error("{file} is missing from the log of {table}")]
    LogGap {
        /// The folder as given.
        table: String,
        /// The missing file, `_delta_log/00000000000000000003.json`.
        file: String,
        /// The last version that can still be opened.
        last: Option<i64>,
    },
    /// An entry of the log cannot be read.
    #[error("line {line} of {file} of {table} cannot be read: {why}")]
    LogCorrupt {
        /// The folder as given.
        table: String,
        /// The file inside the table.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What the reader says.
        why: String,
    },
    /// A data file is gone, or is not the one the log names.
    #[error("the data file {file} of {table} is missing or of another size")]
    DataFile {
        /// The folder as given.
        table: String,
        /// The file inside the table.
        file: String,
        /// The size that the log names, in bytes.
        expected: u64,
        /// The size found; none if there is no such file.
        found: Option<u64>,
    },
    /// There is no such version.
    #[error("{table} has no version for {wanted}")]
    NoVersion {
        /// The folder as given.
        table: String,
        /// What was asked for, as written.
        wanted: String,
        /// The first version that can be opened, and its time.
        first: (i64, String),
        /// The last version, and its time.
        last: (i64, String),
    },
    /// A time that is none.
    #[error("`{text}` is neither a version nor a time")]
    Time {
        /// As written.
        text: String,
    },
    /// The table uses something that is not supported.
    #[error("{table} uses {en}")]
    Unsupported {
        /// The folder as given.
        table: String,
        /// What, in Chinese.
        zh: String,
        /// What, in English.
        en: String,
    },
    /// Everything else that the library or the system says.
    #[error("{table}: {message}")]
    Failed {
        /// The folder as given.
        table: String,
        /// What they say.
        message: String,
    },
    /// The table is there already.
    #[error("{table} exists")]
    Exists {
        /// The folder as given.
        table: String,
    },
    /// Another writer was faster, again and again.
    #[error("{table} was changed by another writer")]
    Conflict {
        /// The folder as given.
        table: String,
        /// How often it was tried.
        attempts: usize,
    },
    /// Nothing could be written: a full disk, no permission.
    #[error("{path} cannot be written: {why}")]
    Write {
        /// The folder or file.
        path: String,
        /// What the system says.
        why: String,
    },
    /// A column name that a table cannot have.
    #[error("`{name}` cannot be the name of a column")]
    ColumnName {
        /// The file.
        origin: Origin,
        /// The name.
        name: String,
        /// It is there twice.
        double: bool,
    },
    /// A column of a type that a table of readings has no use for.
    #[error("column {column} is of the type {found}")]
    ColumnType {
        /// The file.
        origin: Origin,
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// The columns are not those of the table.
    #[error("the columns of {} are not those of the table", origin.0)]
    Columns {
        /// The file.
        origin: Origin,
        /// Columns of the table that the file does not have.
        missing: Vec<String>,
        /// Columns of the file that the table does not have.
        extra: Vec<String>,
    },
    /// A column has another unit than the table's.
    #[error("{column} is in {found}, the table's in {expected}")]
    Unit {
        /// The file.
        origin: Origin,
        /// The column.
        column: String,
        /// Its unit; empty for none.
        found: String,
        /// The table's; empty for none.
        expected: String,
    },
    /// A cell that its column cannot hold.
    #[error("row {row} of {}: `{text}` is not what the column holds", origin.0)]
    Cell {
        /// The file.
        origin: Origin,
        /// The row, counted as people count.
        row: u64,
        /// The column.
        column: String,
        /// What stands there.
        text: String,
        /// What it should be.
        expected: Expected,
    },
    /// The same key twice.
    #[error("the key {key} is there twice")]
    KeyTwice {
        /// The key, `plant=A, instant=2024-01-01 00:00`.
        key: String,
        /// Where: file and row; none for a file of the table.
        places: Vec<(Origin, u64)>,
        /// The table itself holds it twice.
        in_table: bool,
    },
    /// A correction of a row that the table does not have.
    #[error("the table has no row {key}")]
    KeyUnknown {
        /// The key.
        key: String,
        /// The file.
        origin: Origin,
        /// The row.
        row: u64,
        /// How many more there are.
        more: usize,
    },
    /// Keys that are no columns, or that do not tell the partition.
    #[error("the keys {keys:?} do not fit {table}")]
    Keys {
        /// The folder as given.
        table: String,
        /// The keys.
        keys: Vec<String>,
        /// The column that is missing, or the partition that they do not tell.
        column: String,
        /// It is a partition that the keys do not tell.
        partition: bool,
    },
    /// A partition rule that cannot be read or does not fit its column.
    #[error("`{text}` is no partition")]
    Partition {
        /// As written.
        text: String,
    },
    /// A file of rows that cannot be read.
    #[error("{} cannot be read: {why}", origin.0)]
    Input {
        /// The file.
        origin: Origin,
        /// Why.
        why: String,
    },
}

/// 来处 The file, or another name, that rows come from, as shown to people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(pub String);

/// 应有 What a cell should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A finite number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Bool,
    /// A date.
    Date,
    /// A date and time.
    Instant,
    /// Something: a key is never empty.
    Key,
}

impl DeltaError {
    /// The finding that people read: what is wrong, where, and the mend.
    pub fn diagnostic(&self) -> Diagnostic {
        table::diagnostic(self).or_else(|| incoming::diagnostic(self)).unwrap_or_else(|| {
            Diagnostic::error("delta-failed", format!("出错：{self}"), self.to_string())
        })
    }

    /// Whatever the library or the system says about a table.
    pub(crate) fn failed(table: &str, error: impl std::fmt::Display) -> Self {
        Self::Failed { table: table.to_owned(), message: error.to_string() }
    }
}

/// A row of a file, or one of its cells.
fn cell(source: &Origin, row: u64, column: u32, text: &str) -> Place {
    Place::Cell(CellPlace {
        source: source.0.clone(),
        sheet: None,
        row: u32::try_from(row).unwrap_or(u32::MAX),
        column,
        text: text.to_owned(),
    })
}
