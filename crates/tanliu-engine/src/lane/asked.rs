//! 所问 Which leaves the interpreter would ask, and at which rows.
//!
//! A leaf is evaluated for all rows beforehand. Where that found faults that no row carries (a
//! mapping that lacks a key inside the leaf), it matters whether anything asks the leaf at all: of
//! a branch only the rows that take it do. So a batch is looked at a second time, from the roots
//! down. Without such faults nothing of this runs.

use super::column::{ABSENT, PRESENT};
use super::run::Bench;
use super::{Lane, LaneId, LaneTest, Lanes, Leaf};
use crate::atom::Atom;
use crate::batch::RowBatch;
use crate::reduce::{GroupKey, rows_of};
use crate::split::{Relation, WorkKind};
use std::collections::{BTreeMap, BTreeSet};

/// 问 Of a root: how many rows it has, and for each leaf the keys at which it is asked.
pub(crate) type Asking = (u64, BTreeMap<usize, BTreeSet<Vec<Atom>>>);

/// 问根 What asks by itself: a work, or a formula that stands inside one.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    /// What is evaluated at its rows.
    pub(crate) lanes: Vec<LaneId>,
    /// Whose keys are computed.
    pub(crate) keyed: LaneId,
    /// The row inputs of which one must have a cell for a row to count.
    inputs: BTreeSet<usize>,
    /// The work that is a reduction: its faults count once something asks for it.
    pub(crate) reduction: Option<usize>,
}

/// The roots of a relation.
pub(crate) fn roots(relation: &Relation) -> Vec<Root> {
    let work = |(number, work): (usize, &crate::split::Work)| {
        let inputs = work.inputs.clone();
        match &work.kind {
            WorkKind::Reduce(_, reduce) => {
                let mut lanes = vec![reduce.value];
                lanes.extend(reduce.weight.into_iter().chain(reduce.second));
                lanes.extend(reduce.targets.iter().filter_map(|target| match target {
                    GroupKey::By(mapping) => Some(mapping.lane),
                    GroupKey::Same(_) | GroupKey::Coarse { .. } => None,
                }));
                Root { lanes, keyed: reduce.value, inputs, reduction: Some(number) }
            }
            WorkKind::Result(_, lane) | WorkKind::Condition(_, lane) => {
                Root { lanes: vec![*lane], keyed: *lane, inputs, reduction: None }
            }
        }
    };
    let formula = |lane: &LaneId| {
        let inputs = relation.lanes.keys.get(*lane).cloned().unwrap_or_default();
        Root { lanes: vec![*lane], keyed: *lane, inputs, reduction: None }
    };
    let works = relation.works.iter().enumerate().map(work);
    works.chain(relation.lanes.formulas.iter().map(formula)).collect()
}

impl Bench<'_> {
    /// What a root asks in the batch at hand.
    pub(crate) fn ask(&self, root: &Root, batch: &RowBatch, asking: &mut Asking) {
        let rows = rows_of(batch, &root.inputs).unwrap_or_else(|| vec![true; batch.rows]);
        let count = rows.iter().filter(|row| **row).count();
        if count == 0 {
            return;
        }
        asking.0 += count as u64;
        let mut open: BTreeMap<LaneId, Vec<bool>> = BTreeMap::new();
        root.lanes.iter().for_each(|lane| join(&mut open, *lane, rows.clone()));
        // Operands stand before: from the last lane down each is met after all that ask it.
        while let Some((lane, mut rows)) = open.pop_last() {
            if !root.lanes.contains(&lane) && self.lanes.formulas.contains(&lane) {
                self.beyond_own(lane, batch, &mut rows);
            }
            let step = self.lanes.steps.get(lane).map(|step| &step.lane);
            match step.filter(|_| rows.contains(&true)) {
                Some(Lane::Leaf(leaf)) => self.note(*leaf, &rows, batch, asking),
                Some(step) => self.operands(step, &rows, &mut open),
                None => {}
            }
        }
    }

    /// A formula is evaluated at its own keys by itself, and here at further ones.
    fn beyond_own(&self, lane: LaneId, batch: &RowBatch, rows: &mut [bool]) {
        let Some(inputs) = self.lanes.keys.get(lane) else { return };
        let own = rows_of(batch, inputs);
        for (row, asked) in rows.iter_mut().enumerate() {
            *asked = *asked && own.as_ref().is_some_and(|own| own.get(row) == Some(&false));
        }
    }

    fn note(&self, leaf: usize, rows: &[bool], batch: &RowBatch, asking: &mut Asking) {
        if !matches!(self.lanes.leaves.get(leaf), Some(Leaf::Node(_))) {
            return;
        }
        let Some(answer) = self.shared.answers.get(leaf) else { return };
        let keys = asking.1.entry(leaf).or_default();
        for (row, _) in rows.iter().enumerate().filter(|(_, asked)| **asked) {
            let atom = |place: &usize| Some(batch.keys.get(*place)?.atom(row, &self.texts));
            keys.insert(answer.places.iter().filter_map(atom).collect());
        }
    }

    fn operands(&self, lane: &Lane, rows: &[bool], open: &mut BTreeMap<LaneId, Vec<bool>>) {
        let only = |test: &dyn Fn(usize) -> bool| -> Vec<bool> {
            rows.iter().enumerate().map(|(row, asked)| *asked && test(row)).collect()
        };
        let is = |lane: LaneId, wanted: bool, row: usize| {
            let column = self.column(lane);
            column.state(row) == PRESENT && column.bools().get(row) == Some(&wanted)
        };
        match lane {
            Lane::And(a, b) | Lane::Or(a, b) => {
                let wanted = matches!(lane, Lane::And(..));
                join(open, *a, rows.to_vec());
                join(open, *b, only(&|row| is(*a, wanted, row)));
            }
            Lane::Default(a, b) => {
                join(open, *a, rows.to_vec());
                let left = self.column(*a);
                join(
                    open,
                    *b,
                    only(&|row| match left.state(row) {
                        PRESENT => false,
                        ABSENT => true,
                        state => self.is_missing(state),
                    }),
                );
            }
            Lane::Where(value, condition) => {
                join(open, *condition, rows.to_vec());
                join(open, *value, only(&|row| is(*condition, true, row)));
            }
            Lane::If(condition, then, other) => {
                join(open, *condition, rows.to_vec());
                join(open, *then, only(&|row| is(*condition, true, row)));
                join(open, *other, only(&|row| is(*condition, false, row)));
            }
            Lane::Match(value, arms) => {
                join(open, *value, rows.to_vec());
                let mut left = only(&|row| self.column(*value).state(row) == PRESENT);
                for (test, branch) in arms {
                    operands_of(test).into_iter().for_each(|lane| join(open, lane, left.clone()));
                    let fits = self.test(test, *value);
                    let mut taken = vec![false; left.len()];
                    for (row, (left, taken)) in left.iter_mut().zip(&mut taken).enumerate() {
                        *taken = *left
                            && fits.state(row) == PRESENT
                            && fits.bools().get(row) == Some(&true);
                        *left = *left && !*taken && fits.state(row) == PRESENT;
                    }
                    join(open, *branch, taken);
                }
            }
            lane => operands(lane).into_iter().for_each(|own| join(open, own, rows.to_vec())),
        }
    }
}

