//! 数的读写 Numbers as people write them in cells, and the shortest text that reads back.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use tanliu_diagnostic::Text;
use unicode_normalization::UnicodeNormalization;

/// 读出的数 A number as a cell shows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadNumber {
    /// The number before a percent sign: `5 %` is 5. Never −0.
    pub value: f64,
    /// Whether a percent sign follows it.
    pub percent: bool,
}

/// 读数之误 Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Nothing but blanks.
    Empty,
    /// Not a number at all: a word, a date, two numbers.
    NotANumber,
    /// Separators that do not stand between whole groups of three digits: `1,0.5`, `12,34`.
    Grouping,
    /// Beyond the largest double, about 1.8e308.
    TooLarge,
}

impl NumberFault {
    /// What is wrong, to follow a quotation of the cell.
    pub fn text(self) -> Text {
        match self {
            Self::Empty => Text::new("单元格是空的", "the cell is empty"),
            Self::NotANumber => Text::new("不是数", "not a number"),
            Self::Grouping => Text::new(
                "千位分隔符没有按三位一组分隔（应如 2,500 或 12,345.6）",
                "thousands separators do not part whole groups of three digits \
                 (as in 2,500 or 12,345.6)",
            ),
            Self::TooLarge => Text::new("数太大，超出可表示的范围", "the number is too large"),
        }
    }
}

/// Reads the number of a cell: blanks around it, full-width signs, `−`, thousands separators in
/// whole groups (`2,500`, `1 000`, one kind in one number), exponents (`1e4`), a percent sign.
/// No hexadecimal, no infinity, no NaN.
///
/// # Errors
/// Says why the text is no number.
pub fn parse_number(text: &str) -> Result<ReadNumber, NumberFault> {
    let plain = plain(text);
    let plain = plain.trim();
    let (number, percent) = match plain.strip_suffix('%') {
        Some(number) => (number.trim_end(), true),
        None => (plain, false),
    };
    if number.is_empty() {
        return Err(if percent { NumberFault::NotANumber } else { NumberFault::Empty });
    }
    let (digits, has_separators) = check(number)?;
    let read =
        if has_separators { number.replace([',', ' '], "").parse() } else { digits.parse::<f64>() };
    match read {
        Ok(value) if value.is_finite() => Ok(ReadNumber { value: value + 0.0, percent }),
        Ok(_) => Err(NumberFault::TooLarge),
        Err(_) => Err(NumberFault::NotANumber),
    }
}

/// The shortest text that reads back as `x`: plain from 1e-7 up to below 1e17, else `1.5e-9`.
pub fn format_number(x: f64) -> String {
    let x = x + 0.0;
    if x == 0.0 || !x.is_finite() || (1e-7..1e17).contains(&x.abs()) {
        format!("{x}")
    } else {
        format!("{x:e}")
    }
}

/// The text with full-width signs, odd blanks and the minus sign made plain.
fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfkc().map(|sign| if sign == '−' { '-' } else { sign }).collect())
}

/// Checks `[sign] digits [. digits] [e [sign] digits]` with separators in the whole part, and says
/// whether it has any.
fn check(number: &str) -> Result<(&str, bool), NumberFault> {
    let unsigned = number.strip_prefix(['+', '-']).unwrap_or(number);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    if exponent.is_some_and(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        digits.is_empty() || !all_digits(digits)
    }) {
        return Err(NumberFault::NotANumber);
    }
    let is_separator = |byte: u8| byte == b',' || byte == b' ';
    let has_digit = mantissa.bytes().any(|byte| byte.is_ascii_digit());
    let known = |byte: u8| byte.is_ascii_digit() || byte == b'.' || is_separator(byte);
    if !has_digit || !mantissa.bytes().all(known) {
        return Err(NumberFault::NotANumber);
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if fraction.contains('.') {
        return Err(NumberFault::NotANumber);
    }
    if !all_digits(fraction) {
        return Err(NumberFault::Grouping);
    }
    let Some(separator) = whole.bytes().find(|byte| is_separator(*byte)) else {
        return Ok((number, false));
    };
    let mut groups = whole.split(char::from(separator));
    let first = groups.next().unwrap_or("");
    let first_fits = (1..=3).contains(&first.len()) && all_digits(first) && !first.starts_with('0');
    if first_fits && groups.all(|group| group.len() == 3 && all_digits(group)) {
        Ok((number, true))
    } else {
        Err(NumberFault::Grouping)
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
