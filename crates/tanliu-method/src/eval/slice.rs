//! 切片求值 What nodes come to for a part of a run: all keys that have one of some keys of an index.
//!
//! Where nothing looks from one key of an index to another, a run can be cut along it. Each slice is
//! evaluated as a run of its own, with all rows of its keys, and so has the same values as the whole.

use super::column::{Column, PRESENT, Values};
use super::compared::SHOWN;
use super::frame::Frame;
use super::run::RunOutcome;
use super::{Evaluator, faults::Fault};
use crate::data::{Dataset, GivenFault, GivenState, KeyColumn};
use crate::program::{IndexId, Key, NodeId, Program, Value, VariableId};
use std::collections::BTreeSet;
use std::rc::Rc;
use tanliu_diagnostic::{Diagnostic, Text};
use tanliu_factor::Catalogue;

/// 切片 A part of a run.
#[derive(Debug, Clone, Copy)]
pub struct Slice<'a> {
    /// The program.
    pub program: &'a Program,
    /// The rows of the slice's keys; tables without the index may be whole.
    pub dataset: &'a Dataset,
    /// The factors.
    pub catalogue: &'a Catalogue,
    /// The index along which the run is cut, and the slice's keys of it; nothing: all keys.
    pub keys: Option<(IndexId, &'a BTreeSet<Key>)>,
}

/// 键的来源 Whose keys are asked.
#[derive(Debug, Clone, Copy)]
pub enum Giving {
    /// A formula, at its own keys.
    Variable(VariableId),
    /// A node, at its own keys.
    Node(NodeId),
    /// A condition, by its number, at its own keys.
    Condition(usize),
}

/// 切片结果 What a slice came to.
#[derive(Debug, Clone, Default)]
pub struct Sliced {
    /// The keys: one column per index of what gives them, in ascending order of the indexes.
    pub keys: Vec<KeyColumn>,
    /// How many.
    pub rows: usize,
    /// What gives the keys, then each of those beside it.
    pub columns: Vec<SlicedColumn>,
    /// Faults that no row carries, which count if the run asks for what was asked here.
    pub loose: Vec<GivenFault>,
    /// The same of formulas: these a run computes in any case.
    pub always: Vec<GivenFault>,
    /// The first keys at which a condition fails, in order.
    pub failing: Vec<FailingKey>,
}

/// 不满足之处 A key at which a condition fails.
#[derive(Debug, Clone)]
pub struct FailingKey {
    /// The key, in ascending order of the indexes.
    pub key: Vec<Key>,
    /// What both sides are, if it is a comparison.
    pub words: Option<Text>,
    /// The figure to ask `explain` for.
    pub figure: Option<String>,
}

/// 切片列 One value per row.
#[derive(Debug, Clone)]
pub struct SlicedColumn {
    /// The values; of a row that is absent or at fault they mean nothing.
    pub values: SlicedValues,
    /// What each row came to; empty if every row has its value.
    pub states: Vec<GivenState>,
}

/// 切片值 Values by type.
#[derive(Debug, Clone)]
pub enum SlicedValues {
    /// Numbers.
    Number(Vec<f64>),
    /// True or false.
    Bool(Vec<bool>),
    /// Keys, dates, texts.
    Other(Vec<Value>),
}

/// Evaluates `giving` at those of its own keys that are the slice's, and what stands `beside` it at
/// the same keys. Beside the values: factors that were taken, defaults, findings.
pub fn values_in_slice(
    slice: &Slice<'_>,
    giving: Giving,
    beside: &[NodeId],
) -> (Sliced, RunOutcome) {
    let evaluator = Evaluator::new(slice.program, slice.dataset, slice.catalogue);
    let mut nodes = beside.to_vec();
    let mut variables = Vec::new();
    match giving {
        Giving::Variable(id) => variables.push(id),
        Giving::Node(node) => nodes.push(node),
        Giving::Condition(number) => {
            nodes.extend(slice.program.conditions.get(number).map(|condition| condition.root));
        }
    }
    let wanted = slice.program.reach(&variables, &nodes);
    evaluator.run_formulas(&wanted);
    let always = evaluator.loose.borrow().clone();
    let sliced = evaluator.sliced(slice.keys, (giving, beside), &always);
    let mut aside = RunOutcome::default();
    evaluator.note_sources(&wanted, &mut aside);
    aside.gaps = evaluator.gaps();
    (sliced, aside)
}

/// What is told of a condition that fails, by its number, from the first keys at which it does: as a
/// run tells it, without the list of keys.
pub fn tell_failing(
    program: &Program,
    number: usize,
    failing: &[FailingKey],
) -> Option<Diagnostic> {
    let condition = program.conditions.get(number)?;
    let mut told = super::conditions::failed(program, condition);
    for words in failing.iter().take(SHOWN).filter_map(|own| own.words.clone()) {
        told = told.note(words.zh, words.en);
    }
    let figure = failing.first().and_then(|own| own.figure.clone());
    Some(match figure {
        Some(figure) => super::compared::ask_for(told, &figure),
        None => told,
    })
}

/// All keys of an index that a run knows, ascending: of tables, parameters, mappings, constants.
pub fn keys_of_run(program: &Program, dataset: &Dataset, index: IndexId) -> Vec<Key> {
    let mut all = super::frame::dictionaries(program, dataset);
    match index < all.len() {
        true => all.swap_remove(index).keys,
        false => Vec::new(),
    }
}

