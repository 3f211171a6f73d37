//! The contract's table of missing data, written down once more as plainly as can be.

use super::generate::Data;
use super::language::{
    Along, Arm, BY_DAY, BY_MONTH, DAY, DAYS, Dims, Expr, FIRST_YEAR, Formula, INPUTS, Key, Kind,
    MONTH, MONTHS, NONE, NOWHERE, PARAM, PLANT, Reduce, TOWN, YEAR, project,
};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Outcome {
    Number(f64),
    Truth(bool),
    Absent,
    Missing,
    Wrong,
}
use Outcome::{Absent, Missing, Number, Truth, Wrong};

type Keys = Rc<BTreeSet<Key>>;

pub(crate) struct Naive<'d> {
    data: &'d Data,
    formulas: &'d [Rc<Formula>],
    keys: RefCell<BTreeMap<*const Expr, Keys>>,
    /// Keys that do not meet, mappings that lack a key: errors of no one row.
    pub(crate) loose: Cell<bool>,
}

impl<'d> Naive<'d> {
    pub(crate) fn new(data: &'d Data, formulas: &'d [Rc<Formula>]) -> Self {
        Self { data, formulas, keys: RefCell::default(), loose: Cell::new(false) }
    }

    /// The keys that data bring to a value.
    pub(crate) fn keys(&self, expr: &Expr) -> Keys {
        if let Some(keys) = self.keys.borrow().get(&std::ptr::from_ref(expr)) {
            return Rc::clone(keys);
        }
        let keys = Rc::new(self.make_keys(expr));
        self.keys.borrow_mut().insert(std::ptr::from_ref(expr), Rc::clone(&keys));
        keys
    }

    fn make_keys(&self, expr: &Expr) -> BTreeSet<Key> {
        match expr {
            Expr::Number(_) | Expr::Param | Expr::YearFrom(_) => [NOWHERE].into(),
            Expr::Dated(_) | Expr::Begins(_) => [NOWHERE].into(),
            Expr::MonthOfDay | Expr::DayOfDay => [NOWHERE].into(),
            Expr::Day(_) | Expr::Text(_) => [NOWHERE].into(),
            Expr::Input(number) => self.data.inputs[*number].keys().copied().collect(),
            Expr::Formula(formula) => (*self.keys(&formula.root)).clone(),
            Expr::Before(name, ..) => (*self.keys(&self.formula(name).root)).clone(),
            Expr::Where(value, condition) => {
                let keys = (*self.keys(value)).clone();
                match value.brought() == expr.dims() {
                    true => keys,
                    false => self.combine(
                        (&keys, value.brought()),
                        (&self.keys(condition), condition.brought()),
                    ),
                }
            }
            Expr::Shift(value, _) | Expr::Window(_, value, ..) | Expr::Along(_, value, _) => {
                (*self.keys(value)).clone()
            }
            Expr::Reduce(_, value, _) | Expr::Weighted(value, ..) => {
                let keys = self.keys(value);
                keys.iter().map(|key| project(key, expr.dims())).collect()
            }
            Expr::ByTown(_, value) => {
                let keys = self.keys(value);
                keys.iter().filter_map(|key| self.to_town(value, key, None)).collect()
            }
            Expr::By(_, value, mapping) => {
                let keys = self.keys(value);
                keys.iter().filter_map(|key| self.to_town(value, key, Some(*mapping))).collect()
            }
            Expr::Coarse(_, value, from, to) => {
                self.keys(value).iter().map(|key| coarser(key, *from, *to)).collect()
            }
            Expr::Select(value, plant) => {
                let keys = self.keys(value);
                let chosen = keys.iter().filter(|key| key[1] == *plant);
                chosen.map(|key| project(key, !PLANT)).collect()
            }
            Expr::AtTownOfPlant(value) => {
                let keys = self.keys(value);
                let plants = self.data.town_of.iter();
                if value.dims() == TOWN {
                    return plants.map(|(plant, _)| super::bound::at_plant(*plant)).collect();
                }
                plants
                    .flat_map(|(plant, town)| {
                        let there = keys.iter().filter(|key| key[2] == *town);
                        there.map(|key| moved(key, 2, (1, *plant)))
                    })
                    .collect()
            }
            _ => {
                let mut all: (BTreeSet<Key>, Dims) = ([NOWHERE].into(), 0);
                // A formula's own earlier values bring no keys to it.
                for child in expr.children().into_iter().filter(|child| child.brought() != 0) {
                    let own = self.keys(child);
                    all = (
                        self.combine((&all.0, all.1), (&own, child.brought())),
                        all.1 | child.brought(),
                    );
                }
                all.0
            }
        }
    }

