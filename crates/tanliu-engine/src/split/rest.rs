//! 余下的程序 What is left when parts have run over rows: they are inputs now.

use crate::EngineError;
use crate::atom::{Atom, AtomKind};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_method::data::{Dataset, GivenFault, GivenState, InputTable, KeyColumn};
use tanliu_method::eval::FaultKind;
use tanliu_method::program::{
    IndexId, Input, Key, Node, NodeId, NodeKind, Program, Type, Value, Variable, VariableId,
    VariableKind,
};

/// How the names of stand-ins begin: no document can use the sign in a name.
pub(crate) const STAND_IN: char = '·';

/// Puts an input in a node's place. Gives the input, and the node under which what it was goes on.
pub(crate) fn stand_in(program: &mut Program, node: NodeId) -> Option<(VariableId, NodeId)> {
    let found: Node = program.nodes.get(node)?.clone();
    let zero = match &found.kind {
        NodeKind::Group(group) => group.zero_if_asked,
        _ => false,
    };
    let was = program.nodes.len();
    let id = program.variables.len();
    program.variables.push(Variable {
        name: format!("{STAND_IN}{node}"),
        dims: found.dims.clone(),
        ty: found.ty.clone(),
        kind: VariableKind::Input(Input {
            default: zero.then_some(Value::Number(0.0)),
            stands_for: Some(was),
            ..Input::default()
        }),
        label: None,
        output: false,
        origin: found.origin,
        attributes: Vec::new(),
        uncertainty: None,
    });
    program.nodes.push(found);
    program.nodes.get_mut(node)?.kind = NodeKind::Variable(id);
    Some((id, was))
}

/// The rows of a stand-in: key, value (nothing where the state says why), state.
pub(crate) fn given_rows(
    program: &Program,
    dims: &[IndexId],
    rows: impl Iterator<Item = Result<(Vec<Atom>, Value, GivenState), EngineError>>,
) -> Result<InputTable, EngineError> {
    let kinds: Vec<AtomKind> = (dims.iter())
        .map(|index| program.indexes.get(*index).map_or(AtomKind::Integer, AtomKind::of))
        .collect();
    let mut columns: Vec<(KeyColumn, BTreeMap<Atom, u32>)> =
        dims.iter().map(|_| (KeyColumn::default(), BTreeMap::new())).collect();
    let mut table = InputTable::default();
    for row in rows {
        let (key, value, state) = row?;
        for (((column, known), kind), atom) in columns.iter_mut().zip(&kinds).zip(&key) {
            let code = *known.entry(atom.clone()).or_insert_with(|| {
                column.dictionary.push(kind.key(atom));
                u32::try_from(column.dictionary.len() - 1).unwrap_or(u32::MAX)
            });
            column.codes.push(code);
        }
        // States are listed from the first row on that says more than that it is there.
        if !table.states.is_empty() || state != GivenState::Present {
            table.states.resize(table.values.len(), GivenState::Present);
            table.states.push(state);
        }
        table.values.push(value);
    }
    table.keys = columns.into_iter().map(|(column, _)| column).collect();
    Ok(table)
}

/// A fault as the interpreter takes it.
pub(crate) fn given_fault(
    program: &Program,
    kind: tanliu_method::eval::FaultKind,
    key: &[(IndexId, Atom)],
) -> GivenFault {
    GivenFault { kind, key: known_key(program, key) }
}

/// A key with its indexes, as the interpreter takes it.
pub(crate) fn known_key(program: &Program, key: &[(IndexId, Atom)]) -> Vec<(IndexId, Key)> {
    let known = |(index, atom): &(IndexId, Atom)| {
        let kind = program.indexes.get(*index).map_or(AtomKind::Integer, AtomKind::of);
        (*index, kind.key(atom))
    };
    key.iter().map(known).collect()
}

/// The series in which gaps were found: the telling names the keys that they lack.
fn with_gaps(dataset: &Dataset) -> BTreeSet<NodeId> {
    let tables = dataset.inputs.values();
    let of_rows = tables.clone().flat_map(|table| &table.states).filter_map(|state| match state {
        GivenState::Fault(fault) => Some(fault),
        GivenState::Present | GivenState::Absent => None,
    });
    let loose = tables.flat_map(|table| &table.loose).chain(&dataset.loose);
    let gap = |fault: &GivenFault| match fault.kind {
        FaultKind::Gap(node) => Some(node),
        _ => None,
    };
    of_rows.chain(loose).filter_map(gap).collect()
}

/// Takes out the rows of inputs that nobody names any more. Their keys stay known.
pub(crate) fn trim(program: &Program, dataset: &mut Dataset, roots: &[VariableId]) {
    let mut nodes: Vec<NodeId> =
        program.conditions.iter().map(|condition| condition.root).collect();
    nodes.extend(with_gaps(dataset));
    let reached = program.reach(roots, &nodes);
    // A scalar is no table: one without its row would be one without a value.
    let idle: Vec<VariableId> = (dataset.inputs.iter())
        .filter(|(id, table)| !reached.contains(id) && !table.keys.is_empty())
        .map(|(id, _)| *id)
        .collect();
    for id in idle {
        let Some(variable) = program.variables.get(id) else { continue };
        let Some(place) = dataset.inputs.get_mut(&id) else { continue };
        // Messages still say which table it was.
        let empty = InputTable {
            keys: vec![KeyColumn::default(); place.keys.len()],
            source: place.source,
            column: place.column,
            ..InputTable::default()
        };
        let table = std::mem::replace(place, empty);
        let mut known: BTreeSet<(IndexId, Key)> = BTreeSet::new();
        for (index, column) in variable.dims.iter().zip(&table.keys) {
            known.extend(column.dictionary.iter().map(|key| (*index, key.clone())));
        }
        if let Type::Key(index) = variable.ty {
            known.extend(table.values.iter().filter_map(|value| match value {
                Value::Key(key) => Some((index, key.clone())),
                _ => None,
            }));
        }
        dataset.known.extend(known);
    }
}
