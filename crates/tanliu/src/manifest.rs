//! 清单 `run.json`: what was computed from what, so that anyone can compute it again. It holds no
//! clock and no path that was not given, so that the same run gives the same bytes.

use crate::data::{DataFile, sha256};
use crate::findings::text_json;
use crate::session::{Bound, Session};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_diagnostic::{Diagnostic, Lang};
use tanliu_factor::{FactorSet, Row, Standing};
use tanliu_method::document::Document;
use tanliu_method::eval::{OutputTable, RunOutcome};
use tanliu_method::program::VariableKind;

/// The manifest; `files` names the file and the digest of each table's result, if it is written.
pub(crate) fn manifest(
    session: &Session,
    bound: &Bound,
    outcome: &RunOutcome,
    drop_refused: bool,
    files: &BTreeMap<String, (String, String)>,
) -> Value {
    let document = &session.checked.document;
    let warnings = session.findings.list().iter().chain(outcome.diagnostics.list());
    let set: Map<String, Value> =
        bound.set.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "tanliu": env!("CARGO_PKG_VERSION"),
        "document": document_json(document),
        "uses": session.checked.used.iter().map(document_json).collect::<Vec<_>>(),
        "data": bound.intake.files.iter().map(data_json).collect::<Vec<_>>(),
        "factors": factors_json(session, outcome),
        "options": { "set": set, "drop_refused": drop_refused },
        "outputs": outcome.tables.iter().map(|table| output_json(table, files)).collect::<Vec<_>>(),
        "warnings": warnings.filter(|f| !f.is_error()).map(warning_json).collect::<Vec<_>>(),
        "withheld": outcome.withheld.iter()
            .map(|withheld| {
                let keys = withheld.keys.as_ref();
                json!({
                    "result": withheld.what,
                    "holes": withheld.holes,
                    "keys": keys.map(|(_, shown)| shown),
                    "count": keys.map(|(count, _)| count),
                })
            })
            .collect::<Vec<_>>(),
        "open_evidence": outcome.open_evidence.iter()
            .map(|(item, key)| json!({ "item": item, "key": key }))
            .collect::<Vec<_>>(),
        "defaults": defaults(session, bound, outcome).into_iter()
            .map(|(input, filled)| json!({ "input": input, "filled": filled }))
            .collect::<Vec<_>>(),
        "notation": notation_json(outcome),
        "dropped": outcome.dropped,
        "standing": standing_json(session, outcome),
    })
}

/// Inputs that were filled with their default, and how often; nothing: no data were given at all.
pub(crate) fn defaults<'a>(
    session: &'a Session,
    bound: &Bound,
    outcome: &RunOutcome,
) -> Vec<(&'a str, Option<usize>)> {
    let variables = session.checked.program.variables.iter().enumerate();
    variables
        .filter_map(|(id, variable)| {
            let VariableKind::Input(input) = &variable.kind else { return None };
            input.default.as_ref()?;
            let filled = outcome.defaults.iter().find(|(name, _)| *name == variable.name);
            let table = bound.dataset.inputs.get(&id);
            let in_files = bound.wide.iter().any(|input| input.variable == id);
            let absent = !in_files && table.is_none_or(|table| table.values.len() == table.filled);
            match filled {
                Some((_, count)) if !absent => Some((variable.name.as_str(), Some(*count))),
                _ if absent => Some((variable.name.as_str(), None)),
                _ => None,
            }
        })
        .collect()
}

/// A file of data; of a Delta table also the version, by which it can be read again.
fn data_json(file: &DataFile) -> Value {
    let mut value = json!({
        "file": file.name, "bytes": file.size, "sha256": file.digest(), "rows": file.rows,
    });
    if let (Value::Object(map), Some((version, time))) = (&mut value, &file.version) {
        map.insert("version".to_owned(), json!(version));
        map.insert("time".to_owned(), json!(time));
    }
    value
}

fn document_json(document: &Document) -> Value {
    let front = &document.front;
    let mut value = json!({
        "id": front.id,
        "version": front.version,
        "file": document.source,
        "sha256": sha256(document.text.as_bytes()),
    });
    if let Value::Object(map) = &mut value {
        if let Some(title) = &front.title {
            map.insert("title".to_owned(), json!({ "zh": title.zh, "en": title.en }));
        }
        if let Some(status) = &front.status {
            map.insert("status".to_owned(), json!(status));
        }
        if let Some((gwp, _)) = &front.gwp {
            map.insert("gwp".to_owned(), json!(gwp.name()));
        }
    }
    value
}

/// A result in the manifest; of one that is streamed, `table` holds the first rows.
pub(crate) fn output_json(
    table: &OutputTable,
    files: &BTreeMap<String, (String, String)>,
) -> Value {
    let mut value = json!({
        "name": table.name,
        "label": table.label,
        "unit": table.unit,
        "indexes": table.indexes,
        "rows": table.figures.len(),
    });
    if let (Value::Object(map), Some((file, digest))) = (&mut value, files.get(&table.name)) {
        map.insert("file".to_owned(), json!(file));
        map.insert("sha256".to_owned(), json!(digest));
    }
    value
}

