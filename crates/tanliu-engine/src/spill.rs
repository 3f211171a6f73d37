//! 溢写 What of a run's collections does not fit into memory waits on disk, sorted by key.
//!
//! A worker whose groups or rows exceed its share of the memory drains them into a sorted *run*.
//! At the end the runs of all workers and what is still held come out together in the order of
//! their keys, and what belongs to one key is merged as it comes: what is held meanwhile is a
//! buffer for each run and one record. Merging is exact, so no figure shows how often it happened.
//!
//! The files have no names: the system takes them back when they are closed, whether the run came
//! to its end, failed, was stopped or was killed.

mod key;
mod merge;
mod runs;
#[cfg(test)]
mod tests;

pub(crate) use merge::Merged;
pub(crate) use runs::{Run, Spool};

use crate::EngineError;
use crate::atom::Atom;
use crate::order::bytes::Travel;
use crate::pass::Watch;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// 余地 How much the collections of a run may hold, and where the rest goes.
#[derive(Debug)]
pub(crate) struct Room {
    /// What the run may hold, in bytes.
    pub(crate) most: u64,
    folder: PathBuf,
    written: AtomicU64,
}

impl Room {
    pub(crate) fn new(most: u64, folder: &Path) -> Self {
        Self { most, folder: folder.to_owned(), written: AtomicU64::new(0) }
    }

    /// What one of so many workers may hold. Half of the whole: batches, the reader of the files
    /// and the buffers of the merge want their room too.
    pub(crate) fn share(&self, workers: usize) -> usize {
        usize::try_from(self.most / 2).unwrap_or(usize::MAX) / workers.max(1)
    }

    /// How many bytes went to disk.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    fn file(&self) -> Result<File, EngineError> {
        tempfile::tempfile_in(&self.folder).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &std::io::Error) -> EngineError {
        EngineError::spill(&self.folder, error)
    }

    /// How many bytes of a run are read at a time.
    fn chunk(&self) -> usize {
        usize::try_from(self.most / 2048).unwrap_or(usize::MAX).clamp(4 << 10, 256 << 10)
    }
}

/// 可溢写 What is collected under keys, and merges with what another worker, or an earlier run, has
/// under the same key.
pub(crate) trait Spills: Travel {
    fn join(&mut self, other: Self);
    /// Bytes of the values that it keeps one by one: they cannot be parted.
    fn kept(&self) -> usize;
}

/// 汇集 What was collected under keys: held in the order of the keys, or in runs on disk.
#[derive(Debug, Clone)]
pub(crate) struct Gathered<V> {
    held: Vec<(Vec<Atom>, V)>,
    runs: Vec<Run>,
}

impl<V> Default for Gathered<V> {
    fn default() -> Self {
        Self { held: Vec::new(), runs: Vec::new() }
    }
}

impl<V: Spills> Gathered<V> {
    pub(crate) fn new(held: Vec<(Vec<Atom>, V)>, runs: Vec<Run>) -> Self {
        let mut own = Self { held, runs };
        own.settle();
        own
    }

    /// Joins what others collected.
    pub(crate) fn join(&mut self, other: Self) {
        self.runs.extend(other.runs);
        if !other.held.is_empty() {
            self.held.extend(other.held);
            self.settle();
        }
    }

    /// Sorts what is held, and merges what has the same key. What is sorted already costs a look.
    fn settle(&mut self) {
        self.held.sort_by(|a, b| a.0.cmp(&b.0));
        if self.held.windows(2).all(|pair| matches!(pair, [a, b] if a.0 != b.0)) {
            return;
        }
        let mut whole: Vec<(Vec<Atom>, V)> = Vec::with_capacity(self.held.len());
        for (key, value) in std::mem::take(&mut self.held) {
            match whole.last_mut() {
                Some((known, own)) if *known == key => own.join(value),
                _ => whole.push((key, value)),
            }
        }
        self.held = whole;
    }

    /// Everything in the order of its keys.
    pub(crate) fn merged<'w>(self, watch: &'w dyn Watch) -> Result<Merged<'w, V>, EngineError> {
        Merged::new(self.held, self.runs, watch)
    }

    /// How many records there are, where every key stands once.
    pub(crate) fn count(&self) -> u64 {
        self.held.len() as u64 + self.runs.iter().map(Run::records).sum::<u64>()
    }

    /// Looks at every value, in the order of the keys.
    pub(crate) fn each(
        &self,
        watch: &dyn Watch,
        mut look: impl FnMut(&V),
    ) -> Result<(), EngineError>
    where
        V: Clone,
    {
        if self.runs.is_empty() {
            self.held.iter().for_each(|(_, value)| look(value));
            return Ok(());
        }
        // What is held beside runs is no more than the memory allows.
        self.clone().merged(watch)?.try_for_each(|record| record.map(|(_, value)| look(&value)))
    }

    /// The first so many records.
    pub(crate) fn first(
        &self,
        count: usize,
        watch: &dyn Watch,
    ) -> Result<Vec<(Vec<Atom>, V)>, EngineError>
    where
        V: Clone,
    {
        match self.runs.is_empty() {
            true => Ok(self.held.iter().take(count).cloned().collect()),
            false => self.clone().merged(watch)?.take(count).collect(),
        }
    }

    /// The same with the parts of each key in another order.
    pub(crate) fn arranged(self, places: &[usize], watch: &dyn Watch) -> Result<Self, EngineError> {
        let most = watch.room().map_or(usize::MAX, |room| room.share(1));
        let bytes = size_of::<(Vec<Atom>, V)>() * 3 / 2 + places.len() * size_of::<Atom>() + 16;
        let mut spool = Spool::default();
        let mut held: Vec<(Vec<Atom>, V)> = Vec::new();
        for record in self.merged(watch)? {
            let (key, value) = record?;
            held.push((places.iter().filter_map(|at| key.get(*at).cloned()).collect(), value));
            if held.len() * bytes > most {
                held.sort_by(|a, b| a.0.cmp(&b.0));
                spool.put(held.iter().map(|(key, value)| (key.as_slice(), value)), watch)?;
                held.clear();
            }
        }
        Ok(Self::new(held, spool.into_runs()))
    }

    /// Takes back into memory what is on disk, so that it can travel.
    pub(crate) fn read_in(&mut self, watch: &dyn Watch) -> Result<(), EngineError> {
        if !self.runs.is_empty() {
            let all = std::mem::take(self).merged(watch)?;
            self.held = all.collect::<Result<_, _>>()?;
        }
        Ok(())
    }
}

/// Only what is held travels: [`Gathered::read_in`] comes first.
impl<V: Spills> Travel for Gathered<V> {
    fn write(&self, to: &mut Vec<u8>) {
        self.held.write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(Self::new(Travel::read(from)?, Vec::new()))
    }
}
