//! 叶的答案 What the lanes look up: leaves at the keys that the rows have, from the interpreter.

use super::Run;
use super::script::RowKeySets;
use crate::EngineError;
use crate::atom::{Atom, AtomKind, Texts, atoms_of};
use crate::feed::Feed;
use crate::lane::{
    ABSENT, Answer, FAULT, LaneColumn, LaneValues, Lanes, Leaf, PRESENT, Shared, Site, repeated,
    roots,
};
use crate::split::Relation;
use std::collections::{BTreeMap, BTreeSet};
use tanliu_method::data::GivenState;
use tanliu_method::eval::{Answered, Asked, FaultKind, values_at};
use tanliu_method::program::{IndexId, Key, NodeId, NodeKind, Program, Type, Value, VariableKind};

impl Run<'_> {
    /// Everything that the workers of a pass must know.
    pub(super) fn answers(
        &mut self,
        relation: &Relation,
        feed: &dyn Feed,
    ) -> Result<Shared, EngineError> {
        let lanes = &relation.lanes;
        let mut shared = Shared::default();
        for input in &lanes.inputs {
            let dims = self.program.variables.get(input.id).map(|v| v.dims.clone());
            let kind = FaultKind::Missing(input.id);
            shared.sites.push(Site { kind, key: None, dims: dims.unwrap_or_default() });
            shared.missing.push(state(shared.sites.len() - 1));
            shared.defaults.push(input.default.clone());
        }
        let nodes: Vec<NodeId> = (lanes.leaves.iter())
            .filter_map(|leaf| if let Leaf::Node(node) = leaf { Some(*node) } else { None })
            .collect();
        let places: BTreeSet<Vec<usize>> = (nodes.iter())
            .map(|node| self.places(lanes, *node))
            .filter(|places| !places.is_empty())
            .collect();
        let keys = match places.is_empty() {
            true => BTreeMap::new(),
            false => self.key_sets(feed, &places, &shared)?,
        };
        self.know(lanes, &keys);
        let requests: Vec<Asked> = (nodes.iter())
            .map(|node| {
                let places = self.places(lanes, *node);
                request(lanes, *node, &places, keys.get(&places))
            })
            .collect();
        let found = values_at(&self.program, &self.dataset, self.catalogue, &requests);
        self.dataset.gaps.extend(found.aside.gaps);
        self.aside.factors.extend(found.aside.factors);
        self.aside.diagnostics.extend(found.aside.diagnostics.list().iter().cloned());
        self.blame(found.loose);
        if found.more {
            shared.watched = roots(relation);
        }
        let mut answered = found.values.into_iter();
        for leaf in &lanes.leaves {
            let answer = match leaf {
                Leaf::Constant(value) => {
                    let values = repeated(value, 1, &mut shared.texts);
                    let values = LaneColumn { values, state: Vec::new() };
                    Answer { places: Vec::new(), rows: BTreeMap::new(), values }
                }
                Leaf::Node(node) => {
                    let places = self.places(lanes, *node);
                    let rows = keys.get(&places).map(numbered).unwrap_or_default();
                    let Some(found) = answered.next() else { continue };
                    let ty = self.program.nodes.get(*node).map(|node| node.ty.clone());
                    let inline = inline_nodes(&self.program, *node);
                    let values = column(lanes, (ty.as_ref(), &inline), &found, &mut shared);
                    Answer { places, rows, values }
                }
            };
            shared.answers.push(answer);
        }
        Ok(shared)
    }

    /// The places of a node's indexes among the relation's.
    pub(super) fn places(&self, lanes: &Lanes, node: NodeId) -> Vec<usize> {
        let dims = self.program.nodes.get(node).map(|node| node.dims.clone()).unwrap_or_default();
        let place = |index: &IndexId| lanes.dims.iter().position(|dim| dim == index);
        dims.iter().filter_map(place).collect()
    }

    /// The keys that rows have, and no table in memory may have, are told to the interpreter.
    fn know(&mut self, lanes: &Lanes, keys: &RowKeySets) {
        let mut known: BTreeSet<(IndexId, Key)> = BTreeSet::new();
        for (places, rows) in keys {
            for (number, place) in places.iter().enumerate() {
                let Some(index) = lanes.dims.get(*place).copied() else { continue };
                let kind = lanes.kind_at(*place);
                let atoms: BTreeSet<&Atom> =
                    rows.iter().filter_map(|row| row.get(number)).collect();
                known.extend(atoms.into_iter().map(|atom| (index, kind.key(atom))));
            }
        }
        self.dataset.known.extend(known);
    }
}

