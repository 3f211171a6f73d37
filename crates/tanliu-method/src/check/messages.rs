//! 说法 The words of the checker's findings, in one place, in both languages.

mod dates;
mod factors;
mod gases;
mod names;
mod shapes;
mod values;

pub(super) use dates::*;
pub(super) use factors::*;
pub(super) use gases::*;
pub(super) use names::*;
pub(super) use shapes::*;
pub(super) use values::*;

use super::Checker;
use crate::program::{Index, IndexKind, NodeId, NodeKind, Program, Type, VariableKind};
use tanliu_diagnostic::{Text, nearest};

impl Checker<'_> {
    /// What a node is, in the reader's terms: `tCH4, from input methane (line 20)`.
    pub(super) fn describe(&self, node: NodeId) -> Text {
        let ty = type_text(self.ty(node), &self.program);
        let mut inner = self.node(node);
        while let NodeKind::Convert(value, _) | NodeKind::Relabel(value) = inner.kind {
            inner = self.node(value);
        }
        let NodeKind::Variable(id) = inner.kind else { return ty };
        let variable = self.variable(id);
        let line = self.line_of(variable.origin.document, variable.origin.span.start);
        let (zh, en) = match variable.kind {
            VariableKind::Input(_) => ("输入", "input"),
            VariableKind::Param(_) | VariableKind::Hole => ("参数", "param"),
            VariableKind::Formula { parameter: true, .. } => ("参数", "param"),
            VariableKind::Factor(_) => ("因子", "factor"),
            VariableKind::Formula { .. } => ("公式", "formula"),
        };
        Text::new(
            format!("{}，来自{zh} {}（第 {line} 行）", ty.zh, variable.name),
            format!("{}, from {en} {} (line {line})", ty.en, variable.name),
        )
    }

    fn line_of(&self, document: usize, byte: usize) -> usize {
        let text = self.texts.get(document).map(String::as_str).unwrap_or_default();
        text.get(..byte).unwrap_or_default().matches('\n').count() + 1
    }
}

/// A type in words.
pub(super) fn type_text(ty: &Type, program: &Program) -> Text {
    match ty {
        Type::Number(unit) if unit.to_string() == "1" => Text::new("纯数", "a plain number"),
        Type::Number(unit) => Text::same(unit.to_string()),
        Type::Bool => Text::new("真假值", "a truth value"),
        Type::Text => Text::new("文本", "a text"),
        Type::Date => Text::new("日期", "a date"),
        Type::Key(index) => {
            let name = program.indexes.get(*index).map_or("?", |index| index.name.as_str());
            Text::new(format!("索引 {name} 的键"), format!("a key of index {name}"))
        }
    }
}

/// What a description says of the kind alone, without where it comes from.
fn kind(found: &Text) -> (&str, &str) {
    let before = |text: &'_ str, sign: &str| text.find(sign).unwrap_or(text.len());
    let zh = found.zh.get(..before(&found.zh, "，来自")).unwrap_or_default();
    let en = found.en.get(..before(&found.en, ", from ")).unwrap_or_default();
    (zh, en)
}

/// Chinese text takes a blank before Latin words and numbers.
fn spaced(text: &str) -> String {
    if text.starts_with(|first: char| first.is_ascii()) {
        format!(" {text}")
    } else {
        text.to_owned()
    }
}

/// The members of a closed set.
pub(super) fn members_of(index: &Index) -> Vec<&str> {
    match &index.kind {
        IndexKind::Closed(members) => members
            .iter()
            .flat_map(|(name, label)| [Some(name.as_str()), label.as_deref()])
            .flatten()
            .collect(),
        _ => Vec::new(),
    }
}

/// "did you mean", if there is anything near.
fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<(String, String)> {
    let near = nearest(word, known);
    if near.is_empty() {
        return None;
    }
    let list = near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    Some((
        format!("是否想写 {}？", list.join("、")),
        format!("did you mean {}?", list.join(" or ")),
    ))
}

/// A short list of names for a note.
fn list(names: &[&str]) -> String {
    let mut shown: Vec<&str> = names.iter().copied().take(12).collect();
    if names.len() > shown.len() {
        shown.push("…");
    }
    shown.join(", ")
}
