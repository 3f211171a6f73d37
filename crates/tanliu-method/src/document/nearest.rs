//! 猜词 The word people most likely meant.

/// The candidate nearest to `word`, if it is near enough to be worth a question and no other is as
/// near.
pub(super) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let typed: Vec<char> = word.to_lowercase().chars().collect();
    let mut near: Vec<(usize, &'a str)> = candidates
        .iter()
        .filter_map(|candidate| {
            let meant: Vec<char> = candidate.to_lowercase().chars().collect();
            let distance = distance(&typed, &meant);
            (distance <= meant.len().div_ceil(3)).then_some((distance, *candidate))
        })
        .collect();
    near.sort_unstable();
    match near.as_slice() {
        [(least, _), (next, _), ..] if least == next => None,
        [(_, candidate), ..] => Some(candidate),
        [] => None,
    }
}

/// How many characters must be put in, taken out, replaced, or swapped with the next (Damerau's
/// distance in its short form).
fn distance(a: &[char], b: &[char]) -> usize {
    // Long words are not misspelt keys; the bound keeps hostile ones cheap.
    const LONGEST: usize = 40;
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (row, in_a) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_b = None;
        for (column, in_b) in b.iter().enumerate() {
            let at = |list: &[usize], index: usize| list.get(index).copied().unwrap_or(usize::MAX);
            let replaced = at(&last, column) + usize::from(in_a != in_b);
            let mut least = replaced.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            if previous_a == Some(in_b) && previous_b == Some(in_a) && column > 0 {
                least = least.min(at(&before_last, column - 1).saturating_add(1));
            }
            current.push(least);
            previous_b = Some(in_b);
        }
        before_last = std::mem::replace(&mut last, current);
        previous_a = Some(in_a);
    }
    last.last().copied().unwrap_or(usize::MAX)
}