/// Rows that ask a lane, with those that ask it already.
fn join(open: &mut BTreeMap<LaneId, Vec<bool>>, lane: LaneId, rows: Vec<bool>) {
    match open.get_mut(&lane) {
        Some(known) => known.iter_mut().zip(rows).for_each(|(known, own)| *known = *known || own),
        None => drop(open.insert(lane, rows)),
    }
}

/// The leaves whose keys are computed with a root's. Formulas are roots of their own.
pub(crate) fn keyed_leaves(lanes: &Lanes, root: &Root) -> BTreeSet<usize> {
    reached(lanes, &[root.keyed], |lane| match lane {
        // A condition brings keys only where the value brings none.
        Lane::Where(value, _) if lanes.keys.get(*value).is_some_and(|keys| !keys.is_empty()) => {
            vec![*value]
        }
        lane => operands(lane),
    })
}

/// The leaves that a root asks if it has no row at all.
pub(crate) fn asked_of_nothing(lanes: &Lanes, root: &Root) -> BTreeSet<usize> {
    reached(lanes, &root.lanes, |lane| match lane {
        Lane::And(a, _) | Lane::Or(a, _) | Lane::Default(a, _) | Lane::Match(a, _) => vec![*a],
        Lane::If(condition, then, _) => vec![*condition, *then],
        lane => operands(lane),
    })
}

fn reached(
    lanes: &Lanes,
    from: &[LaneId],
    operands: impl Fn(&Lane) -> Vec<LaneId>,
) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = from.to_vec();
    let mut found = BTreeSet::new();
    while let Some(lane) = open.pop() {
        let formula = !from.contains(&lane) && lanes.formulas.contains(&lane);
        let Some(step) = lanes.steps.get(lane).filter(|_| !formula && seen.insert(lane)) else {
            continue;
        };
        match &step.lane {
            Lane::Leaf(leaf) => drop(found.insert(*leaf)),
            lane => open.extend(operands(lane)),
        }
    }
    found.retain(|leaf| matches!(lanes.leaves.get(*leaf), Some(Leaf::Node(_))));
    found
}

/// All operands.
fn operands(lane: &Lane) -> Vec<LaneId> {
    match lane {
        Lane::Input(_) | Lane::Leaf(_) | Lane::Made(_) => Vec::new(),
        Lane::Convert(a, _)
        | Lane::Same(a)
        | Lane::InRange(a, ..)
        | Lane::Negate(a)
        | Lane::Not(a)
        | Lane::Known(a)
        | Lane::TimePart(_, a, _)
        | Lane::NumberOfKey(a)
        | Lane::Round(a, ..) => vec![*a],
        Lane::Arithmetic(_, a, b)
        | Lane::And(a, b)
        | Lane::Or(a, b)
        | Lane::Compare(_, a, b)
        | Lane::Default(a, b)
        | Lane::Where(a, b)
        | Lane::DateArithmetic(_, a, b)
        | Lane::Adjust(_, a, b) => vec![*a, *b],
        Lane::If(a, b, c) => vec![*a, *b, *c],
        Lane::Call(_, lanes) => lanes.clone(),
        Lane::Match(value, arms) => {
            let mut all = vec![*value];
            for (test, branch) in arms {
                all.extend(operands_of(test));
                all.push(*branch);
            }
            all
        }
    }
}

fn operands_of(test: &LaneTest) -> Vec<LaneId> {
    match test {
        LaneTest::Else => Vec::new(),
        LaneTest::OneOf(lanes) => lanes.clone(),
        LaneTest::Equals(lane) | LaneTest::Compare(_, lane) => vec![*lane],
        LaneTest::Either(tests) => tests.iter().flat_map(operands_of).collect(),
        LaneTest::Range(low, high) => vec![*low, *high],
    }
}
