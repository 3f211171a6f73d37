//! 打包 A run as the contents of a pack: everything that is needed to compute it again, and no more.

use crate::data::sha256;
use crate::documents::shown;
use crate::failure::Failure;
use crate::manifest::manifest;
use crate::results::out_table;
use crate::session::{Bound, Session};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use tanliu_diagnostic::Place;
use tanliu_method::eval::{RunOptions, RunOutcome, run as evaluate};
use tanliu_method::program::{Program, VariableId, VariableKind};
use tanliu_office::{OutTable, write_csv};
use tanliu_pack::{
    Content, Draft, External, ExternalFile, ExternalKind, Kind, Limits, Measure, RunRecord,
    Streamed,
};

/// The manifest of the run among the entries.
pub(crate) const RUN: &str = "run.json";
/// So many working figures go into a pack: they explain differences, and are not worth more bytes
/// than the data.
const WORKING_FIGURES_MAX: usize = 200_000;
/// With more rows of data no workings are kept at all: making them takes as long as the run.
const WORKING_ROWS_MAX: usize = 1_000_000;

/// 结果文件 A table with the name of its file.
struct Written {
    /// The output.
    name: String,
    /// Its file, `co2.csv`.
    file: String,
    /// Its bytes.
    bytes: Vec<u8>,
}

/// A run that has its results.
pub(crate) struct Run<'a> {
    /// The document.
    pub(crate) session: &'a Session,
    /// Its data.
    pub(crate) bound: &'a Bound,
    /// What came out.
    pub(crate) outcome: &'a RunOutcome,
    /// How it was called.
    pub(crate) record: RunRecord,
}

