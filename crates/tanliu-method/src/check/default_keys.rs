//! 缺省的键 Which reductions are 0 where they are asked for a key they lack: sums and counts of
//! which all inputs that give keys have defaults.
//!
//! Found when all formulas are known, for all reductions at once and from below: a document may
//! name a formula before it stands, and hundreds of sums may share their inputs.

use super::Checker;
use crate::program::{IndexId, NodeId, NodeKind, Reduction, Target, Variable, VariableKind};
use std::collections::BTreeSet;
use std::rc::Rc;

impl Checker<'_> {
    /// Marks those reductions.
    pub(super) fn mark_default_keys(&mut self) {
        // Most documents end here.
        if !self.program.variables.iter().any(has_default) {
            return;
        }
        let count = self.program.nodes.len();
        let brought = self.brought();
        let mut users: Vec<Vec<NodeId>> = vec![Vec::new(); count];
        for node in 0..count {
            for giver in self.givers(node, &brought) {
                if let Some(users) = users.get_mut(giver) {
                    users.push(node);
                }
            }
        }
        let with = |default: bool| {
            let gives = |node: &NodeId| {
                self.key_giver(*node).is_some_and(|input| has_default(input) == default)
            };
            climbed(&users, (0..count).filter(gives).collect())
        };
        let (some, others) = (with(true), with(false));
        for node in &mut self.program.nodes {
            let NodeKind::Group(group) = &mut node.kind else { continue };
            let is = |flags: &[bool]| flags.get(group.value) == Some(&true);
            if matches!(group.reduction, Reduction::Sum | Reduction::Count)
                && is(&some)
                && !is(&others)
            {
                Rc::make_mut(group).zero_if_asked = true;
            }
        }
    }

    /// The input that a node names, if it brings keys.
    fn key_giver(&self, node: NodeId) -> Option<&Variable> {
        let NodeKind::Variable(id) = self.node(node).kind else { return None };
        let variable = self.variable(id);
        // An optional input that says nothing decides nothing.
        let gives = matches!(&variable.kind, VariableKind::Input(input) if !input.optional)
            && !variable.dims.is_empty();
        gives.then_some(variable)
    }

    /// The nodes below that give a node its keys.
    fn givers(&self, node: NodeId, brought: &[BTreeSet<IndexId>]) -> Vec<NodeId> {
        match &self.node(node).kind {
            NodeKind::Where(value, _) => vec![*value],
            NodeKind::Variable(_) | NodeKind::Group(_) => self.below(node),
            kind => {
                // Of two operands the one with fewer indexes adds no keys.
                let children = kind.children();
                let own = |child: &NodeId| -> BTreeSet<IndexId> {
                    let found = brought.get(*child).into_iter().flatten().copied();
                    found.filter(|index| self.dims(*child).contains(index)).collect()
                };
                let sets: Vec<BTreeSet<IndexId>> = children.iter().map(own).collect();
                let adds = |own: &BTreeSet<IndexId>| {
                    !sets.iter().any(|other| other != own && other.is_superset(own))
                };
                let adding = children.iter().zip(&sets).filter(|(_, own)| adds(own));
                adding.map(|(child, _)| *child).collect()
            }
        }
    }

    /// For each node the indexes that inputs and regroupings bring in, there or below.
    fn brought(&self) -> Vec<BTreeSet<IndexId>> {
        let count = self.program.nodes.len();
        let mut found: Vec<BTreeSet<IndexId>> =
            (0..count).map(|node| self.brought_at(node)).collect();
        let mut users: Vec<Vec<NodeId>> = vec![Vec::new(); count];
        for node in 0..count {
            for child in self.below(node) {
                if let Some(users) = users.get_mut(child) {
                    users.push(node);
                }
            }
        }
        // Operands stand before what is made of them, so that most sets are whole at once.
        let mut open: Vec<NodeId> = (0..count).rev().collect();
        while let Some(node) = open.pop() {
            let own = found.get(node).cloned().unwrap_or_default();
            for user in users.get(node).into_iter().flatten() {
                let Some(known) = found.get_mut(*user).filter(|known| !own.is_subset(known)) else {
                    continue;
                };
                known.extend(&own);
                open.push(*user);
            }
        }
        found
    }

    /// The indexes that a node itself brings in.
    fn brought_at(&self, node: NodeId) -> BTreeSet<IndexId> {
        match &self.node(node).kind {
            NodeKind::Variable(id) => match self.variable(*id).kind {
                VariableKind::Input(_) => self.dims(node).iter().copied().collect(),
                _ => BTreeSet::new(),
            },
            // Through a mapping or into a coarser index the keys come from those of its value.
            NodeKind::Group(group) => {
                let targets = group.targets.iter().map(|target| match target {
                    Target::By { index, .. } | Target::To { index, .. } => *index,
                });
                targets.collect()
            }
            _ => BTreeSet::new(),
        }
    }

    /// The nodes that bring keys to a node; parameters bring none.
    fn below(&self, node: NodeId) -> Vec<NodeId> {
        match &self.node(node).kind {
            NodeKind::Variable(id) => match self.variable(*id).kind {
                VariableKind::Formula { root, parameter: false } => vec![root],
                _ => Vec::new(),
            },
            NodeKind::Group(group) => vec![group.value],
            kind => kind.children(),
        }
    }
}

fn has_default(variable: &Variable) -> bool {
    let default = matches!(&variable.kind, VariableKind::Input(input) if input.default.is_some());
    default && !variable.dims.is_empty()
}

/// Whether each node is one of those from which one climbs up, or above one.
fn climbed(users: &[Vec<NodeId>], mut open: Vec<NodeId>) -> Vec<bool> {
    let mut seen = vec![false; users.len()];
    while let Some(node) = open.pop() {
        let Some(known) = seen.get_mut(node) else { continue };
        if !std::mem::replace(known, true) {
            open.extend(users.get(node).into_iter().flatten());
        }
    }
    seen
}
