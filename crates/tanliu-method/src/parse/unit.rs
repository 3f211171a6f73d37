//! 单位与类型 Where units stand in the text, and what is said when one is unknown.

use super::cursor::{Parser, Step, Wanted};
use super::meant::means_celsius;
use super::words::{ATTRIBUTES, FOLLOWERS, is_name_part, is_name_start, is_reserved, normalised};
use crate::ast::TypeExpr;
use tanliu_diagnostic::{Diagnostic, Span};
use tanliu_unit::{Unit, UnitError};

/// What follows a number.
pub(super) enum UnitAhead {
    /// Something that is read as a unit, known or not.
    At(usize),
    /// No unit.
    None,
}

impl Parser<'_> {
    /// Whether a unit follows the number that ends at `end`, blanks between them or not.
    pub(super) fn unit_ahead(&self, end: usize) -> UnitAhead {
        let at = self.after_blanks(end);
        let rest = self.plain_from(at);
        let Some(first) = rest.chars().next() else { return UnitAhead::None };
        let known = || self.start_of_unit(self.unit_run(at, false), false).is_ok();
        let is_unit = if is_name_start(first) {
            let word = self.word_at(at);
            // `weighted by 1 last 7`, or an attribute line behind a number.
            // `b: 1 c: 2`: a comma is missing.
            let follower = at > end
                && (FOLLOWERS.contains(&word)
                    || self.attribute_at(at)
                    || self.sign_at(self.after_blanks(at + word.len())) == ":");
            !is_reserved(word) && (!follower || known())
        } else {
            match first {
                '%' | '‰' | '°' | '℃' | '℉' => true,
                '(' => known(),
                // `3 1/a`: the atom `1`, not a second number.
                '1' => at > end && self.unit_goes_on(at + 1) && known(),
                _ => !first.is_ascii() && first != '±' && !first.is_whitespace() && known(),
            }
        };
        if is_unit { UnitAhead::At(at) } else { UnitAhead::None }
    }

    /// Whether an attribute stands at `at`: one of its words and a string.
    pub(super) fn attribute_at(&self, at: usize) -> bool {
        let word = self.word_at(at);
        ATTRIBUTES.contains(&word)
            && self.plain_from(self.after_blanks(at + word.len())).starts_with('"')
    }

    /// The text at `at` that can belong to a unit; `loose` lets blanks and more pass.
    ///
    /// It keeps the time of reading a unit bound to the length of the unit.
    fn unit_run(&self, at: usize, loose: bool) -> &str {
        let rest = self.text.get(at..self.end).unwrap_or("");
        let (mut round, mut braces) = (0_usize, 0_usize);
        let mut last = ' ';
        for (offset, character) in rest.char_indices() {
            let inside = round + braces > 0;
            let stop = match character {
                '\n' | '\r' => true,
                '{' | '｛' => {
                    braces += 1;
                    last.is_whitespace()
                }
                '}' | '｝' => {
                    braces = braces.saturating_sub(1);
                    !inside
                }
                _ if braces > 0 => false,
                '"' | '=' | '<' | '>' | '!' | ';' | '|' | '±' | '~' | '?' => true,
                ',' | ':' | '[' | ']' | '+' => true,
                '＝' | '＜' | '＞' | '，' | '：' | '“' | '”' | '、' => true,
                '(' | '（' => {
                    round += 1;
                    false
                }
                ')' | '）' => {
                    round = round.saturating_sub(1);
                    !inside
                }
                '-' => !(matches!(last, '^' | '@') || last == '(' && inside),
                _ if character.is_whitespace() => !loose && !inside,
                _ => false,
            };
            if stop {
                return rest.get(..offset).unwrap_or("");
            }
            last = character;
        }
        rest
    }

    /// Reads the unit `run` begins with; full-width signs in it are plain ones.
    fn start_of_unit(&self, run: &str, loose: bool) -> Result<(Unit, usize), UnitError> {
        if !run.contains(is_full_width) {
            return self.units.parse_start(run, loose);
        }
        let folded: String = run.chars().map(folded).collect();
        let (unit, length) = self.units.parse_start(&folded, loose)?;
        let mut plain = 0;
        let taken = run.chars().take_while(|character| {
            plain += folded_length(*character);
            plain <= length
        });
        Ok((unit, taken.map(char::len_utf8).sum()))
    }

    /// Takes the unit at `at` behind the number that began at `start`.
    pub(super) fn unit_behind_number(&mut self, start: usize, at: usize) -> Option<Unit> {
        let run = self.unit_run(at, false).to_string();
        self.position = at;
        match self.start_of_unit(&run, false) {
            Ok((unit, length)) if length > 0 => {
                let span = self.take(length);
                self.unit_spans.push(span);
                Some(unit)
            }
            result => {
                let error = result.err().unwrap_or(UnitError::Syntax {
                    expected: "a unit",
                    expected_zh: "单位",
                    at: 0,
                });
                let mut diagnostic = self.unit_diagnostic(&error, at, &run);
                let number = self.written(Span::new(start, self.last_end)).to_string();
                let word = self.word_at(at).to_string();
                self.position = at;
                diagnostic = match self.label_may_stand() {
                    true => diagnostic.hint(
                        format!("数字后的词是单位；若是标签，要加引号：`\"{word}\"`"),
                        format!(
                            "a word after a number is its unit; a label stands in quotes: \
                             `\"{word}\"`"
                        ),
                    ),
                    false if means_celsius(&word) => diagnostic,
                    false => unit_mend(diagnostic, &error, &format!("{number} * {word}")),
                };
                self.report(diagnostic);
                self.skipped = true;
                let length = run.len().max(self.peek().map_or(0, char::len_utf8));
                let span = self.take(length);
                self.unit_spans.push(span);
                None
            }
        }
    }

    /// What is wrong with the unit `run` that stands at `at`.
    pub(super) fn unit_diagnostic(&self, error: &UnitError, at: usize, run: &str) -> Diagnostic {
        let whole = Span::new(at, at + run.trim_end().len());
        let from = |offset: usize| {
            let start = (at + offset).min(whole.end);
            let length = run.get(offset..).map_or(0, |rest| {
                rest.find(|c: char| !is_name_part(c)).unwrap_or(rest.trim_end().len())
            });
            Span::new(start, (start + length.max(1)).min(whole.end.max(start)))
        };
        match error {
            UnitError::Unknown { word, at: offset, near } => {
                let diagnostic = Diagnostic::error(
                    "unit-unknown",
                    format!("没有单位 `{word}`"),
                    format!("unknown unit `{word}`"),
                )
                .at(self.place(from(*offset)), "", "");
                if means_celsius(word) {
                    return diagnostic.hint("摄氏度写作 `°C`", "degrees Celsius are written `°C`");
                }
                if near.is_empty() {
                    return diagnostic;
                }
                let listed: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
                diagnostic.hint(
                    format!("是否想写 {}？", listed.join("、")),
                    format!("did you mean {}?", listed.join(", ")),
                )
            }
            UnitError::Syntax { expected, expected_zh, at: offset } => Diagnostic::error(
                "unit-syntax",
                format!("单位写得不对：此处应为{expected_zh}"),
                format!("this is no unit: expected {expected} here"),
            )
            .at(self.place(from(*offset)), "", "")
            .hint("如 `tCO2/MWh`、`10^4 CNY`", "as in `tCO2/MWh`, `10^4 CNY`"),
            UnitError::CelsiusInProduct => self
                .error(
                    "unit-celsius",
                    whole,
                    ("°C 不能出现在积、商、幂里", "°C stands alone, never in a product"),
                )
                .hint("写作 `K`", "write `K`"),
            other => Diagnostic::error("unit-invalid", other.text_zh(), other.text_en())
                .at(self.place(whole), "", "")
                .hint("查对指数与系数", "check its exponents and numbers"),
        }
    }

    /// What stands after `:` or `in`: a unit, or a word that may name an index.
    pub(super) fn type_expression(&mut self, wanted: Wanted) -> Step<TypeExpr> {
        let start = self.position;
        let word = self.word();
        let run = self.unit_run(start, true).to_string();
        let begins =
            self.peek().is_some_and(|c| is_name_part(c) || matches!(c, '(' | '%') || !c.is_ascii());
        let goes_on =
            matches!(word, "default" | "notation" | "optional") && self.units.parse(word).is_err();
        if !begins || goes_on || run.trim().is_empty() || (is_reserved(word) && !word.is_empty()) {
            return Err(self.unexpected(wanted));
        }
        let bare = !word.is_empty() && !self.unit_goes_on(start + word.len());
        let text = if bare { word } else { run.as_str() };
        let parsed = self.start_of_unit(text, true);
        let (length, unit) = match parsed {
            Ok((unit, length)) if length > 0 && (!bare || length >= word.len()) => {
                (text.get(..length).unwrap_or(text).trim_end().len(), Ok(unit))
            }
            Ok(_) => {
                let near = Vec::new();
                let error = UnitError::Unknown { word: text.to_string(), at: 0, near };
                let diagnostic = self.unit_diagnostic(&error, start, text);
                (text.len(), Err(Box::new(own_unit(diagnostic, &error))))
            }
            Err(error) => {
                let length = if bare { word.len() } else { failed_length(text) };
                let diagnostic = self.unit_diagnostic(&error, start, text);
                (length, Err(Box::new(own_unit(diagnostic, &error))))
            }
        };
        let span = self.take(length);
        self.unit_spans.push(span);
        let text = self.written(span).to_string();
        let word = if bare { Some(normalised(word)) } else { None };
        Ok(TypeExpr { text, span, word, unit })
    }

    /// Whether something at `at` goes on with a unit: an operator, `@`, an annotation, an exponent.
    fn unit_goes_on(&self, at: usize) -> bool {
        let rest = self.text.get(at..self.end).unwrap_or("");
        let operator = rest.trim_start_matches([' ', '\t']);
        rest.starts_with(['{', '@', '｛', '＠'])
            || operator.starts_with(['*', '·', '/', '^', '×', '／', '＊', '＾', '⋅'])
    }
}

