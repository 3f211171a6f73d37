#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::todo
)]
//! What texts mean, what is refused, and that nothing breaks the parser.

mod declarations;
mod expressions;
mod literals;
mod messages;
mod recovery;
mod shape;
mod soup;

use super::*;
use crate::ast::{FormulaDecl, Item};
use shape::shape;

pub(super) fn units() -> UnitTable {
    UnitTable::builtin()
}

/// Reads a text that is one block.
pub(super) fn read(text: &str) -> Parsed {
    parse("a.md", text, &[Span::new(0, text.len())], &units())
}

/// Reads a text that must be right.
pub(super) fn good(text: &str) -> Vec<Declaration> {
    let parsed = read(text);
    assert!(parsed.diagnostics.is_empty(), "{text}\n{}", shown(text, &parsed.diagnostics));
    assert!(parsed.broken.is_empty());
    parsed.declarations
}

/// Reads a text that is one right declaration.
pub(super) fn one(text: &str) -> Declaration {
    let mut declarations = good(text);
    assert_eq!(declarations.len(), 1, "{text}: {declarations:#?}");
    declarations.remove(0)
}

/// Reads a text that is one right formula.
pub(super) fn formula(text: &str) -> FormulaDecl {
    match one(text).item {
        Item::Formula(formula) => formula,
        other => panic!("{text}: {other:?}"),
    }
}

/// The expression as nested lists.
pub(super) fn shape_of(text: &str) -> String {
    match parse_expression("a.md", text, &units()) {
        Ok(expression) => shape(&expression),
        Err(diagnostics) => panic!("{text}\n{}", shown(text, &diagnostics)),
    }
}

/// The findings as people see them.
pub(super) fn shown(text: &str, diagnostics: &[Diagnostic]) -> String {
    let sources = std::collections::BTreeMap::from([("a.md".to_string(), text.to_string())]);
    tanliu_diagnostic::render(diagnostics, &sources, tanliu_diagnostic::Lang::En, false)
}
