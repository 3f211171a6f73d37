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
pub(super) const ATTRIBUTES: [&str; 8] =
    ["source", "frequency", "method", "accuracy", "qa", "note", "standing", "allow"];

/// Functions that say over which indexes, and have no other form: reductions, windows and what keeps
/// dimensions.
pub(crate) const REDUCTIONS: [&str; 16] = [
    "sum",
    "mean",
    "median",
    "quantile",
    "stddev",
    "count",
    "any",
    "all",
    "cumsum",
    "cumprod",
    "first",
    "last",
    "rank",
    "share",
    "irr",
    "irr_count",
];

/// Words that may follow a number without being its unit; names everywhere else.
pub(super) const FOLLOWERS: [&str; 10] = [
    "default",
    "notation",
    "optional",
    "last",
    "descending",
    "before",
    "until",
    "shared",
    "ends",
    "of",
];

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
