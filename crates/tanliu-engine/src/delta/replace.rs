//! 替换 Whole partitions replaced by the rows that are given for them.

use super::commit::{Author, Commit, commit_info, removal, settle, with_metrics};
use super::open::{DataFile, load, shown};
use super::runtime::{on_own_thread, runtime};
use super::stage::{Stage, discard};
use super::{DeltaError, Incoming};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use std::collections::BTreeMap;
use std::path::Path;

/// 已替换 What a replacement did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replaced {
    /// The new version; the old one if there was no row.
    pub version: i64,
    /// Rows written.
    pub rows: u64,
    /// Rows that are no longer part of the table, if the log counts them.
    pub gone: Option<u64>,
    /// How many partitions were replaced.
    pub partitions: usize,
}

/// 替换 Replaces every partition that the rows lie in by those rows, as one new version; a table
/// without partitions is replaced whole. Other partitions stay.
///
/// # Errors
/// As [`super::append`]; another writer in between is a conflict, for the rows cannot be read
/// twice.
pub fn replace(
    path: &Path,
    incoming: Vec<Incoming>,
    author: &Author,
) -> Result<Replaced, DeltaError> {
    let shown = shown(path);
    on_own_thread(&shown, || {
        let (snapshot, table) = load(path, None)?;
        let runtime = runtime(&shown)?;
        let mut stage = Stage::new(&runtime, &snapshot, &table);
        stage.write_all(incoming)?;
        let rows = stage.rows();
        if rows == 0 {
            return Ok(Replaced { version: snapshot.version, ..Replaced::default() });
        }
        let adds = stage.finish()?;
        let mut touched: Vec<BTreeMap<String, Option<String>>> =
            adds.iter().map(|add| add.partition_values.clone().into_iter().collect()).collect();
        touched.sort();
        touched.dedup();
        let old: Vec<&DataFile> =
            snapshot.files.iter().filter(|file| touched.contains(&file.partition)).collect();
        let gone = old.iter().map(|file| file.rows).sum();
        let metrics = [
            ("numOutputRows", rows),
            ("numFiles", adds.len() as u64),
            ("numRemovedFiles", old.len() as u64),
        ];
        let mode = [("mode", "Overwrite".to_owned())];
        let staged: Vec<String> = adds.iter().map(|add| add.path.clone()).collect();
        let commit = Commit {
            operation: DeltaOperation::Write {
                mode: SaveMode::Overwrite,
                partition_by: None,
                predicate: None,
            },
            info: with_metrics(commit_info("WRITE", author, &mode), &metrics),
            removes: old.into_iter().map(removal).collect(),
            adds,
        };
        let written = runtime.block_on(commit.write(&snapshot, &table));
        let Some(version) = settle(written, &snapshot, &staged)? else {
            discard(&snapshot, &staged);
            return Err(DeltaError::Conflict { table: shown.clone(), attempts: 1 });
        };
        Ok(Replaced { version, rows, gone, partitions: touched.len() })
    })
}
