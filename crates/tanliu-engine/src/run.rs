//! 运行 A whole run: parts over rows, round by round, then the reference interpreter over the rest.

mod answers;
mod results;
mod script;
mod streamed;
mod wide;

pub(crate) use script::{Played, Script, Share, Step, play};
pub use streamed::StreamedTable;
pub use wide::{Streamed, WideRun, run_wide, run_wide_streamed};

use crate::EngineError;
use crate::feed::{Feed, MemoryFeed, WideInput};
use crate::pass::{Made, Watch};
use crate::reduce::{Loose, Slot};
use crate::spill::{Gathered, Room};
use crate::split::{Choice, Relation, STAND_IN, Todo, WorkKind, given_fault, stand_in, trim};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tanliu_factor::Catalogue;
use tanliu_method::data::Dataset;
use tanliu_method::eval::{OutputTable, RunOptions, RunOutcome, run as interpret, wanted_roots};
use tanliu_method::program::{NodeId, Program, VariableId};

/// 引擎选项 How a run goes about its work; none of it shows in a figure.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// How many threads work.
    pub threads: usize,
    /// How many rows a batch has.
    pub batch_rows: usize,
    /// In how many parts tables in memory are cut.
    pub parts: usize,
    /// How many bytes the run may hold.
    pub memory: Option<u64>,
    /// Whether keys of wide tables are proven to differ. Left out only to measure what it costs.
    pub check_keys: bool,
    /// Where that which does not fit waits: reductions, and rows of results.
    pub spill: PathBuf,
    /// Results at the grain of a wide table that have more rows than this are handed out by
    /// [`run_wide_streamed`] to be taken out row by row; without it all are held.
    pub stream_above: Option<u64>,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            threads: 2,
            batch_rows: 65_536,
            parts: 2,
            memory: None,
            check_keys: true,
            spill: PathBuf::from("."),
            stream_above: None,
        }
    }
}

/// 进展 What the outside is told of a run, and how it stops it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Rows read so far.
    pub rows: AtomicU64,
    /// Set to stop: the run ends with [`EngineError::Stopped`], nothing is left behind.
    pub stop: AtomicBool,
}

/// 运行统计 What ran where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Reductions that ran over rows.
    pub reductions: usize,
    /// Results that were made row by row.
    pub results: usize,
    /// Conditions that were judged row by row.
    pub conditions: usize,
    /// Reductions that the interpreter did.
    pub interpreted: usize,
    /// Rows read, over all passes.
    pub rows: u64,
    /// Bytes written to temporary files, because they did not fit into memory.
    pub spilled: u64,
}

/// Runs a program with every input that has indexes as rows. Same figures as
/// [`tanliu_method::eval::run`], to the last bit.
///
/// # Errors
/// When it is stopped, or the memory does not suffice.
pub fn run_in_memory(
    program: &Program,
    dataset: &Dataset,
    catalogue: &Catalogue,
    options: &RunOptions,
    engine: &EngineOptions,
) -> Result<(RunOutcome, Account), EngineError> {
    let progress = Progress::default();
    Run::new(program, dataset, catalogue, engine, &progress).go(options, &Choice::All)
}

/// What a run holds while it goes on.
pub(crate) struct Run<'a> {
    pub(crate) original: &'a Program,
    /// The program that is left so far.
    pub(crate) program: Program,
    pub(crate) dataset: Dataset,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) engine: &'a EngineOptions,
    pub(crate) watch: Watcher<'a>,
    pub(crate) account: Account,
    tables: Vec<OutputTable>,
    streamed: Vec<StreamedTable>,
    /// Above how many rows results are streamed: only where somebody takes them out.
    stream_above: Option<u64>,
    /// Factors and findings of what was evaluated on the way.
    pub(crate) aside: RunOutcome,
    defaulted: BTreeMap<VariableId, u64>,
    wide: Vec<WideInput>,
    /// Relations of which the keys were proven to differ.
    proven: BTreeSet<Vec<VariableId>>,
    /// Steps that were made elsewhere, where they are.
    script: Option<Script>,
}

pub(crate) struct Watcher<'a> {
    progress: &'a Progress,
    room: Option<Arc<Room>>,
}

