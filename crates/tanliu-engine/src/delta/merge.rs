//! 更正 Restated rows: those whose key the table has take the place of the old ones, the others are
//! added.
//!
//! The corrections are parted by the table's partitions first (on disk, if they are many). Then one
//! partition after the other: its corrections lie in memory with an index of their keys, its files
//! are read once to see which rows they change, and only files with a changed row are written anew.
//! Memory is bounded by the corrections of the largest partition, not by the table.

mod keyed;
mod rows;
mod spool;

use super::commit::{ATTEMPTS, Author, Commit, commit_info, removal, settle, with_metrics};
use super::error::Origin;
use super::incoming::Alignment;
use super::open::{DataFile, DeltaSnapshot, load, shown};
use super::runtime::{on_own_thread, runtime};
use super::stage::{Stage, discard};
use super::{DERIVED, DeltaError, Incoming, Partition};
use deltalake_core::DeltaTable;
use deltalake_core::protocol::{DeltaOperation, MergePredicate};
use keyed::{Group, Restated};
use spool::Spool;
use std::path::Path;
use tokio::runtime::Runtime;

/// 更正选项
#[derive(Debug, Clone, Default)]
pub struct MergeOptions {
    /// The key columns; empty means those of the table.
    pub keys: Vec<String>,
    /// Every row must be there already: none is added.
    pub known_only: bool,
    /// Who restates, and why.
    pub author: Author,
    /// How many bytes of corrections are held in memory before they go to disk; by default 48 MiB.
    pub held_bytes: Option<usize>,
}

/// 已更正 What a merge did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Merged {
    /// The version after it.
    pub version: i64,
    /// Whether that is a new one: corrections that change no row make none.
    pub is_new: bool,
    /// Rows that have other values now.
    pub updated: u64,
    /// Rows that are new.
    pub inserted: u64,
    /// Corrections that say what the table says already.
    pub unchanged: u64,
}

/// 更正 Restates rows by key, as one new version; the same corrections sent again change nothing
/// and make no version.
///
/// # Errors
/// A key twice in the corrections or in the table, keys that do not tell the partition, columns or
/// cells that do not fit, an unknown key if only known ones are wanted; another writer that is
/// faster each time. The table then stays as it was.
pub fn merge(
    path: &Path,
    incoming: Vec<Incoming>,
    options: &MergeOptions,
) -> Result<Merged, DeltaError> {
    merge_watched(path, incoming, options, &|_| {})
}

/// As [`merge`]; `before_commit` is told the attempt whose files are written.
pub(super) fn merge_watched(
    path: &Path,
    incoming: Vec<Incoming>,
    options: &MergeOptions,
    before_commit: &(dyn Fn(usize) + Sync),
) -> Result<Merged, DeltaError> {
    let shown = shown(path);
    on_own_thread(&shown, || {
        let runtime = runtime(&shown)?;
        let (first, _) = load(path, None)?;
        let keys = if options.keys.is_empty() { &first.keys } else { &options.keys };
        check_keys(&first, keys)?;
        let (spool, sources) = spooled(&first, keys, options.held_bytes, incoming)?;
        for attempt in 1..=ATTEMPTS {
            let (snapshot, table) = load(path, None)?;
            if snapshot.schema != first.schema || snapshot.partitions != first.partitions {
                return Err(DeltaError::Conflict { table: shown.clone(), attempts: attempt });
            }
            let work = Work { snapshot: &snapshot, table: &table, keys, options };
            let Some((commit, merged)) = work.prepare(&runtime, &spool, &sources)? else {
                return work.nothing_changed(&spool);
            };
            before_commit(attempt);
            let staged: Vec<String> = commit.adds.iter().map(|add| add.path.clone()).collect();
            let written = runtime.block_on(commit.write(&snapshot, &table));
            match settle(written, &snapshot, &staged)? {
                Some(version) => return Ok(Merged { version, is_new: true, ..merged }),
                // What was read may have changed: the files are made again.
                None => discard(&snapshot, &staged),
            }
        }
        Err(DeltaError::Conflict { table: shown.clone(), attempts: ATTEMPTS })
    })
}

