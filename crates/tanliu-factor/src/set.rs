//! 因子集 A set of factors of one kind: its header, its rows, and the way from a key to them.

use crate::check::check_rows;
use crate::header::read_header;
use crate::read::read_rows;
use crate::row::Row;
use crate::table::RawTable;
use crate::{Choice, Header, KeyColumn, Query, Refusal};
use std::collections::BTreeMap;
use tanliu_diagnostic::{CellPlace, Diagnostic, Diagnostics, Lang, Place};
use tanliu_unit::{Unit, UnitTable};

/// 因子集 Factors of one kind from one issuer, checked on loading.
#[derive(Debug, Clone)]
pub struct FactorSet {
    /// 标识 The path of its files without extension: `cn/grid/average/provincial`.
    pub id: String,
    /// The CSV file as it was named to the catalogue; the source of its places.
    pub file: String,
    /// 表头
    pub header: Header,
    /// 因子行 In the order of the file.
    pub rows: Vec<Row>,
    /// Key → positions in `rows`, in the order of their first days.
    index: BTreeMap<Vec<String>, Vec<usize>>,
    /// Per key column: code → label.
    labels: Vec<BTreeMap<String, String>>,
    /// Per key column: code or label → code.
    names: Vec<BTreeMap<String, String>>,
    /// The column `value`, from 1.
    value_column: u32,
    digest_text: String,
}

/// The two texts of a set and their names.
pub(crate) struct SetTexts<'a> {
    pub(crate) id: &'a str,
    pub(crate) header_file: &'a str,
    pub(crate) header: &'a str,
    pub(crate) table_file: &'a str,
    pub(crate) table: &'a str,
}

impl FactorSet {
    /// Reads and checks a set; nothing if it has errors.
    pub(crate) fn read(
        texts: &SetTexts<'_>,
        units: &UnitTable,
        findings: &mut Diagnostics,
    ) -> Option<FactorSet> {
        let before = findings.error_count();
        let header = read_header(texts.header_file, texts.header, units, findings)?;
        let table = RawTable::read(texts.table_file, texts.table, findings)?;
        let read = read_rows(&table, &header, units, findings)?;
        let mut set = FactorSet {
            id: texts.id.to_owned(),
            file: texts.table_file.to_owned(),
            header,
            rows: read.rows,
            index: BTreeMap::new(),
            labels: read.labels,
            names: Vec::new(),
            value_column: read.value_column,
            digest_text: digest_text(texts),
        };
        set.build_index();
        check_rows(&set, findings);
        if set.rows.is_empty() && findings.error_count() == before {
            findings.push(
                Diagnostic::error("factor-table", "表里没有一行因子", "the table has no row")
                    .at(Place::File(set.file.clone()), "", "")
                    .hint("至少写一行", "write one row at least"),
            );
        }
        (findings.error_count() == before).then_some(set)
    }

    fn build_index(&mut self) {
        for (position, row) in self.rows.iter().enumerate() {
            self.index.entry(row.keys.clone()).or_default().push(position);
        }
        for (position, labels) in self.labels.iter().enumerate() {
            let labelled = labels.iter().map(|(code, label)| (label.clone(), code.clone()));
            let mut names: BTreeMap<String, String> = labelled.collect();
            let codes = self.index.keys().filter_map(|keys| keys.get(position));
            names.extend(codes.map(|code| (code.clone(), code.clone())));
            self.names.push(names);
        }
        let rows = &self.rows;
        for positions in self.index.values_mut() {
            positions.sort_by_key(|position| {
                rows.get(*position).map(|row| (row.validity.first_day().ordinal, row.line))
            });
        }
    }

    /// Finds the value a key and an as-of rule call for.
    ///
    /// # Errors
    /// A [`Refusal`] where the columns are not the set's, the key is not in it, or no row fits.
    pub fn lookup(&self, query: &Query<'_>) -> Result<Choice, Refusal> {
        crate::lookup::lookup(self, query)
    }

    /// The unit of the set: the header's, else the first row's. All rows convert to it.
    pub fn unit(&self) -> Option<&Unit> {
        self.header.unit.as_ref().or_else(|| self.rows.first().map(|row| &row.unit))
    }

