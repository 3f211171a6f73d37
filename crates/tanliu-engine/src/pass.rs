//! 过数 One pass over a relation: every worker reads its parts, computes the lanes, fills its groups.

mod failing;

pub(crate) use failing::Failing;

use crate::EngineError;
use crate::atom::Atom;
use crate::batch::RowBatch;
use crate::feed::{Feed, Unique};
use crate::lane::{Asking, Bench, FAULT, LaneColumn, LaneValues, PRESENT, Shared};
use crate::reduce::{Groups, Loose, RowKeys, Slot, rows_of};
use crate::spill::{Gathered, Room, Spills, Spool};
use crate::split::{Relation, Work, WorkKind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tanliu_method::program::{IndexId, VariableId};

/// 过数结果 What a pass came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Passed {
    /// For each work of the relation what it came to.
    pub(crate) works: Vec<Made>,
    /// For each work that is a condition where it fails first.
    pub(crate) failing: Vec<Failing>,
    /// Rows answered by a default, by input.
    pub(crate) defaulted: BTreeMap<VariableId, u64>,
    /// How many rows were read.
    pub(crate) rows: u64,
    /// What was seen of the keys, where they are still to be proven to differ.
    pub(crate) unique: Option<Unique>,
    /// What asks the leaves, by the number of the root in [`Shared::watched`].
    pub(crate) asked: BTreeMap<usize, Asking>,
}

/// 成果 What one work came to.
#[derive(Debug, Clone)]
pub(crate) enum Made {
    Groups(Gathered<Slot>, Vec<Loose>),
    /// Rows of a result or of a condition.
    Rows(Gathered<MadeValue>),
}

/// 行值 What a row of a result or of a condition came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MadeValue {
    Number(f64),
    Bool(bool),
    Code(i64),
    Text(Arc<str>),
    Fault(tanliu_method::eval::FaultKind, Vec<(IndexId, Atom)>),
}

impl MadeValue {
    /// Whether the row has no value but what is wrong with it.
    pub(crate) fn is_fault(&self) -> bool {
        matches!(self, Self::Fault(..))
    }
}

/// What a row of a result takes: its place in a list that doubles, and the heap's own bytes.
const ROW_BYTES: usize = size_of::<(Vec<Atom>, MadeValue)>() * 3 / 2 + 16;

/// A key stands once: a second row would be found as a double.
impl Spills for MadeValue {
    fn join(&mut self, _: Self) {}

    fn kept(&self) -> usize {
        0
    }
}

/// 进展 What a pass tells while it goes on, and asks whether to go on.
pub(crate) trait Watch: Sync {
    /// So many rows more were read. `false`: stop.
    fn rows(&self, count: usize) -> bool;
    /// What may be held, and where the rest goes; nothing: everything is held.
    fn room(&self) -> Option<&Room>;
}

/// Runs a relation's works.
pub(crate) fn pass(
    relation: &Relation,
    shared: &Shared,
    feed: &dyn Feed,
    threads: usize,
    watch: &dyn Watch,
) -> Result<Passed, EngineError> {
    let next = AtomicUsize::new(0);
    let workers = threads.clamp(1, feed.parts().max(1));
    let share = watch.room().map(|room| room.share(workers));
    let done: Vec<Result<Passed, EngineError>> = std::thread::scope(|scope| {
        let work = || work_through(relation, shared, feed, (&next, watch, share));
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut done = vec![work()];
        done.extend(others.into_iter().map(|other| {
            other.join().unwrap_or_else(|_| Err(EngineError::internal("a worker stopped")))
        }));
        done
    });
    let mut all: Option<Passed> = None;
    for one in done {
        let one = one?;
        match &mut all {
            None => all = Some(one),
            Some(all) => all.join(one),
        }
    }
    Ok(all.unwrap_or_default())
}

impl Passed {
    /// Joins what others made of their rows.
    pub(crate) fn join(&mut self, other: Self) {
        self.rows += other.rows;
        if let (Some(own), Some(other)) = (&mut self.unique, other.unique) {
            own.join(other);
        }
        for (id, count) in other.defaulted {
            *self.defaulted.entry(id).or_default() += count;
        }
        for (own, other) in self.failing.iter_mut().zip(other.failing) {
            own.join(other);
        }
        for (root, (rows, leaves)) in other.asked {
            let own = self.asked.entry(root).or_default();
            own.0 += rows;
            for (leaf, keys) in leaves {
                own.1.entry(leaf).or_default().extend(keys);
            }
        }
        for (own, other) in self.works.iter_mut().zip(other.works) {
            match (own, other) {
                (Made::Groups(own, loose), Made::Groups(other, more)) => {
                    own.join(other);
                    loose.extend(more);
                }
                (Made::Rows(own), Made::Rows(other)) => own.join(other),
                _ => {}
            }
        }
    }

