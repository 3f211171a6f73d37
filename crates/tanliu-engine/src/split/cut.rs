//! 切分 Parts that look along an index (windows, earlier values, ranks, recurrences) or in which
//! several tables meet. They are evaluated in slices: all rows of some keys of another index.

use super::{Candidate, Choice, Relation, Todo, Work, WorkKind};
use crate::lane::{Lane, LaneId, Lanes, Step};
use crate::lineage::{Climb, resting_on, resting_on_variables};
use crate::reduce::Reduce;
use std::collections::{BTreeMap, BTreeSet};
use tanliu_method::eval::Giving;
use tanliu_method::program::{
    IndexId, IndexKind, NodeId, NodeKind, Program, Step as Order, Target, Variable, VariableId,
    VariableKind,
};

/// 切分 What is done slice by slice in one go.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    /// Along which index; nothing: all rows are one slice.
    pub(crate) index: Option<IndexId>,
    pub(crate) works: Vec<CutWork>,
}

/// 切片工序 One thing that is made of slices.
#[derive(Debug, Clone)]
pub(crate) struct CutWork {
    /// Whose keys are the rows.
    pub(crate) giving: Giving,
    /// What is asked at the same keys.
    pub(crate) beside: Vec<NodeId>,
    /// The inputs that are cut; others stay whole.
    pub(crate) inputs: BTreeSet<VariableId>,
    /// The rows, and the one work.
    pub(crate) relation: Relation,
}

