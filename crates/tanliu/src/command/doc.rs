//! `tanliu doc`: a document as a page to read, with what its examples came to.

use crate::arguments::Doc;
use crate::deliver::write_file;
use crate::failure::{Ended, Failure};
use crate::screen::Screen;
use crate::session::Session;
use std::collections::BTreeSet;
use tanliu_diagnostic::{Lang, counted};
use tanliu_factor::Standing;
use tanliu_method::examples::{ExampleResult, Expectation, run_examples};
use tanliu_method::program::VariableKind;
use tanliu_office::page::{self, ExampleRow, ExampleStatus, FactorSource, PageOptions, write_page};

/// Writes the page of a document; one with errors is written too, with a banner, and refused.
pub(crate) fn run(wanted: &Doc, screen: &mut Screen) -> Result<Ended, Failure> {
    let mut session = Session::open(&wanted.document, &wanted.sources)?;
    let errors = session.findings.error_count();
    screen.findings(session.findings.list(), &session.texts, false);
    let (page, failed) = page_of(&mut session, screen.lang);
    write_file(&wanted.out, page.as_bytes())?;
    let out = &wanted.out;
    screen.line(format!("已写入 {out}"), format!("written to {out}"));
    if errors > 0 {
        screen.remark(
            format!("文档有 {errors} 个错误"),
            format!("the document has {}", counted(errors, "error")),
        );
    }
    if failed > 0 {
        screen.remark(format!("{failed} 个算例不符"), format!("{failed} examples fail"));
    }
    Ok(Ended::from_errors(errors + failed))
}

/// The page of a session's document, and how many of its examples fail.
pub(crate) fn page_of(session: &mut Session, lang: Lang) -> (String, usize) {
    // The page tells the findings as well.
    session.checked.diagnostics = session.findings.clone();
    let results = run_examples(&session.checked, &session.loaded.catalogue);
    let failed = results.iter().filter(|result| !result.passed).count();
    let options = PageOptions {
        lang,
        examples: results.iter().map(|result| example(result, lang)).collect(),
        factor_sources: factor_sources(session, lang),
    };
    (write_page(&session.checked, &options), failed)
}

fn example(result: &ExampleResult, lang: Lang) -> page::ExampleResult {
    let told = result.diagnostics.iter().filter(|finding| finding.is_error());
    let mut message: Vec<String> = told.map(|f| f.message.get(lang).to_owned()).collect();
    let (rows, said): (Vec<&Expectation>, Vec<&Expectation>) = result
        .expectations
        .iter()
        .partition(|expected| !matches!(expected.what.as_str(), "failure" | "warning"));
    for expected in said {
        let word = match (lang, expected.what.as_str()) {
            (Lang::Zh, "failure") => "应被拒绝：",
            (Lang::Zh, _) => "应有警告：",
            (Lang::En, "failure") => "to be refused: ",
            (Lang::En, _) => "to be warned: ",
        };
        message.push(format!("{word}{}", expected.expected));
    }
    page::ExampleResult {
        title: result.title.clone(),
        status: if result.passed { ExampleStatus::Passed } else { ExampleStatus::Failed },
        message: message.join(if lang == Lang::Zh { "；" } else { "; " }),
        rows: rows.into_iter().map(row).collect(),
    }
}

/// `co2[year = 2016]` and `352.5 tCO2` taken apart.
fn row(expected: &Expectation) -> ExampleRow {
    let (name, key) = match expected.what.split_once('[') {
        Some((name, key)) => (name, key.trim_end_matches(']')),
        None => (expected.what.as_str(), ""),
    };
    let unit = expected.expected.split_once(' ').map_or("", |(_, unit)| unit);
    let figure = |text: &str| {
        let bare = text.strip_suffix(unit).filter(|_| !unit.is_empty());
        bare.unwrap_or(text).trim().to_owned()
    };
    ExampleRow {
        name: name.to_owned(),
        key: key.to_owned(),
        unit: unit.to_owned(),
        expected: figure(&expected.expected),
        actual: figure(&expected.actual),
        difference: expected.difference.as_deref().map(figure).unwrap_or_default(),
        passed: expected.passed,
    }
}

/// The sets that the factors of the document and of those it uses come from.
fn factor_sources(session: &Session, lang: Lang) -> Vec<FactorSource> {
    let named: BTreeSet<&str> = session
        .checked
        .program
        .variables
        .iter()
        .filter_map(|variable| match &variable.kind {
            VariableKind::Factor(factor) => Some(factor.set.as_str()),
            _ => None,
        })
        .collect();
    let sets = named.into_iter().filter_map(|id| session.loaded.catalogue.set(id));
    sets.map(|set| {
        let header = &set.header;
        let source = [header.source.as_deref(), header.page.as_deref()];
        let source: Vec<&str> = source.into_iter().flatten().collect();
        FactorSource {
            set: set.id.clone(),
            title: header.title.get(lang).to_owned(),
            issuer: header.issuer.clone(),
            source: source.join(if lang == Lang::Zh { "，" } else { ", " }),
            standing: header.standing.name(lang).to_owned(),
            verified: header.standing == Standing::Verified,
        }
    })
    .collect()
}
