//! 选择 Comparisons, branches, defaults: both sides measure the same, members beside their index.

use super::{Checker, Context, messages, union};
use crate::ast::{Arm, BinaryOp, CompareOp, Expr, ExprKind, Literal, LiteralValue, Pattern};
use crate::program::{IndexId, IndexKind, NodeId, NodeKind, Test, Type, Value};
use tanliu_diagnostic::Span;
use tanliu_unit::Unit;

impl Checker<'_> {
    pub(super) fn infer_bool(
        &mut self,
        context: Context,
        expr: &Expr,
        word: &str,
    ) -> Option<NodeId> {
        let node = self.infer(context.plain(), expr)?;
        if *self.ty(node) == Type::Bool {
            return Some(node);
        }
        let found = self.describe(node);
        let place = self.place_in(context.scope, expr.span);
        let diagnostic = match &expr.kind {
            // `x where a and b` is `(x where a) and b`.
            ExprKind::Where(..) => messages::where_is_tighter(word, place, &found),
            _ => messages::needs_bool(word, place, &found),
        };
        self.report(diagnostic);
        None
    }

    pub(super) fn infer_logic(
        &mut self,
        context: Context,
        operator: BinaryOp,
        (left, right): (&Expr, &Expr),
        span: Span,
    ) -> Option<NodeId> {
        let word = if operator == BinaryOp::And { "and" } else { "or" };
        let a = self.infer_bool(context, left, word);
        let b = self.infer_bool(context, right, word);
        let (a, b) = (a?, b?);
        let dims = union(self.dims(a), self.dims(b));
        let kind = if operator == BinaryOp::And { NodeKind::And(a, b) } else { NodeKind::Or(a, b) };
        let origin = self.origin(context.scope, span);
        Some(self.push(kind, Type::Bool, dims, origin))
    }

    /// Looks at two sides of which each may be a member of the other's index.
    fn infer_pair(
        &mut self,
        context: Context,
        left: &Expr,
        right: &Expr,
    ) -> Option<(NodeId, NodeId)> {
        let context = context.plain();
        let left_index = self.peek_index(context, left);
        let right_index = self.peek_index(context, right);
        let a = self.infer(context.hinted(right_index.filter(|_| is_word(left))), left);
        let b = self.infer(context.hinted(left_index.filter(|_| is_word(right))), right);
        Some((a?, b?))
    }

    pub(super) fn infer_compare(
        &mut self,
        context: Context,
        operator: CompareOp,
        place: Span,
        (left, right): (&Expr, &Expr),
        span: Span,
    ) -> Option<NodeId> {
        let origin = self.origin(context.scope, span);
        let at = self.origin(context.scope, place);
        if let Some(node) = self.compare_with_key(context, operator, (left, right), at, origin) {
            return node;
        }
        let (a, b) = self.infer_pair(context, left, right)?;
        let dims = union(self.dims(a), self.dims(b));
        let times = self.is_time(a) && self.is_time(b);
        let (a, b) = match times {
            true => (a, b),
            false => self.unify((a, b), at, ("不能比较", "cannot compare"))?,
        };
        self.warn_of_bare_beside_percent((left, right), a);
        let ordered = !matches!(operator, CompareOp::Equal | CompareOp::NotEqual);
        if ordered && !times && !self.is_ordered(a) {
            let found = self.describe(a);
            let place = self.place(self.origin_of(a));
            self.report(messages::no_order(place, &found));
            return None;
        }
        Some(self.push(NodeKind::Compare(operator, a, b), Type::Bool, dims, origin))
    }

    fn warn_of_bare_beside_percent(&mut self, (left, right): (&Expr, &Expr), node: NodeId) {
        let bare = self.bare_number(left).or_else(|| self.bare_number(right));
        let Some(number) = bare.filter(|number| number.abs() > 1.0) else { return };
        let scope = self.origin_of(node).document;
        let percent = |unit: &Unit| matches!(unit.to_string().as_str(), "%" | "‰");
        let sided = |expr: &Expr| match &expr.kind {
            ExprKind::Name(name) => self
                .scopes
                .iter()
                .find(|own| own.document == scope)
                .and_then(|own| match own.names.get(name) {
                    Some(super::Entity::Variable(id)) => self.variable(*id).ty.unit(),
                    _ => None,
                })
                .is_some_and(percent),
            _ => false,
        };
        if sided(left) || sided(right) {
            let bare = if self.bare_number(left).is_some() { left } else { right };
            let place = self.place_in_origin(self.origin_of(node), bare.span);
            self.report(messages::percent_beside_bare(number, place));
        }
    }

    /// `month >= 2021`, `day < 2021-07`: a time index beside a key of another grain; both count as
    /// the day they begin.
    fn compare_with_key(
        &mut self,
        context: Context,
        operator: CompareOp,
        (left, right): (&Expr, &Expr),
        at: crate::program::Origin,
        origin: crate::program::Origin,
    ) -> Option<Option<NodeId>> {
        let (value, literal, flipped) = match (&left.kind, &right.kind) {
            (_, ExprKind::Literal(literal)) => (left, literal, false),
            (ExprKind::Literal(literal), _) => (right, literal, true),
            _ => return None,
        };
        let index = self.peek_index(context.plain(), value)?;
        let IndexKind::Time { grain, .. } = self.program.indexes.get(index)?.kind else {
            return None;
        };
        let key = super::parameters::time_literal(literal)?;
        if key.grain == grain {
            return None;
        }
        if matches!(operator, CompareOp::Equal | CompareOp::NotEqual) {
            let place = self.place(at);
            let name = self.index_name(index).to_owned();
            self.report(messages::key_of_other_grain(&name, grain, &key.to_string(), place));
            return Some(None);
        }
        let Some(node) = self.infer(context.plain(), value) else { return Some(None) };
        let literal_origin = self.origin(context.scope, literal.span);
        let constant = NodeKind::Constant(Value::Date(key.first_day()));
        let constant = self.push(constant, Type::Date, Vec::new(), literal_origin);
        let (a, b) = if flipped { (constant, node) } else { (node, constant) };
        let dims = self.dims(node).to_vec();
        Some(Some(self.push(NodeKind::Compare(operator, a, b), Type::Bool, dims, origin)))
    }

    pub(super) fn is_time(&self, node: NodeId) -> bool {
        match self.ty(node) {
            Type::Date => true,
            Type::Key(index) => {
                let kind = self.program.indexes.get(*index).map(|index| &index.kind);
                matches!(kind, Some(IndexKind::Time { .. }))
            }
            _ => false,
        }
    }

    fn is_ordered(&self, node: NodeId) -> bool {
        match self.ty(node) {
            Type::Number(_) | Type::Date => true,
            Type::Key(index) => {
                self.program.indexes.get(*index).is_some_and(crate::program::Index::is_ordered)
            }
            Type::Bool | Type::Text => false,
        }
    }

    pub(super) fn infer_default(
        &mut self,
        context: Context,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Option<NodeId> {
        let hint = context.hint;
        let index = hint.or_else(|| self.peek_index(context, left));
        let a = self.infer(context.hinted(hint), left);
        let b = self.infer(context.hinted(index), right);
        let (a, b) = (a?, b?);
        let origin = self.origin(context.scope, span);
        let (a, b) = self.unify((a, b), origin, ("`??` 两侧不一致", "`??` cannot join"))?;
        let ty = self.ty(a).clone();
        let dims = union(self.dims(a), self.dims(b));
        Some(self.push(NodeKind::Default(a, b), ty, dims, origin))
    }

    pub(super) fn infer_where(
        &mut self,
        context: Context,
        value: &Expr,
        condition: &Expr,
        span: Span,
    ) -> Option<NodeId> {
        let value = self.infer(context, value);
        let condition = self.infer_bool(context, condition, "where");
        let (value, condition) = (value?, condition?);
        let ty = self.ty(value).clone();
        let dims = union(self.dims(value), self.dims(condition));
        let origin = self.origin(context.scope, span);
        Some(self.push(NodeKind::Where(value, condition), ty, dims, origin))
    }

    pub(super) fn infer_if(
        &mut self,
        context: Context,
        condition: &Expr,
        (then, other): (&Expr, &Expr),
        span: Span,
    ) -> Option<NodeId> {
        let hint = context
            .hint
            .or_else(|| self.peek_index(context, then).or_else(|| self.peek_index(context, other)));
        let condition = self.infer_bool(context, condition, "if");
        let a = self.infer(context.hinted(hint), then);
        let b = self.infer(context.hinted(hint), other);
        let (condition, a, b) = (condition?, a?, b?);
        let origin = self.origin(context.scope, span);
        let verb = ("两个分支不一致", "the branches of `if` differ: cannot join");
        let (a, b) = self.unify((a, b), origin, verb)?;
        let ty = self.ty(a).clone();
        let dims = union(&union(self.dims(a), self.dims(b)), self.dims(condition));
        Some(self.push(NodeKind::If(condition, a, b), ty, dims, origin))
    }

    pub(super) fn infer_match(
        &mut self,
        context: Context,
        value: &Expr,
        arms: &[Arm],
        span: Span,
    ) -> Option<NodeId> {
        let origin = self.origin(context.scope, span);
        let value = self.infer(context.plain(), value)?;
        let value_index = match self.ty(value) {
            Type::Key(index) => Some(*index),
            _ => None,
        };
        let mut dims = self.dims(value).to_vec();
        let mut tests = Vec::new();
        let mut results: Vec<NodeId> = Vec::new();
        let mut sound = true;
        let hint =
            context.hint.or_else(|| arms.iter().find_map(|a| self.peek_index(context, &a.value)));
        for arm in arms {
            let test = self.arm_test(context, arm, value, value_index, &mut dims);
            let result = self.infer(context.hinted(hint), &arm.value);
            match (test, result) {
                (Some(test), Some(result)) => {
                    tests.push(test);
                    results.push(result);
                }
                _ => sound = false,
            }
        }
        if !sound || results.is_empty() {
            return None;
        }
        let results = self.unify_arms(results, origin)?;
        for result in &results {
            dims = union(&dims, self.dims(*result));
        }
        let ty = self.ty(*results.first()?).clone();
        let arms = tests.into_iter().zip(results).collect();
        Some(self.push(NodeKind::Match(value, arms), ty, dims, origin))
    }

    fn unify_arms(
        &mut self,
        results: Vec<NodeId>,
        origin: crate::program::Origin,
    ) -> Option<Vec<NodeId>> {
        let lead = results.iter().copied().find(|node| !self.is_bare_zero(*node));
        let lead = lead.or_else(|| results.first().copied())?;
        let mut unified = Vec::new();
        let verb = ("`match` 各分支不一致", "the arms of `match` differ: cannot join");
        for result in results {
            if result == lead {
                unified.push(result);
                continue;
            }
            let (_, node) = self.unify((lead, result), origin, verb)?;
            unified.push(node);
        }
        Some(unified)
    }

    fn arm_test(
        &mut self,
        context: Context,
        arm: &Arm,
        value: NodeId,
        index: Option<IndexId>,
        dims: &mut Vec<IndexId>,
    ) -> Option<Test> {
        let ty = self.ty(value).clone();
        match &arm.pattern {
            Pattern::Else => Some(Test::Else),
            Pattern::Compare(operator, literal) => {
                let bound = self.ordered_literal(context, literal, &ty)?;
                Some(Test::Compare(*operator, bound))
            }
            Pattern::Range(low, high) => {
                let low = self.ordered_literal(context, low, &ty)?;
                let high = self.ordered_literal(context, high, &ty)?;
                Some(Test::Range(low, high))
            }
            Pattern::Values(values) => {
                let mut constants = Vec::new();
                let mut tests = Vec::new();
                for expr in values {
                    let node = self.infer(context.hinted(index), expr)?;
                    let at = self.origin(context.scope, arm.span);
                    let (_, node) = self.unify(
                        (value, node),
                        at,
                        ("`match` 不能比较", "`match` cannot compare"),
                    )?;
                    match &self.node(node).kind {
                        NodeKind::Constant(constant) => constants.push(constant.clone()),
                        _ => {
                            *dims = union(dims, self.dims(node));
                            tests.push(Test::Equals(node));
                        }
                    }
                }
                if tests.is_empty() {
                    return Some(Test::OneOf(constants));
                }
                tests.push(Test::OneOf(constants));
                Some(Test::Either(tests))
            }
        }
    }

    /// A literal beside an ordered value: in its unit, or a key or day.
    fn ordered_literal(&mut self, context: Context, literal: &Literal, ty: &Type) -> Option<Value> {
        if let Type::Key(index) = ty
            && let Some(IndexKind::Time { grain, .. }) =
                self.program.indexes.get(*index).map(|index| index.kind.clone())
            && let Some(key) = super::parameters::time_literal(literal)
            && key.grain != grain
        {
            return Some(Value::Date(key.first_day()));
        }
        if matches!(ty, Type::Bool | Type::Text) {
            let place = self.place_in(context.scope, literal.span);
            let found = messages::type_text(ty, &self.program);
            self.report(messages::no_order(place, &found));
            return None;
        }
        let Type::Number(unit) = ty else { return self.literal_as(context.scope, literal, ty) };
        match &literal.value {
            // As in any expression a bare number is of unit 1; only 0 fits every unit.
            LiteralValue::Number { number, unit: None, .. } if *number != 0.0 => {
                let place = self.place_in(context.scope, literal.span);
                self.number_in(*number, &Unit::one(), unit, place).map(Value::Number)
            }
            _ => self.literal_as(context.scope, literal, ty),
        }
    }
}

/// A bare word, string, number or key: what may name a key of an index beside it.
fn is_word(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Name(_) | ExprKind::Text(_) | ExprKind::Literal(_))
        || matches!(&expr.kind, ExprKind::If(..) | ExprKind::Match(..))
}