/// Keys must be columns, and must tell in which partition a row lies.
fn check_keys(snapshot: &DeltaSnapshot, keys: &[String]) -> Result<(), DeltaError> {
    let fail = |column: &str, partition: bool| DeltaError::Keys {
        table: snapshot.shown.clone(),
        keys: keys.to_vec(),
        column: column.to_owned(),
        partition,
    };
    if keys.is_empty() {
        return Err(fail("", false));
    }
    let known = |key: &String| snapshot.schema.field_with_name(key).is_ok();
    if let Some(key) = keys.iter().find(|key| !known(key)) {
        return Err(fail(key, false));
    }
    for partition in &snapshot.partitions {
        let field = snapshot.schema.field_with_name(partition).ok();
        let rule = field.and_then(|field| field.metadata().get(DERIVED));
        let source = match rule {
            Some(rule) => Partition::parse(rule)?.source().to_owned(),
            None => partition.clone(),
        };
        if !keys.contains(&source) {
            return Err(fail(partition, true));
        }
    }
    Ok(())
}

/// All corrections, aligned and parted.
fn spooled(
    snapshot: &DeltaSnapshot,
    keys: &[String],
    held_bytes: Option<usize>,
    incoming: Vec<Incoming>,
) -> Result<(Spool, Vec<Origin>), DeltaError> {
    let mut spool = Spool::new(&snapshot.schema, &snapshot.partitions, held_bytes);
    let mut sources = Vec::new();
    for mut file in incoming {
        let alignment = Alignment::new(snapshot, keys, &file)?;
        let mut row = file.first_row;
        for batch in file.batches.by_ref() {
            let batch = batch?;
            let aligned = alignment.align(&batch, row)?;
            spool.add(&aligned, sources.len(), row)?;
            row += batch.num_rows() as u64;
        }
        sources.push(file.source.clone());
    }
    Ok((spool, sources))
}

/// 一次尝试 One attempt, on one version of the table.
struct Work<'a> {
    snapshot: &'a DeltaSnapshot,
    table: &'a DeltaTable,
    keys: &'a [String],
    options: &'a MergeOptions,
}

impl Work<'_> {
    /// Writes the files and says what the commit holds; nothing if no row changes.
    fn prepare(
        &self,
        runtime: &Runtime,
        spool: &Spool,
        sources: &[Origin],
    ) -> Result<Option<(Commit, Merged)>, DeltaError> {
        let mut stage = Stage::new(runtime, self.snapshot, self.table);
        let mut total = Restated::default();
        for (partition, batches) in spool.groups() {
            let files: Vec<&DataFile> =
                self.snapshot.files.iter().filter(|file| self.lies_in(file, partition)).collect();
            let group = Group::new(self.snapshot, self.keys, batches?, sources)?;
            total.add(group.restate(&files, self.options.known_only, &mut stage)?);
            stage.close_files()?;
        }
        if total.updated + total.inserted == 0 {
            return Ok(None);
        }
        let adds = stage.finish()?;
        let gone = self.snapshot.files.iter().filter(|file| total.rewritten.contains(&file.name));
        let removes: Vec<_> = gone.map(removal).collect();
        let metrics = [
            ("numSourceRows", spool.rows()),
            ("numTargetRowsInserted", total.inserted),
            ("numTargetRowsUpdated", total.updated),
            ("numTargetRowsCopied", total.copied),
            ("numTargetFilesAdded", adds.len() as u64),
            ("numTargetFilesRemoved", removes.len() as u64),
        ];
        let keys = [("keys", self.keys.join(","))];
        let info = with_metrics(commit_info("MERGE", &self.options.author, &keys), &metrics);
        let merged = Merged {
            updated: total.updated,
            inserted: total.inserted,
            unchanged: total.unchanged,
            ..Merged::default()
        };
        let operation = self.operation();
        Ok(Some((Commit { operation, info, adds, removes }, merged)))
    }

    fn nothing_changed(&self, spool: &Spool) -> Result<Merged, DeltaError> {
        Ok(Merged { version: self.snapshot.version, unchanged: spool.rows(), ..Merged::default() })
    }

    fn operation(&self) -> DeltaOperation {
        let same: Vec<String> =
            self.keys.iter().map(|key| format!("target.{key} = source.{key}")).collect();
        let action = |action_type: &str| MergePredicate {
            action_type: action_type.to_owned(),
            predicate: None,
        };
        DeltaOperation::Merge {
            predicate: None,
            merge_predicate: Some(same.join(" AND ")),
            matched_predicates: vec![action("update")],
            not_matched_predicates: vec![action("insert")],
            not_matched_by_source_predicates: Vec::new(),
        }
    }

    fn lies_in(&self, file: &DataFile, partition: &[Option<String>]) -> bool {
        self.snapshot.partitions.iter().zip(partition).all(|(column, value)| {
            let own = file.partition.get(column).and_then(Option::as_deref);
            own.filter(|own| !own.is_empty()) == value.as_deref()
        })
    }
}
