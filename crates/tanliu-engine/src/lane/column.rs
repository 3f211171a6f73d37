//! 值列 A lane's values, each present, absent or at fault.

use arrow::buffer::ScalarBuffer;

/// The row has a value.
pub(crate) const PRESENT: u32 = 0;
/// The row has no value and wants none.
pub(crate) const ABSENT: u32 = 1;
/// Fault sites are numbered from here.
pub(crate) const FAULT: u32 = 2;

/// 值 The values of one type.
#[derive(Debug, Clone)]
pub(crate) enum LaneValues {
    Number(ScalarBuffer<f64>),
    Bool(Vec<bool>),
    /// Keys that are numbers, and days.
    Code(ScalarBuffer<i64>),
    /// Numbers of texts, of a text or of a key.
    Text(Vec<u32>),
}

/// 值列 One value per row of a batch.
#[derive(Debug, Clone)]
pub(crate) struct LaneColumn {
    pub(crate) values: LaneValues,
    /// Empty if every row is present.
    pub(crate) state: Vec<u32>,
}

impl LaneColumn {
    pub(crate) fn state(&self, row: usize) -> u32 {
        self.state.get(row).copied().unwrap_or(PRESENT)
    }

    pub(crate) fn len(&self) -> usize {
        match &self.values {
            LaneValues::Number(list) => list.len(),
            LaneValues::Bool(list) => list.len(),
            LaneValues::Code(list) => list.len(),
            LaneValues::Text(list) => list.len(),
        }
    }

    pub(crate) fn set_state(&mut self, row: usize, state: u32) {
        if self.state.is_empty() {
            if state == PRESENT {
                return;
            }
            self.state = vec![PRESENT; self.len()];
        }
        if let Some(place) = self.state.get_mut(row) {
            *place = state;
        }
    }

    pub(crate) fn numbers(&self) -> &[f64] {
        match &self.values {
            LaneValues::Number(list) => list,
            _ => &[],
        }
    }

    pub(crate) fn bools(&self) -> &[bool] {
        match &self.values {
            LaneValues::Bool(list) => list,
            _ => &[],
        }
    }

    /// The value of a row as a number for grouping and ordering keys.
    pub(crate) fn code(&self, row: usize) -> Option<i64> {
        match &self.values {
            LaneValues::Code(list) => list.get(row).copied(),
            LaneValues::Text(list) => list.get(row).map(|code| i64::from(*code)),
            LaneValues::Number(_) | LaneValues::Bool(_) => None,
        }
    }

    /// Row by row from one of several columns of one type.
    pub(crate) fn choose(rows: usize, parts: &[&Self], which: impl Fn(usize) -> usize) -> Self {
        let mut state = Vec::new();
        if parts.iter().any(|part| !part.state.is_empty()) {
            state = (0..rows)
                .map(|row| parts.get(which(row)).map_or(ABSENT, |part| part.state(row)))
                .collect();
        }
        let part = |row: usize| parts.get(which(row)).map(|part| &part.values);
        let values = match parts.first().map(|part| &part.values) {
            Some(LaneValues::Bool(_)) => {
                let at = |row| match part(row) {
                    Some(LaneValues::Bool(list)) => list.get(row) == Some(&true),
                    _ => false,
                };
                LaneValues::Bool((0..rows).map(at).collect())
            }
            Some(LaneValues::Code(_)) => {
                let at = |row| match part(row) {
                    Some(LaneValues::Code(list)) => list.get(row).copied().unwrap_or(0),
                    _ => 0,
                };
                LaneValues::Code((0..rows).map(at).collect())
            }
            Some(LaneValues::Text(_)) => {
                let at = |row| match part(row) {
                    Some(LaneValues::Text(list)) => list.get(row).copied().unwrap_or(0),
                    _ => 0,
                };
                LaneValues::Text((0..rows).map(at).collect())
            }
            _ => {
                let at = |row| match part(row) {
                    Some(LaneValues::Number(list)) => list.get(row).copied().unwrap_or(0.0),
                    _ => 0.0,
                };
                LaneValues::Number((0..rows).map(at).collect())
            }
        };
        Self { values, state }
    }
}

/// The state of a result of two operands: absent before any fault, the left fault first.
pub(crate) fn joined(left: u32, right: u32) -> u32 {
    match (left, right) {
        (ABSENT, _) | (_, ABSENT) => ABSENT,
        (PRESENT, right) => right,
        (left, _) => left,
    }
}

/// The states of two operands' result; empty if all rows are present.
pub(crate) fn joined_states(left: &LaneColumn, right: &LaneColumn, rows: usize) -> Vec<u32> {
    match left.state.is_empty() && right.state.is_empty() {
        true => Vec::new(),
        false => (0..rows).map(|row| joined(left.state(row), right.state(row))).collect(),
    }
}
