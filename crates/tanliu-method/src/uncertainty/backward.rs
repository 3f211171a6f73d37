//! 反向微分 How much one result moves with each leaf: derivatives passed back along the tape.
//!
//! One walk per result, from its step to the leaves, touching only the rows it rests on. So a total
//! over ten thousand lines costs ten thousand rows once, and each line by itself a few.

use super::kernel;
use crate::internal_rate::rate_slopes;

use super::tape::{Along, Groups, Operand, Operation, Reducing, Step, Tape};

/// 反向 Derivatives that wait at rows of steps, and at leaves.
pub(super) struct Backward<'t> {
    tape: &'t Tape,
    waiting: Vec<Waiting>,
    leaves: Waiting,
}

/// Numbers at rows; only rows that were touched are not zero.
#[derive(Debug, Default)]
struct Waiting {
    values: Vec<f64>,
    is_touched: Vec<bool>,
    touched: Vec<u32>,
}

impl Waiting {
    fn new(rows: usize) -> Self {
        Self { values: vec![0.0; rows], is_touched: vec![false; rows], touched: Vec::new() }
    }

    fn add(&mut self, row: usize, amount: f64) {
        let (Some(value), Some(is_touched)) =
            (self.values.get_mut(row), self.is_touched.get_mut(row))
        else {
            return;
        };
        *value += amount;
        if !*is_touched {
            *is_touched = true;
            self.touched.push(u32::try_from(row).unwrap_or(u32::MAX));
        }
    }

    /// Takes everything out, rows ascending.
    fn drain(&mut self) -> Vec<(u32, f64)> {
        let mut rows = std::mem::take(&mut self.touched);
        // Where most rows were touched a walk through all is cheaper than putting them in order.
        if rows.len() * 8 > self.values.len() {
            rows.clear();
            let touched = (0_u32..).zip(&self.is_touched).filter(|(_, touched)| **touched);
            rows.extend(touched.map(|(row, _)| row));
        } else {
            rows.sort_unstable();
        }
        rows.into_iter()
            .map(|row| {
                let at = row as usize;
                if let Some(flag) = self.is_touched.get_mut(at) {
                    *flag = false;
                }
                (row, self.values.get_mut(at).map(std::mem::take).unwrap_or_default())
            })
            .collect()
    }
}

impl<'t> Backward<'t> {
    pub(super) fn new(tape: &'t Tape) -> Self {
        let waiting = tape.steps.iter().map(|step| Waiting::new(step.rows)).collect();
        Self { tape, waiting, leaves: Waiting::new(tape.leaves.len()) }
    }

    /// By how much a row of an operand moves when a leaf moves by one standard deviation; leaves
    /// ascending.
    pub(super) fn effects(&mut self, operand: &Operand, row: usize) -> Vec<(u32, f64)> {
        let Some((last, _)) = operand.place(row) else { return Vec::new() };
        self.send(operand, row, 1.0);
        for number in (0..=last).rev() {
            let has = self.waiting.get(number).is_some_and(|w| !w.touched.is_empty());
            let Some(step) = self.tape.steps.get(number).filter(|_| has) else { continue };
            let touched = self.waiting.get_mut(number).map(Waiting::drain).unwrap_or_default();
            self.pass(step, &touched);
        }
        self.leaves.drain()
    }

    fn send(&mut self, operand: &Operand, row: usize, amount: f64) {
        if let Some((step, row)) = operand.place(row)
            && amount != 0.0
            && let Some(waiting) = self.waiting.get_mut(step)
        {
            waiting.add(row, amount);
        }
    }

    fn pass(&mut self, step: &'t Step, touched: &[(u32, f64)]) {
        let tape = self.tape;
        match &step.operation {
            Operation::Along(along, value, groups) => {
                self.pass_along(*along, (value, groups), step, touched);
                return;
            }
            Operation::Reduce(reducing, value, groups) => {
                for (row, amount) in touched {
                    let members = groups.group(*row as usize);
                    self.pass_reduced((reducing, *row as usize), (value, members), step, *amount);
                }
                return;
            }
            _ => {}
        }
        for (row, amount) in touched {
            let at = *row as usize;
            match &step.operation {
                Operation::Leaf { leaves, laws } => {
                    let (Some(leaf), Some(law)) = (leaves.get(at), laws.get(at)) else { continue };
                    self.leaves.add(*leaf as usize, amount * law.deviation());
                }
                Operation::Single(function, a) => {
                    let slope = kernel::slope(*function, tape.centre(a, at));
                    self.send(a, at, amount * slope);
                }
                Operation::Double(function, a, b) => {
                    let (x, y) = (tape.centre(a, at), tape.centre(b, at));
                    let (by_x, by_y) = kernel::slopes(*function, x, y);
                    self.send(a, at, amount * by_x);
                    self.send(b, at, amount * by_y);
                }
                Operation::Choose(condition, a, b) => {
                    let taken = if tape.centre(condition, at) == 0.0 { b } else { a };
                    self.send(taken, at, *amount);
                }
                Operation::Collect(list, places) => {
                    let place = places.get(at);
                    let operand = place.and_then(|(part, _)| list.get(*part as usize));
                    if let (Some(operand), Some((_, row))) = (operand, place) {
                        self.send(operand, *row as usize, *amount);
                    }
                }
                Operation::Reduce(..) | Operation::Along(..) => {}
            }
        }
    }

