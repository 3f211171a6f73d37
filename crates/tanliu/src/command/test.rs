//! `tanliu test`: the worked examples of documents, held to the figures they print.

use super::Batch;
use super::check::tell_dropped;
use crate::arguments::{Evaluators, Test};
use crate::failure::{Ended, Failure};
use crate::findings::{findings_json, place_json, place_words};
use crate::screen::Screen;
use serde_json::{Value, json};
use tanliu_diagnostic::{Place, counted};
use tanliu_engine::{EngineOptions, run_in_memory};
use tanliu_method::check::Checked;
use tanliu_method::eval::RunOutcome;
use tanliu_method::examples::{ExampleResult, Expectation, run_examples, run_examples_with};

/// Runs the examples and prints what came out.
pub(crate) fn run(wanted: &Test, screen: &mut Screen) -> Result<Ended, Failure> {
    let batch = Batch::read(&wanted.paths, &wanted.sources)?;
    let mut tally = Tally { passed: 0, failed: 0, documents: Vec::new() };
    for checked in &batch.checked {
        let broken = checked.diagnostics.has_errors();
        let results = examples(checked, &batch, wanted.engine);
        // A document that cannot be run keeps none of its promises.
        tally.failed += if broken { checked.document.examples.len().max(1) } else { 0 };
        tally.passed += results.iter().filter(|result| result.passed).count();
        tally.failed += results.iter().filter(|result| !result.passed).count();
        if wanted.json {
            tally.documents.push(document_json(checked, &results, &batch));
            continue;
        }
        screen.findings(checked.diagnostics.list(), &batch.texts, true);
        tell_dropped(checked.diagnostics.dropped(), screen);
        if broken {
            let name = &checked.document.source;
            screen.line(
                format!("✗ {name}  文档有错误，算例没有运行"),
                format!("✗ {name}  the document has errors, its examples were not run"),
            );
        } else if results.is_empty() {
            let name = &checked.document.source;
            screen.line(format!("- {name}  没有算例"), format!("- {name}  has no worked example"));
        }
        for result in &results {
            print_example(result, wanted.verbose, &batch, screen);
        }
    }
    let (passed, failed) = (tally.passed, tally.failed);
    let refused = failed > 0 || batch.common.has_errors();
    if wanted.json {
        screen.json(&json!({
            "documents": tally.documents,
            "findings": findings_json(batch.common.list(), &batch.texts),
            "passed": passed,
            "failed": failed,
        }));
    } else {
        screen.findings(batch.common.list(), &batch.texts, true);
        batch.tell_passed_over(screen);
        screen.line(
            format!("{passed} 个通过，{failed} 个失败"),
            format!("{passed} passed, {failed} failed"),
        );
    }
    Ok(if refused { Ended::Refused } else { Ended::Well })
}

/// The examples by one evaluator; by both, an example passes if it passes in each.
fn examples(checked: &Checked, batch: &Batch, engine: Evaluators) -> Vec<ExampleResult> {
    let catalogue = &batch.loaded.catalogue;
    let by_engine = || {
        let options = EngineOptions::default();
        run_examples_with(checked, &|dataset, wanted| match run_in_memory(
            &checked.program,
            dataset,
            catalogue,
            wanted,
            &options,
        ) {
            Ok((outcome, _)) => outcome,
            Err(error) => {
                let mut outcome = RunOutcome::default();
                outcome.diagnostics.extend(error.findings());
                outcome
            }
        })
    };
    match engine {
        Evaluators::Reference => run_examples(checked, catalogue),
        Evaluators::Columnar => by_engine(),
        Evaluators::Both => {
            let (reference, columnar) = (run_examples(checked, catalogue), by_engine());
            let worse = |(one, other): (ExampleResult, ExampleResult)| {
                if one.passed { other } else { one }
            };
            reference.into_iter().zip(columnar).map(worse).collect()
        }
    }
}

struct Tally {
    passed: usize,
    failed: usize,
    documents: Vec<Value>,
}

fn print_example(result: &ExampleResult, verbose: bool, batch: &Batch, screen: &mut Screen) {
    let place = without_column(&place_words(&result.place, &batch.texts));
    let count = result.expectations.len();
    let missed = result.expectations.iter().filter(|expected| !expected.passed).count();
    let mark = if result.passed { "✓" } else { "✗" };
    let (zh, en) = match missed {
        0 => (format!("{count} 个期望"), counted(count, "expectation")),
        missed => (
            format!("{count} 个期望，{missed} 个不符"),
            format!("{}, {missed} missed", counted(count, "expectation")),
        ),
    };
    let title = &result.title;
    screen.line(
        format!("{mark} {place}  {title}（{zh}）"),
        format!("{mark} {place}  {title} ({en})"),
    );
    for expected in result.expectations.iter().filter(|expected| verbose || !expected.passed) {
        print_expectation(expected, batch, screen);
    }
    let shown = |finding: &&tanliu_diagnostic::Diagnostic| verbose || finding.is_error();
    let list: Vec<_> = result.diagnostics.iter().filter(shown).cloned().collect();
    screen.findings(&list, &batch.texts, true);
}

fn print_expectation(expected: &Expectation, batch: &Batch, screen: &mut Screen) {
    let mark = if expected.passed { "✓" } else { "✗" };
    let place = place_words(&expected.place, &batch.texts);
    let (what, want, got) = (&expected.what, &expected.expected, &expected.actual);
    let mut zh = format!("    {mark} {what}：期望 {want}，实际 {got}");
    let mut en = format!("    {mark} {what}: expected {want}, actual {got}");
    if let Some(difference) = &expected.difference {
        zh.push_str(&format!("，差 {difference}"));
        en.push_str(&format!(", difference {difference}"));
    }
    if let Some(tolerance) = &expected.tolerance {
        zh.push_str(&format!("，容差 {tolerance}"));
        en.push_str(&format!(", tolerance {tolerance}"));
    }
    screen.line(format!("{zh}  {place}"), format!("{en}  {place}"));
}

/// `a.md:12:1` → `a.md:12`
fn without_column(place: &str) -> String {
    place.rsplit_once(':').map_or(place, |(line, _)| line).to_owned()
}

fn document_json(checked: &Checked, results: &[ExampleResult], batch: &Batch) -> Value {
    let place = |place: &Place| place_json(place, &batch.texts);
    let examples: Vec<Value> = results
        .iter()
        .map(|result| {
            let expectations: Vec<Value> = result
                .expectations
                .iter()
                .map(|expected| {
                    json!({
                        "what": expected.what,
                        "expected": expected.expected,
                        "actual": expected.actual,
                        "difference": expected.difference,
                        "tolerance": expected.tolerance,
                        "passed": expected.passed,
                        "place": place(&expected.place),
                    })
                })
                .collect();
            json!({
                "title": result.title,
                "passed": result.passed,
                "place": place(&result.place),
                "expectations": expectations,
                "findings": findings_json(&result.diagnostics, &batch.texts),
            })
        })
        .collect();
    json!({
        "path": checked.document.source,
        "id": checked.document.front.id,
        "errors": checked.diagnostics.error_count(),
        "findings": findings_json(checked.diagnostics.list(), &batch.texts),
        "examples": examples,
    })
}
