//! Every worked example of the library and of the language's suite means the same to both.

use super::difference;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tanliu_engine::EngineOptions;
use tanliu_factor::Catalogue;
use tanliu_method::check::{Library, check};
use tanliu_method::eval::RunOptions;
use tanliu_method::examples::example_data;
use tanliu_method::program::VariableKind;
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

fn files(folder: &Path, wanted: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false if path.to_string_lossy().ends_with(wanted) => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found
}

fn agree(documents: &Path, factors: &Path) {
    let texts: Vec<(String, String)> = files(documents, ".md")
        .into_iter()
        .filter(|path| !path.components().any(|part| part.as_os_str() == "bad"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path.to_string_lossy().into_owned(), text)
        })
        .collect();
    let mut library = BTreeMap::new();
    for (name, text) in &texts {
        let (document, _) = tanliu_method::document::read(name, text);
        library.insert(document.front.id.clone(), (name.clone(), text.clone()));
    }
    let library = Folder(library);
    let mut sets = Vec::new();
    for path in [files(factors, ".toml"), files(factors, ".csv")].concat() {
        let name = path.strip_prefix(factors).unwrap();
        sets.push((name.to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()));
    }
    let (catalogue, _) = Catalogue::load(sets, &UnitTable::builtin());
    let (mut examples, mut over_rows) = (0, 0);
    for (name, text) in &texts {
        let checked = check(name, text, &library, &catalogue);
        for example in &checked.document.examples {
            if example.items.is_empty() || checked.diagnostics.has_errors() {
                continue;
            }
            let (dataset, findings) = example_data(&checked, example);
            if findings.has_errors() {
                continue;
            }
            let formulas = checked.program.variables.iter().enumerate();
            let every = formulas
                .filter(|(_, v)| matches!(v.kind, VariableKind::Formula { parameter: false, .. }))
                .map(|(id, _)| id);
            for (also, memory) in [(Vec::new(), None), (every.collect(), Some(2000))] {
                let options = RunOptions { also, ..RunOptions::default() };
                let engine = EngineOptions {
                    threads: 2,
                    batch_rows: 2,
                    parts: 3,
                    memory,
                    ..EngineOptions::default()
                };
                let (_, account, found) =
                    difference(&checked.program, &dataset, &catalogue, &options, &engine);
                assert!(found.is_none(), "{name}: {}\n{}", example.title, found.unwrap());
                over_rows += account.reductions + account.results + account.conditions;
            }
            examples += 1;
        }
    }
    assert!(examples > 0 && over_rows > 0, "{examples} examples, {over_rows} works over rows");
}

#[test]
fn the_library_means_the_same_to_both() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    agree(&root.join("methods"), &root.join("factors"));
}

#[test]
fn the_suite_means_the_same_to_both() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tanliu-method/tests/suite");
    agree(&suite, &suite.join("factors"));
}
