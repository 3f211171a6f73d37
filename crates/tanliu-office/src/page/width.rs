//! 宽度 How wide an expression is when set, and where it may be broken.

use super::choice::STACKED_WIDTH;
use super::math::Math;
use tanliu_method::ast::{BinaryOp, Expr, ExprKind, Pattern, Selector};
use tanliu_method::parse::print_expression;

/// A term or factor with the sign before it.
pub(super) type Part<'e> = (Option<&'static str>, &'e Expr);

impl Math<'_> {
    /// The widest term of a sum or factor of a product, which no line break can part.
    pub(super) fn widest_term(&self, expression: &Expr) -> usize {
        let mut parts = Vec::new();
        match &expression.kind {
            ExprKind::Binary(BinaryOp::Multiply, ..) => {
                flatten_product(expression, None, &mut parts);
            }
            _ => flatten_sum(expression, None, &mut parts),
        }
        parts.iter().map(|(_, part)| self.width(part)).max().unwrap_or(0)
    }

    /// About how wide an expression is when set, in tenths of a character.
    pub(super) fn width(&self, expression: &Expr) -> usize {
        match &expression.kind {
            ExprKind::Name(name) => self.name_width(name, &[]),
            ExprKind::Select(value, selectors) => match &value.kind {
                ExprKind::Name(name) => self.name_width(name, selectors),
                _ => self.width(value) + 60,
            },
            ExprKind::Binary(BinaryOp::Divide, _, above, below) => {
                self.width(above).max(self.width(below))
            }
            ExprKind::Binary(_, _, left, right) => self.width(left) + self.width(right) + 20,
            ExprKind::Call(function, arguments) => {
                let inside: usize =
                    arguments.iter().map(|argument| self.width(argument) + 10).sum();
                text_width(&function.text) + inside + 10
            }
            ExprKind::Reduce(reduce) => {
                let inside: usize = reduce.arguments.iter().map(|part| self.width(part)).sum();
                let weight = reduce.weight.as_ref().map_or(0, |weight| self.width(weight) + 20);
                let over: usize = reduce.over.len() * 10;
                inside + weight + over.max(20)
            }
            // Wide cases are stacked.
            ExprKind::If(..) | ExprKind::Match(..) => {
                self.total_width(expression).min(STACKED_WIDTH)
            }
            _ => text_width(&print_expression(expression)),
        }
    }

    /// The width with conditions beside their values.
    pub(super) fn total_width(&self, expression: &Expr) -> usize {
        let row = |value: &Expr, condition: usize| self.width(value) + condition + 60;
        match &expression.kind {
            ExprKind::If(condition, value, otherwise) => {
                row(value, self.width(condition)).max(self.total_width(otherwise))
            }
            ExprKind::Match(subject, arms) => {
                let subject = self.width(subject);
                let rows = arms.iter().map(|arm| {
                    let pattern = match &arm.pattern {
                        Pattern::Else => 80,
                        Pattern::Compare(_, literal) => subject + text_width(&literal.text) + 20,
                        Pattern::Range(low, high) => {
                            subject + text_width(&low.text) + text_width(&high.text) + 40
                        }
                        Pattern::Values(values) => {
                            let keys = values.iter().map(|value| self.width(value) * 2 + 30);
                            subject + keys.sum::<usize>()
                        }
                    };
                    row(&arm.value, pattern)
                });
                rows.max().unwrap_or(0)
            }
            ExprKind::Binary(_, _, left, right) => {
                self.total_width(left) + self.total_width(right) + 20
            }
            ExprKind::Adjust { value, by, .. } => self.width(value) + self.width(by) + 60,
            _ => self.width(expression),
        }
    }

    pub(super) fn name_width(&self, name: &str, selectors: &[Selector]) -> usize {
        let dims = self.symbols.get(name).map_or(&[] as &[String], |symbol| &symbol.dims);
        let below: usize =
            dims.iter().map(|dim| text_width(self.symbols.subscript(dim)) * 7 / 10 + 7).sum();
        text_width(name) + below + selectors.len() * 20
    }
}

/// The parts of a chain, left to right.
pub(super) fn flatten_sum<'e>(
    expression: &'e Expr,
    sign: Option<&'static str>,
    parts: &mut Vec<Part<'e>>,
) {
    match &expression.kind {
        ExprKind::Binary(BinaryOp::Add, _, left, right) => {
            flatten_sum(left, sign, parts);
            parts.push((Some("+"), right));
        }
        ExprKind::Binary(BinaryOp::Subtract, _, left, right) => {
            flatten_sum(left, sign, parts);
            parts.push((Some("−"), right));
        }
        _ => parts.push((sign, expression)),
    }
}

/// The parts of a chain, left to right.
pub(super) fn flatten_product<'e>(
    expression: &'e Expr,
    sign: Option<&'static str>,
    parts: &mut Vec<Part<'e>>,
) {
    match &expression.kind {
        ExprKind::Binary(BinaryOp::Multiply, _, left, right) => {
            flatten_product(left, sign, parts);
            parts.push((Some("×"), right));
        }
        _ => parts.push((sign, expression)),
    }
}

fn text_width(text: &str) -> usize {
    text.chars().map(|sign| if sign.is_ascii() { 10 } else { 20 }).sum()
}