    /// Takes back into memory what is on disk.
    pub(crate) fn read_in(&mut self, watch: &dyn Watch) -> Result<(), EngineError> {
        self.works.iter_mut().try_for_each(|made| match made {
            Made::Groups(groups, _) => groups.read_in(watch),
            Made::Rows(rows) => rows.read_in(watch),
        })
    }
}

/// One worker.
fn work_through(
    relation: &Relation,
    shared: &Shared,
    feed: &dyn Feed,
    (next, watch, share): (&AtomicUsize, &dyn Watch, Option<usize>),
) -> Result<Passed, EngineError> {
    let mut bench = Bench::new(&relation.lanes, shared);
    let mut sinks: Vec<Sink> = relation.works.iter().map(Sink::new).collect();
    let mut failing = vec![Failing::default(); relation.works.len()];
    let mut asked: BTreeMap<usize, Asking> = BTreeMap::new();
    let mut rows = 0;
    let kinds = feed.unique();
    let mut unique = kinds.as_ref().map(|kinds| Unique::new(kinds));
    loop {
        let part = next.fetch_add(1, Ordering::Relaxed);
        if part >= feed.parts() {
            break;
        }
        let mut stream = feed.open(part)?;
        while let Some(batch) = stream.next(&mut bench.texts)? {
            if let Some(unique) = &mut unique {
                unique.look(&batch);
            }
            bench.take(&batch);
            for (work, sink) in relation.works.iter().zip(&mut sinks) {
                sink.absorb(work, &bench, &batch);
            }
            for (work, failing) in relation.works.iter().zip(&mut failing) {
                failing.look(work, &bench, &batch);
            }
            for (number, root) in shared.watched.iter().enumerate() {
                bench.ask(root, &batch, asked.entry(number).or_default());
            }
            rows += batch.rows as u64;
            if let Some(share) = share {
                make_room(relation, &mut sinks, share, watch)?;
            }
            if !watch.rows(batch.rows) {
                return Err(EngineError::Stopped);
            }
        }
        if let (Some(unique), Some(kinds)) = (&mut unique, &kinds) {
            unique.end_part(kinds, &bench.texts);
        }
    }
    let works = sinks.into_iter().map(Sink::finish).collect();
    Ok(Passed { works, failing, defaulted: bench.defaulted, rows, unique, asked })
}

/// 收集 Where a worker puts what a work makes of rows.
pub(crate) enum Sink {
    Groups(Groups),
    Rows { rows: Vec<(Vec<Atom>, MadeValue)>, judged: bool, spool: Spool },
}

/// Drains the largest sinks where a worker holds more than its share, until it is half empty.
fn make_room(
    relation: &Relation,
    sinks: &mut [Sink],
    share: usize,
    watch: &dyn Watch,
) -> Result<(), EngineError> {
    let mut held: usize = sinks.iter().map(Sink::room).sum();
    if held <= share {
        return Ok(());
    }
    let mut sinks: Vec<(&Work, &mut Sink)> = relation.works.iter().zip(sinks).collect();
    sinks.sort_by_key(|(_, sink)| std::cmp::Reverse(sink.room()));
    for (work, sink) in sinks {
        if held <= share / 2 {
            break;
        }
        held -= sink.room();
        sink.drain(watch).map_err(|error| match work.kind {
            WorkKind::Reduce(node, _) => error.of(node),
            _ => error,
        })?;
    }
    Ok(())
}

impl Sink {
    fn new(work: &Work) -> Self {
        match work.kind {
            WorkKind::Reduce(..) => Self::Groups(Groups::default()),
            _ => Self::Rows { rows: Vec::new(), judged: false, spool: Spool::default() },
        }
    }

    /// For the one work of a relation.
    pub(crate) fn of(relation: &Relation) -> Self {
        let rows = || Self::Rows { rows: Vec::new(), judged: false, spool: Spool::default() };
        relation.works.first().map_or_else(rows, Self::new)
    }

    /// Adds faults that no row carries.
    pub(crate) fn add_loose(&mut self, found: Vec<Loose>) {
        if let Self::Groups(groups) = self {
            groups.loose.extend(found);
        }
    }

