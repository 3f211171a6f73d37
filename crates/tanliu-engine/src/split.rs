//! 分割 Which parts of a program run over rows, and the program that is left when they have run.
//!
//! A reduction whose value names an input with just its indexes runs over rows; so do conditions
//! and results of that kind. When a reduction has run, it is an input of the program that is left:
//! the reference interpreter finishes that as it would any other.

mod rest;

pub(crate) use rest::{STAND_IN, given_fault, given_rows, stand_in, trim};

use crate::atom::AtomKind;
use crate::lane::{LaneId, Lanes, Leaf, compile, has_rows, runs_in_order};
use crate::reduce::{GroupKey, Mapping, Reduce};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_method::data::Dataset;
use tanliu_method::program::{
    Group, IndexId, NodeId, NodeKind, Program, Target, VariableId, VariableKind,
};

/// 关系工序 What runs over one relation in one pass.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub(crate) lanes: Lanes,
    pub(crate) works: Vec<Work>,
}

/// 工序 One thing that is made of rows.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    pub(crate) kind: WorkKind,
    /// The row inputs of which one must have a cell for a row to count.
    pub(crate) inputs: BTreeSet<usize>,
}

/// 工序种类
#[derive(Debug, Clone)]
pub(crate) enum WorkKind {
    /// A reduction, by its node.
    Reduce(NodeId, Reduce),
    /// A result, or a formula that nothing uses, by its variable; a lane.
    Result(VariableId, LaneId),
    /// A condition, by its number; a lane.
    Condition(usize, LaneId),
}

/// 选择 Which inputs may be rows.
#[derive(Debug, Clone)]
pub(crate) enum Choice {
    /// Every input that has indexes.
    All,
    /// Parts that name one of these.
    Only(BTreeSet<VariableId>),
}

/// 待办 What is still to be done of a program.
pub(crate) struct Todo<'a> {
    pub(crate) program: &'a Program,
    pub(crate) choice: &'a Choice,
    /// Roots that are still to be made.
    pub(crate) roots: &'a [VariableId],
    /// Conditions that are still to be judged, by number.
    pub(crate) conditions: &'a [usize],
}

