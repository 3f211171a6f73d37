//! 参考页 The page of diagnostics is complete, up to date and of use.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn committed() -> String {
    std::fs::read_to_string(root().join("docs/reference/diagnostics.md")).unwrap()
}

/// The codes that have a heading on the page.
fn listed() -> BTreeSet<String> {
    let page = committed();
    let headings = page.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
    headings.map(str::to_owned).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "tests" {
                sources(&path, found);
            }
        } else if name.ends_with(".rs") && name != "tests.rs" {
            found.push(path);
        }
    }
}

/// `unit-mismatch`: words of small letters and digits, with hyphens between them.
fn is_hyphened(text: &str) -> bool {
    text.contains('-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// Strings that look like a code and are none.
const NO_CODES: &[&str] = &[
    "cell-formula",
    "engine-internal",
    "kebab-case",
    "parquet-rs",
    "sm2-sm3",
    "tanliu-demo",
    "yyyy-mm-dd",
];
/// The platform's crates find nothing in documents or data: their codes are those of refusals, in
/// the description of the interface and in `docs/operating/store.md`.
const NO_FINDINGS: &[&str] = &["tanliu-demo", "tanliu-platform", "tanliu-server", "tanliu-store"];
/// Codes of one word: no new ones, they cannot be told from other strings.
const ONE_WORD: &[&str] = &["circle", "fence", "gap", "refused", "warned"];

/// Every string of the sources that looks like a code, and the one-word codes handed to
/// `error(…)` and `warning(…)`.
fn codes_in_sources() -> BTreeSet<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let entry = entry.unwrap();
        if !NO_FINDINGS.contains(&entry.file_name().to_string_lossy().as_ref()) {
            sources(&entry.path().join("src"), &mut files);
        }
    }
    let mut codes: BTreeSet<String> = ONE_WORD.iter().map(|code| (*code).to_owned()).collect();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let text: String = lines.flat_map(|line| [line.trim(), " "]).collect();
        let parts: Vec<&str> = text.split('"').collect();
        for pair in parts.windows(2) {
            let (before, word) = (pair[0].trim_end(), pair[1]);
            let made = before.ends_with("error(") || before.ends_with("warning(");
            let lower = !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
            if is_hyphened(word) || made && lower {
                codes.insert(word.to_owned());
            }
        }
    }
    codes.into_iter().filter(|code| !NO_CODES.contains(&code.as_str())).collect()
}

#[test]
fn every_code_of_the_sources_is_listed_and_no_other() {
    let (listed, found) = (listed(), codes_in_sources());
    let forgotten: Vec<_> = found.difference(&listed).collect();
    assert!(
        forgotten.is_empty(),
        "codes without a case in crates/tanliu/reference (then `cargo xtask reference`): {forgotten:?}"
    );
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(gone.is_empty(), "cases of codes that no source has: {gone:?}");
}

#[test]
fn the_page_is_what_the_binary_prints() {
    let print = || {
        let output = Command::new(env!("CARGO_BIN_EXE_tanliu"))
            .args(["reference", "diagnostics"])
            .current_dir(root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let page = print();
    assert_eq!(page, print(), "the same every time");
    let differing = page.lines().zip(committed().lines()).position(|(new, old)| new != old);
    assert!(page == committed(), "run `cargo xtask reference`; line {differing:?} differs");
}

#[test]
fn every_code_says_when_it_appears_and_how_it_is_mended() {
    let page = committed();
    for part in page.split("\n### ").skip(1) {
        let code = part.lines().next().unwrap();
        for word in ["- 何时：", "- When: ", "- 改法：", "- Mend: ", "```text\n"] {
            let line = part.lines().find(|line| line.starts_with(word.trim_end()));
            assert!(
                line.is_some_and(|line| line.len() > word.trim_end().len() || word == "```text\n"),
                "{code} has no `{word}`"
            );
        }
    }
}
