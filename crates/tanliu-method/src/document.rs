//! 文档 A Markdown document taken apart: front matter, `tan` blocks, worked examples, prose.

use crate::table::Table;
use tanliu_diagnostic::Span;
use tanliu_diagnostic::{Diagnostic, Text};

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

/// 容差
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tolerance {
    /// In the column's unit.
    Absolute(f64),
    /// A fraction: `± 0.5%` is 0.005.
    Relative(f64),
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

/// Takes a document apart.
pub fn read(_source: &str, _text: &str) -> (Document, Vec<Diagnostic>) {
    todo!()
}
