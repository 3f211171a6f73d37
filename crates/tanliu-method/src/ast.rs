//! 语法树 The declarations of a document as written, with positions; nothing is resolved yet.
//!
//! Spans are bytes of the whole document file (not of a block).
#![allow(
    clippy::large_enum_variant,
    reason = "a document has hundreds of nodes, not millions: plain patterns matter more"
)]

mod walk;

use tanliu_diagnostic::Span;
use tanliu_unit::Unit;
use tanliu_unit::time::{Grain, TimeKey};

/// 名称 A name as written, NFC.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// 声明 One declaration with what follows it.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// What it declares.
    pub item: Item,
    /// From its first word to the end of its last line.
    pub span: Span,
    /// `source "…"`, `frequency "…"`, … under it, in order.
    pub attributes: Vec<Attribute>,
    /// `± 5%`, `~ triangular(…)` under it.
    pub uncertainty: Option<Uncertainty>,
}

/// 属性 An attribute line: the monitoring plan, the source.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// `source frequency method accuracy qa note standing allow`
    pub kind: String,
    /// The string behind it.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// 不确定度 The uncertainty of an input, parameter or factor.
#[derive(Debug, Clone)]
pub struct Uncertainty {
    /// The distribution.
    pub shape: UncertaintyShape,
    /// `shared`: one variable for all rows, not one per row.
    pub shared: bool,
    /// Where.
    pub span: Span,
}

/// 分布 A distribution as declared.
#[derive(Debug, Clone)]
pub enum UncertaintyShape {
    /// `± 5%`: relative half-width of the 95 % interval, normal.
    Relative(Literal),
    /// `± 3 t`: absolute half-width of the 95 % interval, normal.
    Absolute(Literal),
    /// `~ uniform(low, high)`
    Uniform(Literal, Literal),
    /// `~ triangular(low, mode, high)`
    Triangular(Literal, Literal, Literal),
    /// `~ lognormal(low, high)`: its 95 % interval.
    Lognormal(Literal, Literal),
}

/// 声明内容 What a declaration declares.
#[derive(Debug, Clone)]
pub enum Item {
    /// `index`
    Index(IndexDecl),
    /// `input`
    Input(InputDecl),
    /// `param`
    Param(ParamDecl),
    /// `factor`
    Factor(FactorDecl),
    /// `function`
    Function(FunctionDecl),
    /// `[output] NAME … = …`
    Formula(FormulaDecl),
    /// `require` / `warn` with a condition
    Require(RequireDecl),
    /// `require evidence`
    Evidence(EvidenceDecl),
    /// `use`
    Use(UseDecl),
}

/// 索引声明
#[derive(Debug, Clone)]
pub struct IndexDecl {
    /// Its name.
    pub name: Name,
    /// Its keys.
    pub kind: IndexKind,
}

/// 索引种类 Which keys an index has.
#[derive(Debug, Clone)]
pub enum IndexKind {
    /// `: year` … `: instant [ends]`
    Time {
        /// The grain.
        grain: Grain,
        /// Data stamp the end of the interval.
        ends: bool,
    },
    /// `: integer`
    Integer,
    /// `: text`
    Text,
    /// `= coal "煤炭" | oil "石油"`
    Closed(Vec<Member>),
}

/// 成员 A member of a closed set.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name (a NAME or a string).
    pub name: Name,
    /// Its label.
    pub label: Option<String>,
}

/// 类型 What stands after `:`. A bare word may be an index or a unit; the checker decides.
#[derive(Debug, Clone)]
pub struct TypeExpr {
    /// The text as written (without surrounding blanks).
    pub text: String,
    /// Where.
    pub span: Span,
    /// The single bare word, if it is one: may name an index, `bool`, `text`, `date`.
    pub word: Option<String>,
    /// The unit it parses to, or the diagnostic that parsing it as one gives.
    pub unit: Result<Unit, Box<tanliu_diagnostic::Diagnostic>>,
}

/// 输入声明
#[derive(Debug, Clone)]
pub struct InputDecl {
    /// Its name.
    pub name: Name,
    /// Its indexes.
    pub dims: Vec<Name>,
    /// Its unit or type.
    pub ty: TypeExpr,
    /// Its label.
    pub label: Option<String>,
    /// `default v`
    pub default: Option<DefaultValue>,
    /// `notation`: cells may hold NO, NA, IE, NE, C.
    pub notation: bool,
    /// `optional`: the table may lack, and so may keys; where one is asked, it is missing.
    pub optional: bool,
    /// `>= 0`, `< 100 %` …
    pub bounds: Vec<(CompareOp, Literal)>,
}

/// 缺省值 A literal, a member or a string after `default`.
#[derive(Debug, Clone)]
pub enum DefaultValue {
    /// A number, key or truth value.
    Literal(Literal),
    /// A bare word: a member.
    Name(Name),
    /// A string: a text or a member of an open set.
    Text(String, Span),
}

