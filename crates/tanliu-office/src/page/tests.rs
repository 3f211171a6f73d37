#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod escaping;
mod formulas;
mod whole;

use super::{PageOptions, write_page};
use tanliu_diagnostic::Lang;
use tanliu_factor::Catalogue;
use tanliu_method::check::{Checked, NoLibrary, check};

/// A document with a bit of everything.
const SAMPLE: &str = include_str!("tests/sample.md");

fn checked(text: &str) -> Checked {
    check("sample.md", text, &NoLibrary, &Catalogue::default())
}

/// The page of a document without errors.
fn page(text: &str, lang: Lang) -> String {
    let checked = checked(text);
    assert!(!checked.diagnostics.has_errors(), "{:#?}", checked.diagnostics.list());
    write_page(&checked, &PageOptions { lang, ..PageOptions::default() })
}

/// The page of a few declarations.
fn page_of(declarations: &str) -> String {
    page(&document(declarations), Lang::Zh)
}

fn document(declarations: &str) -> String {
    format!(
        "---\nid: t\nversion: \"1\"\ntitle: {{ zh: 题, en: T }}\nkind: account\nstatus: official\n\
         gwp: AR5\n---\n# 题\n\n```tan\n{declarations}\n```\n"
    )
}

/// Every element is closed in order; nothing but our own elements stands on the page.
fn assert_well_formed(html: &str) {
    const VOID: [&str; 5] = ["meta", "br", "hr", "mspace", "!doctype"];
    let body = html.split("</style>").nth(1).unwrap();
    // The body begins inside `<html><head>`.
    let mut open: Vec<&str> = vec!["html", "head"];
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("<{piece} is not closed"));
        let name = tag.split([' ', '\n']).next().unwrap().trim_end_matches('/');
        if let Some(name) = tag.strip_prefix('/') {
            let last = open.pop().unwrap_or_else(|| panic!("</{name}> closes nothing"));
            assert_eq!(last, name, "</{name}> closes <{last}>");
        } else if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}
