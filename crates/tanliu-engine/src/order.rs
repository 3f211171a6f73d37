//! 工单 What other machines need to do a share of a run, as bytes; what they made, as bytes; and how
//! the driver joins it.
//!
//! No plan travels. A [`Task`] is the texts of a document and what it needs, the small tables, and
//! where the wide tables lie. An [`Errand`] is the driver's side: it hands out [`Order`]s for the
//! next step, takes in the [`Partial`]s in any order, and goes on until the run is at its end.
//!
//! ```text
//! loop {
//!     match errand.next(engine, progress)? {
//!         Next::Orders(orders) => errand.take(orders done anywhere)?,
//!         Next::Finished(finished) => break,
//!     }
//! }
//! ```
//!
//! A step is a pass over a wide table, or the look for the keys that a pass asks its leaves at. An
//! order holds the steps that came before its own: whoever checks the document and plays them back
//! stands where the driver stands. The outcome equals [`crate::run_wide`]'s to the last bit.

pub(crate) mod bytes;
mod open;
#[cfg(test)]
mod tests;
mod told;
pub(crate) mod travel;

use crate::EngineError;
use crate::run::{Account, EngineOptions, Played, Progress, Script, Share, Step, play};
use crate::source::WideTable;
use bytes::{Travel, digest, seal, unseal};
use open::Opened;
use std::collections::BTreeMap;
use std::sync::Arc;
use tanliu_diagnostic::{Diagnostic, Diagnostics};
use tanliu_method::eval::RunOutcome;
use tanliu_method::table::Table;

/// 任务 A run as texts and places: all that a fresh session needs.
#[derive(Debug, Clone, Default)]
pub struct Task {
    /// The document: name as shown, text.
    pub document: (String, String),
    /// The documents that it may use: id, name as shown, text.
    pub library: Vec<(String, String, String)>,
    /// The files of factor sets: path below `factors/`, text.
    pub factors: Vec<(String, String)>,
    /// Tables that travel whole.
    pub tables: Vec<Table>,
    /// Scalars: name, value as written, the file that messages name.
    pub scalars: Vec<(String, String, String)>,
    /// Names of formulas that are wanted beside the outputs.
    pub also: Vec<String>,
    /// Tables that stay where they lie.
    pub wide: Vec<WideSource>,
}

/// 宽表所在 Where a wide table lies, and the state of it that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WideSource {
    path: String,
    shown: String,
    version: Option<i64>,
    files: Vec<FileMark>,
}

/// 文件标记 A file by name, size in bytes and time of change in nanoseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileMark {
    shown: String,
    bytes: u64,
    modified: Option<u64>,
}

impl WideSource {
    /// A table as it was opened; `path` must lead to it on every machine.
    pub fn of(path: &str, table: &WideTable) -> Self {
        Self {
            path: path.to_owned(),
            shown: table.shown.clone(),
            version: table.version,
            files: open::marks(table),
        }
    }
}

/// 份额 How an errand is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// How many orders each step has.
    pub count: usize,
    /// How many threads of an executor a share should keep busy.
    pub threads: usize,
}

/// 工单 One share of one step of a task.
#[derive(Debug, Clone)]
pub struct Order {
    task: Arc<Task>,
    /// What came before.
    steps: Arc<Vec<Step>>,
    /// Which step of which task it is: the same for all its shares.
    errand: [u8; 32],
    share: usize,
    shares: usize,
    pieces: usize,
    check_keys: bool,
}

/// 份额成果 What an order came to: its half of a step, or what was found to be wrong.
#[derive(Debug, Clone)]
pub struct Partial {
    errand: [u8; 32],
    share: usize,
    made: Result<Step, Vec<Diagnostic>>,
}

/// 下一步 What an errand wants.
#[derive(Debug)]
pub enum Next {
    /// Orders to be done, all of them, anywhere.
    Orders(Vec<Order>),
    /// The run is at its end.
    Finished(Box<Finished>),
}

/// 完成 What an errand came to.
#[derive(Debug)]
pub struct Finished {
    /// What the run says.
    pub outcome: RunOutcome,
    /// What ran where.
    pub account: Account,
    /// Findings of the check and of the binding, without errors.
    pub findings: Diagnostics,
}

/// 差事 The driver's side of a run whose rows are read elsewhere.
#[derive(Debug)]
pub struct Errand {
    task: Arc<Task>,
    shares: Shares,
    steps: Vec<Step>,
    /// The step that is out.
    out: Option<[u8; 32]>,
}

impl Errand {
    /// A task in so many shares.
    pub fn new(task: Task, shares: Shares) -> Self {
        let shares = Shares { count: shares.count.max(1), threads: shares.threads.max(1) };
        Self { task: Arc::new(task), shares, steps: Vec::new(), out: None }
    }

    /// Plays what is known and says what is wanted next. The driver itself reads the keys of wide
    /// tables where their order does not prove that none stands twice, and the rows of what is done
    /// in slices; else no rows.
    ///
    /// # Errors
    /// As [`crate::run_wide`]; a document or data with errors; a wide table that was changed.
    pub fn next(
        &mut self,
        engine: &EngineOptions,
        progress: &Progress,
    ) -> Result<Next, EngineError> {
        let opened = Opened::of(&self.task)?;
        let script = Script::new(self.steps.clone(), None, self.pieces());
        match play(opened.given(), &opened.options, (engine, progress), script)? {
            Played::Finished(outcome, account) => {
                let findings = opened.findings;
                Ok(Next::Finished(Box::new(Finished { outcome: *outcome, account, findings })))
            }
            Played::Wanted(own) => {
                self.steps.extend(own);
                Ok(Next::Orders(self.orders(engine.check_keys)))
            }
            Played::Made(_) => Err(EngineError::internal("the driver has no share")),
        }
    }