    /// The keys of a column in code order, each with its label where it has one.
    pub fn members(&self, column: &str) -> Vec<(&str, Option<&str>)> {
        let Some(position) = self.key_position(column) else { return Vec::new() };
        let labels = self.labels.get(position);
        let mut members: Vec<(&str, Option<&str>)> = self
            .index
            .keys()
            .filter_map(|keys| keys.get(position))
            .map(|code| {
                (code.as_str(), labels.and_then(|labels| labels.get(code)).map(String::as_str))
            })
            .collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// The label of a key.
    pub fn label(&self, column: &str, code: &str) -> Option<&str> {
        let labels = self.labels.get(self.key_position(column)?)?;
        labels.get(code).map(String::as_str)
    }

    /// The code a text stands for: a code itself, or a label.
    pub fn code_of(&self, column: &str, text: &str) -> Option<&str> {
        self.names.get(self.key_position(column)?)?.get(text.trim()).map(String::as_str)
    }

    /// The text to take a digest of: the id and both files, with `\n` as line ends.
    pub fn digest_text(&self) -> &str {
        &self.digest_text
    }

    /// The place of a row's value, for a message.
    pub fn place(&self, row: &Row) -> Place {
        Place::Cell(CellPlace {
            source: self.file.clone(),
            sheet: None,
            row: row.line,
            column: self.value_column,
            text: row.printed.clone(),
        })
    }

    /// A table of the set for people.
    pub fn describe(&self, lang: Lang) -> String {
        crate::describe(self, lang)
    }

    /// A key column, by its heading or its index.
    pub fn key_column(&self, name: &str) -> Option<&KeyColumn> {
        self.header.keys.get(self.key_position(name)?)
    }

    /// Whether these are the set's key columns (by heading or index), each once, in any order.
    ///
    /// # Errors
    /// A [`Refusal`] where one is lacking, stands twice or is none.
    pub fn check_columns(&self, asked: &[&str]) -> Result<(), Refusal> {
        crate::lookup::check_columns(self, asked)
    }

    /// The position of a key column, by its heading or its index.
    pub(crate) fn key_position(&self, column: &str) -> Option<usize> {
        let keys = &self.header.keys;
        keys.iter()
            .position(|key| key.column == column)
            .or_else(|| keys.iter().position(|key| key.index == column))
    }

    /// The positions of the rows of a key, in the order of their first days.
    pub(crate) fn positions(&self, keys: &[String]) -> Option<&[usize]> {
        self.index.get(keys).map(Vec::as_slice)
    }

    /// The rows of each key, in the order of their first days.
    pub(crate) fn series(&self) -> Vec<Vec<&Row>> {
        let rows = |positions: &Vec<usize>| {
            positions.iter().filter_map(|position| self.rows.get(*position)).collect()
        };
        self.index.values().map(rows).collect()
    }

    /// `cn/grid/om, grid = huabei 华北`; the id alone for a set without keys.
    pub(crate) fn subject(&self, keys: &[String]) -> String {
        if keys.is_empty() {
            self.id.clone()
        } else {
            format!("{}, {}", self.id, self.key_words(keys))
        }
    }

    /// `grid = guangdong 广东, fuel = coal 煤炭`; the id for a set without keys.
    pub(crate) fn key_words(&self, keys: &[String]) -> String {
        if keys.is_empty() {
            return self.id.clone();
        }
        let word = |(key, code): (&crate::KeyColumn, &String)| match self.label(&key.column, code) {
            Some(label) => format!("{} = {code} {label}", key.column),
            None => format!("{} = {code}", key.column),
        };
        self.header.keys.iter().zip(keys).map(word).collect::<Vec<_>>().join(", ")
    }
}

/// The same on every machine: a checkout may turn the line ends of the files.
fn digest_text(texts: &SetTexts<'_>) -> String {
    let plain = |text: &str| text.replace("\r\n", "\n");
    let (header, table) = (plain(texts.header), plain(texts.table));
    format!("{}\n{}\n{header}\n{}\n{table}\n", texts.id, header.len(), table.len())
}
