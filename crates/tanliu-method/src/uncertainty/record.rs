//! 录制 Walks a program that has run and writes down how its uncertain numbers come about.
//!
//! The interpreter is asked for everything that is certain: keys, states, branches, fixed values.
//! Every node is recorded at rows that have a value in the central run, so nothing missing or
//! absent has to be thought of here.

mod leaves;
mod reductions;
mod variables;

pub(super) use leaves::NO_LEAF;

use super::kernel;
use super::tape::{Double, NO_ROW, Operand, Operation, Single, Step, Tape};
use super::uncertain::Uncertain;
use crate::ast::CompareOp;
use crate::eval::Evaluator;
use crate::eval::column::{Column, PRESENT, Values};
use crate::eval::frame::Frame;
use crate::program::{
    Arithmetic, Function, IndexId, NodeId, NodeKind, Step as Run, Test, Value, VariableId,
};
use crate::significant;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use tanliu_diagnostic::Diagnostics;

/// What is recorded: keys and the numbers at them.
type Recorded = (Rc<Frame>, Operand);

/// 录制器
pub(super) struct Recorder<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    uncertain: Uncertain,
    pub(super) tape: Tape,
    /// Variables at their own keys.
    made: BTreeMap<VariableId, Recorded>,
    /// Reductions at their own keys.
    nodes: BTreeMap<NodeId, Recorded>,
    leaf_numbers: BTreeMap<String, u32>,
    source_numbers: BTreeMap<String, u32>,
    running: Option<variables::Running>,
    /// Declarations that cannot be drawn from, told once each.
    pub(super) findings: Diagnostics,
    told: BTreeSet<VariableId>,
    /// Inputs some of whose rows a declared bound cuts off: how many, and how many are wide.
    pub(super) bounded: BTreeMap<VariableId, leaves::Bounded>,
}

impl<'e, 'p> Recorder<'e, 'p> {
    pub(super) fn new(evaluator: &'e Evaluator<'p>) -> Self {
        Self {
            evaluator,
            uncertain: Uncertain::of(evaluator.program, evaluator.dataset, evaluator.catalogue),
            tape: Tape::default(),
            made: BTreeMap::new(),
            nodes: BTreeMap::new(),
            leaf_numbers: BTreeMap::new(),
            source_numbers: BTreeMap::new(),
            running: None,
            findings: Diagnostics::default(),
            told: BTreeSet::new(),
            bounded: BTreeMap::new(),
        }
    }

    pub(super) fn is_uncertain(&self, id: VariableId) -> bool {
        self.uncertain.variables.contains(&id)
    }

    /// Records the formulas in their order, as far as they are wanted and uncertain.
    pub(super) fn formulas(&mut self, wanted: &BTreeSet<VariableId>) {
        for step in &self.evaluator.program.order {
            match step {
                Run::Formula(id) if wanted.contains(id) && self.is_uncertain(*id) => {
                    self.variable_made(*id);
                }
                Run::Recurrence { index, variables }
                    if variables.iter().any(|id| wanted.contains(id) && self.is_uncertain(*id)) =>
                {
                    self.recurrence(*index, variables);
                }
                _ => {}
            }
        }
    }

    /// Adds a step; what rests on fixed numbers alone is fixed itself.
    fn push(&mut self, operation: Operation, centre: Vec<f64>) -> Operand {
        let drawn = matches!(operation, Operation::Leaf { .. })
            || operation.operands().iter().any(|operand| operand.step().is_some());
        if !drawn {
            return Operand::fixed(centre);
        }
        self.tape.steps.push(Step { rows: centre.len(), operation, centre });
        Operand::Drawn { step: self.tape.steps.len() - 1, rows: None }
    }

    /// A step that the interpreter has no node for: its centre is computed here.
    fn double(&mut self, operation: Double, (a, b): (Operand, Operand), rows: usize) -> Operand {
        let value =
            |row| kernel::double(operation, self.tape.centre(&a, row), self.tape.centre(&b, row));
        let centre = (0..rows).map(value).collect();
        self.push(Operation::Double(operation, a, b), centre)
    }