    pub(crate) fn absorb(&mut self, work: &Work, bench: &Bench<'_>, batch: &RowBatch) {
        match (self, &work.kind) {
            (Self::Groups(groups), WorkKind::Reduce(_, reduce)) => {
                reduce.absorb(bench, batch, groups);
            }
            (Self::Rows { rows, .. }, WorkKind::Result(_, lane)) => {
                collect(rows, bench.column(*lane), &work.inputs, (bench, batch), |_| true);
            }
            (Self::Rows { rows, judged, .. }, WorkKind::Condition(_, lane)) => {
                // Of the keys that pass, one tells that the condition was judged at all.
                collect(rows, bench.column(*lane), &work.inputs, (bench, batch), |passes| {
                    !passes || !std::mem::replace(judged, true)
                });
            }
            _ => {}
        }
    }

    pub(crate) fn room(&self) -> usize {
        match self {
            Self::Groups(groups) => groups.room(),
            Self::Rows { rows, .. } => {
                let parts = rows.first().map_or(0, |(key, _)| key.len());
                rows.len() * (ROW_BYTES + parts * size_of::<Atom>())
            }
        }
    }

    /// Puts what is held on disk.
    pub(crate) fn drain(&mut self, watch: &dyn Watch) -> Result<(), EngineError> {
        match self {
            Self::Groups(groups) => groups.drain(watch),
            Self::Rows { rows, spool, .. } => {
                rows.sort_by(|a, b| a.0.cmp(&b.0));
                spool.put(rows.iter().map(|(key, value)| (key.as_slice(), value)), watch)?;
                rows.clear();
                Ok(())
            }
        }
    }

    pub(crate) fn finish(self) -> Made {
        match self {
            Self::Groups(groups) => {
                let (slots, loose) = groups.finish();
                Made::Groups(slots, loose)
            }
            Self::Rows { rows, spool, .. } => Made::Rows(Gathered::new(rows, spool.into_runs())),
        }
    }
}

fn collect(
    rows: &mut Vec<(Vec<Atom>, MadeValue)>,
    column: &LaneColumn,
    inputs: &BTreeSet<usize>,
    (bench, batch): (&Bench<'_>, &RowBatch),
    mut wanted: impl FnMut(bool) -> bool,
) {
    let mask = rows_of(batch, inputs);
    let keys = RowKeys { bench, batch };
    for row in 0..batch.rows {
        if mask.as_ref().is_some_and(|mask| mask.get(row) != Some(&true)) {
            continue;
        }
        let state = column.state(row);
        let value = match (state, &column.values) {
            (PRESENT, LaneValues::Number(list)) => {
                MadeValue::Number(list.get(row).copied().unwrap_or(0.0))
            }
            (PRESENT, LaneValues::Bool(list)) => {
                let value = list.get(row) == Some(&true);
                if !wanted(value) {
                    continue;
                }
                MadeValue::Bool(value)
            }
            (PRESENT, LaneValues::Code(list)) => {
                MadeValue::Code(list.get(row).copied().unwrap_or(0))
            }
            (PRESENT, LaneValues::Text(list)) => {
                MadeValue::Text(bench.texts.text(list.get(row).copied().unwrap_or(0)))
            }
            (state, _) if state >= FAULT => match bench.fault(state) {
                Some(site) => MadeValue::Fault(site.kind.clone(), keys.of(row, site)),
                None => continue,
            },
            _ => continue,
        };
        rows.push((keys.whole(row), value));
    }
}

/// The distinct keys at some places of a relation's rows.
pub(crate) fn distinct(
    feed: &dyn Feed,
    places: &BTreeSet<Vec<usize>>,
    shared: &Shared,
    watch: &dyn Watch,
) -> Result<BTreeMap<Vec<usize>, BTreeSet<Vec<Atom>>>, EngineError> {
    let mut texts = shared.texts.clone();
    let mut found: BTreeMap<Vec<usize>, BTreeSet<Vec<Atom>>> =
        places.iter().map(|places| (places.clone(), BTreeSet::new())).collect();
    let mut seen: BTreeMap<Vec<usize>, std::collections::HashSet<Vec<i64>>> = BTreeMap::new();
    for part in 0..feed.parts() {
        let mut stream = feed.open(part)?;
        while let Some(batch) = stream.next(&mut texts)? {
            for (places, found) in &mut found {
                let seen = seen.entry(places.clone()).or_default();
                let columns: Vec<_> = places.iter().filter_map(|p| batch.keys.get(*p)).collect();
                let mut at = 0;
                while at < batch.rows {
                    let end = columns.iter().fold(batch.rows, |end, keys| keys.run_end(at, end));
                    let codes: Vec<i64> = columns.iter().map(|keys| keys.code(at)).collect();
                    if seen.insert(codes) {
                        found.insert(columns.iter().map(|keys| keys.atom(at, &texts)).collect());
                    }
                    at = end.max(at + 1);
                }
            }
            if !watch.rows(0) {
                return Err(EngineError::Stopped);
            }
        }
    }
    Ok(found)
}
