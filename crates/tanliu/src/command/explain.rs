//! `tanliu explain`: how one figure came about, as a tree down to cells, parameters and factors.

use crate::arguments::Explain;
use crate::data::Intake;
use crate::failure::{Ended, Failure};
use crate::findings::{findings_json, line_and_column, text_json};
use crate::results::figure_words;
use crate::screen::Screen;
use crate::session::{Bound, Session};
use serde_json::{Map, Value, json};
use std::path::Path;
use tanliu_diagnostic::{CellPlace, Diagnostic, Lang, Place, Span, nearest};
use tanliu_method::ast::LiteralValue;
use tanliu_method::data::Dataset;
use tanliu_method::eval::{Figure, Leaf, Trace, TraceError, trace};
use tanliu_method::parse::{SelectedKey, Selection, parse_selector};
use tanliu_method::program::{Index, IndexKind, Key, Program, VariableKind};
use tanliu_unit::time::{Grain, TimeKey};

/// The name of the selection among the texts.
const FIGURE: &str = "FIGURE";

/// Explains one figure.
pub(crate) fn run(wanted: &Explain, screen: &mut Screen) -> Result<Ended, Failure> {
    let mut data = wanted.data.clone();
    let figure = match &wanted.figure {
        Some(figure) => figure.clone(),
        // `--data` takes several values, the figure behind them too.
        None => data.data.pop_if(|last| !Path::new(last).exists()).ok_or_else(no_figure)?,
    };
    let mut session = Session::open(&wanted.document, &wanted.sources)?;
    session.texts.insert(FIGURE.to_owned(), figure.clone());
    if session.findings.has_errors() {
        return Ok(refuse(&session, None, wanted.json, screen));
    }
    let program = &session.checked.program;
    let keys = parse_selector(FIGURE, &figure, &session.checked.units)
        .map_err(|finding| *finding)
        .and_then(|selection| known(&figure, selection, program));
    let (name, keys) = match keys {
        Ok(selected) => selected,
        Err(finding) => return Ok(refuse(&session, Some(finding), wanted.json, screen)),
    };
    let bound = session.bind(&data)?;
    if session.findings.has_errors() {
        return Ok(refuse(&session, None, wanted.json, screen));
    }
    let parts = (&bound.dataset, &session.loaded.catalogue);
    match trace(&session.checked.program, parts, &name, &keys, wanted.depth) {
        Ok(tree) => {
            let teller = Teller { session: &session, bound: &bound, lang: screen.lang };
            if wanted.json {
                screen.json(&teller.as_json(&tree));
            } else {
                let mut text = String::new();
                teller.tell(&tree, "", "", &mut text);
                screen.text(&text);
            }
            Ok(Ended::Well)
        }
        Err(error) => {
            let finding = no_such_figure(&figure, &error, &session.checked.program, &bound.dataset);
            Ok(refuse(&session, Some(finding), wanted.json, screen))
        }
    }
}

fn no_figure() -> Failure {
    Failure::new("没有说明要解释哪一个数", "no figure is named")
        .hint("在最后写出，例如 'co2[year=2016]'", "name it last, e.g. 'co2[year=2016]'")
}

fn refuse(
    session: &Session,
    finding: Option<Diagnostic>,
    as_json: bool,
    screen: &mut Screen,
) -> Ended {
    let mut list: Vec<Diagnostic> = session.findings.list().to_vec();
    list.extend(finding);
    if as_json {
        screen.json(&json!({ "ok": false, "findings": findings_json(&list, &session.texts) }));
    } else {
        screen.findings(&list, &session.texts, false);
    }
    Ended::Refused
}

/// The whole selection as a place.
fn whole(figure: &str) -> Place {
    Place::span(FIGURE, Span::new(0, figure.len()))
}

