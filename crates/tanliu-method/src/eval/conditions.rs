//! 条件与证据 `require`, `warn` and `require evidence`, key by key.

use super::Evaluator;
use super::column::PRESENT;
use super::run::{KeyCodes, RunOutcome, Violation, collect_states};
use crate::program::{Condition, IndexId, Input, Key, NodeId, Program, VariableKind};
use std::collections::BTreeSet;
use tanliu_diagnostic::Diagnostic;

/// That a condition fails, without the keys at which it does.
pub(super) fn failed(program: &Program, condition: &Condition) -> Diagnostic {
    let (code, make): (_, fn(_, String, String) -> Diagnostic) = match condition.warn {
        true => ("warned", Diagnostic::warning),
        false => ("refused", Diagnostic::error),
    };
    let message = condition.message.clone();
    make(code, message.clone(), message).at(program.place(condition.origin), "", "")
}

/// Whether a condition is about optional inputs alone: without them there is nothing to be judged.
pub fn about_optional(program: &Program, root: NodeId) -> bool {
    let inputs: Vec<&Input> = (program.origins(root).into_iter())
        .filter_map(|id| program.variables.get(id))
        .filter(|variable| !variable.dims.is_empty())
        .filter_map(|variable| match &variable.kind {
            VariableKind::Input(input) => Some(input),
            _ => None,
        })
        .collect();
    inputs.iter().any(|input| input.optional)
        && inputs.iter().all(|input| input.optional || input.default.is_some())
}

