//! Expressions as nested lists, so that a test can say what binds to what.

use crate::ast::{Expr, ExprKind, Literal, LiteralValue, Name, Pattern, Selector};
use crate::parse::{comparison_sign, operator_sign};

/// `(+ a (* b c))`
pub(super) fn shape(expression: &Expr) -> String {
    let list = |items: &[Expr]| items.iter().map(shape).collect::<Vec<_>>().join(" ");
    match &expression.kind {
        ExprKind::Literal(value) => literal(value),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Field(document, name) => format!("(. {} {})", document.text, name.text),
        ExprKind::Select(value, selectors) => {
            let selectors: Vec<_> = selectors.iter().map(selector).collect();
            format!("(at {} {})", shape(value), selectors.join(" "))
        }
        ExprKind::Call(function, arguments) => {
            format!("({} {})", function.text, list(arguments)).replace(" )", ")")
        }
        ExprKind::Reduce(reduce) => {
            let mut text = format!("({} {}", reduce.function.text, list(&reduce.arguments));
            text += &format!(" over {}", names(&reduce.over));
            if let Some(to) = &reduce.to {
                text += &format!(" to {}", to.text);
            }
            if !reduce.by.is_empty() {
                text += &format!(" by {}", names(&reduce.by));
            }
            if let Some(weight) = &reduce.weight {
                text += &format!(" weighted {}", shape(weight));
            }
            if let Some(window) = reduce.last {
                text += if window.up_to { " last-up-to " } else { " last " };
                text += &window.steps.to_string();
            }
            text += if reduce.descending { " descending)" } else { ")" };
            text
        }
        ExprKind::Adjust { inflate, value, by } => {
            let name = if *inflate { "inflate" } else { "discount" };
            format!("({name} {} by {})", shape(value), shape(by))
        }
        ExprKind::Negate(value) => format!("(neg {})", shape(value)),
        ExprKind::Not(value) => format!("(not {})", shape(value)),
        ExprKind::Binary(operator, _, left, right) => {
            format!("({} {} {})", operator_sign(*operator), shape(left), shape(right))
        }
        ExprKind::Compare(operator, _, left, right) => {
            format!("({} {} {})", comparison_sign(*operator), shape(left), shape(right))
        }
        ExprKind::In(value, unit) => format!("(in {} {})", shape(value), unit.text),
        ExprKind::Where(value, test) => format!("(where {} {})", shape(value), shape(test)),
        ExprKind::If(condition, value, otherwise) => {
            format!("(if {} {} {})", shape(condition), shape(value), shape(otherwise))
        }
        ExprKind::Match(subject, arms) => {
            let mut text = format!("(match {}", shape(subject));
            for arm in arms {
                text += &format!(" [{}: {}]", pattern(&arm.pattern), shape(&arm.value));
            }
            text + ")"
        }
    }
}

fn pattern(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Values(values) => values.iter().map(shape).collect::<Vec<_>>().join("|"),
        Pattern::Range(low, high) => format!("{}..{}", literal(low), literal(high)),
        Pattern::Compare(operator, value) => {
            format!("{}{}", comparison_sign(*operator), literal(value))
        }
        Pattern::Else => "else".to_string(),
    }
}

fn names(names: &[Name]) -> String {
    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(",")
}

fn selector(selector: &Selector) -> String {
    match selector {
        Selector::Bare(index) => index.text.clone(),
        Selector::Shift(index, steps) => format!("{}{steps:+}", index.text),
        Selector::Equals(index, key) => format!("{}={}", index.text, shape(key)),
    }
}

/// `3`, `3<kg/t>`, `@2021-07`
pub(super) fn literal(literal: &Literal) -> String {
    match &literal.value {
        LiteralValue::Number { number, unit: None, .. } => number.to_string(),
        LiteralValue::Number { number, unit: Some(unit), .. } => format!("{number}<{unit}>"),
        LiteralValue::Key(key) => format!("@{key}"),
        LiteralValue::Bool(value) => value.to_string(),
    }
}
