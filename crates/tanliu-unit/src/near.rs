//! 相近的名称 Names that a misspelt unit may have meant.

use crate::names::{self, Prefixes};
use crate::{Base, Dimension, UnitTable};

/// At most this many names are offered.
const MOST: usize = 3;
/// Longer words are not compared.
const LONGEST: usize = 40;
/// Units and combinations that come before others at equal distance.
const COMMON: [&str; 34] = [
    "kWh", "MWh", "GWh", "MJ", "GJ", "TJ", "PJ", "kW", "MW", "GW", "kcal", "kgce", "tce", "Mtce",
    "kt", "Mt", "kg", "mg", "km", "m3", "Nm3", "kPa", "MPa", "tCO2", "tCO2e", "kgCO2", "kgCO2e",
    "gCO2", "gCO2e", "tCH4", "kgCH4", "tN2O", "kgN2O", "tC",
];

/// The nearest known names, nearest first.
pub(crate) fn names(table: &UnitTable, word: &str) -> Vec<String> {
    let is_multiplier = |c: char| names::MULTIPLIERS.iter().any(|(sign, _)| *sign == c);
    let core = word.trim_start_matches(is_multiplier);
    if core.is_empty() || core.chars().count() > LONGEST {
        return Vec::new();
    }
    let multiplier = word.strip_suffix(core).unwrap_or("");
    let letters = core.chars().count();
    let most = match letters {
        1 => 0,
        2 | 3 => 1,
        _ => 2,
    };
    let lower = core.to_lowercase();
    let mut found: Vec<(usize, usize, usize, String)> = Vec::new();
    for (rank, candidate) in candidates(table) {
        let folded = distance(&lower, &candidate.to_lowercase());
        if folded <= most && !found.iter().any(|(.., name)| *name == candidate) {
            found.push((folded, rank, distance(core, &candidate), candidate));
        }
    }
    found.sort();
    found.into_iter().take(MOST).map(|(.., name)| format!("{multiplier}{name}")).collect()
}

/// Names to compare with: common ones, those of the table, those with the usual prefixes.
fn candidates(table: &UnitTable) -> Vec<(usize, String)> {
    let mut candidates: Vec<(usize, String)> =
        COMMON.iter().map(|name| (0, (*name).to_owned())).collect();
    let mass = Dimension::of(Base::Mass);
    for (name, entry) in table.entries() {
        candidates.push((1, name.to_owned()));
        let prefixes: &[&str] = match entry.prefixes {
            Prefixes::Si => &["k", "M", "G", "T", "m"],
            Prefixes::Large => &["k", "M", "G"],
            Prefixes::Chinese => &["千", "兆", "吉", "毫"],
            Prefixes::None | Prefixes::Small => &[],
        };
        candidates.extend(prefixes.iter().map(|prefix| (2, format!("{prefix}{name}"))));
        if entry.dimension == mass {
            let gases = ["CO2", "CO2e", "CH4", "N2O", "SF6", "二氧化碳", "二氧化碳当量"];
            candidates.extend(gases.iter().map(|gas| (3, format!("{name}{gas}"))));
        }
    }
    candidates
}

/// Letters to insert, drop, replace or swap.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let replaced = at(&last, j) + usize::from(a != b);
            let mut best = replaced.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped =
                i > 0 && j > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(&before_last, j - 1) + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    at(&last, right.len())
}
