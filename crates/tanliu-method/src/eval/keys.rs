//! 键 Which keys a value has, by the contract's table: inputs bring keys, parameters add none.

use super::column::{ABSENT, PRESENT};
use super::faults::{Fault, FaultKind};
use super::frame::{Frame, NO_KEY, NO_ROW};
use super::{Evaluator, Materialized};
use crate::program::{Group, IndexId, NodeId, NodeKind, Target, VariableId, VariableKind};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The most keys that are made up from dictionaries where nothing brings any.
const ENUMERATED_MAX: usize = 4_000_000;

/// 键源 What brings keys: a frame over some indexes, and nodes that could tell theirs if asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    pub(crate) hard: Option<Rc<Frame>>,
    pub(crate) soft: Vec<NodeId>,
    /// Operands without which there is no result: where one is absent, no key is wanted.
    pub(crate) needed: Vec<NodeId>,
    /// They are those of inputs that have a value at other keys too: their default. So are those of an
    /// optional input without any row.
    pub(crate) spared: bool,
}

impl Keys {
    fn hard(frame: Rc<Frame>) -> Self {
        Self { hard: Some(frame), ..Self::default() }
    }

    fn soft(node: NodeId) -> Self {
        Self { soft: vec![node], ..Self::default() }
    }
}

/// One side of two operands: its keys, and the nodes without which there is no result.
type Side<'s> = (&'s Rc<Frame>, &'s [NodeId]);

