//! 文档 A Markdown document taken apart: front matter, `tan` blocks, worked examples, prose.
//!
//! Decisions where the language page is silent:
//!
//! - Example headings may stand inside an example: the inner one opens an example of its own and
//!   the outer one ends there, so that no figure of one example reaches another unseen.
//! - Headings in quotations and lists neither open nor close an example.
//! - A directive line may stand in a paragraph, a quotation or a list item, and what people see
//!   counts (`**Given:**` is `Given:`). Lines behind it that open no directive continue it.
//! - Several `Table:` lines may stand over one table; each applies to it.

mod directive;
mod example;
mod front;
mod inline;
mod markdown;
mod outside;
#[cfg(test)]
mod tests;

use crate::number::parse_number;
use crate::table::Table;
use tanliu_diagnostic::{Diagnostic, Place, Span, Text};
use unicode_normalization::UnicodeNormalization;

/// 文档 A document taken apart; parsing never fails, what is wrong comes beside it.
#[derive(Debug, Clone)]
pub struct Document {
    /// The name its places carry (the path as shown to people).
    pub source: String,
    /// The whole text.
    pub text: String,
    /// The front matter.
    pub front: FrontMatter,
    /// The `tan` blocks: the span of each block's content.
    pub blocks: Vec<Span>,
    /// All headings, in order.
    pub headings: Vec<Heading>,
    /// The worked examples.
    pub examples: Vec<Example>,
    /// Where each line begins.
    line_starts: Vec<usize>,
}

impl Document {
    /// The line, from 1, on which a byte stands; beyond the end it is the last line.
    pub fn line_of(&self, byte: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= byte)
    }

    /// The text of a span; empty if it is none of this document's.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// A span as the place of a finding.
    pub fn place(&self, span: Span) -> Place {
        Place::span(self.source.clone(), span)
    }
}

/// 文首元数据 The YAML front matter.
#[derive(Debug, Clone, Default)]
pub struct FrontMatter {
    /// Where it stands (without the `---` lines); empty if there is none.
    pub span: Span,
    /// Path-like, unique in a library.
    pub id: String,
    /// Where the id's value stands.
    pub id_span: Span,
    /// As written: `"1"`, `2016.1`.
    pub version: String,
    /// 标题 / title; if only one is given it serves for both.
    pub title: Option<Text>,
    /// `account` | `reduction` | `footprint` | `score`
    pub kind: Option<String>,
    /// `official` | `draft` | `illustration`
    pub status: Option<String>,
    /// 发布机构
    pub issuer: Option<String>,
    /// 发布日期
    pub published: Option<String>,
    /// `valid.from`
    pub valid_from: Option<String>,
    /// `valid.to`
    pub valid_to: Option<String>,
    /// `AR2` | `AR4` | `AR5` | `AR6`
    pub gwp: Option<(tanliu_unit::gwp::GwpSet, Span)>,
    /// Default Asia/Shanghai.
    pub timezone: Option<String>,
    /// Own units: name, definition, where the definition stands.
    pub units: Vec<(String, String, Span)>,
    /// 取代
    pub supersedes: Option<String>,
    /// Sources: title, section or page.
    pub sources: Vec<SourceRef>,
    /// 系统 The systems of a library's map that the document serves: `M2`.
    pub systems: Vec<String>,
}

/// 来源 A source of the document.
#[derive(Debug, Clone, Default)]
pub struct SourceRef {
    /// Title.
    pub title: String,
    /// Section.
    pub section: Option<String>,
    /// Page.
    pub page: Option<String>,
    /// Any further keys, as written.
    pub others: Vec<(String, String)>,
}

