//! 命令 One module per command.

pub(crate) mod backup;
pub(crate) mod check;
mod compute;
pub(crate) mod demo;
pub(crate) mod doc;
pub(crate) mod explain;
pub(crate) mod factors;
pub(crate) mod lint;
pub(crate) mod pack;
pub(crate) mod reference;
pub(crate) mod run;
pub(crate) mod sample;
pub(crate) mod serve;
pub(crate) mod table;
pub(crate) mod template;
pub(crate) mod test;
mod uncertainty;
pub(crate) mod user;
pub(crate) mod verify;

use crate::arguments::Sources;
use crate::documents::{DocumentFile, Gathered, gather};
use crate::factors::{FactorFiles, Loaded};
use crate::failure::Failure;
use crate::findings::{Texts, add_texts};
use crate::library::{Shelf, double_id};
use crate::screen::Screen;
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Diagnostics, counted};
use tanliu_method::check::{Checked, check};

/// 已检查的一组文档 What `check` and `test` begin with.
pub(crate) struct Batch {
    /// Each document with what was found.
    pub(crate) checked: Vec<Checked>,
    /// Findings about the documents together: ids that stand twice; faulty factor sets.
    pub(crate) common: Diagnostics,
    /// The factors they name.
    pub(crate) loaded: Loaded,
    /// The texts that findings point into.
    pub(crate) texts: Texts,
    /// Documents that were passed over because their folder is called `bad`.
    pub(crate) passed_over: usize,
}

impl Batch {
    /// Reads and checks the documents of some paths.
    pub(crate) fn read(paths: &[String], sources: &Sources) -> Result<Self, Failure> {
        Shelf::check_folders(&sources.library)?;
        let Gathered { documents, passed_over } = gather(paths)?;
        let mut shelves: BTreeMap<String, Shelf> = BTreeMap::new();
        let folder_of = |name: &str| name.rsplit_once('/').map_or("", |(f, _)| f).to_owned();
        for file in &documents {
            shelves
                .entry(folder_of(&file.name))
                .or_insert_with(|| Shelf::new(&sources.library, Some(&file.name)));
        }
        let files = FactorFiles::find(
            sources.factors.as_deref(),
            documents.first().map(|file| file.name.as_str()),
        )?;
        let fallback = Shelf::new(&sources.library, None);
        let loaded = files.load_for(documents.iter().map(|file| file.text.as_str()), &fallback);
        let mut batch = Self {
            checked: Vec::new(),
            common: loaded.findings.clone(),
            texts: loaded.texts.clone(),
            loaded,
            passed_over,
        };
        batch.common.extend(doubles(&documents));
        for file in &documents {
            let shelf = shelves.get(&folder_of(&file.name)).unwrap_or(&fallback);
            let checked = check(&file.name, &file.text, shelf, &batch.loaded.catalogue);
            add_texts(&mut batch.texts, &checked);
            batch.checked.push(checked);
            let told: Vec<Diagnostic> = shelf.take_doubles();
            for finding in told {
                if !batch.common.list().iter().any(|known| known.message == finding.message) {
                    batch.common.push(finding);
                }
            }
        }
        Ok(batch)
    }

    /// Errors and warnings of everything.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let all = || self.checked.iter().map(|c| &c.diagnostics).chain([&self.common]);
        (all().map(Diagnostics::error_count).sum(), all().map(Diagnostics::warning_count).sum())
    }

    /// Says how many documents were passed over.
    pub(crate) fn tell_passed_over(&self, screen: &mut Screen) {
        let count = self.passed_over;
        if count > 0 {
            screen.line(
                format!("（bad/ 里的 {count} 篇文档本来就有错，未检查；要检查请写出那个目录）"),
                format!(
                    "({} in bad/, meant to be wrong, passed over; name the folder to check)",
                    counted(count, "document")
                ),
            );
        }
    }
}

/// Documents of one id among those that were named.
fn doubles(documents: &[DocumentFile]) -> Vec<Diagnostic> {
    let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in documents {
        if let Some(id) = crate::documents::id_of(&file.text).filter(|id| !id.is_empty()) {
            let files = names.entry(id).or_default();
            if !files.contains(&file.name) {
                files.push(file.name.clone());
            }
        }
    }
    let double = names.into_iter().filter(|(_, names)| names.len() > 1);
    double.map(|(id, names)| double_id(id, &names)).collect()
}
