//! 打开任务 A task's texts become a program and its data, in any session the same.

use super::{FileMark, Task, WideSource};
use crate::EngineError;
use crate::delta::AsOf;
use crate::feed::WideInput;
use crate::run::WideRun;
use crate::source::{OpenOptions, SourceError, WideTable};
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;
use tanliu_diagnostic::{Diagnostics, Place};
use tanliu_factor::Catalogue;
use tanliu_method::bind::{BindInput, bind, locate};
use tanliu_method::check::{Checked, Library, check};
use tanliu_method::data::Dataset;
use tanliu_method::eval::RunOptions;
use tanliu_unit::UnitTable;

/// 已打开 A task that is ready to run.
pub(super) struct Opened {
    checked: Checked,
    catalogue: Catalogue,
    dataset: Dataset,
    wide: Vec<WideInput>,
    pub(super) options: RunOptions,
    pub(super) findings: Diagnostics,
}

/// The documents that came with a task.
struct Carried<'a>(&'a [(String, String, String)]);

impl Library for Carried<'_> {
    fn document(&self, id: &str) -> Option<(String, String)> {
        let found = self.0.iter().find(|(own, ..)| own == id);
        found.map(|(_, name, text)| (name.clone(), text.clone()))
    }
    fn ids(&self) -> Vec<String> {
        self.0.iter().map(|(id, ..)| id.clone()).collect()
    }
}

impl Opened {
    /// Checks the document, opens the tables and binds them.
    pub(super) fn of(task: &Task) -> Result<Self, EngineError> {
        // A set with an error is left out, and told where it is asked.
        let (catalogue, _) = Catalogue::load(task.factors.clone(), &UnitTable::builtin());
        let (name, text) = &task.document;
        let checked = check(name, text, &Carried(&task.library), &catalogue);
        let mut findings = sound(checked.diagnostics.clone())?;
        let opened = task.wide.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let mut tables = task.tables.clone();
        tables.extend(opened.iter().map(|table| table.header()));
        let scalars: Vec<(String, String, Place)> = (task.scalars.iter())
            .map(|(name, value, file)| (name.clone(), value.clone(), Place::File(file.clone())))
            .collect();
        let input = BindInput {
            tables: &tables,
            restricted: None,
            scalars: &scalars,
            units: &checked.units,
        };
        let (dataset, found) = bind(&checked.program, &input);
        findings.append(sound(found)?);
        let mut wide = Vec::new();
        for located in locate(&checked.program, &input) {
            let Some(table) =
                located.table.checked_sub(task.tables.len()).and_then(|at| opened.get(at))
            else {
                continue;
            };
            if !located.plain {
                return Err(EngineError::order(
                    format!("宽表 {} 的一行不是一个值", table.shown),
                    format!("a row of the wide table {} is not one value", table.shown),
                ));
            }
            wide.push(WideInput {
                variable: located.variable,
                table: Arc::clone(table),
                column: located.column,
                keys: located.keys,
                conversion: located.conversion,
            });
        }
        let also = task.also.iter().filter_map(|name| checked.program.variable(name)).collect();
        let options = RunOptions { also, ..RunOptions::default() };
        Ok(Self { checked, catalogue, dataset, wide, options, findings })
    }

    /// What is run.
    pub(super) fn given(&self) -> WideRun<'_> {
        WideRun {
            program: &self.checked.program,
            dataset: &self.dataset,
            catalogue: &self.catalogue,
            wide: &self.wide,
        }
    }
}

/// Findings without an error.
fn sound(findings: Diagnostics) -> Result<Diagnostics, EngineError> {
    match findings.has_errors() {
        true => Err(EngineError::Findings(findings.into_list())),
        false => Ok(findings),
    }
}

/// Opens a wide table in the state that is meant.
fn open(source: &WideSource) -> Result<Arc<WideTable>, EngineError> {
    let options =
        OpenOptions { shown: Some(source.shown.clone()), as_of: source.version.map(AsOf::Version) };
    let table = WideTable::open(Path::new(&source.path), &options).map_err(EngineError::source)?;
    let found = marks(&table);
    if table.version == source.version && found == source.files {
        return Ok(Arc::new(table));
    }
    let other = found.iter().find(|mark| !source.files.contains(mark));
    let file = other.map_or_else(|| source.shown.clone(), |mark| mark.shown.clone());
    Err(EngineError::source(SourceError::Changed { file }))
}

/// The files of a table as they are told from others.
pub(super) fn marks(table: &WideTable) -> Vec<FileMark> {
    let stamp = |file: &crate::source::FileEntry| {
        let since = file.modified?.duration_since(UNIX_EPOCH).ok()?;
        u64::try_from(since.as_nanos()).ok()
    };
    let mark = |file: &crate::source::FileEntry| FileMark {
        shown: file.shown.clone(),
        bytes: file.bytes,
        modified: stamp(file),
    };
    table.files.iter().map(mark).collect()
}
