//! `tanliu check`: what is wrong with documents, before any data.

use super::Batch;
use crate::arguments::Check;
use crate::failure::{Ended, Failure};
use crate::findings::findings_json;
use crate::screen::Screen;
use serde_json::json;
use tanliu_diagnostic::counted;

/// Checks documents and prints what was found.
pub(crate) fn run(wanted: &Check, screen: &mut Screen) -> Result<Ended, Failure> {
    let batch = Batch::read(&wanted.paths, &wanted.sources)?;
    let (errors, warnings) = batch.counts();
    let ended = Ended::from_errors(errors);
    if wanted.json {
        screen.json(&as_json(&batch));
        return Ok(ended);
    }
    for checked in &batch.checked {
        screen.findings(checked.diagnostics.list(), &batch.texts, true);
        tell_dropped(checked.diagnostics.dropped(), screen);
    }
    screen.findings(batch.common.list(), &batch.texts, true);
    batch.tell_passed_over(screen);
    let documents = batch.checked.len();
    screen.line(
        format!("{documents} 篇文档，{errors} 个错误，{warnings} 个警告"),
        [counted(documents, "document"), counted(errors, "error"), counted(warnings, "warning")]
            .join(", "),
    );
    Ok(ended)
}

/// Says how many findings were only counted.
pub(super) fn tell_dropped(count: usize, screen: &mut Screen) {
    if count > 0 {
        screen.line(
            format!("… 另有 {count} 条只计数、未保留"),
            format!("… {count} more were only counted"),
        );
    }
}

fn as_json(batch: &Batch) -> serde_json::Value {
    let (errors, warnings) = batch.counts();
    let documents: Vec<_> = batch
        .checked
        .iter()
        .map(|checked| {
            json!({
                "path": checked.document.source,
                "id": checked.document.front.id,
                "version": checked.document.front.version,
                "errors": checked.diagnostics.error_count(),
                "warnings": checked.diagnostics.warning_count(),
                "findings": findings_json(checked.diagnostics.list(), &batch.texts),
            })
        })
        .collect();
    json!({
        "documents": documents,
        "findings": findings_json(batch.common.list(), &batch.texts),
        "passed_over": batch.passed_over,
        "errors": errors,
        "warnings": warnings,
    })
}
