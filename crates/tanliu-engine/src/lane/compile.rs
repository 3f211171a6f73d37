//! 编译 From a program's nodes to lanes: what runs over rows, what is looked up, and what cannot.

use super::{Lane, LaneId, LaneTest};
use crate::atom::{AtomKind, Literal};
use crate::lineage::{Climb, resting_on_variables};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tanliu_method::program::{
    IndexId, NodeId, NodeKind, Program, Step, Test, Type, Value, VariableId, VariableKind,
};

/// 列道组 The lanes of the parts of a program that run over one relation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lanes {
    /// The relation's indexes, ascending.
    pub(crate) dims: Vec<IndexId>,
    /// The row inputs.
    pub(crate) inputs: Vec<LaneInput>,
    /// What is looked up.
    pub(crate) leaves: Vec<Leaf>,
    /// The operations; operands stand before.
    pub(crate) steps: Vec<super::Step>,
    /// For each step the row inputs that give it its keys.
    pub(crate) keys: Vec<BTreeSet<usize>>,
    /// For each step the type of its values.
    pub(crate) types: Vec<Type>,
    /// The kinds of the program's indexes.
    pub(crate) kinds: Vec<AtomKind>,
    /// The lanes of formulas: they are computed at all their own keys, whoever asks them.
    pub(crate) formulas: BTreeSet<LaneId>,
    known: BTreeMap<NodeId, LaneId>,
    /// The nodes of `known` in the order in which they came in.
    named: Vec<NodeId>,
    /// For each node whether a row input stands in it outside any reduction.
    rows: Arc<Vec<bool>>,
    /// For each node whether data may bring keys to it.
    brings: Arc<Vec<bool>>,
}

/// 记号 How many lanes there are, to go back to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    inputs: usize,
    leaves: usize,
    steps: usize,
    named: usize,
}

/// 行输入 An input that has the relation's indexes.
#[derive(Debug, Clone)]
pub(crate) struct LaneInput {
    pub(crate) id: VariableId,
    pub(crate) ty: Type,
    pub(crate) default: Option<Literal>,
}

/// 叶 A part of the program without a row input.
#[derive(Debug, Clone)]
pub(crate) enum Leaf {
    /// A node, looked up at its own indexes.
    Node(NodeId),
    /// A constant.
    Constant(Literal),
}

/// Why a node cannot run over rows: the node that stands in the way.
pub(crate) type Obstacle = NodeId;

impl Lanes {
    /// Lanes over a relation with these indexes (ascending).
    pub(crate) fn over(program: &Program, dims: Vec<IndexId>) -> Self {
        let kinds = program.indexes.iter().map(AtomKind::of).collect();
        let is_row = |id: VariableId, kind: &VariableKind| {
            let mut own = program.variables.get(id).map(|v| v.dims.clone()).unwrap_or_default();
            own.sort_unstable();
            matches!(kind, VariableKind::Input(_)) && own == dims && !dims.is_empty()
        };
        let brings = |id: VariableId, kind: &VariableKind| {
            let scalar = program.variables.get(id).is_none_or(|variable| variable.dims.is_empty());
            matches!(kind, VariableKind::Input(_)) && !scalar
        };
        let rows = Arc::new(resting_on_variables(program, Climb::BelowGroups, is_row));
        let brings = Arc::new(resting_on_variables(program, Climb::All, brings));
        Self { dims, kinds, rows, brings, ..Self::default() }
    }

    /// Whether a row input stands in a node outside any reduction.
    pub(crate) fn has_rows(&self, node: NodeId) -> bool {
        self.rows.get(node) == Some(&true)
    }