/// 标题 A heading.
#[derive(Debug, Clone)]
pub struct Heading {
    /// 1–6.
    pub level: u8,
    /// Its text.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// 算例 A worked example: from its heading to the next heading of its level or higher.
#[derive(Debug, Clone)]
pub struct Example {
    /// The heading's text.
    pub title: String,
    /// The heading.
    pub heading_span: Span,
    /// Everything under it.
    pub span: Span,
    /// Its directives, in order.
    pub items: Vec<ExampleItem>,
}

/// 算例项 One directive of an example.
#[derive(Debug, Clone)]
pub enum ExampleItem {
    /// `Table: given NAME, …` before a table.
    GivenTable {
        /// The names, with places.
        names: Vec<(String, Span)>,
        /// The table, its cells' places being spans: see [`ExampleTable`].
        table: ExampleTable,
    },
    /// `Table: expect NAME, … [± 0.01 | ± 0.5%]` before a table.
    ExpectTable {
        /// The names, with places.
        names: Vec<(String, Span)>,
        /// The tolerance.
        tolerance: Option<Tolerance>,
        /// The table.
        table: ExampleTable,
    },
    /// One assignment of `Given: x = 3 MWh, home = guangdong`.
    Given {
        /// The name.
        name: String,
        /// The value as written, NFKC, trimmed.
        value: String,
        /// Where the assignment stands.
        span: Span,
    },
    /// `Expect: failure "…"`
    ExpectFailure {
        /// A part of the message.
        part: String,
        /// Where.
        span: Span,
    },
    /// `Expect: warning "…"`
    ExpectWarning {
        /// A part of the message.
        part: String,
        /// Where.
        span: Span,
    },
}

/// 容差 How far a value of an example may be from what is printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tolerance {
    /// In the column's unit.
    Absolute(f64),
    /// A fraction: `± 0.5%` is 0.005.
    Relative(f64),
}

impl Tolerance {
    /// Reads `± 0.01` or `± 0.5%`; `+-` and `+/-` stand for `±`. Nothing for anything else, a unit
    /// or a negative number included.
    pub fn parse(text: &str) -> Option<Tolerance> {
        let plain: String = text.nfkc().collect();
        let plain = plain.trim();
        let number = ["±", "+/-", "+-"].iter().find_map(|sign| plain.strip_prefix(sign))?;
        let read = parse_number(number).ok().filter(|read| {
            // The sign of the number itself would read as `± -1`.
            read.value >= 0.0 && !number.trim_start().starts_with(['+', '-', '−'])
        })?;
        Some(if read.percent {
            Self::Relative(read.value / 100.0)
        } else {
            Self::Absolute(read.value)
        })
    }
}

/// 算例表 A Markdown table of an example. Rows and columns of [`Table`] count from the table's own
/// header; `cell_spans[row][column]` gives the bytes of each cell (row 0 is the header).
#[derive(Debug, Clone)]
pub struct ExampleTable {
    /// The cells: texts as written, NFKC for headers and cells.
    pub table: Table,
    /// The bytes of each cell, the header first.
    pub cell_spans: Vec<Vec<Span>>,
    /// The whole table.
    pub span: Span,
}

/// Takes a document apart. `source` is the name its places carry.
///
/// What is wrong comes as findings with the codes `front-matter`, `front-matter-unknown-key`,
/// `fence`, `fence-unread`, `example-directive`, `example-directive-outside` and
/// `example-table`, in the order of the text.
pub fn read(source: &str, text: &str) -> (Document, Vec<Diagnostic>) {
    let mut findings = Findings { source, list: Vec::new() };
    let parted = front::part(text);
    let outline = markdown::scan(text, parted.body_start, &mut findings);
    let front = front::read(text, &parted, outline.has_tan_fence, &mut findings);
    let examples = example::gather(source, text, outline.drafts, &mut findings);
    let mut list = findings.list;
    list.sort_by_key(|finding| match finding.labels.first().map(|label| &label.place) {
        Some(Place::Span { span, .. }) => span.start,
        _ => 0,
    });
    let document = Document {
        source: source.to_owned(),
        text: text.to_owned(),
        front,
        blocks: outline.blocks,
        headings: outline.headings,
        examples,
        line_starts: line_starts(text),
    };
    (document, list)
}

/// The findings made so far about one document.
struct Findings<'a> {
    source: &'a str,
    list: Vec<Diagnostic>,
}

impl Findings<'_> {
    fn place(&self, span: Span) -> Place {
        Place::span(self.source, span)
    }

    fn push(&mut self, finding: Diagnostic) {
        self.list.push(finding);
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let behind_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(behind_breaks.map(|(index, _)| index + 1)).collect()
}

/// `span` without the blanks at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let slice = text.get(span.start..span.end).unwrap_or("");
    let end = span.start + slice.trim_end().len();
    let start = end - slice.trim_end().trim_start().len();
    Span { start, end }
}
