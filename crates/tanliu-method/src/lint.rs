//! 审读 What a careful reader of a methodology objects to, though it runs: bands with gaps, points that do
//! not add up, inputs that nothing uses, branches that nothing reaches, figures without a source.
//!
//! An objection is a finding of a checked document; no data are needed. A document answers it by a mend,
//! or by an `allow "code: reason"` line under the declaration, which stays in the text for its readers.

mod bands;
mod constant;
mod excuse;
mod messages;
mod standing;
#[cfg(test)]
mod tests;
mod unused;

use crate::check::Checked;
use crate::program::{NodeId, NodeKind, Origin, VariableId, VariableKind};
use std::collections::BTreeSet;
use tanliu_diagnostic::{Diagnostic, Place, Span, Text};
use tanliu_factor::Catalogue;

/// 审读结果 What was objected to, and what the document excuses.
#[derive(Debug, Clone, Default)]
pub struct Linted {
    /// Objections that stand, in the order of the document.
    pub findings: Vec<Diagnostic>,
    /// Objections that an `allow` line answers.
    pub excused: Vec<Excused>,
}

/// 例外 An objection with the reason why it may stand.
#[derive(Debug, Clone)]
pub struct Excused {
    /// The objection.
    pub finding: Diagnostic,
    /// The reason, as written.
    pub reason: String,
}

/// The codes of objections that are ours; an `allow` line may name a warning of the checker too.
const CODES: [&str; 13] = [
    "band-gap",
    "band-overlap",
    "branch-unreachable",
    "member-uncovered",
    "constant-condition",
    "unused-declaration",
    "source-lacking",
    "standing-lacking",
    "hole-unexplained",
    "monitoring-lacking",
    "label-lacking",
    "example-lacking",
    "factor-stood-in",
];

/// Reads a checked document with a critic's eye. One with errors is not read: mend them first.
pub fn lint(checked: &Checked, catalogue: &Catalogue) -> Linted {
    if checked.diagnostics.has_errors() || checked.document.blocks.is_empty() {
        return Linted::default();
    }
    let warnings = checked.diagnostics.list().iter().filter(|finding| !finding.is_error());
    let mut findings: Vec<Diagnostic> = warnings.cloned().collect();
    bands::read(checked, &mut findings);
    constant::read(checked, catalogue, &mut findings);
    unused::read(checked, &mut findings);
    stood_in(checked, &mut findings);
    standing::read(checked, &mut findings);
    labels(checked, &mut findings);
    examples(checked, &mut findings);
    findings.sort_by_key(|finding| span_of(finding).map_or(0, |span| span.start));
    findings.dedup();
    excuse::answer(checked, findings)
}

/// Whether something is written in the document itself, not in one it uses.
fn is_own(origin: Origin) -> bool {
    origin.document == 0
}

fn place(checked: &Checked, span: Span) -> Place {
    Place::Span { source: checked.document.source.clone(), span }
}

/// The bytes a finding is about.
fn span_of(finding: &Diagnostic) -> Option<Span> {
    let label = finding.labels.iter().find(|label| label.primary)?;
    match &label.place {
        Place::Span { span, .. } => Some(*span),
        Place::Cell(_) | Place::File(_) => None,
    }
}

/// `x ?? 0` written for a source that may not occur also answers for a factor that lacks the year: a term
/// vanishes where an error was due.
fn stood_in(checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let program = &checked.program;
    for node in program.nodes.iter().filter(|node| is_own(node.origin)) {
        let NodeKind::Default(left, right) = node.kind else { continue };
        if ends_in_hole(checked, right) {
            continue;
        }
        // What is itself an output has told its errors already.
        let mut behind = BTreeSet::new();
        let mut open: Vec<VariableId> = program.named_in(left).into_iter().collect();
        while let Some(id) = open.pop() {
            let Some(variable) = program.variables.get(id) else { continue };
            if variable.output || !behind.insert(id) {
                continue;
            }
            open.extend(
                variable.kind.root().map(|root| program.named_in(root)).into_iter().flatten(),
            );
        }
        let factor = behind.iter().find_map(|id| {
            let variable = program.variables.get(*id)?;
            matches!(variable.kind, VariableKind::Factor(_)).then_some(&variable.name)
        });
        if let Some(factor) = factor {
            findings.push(messages::stood_in(factor, place(checked, node.origin.span)));
        }
    }
}

/// `factor ?? pending` with a hole withholds what it cannot find: nothing is stood in for.
fn ends_in_hole(checked: &Checked, node: NodeId) -> bool {
    let kind = |node: NodeId| checked.program.nodes.get(node).map(|node| &node.kind);
    match kind(node) {
        Some(NodeKind::Variable(id)) => {
            let variable = checked.program.variables.get(*id);
            variable.is_some_and(|variable| matches!(variable.kind, VariableKind::Hole))
        }
        Some(NodeKind::Default(_, right) | NodeKind::Convert(right, _)) => {
            ends_in_hole(checked, *right)
        }
        _ => false,
    }
}

/// What readers of a table or a page see instead of a name.
fn labels(checked: &Checked, findings: &mut Vec<Diagnostic>) {
    for variable in &checked.program.variables {
        let shown = variable.output
            || matches!(
                variable.kind,
                VariableKind::Input(_) | VariableKind::Param(_) | VariableKind::Hole
            );
        if shown && variable.label.is_none() && is_own(variable.origin) {
            let here = place(checked, variable.origin.span);
            findings.push(messages::label_lacking(&variable.name, here));
        }
    }
}

/// A method whose figures nobody can hold it to.
fn examples(checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let expects = checked.document.examples.iter().any(|example| !example.items.is_empty());
    if !expects {
        let front = checked.document.front.span;
        let end = front.start + checked.document.front.id_span.end.saturating_sub(front.start);
        let here = place(checked, Span::new(front.start, end));
        findings.push(messages::example_lacking(here));
    }
}

/// What kind of declaration a variable is, for messages.
fn word_of(kind: &VariableKind, output: bool) -> Text {
    match kind {
        VariableKind::Input(_) => Text::new("输入", "input"),
        VariableKind::Param(_) => Text::new("参数", "parameter"),
        VariableKind::Hole => Text::new("待定参数", "named hole"),
        VariableKind::Factor(_) => Text::new("因子", "factor"),
        VariableKind::Formula { parameter: true, .. } => Text::new("参数", "parameter"),
        VariableKind::Formula { .. } if output => Text::new("输出", "output"),
        VariableKind::Formula { .. } => Text::new("中间量", "formula"),
    }
}
