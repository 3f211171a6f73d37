//! 字面量 Numbers with their units, keys, truth values.

use super::cursor::{Parser, Step, Wanted};
use super::unit::UnitAhead;
use super::words::is_name_part;
use crate::ast::{KeyLit, KeyValue, Literal, LiteralValue};
use tanliu_diagnostic::{Diagnostic, Span};
use tanliu_unit::time::TimeKey;

const A_LITERAL: Wanted = ("数值或日期", "a number or a date");
const A_KEY: Wanted = ("键（如 2021 或 2021-07）", "a key such as `2021` or `2021-07`");

/// A number as it stands in the text, before its unit.
struct Figure {
    /// The number.
    number: f64,
    /// Where it ends.
    end: usize,
    /// It is `NUM/NUM` or `NUM^INT`.
    joined: bool,
}

impl Parser<'_> {
    /// A literal where the grammar awaits no expression; a sign may stand before a number.
    pub(super) fn signed_literal(&mut self) -> Step<Literal> {
        let start = self.position;
        let negative = self.take_sign("-").is_some();
        let mut literal = self.literal_here()?;
        if negative {
            let LiteralValue::Number { number, integer, .. } = &mut literal.value else {
                let message = ("负号后应为数值", "expected a number behind the minus sign");
                let diagnostic = self.error("syntax-expected", literal.span, message);
                return Err(self.stop(diagnostic));
            };
            *number = -*number;
            *integer = integer.map(|integer| -integer);
            literal.span = self.since(start);
            literal.text = self.written(literal.span).to_string();
        }
        Ok(literal)
    }

    /// A literal without a sign.
    fn literal_here(&mut self) -> Step<Literal> {
        for (word, value) in [("true", true), ("false", false)] {
            if let Some(span) = self.take_word(word) {
                let value = LiteralValue::Bool(value);
                return Ok(Literal { value, text: word.to_string(), span });
            }
        }
        if self.begins_number() {
            return self.number_or_key();
        }
        Err(self.unexpected(A_LITERAL))
    }

    /// Whether a digit is next, or a point and a digit (which is an error said there).
    pub(super) fn begins_number(&self) -> bool {
        let rest = self.rest();
        let point = rest.strip_prefix('.').unwrap_or(rest);
        point.starts_with(|c: char| c.is_ascii_digit())
    }

    /// A number with its unit, or a key; a digit is next.
    pub(super) fn number_or_key(&mut self) -> Step<Literal> {
        let start = self.position;
        if let Some(length) = key_length(self.rest()) {
            return self.dated_key(length);
        }
        let divided = self.behind_division_or_power();
        let Some(length) = number_length(self.rest()) else {
            return Err(self.bare_point());
        };
        let figure = self.figure(start, length)?;
        self.take(figure.end - start);
        if figure.joined && divided {
            self.joined_behind_division(start);
        }
        let unit = match self.unit_ahead(figure.end) {
            UnitAhead::At(at) => self.unit_behind_number(start, at),
            UnitAhead::None => None,
        };
        if unit.is_none() {
            self.check_subtraction(start);
        }
        let span = self.since(start);
        let text = self.written(span).to_string();
        let digits = self.plain.get(start..figure.end).unwrap_or("");
        let integer = if unit.is_none() { digits.parse::<i64>().ok() } else { None };
        let value = LiteralValue::Number { number: figure.number, unit, integer };
        Ok(Literal { value, text, span })
    }

    /// `12`, `0.5`, `1e4`; `44/12` and `10^4` where a unit follows.
    fn figure(&mut self, start: usize, length: usize) -> Step<Figure> {
        let end = start + length;
        let digits = self.plain.get(start..end).unwrap_or("");
        let number = digits.parse::<f64>().unwrap_or(f64::INFINITY);
        let joined = self.joined_figure(number, digits, end);
        let figure = joined.unwrap_or(Figure { number, end, joined: false });
        if figure.number.is_finite() {
            return Ok(figure);
        }
        let span = Span::new(start, figure.end);
        let message = ("数值超出可表示的范围", "the number is out of range");
        let diagnostic = self.error("syntax-number-range", span, message);
        Err(self.stop(diagnostic))
    }

    fn joined_figure(&self, number: f64, digits: &str, end: usize) -> Option<Figure> {
        let rest = self.plain_from(end);
        let operator = rest.chars().next().filter(|sign| matches!(sign, '/' | '^'))?;
        let second = rest.get(1..)?;
        let length = match operator {
            '/' => number_length(second)?,
            _ => second.find(|c: char| !c.is_ascii_digit()).unwrap_or(second.len()),
        };
        let text = second.get(..length).filter(|text| !text.is_empty())?;
        let end = end + 1 + length;
        if !matches!(self.unit_ahead(end), UnitAhead::At(_)) {
            return None;
        }
        let number = match operator {
            '/' => number / text.parse::<f64>().ok()?,
            // Read as one decimal, so that it is rounded once.
            _ if digits == "10" => format!("1e{text}").parse::<f64>().ok()?,
            _ => libm::pow(number, text.parse::<f64>().ok()?),
        };
        Some(Figure { number, end, joined: true })
    }

    /// Whether the last token was `/` or `^`.
    fn behind_division_or_power(&self) -> bool {
        // A full-width sign is padded with blanks.
        let before = self.plain.get(..self.last_end).unwrap_or("").trim_end();
        before.ends_with(['/', '^'])
    }

    fn joined_behind_division(&mut self, start: usize) {
        let span = self.since(start);
        let literal = self.written(span).to_string();
        let before = self.plain.get(..start).unwrap_or("").trim_end();
        let operator = before.chars().next_back().unwrap_or('/');
        let diagnostic = Diagnostic::error(
            "syntax-number-unit",
            format!("`{operator}` 后的 `{literal} …` 是一个整体，必须放进括号"),
            format!(
                "`{literal}` and its unit are one literal, which needs parentheses after \
                 `{operator}`"
            ),
        )
        .at(self.place(span), "", "")
        .hint(
            format!("写作 `{operator} ({literal} …)`；若是连续运算，请在运算符两边加空格"),
            format!("write `{operator} ({literal} …)`, or blanks around the operator if it is one"),
        );
        self.report(diagnostic);
    }

    /// `5-3`: neither a key nor a subtraction.
    fn check_subtraction(&mut self, start: usize) {
        let Some(after) = self.plain_from(self.last_end).strip_prefix('-') else { return };
        let bare = self.plain.get(start..self.last_end).unwrap_or("");
        if !bare.ends_with(|c: char| c.is_ascii_digit()) {
            return;
        }
        if let Some(length) = number_length(after) {
            let second = after.get(..length).unwrap_or("").to_string();
            let span = Span::new(start, self.last_end + 1 + length);
            self.report_subtraction(span, bare, &second);
        }
    }

    fn report_subtraction(&mut self, span: Span, first: &str, second: &str) {
        let diagnostic = self
            .error(
                "syntax-subtraction",
                span,
                ("数与数相减，减号两边要有空格", "a subtraction of numbers has blanks"),
            )
            .hint(format!("写作 `{first} - {second}`"), format!("write `{first} - {second}`"))
            .note(
                "没有空格的 `2021-07`、`2021-Q3`、`2021-07-31` 是时间键",
                "without blanks, `2021-07`, `2021-Q3` and `2021-07-31` are keys",
            );
        self.report(diagnostic);
    }

    /// `.5`
    fn bare_point(&mut self) -> super::cursor::Stop {
        let digits = number_length(self.rest().get(1..).unwrap_or("")).unwrap_or(0);
        let span = Span::new(self.position, self.position + 1 + digits);
        let mend = format!("0{}", self.plain.get(span.start..span.end).unwrap_or(""));
        let diagnostic = self
            .error("syntax-number", span, ("小数点前要有数字", "a number begins with a digit"))
            .hint(format!("写作 `{mend}`"), format!("write `{mend}`"));
        self.stop(diagnostic)
    }

    /// `2021-07` and its kin, of `length` bytes.
    fn dated_key(&mut self, length: usize) -> Step<Literal> {
        let start = self.position;
        let written = self.rest().get(..length).unwrap_or("").to_string();
        let glued = self
            .plain_from(start + length)
            .starts_with(|c: char| is_name_part(c) || c == '-' && !written.contains('T'));
        let key = if glued { None } else { TimeKey::parse(&written) };
        if let Some(key) = key {
            let span = self.take(length);
            return Ok(Literal { value: LiteralValue::Key(key), text: written, span });
        }
        let span = Span::new(start, start + length);
        let diagnostic = Diagnostic::error(
            "syntax-key",
            format!("`{written}` 不是日期"),
            format!("`{written}` is no date"),
        )
        .at(self.place(span), "", "");
        let diagnostic = match written.split_once('-') {
            Some((first, second)) if second.chars().all(|c| c.is_ascii_digit()) => diagnostic.hint(
                format!("月份写作两位数（`2021-07`）；相减写作 `{first} - {second}`"),
                format!(
                    "a month has two digits (`2021-07`); a subtraction of numbers has blanks: \
                     `{first} - {second}`"
                ),
            ),
            _ => diagnostic.hint(
                "日期写作 `2021-07`、`2021-Q3`、`2021-07-31`、`2021-07-31T13:15`",
                "dates are written `2021-07`, `2021-Q3`, `2021-07-31`, `2021-07-31T13:15`",
            ),
        };
        Err(self.stop(diagnostic))
    }

    /// An integer or a date of any grain, where a key is awaited.
    pub(super) fn key_literal(&mut self) -> Step<KeyLit> {
        let start = self.position;
        if let Some(length) = key_length(self.rest()) {
            let literal = self.dated_key(length)?;
            if let LiteralValue::Key(key) = literal.value {
                return Ok(KeyLit { value: KeyValue::Time(key), span: literal.span });
            }
        }
        let negative = self.take_sign("-").is_some();
        let (number, _) = self.integer(A_KEY)?;
        let number = if negative { -number } else { number };
        Ok(KeyLit { value: KeyValue::Integer(number), span: self.since(start) })
    }
}

fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())
}

/// The bytes of the number `text` begins with: `12`, `0.5`, `1e4`, `1.5e-3`.
pub(super) fn number_length(text: &str) -> Option<usize> {
    let mut length = digits(text);
    if length == 0 {
        return None;
    }
    let fraction = text.get(length..)?.strip_prefix('.').map_or(0, digits);
    if fraction > 0 {
        length += 1 + fraction;
    }
    let Some(exponent) = text.get(length..)?.strip_prefix(['e', 'E']) else { return Some(length) };
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let count = digits(unsigned);
    if count > 0 {
        length += 1 + exponent.len() - unsigned.len() + count;
    }
    Some(length)
}

/// The bytes of the time key `text` begins with: four digits, `-`, and a digit or `Q`.
pub(super) fn key_length(text: &str) -> Option<usize> {
    let follows = |at: usize, sign: char| {
        let rest = text.get(at..).unwrap_or("").strip_prefix(sign).unwrap_or("");
        if rest.starts_with('Q') { 1 + digits(rest.get(1..).unwrap_or("")) } else { digits(rest) }
    };
    if digits(text) != 4 || follows(4, '-') == 0 {
        return None;
    }
    let mut length = 4;
    for _ in 0..2 {
        let group = follows(length, '-');
        length += if group > 0 { 1 + group } else { 0 };
    }
    let hour = follows(length, 'T');
    if hour == 0 {
        return Some(length);
    }
    length += 1 + hour;
    for _ in 0..2 {
        let group = follows(length, ':');
        // `T13: 5` in a map has a blank, `T13:15` is a minute.
        length += if group == 2 { 3 } else { 0 };
    }
    Some(length)
}
