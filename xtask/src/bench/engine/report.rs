//! 报告 Medians and ratios as Markdown.

use super::runs::Run;
use super::{OURS, OURS_WITHOUT_KEYS};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What the engine shall not exceed: the best peer's wall and processor time, and this much memory.
const PEAK_TARGET_MB: f64 = 400.0;
/// The peer that the targets name.
const MEASURE: &str = "DuckDB";

/// The figures of one job: a line for each program in the order of their runs, then ratios.
pub(super) fn figures(order: &[&str], runs: &BTreeMap<&str, Vec<Run>>) -> String {
    let medians: BTreeMap<&str, Run> =
        runs.iter().map(|(name, runs)| (*name, median(runs))).collect();
    let mut text =
        "| program | wall s (best – worst) | CPU s | peak MB |\n|---|---:|---:|---:|\n".to_owned();
    for name in order {
        let (Some(middle), Some(all)) = (medians.get(name), runs.get(name)) else { continue };
        let walls = || all.iter().map(|run| run.wall_s);
        let (best, worst) = (walls().fold(f64::INFINITY, f64::min), walls().fold(0.0, f64::max));
        let _ = writeln!(
            text,
            "| {name} | {:.2} ({best:.2} – {worst:.2}) | {:.2} | {:.0} |",
            middle.wall_s, middle.cpu_s, middle.peak_mb
        );
    }
    text.push_str(&ratios(order, &medians));
    text
}

fn ratios(order: &[&str], medians: &BTreeMap<&str, Run>) -> String {
    let is_ours = |name: &&&str| [OURS, OURS_WITHOUT_KEYS].contains(*name);
    let mut text = "\n| ratio | wall | CPU | peak |\n|---|---:|---:|---:|\n".to_owned();
    for peer in order.iter().filter(|name| !is_ours(name)) {
        for own in order.iter().filter(is_ours) {
            let (Some(ours), Some(theirs)) = (medians.get(own), medians.get(peer)) else {
                continue;
            };
            let _ = writeln!(
                text,
                "| {own} ÷ {peer} | {:.2} | {:.2} | {:.2} |",
                ours.wall_s / theirs.wall_s,
                ours.cpu_s / theirs.cpu_s,
                ours.peak_mb / theirs.peak_mb
            );
        }
    }
    let Some(ours) = medians.get(OURS) else { return text };
    if let Some(bare) = medians.get(OURS_WITHOUT_KEYS) {
        let _ = writeln!(
            text,
            "\nThe search for keys that stand twice costs {:.2} s wall, {:.2} s CPU, {:.0} MB.",
            ours.wall_s - bare.wall_s,
            ours.cpu_s - bare.cpu_s,
            ours.peak_mb - bare.peak_mb
        );
    }
    let word = |met: bool| if met { "met" } else { "missed" };
    if let Some(theirs) = medians.get(MEASURE) {
        let _ = writeln!(
            text,
            "\nTargets: wall ≤ {MEASURE}'s: {}; CPU ≤ {MEASURE}'s: {}; peak ≤ {PEAK_TARGET_MB} MB: {}.",
            word(ours.wall_s <= theirs.wall_s),
            word(ours.cpu_s <= theirs.cpu_s),
            word(ours.peak_mb <= PEAK_TARGET_MB)
        );
    }
    text
}

/// The middle of each figure by itself; of an even number of runs the mean of the middle two.
pub(super) fn median(runs: &[Run]) -> Run {
    let middle = |figure: fn(&Run) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(figure).collect();
        values.sort_by(f64::total_cmp);
        let low = values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN);
        let high = values.get(values.len() / 2).copied().unwrap_or(f64::NAN);
        low.midpoint(high)
    };
    Run {
        wall_s: middle(|run| run.wall_s),
        cpu_s: middle(|run| run.cpu_s),
        peak_mb: middle(|run| run.peak_mb),
    }
}

#[cfg(test)]
mod tests {
    use super::{OURS, OURS_WITHOUT_KEYS, Run, figures, median};
    use std::collections::BTreeMap;

    fn run(wall_s: f64) -> Run {
        Run { wall_s, cpu_s: wall_s * 2.0, peak_mb: 100.0 }
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&[run(3.0), run(1.0), run(9.0)]), run(3.0));
        assert_eq!(median(&[run(3.0), run(1.0)]), run(2.0));
    }

    #[test]
    fn ratios_are_ours_by_theirs() {
        let mut runs = BTreeMap::new();
        runs.insert(OURS, vec![run(1.5)]);
        runs.insert(OURS_WITHOUT_KEYS, vec![run(1.0)]);
        runs.insert("DuckDB", vec![run(2.0)]);
        let text = figures(&[OURS, OURS_WITHOUT_KEYS, "DuckDB"], &runs);
        assert!(text.contains("| tanliu ÷ DuckDB | 0.75 | 0.75 | 1.00 |"), "{text}");
        assert!(text.contains("costs 0.50 s wall, 1.00 s CPU, 0 MB"), "{text}");
        assert!(text.contains("CPU ≤ DuckDB's: met"), "{text}");
    }

    #[test]
    fn without_peers_there_are_no_ratios_to_print() {
        let runs = BTreeMap::from([(OURS, vec![run(1.5)])]);
        assert!(!figures(&[OURS], &runs).contains('÷'));
    }
}
