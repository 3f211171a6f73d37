//! 追加 Rows added to a table, streamed.

use super::commit::{Author, Commit, commit_info, settle, with_metrics};
use super::open::{DeltaSnapshot, load};
use super::runtime::{on_own_thread, runtime};
use super::stage::{Stage, discard};
use super::{DeltaError, Incoming};
use deltalake_core::kernel::Add;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use std::path::Path;
use tokio::runtime::Runtime;

/// 已追加 What an append did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The new version; the old one if there was no row.
    pub version: i64,
    /// The rows added.
    pub rows: u64,
}

/// 追加 Adds the rows of files or streams as one new version; with no row at all there is none.
///
/// Nothing of the table is read: whether a key is there already is not seen here, but by the run
/// that reads the table; for rows that may be there use [`super::merge`]. Another writer's version
/// in between does no harm, the rows go behind it.
///
/// # Errors
/// Columns, units or cells that do not fit, an empty key; what kept it from being written. The
/// table then stays as it was.
pub fn append(
    path: &Path,
    incoming: Vec<Incoming>,
    author: &Author,
) -> Result<Appended, DeltaError> {
    let shown = super::open::shown(path);
    on_own_thread(&shown, || {
        let (snapshot, table) = load(path, None)?;
        let runtime = runtime(&shown)?;
        let mut stage = Stage::new(&runtime, &snapshot, &table);
        stage.write_all(incoming)?;
        let rows = stage.rows();
        if rows == 0 {
            return Ok(Appended { version: snapshot.version, rows });
        }
        let adds = stage.finish()?;
        let version = committed(path, &snapshot, &adds, (rows, author), &runtime)?;
        Ok(Appended { version, rows })
    })
}

/// Commits new files; behind another writer's version, if there is one, for nothing of the table
/// was read.
fn committed(
    path: &Path,
    first: &DeltaSnapshot,
    adds: &[Add],
    (rows, author): (u64, &Author),
    runtime: &Runtime,
) -> Result<i64, DeltaError> {
    let staged: Vec<String> = adds.iter().map(|add| add.path.clone()).collect();
    for _ in 0..APPEND_ATTEMPTS {
        let (snapshot, table) = load(path, None)?;
        if snapshot.schema != first.schema || snapshot.partitions != first.partitions {
            break;
        }
        let info = with_metrics(
            commit_info("WRITE", author, &[("mode", "Append".to_owned())]),
            &[("numOutputRows", rows), ("numFiles", adds.len() as u64)],
        );
        let commit = Commit {
            operation: DeltaOperation::Write {
                mode: SaveMode::Append,
                partition_by: None,
                predicate: None,
            },
            info,
            adds: adds.to_vec(),
            removes: Vec::new(),
        };
        let written = runtime.block_on(commit.write(&snapshot, &table));
        if let Some(version) = settle(written, &snapshot, &staged)? {
            return Ok(version);
        }
    }
    discard(first, &staged);
    Err(DeltaError::Conflict { table: first.shown.clone(), attempts: APPEND_ATTEMPTS })
}

/// How often an entry is tried behind other writers' before it is given up; a try costs no more
/// than the entry.
const APPEND_ATTEMPTS: usize = 32;
