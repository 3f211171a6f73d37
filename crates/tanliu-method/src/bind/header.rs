//! 表头 What a header text says: a name or label, and a unit in the last brackets.

use unicode_normalization::UnicodeNormalization;

/// A header text as it is compared: NFKC (full-width signs become plain ones), trimmed.
pub fn normal(text: &str) -> String {
    if text.is_ascii() {
        return text.trim().to_owned();
    }
    text.nfkc().collect::<String>().trim().to_owned()
}

/// Splits `energy (万吨标准煤)` into the name and the unit of its last brackets, round or square;
/// brackets inside the unit may nest: `强度 (tCO2/(万元@2015))`, `x (t{clinker})`.
///
/// Without brackets at the end, with nothing in them or nothing before them there is no unit.
pub fn split_header(header: &str) -> (String, Option<String>) {
    let text = normal(header);
    let Some(start) = last_brackets(&text) else { return (text, None) };
    let (name, rest) = text.split_at(start);
    let name = name.trim();
    if name.is_empty() {
        return (text, None);
    }
    let inside = rest.get(1..rest.len() - 1).unwrap_or("").trim();
    (name.to_owned(), (!inside.is_empty()).then(|| inside.to_owned()))
}

/// Where the brackets begin that close at the end of the text.
fn last_brackets(text: &str) -> Option<usize> {
    if !text.ends_with([')', ']']) {
        return None;
    }
    let mut open = Vec::new();
    for (position, sign) in text.char_indices().rev() {
        match sign {
            ')' => open.push('('),
            ']' => open.push('['),
            '}' => open.push('{'),
            '(' | '[' | '{' => {
                if open.pop() != Some(sign) {
                    return None;
                }
                if open.is_empty() {
                    return Some(position);
                }
            }
            _ => {}
        }
    }
    None
}
