//! 成果 What passes made, as the rest of the run and its reader take it.

use super::{Run, StreamedTable};
use crate::EngineError;
use crate::atom::{Atom, AtomKind};
use crate::pass::MadeValue;
use crate::reduce::{Best, Outcome, Slot};
use crate::spill::{Gathered, Merged};
use crate::split::{given_fault, given_rows, stand_in};
use std::collections::BTreeSet;
use std::rc::Rc;
use tanliu_method::data::{GivenState, InputTable};
use tanliu_method::eval::{FaultKind, Figure, OutputTable, WITHHELD_KEYS_SHOWN, Withheld};
use tanliu_method::program::{
    IndexId, Key, Node, NodeId, NodeKind, Program, Type, Value, VariableId,
};
use tanliu_unit::time::{Grain, TimeKey};

/// How many rows of a result that is streamed are shown before they are taken out.
const FIRST_ROWS: usize = 100;

/// The rows of a reduction that has run, for the input that stands in its place.
pub(super) fn reduced(
    program: &Program,
    (id, was): (VariableId, NodeId),
    slots: Merged<'_, Slot>,
) -> Result<InputTable, EngineError> {
    let Some(variable) = program.variables.get(id) else { return Ok(InputTable::default()) };
    let (dims, ty) = (variable.dims.clone(), variable.ty.clone());
    let finished = slots.map(|slot| slot.map(|(key, slot)| (key, slot.finish(was))));
    let mut finished = finished.peekable();
    let empty = dims.is_empty() && finished.peek().is_none();
    let alone = empty.then(|| Ok((Vec::new(), nothing(program, was))));
    let made = finished.chain(alone).map(|made| {
        let (key, outcome) = made?;
        let (value, state) = given(program, (&ty, &dims), &key, outcome);
        Ok((key, value, state))
    });
    given_rows(program, &dims, made)
}

/// A total over no key at all is asked for what is not there.
fn nothing(program: &Program, was: NodeId) -> Outcome {
    let Some(NodeKind::Group(group)) = program.nodes.get(was).map(|node| &node.kind) else {
        return Outcome::Absent;
    };
    match group.zero_if_asked {
        true => Slot::new(group.reduction, group.weight.is_some()).finish(was),
        false => Outcome::Fault(FaultKind::MissingNode(was), None),
    }
}

fn given(
    program: &Program,
    (ty, dims): (&Type, &[IndexId]),
    key: &[Atom],
    outcome: Outcome,
) -> (Value, GivenState) {
    let blank = || match ty {
        Type::Bool => Value::Bool(false),
        Type::Date => Value::Date(TimeKey { grain: Grain::Day, ordinal: 0 }),
        Type::Number(_) => Value::Number(0.0),
        Type::Text | Type::Key(_) => Value::Text(Rc::from("")),
    };
    match outcome {
        Outcome::Number(number) => (Value::Number(number), GivenState::Present),
        Outcome::Bool(value) => (Value::Bool(value), GivenState::Present),
        Outcome::Best(best) => {
            let value = match best {
                Best::Number(number) => MadeValue::Number(number),
                Best::Code(code) => MadeValue::Code(code),
                Best::Text(text) => MadeValue::Text(text),
            };
            (value_of(program, ty, &value), GivenState::Present)
        }
        Outcome::Absent => (blank(), GivenState::Absent),
        Outcome::Fault(kind, own) => {
            let group = || dims.iter().copied().zip(key.iter().cloned()).collect();
            let key: Vec<(IndexId, Atom)> = own.unwrap_or_else(group);
            (blank(), GivenState::Fault(given_fault(program, kind, &key)))
        }
    }
}

pub(super) fn value_of(program: &Program, ty: &Type, value: &MadeValue) -> Value {
    let key = |atom: &Atom| match ty {
        Type::Key(index) => {
            let kind = program.indexes.get(*index).map_or(AtomKind::Text, AtomKind::of);
            Value::Key(kind.key(atom))
        }
        _ => match atom {
            Atom::Text(text) => Value::Text(Rc::from(&**text)),
            Atom::Number(day) => Value::Date(TimeKey { grain: Grain::Day, ordinal: *day }),
        },
    };
    match value {
        MadeValue::Number(number) => Value::Number(*number),
        MadeValue::Bool(value) => Value::Bool(*value),
        MadeValue::Code(code) => key(&Atom::Number(*code)),
        MadeValue::Text(text) => key(&Atom::Text(text.clone())),
        MadeValue::Fault(..) => Value::Bool(false),
    }
}

