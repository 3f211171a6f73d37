//! 读表 Reads the inputs that one table supplies, with duplicates found.

use super::cell::{CellFault, CellReader};
use super::column_unit::missing_unit;
use super::complete::complete;
use super::context::{Context, input_of, table_title};
use super::find::Plan;
use super::keys::KeyReader;
use super::layout::{Layout, ValueColumn};
use super::report::ColumnReport;
use super::spread;
use crate::data::{InputTable, KeyColumn, Notation};
use crate::program::{IndexId, Key, Value, Variable, VariableId, VariableKind};
use crate::significant::compare;
use crate::table::{CellRef, Column, Table};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Diagnostics};

/// The code of a row without a usable key.
const NO_KEY: u32 = u32::MAX;

/// 键列 The keys of one index column: a code for each row of the table.
pub(super) struct KeyCodes {
    dictionary: Vec<Key>,
    codes: Vec<u32>,
    /// Whether a cell was refused.
    faulty: bool,
}

/// Rows of one input, before they are an [`InputTable`].
#[derive(Default)]
struct Rows {
    /// Row numbers of the table, from 0.
    rows: Vec<usize>,
    values: Vec<Value>,
    /// Empty unless the input takes notation keys.
    notations: Vec<Option<Notation>>,
}

/// Reads all inputs that a table supplies.
pub(super) fn read_table(
    context: &Context<'_>,
    layout: &Layout<'_>,
    plan: &Plan,
    diagnostics: &mut Diagnostics,
) -> Vec<(VariableId, InputTable)> {
    let Some(chosen) = plan.chosen.get(&layout.number) else { return Vec::new() };
    let mut keys: BTreeMap<IndexId, KeyCodes> = BTreeMap::new();
    for (id, _) in chosen {
        for index in context.variable(*id).map_or(&[] as &[IndexId], |variable| &variable.dims) {
            if let (false, Some(column)) = (keys.contains_key(index), layout.indexes.get(index)) {
                let codes = read_keys(context, layout.table, (*index, column), diagnostics);
                keys.insert(*index, codes);
            }
        }
    }
    let mut tables = Vec::new();
    for (id, value) in chosen {
        let Some(column) = layout.values.get(*value) else { continue };
        if let Some(table) = read_variable(context, layout, (*id, column), &keys, diagnostics) {
            tables.push((*id, table));
        }
    }
    tables
}

/// Reads an index column.
pub(super) fn read_keys(
    context: &Context<'_>,
    table: &Table,
    (index, column): (IndexId, &Column),
    diagnostics: &mut Diagnostics,
) -> KeyCodes {
    let mut codes = Vec::with_capacity(table.row_count());
    let Some(index) = context.program.indexes.get(index) else {
        return KeyCodes { dictionary: Vec::new(), codes, faulty: true };
    };
    let mut reader = KeyReader::new(index);
    let mut report = ColumnReport::new();
    let mut faulty = false;
    for row in 0..table.row_count() {
        let cell = column.cells.get(row);
        codes.push(match reader.read(cell) {
            Ok(code) => code,
            Err(_) if is_blank_row(table, row) => NO_KEY,
            Err(fault) => {
                faulty = true;
                report.error(fault.code(), || {
                    fault.diagnostic(index, &cell.to_string(), table.place(row, column).into())
                });
                NO_KEY
            }
        });
    }
    report.finish(&column_title(table, column), diagnostics);
    KeyCodes { dictionary: reader.dictionary().to_vec(), codes, faulty }
}

/// Whether all cells of a row are empty.
pub(super) fn is_blank_row(table: &Table, row: usize) -> bool {
    table.columns.iter().all(|column| match column.cells.get(row) {
        CellRef::Empty => true,
        CellRef::Text(text) => text.trim().is_empty(),
        _ => false,
    })
}

/// `energy.csv, energy (tce)`: a column as messages name it.
pub(super) fn column_title(table: &Table, column: &Column) -> String {
    format!("{}, {}", table_title(table), column.header.trim())
}

