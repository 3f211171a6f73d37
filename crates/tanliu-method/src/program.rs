//! 程序 The typed program: the only thing evaluators see. Small, printable, conversions explicit.
//!
//! A checked document (with the documents it uses folded in) becomes a list of indexes, a list of
//! variables and an arena of typed expression nodes. Every number is held in the unit of its
//! node's type; where units differ there is an explicit [`NodeKind::Convert`].

mod dates;
mod nodes;
mod print;
mod walk;

pub use dates::{DateFault, DateOperation};
pub use nodes::{
    Arithmetic, Function, Group, Node, NodeKind, RangeCheck, Reduction, Running, Target, Test,
    TimePart, WindowNode,
};

use crate::ast::{CompareOp, Uncertainty};
use crate::data::Notation;
use std::rc::Rc;
use tanliu_diagnostic::{Place, Span};
use tanliu_factor::FactorSet;
use tanliu_unit::Unit;
use tanliu_unit::time::{Grain, TimeKey};

/// 程序 A checked document, ready to run.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The documents it was made from: the main one first, then those it uses.
    pub documents: Vec<DocumentInfo>,
    /// All indexes.
    pub indexes: Vec<Index>,
    /// All variables.
    pub variables: Vec<Variable>,
    /// The expression arena.
    pub nodes: Vec<Node>,
    /// In which order formulas run.
    pub order: Vec<Step>,
    /// Conditions.
    pub conditions: Vec<Condition>,
    /// Evidence asked for.
    pub evidence: Vec<Evidence>,
}

/// 文档信息 Where a part of the program came from.
#[derive(Debug, Clone, Default)]
pub struct DocumentInfo {
    /// The name its places carry.
    pub source: String,
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
}

/// Number of an index in [`Program::indexes`].
pub type IndexId = usize;
/// Number of a variable in [`Program::variables`].
pub type VariableId = usize;
/// Number of a node in [`Program::nodes`].
pub type NodeId = usize;

/// 位置 A span of one of the program's documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Origin {
    /// Number in [`Program::documents`].
    pub document: usize,
    /// The bytes.
    pub span: Span,
}

/// 索引 An index (a named dimension).
#[derive(Debug, Clone)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its keys.
    pub kind: IndexKind,
    /// Where it is declared.
    pub origin: Origin,
}

/// 索引种类
#[derive(Debug, Clone, PartialEq)]
pub enum IndexKind {
    /// Ordered in time.
    Time {
        /// The grain.
        grain: Grain,
        /// Data stamp the end of the interval.
        ends: bool,
    },
    /// Ordered whole numbers.
    Integer,
    /// Whatever texts the data holds.
    Text,
    /// A closed set: name and label of each member, in order.
    Closed(Vec<(String, Option<String>)>),
}

impl Index {
    /// Whether its keys have an order and a step (`instant` has no step).
    pub fn has_step(&self) -> bool {
        match self.kind {
            IndexKind::Time { grain, .. } => grain != Grain::Instant,
            IndexKind::Integer => true,
            IndexKind::Text | IndexKind::Closed(_) => false,
        }
    }

    /// Whether its keys are ordered.
    pub fn is_ordered(&self) -> bool {
        matches!(self.kind, IndexKind::Time { .. } | IndexKind::Integer)
    }

    /// The member of a closed set that `word` names, by name or label (NFC, trimmed).
    pub fn member(&self, word: &str) -> Option<u32> {
        let IndexKind::Closed(members) = &self.kind else { return None };
        let by_name = members.iter().position(|(name, _)| name == word);
        let found = by_name
            .or_else(|| members.iter().position(|(_, label)| label.as_deref() == Some(word)))?;
        u32::try_from(found).ok()
    }

    /// A key as people read it: the member's name, the date, the text.
    pub fn show(&self, key: &Key) -> String {
        match (key, &self.kind) {
            (Key::Member(number), IndexKind::Closed(members)) => members
                .get(*number as usize)
                .map_or_else(|| number.to_string(), |(name, _)| name.clone()),
            (key, _) => key.to_string(),
        }
    }
}

/// 键 One key of an index; ordered as the index is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Number of a member of a closed set.
    Member(u32),
    /// A whole number.
    Integer(i64),
    /// A time key of the index's grain.
    Time(TimeKey),
    /// A text.
    Text(Rc<str>),
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Member(number) => write!(f, "#{number}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Time(key) => write!(f, "{key}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// 类型 The type of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// A number held in this unit.
    Number(Unit),
    /// True or false.
    Bool,
    /// A text.
    Text,
    /// A day.
    Date,
    /// A key of an index.
    Key(IndexId),
}

impl Type {
    /// The unit, if it is a number.
    pub fn unit(&self) -> Option<&Unit> {
        match self {
            Self::Number(unit) => Some(unit),
            _ => None,
        }
    }
}

/// 值 One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number, in the unit of its type.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A text.
    Text(Rc<str>),
    /// A day.
    Date(TimeKey),
    /// A key of the type's index.
    Key(Key),
}

