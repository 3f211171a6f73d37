//! 值列 Values of a frame's rows, each present, absent or at fault.

use crate::data::Notation;
use std::rc::Rc;

/// The row has a value.
pub(crate) const PRESENT: u32 = 0;
/// The row has no value and wants none.
pub(crate) const ABSENT: u32 = 1;
/// Faults are numbered from here.
pub(crate) const FAULT: u32 = 2;

/// 值 The values of one type.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    /// Numbers, in the node's unit.
    Number(Vec<f64>),
    Bool(Vec<bool>),
    /// Codes of an index.
    Key(Vec<u32>),
    Text(Vec<Rc<str>>),
    /// Days.
    Date(Vec<i64>),
}

/// 值列 One value per row of a frame.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) values: Values,
    /// Empty if every row is present.
    pub(crate) state: Vec<u32>,
    /// Empty if no row carries a notation key.
    pub(crate) notation: Vec<Option<Notation>>,
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Number(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Key(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::Date(values) => values.len(),
        }
    }

    /// Values of the same type that stand for nothing.
    pub(crate) fn blank(&self, rows: usize) -> Self {
        match self {
            Self::Number(_) => Self::Number(vec![0.0; rows]),
            Self::Bool(_) => Self::Bool(vec![false; rows]),
            Self::Key(_) => Self::Key(vec![super::frame::NO_KEY; rows]),
            Self::Text(_) => Self::Text(vec![Rc::from(""); rows]),
            Self::Date(_) => Self::Date(vec![0; rows]),
        }
    }

    /// The values at some rows; a row beyond the end gives a blank.
    pub(crate) fn gather(&self, rows: &[u32]) -> Self {
        fn at<T: Clone>(values: &[T], rows: &[u32], blank: &T) -> Vec<T> {
            rows.iter().map(|row| values.get(*row as usize).unwrap_or(blank).clone()).collect()
        }
        match self {
            Self::Number(values) => Self::Number(at(values, rows, &0.0)),
            Self::Bool(values) => Self::Bool(at(values, rows, &false)),
            Self::Key(values) => Self::Key(at(values, rows, &super::frame::NO_KEY)),
            Self::Text(values) => Self::Text(at(values, rows, &Rc::from(""))),
            Self::Date(values) => Self::Date(at(values, rows, &0)),
        }
    }

    /// Puts `other[i]` at row `rows[i]`.
    pub(crate) fn scatter(&mut self, rows: &[u32], other: &Self) {
        fn put<T: Clone>(values: &mut [T], rows: &[u32], other: &[T]) {
            for (row, value) in rows.iter().zip(other) {
                if let Some(place) = values.get_mut(*row as usize) {
                    place.clone_from(value);
                }
            }
        }
        match (self, other) {
            (Self::Number(values), Self::Number(other)) => put(values, rows, other),
            (Self::Bool(values), Self::Bool(other)) => put(values, rows, other),
            (Self::Key(values), Self::Key(other)) => put(values, rows, other),
            (Self::Text(values), Self::Text(other)) => put(values, rows, other),
            (Self::Date(values), Self::Date(other)) => put(values, rows, other),
            _ => debug_assert!(false, "the checker gives both sides one type"),
        }
    }
}

impl Column {
    pub(crate) fn present(values: Values) -> Self {
        Self { values, state: Vec::new(), notation: Vec::new() }
    }

    /// All rows in one state.
    pub(crate) fn uniform(like: &Values, rows: usize, state: u32) -> Self {
        Self { values: like.blank(rows), state: vec![state; rows], notation: Vec::new() }
    }

    pub(crate) fn state(&self, row: usize) -> u32 {
        self.state.get(row).copied().unwrap_or(PRESENT)
    }

    pub(crate) fn set_state(&mut self, row: usize, state: u32) {
        if self.state.is_empty() {
            if state == PRESENT {
                return;
            }
            self.state = vec![PRESENT; self.values.len()];
        }
        if let Some(place) = self.state.get_mut(row) {
            *place = state;
        }
    }

    pub(crate) fn set_notation(&mut self, row: usize, notation: Option<Notation>) {
        if self.notation.is_empty() {
            if notation.is_none() {
                return;
            }
            self.notation = vec![None; self.values.len()];
        }
        if let Some(place) = self.notation.get_mut(row) {
            *place = notation;
        }
    }

    pub(crate) fn notation(&self, row: usize) -> Option<Notation> {
        self.notation.get(row).copied().flatten()
    }

    pub(crate) fn gather(&self, rows: &[u32]) -> Self {
        let state = match self.state.is_empty() {
            true => Vec::new(),
            false => rows.iter().map(|row| self.state(*row as usize)).collect(),
        };
        let notation = match self.notation.is_empty() {
            true => Vec::new(),
            false => rows.iter().map(|row| self.notation(*row as usize)).collect(),
        };
        Self { values: self.values.gather(rows), state, notation }
    }

    pub(crate) fn scatter(&mut self, rows: &[u32], other: &Self) {
        self.values.scatter(rows, &other.values);
        for (position, row) in rows.iter().enumerate() {
            self.set_state(*row as usize, other.state(position));
        }
        if !other.notation.is_empty() || !self.notation.is_empty() {
            self.notation.resize(self.values.len(), None);
            for (position, row) in rows.iter().enumerate() {
                if let Some(place) = self.notation.get_mut(*row as usize) {
                    *place = other.notation(position);
                }
            }
        }
    }

    pub(crate) fn numbers(&self) -> &[f64] {
        match &self.values {
            Values::Number(values) => values,
            _ => &[],
        }
    }

    pub(crate) fn bools(&self) -> &[bool] {
        match &self.values {
            Values::Bool(values) => values,
            _ => &[],
        }
    }

    pub(crate) fn codes(&self) -> &[u32] {
        match &self.values {
            Values::Key(values) => values,
            _ => &[],
        }
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