    /// Where the lanes end now.
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            inputs: self.inputs.len(),
            leaves: self.leaves.len(),
            steps: self.steps.len(),
            named: self.named.len(),
        }
    }

    /// The leaves that came in since.
    pub(crate) fn leaves_since(&self, mark: Mark) -> &[Leaf] {
        self.leaves.get(mark.leaves..).unwrap_or_default()
    }

    /// Takes out what came in since.
    pub(crate) fn back_to(&mut self, mark: Mark) {
        self.forget_since(mark);
        self.inputs.truncate(mark.inputs);
        self.leaves.truncate(mark.leaves);
        self.steps.truncate(mark.steps);
        self.keys.truncate(mark.steps);
        self.types.truncate(mark.steps);
    }

    /// Lanes that came in since stay, but no node finds them again.
    fn forget_since(&mut self, mark: Mark) {
        for node in self.named.drain(mark.named.min(self.named.len())..) {
            self.known.remove(&node);
        }
    }

    fn name(&mut self, node: NodeId, lane: LaneId) {
        if self.known.insert(node, lane).is_none() {
            self.named.push(node);
        }
    }

    /// The kind of the relation's index at a place.
    pub(crate) fn kind_at(&self, place: usize) -> AtomKind {
        let index = self.dims.get(place).copied().unwrap_or(usize::MAX);
        self.kinds.get(index).copied().unwrap_or(AtomKind::Integer)
    }
}

/// Adds the lanes of a node, and gives the number of its own. What is only `asked` for (a weight,
/// a mapping) brings no keys, whatever it is made of.
pub(crate) fn compile(
    program: &Program,
    lanes: &mut Lanes,
    node: NodeId,
    asked: bool,
) -> Result<LaneId, Obstacle> {
    let mark = lanes.mark();
    let found = Compiler { program, lanes, asked }.lane(node);
    if asked {
        lanes.forget_since(mark);
    }
    found.inspect_err(|_| lanes.back_to(mark))
}

struct Compiler<'a> {
    program: &'a Program,
    lanes: &'a mut Lanes,
    asked: bool,
}

/// What keys the operands of a node bring together, seen from left to right.
enum Brought {
    Nothing,
    /// Keys of some of the relation's indexes.
    Some(BTreeSet<IndexId>),
    /// The rows'.
    Rows,
}

