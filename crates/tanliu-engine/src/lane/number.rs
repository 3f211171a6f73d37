//! 数 Arithmetic over columns, as the reference interpreter does it: the same operations in the same
//! order, the same library functions, faults where a result is not finite.

use super::column::{LaneColumn, LaneValues, PRESENT, joined_states};
use super::run::Bench;
use tanliu_method::ast::RoundingMode;
use tanliu_method::eval::FaultKind;
use tanliu_method::program::{Arithmetic, Function, NodeId};
use tanliu_method::significant::{self, Step};

/// The result of an operation on two columns.
pub(super) fn arithmetic(
    bench: &mut Bench<'_>,
    node: NodeId,
    operator: Arithmetic,
    (left, right): (&LaneColumn, &LaneColumn),
) -> LaneColumn {
    let (x, y) = (left.numbers(), right.numbers());
    let pairs = x.iter().zip(y);
    let values: Vec<f64> = match operator {
        Arithmetic::Add => pairs.map(|(x, y)| x + y).collect(),
        Arithmetic::Subtract => pairs.map(|(x, y)| x - y).collect(),
        Arithmetic::Multiply => pairs.map(|(x, y)| x * y + 0.0).collect(),
        Arithmetic::Divide => pairs.map(|(x, y)| x / y + 0.0).collect(),
        Arithmetic::Power => pairs.map(|(x, y)| libm::pow(*x, *y) + 0.0).collect(),
    };
    let divides = operator == Arithmetic::Divide;
    let fault = |row: usize| match divides && y.get(row) == Some(&0.0) {
        true => FaultKind::DivisionByZero(node),
        false => FaultKind::NotFinite(node),
    };
    let state = joined_states(left, right, bench.rows);
    finite(bench, values, state, fault)
}

/// `discount` and `inflate`.
pub(super) fn adjust(
    bench: &mut Bench<'_>,
    node: NodeId,
    inflate: bool,
    (left, right): (&LaneColumn, &LaneColumn),
) -> LaneColumn {
    let inside = |by: &f64| (0.0..1.0).contains(by);
    let values = (left.numbers().iter().zip(right.numbers()))
        .map(|(x, by)| match inside(by) {
            true if inflate => x * (1.0 + by),
            true => x * (1.0 - by),
            false => f64::NAN,
        })
        .collect();
    let fault = |row: usize| match right.numbers().get(row).is_some_and(inside) {
        true => FaultKind::NotFinite(node),
        false => FaultKind::AdjustmentOutOfRange(node),
    };
    let state = joined_states(left, right, bench.rows);
    finite(bench, values, state, fault)
}

/// An element-wise function of one or more columns.
pub(super) fn call(
    bench: &mut Bench<'_>,
    node: NodeId,
    function: Function,
    arguments: &[&LaneColumn],
) -> LaneColumn {
    let Some((first, rest)) = arguments.split_first() else {
        return LaneColumn { values: LaneValues::Bool(Vec::new()), state: Vec::new() };
    };
    let mut column = (*first).clone();
    for (number, next) in rest.iter().enumerate() {
        let pick = |(x, y): (&f64, &f64)| match function {
            Function::Max => x.max(*y),
            Function::Clamp if number == 0 => x.max(*y),
            _ => x.min(*y),
        };
        let values = column.numbers().iter().zip(next.numbers()).map(pick).collect();
        let state = joined_states(&column, next, bench.rows);
        column = finite(bench, values, state, |_| FaultKind::NotFinite(node));
    }
    let single: fn(f64) -> f64 = match function {
        Function::Abs => f64::abs,
        Function::Exp => libm::exp,
        Function::Ln => libm::log,
        Function::Log10 => libm::log10,
        Function::Sqrt => libm::sqrt,
        Function::Min | Function::Max | Function::Clamp => return column,
    };
    map(bench, node, column, single)
}

/// A function of each number; a result that is not finite is a fault.
pub(super) fn map(
    bench: &mut Bench<'_>,
    node: NodeId,
    column: LaneColumn,
    function: impl Fn(f64) -> f64,
) -> LaneColumn {
    let values = column.numbers().iter().map(|x| function(*x) + 0.0).collect();
    finite(bench, values, column.state, |_| FaultKind::NotFinite(node))
}

/// Rounding to whole multiples of a step.
pub(super) fn round(
    bench: &mut Bench<'_>,
    node: NodeId,
    column: &LaneColumn,
    (mode, (numerator, denominator)): (RoundingMode, (f64, f64)),
) -> LaneColumn {
    let mode = mode.into();
    let step = Step::new(numerator, denominator);
    map(bench, node, column.clone(), |x| significant::round_to_multiple(x, step, mode))
}

/// Inputs of an empirical function outside its range are faults.
pub(super) fn in_range(
    bench: &mut Bench<'_>,
    node: NodeId,
    column: &LaneColumn,
    (low, high): (f64, f64),
) -> LaneColumn {
    let mut result = column.clone();
    for (row, x) in column.numbers().iter().enumerate() {
        let inside =
            significant::compare(*x, low).is_ge() && significant::compare(*x, high).is_le();
        if !inside && column.state(row) == PRESENT {
            let value = tanliu_method::number::format_number(*x);
            let state = bench.site(FaultKind::OutOfRange(node, value));
            result.set_state(row, state);
        }
    }
    result
}

fn finite(
    bench: &mut Bench<'_>,
    values: Vec<f64>,
    state: Vec<u32>,
    fault: impl Fn(usize) -> FaultKind,
) -> LaneColumn {
    // 0 · x is 0 for finite numbers only: one addition per row tells whether all are.
    let odd: f64 = values.iter().map(|value| value * 0.0).sum();
    let mut column = LaneColumn { values: LaneValues::Number(values.into()), state };
    if odd == 0.0 {
        return column;
    }
    let bad: Vec<usize> = (column.numbers().iter().enumerate())
        .filter(|(row, value)| !value.is_finite() && column.state(*row) == PRESENT)
        .map(|(row, _)| row)
        .collect();
    for row in bad {
        let state = bench.site(fault(row));
        column.set_state(row, state);
    }
    column
}
