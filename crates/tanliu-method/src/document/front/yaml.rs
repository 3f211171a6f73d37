//! YAML 节点 YAML with places in bytes, and scalars as they are written: a version `2016.10` is not
//! the number 2016.1.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use tanliu_diagnostic::Span;

/// 节点 A node and where it stands in the document.
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// 值 What a node holds.
pub(super) enum Value {
    /// An empty value, `~` or `null`.
    Nothing,
    /// A scalar: quoted ones without their quotes, numbers as written.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the text.
    Map(Vec<Entry>),
}

/// 键值 One entry of a map.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Span,
    pub(super) value: Node,
}

impl Node {
    /// The value as written; lists and maps in their YAML form, on one line.
    pub(super) fn as_written(&self, text: &str) -> Option<String> {
        match &self.value {
            Value::Nothing => None,
            Value::Scalar(text) => Some(text.trim().to_owned()),
            Value::List(_) | Value::Map(_) => {
                let slice = text.get(self.span.start..self.span.end).unwrap_or("");
                Some(slice.split_whitespace().collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// Reads the YAML in `span`: nothing if it is empty, or where it is wrong and the parser's message.
pub(super) fn read(text: &str, span: Span) -> Result<Option<Node>, (Span, String)> {
    let yaml = text.get(span.start..span.end).unwrap_or("");
    let places = Places::new(yaml, span.start);
    if let Some(place) = too_deep(yaml, span.start) {
        return Err((place, "nested too deeply".to_owned()));
    }
    match MarkedYaml::load_from_str(yaml) {
        Ok(documents) => Ok(documents.first().map(|root| node(root, text, &places))),
        Err(error) => {
            let start = places.byte(error.marker().index());
            let line = text.get(start..span.end).unwrap_or("").lines().next().unwrap_or("");
            Err((Span { start, end: start + line.trim_end().len() }, error.info().to_owned()))
        }
    }
}

/// A line that begins so far to the right that the parser, which recurses, might run out of stack.
fn too_deep(yaml: &str, offset: usize) -> Option<Span> {
    const DEEPEST: usize = 120;
    let mut start = offset;
    for line in yaml.split_inclusive('\n') {
        let lead = line.bytes().take_while(|byte| b" -?:\t".contains(byte)).count();
        if lead > DEEPEST && !line.trim().is_empty() {
            return Some(Span { start, end: start + lead });
        }
        start += line.len();
    }
    None
}

/// Where each character of the YAML stands; the parser counts characters.
struct Places {
    bytes: Vec<usize>,
}

impl Places {
    fn new(yaml: &str, offset: usize) -> Self {
        let ends = std::iter::once(yaml.len());
        let starts = yaml.char_indices().map(|(index, _)| index);
        Self { bytes: starts.chain(ends).map(|index| index + offset).collect() }
    }

    fn byte(&self, index: usize) -> usize {
        self.bytes.get(index).or(self.bytes.last()).copied().unwrap_or(0)
    }
}

fn node(yaml: &MarkedYaml<'_>, text: &str, places: &Places) -> Node {
    let start = places.byte(yaml.span.start.index());
    let end = places.byte(yaml.span.end.index()).max(start);
    let span = super::trimmed(text, Span { start, end });
    match &yaml.data {
        YamlData::Tagged(_, inner) => node(inner, text, places),
        YamlData::Sequence(nodes) => {
            let nodes = nodes.iter().map(|inner| node(inner, text, places)).collect();
            Node { span: with_bracket(text, span, ']'), value: Value::List(nodes) }
        }
        YamlData::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let key = node(key, text, places);
                let name = key.as_written(text).unwrap_or_default();
                Entry { key: name, key_span: key.span, value: node(value, text, places) }
            });
            let value = Value::Map(entries.collect());
            Node { span: with_bracket(text, span, '}'), value }
        }
        YamlData::Value(Scalar::String(scalar)) => {
            Node { span, value: Value::Scalar(scalar.to_string()) }
        }
        YamlData::Value(Scalar::Null) | YamlData::Alias(_) | YamlData::BadValue => {
            Node { span, value: Value::Nothing }
        }
        YamlData::Value(_) | YamlData::Representation(..) => {
            let slice = text.get(span.start..span.end).unwrap_or("");
            Node { span, value: Value::Scalar(slice.to_owned()) }
        }
    }
}

/// The parser leaves the closing bracket of `[…]` and `{…}` out.
fn with_bracket(text: &str, span: Span, bracket: char) -> Span {
    let opens = text.get(span.start..).is_some_and(|rest| rest.starts_with(['[', '{']));
    let closes = text.get(span.end..).is_some_and(|rest| rest.trim_start().starts_with(bracket));
    if !opens || !closes {
        return span;
    }
    let blanks = text.get(span.end..).map_or(0, |rest| rest.len() - rest.trim_start().len());
    Span { start: span.start, end: span.end + blanks + bracket.len_utf8() }
}
