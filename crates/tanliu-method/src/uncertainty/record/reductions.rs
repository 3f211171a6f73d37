//! 归约的录制 Groups, windows and running results: which rows go together.

use super::{Recorded, Recorder, numbers, small, spread};
use crate::eval::column::{Column, PRESENT};
use crate::eval::frame::Frame;
use crate::program::{Group, IndexId, NodeId, Reduction, Running, Type, WindowNode};
use crate::uncertainty::tape::{Along, Groups, NO_ROW, Operand, Operation, Reducing};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// A value with the weights and the share beside it.
struct Reduced<'n> {
    reduction: Reduction,
    value: NodeId,
    second: Option<NodeId>,
    weight: Option<NodeId>,
    frame: &'n Rc<Frame>,
}

impl Recorder<'_, '_> {
    pub(super) fn group(&mut self, node: NodeId, group: &Group, frame: &Rc<Frame>) -> Operand {
        let (keys, operand) = match self.nodes.get(&node) {
            Some(made) => made.clone(),
            None => {
                let made = self.group_made(node, group, frame);
                if !self.is_volatile(node) {
                    self.nodes.insert(node, made.clone());
                }
                made
            }
        };
        let found = self.evaluator.frames.locate(&keys, frame);
        if !found.contains(&NO_ROW) {
            return self.taken((&keys, &operand), frame);
        }
        // Sums of nothing, where that is zero.
        let zero = Operand::fixed(vec![0.0]);
        let place = |row: &u32| if *row == NO_ROW { (1, 0) } else { (0, *row) };
        let places: Vec<(u32, u32)> = found.iter().map(place).collect();
        let value = |(part, row): &(u32, u32)| match part {
            0 => self.tape.centre(&operand, *row as usize),
            _ => 0.0,
        };
        let centre = places.iter().map(value).collect();
        self.push(Operation::Collect(vec![operand, zero], places), centre)
    }

    /// The rows of a frame out of what was recorded at other keys.
    fn taken(&self, (keys, operand): (&Rc<Frame>, &Operand), frame: &Rc<Frame>) -> Operand {
        match keys.id == frame.id {
            true => operand.clone(),
            false => operand.gather(&self.evaluator.frames.locate(keys, frame)),
        }
    }

    fn group_made(&mut self, node: NodeId, group: &Group, asked: &Rc<Frame>) -> Recorded {
        let frame = self.narrowed(node, group.value, asked);
        let (keys, members) = self.evaluator.members(node, group, &frame);
        let centre = numbers(&self.evaluator.eval(node, &keys));
        let reduced = Reduced {
            reduction: group.reduction,
            value: group.value,
            second: group.second,
            weight: group.weight,
            frame: &frame,
        };
        let operand = self.reduce(&reduced, members, centre);
        (keys, operand)
    }

    fn reduce(&mut self, reduced: &Reduced, members: Vec<Vec<u32>>, centre: Vec<f64>) -> Operand {
        let evaluator = self.evaluator;
        let values = evaluator.eval(reduced.value, reduced.frame);
        let weights = reduced.weight.map(|weight| evaluator.eval(weight, reduced.frame));
        let counts = |row: &u32| {
            let has = |column: &Column| column.state(*row as usize) == PRESENT;
            has(&values) && weights.as_ref().is_none_or(has)
        };
        let mut groups = Groups::new();
        for group in &members {
            groups.push(group.iter().copied().filter(counts));
        }
        let is_bool = matches!(evaluator.node(reduced.value).ty, Type::Bool);
        let reducing = match (reduced.reduction, reduced.weight) {
            (Reduction::Mean, Some(weight)) => {
                Reducing::Weighted(self.record(weight, reduced.frame))
            }
            (Reduction::Mean, None) => Reducing::Mean,
            (Reduction::Median, _) => Reducing::Quantile(vec![0.5; groups.len()]),
            (Reduction::Quantile, _) => {
                let shares = reduced.second.map(|second| evaluator.eval(second, reduced.frame));
                let share = |group: &Vec<u32>| {
                    let row = *group.first()? as usize;
                    shares.as_ref()?.numbers().get(row).copied()
                };
                let shares = members.iter().map(|group| share(group).unwrap_or(f64::NAN));
                Reducing::Quantile(shares.collect())
            }
            (Reduction::Deviation, _) => Reducing::Deviation,
            (Reduction::Min | Reduction::All, _) => Reducing::Min,
            (Reduction::Max | Reduction::Any, _) => Reducing::Max,
            (Reduction::Sum | Reduction::Count, _) => Reducing::Sum,
        };
        // Of no truth value at all: `any` is false, `all` is true.
        let empty = is_bool && (0..groups.len()).any(|number| groups.group(number).is_empty());
        if empty {
            return Operand::fixed(centre);
        }
        let operand = self.record(reduced.value, reduced.frame);
        self.push(Operation::Reduce(reducing, operand, Arc::new(groups)), centre)
    }

