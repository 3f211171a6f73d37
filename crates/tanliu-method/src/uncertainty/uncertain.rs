//! 何者不确定 Which variables and nodes can differ from draw to draw.

use crate::data::Dataset;
use crate::program::{
    NodeId, NodeKind, Program, Reduction, Running, Test, Type, VariableId, VariableKind,
};
use std::collections::BTreeSet;
use tanliu_factor::Catalogue;

/// 不确定者 Variables and nodes that rest on an uncertain quantity.
#[derive(Debug, Clone, Default)]
pub(super) struct Uncertain {
    pub(super) variables: BTreeSet<VariableId>,
    pub(super) nodes: BTreeSet<NodeId>,
}

impl Uncertain {
    pub(super) fn of(program: &Program, dataset: &Dataset, catalogue: &Catalogue) -> Self {
        let mut found = Self::default();
        for (id, variable) in program.variables.iter().enumerate() {
            let table = dataset.inputs.get(&id);
            let by_row = table.is_some_and(|table| table.half_widths.iter().any(Option::is_some));
            let by_set = match &variable.kind {
                VariableKind::Factor(factor) if table.is_none() => {
                    let set = catalogue.set(&factor.set);
                    set.is_some_and(|set| set.rows.iter().any(|row| row.uncertainty.is_some()))
                }
                _ => false,
            };
            let is_number = matches!(variable.ty, Type::Number(_));
            if is_number && (variable.uncertainty.is_some() || by_row || by_set) {
                found.variables.insert(id);
            }
        }
        // Children mostly stand before their parents; recurrences and functions take more rounds.
        while !found.variables.is_empty() && found.grow(program) {}
        found
    }

    fn grow(&mut self, program: &Program) -> bool {
        let before = (self.variables.len(), self.nodes.len());
        for (number, node) in program.nodes.iter().enumerate() {
            let varies = matches!(node.ty, Type::Number(_) | Type::Bool);
            if varies && !self.nodes.contains(&number) && self.rests_on_some(&node.kind) {
                self.nodes.insert(number);
            }
        }
        for (id, variable) in program.variables.iter().enumerate() {
            if let VariableKind::Formula { root, .. } = variable.kind
                && self.nodes.contains(&root)
            {
                self.variables.insert(id);
            }
        }
        before != (self.variables.len(), self.nodes.len())
    }

    fn rests_on_some(&self, kind: &NodeKind) -> bool {
        let has = |node: &NodeId| self.nodes.contains(node);
        match kind {
            NodeKind::Variable(id) => self.variables.contains(id),
            // Keys, what is known and how many there are: those of the central run.
            NodeKind::Constant(_)
            | NodeKind::IndexKey(_)
            | NodeKind::NumberOfKey(_)
            | NodeKind::DateArithmetic(..)
            | NodeKind::KeyOfNumber(..)
            | NodeKind::Running(Running::InternalRateCount, ..)
            | NodeKind::Known(_)
            | NodeKind::Noted(..)
            | NodeKind::TimePart(..) => false,
            NodeKind::Where(value, _)
            | NodeKind::Lookup { value, .. }
            | NodeKind::Running(Running::First | Running::Last, value, _) => has(value),
            NodeKind::Group(group) => {
                let counts = group.reduction == Reduction::Count;
                !counts && (has(&group.value) || group.weight.as_ref().is_some_and(has))
            }
            NodeKind::Window(window) => {
                let counts = window.reduction == Reduction::Count;
                !counts && (has(&window.value) || window.weight.as_ref().is_some_and(has))
            }
            kind => kind.children().iter().any(has),
        }
    }

    /// Whether an arm's test can turn out differently for the same scrutinee.
    pub(super) fn in_test(&self, test: &Test) -> bool {
        match test {
            Test::Equals(node) => self.nodes.contains(node),
            Test::Either(tests) => tests.iter().any(|test| self.in_test(test)),
            Test::OneOf(_) | Test::Range(..) | Test::Compare(..) | Test::Else => false,
        }
    }
}
