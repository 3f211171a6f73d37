//! 期望表 `Table: expect …`: each cell is a key that must have that value; an empty cell, no value.

use super::{Also, Expectation};
use crate::bind::header::split_header;
use crate::check::Checked;
use crate::document::{Example, ExampleItem, ExampleTable, Tolerance};
use crate::eval::{Figure, OutputTable, RunOutcome};
use crate::number::{format_number, parse_number};
use crate::program::{Index, IndexKind, Key, Type, Variable, VariableId};
use crate::table::CellRef;
use std::collections::BTreeMap;
use std::rc::Rc;
use tanliu_diagnostic::{Diagnostic, Place, Span, nearest};
use tanliu_unit::Unit;
use tanliu_unit::time::TimeKey;
use unicode_normalization::UnicodeNormalization;

/// One table of expectations.
pub(super) struct ExpectedTable<'e> {
    pub(super) names: &'e [(String, Span)],
    pub(super) tolerance: Option<Tolerance>,
    pub(super) table: &'e ExampleTable,
}

/// The variables that an example expects.
pub(super) fn names(checked: &Checked, example: &Example) -> Also {
    let mut also = Also::new();
    for item in &example.items {
        let ExampleItem::ExpectTable { names, .. } = item else { continue };
        also.extend(names.iter().filter_map(|(name, _)| find(checked, name)));
    }
    also.sort_unstable();
    also.dedup();
    also
}

/// Names that an example gives or expects and the document does not declare. What an example
/// gives that awaits a failure may be that failure: the run says so.
pub(super) fn unknown_names(checked: &Checked, example: &Example) -> Vec<Diagnostic> {
    let mut unknown = Vec::new();
    let awaits_failure =
        example.items.iter().any(|item| matches!(item, ExampleItem::ExpectFailure { .. }));
    let gives = |name: &str| awaits_failure || may_be_given(checked, name);
    for item in &example.items {
        match item {
            ExampleItem::ExpectTable { names, .. } => {
                let strange = names.iter().filter(|(name, _)| find(checked, name).is_none());
                unknown
                    .extend(strange.map(|(name, span)| unknown_name(checked, name, *span, true)));
            }
            ExampleItem::GivenTable { names, .. } => {
                let strange = names.iter().filter(|(name, _)| !gives(name));
                unknown
                    .extend(strange.map(|(name, span)| unknown_name(checked, name, *span, false)));
            }
            ExampleItem::Given { name, span, .. } if !gives(name) => {
                unknown.push(unknown_name(checked, name, *span, false));
            }
            _ => {}
        }
    }
    unknown
}

fn find(checked: &Checked, name: &str) -> Option<VariableId> {
    checked.program.variable(name).or_else(|| {
        let labelled = |variable: &Variable| variable.label.as_deref() == Some(name);
        checked.program.variables.iter().position(labelled)
    })
}

/// Whether something is so named; that it is an input is for the binder to see. Inputs and holes
/// of a used document may go without its name.
fn may_be_given(checked: &Checked, name: &str) -> bool {
    let plain = |text: &str| text.nfkc().collect::<String>();
    let name = plain(name);
    name == "evidence"
        || checked.program.variables.iter().any(|variable| {
            let short = variable.name.rsplit('.').next().unwrap_or_default();
            plain(&variable.name) == name
                || plain(short) == name
                || variable.label.as_deref().is_some_and(|label| plain(label) == name)
        })
}

