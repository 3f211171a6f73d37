//! 讲述 A trace as a tree of lines, or as data.

use crate::data::Intake;
use crate::findings::{line_and_column, text_json};
use crate::results::figure_words;
use crate::session::{Bound, Session};
use serde_json::{Map, Value, json};
use tanliu_diagnostic::{CellPlace, Lang, Place, Span};
use tanliu_method::eval::{Figure, Leaf, Trace};

/// Tells a trace, as a tree or as data.
pub(crate) struct Teller<'a> {
    /// The document.
    pub(crate) session: &'a Session,
    /// Its data.
    pub(crate) bound: &'a Bound,
    /// The reader's language.
    pub(crate) lang: Lang,
}

impl Teller<'_> {
    fn word<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    /// Writes a figure and below it what it was made of. `first` leads the first line, `lead` the
    /// others.
    pub(super) fn tell(&self, trace: &Trace, first: &str, lead: &str, text: &mut String) {
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
                let (document, span) = trace.formula.as_ref().unwrap_or(&trace.declared);
                let place = self.line_of(document, *span);
                lines.push(format!("= {}  ({place})", self.source_text(document, *span)));
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
            Leaf::Lacking => {
                lines.push(format!("{}  ({place})", self.word("没有填", "not given")));
            }
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

    /// The tree as data.
    pub(crate) fn as_json(&self, trace: &Trace) -> Value {
        let keys: Map<String, Value> =
            trace.key.iter().map(|(index, key)| (index.clone(), json!(key))).collect();
        let (declared, span) = &trace.declared;
        let place = Place::span(declared.clone(), *span);
        let attributes = trace.attributes.iter();
        let attributes: Vec<Value> =
            attributes.map(|(kind, text)| json!({ "kind": kind, "text": text })).collect();
        let operands: Vec<Value> = trace.operands.iter().map(|own| self.as_json(own)).collect();
        json!({
            "name": trace.name,
            "label": trace.label,
            "key": keys,
            "value": trace.figure.as_ref().map(figure_json),
            "unit": trace.unit,
            "lack": trace.lack.as_ref().map(text_json),
            "declared": crate::findings::place_json(&place, &self.session.texts),
            "formula": trace.formula.as_ref().map(|(document, span)| self.source_text(document, *span)),
            "rests_on": self.leaf_json(trace),
            "attributes": attributes,
            "operands": operands,
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
            Leaf::Lacking => json!({ "kind": "lacking" }),
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
pub(crate) fn cell_text(intake: &Intake, cell: &CellPlace) -> String {
    // Rows picked out of a wide table have lost their numbers.
    if cell.row == 0 {
        return String::new();
    }
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
