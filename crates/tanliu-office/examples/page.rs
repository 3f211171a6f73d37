//! 出一页 Writes the page of a document, to look at:
//! `cargo run -p tanliu-office --example page -- methods/a.md target/a.html [en]`.
//!
//! Documents that it uses are looked for in `methods/`, factors in `factors/`.

#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tanliu_diagnostic::Lang;
use tanliu_factor::Catalogue;
use tanliu_method::check::{Library, check};
use tanliu_method::document;
use tanliu_office::page::{FactorSource, PageOptions, write_page};

struct Folder(BTreeMap<String, (String, String)>);

impl Library for Folder {
    fn document(&self, id: &str) -> Option<(String, String)> {
        self.0.get(id).cloned()
    }
    fn ids(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn texts(folder: &str, extensions: &[&str]) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    files(Path::new(folder), &mut paths);
    paths.sort();
    let wanted = paths.into_iter().filter(|path| {
        path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e))
    });
    wanted
        .filter_map(|path| {
            let name = path.strip_prefix(folder).ok()?.to_string_lossy().into_owned();
            Some((name, std::fs::read_to_string(&path).ok()?))
        })
        .collect()
}

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, out, rest @ ..] = arguments.as_slice() else {
        return Err(std::io::Error::other("page FILE.md OUT.html [en]"));
    };
    let units = tanliu_unit::UnitTable::builtin();
    let (catalogue, _) = Catalogue::load(texts("factors", &["csv", "toml"]), &units);
    let documents = texts("methods", &["md"]).into_iter().map(|(name, text)| {
        let id = document::read(&name, &text).0.front.id;
        (id, (name, text))
    });
    let library = Folder(documents.collect());
    let text = std::fs::read_to_string(file)?;
    let checked = check(file, &text, &library, &catalogue);
    let lang = if rest.iter().any(|word| word == "en") { Lang::En } else { Lang::Zh };
    let factor_sources = catalogue
        .sets()
        .filter(|set| text.contains(&format!("\"{}\"", set.id)))
        .map(|set| FactorSource {
            set: set.id.clone(),
            title: set.header.title.get(lang).to_owned(),
            issuer: set.header.issuer.clone(),
            source: set.header.source.clone().unwrap_or_default(),
            standing: set.header.standing.name(lang).to_owned(),
            verified: set.header.standing == tanliu_factor::Standing::Verified,
        })
        .collect();
    let options = PageOptions { lang, factor_sources, ..PageOptions::default() };
    std::fs::write(out, write_page(&checked, &options))
}
