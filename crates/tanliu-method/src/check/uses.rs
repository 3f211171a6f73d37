//! 引用 Folding in another document: its inputs are set by expressions of this one.

use super::{Checker, Entity, State, Work, messages};
use crate::ast::{self, Expr, ExprKind, Name};
use crate::document;
use crate::program::{VariableId, VariableKind};
use std::rc::Rc;
use tanliu_diagnostic::Span;

/// How deep documents may use documents.
const DEPTH_MAX: usize = 16;

impl Checker<'_> {
    pub(super) fn declare_use(&mut self, outer: usize, used: &ast::UseDecl) {
        let id = &used.id.text;
        let place = self.place_in(outer, used.id.span);
        if self.stack.contains(id) || self.stack.len() >= DEPTH_MAX {
            let mut circle = self.stack.clone();
            circle.push(id.clone());
            self.report(messages::use_circle(&circle, place));
            self.enter(outer, &used.name, Entity::Broken);
            return;
        }
        let Some((source, text)) = self.library.document(id) else {
            let known = self.library.ids();
            self.report(messages::unknown_document(id, place, &known));
            self.enter(outer, &used.name, Entity::Broken);
            return;
        };
        let (document, findings) = document::read(&source, &text);
        self.diagnostics.extend(findings);
        let ours = self.scope(outer).gwp;
        let theirs = document.front.gwp.map(|(set, _)| set);
        if theirs.is_some() && theirs != ours {
            self.report(messages::gwp_differs(id, theirs, ours, place));
        }
        let prefix = format!("{}{}.", self.scope(outer).prefix, used.name.text);
        let inner = self.open_scope(&document, prefix);
        self.enter(outer, &used.name, Entity::Use(inner));
        self.stack.push(id.clone());
        let declarations = self.parse_blocks(inner, &document);
        self.declare_all(inner, &declarations);
        self.stack.pop();
        self.bodies.push((inner, declarations));
        self.used.push(document);
        self.set_arguments(outer, inner, used);
    }

    fn set_arguments(&mut self, outer: usize, inner: usize, used: &ast::UseDecl) {
        let mut known: Vec<String> =
            self.inputs_of(inner).into_iter().map(|(name, _)| name).collect();
        known.extend(self.holes_of(inner));
        for (name, expr) in &used.arguments {
            match self.scope(inner).names.get(&name.text) {
                Some(Entity::Variable(id)) if self.is_input(*id) || self.is_hole(*id) => {
                    let id = *id;
                    self.set_argument(outer, id, Rc::new(expr.clone()));
                }
                Some(Entity::Broken) => {}
                _ => {
                    let known = known.clone();
                    let place = self.place_in(outer, name.span);
                    self.report(messages::unknown_argument(
                        &name.text,
                        &used.id.text,
                        place,
                        known,
                    ));
                }
            }
        }
        for (name, id) in self.inputs_of(inner) {
            self.pass_up(outer, &name, id, used.name.span);
        }
    }

    /// An input that is not set here is an input of this document by that name.
    fn pass_up(&mut self, outer: usize, name: &str, id: VariableId, span: Span) {
        let name = Name { text: name.to_owned(), span };
        match self.scope(outer).names.get(&name.text) {
            None => {
                let prefix = self.scope(outer).prefix.clone();
                if let Some(variable) = self.program.variables.get_mut(id) {
                    variable.name = format!("{prefix}{}", name.text);
                }
                self.enter(outer, &name, Entity::Variable(id));
            }
            Some(Entity::Variable(ours)) => {
                let same = self.variable(*ours).dims == self.variable(id).dims
                    && self.is_input(*ours)
                    && super::formulas::same_kind(&self.variable(*ours).ty, &self.variable(id).ty);
                if same {
                    let expr = Expr { kind: ExprKind::Name(name.text.clone()), span };
                    self.set_argument(outer, id, Rc::new(expr));
                } else {
                    let place = self.place_in(outer, span);
                    self.report(messages::input_collides(&name.text, place));
                }
            }
            Some(Entity::Broken) => {}
            Some(_) => {
                let place = self.place_in(outer, span);
                self.report(messages::input_collides(&name.text, place));
            }
        }
    }

    fn set_argument(&mut self, outer: usize, id: VariableId, expr: Rc<Expr>) {
        // A hole is a parameter still: what fills it adds no keys.
        let parameter = self.is_hole(id);
        if let Some(variable) = self.program.variables.get_mut(id) {
            variable.kind = VariableKind::Formula { root: 0, parameter };
        }
        if let Some(pending) = self.pending.get_mut(id) {
            pending.state = State::Waiting;
            pending.work = Work::Argument { outer, expr };
        }
    }

    fn is_input(&self, id: VariableId) -> bool {
        matches!(self.variable(id).kind, VariableKind::Input(_))
    }

    /// A named hole may be filled by the document that uses its own.
    fn is_hole(&self, id: VariableId) -> bool {
        matches!(self.variable(id).kind, VariableKind::Hole)
    }

    fn holes_of(&self, scope: usize) -> Vec<String> {
        let names = self.scope(scope).names.iter();
        names
            .filter(|(_, entity)| matches!(entity, Entity::Variable(id) if self.is_hole(*id)))
            .map(|(name, _)| name.clone())
            .collect()
    }

    fn inputs_of(&self, scope: usize) -> Vec<(String, VariableId)> {
        let mut found = Vec::new();
        for (name, entity) in &self.scope(scope).names {
            if let Entity::Variable(id) = entity
                && self.is_input(*id)
            {
                found.push((name.clone(), *id));
            }
        }
        found
    }
}
