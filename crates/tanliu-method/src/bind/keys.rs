//! 键 Cells as keys of an index, through a dictionary of the texts met.

use super::header::normal;
use crate::number::format_number;
use crate::program::{Index, IndexKind, Key};
use crate::table::CellRef;
use std::collections::HashMap;
use std::rc::Rc;
use tanliu_diagnostic::{Diagnostic, Place, Text, nearest};
use tanliu_unit::time::{Grain, TimeKey};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// How many members an error lists.
const MEMBERS_LISTED: usize = 12;
/// Whole numbers up to here are exact as doubles.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// Codes by what a cell holds; only looked up, never walked through.
type Codes<K> = HashMap<K, u32>;

/// 键读取器 Reads cells as keys of one index and numbers the distinct keys.
pub(super) struct KeyReader<'p, 't> {
    index: &'p Index,
    by_text: Codes<&'t str>,
    by_date: Codes<&'t str>,
    by_number: Codes<u64>,
    by_key: Codes<Key>,
    dictionary: Vec<Key>,
    /// The last text and its code: tables repeat themselves from row to row.
    last: Option<(&'t str, u32)>,
}

/// 键之误 Why a cell is no key.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum KeyFault {
    /// Nothing in it.
    Empty,
    /// No member of the closed set.
    UnknownMember,
    /// No whole number.
    NotInteger,
    /// No time key of the grain.
    NotTime(Grain),
    /// A number where a date was expected: spreadsheets hold dates as day counts.
    NumberForDate(Grain),
    /// A formula error, a percentage or a truth value.
    WrongCell,
}

impl<'p, 't> KeyReader<'p, 't> {
    /// A reader with an empty dictionary.
    pub(super) fn new(index: &'p Index) -> Self {
        Self {
            index,
            by_text: Codes::new(),
            by_date: Codes::new(),
            by_number: Codes::new(),
            by_key: Codes::new(),
            dictionary: Vec::new(),
            last: None,
        }
    }

    /// The distinct keys, by code.
    pub(super) fn dictionary(&self) -> &[Key] {
        &self.dictionary
    }

    /// The code of the key in a cell.
    pub(super) fn read(&mut self, cell: CellRef<'t>) -> Result<u32, KeyFault> {
        match cell {
            CellRef::Empty => Err(KeyFault::Empty),
            CellRef::Text(text) => {
                if let Some((last, code)) = self.last
                    && last == text
                {
                    return Ok(code);
                }
                let code = match self.by_text.get(text) {
                    Some(code) => *code,
                    None => {
                        let code = self.code(parse_key(self.index, text)?);
                        self.by_text.insert(text, code);
                        code
                    }
                };
                self.last = Some((text, code));
                Ok(code)
            }
            CellRef::Date(text) => {
                if let Some(code) = self.by_date.get(text) {
                    return Ok(*code);
                }
                let code = self.code(key_of_date(self.index, text)?);
                self.by_date.insert(text, code);
                Ok(code)
            }
            CellRef::Number(number) => {
                if let Some(code) = self.by_number.get(&number.to_bits()) {
                    return Ok(*code);
                }
                let code = self.code(key_of_number(self.index, number)?);
                self.by_number.insert(number.to_bits(), code);
                Ok(code)
            }
            CellRef::Percent(_) => self.shown(&cell.to_string()),
            CellRef::Bool(_) | CellRef::Error(_) => Err(KeyFault::WrongCell),
        }
    }

    /// Reads a cell by what it shows (rare cells, not kept in the dictionary of texts).
    fn shown(&mut self, text: &str) -> Result<u32, KeyFault> {
        match self.index.kind {
            IndexKind::Text | IndexKind::Closed(_) => {
                parse_key(self.index, text).map(|key| self.code(key))
            }
            IndexKind::Integer | IndexKind::Time { .. } => Err(KeyFault::WrongCell),
        }
    }

    fn code(&mut self, key: Key) -> u32 {
        if let Some(code) = self.by_key.get(&key) {
            return *code;
        }
        let code = u32::try_from(self.dictionary.len()).unwrap_or(u32::MAX - 1);
        self.dictionary.push(key.clone());
        self.by_key.insert(key, code);
        code
    }
}

