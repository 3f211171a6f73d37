//! 选取 Which figure is meant: a name and a key for each of its indexes.

use super::FIGURE;
use tanliu_diagnostic::{Diagnostic, Place, Span, nearest};
use tanliu_method::ast::LiteralValue;
use tanliu_method::data::Dataset;
use tanliu_method::eval::TraceError;
use tanliu_method::parse::{SelectedKey, Selection};
use tanliu_method::program::{Index, IndexKind, Key, Program};
use tanliu_unit::time::{Grain, TimeKey};

/// A name with index and key.
pub(crate) type Selected = (String, Vec<(String, Key)>);

/// The whole selection as a place.
fn whole(figure: &str) -> Place {
    Place::span(FIGURE, Span::new(0, figure.len()))
}

/// The name and the keys of a selection, as the program knows them.
pub(super) fn known(
    figure: &str,
    selection: Selection,
    program: &Program,
) -> Result<Selected, Box<Diagnostic>> {
    let Some(id) = program.variable(&selection.name) else {
        return Err(Box::new(unknown_name(figure, &selection.name, program)));
    };
    let dims = program.variables.get(id).map(|variable| variable.dims.clone()).unwrap_or_default();
    let mut keys = Vec::new();
    for (name, selected) in selection.keys {
        let index = program.index(&name).filter(|index| dims.contains(index));
        let Some(index) = index.and_then(|index| program.indexes.get(index)) else {
            return Err(Box::new(wrong_indexes(figure, &selection.name, program)));
        };
        keys.push((name, key_of(figure, index, &selected)?));
    }
    if keys.len() != dims.len() {
        return Err(Box::new(wrong_indexes(figure, &selection.name, program)));
    }
    Ok((selection.name, keys))
}

fn unknown_name(figure: &str, name: &str, program: &Program) -> Diagnostic {
    let finding = Diagnostic::error(
        "figure-unknown",
        format!("文档里没有「{name}」"),
        format!("the document has no `{name}`"),
    )
    .at(whole(figure), "", "");
    let names = program.variables.iter().map(|variable| variable.name.as_str());
    let near = nearest(name, names);
    if !near.is_empty() {
        let list = near.join("、");
        return finding
            .hint(format!("是否想写 {list}？"), format!("did you mean {}?", near.join(", ")));
    }
    let outputs = program.variables.iter().filter(|variable| variable.output);
    let outputs: Vec<&str> = outputs.map(|variable| variable.name.as_str()).collect();
    finding.note(
        format!("输出有：{}", outputs.join("、")),
        format!("the outputs are: {}", outputs.join(", ")),
    )
}

fn wrong_indexes(figure: &str, name: &str, program: &Program) -> Diagnostic {
    let variable = program.variable(name).and_then(|id| program.variables.get(id));
    let dims = variable.map(|variable| variable.dims.clone()).unwrap_or_default();
    let names: Vec<&str> = dims
        .iter()
        .filter_map(|index| program.indexes.get(*index))
        .map(|index| index.name.as_str())
        .collect();
    let pattern: Vec<String> = names.iter().map(|name| format!("{name}=…")).collect();
    let shown = match pattern.len() {
        0 => name.to_owned(),
        _ => format!("{name}[{}]", pattern.join(", ")),
    };
    Diagnostic::error(
        "figure-keys",
        format!("「{name}」的索引是 [{}]，每个索引要给一个键", names.join(", ")),
        format!("`{name}` is indexed by [{}]: give each one key", names.join(", ")),
    )
    .at(whole(figure), "", "")
    .hint(format!("写作 '{shown}'"), format!("write '{shown}'"))
}

