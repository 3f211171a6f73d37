//! 声明 Names first: indexes, variables, functions, used documents; bodies are looked at later.

use super::{Checker, Entity, Pending, State, Work, messages};
use crate::ast::{self, Declaration, Item, Name};
use crate::data::Notation;
use crate::program::{
    Evidence, Index, IndexId, IndexKind, Input, Type, Value, Variable, VariableId, VariableKind,
};
use std::rc::Rc;
use tanliu_diagnostic::Diagnostic;

impl Checker<'_> {
    pub(super) fn declare_all(&mut self, scope: usize, declarations: &[Declaration]) {
        for declaration in declarations {
            if let Item::Index(index) = &declaration.item {
                self.declare_index(scope, index);
            }
        }
        for declaration in declarations {
            self.declare(scope, declaration);
        }
        self.check_functions(scope, declarations);
        for declaration in declarations {
            if let Item::Use(used) = &declaration.item {
                self.declare_use(scope, used);
            }
        }
    }

    fn declare_index(&mut self, scope: usize, declared: &ast::IndexDecl) {
        let kind = match &declared.kind {
            ast::IndexKind::Time { grain, ends } => IndexKind::Time { grain: *grain, ends: *ends },
            ast::IndexKind::Integer => IndexKind::Integer,
            ast::IndexKind::Text => IndexKind::Text,
            ast::IndexKind::Closed(members) => self.closed_members(scope, members),
        };
        let name = declared.name.text.clone();
        let origin = self.origin(scope, declared.name.span);
        // Indexes of a used document match ours by name.
        let shared = self.program.index(&name);
        let id = match shared {
            Some(id) if self.scope(scope).relaxed => {
                let ours = self.program.indexes.get(id).cloned();
                if let Some(ours) = ours.filter(|ours| ours.kind != kind) {
                    let there = self.place(ours.origin);
                    let here = self.place(origin);
                    self.report(messages::index_differs(&name, here, there));
                }
                id
            }
            _ => {
                self.program.indexes.push(Index { name, kind, origin });
                self.program.indexes.len() - 1
            }
        };
        self.enter(scope, &declared.name, Entity::Index(id));
    }

    fn closed_members(&mut self, scope: usize, members: &[ast::Member]) -> IndexKind {
        let mut list: Vec<(String, Option<String>)> = Vec::new();
        for member in members {
            let word = &member.name.text;
            let taken = list.iter().any(|(name, label)| {
                name == word
                    || label.as_deref() == Some(word)
                    || member.label.as_ref().is_some_and(|l| l == name || Some(l) == label.as_ref())
            });
            if taken {
                let place = self.place_in(scope, member.name.span);
                self.report(
                    Diagnostic::error(
                        "duplicate-member",
                        format!("成员 `{word}` 的名称或标签重复"),
                        format!("the name or label of member `{word}` is used twice"),
                    )
                    .at(place, "", "")
                    .hint("给其中一个另取名称或标签", "give one of them another name or label"),
                );
                continue;
            }
            list.push((word.clone(), member.label.clone()));
        }
        IndexKind::Closed(list)
    }

    fn declare(&mut self, scope: usize, declaration: &Declaration) {
        match &declaration.item {
            Item::Index(_) | Item::Require(_) | Item::Use(_) => {}
            Item::Input(input) => self.declare_input(scope, declaration, input),
            Item::Param(param) => self.declare_parameter(scope, declaration, param),
            Item::Factor(factor) => self.declare_factor(scope, declaration, factor),
            Item::Formula(formula) => self.declare_formula(scope, declaration, formula),
            Item::Function(function) => {
                let entity = Entity::Function(Rc::new(function.clone()));
                self.enter(scope, &function.name, entity);
            }
            Item::Evidence(evidence) => {
                let Some(dims) = self.resolve_dims(scope, &evidence.dims) else { return };
                let origin = self.origin(scope, evidence.message_span);
                let message = evidence.message.clone();
                self.program.evidence.push(Evidence { dims, message, origin });
            }
        }
    }

    /// Looks at the bodies of functions, called or not.
    pub(super) fn check_functions(&mut self, scope: usize, declarations: &[Declaration]) {
        for declaration in declarations {
            let Item::Function(function) = &declaration.item else { continue };
            self.check_function(scope, function);
        }
    }

    fn declare_input(&mut self, scope: usize, declaration: &Declaration, input: &ast::InputDecl) {
        let dims = self.resolve_dims(scope, &input.dims);
        let ty = self.resolve_type(scope, &input.ty);
        let (Some(dims), Some(ty)) = (dims, ty) else {
            self.enter(scope, &input.name, Entity::Broken);
            return;
        };
        let default_notation = match &input.default {
            Some(ast::DefaultValue::Name(name)) if input.notation => Notation::parse(&name.text),
            _ => None,
        };
        let default = match default_notation {
            Some(_) => Some(Value::Number(0.0)),
            None => input.default.as_ref().and_then(|v| self.default_value(scope, v, &ty)),
        };
        if input.optional && input.default.is_some() {
            let place = self.place_in(scope, input.name.span);
            self.report(messages::optional_with_default(&input.name.text, place));
        }
        let mut bounds = Vec::new();
        for (operator, literal) in &input.bounds {
            if *operator == ast::CompareOp::Equal {
                let place = self.place_in(scope, literal.span);
                self.report(messages::bound_of_equality(&input.name.text, &literal.text, place));
            }
            if let Some(Value::Number(bound)) = self.literal_as(scope, literal, &ty) {
                bounds.push((*operator, bound));
            }
        }
        if input.notation && ty.unit().is_none() {
            let place = self.place_in(scope, input.ty.span);
            self.report(messages::notation_needs_number(place));
        }
        let kind = VariableKind::Input(Input {
            default,
            default_notation,
            notation: input.notation,
            optional: input.optional,
            bounds,
            stands_for: None,
        });
        let variable = Draft { name: &input.name, dims, ty: ty.clone(), label: &input.label };
        self.add_variable(scope, declaration, variable, kind, (Some(ty), Work::Nothing));
    }

    fn declare_parameter(&mut self, scope: usize, declaration: &Declaration, p: &ast::ParamDecl) {
        let dims = self.resolve_dims(scope, &p.dims);
        let declared = p.ty.as_ref().map(|ty| self.resolve_type(scope, ty));
        let (Some(dims), false) = (dims, matches!(declared, Some(None))) else {
            self.enter(scope, &p.name, Entity::Broken);
            return;
        };
        let declared = declared.flatten();
        let draft = |ty: Type| Draft { name: &p.name, dims: dims.clone(), ty, label: &p.label };
        match &p.value {
            ast::ParamValue::Hole(span) => {
                let Some(ty) = declared else {
                    let place = self.place_in(scope, *span);
                    self.report(messages::hole_needs_type(&p.name.text, place));
                    self.enter(scope, &p.name, Entity::Broken);
                    return;
                };
                let work = (Some(ty.clone()), Work::Nothing);
                self.add_variable(scope, declaration, draft(ty), VariableKind::Hole, work);
            }
            ast::ParamValue::Map(map) => {
                let Some((tree, ty)) = self.parameter_map(scope, map, &dims, declared.as_ref())
                else {
                    self.enter(scope, &p.name, Entity::Broken);
                    return;
                };
                let work = (Some(ty.clone()), Work::Nothing);
                self.add_variable(scope, declaration, draft(ty), VariableKind::Param(tree), work);
            }
            ast::ParamValue::Expr(_) => {
                let kind = VariableKind::Formula { root: 0, parameter: true };
                let ty = declared.clone().unwrap_or(Type::Bool);
                let work = (declared, Work::Parameter(Rc::new(p.clone())));
                self.add_variable(scope, declaration, draft(ty), kind, work);
            }
        }
    }

    fn declare_factor(&mut self, scope: usize, declaration: &Declaration, f: &ast::FactorDecl) {
        let dims = self.resolve_dims(scope, &f.dims);
        let ty = self.resolve_type(scope, &f.unit);
        let (Some(dims), Some(ty)) = (dims, ty) else {
            self.enter(scope, &f.name, Entity::Broken);
            return;
        };
        // The rule is resolved later: its date may be a formula. Until then it stands as a hole.
        let work = (Some(ty.clone()), Work::Factor(Rc::new(f.clone())));
        let draft = Draft { name: &f.name, dims, ty, label: &f.label };
        self.add_variable(scope, declaration, draft, VariableKind::Hole, work);
    }

    fn declare_formula(&mut self, scope: usize, declaration: &Declaration, f: &ast::FormulaDecl) {
        let dims = self.resolve_dims(scope, &f.dims);
        let declared = f.ty.as_ref().map(|ty| self.resolve_type(scope, ty));
        let (Some(dims), false) = (dims, matches!(declared, Some(None))) else {
            self.enter(scope, &f.name, Entity::Broken);
            return;
        };
        let declared = declared.flatten();
        let ty = declared.clone().unwrap_or(Type::Bool);
        let kind = VariableKind::Formula { root: 0, parameter: false };
        let draft = Draft { name: &f.name, dims, ty, label: &f.label };
        let work = (declared, Work::Formula(Rc::new(f.clone())));
        let id = self.add_variable(scope, declaration, draft, kind, work);
        let main = !self.scope(scope).relaxed;
        if let Some(variable) = id.and_then(|id| self.program.variables.get_mut(id)) {
            variable.output = f.output && main;
        }
    }

    pub(super) fn add_variable(
        &mut self,
        scope: usize,
        declaration: &Declaration,
        draft: Draft,
        kind: VariableKind,
        (declared, work): (Option<Type>, Work),
    ) -> Option<VariableId> {
        let id = self.program.variables.len();
        if !self.enter(scope, draft.name, Entity::Variable(id)) {
            return None;
        }
        if let (Some(uncertainty), Some(ty)) = (&declaration.uncertainty, &declared) {
            self.check_uncertainty(scope, uncertainty, ty);
        }
        let attributes = declaration
            .attributes
            .iter()
            .map(|attribute| (attribute.kind.clone(), attribute.text.clone()))
            .collect();
        self.program.variables.push(Variable {
            name: format!("{}{}", self.scope(scope).prefix, draft.name.text),
            dims: draft.dims,
            ty: draft.ty,
            kind,
            label: draft.label.clone(),
            output: false,
            origin: self.origin(scope, declaration.span),
            attributes,
            uncertainty: declaration.uncertainty.clone(),
        });
        let state = if matches!(work, Work::Nothing) { State::Done } else { State::Waiting };
        self.pending.push(Pending { scope, state, declared, work });
        Some(id)
    }

    /// The figures of an uncertainty measure what the value does.
    fn check_uncertainty(&mut self, scope: usize, written: &ast::Uncertainty, ty: &Type) {
        let figures = match &written.shape {
            ast::UncertaintyShape::Relative(_) if ty.unit().is_some() => return,
            ast::UncertaintyShape::Relative(figure) | ast::UncertaintyShape::Absolute(figure) => {
                vec![figure]
            }
            ast::UncertaintyShape::Uniform(low, high)
            | ast::UncertaintyShape::Lognormal(low, high) => vec![low, high],
            ast::UncertaintyShape::Triangular(low, mode, high) => vec![low, mode, high],
        };
        if ty.unit().is_none() {
            let place = self.place_in(scope, written.span);
            self.report(messages::uncertainty_needs_number(place));
            return;
        }
        for figure in figures {
            self.literal_as(scope, figure, ty);
        }
    }

    /// Enters a name; a second declaration of it is reported.
    pub(super) fn enter(&mut self, scope: usize, name: &Name, entity: Entity) -> bool {
        if let Some(there) = self.declared_at(scope, &name.text) {
            let here = self.place_in(scope, name.span);
            self.report(messages::declared_twice(&name.text, here, there));
            return false;
        }
        if super::calls::is_builtin(&name.text) && matches!(entity, Entity::Function(_)) {
            let here = self.place_in(scope, name.span);
            self.report(messages::builtin_function(&name.text, here));
        }
        if let Some(scope) = self.scopes.get_mut(scope) {
            scope.names.insert(name.text.clone(), entity);
            scope.spans.insert(name.text.clone(), name.span);
        }
        true
    }

    fn declared_at(&self, scope: usize, name: &str) -> Option<tanliu_diagnostic::Place> {
        let span = self.scope(scope).spans.get(name)?;
        Some(self.place_in(scope, *span))
    }

    pub(super) fn resolve_dims(&mut self, scope: usize, names: &[Name]) -> Option<Vec<IndexId>> {
        let mut dims = Vec::new();
        let mut sound = true;
        for name in names {
            match self.resolve_index(scope, name) {
                Some(index) if dims.contains(&index) => {
                    let place = self.place_in(scope, name.span);
                    self.report(messages::index_repeated(&name.text, place));
                    sound = false;
                }
                Some(index) => dims.push(index),
                None => sound = false,
            }
        }
        sound.then_some(dims)
    }

    pub(super) fn resolve_index(&mut self, scope: usize, name: &Name) -> Option<IndexId> {
        match self.scope(scope).names.get(&name.text) {
            Some(Entity::Index(index)) => return Some(*index),
            Some(Entity::Broken) => return None,
            _ => {}
        }
        let known: Vec<String> = self
            .scope(scope)
            .names
            .iter()
            .filter(|(_, entity)| matches!(entity, Entity::Index(_)))
            .map(|(name, _)| name.clone())
            .collect();
        let place = self.place_in(scope, name.span);
        self.report(messages::unknown_index(&name.text, place, &known));
        None
    }

    /// A type: an index hides the unit of its name.
    pub(super) fn resolve_type(&mut self, scope: usize, ty: &ast::TypeExpr) -> Option<Type> {
        match ty.word.as_deref() {
            Some("bool") => return Some(Type::Bool),
            Some("text") => return Some(Type::Text),
            Some("date") => return Some(Type::Date),
            Some(word) => match self.scope(scope).names.get(word) {
                Some(Entity::Index(index)) => return Some(Type::Key(*index)),
                Some(Entity::Broken) => return None,
                _ => {}
            },
            None => {}
        }
        match &ty.unit {
            Ok(unit) => Some(Type::Number(unit.clone())),
            Err(diagnostic) => {
                self.report((**diagnostic).clone());
                None
            }
        }
    }

    fn default_value(
        &mut self,
        scope: usize,
        value: &ast::DefaultValue,
        ty: &Type,
    ) -> Option<Value> {
        match value {
            ast::DefaultValue::Literal(literal) => self.literal_as(scope, literal, ty),
            ast::DefaultValue::Name(name) => self.word_as(scope, &name.text, name.span, ty, false),
            ast::DefaultValue::Text(text, span) => self.word_as(scope, text, *span, ty, true),
        }
    }
}

/// A variable as far as its declaration says.
pub(super) struct Draft<'d> {
    pub(super) name: &'d Name,
    pub(super) dims: Vec<IndexId>,
    pub(super) ty: Type,
    pub(super) label: &'d Option<String>,
}
