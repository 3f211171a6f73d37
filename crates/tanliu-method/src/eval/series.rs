//! 序列 Along an ordered index: the value before, trailing windows, running sums, ranks, shares.

use super::column::{ABSENT, Column, PRESENT, Values};
use super::faults::FaultKind;
use super::frame::{Frame, NO_KEY, NO_ROW, step};
use super::group::{ReduceInput, Reduced};
use super::{Evaluator, Materialized};
use crate::exact::ExactSum;
use crate::internal_rate::{chosen_rate, internal_rates};
use crate::program::{IndexId, NodeId, Running, WindowNode};
use crate::significant;
use std::collections::BTreeMap;
use std::rc::Rc;

/// 序列 The rows of a frame by series: all keys alike but that of one index, which ascends.
#[derive(Debug)]
pub(crate) struct Series {
    /// Rows, series after series, each in the order of the index.
    pub(crate) order: Vec<u32>,
    /// For each row: where its series begins and ends in `order`, and where it stands itself.
    pub(crate) place: Vec<(u32, u32, u32)>,
    /// The other indexes' keys of each series, with first and last code.
    others: Rc<Frame>,
    ends: Vec<(u32, u32)>,
}

impl Evaluator<'_> {
    pub(crate) fn series(&self, frame: &Rc<Frame>, index: IndexId) -> Rc<Series> {
        if let Some(series) = self.series.borrow().get(&(frame.id, index)) {
            return Rc::clone(series);
        }
        let series = Rc::new(self.make_series(frame, index));
        self.series.borrow_mut().insert((frame.id, index), Rc::clone(&series));
        series
    }

    fn make_series(&self, frame: &Rc<Frame>, index: IndexId) -> Series {
        let dims: Vec<IndexId> = frame.dims.iter().copied().filter(|dim| *dim != index).collect();
        let others = self.frames.project(frame, &dims);
        let owner = self.frames.locate(&others, frame);
        let codes = frame.column(index).unwrap_or_default().to_vec();
        let owners: Vec<u32> = owner.to_vec();
        let order = super::frame::sort_positions(&[owners.clone(), codes.clone()], frame.rows);
        let mut place = vec![(0, 0, 0); frame.rows];
        let mut ends = vec![(NO_KEY, NO_KEY); others.rows];
        let mut start = 0;
        while let Some(first) = order.get(start) {
            let own = owners.get(*first as usize);
            let length = order
                .iter()
                .skip(start)
                .take_while(|row| owners.get(**row as usize) == own)
                .count();
            let members = order.get(start..start + length).unwrap_or_default();
            let (from, to) = (small(start), small(start + length));
            for (position, row) in members.iter().enumerate() {
                if let Some(place) = place.get_mut(*row as usize) {
                    *place = (from, to, small(start + position));
                }
            }
            let code = |row: Option<&u32>| {
                row.and_then(|row| codes.get(*row as usize).copied()).unwrap_or(NO_KEY)
            };
            if let Some(ends) = own.and_then(|own| ends.get_mut(*own as usize)) {
                *ends = (code(members.first()), code(members.last()));
            }
            start += length;
        }
        Series { order, place, others, ends }
    }

    /// The same keys with one index moved some calendar steps.
    pub(crate) fn moved(&self, frame: &Frame, index: IndexId, steps: i64) -> Rc<Frame> {
        let codes = self.stepped(index, steps);
        let columns = frame
            .dims
            .iter()
            .zip(&frame.columns)
            .map(|(dim, column)| match *dim == index {
                false => column.clone(),
                true => column
                    .iter()
                    .map(|code| codes.get(*code as usize).copied().unwrap_or(NO_KEY))
                    .collect(),
            })
            .collect();
        self.frames.make(frame.dims.clone(), columns, frame.rows, false)
    }

    /// For each code of an index the code some calendar steps further.
    fn stepped(&self, index: IndexId, steps: i64) -> Rc<Vec<u32>> {
        if let Some(codes) = self.stepped.borrow().get(&(index, steps)) {
            return Rc::clone(codes);
        }
        let dictionary = self.dictionary(index);
        let further = |key| step(key, steps).and_then(|key| dictionary.code(&key));
        let codes = dictionary.keys.iter().map(|key| further(key).unwrap_or(NO_KEY)).collect();
        let codes = Rc::new(codes);
        self.stepped.borrow_mut().insert((index, steps), Rc::clone(&codes));
        codes
    }

    /// `x[t+steps]`: absent before the first (behind the last) of a series, an error after a gap.
    pub(crate) fn eval_shift(
        &self,
        node: NodeId,
        value: NodeId,
        (index, steps): (IndexId, i64),
        frame: &Rc<Frame>,
    ) -> Column {
        let dims = &self.node(value).dims;
        let asked = self.trimmed(frame, dims);
        let moved = self.moved(&asked, index, steps);
        let mut column = self.eval(value, &moved);
        let own = self.frame_of(value);
        let here = self.frames.locate(&own, &asked);
        let there = self.frames.locate(&own, &moved);
        let lost: Vec<usize> = (0..column.values.len())
            .filter(|row| there.get(*row) == Some(&NO_ROW) && here.get(*row) != Some(&NO_ROW))
            .collect();
        if lost.is_empty() {
            return column;
        }
        let series = self.series(&own, index);
        let owner = self.frames.locate(&series.others, &asked);
        let targets = moved.column(index).unwrap_or_default().to_vec();
        for row in lost {
            let ends = owner.get(row).and_then(|owner| series.ends.get(*owner as usize));
            let target = targets.get(row).copied().unwrap_or(NO_KEY);
            let outside = match ends {
                Some((first, _)) if steps < 0 => target == NO_KEY || target < *first,
                Some((_, last)) => target == NO_KEY || target > *last,
                None => true,
            };
            let state = column.state(row);
            if outside {
                column.set_state(row, ABSENT);
            } else if state > ABSENT && self.is_missing(state) {
                let gap = self.fault_at(FaultKind::Gap(node), &asked, row, dims);
                column.set_state(row, gap);
            }
        }
        column
    }

    /// The frame with only some indexes, row by row.
    pub(crate) fn trimmed(&self, frame: &Rc<Frame>, dims: &[IndexId]) -> Rc<Frame> {
        if frame.dims == dims {
            return Rc::clone(frame);
        }
        let columns =
            dims.iter().map(|index| frame.column(*index).unwrap_or_default().to_vec()).collect();
        self.frames.make(dims.to_vec(), columns, frame.rows, false)
    }

    pub(crate) fn eval_window(
        &self,
        node: NodeId,
        window: &Rc<WindowNode>,
        frame: &Rc<Frame>,
    ) -> Column {
        let made = match self.is_volatile(node) {
            true => Rc::new(self.make_window(node, window, &self.up_to_now(window.value))),
            false => self
                .made_once(node, || self.make_window(node, window, &self.frame_of(window.value))),
        };
        self.taken(node, &made, frame)
    }

    fn made_once(&self, node: NodeId, make: impl FnOnce() -> Materialized) -> Rc<Materialized> {
        if let Some(made) = self.nodes.borrow().get(&node) {
            return Rc::clone(made);
        }
        let made = Rc::new(make());
        self.nodes.borrow_mut().insert(node, Rc::clone(&made));
        made
    }

    /// Takes the rows of a frame from what was made; other keys are missing.
    fn taken(&self, node: NodeId, made: &Materialized, frame: &Rc<Frame>) -> Column {
        if made.frame.id == frame.id {
            return made.column.clone();
        }
        let found = self.frames.locate(&made.frame, frame);
        let mut column = made.column.gather(&found);
        for (row, position) in found.iter().enumerate() {
            if *position == NO_ROW {
                let dims = &self.node(node).dims;
                let state = self.fault_at(FaultKind::MissingNode(node), frame, row, dims);
                column.set_state(row, state);
            }
        }
        column
    }

    fn make_window(&self, node: NodeId, window: &WindowNode, frame: &Rc<Frame>) -> Materialized {
        let values = self.eval(window.value, frame);
        let weights = window.weight.map(|weight| self.eval(weight, frame));
        let share = window.second.map(|second| self.eval(second, frame));
        let series = self.series(frame, window.index);
        let ordinal = |row: u32| self.ordinal(frame, window.index, row);
        let mut column = Column::present(self.blank(&self.node(node).ty, frame.rows));
        for row in 0..frame.rows {
            let Some((start, _, at)) = series.place.get(row).copied() else { continue };
            let last = ordinal(small(row));
            let first = last - i64::from(window.steps) + 1;
            let mut from = at;
            while from > start
                && series.order.get(from as usize - 1).is_some_and(|row| ordinal(*row) >= first)
            {
                from -= 1;
            }
            let members = series.order.get(from as usize..=at as usize).unwrap_or_default();
            let full = members.len() == window.steps as usize;
            let begins = series.order.get(start as usize).map(|row| ordinal(*row));
            if !full && !window.up_to {
                if begins.is_some_and(|begins| begins > first) {
                    column.set_state(row, ABSENT);
                    continue;
                }
                // A gap: `(x ?? v)` has a value there, `x` has not.
                if let Some(state) = self.window_gap(node, window, frame, row, &values) {
                    column.set_state(row, state.0);
                    if let Some(number) = state.1 {
                        put_number(&mut column, row, number);
                    }
                    continue;
                }
            }
            let input = ReduceInput {
                members,
                values: &values,
                weights: weights.as_ref(),
                share: share.as_ref(),
            };
            self.put_reduced(node, window, &input, frame, row, &mut column);
        }
        Materialized { frame: Rc::clone(frame), column }
    }

    fn put_reduced(
        &self,
        node: NodeId,
        window: &WindowNode,
        input: &ReduceInput,
        frame: &Rc<Frame>,
        row: usize,
        column: &mut Column,
    ) {
        match self.reduce(node, window.reduction, input) {
            Reduced::State(state) => column.set_state(row, state),
            Reduced::Fault(kind) => {
                let state = self.fault_at(kind, frame, row, &frame.dims);
                column.set_state(row, state);
            }
            Reduced::Number(number, notation) => {
                put_number(column, row, number);
                column.set_notation(row, notation);
            }
            Reduced::Bool(value) => {
                if let Values::Bool(list) = &mut column.values
                    && let Some(place) = list.get_mut(row)
                {
                    *place = value;
                }
            }
            Reduced::Row(member, notation) => {
                column.values.scatter(&[small(row)], &input.values.values.gather(&[member]));
                column.set_notation(row, notation);
            }
        }
    }

    /// A window with a gap: the value is asked at each calendar step of it.
    fn window_gap(
        &self,
        node: NodeId,
        window: &WindowNode,
        frame: &Rc<Frame>,
        row: usize,
        like: &Column,
    ) -> Option<(u32, Option<f64>)> {
        let one = self.frames.pick(frame, &[small(row)]);
        let mut all =
            Column { values: like.values.blank(0), state: Vec::new(), notation: Vec::new() };
        let mut numbers = Vec::new();
        let mut state = Vec::new();
        for back in (0..i64::from(window.steps)).rev() {
            let moved = self.moved(&one, window.index, -back);
            let value = self.eval(window.value, &moved);
            let own = value.state(0);
            if own != PRESENT && own != ABSENT && self.is_missing(own) {
                let gap = self.fault_at(FaultKind::Gap(node), frame, row, &frame.dims);
                return Some((gap, None));
            }
            numbers.push(value.numbers().first().copied().unwrap_or(0.0));
            state.push(own);
        }
        let members: Vec<u32> = (0..small(numbers.len())).collect();
        all.values = Values::Number(numbers);
        all.state = state;
        let input = ReduceInput { members: &members, values: &all, weights: None, share: None };
        match self.reduce(node, window.reduction, &input) {
            Reduced::Number(number, _) => Some((PRESENT, Some(number))),
            Reduced::Row(member, _) => Some((PRESENT, all.numbers().get(member as usize).copied())),
            Reduced::State(state) => Some((state, None)),
            Reduced::Fault(kind) => Some((self.fault_at(kind, frame, row, &frame.dims), None)),
            Reduced::Bool(_) => None,
        }
    }

    pub(crate) fn eval_running(
        &self,
        node: NodeId,
        running: Running,
        (value, over): (NodeId, &[IndexId]),
        frame: &Rc<Frame>,
    ) -> Column {
        let made = match self.is_volatile(node) {
            true => {
                Rc::new(self.make_running(node, running, (value, over), &self.up_to_now(value)))
            }
            false => self.made_once(node, || {
                self.make_running(node, running, (value, over), &self.frame_of(value))
            }),
        };
        self.taken(node, &made, frame)
    }

    fn make_running(
        &self,
        node: NodeId,
        running: Running,
        (value, over): (NodeId, &[IndexId]),
        frame: &Rc<Frame>,
    ) -> Materialized {
        let values = self.eval(value, frame);
        let dims: Vec<IndexId> =
            frame.dims.iter().copied().filter(|index| !over.contains(index)).collect();
        let others = self.frames.project(frame, &dims);
        let owner = self.frames.locate(&others, frame);
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (row, owner) in owner.iter().enumerate() {
            groups.entry(*owner).or_default().push(small(row));
        }
        let mut column = Column {
            values: self.blank(&self.node(node).ty, frame.rows),
            state: values.state.clone(),
            notation: Vec::new(),
        };
        let along = over.first().and_then(|index| frame.column(*index)).unwrap_or_default();
        for mut rows in groups.into_values() {
            rows.sort_by_key(|row| along.get(*row as usize).copied());
            match running {
                Running::CumulativeSum | Running::CumulativeProduct => {
                    accumulate(&values, &rows, running, &mut column);
                }
                Running::First | Running::Last => pick_end(&values, &rows, running, &mut column),
                Running::Rank { descending } => rank(&values, &rows, descending, &mut column),
                Running::Share => self.share(node, &values, &rows, frame, &mut column),
                Running::InternalRate { .. } | Running::InternalRateCount => {
                    self.internal_rate(node, running, (&values, &rows), (frame, over), &mut column);
                }
            }
        }
        self.finite(node, frame, &mut column);
        Materialized { frame: Rc::clone(frame), column }
    }

    /// Turns results that are not finite into faults.
    pub(crate) fn finite(&self, node: NodeId, frame: &Frame, column: &mut Column) {
        let bad: Vec<usize> = column
            .numbers()
            .iter()
            .enumerate()
            .filter(|(row, number)| !number.is_finite() && column.state(*row) == PRESENT)
            .map(|(row, _)| row)
            .collect();
        for row in bad {
            let state = self.fault_at(FaultKind::NotFinite(node), frame, row, &frame.dims);
            column.set_state(row, state);
        }
    }

    /// One rate for the whole series, at each of its keys. The steps count, so none may be left out.
    fn internal_rate(
        &self,
        node: NodeId,
        running: Running,
        (values, rows): (&Column, &[u32]),
        (frame, over): (&Rc<Frame>, &[IndexId]),
        column: &mut Column,
    ) {
        let present: Vec<u32> =
            rows.iter().copied().filter(|row| values.state(*row as usize) != ABSENT).collect();
        let fault = present.iter().map(|row| values.state(*row as usize)).find(|s| *s > ABSENT);
        let behind_gap = present.windows(2).find_map(|pair| {
            let ([before, after], Some(index)) = (pair, over.first()) else { return None };
            let ordinal = |row: &u32| self.ordinal(frame, *index, *row);
            (ordinal(after) - ordinal(before) != 1).then_some(*after)
        });
        let flows: Vec<f64> = present.iter().map(|row| number(values, *row)).collect();
        let rates = internal_rates(&flows);
        let taken = match running {
            Running::InternalRateCount => Some(f64::from(small(rates.len()))),
            Running::InternalRate { nth } => chosen_rate(&rates, nth),
            _ => None,
        };
        for row in present {
            let at = row as usize;
            match (fault, behind_gap, taken) {
                (Some(state), _, _) => column.set_state(at, state),
                (None, Some(gap), _) => {
                    let state =
                        self.fault_at(FaultKind::Gap(node), frame, gap as usize, &frame.dims);
                    column.set_state(at, state);
                }
                (None, None, Some(rate)) => put_number(column, at, rate),
                (None, None, None) => column.set_state(at, ABSENT),
            }
        }
    }

    /// The place of a row's key on its calendar.
    pub(crate) fn ordinal(&self, frame: &Frame, index: IndexId, row: u32) -> i64 {
        let code = frame.column(index).and_then(|column| column.get(row as usize));
        let dictionary = self.dictionary(index);
        match code.and_then(|code| dictionary.key(*code)) {
            Some(crate::program::Key::Time(key)) => key.ordinal,
            Some(crate::program::Key::Integer(number)) => *number,
            _ => 0,
        }
    }

    fn share(
        &self,
        node: NodeId,
        values: &Column,
        rows: &[u32],
        frame: &Rc<Frame>,
        column: &mut Column,
    ) {
        let mut total = ExactSum::new();
        let mut fault = None;
        for row in rows {
            match values.state(*row as usize) {
                PRESENT => total.add(number(values, *row)),
                ABSENT => {}
                state => fault = fault.or(Some(state)),
            }
        }
        for row in rows.iter().copied().filter(|row| values.state(*row as usize) == PRESENT) {
            let mut own = ExactSum::new();
            own.add(number(values, row));
            match (fault, own.quotient(&total)) {
                (Some(state), _) => column.set_state(row as usize, state),
                (None, Some(share)) => put_number(column, row as usize, share),
                (None, None) => {
                    let kind = FaultKind::DivisionByZero(node);
                    let state = self.fault_at(kind, frame, row as usize, &frame.dims);
                    column.set_state(row as usize, state);
                }
            }
        }
    }
}

