//! 因子库的读取 The factor sets that documents name, and no others: most runs need none or one.

use crate::documents::{shown, walk};
use crate::embedded;
use crate::failure::Failure;
use crate::findings::Texts;
use crate::library::{Shelf, methods_folder};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tanliu_diagnostic::{Diagnostic, Diagnostics, Place};
use tanliu_factor::Catalogue;
use tanliu_unit::UnitTable;

/// 因子来源 The files of all sets: those of a folder, then those of the binary it does not replace.
#[derive(Default)]
pub(crate) struct FactorFiles {
    /// Set → where its two files are.
    sets: BTreeMap<String, Origin>,
}

#[derive(Debug, Clone)]
enum Origin {
    /// A folder.
    Folder(PathBuf),
    /// The binary.
    Embedded,
}

/// 已读因子 What was loaded.
#[derive(Default)]
pub(crate) struct Loaded {
    /// The sets.
    pub(crate) catalogue: Catalogue,
    /// What is wrong with them.
    pub(crate) findings: Diagnostics,
    /// The texts that the findings point into.
    pub(crate) texts: Texts,
}

impl FactorFiles {
    /// `--factors`, else `factors/` beside `methods/`; the binary's own sets behind them.
    pub(crate) fn find(wanted: Option<&str>, document: Option<&str>) -> Result<Self, Failure> {
        let folder = match wanted {
            Some(folder) if !Path::new(folder).is_dir() => {
                return Err(Failure::new(
                    format!("--factors {folder} 不是目录"),
                    format!("--factors {folder} is no folder"),
                )
                .hint("给出存放因子集的目录", "give a folder that holds factor sets"));
            }
            Some(folder) => Some(PathBuf::from(folder)),
            None => methods_folder(document)
                .map(|methods| methods.with_file_name("factors"))
                .filter(|folder| folder.is_dir()),
        };
        let mut sets: BTreeMap<String, Origin> = BTreeMap::new();
        for (path, _) in embedded::factors() {
            if let Some(id) = set_id(path) {
                sets.insert(id.to_owned(), Origin::Embedded);
            }
        }
        if let Some(folder) = folder {
            walk(&folder, 0, &mut |file| {
                let relative = file.strip_prefix(&folder).map(shown).unwrap_or_default();
                if let Some(id) = set_id(&relative) {
                    sets.insert(id.to_owned(), Origin::Folder(folder.clone()));
                }
            });
        }
        Ok(Self { sets })
    }

    /// Only the sets of one folder, to check it.
    pub(crate) fn of_folder(folder: &str) -> Result<Self, Failure> {
        let mut files = Self::find(Some(folder), None)?;
        files.sets.retain(|_, origin| matches!(origin, Origin::Folder(_)));
        Ok(files)
    }

    /// Where a set comes from, as the manifest says it.
    pub(crate) fn origin(&self, id: &str) -> String {
        match self.sets.get(id) {
            Some(Origin::Folder(folder)) => shown(folder),
            _ => "tanliu".to_owned(),
        }
    }

    /// Loads every set.
    pub(crate) fn load_all(&self) -> Loaded {
        self.load(&self.sets.keys().map(String::as_str).collect())
    }

    /// Loads the sets that the documents and those they use name; all of them if one names a set
    /// that is not there, so that the finding can say what it may have meant.
    pub(crate) fn load_for<'a>(
        &self,
        texts: impl IntoIterator<Item = &'a str>,
        shelf: &Shelf,
    ) -> Loaded {
        let mut names = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<String> = texts.into_iter().map(str::to_owned).collect();
        while let Some(text) = open.pop() {
            for (word, quoted) in quoted_names(&text) {
                if word == "use" && seen.insert(quoted.to_owned()) {
                    open.extend(shelf.find(quoted).map(|file| file.text));
                } else if word == "from" {
                    names.insert(quoted.to_owned());
                }
            }
        }
        if names.iter().any(|name| !self.sets.contains_key(name)) {
            return self.load_all();
        }
        self.load(&names.iter().map(String::as_str).collect())
    }

    fn load(&self, ids: &BTreeSet<&str>) -> Loaded {
        if ids.is_empty() {
            return Loaded::default();
        }
        let mut files: Vec<(String, String)> = Vec::new();
        let mut unreadable = Vec::new();
        for id in ids {
            for extension in ["toml", "csv"] {
                let name = format!("{id}.{extension}");
                let text = match self.sets.get(*id) {
                    Some(Origin::Folder(folder)) => std::fs::read_to_string(folder.join(&name)),
                    _ => Ok(embedded_text(&name).to_owned()),
                };
                match text {
                    Ok(text) => files.push((name, text)),
                    // A file that is not there is told of by the catalogue.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => unreadable.push(unreadable_file(&name, &error)),
                }
            }
        }
        let texts: Texts = files.iter().cloned().collect();
        let (catalogue, mut findings) = Catalogue::load(files, &UnitTable::builtin());
        findings.extend(unreadable);
        Loaded { catalogue, findings, texts }
    }
}

fn unreadable_file(name: &str, error: &std::io::Error) -> Diagnostic {
    let (zh, en) = match error.kind() {
        std::io::ErrorKind::InvalidData => {
            ("不是 UTF-8 文本".to_owned(), "it is not UTF-8 text".to_owned())
        }
        _ => (error.to_string(), error.to_string()),
    };
    Diagnostic::error(
        "factor-file-unreadable",
        format!("因子文件读不了：{zh}"),
        format!("the factor file cannot be read: {en}"),
    )
    .at(Place::File(name.to_owned()), "", "")
    .hint("存为 UTF-8，并检查权限", "save it as UTF-8 and check its permissions")
}

fn set_id(path: &str) -> Option<&str> {
    path.strip_suffix(".csv").or_else(|| path.strip_suffix(".toml"))
}

fn embedded_text(name: &str) -> &'static str {
    embedded::factors().iter().find(|(path, _)| *path == name).map_or("", |(_, text)| text)
}

/// Each string behind `from` of a factor or `=` of a `use`, without parsing the document.
fn quoted_names(text: &str) -> impl Iterator<Item = (&'static str, &str)> {
    text.match_indices('"').filter_map(move |(at, _)| {
        let before = text.get(..at)?.trim_end();
        let word = if before.ends_with("from") {
            "from"
        } else if before.strip_suffix('=').is_some_and(ends_a_use) {
            "use"
        } else {
            return None;
        };
        let rest = text.get(at + 1..)?;
        Some((word, rest.get(..rest.find(['"', '\n'])?)?))
    })
}

/// Whether a text ends with `use NAME`.
fn ends_a_use(before: &str) -> bool {
    before.split_whitespace().rev().nth(1) == Some("use")
}
