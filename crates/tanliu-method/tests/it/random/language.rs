//! The subset of the language that random programs are written in: trees, their indexes, their text.

use std::collections::BTreeMap;
use std::rc::Rc;

/// A set of indexes, one bit each, in the order of their declaration.
pub(crate) type Dims = u8;
pub(crate) const YEAR: Dims = 1;
pub(crate) const PLANT: Dims = 2;
pub(crate) const TOWN: Dims = 4;
pub(crate) const FUEL: Dims = 8;
pub(crate) const MONTH: Dims = 16;
pub(crate) const DAY: Dims = 32;
pub(crate) const INDEXES: [Dims; 6] = [YEAR, PLANT, TOWN, FUEL, MONTH, DAY];
pub(crate) const NAMES: [&str; 6] = ["year", "plant", "town", "fuel", "month", "day"];

/// A key: one code per index, [`NONE`] where it does not have the index.
pub(crate) type Key = [u8; 6];
pub(crate) const NONE: u8 = 99;
/// The key of a scalar.
pub(crate) const NOWHERE: Key = [NONE; 6];
/// Year codes count from here.
pub(crate) const FIRST_YEAR: i64 = 1980;

/// The months, by code.
pub(crate) const MONTHS: [(i64, u8); 5] = [(2023, 11), (2023, 12), (2024, 1), (2024, 2), (2025, 1)];

/// The days, by code: year, month and day, and the code of the month.
pub(crate) const DAYS: [(i64, u8, u8, u8); 6] = [
    (2023, 12, 30, 1),
    (2023, 12, 31, 1),
    (2024, 1, 1, 2),
    (2024, 1, 31, 2),
    (2024, 2, 1, 3),
    (2025, 1, 1, 4),
];

/// The texts that text inputs hold, by code.
pub(crate) const TEXTS: [&str; 4] = ["aa", "bb", "cc", "dd"];

/// What an input holds. In the data every value is a number: of a day the code, of a text too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Date,
    Text,
    Town,
}

pub(crate) struct Declared {
    pub(crate) name: &'static str,
    pub(crate) dims: Dims,
    pub(crate) default: Option<f64>,
    pub(crate) kind: Kind,
}

const fn input(name: &'static str, dims: Dims, default: Option<f64>) -> Declared {
    Declared { name, dims, default, kind: Kind::Number }
}

const fn other(name: &'static str, dims: Dims, kind: Kind) -> Declared {
    Declared { name, dims, default: None, kind }
}

/// How many inputs the plain programs have; the wider ones have all.
pub(crate) const PLAIN_INPUTS: usize = 10;

pub(crate) const INPUTS: [Declared; 24] = [
    input("a", YEAR, None),
    input("b", YEAR, None),
    input("ad", YEAR, Some(2.0)),
    input("x", YEAR | PLANT, None),
    input("xd", YEAR | PLANT, Some(3.0)),
    input("m", PLANT, None),
    input("z", YEAR | TOWN, None),
    input("t", TOWN, None),
    input("w", PLANT | FUEL, None),
    input("s", 0, None),
    input("r", PLANT | DAY, None),
    input("rd", PLANT | DAY, Some(1.0)),
    input("q", DAY, None),
    input("g", MONTH, None),
    input("gd", PLANT | MONTH, Some(2.0)),
    other("since", PLANT, Kind::Date),
    other("seen", YEAR | PLANT, Kind::Date),
    other("opened", TOWN, Kind::Date),
    other("read_on", PLANT | DAY, Kind::Date),
    other("sort", PLANT, Kind::Text),
    other("mark", YEAR | PLANT, Kind::Text),
    other("sign", PLANT | DAY, Kind::Text),
    other("region_of", YEAR | PLANT, Kind::Town),
    other("side_of", PLANT | DAY, Kind::Town),
];

/// The inputs of a kind, by number.
pub(crate) fn inputs_of(kind: Kind) -> Vec<usize> {
    (0..INPUTS.len()).filter(|number| INPUTS[*number].kind == kind).collect()
}

/// `p[year]`, by code of the year.
pub(crate) const PARAM: [(u8, f64); 4] = [(42, 1.0), (43, 2.0), (44, 0.0), (45, 3.0)];

