//! 报告 Findings about cells: a few of each kind are shown, all are counted.

use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Diagnostics};

/// How many findings of one kind are shown for one column.
pub(super) const SHOWN: usize = 20;

/// 分列报告 The findings of one pass over a column.
pub(super) struct ColumnReport {
    counts: BTreeMap<&'static str, usize>,
    found: Diagnostics,
    /// Counted, never kept.
    rest: Diagnostics,
}

impl ColumnReport {
    /// No finding yet.
    pub(super) fn new() -> Self {
        Self {
            counts: BTreeMap::new(),
            found: Diagnostics::with_limit(usize::MAX),
            rest: Diagnostics::with_limit(0),
        }
    }

    /// Counts an error; `build` runs only if it is among the first of its kind.
    pub(super) fn error(&mut self, code: &'static str, build: impl FnOnce() -> Diagnostic) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= SHOWN {
            self.found.push(build());
        } else if *count > SHOWN + 1 {
            // One of those beyond is counted by the line that sums them up.
            self.rest.push(Diagnostic::error(code, "", ""));
        }
    }

    /// Hands the findings over; `column` says which column, in a line that sums up what is beyond.
    pub(super) fn finish(mut self, column: &str, diagnostics: &mut Diagnostics) {
        for (code, count) in &self.counts {
            if *count > SHOWN {
                let more = count - SHOWN;
                self.found.push(Diagnostic::error(
                    code,
                    format!("{column}：还有 {more} 处同类错误未列出"),
                    format!("{column}: … and {more} more like this"),
                ));
            }
        }
        diagnostics.append(self.found);
        diagnostics.append(self.rest);
    }
}
