//! 单位文本的解析 The grammar of units.
//!
//! ```text
//! unit = [number] upow { ("*"|"·"|"/") upow }   upow = atom [ "^" ["-"] INT ["/" INT] ]
//! atom = ( UNITNAME | "1" ) ["@" WORD] { "{" … "}" } | "%" | "‰" | "(" unit ")"
//! ```

use crate::atom::Atom;
use crate::cursor::Cursor;
use crate::{Base, Dimension, Exact, Unit, UnitError, UnitTable, near, number, substances};
use num_rational::Rational64;
use num_traits::{One, ToPrimitive, Zero};
use unicode_normalization::UnicodeNormalization;

/// Parentheses may nest this deep.
const DEEPEST: usize = 32;
/// An annotation may be this long, in bytes.
const LONGEST_ANNOTATION: usize = 256;

/// 场合 Where the unit stands; see [`UnitTable::parse`] and [`UnitTable::parse_start`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Whole,
    Loose,
    Literal,
}

pub(crate) struct Parser<'a> {
    table: &'a UnitTable,
    cursor: Cursor<'a>,
    mode: Mode,
    depth: usize,
}

type Parsed = Result<Unit, UnitError>;

impl<'a> Parser<'a> {
    pub(crate) fn new(table: &'a UnitTable, text: &'a str, mode: Mode) -> Parser<'a> {
        Parser { table, cursor: Cursor::new(text, mode == Mode::Whole), mode, depth: 0 }
    }

    /// The whole text.
    pub(crate) fn whole(mut self) -> Parsed {
        self.cursor.skip_blanks(true);
        let unit = self.unit()?;
        self.cursor.skip_blanks(true);
        if self.cursor.peek().is_some() {
            return Err(self.expected("an operator or the end of the unit", "运算符或单位的结尾"));
        }
        Ok(unit)
    }

    /// The beginning of the text, with the bytes taken.
    pub(crate) fn start(mut self) -> Result<(Unit, usize), UnitError> {
        self.cursor.skip_blanks(false);
        let unit = self.unit()?;
        Ok((unit, self.cursor.at))
    }

    fn expected(&self, expected: &'static str, expected_zh: &'static str) -> UnitError {
        UnitError::Syntax { expected, expected_zh, at: self.cursor.at }
    }

    fn inside_parentheses(&self) -> bool {
        self.depth > 0
    }

    fn unit(&mut self) -> Parsed {
        if self.mode == Mode::Literal && !self.inside_parentheses() {
            let first = self.power()?;
            return self.product(first);
        }
        let Some(value) = self.leading_number()? else {
            let first = self.power()?;
            return self.product(first);
        };
        let number = Unit::number(value)?;
        let end = self.cursor.at;
        self.cursor.skip_blanks(self.inside_parentheses());
        let operand = self
            .cursor
            .peek()
            .filter(|sign| sign.is_word() || matches!(sign.first, '%' | '‰' | '('));
        if operand.is_none() {
            self.cursor.at = end;
            return self.product(number);
        }
        match self.power() {
            Ok(unit) if number.scale().is_one() => self.product(unit),
            Ok(unit) => {
                let first = number.times(&unit)?;
                self.product(first)
            }
            // `: 1 source "…"`: the word behind a plain 1 belongs to the declaration.
            Err(UnitError::Unknown { .. })
                if self.mode == Mode::Loose
                    && number.scale().is_one()
                    && !self.inside_parentheses() =>
            {
                self.cursor.at = end;
                Ok(number)
            }
            Err(error) => Err(error),
        }
    }

    /// `10^4`, `1000`, `0.5`, `44/12`; a `1` that carries braces is an atom and is left alone.
    fn leading_number(&mut self) -> Result<Option<Exact>, UnitError> {
        let start = self.cursor.at;
        let Some(first) = self.decimal()? else { return Ok(None) };
        if self.cursor.rest().starts_with(['{', '｛', '@']) {
            self.cursor.at = start;
            return Ok(None);
        }
        if first.is_zero() {
            self.cursor.at = start;
            return Err(self.expected("a number above zero", "大于零的数"));
        }
        let end = self.cursor.at;
        if self.cursor.take('/') {
            let second = self.decimal()?;
            if let Some(second) = second
                && !self.cursor.rest().starts_with(['{', '｛'])
            {
                if second.is_zero() {
                    self.cursor.at = end + 1;
                    return Err(self.expected("a number above zero", "大于零的数"));
                }
                return Ok(Some(number::bounded(first / second)?));
            }
            self.cursor.at = end;
        } else if self.cursor.take('^') {
            let exponent = self.integer()?;
            return Ok(Some(number::integer_power(&first, exponent)?));
        } else {
            let raised = self.cursor.raised();
            if !raised.is_empty() {
                let exponent = raised.parse().map_err(|_| UnitError::OutOfRange)?;
                return Ok(Some(number::integer_power(&first, exponent)?));
            }
        }
        Ok(Some(first))
    }

    /// An unsigned decimal number.
    fn decimal(&mut self) -> Result<Option<Exact>, UnitError> {
        // Full-width digits in a header are read in plain form; then bytes and signs differ.
        let plain_digit = self.cursor.peek().is_some_and(|sign| sign.is_digit());
        if !plain_digit {
            return Ok(None);
        }
        if !self.cursor.rest().starts_with(|c: char| c.is_ascii_digit()) {
            let digits = self.cursor.digits();
            let value = number::read_decimal(&digits).ok_or(UnitError::OutOfRange)?.0?;
            return Ok(Some(value));
        }
        let Some((value, taken)) = number::read_decimal(self.cursor.rest()) else {
            return Ok(None);
        };
        self.cursor.at += taken;
        Ok(Some(value?))
    }

    /// `["-"] INT`
    fn integer(&mut self) -> Result<i64, UnitError> {
        let negative = self.cursor.take('-');
        let start = self.cursor.at;
        let digits = self.cursor.digits();
        if digits.is_empty() {
            self.cursor.at = start;
            return Err(self.expected("a whole number as exponent", "整数指数"));
        }
        let value: i64 = digits.parse().map_err(|_| UnitError::OutOfRange)?;
        Ok(if negative { -value } else { value })
    }

    /// What follows the first factor.
    fn product(&mut self, first: Unit) -> Parsed {
        let mut unit = first;
        loop {
            let end = self.cursor.at;
            let nested = self.inside_parentheses();
            if nested || self.mode != Mode::Literal {
                self.cursor.skip_blanks(nested);
            }
            let divides = self.cursor.take('/');
            if !divides && !self.cursor.take('*') && !self.cursor.take('·') {
                self.cursor.at = end;
                return Ok(unit);
            }
            let blank = self.cursor.skip_blanks(nested) || self.cursor.peek().is_none();
            if blank && self.mode == Mode::Literal && !nested {
                self.cursor.at = end;
                return Ok(unit);
            }
            let operand_at = self.cursor.at;
            match self.power() {
                Ok(next) if divides => unit = unit.per(&next)?,
                Ok(next) => unit = unit.times(&next)?,
                Err(error) => {
                    let no_unit = error.at() == Some(operand_at);
                    if self.mode == Mode::Loose && !nested && no_unit && blank {
                        self.cursor.at = end;
                        return Ok(unit);
                    }
                    return Err(error);
                }
            }
        }
    }

    /// An atom with its exponent.
    fn power(&mut self) -> Parsed {
        let atom = self.atom()?;
        let raised = self.cursor.raised();
        let exponent = if !raised.is_empty() {
            Rational64::from_integer(raised.parse().map_err(|_| UnitError::OutOfRange)?)
        } else if self.cursor.peek().is_some_and(|sign| sign.first == '^' && !sign.raised) {
            let before = self.cursor.at;
            self.cursor.take('^');
            // In a literal, `^` with a blank behind it belongs to the expression.
            if self.mode == Mode::Literal
                && !self.inside_parentheses()
                && self.cursor.clone().skip_blanks(true)
            {
                self.cursor.at = before;
                return Ok(atom);
            }
            self.exponent()?
        } else {
            return Ok(atom);
        };
        atom.power(exponent)
    }

    /// `["-"] INT ["/" INT]`, also in parentheses.
    fn exponent(&mut self) -> Result<Rational64, UnitError> {
        if self.cursor.take('(') {
            let exponent = self.exponent_parts()?;
            if !self.cursor.take(')') {
                return Err(self.expected("`)`", "“)”"));
            }
            return Ok(exponent);
        }
        self.exponent_parts()
    }

    fn exponent_parts(&mut self) -> Result<Rational64, UnitError> {
        let numerator = self.integer()?;
        let end = self.cursor.at;
        let mut denominator = 1;
        if self.cursor.take('/') {
            let digits = self.cursor.digits();
            // `/1` is never a denominator: in `m^2/1{TEU}` it is the next factor.
            if digits.is_empty() || digits == "1" {
                self.cursor.at = end;
            } else {
                denominator = digits.parse().map_err(|_| UnitError::OutOfRange)?;
            }
        }
        let most = crate::dimension::LARGEST_EXPONENT;
        if denominator == 0 || denominator > most || numerator.unsigned_abs() > most.unsigned_abs()
        {
            return Err(UnitError::OutOfRange);
        }
        Ok(Rational64::new(numerator, denominator))
    }

    fn atom(&mut self) -> Parsed {
        let start = self.cursor.at;
        if self.cursor.take('(') {
            return self.parenthesis();
        }
        for sign in ['%', '‰'] {
            if self.cursor.take(sign) {
                return self.named(&sign.to_string(), start);
            }
        }
        let Some(sign) = self.cursor.peek().filter(crate::cursor::Sign::is_word) else {
            return Err(self.expected("a unit", "单位"));
        };
        if sign.is_digit() {
            return self.one(start);
        }
        let word = self.cursor.word();
        let name = self.longer_name(word);
        let Some(atom) = self.table.resolve(&name) else {
            let near = near::names(self.table, &name);
            return Err(UnitError::Unknown { word: name, at: start, near });
        };
        let atom = self.with_reference(atom)?;
        self.with_annotations(atom)
    }

    fn parenthesis(&mut self) -> Parsed {
        if self.depth >= DEEPEST {
            return Err(UnitError::OutOfRange);
        }
        self.depth += 1;
        self.cursor.skip_blanks(true);
        let unit = self.unit();
        self.cursor.skip_blanks(true);
        self.depth -= 1;
        let unit = unit?;
        if !self.cursor.take(')') {
            return Err(self.expected("`)`", "“)”"));
        }
        Ok(unit)
    }

    /// `%` and `‰`, which carry nothing.
    fn named(&mut self, name: &str, start: usize) -> Parsed {
        let Some(atom) = self.table.resolve(name) else {
            return Err(UnitError::Unknown { word: name.to_owned(), at: start, near: Vec::new() });
        };
        if self.cursor.peek().is_some_and(|sign| matches!(sign.first, '{' | '@')) {
            return Err(self.expected(
                "an operator or the end of the unit (a plain number takes no annotation)",
                "运算符或单位的结尾（纯数不带注记）",
            ));
        }
        Unit::from_atom(atom)
    }

    /// The atom `1`, with or without annotations.
    fn one(&mut self, start: usize) -> Parsed {
        let digits = self.cursor.digits();
        let goes_on = self.cursor.peek().is_some_and(|sign| sign.is_word() || sign.first == '.');
        if digits != "1" || goes_on {
            self.cursor.at = start;
            return Err(self
                .expected("a unit (a number stands only before it)", "单位（数只能写在最前面）"));
        }
        self.with_annotations(Atom::number("1", Exact::one()))
    }

    /// A table name may hold a `·` (人·公里) or end in a raised digit (Nm³): the longest name wins.
    fn longer_name(&mut self, word: String) -> String {
        let end = self.cursor.at;
        let raised = self.cursor.raised();
        if !raised.is_empty() {
            let longer = format!("{word}{raised}");
            if self.table.knows(&longer) {
                return longer;
            }
        } else if self.cursor.take('·') {
            let second = self.cursor.word();
            let longer = format!("{word}·{second}");
            if !second.is_empty() && self.table.knows(&longer) {
                return longer;
            }
        }
        self.cursor.at = end;
        word
    }

    /// `@2015` behind a currency, `@20C` behind a gas volume.
    fn with_reference(&mut self, mut atom: Atom) -> Result<Atom, UnitError> {
        let start = self.cursor.at;
        if !self.cursor.take('@') {
            return Ok(atom);
        }
        let negative = self.cursor.take('-');
        let mut word = self.cursor.word();
        if self.cursor.take('.') {
            word = format!("{word}.{}", self.cursor.word());
        }
        if negative {
            word.insert(0, '-');
        }
        let Some((replaced, is_currency)) = referred(&atom.dimension, &word) else {
            self.cursor.at = start;
            return Err(self.expected(
                "no `@` here: only a currency (`CNY@2015`) or a volume (`m3@20C`) takes one",
                "不带“@”的单位：只有货币（CNY@2015）和体积（m3@20C）可带“@”",
            ));
        };
        let Some(dimension) = replaced else {
            self.cursor.at = start + 1;
            return Err(if is_currency {
                self.expected("a year of four digits, as in `CNY@2015`", "四位年份，如 CNY@2015")
            } else {
                self.expected("a temperature in °C, as in `m3@20C`", "摄氏温度，如 m3@20C")
            });
        };
        atom.dimension = dimension;
        atom.reference = Some(word);
        Ok(atom)
    }

    /// Annotations in braces, with no blank before them.
    fn with_annotations(&mut self, mut atom: Atom) -> Parsed {
        while self.cursor.peek().is_some_and(|sign| sign.first == '{' && !sign.raised) {
            if atom.is_celsius() {
                return Err(UnitError::CelsiusInProduct);
            }
            let text = self.braces()?;
            let annotation = Dimension::of(Base::Annotation(substances::canonical(&text)));
            atom.dimension = atom.dimension.times(&annotation).ok_or(UnitError::OutOfRange)?;
            atom.annotations.push(text);
            if atom.annotations.len() > DEEPEST {
                return Err(UnitError::OutOfRange);
            }
        }
        Unit::from_atom(atom)
    }

    /// `{ text }`: any text without braces, in plain form, its blanks single.
    fn braces(&mut self) -> Result<String, UnitError> {
        let start = self.cursor.at;
        self.cursor.take('{');
        let from = self.cursor.at;
        while let Some(sign) = self.cursor.peek() {
            let length = sign.end - from;
            if length > LONGEST_ANNOTATION || (sign.first == '{' && !sign.raised) {
                break;
            }
            if sign.first == '}' && !sign.raised {
                let raw = self.cursor.between(from, self.cursor.at);
                self.cursor.at = sign.end;
                let plain: String = raw.nfkc().collect();
                let text = plain.split_whitespace().collect::<Vec<_>>().join(" ");
                if text.is_empty() || text.contains(['{', '}']) {
                    break;
                }
                return Ok(text);
            }
            self.cursor.at = sign.end;
        }
        self.cursor.at = start;
        Err(self.expected("an annotation `{…}` with its closing brace", "有右括号的注记“{…}”"))
    }
}