impl Watch for Watcher<'_> {
    fn rows(&self, count: usize) -> bool {
        self.progress.rows.fetch_add(count as u64, Ordering::Relaxed);
        !self.progress.stop.load(Ordering::Relaxed)
    }

    fn room(&self) -> Option<&Room> {
        self.room.as_deref()
    }
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        program: &'a Program,
        dataset: &Dataset,
        catalogue: &'a Catalogue,
        engine: &'a EngineOptions,
        progress: &'a Progress,
    ) -> Self {
        Self {
            original: program,
            program: program.clone(),
            dataset: dataset.clone(),
            catalogue,
            engine,
            watch: Watcher {
                progress,
                room: engine.memory.map(|most| Arc::new(Room::new(most, &engine.spill))),
            },
            account: Account::default(),
            tables: Vec::new(),
            streamed: Vec::new(),
            stream_above: None,
            aside: RunOutcome::default(),
            defaulted: BTreeMap::new(),
            wide: Vec::new(),
            proven: BTreeSet::new(),
            script: None,
        }
    }

    /// Runs everything.
    pub(crate) fn go(
        &mut self,
        options: &RunOptions,
        choice: &Choice,
    ) -> Result<(RunOutcome, Account), EngineError> {
        if options.drop_refused {
            let outcome = interpret(self.original, &self.dataset, self.catalogue, options);
            return Ok((outcome, self.account.clone()));
        }
        let mut roots = wanted_roots(self.original, &options.also);
        let mut conditions: Vec<usize> = (0..self.program.conditions.len()).collect();
        loop {
            let todo = Todo {
                program: &self.program,
                dataset: &self.dataset,
                choice,
                roots: &roots,
                conditions: &conditions,
            };
            let relations = todo.ready();
            if relations.is_empty() {
                break;
            }
            for relation in relations {
                self.relation(&relation, &options.also)?;
                for work in &relation.works {
                    match work.kind {
                        WorkKind::Result(id, _) => roots.retain(|root| *root != id),
                        WorkKind::Condition(number, _) => conditions.retain(|n| *n != number),
                        WorkKind::Reduce(..) => {}
                    }
                }
            }
        }
        self.check_rest(&roots)?;
        trim(&self.program, &mut self.dataset, &roots);
        let mut rest = options.clone();
        rest.roots = Some(roots);
        self.finish(&rest)
    }

    /// One pass, and what it came to put in its place.
    fn relation(&mut self, relation: &Relation, also: &[VariableId]) -> Result<(), EngineError> {
        if !self.wide.is_empty() {
            return self.scanned(relation, also);
        }
        let cut = (self.engine.parts, self.engine.batch_rows);
        let feed = MemoryFeed::new(self.original, &self.dataset, &relation.lanes, cut);
        self.over(relation, &feed, also)
    }

    pub(crate) fn over(
        &mut self,
        relation: &Relation,
        feed: &dyn Feed,
        also: &[VariableId],
    ) -> Result<(), EngineError> {
        let shared = self.answers(&relation.lanes, feed)?;
        let (passed, judge) =
            self.passed(relation, &shared, feed).map_err(|error| error.placed(&self.program))?;
        self.account.rows += passed.rows;
        if judge && passed.unique.is_some_and(|unique| !unique.is_proven()) {
            self.look_for_doubles(relation, feed, passed.rows)?;
        }
        for (id, count) in passed.defaulted {
            let known = self.defaulted.entry(id).or_default();
            *known = (*known).max(count);
        }
        let mut found: BTreeMap<NodeId, (Gathered<Slot>, Vec<Loose>)> = BTreeMap::new();
        for (work, made) in relation.works.iter().zip(passed.works) {
            match (&work.kind, made) {
                (WorkKind::Reduce(node, _), Made::Groups(slots, loose)) => {
                    found.insert(*node, (slots, loose));
                }
                (WorkKind::Result(id, _), Made::Rows(rows)) => {
                    let shown = also.contains(id);
                    self.result(*id, rows, shown, &relation.lanes.dims)?;
                }
                (WorkKind::Condition(number, _), Made::Rows(rows)) => {
                    self.condition(*number, rows, &relation.lanes.dims)?;
                }
                _ => {}
            }
        }
        for (node, (slots, loose)) in found {
            self.account.reductions += 1;
            let Some((id, was)) = stand_in(&mut self.program, node) else { continue };
            let slots = slots.merged(&self.watch)?;
            let table = results::reduced(&self.program, (id, was), slots)
                .map_err(|error| error.of(was).placed(&self.program))?;
            self.dataset.inputs.insert(id, table);
            let mut seen = BTreeSet::new();
            for (kind, key) in loose {
                if seen.insert((kind.clone(), key.clone())) {
                    let fault = given_fault(&self.program, kind, &key);
                    self.dataset.loose.push(fault);
                }
            }
        }
        Ok(())
    }

    /// The interpreter does the rest.
    fn finish(&mut self, options: &RunOptions) -> Result<(RunOutcome, Account), EngineError> {
        self.account.interpreted = results::reductions_left(&self.program);
        let mut outcome = interpret(&self.program, &self.dataset, self.catalogue, options);
        let stands = !outcome.diagnostics.has_errors();
        outcome.tables.retain(|table| !table.name.starts_with(STAND_IN));
        if stands {
            outcome.tables.append(&mut self.tables);
            outcome.tables.sort_by_key(|table| table.variable);
            self.streamed.sort_by_key(|table| table.first.variable);
        } else {
            self.streamed.clear();
        }
        outcome.defaults.retain(|(name, _)| !name.starts_with(STAND_IN));
        self.tell_defaults(&mut outcome);
        for factor in std::mem::take(&mut self.aside.factors) {
            let known = |own: &tanliu_method::eval::FactorUse| {
                own.name == factor.name && own.key == factor.key && own.rows == factor.rows
            };
            if !outcome.factors.iter().any(known) {
                outcome.factors.push(factor);
            }
        }
        for finding in self.aside.diagnostics.list() {
            let known = outcome.diagnostics.list().contains(finding);
            if !known {
                outcome.diagnostics.push(finding.clone());
            }
        }
        self.account.spilled = self.watch.room().map_or(0, Room::written);
        Ok((outcome, self.account.clone()))
    }

    fn tell_defaults(&self, outcome: &mut RunOutcome) {
        for (id, count) in &self.defaulted {
            let Some(variable) = self.original.variables.get(*id) else { continue };
            let count = usize::try_from(*count).unwrap_or(usize::MAX);
            let known = outcome.defaults.iter_mut().find(|(name, _)| *name == variable.name);
            match known {
                Some((_, own)) => *own = (*own).max(count),
                None => outcome.defaults.push((variable.name.clone(), count)),
            }
        }
    }
}