    fn pass_reduced(
        &mut self,
        (reducing, row): (&'t Reducing, usize),
        (value, members): (&'t Operand, &[u32]),
        step: &Step,
        amount: f64,
    ) {
        let tape = self.tape;
        let at = |member: &u32| tape.centre(value, *member as usize);
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let count = members.len() as f64;
        let result = step.centre.get(row).copied().unwrap_or(f64::NAN);
        match reducing {
            Reducing::Sum => {
                members.iter().for_each(|m| self.send(value, *m as usize, amount));
            }
            Reducing::Mean => {
                members.iter().for_each(|m| self.send(value, *m as usize, amount / count));
            }
            Reducing::Weighted(weight) => {
                let total: f64 = members.iter().map(|m| tape.centre(weight, *m as usize)).sum();
                for member in members {
                    let (x, w) = (at(member), tape.centre(weight, *member as usize));
                    self.send(value, *member as usize, amount * w / total);
                    self.send(weight, *member as usize, amount * (x - result) / total);
                }
            }
            Reducing::Quantile(shares) => {
                let mut order: Vec<u32> = members.to_vec();
                order.sort_by(|a, b| at(a).total_cmp(&at(b)));
                let share = shares.get(row).copied().unwrap_or(0.5);
                let (low, part) = position(share, order.len());
                if let Some(member) = order.get(low) {
                    self.send(value, *member as usize, amount * (1.0 - part));
                }
                if let Some(member) = order.get(low + 1) {
                    self.send(value, *member as usize, amount * part);
                }
            }
            Reducing::Deviation => {
                let mean = members.iter().map(at).sum::<f64>() / count;
                for member in members.iter().filter(|_| result != 0.0) {
                    let slope = (at(member) - mean) / ((count - 1.0) * result);
                    self.send(value, *member as usize, amount * slope);
                }
            }
            Reducing::Min | Reducing::Max => {
                let largest = matches!(reducing, Reducing::Max);
                let mut best: Option<&u32> = None;
                for member in members {
                    let order = best.map(|best| at(member).total_cmp(&at(best)));
                    let before = order.is_none_or(|o| if largest { o.is_gt() } else { o.is_lt() });
                    if before {
                        best = Some(member);
                    }
                }
                if let Some(member) = best {
                    self.send(value, *member as usize, amount);
                }
            }
        }
    }

    fn pass_along(
        &mut self,
        along: Along,
        (value, groups): (&'t Operand, &'t Groups),
        step: &'t Step,
        touched: &[(u32, f64)],
    ) {
        let tape = self.tape;
        let amounts: std::collections::BTreeMap<u32, f64> = touched.iter().copied().collect();
        let first = touched.first().map_or(0, |(row, _)| *row);
        for number in 0..groups.len() {
            let members = groups.group(number);
            // Rows of one result mostly lie in one group: the others are passed over cheaply.
            let concerned = touched.len() > 1 || members.contains(&first);
            if !concerned {
                continue;
            }
            let amount = |member: &u32| amounts.get(member).copied().unwrap_or(0.0);
            let at = |member: &u32| tape.centre(value, *member as usize);
            match along {
                Along::Sum => {
                    let mut later = 0.0;
                    for member in members.iter().rev() {
                        later += amount(member);
                        self.send(value, *member as usize, later);
                    }
                }
                Along::Product => {
                    // What later products make of this factor, without dividing by it.
                    let mut later = 0.0;
                    for (position, member) in members.iter().enumerate().rev() {
                        let next = members.get(position + 1).map_or(0.0, at);
                        later = amount(member) + next * later;
                        let before = position.checked_sub(1).and_then(|b| members.get(b));
                        let before = before
                            .and_then(|row| step.centre.get(*row as usize).copied())
                            .unwrap_or(1.0);
                        self.send(value, *member as usize, later * before);
                    }
                }
                Along::Share => {
                    let total: f64 = members.iter().map(at).sum();
                    let weighted: f64 = members.iter().map(|m| amount(m) * at(m)).sum();
                    if weighted != 0.0 || members.iter().any(|m| amount(m) != 0.0) {
                        for member in members {
                            let slope = amount(member) / total - weighted / (total * total);
                            self.send(value, *member as usize, slope);
                        }
                    }
                }
                Along::Rank { .. } => {}
                Along::Rate { .. } => {
                    let sent: f64 = members.iter().map(amount).sum();
                    let rate = members.first().and_then(|row| step.centre.get(*row as usize));
                    let flows: Vec<f64> = members.iter().map(at).collect();
                    if let Some(rate) = rate.filter(|rate| sent != 0.0 && rate.is_finite()) {
                        for (member, slope) in members.iter().zip(rate_slopes(&flows, *rate)) {
                            self.send(value, *member as usize, sent * slope);
                        }
                    }
                }
            }
        }
    }
}

/// The lower order statistic of a quantile and the part of the way to the next (type 7).
pub(super) fn position(share: f64, count: usize) -> (usize, f64) {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let place = share * (count.saturating_sub(1)) as f64;
    let step = crate::significant::Step::ONE;
    let whole = crate::significant::floor_to_multiple(place, step);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a position in the list"
    )]
    let low = whole as usize;
    (low, (place - whole).max(0.0))
}
