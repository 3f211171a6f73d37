//! 节点 The typed expressions of a program.

use super::{DateOperation, IndexId, NodeId, Origin, Type, Value, VariableId};
use crate::ast::{CompareOp, RoundingMode};
use crate::data::Notation;
use std::rc::Rc;
use tanliu_unit::Conversion;
use tanliu_unit::time::{Grain, TimeKey};

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
    /// Whether its value bears one of these notation keys (none given: any).
    Noted(NodeId, Vec<Notation>),
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
    /// The part of a time key as a number.
    TimePart(TimePart, NodeId, bool),
    /// `number(period)`: a key of an integer index as a number.
    NumberOfKey(NodeId),
    /// The days between two dates, or a date so many days or months from another.
    DateArithmetic(DateOperation, NodeId, NodeId),
    /// `floor ceil round (x, step)` and `rounded`; the step is a ratio in the node's unit.
    Round {
        /// The value.
        value: NodeId,
        /// The way.
        mode: RoundingMode,
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
    /// 1–31
    Day,
    /// 1–12
    Month,
    /// The year.
    Year,
}

impl TimePart {
    /// The part of a key as a number; of data that stamp the end of an interval, that of the
    /// interval.
    pub fn of(self, key: TimeKey, ends: bool) -> f64 {
        let key = match (ends, key.grain) {
            (true, Grain::Instant | Grain::Hour) => key.step(-1),
            _ => key,
        };
        let (year, month, day, hour, _, _) = key.civil();
        #[expect(clippy::cast_precision_loss, reason = "years are small")]
        match self {
            Self::Hour => f64::from(hour),
            Self::Weekday => f64::from(key.weekday()),
            Self::Day => f64::from(day),
            Self::Month => f64::from(month),
            Self::Year => year as f64,
        }
    }
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
    /// 内部收益率 The internal rate of return of the series, at each of its keys: the only one, or the
    /// n-th in rising order; absent where there is none.
    InternalRate {
        /// `None`: the only one.
        nth: Option<u32>,
    },
    /// How many internal rates of return there are.
    InternalRateCount,
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
            | Self::Noted(a, _)
            | Self::Shift { value: a, .. }
            | Self::TimePart(_, a, _)
            | Self::NumberOfKey(a)
            | Self::Round { value: a, .. }
            | Self::Running(_, a, _) => vec![*a],
            Self::Arithmetic(_, a, b)
            | Self::And(a, b)
            | Self::Or(a, b)
            | Self::Compare(_, a, b)
            | Self::Default(a, b)
            | Self::Where(a, b)
            | Self::DateArithmetic(_, a, b)
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
                Running::First
                | Running::Last
                | Running::Rank { .. }
                | Running::Share
                | Running::InternalRate { .. }
                | Running::InternalRateCount,
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
