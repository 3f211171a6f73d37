//! 程序 The typed program: the only thing evaluators see. Small, printable, conversions explicit.
//!
//! A checked document (with the documents it uses folded in) becomes a list of indexes, a list of
//! variables and an arena of typed expression nodes. Every number is held in the unit of its
//! node's type; where units differ there is an explicit [`NodeKind::Convert`].

mod print;

use crate::ast::{CompareOp, RoundingMode, Uncertainty};
use std::rc::Rc;
use tanliu_diagnostic::Span;
use tanliu_unit::time::{Grain, TimeKey};
use tanliu_unit::{Conversion, Unit};

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
    /// Cells may hold notation keys.
    pub notation: bool,
    /// Bounds in the declared unit.
    pub bounds: Vec<(CompareOp, f64)>,
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

/// 节点 One typed expression.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it does.
    pub kind: NodeKind,
    /// Its type.
    pub ty: Type,
    /// Its indexes, ascending.
    pub dims: Vec<IndexId>,
    /// Where it is written.
    pub origin: Origin,
}

/// 节点种类
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// A constant.
    Constant(Value),
    /// A variable, at the key asked for.
    Variable(VariableId),
    /// The key of an index itself.
    IndexKey(IndexId),
    /// Converts a number into the node's unit.
    Convert(NodeId, Conversion),
    /// The same number under another unit (results and inputs of empirical functions).
    Relabel(NodeId),
    /// A number that must lie in a range: function, input, lower and upper end.
    InRange(NodeId, Rc<RangeCheck>),
    /// A whole number as a key of a year or integer index.
    KeyOfNumber(NodeId, IndexId),
    /// `-x`
    Negate(NodeId),
    /// `not x`
    Not(NodeId),
    /// Arithmetic; operands of `+ -` have one unit.
    Arithmetic(Arithmetic, NodeId, NodeId),
    /// `a and b`: `b` is asked only where `a` is true.
    And(NodeId, NodeId),
    /// `a or b`: `b` is asked only where `a` is false.
    Or(NodeId, NodeId),
    /// Comparison; numbers have one unit and are seen at 14 digits.
    Compare(CompareOp, NodeId, NodeId),
    /// `a ?? b`
    Default(NodeId, NodeId),
    /// `a where c`
    Where(NodeId, NodeId),
    /// `if c then a else b`
    If(NodeId, NodeId, NodeId),
    /// The first arm that fits.
    Match(NodeId, Vec<(Test, NodeId)>),
    /// An element-wise function.
    Call(Function, Vec<NodeId>),
    /// Whether it has a value.
    Known(NodeId),
    /// `x[t-n]`: the value `steps` further (negative: before).
    Shift {
        /// The value.
        value: NodeId,
        /// The index.
        index: IndexId,
        /// How far.
        steps: i64,
    },
    /// `x[i = e, …]`
    Lookup {
        /// The value.
        value: NodeId,
        /// Which key each index takes.
        selectors: Vec<(IndexId, NodeId)>,
    },
    /// `gwp(gas)`: tCO2e/t by member.
    Gwp(NodeId, Rc<[f64]>),
    /// The part of a time key as a number.
    TimePart(TimePart, NodeId, bool),
    /// `floor ceil round (x, step)` and `rounded`; the step is a ratio in the node's unit.
    Round {
        /// The value.
        value: NodeId,
        /// The way.
        mode: Rounding,
        /// The step's numerator and denominator.
        step: (f64, f64),
    },
    /// `discount` (false) / `inflate` (true): x·(1 ∓ by), 0 ≤ by < 1.
    Adjust(bool, NodeId, NodeId),
    /// A reduction, with or without regrouping.
    Group(Rc<Group>),
    /// A trailing window.
    Window(Rc<WindowNode>),
    /// `cumsum cumprod first last rank share`: keeps dimensions.
    Running(Running, NodeId, Vec<IndexId>),
}

/// 舍入
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Half away from zero, down, up, or half to even.
    Mode(RoundingMode),
}

/// 有效范围 The valid range of an empirical function's input.
#[derive(Debug, Clone, PartialEq)]
pub struct RangeCheck {
    /// The function.
    pub function: String,
    /// The input.
    pub input: String,
    /// Lower end, in the input's unit.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The input's unit as written.
    pub unit: String,
}

/// 四则
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
}

/// 逐元函数
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// The smaller.
    Min,
    /// The larger.
    Max,
    /// |x|
    Abs,
    /// eˣ
    Exp,
    /// ln
    Ln,
    /// log₁₀
    Log10,
    /// √
    Sqrt,
    /// clamp(x, low, high)
    Clamp,
}

/// 时间部分
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimePart {
    /// 0–23
    Hour,
    /// 1 = Monday
    Weekday,
    /// 1–12
    Month,
    /// The year.
    Year,
}

/// 分支条件 A test of a `match` arm.
#[derive(Debug, Clone)]
pub enum Test {
    /// Equal to one of these constants.
    OneOf(Vec<Value>),
    /// Equal to a value.
    Equals(NodeId),
    /// Several of the above.
    Either(Vec<Test>),
    /// Both ends included, in the scrutinee's unit.
    Range(Value, Value),
    /// Compared with a constant in the scrutinee's unit.
    Compare(CompareOp, Value),
    /// Always.
    Else,
}