    fn combine(
        &self,
        (left, left_dims): (&BTreeSet<Key>, Dims),
        (right, right_dims): (&BTreeSet<Key>, Dims),
    ) -> BTreeSet<Key> {
        if left_dims == right_dims {
            return left.union(right).copied().collect();
        }
        let shared = left_dims & right_dims;
        if shared == left_dims {
            return right.clone();
        }
        if shared == right_dims {
            return left.clone();
        }
        let of = |keys: &BTreeSet<Key>| -> BTreeSet<Key> {
            keys.iter().map(|key| project(key, shared)).collect()
        };
        if of(left) != of(right) {
            self.loose.set(true);
        }
        let mut pairs = BTreeSet::new();
        for a in left {
            for b in right.iter().filter(|b| project(a, shared) == project(b, shared)) {
                let mut pair = *a;
                for (place, code) in pair.iter_mut().zip(b) {
                    *place = (*place).min(*code);
                }
                pairs.insert(pair);
            }
        }
        pairs
    }

    /// Where `town_of` or a mapping of several indexes sends a key.
    fn to_town(&self, value: &Expr, key: &Key, mapping: Option<usize>) -> Option<Key> {
        let town = match mapping {
            None => self.data.town_of.get(&key[1]).copied(),
            Some(number) => {
                let found = self.data.inputs[number].get(&project(key, INPUTS[number].dims));
                found.map(|town| *town as u8)
            }
        };
        let Some(town) = town else {
            if self.ask(value, key) != Absent {
                self.loose.set(true);
            }
            return None;
        };
        Some(moved(key, 1, (2, town)))
    }

