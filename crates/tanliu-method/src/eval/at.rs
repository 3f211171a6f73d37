//! 定键求值 Values of a program's nodes at keys that are asked from outside: what a part of the run
//! that goes on elsewhere needs from here.

use super::column::{ABSENT, Column, PRESENT, Values};
use super::frame::NO_KEY;
use super::run::RunOutcome;
use super::{Evaluator, faults::Fault};
use crate::data::{Dataset, GivenFault, GivenState};
use crate::program::{IndexId, Key, NodeId, Program, Type, Value};
use std::collections::BTreeSet;
use std::rc::Rc;
use tanliu_factor::Catalogue;
use tanliu_unit::time::{Grain, TimeKey};

/// 求值请求 A node, and the keys at which it is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The node.
    pub node: NodeId,
    /// One list per index of the node (in ascending order of the indexes), one entry per row.
    pub keys: Vec<Vec<Key>>,
    /// How many rows (of a scalar: 1).
    pub rows: usize,
}

/// 求得的值 What a node is at the keys that were asked.
#[derive(Debug, Clone)]
pub struct Answered {
    /// One value per row; of a row that is absent or at fault it means nothing.
    pub values: Vec<Value>,
    /// What each row came to; empty if every row has its value.
    pub states: Vec<GivenState>,
}

/// 答复 The answers, and what else came up.
#[derive(Debug)]
pub struct Answers {
    /// One per request.
    pub values: Vec<Answered>,
    /// The factors that were taken, defaults, findings.
    pub aside: RunOutcome,
    /// Faults that no row carries, of the formulas under what was asked: a run computes these
    /// whatever is asked of them.
    pub loose: Vec<GivenFault>,
    /// There are more such faults, which count only if a run asks the requests at these keys:
    /// [`loose_at`] tells them.
    pub more: bool,
}

/// Evaluates nodes at keys. The keys must be known to the data set ([`Dataset::known`] takes those
/// that no table has); an unknown one is answered as missing.
pub fn values_at(
    program: &Program,
    dataset: &Dataset,
    catalogue: &Catalogue,
    asked: &[Asked],
) -> Answers {
    let evaluator = Evaluator::new(program, dataset, catalogue);
    let nodes: Vec<NodeId> = asked.iter().map(|asked| asked.node).collect();
    let wanted = program.reach(&[], &nodes);
    let given = evaluator.loose.borrow().clone();
    evaluator.run_formulas(&wanted);
    let loose = evaluator.loose_since(&given);
    let before = evaluator.loose.borrow().clone();
    let values = asked.iter().map(|asked| evaluator.answer(asked)).collect();
    nodes.iter().for_each(|node| drop(evaluator.keys(*node)));
    let more = evaluator.loose.borrow().len() > before.len();
    let mut aside = RunOutcome::default();
    evaluator.note_sources(&wanted, &mut aside);
    aside.gaps = evaluator.gaps();
    Answers { values, aside, loose, more }
}

/// The faults that no row carries, where a run wants the keys of some nodes and asks nodes at keys.
/// Those of formulas are not among them: [`Answers::loose`] has them.
pub fn loose_at(
    program: &Program,
    dataset: &Dataset,
    catalogue: &Catalogue,
    (keyed, asked): (&[NodeId], &[Asked]),
) -> Vec<GivenFault> {
    let evaluator = Evaluator::new(program, dataset, catalogue);
    let mut nodes: Vec<NodeId> = asked.iter().map(|asked| asked.node).collect();
    nodes.extend(keyed);
    evaluator.run_formulas(&program.reach(&[], &nodes));
    let before = evaluator.loose.borrow().clone();
    keyed.iter().for_each(|node| drop(evaluator.keys(*node)));
    asked.iter().for_each(|asked| drop(evaluator.answer(asked)));
    evaluator.loose_since(&before)
}

impl Evaluator<'_> {
    fn loose_since(&self, before: &BTreeSet<u32>) -> Vec<GivenFault> {
        let found: Vec<u32> = self.loose.borrow().difference(before).copied().collect();
        found.into_iter().filter_map(|state| self.given(state)).collect()
    }

    pub(super) fn given(&self, state: u32) -> Option<GivenFault> {
        let Fault { kind, key } = self.fault_of(state)?;
        let known = |(index, code): &(IndexId, u32)| {
            Some((*index, self.dictionary(*index).key(*code)?.clone()))
        };
        Some(GivenFault { kind, key: key.iter().filter_map(known).collect() })
    }

    fn answer(&self, asked: &Asked) -> Answered {
        let node = self.node(asked.node);
        let columns = (node.dims.iter().zip(&asked.keys))
            .map(|(index, keys)| self.dictionary(*index).codes(keys))
            .collect();
        let frame = self.frames.make(node.dims.clone(), columns, asked.rows, false);
        let column = self.eval(asked.node, &frame);
        let values = (0..asked.rows).map(|row| self.value(&column, &node.ty, row)).collect();
        let states = match column.state.is_empty() {
            true => Vec::new(),
            false => (0..asked.rows).map(|row| self.given_state(column.state(row))).collect(),
        };
        Answered { values, states }
    }

    /// One value of a column.
    pub(crate) fn value(&self, column: &Column, ty: &Type, row: usize) -> Value {
        match &column.values {
            Values::Number(list) => Value::Number(list.get(row).copied().unwrap_or(0.0)),
            Values::Bool(list) => Value::Bool(list.get(row) == Some(&true)),
            Values::Text(list) => Value::Text(list.get(row).cloned().unwrap_or_else(|| "".into())),
            Values::Date(list) => Value::Date(TimeKey {
                grain: Grain::Day,
                ordinal: list.get(row).copied().unwrap_or(0),
            }),
            Values::Key(list) => {
                let code = list.get(row).copied().unwrap_or(NO_KEY);
                let key = match ty {
                    Type::Key(index) => self.dictionary(*index).key(code).cloned(),
                    _ => None,
                };
                Value::Key(key.unwrap_or_else(|| Key::Text(Rc::from(""))))
            }
        }
    }

    /// A state as it is given to others.
    pub(super) fn given_state(&self, state: u32) -> GivenState {
        match state {
            PRESENT => GivenState::Present,
            ABSENT => GivenState::Absent,
            state => self.given(state).map_or(GivenState::Absent, GivenState::Fault),
        }
    }
}
