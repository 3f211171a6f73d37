//! 文档里的代码 Every `tan` block of `docs/` and of the README is checked, and its examples run.
//!
//! Fenced blocks by their info string:
//! - `markdown tanliu`: a whole document. It checks without errors, its worked examples hold.
//! - `markdown tanliu-error [NAME]`: a whole document with a mistake. The `text` block behind it is
//!   what is said in English, a `text zh` block what is said in Chinese.
//! - `tan`: declarations that check by themselves; `tan more`: together with those before them.
//!   `TANLIU_ACCEPT=1 cargo test -p tanliu-method --test it docs` rewrites what has changed; read the
//!   diff before it is committed.
//! - `csv factors/ID.csv`, `toml factors/ID.toml`: a factor set that the documents use.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::{Folder, library};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tanliu_diagnostic::{Diagnostic, Lang, Sources, render, render_one};
use tanliu_factor::Catalogue;
use tanliu_method::check::check;
use tanliu_method::examples::run_examples;
use tanliu_unit::UnitTable;

/// Pages that `cargo xtask reference` writes have tests of their own.
const GENERATED: [&str; 3] =
    ["reference/diagnostics.md", "reference/units.md", "reference/factors.md"];

/// The front matter of declarations that stand alone.
const SNIPPET_FRONT: &str = "---\nid: docs/snippet\nversion: \"1\"\ntitle: snippet\n\
                             kind: account\nstatus: illustration\ngwp: AR5\n---\n";

struct Block {
    page: String,
    line: usize,
    info: String,
    text: String,
}

impl Block {
    fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }

    /// The words of the info string, if it opens with these.
    fn named(&self, opening: &str) -> Option<&str> {
        let rest = self.info.strip_prefix(opening)?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn name_below(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/")
}

/// The pages of `docs/` by hand, and the README: name and path.
fn pages() -> Vec<(String, PathBuf)> {
    let folder = root().join("docs");
    let mut paths = Vec::new();
    files_below(&folder, &mut paths);
    let mut pages: Vec<(String, PathBuf)> = paths
        .into_iter()
        .map(|path| (name_below(&folder, &path), path))
        .filter(|(name, _)| name.ends_with(".md") && !GENERATED.contains(&name.as_str()))
        .map(|(name, path)| (format!("docs/{name}"), path))
        .collect();
    pages.push(("README.md".to_owned(), root().join("README.md")));
    pages
}

/// The blocks of every page, in order.
fn blocks() -> Vec<Block> {
    pages()
        .iter()
        .flat_map(|(name, path)| blocks_of(name, &std::fs::read_to_string(path).unwrap()))
        .collect()
}

fn blocks_of(page: &str, text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<usize> = None;
    for (number, line) in text.lines().enumerate() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        let rest = line.trim_start_matches('`').trim();
        match open {
            None if ticks >= 3 => {
                open = Some(ticks);
                let (page, info) = (page.to_owned(), rest.to_owned());
                blocks.push(Block { page, line: number + 1, info, text: String::new() });
            }
            Some(length) if ticks >= length && rest.is_empty() => open = None,
            Some(_) => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {}
        }
    }
    assert!(open.is_none(), "{page}: a fence is never closed");
    blocks
}

/// The factors of the repository and those that the pages show.
fn catalogue(blocks: &[Block]) -> Catalogue {
    let folder = root().join("factors");
    let mut paths = Vec::new();
    files_below(&folder, &mut paths);
    let mut files: Vec<(String, String)> = paths
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "csv" || end == "toml"))
        .map(|path| (name_below(&folder, path), std::fs::read_to_string(path).unwrap()))
        .collect();
    for block in blocks {
        let name = block.named("csv").or_else(|| block.named("toml")).unwrap_or("");
        if let Some(name) = name.strip_prefix("factors/") {
            files.push((name.to_owned(), block.text.clone()));
        }
    }
    let (catalogue, findings) = Catalogue::load(files, &UnitTable::builtin());
    assert!(!findings.has_errors(), "{findings:?}");
    catalogue
}

/// All findings of a document: those of the check, else those of its examples.
fn findings(
    source: &str,
    text: &str,
    library: &Folder,
    catalogue: &Catalogue,
) -> (Vec<Diagnostic>, String) {
    let checked = check(source, text, library, catalogue);
    let mut found: Vec<Diagnostic> =
        checked.diagnostics.list().iter().filter(|d| d.is_error()).cloned().collect();
    let mut misses = String::new();
    for result in run_examples(&checked, catalogue) {
        found.extend(result.diagnostics);
        for missed in result.expectations.iter().filter(|expectation| !expectation.passed) {
            writeln!(
                misses,
                "{}: {} expected {}, got {}",
                result.title, missed.what, missed.expected, missed.actual
            )
            .unwrap();
        }
    }
    (found, misses)
}

