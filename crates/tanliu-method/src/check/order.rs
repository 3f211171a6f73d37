//! 次序 In which order formulas run; circles, and recurrences along one ordered index.

use super::{Checker, messages};
use crate::program::{IndexId, NodeId, NodeKind, Step, VariableId, VariableKind};
use std::collections::{BTreeMap, BTreeSet};

/// How one formula depends on another: along which indexes it always looks back.
#[derive(Debug, Clone)]
struct Edge {
    to: VariableId,
    /// Indexes along which every use looks at an earlier key.
    back: BTreeSet<IndexId>,
}

impl Checker<'_> {
    pub(super) fn find_order(&mut self) {
        let count = self.program.variables.len();
        let edges: Vec<Vec<Edge>> = (0..count).map(|id| self.edges_of(id)).collect();
        for component in components(count, &edges) {
            let looped = component.len() > 1
                || component.iter().any(|id| {
                    edges.get(*id).is_some_and(|list| list.iter().any(|edge| edge.to == *id))
                });
            match (looped, component.as_slice()) {
                (false, [id]) => {
                    if matches!(self.variable(*id).kind, VariableKind::Formula { .. }) {
                        self.program.order.push(Step::Formula(*id));
                    }
                }
                _ => self.order_loop(&component, &edges),
            }
        }
    }

    fn order_loop(&mut self, component: &[VariableId], edges: &[Vec<Edge>]) {
        let inside: BTreeSet<VariableId> = component.iter().copied().collect();
        let mut candidates: BTreeSet<IndexId> = (0..self.program.indexes.len()).collect();
        for id in component {
            let dims: BTreeSet<IndexId> = self.variable(*id).dims.iter().copied().collect();
            candidates = candidates.intersection(&dims).copied().collect();
        }
        for index in candidates {
            let kept = |id: VariableId| -> Vec<VariableId> {
                edges
                    .get(id)
                    .into_iter()
                    .flatten()
                    .filter(|edge| inside.contains(&edge.to) && !edge.back.contains(&index))
                    .map(|edge| edge.to)
                    .collect()
            };
            if let Some(variables) = topological(component, kept) {
                if !variables.iter().any(|id| self.has_start(*id)) {
                    let names: Vec<String> =
                        variables.iter().map(|id| self.variable(*id).name.clone()).collect();
                    let place =
                        self.place(self.variable(variables.first().copied().unwrap_or(0)).origin);
                    let index = self.index_name(index).to_owned();
                    self.report(messages::recurrence_without_start(&names, &index, place));
                }
                self.program.order.push(Step::Recurrence { index, variables });
                return;
            }
        }
        let path = shortest_loop(component, |id| {
            edges
                .get(id)
                .into_iter()
                .flatten()
                .filter(|edge| inside.contains(&edge.to) && edge.back.is_empty())
                .map(|edge| edge.to)
                .collect()
        })
        .or_else(|| {
            shortest_loop(component, |id| {
                edges
                    .get(id)
                    .into_iter()
                    .flatten()
                    .filter(|edge| inside.contains(&edge.to))
                    .map(|edge| edge.to)
                    .collect()
            })
        })
        .unwrap_or_else(|| component.to_vec());
        let mut names: Vec<String> =
            path.iter().map(|id| self.variable(*id).name.clone()).collect();
        names.extend(names.first().cloned());
        let places = path.iter().map(|id| self.place(self.variable(*id).origin)).collect();
        self.report(messages::circle(&names, places));
    }

    /// Whether a formula has any way round its own earlier key: `??`, a branch, `known`.
    fn has_start(&self, id: VariableId) -> bool {
        let VariableKind::Formula { root, .. } = self.variable(id).kind else { return true };
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            match &self.node(node).kind {
                NodeKind::Default(..)
                | NodeKind::If(..)
                | NodeKind::Match(..)
                | NodeKind::Group(_)
                | NodeKind::Known(_)
                | NodeKind::Noted(..) => return true,
                kind => open.extend(kind.children()),
            }
        }
        false
    }

    fn edges_of(&self, id: VariableId) -> Vec<Edge> {
        let mut found: BTreeMap<VariableId, BTreeSet<IndexId>> = BTreeMap::new();
        let mut open: Vec<(NodeId, BTreeMap<IndexId, i64>)> =
            self.variable(id).kind.root().map(|root| (root, BTreeMap::new())).into_iter().collect();
        while let Some((node, shifts)) = open.pop() {
            match &self.node(node).kind {
                NodeKind::Variable(to) => {
                    let back: BTreeSet<IndexId> = shifts
                        .iter()
                        .filter(|(_, steps)| **steps < 0)
                        .map(|(index, _)| *index)
                        .collect();
                    found
                        .entry(*to)
                        .and_modify(|seen| *seen = seen.intersection(&back).copied().collect())
                        .or_insert(back);
                }
                NodeKind::Shift { value, index, steps } => {
                    let mut shifts = shifts;
                    let total = shifts.entry(*index).or_insert(0);
                    *total = total.saturating_add(*steps);
                    open.push((*value, shifts));
                }
                kind => {
                    // A reduction along an index looks at all its keys, later ones too.
                    let mut shifts = shifts;
                    for index in kind.looks_along() {
                        shifts.insert(index, i64::MAX / 2);
                    }
                    for child in kind.children() {
                        open.push((child, shifts.clone()));
                    }
                }
            }
        }
        found.into_iter().map(|(to, back)| Edge { to, back }).collect()
    }
}

