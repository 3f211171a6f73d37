//! 字面量 A scalar's value as written: `3 MWh`, `44/12 tCO2/tC`, `10^4 CNY`, `2,500 t`.

use super::context::unit_fault;
use super::header::normal;
use crate::number::parse_number;
use tanliu_diagnostic::Text;
use tanliu_unit::{Unit, UnitTable};

/// 字面量 A number with the unit behind it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Literal {
    /// The number.
    pub(super) value: f64,
    /// The unit, if one is written.
    pub(super) unit: Option<Unit>,
}

/// Reads a number with a unit.
pub(super) fn read(text: &str, units: &UnitTable) -> Result<Literal, Text> {
    let text = normal(text).replace('−', "-");
    let (mut value, rest) = leading_number(&text).ok_or_else(|| {
        Text::new(format!("「{text}」不以数开头"), format!("`{text}` does not begin with a number"))
    })?;
    let (factor, mut rest) = factor(value, rest)?;
    value = factor;
    if !value.is_finite() {
        return Err(Text::new(format!("「{text}」太大"), format!("`{text}` is too large")));
    }
    rest = rest.trim();
    if rest.is_empty() {
        return Ok(Literal { value, unit: None });
    }
    let (unit, taken) = units.parse_start(rest, false).map_err(|error| unit_fault(rest, &error))?;
    match rest.get(taken..).map(str::trim) {
        Some("") => Ok(Literal { value: value + 0.0, unit: Some(unit) }),
        other => {
            let left = other.unwrap_or("");
            Err(Text::new(
                format!("单位之后多出「{left}」"),
                format!("`{left}` stands behind the unit"),
            ))
        }
    }
}

/// The longest beginning that is a number, and what follows it.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let numeric = |sign: char| {
        sign.is_ascii_digit() || matches!(sign, '.' | ',' | ' ' | '+' | '-' | 'e' | 'E')
    };
    let end = text.find(|sign| !numeric(sign)).unwrap_or(text.len());
    (1..=end).rev().find_map(|end| {
        let (number, rest) = text.split_at_checked(end)?;
        let read = parse_number(number).ok().filter(|read| !read.percent)?;
        // `2,50` must not read as 2 with something behind it.
        let whole =
            !rest.starts_with(|sign: char| sign.is_ascii_digit() || sign == ',' || sign == '.');
        whole.then_some((read.value, rest))
    })
}

/// `44/12` and `10^4`: a second number right behind the first.
fn factor(value: f64, rest: &str) -> Result<(f64, &str), Text> {
    let digits = |text: &str| text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
    if let Some(behind) = rest.strip_prefix('/')
        && behind.starts_with(|sign: char| sign.is_ascii_digit())
    {
        let end = behind
            .find(|sign: char| !(sign.is_ascii_digit() || sign == '.'))
            .unwrap_or(behind.len());
        let (number, rest) = behind.split_at(end);
        let divisor = number.parse::<f64>().unwrap_or(0.0);
        if divisor == 0.0 {
            return Err(Text::new("除数为 0", "division by zero"));
        }
        return Ok((value / divisor, rest));
    }
    let Some(behind) = rest.strip_prefix('^') else { return Ok((value, rest)) };
    let (negative, behind) = match behind.strip_prefix('-') {
        Some(behind) => (true, behind),
        None => (false, behind),
    };
    let (number, rest) = behind.split_at(digits(behind));
    let exponent: f64 = number
        .parse()
        .map_err(|_| Text::new("「^」之后应为整数", "expected a whole number behind `^`"))?;
    Ok((libm::pow(value, if negative { -exponent } else { exponent }), rest))
}
