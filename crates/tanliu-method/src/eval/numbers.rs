//! 数 Arithmetic and element-wise functions: doubles, faults per row, one math library.

use super::Evaluator;
use super::column::{Column, PRESENT, Values, joined};
use super::faults::FaultKind;
use super::frame::{Frame, NO_KEY};
use crate::ast::RoundingMode;
use crate::data::Notation;
use crate::program::{Arithmetic, Function, IndexId, Key, NodeId, RangeCheck, TimePart, Type};
use crate::significant::{self, Step};
use std::rc::Rc;
use tanliu_unit::time::{Grain, TimeKey};

impl Evaluator<'_> {
    pub(crate) fn eval_arithmetic(
        &self,
        node: NodeId,
        operator: Arithmetic,
        (a, b): (NodeId, NodeId),
        frame: &Rc<Frame>,
    ) -> Column {
        let left = self.eval(a, frame);
        let right = self.eval(b, frame);
        let (x, y) = (left.numbers(), right.numbers());
        let values: Vec<f64> = match operator {
            Arithmetic::Add => x.iter().zip(y).map(|(x, y)| x + y).collect(),
            Arithmetic::Subtract => x.iter().zip(y).map(|(x, y)| x - y).collect(),
            Arithmetic::Multiply => x.iter().zip(y).map(|(x, y)| x * y + 0.0).collect(),
            Arithmetic::Divide => x.iter().zip(y).map(|(x, y)| x / y + 0.0).collect(),
            Arithmetic::Power => x.iter().zip(y).map(|(x, y)| libm::pow(*x, *y) + 0.0).collect(),
        };
        let notation = match operator {
            Arithmetic::Add | Arithmetic::Subtract => both_notations(&left, &right),
            _ => either_notation(&left, &right),
        };
        let divides = operator == Arithmetic::Divide;
        let mut column = self.pair(&left, &right, values, frame, |row, faults| {
            let zero = divides && right.numbers().get(row) == Some(&0.0);
            faults(if zero { FaultKind::DivisionByZero(node) } else { FaultKind::NotFinite(node) })
        });
        column.notation = notation;
        column
    }

    /// The result of two operands: states joined, results that are not finite turned into faults.
    fn pair(
        &self,
        left: &Column,
        right: &Column,
        values: Vec<f64>,
        frame: &Rc<Frame>,
        fault: impl Fn(usize, &dyn Fn(FaultKind) -> u32) -> u32,
    ) -> Column {
        let rows = values.len();
        let state = match left.state.is_empty() && right.state.is_empty() {
            true => Vec::new(),
            false => (0..rows).map(|row| joined(left.state(row), right.state(row))).collect(),
        };
        let mut column = Column { values: Values::Number(values), state, notation: Vec::new() };
        let bad: Vec<usize> = column
            .numbers()
            .iter()
            .enumerate()
            .filter(|(row, value)| !value.is_finite() && column.state(*row) == PRESENT)
            .map(|(row, _)| row)
            .collect();
        for row in bad {
            let make = |kind: FaultKind| self.fault_at(kind, frame, row, &frame.dims);
            let state = fault(row, &make);
            column.set_state(row, state);
        }
        column
    }

    pub(crate) fn eval_adjust(
        &self,
        node: NodeId,
        inflate: bool,
        (value, by): (NodeId, NodeId),
        frame: &Rc<Frame>,
    ) -> Column {
        let left = self.eval(value, frame);
        let right = self.eval(by, frame);
        let values = left
            .numbers()
            .iter()
            .zip(right.numbers())
            .map(|(x, by)| match (0.0..1.0).contains(by) {
                true if inflate => x * (1.0 + by),
                true => x * (1.0 - by),
                false => f64::NAN,
            })
            .collect();
        let notation = either_notation(&left, &right);
        let mut column = self.pair(&left, &right, values, frame, |row, faults| {
            let inside = right.numbers().get(row).is_some_and(|by| (0.0..1.0).contains(by));
            let outside = FaultKind::AdjustmentOutOfRange(node);
            faults(if inside { FaultKind::NotFinite(node) } else { outside })
        });
        column.notation = notation;
        column
    }

    pub(crate) fn eval_call(
        &self,
        node: NodeId,
        function: Function,
        arguments: &[NodeId],
        frame: &Rc<Frame>,
    ) -> Column {
        let columns: Vec<Column> =
            arguments.iter().map(|argument| self.eval(*argument, frame)).collect();
        let Some((first, rest)) = columns.split_first() else {
            return Column::present(Values::Number(vec![0.0; frame.rows]));
        };
        let mut column = first.clone();
        for (number, next) in rest.iter().enumerate() {
            let pick = |x: f64, y: f64| match function {
                Function::Max => x.max(y),
                Function::Clamp if number == 0 => x.max(y),
                _ => x.min(y),
            };
            let values = column.numbers().iter().zip(next.numbers()).map(|(x, y)| pick(*x, *y));
            let values: Vec<f64> = values.collect();
            let notation = both_notations(&column, next);
            column = self
                .pair(&column, next, values, frame, |_, faults| faults(FaultKind::NotFinite(node)));
            column.notation = notation;
        }
        let single: Option<fn(f64) -> f64> = match function {
            Function::Abs => Some(f64::abs),
            Function::Exp => Some(libm::exp),
            Function::Ln => Some(libm::log),
            Function::Log10 => Some(libm::log10),
            Function::Sqrt => Some(libm::sqrt),
            Function::Min | Function::Max | Function::Clamp => None,
        };
        let Some(single) = single else { return column };
        let values = column.numbers().iter().map(|x| single(*x) + 0.0).collect();
        let notation = std::mem::take(&mut column.notation);
        let blank = Column::present(Values::Number(Vec::new()));
        let mut column = self
            .pair(&column, &blank, values, frame, |_, faults| faults(FaultKind::NotFinite(node)));
        column.notation = notation;
        column
    }

    pub(crate) fn eval_round(
        &self,
        node: NodeId,
        value: NodeId,
        (mode, (numerator, denominator)): (RoundingMode, (f64, f64)),
        frame: &Rc<Frame>,
    ) -> Column {
        let mode = mode.into();
        let step = Step::new(numerator, denominator);
        let column = self.eval(value, frame);
        self.map_numbers(node, frame, column, |x| significant::round_to_multiple(x, step, mode))
    }

    pub(crate) fn eval_in_range(
        &self,
        node: NodeId,
        value: NodeId,
        check: &RangeCheck,
        frame: &Rc<Frame>,
    ) -> Column {
        let mut column = self.eval(value, frame);
        let bad: Vec<(usize, f64)> = column
            .numbers()
            .iter()
            .copied()
            .enumerate()
            .filter(|(row, x)| {
                let inside = significant::compare(*x, check.low).is_ge()
                    && significant::compare(*x, check.high).is_le();
                !inside && column.state(*row) == PRESENT
            })
            .collect();
        for (row, x) in bad {
            let kind = FaultKind::OutOfRange(node, crate::number::format_number(x));
            let state = self.fault_at(kind, frame, row, &frame.dims);
            column.set_state(row, state);
        }
        column
    }

    pub(crate) fn eval_key_of_number(
        &self,
        node: NodeId,
        value: NodeId,
        index: IndexId,
        frame: &Rc<Frame>,
    ) -> Column {
        let column = self.eval(value, frame);
        let dictionary = self.dictionary(index);
        let is_year = matches!(
            self.program.indexes.get(index).map(|index| &index.kind),
            Some(crate::program::IndexKind::Time { .. })
        );
        let codes: Vec<u32> = column
            .numbers()
            .iter()
            .map(|number| {
                let whole = significant::round_significant(*number);
                #[expect(clippy::cast_possible_truncation, reason = "keys are small whole numbers")]
                let integer = whole as i64;
                let key = match is_year {
                    true => Key::Time(TimeKey { grain: Grain::Year, ordinal: integer }),
                    false => Key::Integer(integer),
                };
                let is_whole =
                    significant::compare(whole, significant::floor_to_multiple(whole, Step::ONE))
                        .is_eq();
                if is_whole { dictionary.code(&key).unwrap_or(NO_KEY) } else { NO_KEY }
            })
            .collect();
        let mut keyed = Column { values: Values::Key(codes), ..column };
        keyed.notation = Vec::new();
        let lost: Vec<usize> = keyed
            .codes()
            .iter()
            .enumerate()
            .filter(|(row, code)| **code == NO_KEY && keyed.state(*row) == PRESENT)
            .map(|(row, _)| row)
            .collect();
        for row in lost {
            let state = self.fault_at(FaultKind::MissingNode(node), frame, row, &frame.dims);
            keyed.set_state(row, state);
        }
        keyed
    }

    pub(crate) fn eval_time_part(
        &self,
        part: TimePart,
        value: NodeId,
        ends: bool,
        frame: &Rc<Frame>,
    ) -> Column {
        let column = self.eval(value, frame);
        let of = |key: TimeKey| part.of(key, ends);
        let values: Vec<f64> = match (&column.values, &self.node(value).ty) {
            (Values::Date(days), _) => {
                days.iter().map(|day| of(TimeKey { grain: Grain::Day, ordinal: *day })).collect()
            }
            (Values::Key(codes), Type::Key(index)) => {
                let dictionary = self.dictionary(*index);
                let parts: Vec<f64> = dictionary
                    .keys
                    .iter()
                    .map(|key| if let Key::Time(key) = key { of(*key) } else { 0.0 })
                    .collect();
                codes.iter().map(|code| parts.get(*code as usize).copied().unwrap_or(0.0)).collect()
            }
            _ => vec![0.0; frame.rows],
        };
        Column { values: Values::Number(values), state: column.state, notation: Vec::new() }
    }
}

/// A sum carries a notation key only where all its terms do.
fn both_notations(left: &Column, right: &Column) -> Vec<Option<Notation>> {
    if left.notation.is_empty() || right.notation.is_empty() {
        return Vec::new();
    }
    (0..left.values.len())
        .map(|row| match (left.notation(row), right.notation(row)) {
            (Some(left), Some(right)) => Some(left.min(right)),
            _ => None,
        })
        .collect()
}

/// A product carries the notation key of any of its factors.
fn either_notation(left: &Column, right: &Column) -> Vec<Option<Notation>> {
    if left.notation.is_empty() && right.notation.is_empty() {
        return Vec::new();
    }
    (0..left.values.len())
        .map(|row| match (left.notation(row), right.notation(row)) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (left, right) => left.or(right),
        })
        .collect()
}
