//! What only the wider random programs have: dates, texts, mappings of several indexes, time in
//! several grains.

use super::generate::{Dice, number_tree, truth_tree};
use super::language::{
    Arm, DAY, Dims, Expr, Formula, INDEXES, INPUTS, Kind, MONTH, PLANT, Reduce, TOWN, Tree, YEAR,
    inputs_of,
};
use std::rc::Rc;

const REDUCTIONS: [Reduce; 7] = [
    Reduce::Sum,
    Reduce::Sum,
    Reduce::Count,
    Reduce::Mean,
    Reduce::Max,
    Reduce::Min,
    Reduce::Median,
];

/// An input of days or months, or a parameter with dates.
pub(crate) fn leaf(dice: &mut Dice) -> Tree {
    if dice.is_dated() && dice.one_in(6) {
        return Rc::new(Expr::DayOfDay);
    }
    let plain = super::language::PLAIN_INPUTS;
    Rc::new(match dice.below(8) {
        0 => Expr::Dated(MONTH),
        1 => Expr::Dated(DAY),
        2 => Expr::MonthOfDay,
        _ => Expr::Input(plain + dice.below(5)),
    })
}

pub(crate) fn number(dice: &mut Dice, depth: usize, formulas: &[Rc<Formula>]) -> Tree {
    if dice.is_dated() && dice.one_in(4) {
        let (a, b) = (some_day(dice, depth, formulas), some_day(dice, depth, formulas));
        return Rc::new(Expr::DaysBetween(a, b));
    }
    let reduce = dice.of(&REDUCTIONS);
    let kind = dice.below(12);
    if kind < 3 {
        return matched(dice, depth, formulas);
    }
    if kind == 3 {
        let date = date(dice, depth, formulas);
        return Rc::new(over(dice, Reduce::Count, date));
    }
    let value = number_tree(dice, depth, formulas);
    let dims = value.dims();
    if kind < 7 {
        let mapping = dice.of(&inputs_of(Kind::Town));
        if dims & INPUTS[mapping].dims == INPUTS[mapping].dims && dims & TOWN == 0 {
            return Rc::new(Expr::By(reduce, value, mapping));
        }
    }
    if kind < 10 {
        let steps = [(DAY, MONTH), (DAY, YEAR), (MONTH, YEAR)];
        let fits: Vec<(Dims, Dims)> =
            steps.into_iter().filter(|(from, to)| dims & from != 0 && dims & to == 0).collect();
        if !fits.is_empty() {
            let (from, to) = dice.of(&fits);
            return Rc::new(Expr::Coarse(reduce, value, from, to));
        }
    }
    if kind == 10 && dims != 0 {
        let weight = number_tree(dice, depth.min(1), formulas);
        if weight.dims() & !dims == 0 {
            let own = own_of(dims);
            return Rc::new(Expr::Weighted(value, dice.of(&own), weight));
        }
    }
    Rc::new(over(dice, reduce, value))
}

fn own_of(dims: Dims) -> Vec<Dims> {
    INDEXES.iter().copied().filter(|index| dims & index != 0).collect()
}

fn over(dice: &mut Dice, reduce: Reduce, value: Tree) -> Expr {
    let own = own_of(value.dims());
    if own.is_empty() {
        // Nothing to reduce: of a number the number itself, of anything else none.
        return Expr::Number(1.0);
    }
    let over = if dice.one_in(3) { value.dims() } else { dice.of(&own) };
    Expr::Reduce(reduce, value, over)
}

fn matched(dice: &mut Dice, depth: usize, formulas: &[Rc<Formula>]) -> Tree {
    let texts = dice.one_in(2);
    let (value, arms) = match texts {
        true => (
            text(dice, depth, formulas),
            vec![Arm::Texts(vec![0]), Arm::Texts(vec![1, 2]), Arm::Texts(vec![3])],
        ),
        false => (
            number_tree(dice, depth, formulas),
            vec![Arm::Below(2.0), Arm::Band(2.0, 3.0), Arm::Band(3.0, 9.0)],
        ),
    };
    let count = 1 + dice.below(3);
    let arms = arms.into_iter().take(count);
    let arms = arms.map(|arm| (arm, number_tree(dice, depth, formulas))).collect();
    let rest = (!dice.one_in(3)).then(|| number_tree(dice, depth, formulas));
    Rc::new(Expr::Match(value, arms, rest))
}