/// Counts that the table of units lacks are declared by the document.
fn own_unit(diagnostic: Diagnostic, error: &UnitError) -> Diagnostic {
    let UnitError::Unknown { word, .. } = error else { return diagnostic };
    if diagnostic.hint.is_some() || word.is_ascii() {
        return diagnostic;
    }
    diagnostic.hint(
        format!("自己的计数单位写在文首：`units: {{ {word}: \"1{{{word}}}\" }}`"),
        format!(
            "units of your own stand in the front matter: `units: {{ {word}: \"1{{{word}}}\" }}`"
        ),
    )
}

/// What to do about something behind a number that is no unit.
fn unit_mend(diagnostic: Diagnostic, error: &UnitError, product: &str) -> Diagnostic {
    if !matches!(error, UnitError::Unknown { at: 0, .. }) {
        return diagnostic.note(
            "单位在空格处结束：与名称相乘、相除时，运算符两边要有空格",
            "a unit ends at a blank: put blanks around the operator to go on with a name",
        );
    }
    let (zh, en) = (
        format!("数字后的词是单位；乘积要写 `*`：`{product}`"),
        format!("a word after a number is its unit; a product needs `*`: `{product}`"),
    );
    if diagnostic.hint.is_none() { diagnostic.hint(zh, en) } else { diagnostic.note(zh, en) }
}

/// The bytes of a text that is no unit but stands where one should: atoms and the operators
/// between them.
fn failed_length(text: &str) -> usize {
    let mut end = 0;
    let mut expects_atom = true;
    let mut at = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let token = piece.trim_end();
        let operator = token.starts_with(['*', '·', '/', '^', '／', '＊']);
        if !token.is_empty() {
            if !expects_atom && !operator {
                break;
            }
            end = at + token.len();
            expects_atom = token.ends_with(['*', '·', '/', '^', '／', '＊']);
        }
        at += piece.len();
    }
    end
}

fn is_full_width(character: char) -> bool {
    matches!(character, '\u{3000}' | '！'..='～')
}

/// The plain form of a full-width sign.
fn folded(character: char) -> char {
    if !is_full_width(character) {
        return character;
    }
    super::signs::plain_sign(character).and_then(|plain| plain.chars().next()).unwrap_or(character)
}

fn folded_length(character: char) -> usize {
    folded(character).len_utf8()
}
