//! 方法学网页 A methodology document as one self-contained HTML page: prose, typeset formulas,
//! symbol table, monitoring plan, requirements, examples with their results.
//!
//! The page holds no script and fetches nothing; whatever a document says is escaped, so that a
//! page made from a stranger's document is safe to open. It prints, and reads on a phone.

mod block;
mod card;
mod choice;
mod declaration;
mod example;
mod html;
mod literal;
mod map;
mod math;
mod prose;
mod reduction;
mod sections;
mod symbols;
#[cfg(test)]
mod tests;
mod unit;
mod walk;
mod width;

use html::{attribute, escape};
use symbols::Symbols;
use tanliu_diagnostic::{Lang, Span};
use tanliu_method::check::Checked;

/// The style sheet, set inline.
const STYLE: &str = include_str!("page/page.css");

/// 网页选项 What the page is told beside the document.
#[derive(Debug, Clone, Default)]
pub struct PageOptions {
    /// 语言 The language of everything the page itself says.
    pub lang: Lang,
    /// 算例结果 The results of the worked examples, by title; an example without one is shown as
    /// not run.
    pub examples: Vec<ExampleResult>,
    /// 因子来源 Where the factor sets come from that the document names.
    pub factor_sources: Vec<FactorSource>,
}

/// 算例状态 How a worked example came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExampleStatus {
    /// 通过 All expected values and refusals came about.
    Passed,
    /// 不符 At least one did not.
    Failed,
    /// 未运行 It was not run.
    #[default]
    NotRun,
}

/// 算例结果 What came of one worked example.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExampleResult {
    /// The heading of the example, as in the document.
    pub title: String,
    /// How it came out.
    pub status: ExampleStatus,
    /// A remark: why it failed as a whole, which refusal was expected. May be empty.
    pub message: String,
    /// One row for each expected value.
    pub rows: Vec<ExampleRow>,
}

/// 算例行 One expected value against the computed one; figures are texts as they are shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExampleRow {
    /// The name of the output or formula.
    pub name: String,
    /// Its key, `2016, coal`; empty for a scalar.
    pub key: String,
    /// The unit of the three figures.
    pub unit: String,
    /// 应得
    pub expected: String,
    /// 实得
    pub actual: String,
    /// 差
    pub difference: String,
    /// Whether it is within the tolerance.
    pub passed: bool,
}

/// 因子来源 Where a factor set comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FactorSource {
    /// The set's id, as the document names it.
    pub set: String,
    /// Its title.
    pub title: String,
    /// 发布机构
    pub issuer: String,
    /// The publication, with section or page.
    pub source: String,
    /// 依据 How far its figures are to be trusted, in words.
    pub standing: String,
    /// Whether they were read in the issuer's own text.
    pub verified: bool,
}

/// What all parts of the page ask.
struct Page<'a> {
    checked: &'a Checked,
    options: &'a PageOptions,
    symbols: Symbols,
}

/// 写网页 The page of a document, complete from `<!doctype html>` to `</html>`.
///
/// A document with errors is shown too, with a banner; what could not be read stands as source.
/// The same document and options give the same page.
pub fn write_page(checked: &Checked, options: &PageOptions) -> String {
    let page = Page { checked, options, symbols: Symbols::of(checked, options.lang) };
    let body = page.prose();
    let sections = page.sections();
    let mut contents = body.contents;
    contents.extend(sections.iter().map(|section| (section.id.to_owned(), section.title.clone())));
    let mut out = page.head();
    out.push_str(&page.card());
    out.push_str(&page.contents(&contents));
    out.push_str(&format!("<main id=\"text\"{}>\n", page.prose_language()));
    out.push_str(&body.html);
    out.push_str("</main>\n");
    for section in &sections {
        out.push_str(&format!(
            "<section class=\"generated\" id=\"{}\">\n<h2>{}</h2>\n{}</section>\n",
            attribute(section.id),
            escape(&section.title),
            section.html
        ));
    }
    out.push_str(&page.foot());
    out
}

/// 条款 A section of a document: its heading, and its text as HTML with the formulas set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The heading's text; empty before the first.
    pub heading: String,
    /// The section.
    pub html: String,
}

/// 写条款 The section in which a byte of the document stands, down to the next heading of any level.
pub fn write_clause(checked: &Checked, options: &PageOptions, at: usize) -> Clause {
    let page = Page { checked, options, symbols: Symbols::of(checked, options.lang) };
    let document = &checked.document;
    let begun = document.headings.iter().rev().find(|heading| heading.span.start <= at);
    let next = document.headings.iter().find(|heading| heading.span.start > at);
    let start = begun.map_or(document.front.span.end, |heading| heading.span.end);
    let end = next.map_or(document.text.len(), |heading| heading.span.start);
    let heading = begun.map(|heading| heading.text.clone()).unwrap_or_default();
    Clause { heading, html: page.prose_of(Span { start, end }).html }
}

impl Page<'_> {
    fn lang(&self) -> Lang {
        self.options.lang
    }

    /// A word of the page itself.
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        say(self.lang(), zh, en)
    }

    fn head(&self) -> String {
        let (title, _) = self.titles();
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"generator\" content=\"tanliu\">\n\
             <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#text\">{}</a>\n",
            language_tag(self.lang()),
            escape(&title),
            self.say("跳到正文", "skip to the text"),
        )
    }

    /// A Chinese text on an English page is marked as what it is.
    fn prose_language(&self) -> &'static str {
        let is_chinese = |sign: char| ('\u{4e00}'..='\u{9fff}').contains(&sign);
        match self.lang() {
            Lang::En if self.checked.document.text.contains(is_chinese) => " lang=\"zh-CN\"",
            _ => "",
        }
    }

    fn contents(&self, entries: &[(String, String)]) -> String {
        if entries.len() < 2 {
            return String::new();
        }
        let items: String = entries
            .iter()
            .map(|(id, title)| {
                format!("<li><a href=\"#{}\">{}</a></li>\n", attribute(id), escape(title))
            })
            .collect();
        let title = self.say("目录", "contents");
        format!(
            "<nav class=\"contents\" aria-label=\"{title}\">\n<h2>{title}</h2>\n\
             <ol>\n{items}</ol>\n</nav>\n"
        )
    }

    fn foot(&self) -> String {
        let front = &self.checked.document.front;
        format!(
            "<footer><p>{} <code>{}</code> {}</p></footer>\n</body>\n</html>\n",
            self.say("由方法学文档生成：", "made from the methodology document"),
            escape(&front.id),
            escape(&front.version),
        )
    }

    /// The title in the page's language, and the other one if it differs.
    fn titles(&self) -> (String, Option<String>) {
        let front = &self.checked.document.front;
        let Some(title) = &front.title else {
            let id = if front.id.is_empty() { &self.checked.document.source } else { &front.id };
            return (id.clone(), None);
        };
        let other = match self.lang() {
            Lang::Zh => &title.en,
            Lang::En => &title.zh,
        };
        let own = title.get(self.lang()).to_owned();
        let other = Some(other.clone()).filter(|other| *other != own && !other.is_empty());
        (own, other)
    }
}

/// One of two texts.
fn say(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// The tag of a language.
fn language_tag(lang: Lang) -> &'static str {
    say(lang, "zh-CN", "en")
}
