//! 蒙特卡洛 Approach 2: draws as columns, block by block, on as many threads as are allowed.
//!
//! What a block computes follows from its number alone, results are put together in the order of
//! draws, and the sums behind the contributions are whole numbers. So neither the size of blocks
//! nor the number of threads can show in a figure.

use super::block::Block;
use super::normal::NormalTable;
use super::plan::{Hook, Keep, Plan};
use super::tape::{Operand, Operation, Tape};
use std::collections::BTreeMap;

/// Draws kept at a time, in bytes; more results than fit are drawn in several passes.
const KEPT: usize = 256 << 20;
/// Room of one block, in bytes.
const ROOM: usize = 48 << 20;
/// Parts of first-order effects that are drawn along in one pass.
const EFFECTS: usize = 2_000_000;
/// Deviations are summed in steps of 2⁻²⁰ standard deviations.
const FINE: f64 = 1_048_576.0;
/// Deviations beyond 2¹⁰ standard deviations count as that many.
const FAR: f64 = 1024.0 * FINE;

/// 抽样选项
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawing {
    pub(super) draws: u32,
    pub(super) seed: u64,
    pub(super) block: usize,
    pub(super) threads: usize,
}

/// 目标 One result: where it stands, and what Approach 1 says of it.
pub(super) struct Target<'o> {
    pub(super) operand: &'o Operand,
    pub(super) row: usize,
    pub(super) centre: f64,
    pub(super) deviation: f64,
    /// By how much it moves with one standard deviation of each leaf.
    pub(super) effects: &'o [(u32, f64)],
}

/// 样本 What was drawn of one result.
pub(super) struct Sample {
    /// In the order of draws; faults are not a number.
    pub(super) values: Vec<f64>,
    /// The squared correlation with the first-order effect of each source.
    pub(super) shares: Option<Vec<(u32, f64)>>,
}

/// Draws all targets and hands them over one by one, in order.
pub(super) fn simulate(
    tape: &Tape,
    targets: &[Target<'_>],
    drawing: Drawing,
    mut take: impl FnMut(usize, Sample),
) {
    let table = NormalTable::new();
    let per_pass = (KEPT / (drawing.draws as usize * 8).max(1)).max(1);
    for (pass, part) in targets.chunks(per_pass).enumerate() {
        let run = Pass::new(tape, part, drawing);
        let drawn = run.draw(&table);
        for (number, sample) in drawn.into_iter().enumerate() {
            take(pass * per_pass + number, sample);
        }
    }
}

/// An effect of one source on one target.
struct Effect {
    target: usize,
    source: u32,
    /// What it is where every leaf stands at its centre.
    shift: f64,
    deviation: f64,
}

struct Pass<'t> {
    tape: &'t Tape,
    targets: &'t [Target<'t>],
    drawing: Drawing,
    plan: Plan,
    effects: Vec<Effect>,
    /// Targets whose effects are drawn along.
    followed: Vec<bool>,
}

/// Sums of whole numbers: of the result, the effect, their squares and products.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    count: i128,
    result: i128,
    effect: i128,
    results: i128,
    effects: i128,
    products: i128,
}

/// What one thread brings: draws of each target by block, and moments.
struct Brought {
    blocks: Vec<(usize, Vec<f64>)>,
    moments: Vec<Moments>,
}

