//! 选取 `co2[year=2016, grid=east]`: one figure of a result, as people type it in a shell.

use super::parse_literal;
use crate::ast::Literal;
use tanliu_diagnostic::{Diagnostic, Place, Span};
use tanliu_unit::UnitTable;
use unicode_normalization::UnicodeNormalization;

/// 选取 A name and the keys that pick one of its figures.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The name, with a point where it is of a document in use: `cm.om`.
    pub name: String,
    /// The indexes and their keys, in the order written.
    pub keys: Vec<(String, SelectedKey)>,
}

/// 所选的键 What stands behind `=`.
#[derive(Debug, Clone)]
pub enum SelectedKey {
    /// `2016`, `2021-07`, `true`
    Literal(Box<Literal>),
    /// Anything else as written, NFC: a member, a label, a key of an open set (`P-01`).
    Word(String),
    /// A string in quotes.
    Text(String),
}

/// Reads a selection. Full-width signs are plain ones here, and a key needs no quotation marks
/// unless it has a comma or a bracket.
///
/// # Errors
/// One diagnostic with a place in `text` under the name `source`.
pub fn parse_selector(
    source: &str,
    text: &str,
    units: &UnitTable,
) -> Result<Selection, Box<Diagnostic>> {
    let plain: String = text.nfkc().collect();
    let refused = || {
        let diagnostic = Diagnostic::error(
            "syntax-selection",
            format!("`{text}` 不是一处结果"),
            format!("`{text}` does not name a figure"),
        )
        .at(Place::span(source, Span::new(0, text.len())), "", "")
        .hint("写作 `名称[索引=键, …]`", "write `name[index=key, …]`");
        Box::new(diagnostic)
    };
    let plain = plain.trim();
    let (name, list) = match plain.split_once('[') {
        Some((name, list)) => (name, list.strip_suffix(']').ok_or_else(refused)?),
        None => (plain, ""),
    };
    let name: String = name.trim().nfc().collect();
    if !name.split('.').all(is_name) {
        return Err(refused());
    }
    let mut keys = Vec::new();
    for item in split_items(list) {
        let (index, key) = item.split_once('=').ok_or_else(refused)?;
        let (index, key) = (index.trim(), key.trim());
        if !is_name(index) || key.is_empty() {
            return Err(refused());
        }
        keys.push((index.to_string(), selected_key(source, key, units)));
    }
    Ok(Selection { name, keys })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && super::scan::first_word(text).len() == text.len()
}

fn selected_key(source: &str, key: &str, units: &UnitTable) -> SelectedKey {
    let quoted = key.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(text) = quoted {
        return SelectedKey::Text(text.replace("\\\"", "\"").replace("\\\\", "\\"));
    }
    match parse_literal(source, key, units) {
        Ok(literal) => SelectedKey::Literal(Box::new(literal)),
        Err(_) => SelectedKey::Word(key.to_string()),
    }
}

/// Parts a list at its commas outside quotation marks.
fn split_items(list: &str) -> Vec<&str> {
    let mut quoted = false;
    let items = list.split(move |character| {
        quoted ^= character == '"';
        character == ',' && !quoted
    });
    items.map(str::trim).filter(|item| !item.is_empty()).collect()
}