pub(crate) fn truth(dice: &mut Dice, depth: usize, formulas: &[Rc<Formula>]) -> Tree {
    let deeper = depth.saturating_sub(1);
    if dice.one_in(2) {
        let sign = dice.of(&["=", "!="]);
        let a = text(dice, deeper, formulas);
        let b = match dice.one_in(4) {
            true => text(dice, deeper, formulas),
            false => Rc::new(Expr::Text(u8::try_from(dice.below(4)).unwrap())),
        };
        return Rc::new(Expr::Compare(sign, a, b));
    }
    let sign = dice.of(&["<", "<=", "=", "!=", ">", ">="]);
    let a = date(dice, deeper, formulas);
    let b = match dice.below(4) {
        0 => date(dice, deeper, formulas),
        1 => Rc::new(Expr::Begins(dice.of(&[YEAR, MONTH, DAY]))),
        _ => Rc::new(Expr::Day(u8::try_from(dice.below(6)).unwrap())),
    };
    Rc::new(Expr::Compare(sign, a, b))
}

/// A date, a day, or the key of the days.
fn some_day(dice: &mut Dice, depth: usize, formulas: &[Rc<Formula>]) -> Tree {
    match dice.below(5) {
        0 => Rc::new(Expr::Begins(DAY)),
        1 => Rc::new(Expr::Day(u8::try_from(dice.below(6)).unwrap())),
        _ => date(dice, depth.saturating_sub(1), formulas),
    }
}

fn date(dice: &mut Dice, depth: usize, formulas: &[Rc<Formula>]) -> Tree {
    if dice.is_dated() && depth > 0 && dice.one_in(3) {
        let value = some_day(dice, depth, formulas);
        return Rc::new(match dice.one_in(2) {
            true => Expr::DaysOn(value, dice.of(&[-366, -31, -1, 0, 1, 30, 60])),
            false => Expr::MonthsOn(value, dice.of(&[-13, -1, 1, 2, 12])),
        });
    }
    if depth == 0 || dice.one_in(2) {
        return Rc::new(Expr::Input(dice.of(&inputs_of(Kind::Date))));
    }
    let depth = depth - 1;
    let value = date(dice, depth, formulas);
    let dims = value.dims();
    let reduce = dice.of(&[Reduce::Max, Reduce::Min]);
    Rc::new(match dice.below(6) {
        0 => Expr::Default(value, date(dice, depth, formulas)),
        1 => Expr::Where(value, truth_tree(dice, depth, formulas)),
        2 => {
            let condition = truth_tree(dice, depth, formulas);
            Expr::If(condition, value, date(dice, depth, formulas))
        }
        3 if dims & PLANT != 0 && dims & TOWN == 0 => Expr::ByTown(reduce, value),
        _ if dims != 0 => over(dice, reduce, value),
        _ => Expr::Default(value, date(dice, depth, formulas)),
    })
}

fn text(dice: &mut Dice, depth: usize, formulas: &[Rc<Formula>]) -> Tree {
    if depth == 0 || !dice.one_in(3) {
        return Rc::new(Expr::Input(dice.of(&inputs_of(Kind::Text))));
    }
    let depth = depth - 1;
    let value = text(dice, depth, formulas);
    Rc::new(match dice.below(3) {
        0 => Expr::Default(value, text(dice, depth, formulas)),
        1 => Expr::Where(value, truth_tree(dice, depth, formulas)),
        _ => {
            let condition = truth_tree(dice, depth, formulas);
            Expr::If(condition, value, text(dice, depth, formulas))
        }
    })
}
