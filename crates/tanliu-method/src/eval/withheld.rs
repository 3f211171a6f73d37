//! 待定 What waits for a named hole: an output or a condition at the keys that ask for it, and no others.

use super::Evaluator;
use super::column::{Column, FAULT, PRESENT};
use super::faults::FaultKind;
use super::frame::{Frame, sort_positions};
use super::run::RunOutcome;
use crate::data::Dataset;
use crate::program::{
    FactorRule, IndexId, NodeId, NodeKind, Program, Target, VariableId, VariableKind,
};
use std::collections::BTreeSet;

/// So many keys are named.
pub const WITHHELD_KEYS_SHOWN: usize = 20;

/// 未给出的结果
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// The output or condition.
    pub what: String,
    /// The holes that are missing.
    pub holes: Vec<String>,
    /// Where other keys have a value: how many have none, and the first of them. `None`: nothing is
    /// given.
    pub keys: Option<(usize, Vec<String>)>,
}

impl RunOutcome {
    /// Whether nothing of a result is given for want of a hole.
    pub fn is_withheld_whole(&self, what: &str) -> bool {
        self.withheld.iter().any(|own| own.what == what && own.keys.is_none())
    }
}

/// The holes that variables and nodes rest on and that are not filled.
fn open_holes(
    program: &Program,
    dataset: &Dataset,
    variables: &[VariableId],
    nodes: &[NodeId],
) -> Vec<String> {
    let is_open = |id: &VariableId| {
        matches!(program.variables.get(*id).map(|v| &v.kind), Some(VariableKind::Hole))
            && !dataset.inputs.contains_key(id)
    };
    let reached = program.reach(variables, nodes);
    let open = reached.iter().filter(|id| is_open(id));
    open.filter_map(|id| Some(program.variables.get(*id)?.name.clone())).collect()
}

/// The holes that decide which keys there are: those of mappings that regroup and of dates that choose a
/// factor. What needs one of them has no keys to be withheld one by one.
pub fn shaping_holes(
    program: &Program,
    dataset: &Dataset,
    variables: &[VariableId],
    nodes: &[NodeId],
) -> Vec<String> {
    if open_holes(program, dataset, variables, nodes).is_empty() {
        return Vec::new();
    }
    let reached = program.reach(variables, nodes);
    let mut open: Vec<NodeId> = nodes.to_vec();
    let mut shaping: Vec<NodeId> = Vec::new();
    for variable in reached.iter().filter_map(|id| program.variables.get(*id)) {
        match &variable.kind {
            VariableKind::Factor(factor) => match &factor.rule {
                FactorRule::Latest { before, .. }
                | FactorRule::MeanOfLast { before: Some(before), .. } => shaping.push(*before),
                _ => {}
            },
            kind => open.extend(kind.root()),
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(node) = open.pop() {
        let Some(found) = program.nodes.get(node).filter(|_| seen.insert(node)) else { continue };
        if let NodeKind::Group(group) = &found.kind {
            shaping.extend(group.targets.iter().filter_map(|target| match target {
                Target::By { mapping, .. } => Some(*mapping),
                Target::To { .. } => None,
            }));
        }
        open.extend(found.kind.children());
    }
    open_holes(program, dataset, &[], &shaping)
}

impl Evaluator<'_> {
    /// Whether a state is that of a row that waits for a hole.
    pub(super) fn is_hole(&self, state: u32) -> bool {
        self.hole_of(state).is_some()
    }

    fn hole_of(&self, state: u32) -> Option<VariableId> {
        if state < FAULT {
            return None;
        }
        match self.fault_of(state)?.kind {
            FaultKind::Hole(id) => Some(id),
            _ => None,
        }
    }

    /// What of a result waits for holes, in the order of the keys of `dims`.
    pub(super) fn withheld(
        &self,
        what: &str,
        dims: &[IndexId],
        (frame, column): (&Frame, &Column),
    ) -> Option<Withheld> {
        let mut holes = BTreeSet::new();
        let mut rows = Vec::new();
        let mut given = false;
        for row in 0..frame.rows {
            let state = column.state(row);
            given |= state == PRESENT;
            if let Some(id) = self.hole_of(state) {
                holes.insert(id);
                rows.push(row);
            }
        }
        if rows.is_empty() {
            return None;
        }
        let holes = holes.iter().map(|id| self.variable(*id).name.clone()).collect();
        let what = what.to_owned();
        if !given {
            return Some(Withheld { what, holes, keys: None });
        }
        let waiting: BTreeSet<usize> = rows.iter().copied().collect();
        let columns: Vec<Vec<u32>> =
            dims.iter().map(|dim| frame.column(*dim).unwrap_or_default().to_vec()).collect();
        let order = sort_positions(&columns, frame.rows).into_iter().map(|row| row as usize);
        let shown = order.filter(|row| waiting.contains(row)).take(WITHHELD_KEYS_SHOWN);
        let shown = shown.map(|row| {
            let key = dims.iter().filter_map(|dim| Some((*dim, *frame.column(*dim)?.get(row)?)));
            self.show_key(&key.collect::<Vec<_>>())
        });
        let keys = Some((rows.len(), shown.collect()));
        Some(Withheld { what, holes, keys })
    }
}
