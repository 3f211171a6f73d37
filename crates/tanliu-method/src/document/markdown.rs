//! 扫描 One pass over the Markdown: headings, `tan` fences, and what stands in examples.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use tanliu_diagnostic::{Diagnostic, Span};

use super::inline::{InlineText, plain};
use super::{Findings, Heading, outside, trimmed};

/// What the pass found.
#[derive(Default)]
pub(super) struct Outline {
    pub(super) headings: Vec<Heading>,
    pub(super) blocks: Vec<Span>,
    /// Whether there is any `tan` fence, in order or not.
    pub(super) has_tan_fence: bool,
    pub(super) drafts: Vec<Draft>,
}

/// An example before its directives are read.
pub(super) struct Draft {
    pub(super) heading: Heading,
    pub(super) span: Span,
    pub(super) passages: Vec<Passage>,
}

/// A passage of an example.
pub(super) enum Passage {
    /// A paragraph or a list item.
    Lines(InlineText),
    /// A table.
    Table(RawTable),
    /// Something that may not stand between a `Table:` line and its table.
    Other,
}

/// A table as the parser gives it.
#[derive(Default)]
pub(super) struct RawTable {
    pub(super) span: Span,
    /// Texts and places of the cells, the header first.
    pub(super) rows: Vec<Vec<(String, Span)>>,
    /// Rows with more cells than the header, and how many they have.
    pub(super) overfull: Vec<(Span, usize)>,
}

/// A fenced block under way.
struct Fence {
    span: Span,
    is_tan: bool,
    content: Option<Span>,
    /// Whether nothing but line ends was left out of the content.
    contiguous: bool,
    holds_tan_fence: bool,
}

struct Scanner<'t, 'f, 's> {
    text: &'t str,
    findings: &'f mut Findings<'s>,
    outline: Outline,
    /// The example under way; its span is not closed yet.
    draft: Option<Draft>,
    /// Quotations, lists and items around the place.
    depth: usize,
    inline: InlineText,
    heading: Option<(u8, Span)>,
    table: Option<RawTable>,
    fence: Option<Fence>,
    /// Whether this is an indented block of code.
    indented: bool,
    /// How many headings there were when a directive outside examples was last reported.
    told_under: Option<usize>,
}

/// Scans the text from `start` on.
pub(super) fn scan(text: &str, start: usize, findings: &mut Findings<'_>) -> Outline {
    let mut scanner = Scanner {
        text,
        findings,
        outline: Outline::default(),
        draft: None,
        depth: 0,
        inline: InlineText::default(),
        heading: None,
        table: None,
        fence: None,
        indented: false,
        told_under: None,
    };
    let body = text.get(start..).unwrap_or("");
    for (event, range) in Parser::new_ext(body, Options::ENABLE_TABLES).into_offset_iter() {
        let span = Span { start: range.start + start, end: range.end + start };
        scanner.take(event, span);
    }
    scanner.flush();
    scanner.close_example(text.len());
    scanner.outline
}

/// Whether a heading opens an example: its first word is `Example` or `算例`, also `算例一`.
fn opens_example(heading: &str) -> bool {
    let heading = plain(heading);
    let rest = match heading.strip_prefix("算例") {
        Some(rest) => rest.trim_start_matches(|sign| "一二三四五六七八九十百".contains(sign)),
        None => match heading.strip_prefix("Example") {
            Some(rest) => rest,
            None => return false,
        },
    };
    rest.chars().next().is_none_or(|sign| !sign.is_alphabetic() && sign != '_')
}

