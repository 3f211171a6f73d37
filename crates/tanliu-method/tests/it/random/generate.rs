//! Makes random programs and data, the same for the same seed.

use super::language::{
    Along, DATED, Declared, Dims, Expr, FIRST_YEAR, FUEL, Formula, INDEXES, INPUTS, Key, Kind,
    NOWHERE, PARAM, PLAIN_INPUTS, PLANT, Reduce, TOWN, Tree, YEAR, list,
};
use super::wider;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

/// Splitmix64; of the plain programs, of the wider ones, or of those that compute with dates too.
pub(crate) struct Dice(u64, bool, bool);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn is_dated(&self) -> bool {
        self.2
    }

    pub(crate) fn below(&mut self, number: usize) -> usize {
        usize::try_from(self.next() % number as u64).unwrap()
    }

    pub(crate) fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    pub(crate) fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

/// What each input holds, and where each plant lies.
#[derive(Debug, Default)]
pub(crate) struct Data {
    pub(crate) inputs: Vec<BTreeMap<Key, f64>>,
    pub(crate) town_of: BTreeMap<u8, u8>,
}

/// Formulas in order; the last one is the output.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) formulas: Vec<Rc<Formula>>,
    pub(crate) data: Data,
    wider: bool,
}

impl Case {
    pub(crate) fn new(seed: u64) -> Self {
        Self::made(Dice(seed, false, false))
    }

    /// With dates, texts, mappings of several indexes, and time in several grains.
    pub(crate) fn wider(seed: u64) -> Self {
        Self::made(Dice(seed, true, false))
    }

    /// Wider programs that compute with dates.
    pub(crate) fn dated(seed: u64) -> Self {
        Self::made(Dice(seed, true, true))
    }

    fn made(mut dice: Dice) -> Self {
        let wider = dice.1;
        let mut formulas: Vec<Rc<Formula>> = Vec::new();
        let count = 1 + dice.below(3);
        for number in 0..count {
            let last = number + 1 == count;
            let name = if last { "out".to_owned() } else { format!("v{number}") };
            let root = loop {
                let depth = 1 + dice.below(4);
                let tree = number_tree(&mut dice, depth, &formulas);
                if tree.is_covered() && tree.brought() == tree.dims() {
                    break tree;
                }
            };
            let root = match root.dims() & YEAR != 0 && dice.one_in(3) {
                true => recurrence(&mut dice, &name, root),
                false => root,
            };
            formulas.push(Rc::new(Formula { name, root }));
        }
        Self { formulas, data: data(&mut dice), wider }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = "---\nid: random\nversion: \"1\"\ntitle: random\nkind: account\n\
            status: illustration\n---\n```tan\nindex year : year\nindex plant : text\n\
            index town : text\nindex fuel = coal | gas\ninput town_of[plant] : town\n"
            .to_owned();
        if self.wider {
            text.push_str("index month : month\nindex day : day\n");
            text.push_str(DATED);
        }
        for Declared { name, dims, default, kind } in INPUTS.iter().take(self.data.inputs.len()) {
            let default = default.map(|value| format!(" default {value}")).unwrap_or_default();
            let ty = match kind {
                Kind::Number => "1",
                Kind::Date => "date",
                Kind::Text => "text",
                Kind::Town => "town",
            };
            writeln!(text, "input {name}{} : {ty}{default}", brackets(*dims)).unwrap();
        }
        let steps = PARAM.iter().map(|(year, value)| {
            let year = FIRST_YEAR + i64::from(*year);
            format!("{year}: {value}")
        });
        let steps = steps.collect::<Vec<_>>().join(", ");
        writeln!(text, "param p[year] : 1 = {{ {steps} }}").unwrap();
        for formula in &self.formulas {
            let output = if formula.name == "out" { "output " } else { "" };
            let dims = brackets(formula.root.dims());
            writeln!(text, "{output}{}{dims} : 1 = {}", formula.name, formula.root.text()).unwrap();
        }
        text + "```\n"
    }
}

