//! 表头 The TOML header of a set: what the figures are, who issued them, how far they are to be trusted.

use serde::Deserialize;
use std::fmt;
use tanliu_diagnostic::{Diagnostic, Diagnostics, Lang, Place, Span, Text};
use tanliu_unit::time::TimeKey;
use tanliu_unit::{Unit, UnitTable};
use toml::Spanned;

/// 可信程度 How far a figure is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// 已核对 Read in the issuer's own text.
    Verified,
    /// 转引 From a copy, the press or someone's code.
    Secondary,
    /// 凭记忆 From memory; its use is reported.
    Memory,
    /// 示例 Made up to illustrate; its use is reported.
    Illustration,
}

impl Standing {
    /// `verified`, `secondary`, `memory` or `illustration`.
    pub fn parse(word: &str) -> Option<Standing> {
        match word {
            "verified" => Some(Self::Verified),
            "secondary" => Some(Self::Secondary),
            "memory" => Some(Self::Memory),
            "illustration" => Some(Self::Illustration),
            _ => None,
        }
    }

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Secondary => "secondary",
            Self::Memory => "memory",
            Self::Illustration => "illustration",
        }
    }

    /// The word for readers.
    pub fn name(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (Lang::En, standing) => standing.word(),
            (Lang::Zh, Self::Verified) => "已核对原文",
            (Lang::Zh, Self::Secondary) => "转引，未见原文",
            (Lang::Zh, Self::Memory) => "凭记忆，未核对",
            (Lang::Zh, Self::Illustration) => "示例数",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// 键列 A key column and the index its keys stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    /// The column's heading; a column `…_label` beside it holds the Chinese labels.
    pub column: String,
    /// The index: the same word unless the header says otherwise.
    pub index: String,
}

/// 表头 What a set's header says.
#[derive(Debug, Clone)]
pub struct Header {
    /// 名称
    pub title: Text,
    /// 缺省单位 Unit of the column `value`, where a row gives none.
    pub unit: Option<Unit>,
    /// 种类 `OM`, `BM`, `combined`, `average`, `residual`, `fossil`, `combustion` …
    pub kind: String,
    /// 发布机构
    pub issuer: String,
    /// 出处 Title of the document, where a row gives none.
    pub source: Option<String>,
    /// 页码或章节 Page or section, where a row gives none.
    pub page: Option<String>,
    /// 公布日期 Where a row gives none.
    pub published: Option<TimeKey>,
    /// 区域划分 The set of regions of its day, e.g. `cn-2016`.
    pub region_set: Option<String>,
    /// 可信程度 Where a row gives none.
    pub standing: Standing,
    /// 何人据何核对 By whom, from what.
    pub standing_note: Option<Text>,
    /// 键列 The key columns, in order.
    pub keys: Vec<KeyColumn>,
    /// 允许缺口的理由 Why gaps between validities are allowed; nothing: they are faults.
    pub gaps: Option<String>,
    /// 说明
    pub note: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHeader {
    title: Words,
    unit: Option<Spanned<String>>,
    kind: String,
    issuer: String,
    source: Option<String>,
    page: Option<Scalar>,
    section: Option<String>,
    published: Option<Spanned<Scalar>>,
    region_set: Option<String>,
    standing: Spanned<String>,
    standing_note: Option<Words>,
    keys: Vec<RawKey>,
    gaps: Option<String>,
    note: Option<Words>,
}

/// One text, or one in each language.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    Both { zh: String, en: String },
    One(String),
}

impl Words {
    fn text(self) -> Text {
        match self {
            Self::Both { zh, en } => Text::new(zh, en),
            Self::One(text) => Text::same(text),
        }
    }
}

/// A page may be written `8`, a date without quotes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Whole(i64),
    Date(toml::value::Datetime),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text.trim()),
            Self::Whole(number) => number.fmt(f),
            Self::Date(date) => date.fmt(f),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawKey {
    Same(String),
    Named { column: String, index: String },
}

/// Reads a header; nothing if it has errors.
pub(crate) fn read_header(
    file: &str,
    text: &str,
    units: &UnitTable,
    findings: &mut Diagnostics,
) -> Option<Header> {
    let raw: RawHeader = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            findings.push(syntax_finding(file, text, &error));
            return None;
        }
    };
    let before = findings.error_count();
    let place = |span: std::ops::Range<usize>| Place::span(file, Span::new(span.start, span.end));
    let unit = raw.unit.as_ref().and_then(|text| match units.parse(text.get_ref()) {
        Ok(unit) => Some(unit),
        Err(error) => {
            findings.push(unit_finding(text.get_ref(), &error).at(place(text.span()), "", ""));
            None
        }
    });
    let published = raw.published.as_ref().and_then(|text| {
        let key = parse_day_or_coarser(&text.get_ref().to_string());
        if key.is_none() {
            let finding = time_finding(&text.get_ref().to_string());
            findings.push(finding.at(place(text.span()), "", ""));
        }
        key
    });
    let standing = Standing::parse(raw.standing.get_ref());
    if standing.is_none() {
        let finding = standing_finding(raw.standing.get_ref());
        findings.push(finding.at(place(raw.standing.span()), "", ""));
    }
    let keys = read_keys(raw.keys, file, findings);
    let header = Header {
        title: raw.title.text(),
        unit,
        kind: raw.kind,
        issuer: raw.issuer,
        source: raw.source.filter(|text| !text.trim().is_empty()),
        page: raw.page.map(|page| page.to_string()).or(raw.section).filter(|page| !page.is_empty()),
        published,
        region_set: raw.region_set,
        standing: standing?,
        standing_note: raw.standing_note.map(Words::text),
        keys,
        gaps: raw.gaps.filter(|reason| !reason.trim().is_empty()),
        note: raw.note.map(Words::text),
    };
    check_words(&header, file, findings);
    (findings.error_count() == before).then_some(header)
}

