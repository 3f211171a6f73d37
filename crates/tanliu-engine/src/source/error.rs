//! 数据源之误 What is wrong with a table's files, with the mend.

use super::Format;
use tanliu_diagnostic::{Diagnostic, Place};

/// 数据源之误 Why a table cannot be opened or read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SourceError {
    /// The system does not give the file.
    #[error("{file} cannot be read: {reason}")]
    Unreadable {
        /// The file as shown.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// A folder without a table.
    #[error("{folder} holds no Parquet, Arrow or CSV file")]
    NoFiles {
        /// The folder as shown.
        folder: String,
    },
    /// No extension of a table.
    #[error("{file} is no Parquet, Arrow or CSV file")]
    UnknownFormat {
        /// The file as shown.
        file: String,
    },
    /// Two formats in one folder.
    #[error("{first} is {first_format:?}, {second} is {second_format:?}")]
    FormatsDiffer {
        /// A file.
        first: String,
        /// Its format.
        first_format: Format,
        /// A file of another format.
        second: String,
        /// That format.
        second_format: Format,
    },
    /// Two files lie in folders `name=value` of different names.
    #[error("{first} and {second} lie in partitions of different names")]
    PartitionsDiffer {
        /// A file.
        first: String,
        /// The names of its folders.
        first_names: Vec<String>,
        /// Another file.
        second: String,
        /// The names of that one's folders.
        second_names: Vec<String>,
    },
    /// A partition column that the files have as well.
    #[error("column {column} stands in {file} and is a partition too")]
    PartitionInFile {
        /// A file.
        file: String,
        /// The column.
        column: String,
    },
    /// Bytes that are not what the format says.
    #[error("{file} is no whole {} file: {reason}", format.name())]
    Damaged {
        /// The file as shown.
        file: String,
        /// The format it should have.
        format: Format,
        /// What the reader said.
        reason: String,
    },
    /// A compression that is not built in.
    #[error("column {column} of {file} is compressed with {codec}")]
    Compression {
        /// The file as shown.
        file: String,
        /// The column.
        column: String,
        /// The compression.
        codec: String,
    },
    /// Two files of one table with different columns.
    #[error("{second} has other columns than {first}")]
    ColumnsDiffer {
        /// The file that says what the columns are.
        first: String,
        /// The other.
        second: String,
        /// Columns that the other lacks.
        lacking: Vec<String>,
        /// Columns that only the other has.
        further: Vec<String>,
    },
    /// One column with two types.
    #[error("column {column} is {first_type} in {first} and {second_type} in {second}")]
    TypesDiffer {
        /// The column.
        column: String,
        /// A file.
        first: String,
        /// Its type there.
        first_type: String,
        /// Another file.
        second: String,
        /// Its type there.
        second_type: String,
    },
    /// One column with two units.
    #[error("column {column} is in {first_unit} in {first} and in {second_unit} in {second}")]
    UnitsDiffer {
        /// The column.
        column: String,
        /// A file.
        first: String,
        /// Its unit there.
        first_unit: String,
        /// Another file.
        second: String,
        /// Its unit there.
        second_unit: String,
    },
    /// A type that no cell of the language has.
    #[error("column {column} of {file} has the type {found}")]
    ColumnType {
        /// The file as shown.
        file: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// Times with a zone: the document counts in its own local time.
    #[error("column {column} of {file} holds times of the zone {zone}")]
    TimeZone {
        /// The file as shown.
        file: String,
        /// The column.
        column: String,
        /// The zone.
        zone: String,
    },
    /// A name that stands twice.
    #[error("column {column} stands twice in {file}")]
    DuplicateColumn {
        /// The file as shown.
        file: String,
        /// The column.
        column: String,
    },
    /// A text that is not UTF-8.
    #[error("{file} is not UTF-8")]
    NotUtf8 {
        /// The file as shown.
        file: String,
    },
    /// A file that was changed after it was opened.
    #[error("{file} changed while it was read")]
    Changed {
        /// The file as shown.
        file: String,
    },
    /// A condition that a column of this type cannot be asked.
    #[error("column {column} of {table} cannot be asked so: it is {found}")]
    Predicate {
        /// The table as shown.
        table: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// The engine itself failed: no memory, no room to spill.
    #[error("{reason}")]
    Engine {
        /// What it said.
        reason: String,
    },
    /// A finding of its own, such as one about the log of a Delta table.
    #[error("{}", .0.message.en)]
    Found(Box<Diagnostic>),
}

impl SourceError {
    /// The finding: what is wrong, where, and the likely mend.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Unreadable { .. }
            | Self::NoFiles { .. }
            | Self::UnknownFormat { .. }
            | Self::Damaged { .. }
            | Self::Compression { .. }
            | Self::NotUtf8 { .. }
            | Self::Engine { .. }
            | Self::Changed { .. } => self.of_file(),
            Self::ColumnType { .. }
            | Self::TimeZone { .. }
            | Self::DuplicateColumn { .. }
            | Self::Predicate { .. } => self.of_column(),
            Self::Found(finding) => finding.as_ref().clone(),
            _ => self.of_parts(),
        }
    }

    /// One file as a whole.
    fn of_file(&self) -> Diagnostic {
        match self {
            Self::Unreadable { file, reason } => Diagnostic::error(
                "table-unreadable",
                format!("读不了文件：{reason}"),
                format!("the file cannot be read: {reason}"),
            )
            .at(whole(file), "", ""),
            Self::NoFiles { folder } => Diagnostic::error(
                "data-empty-folder",
                "目录里没有能读的表",
                "the folder holds no table that can be read",
            )
            .at(whole(folder), "", ""),
            Self::Damaged { file, format, reason } => damaged(file, *format, reason),
            Self::Compression { file, column, codec } => Diagnostic::error(
                "table-compression",
                format!("列「{column}」用 {codec} 压缩，这里读不了"),
                format!("column `{column}` is compressed with {codec}, which cannot be read here"),
            )
            .at(whole(file), "", "")
            .hint(
                "改用 snappy、zstd、lz4 或不压缩重新写出",
                "write the file again with snappy, zstd, lz4 or no compression",
            ),
            Self::Engine { reason } => Diagnostic::error(
                "table-unreadable",
                format!("计算没有完成：{reason}"),
                format!("the computation did not finish: {reason}"),
            )
            .hint(
                "给更多内存（--memory）或腾出磁盘空间后重新运行",
                "run again with more memory (--memory) or more room on the disk",
            ),
            Self::NotUtf8 { file } => Diagnostic::error(
                "table-encoding",
                "分块的 CSV 须为 UTF-8 编码",
                "part files of CSV must be UTF-8",
            )
            .at(whole(file), "", "")
            .hint("另存为 UTF-8 的 CSV", "save it as UTF-8 CSV"),
            Self::Changed { file } => Diagnostic::error(
                "table-unreadable",
                "文件在读取期间被改动，结果不可信",
                "the file changed while it was read, so no result can be trusted",
            )
            .at(whole(file), "", "")
            .hint(
                "等写入结束后重新运行；持续写入的数据请用 Delta 表",
                "run again when nothing writes to it; keep data that grows in a Delta table",
            ),
            other => Diagnostic::error(
                "table-unknown-format",
                "不认识的表格格式",
                "unknown table format",
            )
            .at(whole(other.file()), "", "")
            .hint("另存为 .parquet 或 UTF-8 的 .csv", "save it as .parquet or as UTF-8 .csv"),
        }
    }

    /// One column of one file.
    fn of_column(&self) -> Diagnostic {
        match self {
            Self::TimeZone { file, column, zone } => Diagnostic::error(
                "table-time-zone",
                format!("列「{column}」的时间带时区 {zone}，而文档按本地时间计"),
                format!(
                    "column `{column}` holds times of the zone {zone}, \
                     but documents count in local time"
                ),
            )
            .at(whole(file), "", "")
            .hint(
                "写成不带时区的本地时间（pandas：dt.tz_convert(\"Asia/Shanghai\").dt.tz_localize(None)）",
                "write local times without a zone \
                 (pandas: dt.tz_convert(\"Asia/Shanghai\").dt.tz_localize(None))",
            ),
            Self::ColumnType { file, column, found }
            | Self::Predicate { table: file, column, found } => Diagnostic::error(
                "table-column-type",
                format!("列「{column}」的类型 {found} 不能作单元格"),
                format!("column `{column}` has the type {found}, which no cell can have"),
            )
            .at(whole(file), "", "")
            .note(
                "能读的类型：文本、整数、浮点数、定点小数、真假值、日期、不带时区的时间",
                "types that can be read: text, whole and floating numbers, decimals, \
                 truth values, dates, times without a zone",
            )
            .hint(
                "写出时换成这些类型之一，或不写这一列",
                "write it as one of these types, or leave the column out",
            ),
            other => {
                let column = match other {
                    Self::DuplicateColumn { column, .. } => column.as_str(),
                    _ => "",
                };
                Diagnostic::error(
                    "table-duplicate-column",
                    format!("列「{column}」出现两次"),
                    format!("column `{column}` stands twice"),
                )
                .at(whole(other.file()), "", "")
                .hint("给每一列不同的名称", "give each column a name of its own")
            }
        }
    }

    /// Two files of one table that do not go together.
    fn of_parts(&self) -> Diagnostic {
        match self {
            Self::ColumnsDiffer { first, second, lacking, further } => {
                let mut finding = parts_differ(
                    "同一张表的两个文件列名不同",
                    "two files of one table have different columns",
                )
                .at(whole(second), "", "")
                .see(whole(first), "", "");
                if !lacking.is_empty() {
                    let list = lacking.join(", ");
                    finding = finding.note(format!("缺少：{list}"), format!("it lacks: {list}"));
                }
                if !further.is_empty() {
                    let list = further.join(", ");
                    finding = finding.note(format!("多出：{list}"), format!("only it has: {list}"));
                }
                finding
            }
            Self::TypesDiffer { column, first, first_type, second, second_type } => parts_differ(
                format!("列「{column}」在两个文件里类型不同：{first_type} 与 {second_type}"),
                format!(
                    "column `{column}` has two types in two files: {first_type} and {second_type}"
                ),
            )
            .at(whole(second), second_type, second_type)
            .see(whole(first), first_type, first_type),
            Self::UnitsDiffer { column, first, first_unit, second, second_unit } => parts_differ(
                format!("列「{column}」在两个文件里单位不同：{first_unit} 与 {second_unit}"),
                format!(
                    "column `{column}` has two units in two files: {first_unit} and {second_unit}"
                ),
            )
            .at(whole(second), second_unit, second_unit)
            .see(whole(first), first_unit, first_unit),
            Self::FormatsDiffer { first, first_format, second, second_format } => {
                let (first_format, second_format) = (first_format.name(), second_format.name());
                parts_differ(
                    "一个目录里有两种格式的分块文件",
                    "a folder of part files has two formats",
                )
                .at(whole(second), second_format, second_format)
                .see(whole(first), first_format, first_format)
            }
            Self::PartitionsDiffer { first, first_names, second, second_names } => {
                let list = |names: &[String]| match names {
                    [] => "—".to_owned(),
                    names => names.join(", "),
                };
                let (first_names, second_names) = (list(first_names), list(second_names));
                parts_differ(
                    "两个文件所在的分区目录（名=值）不同名",
                    "two files lie in partition folders (name=value) of different names",
                )
                .at(whole(second), second_names.as_str(), second_names.as_str())
                .see(whole(first), first_names.as_str(), first_names.as_str())
            }
            other => {
                let column = match other {
                    Self::PartitionInFile { column, .. } => column.as_str(),
                    _ => "",
                };
                parts_differ(
                    format!("列「{column}」既在文件里，又是分区目录"),
                    format!("column `{column}` stands in the files and is a partition folder too"),
                )
                .at(whole(other.file()), "", "")
            }
        }
    }

    /// The file it is about.
    fn file(&self) -> &str {
        match self {
            Self::Unreadable { file, .. }
            | Self::UnknownFormat { file }
            | Self::Damaged { file, .. }
            | Self::Compression { file, .. }
            | Self::ColumnType { file, .. }
            | Self::TimeZone { file, .. }
            | Self::DuplicateColumn { file, .. }
            | Self::PartitionInFile { file, .. }
            | Self::NotUtf8 { file }
            | Self::Changed { file } => file,
            Self::NoFiles { folder } => folder,
            Self::Predicate { table, .. } => table,
            Self::FormatsDiffer { second, .. }
            | Self::PartitionsDiffer { second, .. }
            | Self::ColumnsDiffer { second, .. }
            | Self::TypesDiffer { second, .. }
            | Self::UnitsDiffer { second, .. } => second,
            Self::Found(_) | Self::Engine { .. } => "",
        }
    }
}

fn damaged(file: &str, format: Format, reason: &str) -> Diagnostic {
    let name = format.name();
    Diagnostic::error(
        "table-unreadable",
        format!("{name} 文件已损坏或不完整"),
        format!("the {name} file is damaged or incomplete"),
    )
    .at(whole(file), "", "")
    .note(format!("读取库报告：{reason}"), format!("the reader says: {reason}"))
    .hint("重新下载或重新写出这个文件", "download or write the file again")
}

fn parts_differ(zh: impl Into<String>, en: impl Into<String>) -> Diagnostic {
    Diagnostic::error("data-parts-differ", zh, en).hint(
        "一个目录是一张表：列名、类型、单位须一致；不同的表放到不同目录",
        "a folder is one table: make names, types and units equal; \
         put different tables into different folders",
    )
}

fn whole(file: &str) -> Place {
    Place::File(file.to_owned())
}
