//! 剔除 `--drop-refused`: the rows of keys that fail a `require` are taken out of the data.

use super::frame::NO_KEY;
use super::run::KeyCodes;
use crate::data::Dataset;
use crate::program::{IndexId, IndexKind, Key, Program};
use std::collections::BTreeSet;
use tanliu_diagnostic::Diagnostic;

/// Takes the rows of a key out of every table that has its indexes, or finer ones of time; tells
/// whether there were any.
pub(super) fn drop_key(program: &Program, dataset: &mut Dataset, key: &KeyCodes) -> bool {
    let mut fell = false;
    for (id, table) in &mut dataset.inputs {
        let Some(variable) = program.variables.get(*id) else { continue };
        let parts: Option<Vec<_>> = key
            .iter()
            .map(|(index, key)| Some((position_of(program, &variable.dims, *index)?, *index, key)))
            .collect();
        let Some(parts) = parts.filter(|parts| !parts.is_empty()) else { continue };
        let hit = |row: usize| {
            parts.iter().all(|(position, index, key)| {
                let own = table.keys.get(*position).and_then(|column| {
                    let code = column.codes.get(row).copied().unwrap_or(NO_KEY);
                    column.dictionary.get(code as usize)
                });
                let dim = variable.dims.get(*position);
                own.is_some_and(|own| own == *key || lies_in(program, (dim, own), (*index, key)))
            })
        };
        let kept: Vec<bool> = (0..table.values.len()).map(|row| !hit(row)).collect();
        fell |= kept.contains(&false);
        retain(&mut table.values, &kept);
        retain(&mut table.notations, &kept);
        retain(&mut table.rows, &kept);
        retain(&mut table.half_widths, &kept);
        for column in &mut table.keys {
            retain(&mut column.codes, &kept);
        }
    }
    fell
}

/// Where a variable has an index, or a finer one of time in its place.
fn position_of(program: &Program, dims: &[IndexId], index: IndexId) -> Option<usize> {
    let grain = |index: IndexId| match program.indexes.get(index)?.kind {
        IndexKind::Time { grain, .. } => Some(grain),
        _ => None,
    };
    let finer = |dim: &IndexId| Some(grain(*dim)? > grain(index)?);
    dims.iter()
        .position(|dim| *dim == index)
        .or_else(|| dims.iter().position(|dim| finer(dim) == Some(true)))
}

/// Whether a time key lies in a period of a coarser index.
fn lies_in(
    program: &Program,
    (dim, own): (Option<&IndexId>, &Key),
    (index, period): (IndexId, &Key),
) -> bool {
    let declared = dim.and_then(|dim| program.indexes.get(*dim)).map(|index| &index.kind);
    let (Key::Time(own), Key::Time(period), Some(IndexKind::Time { ends, .. })) =
        (own, period, declared)
    else {
        return false;
    };
    dim != Some(&index) && own.coarsen(period.grain, *ends) == *period
}

/// `--drop-refused` found no row that bears the failing keys.
pub(super) fn cannot_drop(program: &Program, keys: &[KeyCodes]) -> Diagnostic {
    let indexes: BTreeSet<&str> = keys
        .iter()
        .flatten()
        .filter_map(|(index, _)| program.indexes.get(*index))
        .map(|index| index.name.as_str())
        .collect();
    let list = indexes.into_iter().collect::<Vec<_>>().join(", ");
    Diagnostic::warning(
        "refused",
        "`--drop-refused` 去不掉不满足的键",
        "`--drop-refused` cannot leave the failing keys out",
    )
    .note(
        format!("没有输入同时有索引 {list}（或更细的时间），没有可去掉的行"),
        format!("no input has the indexes {list} (or finer ones of time): there are no such rows"),
    )
}

fn retain<T>(list: &mut Vec<T>, kept: &[bool]) {
    let mut row = 0;
    list.retain(|_| {
        row += 1;
        kept.get(row - 1).copied().unwrap_or(true)
    });
}
