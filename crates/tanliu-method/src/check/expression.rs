//! 表达式 Types and dimensions of expressions, node by node.

use super::{Checker, Context, Entity, messages};
use crate::ast::{BinaryOp, Expr, ExprKind, LiteralValue, Name};
use crate::program::{IndexId, Key, NodeId, NodeKind, Type, Value};
use std::rc::Rc;
use tanliu_diagnostic::Span;
use tanliu_unit::Unit;

impl Checker<'_> {
    /// The typed node of an expression; nothing if it is at fault (which has been reported).
    pub(super) fn infer(&mut self, context: Context, expr: &Expr) -> Option<NodeId> {
        match &expr.kind {
            ExprKind::Literal(literal) => self.infer_literal(context, literal, expr.span),
            ExprKind::Text(text) => self.infer_text(context, text, expr.span),
            ExprKind::Name(name) => self.infer_name(context, name, expr.span),
            ExprKind::Field(used, name) => self.infer_field(context, used, name),
            ExprKind::Select(value, selectors) => {
                self.infer_select(context, value, selectors, expr)
            }
            ExprKind::Call(function, arguments) => {
                self.infer_call(context, function, arguments, expr.span)
            }
            ExprKind::Reduce(reduce) => self.infer_reduce(context, reduce, expr.span),
            ExprKind::Adjust { inflate, value, by } => {
                self.infer_adjust(context, *inflate, (value, by), expr.span)
            }
            ExprKind::Negate(value) => self.infer_negate(context, value, expr.span),
            ExprKind::Not(value) => {
                let value = self.infer_bool(context.plain(), value, "not")?;
                let dims = self.dims(value).to_vec();
                let origin = self.origin(context.scope, expr.span);
                Some(self.push(NodeKind::Not(value), Type::Bool, dims, origin))
            }
            ExprKind::Binary(operator, place, left, right) => match operator {
                BinaryOp::Default => self.infer_default(context, left, right, expr.span),
                BinaryOp::And | BinaryOp::Or => {
                    self.infer_logic(context, *operator, (left, right), expr.span)
                }
                _ => self.infer_arithmetic(context, *operator, *place, (left, right), expr.span),
            },
            ExprKind::Compare(operator, place, left, right) => {
                self.infer_compare(context, *operator, *place, (left, right), expr.span)
            }
            ExprKind::In(value, unit) => self.infer_in(context, value, unit, expr.span),
            ExprKind::Where(value, condition) => {
                self.infer_where(context, value, condition, expr.span)
            }
            ExprKind::If(condition, then, other) => {
                self.infer_if(context, condition, (then, other), expr.span)
            }
            ExprKind::Match(value, arms) => self.infer_match(context, value, arms, expr.span),
        }
    }

    pub(super) fn number(
        &mut self,
        number: f64,
        unit: Unit,
        origin: crate::program::Origin,
    ) -> NodeId {
        let kind = NodeKind::Constant(Value::Number(number));
        self.push(kind, Type::Number(unit), Vec::new(), origin)
    }

    fn infer_literal(
        &mut self,
        context: Context,
        literal: &crate::ast::Literal,
        span: Span,
    ) -> Option<NodeId> {
        let origin = self.origin(context.scope, span);
        if let Some(index) = context.hint {
            // Beside a value of an index, `2020` and `2021-07` are keys of it.
            let number_with_unit =
                matches!(&literal.value, LiteralValue::Number { unit: Some(_), .. });
            if !number_with_unit && !matches!(literal.value, LiteralValue::Bool(_)) {
                let key = self.literal_key(context.scope, literal, index, false)?;
                return Some(self.key_constant(key, index, origin));
            }
        }
        let (value, ty) = match &literal.value {
            LiteralValue::Number { number, unit, .. } => {
                (Value::Number(*number), Type::Number(unit.clone().unwrap_or_else(Unit::one)))
            }
            LiteralValue::Bool(value) => (Value::Bool(*value), Type::Bool),
            LiteralValue::Key(key) if key.grain == tanliu_unit::time::Grain::Day => {
                (Value::Date(*key), Type::Date)
            }
            LiteralValue::Key(key) => {
                let place = self.place(origin);
                self.report(messages::stray_key(&key.to_string(), place));
                return None;
            }
        };
        Some(self.push(NodeKind::Constant(value), ty, Vec::new(), origin))
    }

    pub(super) fn key_constant(
        &mut self,
        key: Key,
        index: IndexId,
        origin: crate::program::Origin,
    ) -> NodeId {
        let kind = NodeKind::Constant(Value::Key(key));
        self.push(kind, Type::Key(index), Vec::new(), origin)
    }

    fn infer_text(&mut self, context: Context, text: &str, span: Span) -> Option<NodeId> {
        let origin = self.origin(context.scope, span);
        if let Some(index) = context.hint {
            let key = self.text_key(context.scope, text, span, index)?;
            return Some(self.key_constant(key, index, origin));
        }
        let kind = NodeKind::Constant(Value::Text(Rc::from(text)));
        Some(self.push(kind, Type::Text, Vec::new(), origin))
    }

    fn infer_name(&mut self, context: Context, name: &str, span: Span) -> Option<NodeId> {
        let origin = self.origin(context.scope, span);
        if let Some(index) = context.hint {
            let member = self.program.indexes.get(index).and_then(|index| index.member(name));
            if let Some(member) = member {
                return Some(self.key_constant(Key::Member(member), index, origin));
            }
        }
        if let Some(locals) = context.locals {
            if let Some(node) = locals.get(name) {
                return Some(*node);
            }
            return self.infer_body_name(context, name, span);
        }
        let entity = self.scope(context.scope).names.get(name).cloned();
        let place = self.place(origin);
        match entity {
            Some(Entity::Variable(id)) => {
                let (ty, dims) = self.signature(id, context.scope, span)?;
                let dims = super::union(&dims, &[]);
                Some(self.push(NodeKind::Variable(id), ty, dims, origin))
            }
            Some(Entity::Index(id)) => {
                Some(self.push(NodeKind::IndexKey(id), Type::Key(id), vec![id], origin))
            }
            Some(Entity::Function(_)) => {
                self.report(messages::function_without_call(name, place));
                None
            }
            Some(Entity::Use(_)) => {
                self.report(messages::use_without_field(name, place));
                None
            }
            Some(Entity::Broken) => None,
            None => {
                let diagnostic = self.unknown_name(context, name, place);
                self.report(diagnostic);
                None
            }
        }
    }

    /// The body of an empirical function sees its inputs, plain-number params and functions only.
    fn infer_body_name(&mut self, context: Context, name: &str, span: Span) -> Option<NodeId> {
        let origin = self.origin(context.scope, span);
        let place = self.place(origin);
        if let Some(id) = self.variable_entity(context.scope, name) {
            let (ty, dims) = self.signature(id, context.scope, span)?;
            let plain = matches!(&ty, Type::Number(unit) if unit.is_dimensionless());
            let param = matches!(
                self.variable(id).kind,
                crate::program::VariableKind::Param(_)
                    | crate::program::VariableKind::Hole
                    | crate::program::VariableKind::Formula { parameter: true, .. }
            );
            if plain && param && dims.is_empty() {
                return Some(self.push(NodeKind::Variable(id), ty, dims, origin));
            }
        }
        self.report(messages::function_body_name(name, place));
        None
    }

    fn infer_field(&mut self, context: Context, used: &Name, name: &Name) -> Option<NodeId> {
        let place = self.place_in(context.scope, used.span.to(name.span));
        let inner = match self.scope(context.scope).names.get(&used.text) {
            Some(Entity::Use(inner)) => *inner,
            Some(Entity::Broken) => return None,
            _ => {
                self.report(messages::not_a_use(&used.text, place));
                return None;
            }
        };
        match self.scope(inner).names.get(&name.text).cloned() {
            Some(Entity::Variable(id)) => {
                let (ty, dims) = self.signature(id, context.scope, name.span)?;
                let dims = super::union(&dims, &[]);
                let origin = self.origin(context.scope, used.span.to(name.span));
                Some(self.push(NodeKind::Variable(id), ty, dims, origin))
            }
            Some(Entity::Broken) => None,
            _ => {
                let known: Vec<String> = self
                    .scope(inner)
                    .names
                    .iter()
                    .filter(|(_, entity)| matches!(entity, Entity::Variable(_)))
                    .map(|(name, _)| name.clone())
                    .collect();
                self.report(messages::unknown_output(&used.text, &name.text, place, &known));
                None
            }
        }
    }

    fn infer_in(
        &mut self,
        context: Context,
        value: &Expr,
        unit: &crate::ast::TypeExpr,
        span: Span,
    ) -> Option<NodeId> {
        let node = self.infer(context.plain(), value)?;
        let place = self.place_in(context.scope, unit.span);
        let target = match (&unit.unit, unit.word.as_deref()) {
            (Ok(target), _) => target.clone(),
            (Err(_), Some(word)) if self.scope(context.scope).names.contains_key(word) => {
                self.report(messages::in_is_not_membership(word, place));
                return None;
            }
            (Err(diagnostic), _) => {
                self.report((**diagnostic).clone());
                return None;
            }
        };
        if self.adopt_zero(node, &target) {
            return Some(node);
        }
        let Some(node) = self.converted(node, &target) else {
            let found = self.describe(node);
            let here = self.place(self.origin_of(node));
            let declared = Type::Number(target);
            let ty = self.ty(node).clone();
            let diagnostic =
                messages::does_not_fit(&declared, &ty, &self.program, (here, found), Some(place));
            let diagnostic = messages::of_conversion(diagnostic, (&declared, &ty), &self.program);
            self.report(diagnostic);
            return None;
        };
        let kind = NodeKind::Relabel(node);
        let dims = self.dims(node).to_vec();
        let origin = self.origin(context.scope, span);
        Some(self.push(kind, Type::Number(target), dims, origin))
    }

    fn unknown_name(
        &self,
        context: Context,
        name: &str,
        place: tanliu_diagnostic::Place,
    ) -> tanliu_diagnostic::Diagnostic {
        let owner = self.program.indexes.iter().find(|index| index.member(name).is_some());
        if let Some(index) = owner {
            return messages::stray_member(name, &index.name, place);
        }
        let open = context.hint.and_then(|index| self.program.indexes.get(index));
        let known: Vec<&str> = self.scope(context.scope).names.keys().map(String::as_str).collect();
        let members = open.map(messages::members_of).unwrap_or_default();
        let is_unit = self.scope(context.scope).units.parse(name).is_ok();
        messages::unknown_name(name, place, (&known, &members), open, is_unit)
    }

    /// The index whose keys an expression gives, as far as can be told without looking inside.
    pub(super) fn peek_index(&mut self, context: Context, expr: &Expr) -> Option<IndexId> {
        match &expr.kind {
            ExprKind::Name(name) => match self.scope(context.scope).names.get(name)? {
                Entity::Index(index) => Some(*index),
                Entity::Variable(id) => {
                    let id = *id;
                    let declared = self.pending.get(id)?.declared.clone();
                    let ty = match declared {
                        Some(ty) => ty,
                        None => self.signature(id, context.scope, expr.span)?.0,
                    };
                    key_index(&ty)
                }
                _ => None,
            },
            ExprKind::Field(used, name) => {
                let Entity::Use(inner) = self.scope(context.scope).names.get(&used.text)? else {
                    return None;
                };
                let id = self.variable_entity(*inner, &name.text)?;
                key_index(&self.signature(id, context.scope, expr.span)?.0)
            }
            ExprKind::Select(value, _) | ExprKind::Where(value, _) => {
                self.peek_index(context, value)
            }
            ExprKind::Binary(BinaryOp::Default, _, left, right) | ExprKind::If(_, left, right) => {
                self.peek_index(context, left).or_else(|| self.peek_index(context, right))
            }
            ExprKind::Reduce(reduce) => {
                let first = reduce.arguments.first()?;
                let keeps =
                    matches!(reduce.function.text.as_str(), "min" | "max" | "first" | "last");
                if keeps { self.peek_index(context, first) } else { None }
            }
            ExprKind::Match(_, arms) => {
                arms.iter().find_map(|arm| self.peek_index(context, &arm.value))
            }
            _ => None,
        }
    }
}

fn key_index(ty: &Type) -> Option<IndexId> {
    match ty {
        Type::Key(index) => Some(*index),
        _ => None,
    }
}