    pub(crate) fn ask(&self, expr: &Expr, key: &Key) -> Outcome {
        match expr {
            Expr::Number(number) => Number(*number),
            Expr::Input(number) => {
                let declared = &INPUTS[*number];
                let found = self.data.inputs[*number].get(&project(key, declared.dims));
                let found = found.copied().or(declared.default);
                let found = found.map(|value| match declared.kind {
                    Kind::Date => day_number(value as u8),
                    Kind::Number | Kind::Text | Kind::Town => value,
                });
                found.map_or(Missing, Number)
            }
            Expr::Param => {
                let found = PARAM.iter().find(|(year, _)| *year == key[0]);
                found.map_or(Missing, |(_, value)| Number(*value))
            }
            Expr::Formula(formula) => {
                let own = project(key, formula.root.dims());
                let own_name =
                    |expr: &Expr| matches!(expr, Expr::Before(name, ..) if *name == formula.name);
                let leans = formula.root.any(&own_name);
                match leans && !self.keys(&formula.root).contains(&own) {
                    true => Missing,
                    false => self.ask(&formula.root, &own),
                }
            }
            Expr::Before(name, dims, steps) => {
                let here = project(key, *dims);
                self.step(&self.formula(name).root, *steps, &here, &|there| {
                    let root = &self.formula(name).root;
                    if self.keys(root).contains(there) { self.ask(root, there) } else { Missing }
                })
            }
            Expr::Binary(sign, a, b) => {
                both(self.ask(a, key), self.ask(b, key), |x, y| match sign {
                    '+' => Number(x + y),
                    '-' => Number(x - y),
                    '*' => Number(x * y),
                    _ if y == 0.0 => Wrong,
                    _ => Number(x / y),
                })
            }
            Expr::Default(a, b) => match self.ask(a, key) {
                Absent | Missing => self.ask(b, key),
                own => own,
            },
            Expr::Where(value, condition) => match self.ask(condition, key) {
                Truth(true) => self.ask(value, key),
                Truth(false) => Absent,
                other => other,
            },
            Expr::If(condition, a, b) => match self.ask(condition, key) {
                Truth(true) => self.ask(a, key),
                Truth(false) => self.ask(b, key),
                other => other,
            },
            Expr::Compare(sign, a, b) => {
                both(self.ask(a, key), self.ask(b, key), |x, y| Truth(compare(sign, x, y)))
            }
            Expr::Known(value) => match self.ask(value, key) {
                Wrong => Wrong,
                Absent | Missing => Truth(false),
                Number(_) | Truth(_) => Truth(true),
            },
            Expr::And(a, b) => match self.ask(a, key) {
                Truth(true) => self.ask(b, key),
                other => other,
            },
            Expr::Or(a, b) => match self.ask(a, key) {
                Truth(false) => self.ask(b, key),
                other => other,
            },
            Expr::Not(a) => match self.ask(a, key) {
                Truth(value) => Truth(!value),
                other => other,
            },
            Expr::YearFrom(year) => Truth(key[0] >= *year),
            Expr::Dated(dims) => match *dims == MONTH {
                true => BY_MONTH[usize::from(key[4])].map_or(Missing, Number),
                false => BY_DAY[usize::from(key[5])].map_or(Missing, Number),
            },
            Expr::MonthOfDay => Number(f64::from(DAYS[usize::from(key[5])].1)),
            Expr::DayOfDay => Number(f64::from(DAYS[usize::from(key[5])].2)),
            Expr::DaysBetween(a, b) => both(self.ask(a, key), self.ask(b, key), |x, y| {
                Number((days_since_zero(x) - days_since_zero(y)) as f64)
            }),
            Expr::DaysOn(a, days) => match self.ask(a, key) {
                Number(date) => Number(days_on(date, *days)),
                other => other,
            },
            Expr::MonthsOn(a, months) => match self.ask(a, key) {
                Number(date) => Number(months_on(date, *months)),
                other => other,
            },
            Expr::Day(code) => Number(day_number(*code)),
            Expr::Text(code) => Number(f64::from(*code)),
            Expr::Begins(dims) => Number(begin_number(key, *dims)),
            Expr::Match(value, arms, rest) => {
                let Number(seen) = self.ask(value, key) else { return self.ask(value, key) };
                match arms.iter().find(|(arm, _)| fits(arm, seen)) {
                    Some((_, branch)) => self.ask(branch, key),
                    None => rest.as_ref().map_or(Wrong, |rest| self.ask(rest, key)),
                }
            }
            Expr::Select(value, plant) => {
                let mut asked = *key;
                asked[1] = *plant;
                self.ask(value, &asked)
            }
            Expr::AtTownOfPlant(value) => match self.data.town_of.get(&key[1]) {
                None => Missing,
                Some(town) => {
                    let mut asked = project(key, !PLANT);
                    asked[2] = *town;
                    self.ask(value, &asked)
                }
            },
            Expr::Shift(value, steps) => {
                let here = project(key, value.dims());
                self.step(value, *steps, &here, &|there| self.ask(value, there))
            }
            Expr::Reduce(reduce, value, _) => {
                let dims = expr.dims();
                let group = |own: &Key| Some(project(own, dims));
                self.reduce(*reduce, value, &project(key, dims), &group)
            }
            Expr::ByTown(reduce, value) => {
                let group = |own: &Key| self.to_town(value, own, None);
                self.reduce(*reduce, value, &project(key, expr.dims()), &group)
            }
            Expr::By(reduce, value, mapping) => {
                let group = |own: &Key| self.to_town(value, own, Some(*mapping));
                self.reduce(*reduce, value, &project(key, expr.dims()), &group)
            }
            Expr::Coarse(reduce, value, from, to) => {
                let group = |own: &Key| Some(coarser(own, *from, *to));
                self.reduce(*reduce, value, &project(key, expr.dims()), &group)
            }
            Expr::Weighted(value, _, weight) => {
                self.weighted(value, weight, &project(key, expr.dims()), expr.dims())
            }
            Expr::Window(reduce, value, steps, up_to) => {
                self.window(*reduce, value, i64::from(*steps), *up_to, &project(key, value.dims()))
            }
            Expr::Along(along, value, over) => {
                self.along(*along, value, *over, &project(key, value.dims()))
            }
        }
    }

