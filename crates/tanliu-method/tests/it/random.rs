//! Random programs over random data: the interpreter agrees with the contract's table, written down
//! a second time as plainly as can be.

mod bound;
mod generate;
mod language;
mod naive;

use super::Folder;
use bound::{dataset, program_key};
use generate::Case;
use language::{Expr, FIRST_YEAR, INDEXES, INPUTS, Key, NONE};
use naive::{Naive, Outcome};
use std::collections::BTreeMap;
use std::rc::Rc;
use tanliu_factor::Catalogue;
use tanliu_method::check::{Checked, check};
use tanliu_method::data::{Dataset, InputTable, KeyColumn};
use tanliu_method::eval::{Figure, RunOptions, RunOutcome, run, trace};
use tanliu_method::program::{Key as ProgramKey, Value};
use tanliu_unit::time::{Grain, TimeKey};

/// What should come of a case.
enum Wanted {
    Refused,
    Values(BTreeMap<String, (Key, f64)>),
    /// Keys that do not meet where they may not be wanted: not decided here.
    Open,
}

#[test]
fn random_programs_mean_what_the_contract_says() {
    let seed = std::env::var("TANLIU_SEED").ok().and_then(|seed| seed.parse().ok());
    let count = std::env::var("TANLIU_CASES").ok().and_then(|count| count.parse().ok());
    let catalogue = Catalogue::default();
    let (mut values, mut refused, mut open, mut rows) = (0_usize, 0_usize, 0_usize, 0_usize);
    let first = seed.unwrap_or(1_u64);
    for seed in first..first + count.unwrap_or(if seed.is_some() { 1 } else { 500 }) {
        let case = Case::new(seed);
        let (checked, dataset) = prepared(&case);
        let outcome = run(&checked.program, &dataset, &catalogue, &RunOptions::default());
        match wanted(&case) {
            Wanted::Open => open += 1,
            Wanted::Refused => {
                refused += 1;
                assert!(
                    outcome.diagnostics.has_errors(),
                    "seed {seed}: should be refused\n{}\n{:#?}\n{:?}",
                    case.text(),
                    case.data,
                    figures(&outcome)
                );
            }
            Wanted::Values(wanted) => {
                values += 1;
                rows += wanted.len();
                let found = figures(&outcome);
                let alike = found.len() == wanted.len()
                    && found
                        .iter()
                        .all(|(key, x)| wanted.get(key).is_some_and(|(_, y)| naive::same(*x, *y)));
                assert!(
                    alike && !outcome.diagnostics.has_errors(),
                    "seed {seed}\n{}\n{:#?}\nfound {found:?}\nwanted {wanted:?}\n{:?}",
                    case.text(),
                    case.data,
                    outcome.diagnostics
                );
                if let Some((key, number)) = wanted.values().last() {
                    check_trace(&checked, &dataset, key, *number);
                }
            }
        }
    }
    let enough = seed.is_some() || (values > 250 && refused > 90 && rows > 1500);
    assert!(enough, "{values} with {rows} values, {refused} refused, {open} open");
}

fn wanted(case: &Case) -> Wanted {
    let naive = Naive::new(&case.data, &case.formulas);
    let mut used = BTreeMap::new();
    case.formulas.iter().for_each(|formula| formula.root.names(&mut used));
    let mut fails = false;
    let mut values = BTreeMap::new();
    for formula in &case.formulas {
        if formula.name != "out" && used.contains_key(&formula.name) {
            continue;
        }
        for key in naive.keys(&formula.root).iter() {
            match naive.ask(&formula.root, key) {
                Outcome::Missing | Outcome::Wrong => fails = true,
                Outcome::Number(number) if formula.name == "out" => {
                    values.insert(shown(key), (*key, number));
                }
                _ => {}
            }
        }
        // A total over no key at all.
        if formula.root.dims() == 0 && naive.keys(&formula.root).is_empty() {
            match naive.ask(&formula.root, &[NONE; 4]) {
                Outcome::Missing | Outcome::Wrong => fails = true,
                Outcome::Number(number) if formula.name == "out" => {
                    values.insert(String::new(), ([NONE; 4], number));
                }
                _ => {}
            }
        }
    }
    if fails {
        return Wanted::Refused;
    }
    if naive.loose.get() {
        let chooses = |expr: &Expr| {
            matches!(
                expr,
                Expr::Where(..)
                    | Expr::If(..)
                    | Expr::Shift(..)
                    | Expr::And(..)
                    | Expr::Or(..)
                    | Expr::Window(..)
                    | Expr::Default(..)
            )
        };
        let any = case.formulas.iter().any(|formula| formula.root.any(&chooses));
        return if any { Wanted::Open } else { Wanted::Refused };
    }
    Wanted::Values(values)
}

fn shown(key: &Key) -> String {
    let mut parts = Vec::new();
    for (place, code) in key.iter().enumerate().filter(|(_, code)| **code != NONE) {
        parts.push(match place {
            0 => (FIRST_YEAR + i64::from(*code)).to_string(),
            1 => format!("p{code}"),
            2 => format!("t{code}"),
            _ => ["coal", "gas"][usize::from(*code)].to_owned(),
        });
    }
    parts.join(",")
}

fn figures(outcome: &RunOutcome) -> BTreeMap<String, f64> {
    let Some(table) = outcome.tables.iter().find(|table| table.name == "out") else {
        return BTreeMap::new();
    };
    let numbers = table.figures.iter().enumerate().map(|(row, figure)| {
        let Figure::Number(number) = figure else { panic!("a number") };
        let key: Vec<&str> = table.keys.iter().map(|column| &*column[row]).collect();
        (key.join(","), *number)
    });
    numbers.collect()
}

fn prepared(case: &Case) -> (Checked, Dataset) {
    let library = Folder(BTreeMap::new());
    let checked = check("random.md", &case.text(), &library, &Catalogue::default());
    assert!(!checked.diagnostics.has_errors(), "{}\n{:?}", case.text(), checked.diagnostics);
    let dataset = dataset(case, &checked.program);
    (checked, dataset)
}

/// The derivation of a figure ends in the figure that was computed.
fn check_trace(checked: &Checked, dataset: &Dataset, key: &Key, number: f64) {
    let names = ["year", "plant", "town", "fuel"];
    let keys: Vec<(String, ProgramKey)> = (0..4)
        .filter(|place| key[*place] != NONE)
        .map(|place| (names[place].to_owned(), program_key(place, key[place])))
        .collect();
    let catalogue = Catalogue::default();
    let found = trace(&checked.program, (dataset, &catalogue), "out", &keys, 3).unwrap();
    let alike = matches!(found.figure, Some(Figure::Number(found)) if naive::same(found, number));
    assert!(alike, "{number} is traced to {:?}", found.figure);
}
