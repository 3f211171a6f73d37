//! 正文 The prose of a document from Markdown. Raw HTML is text, save `sub`, `sup` and `br`; images
//! become links, for the page fetches nothing.

use super::Page;
use super::example::has_tables;
use super::html::{attribute, escape, safe_link};
use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use tanliu_diagnostic::Span;
use tanliu_method::document::{Document, Example};

/// 正文 The prose as HTML, and its headings for the contents.
pub(super) struct Prose {
    pub(super) html: String,
    /// Anchor and text of the main headings.
    pub(super) contents: Vec<(String, String)>,
}

/// Renders the events of one document.
struct Writer<'p, 'a> {
    page: &'p Page<'a>,
    out: String,
    contents: Vec<(String, String)>,
    /// By how much headings go down: the page's own title is the only one of level 1.
    shift: usize,
    headings: usize,
    /// The heading under way: level, anchor, text so far, where it begins in `out`.
    heading: Option<(usize, String, String)>,
    /// The example under way, by its place in the document.
    example: Option<usize>,
    examples_opened: usize,
    /// In a paragraph of `Given:` and `Expect:` lines.
    directive: bool,
    /// Nothing is written: the title, the source of a `tan` block, `Table:` lines.
    muted: bool,
    alignments: Vec<Alignment>,
    in_head: bool,
    column: usize,
    /// Where the content of the cell under way begins in `out`.
    cell: usize,
    /// `sub` and `sup` that are open.
    raised: Vec<&'static str>,
    /// How many of them were open where each emphasis or link around the place began.
    floors: Vec<usize>,
    /// A line break of the source, kept back: between Chinese characters it is none.
    line_break: bool,
    /// The last visible character.
    last: char,
}

impl Page<'_> {
    /// The document's text with its formulas set and its examples' results.
    pub(super) fn prose(&self) -> Prose {
        let document = &self.checked.document;
        self.prose_of(Span { start: body_start(document), end: document.text.len() })
    }

    /// A part of the document's text.
    pub(super) fn prose_of(&self, part: Span) -> Prose {
        let body = self.checked.document.text.get(part.start..part.end).unwrap_or("");
        let mut writer = Writer {
            page: self,
            out: String::new(),
            contents: Vec::new(),
            shift: self.heading_shift(),
            headings: 0,
            heading: None,
            example: None,
            examples_opened: 0,
            directive: false,
            muted: false,
            alignments: Vec::new(),
            in_head: false,
            column: 0,
            cell: 0,
            raised: Vec::new(),
            floors: Vec::new(),
            line_break: false,
            last: ' ',
        };
        for (event, range) in Parser::new_ext(body, Options::ENABLE_TABLES).into_offset_iter() {
            let (start, end) = (range.start + part.start, range.end + part.start);
            writer.take(event, Span { start, end });
        }
        writer.close_example(usize::MAX);
        Prose { html: writer.out, contents: writer.contents }
    }

    /// More than one heading of level 1 push all headings down.
    fn heading_shift(&self) -> usize {
        let headings = &self.checked.document.headings;
        usize::from(headings.iter().filter(|heading| heading.level == 1).count() > 1)
    }

    /// Whether the first heading only repeats the document's title, or a part of it.
    fn is_title(&self, heading: &str) -> bool {
        let title = self.checked.document.front.title.as_ref();
        let heading = heading.trim();
        title.is_some_and(|title| {
            [&title.zh, &title.en].iter().any(|title| {
                title.contains(heading) || (!title.is_empty() && heading.contains(title.trim()))
            })
        })
    }
}

