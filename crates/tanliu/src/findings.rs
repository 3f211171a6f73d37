//! 诊断的 JSON Findings as data for other tools.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Place, Text};
use tanliu_method::check::Checked;

/// 文本集 The texts that places point into, by name.
pub(crate) type Texts = BTreeMap<String, String>;

/// Adds the document and those it uses.
pub(crate) fn add_texts(texts: &mut Texts, checked: &Checked) {
    for document in std::iter::once(&checked.document).chain(&checked.used) {
        texts.entry(document.source.clone()).or_insert_with(|| document.text.clone());
    }
}

/// All findings.
pub(crate) fn findings_json(list: &[Diagnostic], texts: &Texts) -> Value {
    list.iter().map(|finding| finding_json(finding, texts)).collect()
}

/// A text in both languages.
pub(crate) fn text_json(text: &Text) -> Value {
    json!({ "zh": text.zh, "en": text.en })
}

fn finding_json(finding: &Diagnostic, texts: &Texts) -> Value {
    let labels: Vec<Value> = finding
        .labels
        .iter()
        .map(|label| {
            let mut value = place_json(&label.place, texts);
            if let Value::Object(map) = &mut value {
                map.insert("primary".to_owned(), json!(label.primary));
                if !label.text.zh.is_empty() || !label.text.en.is_empty() {
                    map.insert("text".to_owned(), text_json(&label.text));
                }
            }
            value
        })
        .collect();
    json!({
        "code": finding.code,
        "severity": if finding.is_error() { "error" } else { "warning" },
        "message": text_json(&finding.message),
        "places": labels,
        "notes": finding.notes.iter().map(text_json).collect::<Vec<_>>(),
        "hint": finding.hint.as_ref().map(text_json),
    })
}

/// A place: lines and columns count from 1, columns in characters; bytes from 0.
pub(crate) fn place_json(place: &Place, texts: &Texts) -> Value {
    match place {
        Place::File(file) => json!({ "file": file }),
        Place::Span { source, span } => {
            let text = texts.get(source).map_or("", String::as_str);
            let (line, column) = line_and_column(text, span.start);
            let (end_line, end_column) = line_and_column(text, span.end);
            json!({
                "file": source, "line": line, "column": column,
                "end_line": end_line, "end_column": end_column,
                "bytes": [span.start, span.end],
            })
        }
        Place::Cell(cell) => json!({
            "file": cell.source, "sheet": cell.sheet, "row": cell.row,
            "column": cell.column, "cell": cell.text,
        }),
    }
}

/// `file.md:12:5`, `data.csv:3`: a place on one line.
pub(crate) fn place_words(place: &Place, texts: &Texts) -> String {
    match place {
        Place::File(file) => file.clone(),
        Place::Span { source, span } => {
            let text = texts.get(source).map_or("", String::as_str);
            let (line, column) = line_and_column(text, span.start);
            format!("{source}:{line}:{column}")
        }
        Place::Cell(cell) => {
            let sheet = cell.sheet.as_ref().map(|sheet| format!("[{sheet}]")).unwrap_or_default();
            format!("{}{sheet}:{}", cell.source, cell.row)
        }
    }
}

/// Line and column of a byte, from 1; the column counts characters.
pub(crate) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let mut end = byte.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    (line, before.get(line_start..).unwrap_or("").chars().count() + 1)
}
