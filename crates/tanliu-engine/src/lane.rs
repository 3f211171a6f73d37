//! 列道 Expressions over rows as columns: what of a program has to be computed row by row.
//!
//! A part of a program that names no row input is a *leaf*: the reference interpreter evaluates it
//! once at the keys that the rows have, and the lanes look it up. What names a row input is a lane:
//! one column per node, values with a state per row, as the interpreter has them.

mod asked;
mod branch;
mod column;
mod compile;
mod date;
mod number;
mod run;

pub(crate) use asked::{Asking, Root, asked_of_nothing, keyed_leaves, roots};
pub(crate) use column::{ABSENT, FAULT, LaneColumn, LaneValues, PRESENT};
pub(crate) use compile::{LaneInput, Lanes, Leaf, compile, runs_in_order};
pub(crate) use run::{Answer, Bench, Shared, Site, repeated};

use tanliu_method::ast::{CompareOp, RoundingMode};
use tanliu_method::program::{Arithmetic, DateOperation, Function, NodeId, TimePart};
use tanliu_unit::Conversion;

/// Number of a lane.
pub(crate) type LaneId = usize;

/// 列道 One operation; its operands are earlier lanes.
#[derive(Debug, Clone)]
pub(crate) enum Lane {
    /// A row input, by its position.
    Input(usize),
    /// A leaf, by its position.
    Leaf(usize),
    /// A column that came with the rows, by its position.
    Made(usize),
    Convert(LaneId, Conversion),
    Same(LaneId),
    InRange(LaneId, f64, f64),
    Negate(LaneId),
    Not(LaneId),
    Arithmetic(Arithmetic, LaneId, LaneId),
    And(LaneId, LaneId),
    Or(LaneId, LaneId),
    Compare(CompareOp, LaneId, LaneId),
    Default(LaneId, LaneId),
    Where(LaneId, LaneId),
    If(LaneId, LaneId, LaneId),
    Match(LaneId, Vec<(LaneTest, LaneId)>),
    Call(Function, Vec<LaneId>),
    Known(LaneId),
    TimePart(TimePart, LaneId, bool),
    NumberOfKey(LaneId),
    DateArithmetic(DateOperation, LaneId, LaneId),
    Round(LaneId, RoundingMode, (f64, f64)),
    Adjust(bool, LaneId, LaneId),
}

/// 分支条件 A test of a `match` arm: lanes compared with the scrutinee.
#[derive(Debug, Clone)]
pub(crate) enum LaneTest {
    OneOf(Vec<LaneId>),
    Equals(LaneId),
    Either(Vec<LaneTest>),
    Range(LaneId, LaneId),
    Compare(CompareOp, LaneId),
    Else,
}

/// 列道步 A lane with the node it stands for.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) lane: Lane,
    pub(crate) node: NodeId,
}
