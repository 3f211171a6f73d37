//! 表的诊断 Findings about the table itself: its log, its files, its versions.

use super::DeltaError;
use tanliu_diagnostic::{Diagnostic, Place};

/// The finding, if the error is about the table.
pub(super) fn diagnostic(error: &DeltaError) -> Option<Diagnostic> {
    log(error).or_else(|| versions(error)).or_else(|| writing(error))
}

fn inside(table: &str, file: &str) -> Place {
    Place::File(format!("{}/{file}", table.trim_end_matches('/')))
}

fn log(error: &DeltaError) -> Option<Diagnostic> {
    let found = match error {
        DeltaError::NotATable { table } => Diagnostic::error(
            "delta-not-a-table",
            "这里没有 Delta 表",
            "there is no Delta table here",
        )
        .at(Place::File(table.clone()), "没有 _delta_log/*.json", "holds no _delta_log/*.json")
        .hint(
            "检查路径；新表用 tanliu table create 建立",
            "check the path; tanliu table create makes a new one",
        ),
        DeltaError::LogGap { table, file, last } => {
            let found = Diagnostic::error(
                "delta-log-gap",
                format!("Delta 日志缺了一条：{file}"),
                format!("an entry of the Delta log is missing: {file}"),
            )
            .at(inside(table, file), "没有这个文件", "there is no such file")
            .note(
                "没有它，就不知道表里有哪些行；不能跳过",
                "without it nobody knows which rows the table holds; it cannot be passed over",
            );
            let found = match last {
                Some(last) => found.note(
                    format!("缺口之前的版本仍可读取：--as-of {last} 及更早"),
                    format!(
                        "versions before the gap can still be read: --as-of {last} and earlier"
                    ),
                ),
                None => found,
            };
            found.hint("从备份恢复这个文件", "restore the file from a backup")
        }
        DeltaError::LogCorrupt { table, file, line, why } => Diagnostic::error(
            "delta-log-corrupt",
            format!("Delta 日志 {file} 第 {line} 行已损坏"),
            format!("line {line} of {file} of the Delta log is damaged"),
        )
        .at(inside(table, file), "", "")
        .note(format!("读取时的说法：{why}"), format!("the reader says: {why}"))
        .hint("从备份恢复这个文件", "restore the file from a backup"),
        DeltaError::DataFile { table, file, expected, found } => {
            let size = |bytes: u64| (format!("{bytes} 字节"), format!("{bytes} bytes"));
            let (zh, en) = found.map_or_else(
                || ("没有这个文件".to_owned(), "there is no such file".to_owned()),
                size,
            );
            let (wanted_zh, wanted_en) = size(*expected);
            Diagnostic::error(
                "delta-data-file",
                "Delta 表的数据文件缺失或被改动",
                "a data file of the Delta table is missing or was changed",
            )
            .at(inside(table, file), zh, en)
            .note(
                format!("日志记载的大小：{wanted_zh}"),
                format!("the size in the log: {wanted_en}"),
            )
            .hint(
                "从备份恢复这个文件；不要手工增删表目录里的文件",
                "restore the file from a backup; never add or remove files of a table by hand",
            )
        }
        _ => return None,
    };
    Some(found)
}

