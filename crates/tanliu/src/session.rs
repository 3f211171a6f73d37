//! 一次运行的准备 A document checked, its data read and bound: what `run` and `explain` begin with.

use crate::arguments::{Data, Sources};
use crate::data::{Bystanders, Intake, Names};
use crate::factors::{FactorFiles, Loaded};
use crate::failure::Failure;
use crate::findings::{Texts, add_texts};
use crate::library::open;
use crate::timing::timed;
use std::sync::Arc;
use tanliu_diagnostic::{Diagnostic, Diagnostics, Place, Span};
use tanliu_engine::delta::AsOfChoice;
use tanliu_engine::{WideInput, load_for};
use tanliu_method::bind::{BindInput, bind, locate};
use tanliu_method::check::{Checked, check};
use tanliu_method::data::Dataset;
use tanliu_method::program::{IndexId, Key, Program, VariableId};

/// How many rows of wide tables a derivation may read.
const NARROWED_ROWS_MAX: u64 = 2_000_000;

/// 已检查的文档 A document with the factors it names.
pub(crate) struct Session {
    /// The document, checked.
    pub(crate) checked: Checked,
    /// Where factors come from.
    pub(crate) factor_files: FactorFiles,
    /// The factors it names.
    pub(crate) loaded: Loaded,
    /// Texts that findings point into.
    pub(crate) texts: Texts,
    /// Everything found so far.
    pub(crate) findings: Diagnostics,
    /// What data files are called that are read from an unpacked pack.
    pub(crate) names: Names,
}

/// 已绑定的数据 Data bound to the inputs of a document.
pub(crate) struct Bound {
    /// What was read.
    pub(crate) intake: Intake,
    /// What the inputs got.
    pub(crate) dataset: Dataset,
    /// The values of `--set`, by name.
    pub(crate) set: Vec<(String, String)>,
    /// Inputs whose rows stay in files.
    pub(crate) wide: Vec<WideInput>,
}

/// The inputs that tables in files supply; one that they cannot supply row by row is told.
fn wide_inputs(
    program: &Program,
    input: &BindInput<'_>,
    (loaded, intake): (usize, &Intake),
    found: &mut Diagnostics,
) -> Vec<WideInput> {
    if intake.wide.is_empty() {
        return Vec::new();
    }
    let mut inputs = Vec::new();
    for located in locate(program, input) {
        let Some(table) = located.table.checked_sub(loaded).and_then(|at| intake.wide.get(at))
        else {
            continue;
        };
        if !located.plain {
            let name = program.variables.get(located.variable).map_or("", |v| &v.name);
            found.push(
                Diagnostic::error(
                    "wide-not-plain",
                    format!("宽表里输入 `{name}` 的一行不是一个值：表有单位列或多余的索引列"),
                    format!("a row of the wide table is not one value of `{name}`: it has a column of units or further indexes"),
                )
                .at(Place::File(table.shown.clone()), "", "")
                .hint(
                    "把单位写进列名，去掉多余的索引列；或用 --engine reference 整表读入内存",
                    "put the unit into the column's name and drop further indexes; or read it whole with --engine reference",
                ),
            );
            continue;
        }
        inputs.push(WideInput {
            variable: located.variable,
            table: Arc::new(table.clone()),
            column: located.column,
            keys: located.keys,
            conversion: located.conversion,
        });
    }
    inputs
}

impl Session {
    /// Opens and checks a document, by path or by id.
    pub(crate) fn open(document: &str, sources: &Sources) -> Result<Self, Failure> {
        let (file, shelf) = open(document, &sources.library)?;
        let path = Some(file.name.as_str());
        let factor_files = FactorFiles::find(sources.factors.as_deref(), path)?;
        let loaded = factor_files.load_for([file.text.as_str()], &shelf);
        let check = || check(&file.name, &file.text, &shelf, &loaded.catalogue);
        let mut checked = timed("check", check);
        let mut findings = std::mem::take(&mut checked.diagnostics);
        findings.append(loaded.findings.clone());
        findings.extend(shelf.take_doubles());
        let mut texts = loaded.texts.clone();
        add_texts(&mut texts, &checked);
        let names = Names::default();
        Ok(Self { checked, factor_files, loaded, texts, findings, names })
    }

