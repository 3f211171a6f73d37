//! 参考解释器 The reference interpreter: it defines what a program means. Plain, exact, one thread.
//!
//! Two questions are asked of every node: which keys does it have (`keys`), and what is its value
//! at the keys of a frame (`expression`). A value is present, absent, or at fault; a fault is
//! only an error where an output, a condition or a formula that nothing else uses asks for it.

mod at;
mod choice;
pub(crate) mod column;
mod compared;
mod conditions;
mod dates;
mod defaults;
mod drop;
mod expression;
mod factors;
mod faults;
pub(crate) mod frame;
mod group;
mod keys;
mod lookup;
mod nearby;
mod numbers;
mod recurrence;
mod run;
pub(crate) mod series;
mod slice;
mod trace;
mod withheld;

pub use at::{Answered, Answers, Asked, loose_at, values_at};
pub use conditions::about_optional;
pub use faults::{FaultKind, RefusedFactor};
pub use group::quantile_of;
pub use run::{
    FactorUse, Figure, OutputTable, RunOptions, RunOutcome, Violation, run, wanted_roots,
};
pub use slice::{
    FailingKey, Giving, Slice, Sliced, SlicedColumn, SlicedValues, keys_of_run, tell_failing,
    values_in_slice,
};
pub use trace::{Leaf, Trace, TraceError, Tracer, trace};
pub use withheld::{WITHHELD_KEYS_SHOWN, Withheld, shaping_holes};

use crate::data::Dataset;
use crate::program::{IndexId, NodeId, Program, VariableId};
use column::Column;
use faults::Fault;
use frame::{Dictionary, Frame, Frames};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use tanliu_factor::Catalogue;

/// 已算出的量 A variable or a reduction at its own keys.
#[derive(Debug, Clone)]
pub(crate) struct Materialized {
    pub(crate) frame: Rc<Frame>,
    pub(crate) column: Column,
}

/// What a factor is at a key: value, set rows, what was said about the choice.
#[derive(Debug, Clone)]
pub(crate) struct ChosenFactor {
    pub(crate) value: f64,
    pub(crate) rows: Vec<usize>,
    pub(crate) explanation: tanliu_diagnostic::Text,
    pub(crate) findings: Vec<tanliu_diagnostic::Diagnostic>,
}

/// A chosen factor, or the fault that stands for it.
type Chosen = Result<Rc<ChosenFactor>, u32>;

/// For each code another one.
type Codes = Rc<Vec<u32>>;

/// For each code the rows that have it.
type Slices = Rc<Vec<Vec<u32>>>;

/// 解释器 The state of one run.
pub(crate) struct Evaluator<'a> {
    pub(crate) program: &'a Program,
    pub(crate) dataset: &'a Dataset,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) dictionaries: Vec<Dictionary>,
    pub(crate) frames: Frames,
    pub(crate) variables: RefCell<Vec<Option<Rc<Materialized>>>>,
    pub(crate) nodes: RefCell<BTreeMap<NodeId, Rc<Materialized>>>,
    pub(crate) keys: RefCell<BTreeMap<NodeId, Rc<Frame>>>,
    /// The keys that data bring to each formula.
    pub(crate) brings: RefCell<BTreeMap<VariableId, Option<Rc<Frame>>>>,
    pub(crate) series: RefCell<BTreeMap<(usize, IndexId), Rc<series::Series>>>,
    /// The rows of frames by the code of an index.
    pub(crate) slices: RefCell<BTreeMap<(usize, IndexId), Slices>>,
    /// For each code of an index the code some steps further.
    pub(crate) stepped: RefCell<BTreeMap<(IndexId, i64), Codes>>,
    pub(crate) faults: RefCell<Vec<Fault>>,
    /// Faults that no row carries: keys that do not meet, mappings that lack a key.
    pub(crate) loose: RefCell<BTreeSet<u32>>,
    /// Such faults of parts that were computed elsewhere and that nothing has asked for yet.
    pub(crate) unasked: RefCell<BTreeMap<VariableId, Vec<u32>>>,
    pub(crate) factors: RefCell<BTreeMap<(VariableId, Vec<u32>), Chosen>>,
    /// The keys that inputs answered with their default, packed into one number each.
    pub(crate) defaulted: RefCell<BTreeMap<VariableId, Vec<u128>>>,
    /// The recurrence that is running.
    pub(crate) running: RefCell<Option<recurrence::Running>>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(
        program: &'a Program,
        dataset: &'a Dataset,
        catalogue: &'a Catalogue,
    ) -> Self {
        let dictionaries = frame::dictionaries(program, dataset);
        let frames = Frames::new(&dictionaries);
        let evaluator = Self {
            program,
            dataset,
            catalogue,
            dictionaries,
            frames,
            variables: RefCell::new(vec![None; program.variables.len()]),
            nodes: RefCell::default(),
            keys: RefCell::default(),
            brings: RefCell::default(),
            series: RefCell::default(),
            slices: RefCell::default(),
            stepped: RefCell::default(),
            faults: RefCell::default(),
            loose: RefCell::default(),
            unasked: RefCell::default(),
            factors: RefCell::default(),
            defaulted: RefCell::default(),
            running: RefCell::default(),
        };
        evaluator.load_inputs();
        evaluator
    }

    /// Runs all formulas in order.
    pub(crate) fn run_formulas(&self, wanted: &BTreeSet<VariableId>) {
        use crate::program::Step;
        for step in &self.program.order {
            match step {
                Step::Formula(id) if wanted.contains(id) => {
                    self.materialize(*id);
                }
                Step::Recurrence { index, variables }
                    if variables.iter().any(|id| wanted.contains(id)) =>
                {
                    self.run_recurrence(*index, variables);
                }
                _ => {}
            }
        }
    }

    pub(crate) fn node(&self, node: NodeId) -> &'a crate::program::Node {
        #[expect(clippy::indexing_slicing, reason = "node numbers come from the program itself")]
        &self.program.nodes[node]
    }

    pub(crate) fn variable(&self, id: VariableId) -> &'a crate::program::Variable {
        #[expect(
            clippy::indexing_slicing,
            reason = "variable numbers come from the program itself"
        )]
        &self.program.variables[id]
    }

    pub(crate) fn dictionary(&self, index: IndexId) -> &Dictionary {
        #[expect(clippy::indexing_slicing, reason = "one dictionary per index")]
        &self.dictionaries[index]
    }
}
