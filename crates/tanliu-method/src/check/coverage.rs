//! 覆盖 Maps that lack members which an output is sure to ask for.
//!
//! An input has all members of its closed indexes, so a product with it asks a `param` for all of
//! them. What stands behind `??`, `where`, a branch or a selection may never be asked, and is not
//! warned of.

use super::{Checker, messages};
use crate::program::{IndexId, IndexKind, Key, NodeId, NodeKind, ParamTree, VariableKind};
use std::collections::BTreeSet;

impl Checker<'_> {
    /// Warns of each `param` whose map lacks a member that an output asks for in any run.
    pub(super) fn check_coverage(&mut self) {
        let outputs = self.program.variables.iter().filter(|variable| variable.output);
        let mut open: Vec<NodeId> = outputs
            .filter_map(|variable| match variable.kind {
                VariableKind::Formula { root, .. } => Some(root),
                _ => None,
            })
            .collect();
        let mut seen = BTreeSet::new();
        let mut told = BTreeSet::new();
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            match self.node(node).kind.clone() {
                NodeKind::Variable(id) => {
                    if let VariableKind::Formula { root, .. } = self.variable(id).kind {
                        open.push(root);
                    }
                }
                NodeKind::Arithmetic(_, a, b) => {
                    self.compare_cover(a, b, &mut told);
                    self.compare_cover(b, a, &mut told);
                    open.extend([a, b]);
                }
                NodeKind::Convert(..)
                | NodeKind::Relabel(_)
                | NodeKind::Negate(_)
                | NodeKind::Round { .. }
                | NodeKind::Group(_) => open.extend(self.node(node).kind.children()),
                _ => {}
            }
        }
    }

    /// Warns if `param` is a map, and `other` has members that it lacks.
    fn compare_cover(&mut self, param: NodeId, other: NodeId, told: &mut BTreeSet<usize>) {
        let mut node = param;
        while let NodeKind::Convert(inner, _) = self.node(node).kind {
            node = inner;
        }
        let NodeKind::Variable(id) = self.node(node).kind else { return };
        let VariableKind::Param(tree) = &self.variable(id).kind else { return };
        let asked = |index: &IndexId| self.asks_all(other, *index, 0) == Some(true);
        let mut lacking = Vec::new();
        self.lacking(tree, &self.variable(id).dims, &asked, &mut lacking);
        if lacking.is_empty() || !told.insert(id) {
            return;
        }
        lacking.dedup();
        let name = self.variable(id).name.clone();
        let (here, there) = (self.place(self.variable(id).origin), self.origin_of(node));
        let there = self.place(there);
        self.report(messages::map_lacks_members(&name, &lacking, here, there));
    }

    /// Members that a map lacks, level by level, as long as the levels are closed and asked.
    fn lacking(
        &self,
        tree: &ParamTree,
        dims: &[IndexId],
        asked: &dyn Fn(&IndexId) -> bool,
        found: &mut Vec<String>,
    ) {
        let (ParamTree::Level { exact, .. }, Some((index, rest))) = (tree, dims.split_first())
        else {
            return;
        };
        let Some(declared) = self.program.indexes.get(*index) else { return };
        let IndexKind::Closed(members) = &declared.kind else { return };
        if !asked(index) {
            return;
        }
        for (number, (member, _)) in (0u32..).zip(members) {
            match exact.iter().find(|(key, _)| *key == Key::Member(number)) {
                Some((_, below)) => self.lacking(below, rest, asked, found),
                None => found.push(member.clone()),
            }
        }
    }

    /// Whether a value has all members of an index in any run; nothing if it has not the index.
    fn asks_all(&self, node: NodeId, index: IndexId, depth: usize) -> Option<bool> {
        if !self.dims(node).contains(&index) {
            return match self.node(node).kind {
                // Whole rows may be absent.
                NodeKind::Where(..) => Some(false),
                _ => None,
            };
        }
        if depth > 20 {
            return Some(false);
        }
        match &self.node(node).kind {
            NodeKind::Variable(id) => match self.variable(*id).kind {
                VariableKind::Input(_) => Some(true),
                VariableKind::Formula { root, .. } => self.asks_all(root, index, depth + 1),
                _ => None,
            },
            NodeKind::Convert(value, _)
            | NodeKind::Relabel(value)
            | NodeKind::Negate(value)
            | NodeKind::Round { value, .. } => self.asks_all(*value, index, depth + 1),
            NodeKind::Arithmetic(_, a, b) => {
                let a = self.asks_all(*a, index, depth + 1);
                let b = self.asks_all(*b, index, depth + 1);
                match (a, b) {
                    (None, known) | (known, None) => known,
                    (Some(a), Some(b)) => Some(a && b),
                }
            }
            _ => Some(false),
        }
    }
}