fn unknown_name(checked: &Checked, name: &str, span: Span, expected: bool) -> Diagnostic {
    let known = checked.program.variables.iter().map(|variable| variable.name.as_str());
    let near = nearest(name, known);
    let (zh, en) = if expected { ("期望", "expects") } else { ("给出", "gives") };
    let diagnostic = Diagnostic::error(
        "example-unknown-name",
        format!("算例{zh}的 `{name}` 不存在"),
        format!("the example {en} `{name}`, which does not exist"),
    )
    .at(Place::span(checked.document.source.clone(), span), "", "");
    match near.first() {
        Some(near) => {
            diagnostic.hint(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?"))
        }
        None => diagnostic,
    }
}

/// Compares a run with one table of expectations.
pub(super) fn compare(
    checked: &Checked,
    outcome: &RunOutcome,
    wanted: &ExpectedTable,
    expectations: &mut Vec<Expectation>,
    faults: &mut Vec<Diagnostic>,
) {
    let headers: Vec<(String, Option<String>)> =
        wanted.table.table.columns.iter().map(|column| split_header(&column.header)).collect();
    for (name, span) in wanted.names {
        let Some(id) = find(checked, name) else { continue };
        let Some(variable) = checked.program.variables.get(id) else { continue };
        let column = headers.iter().position(|(header, _)| {
            header == name || *header == variable.name || Some(header) == variable.label.as_ref()
        });
        let Some(column) = column else {
            faults.push(no_column(checked, name, *span));
            continue;
        };
        let unit_text = headers.get(column).and_then(|(_, unit)| unit.clone());
        let unit = match column_unit(checked, variable, unit_text.as_deref()) {
            Ok(unit) => unit,
            Err(found) => {
                faults.push(bad_unit(checked, name, &found, cell_span(wanted.table, 0, column)));
                continue;
            }
        };
        let keys = match key_columns(checked, variable, &headers) {
            Ok(keys) => keys,
            Err(index) => {
                faults.push(no_index(checked, name, &index, *span));
                continue;
            }
        };
        let table = outcome.tables.iter().find(|table| table.variable == id);
        let rows = table.map(rows_by_key).unwrap_or_default();
        let held = Held { checked, wanted, variable, unit, column, keys: &keys };
        held.compare(table, &rows, expectations, faults);
    }
}

fn rows_by_key(table: &OutputTable) -> BTreeMap<Vec<Rc<str>>, usize> {
    (0..table.figures.len())
        .map(|row| {
            let key = table.keys.iter().filter_map(|column| column.get(row).cloned()).collect();
            (key, row)
        })
        .collect()
}

/// One expected column with all it takes to compare it.
struct Held<'h> {
    checked: &'h Checked,
    wanted: &'h ExpectedTable<'h>,
    variable: &'h Variable,
    unit: Option<Unit>,
    column: usize,
    keys: &'h [(usize, &'h Index)],
}

