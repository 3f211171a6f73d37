//! 预读 A first pass over the blocks: strings and comments, full-width signs, brackets, and which
//! lines make up one declaration.
//!
//! The parser reads a *plain* copy of the text in which every full-width sign of the code is
//! replaced by the plain one and padded with blanks, so that all byte offsets stay the same. Units
//! are read from the original text: there full-width signs are allowed.

use super::signs::{is_wide_word, plain_sign};
use super::words::{OPENERS, is_name_part, is_name_start};
use std::collections::BTreeMap;
use tanliu_diagnostic::Span;

/// A sign that code does not know, and the plain one meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WideSign {
    /// Where.
    pub(super) span: Span,
    /// What to write instead.
    pub(super) plain: String,
}

/// What the first pass found.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// The text with plain signs; the same length, the same offsets.
    pub(super) plain: String,
    /// The signs replaced, in order.
    pub(super) wide: Vec<WideSign>,
    /// One span for each declaration: from its first word to the end of its last line.
    pub(super) regions: Vec<Span>,
}

/// One line of a block.
#[derive(Debug)]
struct Line {
    /// Its first character that is no blank; none for a blank or a comment line.
    first: Option<usize>,
    /// The end of its code, without a comment and blanks.
    end: usize,
    /// Its column, tabs running to the next multiple of four.
    indent: usize,
    /// Its first word opens a declaration.
    opener: bool,
}

/// A bracket and the line it stands on.
type Bracket = (usize, char);

/// Reads all blocks; spans that overlap an earlier one or split a character are passed over.
pub(super) fn scan(text: &str, blocks: &[Span]) -> Scanned {
    let mut scanned = Scanned { plain: String::with_capacity(text.len()), ..Scanned::default() };
    let mut blocks = blocks.to_vec();
    blocks.sort();
    for block in blocks {
        let done = scanned.plain.len();
        let (Some(before), Some(code)) =
            (text.get(done..block.start), text.get(block.start..block.end))
        else {
            continue;
        };
        scanned.plain.push_str(before);
        let mut lines = Vec::new();
        let mut brackets = Vec::new();
        let mut start = block.start;
        for line in code.split_inclusive('\n') {
            let read = scan_line(&mut scanned, start, line, lines.len(), &mut brackets);
            lines.push(read);
            start += line.len();
        }
        group(&lines, &brackets, &mut scanned.regions);
    }
    let done = scanned.plain.len();
    scanned.plain.push_str(text.get(done..).unwrap_or(""));
    scanned
}

/// Copies one line with plain signs and notes its brackets.
fn scan_line(
    scanned: &mut Scanned,
    start: usize,
    line: &str,
    number: usize,
    brackets: &mut Vec<Bracket>,
) -> Line {
    let mut at = 0;
    let mut end = 0;
    while let Some(character) = line.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = line.get(at..).unwrap_or("");
        let length = match character {
            '"' => {
                let length = string_length(rest);
                scanned.plain.push_str(rest.get(..length).unwrap_or(""));
                length
            }
            '-' if rest.starts_with("--") => {
                scanned.plain.push_str(rest);
                break;
            }
            '(' | ')' | '[' | ']' | '{' | '}' => {
                brackets.push((number, character));
                scanned.plain.push(character);
                1
            }
            _ if is_wide_word(character) => wide_word(scanned, start + at, rest),
            _ => match plain_sign(character) {
                Some("\"") => wide_string(scanned, start + at, rest),
                Some(plain) => {
                    if let Some(bracket @ ('(' | ')' | '[' | ']' | '{' | '}')) =
                        plain.chars().next()
                    {
                        brackets.push((number, bracket));
                    }
                    replace(scanned, start + at, character.len_utf8(), plain);
                    character.len_utf8()
                }
                None => {
                    scanned.plain.push(character);
                    character.len_utf8()
                }
            },
        };
        at += length;
        if !character.is_whitespace() && character != '\u{3000}' {
            end = at;
        }
    }
    let plain = scanned.plain.get(start..).unwrap_or("");
    let blank = plain.len() - plain.trim_start().len();
    let first = if end > blank { Some(start + blank) } else { None };
    let indent = plain.chars().take_while(|c| c.is_whitespace()).fold(0, |column, c| match c {
        '\t' => (column / 4 + 1) * 4,
        _ => column + 1,
    });
    let opener = first.is_some() && OPENERS.contains(&first_word(plain.trim_start()));
    Line { first, end: start + end, indent, opener }
}

/// The word a text begins with; may be empty.
pub(super) fn first_word(text: &str) -> &str {
    match text.chars().next() {
        Some(first) if is_name_start(first) => {
            let end = text.find(|c| !is_name_part(c)).unwrap_or(text.len());
            text.get(..end).unwrap_or("")
        }
        _ => "",
    }
}

