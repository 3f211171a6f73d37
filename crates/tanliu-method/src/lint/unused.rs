//! 未用 Declarations that reach neither an output nor a condition.

use super::{is_own, messages, place, word_of};
use crate::ast::{Expr, ExprKind, Item};
use crate::check::Checked;
use crate::program::{VariableId, VariableKind};
use std::collections::BTreeSet;
use tanliu_diagnostic::Diagnostic;

/// Objects to each declaration of the document itself that nothing rests on.
pub(super) fn read(checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let program = &checked.program;
    let outputs: Vec<VariableId> = (0..program.variables.len())
        .filter(|id| program.variables.get(*id).is_some_and(|variable| variable.output))
        .collect();
    let conditions: Vec<_> = program.conditions.iter().map(|condition| condition.root).collect();
    let reached = program.reach(&outputs, &conditions);
    for (id, variable) in program.variables.iter().enumerate() {
        if reached.contains(&id) || !is_own(variable.origin) || variable.name.contains('.') {
            continue;
        }
        // What a worked example looks at serves its reader.
        let is_formula = matches!(variable.kind, VariableKind::Formula { parameter: false, .. });
        if is_formula && expected(checked, &variable.name) {
            continue;
        }
        let word = word_of(&variable.kind, variable.output);
        let here = place(checked, variable.origin.span);
        findings.push(messages::unused(&variable.name, &word.zh, &word.en, here));
    }
    functions(checked, findings);
}

/// Whether a worked example expects a value of it.
fn expected(checked: &Checked, name: &str) -> bool {
    use crate::document::ExampleItem;
    checked.document.examples.iter().flat_map(|example| &example.items).any(|item| match item {
        ExampleItem::ExpectTable { names, .. } => names.iter().any(|(own, _)| own == name),
        _ => false,
    })
}

/// Empirical functions are folded in where they are called: whether they are is seen as written.
fn functions(checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let mut called = BTreeSet::new();
    for declaration in &checked.declarations {
        match &declaration.item {
            Item::Formula(formula) => calls(&formula.expr, &mut called),
            Item::Function(function) => calls(&function.body, &mut called),
            Item::Require(condition) => calls(&condition.condition, &mut called),
            Item::Use(used) => used.arguments.iter().for_each(|(_, e)| calls(e, &mut called)),
            Item::Param(param) => {
                if let crate::ast::ParamValue::Expr(expr) = &param.value {
                    calls(expr, &mut called);
                }
            }
            Item::Index(_) | Item::Input(_) | Item::Factor(_) | Item::Evidence(_) => {}
        }
    }
    for declaration in &checked.declarations {
        if let Item::Function(function) = &declaration.item
            && !called.contains(&function.name.text)
        {
            let here = place(checked, function.name.span);
            let name = &function.name.text;
            findings.push(messages::unused(name, "经验式", "function", here));
        }
    }
}

fn calls(expr: &Expr, found: &mut BTreeSet<String>) {
    if let ExprKind::Call(name, _) = &expr.kind {
        found.insert(name.text.clone());
    }
    expr.children().into_iter().for_each(|child| calls(child, found));
}
