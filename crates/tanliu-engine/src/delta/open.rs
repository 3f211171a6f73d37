//! 打开 A version of a table: its schema and its data files, each checked to be there.

use super::as_of::AsOf;
use super::log::Log;
use super::runtime::wait;
use super::{ColumnType, DERIVED, DeltaError, KEYS, LABEL, UNIT};
use arrow::datatypes::{Field, SchemaRef};
use deltalake_core::{DeltaTable, DeltaTableBuilder, ensure_table_uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Delta 快照 A table as of one version.
#[derive(Debug, Clone)]
pub struct DeltaSnapshot {
    /// The folder as given.
    pub shown: String,
    /// The folder, absolute.
    pub root: PathBuf,
    /// The version.
    pub version: i64,
    /// When it was made, in milliseconds since 1970 (UTC).
    pub timestamp: i64,
    /// The columns, partitions included; units and labels in the fields' metadata.
    pub schema: SchemaRef,
    /// The partition columns, outermost first.
    pub partitions: Vec<String>,
    /// The key columns that were named when the table was made.
    pub keys: Vec<String>,
    /// The data files in the order of their names.
    pub files: Vec<DataFile>,
}

/// 列 A column of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotColumn {
    /// Its name.
    pub name: String,
    /// What it holds; none for what a document cannot use.
    pub kind: Option<ColumnType>,
    /// Its unit.
    pub unit: Option<String>,
    /// Its label.
    pub label: Option<String>,
    /// The rule of a partition that is storage only: `month(instant)`.
    pub derived: Option<String>,
    /// Whether the table is partitioned by it.
    pub partition: bool,
}

/// 数据文件 A Parquet file of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// The file, absolute.
    pub path: PathBuf,
    /// The file inside the table, as the log names it.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The value of each partition column, as the log writes it; none for an empty one.
    pub partition: BTreeMap<String, Option<String>>,
    /// Its rows, if the log counts them.
    pub rows: Option<u64>,
}

impl DeltaSnapshot {
    /// The rows of all files, if the log counts them.
    pub fn rows(&self) -> Option<u64> {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// The columns as people read them.
    pub fn columns(&self) -> Vec<SnapshotColumn> {
        let of_field = |field: &Arc<Field>| {
            let said = |key: &str| field.metadata().get(key).cloned();
            SnapshotColumn {
                name: field.name().clone(),
                kind: ColumnType::of(field.data_type()),
                unit: said(UNIT),
                label: said(LABEL),
                derived: said(DERIVED),
                partition: self.partitions.contains(field.name()),
            }
        };
        self.schema.fields().iter().map(of_field).collect()
    }

    /// Whether a column is storage only: a partition derived from another column.
    pub fn is_derived(&self, column: &str) -> bool {
        let field = self.schema.field_with_name(column);
        field.is_ok_and(|field| field.metadata().contains_key(DERIVED))
    }
}

/// 打开 Opens the table at `path` as of a version or time; none is the latest version.
///
/// # Errors
/// A folder without a log, a missing or damaged entry of the log, a version that is not there, a
/// time before the first, a missing data file: each names the file. Deletion vectors and mapped
/// columns are refused.
pub fn open(path: &Path, as_of: Option<&AsOf>) -> Result<DeltaSnapshot, DeltaError> {
    Ok(load(path, as_of)?.0)
}

/// The snapshot, and the table as the library holds it.
pub(super) fn load(
    path: &Path,
    as_of: Option<&AsOf>,
) -> Result<(DeltaSnapshot, DeltaTable), DeltaError> {
    let shown = shown(path);
    let root = path.canonicalize().map_err(|_| DeltaError::NotATable { table: shown.clone() })?;
    let log = Log::list(&root, &shown)?;
    let version = log.resolve(as_of)?;
    log.verify(version)?;
    let times: BTreeMap<i64, i64> = log.times_until(version)?.into_iter().collect();
    let table = load_version(&root, &shown, version)?;
    let snapshot = snapshot(&table, root, shown, times.get(&version).copied().unwrap_or(0))?;
    Ok((snapshot, table))
}

/// A path as people wrote it, without a slash at the end.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let trimmed = text.trim_end_matches('/');
    if trimmed.is_empty() { text.into_owned() } else { trimmed.to_owned() }
}

