//! 不确定度 What is recorded for draws must compute what the interpreter computes: in every worked
//! example of the suite and of `methods/`, all inputs, parameters and factors are given a width so
//! small that fourteen digits do not see it, and each draw must give the figure of the run.

use super::{catalogue, library, suite};
use std::path::{Path, PathBuf};
use tanliu_diagnostic::Span;
use tanliu_factor::Catalogue;
use tanliu_method::ast::{Literal, LiteralValue, Uncertainty, UncertaintyShape};
use tanliu_method::check::check;
use tanliu_method::eval::{RunOptions, run};
use tanliu_method::examples::example_data;
use tanliu_method::program::{Program, Type, VariableKind};
use tanliu_method::uncertainty::{MonteCarlo, UncertaintyOptions, analyse};
use tanliu_unit::UnitTable;

/// The half-width, as a share of the value.
const WIDTH: f64 = 1e-15;

fn hardly_uncertain() -> Uncertainty {
    let span = Span { start: 0, end: 0 };
    let value = LiteralValue::Number { number: WIDTH, unit: None, integer: None };
    let literal = Literal { value, text: String::new(), span };
    Uncertainty { shape: UncertaintyShape::Relative(literal), shared: false, span }
}

fn widen(program: &mut Program, formulas: bool) {
    for variable in &mut program.variables {
        let is_formula = matches!(variable.kind, VariableKind::Formula { .. });
        let wanted = matches!(variable.ty, Type::Number(_)) && is_formula == formulas;
        variable.uncertainty = wanted.then(hardly_uncertain);
    }
}

fn files_below(folder: &Path, found: &mut Vec<(String, String)>, root: &Path) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files_below(&path, found, root);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            found.push((path.strip_prefix(root).unwrap().to_string_lossy().into_owned(), text));
        }
    }
}

fn below(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut found = Vec::new();
    files_below(&root, &mut found, &root);
    found
}

/// Documents with an example right on a limit, which a draw crosses however narrow it is.
fn on_the_edge(name: &str) -> bool {
    name == "score/plan-target.md"
}

/// A count of what is on one side of a limit has no slope.
fn propagated_is_nothing(figure: &tanliu_method::uncertainty::UncertainFigure) -> bool {
    figure.propagated.deviation == 0.0
}

/// Analyses every example of some documents; gives how many figures agreed.
fn agree(files: &[(String, String)], catalogue: &Catalogue, formulas: bool) -> usize {
    let library = library(files);
    let (mut figures, mut faults) = (0, Vec::new());
    for (name, text) in files {
        let mut checked = check(name, text, &library, catalogue);
        if checked.diagnostics.has_errors() {
            continue;
        }
        let sound = checked.program.clone();
        widen(&mut checked.program, formulas);
        for example in checked.document.examples.clone() {
            let (mut dataset, findings) = example_data(&checked, &example);
            dataset.inputs.values_mut().for_each(|table| table.half_widths.clear());
            let stands = !findings.has_errors()
                && !run(&sound, &dataset, catalogue, &RunOptions::default())
                    .diagnostics
                    .has_errors();
            if !stands {
                continue;
            }
            let monte_carlo = Some(MonteCarlo { block: 3, ..MonteCarlo::new(5, 1) });
            let options = UncertaintyOptions { monte_carlo, also: Vec::new() };
            let outcome = analyse(&checked.program, &dataset, catalogue, &options);
            assert!(!outcome.diagnostics.has_errors(), "{name}: {:?}", outcome.diagnostics);
            for table in &outcome.tables {
                for (row, figure) in table.figures.iter().enumerate() {
                    let drawn = figure.simulated.as_ref().unwrap();
                    let near = 1e-9 * figure.value.abs() + 1e-9;
                    figures += 1;
                    let wide = figure.propagated.deviation.is_nan();
                    if on_the_edge(name) && propagated_is_nothing(figure) {
                        continue;
                    }
                    if drawn.faults > 0 || wide || (drawn.mean - figure.value).abs() > near {
                        let keys: Vec<_> =
                            table.keys.iter().map(|keys| keys[row].clone()).collect();
                        faults.push(format!(
                            "{name}: {}{keys:?} {}, drawn {}, sd {}, {} faults",
                            table.name,
                            figure.value,
                            drawn.mean,
                            figure.propagated.deviation,
                            drawn.faults
                        ));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {figures}:\n{}", faults.len(), faults.join("\n"));
    figures
}

#[test]
fn draws_of_the_suite_compute_what_the_interpreter_computes() {
    let files = suite();
    assert!(agree(&files, &catalogue(), false) > 200);
    assert!(agree(&files, &catalogue(), true) > 200);
}

#[test]
fn draws_of_the_library_compute_what_the_interpreter_computes() {
    let files: Vec<_> = below("methods").into_iter().filter(|(n, _)| n.ends_with(".md")).collect();
    let (catalogue, findings) = Catalogue::load(below("factors"), &UnitTable::builtin());
    assert!(!findings.has_errors(), "{findings:?}");
    assert!(agree(&files, &catalogue, false) > 50);
}
