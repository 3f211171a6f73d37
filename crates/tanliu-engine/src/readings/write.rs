//! 写入 Deliveries merged day by day: each changed day is a new file, all of them one version.

use super::calendar::Day;
use super::error::ReadingError;
use super::file::{footer, grid_of, read_day, write_day};
use super::grid::{Counts, DayGrid};
use super::index::{BATCHES, Index, batches_value};
use super::rows::{Changes, ReadingBatch, ReadingRows};
use super::{DAY, METER, ReadingTable, held};
use crate::delta::{
    self, ATTEMPTS, Author, Commit, DataFile, DeltaError, DeltaSnapshot, commit_info, discard,
    on_own_thread, removal, runtime, settle, with_metrics,
};
use deltalake_core::kernel::{Add, Remove};
use deltalake_core::protocol::{DeltaOperation, MergePredicate};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

/// 收讫 What became of readings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// New readings.
    pub new: u64,
    /// Readings with another value than before.
    pub corrected: u64,
    /// Readings that say what the table says.
    pub same: u64,
    /// The version that has them; the one before, if nothing changed.
    pub version: i64,
}

/// 步骤 Where a write stands: tests stop it at each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A piece of the journal is about to be written.
    JournalBegins,
    /// It is written, but perhaps not on the disk.
    JournalWritten,
    /// It is on the disk.
    JournalKept,
    /// The file of a day is about to be written.
    DayBegins,
    /// The file of a day is written; no version has it.
    DayWritten,
    /// All files are written; the version is about to be made.
    Commits,
    /// The version is made.
    Committed,
    /// Pieces of the journal that the table has are about to be removed.
    JournalDrops,
    /// They are removed.
    JournalDropped,
}

/// 看守 Hears of every step; an error ends the work where it stands, as a crash would.
pub type Watch<'a> = &'a (dyn Fn(Step) -> Result<(), ReadingError> + Sync);

/// 来源 Deliveries by day, as often as they are asked for.
pub(super) trait Delivery: Sync {
    /// The days, in their order.
    fn days(&self) -> Vec<Day>;
    /// What is said of a day.
    fn changes(&self, day: Day) -> Result<Changes, ReadingError>;
}

/// Readings in memory.
struct InMemory(BTreeMap<Day, Changes>);

impl Delivery for InMemory {
    fn days(&self) -> Vec<Day> {
        self.0.keys().copied().collect()
    }

    fn changes(&self, day: Day) -> Result<Changes, ReadingError> {
        let found = self.0.get(&day).cloned();
        found.ok_or_else(|| ReadingError::Failed("a day is gone".to_owned()))
    }
}

/// Files that are written for a version to be made.
#[derive(Default)]
struct Staged {
    counts: Counts,
    adds: Vec<Add>,
    removes: Vec<Remove>,
    grids: Vec<(String, Arc<DayGrid>)>,
}

impl ReadingTable {
    /// Takes readings as one version: new ones are added, known ones corrected. What says nothing
    /// new makes no version, and keeps the batch that said it first.
    ///
    /// `batches` are those that the readings name, in the order of their numbers.
    ///
    /// # Errors
    /// A value that is not finite, a table that cannot be read or written, other writers that are
    /// faster each time. The table then stays as it was.
    pub fn take(
        &self,
        rows: &ReadingRows,
        batches: &[ReadingBatch],
        watch: Watch<'_>,
    ) -> Result<Taken, ReadingError> {
        if let Some(odd) = rows.rows.iter().find(|row| !row.value.is_finite()) {
            let (place, text) = (self.shown.clone(), odd.value.to_string());
            return Err(ReadingError::Row { place, row: 0, text });
        }
        let delivery = InMemory(rows.by_day().into_iter().collect());
        self.merge(&delivery, batches, watch)
    }

