//! 日志索引 What the log says, replayed once: the files of every day at every version, the batches,
//! and when each version's last batch was taken.

use super::calendar::Day;
use super::error::ReadingError;
use super::rows::ReadingBatch;
use super::{DAY, INSTANT, METER, VALUE};
use crate::delta::{self, ColumnType, DataFile, DeltaError, DeltaSnapshot, Log};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where an entry of the log lists its batches: `[number, name, by, at]` each.
pub(super) const BATCHES: &str = "tanliuBatches";

/// 索引 A table's history as far as it was read.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// The folder, absolute.
    pub(super) root: PathBuf,
    /// The folder as given.
    pub(super) shown: String,
    /// The unit of the values.
    pub(super) unit: String,
    /// The versions in their order.
    versions: Vec<VersionNote>,
    days: BTreeMap<Day, Vec<FileSpan>>,
    /// The day of each file that the latest version has.
    live: BTreeMap<String, Day>,
    /// Batches by their numbers, with the moment from which they count.
    batches: BTreeMap<i64, (ReadingBatch, i64)>,
}

/// 版本 From when a version counts, and which batches it brought.
#[derive(Debug, Clone, Copy)]
struct VersionNote {
    version: i64,
    /// When its last batch was taken; never before that of the version before.
    known: i64,
    /// The last batch up to here.
    last_batch: i64,
}

/// A file and the versions that have it: from `added` on, before `removed`.
#[derive(Debug, Clone)]
struct FileSpan {
    name: String,
    bytes: u64,
    rows: u64,
    added: i64,
    removed: i64,
}

/// 所见 Which state a reader is to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// The version that counts whole.
    pub(super) version: i64,
    /// Of the version after it, what batches up to this number brought counts as well.
    pub(super) and_batches_until: Option<i64>,
}

impl Index {
    /// The latest version.
    pub(super) fn version(&self) -> i64 {
        self.versions.last().map_or(0, |last| last.version)
    }

    /// The last batch.
    pub(super) fn last_batch(&self) -> i64 {
        self.versions.last().map_or(0, |last| last.last_batch)
    }

    /// When the last version's last batch was taken.
    pub(super) fn known(&self) -> i64 {
        self.versions.last().map_or(i64::MIN, |last| last.known)
    }

    /// A batch by its number.
    pub(super) fn batch(&self, number: i64) -> Option<&ReadingBatch> {
        self.batches.get(&number).map(|(batch, _)| batch)
    }

    /// What counted at a moment; the latest state if none is named.
    pub(super) fn seen(&self, moment: Option<i64>) -> Seen {
        let latest = Seen { version: self.version(), and_batches_until: None };
        let Some(moment) = moment else { return latest };
        let behind = self.versions.partition_point(|version| version.known <= moment);
        let first = self.versions.first().map_or(0, |first| first.version);
        let whole = behind.checked_sub(1).and_then(|at| self.versions.get(at));
        let (version, from) = whole.map_or((first, 0), |note| (note.version, note.last_batch));
        let Some(next) = self.versions.get(behind.max(1)) else {
            return Seen { version, and_batches_until: None };
        };
        let part = self.batches.range(from + 1..=next.last_batch.max(from + 1));
        let until = part.take_while(|(_, (_, known))| *known <= moment).last();
        let until = until.map(|(number, _)| *number).filter(|_| next.last_batch > from);
        Seen { version, and_batches_until: until }
    }

    /// The files of a day at a version.
    pub(super) fn files(&self, day: Day, version: i64) -> Vec<String> {
        let spans = self.days.get(&day).into_iter().flatten();
        let at = spans.filter(|span| span.added <= version && version < span.removed);
        at.map(|span| span.name.clone()).collect()
    }

    /// The files of a day in the latest version, as the log knows them.
    pub(super) fn data_files(&self, day: Day) -> Vec<DataFile> {
        let spans = self.days.get(&day).into_iter().flatten();
        let live = spans.filter(|span| span.removed == i64::MAX);
        live.map(|span| DataFile {
            path: self.root.join(&span.name),
            name: span.name.clone(),
            bytes: span.bytes,
            partition: BTreeMap::from([(DAY.to_owned(), Some(day.text()))]),
            rows: Some(span.rows),
        })
        .collect()
    }

    /// First and last day with readings, and how many readings there are.
    pub(super) fn span(&self) -> Option<(Day, Day, u64)> {
        let rows = |spans: &Vec<FileSpan>| {
            spans.iter().filter(|span| span.removed == i64::MAX).map(|span| span.rows).sum::<u64>()
        };
        let held = || self.days.iter().map(|(day, spans)| (*day, rows(spans)));
        let mut with_rows = held().filter(|(_, rows)| *rows > 0).map(|(day, _)| day);
        let first = with_rows.next()?;
        let last = with_rows.next_back().unwrap_or(first);
        Some((first, last, held().map(|(_, rows)| rows).sum()))
    }

    fn add(&mut self, name: String, day: Day, (bytes, rows): (u64, u64), version: i64) {
        self.live.insert(name.clone(), day);
        let span = FileSpan { name, bytes, rows, added: version, removed: i64::MAX };
        self.days.entry(day).or_default().push(span);
    }

