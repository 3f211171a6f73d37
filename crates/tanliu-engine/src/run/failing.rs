//! 两边的值 What both sides of a comparison are at the first rows at which a condition fails: the
//! interpreter judges the condition once more over those rows alone, and its words are taken.

use super::Run;
use super::results::value_of;
use crate::atom::Atom;
use crate::lane::{LaneInput, Lanes};
use crate::pass::{Failing, MadeValue};
use crate::split::{Relation, WorkKind, given_rows};
use tanliu_diagnostic::Diagnostic;
use tanliu_method::data::{Dataset, GivenState, InputTable};
use tanliu_method::eval::{RunOptions, RunOutcome, run as interpret};

impl Run<'_> {
    /// Keeps the words for the conditions of a relation that fail somewhere.
    pub(super) fn judge_again(&mut self, relation: &Relation, failing: &[Failing]) {
        for (work, failing) in relation.works.iter().zip(failing) {
            if let WorkKind::Condition(number, _) = work.kind
                && !failing.rows.is_empty()
            {
                self.failed.extend(self.judged(number, &relation.lanes, failing));
            }
        }
    }

    fn judged(&self, number: usize, lanes: &Lanes, failing: &Failing) -> Option<Diagnostic> {
        let mut program = self.program.clone();
        program.conditions = vec![program.conditions.get(number)?.clone()];
        program.evidence.clear();
        let mut dataset = Dataset { loose: Vec::new(), ..self.dataset.clone() };
        for (place, input) in lanes.inputs.iter().enumerate() {
            dataset.inputs.insert(input.id, self.few_rows(lanes, (place, input), failing));
        }
        let options = RunOptions { roots: Some(Vec::new()), ..RunOptions::default() };
        let outcome = interpret(&program, &dataset, self.catalogue, &options);
        outcome.diagnostics.list().iter().find(|finding| is_failed(finding)).cloned()
    }

    fn few_rows(
        &self,
        lanes: &Lanes,
        (place, input): (usize, &LaneInput),
        failing: &Failing,
    ) -> InputTable {
        let Some(variable) = self.program.variables.get(input.id) else {
            return InputTable::default();
        };
        // Rows have their keys in the order of the relation, tables in the declared one.
        let places: Vec<usize> = (variable.dims.iter())
            .filter_map(|index| lanes.dims.iter().position(|dim| dim == index))
            .collect();
        let rows = failing.rows.iter().filter_map(|(key, values)| {
            let value: &MadeValue = values.get(place)?.as_ref()?;
            let key: Vec<Atom> =
                places.iter().filter_map(|place| key.get(*place).cloned()).collect();
            Some(Ok((key, value_of(&self.program, &input.ty, value), GivenState::Present)))
        });
        let known = self.dataset.inputs.get(&input.id);
        InputTable {
            source: known.and_then(|table| table.source),
            column: known.map_or(0, |table| table.column),
            ..given_rows(&self.program, &variable.dims, rows).unwrap_or_default()
        }
    }

    /// Puts the words where the whole run tells of the same condition.
    pub(super) fn tell_values(&mut self, outcome: &mut RunOutcome) {
        let failed = std::mem::take(&mut self.failed);
        let told = std::mem::take(&mut outcome.diagnostics);
        outcome.diagnostics = told.filter_map(|mut finding| {
            let same = |own: &&Diagnostic| {
                own.code == finding.code
                    && own.message == finding.message
                    && own.labels == finding.labels
            };
            if is_failed(&finding)
                && let Some(own) = failed.iter().find(same)
            {
                // Its first note names the failing keys, of which it saw only these.
                finding.notes.extend(own.notes.iter().skip(1).cloned());
                finding.hint.clone_from(&own.hint);
            }
            Some(finding)
        });
    }
}

fn is_failed(finding: &Diagnostic) -> bool {
    matches!(finding.code, "refused" | "warned")
}