impl Todo<'_> {
    /// What can run now, by relation: everything that rests on nothing that runs over rows itself.
    pub(crate) fn ready(&self) -> Vec<Relation> {
        let candidates = self.candidates();
        let names: BTreeSet<NodeId> = candidates
            .iter()
            .filter_map(|candidate| match candidate {
                Candidate::Group(node) => Some(*node),
                _ => None,
            })
            .collect();
        let mut relations: BTreeMap<Vec<IndexId>, Relation> = BTreeMap::new();
        for candidate in &candidates {
            let Some(dims) = self.dims_of(candidate) else { continue };
            let relation = relations.entry(dims.clone()).or_insert_with(|| Relation {
                lanes: Lanes::over(self.program, dims),
                works: Vec::new(),
            });
            let kept = relation.lanes.clone();
            match self.work(candidate, &mut relation.lanes) {
                Some(work) if self.rests_on_none(&relation.lanes, &kept, &names) => {
                    relation.works.push(work);
                }
                _ => relation.lanes = kept,
            }
        }
        relations.into_values().filter(|relation| !relation.works.is_empty()).collect()
    }

    fn candidates(&self) -> Vec<Candidate> {
        let mut found = Vec::new();
        let mut open: Vec<NodeId> = Vec::new();
        for id in self.roots {
            let Some(VariableKind::Formula { root, parameter }) =
                self.program.variables.get(*id).map(|variable| &variable.kind)
            else {
                continue;
            };
            open.push(*root);
            if !parameter && !runs_in_order(self.program, *id) {
                found.push(Candidate::Result(*id, *root));
            }
        }
        for number in self.conditions {
            let Some(condition) = self.program.conditions.get(*number) else { continue };
            open.push(condition.root);
            found.push(Candidate::Condition(*number, condition.root));
        }
        let mut seen = BTreeSet::new();
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            let Some(kind) = self.program.nodes.get(node).map(|node| &node.kind) else { continue };
            match kind {
                NodeKind::Variable(id) => {
                    open.extend(self.program.variables.get(*id).and_then(|v| v.kind.root()));
                }
                kind => {
                    if matches!(kind, NodeKind::Group(_)) {
                        found.push(Candidate::Group(node));
                    }
                    open.extend(kind.children());
                }
            }
        }
        let mut scratch: BTreeMap<Vec<IndexId>, Lanes> = BTreeMap::new();
        found.retain(|candidate| {
            let Some(dims) = self.dims_of(candidate) else { return false };
            let lanes =
                scratch.entry(dims.clone()).or_insert_with(|| Lanes::over(self.program, dims));
            self.is_chosen(candidate) && self.work(candidate, lanes).is_some()
        });
        found
    }

    /// The indexes of the relation over which a candidate runs.
    fn dims_of(&self, candidate: &Candidate) -> Option<Vec<IndexId>> {
        let node = match candidate {
            Candidate::Group(node) => match &self.program.nodes.get(*node)?.kind {
                NodeKind::Group(group) => group.value,
                _ => return None,
            },
            Candidate::Result(_, root) | Candidate::Condition(_, root) => *root,
        };
        let dims = self.program.nodes.get(node)?.dims.clone();
        (!dims.is_empty() && has_rows(self.program, &dims, node)).then_some(dims)
    }

    fn is_chosen(&self, candidate: &Candidate) -> bool {
        let (Candidate::Group(node) | Candidate::Result(_, node) | Candidate::Condition(_, node)) =
            candidate;
        match self.choice {
            Choice::All => true,
            Choice::Only(inputs) => !inputs.is_disjoint(&self.program.reach(&[], &[*node])),
        }
    }

    fn work(&self, candidate: &Candidate, lanes: &mut Lanes) -> Option<Work> {
        let (kind, lane) = match candidate {
            Candidate::Group(node) => {
                let NodeKind::Group(group) = &self.program.nodes.get(*node)?.kind else {
                    return None;
                };
                let reduce = self.reduce(*node, group, lanes)?;
                let value = reduce.value;
                (WorkKind::Reduce(*node, reduce), value)
            }
            Candidate::Result(id, root) => {
                let lane = compile(self.program, lanes, *root, false).ok()?;
                (WorkKind::Result(*id, lane), lane)
            }
            Candidate::Condition(number, root) => {
                let lane = compile(self.program, lanes, *root, false).ok()?;
                (WorkKind::Condition(*number, lane), lane)
            }
        };
        let inputs = lanes.keys.get(lane)?.clone();
        (!inputs.is_empty()).then_some(Work { kind, inputs })
    }

    fn reduce(&self, node: NodeId, group: &Group, lanes: &mut Lanes) -> Option<Reduce> {
        let value = compile(self.program, lanes, group.value, false).ok()?;
        let mut asked = |node: NodeId| compile(self.program, lanes, node, true).ok();
        let weight = match group.weight {
            Some(weight) => Some(asked(weight)?),
            None => None,
        };
        let second = match group.second {
            Some(second) => Some(asked(second)?),
            None => None,
        };
        let mut targets = Vec::new();
        for index in &self.program.nodes.get(node)?.dims {
            let target = group.targets.iter().find(|target| {
                let (Target::By { index: own, .. } | Target::To { index: own, .. }) = target;
                own == index
            });
            let place = |lanes: &Lanes, index| lanes.dims.iter().position(|dim| *dim == index);
            targets.push(match target {
                None => GroupKey::Same(place(lanes, *index)?),
                Some(Target::To { from, .. }) => {
                    let kind = |index: IndexId| self.program.indexes.get(index).map(AtomKind::of);
                    GroupKey::Coarse {
                        place: place(lanes, *from)?,
                        from: kind(*from)?,
                        to: kind(*index)?,
                    }
                }
                Some(Target::By { mapping, .. }) => {
                    let lane = compile(self.program, lanes, *mapping, true).ok()?;
                    let found = self.program.nodes.get(*mapping)?;
                    let variable = match found.kind {
                        NodeKind::Variable(id) => Some(id),
                        _ => None,
                    };
                    let dims = found.dims.clone();
                    GroupKey::By(Mapping { lane, node: *mapping, dims, variable })
                }
            });
        }
        let inputs = lanes.keys.get(value)?.clone();
        Some(Reduce { reduction: group.reduction, value, weight, second, targets, inputs })
    }

    /// Whether the leaves that came in rest on no reduction that is still to run over rows.
    fn rests_on_none(&self, now: &Lanes, before: &Lanes, names: &BTreeSet<NodeId>) -> bool {
        now.leaves.iter().skip(before.leaves.len()).all(|leaf| match leaf {
            Leaf::Constant(_) => true,
            Leaf::Node(node) => !groups_in(self.program, *node).any(|group| names.contains(&group)),
        })
    }
}

/// Whether variables or nodes need a hole that is not filled.
pub(crate) fn waits_for_hole(
    program: &Program,
    dataset: &Dataset,
    (variables, nodes): (&[VariableId], &[NodeId]),
) -> bool {
    program.reach(variables, nodes).iter().any(|id| {
        let hole = program.variables.get(*id).map(|variable| &variable.kind);
        matches!(hole, Some(VariableKind::Hole)) && !dataset.inputs.contains_key(id)
    })
}

#[derive(Debug, Clone, Copy)]
enum Candidate {
    Group(NodeId),
    Result(VariableId, NodeId),
    Condition(usize, NodeId),
}

/// The reductions that a node is made of, through formulas too.
fn groups_in(program: &Program, node: NodeId) -> impl Iterator<Item = NodeId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![node];
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        if !seen.insert(node) {
            continue;
        }
        let Some(kind) = program.nodes.get(node).map(|node| &node.kind) else { continue };
        match kind {
            NodeKind::Variable(id) => {
                open.extend(program.variables.get(*id).and_then(|v| v.kind.root()));
            }
            kind => {
                if matches!(kind, NodeKind::Group(_)) {
                    found.push(node);
                }
                open.extend(kind.children());
            }
        }
    }
    found.into_iter()
}
