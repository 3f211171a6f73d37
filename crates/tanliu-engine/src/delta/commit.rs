//! 提交 One atomic entry in the log: what it says about itself, and what is done if another writer
//! was faster.

use super::DeltaError;
use super::history::decoded;
use super::log::Log;
use super::open::{DataFile, DeltaSnapshot};
use super::stage::discard;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, CommitInfo, Remove};
use deltalake_core::protocol::DeltaOperation;
use deltalake_core::{DeltaTable, DeltaTableError};
use serde_json::{Value, json};
use std::collections::HashMap;

/// 经手 Who writes, and why; both may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Author {
    /// The person or system, `userName` in the log.
    pub name: Option<String>,
    /// A remark, `userMetadata` in the log.
    pub note: Option<String>,
}

/// How often a change is made again on a newer version before it is given up.
pub(crate) const ATTEMPTS: usize = 4;

/// 一次提交 What goes into one entry.
pub(crate) struct Commit {
    /// What is done, in the library's words.
    pub(crate) operation: DeltaOperation,
    /// The entry about itself.
    pub(crate) info: CommitInfo,
    /// New files.
    pub(crate) adds: Vec<Add>,
    /// Files that are no longer part of the table.
    pub(crate) removes: Vec<Remove>,
}

/// The entry about itself: operation, author, figures.
pub(crate) fn commit_info(
    operation: &str,
    author: &Author,
    parameters: &[(&str, String)],
) -> CommitInfo {
    let parameters: HashMap<String, Value> =
        parameters.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    CommitInfo {
        timestamp: Some(now()),
        user_name: author.name.clone(),
        user_metadata: author.note.clone(),
        operation: Some(operation.to_owned()),
        operation_parameters: Some(parameters),
        engine_info: Some(format!("tanliu/{}", env!("CARGO_PKG_VERSION"))),
        ..CommitInfo::default()
    }
}

/// Puts figures where every reader of Delta logs looks for them.
pub(crate) fn with_metrics(mut info: CommitInfo, metrics: &[(&str, u64)]) -> CommitInfo {
    let metrics: serde_json::Map<String, Value> =
        metrics.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    info.info.insert("operationMetrics".to_owned(), Value::Object(metrics));
    info
}

/// The action that takes a file out of the table.
pub(crate) fn removal(file: &DataFile) -> Remove {
    Remove {
        path: file.name.clone(),
        data_change: true,
        deletion_timestamp: Some(now()),
        extended_file_metadata: Some(true),
        partition_values: Some(file.partition.clone().into_iter().collect()),
        size: i64::try_from(file.bytes).ok(),
        ..Remove::default()
    }
}

/// The log dates its entries; no figure depends on it.
#[expect(clippy::disallowed_methods, reason = "an entry of the log carries its time")]
fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0)
}

impl Commit {
    /// Writes the entry as the version after `snapshot`.
    ///
    /// # Errors
    /// [`DeltaError::Conflict`] if another writer made that version first; else what kept it from
    /// being written.
    pub(crate) async fn write(
        self,
        snapshot: &DeltaSnapshot,
        table: &DeltaTable,
    ) -> Result<i64, DeltaError> {
        let mut actions = vec![Action::CommitInfo(self.info)];
        actions.extend(self.removes.into_iter().map(Action::Remove));
        actions.extend(self.adds.into_iter().map(Action::Add));
        let state = table.snapshot().map_err(|e| DeltaError::failed(&snapshot.shown, e))?;
        // Without retries the library refuses a second version of this number; what was read of the
        // table has then to be read again.
        let properties = CommitProperties::default().with_max_retries(0);
        let committed = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(state), table.log_store(), self.operation)
            .await
            .map_err(|error| failure(snapshot, &error))?;
        Ok(i64::try_from(committed.version()).unwrap_or(i64::MAX))
    }
}

/// Ends a commit: the version it made, or nothing if another writer made that version first and
/// it may be tried again; the files stay for that. After any other error they are taken away.
///
/// The library may fail after the entry was written (a checkpoint that finds no space); the log is
/// asked then, for files that a version knows are never to be removed.
pub(crate) fn settle(
    written: Result<i64, DeltaError>,
    snapshot: &DeltaSnapshot,
    staged: &[String],
) -> Result<Option<i64>, DeltaError> {
    let error = match written {
        Ok(version) => return Ok(Some(version)),
        Err(error) => error,
    };
    match (committed(snapshot, staged), error) {
        (Ok(Some(version)), _) => Ok(Some(version)),
        (Ok(None), DeltaError::Conflict { .. }) => Ok(None),
        (Ok(None), error) => {
            discard(snapshot, staged);
            Err(error)
        }
        (Err(_), error) => Err(error),
    }
}

/// The version since `snapshot` that knows one of these files.
fn committed(snapshot: &DeltaSnapshot, staged: &[String]) -> Result<Option<i64>, DeltaError> {
    let log = Log::list(&snapshot.root, &snapshot.shown)?;
    let newer: Vec<i64> = log.versions().filter(|version| *version > snapshot.version).collect();
    for version in newer {
        let entry = log.entry(version)?;
        if entry.added.iter().any(|(path, _)| staged.contains(&decoded(path))) {
            return Ok(Some(version));
        }
    }
    Ok(None)
}

fn failure(snapshot: &DeltaSnapshot, error: &DeltaTableError) -> DeltaError {
    let table = snapshot.shown.clone();
    match error {
        DeltaTableError::VersionAlreadyExists(_)
        | DeltaTableError::Transaction {
            source:
                TransactionError::MaxCommitAttempts(_)
                | TransactionError::VersionAlreadyExists(_)
                | TransactionError::CommitConflict(_),
        } => DeltaError::Conflict { table, attempts: 1 },
        other => DeltaError::Write { path: table, why: other.to_string() },
    }
}