/// The name and the keys of a selection, as the program knows them.
fn known(
    figure: &str,
    selection: Selection,
    program: &Program,
) -> Result<(String, Vec<(String, Key)>), Diagnostic> {
    let Some(id) = program.variable(&selection.name) else {
        return Err(unknown_name(figure, &selection.name, program));
    };
    let dims = program.variables.get(id).map(|variable| variable.dims.clone()).unwrap_or_default();
    let mut keys = Vec::new();
    for (name, selected) in selection.keys {
        let index = program.index(&name).filter(|index| dims.contains(index));
        let Some(index) = index.and_then(|index| program.indexes.get(index)) else {
            return Err(wrong_indexes(figure, &selection.name, program));
        };
        keys.push((name, key_of(figure, index, &selected)?));
    }
    if keys.len() != dims.len() {
        return Err(wrong_indexes(figure, &selection.name, program));
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
            .hint(format!("是不是 {list}？"), format!("did you mean {}?", near.join(", ")));
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
fn key_of(figure: &str, index: &Index, selected: &SelectedKey) -> Result<Key, Diagnostic> {
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
    key.ok_or_else(|| no_such_key(figure, index, &word))
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

fn no_such_figure(
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

/// Tells a trace, as a tree or as data.
struct Teller<'a> {
    session: &'a Session,
    bound: &'a Bound,
    lang: Lang,
}

impl Teller<'_> {
    fn word<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    /// Writes a figure and below it what it was made of. `first` leads the first line, `lead` the
    /// others.
    fn tell(&self, trace: &Trace, first: &str, lead: &str, text: &mut String) {
        text.push_str(first);
        text.push_str(&self.headline(trace));
        text.push('\n');
        let below = !trace.operands.is_empty() || trace.more > 0;
        let margin = format!("{lead}{}", if below { "│    " } else { "     " });
        for line in self.remarks(trace) {
            text.push_str(&format!("{margin}{line}\n"));
        }
        let last = trace.operands.len().saturating_sub(1);
        for (number, operand) in trace.operands.iter().enumerate() {
            let is_last = number == last && trace.more == 0;
            let (branch, stem) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.tell(operand, &format!("{lead}{branch}"), &format!("{lead}{stem}"), text);
        }
        if trace.more > 0 {
            let more = trace.more;
            let words = match self.lang {
                Lang::Zh => format!("… 另有 {more} 个数"),
                Lang::En => format!("… and {more} more figures"),
            };
            text.push_str(&format!("{lead}└─ {words}\n"));
        }
    }

    /// `co2[year = 2016] = 12 tCO2  「二氧化碳排放量」`
    fn headline(&self, trace: &Trace) -> String {
        let mut line = trace.name.clone();
        if !trace.key.is_empty() {
            let keys: Vec<String> =
                trace.key.iter().map(|(index, key)| format!("{index} = {key}")).collect();
            line.push_str(&format!("[{}]", keys.join(", ")));
        }
        let lack = trace.lack.as_ref().map(|lack| lack.get(self.lang).to_owned());
        match (&trace.figure, lack) {
            (Some(figure), _) => {
                line.push_str(&format!(" = {}", figure_words(figure)));
                let unit = trace.unit.as_deref().filter(|unit| *unit != "1");
                if let Some(unit) = unit {
                    line.push_str(&format!(" {unit}"));
                }
            }
            (None, Some(lack)) => line.push_str(&format!("{}{lack}", self.word("：", ": "))),
            (None, None) => {}
        }
        if let Some(label) = &trace.label {
            line.push_str(&format!("  「{label}」"));
        }
        if let Some(cell) = self.cell(trace) {
            line.push_str(&format!("  ← {}", self.cell_words(&cell)));
        }
        line
    }

    /// Formula, source, standing: what stands below a figure.
    fn remarks(&self, trace: &Trace) -> Vec<String> {
        let mut lines = Vec::new();
        let (declared, span) = &trace.declared;
        let place = self.line_of(declared, *span);
        match &trace.leaf {
            Leaf::Formula => {
                let (document, span) = self.formula(trace);
                let place = self.line_of(&document, span);
                lines.push(format!("= {}  ({place})", self.source_text(&document, span)));
                if trace.cut {
                    lines.push(
                        self.word(
                            "（上文已展开，或到了 --depth）",
                            "(shown above already, or --depth is reached)",
                        )
                        .to_owned(),
                    );
                }
            }
            Leaf::Cell { .. } => {}
            Leaf::Set => lines.push(format!("--set  ({place})")),
            Leaf::Default => lines.push(format!("{}  ({place})", self.word("缺省值", "default"))),
            Leaf::Parameter => lines.push(format!("{}  ({place})", self.word("参数", "parameter"))),
            Leaf::Factor { set, explanation, source, page, standing } => {
                let lang = self.lang;
                let standing = tanliu_factor::Standing::parse(standing)
                    .map_or_else(|| standing.clone(), |standing| standing.name(lang).to_owned());
                let said = Some(explanation.get(lang)).filter(|said| !said.is_empty());
                let said = said.unwrap_or(set);
                lines.push(format!("{} {said}  ({place})", self.word("因子", "factor")));
                let colon = self.word("：", ": ");
                for (name, value) in [
                    (self.word("出处", "source"), source),
                    (self.word("页或节", "page or section"), page),
                    (self.word("可信程度", "standing"), &standing),
                ] {
                    if !value.is_empty() {
                        lines.push(format!("{name}{colon}{value}"));
                    }
                }
            }
        }
        for (kind, value) in &trace.attributes {
            let colon = self.word("：", ": ");
            let is_factor = matches!(trace.leaf, Leaf::Factor { .. });
            match kind.as_str() {
                "source" | "note" => {
                    lines.push(format!("{}{colon}{value}", self.attribute_word(kind)));
                }
                // Of a factor the row itself says it.
                "standing" if !is_factor => {
                    let word = tanliu_factor::Standing::parse(value);
                    let word = word.map_or(value.as_str(), |standing| standing.name(self.lang));
                    lines.push(format!("{}{colon}{word}", self.attribute_word(kind)));
                }
                _ => {}
            }
        }
        lines
    }

    /// Where the right side stands: for an input of a used document that is in the outer one.
    fn formula(&self, trace: &Trace) -> (String, Span) {
        let program = &self.session.checked.program;
        let variable = program.variable(&trace.name).and_then(|id| program.variables.get(id));
        let root = variable.and_then(|variable| match variable.kind {
            VariableKind::Formula { root, .. } => program.nodes.get(root),
            _ => None,
        });
        let found = root.and_then(|root| {
            let document = program.documents.get(root.origin.document)?;
            Some((document.source.clone(), root.origin.span))
        });
        found.unwrap_or_else(|| trace.declared.clone())
    }

    fn attribute_word<'w>(&self, kind: &'w str) -> &'w str {
        match (self.lang, kind) {
            (Lang::Zh, "source") => "来源",
            (Lang::Zh, "standing") => "可信程度",
            (Lang::Zh, "note") => "说明",
            (_, kind) => kind,
        }
    }

    /// A piece of a document on one line.
    fn source_text(&self, document: &str, span: Span) -> String {
        let text = self.session.texts.get(document).map_or("", String::as_str);
        let piece = text.get(span.start..span.end).unwrap_or("");
        piece.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn line_of(&self, document: &str, span: Span) -> String {
        let text = self.session.texts.get(document).map_or("", String::as_str);
        format!("{document}:{}", line_and_column(text, span.start).0)
    }

    /// The cell a figure was read from, with what stands in it.
    fn cell(&self, trace: &Trace) -> Option<CellPlace> {
        let Leaf::Cell { source, sheet, row, column, .. } = &trace.leaf else { return None };
        let mut cell = CellPlace {
            source: source.clone(),
            sheet: sheet.clone(),
            row: *row,
            column: *column,
            text: String::new(),
        };
        cell.text = cell_text(&self.bound.intake, &cell);
        self.bound.intake.relocate_cell(&mut cell);
        Some(cell)
    }

    fn cell_words(&self, cell: &CellPlace) -> String {
        let (text, unit) = (&cell.text, self.unit_of(cell));
        let place = tanliu_diagnostic::describe_cell(
            &CellPlace { text: String::new(), ..cell.clone() },
            self.lang,
        );
        match (text.as_str(), unit.as_str()) {
            ("", _) => place,
            (text, "") => format!("{place}「{text}」"),
            (text, unit) => format!("{place}「{text} {unit}」"),
        }
    }

    /// The unit in the header of a cell's column, as written there.
    fn unit_of(&self, cell: &CellPlace) -> String {
        let tables = &self.bound.intake.tables;
        let table = tables.iter().find(|table| {
            let mut header = CellPlace { row: table.header_row, column: 1, ..cell.clone() };
            header.source.clone_from(&table.source);
            self.bound.intake.relocate_cell(&mut header);
            (table.source == cell.source && table.sheet == cell.sheet)
                || cell.source.starts_with(&format!("{}/", table.source))
        });
        let column = table.and_then(|t| t.columns.iter().find(|own| own.number == cell.column));
        let header = column.map(|column| tanliu_method::bind::header::split_header(&column.header));
        header.and_then(|(_, unit)| unit).unwrap_or_default()
    }

    fn as_json(&self, trace: &Trace) -> Value {
        let keys: Map<String, Value> =
            trace.key.iter().map(|(index, key)| (index.clone(), json!(key))).collect();
        let (declared, span) = &trace.declared;
        let place = Place::span(declared.clone(), *span);
        json!({
            "name": trace.name,
            "label": trace.label,
            "key": keys,
            "value": trace.figure.as_ref().map(figure_json),
            "unit": trace.unit,
            "lack": trace.lack.as_ref().map(text_json),
            "declared": crate::findings::place_json(&place, &self.session.texts),
            "formula": trace.formula.map(|_| {
                let (document, span) = self.formula(trace);
                self.source_text(&document, span)
            }),
            "rests_on": self.leaf_json(trace),
            "attributes": trace.attributes.iter().map(|(kind, text)| json!({ "kind": kind, "text": text })).collect::<Vec<_>>(),
            "operands": trace.operands.iter().map(|operand| self.as_json(operand)).collect::<Vec<_>>(),
            "more": trace.more,
            "cut": trace.cut,
        })
    }

    fn leaf_json(&self, trace: &Trace) -> Value {
        match &trace.leaf {
            Leaf::Formula => json!({ "kind": "formula" }),
            Leaf::Cell { unit_seen, .. } => {
                let cell = self.cell(trace);
                json!({
                    "kind": "cell",
                    "file": cell.as_ref().map(|cell| cell.source.clone()),
                    "sheet": cell.as_ref().and_then(|cell| cell.sheet.clone()),
                    "row": cell.as_ref().map(|cell| cell.row),
                    "column": cell.as_ref().map(|cell| cell.column),
                    "text": cell.as_ref().map(|cell| cell.text.clone()),
                    "unit_seen": unit_seen,
                })
            }
            Leaf::Set => json!({ "kind": "set" }),
            Leaf::Default => json!({ "kind": "default" }),
            Leaf::Parameter => json!({ "kind": "parameter" }),
            Leaf::Factor { set, explanation, source, page, standing } => json!({
                "kind": "factor",
                "set": set,
                "explanation": text_json(explanation),
                "source": source,
                "page": page,
                "standing": standing,
            }),
        }
    }
}

fn figure_json(figure: &Figure) -> Value {
    match figure {
        Figure::Number(number) => json!(number),
        Figure::Noted(_, notation) => json!(notation.word()),
        Figure::Bool(value) => json!(value),
        Figure::Text(text) => json!(&**text),
    }
}

/// What stands in a cell of the tables as read (rows of parts not told apart yet).
fn cell_text(intake: &Intake, cell: &CellPlace) -> String {
    let table =
        intake.tables.iter().find(|table| table.source == cell.source && table.sheet == cell.sheet);
    let Some(table) = table else { return String::new() };
    let row = table.row_numbers.binary_search(&cell.row).ok();
    let column = table.columns.iter().find(|column| column.number == cell.column);
    match (row, column) {
        (Some(row), Some(column)) => column.cells.get(row).to_string(),
        _ => String::new(),
    }
}
