//! 绑定 From raw tables and scalars to a checked data set for a program's inputs.
//!
//! Refuses rather than guesses: a bad cell, a wrong unit, a missing member or an input that two
//! columns could supply is an error with file, sheet, row and column, all of them in one go. No
//! value is computed here beyond its conversion into the declared unit.
//!
//! 1. `layout`: what each column of each table is.
//! 2. `find`: which column supplies which input.
//! 3. `keys`, `cell`, `read`: cells become keys and values; duplicates are found.
//! 4. `complete`: closed indexes are complete, or filled with the declared default.

mod cell;
mod column_unit;
mod complete;
mod context;
mod evidence;
mod find;
pub mod header;
mod keys;
mod layout;
mod literal;
mod locate;
mod read;
mod report;
mod scalar;
mod spread;
#[cfg(test)]
mod tests;
mod unused;

pub use complete::{Lack, complete_rows, tell_lack};
pub use locate::{Located, locate};

use crate::data::{Dataset, InputTable, SourceTable};
use crate::program::{Program, VariableId};
use crate::table::Table;
use context::Context;
use layout::Layout;
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostics, Place};
use tanliu_unit::UnitTable;

/// 绑定输入 What is bound: tables, scalars, and the unit names that headers may use.
#[derive(Debug, Clone, Copy)]
pub struct BindInput<'a> {
    /// The tables of all files, directories flattened. [`Dataset::sources`] keeps their order.
    pub tables: &'a [Table],
    /// For worked examples: table `i` supplies the names in element `i` only, and nothing else may
    /// stand in it; a table may then supply a factor too. `evidence` names the table of evidence.
    pub restricted: Option<&'a [Vec<String>]>,
    /// Name, value as written (`3 MWh`, `guangdong`, `2019`, `true`, `"text"`), and where.
    pub scalars: &'a [(String, String, Place)],
    /// The document's unit names.
    pub units: &'a UnitTable,
}

/// Binds tables and scalars to the inputs of a program.
///
/// The data set holds an entry for every input that was found or has a default (also an empty one
/// for a default over open indexes), and for the factors and holes that were supplied. If the
/// findings have errors, nothing may be computed from it.
pub fn bind(program: &Program, input: &BindInput<'_>) -> (Dataset, Diagnostics) {
    let context = Context::new(program, input);
    let mut diagnostics = Diagnostics::default();
    let layouts: Vec<Layout<'_>> = (input.tables.iter().enumerate())
        .map(|(number, table)| Layout::of(&context, number, table))
        .collect();
    let mut dataset =
        Dataset { sources: input.tables.iter().map(source_table).collect(), ..Dataset::default() };
    for layout in &layouts {
        layout.check(&mut diagnostics);
    }
    let scalars = scalar::read_all(&context, input.scalars, &mut diagnostics);
    let plan = find::plan(&context, &layouts, &scalars, &mut diagnostics);
    for layout in &layouts {
        let tables = read::read_table(&context, layout, &plan, &mut diagnostics);
        dataset.inputs.extend(tables);
        evidence::read(&context, layout, &mut dataset.evidence, &mut diagnostics);
    }
    dataset.inputs.extend(scalars.into_iter().filter_map(|(id, set)| Some((id, set.table?))));
    fill_defaults(&context, &plan, &mut dataset.inputs, &mut diagnostics);
    unused::report(&context, &layouts, &plan, &mut diagnostics);
    (dataset, diagnostics)
}

/// Inputs with a default that no table supplies: all members of closed indexes, or one value.
fn fill_defaults(
    context: &Context<'_>,
    plan: &find::Plan,
    inputs: &mut BTreeMap<VariableId, InputTable>,
    diagnostics: &mut Diagnostics,
) {
    for id in &plan.defaulted {
        let Some(variable) = context.program.variables.get(*id) else { continue };
        let mut table = InputTable::default();
        table.keys.resize_with(variable.dims.len(), Default::default);
        complete::complete(context, *id, &mut table, None, diagnostics);
        inputs.insert(*id, table);
    }
}

fn source_table(table: &Table) -> SourceTable {
    SourceTable {
        source: table.source.clone(),
        sheet: table.sheet.clone(),
        rows: table.row_count(),
    }
}