impl Evaluator<'_> {
    /// The keys of a node, all its indexes covered.
    pub(crate) fn frame_of(&self, node: NodeId) -> Rc<Frame> {
        if let Some(frame) = self.keys.borrow().get(&node) {
            return Rc::clone(frame);
        }
        let keys = self.keys(node);
        let frame = self.cover(node, &keys);
        if self.running.borrow().as_ref().is_none_or(|running| !running.settling) {
            self.keys.borrow_mut().insert(node, Rc::clone(&frame));
        }
        frame
    }

    pub(crate) fn keys(&self, node: NodeId) -> Keys {
        match &self.node(node).kind {
            NodeKind::Constant(_) => Keys::default(),
            NodeKind::IndexKey(_) => Keys::soft(node),
            NodeKind::Variable(id) => self.variable_keys(*id, node),
            NodeKind::Where(value, condition) => {
                // Its keys are those of the value; where that brings none, those of the condition.
                let before = self.loose.borrow().clone();
                let keys = self.keys(*value);
                self.excuse(&before, (*condition, true));
                let brought = keys.hard.as_ref().map_or(0, |frame| frame.dims.len());
                match brought == self.node(node).dims.len() {
                    true => keys,
                    false => self.combine(node, keys, self.keys(*condition)),
                }
            }
            NodeKind::Lookup { value, selectors } => self.lookup_keys(node, *value, selectors),
            NodeKind::Shift { value, .. } => {
                let keys = self.keys(*value);
                match keys.hard {
                    Some(_) => keys,
                    // A recurrence has the keys of its other operands.
                    None if self.is_settling(node) => Keys::default(),
                    // Beside other operands the keys of a parameter's neighbour are asked, not given.
                    None => Keys::soft(node),
                }
            }
            NodeKind::Group(group) => self.reduced_keys(node, group),
            NodeKind::Window(window) => self.keys(window.value),
            NodeKind::Running(_, value, _) => self.keys(*value),
            kind => {
                let mut all = Keys::default();
                let needs_all =
                    !matches!(kind, NodeKind::Default(..) | NodeKind::If(..) | NodeKind::Match(..));
                for child in kind.children() {
                    let taken = match kind {
                        NodeKind::If(condition, then, _) if *then == child => {
                            Some((*condition, true))
                        }
                        NodeKind::If(condition, _, other) if *other == child => {
                            Some((*condition, false))
                        }
                        _ => None,
                    };
                    let before = taken.map(|taken| (self.loose.borrow().clone(), taken));
                    let mut own = self.keys(child);
                    if let Some((before, taken)) = before {
                        self.excuse(&before, taken);
                    }
                    own.needed = if needs_all { vec![child] } else { Vec::new() };
                    let brought = own.hard.as_ref().map_or(0, |frame| frame.dims.len());
                    let is_named = matches!(self.node(child).kind, NodeKind::Variable(_));
                    // What parameters add to it the operand can tell as a whole, named or not.
                    if brought > 0 && brought < self.node(child).dims.len() && !is_named {
                        own.soft.push(child);
                    }
                    all = self.combine(node, all, own);
                }
                all.needed.clear();
                match self.meets_in_parameters(&all) && !self.is_settling(node) {
                    // No operand adds keys: they are those at which the whole has a value.
                    true => Keys::soft(node),
                    false => all,
                }
            }
        }
    }

    /// Whether parameters alone bring keys, and several of them keys of one index.
    fn meets_in_parameters(&self, keys: &Keys) -> bool {
        let mut seen = BTreeSet::new();
        let mut indexes = keys.soft.iter().flat_map(|node| &self.node(*node).dims);
        keys.hard.is_none() && !indexes.all(|index| seen.insert(*index))
    }

    fn variable_keys(&self, id: VariableId, node: NodeId) -> Keys {
        let variable = self.variable(id);
        if variable.dims.is_empty() {
            return Keys::default();
        }
        match &variable.kind {
            VariableKind::Input(input) => {
                let frame = Rc::clone(&self.materialize(id).frame);
                let spared = input.default.is_some() || input.optional && frame.rows == 0;
                Keys { spared, ..Keys::hard(frame) }
            }
            VariableKind::Formula { parameter: false, root } => {
                if let Some(frame) = self.running_frame(id) {
                    return frame.map(Keys::hard).unwrap_or_default();
                }
                match self.brought(id, *root) {
                    Some(frame) if frame.dims.len() == variable.dims.len() => {
                        Keys::hard(Rc::clone(&self.materialize(id).frame))
                    }
                    // What only parameters bring they still do not add.
                    hard => Keys { hard, soft: vec![node], ..Keys::default() },
                }
            }
            _ => Keys::soft(node),
        }
    }

    /// The keys that data bring to a formula, over some of its indexes.
    fn brought(&self, id: VariableId, root: NodeId) -> Option<Rc<Frame>> {
        if let Some(known) = self.brings.borrow().get(&id) {
            return known.clone();
        }
        let found = self.keys(root).hard.filter(|frame| !frame.dims.is_empty());
        self.brings.borrow_mut().insert(id, found.clone());
        found
    }

    /// The keys of a reduction: an index that only parameters bring is still only known, not added.
    fn reduced_keys(&self, node: NodeId, group: &Group) -> Keys {
        let dims = &self.node(node).dims;
        if dims.is_empty() {
            return Keys::default();
        }
        let own = self.keys(group.value);
        let brought = own.hard.map(|frame| frame.dims.clone()).unwrap_or_default();
        let brings = |index: &IndexId| {
            let target = group.targets.iter().find(|target| {
                let (Target::By { index: own, .. } | Target::To { index: own, .. }) = target;
                own == index
            });
            match target {
                None => brought.contains(index),
                Some(Target::To { from, .. }) => brought.contains(from),
                Some(Target::By { mapping, .. }) => {
                    self.node(*mapping).dims.iter().all(|index| brought.contains(index))
                }
            }
        };
        let hard: Vec<IndexId> = dims.iter().copied().filter(brings).collect();
        if hard.is_empty() {
            return Keys::soft(node);
        }
        let frame = self.frames.project(&self.group_frame(node), &hard);
        let soft = if hard.len() == dims.len() { Vec::new() } else { vec![node] };
        Keys { hard: Some(frame), soft, spared: own.spared, ..Keys::default() }
    }

    /// The keys of two operands together.
    pub(crate) fn combine(&self, at: NodeId, mut left: Keys, mut right: Keys) -> Keys {
        // An input with a default has a value wherever the other side has one.
        if self.only_known(&right, &left) {
            (left.hard, left.spared) = (None, false);
        } else if self.only_known(&left, &right) {
            (right.hard, right.spared) = (None, false);
        } else if let Some(more) = self.covered_beside(&right, &left) {
            (left.hard, left.spared) = (Some(more), right.spared);
        } else if let Some(more) = self.covered_beside(&left, &right) {
            (right.hard, right.spared) = (Some(more), left.spared);
        }
        let has_default = |keys: &Keys| keys.spared || keys.hard.is_none();
        let spared = (left.spared || right.spared) && has_default(&left) && has_default(&right);
        let mut soft = left.soft;
        soft.extend(right.soft);
        let hard = match (left.hard, right.hard) {
            (Some(a), Some(b)) => {
                Some(self.combine_frames(at, (&a, &left.needed), (&b, &right.needed)))
            }
            (a, b) => a.or(b),
        };
        let mut needed = left.needed;
        needed.extend(right.needed);
        Keys { hard, soft, needed, spared }
    }

    /// Whether no data bring keys: `other` has no row at all, and parameters tell those of `own`.
    fn only_known(&self, own: &Keys, other: &Keys) -> bool {
        let Some(frame) = other.hard.as_ref().filter(|frame| frame.rows == 0) else { return false };
        let tells =
            |node: &NodeId| frame.dims.iter().all(|index| self.node(*node).dims.contains(index));
        other.spared && own.hard.is_none() && own.soft.iter().any(tells)
    }

    /// The keys of both sides, where `other` rests on defaults and data bring `own` some of its indexes
    /// and parameters the rest: what the table of `other` does not name takes none of them away.
    fn covered_beside(&self, own: &Keys, other: &Keys) -> Option<Rc<Frame>> {
        let (brought, theirs) = (own.hard.as_ref()?, other.hard.as_ref()?);
        let within = brought.dims.iter().all(|index| theirs.dims.contains(index));
        let fewer = !brought.dims.is_empty() && brought.dims.len() < theirs.dims.len();
        // One operand that has all their indexes, not several that have them together.
        let told = own
            .soft
            .iter()
            .any(|node| theirs.dims.iter().all(|index| self.node(*node).dims.contains(index)));
        if !other.spared || !within || !fewer || !told {
            return None;
        }
        let covered = self.widened(Rc::clone(brought), &own.soft, &theirs.dims);
        Some(if theirs.rows == 0 { covered } else { self.union(theirs, &covered) })
    }

    fn combine_frames(&self, at: NodeId, left: Side<'_>, right: Side<'_>) -> Rc<Frame> {
        let (a, b) = (left.0, right.0);
        if a.id == b.id {
            return Rc::clone(a);
        }
        if a.dims == b.dims {
            return self.union(a, b);
        }
        let within = |small: &Frame, large: &Frame| {
            small.dims.iter().all(|index| large.dims.contains(index))
        };
        // A scalar brings no keys of its own to what has some.
        if within(a, b) {
            return Rc::clone(b);
        }
        if within(b, a) {
            return Rc::clone(a);
        }
        self.find_unmatched(at, left, right);
        self.find_unmatched(at, right, left);
        self.join(a, b)
    }

    pub(crate) fn union(&self, a: &Rc<Frame>, b: &Rc<Frame>) -> Rc<Frame> {
        let columns = a
            .columns
            .iter()
            .zip(&b.columns)
            .map(|(left, right)| left.iter().chain(right).copied().collect())
            .collect();
        self.frames.intern(a.dims.clone(), columns, a.rows + b.rows)
    }

    /// Pairs that agree on the shared indexes.
    fn join(&self, a: &Rc<Frame>, b: &Rc<Frame>) -> Rc<Frame> {
        let shared = shared_dims(a, b);
        let left = self.frames.project(a, &shared);
        let key_of_right = self.frames.locate(&left, b);
        let mut by_key: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (row, key) in key_of_right.iter().enumerate() {
            by_key.entry(*key).or_default().push(u32::try_from(row).unwrap_or(NO_ROW));
        }
        let key_of_left = self.frames.locate(&left, a);
        let (mut from_a, mut from_b) = (Vec::new(), Vec::new());
        for (row, key) in key_of_left.iter().enumerate() {
            for other in by_key.get(key).into_iter().flatten() {
                from_a.push(u32::try_from(row).unwrap_or(NO_ROW));
                from_b.push(*other);
            }
        }
        let dims = union_dims(&a.dims, &b.dims);
        let pick = |frame: &Frame, index: IndexId, rows: &[u32]| -> Vec<u32> {
            let column = frame.column(index).unwrap_or_default();
            rows.iter().map(|row| column.get(*row as usize).copied().unwrap_or(NO_KEY)).collect()
        };
        let columns = dims
            .iter()
            .map(|index| match a.dims.contains(index) {
                true => pick(a, *index, &from_a),
                false => pick(b, *index, &from_b),
            })
            .collect();
        self.frames.intern(dims, columns, from_a.len())
    }

    /// Of operands that share some indexes, each must have the other's keys of them, unless no
    /// value stands at such a key.
    fn find_unmatched(&self, at: NodeId, own: Side<'_>, other: Side<'_>) {
        // What rests on a recurrence is compared when its keys are settled.
        if self.is_settling(at) {
            return;
        }
        let (frame, needed) = own;
        let shared = shared_dims(frame, other.0);
        let theirs = self.frames.project(other.0, &shared);
        let lost: Vec<u32> = (self.frames.locate(&theirs, frame).iter().enumerate())
            .filter(|(_, position)| **position == NO_ROW)
            .filter_map(|(row, _)| u32::try_from(row).ok())
            .collect();
        if lost.is_empty() {
            return;
        }
        let lost = self.frames.pick(frame, &lost);
        let mut wanted = vec![true; lost.rows];
        for node in needed.iter().filter(|node| !self.is_volatile(**node)) {
            if !self.node(*node).dims.iter().all(|index| lost.dims.contains(index)) {
                continue;
            }
            let column = self.eval(*node, &lost);
            for (row, wanted) in wanted.iter_mut().enumerate() {
                *wanted = *wanted && column.state(row) != ABSENT;
            }
        }
        for row in wanted.iter().enumerate().filter(|(_, wanted)| **wanted).map(|(row, _)| row) {
            let state = self.fault_at(FaultKind::Unmatched(at), &lost, row, &shared);
            self.loose.borrow_mut().insert(state);
        }
    }

    /// Keys that do not meet are no error where `where` or `if` wants none of them.
    fn excuse(&self, before: &BTreeSet<u32>, (condition, wanted): (NodeId, bool)) {
        let found: Vec<u32> = self.loose.borrow().difference(before).copied().collect();
        let dims = &self.node(condition).dims;
        for state in found {
            let Some(Fault { kind: FaultKind::Unmatched(_), key }) = self.fault_of(state) else {
                continue;
            };
            let codes: Option<Vec<Vec<u32>>> = dims
                .iter()
                .map(|index| key.iter().find(|(own, _)| own == index).map(|(_, code)| vec![*code]))
                .collect();
            let Some(columns) = codes else { continue };
            let column = self.eval(condition, &self.frames.make(dims.clone(), columns, 1, false));
            let asks = column.bools().first() == Some(&wanted);
            if column.state(0) == ABSENT || (column.state(0) == PRESENT && !asks) {
                self.loose.borrow_mut().remove(&state);
            }
        }
    }

    /// A frame over all the node's indexes: what data bring, then what parameters know, then all
    /// keys of this run.
    fn cover(&self, node: NodeId, keys: &Keys) -> Rc<Frame> {
        let dims = &self.node(node).dims;
        let frame = match &keys.hard {
            Some(frame) => Rc::clone(frame),
            // So far only the recurrence itself could tell.
            None if self.is_settling(node) && keys.soft.is_empty() => {
                let columns = vec![Vec::new(); dims.len()];
                return self.frames.intern(dims.clone(), columns, 0);
            }
            None => self.frames.intern(Vec::new(), Vec::new(), 1),
        };
        if frame.dims == *dims {
            return frame;
        }
        self.widened(frame, &keys.soft, dims)
    }

    /// What data bring with what parameters know, then all keys of this run, over just these indexes.
    fn widened(&self, mut frame: Rc<Frame>, soft: &[NodeId], dims: &[IndexId]) -> Rc<Frame> {
        for soft in soft {
            let own = &self.node(*soft).dims;
            let open: Vec<IndexId> =
                own.iter().copied().filter(|index| !frame.dims.contains(index)).collect();
            // The key of an index knows every key: it comes last.
            if open.is_empty() || matches!(self.node(*soft).kind, NodeKind::IndexKey(_)) {
                continue;
            }
            let known = self.known_keys(*soft, &frame);
            frame = self.extended(&frame, &known, &open);
        }
        for index in dims {
            if !frame.dims.contains(index) {
                frame = self.join(&frame, &self.all_keys(*index));
            }
        }
        self.frames.project(&frame, dims)
    }

    /// Keys that data bring, each with the further ones that a parameter knows for it; where it
    /// knows none, with all keys, so that it is asked there and found missing.
    fn extended(&self, frame: &Rc<Frame>, known: &Rc<Frame>, open: &[IndexId]) -> Rc<Frame> {
        let joined = self.join(frame, known);
        let (kept, found) = (self.frames.project(&joined, &frame.dims), frame);
        let lost: Vec<u32> = (self.frames.locate(&kept, found).iter().enumerate())
            .filter(|(_, row)| **row == NO_ROW)
            .filter_map(|(row, _)| u32::try_from(row).ok())
            .collect();
        if lost.is_empty() || frame.dims.is_empty() {
            return joined;
        }
        let mut asked = self.frames.pick(frame, &lost);
        for index in open {
            let all = self.all_keys(*index);
            if asked.rows.saturating_mul(all.rows) > ENUMERATED_MAX {
                return joined;
            }
            asked = self.join(&asked, &all);
        }
        self.union(&joined, &asked)
    }

    fn all_keys(&self, index: IndexId) -> Rc<Frame> {
        let dictionary = self.dictionary(index);
        let codes: Vec<u32> = (0..dictionary.keys.len())
            .filter(|code| dictionary.real.get(*code) == Some(&true))
            .filter_map(|code| u32::try_from(code).ok())
            .collect();
        let rows = codes.len();
        self.frames.intern(vec![index], vec![codes], rows)
    }

    /// The keys at which a parameter (or what is made of parameters) has a value, given the keys
    /// that data bring for some of its indexes.
    fn known_keys(&self, node: NodeId, given: &Rc<Frame>) -> Rc<Frame> {
        let dims = self.node(node).dims.clone();
        let shared: Vec<IndexId> =
            dims.iter().copied().filter(|index| given.dims.contains(index)).collect();
        let mut candidates = self.frames.project(given, &shared);
        for index in dims.iter().copied().filter(|index| !shared.contains(index)) {
            let all = self.all_keys(index);
            if candidates.rows.saturating_mul(all.rows) > ENUMERATED_MAX {
                break;
            }
            candidates = self.join(&candidates, &all);
        }
        let candidates = self.frames.project(&candidates, &dims);
        let column = self.eval(node, &candidates);
        let pick = |wanted: &dyn Fn(u32) -> bool| -> Vec<u32> {
            let rows = (0..candidates.rows).filter(|row| wanted(column.state(*row)));
            rows.filter_map(|row| u32::try_from(row).ok()).collect()
        };
        let mut rows = pick(&|state| state != ABSENT && !self.is_missing(state));
        if rows.is_empty() && given.dims.is_empty() {
            // A set that has nothing at all under its rule (a date outside it) says so.
            rows = pick(&|state| {
                let fault = self.fault_of(state);
                fault.is_some_and(|fault| matches!(fault.kind, FaultKind::Refused(..)))
            });
        }
        let picked = self.frames.pick(&candidates, &rows);
        self.frames.intern(dims, picked.columns.clone(), picked.rows)
    }

    /// A formula (or input) at its own keys; made once.
    pub(crate) fn materialize(&self, id: VariableId) -> Rc<Materialized> {
        if let Some(Some(made)) = self.variables.borrow().get(id) {
            // Computing it here would have recorded them now.
            let loose = self.unasked.borrow_mut().remove(&id);
            self.loose.borrow_mut().extend(loose.into_iter().flatten());
            return Rc::clone(made);
        }
        let made = match self.variable(id).kind {
            VariableKind::Formula { root, .. } => {
                let frame = self.frame_of(root);
                let column = self.eval(root, &frame);
                Materialized { frame, column }
            }
            _ => self.nothing(id),
        };
        let made = Rc::new(made);
        if let Some(place) = self.variables.borrow_mut().get_mut(id) {
            *place = Some(Rc::clone(&made));
        }
        made
    }

    /// A variable without any key.
    pub(crate) fn nothing(&self, id: VariableId) -> Materialized {
        let dims = union_dims(&self.variable(id).dims, &[]);
        let columns = vec![Vec::new(); dims.len()];
        let frame = self.frames.intern(dims, columns, 0);
        let column = super::column::Column::present(self.blank(&self.variable(id).ty, 0));
        Materialized { frame, column }
    }
}

fn shared_dims(a: &Frame, b: &Frame) -> Vec<IndexId> {
    a.dims.iter().copied().filter(|index| b.dims.contains(index)).collect()
}

pub(crate) fn union_dims(left: &[IndexId], right: &[IndexId]) -> Vec<IndexId> {
    let mut all: Vec<IndexId> = left.iter().chain(right).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