impl Evaluator<'_> {
    pub(super) fn check_condition(
        &self,
        number: usize,
        outcome: &mut RunOutcome,
        refused: &mut Vec<KeyCodes>,
        states: &mut BTreeSet<u32>,
    ) {
        let Some(condition) = self.program.conditions.get(number) else { return };
        let frame = self.frame_of(condition.root);
        let column = self.eval(condition.root, &frame);
        collect_states(&column, states);
        let message = &condition.message;
        let withheld = self.withheld(message, &frame.dims, (&*frame, &column));
        let waits = withheld.is_some();
        outcome.withheld.extend(withheld);
        let judged = (0..frame.rows).any(|row| column.state(row) == PRESENT);
        if !judged
            && !waits
            && condition.origin.document == 0
            && !about_optional(self.program, condition.root)
            && !states.iter().any(|state| *state > 1)
        {
            outcome.diagnostics.push(self.not_judged(condition));
        }
        let failing: Vec<usize> = (0..frame.rows)
            .filter(|row| column.state(*row) == PRESENT && column.bools().get(*row) == Some(&false))
            .collect();
        if failing.is_empty() {
            return;
        }
        let codes = |row: usize| -> Vec<(IndexId, u32)> {
            frame.dims.iter().copied().zip(frame.key(row)).collect()
        };
        let keys: Vec<String> = failing
            .iter()
            .map(|row| self.show_key(&codes(*row)))
            .filter(|key| !key.is_empty())
            .collect();
        if !condition.warn {
            for row in &failing {
                let key: KeyCodes = codes(*row)
                    .into_iter()
                    .filter_map(|(index, code)| {
                        Some((index, self.dictionary(index).key(code)?.clone()))
                    })
                    .collect();
                if !key.is_empty() {
                    refused.push(key);
                }
            }
        }
        let message = condition.message.clone();
        let mut diagnostic = failed(self.program, condition);
        if !keys.is_empty() {
            let (shown, rest) = (keys.len().min(20), keys.len().saturating_sub(20));
            let list = keys.get(..shown).unwrap_or_default().join("；");
            let more = if rest > 0 { format!(" … +{rest}") } else { String::new() };
            diagnostic = diagnostic.note(
                format!("不满足的键（{}）：{list}{more}", keys.len()),
                format!("failing keys ({}): {}{more}", keys.len(), list.replace('；', "; ")),
            );
        }
        let diagnostic = self.with_values(diagnostic, condition.root, (&frame, &failing));
        outcome.diagnostics.push(diagnostic);
        outcome.violations.push(Violation { warn: condition.warn, message, keys });
    }

    /// A condition that no key of the data comes under.
    fn not_judged(&self, condition: &Condition) -> Diagnostic {
        let message = &condition.message;
        Diagnostic::warning(
            "condition-not-judged",
            format!("条件没有可判断的键：{message}"),
            format!("the condition has no key to be judged at: {message}"),
        )
        .at(self.place(condition.origin), "", "")
        .hint(
            "查对数据：没有一行用得上这个条件",
            "check the data: no row comes under this condition",
        )
    }

    pub(super) fn check_evidence(&self, outcome: &mut RunOutcome, refused: &mut Vec<KeyCodes>) {
        for evidence in &self.program.evidence {
            let names: Vec<&str> = evidence
                .dims
                .iter()
                .filter_map(|index| self.program.indexes.get(*index))
                .map(|index| index.name.as_str())
                .collect();
            let rows: Vec<_> =
                self.dataset.evidence.iter().filter(|row| row.item == evidence.message).collect();
            for row in rows.iter().filter(|row| !row.satisfied) {
                let keys: Vec<(IndexId, Key)> = row
                    .keys
                    .iter()
                    .filter_map(|(name, key)| Some((self.program.index(name)?, key.clone())))
                    .collect();
                let shown = keys
                    .iter()
                    .filter_map(|(index, key)| {
                        let index = self.program.indexes.get(*index)?;
                        Some(format!("{} = {}", index.name, index.show(key)))
                    })
                    .collect::<Vec<_>>()
                    .join(", ");
                let item = &evidence.message;
                let (of_zh, of_en) = match shown.as_str() {
                    "" => (String::new(), String::new()),
                    shown => (format!("（{shown}）"), format!(" ({shown})")),
                };
                outcome.diagnostics.push(
                    Diagnostic::error(
                        "evidence-violated",
                        format!("证据不满足：{item}{of_zh}"),
                        format!("evidence is violated: {item}{of_en}"),
                    )
                    .at(self.place(evidence.origin), "", ""),
                );
                let keys_shown = if shown.is_empty() { Vec::new() } else { vec![shown] };
                let message = item.clone();
                outcome.violations.push(Violation { warn: false, message, keys: keys_shown });
                if !keys.is_empty() {
                    refused.push(keys);
                }
            }
            self.open_evidence(evidence, &names, &rows, outcome);
        }
    }

    fn open_evidence(
        &self,
        evidence: &crate::program::Evidence,
        names: &[&str],
        rows: &[&crate::data::EvidenceRow],
        outcome: &mut RunOutcome,
    ) {
        if names.is_empty() {
            if rows.is_empty() {
                outcome.open_evidence.push((evidence.message.clone(), String::new()));
            }
            return;
        }
        // Evidence by key: every key of the run is asked for its row.
        let mut keys: Vec<Vec<(String, Key)>> = vec![Vec::new()];
        for (index, name) in evidence.dims.iter().zip(names) {
            let mut longer = Vec::new();
            for key in &keys {
                for next in &self.dictionary(*index).keys {
                    let mut key = key.clone();
                    key.push(((*name).to_owned(), next.clone()));
                    longer.push(key);
                }
            }
            keys = longer;
        }
        for key in keys {
            let found = rows.iter().any(|row| key.iter().all(|part| row.keys.contains(part)));
            if !found {
                let shown = key
                    .iter()
                    .filter_map(|(name, key)| {
                        let index = self.program.indexes.get(self.program.index(name)?)?;
                        Some(format!("{name} = {}", index.show(key)))
                    })
                    .collect::<Vec<_>>()
                    .join(", ");
                outcome.open_evidence.push((evidence.message.clone(), shown));
            }
        }
    }
}
