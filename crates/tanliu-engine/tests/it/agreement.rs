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

use super::difference;
use generate::Case;
use tanliu_engine::EngineOptions;
use tanliu_factor::Catalogue;
use tanliu_method::check::{Library, check};
use tanliu_method::eval::RunOptions;

struct Nothing;

impl Library for Nothing {
    fn document(&self, _: &str) -> Option<(String, String)> {
        None
    }
    fn ids(&self) -> Vec<String> {
        Vec::new()
    }
}

/// `TANLIU_SEED` begins elsewhere, `TANLIU_CASES` sets how many.
#[test]
fn random_programs_mean_the_same_to_both() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("TANLIU_SEED").unwrap_or(1);
    let count = number("TANLIU_CASES").unwrap_or(1000);
    let catalogue = Catalogue::default();
    let (mut reductions, mut results, mut interpreted, mut values) = (0, 0, 0, 0);
    let (mut spilled, spill) = (0, tempfile::tempdir().unwrap());
    // What once differed is looked at again.
    for seed in (first..first + count).chain([13_441, 121_243]) {
        let case = Case::new(seed);
        let checked = check("random.md", &case.text(), &Nothing, &catalogue);
        assert!(!checked.diagnostics.has_errors(), "seed {seed}\n{}", case.text());
        let dataset = bound::dataset(&case, &checked.program);
        let cuts = [(1, 1, 1, None), (2, 3, 4, None), (2, 1000, 2, None), (2, 2, 3, Some(1000))];
        // In a kilobyte every group goes to disk as soon as a batch is through: for some seeds.
        let cuts = cuts.into_iter().filter(|cut| cut.3.is_none() || seed % 8 == 1);
        for (threads, batch_rows, parts, memory) in cuts {
            let engine = EngineOptions {
                threads,
                batch_rows,
                parts,
                memory,
                spill: spill.path().to_owned(),
                // Only a run whose rows somebody takes out streams them.
                stream_above: Some(0),
                ..EngineOptions::default()
            };
            let options = RunOptions::default();
            let (outcome, account, found) =
                difference(&checked.program, &dataset, &catalogue, &options, &engine);
            assert!(
                found.is_none(),
                "seed {seed}, {engine:?}\n{}\n{:#?}\n{}\n{account:?}",
                case.text(),
                case.data,
                found.unwrap_or_default()
            );
            reductions += account.reductions;
            spilled += account.spilled;
            results += account.results;
            interpreted += account.interpreted;
            values += outcome.tables.iter().map(|table| table.figures.len()).sum::<usize>();
        }
    }
    let say = format!(
        "{reductions} reductions and {results} results over rows, {interpreted} not; {values} values"
    );
    assert!(reductions > 0 && results > 0 && values > 0, "{say}");
    assert!(spilled > 0);
    assert_eq!(std::fs::read_dir(spill.path()).unwrap().count(), 0, "nothing is left on disk");
}
