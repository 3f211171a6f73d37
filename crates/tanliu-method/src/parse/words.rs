//! 词 Names and reserved words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words that open a declaration; reserved everywhere.
pub(super) const OPENERS: [&str; 9] =
    ["index", "input", "param", "factor", "function", "output", "require", "warn", "use"];

/// The other reserved words.
const RESERVED: [&str; 19] = [
    "and", "or", "not", "if", "then", "else", "match", "in", "over", "by", "to", "for", "from",
    "as", "rounded", "weighted", "where", "true", "false",
];

/// The words of attribute lines.
pub(super) const ATTRIBUTES: [&str; 7] =
    ["source", "frequency", "method", "accuracy", "qa", "note", "standing"];

/// Words that may follow a number without being its unit; names everywhere else.
pub(super) const FOLLOWERS: [&str; 9] =
    ["default", "notation", "last", "descending", "before", "until", "shared", "ends", "of"];

/// Whether a name may not be this word.
pub(super) fn is_reserved(word: &str) -> bool {
    OPENERS.contains(&word) || RESERVED.contains(&word)
}

/// Whether a name may begin with it.
pub(super) fn is_name_start(character: char) -> bool {
    character == '_' || character.is_alphabetic()
}

/// Whether a name may go on with it; marks belong to the letter before them.
pub(super) fn is_name_part(character: char) -> bool {
    character == '_' || character.is_alphanumeric() || is_combining_mark(character)
}

/// NFC
pub(super) fn normalised(name: &str) -> String {
    name.nfc().collect()
}

/// The candidate nearest to `word`, if it is near enough to be what was meant.
pub(super) fn nearest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let allowed = match word.chars().count() {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    let scored = candidates.iter().map(|candidate| (edits(word, candidate), *candidate));
    scored.filter(|(edits, _)| *edits <= allowed).min().map(|(_, candidate)| candidate)
}

/// How many characters must be put in, left out or changed to turn one word into the other.
fn edits(one: &str, other: &str) -> usize {
    // A long word is no misspelt keyword, and must not cost time.
    if one.len() > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (done, letter) in one.chars().enumerate() {
        let mut diagonal = done;
        let mut left = done + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (entry, against) in row.iter_mut().skip(1).zip(other.chars()) {
            let changed = diagonal + usize::from(letter != against);
            diagonal = *entry;
            left = changed.min(diagonal + 1).min(left + 1);
            *entry = left;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