/// 参数声明
#[derive(Debug, Clone)]
pub struct ParamDecl {
    /// Its name.
    pub name: Name,
    /// Its indexes.
    pub dims: Vec<Name>,
    /// Its unit or type; may be left out.
    pub ty: Option<TypeExpr>,
    /// Its value.
    pub value: ParamValue,
    /// Its label.
    pub label: Option<String>,
}

/// 参数值
#[derive(Debug, Clone)]
pub enum ParamValue {
    /// `?`: a named hole.
    Hole(Span),
    /// `{ … }`
    Map(MapExpr),
    /// An expression.
    Expr(Expr),
}

/// 映射 `{ coal: 2.66, oil: 1.73 }`, nested in the order of the indexes.
#[derive(Debug, Clone)]
pub struct MapExpr {
    /// Its entries, in order.
    pub entries: Vec<MapEntry>,
    /// Where.
    pub span: Span,
}

/// 映射项 One entry of a map. An `until` entry has no value.
#[derive(Debug, Clone)]
pub struct MapEntry {
    /// The key.
    pub key: MapKey,
    /// The value.
    pub value: Option<MapValue>,
    /// Where.
    pub span: Span,
}

/// 映射键
#[derive(Debug, Clone)]
pub enum MapKey {
    /// A member's name or a string.
    Name(Name),
    /// `2019:` an exact key.
    Key(KeyLit),
    /// `from 2019:` a step.
    From(KeyLit),
    /// `until 2025`: the end of the last step (the step holds before this key).
    Until(KeyLit),
}

/// 映射值
#[derive(Debug, Clone)]
pub enum MapValue {
    /// A literal.
    Literal(Literal),
    /// A member's name or a string.
    Name(Name),
    /// A nested map.
    Map(MapExpr),
}

/// 因子声明
#[derive(Debug, Clone)]
pub struct FactorDecl {
    /// Its name.
    pub name: Name,
    /// Its indexes.
    pub dims: Vec<Name>,
    /// Its unit.
    pub unit: TypeExpr,
    /// The set's id.
    pub set: Name,
    /// `where fuel = feedstock`: key columns of the set and the indexes that stand for them.
    pub columns: Vec<(Name, Name)>,
    /// Which row holds.
    pub as_of: AsOf,
    /// Its label.
    pub label: Option<String>,
}

/// 取值规则 Which dated row of a factor set holds.
#[derive(Debug, Clone)]
pub enum AsOf {
    /// `same year`
    SameYear,
    /// `latest [published] before DATE`
    Latest {
        /// By publication date, not by vintage.
        published: bool,
        /// The date.
        before: Box<Expr>,
    },
    /// `fixed at KEY`
    Fixed(KeyLit),
    /// `mean of last 3 [before DATE]`
    MeanOfLast {
        /// How many.
        count: u32,
        /// The date.
        before: Option<Box<Expr>>,
    },
}

/// 经验函数声明
#[derive(Debug, Clone)]
pub struct FunctionDecl {
    /// Its name.
    pub name: Name,
    /// Its inputs with their units.
    pub inputs: Vec<(Name, TypeExpr)>,
    /// The unit of its result.
    pub unit: TypeExpr,
    /// Its body over plain numbers.
    pub body: Expr,
    /// `for D in 5 .. 60`: the valid ranges, ends included.
    pub ranges: Vec<(Name, Literal, Literal)>,
    /// Its label.
    pub label: Option<String>,
}

/// 公式声明
#[derive(Debug, Clone)]
pub struct FormulaDecl {
    /// `output`
    pub output: bool,
    /// Its name.
    pub name: Name,
    /// Its indexes.
    pub dims: Vec<Name>,
    /// Its unit or type; may be left out.
    pub ty: Option<TypeExpr>,
    /// Its right side.
    pub expr: Expr,
    /// `rounded …`
    pub rounding: Option<Rounding>,
    /// Its label.
    pub label: Option<String>,
}

/// 舍入 `rounded [up|down|even] [to 0.1]`
#[derive(Debug, Clone)]
pub struct Rounding {
    /// Which way.
    pub mode: RoundingMode,
    /// The step; without one, 1 of the declared unit.
    pub step: Option<Literal>,
    /// Where.
    pub span: Span,
}

/// 舍入方式
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundingMode {
    /// Half away from zero.
    Half,
    /// Toward −∞.
    Down,
    /// Toward +∞.
    Up,
    /// GB/T 8170: half to even.
    Even,
}

/// 适用条件 `require` or `warn`
#[derive(Debug, Clone)]
pub struct RequireDecl {
    /// `warn`: reported, not refused.
    pub warn: bool,
    /// The condition.
    pub condition: Expr,
    /// The message.
    pub message: String,
    /// Where the message stands.
    pub message_span: Span,
}

/// 证据要求 `require evidence [dims] "…"`
#[derive(Debug, Clone)]
pub struct EvidenceDecl {
    /// Its indexes.
    pub dims: Vec<Name>,
    /// The item.
    pub message: String,
    /// Where the item stands.
    pub message_span: Span,
}