    fn pieces(&self) -> usize {
        self.shares.count.saturating_mul(self.shares.threads)
    }

    fn orders(&mut self, check_keys: bool) -> Vec<Order> {
        let steps = Arc::new(self.steps.clone());
        let mut body = Vec::new();
        self.task.write(&mut body);
        steps.write(&mut body);
        (self.shares.count, (self.pieces(), usize::from(check_keys))).write(&mut body);
        let errand = digest(&body);
        self.out = Some(errand);
        let order = |share| Order {
            task: Arc::clone(&self.task),
            steps: Arc::clone(&steps),
            errand,
            share,
            shares: self.shares.count,
            pieces: self.pieces(),
            check_keys,
        };
        (0..self.shares.count).map(order).collect()
    }

    /// Takes in what the orders of a step came to, in any order; a share that was done twice counts
    /// once.
    ///
    /// # Errors
    /// What an executor found to be wrong, told as [`crate::run_wide`] would tell it; a share is
    /// missing, or one belongs to another step or task.
    pub fn take(&mut self, partials: Vec<Partial>) -> Result<(), EngineError> {
        let Some(errand) = self.out else {
            return Err(EngineError::order("没有发出的工单", "no order is out"));
        };
        let mut by_share: BTreeMap<usize, Step> = BTreeMap::new();
        let mut wrong: BTreeMap<usize, Vec<Diagnostic>> = BTreeMap::new();
        for partial in partials {
            if partial.errand != errand || partial.share >= self.shares.count {
                return Err(foreign());
            }
            match partial.made {
                Ok(step) => {
                    by_share.insert(partial.share, step);
                }
                Err(findings) => {
                    wrong.entry(partial.share).or_insert(findings);
                }
            }
        }
        if !wrong.is_empty() {
            let mut all: Vec<Diagnostic> = Vec::new();
            for finding in wrong.into_values().flatten() {
                // Several executors may meet one fault.
                if !all.contains(&finding) {
                    all.push(finding);
                }
            }
            return Err(EngineError::Findings(all));
        }
        if let Some(share) = (0..self.shares.count).find(|share| !by_share.contains_key(share)) {
            let (number, count) = (share + 1, self.shares.count);
            return Err(EngineError::order(
                format!("缺第 {number} 份（共 {count} 份）的成果"),
                format!("share {number} of {count} is missing"),
            ));
        }
        let mut steps = by_share.into_values();
        let Some(mut whole) = steps.next() else { return Err(foreign()) };
        if !steps.all(|step| whole.join(step)) {
            return Err(foreign());
        }
        self.steps.push(whole);
        self.out = None;
        Ok(())
    }
}

fn foreign() -> EngineError {
    EngineError::order("成果不属于这一步的工单", "what came back belongs to another order")
}

impl Order {
    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        seal("order", self)
    }

    /// From bytes.
    ///
    /// # Errors
    /// Bytes that are none, were cut short or changed, or are another version's.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EngineError> {
        unseal("order", bytes)
    }

    /// Does the order: checks the document, binds the data, opens the tables, plays back what came
    /// before, and reads its share of the rows. Threads, memory and spill are the machine's own.
    /// What is wrong with the data (bad cells, a file that is not in the state that is meant) is
    /// what the order came to, for the driver to tell.
    ///
    /// # Errors
    /// What is the machine's own affair, so that another may do the order: it was stopped, its
    /// memory did not suffice, a fault of ours.
    pub fn execute(
        &self,
        engine: &EngineOptions,
        progress: &Progress,
    ) -> Result<Partial, EngineError> {
        let made = match self.step(engine, progress) {
            Ok(step) => Ok(step),
            Err(error @ (EngineError::Findings(_) | EngineError::Source(_))) => {
                Err(error.findings())
            }
            Err(error) => return Err(error),
        };
        Ok(Partial { errand: self.errand, share: self.share, made })
    }

    fn step(&self, engine: &EngineOptions, progress: &Progress) -> Result<Step, EngineError> {
        let opened = Opened::of(&self.task)?;
        let share = Share { number: self.share, of: self.shares };
        let script = Script::new(self.steps.to_vec(), Some(share), self.pieces);
        let engine = EngineOptions { check_keys: self.check_keys, ..engine.clone() };
        match play(opened.given(), &opened.options, (&engine, progress), script)? {
            Played::Made(step) => Ok(step),
            _ => Err(EngineError::order(
                "工单没有要做的一步",
                "there is no step left that this order could do",
            )),
        }
    }
}

impl Partial {
    /// What was found to be wrong; nothing where the order was done.
    pub fn findings(&self) -> &[Diagnostic] {
        self.made.as_ref().err().map_or(&[], Vec::as_slice)
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        seal("partial", self)
    }

    /// From bytes.
    ///
    /// # Errors
    /// Bytes that are none, were cut short or changed, or are another version's.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EngineError> {
        unseal("partial", bytes)
    }
}
