//! 逐步运行 A run whose passes were made elsewhere: what they came to is played back step by step.
//!
//! Every session that checks the same document and plays back the same steps comes to the same next
//! step, with the same numbers of nodes. An executor makes that step over its share of the rows; the
//! driver joins the shares and plays on.

use super::{Account, EngineOptions, Progress, Run, WideRun};
use crate::EngineError;
use crate::atom::Atom;
use crate::feed::{Feed, Rows};
use crate::lane::Shared;
use crate::pass::{Passed, distinct, pass};
use crate::slice::SlicesMade;
use crate::split::Relation;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tanliu_method::eval::{RunOptions, RunOutcome};

/// The keys that a relation's rows have, by the places of the indexes.
pub(crate) type RowKeySets = BTreeMap<Vec<usize>, BTreeSet<Vec<Atom>>>;

/// 步 What reads rows, in the order in which a run does it.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// The keys that leaves are asked at.
    Keys(RowKeySets),
    /// A pass.
    Rows(Passed),
    /// What was done in slices. The driver does it by itself.
    Slices(SlicesMade),
}

impl Step {
    /// Joins another share's half; `false` if it is of another kind.
    pub(crate) fn join(&mut self, other: Self) -> bool {
        match (self, other) {
            (Self::Keys(own), Self::Keys(other)) => {
                for (places, rows) in other {
                    own.entry(places).or_default().extend(rows);
                }
                true
            }
            (Self::Rows(own), Self::Rows(other)) => {
                own.join(other);
                true
            }
            _ => false,
        }
    }
}

/// 份 One of so many shares of the rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    pub(crate) number: usize,
    pub(crate) of: usize,
}

/// 剧本 The steps that are known, and what is to be done where they end.
#[derive(Debug)]
pub(crate) struct Script {
    known: VecDeque<Step>,
    /// An executor's share; the driver has none.
    share: Option<Share>,
    /// In how many parts tables are cut, the same for all shares.
    pieces: usize,
    /// The step that the executor made.
    made: Option<Step>,
    /// Steps that the driver did by itself.
    own: Vec<Step>,
    /// The steps ended before the run did.
    ended: bool,
}

impl Script {
    pub(crate) fn new(known: Vec<Step>, share: Option<Share>, pieces: usize) -> Self {
        let own = Vec::new();
        Self { known: known.into(), share, pieces, made: None, own, ended: false }
    }
}

/// 结果 What playing came to.
#[derive(Debug)]
pub(crate) enum Played {
    /// The run is at its end.
    Finished(Box<RunOutcome>, Account),
    /// The share's half of the next step.
    Made(Step),
    /// A further step is wanted; behind these, which the driver did by itself.
    Wanted(Vec<Step>),
}

/// Plays a script.
pub(crate) fn play(
    given: WideRun<'_>,
    options: &RunOptions,
    (engine, progress): (&EngineOptions, &Progress),
    script: Script,
) -> Result<Played, EngineError> {
    let mut run = Run::new(given.program, given.dataset, given.catalogue, engine, progress);
    run.wide = given.wide.to_vec();
    run.script = Some(script);
    let ended = run.go(options, &super::wide::chosen(given.wide));
    match run.script.take() {
        Some(Script { made: Some(step), .. }) => Ok(Played::Made(step)),
        Some(Script { ended: true, share: None, own, .. }) => Ok(Played::Wanted(own)),
        Some(script) if !script.known.is_empty() && ended.is_ok() => Err(out_of_step()),
        _ => ended.map(|(outcome, account)| Played::Finished(Box::new(outcome), account)),
    }
}

fn out_of_step() -> EngineError {
    EngineError::order("已知的步与程序不符", "the steps that are known are not this program's")
}

