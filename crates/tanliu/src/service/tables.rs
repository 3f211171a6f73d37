//! 由数据值到输入表 Approved values become the tables of a document's inputs.
//!
//! Inputs with the same indexes share a table. Rows stand in the order of their keys, so that the
//! same values give the same bytes. Which value a cell was is found again by input and keys.

use crate::failure::Failure;
use std::collections::{BTreeMap, BTreeSet};
use tanliu_method::program::{IndexKind, Program, VariableId, VariableKind};
use tanliu_platform::value::Value;

/// 输入表 One CSV file for a run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct InputTable {
    /// The file's name.
    pub(super) file: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// A table while it grows.
struct Growing {
    dims: Vec<String>,
    inputs: Vec<VariableId>,
    rows: BTreeMap<Vec<String>, Vec<Option<usize>>>,
}

/// The tables of a program's inputs from values; values of inputs that the program does not have
/// are passed over.
///
/// # Errors
/// Values of one input are in several units: a column has one.
pub(super) fn tables(program: &Program, values: &[Value]) -> Result<Vec<InputTable>, Failure> {
    let mut growing: BTreeMap<Vec<usize>, Growing> = BTreeMap::new();
    for (id, variable) in program.variables.iter().enumerate() {
        if !matches!(variable.kind, VariableKind::Input(_)) {
            continue;
        }
        let mut set = variable.dims.clone();
        set.sort_unstable();
        let names = variable.dims.iter().filter_map(|index| program.indexes.get(*index));
        let dims = names.map(|index| index.name.clone()).collect();
        let table = growing.entry(set).or_insert_with(|| Growing {
            dims,
            inputs: Vec::new(),
            rows: BTreeMap::new(),
        });
        table.inputs.push(id);
    }
    for (at, value) in values.iter().enumerate() {
        let Some(id) = program.variable(&value.input) else { continue };
        let Some(table) = growing.values_mut().find(|table| table.inputs.contains(&id)) else {
            continue;
        };
        let keys = keys_of(program, &table.dims, value);
        let count = table.inputs.len();
        let column = table.inputs.iter().position(|own| *own == id);
        let row = table.rows.entry(keys).or_insert_with(|| vec![None; count]);
        if let Some(cell) = column.and_then(|column| row.get_mut(column)) {
            *cell = Some(at);
        }
    }
    growing
        .into_values()
        .filter(|table| !table.rows.is_empty())
        .map(|table| finish(program, values, table))
        .collect()
}

/// The keys of a value in the order of a table's indexes: time from the period, the subject's index
/// by what is left.
fn keys_of(program: &Program, dims: &[String], value: &Value) -> Vec<String> {
    let named: Vec<(&str, &str)> =
        value.keys.split(';').filter_map(|pair| pair.split_once('=')).collect();
    let key = |name: &String| {
        if let Some((_, key)) = named.iter().find(|(own, _)| own == name) {
            return (*key).to_owned();
        }
        let index = program.index(name).and_then(|index| program.indexes.get(index));
        match index.map(|index| &index.kind) {
            Some(IndexKind::Time { .. }) => value.period.clone(),
            _ => value.subject.clone(),
        }
    };
    dims.iter().map(key).collect()
}

fn finish(program: &Program, values: &[Value], table: Growing) -> Result<InputTable, Failure> {
    // An input of which nothing is known has no column: it may be optional.
    let known: Vec<usize> = (0..table.inputs.len())
        .filter(|column| table.rows.values().any(|row| matches!(row.get(*column), Some(Some(_)))))
        .collect();
    let mut header = table.dims.clone();
    for column in &known {
        let variable = table.inputs.get(*column).and_then(|id| program.variables.get(*id));
        let name = variable.map(|variable| variable.name.clone()).unwrap_or_default();
        header.push(head(&name, &table, *column, values)?);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let unwritable = |error: csv::Error| Failure::unwritable("csv", &std::io::Error::other(error));
    writer.write_record(&header).map_err(unwritable)?;
    for (keys, row) in &table.rows {
        let texts = known.iter().map(|column| {
            let value = row.get(*column).copied().flatten().and_then(|at| values.get(at));
            value.map(text_of).unwrap_or_default()
        });
        writer.write_record(keys.iter().cloned().chain(texts)).map_err(unwritable)?;
    }
    let file = if table.dims.is_empty() { "scalars".to_owned() } else { table.dims.join("-") };
    let bytes = writer.into_inner().unwrap_or_default();
    Ok(InputTable { file: format!("{file}.csv"), bytes })
}

/// `energy (tce)`: the unit is that of the values, and the binder converts it.
fn head(name: &str, table: &Growing, column: usize, values: &[Value]) -> Result<String, Failure> {
    let cells = table.rows.values().filter_map(|row| row.get(column).copied().flatten());
    let units: BTreeSet<&str> =
        cells.filter_map(|at| values.get(at)).map(|value| value.unit.as_str()).collect();
    let list: Vec<&str> = units.into_iter().collect();
    match list.as_slice() {
        [] | ["" | "1"] => Ok(name.to_owned()),
        [unit] => Ok(format!("{name} ({unit})")),
        _ => Err(Failure::new(
            format!("输入 {name} 的数据值有几种单位：{}", list.join("、")),
            format!("the values of input {name} are in several units: {}", list.join(", ")),
        )
        .hint(
            "用现行文档的模板重新报送其中一种",
            "submit those of one unit again with the document's present template",
        )),
    }
}

/// A number as the shortest text that is read as the same double.
fn text_of(value: &Value) -> String {
    value.number.map_or_else(|| value.original.clone(), |number| number.to_string())
}

#[cfg(test)]
mod tests;