fn versions(error: &DeltaError) -> Option<Diagnostic> {
    let found = match error {
        DeltaError::NoVersion { table, wanted, first, last } => Diagnostic::error(
            "delta-no-version",
            format!("表里没有 {wanted} 时的版本"),
            format!("the table has no version for {wanted}"),
        )
        .at(Place::File(table.clone()), "", "")
        .note(
            format!("最早：版本 {}（{}）；最新：版本 {}（{}）", first.0, first.1, last.0, last.1),
            format!(
                "earliest: version {} ({}); latest: version {} ({})",
                first.0, first.1, last.0, last.1
            ),
        )
        .hint(
            "用 tanliu table history 查看全部版本；整数是版本号，日期写作 2024-12-31",
            "tanliu table history lists the versions; a whole number is a version, a date is \
             written 2024-12-31",
        ),
        DeltaError::Time { text } => Diagnostic::error(
            "delta-time",
            format!("「{text}」既不是版本号，也不是时间"),
            format!("`{text}` is neither a version nor a time"),
        )
        .hint(
            "例：12、2024-12-31、\"2024-12-31 18:00\"、2024-12-31T18:00:00+08:00",
            "for example 12, 2024-12-31, \"2024-12-31 18:00\", 2024-12-31T18:00:00+08:00",
        ),
        DeltaError::Unsupported { table, zh, en } => Diagnostic::error(
            "delta-unsupported",
            format!("这张 Delta 表用了尚不支持的功能：{zh}"),
            format!("this Delta table uses what is not supported: {en}"),
        )
        .at(Place::File(table.clone()), "", "")
        .hint(
            "用写出它的工具改写成没有这项功能的表，或导出 Parquet",
            "rewrite it without that in the tool that made it, or export Parquet",
        ),
        DeltaError::Failed { table, message } => Diagnostic::error(
            "delta-failed",
            "Delta 表打不开或写不了",
            "the Delta table can be neither opened nor written",
        )
        .at(Place::File(table.clone()), "", "")
        .note(format!("库的说法：{message}"), format!("the library says: {message}"))
        .hint(
            "检查文件是否完整、有无权限",
            "check that its files are whole and may be read and written",
        ),
        _ => return None,
    };
    Some(found)
}

fn writing(error: &DeltaError) -> Option<Diagnostic> {
    let found = match error {
        DeltaError::Exists { table } => {
            Diagnostic::error("delta-exists", "表已经存在", "the table exists already")
                .at(Place::File(table.clone()), "", "")
                .hint(
                    "追加用 tanliu table append，更正用 tanliu table merge",
                    "add rows with tanliu table append, restate them with tanliu table merge",
                )
        }
        DeltaError::Conflict { table, attempts } => Diagnostic::error(
            "delta-conflict",
            "别人同时在写这张表，本次没有写入",
            "somebody else is writing this table; nothing was written",
        )
        .at(Place::File(table.clone()), "", "")
        .note(
            format!("已在最新版本上重做 {attempts} 次"),
            format!("it was redone on the latest version {attempts} times"),
        )
        .hint("等对方写完再试", "try again when the other has finished"),
        DeltaError::Write { path, why } => {
            Diagnostic::error("write-failed", "写不了，没有写入任何行", "nothing could be written")
                .at(Place::File(path.clone()), "", "")
                .note(format!("系统的说法：{why}"), format!("the system says: {why}"))
                .hint(
                    "检查磁盘空间与目录权限；表仍是上一个版本",
                    "check the space on the disk and the permissions; a table stays at its last \
                     version",
                )
        }
        DeltaError::Keys { table, keys, column, partition } => keys_diagnostic(
            Diagnostic::error(
                "delta-keys",
                format!("键 {} 不适合这张表", keys.join("、")),
                format!("the key {} does not fit this table", keys.join(", ")),
            )
            .at(Place::File(table.clone()), "", ""),
            column,
            *partition,
        ),
        DeltaError::Partition { text } => Diagnostic::error(
            "delta-partition",
            format!("不能按「{text}」分区"),
            format!("`{text}` is no partition of this table"),
        )
        .hint(
            "写一个列名，或 year(列)、quarter(列)、month(列)、day(列)，列须是时间",
            "write a column, or year(column), quarter(column), month(column), day(column) of a \
             column of times",
        ),
        _ => return None,
    };
    Some(found)
}

fn keys_diagnostic(found: Diagnostic, column: &str, partition: bool) -> Diagnostic {
    if partition {
        found
            .note(
                format!("表按 {column} 分区，键不能确定一行在哪个分区"),
                format!("the table is partitioned by {column}, which the key does not tell"),
            )
            .hint("把它加进 --key", "add it to --key")
    } else if column.is_empty() {
        found.hint(
            "用 --key 列出键列：--key plant,instant",
            "name the key columns: --key plant,instant",
        )
    } else {
        found
            .note(format!("表里没有列 {column}"), format!("the table has no column {column}"))
            .hint("用 tanliu table show 查看列名", "tanliu table show lists the columns")
    }
}