impl Run<'_> {
    /// The results as files.
    fn results(&self) -> Vec<Written> {
        let program = &self.session.checked.program;
        written(self.outcome.tables.iter().map(|table| out_table(program, table)))
    }

    /// `run.json` with the digests of the results.
    fn manifest(&self, results: &[Written]) -> Value {
        let files = results
            .iter()
            .map(|own| (own.name.clone(), (own.file.clone(), sha256(&own.bytes))))
            .collect();
        manifest(self.session, self.bound, self.outcome, self.record.drop_refused, &files)
    }

    /// What the outputs were made of: inputs, parameters, factors and formulas at all their keys.
    fn workings(&self) -> Vec<Written> {
        let rows: usize = self.bound.intake.files.iter().map(|file| file.rows).sum();
        // The interpreter makes them, and rows of wide tables are not in its memory.
        if rows > WORKING_ROWS_MAX || !self.bound.wide.is_empty() {
            return Vec::new();
        }
        let program = &self.session.checked.program;
        let outputs: Vec<VariableId> =
            self.outcome.tables.iter().map(|table| table.variable).collect();
        let inner: Vec<VariableId> = program
            .reach(&outputs, &[])
            .into_iter()
            .filter(|id| program.variables.get(*id).is_some_and(|variable| !variable.output))
            .collect();
        let mut tables = self.tables_of(&inner);
        if tables.is_empty() {
            // One of them cannot stand alone at all its keys: a fault counts where it is asked for.
            tables = inner.iter().flat_map(|id| self.tables_of(&[*id])).collect();
        }
        let mut figures = 0;
        tables.retain(|(count, _)| {
            let room = figures + count <= WORKING_FIGURES_MAX;
            figures += if room { *count } else { 0 };
            room
        });
        written(tables.into_iter().map(|(_, table)| table))
    }

    fn tables_of(&self, wanted: &[VariableId]) -> Vec<(usize, OutTable)> {
        let options = RunOptions {
            drop_refused: self.record.drop_refused,
            also: wanted.to_vec(),
            ..RunOptions::default()
        };
        let (program, catalogue) = (&self.session.checked.program, &self.session.loaded.catalogue);
        let outcome = evaluate(program, &self.bound.dataset, catalogue, &options);
        let own = outcome.tables.iter().filter(|table| wanted.contains(&table.variable));
        own.map(|table| (table.figures.len(), out_table(program, table))).collect()
    }

    /// Everything that goes into the pack; data files above `external` bytes are only named.
    pub(crate) fn draft(&self, external: Option<u64>) -> Result<Draft, Failure> {
        let mut draft = self.without_data();
        self.add_data(&mut draft, external)?;
        Ok(draft)
    }

    /// What goes into the pack beside the data.
    pub(crate) fn without_data(&self) -> Draft {
        let mut draft = Draft {
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            run: self.record.clone(),
            ..Draft::default()
        };
        self.add_documents(&mut draft);
        self.add_factors(&mut draft);
        let results = self.results();
        let mut text = serde_json::to_string_pretty(&self.manifest(&results)).unwrap_or_default();
        text.push('\n');
        draft.contents.push(content(RUN.to_owned(), Kind::Run, RUN, text.into_bytes()));
        for (kind, folder, files) in
            [(Kind::Result, "results", results), (Kind::Working, "workings", self.workings())]
        {
            draft.contents.extend(
                files.into_iter().map(|own| {
                    content(format!("{folder}/{}", own.file), kind, &own.name, own.bytes)
                }),
            );
        }
        draft
    }

    fn add_documents(&self, draft: &mut Draft) {
        let checked = &self.session.checked;
        let mut taken = BTreeSet::new();
        for document in std::iter::once(&checked.document).chain(&checked.used) {
            let file = document.source.rsplit(['/', '\\', ':']).next().unwrap_or("document.md");
            let mut path = format!("documents/{file}");
            while !taken.insert(path.to_lowercase()) {
                path = format!("documents/_{}", path.trim_start_matches("documents/"));
            }
            let bytes = document.text.clone().into_bytes();
            draft.contents.push(content(path, Kind::Document, &document.source, bytes));
        }
    }

    /// The two files of each set that the program names.
    fn add_factors(&self, draft: &mut Draft) {
        let named = factor_sets(&self.session.checked.program);
        for (file, text) in &self.session.loaded.texts {
            let set = file.rsplit_once('.').map_or(file.as_str(), |(set, _)| set);
            if named.contains(set) {
                let path = format!("factors/{file}");
                draft.contents.push(content(path, Kind::Factor, file, text.clone().into_bytes()));
            }
        }
    }

    fn add_data(&self, draft: &mut Draft, external: Option<u64>) -> Result<(), Failure> {
        let arguments = Arguments::of(&self.record.data, |path| Path::new(path).is_dir());
        let place = |name: &str| {
            arguments.path_of(name).ok_or_else(|| {
                Failure::new(
                    format!("{name} 不属于任何一个 --data"),
                    format!("{name} belongs to no --data"),
                )
            })
        };
        let total: u64 = (self.bound.intake.files.iter()).map(|file| file.size as u64).sum();
        let copied = |size: u64| external.is_none_or(|most| size <= most);
        if external.is_none() && total > Limits::default().bytes_max {
            return Err(too_large(total));
        }
        for file in &self.bound.intake.files {
            let (path, name) = (place(&file.name)?, file.name.clone());
            let unreadable = |error| Failure::unreadable(&file.name, &error);
            // Of a table that stays in its files nothing is loaded here either.
            if file.sha256.is_none() || !copied(file.size as u64) {
                let mut opened = std::fs::File::open(&file.name).map_err(unreadable)?;
                let measure = Measure::of(&mut opened).map_err(unreadable)?;
                if measure.digests.sha256 != file.digest() {
                    return Err(changed(&file.name));
                }
                match copied(measure.bytes) {
                    true => {
                        draft.streams.push(Streamed { path, kind: Kind::Data, name, measure });
                    }
                    false => draft.external.push(named_file(path, name, measure)),
                }
                continue;
            }
            let bytes = std::fs::read(&file.name).map_err(unreadable)?;
            if sha256(&bytes) != file.digest() {
                return Err(changed(&file.name));
            }
            draft.contents.push(content(path, Kind::Data, &file.name, bytes));
        }
        for (folder, version) in &self.bound.intake.deltas {
            for name in log_files(folder, *version)? {
                let measure = std::fs::File::open(&name)
                    .and_then(|mut opened| Measure::of(&mut opened))
                    .map_err(|error| Failure::unreadable(&name, &error))?;
                let path = place(&name)?;
                draft.streams.push(Streamed { path, kind: Kind::Data, name, measure });
            }
        }
        for finding in self.session.findings.list().iter().filter(|f| f.code == SKIPPED) {
            for label in &finding.labels {
                let Place::File(name) = &label.place else { continue };
                draft.contents.push(content(place(name)?, Kind::PassedOver, name, Vec::new()));
            }
        }
        Ok(())
    }
}

/// What tells of a file in a data folder that is no table.
const SKIPPED: &str = "data-file-skipped";

/// The files of a Delta table's log up to a version: with them, that version is its newest.
fn log_files(folder: &str, version: i64) -> Result<Vec<String>, Failure> {
    let log = format!("{}/_delta_log", folder.trim_end_matches('/'));
    let list = std::fs::read_dir(&log).map_err(|error| Failure::unreadable(&log, &error))?;
    let mut names: Vec<String> = list
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".json") || name.contains(".checkpoint."))
        .filter(|name| {
            let number = name.split('.').next().and_then(|digits| digits.parse::<i64>().ok());
            number.is_some_and(|number| number <= version)
        })
        .map(|name| format!("{log}/{name}"))
        .collect();
    names.sort();
    Ok(names)
}