/// A formula that leans on its own earlier values, over the keys of `drive`.
fn recurrence(dice: &mut Dice, name: &str, drive: Tree) -> Tree {
    let dims = drive.dims();
    let before = |steps| Rc::new(Expr::Before(name.to_owned(), dims, steps));
    let start = Rc::new(Expr::Number(1.0));
    let carried = Rc::new(Expr::Default(before(-1), Rc::clone(&start)));
    Rc::new(match dice.below(6) {
        0 => Expr::Binary('+', carried, drive),
        1 => {
            let sum = Rc::new(Expr::Binary('+', before(-1), Rc::clone(&drive)));
            Expr::Default(sum, drive)
        }
        2 => {
            let further = Rc::new(Expr::Default(before(-1), before(-2)));
            let further = Rc::new(Expr::Default(further, start));
            Expr::Binary('-', drive, further)
        }
        3 => {
            let late = Rc::new(Expr::YearFrom(45));
            Expr::If(late, carried, drive)
        }
        4 => {
            let small = Rc::new(Expr::Compare("<", Rc::clone(&drive), Rc::new(Expr::Number(4.0))));
            let sum = Rc::new(Expr::Binary('+', carried, drive));
            Expr::Where(sum, small)
        }
        _ if dims & PLANT != 0 => {
            let reduce = dice.of(&[Reduce::Sum, Reduce::Count, Reduce::Max]);
            let total = Rc::new(Expr::Reduce(reduce, before(-1), PLANT));
            Expr::Binary('+', Rc::new(Expr::Default(total, start)), drive)
        }
        _ => Expr::Default(before(-1), drive),
    })
}

fn brackets(dims: Dims) -> String {
    if dims == 0 { String::new() } else { format!("[{}]", list(dims)) }
}

pub(crate) fn number_tree(dice: &mut Dice, depth: usize, formulas: &[Rc<Formula>]) -> Tree {
    if depth == 0 || dice.one_in(8) {
        return leaf(dice, formulas);
    }
    let depth = depth - 1;
    if dice.1 && dice.one_in(3) {
        return wider::number(dice, depth, formulas);
    }
    let number = |dice: &mut Dice| number_tree(dice, depth, formulas);
    Rc::new(match dice.below(22) {
        0..=4 => {
            let (a, b) = (number(dice), number(dice));
            Expr::Binary(dice.of(&['+', '-', '*', '/', '+', '*']), a, b)
        }
        5..=7 => Expr::Default(number(dice), number(dice)),
        8..=9 => {
            let value = number(dice);
            Expr::Where(value, truth_tree(dice, depth, formulas))
        }
        10..=11 => {
            let condition = truth_tree(dice, depth, formulas);
            Expr::If(condition, number(dice), number(dice))
        }
        kind => {
            let value = number(dice);
            return Rc::new(over_keys(dice, kind, value));
        }
    })
}

/// Something that looks along the keys of a value, if it has the indexes.
fn over_keys(dice: &mut Dice, kind: usize, value: Tree) -> Expr {
    let dims = value.dims();
    let reduce = dice.of(&[Reduce::Sum, Reduce::Sum, Reduce::Count, Reduce::Mean, Reduce::Max]);
    let own: Vec<Dims> = INDEXES.iter().copied().filter(|index| dims & index != 0).collect();
    match kind {
        12..=14 if dims & YEAR != 0 => Expr::Shift(value, dice.of(&[-1, -1, -2, 1])),
        15 if dims & PLANT != 0 && dims & TOWN == 0 => Expr::ByTown(reduce, value),
        16 if dims & PLANT != 0 => Expr::Select(value, u8::try_from(dice.below(3)).unwrap()),
        17 if dims & TOWN != 0 && dims & PLANT == 0 => Expr::AtTownOfPlant(value),
        18 if dims & YEAR != 0 => {
            let steps = dice.of(&[2, 3]);
            Expr::Window(reduce, value, steps, dice.one_in(2))
        }
        19 if dims & YEAR != 0 => Expr::Along(dice.of(&[Along::Cumsum, Along::Last]), value, YEAR),
        20 if !own.is_empty() => {
            Expr::Along(dice.of(&[Along::Rank, Along::Share]), value, dice.of(&own))
        }
        _ if !own.is_empty() => {
            let over = if dice.one_in(4) { dims } else { dice.of(&own) };
            Expr::Reduce(reduce, value, over)
        }
        _ => Expr::Binary('+', value, Rc::new(Expr::Number(1.0))),
    }
}