fn accumulate(values: &Column, rows: &[u32], running: Running, column: &mut Column) {
    let mut sum = ExactSum::new();
    let mut product = 1.0;
    let mut fault = None;
    let mut notation = None;
    let mut first = true;
    for row in rows {
        let at = *row as usize;
        match values.state(at) {
            PRESENT => {}
            ABSENT => continue,
            state => {
                fault = fault.or(Some(state));
                continue;
            }
        }
        if let Some(state) = fault {
            column.set_state(at, state);
            continue;
        }
        let own = number(values, *row);
        let result = if running == Running::CumulativeSum {
            sum.add(own);
            sum.to_f64()
        } else {
            product *= own;
            product
        };
        put_number(column, at, result + 0.0);
        // Of a running sum all terms so far must carry a notation key.
        notation = match (std::mem::take(&mut first), values.notation(at), notation) {
            (true, own, _) => own,
            (false, Some(own), Some(before)) => Some(own.min(before)),
            _ => None,
        };
        column.set_notation(at, notation);
    }
}

fn pick_end(values: &Column, rows: &[u32], running: Running, column: &mut Column) {
    let mut present = rows.iter().copied().filter(|row| values.state(*row as usize) != ABSENT);
    let end = if running == Running::First { present.next() } else { present.next_back() };
    let Some(end) = end else { return };
    let state = values.state(end as usize);
    for row in rows.iter().copied().filter(|row| values.state(*row as usize) == PRESENT) {
        column.values.scatter(&[row], &values.values.gather(&[end]));
        column.set_notation(row as usize, values.notation(end as usize));
        if state != PRESENT {
            column.set_state(row as usize, state);
        }
    }
}