/// Strongly connected components in an order in which what is needed comes first.
fn components(count: usize, edges: &[Vec<Edge>]) -> Vec<Vec<VariableId>> {
    let mut tarjan = Tarjan {
        edges,
        number: vec![None; count],
        low: vec![0; count],
        on_stack: vec![false; count],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for id in 0..count {
        if tarjan.number.get(id).is_some_and(Option::is_none) {
            tarjan.visit(id);
        }
    }
    tarjan.found
}

struct Tarjan<'e> {
    edges: &'e [Vec<Edge>],
    number: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<VariableId>,
    next: usize,
    found: Vec<Vec<VariableId>>,
}

#[expect(clippy::indexing_slicing, reason = "all lists have one entry per variable")]
impl Tarjan<'_> {
    /// Tarjan's algorithm with a stack of its own, so that long chains of formulas do no harm.
    fn visit(&mut self, start: VariableId) {
        let mut work: Vec<(VariableId, usize)> = vec![(start, 0)];
        self.enter(start);
        while let Some((id, next)) = work.pop() {
            let Some(edge) = self.edges[id].get(next) else {
                self.leave(id);
                if let Some((parent, _)) = work.last() {
                    self.low[*parent] = self.low[*parent].min(self.low[id]);
                }
                continue;
            };
            work.push((id, next + 1));
            let to = edge.to;
            match self.number[to] {
                None => {
                    self.enter(to);
                    work.push((to, 0));
                }
                Some(number) if self.on_stack[to] => self.low[id] = self.low[id].min(number),
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, id: VariableId) {
        self.number[id] = Some(self.next);
        self.low[id] = self.next;
        self.next += 1;
        self.stack.push(id);
        self.on_stack[id] = true;
    }

    fn leave(&mut self, id: VariableId) {
        if self.number[id] != Some(self.low[id]) {
            return;
        }
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member] = false;
            component.push(member);
            if member == id {
                break;
            }
        }
        component.sort_unstable();
        self.found.push(component);
    }
}

/// The members in an order in which what is needed comes first, if there is one.
fn topological(
    members: &[VariableId],
    needs: impl Fn(VariableId) -> Vec<VariableId>,
) -> Option<Vec<VariableId>> {
    let mut done: Vec<VariableId> = Vec::new();
    let mut left: Vec<VariableId> = members.to_vec();
    while !left.is_empty() {
        let ready = left.iter().position(|id| needs(*id).iter().all(|need| done.contains(need)))?;
        done.push(left.remove(ready));
    }
    Some(done)
}

fn shortest_loop(
    members: &[VariableId],
    next: impl Fn(VariableId) -> Vec<VariableId>,
) -> Option<Vec<VariableId>> {
    let mut best: Option<Vec<VariableId>> = None;
    for start in members {
        let mut seen: BTreeSet<VariableId> = BTreeSet::new();
        let mut queue: std::collections::VecDeque<Vec<VariableId>> = [vec![*start]].into();
        while let Some(path) = queue.pop_front() {
            let Some(last) = path.last() else { break };
            for to in next(*last) {
                if to == *start {
                    if best.as_ref().is_none_or(|best| path.len() < best.len()) {
                        best = Some(path.clone());
                    }
                } else if seen.insert(to) {
                    let mut longer = path.clone();
                    longer.push(to);
                    queue.push_back(longer);
                }
            }
        }
    }
    best
}
