//! 公式 The bodies: each variable's right side, on demand, in its declared unit and indexes.

use super::{Checker, Context, Entity, State, Work, messages, union};
use crate::ast::{self, Declaration, Item};
use crate::program::{
    Condition, Factor, FactorRule, IndexId, IndexKind, NodeId, NodeKind, Type, VariableId,
    VariableKind,
};
use tanliu_diagnostic::Span;

/// On-demand resolution may nest this deep (a circle of formulas without declared units).
const DEPTH_MAX: usize = 400;

impl Checker<'_> {
    pub(super) fn resolve_all(&mut self) {
        for id in self.order_by_needs() {
            self.resolve(id);
        }
    }

    /// Type and indexes of a variable that an expression names.
    pub(super) fn signature(
        &mut self,
        id: VariableId,
        scope: usize,
        span: Span,
    ) -> Option<(Type, Vec<IndexId>)> {
        let pending = self.pending.get(id)?.clone();
        let relaxed = self.scope(pending.scope).relaxed;
        let known = pending.declared.is_some() && !relaxed;
        match pending.state {
            State::Done => {}
            State::Failed if !known => return None,
            State::Waiting if !known => {
                self.resolve(id);
                if self.pending.get(id)?.state != State::Done {
                    return None;
                }
            }
            State::Running if pending.declared.is_none() => {
                let place = self.place_in(scope, span);
                let names = self.running_circle(id);
                self.report(messages::needs_unit_in_circle(&names, place));
                return None;
            }
            _ => {}
        }
        let variable = self.variable(id);
        Some((variable.ty.clone(), variable.dims.clone()))
    }

    /// The names on the way from a variable under resolution back to itself.
    fn running_circle(&self, id: VariableId) -> Vec<String> {
        let within = self.running.iter().skip_while(|running| **running != id);
        within.chain([&id]).map(|id| self.variable(*id).name.clone()).collect()
    }

    fn resolve(&mut self, id: VariableId) {
        let Some(pending) = self.pending.get(id).cloned() else { return };
        if pending.state != State::Waiting {
            return;
        }
        self.set_state(id, State::Running);
        self.depth += 1;
        self.running.push(id);
        let sound = if self.depth > DEPTH_MAX {
            let place = self.place(self.variable(id).origin);
            self.report(messages::too_deep(place));
            false
        } else {
            self.work_on(id, &pending.work, pending.declared.as_ref()).is_some()
        };
        self.depth -= 1;
        self.running.pop();
        self.set_state(id, if sound { State::Done } else { State::Failed });
    }

    fn set_state(&mut self, id: VariableId, state: State) {
        if let Some(pending) = self.pending.get_mut(id) {
            pending.state = state;
        }
    }

    fn work_on(&mut self, id: VariableId, work: &Work, declared: Option<&Type>) -> Option<()> {
        let scope = self.pending.get(id)?.scope;
        let root = match work {
            Work::Nothing => return Some(()),
            Work::Factor(factor) => return self.resolve_factor(id, scope, factor),
            Work::Formula(formula) => {
                let root = self.typed(Context::new(scope), &formula.expr, declared)?;
                let root = self.fit(root, declared, formula.ty.as_ref(), scope)?;
                let root = match &formula.rounding {
                    Some(rounding) => self.rounded(root, rounding, scope)?,
                    None => root,
                };
                self.fit_dims(id, root, formula.expr.span, false)?;
                root
            }
            Work::Parameter(param) => {
                let ast::ParamValue::Expr(expr) = &param.value else { return None };
                let root = match (declared, self.bare_number(expr)) {
                    // A bare number in a `param` is in the declared unit.
                    (Some(Type::Number(unit)), Some(number)) => {
                        let origin = self.origin(scope, expr.span);
                        self.number(number, unit.clone(), origin)
                    }
                    _ => {
                        let root = self.typed(Context::new(scope), expr, declared)?;
                        self.fit(root, declared, param.ty.as_ref(), scope)?
                    }
                };
                self.fit_dims(id, root, expr.span, true)?;
                root
            }
            Work::Argument { outer, expr } => {
                let root = self.typed(Context::new(*outer), expr, declared)?;
                let root = self.fit(root, declared, None, *outer)?;
                let dims = self.variable(id).dims.clone();
                self.over_all_keys(root, &dims)
            }
        };
        let ty = self.ty(root).clone();
        let flows = self.scope(scope).relaxed;
        let dims = self.dims(root).to_vec();
        let filled = matches!(work, Work::Argument { .. })
            && matches!(self.variable(id).kind, VariableKind::Formula { parameter: true, .. });
        let parameter = filled || matches!(work, Work::Parameter(_));
        let variable = self.program.variables.get_mut(id)?;
        variable.ty = ty;
        if flows && !parameter {
            variable.dims = reordered(&variable.dims, dims);
        }
        variable.kind = VariableKind::Formula { root, parameter };
        Some(())
    }

    /// An argument that lacks indexes of the input it sets holds for all their keys, as a constant
    /// `param` does: `x where grid = grid`.
    fn over_all_keys(&mut self, value: NodeId, dims: &[IndexId]) -> NodeId {
        let mut value = value;
        let origin = self.origin_of(value);
        for index in dims {
            if self.dims(value).contains(index) {
                continue;
            }
            let key =
                self.push(NodeKind::IndexKey(*index), Type::Key(*index), vec![*index], origin);
            let kind = NodeKind::Compare(ast::CompareOp::Equal, key, key);
            let always = self.push(kind, Type::Bool, vec![*index], origin);
            let (ty, all) = (self.ty(value).clone(), union(self.dims(value), &[*index]));
            value = self.push(NodeKind::Where(value, always), ty, all, origin);
        }
        value
    }

    /// Looks at an expression where a type is awaited: its members and bare texts follow it.
    pub(super) fn typed(
        &mut self,
        context: Context,
        expr: &ast::Expr,
        declared: Option<&Type>,
    ) -> Option<NodeId> {
        let hint = match declared {
            Some(Type::Key(index)) => Some(*index),
            _ => None,
        };
        self.infer(context.hinted(hint), expr)
    }

    /// Brings a right side to the declared type: converts its unit or says what does not fit.
    pub(super) fn fit(
        &mut self,
        root: NodeId,
        declared: Option<&Type>,
        written: Option<&ast::TypeExpr>,
        scope: usize,
    ) -> Option<NodeId> {
        let Some(declared) = declared else { return Some(root) };
        if let Some(node) = self.fitted(root, declared) {
            return Some(node);
        }
        let there = written.map(|written| self.place_in(scope, written.span));
        let found = self.describe(root);
        let here = self.place(self.origin_of(root));
        let diagnostic =
            messages::does_not_fit(declared, self.ty(root), &self.program, (here, found), there);
        self.report(diagnostic);
        None
    }

    /// A value in a type; nothing if it does not fit.
    pub(super) fn fitted(&mut self, root: NodeId, wanted: &Type) -> Option<NodeId> {
        match wanted {
            Type::Number(unit) if self.adopt_zero(root, unit) => Some(root),
            Type::Number(unit) => self.converted(root, unit),
            wanted => same_kind(self.ty(root), wanted).then_some(root),
        }
    }

    fn rounded(&mut self, root: NodeId, rounding: &ast::Rounding, scope: usize) -> Option<NodeId> {
        let origin = self.origin(scope, self.origin_of(root).span.to(rounding.span));
        let Type::Number(unit) = self.ty(root).clone() else {
            let place = self.place(origin);
            self.report(messages::rounding_needs_number(place));
            return None;
        };
        let step = match &rounding.step {
            None => (1.0, 1.0),
            Some(literal) => self.step_ratio(scope, literal, &unit)?,
        };
        let dims = self.dims(root).to_vec();
        let mode = rounding.mode;
        let kind = NodeKind::Round { value: root, mode, step };
        Some(self.push(kind, Type::Number(unit), dims, origin))
    }

    /// The indexes in `[ ]` are exactly those of the right side; a `param` may be constant over its own.
    fn fit_dims(&mut self, id: VariableId, root: NodeId, span: Span, param: bool) -> Option<()> {
        let scope = self.pending.get(id)?.scope;
        if self.scope(scope).relaxed {
            return Some(());
        }
        let declared = self.variable(id).dims.clone();
        let found = self.dims(root).to_vec();
        let left_over: Vec<_> = found.iter().copied().filter(|d| !declared.contains(d)).collect();
        let lacking: Vec<_> = declared.iter().copied().filter(|d| !found.contains(d)).collect();
        let place = self.place_in(scope, span);
        let name = self.variable(id).name.clone();
        if !left_over.is_empty() {
            let culprits = self.bearers(root, &left_over);
            let names = self.index_names(&left_over);
            self.report(messages::left_over(&name, &names, place, culprits));
            return None;
        }
        if !lacking.is_empty() && !param {
            let names = self.index_names(&lacking);
            self.report(messages::lacking_index(&name, &names, place));
            return None;
        }
        Some(())
    }

    fn resolve_factor(&mut self, id: VariableId, scope: usize, f: &ast::FactorDecl) -> Option<()> {
        let dims = self.variable(id).dims.clone();
        let rule = match &f.as_of {
            ast::AsOf::SameYear => FactorRule::SameYear(self.factor_time(&dims, scope, f)?),
            ast::AsOf::Latest { published, before } => {
                let before = self.factor_date(&dims, scope, before)?;
                FactorRule::Latest { published: *published, before }
            }
            ast::AsOf::Fixed(key) => FactorRule::Fixed(match key.value {
                ast::KeyValue::Time(time) => time,
                ast::KeyValue::Integer(year) => super::parameters::year_key(year),
            }),
            ast::AsOf::MeanOfLast { count, before } => {
                let before = match before {
                    Some(expr) => Some(self.factor_date(&dims, scope, expr)?),
                    None => None,
                };
                FactorRule::MeanOfLast { count: *count, before }
            }
        };
        self.check_factor_set(id, scope, f);
        let columns = self.factor_columns(&dims, scope, f)?;
        let factor = Factor { set: f.set.text.clone(), columns, rule };
        self.check_factor_columns(&dims, scope, f, &factor)?;
        let variable = self.program.variables.get_mut(id)?;
        variable.kind = VariableKind::Factor(factor);
        Some(())
    }

    fn factor_time(
        &mut self,
        dims: &[IndexId],
        scope: usize,
        f: &ast::FactorDecl,
    ) -> Option<IndexId> {
        let times: Vec<IndexId> = dims
            .iter()
            .copied()
            .filter(|index| {
                let kind = self.program.indexes.get(*index).map(|index| &index.kind);
                matches!(kind, Some(IndexKind::Time { .. }))
            })
            .collect();
        if let [time] = times.as_slice() {
            return Some(*time);
        }
        let place = self.place_in(scope, f.name.span);
        self.report(messages::factor_needs_time(&f.name.text, place));
        None
    }

    fn factor_date(&mut self, dims: &[IndexId], scope: usize, expr: &ast::Expr) -> Option<NodeId> {
        let node = self.infer(Context::new(scope), expr)?;
        let place = self.place_in(scope, expr.span);
        let is_time = match self.ty(node) {
            Type::Date => true,
            Type::Key(index) => {
                let kind = self.program.indexes.get(*index).map(|index| &index.kind);
                matches!(kind, Some(IndexKind::Time { .. }))
            }
            _ => false,
        };
        if !is_time {
            self.report(messages::factor_needs_date(place));
            return None;
        }
        let left: Vec<_> =
            self.dims(node).iter().copied().filter(|index| !dims.contains(index)).collect();
        if !left.is_empty() {
            let names = self.index_names(&left);
            self.report(messages::factor_lacks_index(&names, place));
            return None;
        }
        Some(node)
    }

    /// An unknown set is only a warning here: an example or `--data` may supply the factor.
    fn check_factor_set(&mut self, id: VariableId, scope: usize, f: &ast::FactorDecl) {
        let place = self.place_in(scope, f.set.span);
        let Some(set) = self.catalogue.set(&f.set.text) else {
            let near = self.catalogue.nearest_ids(&f.set.text);
            let diagnostic = messages::unknown_factor_set(&f.set.text, place, &near);
            self.report(diagnostic);
            return;
        };
        let Some(unit) = set.unit().cloned() else { return };
        if let Type::Number(declared) = &self.variable(id).ty
            && unit.dimension() != declared.dimension()
        {
            let diagnostic = messages::factor_unit(&f.name.text, declared, &unit, place);
            self.report(diagnostic);
        }
    }

    pub(super) fn check_conditions(&mut self, scope: usize, declarations: &[Declaration]) {
        for declaration in declarations {
            let Item::Require(require) = &declaration.item else { continue };
            let Some(root) = self.infer(Context::new(scope), &require.condition) else { continue };
            if *self.ty(root) != Type::Bool {
                let found = self.describe(root);
                let place = self.place_in(scope, require.condition.span);
                self.report(messages::needs_bool("require", place, &found));
                continue;
            }
            let origin = self.origin(scope, declaration.span);
            let message = require.message.clone();
            self.program.conditions.push(Condition { warn: require.warn, root, message, origin });
        }
    }

    /// Which operands bring the given indexes, for the message.
    fn bearers(
        &self,
        root: NodeId,
        indexes: &[IndexId],
    ) -> Vec<(tanliu_diagnostic::Place, String)> {
        let mut found = Vec::new();
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            let node = self.node(node);
            if !node.dims.iter().any(|index| indexes.contains(index)) {
                continue;
            }
            if matches!(node.kind, NodeKind::Variable(_)) {
                found.push((self.place(node.origin), self.index_names(&node.dims)));
            }
            open.extend(node.kind.children());
        }
        found.reverse();
        found.truncate(4);
        found
    }

    pub(super) fn variable_entity(&self, scope: usize, name: &str) -> Option<VariableId> {
        match self.scope(scope).names.get(name) {
            Some(Entity::Variable(id)) => Some(*id),
            _ => None,
        }
    }
}

/// Keeps the declared order of indexes and puts those that flow through behind.
fn reordered(declared: &[IndexId], found: Vec<IndexId>) -> Vec<IndexId> {
    let mut dims: Vec<IndexId> =
        declared.iter().copied().filter(|index| found.contains(index)).collect();
    dims.extend(found.into_iter().filter(|index| !declared.contains(index)));
    debug_assert_eq!(union(&dims, &[]).len(), dims.len());
    dims
}

/// Whether two types are one but for the unit of a number.
pub(super) fn same_kind(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Number(left), Type::Number(right)) => left.dimension() == right.dimension(),
        (left, right) => left == right,
    }
}
