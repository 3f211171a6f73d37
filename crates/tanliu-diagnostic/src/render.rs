//! 呈现 Findings as text for a terminal, with the document's lines underlined.

mod colour;

use crate::{CellPlace, Diagnostic, Place, Severity};
use codespan_reporting::diagnostic as cs;
use codespan_reporting::files::SimpleFiles;
use codespan_reporting::term;
use colour::Coloured;
use std::collections::BTreeMap;

/// 语言 The language of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

/// 文本来源 Gives the text of a document by the name its places carry.
pub trait Sources {
    /// The whole text, or nothing if it is unknown.
    fn text(&self, source: &str) -> Option<&str>;
}

impl Sources for BTreeMap<String, String> {
    fn text(&self, source: &str) -> Option<&str> {
        self.get(source).map(String::as_str)
    }
}

/// Renders findings one after another, each with a blank line behind it.
pub fn render(list: &[Diagnostic], sources: &dyn Sources, lang: Lang, colour: bool) -> String {
    list.iter().map(|diagnostic| render_one(diagnostic, sources, lang, colour) + "\n").collect()
}

/// Renders one finding, with one line end behind it.
pub fn render_one(
    diagnostic: &Diagnostic,
    sources: &dyn Sources,
    lang: Lang,
    colour: bool,
) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => cs::Severity::Error,
        Severity::Warning => cs::Severity::Warning,
    };
    let mut files = SimpleFiles::new();
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown = cs::Diagnostic::new(severity)
        .with_code(diagnostic.code)
        .with_message(diagnostic.message.get(lang));
    for label in &diagnostic.labels {
        let remark = label.text.get(lang);
        let text = match &label.place {
            Place::Span { source, .. } => sources.text(source),
            _ => None,
        };
        match (&label.place, text) {
            (Place::Span { source, span }, Some(text)) => {
                let id = *ids.entry(source).or_insert_with(|| files.add(source.clone(), text));
                let style =
                    if label.primary { cs::LabelStyle::Primary } else { cs::LabelStyle::Secondary };
                let range = span.start.min(text.len())..span.end.min(text.len());
                shown = shown.with_label(cs::Label::new(style, id, range).with_message(remark));
            }
            (place, _) => {
                let place = describe(place, lang);
                shown = shown.with_note(match remark {
                    "" => place,
                    remark => format!("{place}: {remark}"),
                });
            }
        }
    }
    for note in &diagnostic.notes {
        shown = shown.with_note(note.get(lang));
    }
    if let Some(hint) = &diagnostic.hint {
        let word = if lang == Lang::Zh { "建议：" } else { "hint: " };
        shown = shown.with_note(format!("{word}{}", hint.get(lang)));
    }
    let text = emit(&files, &shown, colour);
    let text = text.trim_end();
    let text = if lang == Lang::Zh { with_chinese_word(text, severity) } else { text.to_owned() };
    text + "\n"
}

/// The first word of a finding is the library's; a Chinese reader gets it in Chinese.
fn with_chinese_word(text: &str, severity: cs::Severity) -> String {
    let (english, chinese) = match severity {
        cs::Severity::Error => ("error", "错误"),
        _ => ("warning", "警告"),
    };
    text.replacen(english, chinese, 1)
}

fn emit(files: &SimpleFiles<String, &str>, shown: &cs::Diagnostic<usize>, colour: bool) -> String {
    let config = term::Config::default();
    if !colour {
        return term::emit_into_string(&config, files, shown).unwrap_or_default();
    }
    let mut writer = Coloured(Vec::new());
    let _ = term::emit_to_write_style(&mut writer, &config, files, shown);
    String::from_utf8(writer.0).unwrap_or_default()
}

/// A place in words: `energy.csv, row 3, column B ("abc")`.
fn describe(place: &Place, lang: Lang) -> String {
    match place {
        Place::File(source) => source.clone(),
        Place::Span { source, span } => format!("{source}:{}", span.start),
        Place::Cell(cell) => describe_cell(cell, lang),
    }
}

/// A cell in words: `energy.csv, row 3, column B "abc"`.
pub fn describe_cell(cell: &CellPlace, lang: Lang) -> String {
    let sheet = cell.sheet.as_ref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
    let column = column_letters(cell.column);
    let place = match (lang, cell.column) {
        // Formats that are no text have headers and no row of headers.
        (Lang::Zh, 1..) if cell.row == 0 => format!("{}{sheet} {column} 列", cell.source),
        (Lang::En, 1..) if cell.row == 0 => format!("{}{sheet}, column {column}", cell.source),
        (Lang::Zh, 0) => format!("{}{sheet} 第 {} 行", cell.source, cell.row),
        (Lang::Zh, _) => format!("{}{sheet} 第 {} 行 {column} 列", cell.source, cell.row),
        (Lang::En, 0) => format!("{}{sheet}, row {}", cell.source, cell.row),
        (Lang::En, _) => format!("{}{sheet}, row {}, column {column}", cell.source, cell.row),
    };
    match cell.text.as_str() {
        "" => place,
        text if lang == Lang::Zh => format!("{place}「{text}」"),
        text => format!("{place} \"{text}\""),
    }
}

/// 1 → A, 27 → AA: the letters a spreadsheet shows.
fn column_letters(column: u32) -> String {
    let mut rest = column;
    let mut letters = Vec::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}