/// How many reductions the interpreter has left.
pub(super) fn reductions_left(program: &Program) -> usize {
    let roots: Vec<VariableId> = (0..program.variables.len())
        .filter(|id| program.variables.get(*id).is_some_and(|variable| variable.output))
        .collect();
    let mut open: Vec<NodeId> = (program.reach(&roots, &[]).into_iter())
        .filter_map(|id| program.variables.get(id)?.kind.root())
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    let mut found = 0;
    while let Some(number) = open.pop() {
        if let Some(node) = program.nodes.get(number).filter(|_| seen.insert(number)) {
            found += usize::from(matches!(node.kind, NodeKind::Group(_)));
            open.extend(node.kind.children());
        }
    }
    found
}

impl Run<'_> {
    /// A result that was made row by row.
    pub(super) fn result(
        &mut self,
        id: VariableId,
        rows: Gathered<MadeValue>,
        shown: bool,
        dims: &[IndexId],
    ) -> Result<(), EngineError> {
        self.account.results += 1;
        let Some(variable) = self.original.variables.get(id) else { return Ok(()) };
        let told = variable.output || shown;
        let original = self.original;
        let loose = &mut self.dataset.loose;
        rows.each(&self.watch, |value| {
            if let MadeValue::Fault(kind, key) = value
                && !matches!(kind, FaultKind::Hole(_))
            {
                loose.push(given_fault(original, kind.clone(), key));
            }
        })?;
        if !told {
            return Ok(());
        }
        let places: Vec<usize> = (variable.dims.iter())
            .filter_map(|index| dims.iter().position(|dim| dim == index))
            .collect();
        let rows = match places.is_sorted() {
            true => rows,
            false => rows.arranged(&places, &self.watch)?,
        };
        let (rows, waiting) = self.withhold(id, rows)?;
        let Some(rows) = rows else { return Ok(()) };
        let count = rows.count() - waiting;
        if self.stream_above.is_some_and(|most| count > most) {
            let room = self.watch.room.clone();
            let first = rows.first(FIRST_ROWS, &self.watch)?;
            let first: Vec<_> = first.into_iter().filter(|(_, value)| !value.is_fault()).collect();
            let first = table_of(self.original, id, &first);
            self.streamed.push(StreamedTable { first, rows: count, gathered: rows, room });
            return Ok(());
        }
        let kept = rows.merged(&self.watch)?;
        let kept = kept.filter(|row| !matches!(row, Ok((_, value)) if value.is_fault()));
        let kept: Vec<(Vec<Atom>, MadeValue)> = kept.collect::<Result<_, _>>()?;
        self.tables.push(table_of(self.original, id, &kept));
        Ok(())
    }

    /// Says which rows of a result wait for a hole, and how many; without any other row nothing is
    /// left of it.
    fn withhold(
        &mut self,
        id: VariableId,
        rows: Gathered<MadeValue>,
    ) -> Result<(Option<Gathered<MadeValue>>, u64), EngineError> {
        let Some(variable) = self.original.variables.get(id) else { return Ok((Some(rows), 0)) };
        let (mut holes, mut waiting, mut given) = (BTreeSet::new(), 0_u64, false);
        rows.each(&self.watch, |value| match value {
            MadeValue::Fault(FaultKind::Hole(hole), _) => {
                holes.insert(*hole);
                waiting += 1;
            }
            value => given |= !value.is_fault(),
        })?;
        if waiting == 0 {
            return Ok((Some(rows), 0));
        }
        let named = |hole: &VariableId| Some(self.original.variables.get(*hole)?.name.clone());
        let mut withheld = Withheld {
            what: variable.name.clone(),
            holes: holes.iter().filter_map(named).collect(),
            keys: None,
        };
        if !given {
            self.aside.withheld.push(withheld);
            return Ok((None, waiting));
        }
        let mut shown = Vec::new();
        for row in rows.clone().merged(&self.watch)? {
            let (key, value) = row?;
            if matches!(value, MadeValue::Fault(FaultKind::Hole(_), _)) {
                let parts = variable.dims.iter().zip(&key).map(|(index, atom)| {
                    let name = self.original.indexes.get(*index).map_or("?", |i| i.name.as_str());
                    format!("{name} = {}", show(self.original, *index, atom))
                });
                shown.push(parts.collect::<Vec<_>>().join(", "));
                if shown.len() >= WITHHELD_KEYS_SHOWN {
                    break;
                }
            }
        }
        withheld.keys = Some((usize::try_from(waiting).unwrap_or(usize::MAX), shown));
        self.aside.withheld.push(withheld);
        Ok((Some(rows), waiting))
    }

    /// A condition that was judged row by row: its failing keys, faults, and one key that passes.
    pub(super) fn condition(
        &mut self,
        number: usize,
        rows: Gathered<MadeValue>,
        dims: &[IndexId],
    ) -> Result<(), EngineError> {
        self.account.conditions += 1;
        let Some(condition) = self.program.conditions.get_mut(number) else { return Ok(()) };
        let old = condition.root;
        let root = self.program.nodes.len();
        condition.root = root;
        let origin = self.program.nodes.get(old).map(|node| node.origin).unwrap_or_default();
        self.program.nodes.push(Node {
            kind: NodeKind::Constant(Value::Bool(true)),
            ty: Type::Bool,
            dims: dims.to_vec(),
            origin,
        });
        let Some((id, _)) = stand_in(&mut self.program, root) else { return Ok(()) };
        let program = &self.program;
        let mut passed = false;
        let rows = rows.merged(&self.watch)?.filter_map(|row| {
            let (key, made) = match row {
                Ok(row) => row,
                Err(error) => return Some(Err(error)),
            };
            let (value, state) = match made {
                MadeValue::Bool(true) if std::mem::replace(&mut passed, true) => return None,
                MadeValue::Bool(value) => (Value::Bool(value), GivenState::Present),
                MadeValue::Fault(kind, key) => {
                    let fault = given_fault(program, kind, &key);
                    (Value::Bool(false), GivenState::Fault(fault))
                }
                _ => return None,
            };
            Some(Ok((key, value, state)))
        });
        let table = given_rows(program, dims, rows)?;
        self.dataset.inputs.insert(id, table);
        Ok(())
    }
}