/// The key of an index that a word, text or literal names.
fn key_of(figure: &str, index: &Index, selected: &SelectedKey) -> Result<Key, Box<Diagnostic>> {
    let word = match selected {
        SelectedKey::Word(word) | SelectedKey::Text(word) => word.clone(),
        SelectedKey::Literal(_) => word_behind(figure, &index.name),
    };
    let key = match &index.kind {
        IndexKind::Closed(_) => index.member(&word).map(Key::Member),
        IndexKind::Text => Some(Key::Text(word.as_str().into())),
        IndexKind::Integer => match selected {
            SelectedKey::Literal(literal) => match literal.value {
                LiteralValue::Number { integer: Some(number), .. } => Some(Key::Integer(number)),
                _ => None,
            },
            _ => word.parse().ok().map(Key::Integer),
        },
        IndexKind::Time { grain, .. } => TimeKey::parse_as(&word, *grain).map(Key::Time),
    };
    key.ok_or_else(|| Box::new(no_such_key(figure, index, &word)))
}

/// What stands behind `index =` in the selection as typed.
fn word_behind(figure: &str, index: &str) -> String {
    let list = figure.split_once(['[', '［']).map_or("", |(_, list)| list);
    list.split([',', ']', '，', '］'])
        .filter_map(|item| item.split_once(['=', '＝']))
        .find(|(name, _)| name.trim() == index)
        .map_or_else(String::new, |(_, word)| word.trim().to_owned())
}

fn no_such_key(figure: &str, index: &Index, word: &str) -> Diagnostic {
    let name = &index.name;
    let finding = Diagnostic::error(
        "figure-key-unknown",
        format!("「{word}」不是索引 {name} 的键"),
        format!("`{word}` is no key of the index {name}"),
    )
    .at(whole(figure), "", "");
    match &index.kind {
        IndexKind::Closed(members) => {
            let list: Vec<String> = members
                .iter()
                .map(|(name, label)| match label {
                    Some(label) => format!("{name}「{label}」"),
                    None => name.clone(),
                })
                .collect();
            finding.note(
                format!("成员有：{}", list.join("、")),
                format!("the members are: {}", list.join(", ")),
            )
        }
        IndexKind::Time { grain, .. } => {
            let example = match grain {
                Grain::Year => "2016",
                Grain::Quarter => "2024-Q1",
                Grain::Month => "2024-01",
                Grain::Day => "2024-01-31",
                Grain::Hour => "2024-01-31T13",
                Grain::Instant => "2024-01-31 13:15",
            };
            finding.hint(
                format!("{}写作 {example}", grain.word_zh()),
                format!("a {} is written {example}", grain.word()),
            )
        }
        _ => finding,
    }
}

/// Why a figure cannot be traced, with what there is instead.
pub(super) fn no_such_figure(
    figure: &str,
    error: &TraceError,
    program: &Program,
    dataset: &Dataset,
) -> Diagnostic {
    match error {
        TraceError::UnknownName(name) => unknown_name(figure, name, program),
        TraceError::Keys { name, .. } => wrong_indexes(figure, name, program),
        TraceError::UnknownKey { index, key } => {
            let finding = Diagnostic::error(
                "figure-key-unknown",
                format!("数据里没有 {index} = {key}"),
                format!("the data has no {index} = {key}"),
            )
            .at(whole(figure), "", "");
            let keys = keys_in_data(program, dataset, index);
            finding.note(format!("数据里有：{keys}"), format!("the data has: {keys}"))
        }
        other => Diagnostic::error("figure-unknown", other.to_string(), other.to_string()),
    }
}

/// The first few keys of an index in the data.
fn keys_in_data(program: &Program, dataset: &Dataset, name: &str) -> String {
    const SHOWN: usize = 12;
    let Some(id) = program.index(name) else { return String::new() };
    let mut keys: Vec<&Key> = Vec::new();
    for (variable, table) in &dataset.inputs {
        let dims = program.variables.get(*variable).map(|v| v.dims.as_slice()).unwrap_or_default();
        for (dim, column) in dims.iter().zip(&table.keys) {
            if *dim == id {
                keys.extend(&column.dictionary);
            }
        }
    }
    keys.sort();
    keys.dedup();
    let index = program.indexes.get(id);
    let words = keys.iter().take(SHOWN).filter_map(|key| Some(index?.show(key)));
    let mut text = words.collect::<Vec<_>>().join(", ");
    if keys.len() > SHOWN {
        text.push_str(&format!(" … ({})", keys.len()));
    }
    text
}
