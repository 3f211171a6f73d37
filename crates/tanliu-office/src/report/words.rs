//! 用语 The words that a report says by itself.

use super::{Column, Facts};
use tanliu_diagnostic::Lang;

/// One of two texts.
pub(super) fn say(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// The tag of a language.
pub(super) fn tag(lang: Lang) -> &'static str {
    say(lang, "zh-CN", "en")
}

/// `表 3　题` and its like.
pub(super) fn numbered(word: &str, number: usize, caption: &str) -> String {
    if caption.is_empty() {
        return format!("{word} {number}");
    }
    format!("{word} {number}\u{3000}{caption}")
}

/// 表 The word before a table's number.
pub(super) fn table_word(lang: Lang) -> &'static str {
    say(lang, "表", "Table")
}

/// 图 The word before a chart's number.
pub(super) fn chart_word(lang: Lang) -> &'static str {
    say(lang, "图", "Figure")
}

/// 续表 The word before the number of a table that goes on.
pub(super) fn continued_word(lang: Lang) -> &'static str {
    say(lang, "续表", "Table (continued)")
}

/// 注 A note as it is printed.
pub(super) fn note(lang: Lang, text: &str) -> String {
    format!("{}{text}", say(lang, "注：", "Note: "))
}

/// The facts that are there, with their names.
pub(super) fn facts(lang: Lang, facts: &Facts) -> Vec<(&'static str, &str)> {
    [
        (say(lang, "计算运行", "Run"), facts.run.as_str()),
        (say(lang, "方法文档", "Method document"), facts.document.as_str()),
        (say(lang, "摘要", "Digest"), facts.digest.as_str()),
        (say(lang, "报告日期", "Date"), facts.date.as_str()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// The head of a column with its unit.
pub(super) fn head(lang: Lang, column: &Column) -> String {
    if column.unit.is_empty() {
        return column.head.clone();
    }
    match lang {
        Lang::Zh => format!("{}（{}）", column.head, column.unit),
        Lang::En => format!("{} ({})", column.head, column.unit),
    }
}
