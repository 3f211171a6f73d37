//! The subset of the language that random programs are written in: trees, their indexes, their text.

use std::collections::BTreeMap;
use std::rc::Rc;

/// A set of indexes, one bit each, in the order of their declaration.
pub(crate) type Dims = u8;
pub(crate) const YEAR: Dims = 1;
pub(crate) const PLANT: Dims = 2;
pub(crate) const TOWN: Dims = 4;
pub(crate) const FUEL: Dims = 8;
pub(crate) const INDEXES: [Dims; 4] = [YEAR, PLANT, TOWN, FUEL];

/// A key: one code per index, [`NONE`] where it does not have the index.
pub(crate) type Key = [u8; 4];
pub(crate) const NONE: u8 = 99;
/// Year codes count from here.
pub(crate) const FIRST_YEAR: i64 = 1980;

pub(crate) struct Declared {
    pub(crate) name: &'static str,
    pub(crate) dims: Dims,
    pub(crate) default: Option<f64>,
}

const fn input(name: &'static str, dims: Dims, default: Option<f64>) -> Declared {
    Declared { name, dims, default }
}

pub(crate) const INPUTS: [Declared; 10] = [
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
];

/// `p[year]`, by code of the year.
pub(crate) const PARAM: [(u8, f64); 4] = [(42, 1.0), (43, 2.0), (44, 0.0), (45, 3.0)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reduce {
    Sum,
    Count,
    Mean,
    Max,
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
    // Of truth values:
    Compare(&'static str, Tree, Tree),
    Known(Tree),
    And(Tree, Tree),
    Or(Tree, Tree),
    Not(Tree),
    YearFrom(u8),
}

impl Expr {
    pub(crate) fn children(&self) -> Vec<&Tree> {
        match self {
            Self::Number(_) | Self::Input(_) | Self::Param | Self::YearFrom(_) => Vec::new(),
            Self::Formula(_) | Self::Before(..) => Vec::new(),
            Self::Binary(_, a, b)
            | Self::Default(a, b)
            | Self::Where(a, b)
            | Self::Compare(_, a, b)
            | Self::And(a, b)
            | Self::Or(a, b) => vec![a, b],
            Self::If(a, b, c) => vec![a, b, c],
            Self::Shift(a, _)
            | Self::Reduce(_, a, _)
            | Self::ByTown(_, a)
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
            Self::ByTown(_, value) => value.dims() & !PLANT | TOWN,
            Self::Select(value, _) => value.dims() & !PLANT,
            Self::AtTownOfPlant(value) => value.dims() & !TOWN | PLANT,
            other => other.children().iter().fold(0, |dims, child| dims | child.dims()),
        }
    }

    /// The indexes whose keys data bring.
    pub(crate) fn brought(&self) -> Dims {
        match self {
            Self::Param | Self::YearFrom(_) | Self::Before(..) => 0,
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
        }
    }
}

/// `year, plant`
pub(crate) fn list(dims: Dims) -> String {
    let names = ["year", "plant", "town", "fuel"];
    let named = names.iter().zip(INDEXES).filter(|(_, index)| dims & index != 0);
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
