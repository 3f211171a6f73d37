//! 例外 `allow "code: reason"` lines against the objections to their declarations.

use super::{CODES, Excused, Linted, messages, place, span_of};
use crate::ast::{Attribute, Declaration};
use crate::check::Checked;
use tanliu_diagnostic::Diagnostic;

/// One `allow` line: whose it is, what it names, and whether something needed it.
struct Allowed<'a> {
    declaration: &'a Declaration,
    line: &'a Attribute,
    code: &'a str,
    reason: &'a str,
    needed: bool,
}

/// Parts the objections into those that stand and those that are excused; an exception that nothing
/// needs is an objection itself.
pub(super) fn answer(checked: &Checked, findings: Vec<Diagnostic>) -> Linted {
    let mut linted = Linted::default();
    let mut allowed = Vec::new();
    for declaration in &checked.declarations {
        for line in declaration.attributes.iter().filter(|line| line.kind == "allow") {
            match parted(&line.text) {
                Some((code, reason)) => {
                    allowed.push(Allowed { declaration, line, code, reason, needed: false });
                }
                None => {
                    let here = place(checked, line.span);
                    linted.findings.push(messages::allow_unclear(&line.text, here));
                }
            }
        }
    }
    for finding in findings {
        let excuse = span_of(&finding).and_then(|span| {
            allowed.iter_mut().find(|allowed| {
                let own = allowed.declaration.span;
                allowed.code == finding.code && own.start <= span.start && span.end <= own.end
            })
        });
        match excuse {
            Some(allowed) => {
                allowed.needed = true;
                let reason = allowed.reason.to_owned();
                linted.excused.push(Excused { finding, reason });
            }
            None => linted.findings.push(finding),
        }
    }
    for allowed in allowed.iter().filter(|allowed| !allowed.needed) {
        let here = place(checked, allowed.line.span);
        let known = CODES.contains(&allowed.code);
        linted.findings.push(messages::allow_unneeded(allowed.code, known, here));
    }
    linted.findings.sort_by_key(|finding| span_of(finding).map_or(0, |span| span.start));
    linted
}

/// `code: reason`, the colon in half or full width.
fn parted(text: &str) -> Option<(&str, &str)> {
    let (code, reason) = text.split_once([':', '：'])?;
    let (code, reason) = (code.trim(), reason.trim());
    let is_code = !code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    (is_code && !reason.is_empty()).then_some((code, reason))
}
