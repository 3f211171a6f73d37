//! 因子目录 All sets, by id.

use crate::FactorSet;
use crate::set::SetTexts;
use std::collections::{BTreeMap, BTreeSet};
use tanliu_diagnostic::{Diagnostic, Diagnostics, Place, nearest};
use tanliu_unit::UnitTable;

/// 因子目录 The sets that passed all checks.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    sets: BTreeMap<String, FactorSet>,
    refused: BTreeSet<String>,
}

impl Catalogue {
    /// Loads sets from files: pairs of a path relative to `factors/` and a text.
    ///
    /// Each `NAME.csv` needs its `NAME.toml`; files of other extensions are passed over. A set with
    /// an error is left out: [`Catalogue::is_refused`] tells it from one that does not exist.
    pub fn load(
        files: impl IntoIterator<Item = (String, String)>,
        units: &UnitTable,
    ) -> (Catalogue, Diagnostics) {
        let mut findings = Diagnostics::default();
        let mut tables = BTreeMap::new();
        let mut headers = BTreeMap::new();
        for (path, text) in files {
            let name = path.replace('\\', "/");
            let name = name.strip_prefix("./").unwrap_or(&name);
            let (group, id) = if let Some(id) = name.strip_suffix(".csv") {
                (&mut tables, id)
            } else if let Some(id) = name.strip_suffix(".toml") {
                (&mut headers, id)
            } else {
                continue;
            };
            if group.insert(id.to_owned(), (path.clone(), text)).is_some() {
                findings.push(
                    Diagnostic::error(
                        "duplicate-id",
                        format!("因子集 {id} 给了两次"),
                        format!("the factor set {id} is given twice"),
                    )
                    .at(Place::File(path.clone()), "", "")
                    .hint("只留一个", "keep one of them"),
                );
            }
        }
        let mut catalogue = Catalogue::default();
        for (id, (table_file, table)) in &tables {
            let Some((header_file, header)) = headers.remove(id) else {
                findings.push(alone(table_file, &format!("{id}.toml")));
                catalogue.refused.insert(id.clone());
                continue;
            };
            let texts =
                SetTexts { id, header_file: &header_file, header: &header, table_file, table };
            match FactorSet::read(&texts, units, &mut findings) {
                Some(set) => drop(catalogue.sets.insert(id.clone(), set)),
                None => drop(catalogue.refused.insert(id.clone())),
            }
        }
        for (id, (file, _)) in headers {
            findings.push(alone(&file, &format!("{id}.csv")));
            catalogue.refused.insert(id);
        }
        (catalogue, findings)
    }

    /// All sets, in the order of their ids.
    pub fn sets(&self) -> impl Iterator<Item = &FactorSet> {
        self.sets.values()
    }

    /// The set of an id.
    pub fn set(&self, id: &str) -> Option<&FactorSet> {
        self.sets.get(id)
    }

    /// Whether a set of this id was there and was refused on loading.
    pub fn is_refused(&self, id: &str) -> bool {
        self.refused.contains(id)
    }

    /// At most three ids that resemble `id`, nearest first.
    pub fn nearest_ids(&self, id: &str) -> Vec<&str> {
        nearest(id, self.sets.keys().map(String::as_str))
    }

    /// The sets in which every word of `text` is found: in the id, title, kind, issuer, source,
    /// note, or among the keys and labels; those with more of the words in id or title come first.
    ///
    /// A Latin word is found where a word begins: `om` is not found in `from`.
    pub fn search(&self, text: &str) -> Vec<&FactorSet> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let mut found: Vec<(usize, &FactorSet)> = Vec::new();
        for set in self.sets() {
            let title = title_text(set);
            let in_title = words.iter().filter(|word| has_word(&title, word)).count();
            let everywhere = in_title == words.len() || {
                let body = body_text(set);
                words.iter().all(|word| has_word(&title, word) || has_word(&body, word))
            };
            if everywhere {
                found.push((in_title, set));
            }
        }
        found.sort_by_key(|(in_title, _)| std::cmp::Reverse(*in_title));
        found.into_iter().map(|(_, set)| set).collect()
    }
}

/// Whether `word` stands in `text`, for a Latin word at the beginning of one.
fn has_word(text: &str, word: &str) -> bool {
    let latin = word.starts_with(|c: char| c.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        !latin || before.is_none_or(|c| !c.is_ascii_alphanumeric())
    })
}

fn title_text(set: &FactorSet) -> String {
    format!("{}\n{}\n{}", set.id, set.header.title.zh, set.header.title.en).to_lowercase()
}

fn body_text(set: &FactorSet) -> String {
    let header = &set.header;
    let mut text = vec![header.kind.as_str(), header.issuer.as_str()];
    text.extend(header.source.as_deref());
    text.extend(header.region_set.as_deref());
    text.extend(header.note.iter().flat_map(|note| [note.zh.as_str(), note.en.as_str()]));
    for key in &header.keys {
        text.extend([key.column.as_str(), key.index.as_str()]);
        for (code, label) in set.members(&key.column) {
            text.push(code);
            text.extend(label);
        }
    }
    text.join("\n").to_lowercase()
}

fn alone(file: &str, partner: &str) -> Diagnostic {
    Diagnostic::error(
        "factor-file-alone",
        format!("{file} 旁边没有 {partner}"),
        format!("{file} has no {partner} beside it"),
    )
    .at(Place::File(file.to_owned()), "", "")
    .hint("因子集由同名的 .csv 与 .toml 组成", "a set is a .csv and a .toml of the same name")
}