/// A version of the table as the library holds it.
pub(crate) fn load_version(
    root: &Path,
    shown: &str,
    version: i64,
) -> Result<DeltaTable, DeltaError> {
    let failed = |error: deltalake_core::DeltaTableError| unsupported_or_failed(shown, &error);
    let number = u64::try_from(version).map_err(|error| DeltaError::failed(shown, error))?;
    wait(shown, async move {
        let url = ensure_table_uri(root.to_string_lossy()).map_err(failed)?;
        let builder = DeltaTableBuilder::from_url(url).map_err(failed)?;
        builder.with_version(number).load().await.map_err(failed)
    })
}

/// What the library cannot do it says in one line that names the feature.
fn unsupported_or_failed(shown: &str, error: &deltalake_core::DeltaTableError) -> DeltaError {
    let text = error.to_string();
    if text.to_lowercase().contains("unsupported") {
        DeltaError::Unsupported { table: shown.to_owned(), zh: text.clone(), en: text }
    } else {
        DeltaError::failed(shown, text)
    }
}

fn snapshot(
    table: &DeltaTable,
    root: PathBuf,
    shown: String,
    timestamp: i64,
) -> Result<DeltaSnapshot, DeltaError> {
    let state = table.snapshot().map_err(|error| DeltaError::failed(&shown, error))?;
    let properties = state.metadata().configuration();
    let unsupported = |zh: &str, en: &str| DeltaError::Unsupported {
        table: shown.clone(),
        zh: zh.to_owned(),
        en: en.to_owned(),
    };
    if properties.get("delta.columnMapping.mode").is_some_and(|mode| mode != "none") {
        return Err(unsupported("列映射（column mapping）", "column mapping"));
    }
    let mut files = Vec::new();
    for view in state.log_data().into_iter() {
        if view.deletion_vector_descriptor().is_some() {
            return Err(unsupported("删除向量（deletion vectors）", "deletion vectors"));
        }
        let name = view.path().into_owned();
        files.push(DataFile {
            path: located(&root, &name),
            bytes: u64::try_from(view.size()).unwrap_or(0),
            partition: view.partition_values_map().into_iter().collect(),
            rows: view.num_records().and_then(|rows| u64::try_from(rows).ok()),
            name,
        });
    }
    files.sort_by(|left, right| left.name.cmp(&right.name));
    check_files(&files, &shown)?;
    let keys = properties.get(KEYS).map(|keys| keys.split(',').map(str::to_owned).collect());
    Ok(DeltaSnapshot {
        version: i64::try_from(state.version()).unwrap_or(i64::MAX),
        timestamp,
        schema: state.snapshot().arrow_schema(),
        partitions: state.metadata().partition_columns().to_vec(),
        keys: keys.unwrap_or_default(),
        files,
        shown,
        root,
    })
}

/// Where a file lies: inside the table, or where an absolute address says (a shallow copy).
fn located(root: &Path, name: &str) -> PathBuf {
    match name.strip_prefix("file://") {
        Some(absolute) => PathBuf::from(absolute),
        None => root.join(name),
    }
}

/// Every file is there and has the size that the log names.
fn check_files(files: &[DataFile], shown: &str) -> Result<(), DeltaError> {
    for file in files {
        let found = std::fs::metadata(&file.path).ok().map(|metadata| metadata.len());
        if found != Some(file.bytes) {
            return Err(DeltaError::DataFile {
                table: shown.to_owned(),
                file: file.name.clone(),
                expected: file.bytes,
                found,
            });
        }
    }
    Ok(())
}