/// `k[month]` and `h[day]`, each value from a date on, by code of the key.
pub(crate) const BY_MONTH: [Option<f64>; 5] = [None, Some(1.0), Some(1.0), Some(3.0), None];
pub(crate) const BY_DAY: [Option<f64>; 6] =
    [None, Some(2.0), Some(2.0), Some(2.0), Some(0.0), Some(0.0)];
pub(crate) const DATED: &str = "param k[month] : 1 = { from 2023-12: 1, from 2024-02: 3, \
    until 2025-01 }\nparam h[day] : 1 = { from 2023-12-31: 2, from 2024-02-01: 0 }\n";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reduce {
    Sum,
    Count,
    Mean,
    Max,
    Min,
    Median,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Along {
    Cumsum,
    Last,
    Rank,
    Share,
}

/// A formula with a name.
#[derive(Debug)]
pub(crate) struct Formula {
    pub(crate) name: String,
    pub(crate) root: Tree,
}

pub(crate) type Tree = Rc<Expr>;

#[derive(Debug)]
pub(crate) enum Expr {
    Number(f64),
    Input(usize),
    Param,
    Formula(Rc<Formula>),
    /// `name[year-1]` inside the formula of that name.
    Before(String, Dims, i64),
    Binary(char, Tree, Tree),
    Default(Tree, Tree),
    Where(Tree, Tree),
    If(Tree, Tree, Tree),
    Shift(Tree, i64),
    Reduce(Reduce, Tree, Dims),
    ByTown(Reduce, Tree),
    Select(Tree, u8),
    AtTownOfPlant(Tree),
    Window(Reduce, Tree, u8, bool),
    Along(Along, Tree, Dims),
    // Of the wider programs:
    /// `k` by month or `h` by day.
    Dated(Dims),
    /// A reduction by a mapping of several indexes.
    By(Reduce, Tree, usize),
    /// `sum(… over day to month)`
    Coarse(Reduce, Tree, Dims, Dims),
    /// A mean weighted by another value.
    Weighted(Tree, Dims, Tree),
    Match(Tree, Vec<(Arm, Tree)>, Option<Tree>),
    MonthOfDay,
    // Of the dated programs:
    DayOfDay,
    /// The days from the second to the first, as a plain number.
    DaysBetween(Tree, Tree),
    /// A date so many days on.
    DaysOn(Tree, i64),
    /// A date so many months on.
    MonthsOn(Tree, i64),
    // Of dates and texts:
    Day(u8),
    Text(u8),
    /// The key of a time index, as the day on which it begins.
    Begins(Dims),
    // Of truth values:
    Compare(&'static str, Tree, Tree),
    Known(Tree),
    And(Tree, Tree),
    Or(Tree, Tree),
    Not(Tree),
    YearFrom(u8),
}

/// An arm of a `match`.
#[derive(Debug, Clone)]
pub(crate) enum Arm {
    Texts(Vec<u8>),
    Below(f64),
    Band(f64, f64),
}

impl Expr {
    pub(crate) fn children(&self) -> Vec<&Tree> {
        match self {
            Self::Number(_) | Self::Input(_) | Self::Param | Self::YearFrom(_) => Vec::new(),
            Self::Formula(_) | Self::Before(..) => Vec::new(),
            Self::Dated(_) | Self::MonthOfDay | Self::DayOfDay => Vec::new(),
            Self::Day(_) | Self::Text(_) | Self::Begins(_) => Vec::new(),
            Self::Weighted(a, _, b) => vec![a, b],
            Self::Match(value, arms, rest) => {
                let branches = arms.iter().map(|(_, branch)| branch);
                std::iter::once(value).chain(branches).chain(rest).collect()
            }
            Self::Binary(_, a, b)
            | Self::DaysBetween(a, b)
            | Self::Default(a, b)
            | Self::Where(a, b)
            | Self::Compare(_, a, b)
            | Self::And(a, b)
            | Self::Or(a, b) => vec![a, b],
            Self::If(a, b, c) => vec![a, b, c],
            Self::Shift(a, _)
            | Self::DaysOn(a, _)
            | Self::MonthsOn(a, _)
            | Self::Reduce(_, a, _)
            | Self::ByTown(_, a)
            | Self::By(_, a, _)
            | Self::Coarse(_, a, ..)
            | Self::Select(a, _)
            | Self::AtTownOfPlant(a)
            | Self::Window(_, a, _, _)
            | Self::Along(_, a, _)
            | Self::Known(a)
            | Self::Not(a) => vec![a],
        }
    }

    /// The indexes of the value.
    pub(crate) fn dims(&self) -> Dims {
        match self {
            Self::Number(_) => 0,
            Self::Input(number) => INPUTS[*number].dims,
            Self::Param | Self::YearFrom(_) => YEAR,
            Self::Formula(formula) => formula.root.dims(),
            Self::Before(_, dims, _) => *dims,
            Self::Reduce(_, value, over) => value.dims() & !over,
            Self::ByTown(_, value) | Self::By(_, value, _) => value.dims() & !PLANT | TOWN,
            Self::Coarse(_, value, from, to) => value.dims() & !from | to,
            Self::Weighted(value, over, _) => value.dims() & !over,
            Self::Dated(dims) | Self::Begins(dims) => *dims,
            Self::MonthOfDay | Self::DayOfDay => DAY,
            Self::Select(value, _) => value.dims() & !PLANT,
            Self::AtTownOfPlant(value) => value.dims() & !TOWN | PLANT,
            other => other.children().iter().fold(0, |dims, child| dims | child.dims()),
        }
    }

    /// The indexes whose keys data bring.
    pub(crate) fn brought(&self) -> Dims {
        match self {
            Self::Param | Self::YearFrom(_) | Self::Before(..) => 0,
            Self::Dated(_) | Self::Begins(_) => 0,
            Self::MonthOfDay | Self::DayOfDay => 0,
            Self::Weighted(value, over, _) => value.brought() & !over,
            Self::By(..) | Self::Coarse(..) => self.dims(),
            Self::Formula(formula) => formula.root.brought(),
            Self::Reduce(_, value, over) => value.brought() & !over,
            Self::ByTown(..) | Self::Select(..) | Self::AtTownOfPlant(_) | Self::Input(_) => {
                self.dims()
            }
            Self::Where(value, _) if value.brought() == self.dims() => self.dims(),
            other => other.children().iter().fold(0, |dims, child| dims | child.brought()),
        }
    }

    /// Whether every value whose keys are listed gets them from data.
    pub(crate) fn is_covered(&self) -> bool {
        let lists = matches!(
            self,
            Self::Reduce(..)
                | Self::ByTown(..)
                | Self::By(..)
                | Self::Coarse(..)
                | Self::Weighted(..)
                | Self::Select(..)
                | Self::AtTownOfPlant(_)
                | Self::Shift(..)
                | Self::Window(..)
                | Self::Along(..)
        );
        self.children()
            .iter()
            .all(|child| child.is_covered() && (!lists || child.brought() == child.dims()))
    }

    pub(crate) fn any(&self, test: &dyn Fn(&Self) -> bool) -> bool {
        let inside = match self {
            Self::Formula(formula) => formula.root.any(test),
            other => other.children().iter().any(|child| child.any(test)),
        };
        inside || test(self)
    }

    /// The formulas that are named in it.
    pub(crate) fn names(&self, found: &mut BTreeMap<String, ()>) {
        if let Self::Formula(formula) = self {
            found.insert(formula.name.clone(), ());
        }
        self.children().iter().for_each(|child| child.names(found));
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Input(number) => INPUTS[*number].name.to_owned(),
            Self::Param => "p".to_owned(),
            Self::Formula(formula) => formula.name.clone(),
            Self::Before(name, _, steps) => format!("{name}[year{steps:+}]"),
            Self::Binary(sign, a, b) => format!("({} {sign} {})", a.text(), b.text()),
            Self::Default(a, b) => format!("(({}) ?? ({}))", a.text(), b.text()),
            Self::Where(a, b) => format!("({} where ({}))", a.text(), b.text()),
            Self::If(a, b, c) => {
                format!("(if {} then {} else {})", a.text(), b.text(), c.text())
            }
            Self::Shift(a, steps) => format!("({})[year{steps:+}]", a.text()),
            Self::Reduce(reduce, a, over) => {
                format!("{}({} over {})", reduce.word(), a.text(), list(*over))
            }
            Self::ByTown(reduce, a) => {
                format!("{}({} over plant by town_of)", reduce.word(), a.text())
            }
            Self::By(reduce, a, mapping) => {
                format!("{}({} over plant by {})", reduce.word(), a.text(), INPUTS[*mapping].name)
            }
            Self::Coarse(reduce, a, from, to) => {
                format!("{}({} over {} to {})", reduce.word(), a.text(), list(*from), list(*to))
            }
            Self::Weighted(a, over, weight) => {
                format!("mean({} over {} weighted by {})", a.text(), list(*over), weight.text())
            }
            Self::Match(value, arms, rest) => match_text(value, arms, rest.as_ref()),
            Self::Dated(dims) => if *dims == MONTH { "k" } else { "h" }.to_owned(),
            Self::MonthOfDay => "month(day)".to_owned(),
            Self::DayOfDay => "day(day)".to_owned(),
            Self::DaysBetween(a, b) => format!("(({} - {}) / (1 d))", a.text(), b.text()),
            Self::DaysOn(a, days) if *days < 0 => format!("({} - {} d)", a.text(), -days),
            Self::DaysOn(a, days) => format!("({days} d + {})", a.text()),
            Self::MonthsOn(a, months) => format!("add_months({}, {months})", a.text()),
            Self::Begins(dims) => list(*dims),
            Self::Day(code) => key_text(5, *code),
            Self::Text(code) => format!("\"{}\"", TEXTS[usize::from(*code)]),
            Self::Select(a, plant) => format!("({})[plant = \"p{plant}\"]", a.text()),
            Self::AtTownOfPlant(a) => format!("({})[town = town_of]", a.text()),
            Self::Window(reduce, a, steps, up_to) => {
                let up_to = if *up_to { "up to " } else { "" };
                format!("{}({} over year last {up_to}{steps})", reduce.word(), a.text())
            }
            Self::Along(along, a, over) => {
                let word = match along {
                    Along::Cumsum => "cumsum",
                    Along::Last => "last",
                    Along::Rank => "rank",
                    Along::Share => "share",
                };
                format!("{word}({} over {})", a.text(), list(*over))
            }
            Self::Compare(sign, a, b) => format!("({} {sign} {})", a.text(), b.text()),
            Self::Known(a) => format!("known({})", a.text()),
            Self::And(a, b) => format!("({} and {})", a.text(), b.text()),
            Self::Or(a, b) => format!("({} or {})", a.text(), b.text()),
            Self::Not(a) => format!("(not {})", a.text()),
            Self::YearFrom(year) => format!("(year >= {})", FIRST_YEAR + i64::from(*year)),
        }
    }
}

impl Reduce {
    fn word(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Count => "count",
            Self::Mean => "mean",
            Self::Max => "max",
            Self::Min => "min",
            Self::Median => "median",
        }
    }
}