    /// Takes in an entry of the log.
    fn apply(&mut self, version: i64, actions: &[Value]) -> Result<(), ReadingError> {
        let corrupt = |why: &str| {
            ReadingError::Delta(DeltaError::LogCorrupt {
                table: self.shown.clone(),
                file: format!("_delta_log/{version:020}.json"),
                line: 1,
                why: why.to_owned(),
            })
        };
        let (mut added, mut removed, mut info) = (Vec::new(), Vec::new(), &Value::Null);
        for action in actions {
            if let Some(add) = action.get("add") {
                let name = add.get("path").and_then(Value::as_str);
                let name = name.ok_or_else(|| corrupt("add without a path"))?;
                if add.get("deletionVector").is_some_and(|vector| !vector.is_null()) {
                    return Err(corrupt("a deletion vector"));
                }
                let day = add.pointer("/partitionValues/day").and_then(Value::as_str);
                let day = day.and_then(Day::parse).ok_or_else(|| corrupt("add without a day"))?;
                let stats = add.get("stats").and_then(Value::as_str).unwrap_or("{}");
                let stats: Value = serde_json::from_str(stats).unwrap_or_default();
                let number = |value: Option<&Value>| value.and_then(Value::as_u64).unwrap_or(0);
                let sizes = (number(add.get("size")), number(stats.get("numRecords")));
                added.push((delta::decoded(name), day, sizes));
            } else if let Some(name) = action.pointer("/remove/path").and_then(Value::as_str) {
                removed.push(delta::decoded(name));
            } else if let Some(own) = action.get("commitInfo") {
                info = own;
            }
        }
        for name in &removed {
            let Some(day) = self.live.remove(name) else { continue };
            let spans = self.days.entry(day).or_default().iter_mut();
            spans.filter(|span| span.name == *name).for_each(|span| span.removed = version);
        }
        let changes = !added.is_empty() || !removed.is_empty();
        added.into_iter().for_each(|(name, day, sizes)| self.add(name, day, sizes, version));
        self.note(version, info, changes);
        Ok(())
    }

    /// What an entry says of its batches, and from when it counts.
    fn note(&mut self, version: i64, info: &Value, changes: bool) {
        let before = self.versions.last().copied();
        let mut known = before.map_or(i64::MIN, |before| before.known);
        let mut last_batch = before.map_or(0, |before| before.last_batch);
        let batches = info.get(BATCHES).and_then(Value::as_array);
        for batch in batches.into_iter().flatten().filter_map(batch_of) {
            known = known.max(batch.at);
            last_batch = last_batch.max(batch.number);
            self.batches.insert(batch.number, (batch, known));
        }
        if batches.is_none() && changes {
            // Written by another hand: from when the log says.
            known = known.max(info.get("timestamp").and_then(Value::as_i64).unwrap_or(known));
        }
        self.versions.push(VersionNote { version, known, last_batch });
    }
}

/// Batches as an entry of the log lists them.
pub(super) fn batches_value(batches: &[ReadingBatch]) -> Value {
    let one = |batch: &ReadingBatch| json!([batch.number, batch.name, batch.by, batch.at]);
    Value::Array(batches.iter().map(one).collect())
}

fn batch_of(value: &Value) -> Option<ReadingBatch> {
    Some(ReadingBatch {
        number: value.get(0)?.as_i64()?,
        name: value.get(1)?.as_str()?.to_owned(),
        by: value.get(2)?.as_str()?.to_owned(),
        at: value.get(3)?.as_i64()?,
    })
}

/// 状态 The index, read on as the log grows.
#[derive(Debug)]
pub(super) struct State {
    index: Arc<Index>,
}

impl State {
    /// Reads the log from its beginning, or from the first version that it can still tell.
    pub(super) fn open(path: &Path) -> Result<Self, ReadingError> {
        let snapshot = delta::open(path, None)?;
        let unit = check_columns(&snapshot)?;
        let first = Log::list(&snapshot.root, &snapshot.shown)?.first_openable();
        let mut index = Index {
            root: snapshot.root.clone(),
            shown: snapshot.shown.clone(),
            unit,
            versions: Vec::new(),
            days: BTreeMap::new(),
            live: BTreeMap::new(),
            batches: BTreeMap::new(),
        };
        if first > 0 {
            let base = delta::open(path, Some(&delta::AsOf::Version(first)))?;
            for file in base.files {
                let day = file.partition.get(DAY).and_then(Option::as_deref).and_then(Day::parse);
                let Some(day) = day else { continue };
                index.add(file.name, day, (file.bytes, file.rows.unwrap_or(0)), first);
            }
            index.note(first, &json!({ "timestamp": base.timestamp }), true);
        }
        let mut state = Self { index: Arc::new(index) };
        state.latest()?;
        Ok(state)
    }

    /// The index, up to the latest entry.
    pub(super) fn latest(&mut self) -> Result<Arc<Index>, ReadingError> {
        loop {
            let known = self.index.versions.last().map(|last| last.version);
            let next = known.map_or(0, |known| known + 1);
            let Some(actions) = delta::actions_of(&self.index.root, &self.index.shown, next)?
            else {
                return Ok(Arc::clone(&self.index));
            };
            Arc::make_mut(&mut self.index).apply(next, &actions)?;
        }
    }
}

/// The columns are those of readings; their unit.
fn check_columns(snapshot: &DeltaSnapshot) -> Result<String, ReadingError> {
    let columns = snapshot.columns();
    let wrong = |column: &str| ReadingError::Columns {
        table: snapshot.shown.clone(),
        column: column.to_owned(),
    };
    let kinds =
        [(METER, ColumnType::Text), (INSTANT, ColumnType::Instant), (VALUE, ColumnType::Number)];
    for (name, kind) in kinds {
        let own = columns.iter().find(|column| column.name == name);
        if own.and_then(|column| column.kind) != Some(kind) {
            return Err(wrong(name));
        }
    }
    if snapshot.partitions != [DAY] {
        return Err(wrong(DAY));
    }
    let value = columns.into_iter().find(|column| column.name == VALUE);
    Ok(value.and_then(|column| column.unit).unwrap_or_default())
}
