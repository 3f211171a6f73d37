//! 分支 Conditions ask only the branch that is taken; `??` mends absent and missing, not wrong.

use super::Evaluator;
use super::column::{ABSENT, Column, PRESENT, Values, joined};
use super::faults::FaultKind;
use super::frame::Frame;
use crate::ast::CompareOp;
use crate::data::Notation;
use crate::program::{Key, NodeId, Test, Type, Value};
use crate::significant;
use std::cmp::Ordering;
use std::rc::Rc;
use tanliu_unit::time::TimeKey;

impl Evaluator<'_> {
    pub(crate) fn eval_not(&self, value: NodeId, frame: &Rc<Frame>) -> Column {
        let column = self.eval(value, frame);
        let values = column.bools().iter().map(|value| !value).collect();
        Column { values: Values::Bool(values), state: column.state, notation: Vec::new() }
    }

    /// `and` asks its right side only where the left is true, `or` only where it is false.
    pub(crate) fn eval_logic(
        &self,
        a: NodeId,
        b: NodeId,
        is_and: bool,
        frame: &Rc<Frame>,
    ) -> Column {
        let mut left = self.eval(a, frame);
        left.notation = Vec::new();
        let open = rows_where(&left, |value| value == is_and);
        if open.is_empty() {
            return left;
        }
        let right = self.eval(b, &self.part(frame, &open));
        left.scatter(&open, &right);
        left
    }

    pub(crate) fn eval_if(
        &self,
        condition: NodeId,
        (then, other): (NodeId, NodeId),
        frame: &Rc<Frame>,
    ) -> Column {
        let condition = self.eval(condition, frame);
        let taken = rows_where(&condition, |value| value);
        let left = rows_where(&condition, |value| !value);
        if taken.len() == frame.rows {
            return self.eval(then, frame);
        }
        if left.len() == frame.rows {
            return self.eval(other, frame);
        }
        let mut result = self.blank_column(then, &condition, frame.rows);
        for (rows, branch) in [(taken, then), (left, other)] {
            if !rows.is_empty() {
                let values = self.eval(branch, &self.part(frame, &rows));
                result.scatter(&rows, &values);
            }
        }
        result
    }

    /// A column of a node's type with the states of a condition.
    fn blank_column(&self, like: NodeId, condition: &Column, rows: usize) -> Column {
        let values = self.blank(&self.node(like).ty, rows);
        Column { values, state: condition.state.clone(), notation: Vec::new() }
    }

    fn part(&self, frame: &Rc<Frame>, rows: &[u32]) -> Rc<Frame> {
        match rows.len() == frame.rows {
            true => Rc::clone(frame),
            false => self.frames.pick(frame, rows),
        }
    }

    pub(crate) fn eval_where(&self, value: NodeId, condition: NodeId, frame: &Rc<Frame>) -> Column {
        let condition = self.eval(condition, frame);
        let kept = rows_where(&condition, |value| value);
        if kept.len() == frame.rows {
            return self.eval(value, frame);
        }
        let mut result = self.blank_column(value, &condition, frame.rows);
        for row in rows_where(&condition, |value| !value) {
            result.set_state(row as usize, ABSENT);
        }
        if !kept.is_empty() {
            let values = self.eval(value, &self.part(frame, &kept));
            result.scatter(&kept, &values);
        }
        result
    }

    pub(crate) fn eval_default(&self, a: NodeId, b: NodeId, frame: &Rc<Frame>) -> Column {
        let mut left = self.eval(a, frame);
        if left.state.is_empty() {
            return left;
        }
        let open: Vec<u32> = (0..frame.rows)
            .filter(|row| {
                let state = left.state(*row);
                state == ABSENT || (state != PRESENT && self.is_missing(state))
            })
            .filter_map(|row| u32::try_from(row).ok())
            .collect();
        if !open.is_empty() {
            let right = self.eval(b, &self.part(frame, &open));
            left.scatter(&open, &right);
        }
        left
    }

    pub(crate) fn eval_known(&self, value: NodeId, frame: &Rc<Frame>) -> Column {
        let column = self.eval(value, frame);
        let mut known = Vec::with_capacity(frame.rows);
        let mut state = Vec::new();
        for row in 0..frame.rows {
            let own = column.state(row);
            known.push(own == PRESENT);
            let wrong = own != PRESENT && own != ABSENT && !self.is_missing(own);
            state.push(if wrong { own } else { PRESENT });
        }
        Column { values: Values::Bool(known), state, notation: Vec::new() }
    }

    /// Whether a value bears one of some notation keys.
    pub(crate) fn eval_noted(&self, value: NodeId, keys: &[Notation], frame: &Rc<Frame>) -> Column {
        let column = self.eval(value, frame);
        let bears = |key: Notation| keys.is_empty() || keys.contains(&key);
        let values = (0..frame.rows).map(|row| column.notation(row).is_some_and(bears)).collect();
        Column { values: Values::Bool(values), state: column.state, notation: Vec::new() }
    }

    pub(crate) fn eval_compare(
        &self,
        operator: CompareOp,
        (a, b): (NodeId, NodeId),
        frame: &Rc<Frame>,
    ) -> Column {
        let left = self.eval(a, frame);
        let right = self.eval(b, frame);
        let (left_type, right_type) = (&self.node(a).ty, &self.node(b).ty);
        let mut values = Vec::with_capacity(frame.rows);
        for row in 0..frame.rows {
            let order = self.order((&left, left_type, row), (&right, right_type, row));
            values.push(order.is_some_and(|order| operator.holds(order)));
        }
        let state = match left.state.is_empty() && right.state.is_empty() {
            true => Vec::new(),
            false => (0..frame.rows).map(|row| joined(left.state(row), right.state(row))).collect(),
        };
        Column { values: Values::Bool(values), state, notation: Vec::new() }
    }

    /// The order of two values; numbers are seen at 14 digits, time keys count as the day they begin
    /// where their grains differ.
    fn order(
        &self,
        (left, left_type, row): (&Column, &Type, usize),
        (right, right_type, other): (&Column, &Type, usize),
    ) -> Option<Ordering> {
        match (&left.values, &right.values) {
            (Values::Number(a), Values::Number(b)) => {
                Some(significant::compare(*a.get(row)?, *b.get(other)?))
            }
            (Values::Bool(a), Values::Bool(b)) => Some(a.get(row)?.cmp(b.get(other)?)),
            (Values::Text(a), Values::Text(b)) => Some(a.get(row)?.cmp(b.get(other)?)),
            (Values::Key(a), Values::Key(b)) if left_type == right_type => {
                Some(a.get(row)?.cmp(b.get(other)?))
            }
            _ => {
                let a = self.time_at(left, left_type, row)?;
                let b = self.time_at(right, right_type, other)?;
                Some(a.first_day().cmp(&b.first_day()))
            }
        }
    }

    pub(crate) fn time_at(&self, column: &Column, ty: &Type, row: usize) -> Option<TimeKey> {
        match (&column.values, ty) {
            (Values::Date(days), _) => {
                Some(TimeKey { grain: tanliu_unit::time::Grain::Day, ordinal: *days.get(row)? })
            }
            (Values::Key(codes), Type::Key(index)) => {
                match self.dictionary(*index).key(*codes.get(row)?)? {
                    Key::Time(key) => Some(*key),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    pub(crate) fn eval_match(
        &self,
        node: NodeId,
        value: NodeId,
        arms: &[(Test, NodeId)],
        frame: &Rc<Frame>,
    ) -> Column {
        let scrutinee = self.eval(value, frame);
        let ty = self.node(value).ty.clone();
        let mut result = Column {
            values: self.blank(&self.node(node).ty, frame.rows),
            state: scrutinee.state.clone(),
            notation: Vec::new(),
        };
        let mut open = Self::present_rows(&scrutinee);
        for (test, branch) in arms {
            if open.is_empty() {
                break;
            }
            let part = self.part(frame, &open);
            let seen = scrutinee.gather(&open);
            let fits = self.test(test, &seen, &ty, &part);
            let (mut taken, mut left) = (Vec::new(), Vec::new());
            for (position, row) in open.iter().enumerate() {
                let state = fits.state(position);
                if state != PRESENT {
                    result.set_state(*row as usize, state);
                } else if fits.bools().get(position) == Some(&true) {
                    taken.push(*row);
                } else {
                    left.push(*row);
                }
            }
            if !taken.is_empty() {
                let values = self.eval(*branch, &self.part(frame, &taken));
                result.scatter(&taken, &values);
            }
            open = left;
        }
        for row in open {
            let state = self.fault_at(FaultKind::NoArm(node), frame, row as usize, &frame.dims);
            result.set_state(row as usize, state);
        }
        result
    }

    pub(crate) fn test(&self, test: &Test, seen: &Column, ty: &Type, frame: &Rc<Frame>) -> Column {
        let rows = frame.rows;
        let against = |value: &Value| {
            let value_type = match value {
                Value::Date(_) => Type::Date,
                _ => ty.clone(),
            };
            (Column::present(self.repeated(value, &value_type, rows)), value_type)
        };
        let compared = |value: &Value, operator: CompareOp| -> Vec<bool> {
            let (other, other_type) = against(value);
            (0..rows)
                .map(|row| {
                    self.order((seen, ty, row), (&other, &other_type, row))
                        .is_some_and(|order| operator.holds(order))
                })
                .collect()
        };
        match test {
            Test::Else => Column::present(Values::Bool(vec![true; rows])),
            Test::Compare(operator, bound) => {
                Column::present(Values::Bool(compared(bound, *operator)))
            }
            Test::Range(low, high) => {
                let (low, high) =
                    (compared(low, CompareOp::GreaterEqual), compared(high, CompareOp::LessEqual));
                let both = low.iter().zip(&high).map(|(low, high)| *low && *high).collect();
                Column::present(Values::Bool(both))
            }
            Test::OneOf(values) => {
                let mut fits = vec![false; rows];
                for value in values {
                    for (fit, equal) in fits.iter_mut().zip(compared(value, CompareOp::Equal)) {
                        *fit = *fit || equal;
                    }
                }
                Column::present(Values::Bool(fits))
            }
            Test::Equals(node) => {
                let other = self.eval(*node, frame);
                let other_type = &self.node(*node).ty;
                let values = (0..rows)
                    .map(|row| {
                        self.order((seen, ty, row), (&other, other_type, row))
                            == Some(Ordering::Equal)
                    })
                    .collect();
                Column { values: Values::Bool(values), state: other.state, notation: Vec::new() }
            }
            Test::Either(tests) => {
                let mut all = Column::present(Values::Bool(vec![false; rows]));
                for test in tests {
                    let open = rows_where(&all, |fits| !fits);
                    let next = self.test(test, seen, ty, frame);
                    all.scatter(&open, &next.gather(&open));
                }
                all
            }
        }
    }
}

/// The present rows whose truth value passes a test.
fn rows_where(column: &Column, test: impl Fn(bool) -> bool) -> Vec<u32> {
    column
        .bools()
        .iter()
        .enumerate()
        .filter(|(row, value)| column.state(*row) == PRESENT && test(**value))
        .filter_map(|(row, _)| u32::try_from(row).ok())
        .collect()
}
