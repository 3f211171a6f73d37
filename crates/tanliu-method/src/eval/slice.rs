//! 切片求值 What nodes come to for a part of a run: all keys that have one of some keys of an index.
//!
//! Where nothing looks from one key of an index to another, a run can be cut along it. Each slice is
//! evaluated as a run of its own, with all rows of its keys, and so has the same values as the whole.

use super::column::{Column, Values};
use super::frame::{Frame, NO_KEY};
use super::run::RunOutcome;
use super::{Evaluator, faults::Fault};
use crate::data::{Dataset, GivenFault, GivenState, KeyColumn};
use crate::program::{IndexId, Key, NodeId, Program, Value, VariableId};
use std::collections::BTreeSet;
use std::rc::Rc;
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

/// All keys of an index that a run knows, ascending: of tables, parameters, mappings, constants.
pub fn keys_of_run(program: &Program, dataset: &Dataset, index: IndexId) -> Vec<Key> {
    let mut all = super::frame::dictionaries(program, dataset);
    match index < all.len() {
        true => all.swap_remove(index).keys,
        false => Vec::new(),
    }
}

impl Evaluator<'_> {
    fn sliced(
        &self,
        own: Option<(IndexId, &BTreeSet<Key>)>,
        (giving, beside): (Giving, &[NodeId]),
        always: &BTreeSet<u32>,
    ) -> Sliced {
        let made = match giving {
            Giving::Variable(id) => Some(self.materialize(id)),
            Giving::Node(_) => None,
        };
        let whole = match (giving, &made) {
            (Giving::Node(node), _) => self.frame_of(node),
            (_, Some(made)) => Rc::clone(&made.frame),
            _ => self.frames.intern(Vec::new(), Vec::new(), 0),
        };
        let codes: Option<(IndexId, Vec<bool>)> = own.map(|(index, keys)| {
            let known = &self.dictionary(index).keys;
            (index, known.iter().map(|key| keys.contains(key)).collect())
        });
        let is_own = |index: IndexId, code: u32| {
            let other = codes.as_ref().filter(|(own, _)| *own == index);
            other.is_none_or(|(_, own)| own.get(code as usize) == Some(&true))
        };
        let column = codes.as_ref().and_then(|(index, _)| Some((*index, whole.column(*index)?)));
        let rows: Vec<u32> = (0..whole.rows)
            .filter(|row| {
                let code = column.and_then(|(index, list)| Some((index, *list.get(*row)?)));
                code.is_none_or(|(index, code)| is_own(index, code))
            })
            .filter_map(|row| u32::try_from(row).ok())
            .collect();
        let frame = match rows.len() == whole.rows {
            true => whole,
            false => self.frames.pick(&whole, &rows),
        };
        let mut columns = vec![match (giving, made) {
            (Giving::Node(node), _) => self.sliced_column(&self.eval(node, &frame), node),
            (Giving::Variable(id), Some(made)) => {
                let column = match rows.len() == made.frame.rows {
                    true => made.column.clone(),
                    false => made.column.gather(&rows),
                };
                self.typed_column(&column, &self.variable(id).ty)
            }
            (Giving::Variable(_), None) => return Sliced::default(),
        }];
        columns
            .extend(beside.iter().map(|node| self.sliced_column(&self.eval(*node, &frame), *node)));
        let is_outside =
            |fault: &Fault| fault.key.iter().any(|(index, code)| !is_own(*index, *code));
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
        }
    }

    fn key_columns(&self, frame: &Frame) -> Vec<KeyColumn> {
        (frame.dims.iter().zip(&frame.columns))
            .map(|(index, codes)| KeyColumn {
                dictionary: self.dictionary(*index).keys.clone(),
                codes: codes.iter().map(|code| (*code).min(NO_KEY - 1)).collect(),
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
