//! `tanliu table`: Delta tables are made, added to, restated, replaced, looked at.

mod tell;

use crate::arguments::{Table, TableAction, TableCreate, TableRows, TableWriter};
use crate::failure::{Ended, Failure};
use crate::findings::{Texts, findings_json};
use crate::screen::Screen;
use crate::session::Session;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tanliu_diagnostic::Diagnostic;
use tanliu_engine::delta::{
    self, Appended, AsOf, Author, DeltaError, DeltaSnapshot, HistoryEntry, Incoming, MergeOptions,
    Merged, Partition, Replaced, TableLayout,
};
use tell::{told, told_json};

/// 结局 What an action on a table came to.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A table was made; with rows, if files were given.
    Created(Appended),
    /// Rows were added.
    Appended(Appended),
    /// Rows were restated.
    Merged(Merged),
    /// Partitions were replaced.
    Replaced(Replaced),
    /// Its versions.
    History(Vec<HistoryEntry>),
    /// A version of it, and files that no version knows.
    Shown(Box<DeltaSnapshot>, Vec<PathBuf>),
}

/// Does what is wanted and tells of it.
pub(crate) fn run(wanted: &Table, screen: &mut Screen) -> Result<Ended, Failure> {
    match act(wanted)? {
        Ok(outcome) if wanted.json => screen.json(&told_json(&outcome)),
        Ok(outcome) => told(folder(wanted), &outcome, screen),
        Err(findings) => {
            let texts = Texts::new();
            if wanted.json {
                screen.json(&json!({ "ok": false, "findings": findings_json(&findings, &texts) }));
            } else {
                screen.findings(&findings, &texts, false);
            }
            return Ok(Ended::Refused);
        }
    }
    Ok(Ended::Well)
}

fn folder(wanted: &Table) -> &str {
    match &wanted.action {
        TableAction::Create(create) => &create.rows.folder,
        TableAction::Append(rows) | TableAction::Replace(rows) => &rows.folder,
        TableAction::Merge { rows, .. } => &rows.folder,
        TableAction::History { folder } | TableAction::Show { folder, .. } => folder,
    }
}

/// Does what is wanted; what was found against it.
pub(crate) fn act(wanted: &Table) -> Result<Result<Outcome, Vec<Diagnostic>>, Failure> {
    let path = Path::new(folder(wanted));
    let done = match &wanted.action {
        TableAction::Create(create) => {
            let layout = match declared(create)? {
                Ok(layout) => layout,
                Err(findings) => return Ok(Err(findings)),
            };
            made(path, layout, create)
        }
        TableAction::Append(rows) => incoming(rows).and_then(|files| {
            delta::append(path, files, &author(&rows.writer)).map(Outcome::Appended)
        }),
        TableAction::Replace(rows) => incoming(rows).and_then(|files| {
            delta::replace(path, files, &author(&rows.writer)).map(Outcome::Replaced)
        }),
        TableAction::Merge { rows, key, known_only } => incoming(rows).and_then(|files| {
            let options = MergeOptions {
                keys: listed(key),
                known_only: *known_only,
                author: author(&rows.writer),
                held_bytes: None,
            };
            delta::merge(path, files, &options).map(Outcome::Merged)
        }),
        TableAction::History { .. } => delta::history(path).map(Outcome::History),
        TableAction::Show { as_of, .. } => shown(path, as_of.as_deref()),
    };
    Ok(done.map_err(|error| vec![error.diagnostic()]))
}

fn shown(path: &Path, as_of: Option<&str>) -> Result<Outcome, DeltaError> {
    let as_of = as_of.map(AsOf::parse).transpose()?;
    let snapshot = delta::open(path, as_of.as_ref())?;
    let leftovers = delta::leftovers(path)?;
    Ok(Outcome::Shown(Box::new(snapshot), leftovers))
}

/// The layout that a document declares; none if none is named.
fn declared(create: &TableCreate) -> Result<Result<Option<TableLayout>, Vec<Diagnostic>>, Failure> {
    let Some(document) = &create.from else {
        if create.rows.files.is_empty() {
            return Err(Failure::new(
                "不知道表有哪些列",
                "nothing says which columns the table has",
            )
            .hint(
                "给出数据文件，或用 --from 文档 --input 输入名",
                "give a file of rows, or --from DOC --input NAME",
            ));
        }
        return Ok(Ok(None));
    };
    let session = Session::open(document, &create.sources)?;
    if session.findings.has_errors() {
        return Ok(Err(session.findings.list().to_vec()));
    }
    let inputs = listed(&create.input);
    match delta::layout_of_input(&session.checked.program, &inputs) {
        Some(layout) => Ok(Ok(Some(layout))),
        None => Err(Failure::new(
            format!("{document} 没有输入 {}，或它们的索引不同", inputs.join("、")),
            format!("{document} has no inputs {} over the same indexes", inputs.join(", ")),
        )
        .hint("用 --input 写出文档里的输入名", "name inputs of the document with --input")),
    }
}

/// Makes the table and puts the rows in; if they do not fit, the table is taken away again.
fn made(
    path: &Path,
    layout: Option<TableLayout>,
    create: &TableCreate,
) -> Result<Outcome, DeltaError> {
    let keys = listed(&create.key);
    let mut layout = match (layout, create.rows.files.first()) {
        (Some(layout), _) => layout,
        (None, Some(first)) => {
            let units = units(&create.rows);
            let first = files_of(Path::new(first)).into_iter().next();
            let first = first.unwrap_or_else(|| PathBuf::from(&create.rows.folder));
            delta::layout_of(Incoming::open(&first)?.with_units(&units), &keys)?
        }
        (None, None) => TableLayout::default(),
    };
    if !keys.is_empty() {
        layout.keys = keys;
    }
    let partitions = listed(&create.partition);
    layout.partitions =
        partitions.iter().map(|text| Partition::parse(text)).collect::<Result<_, _>>()?;
    let files = incoming(&create.rows)?;
    let author = author(&create.rows.writer);
    let was_there = path.exists();
    delta::create(path, &layout, &author)?;
    match delta::append(path, files, &author) {
        Ok(appended) => Ok(Outcome::Created(appended)),
        Err(error) => {
            let made = if was_there { path.join("_delta_log") } else { path.to_owned() };
            let _ = std::fs::remove_dir_all(made);
            Err(error)
        }
    }
}

/// All files that are given; folders with their CSV and Parquet files.
fn incoming(rows: &TableRows) -> Result<Vec<Incoming>, DeltaError> {
    let units = units(rows);
    let files = rows.files.iter().flat_map(|file| files_of(Path::new(file)));
    files.map(|file| Ok(Incoming::open(&file)?.with_units(&units))).collect()
}

fn files_of(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut list: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    list.sort();
    let is_table =
        |path: &PathBuf| path.extension().is_some_and(|ext| ext == "csv" || ext == "parquet");
    list.into_iter()
        .flat_map(|path| if path.is_dir() { files_of(&path) } else { vec![path] })
        .filter(is_table)
        .collect()
}

/// `--unit power=kWh`.
fn units(rows: &TableRows) -> BTreeMap<String, String> {
    let pairs = rows.unit.iter().filter_map(|text| text.split_once('='));
    pairs.map(|(name, unit)| (name.trim().to_owned(), unit.trim().to_owned())).collect()
}

fn author(writer: &TableWriter) -> Author {
    Author { name: writer.by.clone(), note: writer.note.clone() }
}

/// `--key plant,instant`, or repeated.
fn listed(texts: &[String]) -> Vec<String> {
    let parts = texts.iter().flat_map(|text| text.split([',', '，', '、']));
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
