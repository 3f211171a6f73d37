//! 依赖 What a program's formulas are made of: which variables a node names, and all behind them.

use super::{FactorRule, Input, NodeId, NodeKind, Program, VariableId, VariableKind};
use std::collections::BTreeSet;

impl VariableKind {
    /// The node a variable's value is made of: a formula's right side, a factor's date.
    pub fn root(&self) -> Option<NodeId> {
        match self {
            Self::Formula { root, .. } => Some(*root),
            Self::Factor(factor) => match &factor.rule {
                FactorRule::Latest { before, .. }
                | FactorRule::MeanOfLast { before: Some(before), .. } => Some(*before),
                FactorRule::SameYear(_)
                | FactorRule::Fixed(_)
                | FactorRule::MeanOfLast { before: None, .. } => None,
            },
            Self::Input(_) | Self::Param(_) | Self::Hole => None,
        }
    }
}

impl Program {
    /// The variables that a node names, itself or in what it is made of.
    pub fn named_in(&self, root: NodeId) -> BTreeSet<VariableId> {
        let mut named = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            let Some(found) = self.nodes.get(node).filter(|_| seen.insert(node)) else { continue };
            if let NodeKind::Variable(id) = found.kind {
                named.insert(id);
            }
            open.extend(found.kind.children());
        }
        named
    }

    /// All variables that a node is made of, also those behind an input that stands for a part
    /// computed elsewhere; such inputs themselves are not among them.
    pub fn origins(&self, node: NodeId) -> BTreeSet<VariableId> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            for id in self.reach(&[], &[node]) {
                match self.variables.get(id).map(|variable| &variable.kind) {
                    Some(VariableKind::Input(Input { stands_for: Some(was), .. })) => {
                        open.extend(seen.insert(*was).then_some(*was));
                    }
                    _ => {
                        found.insert(id);
                    }
                }
            }
        }
        found
    }

    /// All variables that some variables and nodes are made of, the variables themselves included.
    pub fn reach(&self, variables: &[VariableId], nodes: &[NodeId]) -> BTreeSet<VariableId> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<VariableId> = variables.to_vec();
        open.extend(nodes.iter().flat_map(|node| self.named_in(*node)));
        while let Some(id) = open.pop() {
            let Some(variable) = self.variables.get(id).filter(|_| reached.insert(id)) else {
                continue;
            };
            if let Some(root) = variable.kind.root() {
                open.extend(self.named_in(root));
            }
        }
        reached
    }
}