/// Rows of a result, in the order of their keys, as the table that people read.
pub(super) fn table_of(
    program: &Program,
    id: VariableId,
    rows: &[(Vec<Atom>, MadeValue)],
) -> OutputTable {
    let mut table = OutputTable {
        variable: id,
        name: String::new(),
        label: None,
        indexes: Vec::new(),
        unit: None,
        keys: Vec::new(),
        figures: Vec::new(),
    };
    let Some(variable) = program.variables.get(id) else { return table };
    table.keys = (variable.dims.iter().enumerate())
        .map(|(place, index)| {
            // Neighbours have many keys in common.
            let mut last: Option<(&Atom, Rc<str>)> = None;
            let atoms = rows.iter().filter_map(|(key, _)| key.get(place));
            let shown = atoms.map(|atom| match &last {
                Some((known, text)) if *known == atom => Rc::clone(text),
                _ => {
                    let text = show(program, *index, atom);
                    last = Some((atom, Rc::clone(&text)));
                    text
                }
            });
            shown.collect()
        })
        .collect();
    table.name.clone_from(&variable.name);
    table.label.clone_from(&variable.label);
    let named = |index: &IndexId| Some(program.indexes.get(*index)?.name.clone());
    table.indexes = variable.dims.iter().filter_map(named).collect();
    table.unit = variable.ty.unit().map(ToString::to_string);
    table.figures = rows.iter().map(|(_, value)| figure(program, &variable.ty, value)).collect();
    table
}

fn show(program: &Program, index: IndexId, atom: &Atom) -> Rc<str> {
    let Some(index) = program.indexes.get(index) else { return Rc::from("?") };
    Rc::from(index.show(&AtomKind::of(index).key(atom)))
}

fn figure(program: &Program, ty: &Type, value: &MadeValue) -> Figure {
    let key_text = |index: IndexId, key: &Key| {
        program.indexes.get(index).map_or_else(|| Rc::from("?"), |i| Rc::from(i.show(key)))
    };
    match (value_of(program, ty, value), ty) {
        (Value::Number(number), _) => Figure::Number(number + 0.0),
        (Value::Bool(value), _) => Figure::Bool(value),
        (Value::Text(text), _) => Figure::Text(text),
        (Value::Date(day), _) => Figure::Text(day.to_string().into()),
        (Value::Key(key), Type::Key(index)) => Figure::Text(key_text(*index, &key)),
        (Value::Key(key), _) => Figure::Text(key.to_string().into()),
    }
}