    /// A node at the rows of a frame; rows without a value are not a number.
    pub(super) fn record(&mut self, node: NodeId, frame: &Rc<Frame>) -> Operand {
        if let NodeKind::Relabel(value) = self.evaluator.node(node).kind {
            return self.record(value, frame);
        }
        let column = self.evaluator.eval(node, frame);
        if !self.uncertain.nodes.contains(&node) {
            return Operand::fixed(numbers(&column));
        }
        let present = Evaluator::present_rows(&column);
        if present.len() == frame.rows {
            return self.record_present(node, frame, &column);
        }
        if present.is_empty() {
            return Operand::fixed(vec![f64::NAN; frame.rows]);
        }
        let part = self.evaluator.frames.pick(frame, &present);
        let operand = self.record_present(node, &part, &column.gather(&present));
        operand.gather(&spread(&present, frame.rows))
    }

    fn record_present(&mut self, node: NodeId, frame: &Rc<Frame>, column: &Column) -> Operand {
        let evaluator = self.evaluator;
        let centre = || numbers(column);
        match &evaluator.node(node).kind {
            NodeKind::Variable(id) => self.variable(*id, frame),
            NodeKind::Relabel(value) | NodeKind::Where(value, _) => self.record(*value, frame),
            NodeKind::Convert(value, conversion) => {
                let (numerator, denominator, offset) = conversion.parts();
                let single = Single::Affine { scale: numerator / denominator, offset };
                self.single(single, *value, frame, centre())
            }
            NodeKind::Negate(value) => {
                let single = Single::Affine { scale: -1.0, offset: 0.0 };
                self.single(single, *value, frame, centre())
            }
            NodeKind::Not(value) => self.single(Single::Not, *value, frame, centre()),
            NodeKind::InRange(value, check) => {
                let single = Single::InRange { low: check.low, high: check.high };
                self.single(single, *value, frame, centre())
            }
            NodeKind::Round { value, mode, step: (above, below) } => {
                let single = Single::Round(significant::Step::new(*above, *below), (*mode).into());
                self.single(single, *value, frame, centre())
            }
            NodeKind::Arithmetic(operator, a, b) => {
                let operation = match operator {
                    Arithmetic::Add => Double::Add,
                    Arithmetic::Subtract => Double::Subtract,
                    Arithmetic::Multiply => Double::Multiply,
                    Arithmetic::Divide => Double::Divide,
                    Arithmetic::Power => Double::Power,
                };
                self.pair(operation, (*a, *b), frame, centre())
            }
            NodeKind::Adjust(inflate, value, by) => {
                let operation = if *inflate { Double::Inflate } else { Double::Discount };
                self.pair(operation, (*value, *by), frame, centre())
            }
            NodeKind::Compare(operator, a, b) => {
                self.pair(Double::Compare(*operator), (*a, *b), frame, centre())
            }
            NodeKind::And(a, b) => self.pair(Double::And, (*a, *b), frame, centre()),
            NodeKind::Or(a, b) => self.pair(Double::Or, (*a, *b), frame, centre()),
            NodeKind::Call(function, list) => self.call(*function, list, frame),
            NodeKind::Default(a, b) => self.default(*a, *b, frame, centre()),
            NodeKind::If(condition, a, b) => self.branch(*condition, (*a, *b), frame, centre()),
            NodeKind::Match(value, arms) => self.arms(*value, arms, frame, centre()),
            NodeKind::Shift { value, index, steps } => {
                let asked = evaluator.trimmed(frame, &evaluator.node(*value).dims);
                let moved = evaluator.moved(&asked, *index, *steps);
                self.record(*value, &moved)
            }
            NodeKind::Lookup { value, selectors } => self.lookup(*value, selectors, frame),
            NodeKind::Group(group) => self.group(node, group, frame),
            NodeKind::Window(window) => self.window(window, frame, centre()),
            NodeKind::Running(running, value, over) => {
                self.along(node, *running, (*value, over), frame)
            }
            NodeKind::Constant(_)
            | NodeKind::IndexKey(_)
            | NodeKind::NumberOfKey(_)
            | NodeKind::DateArithmetic(..)
            | NodeKind::KeyOfNumber(..)
            | NodeKind::Known(_)
            | NodeKind::Noted(..)
            | NodeKind::TimePart(..) => Operand::fixed(centre()),
        }
    }

    fn single(
        &mut self,
        single: Single,
        value: NodeId,
        frame: &Rc<Frame>,
        centre: Vec<f64>,
    ) -> Operand {
        let operand = self.record(value, frame);
        self.push(Operation::Single(single, operand), centre)
    }