/// The index of the cut, and for each of its codes whether it is the slice's.
type OwnCodes = (IndexId, Vec<bool>);

fn is_own(codes: Option<&OwnCodes>, index: IndexId, code: u32) -> bool {
    let other = codes.filter(|(own, _)| *own == index);
    other.is_none_or(|(_, own)| own.get(code as usize) == Some(&true))
}

impl Evaluator<'_> {
    fn sliced(
        &self,
        own: Option<(IndexId, &BTreeSet<Key>)>,
        (giving, beside): (Giving, &[NodeId]),
        always: &BTreeSet<u32>,
    ) -> Sliced {
        let root = |number: usize| self.program.conditions.get(number).map_or(0, |own| own.root);
        let (giving, is_condition) = match giving {
            Giving::Condition(number) => (Giving::Node(root(number)), true),
            other => (other, false),
        };
        let made = match giving {
            Giving::Variable(id) => Some(self.materialize(id)),
            _ => None,
        };
        let whole = match (giving, &made) {
            (Giving::Node(node), _) => self.frame_of(node),
            (_, Some(made)) => Rc::clone(&made.frame),
            _ => self.frames.intern(Vec::new(), Vec::new(), 0),
        };
        let codes: Option<OwnCodes> = own.map(|(index, keys)| {
            let known = &self.dictionary(index).keys;
            (index, known.iter().map(|key| keys.contains(key)).collect())
        });
        let (frame, rows) = self.own_rows(whole, codes.as_ref());
        let mut columns = vec![match (giving, made) {
            (Giving::Node(node), _) => self.sliced_column(&self.eval(node, &frame), node),
            (Giving::Variable(id), Some(made)) => {
                let column = match rows.len() == made.frame.rows {
                    true => made.column.clone(),
                    false => made.column.gather(&rows),
                };
                self.typed_column(&column, &self.variable(id).ty)
            }
            _ => return Sliced::default(),
        }];
        let failing = match giving {
            Giving::Node(root) if is_condition => self.failing(root, &frame),
            _ => Vec::new(),
        };
        columns
            .extend(beside.iter().map(|node| self.sliced_column(&self.eval(*node, &frame), *node)));
        let is_outside = |fault: &Fault| {
            fault.key.iter().any(|(index, code)| !is_own(codes.as_ref(), *index, *code))
        };
        let found = self.loose.borrow().clone();
        let given = |state: &u32| {
            self.fault_of(*state).filter(|fault| !is_outside(fault))?;
            self.given(*state)
        };
        Sliced {
            keys: self.key_columns(&frame),
            rows: frame.rows,
            columns,
            loose: found.difference(always).filter_map(given).collect(),
            always: always.iter().filter_map(given).collect(),
            failing,
        }
    }

    /// The rows of a frame that belong to the slice, and which they are.
    fn own_rows(&self, whole: Rc<Frame>, codes: Option<&OwnCodes>) -> (Rc<Frame>, Vec<u32>) {
        let column = codes.and_then(|(index, _)| Some((*index, whole.column(*index)?)));
        let rows: Vec<u32> = (0..whole.rows)
            .filter(|row| {
                let code = column.and_then(|(index, list)| Some((index, *list.get(*row)?)));
                code.is_none_or(|(index, code)| is_own(codes, index, code))
            })
            .filter_map(|row| u32::try_from(row).ok())
            .collect();
        match rows.len() == whole.rows {
            true => (whole, rows),
            false => (self.frames.pick(&whole, &rows), rows),
        }
    }

    fn failing(&self, root: NodeId, frame: &Rc<Frame>) -> Vec<FailingKey> {
        let column = self.eval(root, frame);
        let fails =
            |row: &usize| column.state(*row) == PRESENT && column.bools().get(*row) == Some(&false);
        let key = |row: usize| {
            let codes = frame.dims.iter().zip(frame.key(row));
            codes.filter_map(|(index, code)| self.dictionary(*index).key(code).cloned()).collect()
        };
        (0..frame.rows)
            .filter(fails)
            .take(SHOWN)
            .map(|row| FailingKey {
                key: key(row),
                words: self.compared(root, frame, &[row]).into_iter().next(),
                figure: self.to_explain(root, frame, row),
            })
            .collect()
    }

    fn key_columns(&self, frame: &Frame) -> Vec<KeyColumn> {
        (frame.dims.iter().zip(&frame.columns))
            .map(|(index, codes)| KeyColumn {
                dictionary: self.dictionary(*index).keys.clone(),
                codes: codes.clone(),
            })
            .collect()
    }

    fn sliced_column(&self, column: &Column, node: NodeId) -> SlicedColumn {
        self.typed_column(column, &self.node(node).ty)
    }

    fn typed_column(&self, column: &Column, ty: &crate::program::Type) -> SlicedColumn {
        let rows = column.values.len();
        let values = match &column.values {
            Values::Number(list) => SlicedValues::Number(list.clone()),
            Values::Bool(list) => SlicedValues::Bool(list.clone()),
            _ => SlicedValues::Other((0..rows).map(|row| self.value(column, ty, row)).collect()),
        };
        let states = match column.state.is_empty() {
            true => Vec::new(),
            false => (0..rows).map(|row| self.given_state(column.state(row))).collect(),
        };
        SlicedColumn { values, states }
    }
}