/// Whether a text says that there is nothing: an empty cell or a dash.
pub(super) fn is_nothing(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "–" | "—" | "——" | "−" | "－")
}

/// A text, trimmed and in NFC.
pub(super) fn plain_text(text: &str) -> Rc<str> {
    let text = text.trim();
    if is_nfc(text) { Rc::from(text) } else { Rc::from(text.nfc().collect::<String>()) }
}

/// Reads a text as a key of an index.
pub(super) fn parse_key(index: &Index, text: &str) -> Result<Key, KeyFault> {
    if let Some(member) = member(index, text) {
        return Ok(Key::Member(member));
    }
    if is_nothing(text) {
        return Err(KeyFault::Empty);
    }
    match &index.kind {
        IndexKind::Closed(_) => Err(KeyFault::UnknownMember),
        IndexKind::Text => Ok(Key::Text(plain_text(text))),
        IndexKind::Integer => {
            let number = crate::number::parse_number(text).map_err(|_| KeyFault::NotInteger)?;
            if number.percent { Err(KeyFault::NotInteger) } else { integer(number.value) }
        }
        IndexKind::Time { grain, .. } => match TimeKey::parse_as(&normal(text), *grain) {
            Some(key) => Ok(Key::Time(key)),
            None if *grain >= Grain::Day && is_day_count(text) => {
                Err(KeyFault::NumberForDate(*grain))
            }
            None => Err(KeyFault::NotTime(*grain)),
        },
    }
}

/// A member by name or label; full-width signs count as plain ones.
fn member(index: &Index, text: &str) -> Option<u32> {
    let IndexKind::Closed(members) = &index.kind else { return None };
    let plain = plain_text(text);
    if let Some(member) = index.member(&plain) {
        return Some(member);
    }
    let wanted = normal(text);
    let same = |known: &str| normal(known) == wanted;
    let found = (members.iter().position(|(name, _)| same(name)))
        .or_else(|| members.iter().position(|(_, label)| label.as_deref().is_some_and(same)))?;
    u32::try_from(found).ok()
}

/// `45321`, `45321.5`: how a spreadsheet stores a date of 1954 to 2119.
fn is_day_count(text: &str) -> bool {
    let number = text.trim().parse::<f64>().unwrap_or(0.0);
    (20_000.0..80_000.0).contains(&number)
}

fn integer(number: f64) -> Result<Key, KeyFault> {
    if number != number.trunc() || number.abs() > LARGEST_WHOLE {
        return Err(KeyFault::NotInteger);
    }
    // The number is whole and small enough to be exact.
    #[allow(clippy::cast_possible_truncation)]
    let whole = number as i64;
    Ok(Key::Integer(whole))
}

fn key_of_number(index: &Index, number: f64) -> Result<Key, KeyFault> {
    match index.kind {
        IndexKind::Integer => integer(number),
        IndexKind::Time { grain: Grain::Year, .. } => {
            parse_key(index, &format_number(number)).map_err(|_| KeyFault::NotTime(Grain::Year))
        }
        IndexKind::Time { grain, .. } => Err(KeyFault::NumberForDate(grain)),
        IndexKind::Text | IndexKind::Closed(_) => parse_key(index, &format_number(number)),
    }
}

/// A date cell fits if it is of the grain, or exactly at the beginning of such a period: a
/// spreadsheet has no other way to hold a month than its first day.
fn key_of_date(index: &Index, text: &str) -> Result<Key, KeyFault> {
    let IndexKind::Time { grain, .. } = index.kind else { return parse_key(index, text) };
    if let Some(key) = TimeKey::parse_as(text, grain) {
        return Ok(Key::Time(key));
    }
    let key = TimeKey::parse(text).ok_or(KeyFault::NotTime(grain))?;
    let period = key.coarsen(grain, false);
    if key.grain > grain && period.civil() == key.civil() {
        return Ok(Key::Time(period));
    }
    Err(KeyFault::NotTime(grain))
}

