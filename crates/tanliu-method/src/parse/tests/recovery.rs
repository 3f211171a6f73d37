//! After an error the next declaration is read as if nothing had happened.

use super::read;
use crate::ast::Item;

fn names(text: &str) -> (Vec<String>, Vec<&'static str>, Vec<String>) {
    let parsed = read(text);
    let name = |item: &Item| match item {
        Item::Index(index) => index.name.text.clone(),
        Item::Input(input) => input.name.text.clone(),
        Item::Param(param) => param.name.text.clone(),
        Item::Formula(formula) => formula.name.text.clone(),
        _ => "…".to_string(),
    };
    let read: Vec<_> = parsed.declarations.iter().map(|one| name(&one.item)).collect();
    let codes = parsed.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    (read, codes, parsed.broken)
}

#[test]
fn two_bad_declarations_are_two_errors() {
    let (read, codes, broken) =
        names("a = 1\nb = * 2\n  source \"s\"\nc = 3\n  + 4\nd = (1 + 2\ne = 5\n");
    assert_eq!(read, ["a", "c", "e"]);
    assert_eq!(codes, ["syntax-expected", "syntax-unclosed"]);
    assert_eq!(broken, ["b", "d"]);
}

#[test]
fn an_open_bracket_does_not_swallow_the_document() {
    let (read, codes, _) = names(
        "param x = { a: 1,\n  b: 2\ninput y : t\nparam z = {\n  a: 1\n}\nf = sum(y over year\ng = y[year-1\nindex i : text\n",
    );
    assert_eq!(read, ["y", "z", "i"]);
    assert_eq!(codes, ["syntax-unclosed", "syntax-unclosed", "syntax-unclosed"]);
}

#[test]
fn a_closing_bracket_may_stand_at_the_margin() {
    let (read, codes, _) =
        names("param x = {\na: 1,\nb: {\nc: 2\n}\n}\ny = sum(\nx\nover a\n)\nz = 1");
    assert_eq!(read, ["x", "y", "z"]);
    assert!(codes.is_empty());
}

#[test]
fn stray_closing_brackets_and_strings_with_brackets_do_no_harm() {
    let (read, codes, _) = names("a = 1)\nb = \"(\"\nc = 2 -- (\nd = 3]\ne = 4");
    assert_eq!(read, ["b", "c", "e"]);
    assert_eq!(codes, ["syntax-expected", "syntax-expected"]);
}

#[test]
fn a_deeper_line_belongs_to_the_declaration_above() {
    let (read, codes, _) = names("input a : t\n  input b : t\ninput c : t");
    assert_eq!(read, ["c"]);
    assert_eq!(codes, ["syntax-expected"]);
}

#[test]
fn full_width_signs_are_reported_once_each_and_read_as_meant() {
    let (read, codes, _) = names("ａ＝ｂ × （3 ＋ １２．５）\nc = 1，\nd = x ≥ 3");
    assert_eq!(read, ["a", "d"]);
    assert_eq!(codes.iter().filter(|code| **code == "syntax-full-width").count(), 10);
    assert_eq!(codes.len(), 11);
}

#[test]
fn an_unknown_unit_does_not_hide_the_next_one() {
    let (read, codes, _) = names("a = 3 nosuch + 4 neither * b\nc = 1");
    assert_eq!(read, ["a", "c"]);
    assert_eq!(codes, ["unit-unknown", "unit-unknown"]);
}
