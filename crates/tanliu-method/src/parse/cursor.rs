//! 游标 Walks over the plain text of one declaration: blanks, signs, words, strings.

use super::scan::{first_word, string_length};
use super::signs::SIGNS;
use super::words::{is_reserved, normalised};
use crate::ast::Name;
use tanliu_diagnostic::{Diagnostic, Place, Span};
use tanliu_unit::UnitTable;

/// A declaration cannot be read further; the diagnostic is already in the list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop;

/// What a rule of the grammar gives.
pub(super) type Step<T> = Result<T, Stop>;

/// What the grammar awaits, in both languages.
pub(super) type Wanted = (&'static str, &'static str);

pub(super) const A_NAME: Wanted = ("名称", "a name");
pub(super) const A_VALUE: Wanted = ("一个值", "a value");
pub(super) const A_STRING: Wanted = ("带引号的文字", "a string in quotes");
pub(super) const AN_INDEX: Wanted = ("索引名", "the name of an index");

/// 语法分析器 The state of the parser. Between two calls `position` is at the start of a token.
pub(super) struct Parser<'a> {
    /// The document's name for places.
    pub(super) source: &'a str,
    /// The document as written.
    pub(super) text: &'a str,
    /// The same with plain signs.
    pub(super) plain: &'a str,
    /// The units known.
    pub(super) units: &'a UnitTable,
    /// The next token.
    pub(super) position: usize,
    /// Where the declaration begins.
    pub(super) begin: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Where the last token ended.
    pub(super) last_end: usize,
    /// How deep the rules are nested.
    pub(super) depth: usize,
    /// The height of the tree of the last expression.
    pub(super) height: usize,
    /// What was found wrong.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Spans read as units, where full-width signs are allowed.
    pub(super) unit_spans: Vec<Span>,
    /// Something was skipped in this declaration, so that what follows may only be its echo.
    pub(super) skipped: bool,
    /// The name this declaration declares, once it is read.
    pub(super) declared: Option<String>,
}