/// 归约函数
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// Exact sum.
    Sum,
    /// Exact mean, rounded once.
    Mean,
    /// Median.
    Median,
    /// Quantile (linear between order statistics, as Excel's PERCENTILE.INC).
    Quantile,
    /// Sample standard deviation.
    Deviation,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// How many have a value.
    Count,
    /// Whether one is true.
    Any,
    /// Whether all are true.
    All,
}

/// 归约 A reduction of `value` over indexes, regrouped into `targets`.
#[derive(Debug, Clone)]
pub struct Group {
    /// Which.
    pub reduction: Reduction,
    /// What is reduced.
    pub value: NodeId,
    /// The second argument of `quantile`.
    pub second: Option<NodeId>,
    /// Over which indexes.
    pub over: Vec<IndexId>,
    /// Into which indexes.
    pub targets: Vec<Target>,
    /// `weighted by`
    pub weight: Option<NodeId>,
    /// Asked for a key it lacks it is 0, not missing (sum and count whose key-giving inputs have defaults).
    pub zero_if_asked: bool,
}

/// 归入 Where the groups go.
#[derive(Debug, Clone)]
pub enum Target {
    /// `by town_of`: the value of a mapping.
    By {
        /// The mapping.
        mapping: NodeId,
        /// The index of its values.
        index: IndexId,
    },
    /// `to month`
    To {
        /// The finer index, one of `over`.
        from: IndexId,
        /// The coarser one.
        index: IndexId,
    },
}

/// 窗口 `mean(x over day last 7)`
#[derive(Debug, Clone)]
pub struct WindowNode {
    /// Which.
    pub reduction: Reduction,
    /// What is reduced.
    pub value: NodeId,
    /// The second argument of `quantile`.
    pub second: Option<NodeId>,
    /// Along which index.
    pub index: IndexId,
    /// How many steps, the current one included.
    pub steps: u32,
    /// Takes what is there.
    pub up_to: bool,
    /// `weighted by`
    pub weight: Option<NodeId>,
}

/// 保维函数
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// Running exact sum in the order of the index.
    CumulativeSum,
    /// Running product.
    CumulativeProduct,
    /// The first of the series.
    First,
    /// The last of the series.
    Last,
    /// 1 = smallest; ties share the smallest rank.
    Rank {
        /// 1 = largest.
        descending: bool,
    },
    /// The share of the sum.
    Share,
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
}

impl NodeKind {
    /// The nodes it is made of.
    pub fn children(&self) -> Vec<NodeId> {
        match self {
            Self::Constant(_) | Self::Variable(_) | Self::IndexKey(_) => Vec::new(),
            Self::Convert(a, _)
            | Self::Relabel(a)
            | Self::InRange(a, _)
            | Self::KeyOfNumber(a, _)
            | Self::Negate(a)
            | Self::Not(a)
            | Self::Known(a)
            | Self::Shift { value: a, .. }
            | Self::Gwp(a, _)
            | Self::TimePart(_, a, _)
            | Self::Round { value: a, .. }
            | Self::Running(_, a, _) => vec![*a],
            Self::Arithmetic(_, a, b)
            | Self::And(a, b)
            | Self::Or(a, b)
            | Self::Compare(_, a, b)
            | Self::Default(a, b)
            | Self::Where(a, b)
            | Self::Adjust(_, a, b) => vec![*a, *b],
            Self::If(a, b, c) => vec![*a, *b, *c],
            Self::Match(value, arms) => {
                let mut children = vec![*value];
                for (test, result) in arms {
                    test.nodes(&mut children);
                    children.push(*result);
                }
                children
            }
            Self::Call(_, nodes) => nodes.clone(),
            Self::Lookup { value, selectors } => {
                let mut children = vec![*value];
                children.extend(selectors.iter().map(|(_, node)| *node));
                children
            }
            Self::Group(group) => {
                let mut children = vec![group.value];
                children.extend(group.second);
                children.extend(group.weight);
                for target in &group.targets {
                    if let Target::By { mapping, .. } = target {
                        children.push(*mapping);
                    }
                }
                children
            }
            Self::Window(window) => {
                let mut children = vec![window.value];
                children.extend(window.second);
                children.extend(window.weight);
                children
            }
        }
    }

    /// The indexes of which it looks at keys other than its own, possibly later ones.
    pub fn looks_along(&self) -> Vec<IndexId> {
        match self {
            Self::Group(group) => group.over.clone(),
            Self::Running(
                Running::First | Running::Last | Running::Rank { .. } | Running::Share,
                _,
                over,
            ) => over.clone(),
            Self::Lookup { selectors, .. } => selectors.iter().map(|(index, _)| *index).collect(),
            _ => Vec::new(),
        }
    }
}

impl Test {
    fn nodes(&self, found: &mut Vec<NodeId>) {
        match self {
            Self::Equals(node) => found.push(*node),
            Self::Either(tests) => tests.iter().for_each(|test| test.nodes(found)),
            _ => {}
        }
    }
}
