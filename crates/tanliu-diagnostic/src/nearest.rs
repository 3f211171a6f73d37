//! 相近词 Which known words a misspelt one may have meant: one policy for every "did you mean".

#[cfg(test)]
mod tests;

/// Longer words are never compared: nobody mistypes a whole sentence, and hostile ones stay cheap.
const LONGEST: usize = 80;
/// How many candidates are offered.
const OFFERED: usize = 3;

/// 相近词 The candidates that `word` may have meant, nearest first, at most three.
///
/// Near is a slip of the pen (see [`is_slip`]), and behind those a candidate that holds the word
/// whole or is held by it (`浙江` and `浙江省`, `om` and `cn/grid/om`). The word itself is never
/// offered; equally near ones stand in the order of their letters.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = folded(word);
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .filter_map(|candidate| Some((score(&wanted, &folded(candidate))?, candidate)))
        .collect();
    found.sort_unstable();
    found.dedup();
    // What differs in nothing but case or blanks is meant; the others need not be offered.
    if found.first().is_some_and(|(score, _)| *score == 0) {
        found.retain(|(score, _)| *score == 0);
    }
    found.into_iter().take(OFFERED).map(|(_, candidate)| candidate).collect()
}

/// 唯一相近词 The one candidate of a short list of fixed words that `word` is a slip of; nothing
/// where two are as near.
pub fn nearest_one<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = folded(word);
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((slip(&wanted, &folded(candidate))?, candidate)))
        .collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [(least, _), (next, _), ..] if least == next => None,
        [(_, candidate), ..] => Some(candidate),
        [] => None,
    }
}

/// 笔误 Whether one word is likely a slip of the other: letters put in, left out, replaced or
/// exchanged with their neighbour, one in words of up to five letters (two in Chinese), else two.
/// Upper and lower case do not differ.
pub fn is_slip(one: &str, other: &str) -> bool {
    slip(&folded(one), &folded(other)).is_some()
}

fn folded(word: &str) -> Vec<char> {
    // `甲 厂` is `甲厂`: blanks are no letters.
    let letters = word.chars().filter(|sign| !sign.is_whitespace());
    letters.flat_map(char::to_lowercase).take(LONGEST + 1).collect()
}

fn score(wanted: &[char], candidate: &[char]) -> Option<usize> {
    let held = || holds(candidate, wanted) || holds(wanted, candidate);
    slip(wanted, candidate).or_else(|| held().then_some(usize::MAX))
}

/// The number of edits, if it is small enough for a slip.
fn slip(one: &[char], other: &[char]) -> Option<usize> {
    let shorter = if one.len() <= other.len() { one } else { other };
    if one.len().max(other.len()) > LONGEST {
        return None;
    }
    // A Chinese character says as much as a syllable: one of two may be wrong.
    let chinese = !shorter.iter().all(char::is_ascii);
    let allowed = match shorter.len() {
        0 | 1 => 0,
        2 => usize::from(chinese),
        3..=5 => 1,
        _ => 2,
    };
    if one.len().abs_diff(other.len()) > allowed {
        return None;
    }
    Some(distance(one, other)).filter(|edits| *edits <= allowed && !shorter.is_empty())
}

/// Whether `long` holds `short` as a word of its own (Chinese has no blanks between words).
fn holds(long: &[char], short: &[char]) -> bool {
    if short.len() < 2 || long.len() <= short.len() || long.len() > LONGEST {
        return false;
    }
    let chinese = !short.iter().any(char::is_ascii);
    long.windows(short.len()).enumerate().any(|(at, part)| {
        let apart = |letter: Option<&char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
        let before = at.checked_sub(1).and_then(|at| long.get(at));
        part == short && (chinese || apart(before) && apart(long.get(at + short.len())))
    })
}

/// Edits from one word to the other; two neighbours that changed places count once.
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
