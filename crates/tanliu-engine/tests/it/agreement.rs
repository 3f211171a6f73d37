//! Random programs over random data mean the same to both evaluators, whatever the number of
//! threads, the size of a batch, and the cut of the data.

#[path = "../../../tanliu-method/tests/it/random/bound.rs"]
mod bound;
#[path = "../../../tanliu-method/tests/it/random/generate.rs"]
#[allow(dead_code, reason = "shared with the interpreter's own suite")]
mod generate;
#[path = "../../../tanliu-method/tests/it/random/language.rs"]
#[allow(dead_code, reason = "shared with the interpreter's own suite")]
mod language;
#[path = "../../../tanliu-method/tests/it/random/wider.rs"]
mod wider;

use super::compare;
use generate::Case;
use tanliu_engine::{EngineOptions, run_in_memory};
use tanliu_factor::Catalogue;
use tanliu_method::check::{NoLibrary, check};
use tanliu_method::eval::{RunOptions, run};

/// What once differed is looked at again.
const DIFFERED: [u64; 3] = [13_441, 101_080, 121_243];
const DIFFERED_WIDER: [u64; 2] = [5565, 7777];
const DIFFERED_DATED: [u64; 1] = [501_244];

#[test]
fn random_programs_mean_the_same_to_both() {
    agree(Case::new, Case::text, &DIFFERED);
}

/// With dates, texts, mappings of several indexes, and time in several grains.
#[test]
fn wider_random_programs_mean_the_same_to_both() {
    agree(Case::wider, Case::text, &DIFFERED_WIDER);
}

/// The parameter is a hole that nobody fills, and some inputs may lack.
#[test]
fn random_programs_with_a_hole_mean_the_same_to_both() {
    agree(Case::new, with_a_hole, &[]);
    agree(Case::wider, with_a_hole, &[]);
}

fn with_a_hole(case: &Case) -> String {
    let line = |line: &str| match line.split_once(" = {") {
        Some((head, _)) if head.starts_with("param p[") => format!("{head} = ?"),
        _ if ["input m[", "input x[", "input w["].iter().any(|head| line.starts_with(head)) => {
            format!("{line} optional")
        }
        _ => line.to_owned(),
    };
    case.text().lines().map(line).collect::<Vec<_>>().join("\n")
}

/// With days between dates, and dates so many days and months on.
#[test]
fn dated_random_programs_mean_the_same_to_both() {
    agree(Case::dated, Case::text, &DIFFERED_DATED);
}

/// `TANLIU_SEED` begins elsewhere, `TANLIU_CASES` sets how many.
fn agree(make: fn(u64) -> Case, text: fn(&Case) -> String, differed: &[u64]) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("TANLIU_SEED").unwrap_or(1);
    let count = number("TANLIU_CASES").unwrap_or(400);
    let catalogue = Catalogue::default();
    let (mut reductions, mut results, mut sliced, mut interpreted, mut values) = (0, 0, 0, 0, 0);
    let (mut spilled, spill) = (0, tempfile::tempdir().unwrap());
    for seed in (first..first + count).chain(differed.iter().copied()) {
        let case = make(seed);
        let checked = check("random.md", &text(&case), &NoLibrary, &catalogue);
        let said = &checked.diagnostics;
        assert!(!said.has_errors(), "seed {seed}\n{}\n{said:?}", text(&case));
        let dataset = bound::dataset(&case, &checked.program);
        let options = RunOptions::default();
        let reference = run(&checked.program, &dataset, &catalogue, &options);
        values += reference.tables.iter().map(|table| table.figures.len()).sum::<usize>();
        let cuts = [
            (1, 1, 1, None, None),
            (2, 3, 4, None, Some(2)),
            (2, 1000, 2, None, Some(20)),
            (2, 2, 3, Some(1000), None),
        ];
        // In a kilobyte every group goes to disk as soon as a batch is through: for some seeds.
        let cuts = cuts.into_iter().filter(|cut| cut.3.is_none() || seed % 8 == 1);
        for (threads, batch_rows, parts, memory, slice_rows) in cuts {
            let spill = spill.path().to_owned();
            let engine = EngineOptions {
                threads,
                batch_rows,
                parts,
                memory,
                spill,
                slice_rows,
                ..EngineOptions::default()
            };
            let (ours, account) =
                run_in_memory(&checked.program, &dataset, &catalogue, &options, &engine).unwrap();
            let found = compare(&reference, &ours);
            assert!(
                found.is_none(),
                "seed {seed}, {engine:?}\n{}\n{:#?}\n{}\n{account:?}",
                text(&case),
                case.data,
                found.unwrap_or_default()
            );
            reductions += account.reductions;
            spilled += account.spilled;
            results += account.results;
            sliced += account.sliced;
            interpreted += account.interpreted;
        }
    }
    let say = format!(
        "{reductions} reductions and {results} results over rows, {sliced} in slices, {interpreted} not; {values} values"
    );
    eprintln!("{say}");
    let all = reductions > 0 && results > 0 && sliced > 0 && values > 0 && spilled > 0;
    assert!(count < 100 || all, "{say}");
    assert_eq!(std::fs::read_dir(spill.path()).unwrap().count(), 0, "nothing is left on disk");
}
