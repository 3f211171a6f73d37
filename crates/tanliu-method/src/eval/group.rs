//! 归约 Reductions and regrouping: rows fall into groups, sums are exact.

use super::column::{ABSENT, Column, PRESENT, Values};
use super::faults::FaultKind;
use super::frame::{Frame, NO_KEY, NO_ROW, coarser, sort_positions};
use super::{Evaluator, Materialized};
use crate::data::Notation;
use crate::exact;
use crate::program::{Group, IndexId, NodeId, NodeKind, Reduction, Target, Type};
use crate::significant;
use std::rc::Rc;

/// The key columns of a node's groups, one entry per row of the value's frame, and the state of
/// rows that belong to no group.
struct Grouping {
    columns: Vec<Vec<u32>>,
    state: Vec<u32>,
}

impl Evaluator<'_> {
    pub(crate) fn eval_group(&self, node: NodeId, group: &Group, frame: &Rc<Frame>) -> Column {
        let made = match self.is_volatile(node) {
            true => Rc::new(self.make_group(node, group, &self.narrowed(group.value, frame))),
            false => self.made_group(node, group),
        };
        let found = self.frames.locate(&made.frame, frame);
        let mut column = made.column.gather(&found);
        for (row, position) in found.iter().enumerate() {
            if *position != NO_ROW {
                continue;
            }
            if group.zero_if_asked {
                column.set_state(row, PRESENT);
            } else {
                let dims = &self.node(node).dims;
                let state = self.fault_at(FaultKind::MissingNode(node), frame, row, dims);
                column.set_state(row, state);
            }
        }
        column
    }

    fn made_group(&self, node: NodeId, group: &Group) -> Rc<Materialized> {
        if let Some(made) = self.nodes.borrow().get(&node) {
            return Rc::clone(made);
        }
        let frame = self.frame_of(group.value);
        let made = Rc::new(self.make_group(node, group, &frame));
        self.nodes.borrow_mut().insert(node, Rc::clone(&made));
        made
    }

    /// The keys of a reduction: what is left of those of its value.
    pub(crate) fn group_frame(&self, node: NodeId) -> Rc<Frame> {
        let crate::program::NodeKind::Group(group) = &self.node(node).kind else {
            return self.frames.intern(Vec::new(), Vec::new(), 0);
        };
        if let Some(made) = self.nodes.borrow().get(&node) {
            return Rc::clone(&made.frame);
        }
        if !self.is_volatile(node) {
            return Rc::clone(&self.made_group(node, group).frame);
        }
        let frame = self.frame_of(group.value);
        let grouping = self.grouping(node, group, &frame);
        self.group_keys(node, &grouping)
    }

    fn group_keys(&self, node: NodeId, grouping: &Grouping) -> Rc<Frame> {
        let rows: Vec<usize> = grouping
            .state
            .iter()
            .enumerate()
            .filter(|(_, state)| **state == PRESENT)
            .map(|(row, _)| row)
            .collect();
        let columns = grouping
            .columns
            .iter()
            .map(|column| rows.iter().filter_map(|row| column.get(*row).copied()).collect())
            .collect();
        let dims = self.node(node).dims.clone();
        // A total over nothing still is a total: of a scalar there is one key.
        let count = if dims.is_empty() { rows.len().max(1) } else { rows.len() };
        self.frames.intern(dims, columns, count)
    }

    fn grouping(&self, node: NodeId, group: &Group, frame: &Rc<Frame>) -> Grouping {
        let mut state = vec![PRESENT; frame.rows];
        let mut columns = Vec::new();
        for index in &self.node(node).dims {
            let target = group.targets.iter().find(|target| {
                let (Target::By { index: own, .. } | Target::To { index: own, .. }) = target;
                own == index
            });
            let column = match target {
                None => frame.column(*index).unwrap_or_default().to_vec(),
                Some(Target::By { mapping, .. }) => {
                    self.mapped(group.value, *mapping, frame, &mut state)
                }
                Some(Target::To { from, .. }) => self.coarse(*from, *index, frame),
            };
            columns.push(column);
        }
        Grouping { columns, state }
    }

    /// Where a mapping sends each row; a key it lacks is an error where a value wants it.
    fn mapped(
        &self,
        value: NodeId,
        mapping: NodeId,
        frame: &Rc<Frame>,
        state: &mut [u32],
    ) -> Vec<u32> {
        let column = self.eval(mapping, frame);
        let mut lacking: Vec<u32> = Vec::new();
        for (row, place) in state.iter_mut().enumerate() {
            let own = column.state(row);
            if own == PRESENT {
                continue;
            }
            *place = own;
            if own != ABSENT {
                lacking.push(u32::try_from(row).unwrap_or(NO_ROW));
            }
        }
        if !lacking.is_empty() {
            let asked = self.frames.pick(frame, &lacking);
            let values = self.eval(value, &asked);
            let dims = &self.node(mapping).dims;
            for row in (0..asked.rows).filter(|row| values.state(*row) != ABSENT) {
                let fault = self.fault_at(FaultKind::Unmapped(mapping), &asked, row, dims);
                self.loose.borrow_mut().insert(fault);
                // Of a mapping that is computed, what it lacks itself is told too.
                let cause = lacking.get(row).map(|row| column.state(*row as usize));
                let own = cause.and_then(|state| self.fault_of(state)).is_some_and(|cause| {
                    matches!(cause.kind, FaultKind::Missing(id)
                        if matches!(self.node(mapping).kind, NodeKind::Variable(own) if own == id))
                });
                if !own {
                    self.loose.borrow_mut().extend(cause);
                }
            }
        }
        column.codes().to_vec()
    }

    fn coarse(&self, from: IndexId, to: IndexId, frame: &Frame) -> Vec<u32> {
        let target = self.dictionary(to);
        let codes: Vec<u32> = self
            .dictionary(from)
            .keys
            .iter()
            .map(|key| {
                coarser(self.program, from, to, key)
                    .and_then(|key| target.code(&key))
                    .unwrap_or(NO_KEY)
            })
            .collect();
        let column = frame.column(from).unwrap_or_default();
        column.iter().map(|code| codes.get(*code as usize).copied().unwrap_or(NO_KEY)).collect()
    }

    /// The rows of a value that belong to the group at one key.
    pub(crate) fn rows_of_group(
        &self,
        node: NodeId,
        group: &Group,
        keys: &Rc<Frame>,
        asked: &Rc<Frame>,
    ) -> Vec<u32> {
        let grouping = self.grouping(node, group, keys);
        let wanted: Vec<Option<u32>> = self
            .node(node)
            .dims
            .iter()
            .map(|index| asked.column(*index).and_then(|column| column.first().copied()))
            .collect();
        (0..keys.rows)
            .filter(|row| {
                grouping.state.get(*row) == Some(&PRESENT)
                    && grouping
                        .columns
                        .iter()
                        .zip(&wanted)
                        .all(|(column, wanted)| column.get(*row).copied() == *wanted)
            })
            .filter_map(|row| u32::try_from(row).ok())
            .collect()
    }

    /// The groups of a node over the keys of a frame: the group's keys, and for each of them the
    /// rows that belong to it, present or not.
    pub(crate) fn members(
        &self,
        node: NodeId,
        group: &Group,
        frame: &Rc<Frame>,
    ) -> (Rc<Frame>, Vec<Vec<u32>>) {
        let grouped = self.grouped(node, group, frame);
        let mut groups: Vec<Vec<u32>> = grouped.groups().map(<[u32]>::to_vec).collect();
        groups.resize(grouped.keys.rows, Vec::new());
        (grouped.keys, groups)
    }

    /// The rows of a frame that belong to some group, group by group.
    fn grouped(&self, node: NodeId, group: &Group, frame: &Rc<Frame>) -> Grouped {
        let grouping = self.grouping(node, group, frame);
        let keys = self.group_keys(node, &grouping);
        let mut order = sort_positions(&grouping.columns, frame.rows);
        order.retain(|row| grouping.state.get(*row as usize) == Some(&PRESENT));
        let same = |a: u32, b: u32| {
            grouping.columns.iter().all(|column| column.get(a as usize) == column.get(b as usize))
        };
        let lengths = order.chunk_by(|a, b| same(*a, *b)).map(<[u32]>::len).collect();
        Grouped { keys, order, lengths }
    }

    fn make_group(&self, node: NodeId, group: &Group, frame: &Rc<Frame>) -> Materialized {
        let values = self.eval(group.value, frame);
        let weights = group.weight.map(|weight| self.eval(weight, frame));
        let share = group.second.map(|second| self.eval(second, frame));
        let grouped = self.grouped(node, group, frame);
        let mut parts = Parts::new(self, node, group, &grouped.keys);
        for (row, members) in grouped.groups().enumerate() {
            parts.add(row, members, &values, weights.as_ref(), share.as_ref());
        }
        if grouped.order.is_empty() && grouped.keys.rows == 1 {
            // A total over no key at all is asked for what is not there.
            match group.zero_if_asked {
                true => parts.add(0, &[], &values, weights.as_ref(), share.as_ref()),
                false => parts.lack(0),
            }
        }
        Materialized { column: parts.column, frame: grouped.keys }
    }
}

