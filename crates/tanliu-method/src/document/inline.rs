//! 行内文字 The text people see in a paragraph, a heading or a cell, and where each piece of it
//! stands in the document.

use tanliu_diagnostic::Span;
use unicode_normalization::UnicodeNormalization;

/// 行内文字 Visible text with places; `\n` parts its lines.
#[derive(Debug, Clone, Default)]
pub(super) struct InlineText {
    text: String,
    /// Where each piece begins in `text`, and where it stands in the document.
    pieces: Vec<(usize, Span)>,
}

impl InlineText {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Adds a piece that stands at `span`.
    pub(super) fn push(&mut self, text: &str, span: Span) {
        self.pieces.push((self.text.len(), span));
        self.text.push_str(text);
    }

    /// Where bytes `start..end` of the text stand in the document.
    pub(super) fn place(&self, start: usize, end: usize) -> Span {
        let (offset, length, span) = self.piece_at(start);
        let in_step = length == span.end - span.start;
        let first = if in_step { span.start + start.saturating_sub(offset) } else { span.start };
        if end <= start {
            return Span { start: first, end: first };
        }
        let (offset, length, span) = self.piece_at(end - 1);
        let in_step = length == span.end - span.start;
        let last = if in_step { span.start + (end - offset).min(length) } else { span.end };
        Span { start: first.min(last), end: last }
    }

    /// The piece that holds a byte: where it begins, how long it is, where it stands.
    fn piece_at(&self, byte: usize) -> (usize, usize, Span) {
        let next = self.pieces.partition_point(|(offset, _)| *offset <= byte);
        let (offset, span) =
            self.pieces.get(next.saturating_sub(1)).copied().unwrap_or((0, Span::default()));
        let end = self.pieces.get(next).map_or(self.text.len(), |(offset, _)| *offset);
        (offset, end.saturating_sub(offset), span)
    }

    /// Bytes `start..end` in NFKC on one line, each character with its place.
    pub(super) fn normalised(&self, start: usize, end: usize) -> InlineText {
        let mut plain = InlineText::default();
        let mut buffer = [0u8; 4];
        for (index, sign) in self.text.get(start..end).unwrap_or("").char_indices() {
            let from = start + index;
            let span = self.place(from, from + sign.len_utf8());
            let sign = if sign == '\n' { ' ' } else { sign };
            if sign.is_ascii() {
                plain.push(sign.encode_utf8(&mut buffer), span);
            } else {
                plain.push(&std::iter::once(sign).nfkc().collect::<String>(), span);
            }
        }
        plain
    }

    /// The lines, as ranges of bytes of the text.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.text.split('\n').scan(0, |start, line| {
            let range = (*start, *start + line.len());
            *start = range.1 + 1;
            Some(range)
        })
    }
}

/// A text trimmed and in NFKC.
pub(super) fn plain(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_owned();
    }
    let plain: String = text.nfkc().collect();
    plain.trim().to_owned()
}