impl Todo<'_> {
    /// What can be done in slices now, along one index: parts that rest on nothing that is still to
    /// be done so.
    pub(crate) fn cut(&self) -> Option<Cut> {
        let mut parts = self.parts();
        let chosen = self.chosen();
        parts.retain(|part| chosen.get(part.node()) == Some(&true));
        if parts.is_empty() {
            return None;
        }
        let with_rows = self.with_rows();
        let has_rows = |node: &NodeId| with_rows.get(*node) == Some(&true);
        parts.retain(|part| self.starts(part).iter().any(has_rows) && !self.is_noted(part));
        let names: BTreeSet<NodeId> = (parts.iter())
            .filter_map(|part| if let Candidate::Group(node) = part { Some(*node) } else { None })
            .collect();
        let rests = resting_on(self.program, Climb::All, |node, _| names.contains(&node));
        parts.retain(|part| self.starts(part).iter().all(|node| rests.get(*node) != Some(&true)));
        let index = parts.iter().find_map(|part| self.indexes(part).into_iter().next());
        match (index, self.choice) {
            (None, Choice::All { .. }) => None,
            (None, Choice::Only(_)) => {
                let works: Vec<CutWork> =
                    parts.iter().filter_map(|part| self.cut_work(part, None)).collect();
                (!works.is_empty()).then_some(Cut { index: None, works })
            }
            (Some(index), _) => {
                parts.retain(|part| self.indexes(part).contains(&index));
                let works =
                    parts.iter().filter_map(|part| self.cut_work(part, Some(index))).collect();
                Some(Cut { index: Some(index), works })
            }
        }
    }

    /// The nodes of which a part is made; the first gives the keys.
    fn starts(&self, part: &Candidate) -> Vec<NodeId> {
        match part {
            Candidate::Group(node) => {
                self.program.nodes.get(*node).map(|node| node.kind.children()).unwrap_or_default()
            }
            Candidate::Result(_, root) | Candidate::Condition(_, root) => vec![*root],
        }
    }

    fn is_wide(&self, id: VariableId) -> bool {
        let variable = self.program.variables.get(id);
        match (self.choice, variable.map(|variable| &variable.kind)) {
            (Choice::Only(tables), _) => tables.contains_key(&id),
            (Choice::All { sliced: true }, Some(VariableKind::Input(input))) => {
                input.stands_for.is_none() && variable.is_some_and(|v| !v.dims.is_empty())
            }
            _ => false,
        }
    }

    /// For each node whether rows of a wide input stand in it.
    fn with_rows(&self) -> Vec<bool> {
        resting_on_variables(self.program, Climb::All, |id, _| self.is_wide(id))
    }

    /// Notation keys follow their cells into results, which slices do not do.
    fn is_noted(&self, part: &Candidate) -> bool {
        self.program.reach(&[], &self.starts(part)).iter().any(|id| {
            let kind = self.program.variables.get(*id).map(|variable| &variable.kind);
            matches!(kind, Some(VariableKind::Input(input)) if input.notation)
        })
    }

    /// The indexes along which a part can be cut, the best first: not time, whose keys are many.
    fn indexes(&self, part: &Candidate) -> Vec<IndexId> {
        let starts = self.starts(part);
        let dims = starts.first().and_then(|node| self.program.nodes.get(*node));
        let mut found: Vec<IndexId> = dims.map(|node| node.dims.clone()).unwrap_or_default();
        found.retain(|index| {
            let wide = |id: VariableId| match self.choice {
                Choice::All { .. } => self.is_wide(id) && self.has(id, *index),
                Choice::Only(_) => self.is_wide(id),
            };
            self.can_be_cut(*index, part, &wide)
        });
        let kind = |index: &IndexId| self.program.indexes.get(*index).map(|index| &index.kind);
        found.retain(|index| !matches!(kind(index), Some(IndexKind::Closed(_)) | None));
        found.sort_by_key(|index| matches!(kind(index), Some(IndexKind::Time { .. })));
        found
    }

    fn has(&self, id: VariableId, index: IndexId) -> bool {
        self.program.variables.get(id).is_some_and(|variable| variable.dims.contains(&index))
    }

    fn can_be_cut(
        &self,
        index: IndexId,
        part: &Candidate,
        is_wide: &dyn Fn(VariableId) -> bool,
    ) -> bool {
        let wide = resting_on_variables(self.program, Climb::All, |id, _| is_wide(id));
        let pointwise = Pointwise { program: self.program, index, wide };
        let own = match part {
            Candidate::Result(id, _) => pointwise.variable_holds(*id),
            _ => true,
        };
        own && pointwise.holds(&self.starts(part))
    }

    fn cut_work(&self, part: &Candidate, index: Option<IndexId>) -> Option<CutWork> {
        let starts = self.starts(part);
        let inputs = match index {
            None => {
                let reached = self.program.reach(&[], &starts);
                reached.into_iter().filter(|id| self.is_wide(*id)).collect()
            }
            Some(index) => {
                // Small tables are cut too, unless something looks from key to key in them.
                let has = |id: VariableId| self.has(id, index);
                let all = self.can_be_cut(index, part, &has);
                (self.program.reach(&[], &starts).into_iter())
                    .filter(|id| self.has(*id, index) && (all || self.is_wide(*id)))
                    .collect()
            }
        };
        let first = *starts.first()?;
        let dims = self.program.nodes.get(first)?.dims.clone();
        let mut lanes = Lanes::over(self.program, dims.clone());
        let mut made = |node: NodeId| -> Option<LaneId> {
            lanes.steps.push(Step { lane: Lane::Made(lanes.steps.len()), node });
            lanes.keys.push(BTreeSet::new());
            lanes.types.push(self.program.nodes.get(node)?.ty.clone());
            Some(lanes.steps.len() - 1)
        };
        let value = made(first)?;
        let (giving, kind) = match part {
            Candidate::Result(id, _) => (Giving::Variable(*id), WorkKind::Result(*id, value)),
            Candidate::Condition(number, _) => {
                (Giving::Condition(*number), WorkKind::Condition(*number, value))
            }
            Candidate::Group(node) => {
                let NodeKind::Group(group) = &self.program.nodes.get(*node)?.kind else {
                    return None;
                };
                let weight = group.weight.map(&mut made);
                let second = group.second.map(&mut made);
                let targets = self.targets(*node, group, &dims, made)?;
                let reduce = Reduce {
                    reduction: group.reduction,
                    value,
                    weight: weight.flatten(),
                    second: second.flatten(),
                    targets,
                    inputs: BTreeSet::new(),
                };
                (Giving::Node(first), WorkKind::Reduce(*node, reduce))
            }
        };
        let beside = lanes.steps.iter().skip(1).map(|step| step.node).collect();
        let work = Work { kind, inputs: BTreeSet::new() };
        Some(CutWork { giving, beside, inputs, relation: Relation { lanes, works: vec![work] } })
    }
}

/// 逐键 Whether the values at one key of an index rest only on rows with that key.
struct Pointwise<'a> {
    program: &'a Program,
    index: IndexId,
    /// Nodes with rows in them.
    wide: Vec<bool>,
}

