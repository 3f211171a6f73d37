//! 相近 Near names, for "did you mean".

/// Longer texts are never compared: a slip of the pen has few letters.
const LONGEST: usize = 100;

/// Whether one is likely a slip of the other: at most two letters differ, and not more than a third
/// of the shorter one (upper and lower case do not differ).
pub(super) fn is_slip(one: &str, other: &str) -> bool {
    distance_within(one, other).is_some()
}

/// The candidates that are near, nearest first, at most three.
pub(super) fn near<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> = candidates
        .filter_map(|candidate| Some((distance_within(word, candidate)?, candidate)))
        .collect();
    found.sort();
    found.dedup();
    found.into_iter().map(|(_, candidate)| candidate).take(3).collect()
}

/// The distance, if it is small enough for a slip.
fn distance_within(one: &str, other: &str) -> Option<usize> {
    if one.len() > 4 * LONGEST || other.len() > 4 * LONGEST {
        return None;
    }
    // `甲 厂` is `甲厂`: blanks are no letters.
    let letters = |text: &str| {
        let lower = text.to_lowercase();
        lower.chars().filter(|sign| !sign.is_whitespace()).collect::<Vec<char>>()
    };
    let (one, other) = (letters(one), letters(other));
    let shorter = one.len().min(other.len());
    let allowed = (shorter / 3).min(2);
    if one.len().abs_diff(other.len()) > allowed || one.len().max(other.len()) > LONGEST {
        return None;
    }
    let distance = distance(&one, &other);
    (distance <= allowed).then_some(distance)
}

/// Edit distance; two neighbours that changed places count once.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    let mut left_before = None;
    for (row, left) in one.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut right_before = None;
        for (column, right) in other.iter().enumerate() {
            let at = |line: &[usize], position: usize| line.get(position).copied().unwrap_or(0);
            let changed = at(&last, column) + usize::from(left != right);
            let mut best = changed.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            if left_before == Some(right) && right_before == Some(left) {
                best = best.min(at(&before_last, column.saturating_sub(1)) + 1);
            }
            current.push(best);
            right_before = Some(right);
        }
        before_last = std::mem::replace(&mut last, current);
        left_before = Some(left);
    }
    last.last().copied().unwrap_or(0)
}
