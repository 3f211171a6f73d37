//! 不满足的行 The first rows at which a condition fails, with what its inputs are there: the message
//! shows the values of both sides.

use super::MadeValue;
use crate::atom::Atom;
use crate::batch::RowBatch;
use crate::lane::{Bench, Lane, LaneId, LaneValues, PRESENT};
use crate::reduce::{RowKeys, rows_of};
use crate::split::{Work, WorkKind};
use std::collections::BTreeMap;

/// So many the interpreter shows with their values.
const SHOWN: usize = 5;

/// 不满足的行 By key; for each input of the relation what it is there.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Failing {
    pub(crate) rows: BTreeMap<Vec<Atom>, Vec<Option<MadeValue>>>,
}

impl Failing {
    /// Looks through a batch, if the work is a condition over inputs.
    pub(super) fn look(&mut self, work: &Work, bench: &Bench<'_>, batch: &RowBatch) {
        let WorkKind::Condition(_, lane) = work.kind else { return };
        let column = bench.column(lane);
        let LaneValues::Bool(passes) = &column.values else { return };
        // Where slices were computed elsewhere no input is at hand.
        if bench.lanes.inputs.is_empty() {
            return;
        }
        let fails = |row: usize| column.state(row) == PRESENT && passes.get(row) == Some(&false);
        if !(0..batch.rows).any(fails) {
            return;
        }
        let inputs: Vec<Option<LaneId>> =
            (0..bench.lanes.inputs.len()).map(|place| input_lane(bench, place)).collect();
        let mask = rows_of(batch, &work.inputs);
        let keys = RowKeys { bench, batch };
        for row in (0..batch.rows).filter(|row| fails(*row)) {
            if mask.as_ref().is_some_and(|mask| mask.get(row) != Some(&true)) {
                continue;
            }
            let key = keys.whole(row);
            let last = self.rows.last_key_value();
            if self.rows.len() >= SHOWN && last.is_some_and(|(last, _)| *last < key) {
                continue;
            }
            let values = inputs.iter().map(|lane| value_at(bench, (*lane)?, row)).collect();
            self.rows.insert(key, values);
            self.keep_few();
        }
    }

    /// Joins what others saw.
    pub(super) fn join(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.keep_few();
    }

    fn keep_few(&mut self) {
        while self.rows.len() > SHOWN {
            self.rows.pop_last();
        }
    }
}

fn input_lane(bench: &Bench<'_>, place: usize) -> Option<LaneId> {
    let is_own = |lane: &Lane| matches!(lane, Lane::Input(own) if *own == place);
    bench.lanes.steps.iter().position(|step| is_own(&step.lane))
}

fn value_at(bench: &Bench<'_>, lane: LaneId, row: usize) -> Option<MadeValue> {
    let column = bench.column(lane);
    if column.state(row) != PRESENT {
        return None;
    }
    Some(match &column.values {
        LaneValues::Number(list) => MadeValue::Number(list.get(row).copied()?),
        LaneValues::Bool(list) => MadeValue::Bool(*list.get(row)?),
        LaneValues::Code(list) => MadeValue::Code(*list.get(row)?),
        LaneValues::Text(list) => MadeValue::Text(bench.texts.text(*list.get(row)?)),
    })
}