#[test]
fn every_document_of_the_pages_checks_and_its_examples_hold() {
    let blocks = blocks();
    let catalogue = catalogue(&blocks);
    let documents: Vec<(String, String)> = blocks
        .iter()
        .filter(|block| block.named("markdown tanliu").is_some())
        .map(|block| (block.place(), block.text.clone()))
        .collect();
    assert!(!documents.is_empty(), "the README shows a document at least");
    let library = library(&documents);
    let mut report = String::new();
    for (place, text) in &documents {
        let (found, misses) = findings(place, text, &library, &catalogue);
        let sources = BTreeMap::from([(place.clone(), text.clone())]);
        report += &render(&found, &sources, Lang::En, false);
        if !misses.is_empty() {
            write!(report, "{place}: {misses}").unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn every_link_between_the_pages_leads_somewhere() {
    let mut report = String::new();
    for (name, path) in pages() {
        let text = std::fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or("");
            let outside = link.contains("://") || link.contains([' ', '\n']);
            if !outside && !file.is_empty() && !path.parent().unwrap().join(file).exists() {
                writeln!(report, "{name}: {link}").unwrap();
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn every_snippet_of_the_pages_checks() {
    let blocks = blocks();
    let catalogue = catalogue(&blocks);
    let library = library(&[]);
    let mut report = String::new();
    let (mut page, mut before) = ("", String::new());
    for block in &blocks {
        if page != block.page {
            (page, before) = (&block.page, String::new());
        }
        match block.named("tan") {
            Some("") => before = block.text.clone(),
            Some("more") => before.push_str(&block.text),
            Some(other) => panic!("{}: what is `tan {other}`?", block.place()),
            None => continue,
        }
        let text = format!("{SNIPPET_FRONT}\n```tan\n{before}```\n");
        let (found, _) = findings(&block.place(), &text, &library, &catalogue);
        report += &render(&found, &BTreeMap::from([(block.place(), text)]), Lang::En, false);
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn every_message_of_the_pages_is_what_is_really_said() {
    let blocks = blocks();
    let catalogue = catalogue(&blocks);
    let accept = std::env::var_os("TANLIU_ACCEPT").is_some();
    let mut report = String::new();
    for (number, block) in blocks.iter().enumerate().rev() {
        let Some(name) = block.named("markdown tanliu-error") else { continue };
        let name = if name.is_empty() { "document.md" } else { name };
        let (found, _) = findings(name, &block.text, &library(&[]), &catalogue);
        assert!(found.iter().any(Diagnostic::is_error), "{}: no error", block.place());
        let said = said_of(&blocks, number);
        assert!(!said.is_empty(), "{}: no message is shown", block.place());
        for shown in said.into_iter().rev() {
            let lang = if shown.info == "text" { Lang::En } else { Lang::Zh };
            let sources = BTreeMap::from([(name.to_owned(), block.text.clone())]);
            if !says(&found, &sources, lang, &shown.text) {
                let all = render(&found, &sources, lang, false);
                if accept {
                    rewrite(shown, &all);
                    continue;
                }
                writeln!(report, "{} should read\n{all}", shown.place()).unwrap();
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// The blocks right behind a document, on the same page, that show what is said.
fn said_of(blocks: &[Block], number: usize) -> Vec<&Block> {
    let mut before = &blocks[number];
    let mut said = Vec::new();
    for next in &blocks[number + 1..] {
        // One blank line parts a block from the next.
        let follows = before.line + before.text.lines().count() + 3;
        let shows = next.info == "text" || next.info == "text zh";
        if !shows || next.page != before.page || next.line > follows {
            break;
        }
        said.push(next);
        before = next;
    }
    said
}

/// Puts what is said in the place of what the page shows. Blocks are taken from the last to the
/// first, so that their line numbers stay true.
fn rewrite(shown: &Block, said: &str) {
    let path = root().join(&shown.page);
    let page = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = page.lines().collect();
    let (before, after) = lines.split_at(shown.line);
    let said = said.trim_end().lines().map(str::trim_end);
    let all: Vec<&str> = before
        .iter()
        .copied()
        .chain(said)
        .chain(after[shown.text.lines().count()..].iter().copied())
        .collect();
    std::fs::write(path, all.join("\n") + "\n").unwrap();
}

/// Whether the shown text is one of the findings, or all of them.
fn says(found: &[Diagnostic], sources: &dyn Sources, lang: Lang, shown: &str) -> bool {
    let plain = |text: &str| {
        text.lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    };
    let shown = plain(shown);
    found.iter().any(|one| plain(&render_one(one, sources, lang, false)) == shown)
        || plain(&render(found, sources, lang, false)) == shown
}