    /// Reads and binds data; the findings go to those of the session. Nothing may be computed if
    /// there are errors.
    pub(crate) fn bind(&mut self, data: &Data) -> Result<Bound, Failure> {
        let id = self.checked.document.front.id.clone();
        // What is neither a version nor a time is told before anything is read.
        let as_of = AsOfChoice::parse(&data.as_of)
            .map_err(|error| Failure::of_finding(&error.diagnostic()))?;
        let mut intake = Intake::read(&data.data, &id, as_of, data.engine)?;
        intake.rename(&self.names);
        let scalars = self.scalars(&data.set)?;
        let set = scalars.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect();
        // Of a table that stays in its files the binder sees the headers.
        let mut tables = std::mem::take(&mut intake.tables);
        let loaded = tables.len();
        tables.extend(intake.wide.iter().map(|table| table.header()));
        let input = BindInput {
            tables: &tables,
            restricted: None,
            scalars: &scalars,
            units: &self.checked.units,
        };
        let (dataset, mut found) = bind(&self.checked.program, &input);
        let wide = wide_inputs(&self.checked.program, &input, (loaded, &intake), &mut found);
        tables.truncate(loaded);
        intake.tables = tables;
        let found = found.filter_map(|finding| Some(intake.relocate(finding)));
        let told = intake.findings.clone().filter_map(|finding| Some(intake.relocate(finding)));
        let (told, found) = Bystanders::of(&dataset, &found).settle(told, found, intake.broken);
        self.findings.append(told);
        self.findings.append(found);
        Ok(Bound { intake, dataset, set, wide })
    }

    /// Reads the rows of wide tables that a figure is made of, and binds anew.
    pub(crate) fn narrow(
        &mut self,
        bound: Bound,
        data: &Data,
        figure: (VariableId, &[(IndexId, Key)]),
    ) -> Result<Bound, Failure> {
        let program = &self.checked.program;
        let loaded = load_for(program, &bound.dataset, figure, &bound.wide, NARROWED_ROWS_MAX);
        let tables = match loaded {
            Ok(tables) => tables,
            Err(error) => {
                self.findings.extend(error.findings());
                return Ok(bound);
            }
        };
        let Bound { mut intake, set, .. } = bound;
        intake.tables.extend(tables);
        intake.wide.clear();
        let scalars = self.scalars(&data.set)?;
        let input = BindInput {
            tables: &intake.tables,
            restricted: None,
            scalars: &scalars,
            units: &self.checked.units,
        };
        let (dataset, found) = bind(&self.checked.program, &input);
        self.findings.append(found.filter_map(|finding| Some(intake.relocate(finding))));
        Ok(Bound { intake, dataset, set, wide: Vec::new() })
    }

    fn scalars(&mut self, set: &[String]) -> Result<Vec<(String, String, Place)>, Failure> {
        let mut scalars = Vec::new();
        for (number, assignment) in set.iter().enumerate() {
            let Some((name, value)) = assignment.split_once('=') else {
                return Err(Failure::new(
                    format!("--set {assignment} 里没有「=」"),
                    format!("--set {assignment} has no `=`"),
                )
                .hint("写作 --set 'x=3 MWh'", "write --set 'x=3 MWh'"));
            };
            let source = match number {
                0 => "--set".to_owned(),
                number => format!("--set ({})", number + 1),
            };
            self.texts.insert(source.clone(), assignment.clone());
            let place = Place::span(source, Span::new(0, assignment.len()));
            scalars.push((name.trim().to_owned(), value.trim().to_owned(), place));
        }
        Ok(scalars)
    }
}
