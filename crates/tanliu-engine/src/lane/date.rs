//! 日期 Days and keys over columns, by the arithmetic of the reference interpreter.

use super::LaneId;
use super::column::{LaneColumn, LaneValues, PRESENT, joined_states};
use super::run::Bench;
use tanliu_method::eval::FaultKind;
use tanliu_method::program::{DateOperation, NodeId};
use tanliu_unit::time::{Grain, TimeKey};

impl Bench<'_> {
    /// Days between dates, and dates so many days or months on. A day and a key of a day index are
    /// the same number here.
    pub(super) fn date_arithmetic(
        &mut self,
        node: NodeId,
        operation: DateOperation,
        a: LaneId,
        b: LaneId,
    ) -> LaneColumn {
        let (left, right) = (self.column(a).clone(), self.column(b).clone());
        let day = |column: &LaneColumn, row: usize| TimeKey {
            grain: Grain::Day,
            ordinal: column.code(row).unwrap_or(0),
        };
        let state = joined_states(&left, &right, self.rows);
        if operation == DateOperation::DaysBetween {
            let days = |row| DateOperation::between(day(&left, row), day(&right, row));
            let values: Vec<f64> = (0..self.rows).map(days).collect();
            return LaneColumn { values: LaneValues::Number(values.into()), state };
        }
        let steps = |row: usize| right.numbers().get(row).copied().unwrap_or(0.0);
        let moved: Vec<_> = (0..self.rows)
            .map(|row| operation.moved(day(&left, row), steps(row)).map(|day| day.ordinal))
            .collect();
        let values: Vec<i64> = moved.iter().map(|day| day.unwrap_or(0)).collect();
        let mut result = LaneColumn { values: LaneValues::Code(values.into()), state };
        for (row, day) in moved.iter().enumerate() {
            if let Err(fault) = day
                && result.state(row) == PRESENT
            {
                let site = self.site(FaultKind::of_date(*fault, node, steps(row)));
                result.set_state(row, site);
            }
        }
        result
    }

    /// Keys of an integer index as numbers.
    pub(super) fn number_of_key(&self, lane: LaneId) -> LaneColumn {
        let column = self.column(lane);
        #[expect(clippy::cast_precision_loss, reason = "keys are small whole numbers")]
        let number = |row: usize| column.code(row).unwrap_or(0) as f64;
        let values: Vec<f64> = (0..self.rows).map(number).collect();
        LaneColumn { values: LaneValues::Number(values.into()), state: column.state.clone() }
    }
}
