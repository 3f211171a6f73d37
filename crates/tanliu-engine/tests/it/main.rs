//! The columnar engine agrees with the reference interpreter, to the last bit.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]
#![allow(clippy::print_stderr, reason = "a test says how much it compared")]

mod agreement;
mod documents;
mod loose;
mod order;
mod series;
mod wide;

use tanliu_diagnostic::Diagnostic;
use tanliu_engine::{Account, EngineOptions, run_in_memory};
use tanliu_factor::Catalogue;
use tanliu_method::data::Dataset;
use tanliu_method::eval::{Figure, RunOptions, RunOutcome, run};
use tanliu_method::program::Program;

/// Runs both and says where they differ.
fn difference(
    program: &Program,
    dataset: &Dataset,
    catalogue: &Catalogue,
    options: &RunOptions,
    engine: &EngineOptions,
) -> (RunOutcome, Account, Option<String>) {
    let reference = run(program, dataset, catalogue, options);
    let (ours, account) = run_in_memory(program, dataset, catalogue, options, engine).unwrap();
    let difference = compare(&reference, &ours);
    (reference, account, difference)
}

fn compare(reference: &RunOutcome, ours: &RunOutcome) -> Option<String> {
    // Slice by slice a condition tells its keys only; else the values of both sides too.
    let shows = |finding: &Diagnostic| {
        let mut own = ours.diagnostics.list().iter().filter(|own| own.message == finding.message);
        own.any(|own| own.notes.len() > 1 || own.hint.is_some())
    };
    let said = |outcome: &RunOutcome| -> Vec<String> {
        let told = outcome.diagnostics.list().iter();
        let mut said: Vec<String> =
            told.map(|d| format!("{} {} {:?}", d.code, d.message.en, notes(d, shows(d)))).collect();
        said.sort();
        said.dedup();
        said
    };
    if said(reference) != said(ours) {
        return Some(format!("said {:#?}\nours {:#?}", said(reference), said(ours)));
    }
    if reference.tables.len() != ours.tables.len() {
        return Some(format!("{} tables, ours {}", reference.tables.len(), ours.tables.len()));
    }
    for (wanted, found) in reference.tables.iter().zip(&ours.tables) {
        let heads = |t: &tanliu_method::eval::OutputTable| {
            (t.name.clone(), t.indexes.clone(), t.unit.clone(), t.keys.clone())
        };
        if heads(wanted) != heads(found) {
            return Some(format!("{:?}\nours {:?}", heads(wanted), heads(found)));
        }
        for (row, (a, b)) in wanted.figures.iter().zip(&found.figures).enumerate() {
            if bits(a) != bits(b) {
                return Some(format!("{} row {row}: {a:?}, ours {b:?}", wanted.name));
            }
        }
    }
    let withheld = |outcome: &RunOutcome| -> Vec<String> {
        outcome.withheld.iter().map(|w| format!("{w:?}")).collect()
    };
    if withheld(reference) != withheld(ours) {
        return Some(format!("{:?}\nours {:?}", withheld(reference), withheld(ours)));
    }
    None
}

/// The keys that a finding names; of a condition also what both sides are, and what to look at.
fn notes(finding: &Diagnostic, shows: bool) -> Vec<&str> {
    let is_condition = shows && matches!(finding.code, "refused" | "warned");
    let (most, hint) = if is_condition { (usize::MAX, finding.hint.as_ref()) } else { (1, None) };
    finding.notes.iter().take(most).chain(hint).map(|note| note.en.as_str()).collect()
}

fn bits(figure: &Figure) -> (u64, String) {
    match figure {
        Figure::Number(number) => (number.to_bits(), String::new()),
        Figure::Noted(number, notation) => (number.to_bits(), notation.word().to_owned()),
        Figure::Bool(value) => (u64::from(*value), "bool".to_owned()),
        Figure::Text(text) => (0, text.to_string()),
    }
}
