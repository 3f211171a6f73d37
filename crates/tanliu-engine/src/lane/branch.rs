//! 分支 Conditions over columns. Every branch is computed for every row; a row takes the state of the
//! branch that it takes, so that only its faults count.

use super::column::{ABSENT, LaneColumn, LaneValues, PRESENT, joined_states};
use super::run::Bench;
use super::{LaneId, LaneTest};
use crate::atom::AtomKind;
use std::cmp::Ordering;
use tanliu_method::ast::CompareOp;
use tanliu_method::eval::FaultKind;
use tanliu_method::program::{NodeId, Type};
use tanliu_method::significant;
use tanliu_unit::time::{Grain, TimeKey};

impl Bench<'_> {
    pub(super) fn not(column: &LaneColumn) -> LaneColumn {
        let values = column.bools().iter().map(|value| !value).collect();
        LaneColumn { values: LaneValues::Bool(values), state: column.state.clone() }
    }

    /// `and` asks its right side only where the left is true, `or` only where it is false.
    pub(super) fn logic(&self, left: &LaneColumn, right: &LaneColumn, is_and: bool) -> LaneColumn {
        let open =
            |row: usize| left.state(row) == PRESENT && left.bools().get(row) == Some(&is_and);
        LaneColumn::choose(self.rows, &[left, right], |row| usize::from(open(row)))
    }

    pub(super) fn either(
        &self,
        condition: &LaneColumn,
        then: &LaneColumn,
        other: &LaneColumn,
    ) -> LaneColumn {
        let taken = |row: usize| condition.bools().get(row) == Some(&true);
        let mut result =
            LaneColumn::choose(self.rows, &[then, other], |row| usize::from(!taken(row)));
        carry(condition, &mut result);
        result
    }

    pub(super) fn kept(&self, value: &LaneColumn, condition: &LaneColumn) -> LaneColumn {
        let mut result = value.clone();
        for row in 0..self.rows {
            match condition.state(row) {
                PRESENT if condition.bools().get(row) == Some(&true) => {}
                PRESENT => result.set_state(row, ABSENT),
                state => result.set_state(row, state),
            }
        }
        result
    }

    pub(super) fn default(&self, left: &LaneColumn, right: &LaneColumn) -> LaneColumn {
        if left.state.is_empty() {
            return left.clone();
        }
        let open = |row: usize| match left.state(row) {
            PRESENT => false,
            ABSENT => true,
            state => self.is_missing(state),
        };
        LaneColumn::choose(self.rows, &[left, right], |row| usize::from(open(row)))
    }

    pub(super) fn known(&self, column: &LaneColumn) -> LaneColumn {
        let mut known = LaneColumn {
            values: LaneValues::Bool(
                (0..self.rows).map(|row| column.state(row) == PRESENT).collect(),
            ),
            state: Vec::new(),
        };
        for row in 0..self.rows {
            let own = column.state(row);
            if own != PRESENT && own != ABSENT && !self.is_missing(own) {
                known.set_state(row, own);
            }
        }
        known
    }

    pub(super) fn compare(&self, operator: CompareOp, a: LaneId, b: LaneId) -> LaneColumn {
        let (left, right) = (self.column(a), self.column(b));
        let values = self.compared(operator, a, b);
        LaneColumn {
            values: LaneValues::Bool(values),
            state: joined_states(left, right, self.rows),
        }
    }

    fn compared(&self, operator: CompareOp, a: LaneId, b: LaneId) -> Vec<bool> {
        let (left, right) = (self.column(a), self.column(b));
        let types = (self.type_of(a), self.type_of(b));
        (0..self.rows)
            .map(|row| {
                let order = self.order(left, right, types, row);
                order.is_some_and(|order| operator.holds(order))
            })
            .collect()
    }

    /// The order of two values; numbers are seen at 14 digits, time keys count as the day they begin
    /// where their grains differ.
    fn order(
        &self,
        left: &LaneColumn,
        right: &LaneColumn,
        types: (&Type, &Type),
        row: usize,
    ) -> Option<Ordering> {
        match (&left.values, &right.values) {
            (LaneValues::Number(a), LaneValues::Number(b)) => {
                Some(significant::compare(*a.get(row)?, *b.get(row)?))
            }
            (LaneValues::Bool(a), LaneValues::Bool(b)) => Some(a.get(row)?.cmp(b.get(row)?)),
            (LaneValues::Text(a), LaneValues::Text(b)) => {
                let (a, b) = (*a.get(row)?, *b.get(row)?);
                if a == b {
                    return Some(Ordering::Equal);
                }
                Some(self.texts.text(a).cmp(&self.texts.text(b)))
            }
            (LaneValues::Code(a), LaneValues::Code(b)) if types.0 == types.1 => {
                Some(a.get(row)?.cmp(b.get(row)?))
            }
            (LaneValues::Code(a), LaneValues::Code(b)) => {
                let day = |ty: &Type, ordinal: i64| {
                    Some(TimeKey { grain: self.grain(ty)?, ordinal }.first_day())
                };
                Some(day(types.0, *a.get(row)?)?.cmp(&day(types.1, *b.get(row)?)?))
            }
            _ => None,
        }
    }

    /// The grain of a day or of a time key.
    pub(super) fn grain(&self, ty: &Type) -> Option<Grain> {
        match ty {
            Type::Date => Some(Grain::Day),
            Type::Key(index) => match self.lanes.kinds.get(*index)? {
                AtomKind::Time { grain, .. } => Some(*grain),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn arms(
        &mut self,
        node: NodeId,
        scrutinee: LaneId,
        arms: &[(LaneTest, LaneId)],
    ) -> LaneColumn {
        const OPEN: usize = usize::MAX;
        const LOST: usize = usize::MAX - 1;
        let seen = self.column(scrutinee).clone();
        let mut taken: Vec<usize> = (0..self.rows)
            .map(|row| if seen.state(row) == PRESENT { OPEN } else { LOST })
            .collect();
        let mut lost: Vec<u32> = (0..self.rows).map(|row| seen.state(row)).collect();
        for (number, (test, _)) in arms.iter().enumerate() {
            let fits = self.test(test, scrutinee);
            for (row, place) in taken.iter_mut().enumerate().filter(|(_, place)| **place == OPEN) {
                match fits.state(row) {
                    PRESENT if fits.bools().get(row) == Some(&true) => *place = number,
                    PRESENT => {}
                    state => {
                        *place = LOST;
                        if let Some(lost) = lost.get_mut(row) {
                            *lost = state;
                        }
                    }
                }
            }
        }
        let columns: Vec<&LaneColumn> =
            arms.iter().map(|(_, branch)| self.column(*branch)).collect();
        let at = |row: usize| taken.get(row).copied().filter(|at| *at < LOST).unwrap_or(0);
        let mut result = LaneColumn::choose(self.rows, &columns, at);
        let no_arm = taken.contains(&OPEN).then(|| self.site(FaultKind::NoArm(node)));
        for (row, place) in taken.iter().enumerate() {
            match *place {
                OPEN => result.set_state(row, no_arm.unwrap_or(ABSENT)),
                LOST => result.set_state(row, lost.get(row).copied().unwrap_or(ABSENT)),
                _ => {}
            }
        }
        result
    }

    pub(super) fn test(&self, test: &LaneTest, seen: LaneId) -> LaneColumn {
        let plain =
            |values: Vec<bool>| LaneColumn { values: LaneValues::Bool(values), state: Vec::new() };
        match test {
            LaneTest::Else => plain(vec![true; self.rows]),
            LaneTest::Compare(operator, bound) => plain(self.compared(*operator, seen, *bound)),
            LaneTest::Range(low, high) => {
                let low = self.compared(CompareOp::GreaterEqual, seen, *low);
                let high = self.compared(CompareOp::LessEqual, seen, *high);
                plain(low.iter().zip(&high).map(|(low, high)| *low && *high).collect())
            }
            LaneTest::OneOf(values) => {
                let mut fits = vec![false; self.rows];
                for value in values {
                    let equal = self.compared(CompareOp::Equal, seen, *value);
                    fits.iter_mut().zip(equal).for_each(|(fit, equal)| *fit = *fit || equal);
                }
                plain(fits)
            }
            LaneTest::Equals(other) => LaneColumn {
                values: LaneValues::Bool(self.compared(CompareOp::Equal, seen, *other)),
                state: self.column(*other).state.clone(),
            },
            LaneTest::Either(tests) => {
                let mut all = plain(vec![false; self.rows]);
                for test in tests {
                    let next = self.test(test, seen);
                    all = self.logic(&all, &next, false);
                }
                all
            }
        }
    }
}

/// The rows at which a condition has no value take its state.
fn carry(condition: &LaneColumn, result: &mut LaneColumn) {
    if condition.state.is_empty() {
        return;
    }
    for (row, state) in condition.state.iter().enumerate().filter(|(_, state)| **state != PRESENT) {
        result.set_state(row, *state);
    }
}