impl Writer<'_, '_> {
    fn take(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::End(end) => self.end(end),
            Event::Start(tag) => self.start(tag, span),
            _ if self.muted => {}
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.code(&code),
            Event::SoftBreak => self.line_break = true,
            Event::HardBreak => self.put("<br>"),
            Event::Rule => self.put("<hr>\n"),
            Event::InlineHtml(html) => self.inline_html(&html),
            Event::Html(html) => self.raw_html(&html),
            _ => {}
        }
    }

    fn put(&mut self, html: &str) {
        self.out.push_str(html);
    }

    fn text(&mut self, text: &str) {
        if let (true, Some(first)) = (self.line_break, text.chars().next()) {
            if !(is_wide(self.last) && is_wide(first)) {
                self.put("\n");
            }
            self.line_break = false;
        }
        if let Some((_, _, heading)) = &mut self.heading {
            heading.push_str(text);
        }
        let (word, text) = match self.directive.then(|| self.page.directive(text)).flatten() {
            Some((word, rest)) => (format!("<b>{word}</b>"), rest),
            None => (String::new(), text),
        };
        self.put(&word);
        self.put(&escape(text));
        self.last = text.chars().last().unwrap_or(self.last);
    }

    /// Code in a line; a name of the document leads to its declaration.
    fn code(&mut self, code: &str) {
        if std::mem::take(&mut self.line_break) {
            self.put("\n");
        }
        self.last = 'x';
        if let Some((_, _, heading)) = &mut self.heading {
            heading.push_str(code);
        }
        let shown = escape(code);
        let html = match self.page.symbols.get(code).filter(|_| self.heading.is_none()) {
            Some(symbol) => {
                format!("<a href=\"#{}\"><code>{shown}</code></a>", attribute(&symbol.anchor))
            }
            None => format!("<code>{shown}</code>"),
        };
        self.put(&html);
    }

    /// `<sub>`, `<sup>` and `<br>` set type; everything else is shown as it is written.
    fn inline_html(&mut self, html: &str) {
        let open = |name: &str| ["sub", "sup"].into_iter().find(|known| *known == name);
        let plain = html.trim();
        if let Some(name) = plain.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            if let Some(known) = open(name) {
                self.raised.push(known);
                return self.put(&format!("<{known}>"));
            }
            let closed = name.strip_prefix('/').and_then(open);
            let own = self.raised.len() > self.floors.last().copied().unwrap_or(0);
            if own && closed.is_some() && closed == self.raised.last().copied() {
                self.raised.pop();
                return self.put(&format!("</{}>", closed.unwrap_or("sub")));
            }
            if matches!(name.trim_end_matches('/').trim(), "br") {
                return self.put("<br>");
            }
        }
        self.raw_html(html);
    }

    fn raw_html(&mut self, html: &str) {
        let comment = html.trim().starts_with("<!--") && html.trim().ends_with("-->");
        if !comment {
            self.put(&escape(html));
        }
    }

    /// Closes what raised or lowered text left open, down to so many.
    fn close_raised(&mut self, floor: usize) {
        while self.raised.len() > floor {
            if let Some(open) = self.raised.pop() {
                self.put(&format!("</{open}>"));
            }
        }
    }

    /// Ends a run of text: nothing raised or lowered reaches from block to block.
    fn level(&mut self) {
        self.close_raised(0);
        self.line_break = false;
        self.last = ' ';
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        if self.muted {
            return;
        }
        if matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }) {
            self.floors.push(self.raised.len());
        } else {
            self.level();
        }
        match tag {
            Tag::Heading { level, .. } => self.start_heading(level, span),
            Tag::Paragraph => self.start_paragraph(span),
            Tag::CodeBlock(kind) => self.start_code(&kind, span),
            Tag::Table(alignments) => self.start_table(alignments, span),
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.put("<thead><tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.put("<tr>");
            }
            Tag::TableCell => self.start_cell(),
            Tag::BlockQuote(_) => self.put("<blockquote>\n"),
            Tag::List(Some(1)) => self.put("<ol>\n"),
            Tag::List(Some(first)) => self.put(&format!("<ol start=\"{first}\">\n")),
            Tag::List(None) => self.put("<ul>\n"),
            Tag::Item => self.put("<li>"),
            Tag::Emphasis => self.put("<em>"),
            Tag::Strong => self.put("<strong>"),
            Tag::Link { dest_url, .. } => self.start_link(&dest_url),
            Tag::Image { dest_url, .. } => {
                self.start_link(&dest_url);
                self.put(self.page.say("图：", "figure: "));
            }
            Tag::HtmlBlock => self.put("<p>"),
            _ => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        if self.muted {
            // Only the element that muted ends it: these three do not nest.
            self.muted = !matches!(end, TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Paragraph);
            return;
        }
        match end {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::Paragraph | TagEnd::HtmlBlock => {
                self.directive = false;
                self.level();
                self.put("</p>\n");
            }
            TagEnd::CodeBlock => self.put("</code></pre>\n"),
            TagEnd::Table => self.put("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.put("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.put("</tr>\n"),
            TagEnd::TableCell => {
                self.level();
                self.end_cell();
            }
            TagEnd::BlockQuote(_) => self.put("</blockquote>\n"),
            TagEnd::List(true) => self.put("</ol>\n"),
            TagEnd::List(false) => self.put("</ul>\n"),
            TagEnd::Item => {
                self.level();
                self.put("</li>\n");
            }
            TagEnd::Emphasis => self.end_inline("</em>"),
            TagEnd::Strong => self.end_inline("</strong>"),
            TagEnd::Link | TagEnd::Image => self.end_inline("</a>"),
            _ => {}
        }
    }

    fn end_inline(&mut self, tag: &str) {
        let floor = self.floors.pop().unwrap_or(0);
        self.close_raised(floor);
        self.put(tag);
    }

    fn start_link(&mut self, address: &str) {
        let link = match safe_link(address) {
            Some(link) => format!("<a href=\"{link}\" rel=\"noopener noreferrer\">"),
            // A link that could run something keeps its text only.
            None => "<a>".to_owned(),
        };
        self.put(&link);
    }

    fn start_heading(&mut self, level: HeadingLevel, span: Span) {
        // Examples end at headings only; cells at the end of a table may lie beyond their spans.
        self.close_example(span.start);
        let document = &self.page.checked.document;
        let found = document.headings.iter().position(|heading| heading.span.start == span.start);
        let text = found.and_then(|place| document.headings.get(place)).map(|h| h.text.as_str());
        if level == HeadingLevel::H1 && found == Some(0) && self.page.is_title(text.unwrap_or("")) {
            self.muted = true;
            return;
        }
        let example =
            document.examples.iter().position(|example| example.heading_span.start == span.start);
        if let Some(place) = example {
            self.close_example(usize::MAX);
            self.example = Some(place);
            self.examples_opened += 1;
            self.put(&format!("<section class=\"example\" id=\"example-{}\">\n", place + 1));
        }
        self.headings += 1;
        let level = (level as usize + self.shift).clamp(2, 6);
        let anchor = format!("section-{}", self.headings);
        self.put(&format!("<h{level} id=\"{anchor}\">"));
        self.heading = Some((level, anchor, String::new()));
    }

    fn end_heading(&mut self) {
        self.level();
        let Some((level, anchor, text)) = self.heading.take() else { return };
        self.put(&format!("</h{level}>\n"));
        if level == 2 {
            self.contents.push((anchor, text));
        }
    }

    fn start_paragraph(&mut self, span: Span) {
        let Some(example) = self.example() else { return self.put("<p>") };
        let lines: Vec<&str> = self.page.checked.document.slice(span).lines().collect();
        let opens = |line: &&str, word: &str| {
            let line = line.trim_start_matches(['*', '_', ' ', '>']);
            line.strip_prefix(word).is_some_and(|rest| {
                rest.trim_start_matches(['*', '_', ' ']).starts_with([':', '：'])
            })
        };
        let tables = lines.iter().filter(|line| opens(line, "Table")).count();
        let is_directive = |line: &&str| opens(line, "Given") || opens(line, "Expect");
        // The caption of the table says it.
        if tables > 0 && tables == lines.len() && has_tables(example) {
            self.muted = true;
        } else if tables > 0 || lines.iter().any(is_directive) {
            self.directive = true;
            self.put("<p class=\"directive\">");
        } else {
            self.put("<p>");
        }
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'_>, span: Span) {
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or(""),
            CodeBlockKind::Indented => "",
        };
        let blocks = &self.page.checked.document.blocks;
        let block = blocks.iter().find(|b| b.start >= span.start && b.end <= span.end);
        match block.filter(|_| info == "tan") {
            Some(block) => {
                let html = self.page.block(*block);
                self.put(&html);
                self.muted = true;
            }
            None => self.put("<pre tabindex=\"0\"><code>"),
        }
    }

    fn start_table(&mut self, alignments: Vec<Alignment>, span: Span) {
        self.alignments = alignments;
        let caption = self.example().and_then(|example| self.page.caption(example, span));
        let (label, caption) = match caption {
            Some(caption) => {
                (attribute(&caption), format!("<caption>{}</caption>", escape(&caption)))
            }
            None => (self.page.say("表", "table").to_owned(), String::new()),
        };
        self.put(&format!(
            "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\">\
             <table>\n{caption}\n"
        ));
    }

    fn start_cell(&mut self) {
        let class = match self.alignments.get(self.column) {
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::Center) => " class=\"centre\"",
            _ => "",
        };
        self.column += 1;
        let open = if self.in_head {
            format!("<th scope=\"col\"{class}>")
        } else {
            format!("<td{class}>")
        };
        self.put(&open);
        self.cell = self.out.len();
    }

    /// Figures and dates are not broken over two lines.
    fn end_cell(&mut self) {
        let content = self.out.get(self.cell..).unwrap_or("");
        let is_figure = |c: char| c.is_ascii_digit() || " -−+.,:%T".contains(c);
        if content.contains(|c: char| c.is_ascii_digit()) && content.chars().all(is_figure) {
            let figure = format!("<span class=\"figure\">{content}</span>");
            self.out.truncate(self.cell);
            self.out.push_str(&figure);
        }
        self.put(if self.in_head { "</th>" } else { "</td>" });
    }

    fn example(&self) -> Option<&Example> {
        self.page.checked.document.examples.get(self.example?)
    }

    /// Ends the example under way if it ends before `byte`, with its results.
    fn close_example(&mut self, byte: usize) {
        let Some(example) = self.example() else { return };
        if byte < example.span.end {
            return;
        }
        let Some(place) = self.example.take() else { return };
        let results = self.page.example_results(place);
        self.put(&results);
        self.put("</section>\n");
    }
}

/// Where the Markdown begins: behind the `---` that closes the front matter.
fn body_start(document: &Document) -> usize {
    let front = document.front.span;
    let text = document.text.as_str();
    let after = text.get(front.end..).unwrap_or("");
    let opening = text.trim_start_matches('\u{feff}').lines().next().map(str::trim_end);
    if opening != Some("---") {
        return 0;
    }
    let mut at = front.end;
    for line in after.split_inclusive('\n') {
        at += line.len();
        // An empty front matter has its own opening line behind its span.
        if line.trim_end() == "---" && at > 4 {
            return at;
        }
    }
    0
}

/// Chinese and other full-width characters, between which a line break is no blank.
fn is_wide(sign: char) -> bool {
    let code = u32::from(sign);
    matches!(code, 0x2e80..=0x9fff | 0xf900..=0xfaff | 0xff00..=0xffef | 0x20000..=0x3ffff)
}