/// The groups' keys, and their rows: one list, cut into groups by their lengths.
struct Grouped {
    keys: Rc<Frame>,
    order: Vec<u32>,
    lengths: Vec<usize>,
}

impl Grouped {
    fn groups(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        self.lengths.iter().map(move |length| {
            let own = self.order.get(start..start + length).unwrap_or_default();
            start += length;
            own
        })
    }
}

/// Collects the results group by group.
struct Parts<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    node: NodeId,
    reduction: Reduction,
    keys: Rc<Frame>,
    column: Column,
}

impl<'e, 'p> Parts<'e, 'p> {
    fn new(evaluator: &'e Evaluator<'p>, node: NodeId, group: &Group, keys: &Rc<Frame>) -> Self {
        let values = evaluator.blank(&evaluator.node(node).ty, keys.rows);
        Self {
            evaluator,
            node,
            reduction: group.reduction,
            keys: Rc::clone(keys),
            column: Column::present(values),
        }
    }

    fn lack(&mut self, row: usize) {
        let kind = FaultKind::MissingNode(self.node);
        let state = self.evaluator.fault_at(kind, &self.keys, row, &self.keys.dims);
        self.column.set_state(row, state);
    }

    fn add(
        &mut self,
        row: usize,
        members: &[u32],
        values: &Column,
        weights: Option<&Column>,
        share: Option<&Column>,
    ) {
        let input = ReduceInput { members, values, weights, share };
        let ty = self.evaluator.node(self.node).ty.clone();
        match self.evaluator.reduce(self.node, self.reduction, &input) {
            Reduced::State(state) => self.column.set_state(row, state),
            Reduced::Fault(kind) => {
                let dims = self.keys.dims.clone();
                let state = self.evaluator.fault_at(kind, &self.keys, row, &dims);
                self.column.set_state(row, state);
            }
            Reduced::Number(number, notation) => {
                if !number.is_finite() {
                    let dims = self.keys.dims.clone();
                    let kind = FaultKind::NotFinite(self.node);
                    let state = self.evaluator.fault_at(kind, &self.keys, row, &dims);
                    self.column.set_state(row, state);
                }
                put_reduced(&mut self.column.values, row, number, &ty);
                self.column.set_notation(row, notation);
            }
            Reduced::Bool(value) => {
                if let Values::Bool(list) = &mut self.column.values
                    && let Some(place) = list.get_mut(row)
                {
                    *place = value;
                }
            }
            Reduced::Row(member, notation) => {
                let one = values.gather(&[member]);
                self.column.values.scatter(&[u32::try_from(row).unwrap_or(NO_ROW)], &one.values);
                self.column.set_notation(row, notation);
            }
        }
    }
}