fn read_variable(
    context: &Context<'_>,
    layout: &Layout<'_>,
    (id, column): (VariableId, &ValueColumn<'_>),
    keys: &BTreeMap<IndexId, KeyCodes>,
    diagnostics: &mut Diagnostics,
) -> Option<InputTable> {
    let variable = context.variable(id)?;
    let mut reader = match CellReader::new(context, variable, layout, column) {
        Ok(reader) => reader,
        Err(fault) => {
            diagnostics.push(*fault);
            return None;
        }
    };
    let keys: Vec<&KeyCodes> = variable.dims.iter().filter_map(|index| keys.get(index)).collect();
    let mut report = ColumnReport::new();
    let (mut rows, faulty) = read_rows(context, &mut reader, (layout, column), &keys, &mut report);
    let doubles =
        check_doubles(context, layout, (variable, column), (&mut rows, &keys), &mut report);
    report.finish(&column_title(layout.table, column.column), diagnostics);
    let mut table = InputTable {
        keys: keys.iter().map(|key| key_column(key, &rows.rows)).collect(),
        half_widths: spread::read(context, layout, id, &rows.rows, diagnostics),
        rows: (rows.rows.iter())
            .map(|row| layout.table.row_numbers.get(*row).copied().unwrap_or(0))
            .collect(),
        values: rows.values,
        notations: rows.notations,
        source: Some(layout.number),
        column: column.column.number,
        unit_seen: reader.unit_seen(),
        filled: 0,
        states: Vec::new(),
        loose: Vec::new(),
    };
    // A column of a template that was left empty fills no hole.
    if matches!(variable.kind, VariableKind::Hole) && table.values.is_empty() {
        return None;
    }
    // With refused cells the table would seem incomplete where it only is wrong.
    if !faulty && !doubles && !keys.iter().any(|key| key.faulty) {
        complete(context, id, &mut table, Some((layout, column)), diagnostics);
    }
    Some(table)
}

/// Reads the value column row by row; says whether a cell was refused.
fn read_rows<'a>(
    context: &Context<'_>,
    reader: &mut CellReader<'_, 'a>,
    (layout, column): (&Layout<'a>, &ValueColumn<'a>),
    keys: &[&KeyCodes],
    report: &mut ColumnReport,
) -> (Rows, bool) {
    let table = layout.table;
    let variable = reader.variable();
    let notation = input_of(variable).is_some_and(|input| input.notation);
    let mut rows = Rows::default();
    let (mut faulty, mut unit_missed) = (false, false);
    for row in 0..table.row_count() {
        let cell = column.column.cells.get(row);
        match reader.read(cell, row) {
            Ok(None) => {}
            Ok(Some(read)) => {
                let has_key =
                    |key: &&KeyCodes| key.codes.get(row).is_some_and(|code| *code != NO_KEY);
                if keys.iter().all(has_key) {
                    rows.rows.push(row);
                    rows.values.push(read.value);
                    if notation {
                        rows.notations.push(read.notation);
                    }
                }
            }
            Err(CellFault::MissingUnit) if reader.unit_is_in_cells() => {
                if !unit_missed {
                    report.error("data-missing-unit", || {
                        missing_unit(context, variable, layout, column)
                    });
                }
                (faulty, unit_missed) = (true, true);
            }
            Err(fault) => {
                faulty = true;
                report.error(fault.code(), || {
                    // A unit that does not fit stands in the column `unit`, if there is one.
                    let unit = layout.unit.filter(|_| matches!(fault, CellFault::Unit(_)));
                    let place = table.place(row, unit.unwrap_or(column.column));
                    fault.diagnostic(context, variable, &cell.to_string(), place.into())
                });
            }
        }
    }
    if rows.notations.iter().all(Option::is_none) {
        rows.notations.clear();
    }
    (rows, faulty)
}

/// The keys of the rows taken, with a dictionary of those that occur.
fn key_column(key: &KeyCodes, rows: &[usize]) -> KeyColumn {
    let mut column = KeyColumn { dictionary: Vec::new(), codes: Vec::with_capacity(rows.len()) };
    let mut renumbered = vec![NO_KEY; key.dictionary.len()];
    for row in rows {
        let code = key.codes.get(*row).copied().unwrap_or(0) as usize;
        let Some(new) = renumbered.get_mut(code) else { continue };
        if *new == NO_KEY {
            *new = u32::try_from(column.dictionary.len()).unwrap_or(NO_KEY);
            column.dictionary.extend(key.dictionary.get(code).cloned());
        }
        column.codes.push(*new);
    }
    column
}