fn content(path: String, kind: Kind, name: &str, bytes: Vec<u8>) -> Content {
    Content { path, kind, name: name.to_owned(), bytes }
}

fn named_file(path: String, name: String, measure: Measure) -> External {
    let Measure { bytes, digests, .. } = measure;
    let file = ExternalFile { path: String::new(), bytes, digests };
    External { name, kind: ExternalKind::File, version: None, path, files: vec![file] }
}

/// A data file that is no longer what was computed from.
pub(crate) fn changed(file: &str) -> Failure {
    Failure::new(
        format!("{file} 在计算时被改动"),
        format!("{file} changed while it was computed from"),
    )
    .hint("等写入结束后重新打包", "pack again once nothing writes to it")
}

/// More data than a pack holds.
pub(crate) fn too_large(bytes: u64) -> Failure {
    let mebibytes = bytes >> 20;
    Failure::new(
        format!("内容有 {mebibytes} MiB，一个包至多 2 GiB"),
        format!("{mebibytes} MiB are more than a pack holds (2 GiB)"),
    )
    .hint(
        "用 --external 100MB：更大的数据文件只记名称和摘要值，核验时用 --data 给出",
        "use --external 100MB: larger files are named by their digests, and given to verify by --data",
    )
}

/// The sets that the factors of a program are taken from.
fn factor_sets(program: &Program) -> BTreeSet<&str> {
    let sets = program.variables.iter().filter_map(|variable| match &variable.kind {
        VariableKind::Factor(factor) => Some(factor.set.as_str()),
        _ => None,
    });
    sets.collect()
}

/// Tables as CSV. Some file systems do not tell `CO2.csv` from `co2.csv`.
fn written(tables: impl Iterator<Item = OutTable>) -> Vec<Written> {
    let mut taken = BTreeSet::new();
    let named = tables.map(|table| {
        let mut file = format!("{}.csv", table.name);
        while !taken.insert(file.to_lowercase()) {
            file = format!("_{file}");
        }
        let bytes = write_csv(&table);
        Written { name: table.name, file, bytes }
    });
    named.collect()
}

/// 数据参数 Each `--data` with its place in a pack: `data/1`, `data/2`, …
pub(crate) struct Arguments {
    list: Vec<Argument>,
}

struct Argument {
    /// As shown: the name of the file or folder.
    shown: String,
    /// What the names of a folder's files begin with; none for a file.
    prefix: Option<String>,
    place: String,
}

impl Arguments {
    /// The arguments, given which of them are folders.
    pub(crate) fn of(data: &[String], is_folder: impl Fn(&str) -> bool) -> Self {
        let list = data.iter().enumerate().map(|(number, path)| Argument {
            shown: shown(Path::new(path)),
            prefix: is_folder(path).then(|| prefix(path)),
            place: format!("data/{}", number + 1),
        });
        Self { list: list.collect() }
    }

    /// The path in the pack of a file that a run read, by its name.
    pub(crate) fn path_of(&self, name: &str) -> Option<String> {
        self.list.iter().find_map(|own| match &own.prefix {
            None => (own.shown == name).then(|| format!("{}/{}", own.place, last(name))),
            Some(prefix) => Some(format!("{}/{}", own.place, name.strip_prefix(prefix.as_str())?)),
        })
    }

    /// Each argument where the pack is unpacked.
    pub(crate) fn unpacked(&self, root: &str) -> Vec<UnpackedArgument> {
        let places = self.list.iter().map(|own| {
            let now = format!("{root}/{}", own.place);
            match &own.prefix {
                None => {
                    let path = format!("{now}/{}", last(&own.shown));
                    let names = vec![(path.clone(), own.shown.clone())];
                    UnpackedArgument { path, folder: false, names }
                }
                Some(prefix) => {
                    let inside = (format!("{now}/"), prefix.clone());
                    let names = vec![inside, (now.clone(), own.shown.clone())];
                    UnpackedArgument { path: now, folder: true, names }
                }
            }
        });
        places.collect()
    }
}

/// What the names of a folder's files begin with.
fn prefix(folder: &str) -> String {
    let inside = shown(&Path::new(folder).join("x"));
    inside.strip_suffix('x').unwrap_or(&inside).to_owned()
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// An argument where the pack is unpacked.
pub(crate) struct UnpackedArgument {
    /// Where it is.
    pub(crate) path: String,
    /// It is a folder.
    pub(crate) folder: bool,
    /// What is there now and what it is called.
    pub(crate) names: Vec<(String, String)>,
}