impl Pointwise<'_> {
    fn holds(&self, starts: &[NodeId]) -> bool {
        let mut seen = BTreeSet::new();
        let mut open: Vec<NodeId> = starts.to_vec();
        while let Some(number) = open.pop() {
            if !self.is_wide(number) || !seen.insert(number) {
                continue;
            }
            let Some(node) = self.program.nodes.get(number) else { return false };
            if !node.dims.contains(&self.index) || self.looks_along(&node.kind) {
                return false;
            }
            match &node.kind {
                NodeKind::Variable(id) => {
                    if !self.variable_holds(*id) {
                        return false;
                    }
                    open.extend(self.program.variables.get(*id).and_then(|v| v.kind.root()));
                }
                kind => {
                    if !self.meets(kind) {
                        return false;
                    }
                    open.extend(kind.children());
                }
            }
        }
        true
    }

    fn is_wide(&self, node: NodeId) -> bool {
        self.wide.get(node) == Some(&true)
    }

    /// A recurrence goes along its own index.
    fn variable_holds(&self, id: VariableId) -> bool {
        !self.program.order.iter().any(|step| match step {
            Order::Recurrence { index, variables } => {
                *index == self.index && variables.contains(&id)
            }
            Order::Formula(_) => false,
        })
    }

    /// Whether an operation looks at rows with other keys of the index.
    fn looks_along(&self, kind: &NodeKind) -> bool {
        let own = |index: &IndexId| *index == self.index;
        match kind {
            NodeKind::Shift { index, value, .. } => own(index) && self.is_wide(*value),
            NodeKind::Window(window) => own(&window.index),
            NodeKind::Running(_, value, over) => over.iter().any(own) && self.is_wide(*value),
            NodeKind::Lookup { value, selectors } => {
                selectors.iter().any(|(index, _)| own(index)) && self.is_wide(*value)
            }
            NodeKind::Group(group) => {
                let target = |target: &Target| match target {
                    Target::By { index, .. } | Target::To { index, .. } => own(index),
                };
                group.over.iter().any(own) || group.targets.iter().any(target)
            }
            _ => false,
        }
    }

    /// Operands of which neither has all the indexes of the other are compared by the indexes that
    /// they share: where the index is not among them, every slice would find other rows lacking.
    fn meets(&self, kind: &NodeKind) -> bool {
        if matches!(kind, NodeKind::Group(_) | NodeKind::Window(_) | NodeKind::Lookup { .. }) {
            return true;
        }
        let dims = |node: NodeId| -> BTreeSet<IndexId> {
            let node = self.program.nodes.get(node);
            node.map(|node| node.dims.iter().copied().collect()).unwrap_or_default()
        };
        let children = kind.children();
        self.share(children.iter().map(|child| dims(*child)))
            && self.share(children.iter().map(|child| self.brought(*child)))
    }

    fn share(&self, sides: impl Iterator<Item = BTreeSet<IndexId>>) -> bool {
        let mut before: BTreeSet<IndexId> = BTreeSet::new();
        for own in sides {
            let apart = !own.is_subset(&before) && !before.is_subset(&own);
            if apart && !(own.contains(&self.index) && before.contains(&self.index)) {
                return false;
            }
            before.extend(own);
        }
        true
    }

    /// The indexes of which data bring keys to a node; parameters bring none, and what a reduction
    /// has taken away is gone. Found from below, without a call into itself: formulas may be chained
    /// by the thousand.
    fn brought(&self, node: NodeId) -> BTreeSet<IndexId> {
        let mut known: BTreeMap<NodeId, BTreeSet<IndexId>> = BTreeMap::new();
        // A recurrence comes back to itself: it brings what its other operands bring.
        let mut entered = BTreeSet::new();
        let mut open = vec![(node, false)];
        while let Some((node, below)) = open.pop() {
            let Some(found) = self.program.nodes.get(node) else { continue };
            let givers = self.givers(&found.kind);
            if below {
                let from_below = givers.iter().filter_map(|giver| known.get(giver)).flatten();
                let mut own: BTreeSet<IndexId> = from_below.copied().collect();
                own.extend(self.brought_in(&found.kind));
                own.retain(|index| found.dims.contains(index));
                known.insert(node, own);
            } else if entered.insert(node) {
                open.push((node, true));
                open.extend(givers.into_iter().map(|giver| (giver, false)));
            }
        }
        known.remove(&node).unwrap_or_default()
    }

    /// The nodes that give a node its keys.
    fn givers(&self, kind: &NodeKind) -> Vec<NodeId> {
        match kind {
            NodeKind::Variable(id) => match self.program.variables.get(*id).map(|v| &v.kind) {
                Some(VariableKind::Formula { root, .. }) => vec![*root],
                _ => Vec::new(),
            },
            kind => kind.children(),
        }
    }

    /// What a node brings in itself: an input its indexes, a reduction those it goes into.
    fn brought_in(&self, kind: &NodeKind) -> Vec<IndexId> {
        match kind {
            NodeKind::Variable(id) => match self.program.variables.get(*id) {
                Some(Variable { kind: VariableKind::Input(_), dims, .. }) => dims.clone(),
                _ => Vec::new(),
            },
            NodeKind::Group(group) => group
                .targets
                .iter()
                .map(|target| match target {
                    Target::By { index, .. } | Target::To { index, .. } => *index,
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}
