//! `tanliu lint`: what a careful reader objects to in documents that run.

use super::Batch;
use super::check::tell_dropped;
use crate::arguments::Lint;
use crate::failure::{Ended, Failure};
use crate::findings::findings_json;
use crate::screen::Screen;
use serde_json::json;
use tanliu_diagnostic::{Diagnostic, counted};
use tanliu_method::lint::{Linted, lint};

/// Reads documents and prints the objections; any objection or error is a refusal.
pub(crate) fn run(wanted: &Lint, screen: &mut Screen) -> Result<Ended, Failure> {
    let batch = Batch::read(&wanted.paths, &wanted.sources)?;
    let (errors, _) = batch.counts();
    let linted: Vec<Linted> =
        batch.checked.iter().map(|checked| lint(checked, &batch.loaded.catalogue)).collect();
    let objections: usize = linted.iter().map(|linted| linted.findings.len()).sum();
    let ended = Ended::from_errors(errors + objections);
    if wanted.json {
        screen.json(&as_json(&batch, &linted, errors, objections));
        return Ok(ended);
    }
    for (checked, linted) in batch.checked.iter().zip(&linted) {
        let broken: Vec<Diagnostic> = checked
            .diagnostics
            .list()
            .iter()
            .filter(|finding| finding.is_error())
            .cloned()
            .collect();
        screen.findings(&broken, &batch.texts, true);
        tell_dropped(checked.diagnostics.dropped(), screen);
        screen.findings(&linted.findings, &batch.texts, true);
        if wanted.excused {
            tell_excused(linted, &batch, screen);
        }
    }
    screen.findings(batch.common.list(), &batch.texts, true);
    batch.tell_passed_over(screen);
    let documents = batch.checked.len();
    let excused: usize = linted.iter().map(|linted| linted.excused.len()).sum();
    screen.line(
        format!(
            "{documents} 篇文档，{errors} 个错误，{objections} 条意见，{excused} 处写明理由的例外"
        ),
        [
            counted(documents, "document"),
            counted(errors, "error"),
            counted(objections, "objection"),
            counted(excused, "reasoned exception"),
        ]
        .join(", "),
    );
    Ok(ended)
}

fn tell_excused(linted: &Linted, batch: &Batch, screen: &mut Screen) {
    for excused in &linted.excused {
        let finding = &excused.finding;
        let place = finding
            .labels
            .first()
            .map(|label| crate::findings::place_words(&label.place, &batch.texts).to_owned());
        let place = place.unwrap_or_default();
        let (code, reason) = (finding.code, &excused.reason);
        screen.line(
            format!("例外 {place} {code}：{}（理由：{reason}）", finding.message.zh),
            format!("excused {place} {code}: {} (reason: {reason})", finding.message.en),
        );
    }
}

fn as_json(
    batch: &Batch,
    linted: &[Linted],
    errors: usize,
    objections: usize,
) -> serde_json::Value {
    let documents: Vec<_> = batch
        .checked
        .iter()
        .zip(linted)
        .map(|(checked, linted)| {
            let excused: Vec<Diagnostic> =
                linted.excused.iter().map(|excused| excused.finding.clone()).collect();
            let reasons: Vec<&str> =
                linted.excused.iter().map(|excused| excused.reason.as_str()).collect();
            json!({
                "path": checked.document.source,
                "id": checked.document.front.id,
                "version": checked.document.front.version,
                "errors": checked.diagnostics.error_count(),
                "findings": findings_json(&linted.findings, &batch.texts),
                "excused": findings_json(&excused, &batch.texts),
                "reasons": reasons,
            })
        })
        .collect();
    json!({
        "documents": documents,
        "findings": findings_json(batch.common.list(), &batch.texts),
        "passed_over": batch.passed_over,
        "errors": errors,
        "objections": objections,
    })
}
