//! 定位 Which column of which table supplies which input, told to those who read the rows themselves.

use super::column_unit::{ColumnUnit, column_unit};
use super::context::Context;
use super::layout::Layout;
use super::{BindInput, find, scalar};
use crate::program::{IndexId, Program, VariableId};
use std::collections::BTreeSet;
use tanliu_diagnostic::Diagnostics;
use tanliu_unit::Conversion;

/// 列位 Where the values of an input stand.
#[derive(Debug, Clone)]
pub struct Located {
    /// The input.
    pub variable: VariableId,
    /// The table, by its number in [`BindInput::tables`].
    pub table: usize,
    /// The column's number, from 1.
    pub column: u32,
    /// The columns of its indexes, in the declared order.
    pub keys: Vec<(IndexId, u32)>,
    /// How its numbers become numbers in the declared unit; nothing for other types.
    pub conversion: Option<Conversion>,
    /// Each row of the table is one value of the input: no column of units, no further index.
    pub plain: bool,
}

/// Tells where the inputs' columns are. What is wrong with the tables [`super::bind`] says.
pub fn locate(program: &Program, input: &BindInput<'_>) -> Vec<Located> {
    let context = Context::new(program, input);
    let layouts: Vec<Layout<'_>> = (input.tables.iter().enumerate())
        .map(|(number, table)| Layout::of(&context, number, table))
        .collect();
    let mut said = Diagnostics::default();
    let scalars = scalar::read_all(&context, input.scalars, &mut said);
    let plan = find::plan(&context, &layouts, &scalars, &mut said);
    let mut found = Vec::new();
    for (table, chosen) in &plan.chosen {
        let Some(layout) = layouts.get(*table) else { continue };
        for (id, value) in chosen {
            let (Some(variable), Some(value)) = (context.variable(*id), layout.values.get(*value))
            else {
                continue;
            };
            let column = value.column.number;
            let unit = column_unit(&context, variable, (layout, value), &mut BTreeSet::new());
            let (conversion, plain) = match unit {
                Ok(ColumnUnit::None) => (None, true),
                Ok(ColumnUnit::Header(scale)) => (Some(scale.conversion()), true),
                _ => (None, false),
            };
            let keys: Vec<(IndexId, u32)> = (variable.dims.iter())
                .filter_map(|index| Some((*index, layout.indexes.get(index)?.number)))
                .collect();
            let plain = plain && layout.indexes.len() == keys.len();
            found.push(Located { variable: *id, table: *table, column, keys, conversion, plain });
        }
    }
    found
}
