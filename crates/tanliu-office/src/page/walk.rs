//! 遍历 The names that an expression uses.

use tanliu_method::ast::{Expr, ExprKind, Pattern, Selector};

/// The names used, each once, in the order of their first use.
pub(super) fn names(expression: &Expr) -> Vec<String> {
    let mut found = Vec::new();
    collect(expression, &mut found);
    found
}

fn add(name: String, found: &mut Vec<String>) {
    if !found.contains(&name) {
        found.push(name);
    }
}

fn collect(expression: &Expr, found: &mut Vec<String>) {
    match &expression.kind {
        ExprKind::Literal(_) | ExprKind::Text(_) => {}
        ExprKind::Name(name) => add(name.clone(), found),
        ExprKind::Field(document, name) => add(format!("{}.{}", document.text, name.text), found),
        ExprKind::Select(value, selectors) => {
            collect(value, found);
            for selector in selectors {
                if let Selector::Equals(_, key) = selector {
                    collect(key, found);
                }
            }
        }
        ExprKind::Call(function, arguments) => {
            add(function.text.clone(), found);
            arguments.iter().for_each(|argument| collect(argument, found));
        }
        ExprKind::Reduce(reduce) => {
            reduce.arguments.iter().for_each(|argument| collect(argument, found));
            reduce.weight.iter().for_each(|weight| collect(weight, found));
            reduce.by.iter().for_each(|mapping| add(mapping.text.clone(), found));
        }
        ExprKind::Negate(value) | ExprKind::Not(value) | ExprKind::In(value, _) => {
            collect(value, found);
        }
        ExprKind::Adjust { value: left, by: right, .. }
        | ExprKind::Binary(_, _, left, right)
        | ExprKind::Compare(_, _, left, right)
        | ExprKind::Where(left, right) => {
            collect(left, found);
            collect(right, found);
        }
        ExprKind::If(condition, value, otherwise) => {
            collect(condition, found);
            collect(value, found);
            collect(otherwise, found);
        }
        ExprKind::Match(subject, arms) => {
            collect(subject, found);
            for arm in arms {
                if let Pattern::Values(values) = &arm.pattern {
                    values.iter().for_each(|value| collect(value, found));
                }
                collect(&arm.value, found);
            }
        }
    }
}