impl<'t> Scanner<'t, '_, '_> {
    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    fn take(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag, span),
            _ if self.fence.is_some() => self.fence_content(span),
            Event::Rule => {
                self.flush();
                self.record(|| Passage::Other);
            }
            _ if self.indented && self.draft.is_none() => {}
            Event::Text(text) => self.inline.push(&text, span),
            Event::Code(code) => {
                let inner = self.slice(span).find(&*code).map_or(span, |offset| Span {
                    start: span.start + offset,
                    end: span.start + offset + code.len(),
                });
                self.inline.push(&code, inner);
            }
            Event::SoftBreak | Event::HardBreak => self.inline.push("\n", span),
            Event::InlineHtml(tag) => match &*tag {
                // Tags that only set type do not part a unit from its exponent.
                "<sup>" | "</sup>" | "<sub>" | "</sub>" => {}
                tag if tag.starts_with("<br") => self.inline.push(" ", span),
                tag => self.inline.push(tag, span),
            },
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        match tag {
            Tag::Emphasis => self.product_sign(span, span.start, span.start + 1),
            Tag::Strong | Tag::Link { .. } | Tag::Image { .. } => {}
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::TableCell => self.inline = InlineText::default(),
            block => {
                self.flush();
                self.start_block(block, span);
            }
        }
    }

    fn start_block(&mut self, tag: Tag<'_>, span: Span) {
        match tag {
            Tag::Heading { level, .. } => self.heading = Some((level as u8, span)),
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item => self.depth += 1,
            Tag::Table(_) if self.draft.is_some() => {
                self.table = Some(RawTable { span, ..RawTable::default() });
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                let is_tan = info.split_whitespace().next() == Some("tan");
                self.outline.has_tan_fence |= is_tan;
                self.record(|| Passage::Other);
                self.fence = Some(Fence {
                    span,
                    is_tan,
                    content: None,
                    contiguous: true,
                    holds_tan_fence: false,
                });
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.indented = true;
                self.record(|| Passage::Other);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Emphasis => self.product_sign(span, span.end.saturating_sub(1), span.end),
            TagEnd::TableCell => self.end_cell(span),
            TagEnd::TableHead | TagEnd::TableRow => self.end_row(span),
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.record(|| Passage::Table(table));
                }
            }
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::CodeBlock => {
                self.indented = false;
                self.end_fence();
            }
            TagEnd::Paragraph => self.flush(),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.flush();
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
    }

    /// In `t*km, z = t*km` Markdown takes the stars for emphasis; between letters they are products.
    fn product_sign(&mut self, span: Span, start: usize, end: usize) {
        if self.heading.is_some() || self.draft.is_none() {
            return;
        }
        let before = self.text.get(..span.start).and_then(|text| text.chars().next_back());
        let after = self.text.get(span.end..).and_then(|text| text.chars().next());
        let joins = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_alphanumeric());
        if joins(before) || joins(after) {
            let span = Span { start, end };
            let sign = self.slice(span);
            self.inline.push(sign, span);
        }
    }

    /// Keeps a passage, if an example is under way.
    fn record(&mut self, passage: impl FnOnce() -> Passage) {
        if let Some(draft) = &mut self.draft {
            draft.passages.push(passage());
        }
    }

    /// Ends the lines under way.
    fn flush(&mut self) {
        let inline = std::mem::take(&mut self.inline);
        if inline.is_blank() {
            return;
        }
        if self.draft.is_none() {
            self.check_outside(&inline);
        }
        self.record(|| Passage::Lines(inline));
    }

    /// Outside examples a directive does nothing; it is said once under each heading.
    fn check_outside(&mut self, paragraph: &InlineText) {
        let headings = self.outline.headings.len();
        if self.told_under == Some(headings) {
            return;
        }
        if let Some((word, span)) = outside::directive(paragraph) {
            self.told_under = Some(headings);
            let place = self.findings.place(span);
            let heading = self.outline.headings.last();
            self.findings.push(outside::directive_outside(word, place, heading));
        }
    }

    fn end_cell(&mut self, span: Span) {
        let inline = std::mem::take(&mut self.inline);
        let place = trimmed(self.text, span);
        if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
            row.push((plain(inline.text()), place));
        }
    }

    fn end_row(&mut self, span: Span) {
        let written = count_cells(self.slice(span));
        let Some(table) = &mut self.table else { return };
        let columns = table.rows.first().map_or(0, Vec::len);
        if written > columns {
            table.overfull.push((trimmed(self.text, span), written));
        }
    }

    fn end_heading(&mut self) {
        let inline = std::mem::take(&mut self.inline);
        let Some((level, span)) = self.heading.take() else { return };
        let text = inline.text().replace('\n', " ").trim().to_owned();
        let heading = Heading { level, text, span: trimmed(self.text, span) };
        if self.depth == 0 {
            let ends_here = self.draft.as_ref().is_some_and(|draft| level <= draft.heading.level);
            let opens = opens_example(&heading.text);
            if ends_here || opens {
                self.close_example(span.start);
            }
            if opens {
                let span = Span { start: span.end, end: span.end };
                let heading = heading.clone();
                self.draft = Some(Draft { heading, span, passages: Vec::new() });
            }
        }
        self.outline.headings.push(heading);
    }

    fn close_example(&mut self, end: usize) {
        if let Some(mut draft) = self.draft.take() {
            draft.span.end = end.max(draft.span.start);
            self.outline.drafts.push(draft);
        }
    }

    fn fence_content(&mut self, span: Span) {
        let Some(fence) = &mut self.fence else { return };
        let slice = self.text.get(span.start..span.end).unwrap_or("");
        fence.holds_tan_fence |= slice.contains("```tan") || slice.contains("~~~tan");
        fence.content = Some(match fence.content {
            None => span,
            Some(content) => {
                // Of a line end CR LF the parser gives the LF alone.
                let skipped = self.text.get(content.end..span.start).unwrap_or("?");
                // In a list the block's own indentation is skipped too.
                fence.contiguous &= skipped.bytes().all(|byte| b"\r \t".contains(&byte));
                content.to(span)
            }
        });
    }

    fn end_fence(&mut self) {
        let Some(fence) = self.fence.take() else { return };
        let slice = self.slice(fence.span);
        let opening_length = slice.find('\n').map_or(slice.len(), |length| length + 1);
        let opening = trimmed(
            self.text,
            Span { start: fence.span.start, end: fence.span.start + opening_length },
        );
        if !is_closed(slice) && (fence.is_tan || fence.holds_tan_fence) {
            self.unclosed(&fence, opening);
        }
        if !fence.is_tan {
            self.check_unread(&fence, opening);
            return;
        }
        if !fence.contiguous {
            self.findings.push(
                Diagnostic::error(
                    "fence",
                    "引用中的 `tan` 代码块不能读取",
                    "a `tan` block in a quotation cannot be read",
                )
                .at(self.findings.place(opening), "", "")
                .hint("把代码块移出引用", "move the block out of the quotation"),
            );
            return;
        }
        let behind = fence.span.start + opening_length;
        let content = fence.content.unwrap_or(Span { start: behind, end: behind });
        self.outline.blocks.push(self.with_indentation(content));
    }

    /// An indented block begins at its line's beginning, so that all its lines are indented alike.
    fn with_indentation(&self, content: Span) -> Span {
        let before = self.text.get(..content.start).unwrap_or("");
        let start = before.trim_end_matches([' ', '\t']).len();
        let at_line = before.get(..start).is_some_and(|before| before.ends_with('\n'));
        if at_line { Span { start, ..content } } else { content }
    }

    /// A block that is nearly marked as ours, or not marked at all and holds declarations.
    fn check_unread(&mut self, fence: &Fence, opening: Span) {
        let info = self.slice(opening).trim_start_matches(['`', '~']).trim();
        let declares = || fence.content.is_some_and(|span| outside::declares(self.slice(span)));
        if outside::means_tan(info) || info.is_empty() && declares() {
            self.findings.push(outside::unread(self.findings.place(opening), info));
        }
    }

    fn unclosed(&mut self, fence: &Fence, opening: Span) {
        let mark: String =
            self.slice(opening).chars().take_while(|sign| "`~".contains(*sign)).collect();
        let mut finding =
            Diagnostic::error("fence", "代码块没有结束行", "this fenced block is never closed")
                .at(self.findings.place(opening), "从这里开始", "it begins here")
                .hint(
                    format!("在代码块之后另起一行写 {mark}"),
                    format!("write {mark} on a line of its own behind the block"),
                );
        if !fence.is_tan {
            finding = finding
                .note("后面的 `tan` 代码块被它吞掉了", "it swallows the `tan` blocks that follow");
        }
        self.findings.push(finding);
    }
}

/// Whether the last line of a fenced block closes it.
fn is_closed(block: &str) -> bool {
    let mark = block.chars().next().unwrap_or('`');
    let opening = block.chars().take_while(|sign| *sign == mark).count();
    let Some((_, last)) = block.trim_end().rsplit_once('\n') else { return false };
    let last = last.trim_start_matches([' ', '\t', '>']);
    last.chars().count() >= opening && last.chars().all(|sign| sign == mark)
}

/// How many cells a row of a table has as written.
fn count_cells(row: &str) -> usize {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut cells = 1;
    let mut escaped = false;
    let mut ends_with_bar = false;
    for sign in row.chars() {
        ends_with_bar = sign == '|' && !escaped;
        cells += usize::from(ends_with_bar);
        escaped = sign == '\\' && !escaped;
    }
    cells - usize::from(ends_with_bar)
}
