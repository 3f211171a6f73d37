//! 来数的诊断 Findings about rows on their way into a table: files, columns, cells, keys.

use super::{DeltaError, Expected, Origin, cell};
use tanliu_diagnostic::{Diagnostic, Place};

/// The finding, if the error is about incoming rows.
pub(super) fn diagnostic(error: &DeltaError) -> Option<Diagnostic> {
    columns(error).or_else(|| rows(error))
}

fn file(origin: &Origin) -> Place {
    Place::File(origin.0.clone())
}

fn columns(error: &DeltaError) -> Option<Diagnostic> {
    let found = match error {
        DeltaError::Input { origin, why } => {
            Diagnostic::error("delta-input", "这个文件读不了", "this file cannot be read")
                .at(file(origin), "", "")
                .note(format!("原因：{why}"), format!("because: {why}"))
                .hint(
                    "给出带表头的 UTF-8 CSV，或 Parquet",
                    "give a CSV file in UTF-8 with a header, or a Parquet file",
                )
        }
        DeltaError::ColumnName { origin, name, double } => {
            let (zh, en) = if *double {
                (format!("列名「{name}」出现两次"), format!("the column `{name}` is there twice"))
            } else {
                (
                    format!("「{name}」不能作列名"),
                    format!("`{name}` cannot be the name of a column"),
                )
            };
            Diagnostic::error("delta-column-name", zh, en).at(file(origin), "", "").hint(
                "列名用字母、汉字、数字和下划线，不含空格和括号；单位写在末尾的括号里：power (kWh)",
                "names are made of letters, digits and _, without blanks or brackets; the unit \
                 stands in brackets at the end: power (kWh)",
            )
        }
        DeltaError::ColumnType { origin, column, found } => Diagnostic::error(
            "delta-column-type",
            format!("列 {column} 的类型 {found} 不能用"),
            format!("column {column} is of a type that cannot be used: {found}"),
        )
        .at(file(origin), "", "")
        .hint(
            "可用文字、整数、浮点数、布尔、日期和不带时区的时间",
            "use texts, integers, floating point numbers, booleans, dates, and times without a \
             time zone",
        ),
        DeltaError::Columns { origin, missing, extra } => differing(origin, missing, extra),
        DeltaError::Unit { origin, column, found, expected } => {
            let word = |unit: &str, none: &str| {
                if unit.is_empty() { none.to_owned() } else { unit.to_owned() }
            };
            Diagnostic::error(
                "delta-unit",
                format!(
                    "列 {column} 的单位是 {}，表里是 {}",
                    word(found, "（无）"),
                    word(expected, "（无）")
                ),
                format!(
                    "column {column} is in {}, the table's in {}",
                    word(found, "no unit"),
                    word(expected, "no unit")
                ),
            )
            .at(file(origin), "", "")
            .hint(
                "先换算成表的单位并改表头；读数按原样保存，不自动换算",
                "convert it to the table's unit and change the header; readings are kept as they \
                 come, never converted",
            )
        }
        _ => return None,
    };
    Some(found)
}

/// Columns too few and too many.
fn differing(origin: &Origin, missing: &[String], extra: &[String]) -> Diagnostic {
    let mut found = Diagnostic::error(
        "delta-columns",
        "文件的列与表不同",
        "the columns of the file are not those of the table",
    )
    .at(file(origin), "", "");
    if !missing.is_empty() {
        found = found.note(
            format!("文件里缺：{}", missing.join("、")),
            format!("missing in the file: {}", missing.join(", ")),
        );
    }
    if !extra.is_empty() {
        found = found.note(
            format!("表里没有：{}", extra.join("、")),
            format!("not in the table: {}", extra.join(", ")),
        );
    }
    found.hint("用 tanliu table show 查看表的列", "tanliu table show lists the table's columns")
}

fn rows(error: &DeltaError) -> Option<Diagnostic> {
    let found = match error {
        DeltaError::Cell { origin, row, column, text, expected } => {
            let (zh, en) = words(*expected);
            let what = if text.is_empty() {
                (
                    format!("列 {column} 是空的，应是{zh}"),
                    format!("column {column} is empty, not {en}"),
                )
            } else {
                (
                    format!("列 {column} 的「{text}」不是{zh}"),
                    format!("`{text}` in column {column} is not {en}"),
                )
            };
            Diagnostic::error("delta-cell", what.0, what.1)
                .at(cell(origin, *row, 0, text), "", "")
                .hint(
                    "改正这一格；整个文件都没有写入",
                    "mend the cell; nothing of the file was written",
                )
        }
        DeltaError::KeyTwice { key, places, in_table } => {
            let mut found = Diagnostic::error(
                "delta-key-twice",
                format!("同一个键出现两次：{key}"),
                format!("the same key twice: {key}"),
            );
            for (origin, row) in places {
                let place = if *row == 0 { file(origin) } else { cell(origin, *row, 0, key) };
                found = found.at(place, "", "");
            }
            if *in_table {
                found.hint(
                    "表里本来就有重复的行：--key 可能少写了列；否则用 tanliu table replace 重写这个分区",
                    "the table itself holds the row twice: --key may lack a column; else rewrite \
                     the partition with tanliu table replace",
                )
            } else {
                found.hint(
                    "更正里每个键只留一行：不知道哪一行才对",
                    "keep one row of each key: nobody can tell which of them is meant",
                )
            }
        }
        DeltaError::KeyUnknown { key, origin, row, more } => {
            let found = Diagnostic::error(
                "delta-key-unknown",
                format!("表里没有要更正的行：{key}"),
                format!("the table has no such row to restate: {key}"),
            )
            .at(cell(origin, *row, 0, key), "", "");
            let found = match more {
                0 => found,
                more => found.note(
                    format!("另有 {more} 行也没有"),
                    format!("{more} more rows are not there either"),
                ),
            };
            found.hint(
                "核对键；若是补报的新行，去掉 --known-only",
                "check the key; leave --known-only out if these are new rows",
            )
        }
        _ => return None,
    };
    Some(found)
}

fn words(expected: Expected) -> (&'static str, &'static str) {
    match expected {
        Expected::Number => ("有限的数", "a finite number"),
        Expected::Integer => ("整数", "a whole number"),
        Expected::Bool => ("true 或 false", "true or false"),
        Expected::Date => ("日期（2024-01-31）", "a date (2024-01-31)"),
        Expected::Instant => ("时刻（2024-01-31 13:15）", "a date and time (2024-01-31 13:15)"),
        Expected::Key => ("键", "a key"),
    }
}
