//! 计算带 The part of a run that is uncertain, as columns without keys: what both approaches walk.
//!
//! The interpreter has settled which keys there are, which rows meet and which are passed over; a
//! tape only says how numbers come from numbers. A step is a column of so many rows; an operand is
//! either fixed (what the central run gave) or a column of an earlier step, row by row or through a
//! list of rows. Truth values are 1 and 0, and what has no value is not a number.

use super::law::Law;
use crate::ast::CompareOp;
use crate::significant::{RoundingMode, Step as Multiple};
use std::sync::Arc;

/// No such row: the operand has no value there.
pub(super) const NO_ROW: u32 = u32::MAX;

/// 操作数 The numbers of some rows.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    /// The same in every draw.
    Fixed(Arc<Vec<f64>>),
    /// Rows of a step; without a list row by row.
    Drawn { step: usize, rows: Option<Arc<Vec<u32>>> },
}

impl Operand {
    pub(super) fn fixed(values: Vec<f64>) -> Self {
        Self::Fixed(Arc::new(values))
    }

    /// The operand at some of its rows; [`NO_ROW`] has no value.
    pub(super) fn gather(&self, rows: &[u32]) -> Self {
        match self {
            Self::Fixed(values) => {
                let at = |row: &u32| values.get(*row as usize).copied().unwrap_or(f64::NAN);
                Self::fixed(rows.iter().map(at).collect())
            }
            Self::Drawn { step, rows: None } => {
                Self::Drawn { step: *step, rows: Some(Arc::new(rows.to_vec())) }
            }
            Self::Drawn { step, rows: Some(own) } => {
                let at = |row: &u32| own.get(*row as usize).copied().unwrap_or(NO_ROW);
                Self::Drawn { step: *step, rows: Some(Arc::new(rows.iter().map(at).collect())) }
            }
        }
    }

    /// The step and the row of it that stand at a row.
    pub(super) fn place(&self, row: usize) -> Option<(usize, usize)> {
        match self {
            Self::Fixed(_) => None,
            Self::Drawn { step, rows: None } => Some((*step, row)),
            Self::Drawn { step, rows: Some(rows) } => {
                rows.get(row).filter(|row| **row != NO_ROW).map(|row| (*step, *row as usize))
            }
        }
    }

    pub(super) fn step(&self) -> Option<usize> {
        match self {
            Self::Fixed(_) => None,
            Self::Drawn { step, .. } => Some(*step),
        }
    }
}

/// 一元 A function of one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Single {
    /// `x · scale + offset`
    Affine {
        scale: f64,
        offset: f64,
    },
    Abs,
    Exp,
    Ln,
    Log10,
    Sqrt,
    Not,
    /// Outside there is no value.
    InRange {
        low: f64,
        high: f64,
    },
    /// Rounding is no uncertainty: its derivative is 1.
    Round(Multiple, RoundingMode),
}

/// 二元 A function of two numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Double {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Min,
    Max,
    /// `x · (1 − by)`, 0 ≤ by < 1
    Discount,
    /// `x · (1 + by)`, 0 ≤ by < 1
    Inflate,
    Compare(CompareOp),
    And,
    Or,
}

/// 组 Rows by group: the members of group `g` stand at `starts[g] .. starts[g + 1]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    pub(super) starts: Vec<u32>,
    pub(super) members: Vec<u32>,
}

impl Groups {
    pub(super) fn new() -> Self {
        Self { starts: vec![0], members: Vec::new() }
    }

    pub(super) fn push(&mut self, members: impl IntoIterator<Item = u32>) {
        self.members.extend(members);
        self.starts.push(u32::try_from(self.members.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub(super) fn group(&self, number: usize) -> &[u32] {
        let start = self.starts.get(number).copied().unwrap_or(0) as usize;
        let end = self.starts.get(number + 1).copied().unwrap_or(0) as usize;
        self.members.get(start..end).unwrap_or_default()
    }
}

/// 归约 What becomes of a group.
#[derive(Debug, Clone)]
pub(super) enum Reducing {
    Sum,
    Mean,
    Weighted(Operand),
    /// The share of each group.
    Quantile(Vec<f64>),
    Deviation,
    Min,
    Max,
}

/// 逐行累计 What becomes of each member of a group, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Along {
    Sum,
    Product,
    Share,
    Rank {
        descending: bool,
    },
    /// The internal rate of return: the only one, or the n-th.
    Rate {
        nth: Option<u32>,
    },
}

/// 运算
#[derive(Debug, Clone)]
pub(super) enum Operation {
    /// Number of the leaf and its law, row by row.
    Leaf {
        leaves: Vec<u32>,
        laws: Vec<Law>,
    },
    Single(Single, Operand),
    Double(Double, Operand, Operand),
    /// The second where the first is true, else the third.
    Choose(Operand, Operand, Operand),
    /// For each row which of the operands, and its row.
    Collect(Vec<Operand>, Vec<(u32, u32)>),
    /// One row per group.
    Reduce(Reducing, Operand, Arc<Groups>),
    /// One row per row.
    Along(Along, Operand, Arc<Groups>),
}

/// 步 One column.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) rows: usize,
    pub(super) operation: Operation,
    /// What the central run gave.
    pub(super) centre: Vec<f64>,
}

impl Operation {
    /// What it takes.
    pub(super) fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::Leaf { .. } => Vec::new(),
            Self::Single(_, a) | Self::Along(_, a, _) => vec![a],
            Self::Double(_, a, b) => vec![a, b],
            Self::Choose(a, b, c) => vec![a, b, c],
            Self::Collect(list, _) => list.iter().collect(),
            Self::Reduce(Reducing::Weighted(weight), a, _) => vec![a, weight],
            Self::Reduce(_, a, _) => vec![a],
        }
    }
}

/// 末端 One uncertain quantity.
#[derive(Debug, Clone)]
pub(super) struct LeafInfo {
    /// The variable it is reported under: number in [`Tape::sources`].
    pub(super) source: u32,
    /// Its key as people read it.
    pub(super) key: String,
    /// Its name among the random numbers.
    pub(super) digest: u64,
}

/// 计算带
#[derive(Debug, Clone, Default)]
pub(super) struct Tape {
    pub(super) steps: Vec<Step>,
    pub(super) leaves: Vec<LeafInfo>,
    /// The names of the variables that leaves belong to.
    pub(super) sources: Vec<String>,
}

impl Tape {
    /// What the central run gave at a row of an operand.
    pub(super) fn centre(&self, operand: &Operand, row: usize) -> f64 {
        match operand {
            Operand::Fixed(values) => values.get(row).copied().unwrap_or(f64::NAN),
            Operand::Drawn { .. } => operand
                .place(row)
                .and_then(|(step, row)| self.steps.get(step)?.centre.get(row).copied())
                .unwrap_or(f64::NAN),
        }
    }
}