impl<'t> Pass<'t> {
    fn new(tape: &'t Tape, targets: &'t [Target<'t>], drawing: Drawing) -> Self {
        let plan = Plan::new(tape, targets.iter().map(|target| target.operand));
        let mut pass = Self {
            tape,
            targets,
            drawing,
            plan,
            effects: Vec::new(),
            followed: vec![false; targets.len()],
        };
        pass.follow();
        pass
    }

    /// Hangs the effects of each source on the leaves that are drawn.
    fn follow(&mut self) {
        let places = self.leaf_places();
        let mut hooks = Vec::new();
        for (number, target) in self.targets.iter().enumerate() {
            if hooks.len() + target.effects.len() > EFFECTS || target.deviation <= 0.0 {
                continue;
            }
            if let Some(followed) = self.followed.get_mut(number) {
                *followed = true;
            }
            let mut own: BTreeMap<u32, usize> = BTreeMap::new();
            for (leaf, effect) in target.effects {
                let Some(info) = self.tape.leaves.get(*leaf as usize) else { continue };
                let Some(Some((step, row, deviation, centre))) =
                    places.get(*leaf as usize).copied()
                else {
                    continue;
                };
                let at = *own.entry(info.source).or_insert_with(|| {
                    let source = info.source;
                    self.effects.push(Effect {
                        target: number,
                        source,
                        shift: 0.0,
                        deviation: 0.0,
                    });
                    self.effects.len() - 1
                });
                let weight = effect / deviation;
                if let Some(sum) = self.effects.get_mut(at) {
                    sum.shift += weight * centre;
                    sum.deviation += effect * effect;
                }
                hooks.push((step, row, Hook { effect: small(at), weight }));
            }
        }
        for effect in &mut self.effects {
            effect.deviation = libm::sqrt(effect.deviation);
        }
        self.plan.hang(self.tape, hooks, self.effects.len());
    }

    /// Where each leaf is drawn: step, row, standard deviation, centre.
    fn leaf_places(&self) -> Vec<Option<(u32, u32, f64, f64)>> {
        let mut places = vec![None; self.tape.leaves.len()];
        for (number, step) in self.tape.steps.iter().enumerate() {
            let used = self.plan.keep.get(number).is_some_and(|keep| *keep != Keep::Unused);
            let Operation::Leaf { leaves, laws } = &step.operation else { continue };
            if !used {
                continue;
            }
            for (row, (leaf, law)) in leaves.iter().zip(laws).enumerate() {
                let deviation = law.deviation();
                let centre = step.centre.get(row).copied().unwrap_or(0.0);
                if let Some(place @ None) = places.get_mut(*leaf as usize)
                    && deviation > 0.0
                {
                    *place = Some((small(number), small(row), deviation, centre));
                }
            }
        }
        places
    }

    /// The size of blocks: what was asked for, as far as there is room.
    fn block(&self) -> usize {
        let width = self.plan.width(self.tape).max(1) * 8;
        let fits = (ROOM / width / 32).max(1) * 32;
        self.drawing.block.clamp(1, fits)
    }

    fn draw(&self, table: &NormalTable) -> Vec<Sample> {
        let block = self.block();
        let draws = self.drawing.draws as usize;
        let blocks = draws.div_ceil(block);
        let threads = self.drawing.threads.clamp(1, blocks.max(1));
        let work = |thread: usize| self.work(table, (thread..blocks).step_by(threads), block);
        let mut brought: Vec<Brought> = Vec::with_capacity(threads);
        if threads == 1 {
            brought.push(work(0));
        } else {
            std::thread::scope(|scope| {
                let work = &work;
                let running: Vec<_> =
                    (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
                brought.extend(running.into_iter().filter_map(|thread| thread.join().ok()));
            });
        }
        self.samples(brought)
    }

    fn work(
        &self,
        table: &NormalTable,
        blocks: impl Iterator<Item = usize>,
        size: usize,
    ) -> Brought {
        let mut block = Block::new(self.tape, &self.plan, table, self.drawing.seed);
        let mut brought =
            Brought { blocks: Vec::new(), moments: vec![Moments::default(); self.effects.len()] };
        for number in blocks {
            let first = number * size;
            let count = size.min(self.drawing.draws as usize - first);
            block.run(first as u64, count);
            let mut kept = Vec::with_capacity(self.targets.len() * count);
            for target in self.targets {
                match block.row(target.operand, target.row) {
                    Some(values) => kept.extend_from_slice(values),
                    None => kept.resize(kept.len() + count, target.centre),
                }
            }
            for (number, (effect, moments)) in
                self.effects.iter().zip(&mut brought.moments).enumerate()
            {
                let at = effect.target * count;
                let values = kept.get(at..at + count).unwrap_or_default();
                if let Some(target) = self.targets.get(effect.target) {
                    moments.add(target, values, effect, block.effect(number));
                }
            }
            brought.blocks.push((number, kept));
        }
        brought
    }

    /// Puts together what the threads brought.
    fn samples(&self, brought: Vec<Brought>) -> Vec<Sample> {
        let mut moments = vec![Moments::default(); self.effects.len()];
        let mut blocks: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for part in brought {
            for (sum, own) in moments.iter_mut().zip(&part.moments) {
                sum.merge(own);
            }
            blocks.extend(part.blocks);
        }
        let mut shares: Vec<Vec<(u32, f64)>> = vec![Vec::new(); self.targets.len()];
        for (effect, moments) in self.effects.iter().zip(&moments) {
            if let Some(shares) = shares.get_mut(effect.target) {
                shares.push((effect.source, moments.squared_correlation()));
            }
        }
        let count = self.targets.len();
        (shares.into_iter().zip(&self.followed).enumerate())
            .map(|(number, (shares, followed))| {
                let mut values = Vec::with_capacity(self.drawing.draws as usize);
                for block in blocks.values() {
                    let size = block.len() / count.max(1);
                    let own = block.get(number * size..(number + 1) * size);
                    values.extend_from_slice(own.unwrap_or_default());
                }
                Sample { values, shares: followed.then_some(shares) }
            })
            .collect()
    }
}

impl Moments {
    fn add(&mut self, target: &Target<'_>, values: &[f64], effect: &Effect, effects: &[f64]) {
        if effect.deviation <= 0.0 {
            return;
        }
        let (by_result, by_effect) = (FINE / target.deviation, FINE / effect.deviation);
        for (value, own) in values.iter().zip(effects) {
            if value.is_nan() || own.is_nan() {
                continue;
            }
            let result = whole((value - target.centre) * by_result);
            let effect = whole((own - effect.shift) * by_effect);
            self.count += 1;
            self.result += i128::from(result);
            self.effect += i128::from(effect);
            self.results += i128::from(result * result);
            self.effects += i128::from(effect * effect);
            self.products += i128::from(result * effect);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.result += other.result;
        self.effect += other.effect;
        self.results += other.results;
        self.effects += other.effects;
        self.products += other.products;
    }

    #[expect(clippy::cast_precision_loss, reason = "a share of a variance needs few digits")]
    fn squared_correlation(&self) -> f64 {
        let (count, result, effect) = (self.count as f64, self.result as f64, self.effect as f64);
        let both = self.products as f64 - result * effect / count;
        let results = self.results as f64 - result * result / count;
        let effects = self.effects as f64 - effect * effect / count;
        if results > 0.0 && effects > 0.0 { both / results * (both / effects) } else { 0.0 }
    }
}

/// A deviation in whole steps.
#[expect(clippy::cast_possible_truncation, reason = "held within 2^30")]
fn whole(steps: f64) -> i64 {
    steps.clamp(-FAR, FAR) as i64
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
