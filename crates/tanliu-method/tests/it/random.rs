//! Random programs over random data: the interpreter agrees with the contract's table, written down
//! a second time as plainly as can be.

mod bound;
mod generate;
mod language;
mod naive;
mod wider;

use super::Folder;
use bound::{dataset, program_key};
use generate::Case;
use language::{Expr, INDEXES, Key, NAMES, NONE, NOWHERE, key_text};
use naive::{Naive, Outcome};
use std::collections::BTreeMap;
use tanliu_factor::Catalogue;
use tanliu_method::check::{Checked, check};
use tanliu_method::data::Dataset;
use tanliu_method::eval::{Figure, RunOptions, RunOutcome, run, trace};
use tanliu_method::program::Key as ProgramKey;

/// What should come of a case.
enum Wanted {
    Refused,
    Values(BTreeMap<String, (Key, f64)>),
    /// Keys that do not meet where they may not be wanted: not decided here.
    Open,
}

#[test]
fn random_programs_mean_what_the_contract_says() {
    hold(Case::new, (250, 90, 1500));
}

/// With dates, texts, mappings of several indexes, and time in several grains.
#[test]
fn wider_random_programs_mean_what_the_contract_says() {
    hold(Case::wider, (200, 90, 800));
}

/// With days between dates, and dates so many days and months on.
#[test]
fn dated_random_programs_mean_what_the_contract_says() {
    hold(Case::dated, (200, 90, 800));
}

/// `TANLIU_SEED` begins elsewhere, `TANLIU_CASES` sets how many.
fn hold(make: fn(u64) -> Case, (least_values, least_refused, least_rows): (usize, usize, usize)) {
    let seed = std::env::var("TANLIU_SEED").ok().and_then(|seed| seed.parse().ok());
    let count = std::env::var("TANLIU_CASES").ok().and_then(|count| count.parse().ok());
    let catalogue = Catalogue::default();
    let (mut values, mut refused, mut open, mut rows) = (0_usize, 0_usize, 0_usize, 0_usize);
    let first = seed.unwrap_or(1_u64);
    for seed in first..first + count.unwrap_or(if seed.is_some() { 1 } else { 500 }) {
        let case = make(seed);
        let (checked, dataset) = prepared(&case);
        let outcome = run(&checked.program, &dataset, &catalogue, &RunOptions::default());
        let said = || format!("seed {seed}\n{}\n{:#?}", case.text(), case.data);
        match wanted(&case) {
            Wanted::Open => open += 1,
            Wanted::Refused => {
                refused += 1;
                let figures = figures(&outcome);
                let errors = outcome.diagnostics.has_errors();
                assert!(errors, "{}\nshould be refused: {figures:?}", said());
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
                    "{}\nfound {found:?}\nwanted {wanted:?}\n{:?}",
                    said(),
                    outcome.diagnostics
                );
                if let Some((key, number)) = wanted.values().last() {
                    check_trace(&checked, &dataset, key, *number);
                }
            }
        }
    }
    let enough = values > least_values && refused > least_refused && rows > least_rows;
    let enough = seed.is_some() || enough;
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
            // Computed at its own keys all the same; its faults count where it is asked.
            for key in naive.keys(&formula.root).iter() {
                naive.ask(&formula.root, key);
            }
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
            match naive.ask(&formula.root, &NOWHERE) {
                Outcome::Missing | Outcome::Wrong => fails = true,
                Outcome::Number(number) if formula.name == "out" => {
                    values.insert(String::new(), (NOWHERE, number));
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
                    | Expr::Match(..)
            )
        };
        let any = case.formulas.iter().any(|formula| formula.root.any(&chooses));
        return if any { Wanted::Open } else { Wanted::Refused };
    }
    Wanted::Values(values)
}

fn shown(key: &Key) -> String {
    let there = key.iter().enumerate().filter(|(_, code)| **code != NONE);
    let parts: Vec<String> = there.map(|(place, code)| key_text(place, *code)).collect();
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
    let keys: Vec<(String, ProgramKey)> = (0..INDEXES.len())
        .filter(|place| key[*place] != NONE)
        .map(|place| (NAMES[place].to_owned(), program_key(place, key[place])))
        .collect();
    let catalogue = Catalogue::default();
    let found = trace(&checked.program, (dataset, &catalogue), "out", &keys, 3).unwrap();
    let alike = matches!(found.figure, Some(Figure::Number(found)) if naive::same(found, number));
    assert!(alike, "{number} is traced to {:?}", found.figure);
}