/// Rows with one key: an error, unless the table has further indexes and the rows agree; then the
/// first stands for all. Says whether there were errors.
fn check_doubles(
    context: &Context<'_>,
    layout: &Layout<'_>,
    (variable, column): (&Variable, &ValueColumn<'_>),
    (rows, keys): (&mut Rows, &[&KeyCodes]),
    report: &mut ColumnReport,
) -> bool {
    let may_agree = variable.dims.is_empty()
        || layout.indexes.keys().any(|index| !variable.dims.contains(index));
    let columns: Vec<(Vec<u32>, usize)> = keys
        .iter()
        .map(|key| {
            let code = |row: &usize| key.codes.get(*row).copied().unwrap_or(0);
            (rows.rows.iter().map(code).collect(), key.dictionary.len())
        })
        .collect();
    let pairs = doubles(&pack(&columns, rows.rows.len()));
    let mut dropped = vec![false; if pairs.is_empty() { 0 } else { rows.rows.len() }];
    let mut faulty = false;
    for (first, second) in pairs {
        if may_agree && rows.agree(first, second) {
            if let Some(slot) = dropped.get_mut(second) {
                *slot = true;
            }
            continue;
        }
        faulty = true;
        let code = if may_agree { "data-disagree" } else { "data-duplicate-key" };
        report.error(code, || {
            let shown =
                shown_key(context, variable, keys, rows.rows.get(first).copied().unwrap_or(0));
            let place = |position: usize| {
                let row = rows.rows.get(position).copied().unwrap_or(0);
                layout.table.place(row, column.column)
            };
            double(context, variable, &shown, (place(first), place(second), code))
        });
    }
    if dropped.iter().any(|drop| *drop) {
        rows.drop_rows(&dropped);
    }
    faulty
}

impl Rows {
    /// Whether two rows hold the same value, as comparisons see it.
    fn agree(&self, first: usize, second: usize) -> bool {
        let same_notation = self.notations.get(first) == self.notations.get(second);
        same_notation
            && match (self.values.get(first), self.values.get(second)) {
                (Some(Value::Number(one)), Some(Value::Number(other))) => {
                    compare(*one, *other) == Ordering::Equal
                }
                (one, other) => one == other,
            }
    }

    fn drop_rows(&mut self, dropped: &[bool]) {
        let keep = |position: usize| !dropped.get(position).copied().unwrap_or(false);
        retain(&mut self.rows, keep);
        retain(&mut self.values, keep);
        retain(&mut self.notations, keep);
    }
}

fn retain<T>(list: &mut Vec<T>, keep: impl Fn(usize) -> bool) {
    let mut position = 0;
    list.retain(|_| {
        position += 1;
        keep(position - 1)
    });
}

/// One number for each row that is the same for the same keys, from columns of codes below a size.
pub(super) fn pack(columns: &[(Vec<u32>, usize)], rows: usize) -> Vec<u64> {
    let mut packed = vec![0_u64; rows];
    let mut bound: u64 = 1;
    for (codes, size) in columns {
        let size = u64::try_from(*size).unwrap_or(u64::MAX).max(1);
        if bound.checked_mul(size).is_none() {
            bound = rank(&mut packed);
        }
        // Ranks stay below the number of rows, and sizes below 2^32: their product always fits.
        bound = bound.saturating_mul(size);
        for (number, code) in packed.iter_mut().zip(codes) {
            *number = number.saturating_mul(size).saturating_add(u64::from(*code));
        }
    }
    packed
}

/// Replaces numbers by their ranks; returns how many distinct ones there are.
fn rank(packed: &mut [u64]) -> u64 {
    let mut distinct = packed.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    for number in packed.iter_mut() {
        *number = distinct.binary_search(number).unwrap_or(0) as u64;
    }
    (distinct.len() as u64).max(1)
}

/// Pairs of positions with one number: the first of its kind, and each later one; by the later.
fn doubles(packed: &[u64]) -> Vec<(usize, usize)> {
    if packed.windows(2).all(|pair| matches!(pair, [one, next] if one < next)) {
        return Vec::new();
    }
    let mut sorted: Vec<(u64, usize)> = packed.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    let mut pairs = Vec::new();
    let mut first: Option<(u64, usize)> = None;
    for (number, position) in sorted {
        match first {
            Some((same, earlier)) if same == number => pairs.push((earlier, position)),
            _ => first = Some((number, position)),
        }
    }
    pairs.sort_unstable_by_key(|(_, second)| *second);
    pairs
}

/// `year = 2016, fuel = coal`
fn shown_key(context: &Context<'_>, variable: &Variable, keys: &[&KeyCodes], row: usize) -> String {
    let part = |(index, key): (&IndexId, &&KeyCodes)| {
        let index = context.program.indexes.get(*index)?;
        let code = *key.codes.get(row)? as usize;
        Some(format!("{} = {}", index.name, index.show(key.dictionary.get(code)?)))
    };
    variable.dims.iter().zip(keys).filter_map(part).collect::<Vec<_>>().join(", ")
}

fn double(
    context: &Context<'_>,
    variable: &Variable,
    key: &str,
    (first, second, code): (
        tanliu_diagnostic::CellPlace,
        tanliu_diagnostic::CellPlace,
        &'static str,
    ),
) -> Diagnostic {
    let title = context.title(variable);
    let (zh_key, en_key) = match key {
        "" => (String::new(), String::new()),
        key => (format!("在 {key} "), format!(" for {key}")),
    };
    let (one, other) = (first.row, second.row);
    if code == "data-duplicate-key" {
        return Diagnostic::error(
            code,
            format!("{}{zh_key}有两行：第 {one} 行和第 {other} 行", title.zh),
            format!("{} has two rows{en_key}: row {one} and row {other}", title.en),
        )
        .at(second, "重复的键", "the key again")
        .see(first, "第一次", "the first")
        .hint("删去一行，或合并为一行", "remove one, or join them into one row");
    }
    Diagnostic::error(
        code,
        format!("{}{zh_key}的值前后不一：第 {one} 行和第 {other} 行", title.zh),
        format!("rows disagree on {}{en_key}: row {one} and row {other}", title.en),
    )
    .at(
        second.clone(),
        format!("此处为「{}」", second.text),
        format!("here it is `{}`", second.text),
    )
    .see(first.clone(), format!("此处为「{}」", first.text), format!("here it is `{}`", first.text))
    .note(
        "表中还有别的索引，同一键的各行须相同",
        "where a table has further indexes, rows that share the key must agree",
    )
}