impl Held<'_> {
    fn compare(
        &self,
        table: Option<&OutputTable>,
        rows: &BTreeMap<Vec<Rc<str>>, usize>,
        expectations: &mut Vec<Expectation>,
        faults: &mut Vec<Diagnostic>,
    ) {
        let cells = &self.wanted.table.table;
        for row in 0..cells.row_count() {
            let text = |column: usize| match cells.columns.get(column).map(|c| c.cells.get(row)) {
                Some(CellRef::Text(text)) => text.trim().to_owned(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            let mut key: Vec<Rc<str>> = Vec::new();
            let mut sound = true;
            for (column, index) in self.keys {
                match read_key(index, &text(*column)) {
                    Some(found) => key.push(Rc::from(index.show(&found))),
                    None => {
                        let span = cell_span(self.wanted.table, row + 1, *column);
                        faults.push(bad_key(self.checked, index, &text(*column), span));
                        sound = false;
                    }
                }
            }
            if !sound {
                continue;
            }
            let figure = table.zip(rows.get(&key)).and_then(|(table, row)| table.figures.get(*row));
            let span = cell_span(self.wanted.table, row + 1, self.column);
            let what = self.what(&key);
            expectations.push(self.expectation(what, &text(self.column), figure, span));
        }
    }

    fn what(&self, key: &[Rc<str>]) -> String {
        if key.is_empty() {
            return self.variable.name.clone();
        }
        let parts: Vec<String> = self
            .keys
            .iter()
            .zip(key)
            .map(|((_, index), key)| format!("{} = {key}", index.name))
            .collect();
        format!("{}[{}]", self.variable.name, parts.join(", "))
    }

    fn expectation(
        &self,
        what: String,
        cell: &str,
        figure: Option<&Figure>,
        span: Span,
    ) -> Expectation {
        let unit = match &self.unit {
            Some(unit) if unit.to_string() != "1" => format!(" {unit}"),
            _ => String::new(),
        };
        let nothing = matches!(cell, "" | "-" | "—" | "–");
        let mut expectation = Expectation {
            what,
            expected: if nothing { "—".to_owned() } else { format!("{cell}{unit}") },
            actual: "—".to_owned(),
            difference: None,
            tolerance: None,
            passed: nothing && figure.is_none(),
            place: Place::span(self.checked.document.source.clone(), span),
        };
        let Some(figure) = figure else { return expectation };
        match figure {
            Figure::Noted(_, notation) => {
                expectation.actual = notation.word().to_owned();
                // A notation key computes as 0, so a printed 0 is its value too.
                let zero = parse_number(cell).is_ok_and(|read| read.value == 0.0);
                expectation.passed = !nothing && (zero || cell == notation.word());
            }
            Figure::Bool(value) => {
                expectation.actual = value.to_string();
                let wanted = matches!(cell, "true" | "TRUE" | "是");
                let known = wanted || matches!(cell, "false" | "FALSE" | "否");
                expectation.passed = known && wanted == *value;
            }
            Figure::Text(text) => {
                expectation.actual = text.to_string();
                expectation.passed = !nothing && self.same_text(cell, text);
            }
            Figure::Number(number) => self.hold_number(&mut expectation, cell, *number, &unit),
        }
        expectation
    }

    fn hold_number(&self, expectation: &mut Expectation, cell: &str, number: f64, unit: &str) {
        let own = self.variable.ty.unit();
        let conversion =
            own.zip(self.unit.as_ref()).and_then(|(own, unit)| own.conversion_to(unit));
        let actual = conversion.map_or(number, |conversion| conversion.apply(number));
        expectation.actual = format!("{}{unit}", format_number(actual));
        let Ok(read) = parse_number(cell) else { return };
        let mut expected = read.value;
        let mut tolerance = last_digit(cell) / 2.0;
        if read.percent && !unit.ends_with('%') {
            expected /= 100.0;
            tolerance /= 100.0;
        }
        match self.wanted.tolerance {
            Some(Tolerance::Absolute(given)) => tolerance = given,
            Some(Tolerance::Relative(given)) => tolerance = given * expected.abs(),
            None => {}
        }
        let difference = actual - expected;
        // Half a digit is seen at 14 digits, so that 0.125 passes for 0.13 as well as for 0.12.
        let room = tolerance + 1e-14 * expected.abs().max(actual.abs());
        expectation.passed = difference.abs() <= room;
        expectation.difference = Some(format!("{}{unit}", short(difference)));
        expectation.tolerance = Some(format!("{}{unit}", short(tolerance)));
    }

    fn same_text(&self, cell: &str, text: &str) -> bool {
        if cell == text {
            return true;
        }
        match &self.variable.ty {
            Type::Key(index) => {
                let index = self.checked.program.indexes.get(*index);
                index.is_some_and(|index| {
                    read_key(index, cell).is_some_and(|key| index.show(&key) == text)
                })
            }
            Type::Date => TimeKey::parse_as(cell, tanliu_unit::time::Grain::Day)
                .is_some_and(|day| day.to_string() == text),
            _ => false,
        }
    }
}

/// A difference or tolerance to three significant digits.
fn short(number: f64) -> String {
    let text = format!("{number:.2e}");
    text.parse::<f64>().map_or(text, format_number)
}

/// The weight of the last digit printed: `0.9041` → 0.0001, `1,200` → 1, `1.5e3` → 100.
fn last_digit(cell: &str) -> f64 {
    let plain: String = cell.nfkc().collect();
    let plain = plain.trim().trim_end_matches('%').trim();
    let (digits, exponent) = match plain.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().unwrap_or(0)),
        None => (plain, 0),
    };
    let decimals = digits.split_once('.').map_or(0, |(_, fraction)| {
        i32::try_from(fraction.chars().filter(char::is_ascii_digit).count()).unwrap_or(0)
    });
    format!("1e{}", exponent - decimals).parse().unwrap_or(1.0)
}

