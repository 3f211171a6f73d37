//! 分割 Which parts of a program run over rows, and the program that is left when they have run.
//!
//! A reduction whose value names an input with just its indexes runs over rows; so do conditions
//! and results of that kind. When a reduction has run, it is an input of the program that is left:
//! the reference interpreter finishes that as it would any other.

mod cut;
mod rest;

pub(crate) use cut::{Cut, CutWork};
pub(crate) use rest::{STAND_IN, given_fault, given_rows, known_key, stand_in, trim};

use crate::atom::AtomKind;
use crate::lane::{LaneId, LaneInput, Lanes, Leaf, compile, runs_in_order};
use crate::lineage::{Climb, resting_on, resting_on_variables};
use crate::reduce::{GroupKey, Mapping, Reduce};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_method::data::Dataset;
use tanliu_method::eval::shaping_holes;
use tanliu_method::program::{
    Group, IndexId, IndexKind, Node, NodeId, NodeKind, Program, Target, Variable, VariableId,
    VariableKind,
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
    /// Every input that has indexes. What cannot run over rows is left to the interpreter, or done
    /// in slices.
    All { sliced: bool },
    /// Parts that name one of these; with the number of the table in which it lies.
    Only(BTreeMap<VariableId, usize>),
}

/// Lanes over relations of which none are made yet: what they know of the program is found once.
type Blanks = BTreeMap<Vec<IndexId>, Lanes>;

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
        let mut blanks = BTreeMap::new();
        let candidates = self.candidates(&mut blanks);
        let names: BTreeSet<NodeId> = candidates
            .iter()
            .filter_map(|candidate| match candidate {
                Candidate::Group(node) => Some(*node),
                _ => None,
            })
            .collect();
        // Rows of wide tables that no reduction has run over yet are left to slices.
        let is_wide = |node: &Node| match (self.choice, &node.kind) {
            (Choice::Only(tables), NodeKind::Variable(id)) => tables.contains_key(id),
            _ => false,
        };
        let rests = resting_on(self.program, Climb::All, |node, found| {
            names.contains(&node) || is_wide(found)
        });
        let mut relations: Vec<Relation> = Vec::new();
        for candidate in &candidates {
            let Some(dims) = self.dims_of(candidate) else { continue };
            let mut same = relations.iter_mut().filter(|relation| relation.lanes.dims == dims);
            if !same.any(|relation| self.joins(candidate, relation, &rests)) {
                let lanes = self.blank(&mut blanks, dims);
                let mut own = Relation { lanes, works: Vec::new() };
                if self.joins(candidate, &mut own, &rests) {
                    relations.push(own);
                }
            }
        }
        relations
    }

    /// Adds a candidate to a relation, if it can run there. What `rests` on a reduction that is
    /// still to run over rows waits for it.
    fn joins(&self, candidate: &Candidate, relation: &mut Relation, rests: &[bool]) -> bool {
        let mark = relation.lanes.mark();
        let waits = |leaf: &Leaf| match leaf {
            Leaf::Constant(_) => false,
            Leaf::Node(node) => rests.get(*node) == Some(&true),
        };
        match self.work(candidate, &mut relation.lanes) {
            Some(work)
                if !relation.lanes.leaves_since(mark).iter().any(waits)
                    && self.is_one_table(&relation.lanes) =>
            {
                relation.works.push(work);
                true
            }
            _ => {
                relation.lanes.back_to(mark);
                false
            }
        }
    }

    /// Whether the rows of all inputs are rows of one table, each complete by itself.
    fn is_one_table(&self, lanes: &Lanes) -> bool {
        let Choice::Only(tables) = self.choice else { return true };
        let mut numbers = lanes.inputs.iter().map(|input| tables.get(&input.id));
        let first = numbers.next().flatten();
        let is_closed = |index: &IndexId| {
            let kind = self.program.indexes.get(*index).map(|index| &index.kind);
            matches!(kind, Some(IndexKind::Closed(_)))
        };
        first.is_some()
            && numbers.all(|number| number == first)
            && !lanes.dims.iter().any(is_closed)
    }

    /// Whether rows are those of inputs with defaults alone, beside a part that has keys of its own: the
    /// result has those keys too, for which there is no row.
    fn has_keys_of_others(&self, lanes: &Lanes) -> bool {
        let may_lack = |input: &LaneInput| match self.program.variables.get(input.id) {
            Some(Variable { kind: VariableKind::Input(own), .. }) => {
                own.default.is_some() || own.optional
            }
            _ => false,
        };
        let covers = |leaf: &Leaf| match leaf {
            Leaf::Node(node) => {
                let dims = self.program.nodes.get(*node).map_or(0, |node| node.dims.len());
                dims > 0 && dims == lanes.dims.len()
            }
            Leaf::Constant(_) => false,
        };
        lanes.inputs.iter().all(may_lack) && lanes.leaves.iter().any(covers)
    }

    /// What can run over rows, now or when what it rests on has run.
    fn candidates(&self, blanks: &mut Blanks) -> Vec<Candidate> {
        let mut found = self.parts();
        let chosen = self.chosen();
        found.retain(|candidate| {
            let Some(dims) = self.dims_of(candidate) else { return false };
            let mut lanes = self.blank(blanks, dims);
            lanes.has_rows(self.value_of(candidate).unwrap_or(usize::MAX))
                && chosen.get(candidate.node()) == Some(&true)
                && self.work(candidate, &mut lanes).is_some()
                && self.is_one_table(&lanes)
                && !self.has_keys_of_others(&lanes)
        });
        found.retain(|candidate| match candidate {
            Candidate::Result(id, _) => !runs_in_order(self.program, *id),
            _ => true,
        });
        found
    }

    /// Lanes over a relation, none made yet.
    fn blank(&self, blanks: &mut Blanks, dims: Vec<IndexId>) -> Lanes {
        let known = blanks.entry(dims.clone());
        known.or_insert_with(|| Lanes::over(self.program, dims)).clone()
    }

    /// What a run is made of: results, conditions, and the reductions under them.
    fn parts(&self) -> Vec<Candidate> {
        let mut found = Vec::new();
        let mut open: Vec<NodeId> = Vec::new();
        for id in self.roots {
            let Some(VariableKind::Formula { root, parameter }) =
                self.program.variables.get(*id).map(|variable| &variable.kind)
            else {
                continue;
            };
            open.push(*root);
            if !parameter {
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
        found
    }

    /// The indexes of the relation over which a candidate runs.
    fn dims_of(&self, candidate: &Candidate) -> Option<Vec<IndexId>> {
        let dims = self.program.nodes.get(self.value_of(candidate)?)?.dims.clone();
        (!dims.is_empty()).then_some(dims)
    }

    /// The node that a candidate computes at each row.
    fn value_of(&self, candidate: &Candidate) -> Option<NodeId> {
        match candidate {
            Candidate::Group(node) => match &self.program.nodes.get(*node)?.kind {
                NodeKind::Group(group) => Some(group.value),
                _ => None,
            },
            Candidate::Result(_, root) | Candidate::Condition(_, root) => Some(*root),
        }
    }

    /// For each node whether it names a chosen input.
    fn chosen(&self) -> Vec<bool> {
        match self.choice {
            Choice::All { .. } => vec![true; self.program.nodes.len()],
            Choice::Only(tables) => {
                resting_on_variables(self.program, Climb::All, |id, _| tables.contains_key(&id))
            }
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
        let dims = lanes.dims.clone();
        let mut asked = |node: NodeId| compile(self.program, lanes, node, true).ok();
        let weight = match group.weight {
            Some(weight) => Some(asked(weight)?),
            None => None,
        };
        let second = match group.second {
            Some(second) => Some(asked(second)?),
            None => None,
        };
        let targets = self.targets(node, group, &dims, asked)?;
        let inputs = lanes.keys.get(value)?.clone();
        Some(Reduce { reduction: group.reduction, value, weight, second, targets, inputs })
    }

    /// Where the group keys of rows with these indexes come from; `lane` gives that of a mapping.
    fn targets(
        &self,
        node: NodeId,
        group: &Group,
        dims: &[IndexId],
        mut lane: impl FnMut(NodeId) -> Option<LaneId>,
    ) -> Option<Vec<GroupKey>> {
        let place = |index| dims.iter().position(|dim| *dim == index);
        let kind = |index: IndexId| self.program.indexes.get(index).map(AtomKind::of);
        let mut targets = Vec::new();
        for index in &self.program.nodes.get(node)?.dims {
            let target = group.targets.iter().find(|target| {
                let (Target::By { index: own, .. } | Target::To { index: own, .. }) = target;
                own == index
            });
            targets.push(match target {
                None => GroupKey::Same(place(*index)?),
                Some(Target::To { from, .. }) => {
                    GroupKey::Coarse { place: place(*from)?, from: kind(*from)?, to: kind(*index)? }
                }
                Some(Target::By { mapping, .. }) => {
                    let found = self.program.nodes.get(*mapping)?;
                    let variable = match found.kind {
                        NodeKind::Variable(id) => Some(id),
                        _ => None,
                    };
                    let (lane, dims) = (lane(*mapping)?, found.dims.clone());
                    GroupKey::By(Mapping { lane, node: *mapping, dims, variable })
                }
            });
        }
        Some(targets)
    }
}

/// Whether variables or nodes have no keys before a hole is filled.
pub(crate) fn waits_for_hole(
    program: &Program,
    dataset: &Dataset,
    (variables, nodes): (&[VariableId], &[NodeId]),
) -> bool {
    !shaping_holes(program, dataset, variables, nodes).is_empty()
}

#[derive(Debug, Clone, Copy)]
enum Candidate {
    Group(NodeId),
    Result(VariableId, NodeId),
    Condition(usize, NodeId),
}

impl Candidate {
    fn node(&self) -> NodeId {
        let (Self::Group(node) | Self::Result(_, node) | Self::Condition(_, node)) = self;
        *node
    }
}