fn leaf(dice: &mut Dice, formulas: &[Rc<Formula>]) -> Tree {
    if dice.1 && dice.one_in(3) {
        return wider::leaf(dice);
    }
    Rc::new(match dice.below(20) {
        0 => Expr::Number(dice.of(&[0.0, 1.0, 2.0, 5.0])),
        1..=2 => Expr::Param,
        3..=6 if !formulas.is_empty() => {
            Expr::Formula(Rc::clone(&formulas[dice.below(formulas.len())]))
        }
        _ => Expr::Input(dice.below(PLAIN_INPUTS)),
    })
}

pub(crate) fn truth_tree(dice: &mut Dice, depth: usize, formulas: &[Rc<Formula>]) -> Tree {
    if dice.1 && dice.one_in(2) {
        return wider::truth(dice, depth, formulas);
    }
    let deeper = depth.saturating_sub(1);
    Rc::new(match dice.below(10) {
        0..=3 => {
            let sign = dice.of(&["<", "<=", "=", "!=", ">", ">="]);
            let a = number_tree(dice, deeper, formulas);
            Expr::Compare(sign, a, number_tree(dice, deeper, formulas))
        }
        4..=5 => Expr::Known(number_tree(dice, deeper, formulas)),
        6 if depth > 0 => {
            let a = truth_tree(dice, deeper, formulas);
            Expr::And(a, truth_tree(dice, deeper, formulas))
        }
        7 if depth > 0 => {
            let a = truth_tree(dice, deeper, formulas);
            Expr::Or(a, truth_tree(dice, deeper, formulas))
        }
        8 if depth > 0 => Expr::Not(truth_tree(dice, deeper, formulas)),
        _ => Expr::YearFrom(u8::try_from(42 + dice.below(5)).unwrap()),
    })
}

/// Most keys are there; years stand between the first and the last code so that steps stay inside.
fn data(dice: &mut Dice) -> Data {
    let thin = dice.one_in(2);
    let mut data = Data::default();
    let count = if dice.1 { INPUTS.len() } else { PLAIN_INPUTS };
    for declared in INPUTS.iter().take(count) {
        let mut table = BTreeMap::new();
        for key in all_keys(declared.dims) {
            let scarce = if thin { 6 } else { 40 };
            let whole = declared.dims & FUEL != 0 || declared.dims == 0;
            if !whole && dice.one_in(scarce) {
                continue;
            }
            let value = match declared.kind {
                Kind::Number => dice.of(&[0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 5.0]),
                Kind::Date => dice.of(&[0.0, 1.0, 2.0, 2.0, 3.0, 4.0, 5.0]),
                Kind::Text => dice.of(&[0.0, 0.0, 1.0, 2.0, 3.0]),
                Kind::Town => dice.of(&[0.0, 1.0]),
            };
            table.insert(key, value);
        }
        data.inputs.push(table);
    }
    for plant in 0..3 {
        if !dice.one_in(if thin { 5 } else { 60 }) {
            data.town_of.insert(plant, u8::try_from(dice.below(2)).unwrap());
        }
    }
    data
}

fn all_keys(dims: Dims) -> Vec<Key> {
    let ranges: [std::ops::Range<u8>; 6] = [43..47, 0..3, 0..2, 0..2, 1..5, 0..6];
    let mut keys: Vec<Key> = vec![NOWHERE];
    for (place, (index, range)) in INDEXES.iter().zip(ranges).enumerate() {
        if dims & index == 0 {
            continue;
        }
        let longer = keys.iter().flat_map(|key| {
            range.clone().map(move |code| {
                let mut key = *key;
                key[place] = code;
                key
            })
        });
        keys = longer.collect();
    }
    keys
}