impl Compiler<'_> {
    fn lane(&mut self, node: NodeId) -> Result<LaneId, Obstacle> {
        if let Some(lane) = self.lanes.known.get(&node) {
            return Ok(*lane);
        }
        let found = self.program.nodes.get(node).ok_or(node)?;
        if !self.has_rows(node) {
            return self.leaf(node);
        }
        if found.dims != self.lanes.dims {
            return Err(node);
        }
        let kind = found.kind.clone();
        if let NodeKind::Variable(id) = kind {
            let lane = self.variable(node, id)?;
            self.lanes.name(node, lane);
            return Ok(lane);
        }
        self.check_keys(node, &kind)?;
        let (lane, keys) = match kind {
            NodeKind::Convert(a, conversion) => (Lane::Convert(self.lane(a)?, conversion), vec![a]),
            NodeKind::Relabel(a) => (Lane::Same(self.lane(a)?), vec![a]),
            NodeKind::InRange(a, check) => {
                (Lane::InRange(self.lane(a)?, check.low, check.high), vec![a])
            }
            NodeKind::Negate(a) => (Lane::Negate(self.lane(a)?), vec![a]),
            NodeKind::Not(a) => (Lane::Not(self.lane(a)?), vec![a]),
            NodeKind::Known(a) => (Lane::Known(self.lane(a)?), vec![a]),
            NodeKind::TimePart(part, a, ends) => {
                (Lane::TimePart(part, self.lane(a)?, ends), vec![a])
            }
            NodeKind::NumberOfKey(a) => (Lane::NumberOfKey(self.lane(a)?), vec![a]),
            NodeKind::DateArithmetic(operation, a, b) => {
                (Lane::DateArithmetic(operation, self.lane(a)?, self.lane(b)?), vec![a, b])
            }
            NodeKind::Round { value, mode, step } => {
                (Lane::Round(self.lane(value)?, mode, step), vec![value])
            }
            NodeKind::Arithmetic(operator, a, b) => {
                (Lane::Arithmetic(operator, self.lane(a)?, self.lane(b)?), vec![a, b])
            }
            NodeKind::And(a, b) => (Lane::And(self.lane(a)?, self.lane(b)?), vec![a, b]),
            NodeKind::Or(a, b) => (Lane::Or(self.lane(a)?, self.lane(b)?), vec![a, b]),
            NodeKind::Compare(operator, a, b) => {
                (Lane::Compare(operator, self.lane(a)?, self.lane(b)?), vec![a, b])
            }
            NodeKind::Default(a, b) => (Lane::Default(self.lane(a)?, self.lane(b)?), vec![a, b]),
            NodeKind::Adjust(inflate, a, b) => {
                (Lane::Adjust(inflate, self.lane(a)?, self.lane(b)?), vec![a, b])
            }
            NodeKind::Where(a, b) => {
                let giving = if self.has_rows(a) { a } else { b };
                (Lane::Where(self.lane(a)?, self.lane(b)?), vec![giving])
            }
            NodeKind::If(a, b, c) => {
                (Lane::If(self.lane(a)?, self.lane(b)?, self.lane(c)?), vec![a, b, c])
            }
            NodeKind::Call(function, arguments) => {
                let lanes = arguments.iter().map(|node| self.lane(*node));
                (Lane::Call(function, lanes.collect::<Result<_, _>>()?), arguments)
            }
            NodeKind::Match(value, arms) => self.arms(value, &arms)?,
            _ => return Err(node),
        };
        let keys = keys.iter().flat_map(|child| self.keys_of(*child)).collect();
        Ok(self.push(node, lane, keys))
    }

    fn push(&mut self, node: NodeId, lane: Lane, keys: BTreeSet<usize>) -> LaneId {
        let ty = self.program.nodes.get(node).map_or(Type::Bool, |node| node.ty.clone());
        self.lanes.steps.push(super::Step { lane, node });
        self.lanes.keys.push(keys);
        self.lanes.types.push(ty);
        self.lanes.name(node, self.lanes.steps.len() - 1);
        self.lanes.steps.len() - 1
    }

    fn keys_of(&self, node: NodeId) -> BTreeSet<usize> {
        let lane = self.lanes.known.get(&node);
        lane.and_then(|lane| self.lanes.keys.get(*lane)).cloned().unwrap_or_default()
    }

    fn variable(&mut self, node: NodeId, id: VariableId) -> Result<LaneId, Obstacle> {
        let variable = self.program.variables.get(id).ok_or(node)?;
        match &variable.kind {
            VariableKind::Input(input) => {
                if input.notation || input.stands_for.is_some() {
                    return Err(node);
                }
                let known = self.lanes.inputs.iter().position(|own| own.id == id);
                let position = known.unwrap_or_else(|| {
                    self.lanes.inputs.push(LaneInput {
                        id,
                        ty: variable.ty.clone(),
                        default: input.default.as_ref().map(Literal::from),
                    });
                    self.lanes.inputs.len() - 1
                });
                Ok(self.push(node, Lane::Input(position), [position].into()))
            }
            // A recurrence runs in the order of its index, not row by row.
            VariableKind::Formula { .. } if runs_in_order(self.program, id) => Err(node),
            VariableKind::Formula { root, .. } => {
                let lane = self.lane(*root)?;
                self.lanes.formulas.insert(lane);
                Ok(lane)
            }
            _ => Err(node),
        }
    }

    fn leaf(&mut self, node: NodeId) -> Result<LaneId, Obstacle> {
        let found = self.program.nodes.get(node).ok_or(node)?;
        if !found.dims.iter().all(|index| self.lanes.dims.contains(index)) {
            return Err(node);
        }
        // Of all the relation's indexes it could bring keys of its own.
        let whole = found.dims.len() == self.lanes.dims.len() && self.brings_keys(node);
        if whole && !self.asked {
            return Err(node);
        }
        let leaf = match &found.kind {
            NodeKind::Constant(value) => Leaf::Constant(value.into()),
            _ => Leaf::Node(node),
        };
        self.lanes.leaves.push(leaf);
        let number = self.lanes.leaves.len() - 1;
        let lane = self.push(node, Lane::Leaf(number), BTreeSet::new());
        if whole {
            self.lanes.known.remove(&node);
        }
        Ok(lane)
    }

    fn constant(&mut self, node: NodeId, value: &Value, ty: &Type) -> LaneId {
        let ty = if matches!(value, Value::Date(_)) { Type::Date } else { ty.clone() };
        self.lanes.leaves.push(Leaf::Constant(value.into()));
        self.lanes.steps.push(super::Step { lane: Lane::Leaf(self.lanes.leaves.len() - 1), node });
        self.lanes.keys.push(BTreeSet::new());
        self.lanes.types.push(ty);
        self.lanes.steps.len() - 1
    }

    fn arms(
        &mut self,
        value: NodeId,
        arms: &[(Test, NodeId)],
    ) -> Result<(Lane, Vec<NodeId>), Obstacle> {
        let scrutinee = self.lane(value)?;
        let ty = self.program.nodes.get(value).ok_or(value)?.ty.clone();
        let mut children = vec![value];
        let mut lanes = Vec::with_capacity(arms.len());
        for (test, branch) in arms {
            let test = self.test(test, value, &ty, &mut children)?;
            lanes.push((test, self.lane(*branch)?));
            children.push(*branch);
        }
        Ok((Lane::Match(scrutinee, lanes), children))
    }

    fn test(
        &mut self,
        test: &Test,
        value: NodeId,
        ty: &Type,
        children: &mut Vec<NodeId>,
    ) -> Result<LaneTest, Obstacle> {
        Ok(match test {
            Test::Else => LaneTest::Else,
            Test::OneOf(values) => LaneTest::OneOf(
                values.iter().map(|constant| self.constant(value, constant, ty)).collect(),
            ),
            Test::Range(low, high) => {
                LaneTest::Range(self.constant(value, low, ty), self.constant(value, high, ty))
            }
            Test::Compare(operator, bound) => {
                LaneTest::Compare(*operator, self.constant(value, bound, ty))
            }
            Test::Equals(node) => {
                children.push(*node);
                LaneTest::Equals(self.lane(*node)?)
            }
            Test::Either(tests) => LaneTest::Either(
                (tests.iter().map(|test| self.test(test, value, ty, children)))
                    .collect::<Result<_, _>>()?,
            ),
        })
    }

    /// Operands meet from left to right: keys of some of the relation's indexes must not make
    /// up all of them before the rows come in.
    fn check_keys(&self, node: NodeId, kind: &NodeKind) -> Result<(), Obstacle> {
        if self.asked {
            return Ok(());
        }
        let children = match kind {
            NodeKind::Where(value, _) if self.has_rows(*value) => vec![*value],
            kind => kind.children(),
        };
        let mut brought = Brought::Nothing;
        for child in children {
            if self.has_rows(child) {
                brought = Brought::Rows;
                continue;
            }
            let dims = &self.program.nodes.get(child).ok_or(node)?.dims;
            if dims.is_empty() || !self.brings_keys(child) {
                continue;
            }
            let own: BTreeSet<IndexId> = dims.iter().copied().collect();
            brought = match brought {
                Brought::Rows => Brought::Rows,
                Brought::Nothing => Brought::Some(own),
                Brought::Some(before) if own.is_subset(&before) => Brought::Some(before),
                Brought::Some(before) if before.is_subset(&own) => Brought::Some(own),
                Brought::Some(_) => return Err(node),
            };
        }
        Ok(())
    }

    fn brings_keys(&self, node: NodeId) -> bool {
        self.lanes.brings.get(node) == Some(&true)
    }

    fn has_rows(&self, node: NodeId) -> bool {
        self.lanes.has_rows(node)
    }
}

/// Whether a variable belongs to a recurrence.
pub(crate) fn runs_in_order(program: &Program, id: VariableId) -> bool {
    program.order.iter().any(|step| match step {
        Step::Recurrence { variables, .. } => variables.contains(&id),
        Step::Formula(_) => false,
    })
}
