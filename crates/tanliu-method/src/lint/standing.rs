//! 出处 Figures without a source or a standing, holes that nobody could fill, inputs of a method for
//! reductions without a word on where they come from.

use super::{messages, place};
use crate::ast::{
    Declaration, Expr, ExprKind, Item, LiteralValue, MapExpr, MapValue, ParamDecl, ParamValue,
};
use crate::check::Checked;
use tanliu_diagnostic::Diagnostic;
use tanliu_factor::Standing;

/// Objects to parameters and inputs as they are written.
pub(super) fn read(checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let is_reduction = checked.document.front.kind.as_deref() == Some("reduction");
    for declaration in &checked.declarations {
        match &declaration.item {
            Item::Param(param) => read_param(checked, declaration, param, findings),
            Item::Input(input) if is_reduction && !says(declaration, &["source"]) => {
                let here = place(checked, input.name.span);
                findings.push(messages::monitoring_lacking(&input.name.text, here));
            }
            _ => {}
        }
    }
}

fn read_param(
    checked: &Checked,
    declaration: &Declaration,
    param: &ParamDecl,
    findings: &mut Vec<Diagnostic>,
) {
    let here = place(checked, param.name.span);
    let name = &param.name.text;
    let figures = match &param.value {
        ParamValue::Hole(_) => {
            if !says(declaration, &["note", "source"]) {
                findings.push(messages::hole_unexplained(name, here));
            }
            return;
        }
        ParamValue::Map(map) => map_has_figures(map),
        ParamValue::Expr(expr) => is_figure(expr),
    };
    if !figures {
        return;
    }
    if !says(declaration, &["source"]) {
        findings.push(messages::source_lacking(name, here.clone()));
    }
    let standing = declaration.attributes.iter().find(|line| line.kind == "standing");
    let found = standing.map(|line| line.text.trim());
    // A figure of a library may not stand on memory.
    if found.and_then(Standing::parse).is_none_or(|standing| standing == Standing::Memory) {
        findings.push(messages::standing_lacking(name, found, here));
    }
}

fn says(declaration: &Declaration, kinds: &[&str]) -> bool {
    declaration
        .attributes
        .iter()
        .any(|line| kinds.contains(&line.kind.as_str()) && !line.text.trim().is_empty())
}

fn map_has_figures(map: &MapExpr) -> bool {
    map.entries.iter().any(|entry| match &entry.value {
        Some(MapValue::Literal(literal)) => matches!(literal.value, LiteralValue::Number { .. }),
        Some(MapValue::Map(map)) => map_has_figures(map),
        Some(MapValue::Name(_)) | None => false,
    })
}

/// A number as written. One that is worked out from other parameters rests on theirs.
fn is_figure(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(literal) => matches!(literal.value, LiteralValue::Number { .. }),
        ExprKind::Negate(inner) => is_figure(inner),
        _ => false,
    }
}
