//! 切片 Parts of a program that cannot run row by row run slice by slice: all rows of some keys of an
//! index are read, the interpreter evaluates the part for them, and what it makes of them falls into
//! groups as rows do.
//!
//! Memory is bounded by a slice, not by the table; at least the rows of one key must fit.

mod census;
mod files;
mod rows;
mod small;
mod spool;
mod told;

use crate::EngineError;
use crate::atom::{Atom, AtomKind};
use crate::lane::{Bench, Shared};
use crate::pass::{Made, Sink, Watch};
use crate::run::Run;
use crate::split::{Cut, CutWork, WorkKind};
use census::Census;
use files::{FileRows, LoadedRows};
use rows::Sites;
use small::SmallTable;
use std::collections::{BTreeMap, BTreeSet};
use tanliu_method::data::{Dataset, InputTable};
use tanliu_method::eval::{Slice, keys_of_run, values_in_slice};
use tanliu_method::program::{IndexId, Key, VariableId};
use told::Told;

/// Bytes that a row of a slice takes while it is interpreted, for each input.
pub(crate) const ROW_BYTES: u64 = 250;
/// What a slice holds at most: larger ones are no faster.
const SLICE_MEMORY: u64 = 256 << 20;
/// What all rows at once may hold where nothing was said.
const WHOLE_MEMORY: u64 = 4 << 30;

/// 切片成果 What slices came to.
#[derive(Debug, Clone)]
pub(crate) struct SlicesMade {
    /// For each work what it came to.
    works: Vec<Made>,
    /// The keys that rows have.
    keys: BTreeMap<IndexId, BTreeSet<Atom>>,
    /// How many rows were read.
    rows: u64,
    told: Told,
}

impl Run<'_> {
    /// Does what can be done in slices, and puts it in its place; `false` if memory does not let it.
    pub(crate) fn slices(&mut self, cut: &Cut, also: &[VariableId]) -> Result<bool, EngineError> {
        let made = match self.known_slices()? {
            Some(made) => made,
            None => match self.made_slices(cut)? {
                Some(made) => self.note_slices(made),
                None => return Ok(false),
            },
        };
        self.account.sliced += cut.works.len();
        self.account.rows += made.rows;
        self.know_all(&made.keys);
        self.hear(made.told);
        for (work, made) in cut.works.iter().zip(made.works) {
            self.take_in(&work.relation, (vec![made], BTreeMap::new()), also)?;
        }
        Ok(true)
    }

    fn made_slices(&mut self, cut: &Cut) -> Result<Option<SlicesMade>, EngineError> {
        let inputs: BTreeSet<VariableId> =
            cut.works.iter().flat_map(|work| work.inputs.iter().copied()).collect();
        let mut files = self.slice_files(cut.index, &inputs)?;
        let small: Vec<SmallTable> = (inputs.iter())
            .filter(|id| !self.wide.iter().any(|own| own.variable == **id))
            .filter_map(|id| SmallTable::new(&self.program, &self.dataset, *id, cut.index))
            .collect();
        let mut census = Census::default();
        files.iter_mut().try_for_each(|file| self.count(file, &mut census))?;
        small.iter().for_each(|table| table.count(&mut census));
        let row_bytes = ROW_BYTES * inputs.len().max(1) as u64;
        let held = self.engine.memory.unwrap_or(WHOLE_MEMORY) / row_bytes;
        if cut.index.is_none() && census.rows > held {
            return Ok(None);
        }
        self.know_all(&census.keys);
        if let Some(index) = cut.index {
            // Mappings and parameters may name keys that no rows have.
            let known = keys_of_run(&self.program, &self.dataset, index);
            for key in &known {
                census.counts.entry(Atom::from(key)).or_default();
            }
        }
        self.watch.again(census.rows);
        let plan = census.slices(self.slice_rows(inputs.len()));
        for file in &mut files {
            file.spool(&plan, &self.engine.spill, &self.watch)?;
        }
        let (works, told) = self.through(cut, (&files, &small), &plan)?;
        Ok(Some(SlicesMade { works, keys: census.keys, rows: census.rows, told }))
    }

    /// How many rows a slice may have.
    fn slice_rows(&self, inputs: usize) -> u64 {
        let bytes = self.engine.memory.map_or(SLICE_MEMORY, |most| SLICE_MEMORY.min(most / 2));
        let most = (bytes / (ROW_BYTES * inputs.max(1) as u64)).max(1);
        self.engine.slice_rows.map_or(most, |rows| most.min(rows))
    }

    /// All slices, one after the other; the next is read while one is interpreted.
    fn through(
        &mut self,
        cut: &Cut,
        (files, small): (&[FileRows], &[SmallTable]),
        plan: &[BTreeSet<Atom>],
    ) -> Result<(Vec<Made>, Told), EngineError> {
        let shared = Shared::default();
        let benches = (cut.works.iter())
            .map(|work| {
                let bench = Bench::new(&work.relation.lanes, &shared);
                (bench, Sink::of(&work.relation), Sites::default())
            })
            .collect();
        let dataset = Dataset { loose: Vec::new(), ..self.dataset.clone() };
        let told = Told::default();
        let mut slices = Slices { run: self, cut, small, dataset, told, benches };
        let watch = &self.watch;
        std::thread::scope(|scope| {
            let (send, receive) = std::sync::mpsc::sync_channel(1);
            scope.spawn(move || {
                for slice in plan.iter().enumerate() {
                    let read = |file: &FileRows| file.read(slice, watch);
                    let loaded: Result<Vec<LoadedRows>, EngineError> =
                        files.iter().map(read).collect();
                    let failed = loaded.is_err();
                    if send.send(loaded).is_err() || failed {
                        return;
                    }
                }
            });
            for keys in plan {
                let stopped = |_| Err(EngineError::internal("a reader stopped"));
                slices.one(keys, receive.recv().unwrap_or_else(stopped)?);
                if !watch.rows(0) {
                    return Err(EngineError::Stopped);
                }
                slices.make_room(watch)?;
            }
            Ok(())
        })?;
        let Slices { told, benches, .. } = slices;
        let made = benches.into_iter().map(|(_, sink, _)| sink.finish()).collect();
        self.check_lacks(&told)?;
        Ok((made, told))
    }

    /// The keys that rows have, and no slice may have, are told to the interpreter.
    fn know_all(&mut self, keys: &BTreeMap<IndexId, BTreeSet<Atom>>) {
        for (index, atoms) in keys {
            let kind = self.program.indexes.get(*index).map_or(AtomKind::Integer, AtomKind::of);
            self.dataset.known.extend(atoms.iter().map(|atom| (*index, kind.key(atom))));
        }
    }
}

