//! 遮罩 Rust source with the insides of strings or comments taken out, line for line.
//!
//! A small scanner: it knows line and nested block comments, plain, byte and raw strings and
//! character literals, which is all that the rules need to tell code from text.

/// 遮罩行 One line of a file, seen three ways.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct MaskedLine {
    /// Neither comments nor the insides of strings.
    pub(super) code: String,
    /// With comments, without the insides of strings.
    pub(super) without_strings: String,
    /// Whether the line begins inside a string.
    pub(super) begins_in_string: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    LineComment,
    /// With its depth: block comments nest.
    BlockComment(usize),
    /// A string with escapes.
    Text,
    /// A raw string with so many `#`.
    RawText(usize),
}

/// Takes a file apart, line by line.
pub(super) fn mask(text: &str) -> Vec<MaskedLine> {
    let mut state = State::Code;
    text.lines()
        .map(|line| {
            let mut masked = MaskedLine {
                begins_in_string: matches!(state, State::Text | State::RawText(_)),
                ..MaskedLine::default()
            };
            state = mask_line(line, state, &mut masked);
            if state == State::LineComment {
                state = State::Code;
            }
            masked
        })
        .collect()
}

fn mask_line(line: &str, mut state: State, masked: &mut MaskedLine) -> State {
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        let (taken, next) = match state {
            State::Code => step_in_code(rest, masked),
            State::LineComment => (rest.len(), state),
            State::BlockComment(depth) if rest.starts_with("*/") => (2, after_block(depth)),
            State::BlockComment(depth) if rest.starts_with("/*") => {
                (2, State::BlockComment(depth + 1))
            }
            State::Text if letter == '\\' => {
                (1 + rest.chars().nth(1).map_or(0, char::len_utf8), state)
            }
            State::Text if letter == '"' => (1, State::Code),
            State::RawText(hashes) if closes_raw(rest, hashes) => (1 + hashes, State::Code),
            _ => (letter.len_utf8(), state),
        };
        let (passed, behind) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        let comment = |state| matches!(state, State::LineComment | State::BlockComment(_));
        if comment(state) || comment(next) {
            masked.without_strings.push_str(passed);
        } else if state == State::Code || next == State::Code {
            masked.code.push_str(passed);
            masked.without_strings.push_str(passed);
        }
        (rest, state) = (behind, next);
    }
    state
}

fn after_block(depth: usize) -> State {
    if depth > 1 { State::BlockComment(depth - 1) } else { State::Code }
}

fn closes_raw(rest: &str, hashes: usize) -> bool {
    rest.strip_prefix('"').is_some_and(|behind| {
        behind.bytes().take(hashes).filter(|byte| *byte == b'#').count() == hashes
    })
}

/// How many bytes the next piece of code takes, and what follows it.
fn step_in_code(rest: &str, masked: &MaskedLine) -> (usize, State) {
    if rest.starts_with("//") {
        return (2, State::LineComment);
    }
    if rest.starts_with("/*") {
        return (2, State::BlockComment(1));
    }
    let in_word = masked.code.ends_with(|last: char| last.is_alphanumeric() || last == '_');
    if !in_word && let Some((taken, hashes)) = raw_start(rest) {
        return (taken, State::RawText(hashes));
    }
    if rest.starts_with('"') {
        return (1, State::Text);
    }
    if rest.starts_with('\'') {
        return (character_length(rest), State::Code);
    }
    (rest.chars().next().map_or(1, char::len_utf8), State::Code)
}

/// `r"`, `r#"`, `br##"`: its length and its number of `#`.
fn raw_start(rest: &str) -> Option<(usize, usize)> {
    let behind = rest.strip_prefix('r').or_else(|| rest.strip_prefix("br"))?;
    let hashes = behind.bytes().take_while(|byte| *byte == b'#').count();
    let quote = behind.as_bytes().get(hashes) == Some(&b'"');
    quote.then_some((rest.len() - behind.len() + hashes + 1, hashes))
}

/// The bytes of a character literal, or 1 for the sign of a lifetime.
fn character_length(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    match letters.next() {
        Some((_, '\\')) => {
            let closing = letters.skip(1).find(|(_, letter)| *letter == '\'');
            closing.map_or(1, |(at, _)| at + 1)
        }
        Some(_) => match letters.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}
