//! 说明 The words for what was chosen, what was passed over, and why there is nothing.

use crate::FactorSet;
use crate::lookup::{Refusal, Series};
use crate::row::Row;
use tanliu_diagnostic::Text;
use tanliu_unit::time::TimeKey;

/// How many rows or keys a message lists before it only counts them.
const LISTED: usize = 12;

/// 未取的原因 Why a row was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passed {
    NoLongerValid,
    NotYetValid,
    Older,
    NotBefore,
    PublishedEarlier,
    NotYetPublished,
}

impl Passed {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NoLongerValid => ("有效期已过", "no longer valid"),
            Self::NotYetValid => ("尚未生效", "not yet valid"),
            Self::Older => ("不是最近", "older"),
            Self::NotBefore => ("不在该日之前", "does not begin before the day"),
            Self::PublishedEarlier => ("公布更早", "published earlier or of an older period"),
            Self::NotYetPublished => ("当时尚未公布", "not yet published"),
        }
    }
}

/// What was chosen by which rule, and what was passed over.
pub(crate) fn choice(
    series: &Series<'_>,
    chosen: &[(usize, &Row)],
    passed: &dyn Fn(&Row) -> Passed,
) -> Text {
    let taken_zh: Vec<String> = chosen.iter().map(|(_, row)| row_words(row).zh).collect();
    let taken_en: Vec<String> = chosen.iter().map(|(_, row)| row_words(row).en).collect();
    let head = format!("{}, as of {}", series.subject(), series.rule);
    let mut zh = format!("{head}：取 {}", taken_zh.join("；"));
    let mut en = format!("{head}: takes {}", taken_en.join("; "));
    if chosen.len() > 1 {
        zh.push_str("，简单平均");
        en.push_str(", their plain mean");
    }
    let others: Vec<&Row> = series
        .rows
        .iter()
        .filter(|(position, _)| !chosen.iter().any(|(taken, _)| taken == position))
        .map(|(_, row)| *row)
        .collect();
    for (number, row) in others.iter().take(LISTED).enumerate() {
        let (why_zh, why_en) = passed(row).words();
        let lead = if number == 0 { ("。未取：", "; passes over ") } else { ("；", "; ") };
        let period = row.validity.words();
        zh.push_str(&format!("{}{period}（第 {} 行，{why_zh}）", lead.0, row.line));
        en.push_str(&format!("{}{period} (line {}, {why_en})", lead.1, row.line));
    }
    if others.len() > LISTED {
        let rest = others.len() - LISTED;
        zh.push_str(&format!("；另 {rest} 行"));
        en.push_str(&format!("; and {rest} more"));
    }
    Text::new(zh, en)
}

/// A row: its period, line, value, publication.
fn row_words(row: &Row) -> Text {
    let figure = format!("{} {}", row.printed, row.unit);
    let period = row.validity.words();
    let (mut zh, mut en) = (
        format!("{period} 的 {figure}（第 {} 行", row.line),
        format!("{figure} of {period} (line {}", row.line),
    );
    if let Some(published) = row.published {
        zh.push_str(&format!("，{published} 公布"));
        en.push_str(&format!(", published {published}"));
    }
    zh.push('）');
    en.push(')');
    Text::new(zh, en)
}

/// The periods of a key.
fn periods(series: &Series<'_>) -> Text {
    let key = series.subject();
    let list: Vec<String> =
        series.rows.iter().take(LISTED).map(|(_, row)| row.validity.words()).collect();
    let (more_zh, more_en) = more(series.rows.len());
    Text::new(
        format!("{key} 的有效期：{}{more_zh}", list.join("、")),
        format!("{key} is valid for: {}{more_en}", list.join(", ")),
    )
}

fn more(count: usize) -> (String, String) {
    match count.checked_sub(LISTED).filter(|rest| *rest > 0) {
        Some(rest) => (format!(" 等，另 {rest} 个"), format!(" and {rest} more")),
        None => (String::new(), String::new()),
    }
}

/// The keys of a column: `grid: beijing 北京, …`; all of them, they are the answer.
pub(crate) fn members(column: &str, members: &[(&str, Option<&str>)]) -> Text {
    let words: Vec<String> = members
        .iter()
        .map(|(code, label)| match label {
            Some(label) => format!("{code} {label}"),
            None => (*code).to_owned(),
        })
        .collect();
    Text::new(
        format!("{column} 有：{}", words.join("、")),
        format!("{column} is one of: {}", words.join(", ")),
    )
}