impl KeyFault {
    /// The finding's code.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Empty => "data-empty-key",
            Self::UnknownMember => "data-unknown-member",
            _ => "data-bad-key",
        }
    }

    /// The finding for what was found at a place.
    pub(super) fn diagnostic(&self, index: &Index, found: &str, place: Place) -> Diagnostic {
        let name = &index.name;
        let found = found.trim();
        let error = |zh: String, en: String| Diagnostic::error(self.code(), zh, en);
        match self {
            Self::Empty => error(
                format!("索引 {name} 的键是空的"),
                format!("the key of index {name} is empty"),
            )
            .at(place, "空单元格", "empty cell")
            .hint("填上键，或清空整行", "fill in the key, or empty the whole row"),
            Self::UnknownMember => unknown_member(index, found, place),
            Self::NotInteger => error(
                format!("「{found}」不是索引 {name} 的键：应为整数"),
                format!("`{found}` is no key of index {name}: expected a whole number"),
            )
            .at(place, "应为整数", "expected a whole number"),
            Self::NotTime(grain) => {
                let expected = written_form(*grain);
                error(
                    format!("「{found}」不是索引 {name} 的键：应为{}", expected.zh),
                    format!("`{found}` is no key of index {name}: expected {}", expected.en),
                )
                .at(
                    place,
                    format!("应为{}", expected.zh),
                    format!("expected {}", expected.en),
                )
            }
            Self::NumberForDate(grain) => number_for_date(index, *grain, found, place),
            Self::WrongCell => error(
                format!("「{found}」不能作索引 {name} 的键"),
                format!("`{found}` cannot be a key of index {name}"),
            )
            .at(place, "不是键", "not a key"),
        }
    }
}

fn unknown_member(index: &Index, found: &str, place: Place) -> Diagnostic {
    let name = &index.name;
    let mut diagnostic = Diagnostic::error(
        "data-unknown-member",
        format!("索引 {name} 没有成员「{found}」"),
        format!("index {name} has no member `{found}`"),
    )
    .at(place, "未知成员", "unknown member");
    let IndexKind::Closed(members) = &index.kind else { return diagnostic };
    if members.len() <= MEMBERS_LISTED {
        let list = |open: &str, close: &str| {
            let shown = |(name, label): &(String, Option<String>)| match label {
                Some(label) => format!("{name}{open}{label}{close}"),
                None => name.clone(),
            };
            members.iter().map(shown).collect::<Vec<_>>().join(", ")
        };
        let (zh, en) = (list("「", "」"), list(" \"", "\""));
        diagnostic = diagnostic.note(format!("成员有：{zh}"), format!("its members: {en}"));
    }
    let words = (members.iter())
        .flat_map(|(name, label)| [Some(name.as_str()), label.as_deref()].into_iter().flatten());
    let like = nearest(found, words);
    if like.is_empty() {
        return diagnostic;
    }
    let (zh, en) = (like.join("、"), like.join(", "));
    diagnostic.hint(format!("是否想写 {zh}？"), format!("did you mean {en}?"))
}

fn number_for_date(index: &Index, grain: Grain, found: &str, place: Place) -> Diagnostic {
    let name = &index.name;
    let form = written_form(grain);
    Diagnostic::error(
        "data-bad-key",
        format!("索引 {name} 的日期以数字 {found} 给出"),
        format!("a date of index {name} came as the number {found}"),
    )
    .at(place, format!("应为{}", form.zh), format!("expected {}", form.en))
    .note("电子表格把日期存成天数", "spreadsheets store dates as a count of days")
    .hint(
        format!("把该列设为日期格式，或写成{}", form.zh),
        format!("format the column as dates, or write {}", form.en),
    )
}

/// How keys of a grain are written.
fn written_form(grain: Grain) -> Text {
    let example = grain.example();
    let word = if grain == Grain::Instant { "an" } else { "a" };
    Text::new(
        format!("{}（如 {example}）", grain.word_zh()),
        format!("{word} {} such as {example}", grain.word()),
    )
}
