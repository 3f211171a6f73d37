//! 原名 What a run called files that are now read from elsewhere: out of a pack that was unpacked.
//!
//! Messages, places and the manifest must say the names of the run, or nothing would compare.

use super::Intake;
use tanliu_diagnostic::{Diagnostic, Place, Text};

/// 原名 Where files lie now, and what they are called; longer paths first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(Vec<(String, String)>);

impl Names {
    /// What lies at `now` (and, if it is a folder, below it) is called `then`.
    pub(crate) fn add(&mut self, now: String, then: String) {
        self.0.push((now, then));
        self.0.sort_by(|left, right| (right.0.len(), &right.0).cmp(&(left.0.len(), &left.0)));
    }

    /// A text with the names of the run. The folder of an unpacked pack has a name that occurs
    /// nowhere else, so that a plain replacement does no harm.
    fn restored(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (now, then) in &self.0 {
            text = text.replace(now.as_str(), then);
        }
        text
    }

    fn restore(&self, text: &mut String) {
        *text = self.restored(text);
    }

    fn restore_text(&self, text: &mut Text) {
        self.restore(&mut text.zh);
        self.restore(&mut text.en);
    }

    /// A finding with the names of the run.
    pub(crate) fn restore_finding(&self, mut finding: Diagnostic) -> Diagnostic {
        self.restore_text(&mut finding.message);
        finding.notes.iter_mut().chain(&mut finding.hint).for_each(|text| self.restore_text(text));
        for label in &mut finding.labels {
            self.restore_text(&mut label.text);
            match &mut label.place {
                Place::File(file) => self.restore(file),
                Place::Span { source, .. } => self.restore(source),
                Place::Cell(cell) => self.restore(&mut cell.source),
            }
        }
        finding
    }
}

impl Intake {
    /// Calls everything by the names of the run.
    pub(crate) fn rename(&mut self, names: &Names) {
        if names.0.is_empty() {
            return;
        }
        for file in &mut self.files {
            // Under the name of the run it cannot be read any more.
            file.sha256 = Some(file.digest());
            names.restore(&mut file.name);
        }
        for table in &mut self.wide {
            names.restore(&mut table.shown);
            table.files.iter_mut().for_each(|file| names.restore(&mut file.shown));
        }
        self.tables.iter_mut().for_each(|table| names.restore(&mut table.source));
        for part in &mut self.parts {
            names.restore(&mut part.folder);
            names.restore(&mut part.file);
        }
        let findings = std::mem::take(&mut self.findings);
        self.findings = findings.filter_map(|finding| Some(names.restore_finding(finding)));
    }
}