pub(crate) fn wrong_columns(set: &FactorSet, asked: &[&str]) -> Refusal {
    let keys: Vec<&str> = set.header.keys.iter().map(|key| key.column.as_str()).collect();
    let (asked_zh, asked_en) = list_or_none(asked);
    let (keys_zh, keys_en) = list_or_none(&keys);
    Refusal::new(
        "factor-key-columns",
        format!("{} 的键：{keys_zh}；因子给出的键：{asked_zh}", set.id),
        format!("the keys of {}: {keys_en}; the factor gives: {asked_en}", set.id),
    )
    .hint(
        "因子声明的索引（时间除外）须与集的键列一一对应；名称不同的写明：`from \"…\" where 键列 = 索引`",
        "the indexes of the factor, time aside, must be the key columns of the set; where their \
         names differ write `from \"…\" where COLUMN = INDEX`",
    )
}

fn list_or_none(words: &[&str]) -> (String, String) {
    if words.is_empty() {
        return ("无".to_owned(), "none".to_owned());
    }
    (words.join("、"), words.join(", "))
}

pub(crate) fn no_such_combination(set: &FactorSet, keys: &[String]) -> Refusal {
    let key = set.key_words(keys);
    let mut refusal = Refusal::new(
        "factor-key-unknown",
        format!("{} 里没有 {key} 这一组键", set.id),
        format!("{} has no row for {key}", set.id),
    );
    for column in &set.header.keys {
        refusal = refusal.seen(members(&column.column, &set.members(&column.column)));
    }
    refusal
}

fn outside(series: &Series<'_>, zh: &str, en: &str) -> Refusal {
    let subject = series.subject();
    Refusal::new("factor-date-outside", format!("{subject} {zh}"), format!("{subject} {en}"))
        .seen(periods(series))
}

pub(crate) fn no_row_holds(series: &Series<'_>, day: TimeKey) -> Refusal {
    let (zh, en) = (format!("在 {day} 没有有效的因子"), format!("has no factor valid on {day}"));
    outside(series, &zh, &en).hint(
        "补上那一期已公布的因子，或由方法学另定取用规则；不会拿邻近年份代替",
        "add the published factor of that period, or let the methodology state another as-of rule; a neighbour's value is never taken",
    )
}

pub(crate) fn nothing_before(series: &Series<'_>, day: TimeKey) -> Refusal {
    let en = format!("has no factor whose validity begins before {day}");
    outside(series, &format!("没有在 {day} 之前起效的因子"), &en)
}

pub(crate) fn nothing_published(series: &Series<'_>, day: TimeKey) -> Refusal {
    let en = format!("has no factor published before {day}");
    let dates: Vec<String> = series
        .rows
        .iter()
        .take(LISTED)
        .filter_map(|(_, row)| Some(format!("{} ({})", row.published?, row.validity.words())))
        .collect();
    outside(series, &format!("没有在 {day} 之前公布的因子"), &en).seen(Text::new(
        format!("公布日期：{}", dates.join("、")),
        format!("published: {}", dates.join(", ")),
    ))
}

pub(crate) fn publication_unknown(series: &Series<'_>, row: &Row) -> Refusal {
    let (id, line) = (&series.set.id, row.line);
    let period = row.validity.words();
    Refusal::new(
        "factor-publication-unknown",
        format!("{id} 第 {line} 行（{period}）没有公布日期，不能按公布先后取用"),
        format!("line {line} of {id} ({period}) has no date of publication to choose by"),
    )
    .hint("补 published 列，或用 latest before", "fill `published`, or use `latest before`")
}

pub(crate) fn publication_coarse(series: &Series<'_>, row: &Row, day: TimeKey) -> Refusal {
    let (id, line) = (&series.set.id, row.line);
    let published = row.published.map_or_else(String::new, |at| at.to_string());
    Refusal::new(
        "factor-publication-unknown",
        format!("{id} 第 {line} 行只知 {published} 公布，说不清是否在 {day} 之前"),
        format!("line {line} of {id} was published in {published}: before {day} or not is unclear"),
    )
    .hint("把 published 写到日", "give the day of publication")
}

pub(crate) fn too_few(series: &Series<'_>, wanted: usize, found: usize) -> Refusal {
    let subject = series.subject();
    Refusal::new(
        "factor-vintages-few",
        format!("{subject} 要取最近 {wanted} 期的平均，只有 {found} 期可取"),
        format!("{subject} needs the last {wanted} rows for the mean, {found} are eligible"),
    )
    .seen(periods(series))
}

pub(crate) fn mean_not_finite(series: &Series<'_>) -> Refusal {
    let subject = series.subject();
    Refusal::new(
        "factor-number",
        format!("{subject} 的平均超出了数的范围"),
        format!("the mean of {subject} is out of range"),
    )
}
