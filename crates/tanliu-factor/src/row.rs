//! 因子行 One factor: a value of a unit for a key and a period, with where it stands printed.

use crate::Standing;
use tanliu_unit::Unit;
use tanliu_unit::time::TimeKey;

/// 有效期 The days on which a row holds, the last one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// 起 The period whose first day is the first; it is also the row's vintage in the as-of rules.
    pub from: TimeKey,
    /// 止 The period whose last day is the last; nothing: open.
    pub to: Option<TimeKey>,
}

impl Validity {
    /// The first day.
    pub fn first_day(&self) -> TimeKey {
        self.from.first_day()
    }

    /// The last day; nothing: open.
    pub fn last_day(&self) -> Option<TimeKey> {
        self.to.map(TimeKey::last_day)
    }

    /// Whether it holds on `day`.
    pub fn holds(&self, day: TimeKey) -> bool {
        self.first_day().ordinal <= day.ordinal
            && self.last_day().is_none_or(|last| day.ordinal <= last.ordinal)
    }

    /// `2021`, `2016 … 2020`, `2021 …`
    pub(crate) fn words(&self) -> String {
        match self.to {
            Some(to) if to == self.from => to.to_string(),
            Some(to) => format!("{} … {to}", self.from),
            None => format!("{} …", self.from),
        }
    }
}

/// 不确定度 The 95 % half-width of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Uncertainty {
    /// `±5%`: a share of the value (0.05).
    Relative(f64),
    /// `±0.02`: in the unit of the value.
    Absolute(f64),
}

impl Uncertainty {
    /// Reads `±5%`, `± 0.02`, `+-5%`; the sign may be left out.
    pub fn parse(text: &str) -> Option<Uncertainty> {
        let text = text.trim();
        let bare = ["±", "+/-", "+-"].iter().find_map(|sign| text.strip_prefix(sign));
        let bare = bare.unwrap_or(text).trim();
        let (number, relative) = match bare.strip_suffix(['%', '％']) {
            Some(number) => (number.trim_end(), true),
            None => (bare, false),
        };
        let width = parse_number(number).filter(|width| *width >= 0.0)?;
        Some(if relative { Self::Relative(width / 100.0) } else { Self::Absolute(width) })
    }
}

/// 因子行 One row of a set; what the row leaves out is taken from the header.
#[derive(Debug, Clone)]
pub struct Row {
    /// Line of the CSV file, from 1, the heading included.
    pub line: u32,
    /// 键 The codes, in the order of the header's `keys`.
    pub keys: Vec<String>,
    /// 有效期
    pub validity: Validity,
    /// 数据年 Year of the data, where the table gives one.
    pub vintage: Option<TimeKey>,
    /// 公布日期 A date printed as a year or month only counts as published at its end.
    pub published: Option<TimeKey>,
    /// 值 In `unit`.
    pub value: f64,
    /// The value as it is printed, with all its digits: `0.5580`.
    pub printed: String,
    /// 单位
    pub unit: Unit,
    /// 不确定度
    pub uncertainty: Option<Uncertainty>,
    /// 出处
    pub source: String,
    /// 页码或章节
    pub page: String,
    /// 可信程度
    pub standing: Standing,
    /// 说明 The row's own remark.
    pub note: Option<String>,
}

/// Reads a plain decimal number: no thousands separators, no `inf`, no `nan`.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | 'e' | 'E');
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))
        || !text.chars().all(plain)
    {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}