    fn pair(
        &mut self,
        operation: Double,
        (a, b): (NodeId, NodeId),
        frame: &Rc<Frame>,
        centre: Vec<f64>,
    ) -> Operand {
        let (a, b) = (self.record(a, frame), self.record(b, frame));
        self.push(Operation::Double(operation, a, b), centre)
    }

    fn call(&mut self, function: Function, list: &[NodeId], frame: &Rc<Frame>) -> Operand {
        let mut operands = list.iter().map(|node| self.record(*node, frame)).collect::<Vec<_>>();
        if operands.is_empty() {
            return Operand::fixed(vec![0.0; frame.rows]);
        }
        let mut operand = operands.remove(0);
        for (number, next) in operands.into_iter().enumerate() {
            let larger = function == Function::Max || (function == Function::Clamp && number == 0);
            let operation = if larger { Double::Max } else { Double::Min };
            operand = self.double(operation, (operand, next), frame.rows);
        }
        let single = match function {
            Function::Abs => Single::Abs,
            Function::Exp => Single::Exp,
            Function::Ln => Single::Ln,
            Function::Log10 => Single::Log10,
            Function::Sqrt => Single::Sqrt,
            Function::Min | Function::Max | Function::Clamp => return operand,
        };
        let value = |row| kernel::single(single, self.tape.centre(&operand, row));
        let centre = (0..frame.rows).map(value).collect();
        self.push(Operation::Single(single, operand), centre)
    }

    /// `a ?? b`: each row takes the side that the central run took.
    fn default(&mut self, a: NodeId, b: NodeId, frame: &Rc<Frame>, centre: Vec<f64>) -> Operand {
        let left = self.evaluator.eval(a, frame);
        let taken = Evaluator::present_rows(&left);
        let open = rows_that(frame.rows, |row| left.state(row) != PRESENT);
        self.split(&[(taken, a), (open, b)], frame, centre)
    }

    /// Rows that take their value from different nodes.
    fn split(
        &mut self,
        parts: &[(Vec<u32>, NodeId)],
        frame: &Rc<Frame>,
        centre: Vec<f64>,
    ) -> Operand {
        let mut places = vec![(NO_ROW, NO_ROW); frame.rows];
        let mut operands = Vec::new();
        for (rows, node) in parts.iter().filter(|(rows, _)| !rows.is_empty()) {
            if rows.len() == frame.rows {
                return self.record(*node, frame);
            }
            let part = self.evaluator.frames.pick(frame, rows);
            let number = small(operands.len());
            operands.push(self.record(*node, &part));
            for (row, place) in (0..).zip(rows) {
                if let Some(place) = places.get_mut(*place as usize) {
                    *place = (number, row);
                }
            }
        }
        self.push(Operation::Collect(operands, places), centre)
    }

    fn branch(
        &mut self,
        condition: NodeId,
        (then, other): (NodeId, NodeId),
        frame: &Rc<Frame>,
        centre: Vec<f64>,
    ) -> Operand {
        if !self.uncertain.nodes.contains(&condition) {
            let column = self.evaluator.eval(condition, frame);
            let holds = |row: usize| column.bools().get(row) == Some(&true);
            let parts = [
                (rows_that(frame.rows, holds), then),
                (rows_that(frame.rows, |r| !holds(r)), other),
            ];
            return self.split(&parts, frame, centre);
        }
        let condition = self.record(condition, frame);
        let (then, other) = (self.record(then, frame), self.record(other, frame));
        self.push(Operation::Choose(condition, then, other), centre)
    }

    fn arms(
        &mut self,
        value: NodeId,
        arms: &[(Test, NodeId)],
        frame: &Rc<Frame>,
        centre: Vec<f64>,
    ) -> Operand {
        let drawn = |test: &Test| self.uncertain.in_test(test);
        if self.uncertain.nodes.contains(&value) || arms.iter().any(|(test, _)| drawn(test)) {
            let seen = self.record(value, frame);
            let mut result = Operand::fixed(vec![f64::NAN; frame.rows]);
            for (test, branch) in arms.iter().rev() {
                let then = self.record(*branch, frame);
                let fits = self.fits(test, &seen, frame);
                let value = |row| match self.tape.centre(&fits, row) != 0.0 {
                    true => self.tape.centre(&then, row),
                    false => self.tape.centre(&result, row),
                };
                let centre = (0..frame.rows).map(value).collect();
                result = self.push(Operation::Choose(fits, then, result), centre);
            }
            return result;
        }
        let evaluator = self.evaluator;
        let scrutinee = evaluator.eval(value, frame);
        let ty = &evaluator.node(value).ty;
        let mut open: Vec<u32> = (0..small(frame.rows)).collect();
        let mut parts = Vec::new();
        for (test, branch) in arms {
            let part = evaluator.frames.pick(frame, &open);
            let fits = evaluator.test(test, &scrutinee.gather(&open), ty, &part);
            let holds = |position: usize| fits.bools().get(position) == Some(&true);
            let (mut taken, mut left) = (Vec::new(), Vec::new());
            for (position, row) in open.iter().enumerate() {
                if holds(position) { taken.push(*row) } else { left.push(*row) }
            }
            parts.push((taken, *branch));
            open = left;
        }
        self.split(&parts, frame, centre)
    }

