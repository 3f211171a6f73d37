//! 字面量排版 Numbers with their units, keys, truth values.

use super::html::escape;
use super::math::{Level, Math, operator, words};
use super::unit::pretty;
use tanliu_method::ast::{Literal, LiteralValue};

impl Math<'_> {
    /// A number with its unit, a key, a truth value.
    pub(super) fn literal(&self, literal: &Literal) -> (Level, String) {
        let LiteralValue::Number { .. } = &literal.value else {
            let word = match &literal.value {
                LiteralValue::Bool(true) => self.say("是", "true"),
                LiteralValue::Bool(false) => self.say("否", "false"),
                _ => literal.text.as_str(),
            };
            return (Level::Atom, words(word));
        };
        let (number, unit) = split_literal(&literal.text);
        let (mut level, mut set) = (Level::Atom, number_markup(number));
        if number.contains(['/', '^', 'e', 'E']) {
            level = Level::Product;
        }
        if !unit.is_empty() {
            level = Level::Product;
            let gap = if unit.starts_with(['%', '‰']) { "" } else { "<mspace width=\"0.2em\"/>" };
            set.push_str(&format!("{gap}<mtext>{}</mtext>", escape(&pretty(unit))));
            if unit == "%" || unit == "‰" {
                level = Level::Atom;
            }
        }
        (level, set)
    }
}

/// `44/12 tCO2/tC` parted behind the number.
pub(super) fn split_literal(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = usize::from(text.starts_with(['-', '+']));
    while digit(at) || (bytes.get(at) == Some(&b'.') && digit(at + 1)) {
        at += 1;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(bytes.get(at + 1), Some(b'-' | b'+')));
        if digit(at + 1 + signed) {
            at += 1 + signed;
        }
    } else if matches!(bytes.get(at), Some(b'/' | b'^')) {
        let signed = usize::from(bytes.get(at + 1) == Some(&b'-'));
        if digit(at + 1 + signed) {
            at += 1 + signed;
        }
    }
    while digit(at) || (bytes.get(at) == Some(&b'.') && digit(at + 1)) {
        at += 1;
    }
    (text.get(..at).unwrap_or(text), text.get(at..).unwrap_or("").trim())
}

fn number_markup(number: &str) -> String {
    let plain = |number: &str| format!("<mn>{}</mn>", escape(&number.replace('-', "−")));
    if let Some((above, below)) = number.split_once('/') {
        return format!("<mfrac>{}{}</mfrac>", plain(above), plain(below));
    }
    if let Some((base, power)) = number.split_once('^') {
        return format!("<msup>{}{}</msup>", plain(base), plain(power));
    }
    if let Some((mantissa, power)) = number.split_once(['e', 'E']) {
        let power = plain(power.trim_start_matches('+'));
        return format!("{}{}<msup><mn>10</mn>{power}</msup>", plain(mantissa), operator("×"));
    }
    plain(number)
}
