//! 填报表 The workbook of a dataset out, and a filled one back in: its values with their cells, or
//! the copy in which the bad cells are marked.

use crate::arguments::Sources;
use crate::command::explain::cell_text;
use crate::command::run::too_large;
use crate::data::Intake;
use crate::failure::Failure;
use crate::findings::findings_json;
use crate::session::Session;
use std::path::Path;
use tanliu_diagnostic::{CellPlace, Diagnostic, Lang, Place};
use tanliu_engine::delta::AsOfChoice;
use tanliu_method::bind::{BindInput, bind};
use tanliu_method::data::{Dataset, InputTable};
use tanliu_method::program::{
    IndexKind, Key, ParamTree, Program, Value as Known, Variable, VariableKind,
};
use tanliu_office::template::of_program;
use tanliu_office::{Mark, write_marked_copy, write_marked_tables, write_template};
use tanliu_platform::port::ReadTable;
use tanliu_platform::value::{Origin, Standing, Value};

/// 交来的文件 A file that was handed in for some inputs of a document.
pub(super) struct Handed {
    pub(super) document: String,
    pub(super) inputs: Vec<String>,
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// The workbook to fill in for some inputs of a document.
pub(super) fn template(
    document: &str,
    inputs: &[String],
    sources: &Sources,
) -> Result<Vec<u8>, Failure> {
    let session = Session::open(document, sources)?;
    let program = only(&session.checked.program, inputs);
    let template = of_program(&program, &session.checked.document);
    write_template(&template).map_err(|error| too_large(&error))
}

/// Reads a filled workbook or a table.
pub(super) fn read(handed: &Handed, sources: &Sources) -> Result<ReadTable, Failure> {
    let mut session = Session::open(&handed.document, sources)?;
    let program = only(&session.checked.program, &handed.inputs);
    let folder = tempfile::Builder::new()
        .prefix("tanliu-handed-")
        .tempdir()
        .map_err(|error| Failure::unwritable("TMPDIR", &error))?;
    // The name is for messages; what is a path in it is not for us.
    let name = Path::new(&handed.name).file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_else(|| "table.xlsx".to_owned());
    let path = folder.path().join(&name);
    std::fs::write(&path, &handed.bytes).map_err(|error| Failure::unwritable(&name, &error))?;
    let path = path.to_string_lossy().into_owned();
    session.names.add(path.clone(), name.clone());
    let id = session.checked.document.front.id.clone();
    let mut intake = Intake::read(&[path], &id, AsOfChoice::default(), None)?;
    intake.rename(&session.names);
    let input = BindInput {
        tables: &intake.tables,
        restricted: None,
        scalars: &[],
        units: &session.checked.units,
    };
    let (dataset, found) = bind(&program, &input);
    let mut findings: Vec<Diagnostic> = intake.findings.clone().into_list();
    findings.extend(found.into_list());
    let errors = findings.iter().filter(|finding| finding.is_error()).count() as u64;
    let told = findings_json(&findings, &session.texts).to_string();
    if errors > 0 {
        let marked = marked(handed, &session, &intake, &findings);
        return Ok(ReadTable { values: Vec::new(), findings: told, errors, marked });
    }
    let values = values(&program, &dataset, &intake, &name);
    Ok(ReadTable { values, findings: told, errors, marked: None })
}

/// The program without the inputs and holes that are not wanted here: they are no concern of who
/// fills in this table.
fn only(program: &Program, inputs: &[String]) -> Program {
    let mut program = program.clone();
    for variable in &mut program.variables {
        let asked = matches!(variable.kind, VariableKind::Input(_) | VariableKind::Hole);
        if asked && !inputs.contains(&variable.name) {
            variable.kind = VariableKind::Param(ParamTree::Leaf(Known::Number(0.0)));
        }
    }
    program.evidence.clear();
    program
}

/// What the cells hold, each with its place; what was filled with a default is nobody's report.
fn values(program: &Program, dataset: &Dataset, intake: &Intake, file: &str) -> Vec<Value> {
    let mut values = Vec::new();
    for (id, table) in &dataset.inputs {
        let Some(variable) = program.variables.get(*id) else { continue };
        let reported = table.values.len().saturating_sub(table.filled).min(table.rows.len());
        for row in 0..reported {
            values.extend(value(program, variable, (table, row), (dataset, intake, file)));
        }
    }
    values
}

fn value(
    program: &Program,
    variable: &Variable,
    (table, row): (&InputTable, usize),
    (dataset, intake, file): (&Dataset, &Intake, &str),
) -> Option<Value> {
    let source = table.source.and_then(|source| dataset.sources.get(source));
    let place = CellPlace {
        source: source.map(|source| source.source.clone()).unwrap_or_default(),
        sheet: source.and_then(|source| source.sheet.clone()),
        row: table.rows.get(row).copied().unwrap_or(0),
        column: table.column,
        text: String::new(),
    };
    let original = cell_text(intake, &place);
    let unit = variable.ty.unit().map(ToString::to_string).unwrap_or_default();
    let number = match table.values.get(row)? {
        Known::Number(number) => Some(*number),
        _ => None,
    };
    let mut made = Value {
        id: 0,
        dataset: String::new(),
        input: variable.name.clone(),
        subject: String::new(),
        keys: String::new(),
        period: String::new(),
        original,
        original_unit: table.unit_seen.clone().unwrap_or_else(|| unit.clone()),
        number,
        unit,
        origin: Origin {
            file: file.to_owned(),
            sheet: place.sheet.clone().unwrap_or_default(),
            cell: format!("{}{}", letters(place.column), place.row),
            ..Origin::default()
        },
        submission: 0,
        standing: Standing::Pending,
    };
    let mut others = Vec::new();
    for (index, column) in variable.dims.iter().zip(&table.keys) {
        let index = program.indexes.get(*index)?;
        let code = *column.codes.get(row)?;
        let key: &Key = column.dictionary.get(code as usize)?;
        let shown = index.show(key);
        match index.kind {
            IndexKind::Time { .. } => made.period = shown,
            _ if matches!(index.name.as_str(), "enterprise" | "town") => made.subject = shown,
            _ => others.push(format!("{}={shown}", index.name)),
        }
    }
    made.keys = others.join(";");
    Some(made)
}

/// 3 is `C`, 28 is `AB`.
fn letters(column: u32) -> String {
    let (mut column, mut letters) = (column, Vec::new());
    while column > 0 {
        let digit = u8::try_from((column - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        column = (column - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The copy with marks at the bad cells, where the file could be read at all.
fn marked(
    handed: &Handed,
    session: &Session,
    intake: &Intake,
    findings: &[Diagnostic],
) -> Option<Vec<u8>> {
    let in_cells = findings.iter().filter(|finding| {
        let cell = |place: &Place| matches!(place, Place::Cell(_));
        finding.is_error() && finding.labels.iter().any(|label| cell(&label.place))
    });
    let in_cells: Vec<Diagnostic> = in_cells.cloned().collect();
    let marks = Mark::from_findings(&in_cells, Lang::Zh);
    let is_workbook = crate::data::is_workbook(&handed.name);
    let made = if is_workbook {
        let program = only(&session.checked.program, &handed.inputs);
        let template = of_program(&program, &session.checked.document);
        write_marked_copy(&handed.bytes, &marks, Some(&template))
    } else {
        write_marked_tables(&intake.tables, &marks)
    };
    made.ok()
}

#[cfg(test)]
mod tests;
