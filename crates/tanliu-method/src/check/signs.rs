//! 保守性 The sign of each adjusted value's effect on the outputs: a discount must not raise a credit.

use super::{Checker, messages};
use crate::ast::CompareOp;
use crate::program::{
    Arithmetic, Function, NodeId, NodeKind, ParamTree, Reduction, Running, Value, VariableId,
    VariableKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Which way a result moves when an operand rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Up,
    Down,
    Unknown,
}

impl Effect {
    fn flipped(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl Checker<'_> {
    /// In a document about reductions, warns of discounts and inflations that raise the credit:
    /// an output from which no other output is made.
    pub(super) fn check_conservative(&mut self, kind: Option<&str>) {
        if kind != Some("reduction") {
            return;
        }
        let outputs: Vec<VariableId> =
            (0..self.program.variables.len()).filter(|id| self.variable(*id).output).collect();
        let used: BTreeSet<VariableId> = outputs
            .iter()
            .flat_map(|id| {
                let mut behind = self.program.reach(&[*id], &[]);
                behind.remove(id);
                behind
            })
            .collect();
        let mut told = BTreeSet::new();
        for output in outputs.into_iter().filter(|id| !used.contains(id)) {
            let VariableKind::Formula { root, .. } = self.variable(output).kind else { continue };
            let mut seen: BTreeMap<NodeId, Vec<Effect>> = BTreeMap::new();
            let mut open = vec![(root, Effect::Up)];
            while let Some((node, effect)) = open.pop() {
                let entry = seen.entry(node).or_default();
                if entry.contains(&effect) {
                    continue;
                }
                entry.push(effect);
                self.spread(node, effect, &mut open);
            }
            for (node, effects) in seen {
                let NodeKind::Adjust(inflate, ..) = self.node(node).kind else { continue };
                let raises = if inflate { Effect::Up } else { Effect::Down };
                if effects == [raises] && told.insert((node, output)) {
                    let place = self.place(self.origin_of(node));
                    let name = self.variable(output).name.clone();
                    self.report(messages::discount_raises(&name, inflate, place));
                }
            }
        }
    }

    /// Passes an effect on to the operands.
    fn spread(&self, node: NodeId, effect: Effect, open: &mut Vec<(NodeId, Effect)>) {
        use Effect::Unknown;
        let signed = |factor: NodeId| if self.not_negative(factor, 0) { effect } else { Unknown };
        match &self.node(node).kind {
            NodeKind::Variable(id) => {
                if let VariableKind::Formula { root, .. } = self.variable(*id).kind {
                    open.push((root, effect));
                }
            }
            NodeKind::Convert(value, _)
            | NodeKind::Relabel(value)
            | NodeKind::InRange(value, _)
            | NodeKind::Round { value, .. }
            | NodeKind::Shift { value, .. }
            | NodeKind::Lookup { value, .. }
            | NodeKind::Where(value, _)
            | NodeKind::Running(
                Running::CumulativeSum | Running::First | Running::Last,
                value,
                _,
            ) => {
                open.push((*value, effect));
            }
            NodeKind::Adjust(inflate, value, by) => {
                open.push((*value, effect));
                open.push((*by, if *inflate { effect } else { effect.flipped() }));
            }
            NodeKind::Negate(value) => open.push((*value, effect.flipped())),
            NodeKind::Arithmetic(Arithmetic::Add, a, b) => {
                open.extend([(*a, effect), (*b, effect)])
            }
            NodeKind::Arithmetic(Arithmetic::Subtract, a, b) => {
                open.extend([(*a, effect), (*b, effect.flipped())]);
            }
            NodeKind::Arithmetic(Arithmetic::Multiply, a, b) => {
                open.extend([(*a, signed(*b)), (*b, signed(*a))]);
            }
            NodeKind::Arithmetic(Arithmetic::Divide, a, b) => {
                open.extend([(*a, signed(*b)), (*b, signed(*a).flipped())]);
            }
            NodeKind::Default(a, b) | NodeKind::If(_, a, b) => {
                open.extend([(*a, effect), (*b, effect)]);
            }
            NodeKind::Match(_, arms) => open.extend(arms.iter().map(|(_, value)| (*value, effect))),
            NodeKind::Call(Function::Min | Function::Max, values) => {
                open.extend(values.iter().map(|value| (*value, effect)));
            }
            NodeKind::Group(group)
                if matches!(
                    group.reduction,
                    Reduction::Sum | Reduction::Mean | Reduction::Min | Reduction::Max
                ) =>
            {
                open.push((group.value, effect));
            }
            kind => open.extend(kind.children().into_iter().map(|child| (child, Unknown))),
        }
    }

    /// Whether a value can't be below zero, as far as bounds and constants tell.
    fn not_negative(&self, node: NodeId, depth: usize) -> bool {
        if depth > 40 {
            return false;
        }
        let all = |nodes: &[NodeId]| nodes.iter().all(|node| self.not_negative(*node, depth + 1));
        match &self.node(node).kind {
            NodeKind::Constant(Value::Number(number)) => *number >= 0.0,
            NodeKind::Variable(id) => match &self.variable(*id).kind {
                // Quantities are not negative, but where the document bounds them lower.
                VariableKind::Input(input) => {
                    let below = |bound: &(CompareOp, f64)| {
                        matches!(bound.0, CompareOp::GreaterEqual | CompareOp::Greater)
                            && bound.1 < 0.0
                    };
                    !input.bounds.iter().any(below)
                }
                VariableKind::Param(tree) => tree_not_negative(tree),
                // Emission factors of the catalogue are never negative.
                VariableKind::Factor(_) => true,
                VariableKind::Hole => false,
                VariableKind::Formula { root, .. } => self.not_negative(*root, depth + 1),
            },
            NodeKind::Convert(value, _)
            | NodeKind::Relabel(value)
            | NodeKind::InRange(value, _)
            | NodeKind::Adjust(_, value, _)
            | NodeKind::Where(value, _)
            | NodeKind::Lookup { value, .. }
            | NodeKind::Shift { value, .. } => all(&[*value]),
            NodeKind::Arithmetic(
                Arithmetic::Add | Arithmetic::Multiply | Arithmetic::Divide,
                a,
                b,
            )
            | NodeKind::Default(a, b)
            | NodeKind::If(_, a, b) => all(&[*a, *b]),
            NodeKind::Group(group) => all(&[group.value]),
            _ => false,
        }
    }
}

fn tree_not_negative(tree: &ParamTree) -> bool {
    match tree {
        ParamTree::Leaf(Value::Number(number)) => *number >= 0.0,
        ParamTree::Leaf(_) => false,
        ParamTree::Level { exact, steps, .. } => {
            exact.iter().chain(steps).all(|(_, tree)| tree_not_negative(tree))
        }
    }
}