/// 引用 `use cm = "…" { om = …, bm = … }`
#[derive(Debug, Clone)]
pub struct UseDecl {
    /// The name its outputs go by.
    pub name: Name,
    /// The document's id.
    pub id: Name,
    /// Its inputs and their values.
    pub arguments: Vec<(Name, Expr)>,
}

/// 字面量 A number with its unit, a key, a truth value.
#[derive(Debug, Clone)]
pub struct Literal {
    /// The value.
    pub value: LiteralValue,
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// 字面值
#[derive(Debug, Clone)]
pub enum LiteralValue {
    /// A number; without a unit it is bare.
    Number {
        /// The number as a double, one rounding (`44/12` is one division).
        number: f64,
        /// Its unit.
        unit: Option<Unit>,
        /// A plain integer as written (`2019`), which may serve as a key.
        integer: Option<i64>,
    },
    /// `2021-07`, `2021-Q3`, `2021-07-31`, `2024-01-31T13`
    Key(TimeKey),
    /// `true`, `false`
    Bool(bool),
}

/// 键字面量 An integer or a date of any grain.
#[derive(Debug, Clone)]
pub struct KeyLit {
    /// The key.
    pub value: KeyValue,
    /// Where.
    pub span: Span,
}

/// 键值
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyValue {
    /// `2019`: a year, or a key of an integer index.
    Integer(i64),
    /// `2021-07-31`
    Time(TimeKey),
}

/// 表达式
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// 表达式种类
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A number, key or truth value.
    Literal(Literal),
    /// `"…"`
    Text(String),
    /// A name.
    Name(String),
    /// `cm.NAME`
    Field(Name, Name),
    /// `x[…, …]`
    Select(Box<Expr>, Vec<Selector>),
    /// `exp(…)`, a function of the document, `known(…)`, `co2e(…)`, `gwp(…)`, `hour(…)` …
    Call(Name, Vec<Expr>),
    /// `sum(… over …)` and its kin.
    Reduce(Box<Reduce>),
    /// `discount(x by y)`, `inflate(x by y)`
    Adjust {
        /// `inflate`
        inflate: bool,
        /// The value.
        value: Box<Expr>,
        /// By how much.
        by: Box<Expr>,
    },
    /// `-x`
    Negate(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// `a + b` … with the operator's place.
    Binary(BinaryOp, Span, Box<Expr>, Box<Expr>),
    /// `a = b` … with the operator's place.
    Compare(CompareOp, Span, Box<Expr>, Box<Expr>),
    /// `x in UNIT`
    In(Box<Expr>, TypeExpr),
    /// `x where c`
    Where(Box<Expr>, Box<Expr>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `match x { … }`
    Match(Box<Expr>, Vec<Arm>),
}

/// 算子
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
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
    /// `??`
    Default,
    /// `and`
    And,
    /// `or`
    Or,
}

/// 比较
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl CompareOp {
    /// Whether two values in this order pass the comparison.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterEqual => order.is_ge(),
        }
    }
}

/// 选择 One item of `x[…]`
#[derive(Debug, Clone)]
pub enum Selector {
    /// `year-1`, `year+1`
    Shift(Name, i64),
    /// `fuel = coal`, `grid = grid_of`
    Equals(Name, Expr),
    /// `year`: says nothing.
    Bare(Name),
}

/// 归约 `FN(e over d1, d2 [to m | by a, b] [weighted by w] [last [up to] n] [descending])`
#[derive(Debug, Clone)]
pub struct Reduce {
    /// The function's name.
    pub function: Name,
    /// The first argument, and a second one (`quantile(e, 0.9 over plant)`).
    pub arguments: Vec<Expr>,
    /// The indexes it runs over.
    pub over: Vec<Name>,
    /// `to month`
    pub to: Option<Name>,
    /// `by town_of, sector_of`
    pub by: Vec<Name>,
    /// `weighted by w`
    pub weight: Option<Expr>,
    /// `last 7` / `last up to 7`
    pub last: Option<Window>,
    /// `descending`
    pub descending: bool,
}

/// 窗口 A trailing window of calendar steps with the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many steps.
    pub steps: u32,
    /// `up to`: takes what is there.
    pub up_to: bool,
}

/// 分支 One arm of a `match`.
#[derive(Debug, Clone)]
pub struct Arm {
    /// What it fits.
    pub pattern: Pattern,
    /// Its value.
    pub value: Expr,
    /// Where.
    pub span: Span,
}

/// 模式
#[derive(Debug, Clone)]
pub enum Pattern {
    /// `b | c`: names, strings or literals (each an [`Expr`] of such a kind).
    Values(Vec<Expr>),
    /// `90% .. 94%`, both ends included.
    Range(Literal, Literal),
    /// `>= 95%`
    Compare(CompareOp, Literal),
    /// `else`
    Else,
}
