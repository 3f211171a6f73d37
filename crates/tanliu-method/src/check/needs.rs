//! 依赖 Which names a right side mentions, and an order in which long chains resolve one by one.
//!
//! Bodies are resolved on demand: a formula without a declared unit is looked at where another
//! first names it. A chain of thousands written in reverse would nest as deep as it is long;
//! this order, taken from the syntax tree before any unit is known, keeps the nesting flat.

use super::{Checker, Entity, State, Work};
use crate::ast::{AsOf, Expr, ExprKind, ParamValue};
use crate::program::VariableId;
use std::collections::BTreeSet;

impl Checker<'_> {
    /// Variables with a body, what is needed first before what needs it; circles anyhow.
    pub(super) fn order_by_needs(&self) -> Vec<VariableId> {
        let mut order = Vec::new();
        let mut met: BTreeSet<VariableId> = BTreeSet::new();
        for start in 0..self.pending.len() {
            let mut open = self.enter_need(start, &mut met);
            while let Some((id, needs)) = open.last_mut() {
                let id = *id;
                match needs.pop() {
                    Some(need) => open.extend(self.enter_need(need, &mut met).pop()),
                    None => {
                        order.push(id);
                        open.pop();
                    }
                }
            }
        }
        order
    }

    /// A variable met for the first time, with its needs; the first one stands last.
    fn enter_need(
        &self,
        id: VariableId,
        met: &mut BTreeSet<VariableId>,
    ) -> Vec<(VariableId, Vec<VariableId>)> {
        if !met.insert(id) {
            return Vec::new();
        }
        let mut needs = self.needs(id);
        needs.reverse();
        vec![(id, needs)]
    }

    /// The variables that must be resolved before this one can be.
    fn needs(&self, id: VariableId) -> Vec<VariableId> {
        let Some(pending) = self.pending.get(id) else { return Vec::new() };
        let (scope, expr): (usize, &Expr) = match &pending.work {
            Work::Nothing => return Vec::new(),
            Work::Formula(formula) => (pending.scope, &formula.expr),
            Work::Parameter(param) => match &param.value {
                ParamValue::Expr(expr) => (pending.scope, expr),
                _ => return Vec::new(),
            },
            Work::Argument { outer, expr } => (*outer, expr),
            Work::Factor(factor) => match &factor.as_of {
                AsOf::Latest { before, .. } => (pending.scope, before),
                AsOf::MeanOfLast { before: Some(before), .. } => (pending.scope, before),
                _ => return Vec::new(),
            },
        };
        let mut found = Vec::new();
        for name in mentioned(expr) {
            let entity = match name {
                Mention::Name(name) => self.scope(scope).names.get(name),
                Mention::Field(document, name) => match self.scope(scope).names.get(document) {
                    Some(Entity::Use(inner)) => self.scope(*inner).names.get(name),
                    _ => None,
                },
            };
            if let Some(Entity::Variable(need)) = entity
                && self.awaited(*need)
            {
                found.push(*need);
            }
        }
        found
    }

    /// Whether naming the variable resolves it: its unit or its indexes are not known before.
    fn awaited(&self, id: VariableId) -> bool {
        self.pending.get(id).is_some_and(|pending| {
            pending.state == State::Waiting
                && (pending.declared.is_none() || self.scope(pending.scope).relaxed)
        })
    }
}

/// A name as it stands in an expression.
enum Mention<'e> {
    Name(&'e str),
    /// `cm.NAME`
    Field(&'e str, &'e str),
}

/// All names in an expression, in order; functions of the document see no formulas.
fn mentioned(expr: &Expr) -> Vec<Mention<'_>> {
    let mut found = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Name(name) => found.push(Mention::Name(name)),
            ExprKind::Field(document, name) => {
                found.push(Mention::Field(&document.text, &name.text));
            }
            ExprKind::Reduce(reduce) => {
                found.extend(reduce.by.iter().map(|name| Mention::Name(&name.text)));
            }
            _ => {}
        }
        let mut parts = expr.children();
        parts.reverse();
        open.extend(parts);
    }
    found
}
