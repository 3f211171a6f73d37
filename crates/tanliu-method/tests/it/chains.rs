//! 长链 Documents too long to be written by hand: chains of formulas in reverse order.

use super::library;
use std::fmt::Write as _;
use tanliu_factor::Catalogue;
use tanliu_method::check::check;
use tanliu_method::examples::run_examples;

const FRONT: &str = "---\nid: suite/chain\nversion: \"1\"\ntitle: chain\nkind: account\n\
                     status: illustration\n---\n";

fn codes(text: &str) -> Vec<String> {
    let checked = check("chain.md", text, &library(&[]), &Catalogue::default());
    checked.diagnostics.list().iter().map(|found| found.code.to_string()).collect()
}

#[test]
fn a_chain_of_thousands_without_units_in_reverse_order_runs() {
    let count = 3_000;
    let mut text = format!("{FRONT}```tan\noutput last[year] = half(x{count} / 1 t)\n");
    for number in (1..=count).rev() {
        writeln!(text, "x{number}[year] = x{} + 1 t", number - 1).unwrap();
    }
    text += "input x0[year] : t\nindex year : year\nfunction half(a : 1) : t = a / 2\n```\n\
             ## Example\nTable: given x0\n\n|year|x0 (t)|\n|---|---|\n|2020|2|\n\n\
             Table: expect last\n\n|year|last (t)|\n|---|---|\n|2020|1501|\n";
    let checked = check("chain.md", &text, &library(&[]), &Catalogue::default());
    assert!(!checked.diagnostics.has_errors(), "{:?}", checked.diagnostics.list());
    let results = run_examples(&checked, &Catalogue::default());
    assert!(results.iter().all(|result| result.passed), "{results:?}");
}

#[test]
fn a_circle_without_units_is_printed() {
    let text = format!("{FRONT}```tan\na = b\nb = c\nc = a\noutput d = a\n```\n");
    let checked = check("chain.md", &text, &library(&[]), &Catalogue::default());
    let found = checked.diagnostics.list();
    assert_eq!(codes(&text), ["circle-needs-unit"]);
    assert!(found[0].message.en.ends_with(": c → a → b → c"), "{}", found[0].message.en);
}
