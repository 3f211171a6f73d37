//! 求值 The value of a node at the keys of a frame (which has all the node's indexes, and may have more).

use super::column::{ABSENT, Column, PRESENT, Values};
use super::faults::FaultKind;
use super::frame::{Frame, NO_KEY, NO_ROW};
use super::{Evaluator, Materialized};
use crate::data::{GivenFault, GivenState, InputTable};
use crate::program::{
    IndexId, Input, Key, NodeId, NodeKind, ParamTree, Type, Value, VariableId, VariableKind,
};
use std::rc::Rc;

impl Evaluator<'_> {
    pub(crate) fn eval(&self, node: NodeId, frame: &Rc<Frame>) -> Column {
        debug_assert!(
            self.node(node).dims.iter().all(|index| frame.dims.contains(index)),
            "the frame has all indexes of the node"
        );
        match &self.node(node).kind {
            NodeKind::Constant(value) => self.eval_constant(node, value, frame.rows),
            NodeKind::Variable(id) => self.eval_variable(*id, frame),
            NodeKind::IndexKey(index) => {
                let codes = frame.column(*index).unwrap_or_default().to_vec();
                Column::present(Values::Key(codes))
            }
            NodeKind::Convert(value, conversion) => {
                let column = self.eval(*value, frame);
                self.map_numbers(node, frame, column, |x| conversion.apply(x))
            }
            NodeKind::Relabel(value) => self.eval(*value, frame),
            NodeKind::InRange(value, check) => self.eval_in_range(node, *value, check, frame),
            NodeKind::KeyOfNumber(value, index) => {
                self.eval_key_of_number(node, *value, *index, frame)
            }
            NodeKind::Negate(value) => {
                let column = self.eval(*value, frame);
                self.map_numbers(node, frame, column, |x| 0.0 - x)
            }
            NodeKind::Arithmetic(operator, a, b) => {
                self.eval_arithmetic(node, *operator, (*a, *b), frame)
            }
            NodeKind::Call(function, arguments) => {
                self.eval_call(node, *function, arguments, frame)
            }
            NodeKind::Round { value, mode, step } => {
                self.eval_round(node, *value, (*mode, *step), frame)
            }
            NodeKind::Adjust(inflate, value, by) => {
                self.eval_adjust(node, *inflate, (*value, *by), frame)
            }
            NodeKind::Not(value) => self.eval_not(*value, frame),
            NodeKind::And(a, b) => self.eval_logic(*a, *b, true, frame),
            NodeKind::Or(a, b) => self.eval_logic(*a, *b, false, frame),
            NodeKind::Compare(operator, a, b) => self.eval_compare(*operator, (*a, *b), frame),
            NodeKind::Default(a, b) => self.eval_default(*a, *b, frame),
            NodeKind::Where(value, condition) => self.eval_where(*value, *condition, frame),
            NodeKind::If(condition, a, b) => self.eval_if(*condition, (*a, *b), frame),
            NodeKind::Match(value, arms) => self.eval_match(node, *value, arms, frame),
            NodeKind::Known(value) => self.eval_known(*value, frame),
            NodeKind::Noted(value, keys) => self.eval_noted(*value, keys, frame),
            NodeKind::TimePart(part, value, ends) => {
                self.eval_time_part(*part, *value, *ends, frame)
            }
            NodeKind::NumberOfKey(value) => self.eval_number_of_key(*value, frame),
            NodeKind::DateArithmetic(operation, a, b) => {
                self.eval_date_arithmetic(node, *operation, (*a, *b), frame)
            }
            NodeKind::Shift { value, index, steps } => {
                self.eval_shift(node, *value, (*index, *steps), frame)
            }
            NodeKind::Lookup { value, selectors } => {
                self.eval_lookup(node, *value, selectors, frame)
            }
            NodeKind::Group(group) => self.eval_group(node, group, frame),
            NodeKind::Window(window) => self.eval_window(node, window, frame),
            NodeKind::Running(running, value, over) => {
                self.eval_running(node, *running, (*value, over), frame)
            }
        }
    }

    fn eval_constant(&self, node: NodeId, value: &Value, rows: usize) -> Column {
        Column::present(self.repeated(value, &self.node(node).ty, rows))
    }

    /// One value, as often as there are rows.
    pub(crate) fn repeated(&self, value: &Value, ty: &Type, rows: usize) -> Values {
        match value {
            Value::Number(number) => Values::Number(vec![*number; rows]),
            Value::Bool(value) => Values::Bool(vec![*value; rows]),
            Value::Text(text) => Values::Text(vec![Rc::clone(text); rows]),
            Value::Date(day) => Values::Date(vec![day.ordinal; rows]),
            Value::Key(key) => Values::Key(vec![self.code(ty, key); rows]),
        }
    }

    /// Values of a type that stand for nothing.
    pub(crate) fn blank(&self, ty: &Type, rows: usize) -> Values {
        match ty {
            Type::Number(_) => Values::Number(vec![0.0; rows]),
            Type::Bool => Values::Bool(vec![false; rows]),
            Type::Text => Values::Text(vec![Rc::from(""); rows]),
            Type::Date => Values::Date(vec![0; rows]),
            Type::Key(_) => Values::Key(vec![NO_KEY; rows]),
        }
    }

    fn code(&self, ty: &Type, key: &Key) -> u32 {
        match ty {
            Type::Key(index) => self.dictionary(*index).code(key).unwrap_or(NO_KEY),
            _ => NO_KEY,
        }
    }

    /// Sets one value of a column.
    fn put(&self, values: &mut Values, row: usize, value: &Value, ty: &Type) {
        match (values, value) {
            (Values::Number(list), Value::Number(number)) => set(list, row, *number),
            (Values::Bool(list), Value::Bool(value)) => set(list, row, *value),
            (Values::Text(list), Value::Text(text)) => set(list, row, Rc::clone(text)),
            (Values::Date(list), Value::Date(day)) => set(list, row, day.ordinal),
            (Values::Key(list), Value::Key(key)) => set(list, row, self.code(ty, key)),
            _ => debug_assert!(false, "values follow the variable's type"),
        }
    }

    /// A variable at the keys of a frame.
    pub(crate) fn variable_at(&self, id: VariableId, frame: &Rc<Frame>) -> Column {
        self.eval_variable(id, frame)
    }

    fn eval_variable(&self, id: VariableId, frame: &Rc<Frame>) -> Column {
        let variable = self.variable(id);
        match &variable.kind {
            VariableKind::Input(_) => {
                let made = self.materialize(id);
                self.made_at(id, &made, frame)
            }
            VariableKind::Formula { root, parameter: true } => self.eval(*root, frame),
            VariableKind::Formula { .. } => match self.running_made(id) {
                Some(made) => self.made_at(id, &made, frame),
                None => {
                    let made = self.materialize(id);
                    self.made_at(id, &made, frame)
                }
            },
            // What an example or a scalar supplies stands before the document's own.
            VariableKind::Param(_) | VariableKind::Hole | VariableKind::Factor(_)
                if self.dataset.inputs.contains_key(&id) =>
            {
                let made = self.materialize(id);
                self.made_at(id, &made, frame)
            }
            VariableKind::Param(tree) => self.eval_param(id, tree, frame),
            VariableKind::Hole => {
                let state = self.fault(FaultKind::Hole(id), Vec::new());
                Column::uniform(&self.blank(&variable.ty, 0), frame.rows, state)
            }
            VariableKind::Factor(factor) => self.eval_factor(id, factor, frame),
        }
    }

    /// Takes values from a variable's own keys; asks it anew for keys it does not have.
    fn made_at(&self, id: VariableId, made: &Materialized, frame: &Rc<Frame>) -> Column {
        if made.frame.id == frame.id {
            return made.column.clone();
        }
        let found = self.frames.locate(&made.frame, frame);
        let mut column = made.column.gather(&found);
        let lacking: Vec<u32> = found
            .iter()
            .enumerate()
            .filter(|(_, row)| **row == NO_ROW)
            .filter_map(|(position, _)| u32::try_from(position).ok())
            .collect();
        if !lacking.is_empty() {
            let asked = self.frames.pick(frame, &lacking);
            let answer = self.ask(id, &asked);
            column.scatter(&lacking, &answer);
        }
        column
    }

    /// A variable asked for keys it does not have.
    fn ask(&self, id: VariableId, frame: &Rc<Frame>) -> Column {
        let variable = self.variable(id);
        match &variable.kind {
            VariableKind::Input(input) if input.default.is_some() => match &input.default {
                Some(value) => {
                    self.note_defaults(id, frame);
                    let mut column =
                        Column::present(self.repeated(value, &variable.ty, frame.rows));
                    if input.default_notation.is_some() {
                        column.notation = vec![input.default_notation; frame.rows];
                    }
                    column
                }
                None => self.missing(id, frame),
            },
            VariableKind::Formula { root, parameter: false }
                if self.in_recurrence(id).is_none() =>
            {
                self.eval(*root, frame)
            }
            VariableKind::Input(Input { stands_for: Some(node), .. }) => {
                let kind = FaultKind::MissingNode(*node);
                self.all_at_fault(&kind, (&variable.ty, &variable.dims), frame)
            }
            _ => self.missing(id, frame),
        }
    }

    /// What rows computed elsewhere came to.
    fn give_states(&self, table: &InputTable, order: &[u32], column: &mut Column) {
        for (row, position) in order.iter().enumerate() {
            match table.states.get(*position as usize) {
                None | Some(GivenState::Present) => {}
                Some(GivenState::Absent) => column.set_state(row, ABSENT),
                Some(GivenState::Fault(fault)) => column.set_state(row, self.given_fault(fault)),
            }
        }
    }

    /// Records a fault that was found elsewhere.
    pub(crate) fn given_fault(&self, fault: &GivenFault) -> u32 {
        let code = |index: IndexId, key: &Key| self.dictionary(index).code(key).unwrap_or(NO_KEY);
        let key = fault.key.iter().map(|(index, key)| (*index, code(*index, key))).collect();
        self.fault(fault.kind.clone(), key)
    }

    pub(crate) fn missing(&self, id: VariableId, frame: &Frame) -> Column {
        let variable = self.variable(id);
        self.all_at_fault(&FaultKind::Missing(id), (&variable.ty, &variable.dims), frame)
    }

    fn all_at_fault(
        &self,
        kind: &FaultKind,
        (ty, dims): (&Type, &[IndexId]),
        frame: &Frame,
    ) -> Column {
        let mut column = Column::uniform(&self.blank(ty, 0), frame.rows, ABSENT);
        for row in 0..frame.rows {
            column.set_state(row, self.fault_at(kind.clone(), frame, row, dims));
        }
        column
    }

    fn eval_param(&self, id: VariableId, tree: &ParamTree, frame: &Rc<Frame>) -> Column {
        let variable = self.variable(id);
        let mut column = Column::present(self.blank(&variable.ty, frame.rows));
        let columns: Vec<(IndexId, &[u32])> = variable
            .dims
            .iter()
            .map(|index| (*index, frame.column(*index).unwrap_or_default()))
            .collect();
        for row in 0..frame.rows {
            match self.leaf(tree, &columns, row) {
                Some(value) => self.put(&mut column.values, row, value, &variable.ty),
                None => {
                    let state = self.fault_at(FaultKind::Missing(id), frame, row, &variable.dims);
                    column.set_state(row, state);
                }
            }
        }
        column
    }

    fn leaf<'t>(
        &self,
        tree: &'t ParamTree,
        columns: &[(IndexId, &[u32])],
        row: usize,
    ) -> Option<&'t Value> {
        match tree {
            ParamTree::Leaf(value) => Some(value),
            ParamTree::Level { exact, steps, until } => {
                let ((index, column), rest) = columns.split_first()?;
                let key = self.dictionary(*index).key(*column.get(row)?)?;
                if let Some((_, tree)) = exact.iter().find(|(exact, _)| exact == key) {
                    return self.leaf(tree, rest, row);
                }
                if until.as_ref().is_some_and(|until| key >= until) {
                    return None;
                }
                let (_, tree) = steps.iter().rev().find(|(from, _)| from <= key)?;
                self.leaf(tree, rest, row)
            }
        }
    }

    /// Brings the data set's tables into frames and columns.
    pub(crate) fn load_inputs(&self) {
        for (id, table) in &self.dataset.inputs {
            let made = Rc::new(self.load(*id, table));
            if !table.loose.is_empty() {
                let loose = table.loose.iter().map(|fault| self.given_fault(fault)).collect();
                self.unasked.borrow_mut().insert(*id, loose);
            }
            if let Some(place) = self.variables.borrow_mut().get_mut(*id) {
                *place = Some(made);
            }
        }
        let loose: Vec<u32> =
            self.dataset.loose.iter().map(|fault| self.given_fault(fault)).collect();
        self.loose.borrow_mut().extend(loose);
    }

    /// The codes of a table's keys, in the order of a frame's indexes.
    fn table_columns(&self, id: VariableId, table: &InputTable) -> Vec<Vec<u32>> {
        let variable = self.variable(id);
        let rows = table.values.len();
        super::keys::union_dims(&variable.dims, &[])
            .iter()
            .map(|index| {
                let position = variable.dims.iter().position(|dim| dim == index);
                let Some(keys) = position.and_then(|position| table.keys.get(position)) else {
                    return vec![NO_KEY; rows];
                };
                let codes = self.dictionary(*index).codes(&keys.dictionary);
                keys.codes
                    .iter()
                    .map(|code| codes.get(*code as usize).copied().unwrap_or(NO_KEY))
                    .collect()
            })
            .collect()
    }

    /// For each row of a variable's frame the position of its cell in the data set's table.
    pub(crate) fn table_order(&self, id: VariableId, table: &InputTable) -> Vec<u32> {
        super::frame::sort_positions(&self.table_columns(id, table), table.values.len())
    }

    fn load(&self, id: VariableId, table: &InputTable) -> Materialized {
        let variable = self.variable(id);
        let rows = table.values.len();
        let dims = super::keys::union_dims(&variable.dims, &[]);
        let columns = self.table_columns(id, table);
        let order = super::frame::sort_positions(&columns, rows);
        let frame = self.frames.intern(dims, columns, rows);
        let mut column = Column::present(self.blank(&variable.ty, rows));
        for (row, position) in order.iter().enumerate() {
            if let Some(value) = table.values.get(*position as usize) {
                self.put(&mut column.values, row, value, &variable.ty);
            }
        }
        if table.notations.iter().any(Option::is_some) {
            column.notation = order
                .iter()
                .map(|position| table.notations.get(*position as usize).copied().flatten())
                .collect();
        }
        self.give_states(table, &order, &mut column);
        debug_assert_eq!(frame.rows, rows, "the data set has no duplicate keys");
        Materialized { frame, column }
    }

    /// Applies a function to each present number; a result that is not finite is a fault.
    pub(crate) fn map_numbers(
        &self,
        node: NodeId,
        frame: &Frame,
        mut column: Column,
        function: impl Fn(f64) -> f64,
    ) -> Column {
        if let Values::Number(values) = &mut column.values {
            for value in values.iter_mut() {
                *value = function(*value) + 0.0;
            }
        }
        self.finite(node, frame, &mut column);
        column
    }

    /// Rows in a state that has a value.
    pub(crate) fn present_rows(column: &Column) -> Vec<u32> {
        (0..column.values.len())
            .filter(|row| column.state(*row) == PRESENT)
            .filter_map(|row| u32::try_from(row).ok())
            .collect()
    }
}

fn set<T>(list: &mut [T], row: usize, value: T) {
    if let Some(place) = list.get_mut(row) {
        *place = value;
    }
}