/// 变量 An input, parameter, factor or formula.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name; of a used document `cm.NAME`.
    pub name: String,
    /// Its indexes in the declared order.
    pub dims: Vec<IndexId>,
    /// Its type.
    pub ty: Type,
    /// How it gets its value.
    pub kind: VariableKind,
    /// Its label.
    pub label: Option<String>,
    /// `output` of the main document.
    pub output: bool,
    /// Its declaration.
    pub origin: Origin,
    /// Attribute lines: kind and text.
    pub attributes: Vec<(String, String)>,
    /// Its declared uncertainty.
    pub uncertainty: Option<Uncertainty>,
}

/// 变量种类
#[derive(Debug, Clone)]
pub enum VariableKind {
    /// Comes from data.
    Input(Input),
    /// Constants of the document, by key.
    Param(ParamTree),
    /// A named hole `?`, filled by `--set`.
    Hole,
    /// A dated factor of the catalogue.
    Factor(Factor),
    /// A formula. Parameters written as expressions are formulas that add no keys.
    Formula {
        /// Its right side, in the declared unit, rounding included.
        root: NodeId,
        /// A `param`: it adds no keys.
        parameter: bool,
    },
}

/// 输入
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// `default v`
    pub default: Option<Value>,
    /// `default NO`: the default is 0 and bears this key.
    pub default_notation: Option<Notation>,
    /// Cells may hold notation keys.
    pub notation: bool,
    /// The table may lack, and so may keys; where one is asked, it is missing.
    pub optional: bool,
    /// Bounds in the declared unit.
    pub bounds: Vec<(CompareOp, f64)>,
    /// The reduction that was computed elsewhere and comes as this input.
    pub stands_for: Option<NodeId>,
}

/// 参数树 A parameter's value by key, nested in the order of its indexes.
#[derive(Debug, Clone)]
pub enum ParamTree {
    /// A value.
    Leaf(Value),
    /// A level: exact keys first, then steps.
    Level {
        /// Exact keys.
        exact: Vec<(Key, ParamTree)>,
        /// `from KEY`, ascending; each holds until the next.
        steps: Vec<(Key, ParamTree)>,
        /// `until KEY`: the steps end before this key.
        until: Option<Key>,
    },
}

/// 因子
#[derive(Debug, Clone)]
pub struct Factor {
    /// The set's id.
    pub set: String,
    /// Key columns of the set for which an index of another name stands.
    pub columns: Vec<(String, IndexId)>,
    /// Which row holds.
    pub rule: FactorRule,
}

/// 取值规则
#[derive(Debug, Clone)]
pub enum FactorRule {
    /// The row valid on the day on which this index's key begins.
    SameYear(IndexId),
    /// The newest before a date.
    Latest {
        /// By publication.
        published: bool,
        /// The date: a [`Type::Date`] or a key of a time index.
        before: NodeId,
    },
    /// Valid on this day.
    Fixed(TimeKey),
    /// The mean of the newest.
    MeanOfLast {
        /// How many.
        count: u32,
        /// Before this date.
        before: Option<NodeId>,
    },
}

impl Factor {
    /// The key column of the set for which an index of that name stands: the one it is written
    /// for, else the one of its name, unless another index is written for that.
    pub fn column_of<'n>(
        &'n self,
        set: &FactorSet,
        index: IndexId,
        name: &'n str,
    ) -> Option<&'n str> {
        if let Some((column, _)) = self.columns.iter().find(|(_, own)| *own == index) {
            return Some(column);
        }
        let column = set.key_column(name)?;
        let taken = self.columns.iter().any(|(own, _)| set.key_column(own) == Some(column));
        (!taken).then_some(name)
    }
}

/// 步骤 One step of the run.
#[derive(Debug, Clone)]
pub enum Step {
    /// One formula.
    Formula(VariableId),
    /// Formulas that run together in the order of an index.
    Recurrence {
        /// The ordered index.
        index: IndexId,
        /// The variables, in the order in which they run at each key.
        variables: Vec<VariableId>,
    },
}

/// 条件 `require` / `warn`
#[derive(Debug, Clone)]
pub struct Condition {
    /// Reported only.
    pub warn: bool,
    /// A truth value by key.
    pub root: NodeId,
    /// The message.
    pub message: String,
    /// Where.
    pub origin: Origin,
}

/// 证据
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Its indexes.
    pub dims: Vec<IndexId>,
    /// The item.
    pub message: String,
    /// Where.
    pub origin: Origin,
}

impl Program {
    /// The variable of that name.
    pub fn variable(&self, name: &str) -> Option<VariableId> {
        self.variables.iter().position(|variable| variable.name == name)
    }

    /// The index of that name.
    pub fn index(&self, name: &str) -> Option<IndexId> {
        self.indexes.iter().position(|index| index.name == name)
    }

    /// Where something is written.
    pub(crate) fn place(&self, origin: Origin) -> Place {
        let document = self.documents.get(origin.document);
        let source = document.map(|document| document.source.clone()).unwrap_or_default();
        Place::span(source, origin.span)
    }
}