pub(super) fn request(
    lanes: &Lanes,
    node: NodeId,
    places: &[usize],
    rows: Option<&BTreeSet<Vec<Atom>>>,
) -> Asked {
    let mut columns: Vec<Vec<Key>> = vec![Vec::new(); places.len()];
    for row in rows.into_iter().flatten() {
        for ((column, place), atom) in columns.iter_mut().zip(places).zip(row) {
            column.push(lanes.kind_at(*place).key(atom));
        }
    }
    let rows = columns.first().map_or(1, Vec::len);
    Asked { node, keys: columns, rows }
}

fn numbered(rows: &BTreeSet<Vec<Atom>>) -> BTreeMap<Vec<Atom>, u32> {
    rows.iter().cloned().zip(0..).collect()
}

fn state(site: usize) -> u32 {
    u32::try_from(site).unwrap_or(u32::MAX - FAULT) + FAULT
}

/// The nodes of a leaf that are computed where it is asked, not at keys of their own: their faults
/// stand at the row's key.
fn inline_nodes(program: &Program, leaf: NodeId) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::new();
    let mut open = vec![leaf];
    while let Some(node) = open.pop() {
        let Some(kind) = program.nodes.get(node).map(|node| &node.kind) else { continue };
        match kind {
            NodeKind::Group(_)
            | NodeKind::Window(_)
            | NodeKind::Running(..)
            | NodeKind::Lookup { .. }
            | NodeKind::Shift { .. } => {}
            NodeKind::Variable(id) => {
                if let Some(VariableKind::Formula { root, parameter: true }) =
                    program.variables.get(*id).map(|variable| &variable.kind)
                {
                    open.push(*root);
                }
            }
            kind => {
                if found.insert(node) {
                    open.extend(kind.children());
                }
            }
        }
    }
    found
}

/// The node at which a result went wrong, where its key is that of the rows that asked.
fn node_of(kind: &FaultKind) -> Option<NodeId> {
    match kind {
        FaultKind::DivisionByZero(node)
        | FaultKind::NotFinite(node)
        | FaultKind::NoArm(node)
        | FaultKind::OutOfRange(node, _)
        | FaultKind::AdjustmentOutOfRange(node)
        | FaultKind::NotWholeSteps(node, _)
        | FaultKind::DateOutOfRange(node)
        | FaultKind::MissingNode(node) => Some(*node),
        _ => None,
    }
}

fn column(
    lanes: &Lanes,
    (ty, inline): (Option<&Type>, &BTreeSet<NodeId>),
    found: &Answered,
    shared: &mut Shared,
) -> LaneColumn {
    let ty = ty.cloned().unwrap_or(Type::Bool);
    let values = values(lanes, &ty, &found.values, &mut shared.texts);
    let mut states = Vec::with_capacity(found.states.len());
    for given in &found.states {
        states.push(match given {
            GivenState::Present => PRESENT,
            GivenState::Absent => ABSENT,
            GivenState::Fault(fault) => {
                let key = atoms_of(&fault.key);
                let kind = fault.kind.clone();
                let site = match node_of(&kind).is_some_and(|node| inline.contains(&node)) {
                    true => Site { kind, key: None, dims: lanes.dims.clone() },
                    false => Site { kind, key: Some(key), dims: Vec::new() },
                };
                let known = shared.sites.iter().position(|own| *own == site);
                state(known.unwrap_or_else(|| {
                    shared.sites.push(site);
                    shared.sites.len() - 1
                }))
            }
        });
    }
    LaneColumn { values, state: states }
}

/// Values of a type as a lane holds them.
pub(crate) fn values(lanes: &Lanes, ty: &Type, list: &[Value], texts: &mut Texts) -> LaneValues {
    let number = |value: &Value| if let Value::Number(x) = value { *x } else { 0.0 };
    let is_text = match ty {
        Type::Text => true,
        Type::Key(index) => lanes.kinds.get(*index) == Some(&AtomKind::Text),
        _ => false,
    };
    match ty {
        Type::Number(_) => LaneValues::Number(list.iter().map(number).collect()),
        Type::Bool => {
            LaneValues::Bool(list.iter().map(|value| *value == Value::Bool(true)).collect())
        }
        _ if is_text => LaneValues::Text(
            (list.iter())
                .map(|value| match value {
                    Value::Text(text) | Value::Key(Key::Text(text)) => texts.number(text),
                    _ => texts.number(""),
                })
                .collect(),
        ),
        _ => LaneValues::Code(list.iter().map(code).collect()),
    }
}

fn code(value: &Value) -> i64 {
    match value {
        Value::Date(day) => day.ordinal,
        Value::Key(key) => match Atom::from(key) {
            Atom::Number(number) => number,
            Atom::Text(_) => i64::MIN,
        },
        _ => 0,
    }
}
