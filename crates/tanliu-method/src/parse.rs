//! 语法分析 From the text of `tan` blocks to declarations; never fails.
//!
//! 1. `scan` reads the blocks once: which lines make up one declaration, which signs are
//!    full-width and what they stand for.
//! 2. Each declaration is read by recursive descent, without a list of tokens: what a sign or a
//!    word means depends on where it stands, units above all.
//! 3. An error ends the declaration it stands in; the next one is read as if nothing had happened.

mod call;
mod clause;
mod cursor;
mod declaration;
mod expression;
mod literal;
mod meant;
mod message;
mod operand;
mod print;
mod scan;
mod selector;
mod signs;
mod unit;
mod words;

#[cfg(test)]
mod tests;

pub use print::{comparison_sign, operator_sign, print_expression};
pub use selector::{SelectedKey, Selection, parse_selector};
pub(crate) use words::REDUCTIONS;

use crate::ast::{Declaration, Expr, Literal};
use cursor::{Parser, Step};
use tanliu_diagnostic::{Diagnostic, Place, Span};
use tanliu_unit::UnitTable;

/// How deep brackets, branches and signs may be nested.
const DEPTH_LIMIT: usize = 64;

/// How high the tree of an expression may grow: who walks it later needs that much stack.
const HEIGHT_LIMIT: usize = 400;

/// 分析结果 The declarations that could be read, and what is wrong with the others.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The declarations, in the order of the document.
    pub declarations: Vec<Declaration>,
    /// What was found wrong, in the order of the document.
    pub diagnostics: Vec<Diagnostic>,
    /// 未读出的名称 Names whose declaration could not be read: to use them is no second error.
    pub broken: Vec<String>,
}

/// Reads the declarations of the `blocks` of a document. `source` names it in places; all spans
/// are bytes of `text`.
pub fn parse(source: &str, text: &str, blocks: &[Span], units: &UnitTable) -> Parsed {
    let scanned = scan::scan(text, blocks);
    let mut parser = Parser::new(source, text, &scanned.plain, units);
    let mut declarations = Vec::new();
    let mut broken = Vec::new();
    for region in &scanned.regions {
        parser.enter(*region);
        match parser.declaration() {
            Ok(declaration) => declarations.push(declaration),
            Err(_) => broken.extend(parser.declared.take()),
        }
    }
    parser.report_wide(&scanned.wide);
    Parsed { declarations, diagnostics: in_order(parser.diagnostics), broken }
}

/// 表达式 Reads a whole text as one expression: `--set x="3 MWh"`, a value of `Given:`.
///
/// # Errors
/// The diagnostics, with places in `text` under the name `source`.
pub fn parse_expression(
    source: &str,
    text: &str,
    units: &UnitTable,
) -> Result<Expr, Vec<Diagnostic>> {
    parse_whole(source, text, units, |parser| parser.expression())
}

/// 字面量 Reads a whole text as one literal, a sign before it allowed: `3 MWh`, `-5`, `2021-07`.
///
/// # Errors
/// The diagnostics, with places in `text` under the name `source`.
pub fn parse_literal(
    source: &str,
    text: &str,
    units: &UnitTable,
) -> Result<Literal, Vec<Diagnostic>> {
    parse_whole(source, text, units, |parser| parser.signed_literal())
}

fn parse_whole<T>(
    source: &str,
    text: &str,
    units: &UnitTable,
    rule: impl FnOnce(&mut Parser<'_>) -> Step<T>,
) -> Result<T, Vec<Diagnostic>> {
    let whole = Span::new(0, text.len());
    let scanned = scan::scan(text, &[whole]);
    let mut parser = Parser::new(source, text, &scanned.plain, units);
    parser.enter(whole);
    let mut result = rule(&mut parser);
    if result.is_ok() && !parser.at_end() {
        result = Err(parser.unexpected_behind_value("结尾", "the end"));
    }
    parser.report_wide(&scanned.wide);
    match result {
        Ok(value) if parser.diagnostics.is_empty() => Ok(value),
        _ => Err(in_order(parser.diagnostics)),
    }
}

/// The findings in the order of the document.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|diagnostic| {
        match diagnostic.labels.first().map(|label| &label.place) {
            Some(Place::Span { span, .. }) => span.start,
            _ => 0,
        }
    });
    diagnostics
}