fn match_text(value: &Tree, arms: &[(Arm, Tree)], rest: Option<&Tree>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (arm, branch) in arms {
        let arm = match arm {
            Arm::Below(bound) => format!("< {bound}"),
            Arm::Band(low, high) => format!("{low} .. {high}"),
            Arm::Texts(codes) => {
                let texts = codes.iter().map(|code| format!("\"{}\"", TEXTS[usize::from(*code)]));
                texts.collect::<Vec<_>>().join(" | ")
            }
        };
        parts.push(format!("{arm}: {}", branch.text()));
    }
    parts.extend(rest.map(|rest| format!("else: {}", rest.text())));
    format!("(match {} {{ {} }})", value.text(), parts.join(", "))
}

/// A key as data and results write it.
pub(crate) fn key_text(place: usize, code: u8) -> String {
    match place {
        0 => (FIRST_YEAR + i64::from(code)).to_string(),
        1 => format!("p{code}"),
        2 => format!("t{code}"),
        3 => ["coal", "gas"][usize::from(code)].to_owned(),
        4 => {
            let (year, month) = MONTHS[usize::from(code)];
            format!("{year}-{month:02}")
        }
        _ => {
            let (year, month, day, _) = DAYS[usize::from(code)];
            format!("{year}-{month:02}-{day:02}")
        }
    }
}

/// `year, plant`
pub(crate) fn list(dims: Dims) -> String {
    let named = NAMES.iter().zip(INDEXES).filter(|(_, index)| dims & index != 0);
    named.map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// A key with only some of its indexes.
pub(crate) fn project(key: &Key, dims: Dims) -> Key {
    let mut kept = *key;
    for (place, index) in kept.iter_mut().zip(INDEXES) {
        if dims & index == 0 {
            *place = NONE;
        }
    }
    kept
}
