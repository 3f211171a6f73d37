//! 数的比对 Packed tables against computed ones, figure by figure, as they are written.
//!
//! Figures are written with the shortest digits that read back as the same double: equal texts are
//! equal bits, and where a rounding is declared, equal at that rounding.

use crate::packing::Run;
use std::collections::{BTreeMap, BTreeSet};
use tanliu_office::{ReadOptions, read_tables};
use tanliu_pack::{Draft, Kind, Pack};

/// 键 The key of a figure, in the order of the table's index columns.
pub(super) type FigureKey = Vec<String>;
/// 键 Index and key.
pub(super) type Pairs = Vec<(String, String)>;

/// 表 A table of figures by key.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// The index columns.
    pub(super) indexes: Vec<String>,
    /// The header of the value: name and unit.
    pub(super) header: String,
    rows: BTreeMap<FigureKey, String>,
    order: Vec<FigureKey>,
}

impl Sheet {
    fn read(name: &str, bytes: &[u8]) -> Self {
        let (tables, _) = read_tables(&format!("{name}.csv"), bytes, &ReadOptions::default());
        let Some(table) = tables.first() else { return Self::default() };
        let Some((value, keys)) = table.columns.split_last() else { return Self::default() };
        let mut sheet = Self {
            indexes: keys.iter().map(|column| column.header.clone()).collect(),
            header: value.header.clone(),
            ..Self::default()
        };
        for row in 0..table.row_numbers.len() {
            let key: FigureKey = keys.iter().map(|own| own.cells.get(row).to_string()).collect();
            sheet.order.push(key.clone());
            sheet.rows.insert(key, value.cells.get(row).to_string());
        }
        sheet
    }

    /// The figure at a key, as written.
    pub(super) fn figure(&self, key: &[String]) -> Option<&str> {
        self.rows.get(key).map(String::as_str)
    }

    /// The order of a key (index and member) in this table.
    pub(super) fn key(&self, pairs: &[(String, String)]) -> FigureKey {
        let find = |index: &String| pairs.iter().find(|(own, _)| own == index);
        self.indexes.iter().filter_map(|index| Some(find(index)?.1.clone())).collect()
    }

    /// Index and member.
    pub(super) fn pairs(&self, key: &[String]) -> Pairs {
        self.indexes.iter().cloned().zip(key.iter().cloned()).collect()
    }
}

/// 差别 A figure that is not the same.
#[derive(Debug, Clone)]
pub(super) struct Difference {
    /// The output.
    pub(super) output: String,
    /// Index and key.
    pub(super) key: Pairs,
    /// What the pack says.
    pub(super) packed: Option<String>,
    /// What is computed now.
    pub(super) now: Option<String>,
    /// How many figures differ in all, and in how many outputs.
    pub(super) count: (usize, usize),
    /// Unit or indexes differ: the headers.
    pub(super) headers: Option<(String, String)>,
}

/// 账 Every table of the pack beside the same table as computed now.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    packed: BTreeMap<String, Sheet>,
    now: BTreeMap<String, Sheet>,
    /// Names of results whose bytes differ.
    differing: Vec<String>,
    /// The same for what is no result.
    inner: Vec<String>,
    figures: usize,
}

impl Ledger {
    /// The tables of a pack and those of now. Where the bytes are the same there is nothing to
    /// compare.
    pub(super) fn new(pack: &Pack, now: &Draft) -> Self {
        let mut ledger = Self::default();
        for kind in [Kind::Result, Kind::Working] {
            let mut differing = Vec::new();
            let packed: BTreeMap<&str, &[u8]> =
                pack.of_kind(kind).map(|(entry, bytes)| (entry.name.as_str(), bytes)).collect();
            for (name, bytes) in &packed {
                ledger.packed.insert((*name).to_owned(), Sheet::read(name, bytes));
            }
            for own in now.contents.iter().filter(|own| own.kind == kind) {
                let sheet = Sheet::read(&own.name, &own.bytes);
                ledger.figures += if kind == Kind::Result { sheet.order.len() } else { 0 };
                ledger.now.insert(own.name.clone(), sheet);
                if packed.get(own.name.as_str()) != Some(&own.bytes.as_slice()) {
                    differing.push(own.name.clone());
                }
            }
            let gone = packed.keys().filter(|name| !ledger.now.contains_key(**name));
            differing.extend(gone.map(|name| (*name).to_owned()));
            match kind {
                Kind::Result => ledger.differing = differing,
                // One that is not there at all is told of as an entry.
                _ => ledger.inner = differing.into_iter().filter(|own| ledger.both(own)).collect(),
            }
        }
        ledger
    }