/// The dimension with what stands behind `@`, and whether it is a currency; nothing inside if the
/// text does not fit, nothing at all if the dimension takes no `@`.
fn referred(dimension: &Dimension, word: &str) -> Option<(Option<Dimension>, bool)> {
    let mut bases = dimension.bases();
    let only = bases.next().filter(|_| bases.next().is_none())?;
    match only {
        (Base::Currency(code), exponent) if exponent.is_one() && !code.contains('@') => {
            let constant = |year| Dimension::of(Base::Currency(format!("{code}@{year}")));
            Some((price_year(word).map(constant), true))
        }
        (Base::Length, exponent) if exponent == Rational64::from_integer(3) => {
            let state = temperature(word).map(|state| Dimension::of(Base::State(state)));
            Some((state.and_then(|state| dimension.times(&state)), false))
        }
        _ => None,
    }
}

/// Four digits.
fn price_year(word: &str) -> Option<&str> {
    (word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())).then_some(word)
}

/// `20C`, `15.6C`, `20°C` as `20C`.
fn temperature(word: &str) -> Option<String> {
    let degrees = word.strip_suffix('C')?;
    let degrees = degrees.strip_suffix('°').unwrap_or(degrees);
    let digits = degrees.strip_prefix('-').unwrap_or(degrees);
    let (value, taken) = number::read_decimal(digits)?;
    let value = value.ok().filter(|_| taken == digits.len() && taken <= 8)?;
    let minus = if degrees.starts_with('-') && !value.is_zero() { "-" } else { "" };
    Some(format!("{minus}{}C", value.to_f64()?))
}