impl<'a> Parser<'a> {
    /// A parser over a whole text; [`Parser::enter`] says which part to read.
    pub(super) fn new(
        source: &'a str,
        text: &'a str,
        plain: &'a str,
        units: &'a UnitTable,
    ) -> Parser<'a> {
        Parser {
            source,
            text,
            plain,
            units,
            position: 0,
            begin: 0,
            end: 0,
            last_end: 0,
            depth: 0,
            height: 0,
            diagnostics: Vec::new(),
            unit_spans: Vec::new(),
            skipped: false,
            declared: None,
        }
    }

    /// Goes to the beginning of `region` and reads no further than its end.
    pub(super) fn enter(&mut self, region: Span) {
        self.begin = region.start;
        self.position = region.start;
        self.last_end = region.start;
        self.end = region.end.min(self.plain.len());
        self.depth = 0;
        self.height = 0;
        self.skipped = false;
        self.declared = None;
        self.skip_blanks();
    }

    /// The plain text from `at` to the end of the declaration.
    pub(super) fn plain_from(&self, at: usize) -> &'a str {
        self.plain.get(at..self.end).unwrap_or("")
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a str {
        self.plain_from(self.position)
    }

    /// The text of a span as written.
    pub(super) fn written(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// Whether the declaration is read to its end.
    pub(super) fn at_end(&self) -> bool {
        self.position >= self.end
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Where `at` leads when blanks and comments are passed over.
    pub(super) fn after_blanks(&self, mut at: usize) -> usize {
        loop {
            let rest = self.plain_from(at);
            let trimmed = rest.trim_start();
            at += rest.len() - trimmed.len();
            if !trimmed.starts_with("--") {
                return at;
            }
            at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn skip_blanks(&mut self) {
        self.position = self.after_blanks(self.position);
    }

    /// Takes the next `length` bytes and the blanks behind them.
    pub(super) fn take(&mut self, length: usize) -> Span {
        let start = self.position;
        // A full-width sign is longer in the text than the plain one that stands for it.
        self.last_end = self.text.ceil_char_boundary((start + length).min(self.end));
        self.position = self.last_end;
        self.skip_blanks();
        Span::new(start, self.last_end)
    }

    /// From `start` to the end of the last token.
    pub(super) fn since(&self, start: usize) -> Span {
        Span::new(start, self.last_end.max(start))
    }

    /// The sign at `at`; empty if there is none.
    pub(super) fn sign_at(&self, at: usize) -> &'static str {
        let rest = self.plain_from(at);
        SIGNS.iter().find(|sign| rest.starts_with(**sign)).copied().unwrap_or("")
    }

    /// The next sign; empty if there is none.
    pub(super) fn sign(&self) -> &'static str {
        self.sign_at(self.position)
    }

    /// Takes the sign if it is next.
    pub(super) fn take_sign(&mut self, sign: &str) -> Option<Span> {
        if self.sign() == sign { Some(self.take(sign.len())) } else { None }
    }

    /// Takes the sign, which must be next.
    pub(super) fn expect_sign(&mut self, sign: &str) -> Step<Span> {
        match self.take_sign(sign) {
            Some(span) => Ok(span),
            None => {
                let (zh, en) = (format!("`{sign}`"), format!("`{sign}`"));
                Err(self.unexpected_text(&zh, &en))
            }
        }
    }

    /// Takes the bracket that closes the one at `open`.
    pub(super) fn expect_close(&mut self, sign: &str, open: Span) -> Step<Span> {
        match self.take_sign(sign) {
            Some(span) => Ok(span),
            None => Err(self.unclosed(sign, open)),
        }
    }

    /// The word at `at`; empty if there is none.
    pub(super) fn word_at(&self, at: usize) -> &'a str {
        first_word(self.plain_from(at))
    }

    /// The next word; empty if there is none.
    pub(super) fn word(&self) -> &'a str {
        self.word_at(self.position)
    }

    /// Takes the word if it is next.
    pub(super) fn take_word(&mut self, word: &str) -> Option<Span> {
        if self.word() == word { Some(self.take(word.len())) } else { None }
    }

    /// Takes the word, which must be next.
    pub(super) fn expect_word(&mut self, word: &str) -> Step<Span> {
        match self.take_word(word) {
            Some(span) => Ok(span),
            None => {
                let text = format!("`{word}`");
                Err(self.unexpected_text(&text, &text))
            }
        }
    }

    /// Takes a name; a reserved word is an error that says so.
    pub(super) fn name(&mut self, wanted: Wanted) -> Step<Name> {
        let word = self.word();
        if word.is_empty() {
            return Err(self.unexpected(wanted));
        }
        if is_reserved(word) {
            return Err(self.reserved_word(word, wanted));
        }
        let span = self.take(word.len());
        Ok(Name { text: normalised(word), span })
    }

    /// Names with commas between them.
    pub(super) fn names(&mut self, wanted: Wanted) -> Step<Vec<Name>> {
        let mut names = vec![self.name(wanted)?];
        while self.take_sign(",").is_some() {
            names.push(self.name(wanted)?);
        }
        Ok(names)
    }

    /// Takes a string if one is next; one that is not closed ends with its line.
    pub(super) fn take_string(&mut self) -> Option<Name> {
        if self.peek() != Some('"') {
            return None;
        }
        let raw = self.rest();
        let length = string_length(raw).min(raw.len());
        let token = raw.get(..length).unwrap_or("");
        let content = token.get(1..).unwrap_or("");
        let span = self.take(length);
        // A quotation mark at the end closes unless an odd number of backslashes stands before it.
        let closed = content.strip_suffix('"').filter(|inner| {
            let slashes = inner.len() - inner.trim_end_matches('\\').len();
            slashes % 2 == 0
        });
        if closed.is_none() {
            self.unclosed_string(span);
        }
        Some(Name { text: unescaped(closed.unwrap_or(content.trim_end())), span })
    }

    /// Takes a string, which must be next.
    pub(super) fn expect_string(&mut self, wanted: Wanted) -> Step<Name> {
        match self.take_string() {
            Some(string) => Ok(string),
            None => Err(self.unexpected(wanted)),
        }
    }

    /// The label behind a declaration.
    pub(super) fn label(&mut self) -> Option<String> {
        self.take_string().map(|string| string.text)
    }

    /// Takes a whole number without a unit.
    pub(super) fn integer(&mut self, wanted: Wanted) -> Step<(i64, Span)> {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let after = rest.get(length..).unwrap_or("");
        let fraction = after
            .strip_prefix('.')
            .is_some_and(|decimals| decimals.starts_with(|c: char| c.is_ascii_digit()));
        let number = rest.get(..length).and_then(|digits| digits.parse::<i64>().ok());
        match number {
            Some(number) if !fraction => Ok((number, self.take(length))),
            _ => Err(self.unexpected(wanted)),
        }
    }

    /// Runs a rule one level deeper; beyond the limit it is refused.
    pub(super) fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Step<T>) -> Step<T> {
        if self.depth >= super::DEPTH_LIMIT {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = rule(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }

    /// A place in this document.
    pub(super) fn place(&self, span: Span) -> Place {
        let start = self.text.floor_char_boundary(span.start);
        let end = self.text.ceil_char_boundary(span.end.max(span.start));
        Place::span(self.source, Span::new(start, end))
    }

    /// Reports what does not keep the declaration from being read further.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports what ends the reading of this declaration, unless it may be an echo.
    pub(super) fn stop(&mut self, diagnostic: Diagnostic) -> Stop {
        if !self.skipped {
            self.diagnostics.push(diagnostic);
        }
        Stop
    }
}

/// The text of a string: `\"` and `\\` stand for the second sign.
fn unescaped(content: &str) -> String {
    let mut text = String::with_capacity(content.len());
    let mut characters = content.chars().peekable();
    while let Some(character) = characters.next() {
        match characters.next_if(|next| character == '\\' && matches!(next, '"' | '\\')) {
            Some(escaped) => text.push(escaped),
            None => text.push(character),
        }
    }
    text
}
