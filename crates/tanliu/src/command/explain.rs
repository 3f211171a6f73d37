//! `tanliu explain`: how one figure came about, as a tree down to cells, parameters and factors.

mod select;
mod tell;

use crate::arguments::Explain;
use crate::failure::{Ended, Failure};
use crate::findings::findings_json;
use crate::screen::Screen;
use crate::session::Session;
use select::{Selected, known, no_such_figure};
use serde_json::json;
use std::path::Path;
use tanliu_diagnostic::Diagnostic;
use tanliu_method::data::Dataset;
use tanliu_method::eval::trace;
use tanliu_method::parse::parse_selector;
use tell::Teller;

pub(crate) use tell::{Teller as Told, cell_text};

/// The name of the selection among the texts.
const FIGURE: &str = "FIGURE";

/// Explains one figure.
pub(crate) fn run(wanted: &Explain, screen: &mut Screen) -> Result<Ended, Failure> {
    let mut data = wanted.data.clone();
    let figure = match &wanted.figure {
        Some(figure) => figure.clone(),
        // `--data` takes several values, the figure behind them too.
        None => data.data.pop_if(|last| !Path::new(last).exists()).ok_or_else(no_figure)?,
    };
    let mut session = Session::open(&wanted.document, &wanted.sources)?;
    session.texts.insert(FIGURE.to_owned(), figure.clone());
    if session.findings.has_errors() {
        return Ok(refuse(&session, None, wanted.json, screen));
    }
    let program = &session.checked.program;
    let keys = parse_selector(FIGURE, &figure, &session.checked.units)
        .and_then(|selection| known(&figure, selection, program));
    let (name, keys) = match keys {
        Ok(selected) => selected,
        Err(finding) => return Ok(refuse(&session, Some(*finding), wanted.json, screen)),
    };
    let mut bound = session.bind(&data)?;
    if !bound.wide.is_empty() && !session.findings.has_errors() {
        let program = &session.checked.program;
        let indexed =
            keys.iter().filter_map(|(index, key)| Some((program.index(index)?, key.clone())));
        let indexed: Vec<_> = indexed.collect();
        if let Some(id) = program.variable(&name) {
            bound = session.narrow(bound, &data, (id, &indexed))?;
        }
    }
    if session.findings.has_errors() {
        return Ok(refuse(&session, None, wanted.json, screen));
    }
    let parts = (&bound.dataset, &session.loaded.catalogue);
    match trace(&session.checked.program, parts, &name, &keys, wanted.depth) {
        Ok(tree) => {
            let teller = Teller { session: &session, bound: &bound, lang: screen.lang };
            if wanted.json {
                screen.json(&teller.as_json(&tree));
            } else {
                let mut text = String::new();
                teller.tell(&tree, "", "", &mut text);
                screen.text(&text);
            }
            Ok(Ended::Well)
        }
        Err(error) => {
            let finding = no_such_figure(&figure, &error, &session.checked.program, &bound.dataset);
            Ok(refuse(&session, Some(finding), wanted.json, screen))
        }
    }
}

/// What is wrong with the name of a figure, or with tracing it.
pub(crate) fn figure_findings(
    session: &mut Session,
    dataset: &Dataset,
    figure: &str,
) -> Option<Diagnostic> {
    session.texts.insert(FIGURE.to_owned(), figure.to_owned());
    let program = &session.checked.program;
    let selected = parse_selector(FIGURE, figure, &session.checked.units)
        .and_then(|selection| known(figure, selection, program));
    match selected {
        Err(finding) => Some(*finding),
        Ok((name, keys)) => trace(program, (dataset, &session.loaded.catalogue), &name, &keys, 1)
            .err()
            .map(|error| no_such_figure(figure, &error, program, dataset)),
    }
}

/// The name and the keys of a figure as it is written.
pub(crate) fn figure_of(session: &Session, figure: &str) -> Result<Selected, Box<Diagnostic>> {
    let program = &session.checked.program;
    parse_selector(FIGURE, figure, &session.checked.units)
        .and_then(|selection| known(figure, selection, program))
}

fn no_figure() -> Failure {
    Failure::new("没有说明要解释哪一个数", "no figure is named")
        .hint("在最后写出，例如 'co2[year=2016]'", "name it last, e.g. 'co2[year=2016]'")
}

fn refuse(
    session: &Session,
    finding: Option<Diagnostic>,
    as_json: bool,
    screen: &mut Screen,
) -> Ended {
    let mut list: Vec<Diagnostic> = session.findings.list().to_vec();
    list.extend(finding);
    if as_json {
        screen.json(&json!({ "ok": false, "findings": findings_json(&list, &session.texts) }));
    } else {
        screen.findings(&list, &session.texts, false);
    }
    Ended::Refused
}