    /// Merges a delivery as one version.
    pub(super) fn merge(
        &self,
        delivery: &dyn Delivery,
        batches: &[ReadingBatch],
        watch: Watch<'_>,
    ) -> Result<Taken, ReadingError> {
        let _writing = held(&self.writing);
        for _ in 0..ATTEMPTS {
            let index = self.index()?;
            let staged = self.stage(&index, delivery, batches, watch)?;
            let Counts { new, corrected, same } = staged.counts;
            if new + corrected == 0 {
                return Ok(Taken { same, version: index.version(), ..Taken::default() });
            }
            watch(Step::Commits)?;
            let names: Vec<String> = staged.adds.iter().map(|add| add.path.clone()).collect();
            let Some(version) = self.commit(&index, &staged, batches)? else {
                discard(&at(&index), &names);
                continue;
            };
            watch(Step::Committed)?;
            let mut grids = held(&self.grids);
            staged.grids.into_iter().for_each(|(name, grid)| grids.keep(vec![name], grid));
            return Ok(Taken { new, corrected, same, version });
        }
        let table = self.shown.clone();
        Err(DeltaError::Conflict { table, attempts: ATTEMPTS }.into())
    }

    /// Writes the days that change; after an error the files of this attempt are removed.
    fn stage(
        &self,
        index: &Index,
        delivery: &dyn Delivery,
        batches: &[ReadingBatch],
        watch: Watch<'_>,
    ) -> Result<Staged, ReadingError> {
        let mut staged = Staged::default();
        for day in delivery.days() {
            let outcome = self.stage_day(index, (day, delivery), batches, &mut staged, watch);
            if let Err(error) = outcome {
                let names: Vec<String> = staged.adds.iter().map(|add| add.path.clone()).collect();
                discard(&at(index), &names);
                return Err(error);
            }
        }
        Ok(staged)
    }

    fn stage_day(
        &self,
        index: &Index,
        (day, delivery): (Day, &dyn Delivery),
        batches: &[ReadingBatch],
        staged: &mut Staged,
        watch: Watch<'_>,
    ) -> Result<(), ReadingError> {
        let changes = delivery.changes(day)?;
        let old = index.data_files(day);
        let before = self.grid(index, day, &old)?;
        let (counts, after) = before.changed(&changes);
        staged.counts.add(counts);
        let Some(after) = after else { return Ok(()) };
        watch(Step::DayBegins)?;
        let (path, name, file) = new_file(index, day)?;
        let written = write_day(&path, file, day, &after);
        let written = written.inspect_err(|_| drop(std::fs::remove_file(&path)))?;
        let stats = json!({
            "numRecords": written.rows,
            "minValues": { METER: after.meters.first().map(Arc::as_ref) },
            "maxValues": { METER: after.meters.last().map(Arc::as_ref) },
            "nullCount": { METER: 0, super::INSTANT: 0, super::VALUE: 0, super::BATCH: 0 },
        });
        staged.adds.push(Add {
            path: name.clone(),
            partition_values: HashMap::from([(DAY.to_owned(), Some(day.text()))]),
            size: i64::try_from(written.bytes).unwrap_or(i64::MAX),
            modification_time: batches.last().map_or(0, |batch| batch.at),
            data_change: true,
            stats: Some(stats.to_string()),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
        });
        staged.removes.extend(old.iter().map(removal));
        // A load of many days would drive everything else out.
        if staged.grids.len() < 8 {
            staged.grids.push((name, Arc::new(after)));
        }
        watch(Step::DayWritten)
    }

    /// Reads a day whole, so that what is asked of it next is in memory.
    pub(super) fn warm(&self, day: Day) -> Result<(), ReadingError> {
        let index = self.index()?;
        self.grid(&index, day, &index.data_files(day)).map(drop)
    }

    /// A day whole, as its files have it.
    pub(super) fn grid(
        &self,
        index: &Index,
        day: Day,
        files: &[DataFile],
    ) -> Result<Arc<DayGrid>, ReadingError> {
        let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
        if names.is_empty() {
            return Ok(Arc::new(DayGrid::default()));
        }
        if let Some(grid) = held(&self.grids).get(&names) {
            return Ok(grid);
        }
        let mut rows = Vec::new();
        for name in &names {
            let path = index.root.join(name);
            read_day(&path, (footer(&path)?, day), None, &mut rows)?;
        }
        let grid = Arc::new(grid_of(&self.shown, day, rows)?);
        held(&self.grids).keep(names, Arc::clone(&grid));
        Ok(grid)
    }