    pub(super) fn window(
        &mut self,
        window: &WindowNode,
        frame: &Rc<Frame>,
        centre: Vec<f64>,
    ) -> Operand {
        let evaluator = self.evaluator;
        let dims = &evaluator.node(window.value).dims;
        let asked = evaluator.trimmed(frame, dims);
        let keys = evaluator.frame_of(window.value);
        let series = evaluator.series(&keys, window.index);
        let own = evaluator.frames.locate(&keys, &asked);
        let mut members: Vec<Vec<u32>> = Vec::with_capacity(asked.rows);
        let mut gaps = Vec::new();
        for (row, place) in own.iter().enumerate() {
            let place = series.place.get(*place as usize).copied();
            let rows = place.map(|(start, _, at)| {
                let here = *own.get(row).unwrap_or(&NO_ROW);
                let first =
                    self.evaluator.ordinal(&keys, window.index, here) - i64::from(window.steps) + 1;
                let before = series.order.get(start as usize..=at as usize).unwrap_or_default();
                let skip = before.partition_point(|row| {
                    self.evaluator.ordinal(&keys, window.index, *row) < first
                });
                before.get(skip..).unwrap_or_default().to_vec()
            });
            let rows = rows.unwrap_or_default();
            if rows.len() < window.steps as usize && !window.up_to {
                gaps.push(row);
            }
            members.push(rows);
        }
        if !gaps.is_empty() {
            return self.window_by_steps(window, &asked, centre);
        }
        let wanted: BTreeSet<u32> = members.iter().flatten().copied().collect();
        let wanted: Vec<u32> = wanted.into_iter().collect();
        let positions = spread(&wanted, keys.rows);
        for group in &mut members {
            for row in group.iter_mut() {
                *row = positions.get(*row as usize).copied().unwrap_or(NO_ROW);
            }
        }
        let part = evaluator.frames.pick(&keys, &wanted);
        self.reduce(&Reduced::of(window, &part), members, centre)
    }

    /// A window that mends a gap with `??`: the value is asked at each calendar step.
    fn window_by_steps(
        &mut self,
        window: &WindowNode,
        asked: &Rc<Frame>,
        centre: Vec<f64>,
    ) -> Operand {
        let evaluator = self.evaluator;
        let mut columns: Vec<Vec<u32>> = vec![Vec::new(); asked.dims.len()];
        let steps = i64::from(window.steps);
        for back in (0..steps).rev() {
            let moved = evaluator.moved(asked, window.index, -back);
            for (column, own) in columns.iter_mut().zip(&moved.columns) {
                column.extend_from_slice(own);
            }
        }
        let rows = asked.rows * window.steps as usize;
        let all = evaluator.frames.make(asked.dims.clone(), columns, rows, false);
        let members = (0..asked.rows)
            .map(|row| {
                (0..window.steps as usize).map(|step| small(step * asked.rows + row)).collect()
            })
            .collect();
        self.reduce(&Reduced::of(window, &all), members, centre)
    }

    pub(super) fn along(
        &mut self,
        node: NodeId,
        running: Running,
        (value, over): (NodeId, &[IndexId]),
        frame: &Rc<Frame>,
    ) -> Operand {
        if let Some((keys, operand)) = self.nodes.get(&node) {
            return self.taken((keys, operand), frame);
        }
        let made = self.along_made(node, running, (value, over));
        let taken = self.taken((&made.0, &made.1), frame);
        if !self.is_volatile(node) {
            self.nodes.insert(node, made);
        }
        taken
    }

    fn along_made(
        &mut self,
        node: NodeId,
        running: Running,
        (value, over): (NodeId, &[IndexId]),
    ) -> Recorded {
        let evaluator = self.evaluator;
        let frame = self.up_to_now(node, value);
        let values = evaluator.eval(value, &frame);
        let dims: Vec<IndexId> =
            frame.dims.iter().copied().filter(|index| !over.contains(index)).collect();
        let owner = evaluator.frames.locate(&evaluator.frames.project(&frame, &dims), &frame);
        let mut series: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (row, owner) in
            owner.iter().enumerate().filter(|(row, _)| values.state(*row) == PRESENT)
        {
            series.entry(*owner).or_default().push(small(row));
        }
        let first = over.first().and_then(|index| frame.column(*index)).unwrap_or_default();
        let mut groups = Groups::new();
        let mut ends = vec![NO_ROW; frame.rows];
        for mut rows in series.into_values() {
            rows.sort_by_key(|row| first.get(*row as usize).copied());
            let end = if running == Running::First { rows.first() } else { rows.last() };
            let end = end.copied().unwrap_or(NO_ROW);
            for row in &rows {
                if let Some(place) = ends.get_mut(*row as usize) {
                    *place = end;
                }
            }
            groups.push(rows);
        }
        let operand = self.record(value, &frame);
        let along = match running {
            Running::First | Running::Last => return (frame, operand.gather(&ends)),
            Running::CumulativeSum => Along::Sum,
            Running::CumulativeProduct => Along::Product,
            Running::Share => Along::Share,
            Running::Rank { descending } => Along::Rank { descending },
            Running::InternalRate { nth } => Along::Rate { nth },
            // How many there are is that of the central run.
            Running::InternalRateCount => {
                let count = numbers(&evaluator.eval(node, &frame));
                return (frame, Operand::Fixed(count.into()));
            }
        };
        let centre = numbers(&evaluator.eval(node, &frame));
        let operand = self.push(Operation::Along(along, operand, Arc::new(groups)), centre);
        (frame, operand)
    }
}

impl<'n> Reduced<'n> {
    fn of(window: &WindowNode, frame: &'n Rc<Frame>) -> Self {
        Self {
            reduction: window.reduction,
            value: window.value,
            second: window.second,
            weight: window.weight,
            frame,
        }
    }
}
