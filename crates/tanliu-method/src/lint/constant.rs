//! 定值条件 Conditions that only parameters decide: points that add up to the stated total, shares that make
//! a whole. They need no data, so they are tried where the document is read.

use super::{is_own, messages, place};
use crate::check::Checked;
use crate::data::Dataset;
use crate::eval::{RunOptions, run};
use crate::program::{Condition, Program, Step, VariableKind};
use std::collections::BTreeSet;
use tanliu_diagnostic::Diagnostic;
use tanliu_factor::Catalogue;

/// Objects to each condition over parameters alone that does not hold.
pub(super) fn read(checked: &Checked, catalogue: &Catalogue, findings: &mut Vec<Diagnostic>) {
    let program = &checked.program;
    let own = program.conditions.iter().filter(|condition| is_own(condition.origin));
    for condition in own {
        if !is_constant(program, condition) {
            continue;
        }
        let alone = alone(program, condition);
        let options = RunOptions { roots: Some(Vec::new()), ..RunOptions::default() };
        let outcome = run(&alone, &Dataset::default(), catalogue, &options);
        if outcome.violations.is_empty() && !outcome.diagnostics.has_errors() {
            continue;
        }
        let shown: Vec<String> = outcome
            .diagnostics
            .list()
            .iter()
            .flat_map(|finding| finding.notes.iter().map(|note| note.zh.clone()))
            .collect();
        let here = place(checked, condition.origin.span);
        let (message, warn) = (&condition.message, condition.warn);
        findings.push(messages::constant_condition(message, warn, &shown, here));
    }
}

/// Whether parameters decide it, and at least one does.
fn is_constant(program: &Program, condition: &Condition) -> bool {
    let behind = program.reach(&[], &[condition.root]);
    let mut kinds = behind.iter().filter_map(|id| program.variables.get(*id)).map(|v| &v.kind);
    !behind.is_empty()
        && kinds.all(|kind| matches!(kind, VariableKind::Param(_) | VariableKind::Formula { .. }))
        && !names_a_key(program, condition)
}

/// A condition at the keys of an index that only data bring cannot be tried.
fn names_a_key(program: &Program, condition: &Condition) -> bool {
    use crate::program::IndexKind;
    let dims = program.nodes.get(condition.root).map(|node| node.dims.clone()).unwrap_or_default();
    dims.iter().any(|index| {
        let kind = program.indexes.get(*index).map(|index| &index.kind);
        !matches!(kind, Some(IndexKind::Closed(_)))
    })
}

/// The program with this condition and nothing else to say.
fn alone(program: &Program, condition: &Condition) -> Program {
    let mut alone = program.clone();
    let behind: BTreeSet<_> = program.reach(&[], &[condition.root]);
    alone.variables.iter_mut().for_each(|variable| variable.output = false);
    alone.conditions = vec![Condition { warn: false, ..condition.clone() }];
    alone.evidence.clear();
    alone.order.retain(|step| match step {
        Step::Formula(id) => behind.contains(id),
        Step::Recurrence { variables, .. } => variables.iter().any(|id| behind.contains(id)),
    });
    alone
}