impl Run<'_> {
    /// In how many parts a wide table is cut.
    pub(super) fn pieces(&self) -> usize {
        self.script.as_ref().map_or(self.engine.threads, |script| script.pieces)
    }

    /// The keys that rows have: played back, or read.
    pub(super) fn key_sets(
        &mut self,
        feed: &dyn Feed,
        places: &BTreeSet<Vec<usize>>,
        shared: &Shared,
    ) -> Result<RowKeySets, EngineError> {
        match self.known_step()? {
            Known::Read => distinct(feed, places, shared, &self.watch),
            Known::Step(step) => match *step {
                Step::Keys(keys) => Ok(keys),
                Step::Rows(_) | Step::Slices(_) => Err(out_of_step()),
            },
            Known::Share(share) => {
                let keys = distinct(&ShareFeed::new(feed, share), places, shared, &self.watch)?;
                Err(self.made(Step::Keys(keys)))
            }
        }
    }

    /// A pass: played back, or made. Whether its keys are still to be judged.
    pub(super) fn passed(
        &mut self,
        relation: &Relation,
        shared: &Shared,
        feed: &dyn Feed,
    ) -> Result<(Passed, bool), EngineError> {
        let threads = self.engine.threads;
        match self.known_step()? {
            Known::Read => Ok((pass(relation, shared, feed, threads, &self.watch)?, true)),
            Known::Step(step) => {
                let Step::Rows(passed) = *step else { return Err(out_of_step()) };
                // The driver judges the keys of a step when it comes in, and not again.
                let newest = self
                    .script
                    .as_ref()
                    .is_some_and(|script| script.share.is_none() && script.known.is_empty());
                Ok((passed, newest))
            }
            Known::Share(share) => {
                let feed = ShareFeed::new(feed, share);
                let mut passed = pass(relation, shared, &feed, threads, &self.watch)?;
                // What travels is held: a share is as large as its machine's memory allows.
                passed.read_in(&self.watch)?;
                Err(self.made(Step::Rows(passed)))
            }
        }
    }

    /// What slices came to, where that is known.
    pub(crate) fn known_slices(&mut self) -> Result<Option<SlicesMade>, EngineError> {
        let Some(script) = &mut self.script else { return Ok(None) };
        match script.known.pop_front() {
            Some(Step::Slices(made)) => Ok(Some(made)),
            None if script.share.is_none() => Ok(None),
            _ => Err(out_of_step()),
        }
    }

    /// What the driver did in slices is a step that executors play back.
    pub(crate) fn note_slices(&mut self, made: SlicesMade) -> SlicesMade {
        if let Some(script) = &mut self.script {
            script.own.push(Step::Slices(made.clone()));
        }
        made
    }

    fn known_step(&mut self) -> Result<Known, EngineError> {
        let Some(script) = &mut self.script else { return Ok(Known::Read) };
        if let Some(step) = script.known.pop_front() {
            return Ok(Known::Step(Box::new(step)));
        }
        script.ended = true;
        script.share.map(Known::Share).ok_or_else(out_of_step)
    }

    /// The share's half is made: the run ends here. [`play`] hands it out.
    fn made(&mut self, step: Step) -> EngineError {
        if let Some(script) = &mut self.script {
            script.made = Some(step);
        }
        EngineError::Stopped
    }
}

/// What a run does where it would read rows.
enum Known {
    Read,
    Step(Box<Step>),
    Share(Share),
}

/// 份的行源 The parts of a feed that belong to a share.
struct ShareFeed<'f> {
    whole: &'f dyn Feed,
    from: usize,
    to: usize,
}

impl<'f> ShareFeed<'f> {
    fn new(whole: &'f dyn Feed, share: Share) -> Self {
        let (parts, of) = (whole.parts(), share.of.max(1));
        Self { whole, from: share.number * parts / of, to: (share.number + 1) * parts / of }
    }
}

impl Feed for ShareFeed<'_> {
    fn parts(&self) -> usize {
        self.to - self.from
    }

    fn unique(&self) -> Option<Vec<crate::atom::AtomKind>> {
        self.whole.unique()
    }

    fn open(&self, part: usize) -> Result<Box<dyn Rows + '_>, EngineError> {
        self.whole.open(self.from + part)
    }
}