    /// Makes the version; none if another writer made it first.
    fn commit(
        &self,
        index: &Index,
        staged: &Staged,
        batches: &[ReadingBatch],
    ) -> Result<Option<i64>, ReadingError> {
        let snapshot = at(index);
        let names: Vec<String> = staged.adds.iter().map(|add| add.path.clone()).collect();
        let version = on_own_thread(&self.shown, || {
            let runtime = runtime(&self.shown)?;
            let table = delta::load_version(&snapshot.root, &self.shown, snapshot.version)?;
            let commit = Commit {
                operation: operation(),
                info: info(staged, batches),
                adds: staged.adds.clone(),
                removes: staged.removes.clone(),
            };
            let written = runtime.block_on(commit.write(&snapshot, &table));
            settle(written, &snapshot, &names)
        })?;
        if let Some(version) = version {
            kept(index, version)?;
        }
        Ok(version)
    }
}

/// A new file in the folder of a day. What a writer left that was stopped keeps its name.
fn new_file(index: &Index, day: Day) -> Result<(PathBuf, String, File), ReadingError> {
    let folder = format!("{DAY}={}", day.text());
    let path = index.root.join(&folder);
    std::fs::create_dir_all(&path).map_err(|error| ReadingError::file(&path, &error))?;
    let mut number = 0_u32;
    loop {
        let name = format!("{folder}/part-{:08}-{number}.parquet", index.version() + 1);
        let path = index.root.join(&name);
        match File::create_new(&path) {
            Ok(file) => return Ok((path, name, file)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(ReadingError::file(&path, &error)),
        }
    }
}

/// Sees an entry of the log and the names of its files onto the disk: the journal goes after it.
fn kept(index: &Index, version: i64) -> Result<(), ReadingError> {
    let log = index.root.join("_delta_log");
    let entry = log.join(format!("{version:020}.json"));
    for path in [&entry, &log, &index.root] {
        let synced = File::open(path).and_then(|file| file.sync_all());
        synced.map_err(|error| ReadingError::file(path, &error))?;
    }
    Ok(())
}

/// What the writing parts of Delta tables want to know of a version.
fn at(index: &Index) -> DeltaSnapshot {
    DeltaSnapshot {
        shown: index.shown.clone(),
        root: index.root.clone(),
        version: index.version(),
        timestamp: 0,
        schema: Arc::new(arrow::datatypes::Schema::empty()),
        partitions: vec![DAY.to_owned()],
        keys: Vec::new(),
        files: Vec::new(),
    }
}

fn info(staged: &Staged, batches: &[ReadingBatch]) -> deltalake_core::kernel::CommitInfo {
    let (first, last) = (batches.first(), batches.last());
    let note = match (first, last) {
        (Some(first), Some(last)) if first.number != last.number => {
            Some(format!("{} … {}", first.name, last.name))
        }
        (first, _) => first.map(|first| first.name.clone()),
    };
    let all_by = |own: &&ReadingBatch| batches.iter().all(|batch| batch.by == own.by);
    let author = Author { name: first.filter(all_by).map(|first| first.by.clone()), note };
    let metrics = [
        ("numTargetRowsInserted", staged.counts.new),
        ("numTargetRowsUpdated", staged.counts.corrected),
        ("numTargetFilesAdded", staged.adds.len() as u64),
        ("numTargetFilesRemoved", staged.removes.len() as u64),
    ];
    let keys = [("keys", "meter,instant".to_owned())];
    let mut info = with_metrics(commit_info("MERGE", &author, &keys), &metrics);
    // What counted on a day is what was taken on it, whenever it was written down.
    info.timestamp = batches.iter().map(|batch| batch.at).max().or(info.timestamp);
    info.info.insert(BATCHES.to_owned(), batches_value(batches));
    info
}

fn operation() -> DeltaOperation {
    let action =
        |action_type: &str| MergePredicate { action_type: action_type.to_owned(), predicate: None };
    DeltaOperation::Merge {
        predicate: None,
        merge_predicate: Some(
            "target.meter = source.meter AND target.instant = source.instant".to_owned(),
        ),
        matched_predicates: vec![action("update")],
        not_matched_predicates: vec![action("insert")],
        not_matched_by_source_predicates: Vec::new(),
    }
}
