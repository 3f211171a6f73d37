//! 近似词 Which known words a misspelt one may have meant.

/// The candidates nearest to `word`, nearest first, at most three: within two edits (one for words
/// of up to three letters), or equal but for upper and lower case.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let limit = if word.chars().count() <= 3 { 1 } else { 2 };
    let lower = word.to_lowercase();
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .filter_map(|candidate| {
            if candidate.to_lowercase() == lower {
                return Some((0, candidate));
            }
            let distance = edit_distance(word, candidate, limit)?;
            (distance < word.chars().count()).then_some((distance, candidate))
        })
        .collect();
    found.sort();
    found.dedup();
    found.into_iter().take(3).map(|(_, candidate)| candidate.to_owned()).collect()
}

/// The number of edits (insert, delete, replace, swap of neighbours) if it is at most `limit`.
pub fn edit_distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let left: Vec<char> = left.chars().take(200).collect();
    let right: Vec<char> = right.chars().take(200).collect();
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, b) in right.iter().enumerate() {
            let cell = |list: &[usize], at: usize| list.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut best = cell(&above, column) + usize::from(a != b);
            best = best.min(cell(&above, column + 1) + 1).min(cell(&current, column) + 1);
            let swapped = row > 0
                && column > 0
                && left.get(row - 1) == Some(b)
                && right.get(column - 1) == Some(a);
            if swapped {
                best = best.min(cell(&before, column - 1) + 1);
            }
            current.push(best);
        }
        before = above;
        above = current;
    }
    above.last().copied().filter(|distance| *distance <= limit)
}
