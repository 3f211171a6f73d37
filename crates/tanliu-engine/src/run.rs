//! 运行 A whole run: parts over rows, round by round, then the reference interpreter over the rest.

mod answers;
mod failing;
mod loose;
mod results;
mod script;
mod streamed;
mod wide;

pub(crate) use answers::values;
pub(crate) use script::{Played, Script, Share, Step, play};
pub use streamed::StreamedTable;
pub use wide::{Streamed, WideRun, run_wide, run_wide_streamed};

use crate::EngineError;
use crate::feed::{Feed, MemoryFeed, WideInput};
use crate::pass::{Made, Watch};
use crate::reduce::Slot;
use crate::spill::{Gathered, Room};
use crate::split::{Choice, Relation, STAND_IN, Todo, WorkKind, stand_in, trim, waits_for_hole};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;
use tanliu_diagnostic::Diagnostic;
use tanliu_factor::Catalogue;
use tanliu_method::data::{Dataset, GivenFault};
use tanliu_method::eval::{
    OutputTable, RunOptions, RunOutcome, about_optional, run as interpret, wanted_roots,
};
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
    /// How many rows a slice has at most; nothing: what memory lets it. With it, what of tables in
    /// memory cannot run over rows is done in slices too, not left to the interpreter.
    pub slice_rows: Option<u64>,
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
            slice_rows: None,
            stream_above: None,
        }
    }
}

/// 进展 What the outside is told of a run, and how it stops it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Rows read so far.
    pub rows: AtomicU64,
    /// Rows that are read again, beyond those that the tables have.
    pub again: AtomicU64,
    /// How long it took so far to find out what runs over rows, before any of them is read.
    pub planning_nanoseconds: AtomicU64,
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
    /// Parts that were done slice by slice.
    pub sliced: usize,
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
    Run::new(program, dataset, catalogue, engine, &progress)
        .go(options, &Choice::All { sliced: engine.slice_rows.is_some() })
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
    pub(crate) defaulted: BTreeMap<VariableId, u64>,
    pub(crate) wide: Vec<WideInput>,
    /// What was found of conditions that fail, with the values of both sides.
    pub(crate) failed: Vec<Diagnostic>,
    /// Relations of which the keys were proven to differ.
    proven: BTreeSet<Vec<VariableId>>,
    /// Steps that were made elsewhere, where they are.
    script: Option<Script>,
}

pub(crate) struct Watcher<'a> {
    progress: &'a Progress,
    room: Option<Arc<Room>>,
}

impl Watcher<'_> {
    /// So many rows will be read once more.
    pub(crate) fn again(&self, rows: u64) {
        self.progress.again.fetch_add(rows, Ordering::Relaxed);
    }

    /// Plans, and counts the time it takes.
    #[expect(clippy::disallowed_methods, reason = "the time is told, it enters no figure")]
    fn planned<T>(&self, plan: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let planned = plan();
        let took = u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.progress.planning_nanoseconds.fetch_add(took, Ordering::Relaxed);
        planned
    }
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
            failed: Vec::new(),
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
        let (program, dataset) = (self.original, &self.dataset);
        let all = wanted_roots(program, &options.also);
        // What has no keys before a hole is filled is not computed.
        let (withheld, mut roots): (Vec<VariableId>, Vec<VariableId>) =
            all.iter().partition(|id| waits_for_hole(program, dataset, (&[**id], &[])));
        let mut conditions: Vec<usize> = (program.conditions.iter().enumerate())
            .filter(|(_, own)| !waits_for_hole(program, dataset, (&[], &[own.root])))
            .map(|(number, _)| number)
            .collect();
        loop {
            let todo =
                Todo { program: &self.program, choice, roots: &roots, conditions: &conditions };
            let (relations, cut) = self.watch.planned(|| {
                let relations = todo.ready();
                let cut = if relations.is_empty() { todo.cut() } else { None };
                (relations, cut)
            });
            let mut done: Vec<&WorkKind> = Vec::new();
            for relation in &relations {
                self.relation(relation, &options.also)?;
                done.extend(relation.works.iter().map(|work| &work.kind));
            }
            if let Some(cut) = &cut
                && self.slices(cut, &options.also)?
            {
                let works = cut.works.iter().flat_map(|work| &work.relation.works);
                done.extend(works.map(|work| &work.kind));
            }
            if done.is_empty() {
                break;
            }
            for kind in done {
                match kind {
                    WorkKind::Result(id, _) => roots.retain(|root| root != id),
                    WorkKind::Condition(number, _) => conditions.retain(|n| n != number),
                    WorkKind::Reduce(..) => {}
                }
            }
        }
        self.check_rest(&roots)?;
        let left: Vec<VariableId> =
            all.into_iter().filter(|id| withheld.contains(id) || roots.contains(id)).collect();
        trim(&self.program, &mut self.dataset, &left);
        let mut rest = options.clone();
        rest.roots = Some(left);
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
        let shared = self.answers(relation, feed)?;
        let (passed, judge) =
            self.passed(relation, &shared, feed).map_err(|error| error.placed(&self.program))?;
        self.account.rows += passed.rows;
        if judge && passed.unique.is_some_and(|unique| !unique.is_proven()) {
            let inputs: Vec<VariableId> =
                relation.lanes.inputs.iter().map(|input| input.id).collect();
            self.look_for_doubles((&relation.lanes.dims, &inputs), feed, passed.rows)?;
        }
        for (id, count) in passed.defaulted {
            let known = self.defaulted.entry(id).or_default();
            *known = (*known).max(count);
        }
        self.judge_again(relation, &passed.failing);
        let of_leaves = self.loose_of_leaves(relation, &shared, &passed.asked);
        self.take_in(relation, (passed.works, of_leaves), also)
    }

    /// What works came to, put in their places.
    pub(crate) fn take_in(
        &mut self,
        relation: &Relation,
        (works, mut of_leaves): (Vec<Made>, BTreeMap<usize, Vec<GivenFault>>),
        also: &[VariableId],
    ) -> Result<(), EngineError> {
        let mut found: BTreeMap<NodeId, (Gathered<Slot>, Vec<GivenFault>)> = BTreeMap::new();
        for (number, (work, made)) in relation.works.iter().zip(works).enumerate() {
            match (&work.kind, made) {
                (WorkKind::Reduce(node, _), Made::Groups(slots, loose)) => {
                    let more = of_leaves.remove(&number).unwrap_or_default();
                    found.insert(*node, (slots, self.given_once(loose, more)));
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
            let mut table = results::reduced(&self.program, (id, was), slots)
                .map_err(|error| error.of(was).placed(&self.program))?;
            table.loose = loose;
            self.dataset.inputs.insert(id, table);
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
        outcome.withheld.append(&mut self.aside.withheld);
        outcome.withheld.sort_by(|a, b| a.what.cmp(&b.what));
        outcome.defaults.retain(|(name, _)| !name.starts_with(STAND_IN));
        self.spare_optional(&mut outcome);
        self.tell_values(&mut outcome);
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

    /// A condition that ran over rows no longer shows what it is about.
    fn spare_optional(&self, outcome: &mut RunOutcome) {
        let spared: Vec<&str> = (self.original.conditions.iter())
            .filter(|condition| about_optional(self.original, condition.root))
            .map(|condition| condition.message.as_str())
            .collect();
        if spared.is_empty() {
            return;
        }
        let found = std::mem::take(&mut outcome.diagnostics);
        outcome.diagnostics = found.filter_map(|finding| {
            let tells = finding.code == "condition-not-judged"
                && spared.iter().any(|message| finding.message.zh.ends_with(message));
            (!tells).then_some(finding)
        });
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