fn read_key(index: &Index, text: &str) -> Option<Key> {
    let text: String = text.trim().nfc().collect();
    match &index.kind {
        IndexKind::Closed(members) => index.member(&text).map(Key::Member).or_else(|| {
            // Cells come in compatibility form (NFKC); members are compared in that form too.
            let plain = |word: &str| word.nfkc().collect::<String>();
            let found = members.iter().position(|(name, label)| {
                plain(name) == text || label.as_deref().is_some_and(|label| plain(label) == text)
            });
            found.and_then(|member| u32::try_from(member).ok()).map(Key::Member)
        }),
        IndexKind::Time { grain, .. } => TimeKey::parse_as(&text, *grain).map(Key::Time),
        IndexKind::Integer => text.parse().ok().map(Key::Integer),
        IndexKind::Text if text.is_empty() => None,
        IndexKind::Text => Some(Key::Text(Rc::from(text.as_str()))),
    }
}

fn column_unit(
    checked: &Checked,
    variable: &Variable,
    written: Option<&str>,
) -> Result<Option<Unit>, String> {
    let Some(declared) = variable.ty.unit() else { return Ok(None) };
    let Some(written) = written else {
        return match declared.to_string() == "1" {
            true => Ok(Some(declared.clone())),
            false => Err(String::new()),
        };
    };
    match checked.units.parse(written) {
        Ok(unit) if declared.conversion_to(&unit).is_some() => Ok(Some(unit)),
        _ => Err(written.to_owned()),
    }
}

fn key_columns<'c>(
    checked: &'c Checked,
    variable: &Variable,
    headers: &[(String, Option<String>)],
) -> Result<Vec<(usize, &'c Index)>, String> {
    let mut keys = Vec::new();
    for dim in &variable.dims {
        let Some(index) = checked.program.indexes.get(*dim) else { continue };
        match headers.iter().position(|(header, _)| *header == index.name) {
            Some(column) => keys.push((column, index)),
            None => return Err(index.name.clone()),
        }
    }
    Ok(keys)
}

fn cell_span(table: &ExampleTable, row: usize, column: usize) -> Span {
    table.cell_spans.get(row).and_then(|row| row.get(column)).copied().unwrap_or(table.span)
}

fn no_column(checked: &Checked, name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "example-no-column",
        format!("期望表没有 `{name}` 列"),
        format!("the table of expectations has no column `{name}`"),
    )
    .at(Place::span(checked.document.source.clone(), span), "", "")
    .hint(format!("给要比对的列写上列名 {name}"), format!("head the column to compare with {name}"))
}

fn no_index(checked: &Checked, name: &str, index: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "example-no-index",
        format!("期望表没有 `{name}` 的索引列 `{index}`"),
        format!("the table of expectations has no column `{index}`, an index of `{name}`"),
    )
    .at(Place::span(checked.document.source.clone(), span), "", "")
    .hint(format!("加上 {index} 列"), format!("add a column {index}"))
}

fn bad_unit(checked: &Checked, name: &str, found: &str, span: Span) -> Diagnostic {
    let place = Place::span(checked.document.source.clone(), span);
    if found.is_empty() {
        return Diagnostic::error(
            "example-unit",
            format!("`{name}` 列须在表头写明单位"),
            format!("column `{name}` wants a unit in its header"),
        )
        .at(place, "", "")
        .hint(format!("如 {name} (t)"), format!("as in {name} (t)"));
    }
    Diagnostic::error(
        "example-unit",
        format!("`{name}` 的单位 `{found}` 不能由声明的单位换算"),
        format!("unit `{found}` of `{name}` does not convert from the declared one"),
    )
    .at(place, "", "")
}

fn bad_key(checked: &Checked, index: &Index, text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "example-key",
        format!("`{text}` 不是索引 {} 的键", index.name),
        format!("`{text}` is not a key of index {}", index.name),
    )
    .at(Place::span(checked.document.source.clone(), span), "", "")
}
