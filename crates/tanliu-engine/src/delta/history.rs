//! 历史 The versions of a table: when, by whom, what, how many rows.

use super::DeltaError;
use super::log::{Entry, Log};
use super::open::{load, shown};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// 一个版本 What the log says of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The version.
    pub version: i64,
    /// When it was made, in milliseconds since 1970 (UTC).
    pub timestamp: i64,
    /// `CREATE TABLE`, `WRITE`, `MERGE`, …
    pub operation: String,
    /// Rows that are new, if the log says.
    pub added: Option<u64>,
    /// Rows with other values, if the log says.
    pub updated: Option<u64>,
    /// Files added and removed.
    pub files: (usize, usize),
    /// Who wrote it, if given.
    pub author: Option<String>,
    /// The remark, if given.
    pub note: Option<String>,
    /// The program that wrote it.
    pub engine: Option<String>,
}

/// 历史 The versions whose entries are still in the log, the newest first.
///
/// # Errors
/// A folder without a log; a damaged entry, by its file.
pub fn history(path: &Path) -> Result<Vec<HistoryEntry>, DeltaError> {
    let log = Log::list(path, &shown(path))?;
    let mut list = Vec::new();
    for (version, timestamp) in log.times()? {
        list.push(told(version, timestamp, &log.entry(version)?));
    }
    list.reverse();
    Ok(list)
}

fn told(version: i64, timestamp: i64, entry: &Entry) -> HistoryEntry {
    let text = |key: &str| entry.info.get(key).and_then(Value::as_str).map(str::to_owned);
    let metric = |key: &str| {
        let value = entry.info.get("operationMetrics").and_then(|metrics| metrics.get(key));
        // Other writers put figures as texts.
        value.and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()))
    };
    let operation = text("operation").unwrap_or_else(|| "?".to_owned());
    let is_merge = operation == "MERGE";
    let counted: Option<u64> = entry.added.iter().map(|(_, rows)| *rows).sum();
    let added = match metric("numTargetRowsInserted") {
        Some(rows) => Some(rows),
        None if is_merge => metric("num_target_rows_inserted"),
        None => metric("numOutputRows").or(counted),
    };
    HistoryEntry {
        version,
        timestamp,
        added,
        updated: metric("numTargetRowsUpdated").or_else(|| metric("num_target_rows_updated")),
        files: (entry.added.len(), entry.removed.len()),
        author: text("userName"),
        note: text("userMetadata"),
        engine: text("engineInfo"),
        operation,
    }
}

/// 遗留文件 Parquet files in a table's folder that neither the latest version nor any entry of the
/// log names: what a writer left that was interrupted. They are in no version and harm nobody.
///
/// # Errors
/// A table that cannot be opened.
pub fn leftovers(path: &Path) -> Result<Vec<PathBuf>, DeltaError> {
    let (snapshot, _) = load(path, None)?;
    let log = Log::list(&snapshot.root, &snapshot.shown)?;
    let mut known: BTreeSet<PathBuf> =
        snapshot.files.iter().map(|file| file.path.clone()).collect();
    for version in log.versions() {
        let entry = log.entry(version)?;
        let named = entry.added.iter().map(|(path, _)| path).chain(&entry.removed);
        known.extend(named.map(|path| snapshot.root.join(decoded(path))));
    }
    let mut found = Vec::new();
    walk(&snapshot.root, &mut found);
    found.retain(|file| !known.contains(file));
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() {
            if !name.starts_with(['_', '.']) {
                walk(&path, found);
            }
        } else if name.ends_with(".parquet") {
            found.push(path);
        }
    }
}

/// The log writes paths as addresses: `%25` is `%`.
pub(crate) fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (first, code) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