    fn both(&self, name: &str) -> bool {
        self.packed.contains_key(name) && self.now.contains_key(name)
    }

    /// How many figures of results were computed now.
    pub(super) fn figures(&self) -> usize {
        self.figures
    }

    /// Whether every result is the same.
    pub(super) fn same_results(&self) -> bool {
        self.differing.is_empty()
    }

    /// Whether the pack has this table.
    pub(super) fn has(&self, name: &str) -> bool {
        self.packed.contains_key(name)
    }

    /// The table as computed now, else as packed.
    pub(super) fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.now.get(name).or_else(|| self.packed.get(name))
    }

    /// The figure of the pack and the one of now.
    pub(super) fn pair(&self, name: &str, key: &[String]) -> (Option<&str>, Option<&str>) {
        let packed = self.packed.get(name).and_then(|sheet| sheet.figure(key));
        (packed, self.now.get(name).and_then(|sheet| sheet.figure(key)))
    }

    /// The first key of a table whose figures differ, among those that `fits`.
    pub(super) fn first_of(&self, name: &str, fits: &dyn Fn(&Pairs) -> bool) -> Option<FigureKey> {
        let (then, now) = (self.packed.get(name)?, self.now.get(name));
        let fits = |key: &FigureKey| fits(&then.pairs(key));
        let differs =
            |key: &&FigureKey| then.figure(key) != now.and_then(|now| now.figure(key)) && fits(key);
        let keys = then.order.iter().chain(now.into_iter().flat_map(|now| &now.order));
        keys.into_iter().find(differs).cloned()
    }

    fn count(&self, name: &str) -> usize {
        let empty = Sheet::default();
        let then = self.packed.get(name).unwrap_or(&empty);
        let now = self.now.get(name).unwrap_or(&empty);
        let keys: BTreeSet<&FigureKey> = then.order.iter().chain(&now.order).collect();
        keys.into_iter().filter(|key| then.figure(key) != now.figure(key)).count()
    }

    /// The first figure that differs, in the order of the document's outputs and of the keys.
    pub(super) fn first_difference(&self, run: &Run<'_>) -> Option<Difference> {
        let order = |name: &String| {
            run.outcome.tables.iter().position(|table| table.name == *name).unwrap_or(usize::MAX)
        };
        let mut names =
            if self.same_results() { self.inner.clone() } else { self.differing.clone() };
        names.sort_by_key(order);
        let counts: Vec<usize> = names.iter().map(|name| self.count(name)).collect();
        let total = (counts.iter().sum(), names.len());
        let output = names.first()?;
        let first = names.iter().find_map(|name| Some((name, self.first_of(name, &|_| true)?)));
        let difference = Difference {
            output: output.clone(),
            key: Vec::new(),
            packed: None,
            now: None,
            count: total,
            headers: None,
        };
        let Some((name, key)) = first else {
            return Some(Difference { headers: Some(self.headers(output)), ..difference });
        };
        let (packed, now) = self.pair(name, &key);
        let (packed, now) = (packed.map(str::to_owned), now.map(str::to_owned));
        let pairs = self.sheet(name).map(|sheet| sheet.pairs(&key)).unwrap_or_default();
        Some(Difference { output: name.clone(), key: pairs, packed, now, ..difference })
    }

    fn headers(&self, name: &str) -> (String, String) {
        let words = |sheets: &BTreeMap<String, Sheet>| {
            sheets.get(name).map_or_else(String::new, |sheet| {
                let mut all = sheet.indexes.clone();
                all.push(sheet.header.clone());
                all.join(", ")
            })
        };
        (words(&self.packed), words(&self.now))
    }
}
