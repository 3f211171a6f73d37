//! 一批抽样 A block of draws through the whole tape: columns of rows × draws, a few rows at a time.

use super::kernel;
use super::law::{Law, triangular};
use super::normal::{NormalTable, WORD};
use super::plan::{Hook, Keep, NO_GROUP, Plan};
use super::random::{GROUP, group};
use super::record::NO_LEAF;
use super::tape::{Along, Double, Groups, Operand, Operation, Reducing, Step, Tape};
use crate::internal_rate::{chosen_rate, internal_rates};
use crate::significant;
use crate::uncertainty::backward::position;

/// Numbers of one tile: small enough for the first-level cache with its neighbours.
const TILE: usize = 1024;

/// 批 One block of draws and the room it takes.
pub(super) struct Block<'t> {
    tape: &'t Tape,
    plan: &'t Plan,
    table: &'t NormalTable,
    seed: u64,
    first: u64,
    draws: usize,
    stored: Vec<Vec<f64>>,
    pool: Vec<Vec<f64>>,
    /// The first-order effects, one row of draws each.
    effects: Vec<f64>,
}

impl<'t> Block<'t> {
    pub(super) fn new(tape: &'t Tape, plan: &'t Plan, table: &'t NormalTable, seed: u64) -> Self {
        let stored = vec![Vec::new(); tape.steps.len()];
        Self {
            tape,
            plan,
            table,
            seed,
            first: 0,
            draws: 0,
            stored,
            pool: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// Computes the draws from `first` on.
    pub(super) fn run(&mut self, first: u64, draws: usize) {
        (self.first, self.draws) = (first, draws);
        self.effects.clear();
        self.effects.resize(self.plan.effects * draws, 0.0);
        let tape = self.tape;
        for (number, step) in tape.steps.iter().enumerate() {
            match self.plan.keep.get(number) {
                Some(Keep::Store) => self.store(number, step),
                Some(Keep::Stream) => self.stream(number, step),
                _ => {}
            }
        }
    }

    /// The draws of a row of an operand.
    pub(super) fn row(&self, operand: &Operand, row: usize) -> Option<&[f64]> {
        let (step, row) = operand.place(row)?;
        self.stored.get(step)?.get(row * self.draws..(row + 1) * self.draws)
    }

    /// The draws of an effect.
    pub(super) fn effect(&self, number: usize) -> &[f64] {
        self.effects.get(number * self.draws..(number + 1) * self.draws).unwrap_or_default()
    }

    fn take(&mut self, numbers: usize) -> Vec<f64> {
        let mut buffer = self.pool.pop().unwrap_or_default();
        buffer.resize(numbers, 0.0);
        buffer
    }

    fn tile_rows(&self) -> usize {
        (TILE / self.draws.max(1)).max(1)
    }

    fn store(&mut self, number: usize, step: &'t Step) {
        let mut out = self.stored.get_mut(number).map(std::mem::take).unwrap_or_default();
        out.resize(step.rows * self.draws, 0.0);
        match &step.operation {
            Operation::Reduce(reducing, value, groups) => {
                let streamed = value
                    .step()
                    .is_some_and(|source| self.plan.keep.get(source) == Some(&Keep::Stream));
                if !streamed {
                    self.reduce(reducing, value, groups, &mut out);
                } else if matches!(reducing, Reducing::Mean) {
                    divide_by_counts(groups, self.draws, &mut out);
                }
            }
            Operation::Along(along, value, groups) => {
                self.along(*along, value, groups, &mut out);
            }
            Operation::Collect(list, places) => {
                for ((part, row), out) in places.iter().zip(out.chunks_mut(self.draws)) {
                    match list.get(*part as usize) {
                        Some(operand) => self.copy(operand, *row as usize, out),
                        None => out.fill(f64::NAN),
                    }
                }
            }
            _ => {
                let rows = self.tile_rows();
                for (tile, out) in out.chunks_mut(rows * self.draws).enumerate() {
                    self.tile(number, tile * rows, out);
                }
            }
        }
        if let Some(place) = self.stored.get_mut(number) {
            *place = out;
        }
    }

    /// Adds a column to its sums, tile by tile.
    fn stream(&mut self, number: usize, step: &'t Step) {
        let plan = self.plan;
        let sums = plan.sums.get(number).map(Vec::as_slice).unwrap_or_default();
        let mut outs: Vec<(usize, &[u32], Vec<f64>)> = Vec::with_capacity(sums.len());
        for sum in sums {
            let rows = self.tape.steps.get(*sum).map_or(0, |step| step.rows);
            let mut out = self.stored.get_mut(*sum).map(std::mem::take).unwrap_or_default();
            out.clear();
            out.resize(rows * self.draws, 0.0);
            outs.push((*sum, plan.owners.get(*sum).map(Vec::as_slice).unwrap_or_default(), out));
        }
        let draws = self.draws;
        let rows = self.tile_rows();
        let mut tile = self.take(rows * draws);
        for start in (0..step.rows).step_by(rows) {
            let count = rows.min(step.rows - start);
            let Some(part) = tile.get_mut(..count * draws) else { continue };
            self.tile(number, start, part);
            for (_, owners, out) in &mut outs {
                let owners = owners.get(start..).unwrap_or_default();
                for (owner, values) in owners.iter().zip(part.chunks(draws)) {
                    let owner = *owner as usize;
                    if let Some(out) = out.get_mut(owner * draws..(owner + 1) * draws) {
                        kernel::add(out, values);
                    }
                    debug_assert!(owner < out.len() || owner == NO_GROUP as usize);
                }
            }
        }
        self.pool.push(tile);
        for (sum, _, out) in outs {
            if let Some(place) = self.stored.get_mut(sum) {
                *place = out;
            }
        }
    }

    /// Some rows of a column that is computed row by row.
    fn tile(&mut self, number: usize, start: usize, out: &mut [f64]) {
        let tape = self.tape;
        let Some(step) = tape.steps.get(number) else { return };
        match &step.operation {
            Operation::Leaf { leaves, laws } => {
                let rows = leaves.iter().zip(laws).enumerate().skip(start);
                for ((row, (leaf, law)), out) in rows.zip(out.chunks_mut(self.draws)) {
                    self.leaf(*leaf, law, out);
                    for Hook { effect, weight } in self.plan.hooks_at(number, row) {
                        let at = *effect as usize * self.draws;
                        if let Some(effect) = self.effects.get_mut(at..at + self.draws) {
                            kernel::add_times(effect, *weight, out);
                        }
                    }
                }
            }
            Operation::Single(function, a) => {
                self.load(a, start, out);
                kernel::single_over(*function, out);
            }
            Operation::Double(function, a, b) => {
                let swaps = matches!(function, Double::Add | Double::Multiply)
                    && matches!(a, Operand::Fixed(_));
                let (a, b) = if swaps { (b, a) } else { (a, b) };
                self.load(a, start, out);
                self.combine(*function, b, start, out);
            }
            Operation::Choose(condition, then, other) => {
                let (mut test, mut second) = (self.take(out.len()), self.take(out.len()));
                self.load(condition, start, &mut test);
                self.load(then, start, out);
                self.load(other, start, &mut second);
                for ((out, test), other) in out.iter_mut().zip(&test).zip(&second) {
                    if *test == 0.0 {
                        *out = *other;
                    } else if test.is_nan() {
                        *out = f64::NAN;
                    }
                }
                self.pool.extend([test, second]);
            }
            Operation::Collect(..) | Operation::Reduce(..) | Operation::Along(..) => {
                let from = start * self.draws;
                let stored = self.stored.get(number).and_then(|s| s.get(from..from + out.len()));
                if let Some(stored) = stored {
                    out.copy_from_slice(stored);
                }
            }
        }
    }

    fn is_inline(&self, operand: &Operand) -> Option<usize> {
        let Operand::Drawn { step, rows: None } = operand else { return None };
        (self.plan.keep.get(*step) == Some(&Keep::Inline)).then_some(*step)
    }

    /// Some rows of an operand.
    fn load(&mut self, operand: &Operand, start: usize, out: &mut [f64]) {
        if let Some(step) = self.is_inline(operand) {
            return self.tile(step, start, out);
        }
        for (row, out) in out.chunks_mut(self.draws).enumerate() {
            self.copy(operand, start + row, out);
        }
    }

    fn copy(&self, operand: &Operand, row: usize, out: &mut [f64]) {
        match operand {
            Operand::Fixed(values) => out.fill(values.get(row).copied().unwrap_or(f64::NAN)),
            Operand::Drawn { .. } => match self.row(operand, row) {
                Some(values) => out.copy_from_slice(values),
                None => out.fill(f64::NAN),
            },
        }
    }

    /// Combines rows with those of an operand, in place.
    fn combine(&mut self, function: Double, operand: &Operand, start: usize, out: &mut [f64]) {
        if let Some(step) = self.is_inline(operand) {
            let mut right = self.take(out.len());
            self.tile(step, start, &mut right);
            kernel::double_over(function, out, &right);
            self.pool.push(right);
            return;
        }
        for (row, out) in out.chunks_mut(self.draws).enumerate() {
            match operand {
                Operand::Fixed(values) => {
                    let value = values.get(start + row).copied().unwrap_or(f64::NAN);
                    kernel::double_fixed(function, out, value);
                }
                Operand::Drawn { .. } => match self.row(operand, start + row) {
                    Some(values) => kernel::double_over(function, out, values),
                    None => kernel::double_fixed(function, out, f64::NAN),
                },
            }
        }
    }

    /// The draws of a leaf.
    fn leaf(&self, leaf: u32, law: &Law, out: &mut [f64]) {
        let digest = self.tape.leaves.get(leaf as usize).map(|leaf| leaf.digest);
        let Some(digest) = digest.filter(|_| leaf != NO_LEAF) else {
            return out.fill(law.at(0.5));
        };
        let size = GROUP as u64;
        let mut number = self.first / size;
        let mut skip = usize::try_from(self.first % size).unwrap_or(0);
        let mut rest = out;
        while !rest.is_empty() {
            let words = group(self.seed, digest, number);
            number += 1;
            // Whole groups go where they belong, parts of one take a copy.
            if skip == 0 && rest.len() >= GROUP {
                let Some((part, behind)) = std::mem::take(&mut rest).split_first_chunk_mut() else {
                    return;
                };
                self.draw(law, &words, part);
                rest = behind;
                continue;
            }
            let mut copy = [0.0; GROUP];
            self.draw(law, &words, &mut copy);
            let drawn = copy.get(skip..).unwrap_or_default();
            let count = drawn.len().min(rest.len());
            let (part, behind) = std::mem::take(&mut rest).split_at_mut(count);
            part.copy_from_slice(drawn.get(..count).unwrap_or_default());
            (rest, skip) = (behind, 0);
        }
    }

    fn draw(&self, law: &Law, words: &[u32; GROUP], out: &mut [f64; GROUP]) {
        let share = |word: &u32| (f64::from(*word) + 0.5) * WORD;
        match *law {
            Law::Normal { centre, deviation } => {
                self.table.of_words(words, out, (centre, deviation));
            }
            Law::Lognormal { mean, deviation } => {
                self.table.of_words(words, out, (mean, deviation));
                out.iter_mut().for_each(|out| *out = libm::exp(*out));
            }
            Law::Truncated { centre, deviation, low, high } => {
                out.iter_mut().zip(words).for_each(|(out, word)| {
                    let probability = low + (high - low) * share(word);
                    *out = centre + deviation * self.table.of_probability(probability);
                });
            }
            Law::Uniform { low, high } => {
                let pairs = out.iter_mut().zip(words);
                pairs.for_each(|(out, word)| *out = low + (high - low) * share(word));
            }
            Law::Triangular { low, mode, high } => {
                let pairs = out.iter_mut().zip(words);
                pairs.for_each(|(out, word)| *out = triangular(low, mode, high, share(word)));
            }
        }
    }

    fn reduce(&self, reducing: &Reducing, value: &Operand, groups: &Groups, out: &mut [f64]) {
        for (number, out) in out.chunks_mut(self.draws).enumerate() {
            let members = groups.group(number);
            match reducing {
                Reducing::Sum | Reducing::Mean => {
                    out.fill(0.0);
                    self.each(value, members, |values| kernel::add(out, values));
                    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
                    if matches!(reducing, Reducing::Mean) {
                        let count = members.len() as f64;
                        out.iter_mut().for_each(|sum| *sum /= count);
                    }
                }
                Reducing::Min | Reducing::Max => {
                    let sign = if matches!(reducing, Reducing::Min) { 1.0 } else { -1.0 };
                    out.fill(f64::INFINITY);
                    self.each(value, members, |values| {
                        for (out, value) in out.iter_mut().zip(values) {
                            *out = kernel::least(*out, sign * value);
                        }
                    });
                    out.iter_mut().for_each(|out| *out *= sign);
                }
                Reducing::Weighted(weight) => self.weighted((value, weight), members, out),
                Reducing::Quantile(shares) => {
                    let share = shares.get(number).copied().unwrap_or(f64::NAN);
                    self.by_draw(value, members, out, |numbers| quantile(numbers, share));
                }
                Reducing::Deviation => self.by_draw(value, members, out, deviation),
            }
        }
    }

    fn each(&self, value: &Operand, members: &[u32], mut take: impl FnMut(&[f64])) {
        let mut fixed = Vec::new();
        for member in members {
            match self.row(value, *member as usize) {
                Some(values) => take(values),
                None => {
                    fixed.resize(self.draws, 0.0);
                    self.copy(value, *member as usize, &mut fixed);
                    take(&fixed);
                }
            }
        }
    }

    /// A weight below zero is a fault, as is a sum of weights of zero.
    fn weighted(&self, (value, weight): (&Operand, &Operand), members: &[u32], out: &mut [f64]) {
        out.fill(0.0);
        let mut total = vec![0.0; self.draws];
        let (mut values, mut weights) = (vec![0.0; self.draws], vec![0.0; self.draws]);
        for member in members {
            self.copy(value, *member as usize, &mut values);
            self.copy(weight, *member as usize, &mut weights);
            for (((out, total), value), weight) in
                out.iter_mut().zip(&mut total).zip(&values).zip(&weights)
            {
                let weight = if *weight < 0.0 { f64::NAN } else { *weight };
                *out += value * weight;
                *total += weight;
            }
        }
        kernel::double_over(Double::Divide, out, &total);
    }

    /// One number out of all members, draw by draw.
    fn by_draw(
        &self,
        value: &Operand,
        members: &[u32],
        out: &mut [f64],
        result: impl Fn(&mut [f64]) -> f64,
    ) {
        let mut numbers = Vec::with_capacity(members.len());
        for (draw, out) in out.iter_mut().enumerate() {
            numbers.clear();
            numbers.extend(members.iter().map(|member| self.number(value, *member, draw)));
            *out = match numbers.iter().any(|number| number.is_nan()) {
                true => f64::NAN,
                false => result(&mut numbers),
            };
        }
    }

    fn number(&self, value: &Operand, row: u32, draw: usize) -> f64 {
        match value {
            Operand::Fixed(values) => values.get(row as usize).copied(),
            Operand::Drawn { .. } => {
                self.row(value, row as usize).and_then(|values| values.get(draw).copied())
            }
        }
        .unwrap_or(f64::NAN)
    }

    fn along(&self, along: Along, value: &Operand, groups: &Groups, out: &mut [f64]) {
        out.fill(f64::NAN);
        let draws = self.draws;
        for number in 0..groups.len() {
            let members = groups.group(number);
            let mut state = vec![if along == Along::Product { 1.0 } else { 0.0 }; draws];
            if along == Along::Share {
                self.each(value, members, |values| kernel::add(&mut state, values));
            }
            let mut values = vec![0.0; draws];
            for member in members {
                let at = *member as usize * draws;
                self.copy(value, *member as usize, &mut values);
                let Some(out) = out.get_mut(at..at + draws) else { continue };
                match along {
                    Along::Sum => kernel::add(&mut state, &values),
                    Along::Product => kernel::double_over(Double::Multiply, &mut state, &values),
                    Along::Share => {
                        out.copy_from_slice(&values);
                        kernel::double_over(Double::Divide, out, &state);
                        continue;
                    }
                    Along::Rank { .. } | Along::Rate { .. } => continue,
                }
                out.copy_from_slice(&state);
            }
            match along {
                Along::Rank { descending } => self.rank(descending, value, members, out),
                Along::Rate { nth } => self.rate(nth, value, members, out),
                Along::Sum | Along::Product | Along::Share => {}
            }
        }
    }

    /// A draw without that rate leaves the whole group without one.
    fn rate(&self, nth: Option<u32>, value: &Operand, members: &[u32], out: &mut [f64]) {
        for draw in 0..self.draws {
            let flows: Vec<f64> =
                members.iter().map(|row| self.number(value, *row, draw)).collect();
            let Some(rate) = chosen_rate(&internal_rates(&flows), nth) else { continue };
            for row in members {
                if let Some(place) = out.get_mut(*row as usize * self.draws + draw) {
                    *place = rate;
                }
            }
        }
    }

    fn rank(&self, descending: bool, value: &Operand, members: &[u32], out: &mut [f64]) {
        for draw in 0..self.draws {
            let mut numbers: Vec<(f64, u32)> =
                members.iter().map(|row| (self.number(value, *row, draw), *row)).collect();
            // One number that is none leaves the whole group without ranks.
            if numbers.iter().any(|(number, _)| number.is_nan()) {
                continue;
            }
            numbers.sort_by(|(a, _), (b, _)| {
                let order = significant::compare(*a, *b);
                if descending { order.reverse() } else { order }
            });
            let (mut shared, mut before) = (0.0, None);
            for (position, (number, row)) in (1_u32..).zip(&numbers) {
                let tied = |before: f64| significant::compare(before, *number).is_eq();
                if !before.is_some_and(tied) {
                    shared = f64::from(position);
                }
                before = Some(*number);
                if let Some(place) = out.get_mut(*row as usize * self.draws + draw) {
                    *place = shared;
                }
            }
        }
    }
}

fn divide_by_counts(groups: &Groups, draws: usize, out: &mut [f64]) {
    for (number, out) in out.chunks_mut(draws).enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let count = groups.group(number).len() as f64;
        out.iter_mut().for_each(|sum| *sum /= count);
    }
}

fn quantile(numbers: &mut [f64], share: f64) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    let (low, part) = position(share, numbers.len());
    let first = numbers.get(low).copied().unwrap_or(f64::NAN);
    let second = numbers.get(low + 1).copied().unwrap_or(first);
    first + (second - first) * part
}

fn deviation(numbers: &mut [f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|x| (x - mean) * (x - mean)).sum();
    libm::sqrt(squares / (count - 1.0))
}