/// Ties (at 14 digits) share the smallest rank: 1, 2, 2, 4.
fn rank(values: &Column, rows: &[u32], descending: bool, column: &mut Column) {
    let fault = rows.iter().map(|row| values.state(*row as usize)).find(|state| *state > ABSENT);
    let mut present: Vec<u32> =
        rows.iter().copied().filter(|row| values.state(*row as usize) == PRESENT).collect();
    present.sort_by(|a, b| {
        let order = significant::compare(number(values, *a), number(values, *b));
        if descending { order.reverse() } else { order }
    });
    let mut shared = 0_u32;
    for (position, row) in present.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| present.get(before));
        let tied = before.is_some_and(|before| {
            significant::compare(number(values, *before), number(values, *row)).is_eq()
        });
        if !tied {
            shared = small(position + 1);
        }
        put_number(column, *row as usize, f64::from(shared));
        if let Some(state) = fault {
            column.set_state(*row as usize, state);
        }
    }
}

fn number(values: &Column, row: u32) -> f64 {
    values.numbers().get(row as usize).copied().unwrap_or(0.0)
}

fn put_number(column: &mut Column, row: usize, number: f64) {
    if let Values::Number(list) = &mut column.values
        && let Some(place) = list.get_mut(row)
    {
        *place = number;
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NO_ROW)
}
