//! 诊断 Findings about documents and data: what is wrong, where, and the likely mend.
//!
//! A finding is a value, never a panic. It has a stable code, a text in Chinese and in English,
//! places in a document (byte spans) or in a table (cells), and a hint. Everything that reads
//! outside text returns its result *and* a list of these.
//!
//! This crate knows neither units nor methods; it renders to text and to plain data only.

mod nearest;
mod place;
mod render;

pub use nearest::{is_slip, nearest, nearest_one};
pub use place::{CellPlace, Place, Span};
pub use render::{Lang, Sources, describe_cell, render, render_one};

/// 双语文本 One text in both languages of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

impl Text {
    /// The text `zh` / `en`.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The same string in both languages: a name, a formula, a quotation.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { zh: text.clone(), en: text }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// 计数 A count and its English noun: `1 error`, `2 errors`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// 严重程度 How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; the run goes on.
    Warning,
    /// The document or the data is refused.
    Error,
}

/// 标注 A place with a short remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there; may be empty.
    pub text: Text,
    /// The place the finding is about (drawn with carets), not one that explains it.
    pub primary: bool,
}

/// 诊断 One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, e.g. `unit-mismatch`; listed in the reference with an example each.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// What is wrong, in the reader's terms; lower case in English, no full stop.
    pub message: Text,
    /// Where; the primary ones first.
    pub labels: Vec<Label>,
    /// Facts that help: the two dimensions, what was seen.
    pub notes: Vec<Text>,
    /// The likely mend.
    pub hint: Option<Text>,
}

impl Diagnostic {
    /// An error with no place yet.
    pub fn error(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: Text::new(zh, en),
            labels: Vec::new(),
            notes: Vec::new(),
            hint: None,
        }
    }

    /// A warning with no place yet.
    pub fn warning(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, zh, en) }
    }

    /// Adds the place it is about.
    #[must_use]
    pub fn at(
        mut self,
        place: impl Into<Place>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        self.labels.push(Label { place: place.into(), text: Text::new(zh, en), primary: true });
        self
    }

    /// Adds a place that explains it.
    #[must_use]
    pub fn see(
        mut self,
        place: impl Into<Place>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        self.labels.push(Label { place: place.into(), text: Text::new(zh, en), primary: false });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.notes.push(Text::new(zh, en));
        self
    }

    /// Says the likely mend.
    #[must_use]
    pub fn hint(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.hint = Some(Text::new(zh, en));
        self
    }

    /// Whether it refuses the document or the data.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// 诊断集 A list of findings with a limit: the first `limit` are kept, all are counted.
#[derive(Debug, Clone)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    limit: usize,
}

impl Default for Diagnostics {
    fn default() -> Self {
        Self::with_limit(1000)
    }
}

impl Diagnostics {
    /// An empty list that keeps at most `limit` findings.
    pub fn with_limit(limit: usize) -> Self {
        Self { list: Vec::new(), errors: 0, warnings: 0, limit }
    }

    /// Adds a finding; beyond the limit it is only counted.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        match diagnostic.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        if self.list.len() < self.limit {
            self.list.push(diagnostic);
        }
    }

    /// Counts an error that is not worth keeping, because the limit is reached.
    pub fn is_full(&self) -> bool {
        self.list.len() >= self.limit
    }

    /// Takes over the findings of `other`.
    pub fn append(&mut self, other: Diagnostics) {
        let unkept_errors = other.errors - other.list.iter().filter(|d| d.is_error()).count();
        let unkept_warnings = other.warnings - other.list.iter().filter(|d| !d.is_error()).count();
        for diagnostic in other.list {
            self.push(diagnostic);
        }
        self.errors += unkept_errors;
        self.warnings += unkept_warnings;
    }

    /// Changes the findings kept, or takes some out; those only counted stay counted.
    #[must_use]
    pub fn filter_map(mut self, mut change: impl FnMut(Diagnostic) -> Option<Diagnostic>) -> Self {
        for diagnostic in std::mem::take(&mut self.list) {
            let is_error = diagnostic.is_error();
            if is_error {
                self.errors -= 1;
            } else {
                self.warnings -= 1;
            }
            self.extend(change(diagnostic));
        }
        self
    }

    /// The findings kept, in the order they were made.
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// The findings kept.
    pub fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }

    /// How many errors there were, kept or not.
    pub fn error_count(&self) -> usize {
        self.errors
    }

    /// How many warnings there were, kept or not.
    pub fn warning_count(&self) -> usize {
        self.warnings
    }

    /// How many findings were counted but not kept.
    pub fn dropped(&self) -> usize {
        self.errors + self.warnings - self.list.len()
    }

    /// Whether any is an error.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether there is no finding at all.
    pub fn is_empty(&self) -> bool {
        self.errors + self.warnings == 0
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, iter: T) {
        for diagnostic in iter {
            self.push(diagnostic);
        }
    }
}