    /// Whether a drawn number fits an arm.
    fn fits(&mut self, test: &Test, seen: &Operand, frame: &Rc<Frame>) -> Operand {
        let rows = frame.rows;
        let fixed = |value: &Value| {
            let number = match value {
                Value::Number(number) => *number,
                Value::Bool(value) => f64::from(u8::from(*value)),
                Value::Text(_) | Value::Date(_) | Value::Key(_) => f64::NAN,
            };
            Operand::fixed(vec![number; rows])
        };
        match test {
            Test::Else => Operand::fixed(vec![1.0; rows]),
            Test::Compare(operator, bound) => {
                self.double(Double::Compare(*operator), (seen.clone(), fixed(bound)), rows)
            }
            Test::Range(low, high) => {
                let compare = Double::Compare(CompareOp::GreaterEqual);
                let above = self.double(compare, (seen.clone(), fixed(low)), rows);
                let compare = Double::Compare(CompareOp::LessEqual);
                let below = self.double(compare, (seen.clone(), fixed(high)), rows);
                self.double(Double::And, (above, below), rows)
            }
            Test::OneOf(values) => {
                let mut fits = Operand::fixed(vec![0.0; rows]);
                for value in values {
                    let compare = Double::Compare(CompareOp::Equal);
                    let equal = self.double(compare, (seen.clone(), fixed(value)), rows);
                    fits = self.double(Double::Or, (fits, equal), rows);
                }
                fits
            }
            Test::Equals(node) => {
                let other = self.record(*node, frame);
                self.double(Double::Compare(CompareOp::Equal), (seen.clone(), other), rows)
            }
            Test::Either(tests) => {
                let mut fits = Operand::fixed(vec![0.0; rows]);
                for test in tests {
                    let next = self.fits(test, seen, frame);
                    fits = self.double(Double::Or, (fits, next), rows);
                }
                fits
            }
        }
    }

    fn lookup(
        &mut self,
        value: NodeId,
        selectors: &[(IndexId, NodeId)],
        frame: &Rc<Frame>,
    ) -> Operand {
        let evaluator = self.evaluator;
        let dims = evaluator.node(value).dims.clone();
        let columns = dims
            .iter()
            .map(|index| match selectors.iter().find(|(own, _)| own == index) {
                Some((_, selector)) => evaluator.eval(*selector, frame).codes().to_vec(),
                None => frame.column(*index).unwrap_or_default().to_vec(),
            })
            .collect();
        let asked = evaluator.frames.make(dims, columns, frame.rows, false);
        self.record(value, &asked)
    }
}

/// The numbers of a column: truth values are 1 and 0, what has no value is not a number.
fn numbers(column: &Column) -> Vec<f64> {
    let mut numbers: Vec<f64> = match &column.values {
        Values::Number(values) => values.clone(),
        Values::Bool(values) => values.iter().map(|value| f64::from(u8::from(*value))).collect(),
        Values::Key(_) | Values::Text(_) | Values::Date(_) => vec![f64::NAN; column.values.len()],
    };
    for (number, state) in numbers.iter_mut().zip(&column.state) {
        if *state != PRESENT {
            *number = f64::NAN;
        }
    }
    numbers
}

/// For each of so many rows its position in a list of some of them.
fn spread(rows: &[u32], count: usize) -> Vec<u32> {
    let mut positions = vec![NO_ROW; count];
    for (position, row) in (0..).zip(rows) {
        if let Some(place) = positions.get_mut(*row as usize) {
            *place = position;
        }
    }
    positions
}

fn rows_that(rows: usize, wanted: impl Fn(usize) -> bool) -> Vec<u32> {
    (0..rows).filter(|row| wanted(*row)).map(small).collect()
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NO_ROW)
}
