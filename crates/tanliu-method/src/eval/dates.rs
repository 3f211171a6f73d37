//! 日期 Days between dates, dates so many days or months on, and keys as numbers.

use super::Evaluator;
use super::column::{Column, PRESENT, Values, joined};
use super::faults::FaultKind;
use super::frame::Frame;
use crate::number::format_number;
use crate::program::{DateFault, DateOperation, IndexId, Key, NodeId, Type};
use std::rc::Rc;
use tanliu_diagnostic::Diagnostic;

impl Evaluator<'_> {
    pub(crate) fn eval_date_arithmetic(
        &self,
        node: NodeId,
        operation: DateOperation,
        (a, b): (NodeId, NodeId),
        frame: &Rc<Frame>,
    ) -> Column {
        let (left, right) = (self.eval(a, frame), self.eval(b, frame));
        let day = |column: &Column, node: NodeId, row: usize| {
            self.time_at(column, &self.node(node).ty, row)
        };
        let blank = self.blank(&self.node(node).ty, frame.rows);
        let state = match left.state.is_empty() && right.state.is_empty() {
            true => Vec::new(),
            false => (0..frame.rows).map(|row| joined(left.state(row), right.state(row))).collect(),
        };
        let mut result = Column { values: blank, state, notation: Vec::new() };
        for row in (0..frame.rows).filter(|row| result.state(*row) == PRESENT).collect::<Vec<_>>() {
            let Some(from) = day(&left, a, row) else { continue };
            if let Values::Number(list) = &mut result.values {
                let days = day(&right, b, row).map(|other| DateOperation::between(from, other));
                if let (Some(place), Some(days)) = (list.get_mut(row), days) {
                    *place = days;
                }
                continue;
            }
            let steps = right.numbers().get(row).copied().unwrap_or(0.0);
            match operation.moved(from, steps) {
                Ok(moved) => {
                    if let Values::Date(list) = &mut result.values
                        && let Some(place) = list.get_mut(row)
                    {
                        *place = moved.ordinal;
                    }
                }
                Err(fault) => {
                    let kind = FaultKind::of_date(fault, node, steps);
                    let state = self.fault_at(kind, frame, row, &frame.dims);
                    result.set_state(row, state);
                }
            }
        }
        result
    }

    /// `issued + 1.5 d`
    pub(super) fn steps_not_whole(&self, node: NodeId, steps: &str) -> Diagnostic {
        Diagnostic::error(
            "date-not-whole",
            format!("日期只能加减整数，这里是 {steps}"),
            format!("a date is moved by a whole number of days or months, here by {steps}"),
        )
        .at(self.node_place(node), "", "")
        .hint("先取整，如 `issued + ceil(lag)`", "make it whole first, as in `issued + ceil(lag)`")
    }

    pub(super) fn date_out_of_range(&self, node: NodeId) -> Diagnostic {
        Diagnostic::error(
            "date-out-of-range",
            "日期超出 0000 年至 9999 年",
            "the date is outside the years 0000 to 9999",
        )
        .at(self.node_place(node), "", "")
        .hint("查对数据", "check the data")
    }

    pub(crate) fn eval_number_of_key(&self, value: NodeId, frame: &Rc<Frame>) -> Column {
        let column = self.eval(value, frame);
        let numbers = match &self.node(value).ty {
            Type::Key(index) => self.key_numbers(*index),
            _ => Vec::new(),
        };
        let number = |code: &u32| numbers.get(*code as usize).copied().unwrap_or(0.0);
        let values = column.codes().iter().map(number).collect();
        Column { values: Values::Number(values), state: column.state, notation: Vec::new() }
    }

    /// The keys of an integer index as numbers, by code.
    fn key_numbers(&self, index: IndexId) -> Vec<f64> {
        let number = |key: &Key| match key {
            #[expect(clippy::cast_precision_loss, reason = "keys are small whole numbers")]
            Key::Integer(number) => *number as f64,
            _ => 0.0,
        };
        self.dictionary(index).keys.iter().map(number).collect()
    }
}

impl FaultKind {
    /// Why a date could not be moved.
    pub fn of_date(fault: DateFault, node: NodeId, steps: f64) -> Self {
        match fault {
            DateFault::NotWhole => Self::NotWholeSteps(node, format_number(steps)),
            DateFault::OutOfRange => Self::DateOutOfRange(node),
        }
    }
}
