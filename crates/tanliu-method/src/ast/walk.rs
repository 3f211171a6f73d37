//! 子式 What an expression is made of, as written.

use super::{Expr, ExprKind, Pattern, Selector};

impl Expr {
    /// The expressions it is directly made of.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Text(_) | ExprKind::Name(_) | ExprKind::Field(..) => {
                Vec::new()
            }
            ExprKind::Select(value, selectors) => {
                let keys = selectors.iter().filter_map(|selector| match selector {
                    Selector::Equals(_, key) => Some(key),
                    Selector::Shift(..) | Selector::Bare(_) => None,
                });
                std::iter::once(value.as_ref()).chain(keys).collect()
            }
            ExprKind::Call(_, arguments) => arguments.iter().collect(),
            ExprKind::Reduce(reduce) => {
                reduce.arguments.iter().chain(reduce.weight.as_ref()).collect()
            }
            ExprKind::Negate(a) | ExprKind::Not(a) | ExprKind::In(a, _) => vec![a],
            ExprKind::Adjust { value: a, by: b, .. }
            | ExprKind::Binary(_, _, a, b)
            | ExprKind::Compare(_, _, a, b)
            | ExprKind::Where(a, b) => vec![a, b],
            ExprKind::If(a, b, c) => vec![a, b, c],
            ExprKind::Match(value, arms) => {
                let mut children = vec![value.as_ref()];
                for arm in arms {
                    if let Pattern::Values(values) = &arm.pattern {
                        children.extend(values);
                    }
                    children.push(&arm.value);
                }
                children
            }
        }
    }
}
