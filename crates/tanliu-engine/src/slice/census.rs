//! 普查 Which keys a table has, and how many rows each key of the index along which it is cut.

use crate::EngineError;
use crate::atom::{Atom, Texts};
use crate::feed::{Feed, Unique};
use crate::pass::Watch;
use crate::run::Run;
use crate::slice::files::FileRows;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tanliu_method::program::IndexId;

/// 普查 What is known of the rows before they are read.
#[derive(Debug, Clone, Default)]
pub(super) struct Census {
    /// All keys of each index.
    pub(super) keys: BTreeMap<IndexId, BTreeSet<Atom>>,
    /// How many rows of all tables have each key of the index of the cut.
    pub(super) counts: BTreeMap<Atom, u64>,
    /// Rows of tables in files.
    pub(super) rows: u64,
}

impl Census {
    /// Keys by slices of at most so many rows, as far as one key's rows let it.
    pub(super) fn slices(&self, most: u64) -> Vec<BTreeSet<Atom>> {
        let mut slices: Vec<BTreeSet<Atom>> = vec![BTreeSet::new()];
        let mut held = 0;
        for (atom, count) in &self.counts {
            if held > 0 && held + count > most {
                slices.push(BTreeSet::new());
                held = 0;
            }
            held += count;
            if let Some(last) = slices.last_mut() {
                last.insert(atom.clone());
            }
        }
        slices
    }
}

impl Run<'_> {
    /// Counts a table's rows by their keys. On the way it is proven that no key stands twice.
    pub(super) fn count(
        &mut self,
        file: &FileRows,
        census: &mut Census,
    ) -> Result<(), EngineError> {
        let feed = &file.feed;
        let mut unique = feed.unique().map(|kinds| Unique::new(&kinds));
        let mut texts = Texts::default();
        let mut rows = 0;
        let mut seen: Vec<HashMap<i64, u64>> = vec![HashMap::new(); file.dims.len()];
        for part in 0..feed.parts() {
            let mut stream = feed.open(part)?;
            while let Some(batch) = stream.next(&mut texts)? {
                if let Some(unique) = &mut unique {
                    unique.look(&batch);
                }
                for (keys, seen) in batch.keys.iter().zip(&mut seen) {
                    let mut at = 0;
                    while at < batch.rows {
                        let end = keys.run_end(at, batch.rows).max(at + 1);
                        *seen.entry(keys.code(at)).or_default() += (end - at) as u64;
                        at = end;
                    }
                }
                rows += batch.rows as u64;
                if !self.watch.rows(batch.rows) {
                    return Err(EngineError::Stopped);
                }
            }
            if let (Some(unique), Some(kinds)) = (&mut unique, feed.unique()) {
                unique.end_part(&kinds, &texts);
            }
        }
        if unique.is_some_and(|unique| !unique.is_proven()) {
            self.look_for_doubles((&file.dims, &file.inputs), feed, rows)?;
        }
        census.rows += rows;
        for ((place, index), seen) in file.dims.iter().enumerate().zip(seen) {
            let atoms: Vec<(Atom, u64)> = seen
                .into_iter()
                .map(|(code, count)| (file.atom(place, code, &texts), count))
                .collect();
            if file.place == Some(place) {
                for (atom, count) in &atoms {
                    *census.counts.entry(atom.clone()).or_default() += count;
                }
            }
            census.keys.entry(*index).or_default().extend(atoms.into_iter().map(|(atom, _)| atom));
        }
        Ok(())
    }
}