fn put_reduced(values: &mut Values, row: usize, number: f64, ty: &Type) {
    debug_assert!(ty.unit().is_some(), "a number goes into a number");
    if let Values::Number(list) = values
        && let Some(place) = list.get_mut(row)
    {
        *place = number;
    }
}

/// What is reduced: rows of a column, with weights and a share.
pub(crate) struct ReduceInput<'c> {
    pub(crate) members: &'c [u32],
    pub(crate) values: &'c Column,
    pub(crate) weights: Option<&'c Column>,
    pub(crate) share: Option<&'c Column>,
}

/// The result of one group.
pub(crate) enum Reduced {
    State(u32),
    Fault(FaultKind),
    Number(f64, Option<Notation>),
    Bool(bool),
    /// The value of this row.
    Row(u32, Option<Notation>),
}

impl Evaluator<'_> {
    /// Reduces some rows: absent ones are passed over, the first fault is the result.
    pub(crate) fn reduce(
        &self,
        node: NodeId,
        reduction: Reduction,
        input: &ReduceInput,
    ) -> Reduced {
        let mut present: Vec<u32> = Vec::with_capacity(input.members.len());
        for row in input.members {
            let state = input.values.state(*row as usize);
            if state == PRESENT {
                present.push(*row);
            } else if state != ABSENT {
                return Reduced::State(state);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let count = present.len() as f64;
        match reduction {
            Reduction::Count => return Reduced::Number(count, None),
            Reduction::Any => return Reduced::Bool(self.truth(input, &present, true)),
            Reduction::All => return Reduced::Bool(!self.truth(input, &present, false)),
            _ => {}
        }
        if present.is_empty() && reduction != Reduction::Sum {
            return Reduced::State(ABSENT);
        }
        if matches!(reduction, Reduction::Min | Reduction::Max) {
            return extreme(input, &present, reduction == Reduction::Max);
        }
        let all = input.values.numbers();
        let numbers: Vec<f64> =
            present.iter().filter_map(|row| all.get(*row as usize).copied()).collect();
        let notation = joint_notation(input.values, &present);
        match reduction {
            Reduction::Sum => Reduced::Number(exact::sum_of(&numbers), notation),
            Reduction::Mean => self.mean(node, input, &present, &numbers, notation),
            Reduction::Deviation => match exact::sample_deviation(&numbers) {
                Some(deviation) => Reduced::Number(deviation, None),
                None => Reduced::Fault(FaultKind::TooFew(node)),
            },
            Reduction::Median => Reduced::Number(quantile_of(numbers, 0.5), notation),
            _ => self.quantile(node, input, numbers, notation),
        }
    }

    fn truth(&self, input: &ReduceInput, present: &[u32], wanted: bool) -> bool {
        let bools = input.values.bools();
        present.iter().any(|row| bools.get(*row as usize) == Some(&wanted))
    }

    fn mean(
        &self,
        node: NodeId,
        input: &ReduceInput,
        present: &[u32],
        numbers: &[f64],
        notation: Option<Notation>,
    ) -> Reduced {
        let Some(weights) = input.weights else {
            return match exact::mean_of(numbers) {
                Some(mean) => Reduced::Number(mean, notation),
                None => Reduced::State(ABSENT),
            };
        };
        let all = weights.numbers();
        let (mut kept, mut with) = (Vec::new(), Vec::new());
        for (row, number) in present.iter().zip(numbers) {
            match weights.state(*row as usize) {
                PRESENT => {
                    let weight = all.get(*row as usize).copied().unwrap_or(0.0);
                    if weight < 0.0 {
                        return Reduced::Fault(FaultKind::NegativeWeight(node));
                    }
                    kept.push(*number);
                    with.push(weight);
                }
                ABSENT => {}
                fault => return Reduced::State(fault),
            }
        }
        match exact::weighted_mean(&kept, &with) {
            Some(mean) => Reduced::Number(mean, notation),
            None => Reduced::Fault(FaultKind::DivisionByZero(node)),
        }
    }

    fn quantile(
        &self,
        node: NodeId,
        input: &ReduceInput,
        numbers: Vec<f64>,
        notation: Option<Notation>,
    ) -> Reduced {
        let share = input.share.and_then(|share| {
            let row = *input.members.first()? as usize;
            Some((share.state(row), *share.numbers().get(row)?))
        });
        match share {
            Some((PRESENT, share)) if (0.0..=1.0).contains(&share) => {
                Reduced::Number(quantile_of(numbers, share), notation)
            }
            Some((PRESENT, _)) | None => Reduced::Fault(FaultKind::BadShare(node)),
            Some((state, _)) => Reduced::State(state),
        }
    }
}

/// The smallest or largest; of equals (at 14 digits) the first row.
fn extreme(input: &ReduceInput, present: &[u32], largest: bool) -> Reduced {
    let before = |a: u32, b: u32| -> bool {
        let (a, b) = (a as usize, b as usize);
        let order = match &input.values.values {
            Values::Number(list) => match (list.get(a), list.get(b)) {
                (Some(a), Some(b)) => a.total_cmp(b),
                _ => std::cmp::Ordering::Equal,
            },
            Values::Key(list) => list.get(a).cmp(&list.get(b)),
            Values::Date(list) => list.get(a).cmp(&list.get(b)),
            Values::Bool(_) | Values::Text(_) => std::cmp::Ordering::Equal,
        };
        if largest { order.is_gt() } else { order.is_lt() }
    };
    let mut best: Option<u32> = None;
    for row in present {
        if best.is_none_or(|best| before(*row, best)) {
            best = Some(*row);
        }
    }
    match best {
        Some(row) => Reduced::Row(row, joint_notation(input.values, present)),
        None => Reduced::State(ABSENT),
    }
}

/// 分位数 Linear between order statistics (type 7, Excel's PERCENTILE.INC); the share is in 0 … 1.
pub fn quantile_of(mut numbers: Vec<f64>, share: f64) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let place = share * (numbers.len().saturating_sub(1)) as f64;
    let whole = significant::floor_to_multiple(place, significant::Step::ONE);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a position in the list"
    )]
    let position = whole as usize;
    let low = numbers.get(position).copied().unwrap_or(0.0);
    let high = numbers.get(position + 1).copied().unwrap_or(low);
    let part = place - whole;
    match part > 0.0 {
        true => low + (high - low) * part,
        false => low,
    }
}

/// The notation key of a sum all of whose terms carry one.
fn joint_notation(values: &Column, present: &[u32]) -> Option<Notation> {
    if values.notation.is_empty() {
        return None;
    }
    let mut joint = None;
    for row in present {
        let own = values.notation(*row as usize)?;
        joint = Some(joint.map_or(own, |seen: Notation| seen.min(own)));
    }
    joint
}
