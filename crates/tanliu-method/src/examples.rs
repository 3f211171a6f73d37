//! 算例 Worked examples: each is one run with its own data, held to the figures it prints.

mod expect;

use crate::bind::{BindInput, bind};
use crate::check::Checked;
use crate::data::Dataset;
use crate::document::{Example, ExampleItem, ExampleTable};
use crate::eval::{RunOptions, RunOutcome, run};
use crate::program::VariableId;
use crate::table::Table;
use tanliu_diagnostic::{CellPlace, Diagnostic, Diagnostics, Place, Span};
use tanliu_factor::Catalogue;

/// 算例结果 What came of one worked example.
#[derive(Debug, Clone)]
pub struct ExampleResult {
    /// The heading.
    pub title: String,
    /// Where it stands.
    pub place: Place,
    /// Everything that was expected, in order.
    pub expectations: Vec<Expectation>,
    /// Findings of the run that were not expected to be there, with places in the document.
    pub diagnostics: Vec<Diagnostic>,
    /// All expectations are met and nothing refused the run unexpectedly.
    pub passed: bool,
}

/// 期望 One expected figure or message.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// `co2[year = 2016]`, `failure`, `warning`.
    pub what: String,
    /// As printed, with its unit.
    pub expected: String,
    /// What came out, in the same unit.
    pub actual: String,
    /// Actual − expected, in the same unit.
    pub difference: Option<String>,
    /// The tolerance it was held to, in the same unit.
    pub tolerance: Option<String>,
    /// Whether it is met.
    pub passed: bool,
    /// Where it stands.
    pub place: Place,
}

/// Runs all worked examples of a checked document. A document with errors runs none.
pub fn run_examples(checked: &Checked, catalogue: &Catalogue) -> Vec<ExampleResult> {
    run_examples_with(checked, &|dataset, options| {
        run(&checked.program, dataset, catalogue, options)
    })
}

/// The same with another evaluator: it is given the data of an example and what is asked of the run.
pub fn run_examples_with(
    checked: &Checked,
    evaluate: &dyn Fn(&Dataset, &RunOptions) -> RunOutcome,
) -> Vec<ExampleResult> {
    if checked.diagnostics.has_errors() {
        return Vec::new();
    }
    // A heading over prose alone is no worked example.
    let worked = checked.document.examples.iter().filter(|example| !example.items.is_empty());
    worked.map(|example| run_one(checked, evaluate, example)).collect()
}

/// The data of an example as a data set, for those who explain one of its figures.
pub fn example_data(checked: &Checked, example: &Example) -> (Dataset, Diagnostics) {
    let given = Given::of(checked, example);
    let input = BindInput {
        tables: &given.tables,
        restricted: Some(&given.names),
        scalars: &given.scalars,
        units: &checked.units,
    };
    let (dataset, findings) = bind(&checked.program, &input);
    let mut placed = Diagnostics::default();
    placed.extend(findings.into_list().into_iter().map(|finding| given.placed(checked, finding)));
    (dataset, placed)
}

fn run_one(
    checked: &Checked,
    evaluate: &dyn Fn(&Dataset, &RunOptions) -> RunOutcome,
    example: &Example,
) -> ExampleResult {
    let source = &checked.document.source;
    let (dataset, findings) = example_data(checked, example);
    let also = expect::names(checked, example);
    let mut unknown = Vec::new();
    let mut said: Vec<Diagnostic> = findings.into_list();
    let outcome = match said.iter().any(Diagnostic::is_error) {
        true => RunOutcome::default(),
        false => {
            let options = RunOptions { also, ..RunOptions::default() };
            evaluate(&dataset, &options)
        }
    };
    said.extend(outcome.diagnostics.list().iter().cloned());
    let refused = said.iter().any(Diagnostic::is_error);
    let mut expectations = Vec::new();
    let mut awaits_failure = false;
    for item in &example.items {
        match item {
            ExampleItem::ExpectFailure { part, span } => {
                awaits_failure = true;
                expectations.push(message(source, "failure", part, *span, &said, true));
            }
            ExampleItem::ExpectWarning { part, span } => {
                let mut all = said.clone();
                all.extend(checked.diagnostics.list().iter().cloned());
                expectations.push(message(source, "warning", part, *span, &all, false));
            }
            ExampleItem::ExpectTable { names, tolerance, table } if !refused => {
                let wanted = expect::ExpectedTable { names, tolerance: *tolerance, table };
                expect::compare(checked, &outcome, &wanted, &mut expectations, &mut unknown);
            }
            _ => {}
        }
    }
    let mut diagnostics: Vec<Diagnostic> = unknown;
    if !awaits_failure {
        diagnostics.extend(said.into_iter().filter(Diagnostic::is_error));
    }
    let passed =
        diagnostics.is_empty() && expectations.iter().all(|expectation| expectation.passed);
    ExampleResult {
        title: example.title.clone(),
        place: Place::span(source.clone(), example.heading_span),
        expectations,
        diagnostics,
        passed,
    }
}