fn warning_json(finding: &Diagnostic) -> Value {
    let notes: Vec<Value> = finding.notes.iter().map(text_json).collect();
    json!({
        "code": finding.code,
        "zh": finding.message.zh,
        "en": finding.message.en,
        "notes": notes,
    })
}

/// NE and C under each output they reach.
fn notation_json(outcome: &RunOutcome) -> Value {
    let mut outputs: Map<String, Value> = Map::new();
    for (output, input, key, notation) in &outcome.notations {
        let list = outputs.entry(output.clone()).or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(json!({ "input": input, "key": key, "notation": notation.word() }));
        }
    }
    Value::Object(outputs)
}

/// Each set with its digest and the rows that were taken, by the factor that asked for them.
fn factors_json(session: &Session, outcome: &RunOutcome) -> Value {
    let mut sets: BTreeMap<&str, BTreeMap<&str, BTreeSet<usize>>> = BTreeMap::new();
    for used in &outcome.factors {
        let names = sets.entry(&used.set).or_default();
        names.entry(&used.name).or_default().extend(&used.rows);
    }
    let list = sets.into_iter().filter_map(|(id, names)| {
        let set = session.loaded.catalogue.set(id)?;
        let used: Vec<Value> = names
            .into_iter()
            .map(|(name, rows)| {
                let rows = rows.into_iter().filter_map(|row| set.rows.get(row));
                let rows: Vec<Value> = rows.map(|row| row_json(set, row)).collect();
                json!({ "name": name, "rows": rows })
            })
            .collect();
        Some(json!({
            "set": id,
            "from": session.factor_files.origin(id),
            "sha256": sha256(set.digest_text().as_bytes()),
            "used": used,
        }))
    });
    list.collect()
}

/// A row of a set with where it stands printed.
pub(crate) fn row_json(set: &FactorSet, row: &Row) -> Value {
    let keys: Map<String, Value> = set
        .header
        .keys
        .iter()
        .zip(&row.keys)
        .map(|(key, code)| (key.column.clone(), json!(code)))
        .collect();
    json!({
        "line": row.line,
        "key": keys,
        "from": row.validity.from.to_string(),
        "to": row.validity.to.map(|to| to.to_string()),
        "value": row.printed,
        "unit": row.unit.to_string(),
        "source": row.source,
        "page": row.page,
        "standing": row.standing.word(),
    })
}

/// What is less than verified: the document's status, its parameters, the factors that were taken.
fn standing_json(session: &Session, outcome: &RunOutcome) -> Value {
    let parameters: Vec<Value> = standing_of_parameters(session)
        .map(|(name, text)| json!({ "name": name, "standing": text }))
        .collect();
    let factors: Vec<Value> = standing_of_factors(session, outcome)
        .into_iter()
        .map(|(set, standing)| json!({ "set": set, "standing": standing.word() }))
        .collect();
    json!({ "parameters": parameters, "factors": factors })
}

/// The parameters that say how far they are to be trusted, with what they say.
fn standing_of_parameters(session: &Session) -> impl Iterator<Item = (&str, &str)> {
    session.checked.program.variables.iter().flat_map(|variable| {
        let words = variable.attributes.iter().filter(|(kind, _)| kind == "standing");
        words.map(|(_, text)| (variable.name.as_str(), text.as_str()))
    })
}

/// The factor sets that were asked, with the standing of the rows that were taken.
fn standing_of_factors<'a>(
    session: &'a Session,
    outcome: &'a RunOutcome,
) -> BTreeSet<(&'a str, Standing)> {
    let mut factors = BTreeSet::new();
    for used in &outcome.factors {
        let Some(set) = session.loaded.catalogue.set(&used.set) else { continue };
        for row in used.rows.iter().filter_map(|row| set.rows.get(*row)) {
            factors.insert((used.set.as_str(), row.standing));
        }
    }
    factors
}

/// What a result rests on that was not read in the text that issues it: `ef（转引，未见原文）`.
pub(crate) fn not_verified(session: &Session, outcome: &RunOutcome, lang: Lang) -> Vec<String> {
    let parameters = standing_of_parameters(session)
        .filter_map(|(name, text)| Some((name, Standing::parse(text.trim())?)));
    parameters
        .chain(standing_of_factors(session, outcome))
        .filter(|(_, standing)| *standing != Standing::Verified)
        .map(|(name, standing)| match lang {
            Lang::Zh => format!("{name}（{}）", standing.name(lang)),
            Lang::En => format!("{name} ({})", standing.name(lang)),
        })
        .collect()
}
