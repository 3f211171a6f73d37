//! The literate suite: every document of `tests/suite` is checked and its worked examples must hold.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod chains;
mod docs;
mod faults;
mod random;
mod refusals;
mod uncertainty;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use tanliu_diagnostic::{Lang, render};
use tanliu_factor::Catalogue;
use tanliu_method::check::{Library, check};
use tanliu_method::examples::run_examples;
use tanliu_unit::UnitTable;

struct Folder(BTreeMap<String, (String, String)>);

impl Library for Folder {
    fn document(&self, id: &str) -> Option<(String, String)> {
        self.0.get(id).cloned()
    }
    fn ids(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

fn suite() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn library(files: &[(String, String)]) -> Folder {
    let mut documents = BTreeMap::new();
    for (name, text) in files {
        let (document, _) = tanliu_method::document::read(name, text);
        documents.insert(document.front.id.clone(), (name.clone(), text.clone()));
    }
    Folder(documents)
}

fn catalogue() -> Catalogue {
    let mut files = Vec::new();
    for (name, text) in [
        ("suite/grid.toml", include_str!("../suite/factors/grid.toml")),
        ("suite/grid.csv", include_str!("../suite/factors/grid.csv")),
    ] {
        files.push((name.to_owned(), text.to_owned()));
    }
    let (catalogue, findings) = Catalogue::load(files, &UnitTable::builtin());
    assert!(!findings.has_errors(), "{findings:?}");
    catalogue
}

#[test]
fn every_worked_example_of_the_suite_holds() {
    let only = std::env::var("TANLIU_SUITE").unwrap_or_default();
    let files = suite();
    let library = library(&files);
    let catalogue = catalogue();
    let mut report = String::new();
    let mut passed = 0;
    for (name, text) in files.iter().filter(|(name, _)| name.contains(&only)) {
        let checked = check(name, text, &library, &catalogue);
        let sources: BTreeMap<String, String> = files.iter().cloned().collect();
        if checked.diagnostics.has_errors() {
            report += &render(checked.diagnostics.list(), &sources, Lang::En, false);
            continue;
        }
        let results = run_examples(&checked, &catalogue);
        assert!(!results.is_empty(), "{name} has no worked example");
        for result in results {
            if result.passed {
                passed += 1;
                continue;
            }
            writeln!(report, "{name}: {}", result.title).unwrap();
            for e in result.expectations.iter().filter(|e| !e.passed) {
                writeln!(report, "  {}: expected {}, got {}", e.what, e.expected, e.actual)
                    .unwrap();
            }
            report += &render(&result.diagnostics, &sources, Lang::En, false);
        }
    }
    assert!(report.is_empty(), "\n{report}\n{passed} passed");
    assert!(passed > 0);
}

#[test]
fn a_program_prints_with_every_conversion() {
    let text = "---\nid: p\nversion: \"1\"\ntitle: p\nkind: account\nstatus: illustration\n---\n\
        ```tan\nindex year : year\ninput a[year] : MWh\nparam ef = 0.5 kgCO2/kWh\n\
        output x[year] : tCO2 = a * ef - 3 kgCO2  rounded down\n```\n";
    let checked = check("p.md", text, &Folder(BTreeMap::new()), &catalogue());
    assert!(!checked.diagnostics.has_errors());
    let printed = checked.program.to_string();
    assert_eq!(
        printed,
        "index year : year\n\
         input a[year] : MWh\n\
         param ef : kgCO2/kWh = 0.5 kgCO2/kWh\n\
         output x[year] : tCO2 = round down((((a * ef) - 0.003 MWh*kgCO2/kWh) as tCO2), 1/1)\n\
         run ef\nrun x\n"
    );
}