    /// Of the keys of a value, those that differ from `key` in one index only.
    fn series(&self, value: &Expr, key: &Key, over: Dims) -> Vec<Key> {
        let keys = self.keys(value);
        let same = |own: &&Key| project(own, !over) == project(key, !over);
        keys.iter().filter(same).copied().collect()
    }

    fn formula(&self, name: &str) -> &'d Formula {
        self.formulas.iter().find(|formula| formula.name == name).unwrap()
    }

    fn step(&self, value: &Expr, steps: i64, here: &Key, ask: &dyn Fn(&Key) -> Outcome) -> Outcome {
        let mut there = *here;
        there[0] = u8::try_from(i64::from(here[0]) + steps).unwrap();
        let keys = self.keys(value);
        let outcome = ask(&there);
        if keys.contains(&there) || !keys.contains(here) {
            return outcome;
        }
        let series = self.series(value, here, YEAR);
        let outside = match steps < 0 {
            true => series.iter().all(|own| own[0] > there[0]),
            false => series.iter().all(|own| own[0] < there[0]),
        };
        match outcome {
            _ if outside => Absent,
            Missing => Wrong,
            other => other,
        }
    }

    fn reduce(
        &self,
        reduce: Reduce,
        value: &Expr,
        key: &Key,
        group: &dyn Fn(&Key) -> Option<Key>,
    ) -> Outcome {
        let keys = self.keys(value);
        let members: Vec<Key> =
            keys.iter().filter(|own| group(own).as_ref() == Some(key)).copied().collect();
        if members.is_empty() {
            let counts = matches!(reduce, Reduce::Sum | Reduce::Count);
            return if counts && gives_defaults(value) { Number(0.0) } else { Missing };
        }
        let values: Vec<Outcome> = members.iter().map(|own| self.ask(value, own)).collect();
        reduced(reduce, &values)
    }

    /// A row without a value or a weight is passed over; weights that make nothing are an error.
    fn weighted(&self, value: &Expr, weight: &Expr, key: &Key, dims: Dims) -> Outcome {
        let keys = self.keys(value);
        let members: Vec<&Key> = keys.iter().filter(|own| project(own, dims) == *key).collect();
        if members.is_empty() {
            return Missing;
        }
        let values: Vec<Outcome> = members.iter().map(|own| self.ask(value, own)).collect();
        if let Some(fault) = values.iter().find(|value| matches!(value, Missing | Wrong)) {
            return *fault;
        }
        let (mut total, mut weights, mut any) = (0.0, 0.0, false);
        for (own, value) in members.iter().zip(&values) {
            let Number(value) = value else { continue };
            any = true;
            match self.ask(weight, own) {
                Number(weight) if weight < 0.0 => return Wrong,
                Number(weight) => {
                    total += value * weight;
                    weights += weight;
                }
                Absent => {}
                fault => return fault,
            }
        }
        match any {
            false => Absent,
            true if weights == 0.0 => Wrong,
            true => Number(total / weights),
        }
    }

    fn window(&self, reduce: Reduce, value: &Expr, steps: i64, up_to: bool, key: &Key) -> Outcome {
        let keys = self.keys(value);
        if !keys.contains(key) {
            return Missing;
        }
        let first = i64::from(key[0]) - steps + 1;
        let series = self.series(value, key, YEAR);
        let inside: Vec<Key> = series
            .iter()
            .filter(|own| i64::from(own[0]) >= first && own[0] <= key[0])
            .copied()
            .collect();
        if up_to || inside.len() == usize::try_from(steps).unwrap() {
            let values: Vec<Outcome> = inside.iter().map(|own| self.ask(value, own)).collect();
            return reduced(reduce, &values);
        }
        if series.iter().all(|own| i64::from(own[0]) > first) {
            return Absent;
        }
        let mut values = Vec::new();
        for year in first..=i64::from(key[0]) {
            let mut own = *key;
            own[0] = u8::try_from(year).unwrap();
            values.push(match self.ask(value, &own) {
                Missing => Wrong,
                other => other,
            });
        }
        reduced(reduce, &values)
    }

    fn along(&self, along: Along, value: &Expr, over: Dims, key: &Key) -> Outcome {
        let keys = self.keys(value);
        if !keys.contains(key) {
            return Missing;
        }
        let own = match self.ask(value, key) {
            Number(number) => number,
            other => return other,
        };
        let mut rows = self.series(value, key, over);
        if along == Along::Cumsum {
            rows.retain(|row| row[0] <= key[0]);
        }
        let values: Vec<Outcome> = rows.iter().map(|row| self.ask(value, row)).collect();
        let fault = values.iter().find(|value| matches!(value, Missing | Wrong)).copied();
        let numbers: Vec<f64> = values.iter().filter_map(number).collect();
        let total: f64 = numbers.iter().sum();
        match along {
            Along::Last => values.into_iter().rev().find(|value| *value != Absent).unwrap(),
            _ if fault.is_some() => fault.unwrap(),
            Along::Cumsum => Number(total),
            Along::Share if same(total, 0.0) => Wrong,
            Along::Share => Number(own / total),
            Along::Rank => {
                let below = numbers.iter().filter(|other| compare("<", **other, own)).count();
                #[expect(clippy::cast_precision_loss, reason = "a small number")]
                let rank = (below + 1) as f64;
                Number(rank)
            }
        }
    }
}