/// Whether some finding says what is expected, in either language.
fn message(
    source: &str,
    what: &str,
    part: &str,
    span: Span,
    said: &[Diagnostic],
    errors: bool,
) -> Expectation {
    let of_kind: Vec<&Diagnostic> = said.iter().filter(|d| d.is_error() == errors).collect();
    let bare = part.replace('`', "");
    let says = |diagnostic: &&Diagnostic| {
        let texts = std::iter::once(&diagnostic.message)
            .chain(&diagnostic.notes)
            .chain(&diagnostic.hint)
            .chain(diagnostic.labels.iter().map(|label| &label.text));
        // Markdown takes the backticks of inline code away, messages have them.
        let has = |text: &str| text.contains(part) || text.replace('`', "").contains(&bare);
        texts.into_iter().any(|text| has(&text.zh) || has(&text.en))
    };
    let passed = of_kind.iter().any(says);
    let actual = match of_kind.as_slice() {
        [] => "—".to_owned(),
        list => list.iter().map(|d| d.message.zh.as_str()).take(3).collect::<Vec<_>>().join("；"),
    };
    Expectation {
        what: what.to_owned(),
        expected: format!("\"{part}\""),
        actual,
        difference: None,
        tolerance: None,
        passed,
        place: Place::span(source, span),
    }
}

/// What stands for the sheet of an example's tables, before their number.
const TABLE: &str = "表";

/// Names in the examples that the document does not declare: said without running anything.
pub(crate) fn unknown_names(checked: &Checked) -> Vec<Diagnostic> {
    checked.document.examples.iter().flat_map(|one| expect::unknown_names(checked, one)).collect()
}

/// What an example gives, as the binder wants it.
struct Given<'e> {
    tables: Vec<Table>,
    names: Vec<Vec<String>>,
    scalars: Vec<(String, String, Place)>,
    spans: Vec<&'e ExampleTable>,
}

impl<'e> Given<'e> {
    fn of(checked: &Checked, example: &'e Example) -> Self {
        let mut given =
            Given { tables: Vec::new(), names: Vec::new(), scalars: Vec::new(), spans: Vec::new() };
        for item in &example.items {
            match item {
                ExampleItem::GivenTable { names, table } => {
                    let mut copy = table.table.clone();
                    // The number of the table stands for the sheet, to find its cells again.
                    copy.sheet = Some(format!("{TABLE} {}", given.tables.len() + 1));
                    given.tables.push(copy);
                    given.names.push(names.iter().map(|(name, _)| name.clone()).collect());
                    given.spans.push(table);
                }
                ExampleItem::Given { name, value, span } => {
                    let place = Place::span(checked.document.source.clone(), *span);
                    given.scalars.push((name.clone(), value.clone(), place));
                }
                _ => {}
            }
        }
        given
    }

    /// A finding about a cell as one about bytes of the document.
    fn placed(&self, checked: &Checked, mut finding: Diagnostic) -> Diagnostic {
        for label in &mut finding.labels {
            if let Place::Cell(cell) = &label.place
                && let Some(span) = self.cell_span(cell)
            {
                label.place = Place::span(checked.document.source.clone(), span);
            }
        }
        finding
    }

    fn cell_span(&self, cell: &CellPlace) -> Option<Span> {
        let number = cell.sheet.as_deref()?.strip_prefix(TABLE)?.trim();
        let table = self.spans.get(number.parse::<usize>().ok()?.checked_sub(1)?)?;
        let row = (cell.row as usize).checked_sub(1).and_then(|row| table.cell_spans.get(row));
        let found = (cell.column as usize)
            .checked_sub(1)
            .and_then(|column| row.and_then(|row| row.get(column)).copied());
        Some(found.unwrap_or(table.span))
    }
}

/// Variables that an example expects beside the outputs.
pub(crate) type Also = Vec<VariableId>;