/// The bytes of the string `text` begins with, quotes included; it ends on its line, closed or not.
pub(super) fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '\n' | '\r' => return at,
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Pads `plain` to the `length` bytes it stands for.
fn replace(scanned: &mut Scanned, start: usize, length: usize, plain: &str) {
    scanned.plain.push_str(plain);
    for _ in plain.len()..length {
        scanned.plain.push(' ');
    }
    let span = Span::new(start, start + length);
    scanned.wide.push(WideSign { span, plain: plain.to_string() });
}

/// A run of letters and digits that begins with a full-width one, points between digits included.
fn wide_word(scanned: &mut Scanned, start: usize, rest: &str) -> usize {
    let digit_behind = |at: usize| {
        let next = rest.get(at..).and_then(|behind| behind.chars().next());
        next.is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
    };
    let ends = |&(at, character): &(usize, char)| match character {
        '.' | '．' => !digit_behind(at + character.len_utf8()),
        _ => !is_wide_word(character) && !character.is_ascii_alphanumeric() && character != '_',
    };
    let length = rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at);
    let run = rest.get(..length).unwrap_or("");
    let plain: String = run
        .chars()
        .map(|c| plain_sign(c).and_then(|plain| plain.chars().next()).unwrap_or(c))
        .collect();
    replace(scanned, start, length, &plain);
    length
}

/// A string in quotes that are not plain: both are replaced, its text is kept.
fn wide_string(scanned: &mut Scanned, start: usize, rest: &str) -> usize {
    let open = rest.chars().next().map_or(0, char::len_utf8);
    let inner = rest.get(open..).unwrap_or("");
    let line = inner.trim_end_matches(['\n', '\r']).len();
    replace(scanned, start, open, "\"");
    let closing = inner.char_indices().find(|(_, c)| *c == '"' || plain_sign(*c) == Some("\""));
    match closing {
        Some((at, '"')) => {
            scanned.plain.push_str(inner.get(..=at).unwrap_or(""));
            open + at + 1
        }
        Some((at, close)) => {
            scanned.plain.push_str(inner.get(..at).unwrap_or(""));
            replace(scanned, start + open + at, close.len_utf8(), "\"");
            open + at + close.len_utf8()
        }
        None => {
            scanned.plain.push_str(inner.get(..line).unwrap_or(""));
            open + line
        }
    }
}

/// Puts lines together: a deeper line continues a declaration, and so does one inside brackets.
fn group(lines: &[Line], brackets: &[Bracket], regions: &mut Vec<Span>) {
    let inside = lines_inside_brackets(lines, brackets);
    let mut current: Option<(Span, usize)> = None;
    for (line, inside) in lines.iter().zip(inside) {
        let Some(first) = line.first else { continue };
        match &mut current {
            Some((span, indent)) if inside || line.indent > *indent => span.end = line.end,
            _ => {
                regions.extend(current.take().map(|(span, _)| span));
                current = Some((Span::new(first, line.end.max(first)), line.indent));
            }
        }
    }
    regions.extend(current.map(|(span, _)| span));
}

/// For each line whether it begins inside a pair of brackets. A line whose first word opens a
/// declaration ends every pair: these words are reserved, so the bracket before was left open.
fn lines_inside_brackets(lines: &[Line], brackets: &[Bracket]) -> Vec<bool> {
    let mut change = vec![0_i64; lines.len() + 2];
    let mut open: Vec<Bracket> = Vec::new();
    // How many of each kind are open: a stray closing bracket must not cost a search.
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    let mut brackets = brackets.iter().peekable();
    for (number, line) in lines.iter().enumerate() {
        if line.opener {
            open.clear();
            counts.clear();
        }
        while let Some((_, sign)) = brackets.next_if(|(on, _)| *on == number) {
            let opening = match sign {
                ')' => '(',
                ']' => '[',
                '}' => '{',
                other => {
                    open.push((number, *other));
                    *counts.entry(*other).or_default() += 1;
                    continue;
                }
            };
            // A closing bracket closes the nearest of its kind; those above it were left open.
            if counts.get(&opening).is_none_or(|count| *count == 0) {
                continue;
            }
            let mut opened = None;
            while let Some((on, sign)) = open.pop() {
                counts.entry(sign).and_modify(|count| *count = count.saturating_sub(1));
                if sign == opening {
                    opened = Some(on);
                    break;
                }
            }
            if let Some(opened) = opened {
                for (at, step) in [(opened + 1, 1), (number + 1, -1)] {
                    if let Some(entry) = change.get_mut(at) {
                        *entry += step;
                    }
                }
            }
        }
    }
    change
        .iter()
        .scan(0, |depth, step| {
            *depth += step;
            Some(*depth > 0)
        })
        .take(lines.len())
        .collect()
}
