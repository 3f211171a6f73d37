//! 相近词 The nearest known words to one that is not known, for "did you mean".

/// Longer words are cut: nobody mistypes one letter in eighty.
const LONGEST: usize = 80;

/// At most three of `known` that resemble `word`, nearest first, ties in the order given.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = folded(word);
    if wanted.is_empty() {
        return Vec::new();
    }
    let allowed = (wanted.len() / 3).clamp(1, 6);
    let mut scored: Vec<(usize, &str)> = Vec::new();
    for candidate in known {
        let letters = folded(candidate);
        let score = if holds(&letters, &wanted) { 1 } else { distance(&wanted, &letters) };
        if score <= allowed && !scored.iter().any(|(_, seen)| *seen == candidate) {
            scored.push((score, candidate));
        }
    }
    scored.sort_by_key(|(score, _)| *score);
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

fn folded(word: &str) -> Vec<char> {
    word.trim().chars().flat_map(char::to_lowercase).take(LONGEST).collect()
}

/// Whether one holds the other whole: `浙江` and `浙江省`, `om` and `cn/grid/om`.
fn holds(one: &[char], other: &[char]) -> bool {
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    short.len() >= 2 && long.windows(short.len()).any(|part| part == short)
}

/// Levenshtein's distance.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        let mut left = i + 1;
        next.push(left);
        for ((diagonal, above), candidate) in row.iter().zip(row.iter().skip(1)).zip(other) {
            let replaced = diagonal + usize::from(letter != candidate);
            left = replaced.min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
