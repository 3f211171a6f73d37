//! Each objection on a document that deserves it, and on one that does not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use crate::check::{NoLibrary, check};

fn codes_of(kind: &str, body: &str) -> Vec<&'static str> {
    linted(kind, body).findings.iter().map(|finding| finding.code).collect()
}

fn linted(kind: &str, body: &str) -> Linted {
    let text = format!(
        "---\nid: t/lint\nversion: \"1\"\ntitle: t\nkind: {kind}\nstatus: illustration\n---\n\
         ```tan\nindex site : text\ninput x[site] : % \"x\"\n  source \"s\"\n{body}\n```\n\n\
         ## Example\n\nTable: given x\n\n| site | x (%) |\n|---|---|\n| a | 5 |\n"
    );
    let catalogue = Catalogue::default();
    let checked = check("t.md", &text, &NoLibrary, &catalogue);
    let errors: Vec<_> = checked.diagnostics.list().iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    lint(&checked, &catalogue)
}

fn of_match(arms: &str) -> Vec<&'static str> {
    codes_of("score", &format!("output y[site] = match x {{ {arms} }} \"y\""))
}

#[test]
fn bands_that_join_pass() {
    assert!(of_match("< 60%: 0, < 80%: 1, else: 2").is_empty());
    assert!(of_match(">= 90%: 3, >= 80%: 2, >= 60%: 1, else: 0").is_empty());
    assert!(of_match("< 90%: 0, 90% .. 94%: 1, < 95%: 2, else: 3").is_empty());
}

#[test]
fn a_gap_between_bands_is_told_whether_or_not_else_takes_it() {
    let linted =
        linted("score", "output y[site] = match x { 90% .. 94%: 1, 95% .. 99%: 2, else: 0 } \"y\"");
    assert_eq!(linted.findings.len(), 1);
    assert_eq!(linted.findings[0].code, "band-gap");
    assert!(linted.findings[0].message.zh.contains("94 < x < 95 %"), "{:?}", linted.findings[0]);
    assert_eq!(of_match("< 60%: 0, > 60%: 1"), ["band-gap"]);
}

#[test]
fn an_end_in_two_bands_is_told() {
    assert_eq!(of_match("< 60%: 0, 60% .. 85%: 1, >= 85%: 2"), ["band-overlap"]);
}

#[test]
fn an_arm_behind_those_that_cover_it_is_told() {
    assert_eq!(of_match("< 60%: 0, >= 60%: 1, else: 2"), ["branch-unreachable"]);
    assert_eq!(of_match("< 80%: 0, < 60%: 1, else: 2"), ["branch-unreachable"]);
}

#[test]
fn members_are_taken_once_and_all() {
    let body = |arms: &str| {
        format!(
            "index kind = a \"a\" | b \"b\"\ninput k[site] : kind \"k\"\n  source \"s\"\n\
             output y[site] = match k {{ {arms} }} * x \"y\""
        )
    };
    assert!(codes_of("score", &body("a: 1, b: 2")).is_empty());
    assert_eq!(codes_of("score", &body("a: 1")), ["member-uncovered"]);
    assert_eq!(codes_of("score", &body("a: 1, b: 2, else: 3")), ["branch-unreachable"]);
    assert_eq!(codes_of("score", &body("a | b: 1, b: 2")), ["branch-unreachable"]);
}

const POINTS: &str = "index item = one \"1\" | two \"2\"\n\
                      param points[item] = { one: 40, two: 50 } \"分\"\n  source \"s\"\n  standing \"verified\"\n";

#[test]
fn points_that_do_not_add_up_are_told_without_data() {
    let right = format!(
        "{POINTS}require sum(points over item) = 90 \"满分 90\"\noutput y[site, item] = x * points \"y\""
    );
    assert!(codes_of("score", &right).is_empty());
    let wrong = right.replace("= 90", "= 100");
    assert_eq!(codes_of("score", &wrong), ["constant-condition"]);
}

#[test]
fn what_nothing_rests_on_is_told() {
    let body = "input z[site] : t \"z\"\n  source \"s\"\nw[site] = z * 2\n\
                function f(a : t) : t = a\noutput y[site] = x \"y\"";
    assert_eq!(codes_of("score", body), ["unused-declaration"; 3]);
}

#[test]
fn figures_say_where_they_come_from() {
    assert_eq!(
        codes_of("score", "param p = 3 \"p\"\noutput y[site] = x * p \"y\""),
        ["source-lacking", "standing-lacking"]
    );
    assert_eq!(
        codes_of(
            "score",
            "param p = 3 \"p\"\n  source \"s\"\n  standing \"memory\"\noutput y[site] = x * p \"y\""
        ),
        ["standing-lacking"]
    );
    assert_eq!(
        codes_of("score", "param p : % = ? \"p\"\noutput y[site] = x * p \"y\""),
        ["hole-unexplained"]
    );
}

#[test]
fn inputs_of_reductions_say_where_they_come_from() {
    let body = "input z[site] : t \"z\"\noutput y[site] : t = x * z \"y\"";
    assert_eq!(codes_of("reduction", body), ["monitoring-lacking"]);
    assert!(codes_of("account", body).is_empty());
}

#[test]
fn an_exception_needs_a_reason_and_something_to_excuse() {
    let body = |line: &str| {
        format!(
            "output y[site] = match x {{ 90% .. 94%: 1, 95% .. 99%: 2, else: 0 }} \"y\"\n  {line}"
        )
    };
    let excused = linted("score", &body("allow \"band-gap：原文如此\""));
    assert!(excused.findings.is_empty(), "{:?}", excused.findings);
    assert_eq!(excused.excused[0].reason, "原文如此");
    assert_eq!(codes_of("score", &body("allow \"band-gap\"")).len(), 2);
    assert_eq!(
        codes_of("score", &body("allow \"band-gap: a\"\n  allow \"band-overlap: b\"")),
        ["allow-unneeded"]
    );
}