fn read_keys(raw: Vec<RawKey>, file: &str, findings: &mut Diagnostics) -> Vec<KeyColumn> {
    let mut keys: Vec<KeyColumn> = Vec::new();
    for key in raw {
        let key = match key {
            RawKey::Same(column) => KeyColumn { index: column.clone(), column },
            RawKey::Named { column, index } => KeyColumn { column, index },
        };
        let double = keys.iter().any(|seen| seen.column == key.column || seen.index == key.index);
        if double || key.column.trim().is_empty() || key.index.trim().is_empty() {
            findings.push(
                Diagnostic::error(
                    "factor-header",
                    format!("表头的 keys 里「{}」重复或为空", key.column),
                    format!("`{}` in `keys` of the header is double or empty", key.column),
                )
                .at(Place::File(file.to_owned()), "", ""),
            );
        } else {
            keys.push(key);
        }
    }
    keys
}

/// The words a reader needs to judge the figures must be there.
fn check_words(header: &Header, file: &str, findings: &mut Diagnostics) {
    let words = [
        ("title", header.title.zh.as_str()),
        ("title", header.title.en.as_str()),
        ("kind", header.kind.as_str()),
        ("issuer", header.issuer.as_str()),
    ];
    for (name, word) in words {
        if word.trim().is_empty() {
            findings.push(
                Diagnostic::error(
                    "factor-header",
                    format!("表头的 {name} 是空的"),
                    format!("`{name}` of the header is empty"),
                )
                .at(Place::File(file.to_owned()), "", ""),
            );
        }
    }
}

fn syntax_finding(file: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let finding = Diagnostic::error(
        "factor-header",
        format!("表头读不懂：{}", in_chinese(error.message())),
        format!("the header cannot be read: {}", error.message()),
    )
    .hint(
        "表头须有 title、kind、issuer、standing、keys；可有 unit、source、page 或 section、published、region_set、standing_note、gaps、note",
        "a header has title, kind, issuer, standing, keys; it may have unit, source, page or section, published, region_set, standing_note, gaps, note",
    );
    match error.span().filter(|span| span.start <= span.end && span.end <= text.len()) {
        Some(span) => finding.at(Place::span(file, Span::new(span.start, span.end)), "", ""),
        None => finding.at(Place::File(file.to_owned()), "", ""),
    }
}

/// The reader's commonest complaints in Chinese; others as they are.
fn in_chinese(message: &str) -> String {
    let quoted = message.split('`').nth(1);
    match (message.split(" field ").next(), quoted) {
        (Some("missing"), Some(name)) => format!("缺少 {name}"),
        (Some("unknown"), Some(name)) => format!("没有 {name} 这一项"),
        (Some("duplicate"), Some(name)) => format!("{name} 写了两次"),
        _ => message.to_owned(),
    }
}

/// A unit that cannot be read, with the nearest names.
pub(crate) fn unit_finding(text: &str, error: &tanliu_unit::UnitError) -> Diagnostic {
    let finding = Diagnostic::error(
        "factor-unit",
        format!("单位「{text}」读不懂"),
        format!("the unit `{text}` cannot be read"),
    );
    match error {
        tanliu_unit::UnitError::Unknown { word, near, .. } if near.is_empty() => {
            finding.note(format!("没有单位「{word}」"), format!("there is no unit `{word}`"))
        }
        tanliu_unit::UnitError::Unknown { word, near, .. } => {
            finding.note(format!("没有单位「{word}」"), format!("there is no unit `{word}`")).hint(
                format!("是否想写 {}？", near.join("、")),
                format!("did you mean {}?", near.join(", ")),
            )
        }
        other => finding.note(other.text_zh(), other.text_en()),
    }
}

/// A date or period that cannot be read.
pub(crate) fn time_finding(text: &str) -> Diagnostic {
    Diagnostic::error(
        "factor-time",
        format!("「{text}」不是年、季、月或日"),
        format!("`{text}` is not a year, quarter, month or day"),
    )
    .hint("写成 2021、2021-Q3、2021-07 或 2021-07-31", "write 2021, 2021-Q3, 2021-07 or 2021-07-31")
}

/// A standing that is none.
pub(crate) fn standing_finding(text: &str) -> Diagnostic {
    let words = ["verified", "secondary", "memory", "illustration"];
    let finding = Diagnostic::error(
        "factor-standing",
        format!("standing 没有「{text}」这一种"),
        format!("there is no standing `{text}`"),
    );
    finding
        .hint(format!("用 {} 之一", words.join("、")), format!("use one of {}", words.join(", ")))
}

/// Reads a year, quarter, month or day; nothing finer.
pub(crate) fn parse_day_or_coarser(text: &str) -> Option<TimeKey> {
    TimeKey::parse(text).filter(|key| key.grain <= tanliu_unit::time::Grain::Day)
}
