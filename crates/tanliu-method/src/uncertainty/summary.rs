//! 汇总 From effects and draws to intervals and contributions.

use super::normal::HALF_WIDTH_95;
use super::simulate::Sample;
use super::tape::Tape;
use super::{Contribution, LEAVES_SHOWN, Propagated, Simulated};
use crate::uncertainty::backward::position;
use std::collections::BTreeMap;

/// Approach 1 of one figure: the effects of all leaves, each in one standard deviation.
pub(super) fn propagated(tape: &Tape, value: f64, effects: &[(u32, f64)]) -> Propagated {
    let variance: f64 = effects.iter().map(|(_, effect)| effect * effect).sum();
    let deviation = libm::sqrt(variance);
    let half = HALF_WIDTH_95 * deviation;
    let mut sources: BTreeMap<u32, f64> = BTreeMap::new();
    let mut leaves: Vec<(u32, f64)> = Vec::with_capacity(effects.len());
    for (leaf, effect) in effects {
        let Some(info) = tape.leaves.get(*leaf as usize) else { continue };
        *sources.entry(info.source).or_default() += effect * effect;
        leaves.push((*leaf, effect * effect));
    }
    let share = |part: f64| if variance > 0.0 { part / variance } else { 0.0 };
    let contributions = sources.into_iter().map(|(source, part)| (source, share(part))).collect();
    if leaves.len() > LEAVES_SHOWN {
        leaves.select_nth_unstable_by(LEAVES_SHOWN, |a, b| {
            b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0))
        });
        leaves.truncate(LEAVES_SHOWN);
    }
    leaves.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let leaves = leaves
        .into_iter()
        .filter(|(_, part)| *part > 0.0)
        .filter_map(|(leaf, part)| {
            let info = tape.leaves.get(leaf as usize)?;
            let name = tape.sources.get(info.source as usize)?.clone();
            Some(Contribution { name, key: info.key.clone(), share: share(part) })
        })
        .collect();
    Propagated {
        deviation,
        low: value - half,
        high: value + half,
        contributions: named(tape, contributions),
        leaves,
    }
}

/// Shares by name, the largest first.
fn named(tape: &Tape, mut shares: Vec<(u32, f64)>) -> Vec<Contribution> {
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    shares
        .into_iter()
        .filter_map(|(source, share)| {
            let name = tape.sources.get(source as usize)?.clone();
            Some(Contribution { name, key: String::new(), share })
        })
        .collect()
}

/// Approach 2 of one figure.
pub(super) fn simulated(tape: &Tape, sample: Sample) -> Simulated {
    let all = sample.values.len();
    let mut values = sample.values;
    values.retain(|value| value.is_finite());
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let contributions = sample.shares.map(|shares| named(tape, shares)).unwrap_or_default();
    let (mean, deviation) = moments(&values);
    let [low, median, high] = quantiles(&mut values, [0.025, 0.5, 0.975]);
    Simulated {
        mean,
        median,
        low,
        high,
        deviation,
        draws: count(values.len()),
        faults: count(all - values.len()),
        contributions,
    }
}

/// Mean and sample standard deviation, in the order of draws.
#[expect(clippy::cast_precision_loss, reason = "draws are counted in 32 bits")]
fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    // Around the first value, so that a small spread of large numbers keeps its digits.
    let first = values.first().copied().unwrap_or(f64::NAN);
    let mean = first + values.iter().map(|x| x - first).sum::<f64>() / count;
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, libm::sqrt(squares / (count - 1.0)))
}

/// Ascending quantiles (linear between order statistics, as in the language).
fn quantiles<const N: usize>(values: &mut [f64], shares: [f64; N]) -> [f64; N] {
    let count = values.len();
    let mut from = 0;
    shares.map(|share| {
        if count == 0 {
            return f64::NAN;
        }
        let (low, part) = position(share, count);
        let low = low.min(count - 1);
        let Some(rest) = values.get_mut(from..) else { return f64::NAN };
        let (_, first, above) = rest.select_nth_unstable_by(low - from.min(low), f64::total_cmp);
        let first = *first;
        let second = above.iter().copied().min_by(f64::total_cmp).unwrap_or(first);
        from = low;
        first + (second - first) * part
    })
}
