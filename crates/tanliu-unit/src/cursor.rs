//! 逐字读取 A text read sign by sign, each sign in its plain form, with byte places of the text given.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words longer than this are nobody's unit and are not read to their end.
const LONGEST_WORD: usize = 256;

/// 读取位置 A place in a text.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    /// The byte place of the next sign.
    pub(crate) at: usize,
    /// Full-width signs are plain ones (in headers and cells, not in code).
    full_width: bool,
}

/// One sign in plain (NFKC) form; `rest` holds what follows the first character of that form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sign {
    pub(crate) first: char,
    rest: String,
    /// A raised digit or minus: `²`.
    pub(crate) raised: bool,
    /// The byte behind it.
    pub(crate) end: usize,
}

impl Sign {
    /// Whether it can be part of a unit's name.
    pub(crate) fn is_word(&self) -> bool {
        let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '°');
        !self.raised
            && in_word(self.first)
            && self.rest.chars().all(|c| in_word(c) || is_combining_mark(c))
    }

    pub(crate) fn is_digit(&self) -> bool {
        self.first.is_ascii_digit() && self.rest.is_empty()
    }
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, full_width: bool) -> Cursor<'a> {
        Cursor { text, at: 0, full_width }
    }

    /// What is left of the text.
    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The text between two places.
    pub(crate) fn between(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or("")
    }

    /// The next sign.
    pub(crate) fn peek(&self) -> Option<Sign> {
        let rest = self.rest();
        let mut characters = rest.char_indices();
        let (_, first) = characters.next()?;
        // A base character takes its combining marks with it (at most a few: NFC needs no more).
        let mut end = rest.len();
        for (place, character) in characters.take(8) {
            if !is_combining_mark(character) {
                end = place;
                break;
            }
            end = place + character.len_utf8();
        }
        let cluster = rest.get(..end).unwrap_or(rest);
        let end = self.at + cluster.len();
        if first.is_ascii() && cluster.len() == 1 {
            return Some(Sign { first, rest: String::new(), raised: false, end });
        }
        if !self.full_width && matches!(first, '\u{3000}' | '\u{ff01}'..='\u{ff5e}') {
            return Some(Sign { first, rest: String::new(), raised: true, end });
        }
        let mut plain = cluster.nfkc();
        let first_plain = plain.next()?;
        let raised = is_raised(first);
        Some(Sign { first: plain_sign(first_plain), rest: plain.collect(), raised, end })
    }

    /// Takes the next sign if it is this one.
    pub(crate) fn take(&mut self, wanted: char) -> bool {
        match self.peek() {
            Some(sign) if sign.first == wanted && sign.rest.is_empty() && !sign.raised => {
                self.at = sign.end;
                true
            }
            _ => false,
        }
    }

    /// Skips blanks (with `lines`: also line ends); says whether there were any.
    pub(crate) fn skip_blanks(&mut self, lines: bool) -> bool {
        let start = self.at;
        while let Some(sign) = self.peek() {
            let line_end = matches!(sign.first, '\n' | '\r');
            if sign.raised || !sign.first.is_whitespace() || (line_end && !lines) {
                break;
            }
            self.at = sign.end;
        }
        self.at > start
    }

    /// Takes a word in plain form; empty if none stands here.
    pub(crate) fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(sign) = self.peek() {
            if !sign.is_word() || word.len() > LONGEST_WORD {
                break;
            }
            word.push(sign.first);
            word.push_str(&sign.rest);
            self.at = sign.end;
        }
        word
    }

    /// Takes raised digits with an optional raised minus: `²`, `⁻¹`, in plain form.
    pub(crate) fn raised(&mut self) -> String {
        let mut digits = String::new();
        while let Some(sign) = self.peek() {
            let fits = sign.first.is_ascii_digit() || (sign.first == '-' && digits.is_empty());
            if !(sign.raised && fits) || digits.len() > LONGEST_WORD {
                break;
            }
            digits.push(sign.first);
            self.at = sign.end;
        }
        digits
    }

    /// Takes plain digits.
    pub(crate) fn digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(sign) = self.peek().filter(Sign::is_digit) {
            digits.push(sign.first);
            self.at = sign.end;
        }
        digits
    }
}

fn is_raised(character: char) -> bool {
    matches!(character, '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '⁻')
}

/// Signs that mean a product, a quotient or a minus, in their plain form.
fn plain_sign(character: char) -> char {
    match character {
        '•' | '⋅' | '∙' | '・' => '·',
        '×' => '*',
        '∕' | '⁄' => '/',
        '−' => '-',
        'Ω' => 'Ω',
        other => other,
    }
}
