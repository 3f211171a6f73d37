//! 差错 Why readings were not taken or not read.

use crate::delta::DeltaError;
use tanliu_diagnostic::Text;

/// 读数差错 Why readings were not taken or not read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadingError {
    /// The table itself.
    #[error(transparent)]
    Delta(#[from] DeltaError),
    /// The table's values are in another unit.
    #[error("the table's values are in {own}, not in {wanted}")]
    Unit {
        /// The table's unit.
        own: String,
        /// The unit that was asked for.
        wanted: String,
    },
    /// The table has not the columns of readings.
    #[error("{table} is no table of readings: no column {column} as it should be")]
    Columns {
        /// The table.
        table: String,
        /// The column that lacks or holds something else.
        column: String,
    },
    /// A row of a file or of the table that is no reading.
    #[error("{place}: row {row} is no reading: {text}")]
    Row {
        /// The file or the table.
        place: String,
        /// The row, as people count.
        row: u64,
        /// What is there.
        text: String,
    },
    /// One key with two values.
    #[error("{place}: {meter} has two readings of {begin}")]
    Twice {
        /// The file or the table.
        place: String,
        /// The meter.
        meter: String,
        /// The quarter.
        begin: String,
    },
    /// A file that cannot be read or written.
    #[error("{path}: {why}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        why: String,
    },
    /// A journal that is damaged before its end.
    #[error("{path} is damaged at byte {at}")]
    Journal {
        /// The file.
        path: String,
        /// Where.
        at: u64,
    },
    /// Something else went wrong, or was made to.
    #[error("{0}")]
    Failed(String),
}

impl ReadingError {
    /// A file that cannot be read or written.
    pub(super) fn file(path: &std::path::Path, why: &dyn std::fmt::Display) -> Self {
        Self::File { path: path.to_string_lossy().into_owned(), why: why.to_string() }
    }

    /// The message in both languages.
    pub fn message(&self) -> Text {
        let zh = match self {
            Self::Delta(error) => return error.diagnostic().message,
            Self::Unit { own, wanted } => format!("表里的读数单位是 {own}，不是 {wanted}"),
            Self::Columns { table, column } => {
                format!("{table} 不是读数表：没有合适的列 {column}")
            }
            Self::Row { place, row, text } => format!("{place} 第 {row} 行不是读数：{text}"),
            Self::Twice { place, meter, begin } => {
                format!("{place}：{meter} 在 {begin} 有两个不同的读数")
            }
            Self::File { path, why } => format!("{path}：{why}"),
            Self::Journal { path, at } => format!("日志文件 {path} 在第 {at} 字节处损坏"),
            Self::Failed(why) => why.clone(),
        };
        Text::new(zh, self.to_string())
    }
}