/// 各切片 The works that slices run through.
struct Slices<'s> {
    run: &'s Run<'s>,
    cut: &'s Cut,
    small: &'s [SmallTable],
    /// The tables as they are whole.
    dataset: Dataset,
    told: Told,
    benches: Vec<(Bench<'s>, Sink, Sites)>,
}

impl Slices<'_> {
    fn one(&mut self, atoms: &BTreeSet<Atom>, loaded: Vec<LoadedRows>) {
        let mut tables: BTreeMap<VariableId, InputTable> = BTreeMap::new();
        for rows in loaded {
            for (id, table, lack) in rows.tables(&self.run.program, &self.run.dataset) {
                self.told.lacks.entry(id).or_default().join(lack);
                tables.insert(id, table);
            }
        }
        for small in self.small {
            tables.extend(small.slice(&self.run.dataset, atoms));
        }
        let cut = self.cut;
        let mut dataset = std::mem::take(&mut self.dataset);
        for (number, work) in cut.works.iter().enumerate() {
            let own: Vec<VariableId> =
                work.inputs.iter().copied().filter(|id| tables.contains_key(id)).collect();
            exchange(&own, &mut dataset.inputs, &mut tables);
            self.evaluate(&dataset, (number, work, atoms));
            exchange(&own, &mut dataset.inputs, &mut tables);
        }
        self.dataset = dataset;
    }

    /// What does not fit beside a slice goes to disk.
    fn make_room(&mut self, watch: &dyn Watch) -> Result<(), EngineError> {
        let Some(room) = watch.room() else { return Ok(()) };
        let held: usize = self.benches.iter().map(|(_, sink, _)| sink.room()).sum();
        if held <= room.share(2) {
            return Ok(());
        }
        self.benches.iter_mut().try_for_each(|(_, sink, _)| sink.drain(watch))
    }

    fn evaluate(
        &mut self,
        dataset: &Dataset,
        (number, work, atoms): (usize, &CutWork, &BTreeSet<Atom>),
    ) {
        let program = &self.run.program;
        let kind = |index| program.indexes.get(index).map_or(AtomKind::Integer, AtomKind::of);
        let keys: Option<(IndexId, BTreeSet<Key>)> = (self.cut.index)
            .map(|index| (index, atoms.iter().map(|atom| kind(index).key(atom)).collect()));
        let keys = keys.as_ref().map(|(index, keys)| (*index, keys));
        let slice = Slice { program, dataset, catalogue: self.run.catalogue, keys };
        let (sliced, aside) = values_in_slice(&slice, work.giving, &work.beside);
        let Some((bench, sink, sites)) = self.benches.get_mut(number) else { return };
        let Some(own) = work.relation.works.first() else { return };
        let made = (sliced.keys.as_slice(), sliced.rows, sliced.columns);
        let batch = rows::batch(made, &work.relation.lanes, (bench, sites));
        bench.take(&batch);
        sink.absorb(own, bench, &batch);
        self.told.loose.extend(rows::loose(&sliced.always));
        if let WorkKind::Condition(condition, _) = own.kind {
            self.told.fails(condition, sliced.failing);
        }
        match &own.kind {
            WorkKind::Reduce(..) => sink.add_loose(rows::loose(&sliced.loose)),
            _ => self.told.loose.extend(rows::loose(&sliced.loose)),
        }
        let is_cut = |name: &str| {
            self.run.original.variable(name).is_some_and(|id| work.inputs.contains(&id))
        };
        self.told.add(number, aside, &is_cut);
    }
}

/// Tables of some inputs change places; done twice, all is as it was.
fn exchange(
    ids: &[VariableId],
    left: &mut BTreeMap<VariableId, InputTable>,
    right: &mut BTreeMap<VariableId, InputTable>,
) {
    for id in ids {
        let (own, other) = (left.remove(id), right.remove(id));
        left.extend(other.map(|table| (*id, table)));
        right.extend(own.map(|table| (*id, table)));
    }
}
