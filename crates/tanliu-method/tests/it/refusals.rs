//! 拒绝与警告 Small documents and what the checker says of them.

use super::library;
use tanliu_factor::Catalogue;
use tanliu_method::check::check;

const FRONT: &str = "---\nid: suite/refusal\nversion: \"1\"\ntitle: refusal\nkind: account\n\
                     status: illustration\n---\n";

/// Code, message and hint of the only finding.
#[track_caller]
fn only(declarations: &str, example: &str) -> String {
    let text = format!("{FRONT}```tan\n{declarations}\n```\n{example}");
    let checked = check("refusal.md", &text, &library(&[]), &Catalogue::default());
    let [found] = checked.diagnostics.list() else { panic!("{:?}", checked.diagnostics.list()) };
    let hint = found.hint.as_ref().map_or("", |hint| hint.en.as_str());
    format!("{}: {}; {hint}", found.code, found.message.en)
}

#[test]
fn a_default_written_as_a_bound_is_warned_of() {
    let said = only("input x : t = 5\noutput z = x", "");
    assert!(said.starts_with("bound-of-equality: `= 5` is a bound"), "{said}");
    assert!(said.contains("write `default 5`"), "{said}");
}

#[test]
fn uncertainties_measure_what_their_value_does() {
    let said = only("input x : t ± 3 MWh\noutput z = x", "");
    assert!(said.starts_with("literal-unit: MWh does not convert to t"), "{said}");
    let said = only("input x : t ~ triangular(1, 2, 3 MWh)\noutput z = x", "");
    assert!(said.starts_with("literal-unit:"), "{said}");
    let said = only("input x : text ± 5%\noutput z = x", "");
    assert!(said.starts_with("uncertainty-needs-number:"), "{said}");
}

#[test]
fn a_condition_behind_where_wants_parentheses() {
    let said = only("input x : t\noutput z = x where x > 1 t and x < 3 t", "");
    assert!(said.starts_with("needs-truth-value: `and` wants a condition"), "{said}");
    assert!(said.contains("x where (a and b)"), "{said}");
}

#[test]
fn names_of_examples_are_checked_without_a_run() {
    let expects = "## Example\nGiven: x = 1 t\n\nTable: expect zz\n\n| zz (t) |\n|---|\n| 1 |\n";
    let said = only("input x : t\noutput z = x", expects);
    assert!(said.starts_with("example-unknown-name: the example expects `zz`"), "{said}");
    let gives = "## Example\nGiven: y = 1 t\n";
    let said = only("input x : t\noutput z = x", gives);
    assert!(said.starts_with("example-unknown-name: the example gives `y`"), "{said}");
}