/// A key whose place of one index is given up for that of another.
fn moved(key: &Key, from: usize, (to, code): (usize, u8)) -> Key {
    let mut moved = *key;
    moved[from] = NONE;
    moved[to] = code;
    moved
}

fn coarser(key: &Key, from: Dims, to: Dims) -> Key {
    let month = if from == DAY { DAYS[usize::from(key[5])].3 } else { key[4] };
    let year = MONTHS[usize::from(month)].0 - FIRST_YEAR;
    let place = if from == DAY { 5 } else { 4 };
    match to == MONTH {
        true => moved(key, place, (4, month)),
        false => moved(key, place, (0, u8::try_from(year).unwrap())),
    }
}

/// Days as numbers in their order.
fn day_number(code: u8) -> f64 {
    let (year, month, day, _) = DAYS[usize::from(code)];
    (year * 10_000 + i64::from(month) * 100 + i64::from(day)) as f64
}

/// Year, month, day of a number such as 20240131.
fn parts(date: f64) -> (i64, i64, i64) {
    let date = date as i64;
    (date / 10_000, date / 100 % 100, date % 100)
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_zero(date: f64) -> i64 {
    let (year, month, day) = parts(date);
    let years: i64 = (0..year).map(|year| 337 + month_length(year, 2)).sum();
    let months: i64 = (1..month).map(|month| month_length(year, month)).sum();
    years + months + day
}

/// One day after the other, as people count.
fn days_on(date: f64, days: i64) -> f64 {
    let (mut year, mut month, mut day) = parts(date);
    for _ in 0..days.abs() {
        day += days.signum();
        if day < 1 {
            month -= 1;
            (year, month) = if month < 1 { (year - 1, 12) } else { (year, month) };
            day = month_length(year, month);
        } else if day > month_length(year, month) {
            (month, day) = (month + 1, 1);
            (year, month) = if month > 12 { (year + 1, 1) } else { (year, month) };
        }
    }
    (year * 10_000 + month * 100 + day) as f64
}

fn months_on(date: f64, months: i64) -> f64 {
    let (year, month, day) = parts(date);
    let all = year * 12 + month - 1 + months;
    let (year, month) = (all / 12, all % 12 + 1);
    (year * 10_000 + month * 100 + day.min(month_length(year, month))) as f64
}

fn begin_number(key: &Key, dims: Dims) -> f64 {
    match dims {
        YEAR => ((FIRST_YEAR + i64::from(key[0])) * 10_000 + 101) as f64,
        MONTH => {
            let (year, month) = MONTHS[usize::from(key[4])];
            (year * 10_000 + i64::from(month) * 100 + 1) as f64
        }
        _ => day_number(key[5]),
    }
}

fn fits(arm: &Arm, seen: f64) -> bool {
    match arm {
        Arm::Texts(codes) => codes.iter().any(|code| f64::from(*code) == seen),
        Arm::Below(bound) => compare("<", seen, *bound),
        Arm::Band(low, high) => compare(">=", seen, *low) && compare("<=", seen, *high),
    }
}

fn number(outcome: &Outcome) -> Option<f64> {
    if let Number(number) = outcome { Some(*number) } else { None }
}

/// Absent outweighs what is missing or wrong; of those the left one stands.
fn both(left: Outcome, right: Outcome, result: impl Fn(f64, f64) -> Outcome) -> Outcome {
    match (left, right) {
        (Absent, _) | (_, Absent) => Absent,
        (Missing | Wrong, _) => left,
        (_, Missing | Wrong) => right,
        (Number(x), Number(y)) => result(x, y),
        _ => panic!("two numbers"),
    }
}

pub(crate) fn same(x: f64, y: f64) -> bool {
    (x - y).abs() <= 1e-12 * x.abs().max(y.abs()).max(1.0)
}

fn compare(sign: &str, x: f64, y: f64) -> bool {
    match sign {
        "=" => same(x, y),
        "!=" => !same(x, y),
        "<" => x < y && !same(x, y),
        "<=" => x < y || same(x, y),
        ">" => x > y && !same(x, y),
        _ => x > y || same(x, y),
    }
}

fn reduced(reduce: Reduce, values: &[Outcome]) -> Outcome {
    let fault = values.iter().find(|value| matches!(value, Missing | Wrong));
    if let Some(fault) = fault {
        return *fault;
    }
    let numbers: Vec<f64> = values.iter().filter_map(number).collect();
    let total: f64 = numbers.iter().sum();
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let count = numbers.len() as f64;
    match reduce {
        Reduce::Sum => Number(total),
        Reduce::Count => Number(count),
        _ if numbers.is_empty() => Absent,
        Reduce::Mean => Number(total / count),
        Reduce::Max => Number(numbers.into_iter().fold(f64::NEG_INFINITY, f64::max)),
        Reduce::Min => Number(numbers.into_iter().fold(f64::INFINITY, f64::min)),
        Reduce::Median => Number(median(numbers)),
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len().is_multiple_of(2) {
        true => f64::midpoint(numbers[middle - 1], numbers[middle]),
        false => numbers[middle],
    }
}

/// Whether the inputs that give a value its keys all have defaults.
fn gives_defaults(expr: &Expr) -> bool {
    let mut givers = Vec::new();
    collect_givers(expr, &mut givers);
    !givers.is_empty() && givers.iter().all(|number| INPUTS[*number].default.is_some())
}

fn collect_givers(expr: &Expr, found: &mut Vec<usize>) {
    match expr {
        Expr::Input(number) if INPUTS[*number].dims != 0 => found.push(*number),
        Expr::Formula(formula) => collect_givers(&formula.root, found),
        Expr::Where(value, _) if value.brought() == expr.dims() => collect_givers(value, found),
        other => {
            let children = other.children();
            for child in &children {
                let own = child.brought();
                let fewer = children
                    .iter()
                    .any(|other| other.brought() != own && other.brought() & own == own);
                if !fewer {
                    collect_givers(child, found);
                }
            }
        }
    }
}
