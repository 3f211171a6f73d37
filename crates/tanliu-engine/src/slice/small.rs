//! 小表切片 The rows of a table in memory that belong to a slice.

use super::census::Census;
use crate::atom::Atom;
use std::collections::{BTreeMap, BTreeSet};
use tanliu_method::data::{Dataset, InputTable, KeyColumn};
use tanliu_method::program::{IndexId, Program, Type, Value, VariableId};

/// 小表 A table in memory, its rows by the key of the index of the cut.
#[derive(Debug)]
pub(super) struct SmallTable {
    id: VariableId,
    rows: BTreeMap<Atom, Vec<usize>>,
    /// The keys of all its indexes, and those that are its values.
    keys: BTreeMap<IndexId, BTreeSet<Atom>>,
}

impl SmallTable {
    pub(super) fn new(
        program: &Program,
        dataset: &Dataset,
        id: VariableId,
        index: Option<IndexId>,
    ) -> Option<Self> {
        let (variable, table) = (program.variables.get(id)?, dataset.inputs.get(&id)?);
        let place = variable.dims.iter().position(|dim| Some(*dim) == index)?;
        let mut keys: BTreeMap<IndexId, BTreeSet<Atom>> = BTreeMap::new();
        for (index, column) in variable.dims.iter().zip(&table.keys) {
            keys.entry(*index).or_default().extend(column.dictionary.iter().map(Atom::from));
        }
        if let Type::Key(index) = variable.ty {
            let named = table.values.iter().filter_map(|value| match value {
                Value::Key(key) => Some(Atom::from(key)),
                _ => None,
            });
            keys.entry(index).or_default().extend(named);
        }
        let column = table.keys.get(place)?;
        let atoms: Vec<Atom> = column.dictionary.iter().map(Atom::from).collect();
        let mut rows: BTreeMap<Atom, Vec<usize>> = BTreeMap::new();
        for (row, code) in column.codes.iter().enumerate() {
            let atom = atoms.get(*code as usize)?;
            rows.entry(atom.clone()).or_default().push(row);
        }
        Some(Self { id, rows, keys })
    }

    /// A key that only this table has wants a slice too.
    pub(super) fn count(&self, census: &mut Census) {
        for (index, keys) in &self.keys {
            census.keys.entry(*index).or_default().extend(keys.iter().cloned());
        }
        for (atom, rows) in &self.rows {
            *census.counts.entry(atom.clone()).or_default() += rows.len() as u64;
        }
    }

    /// The rows of a slice.
    pub(super) fn slice(
        &self,
        dataset: &Dataset,
        keys: &BTreeSet<Atom>,
    ) -> Option<(VariableId, InputTable)> {
        fn pick<T: Clone>(list: &[T], rows: &[usize]) -> Vec<T> {
            rows.iter().filter_map(|row| list.get(*row).cloned()).collect()
        }
        let whole = dataset.inputs.get(&self.id)?;
        let mut rows: Vec<usize> =
            keys.iter().filter_map(|key| self.rows.get(key)).flatten().copied().collect();
        rows.sort_unstable();
        let filled = whole.values.len().saturating_sub(whole.filled);
        let column = |column: &KeyColumn| KeyColumn {
            dictionary: column.dictionary.clone(),
            codes: pick(&column.codes, &rows),
        };
        let table = InputTable {
            keys: whole.keys.iter().map(column).collect(),
            values: pick(&whole.values, &rows),
            notations: pick(&whole.notations, &rows),
            half_widths: pick(&whole.half_widths, &rows),
            rows: pick(&whole.rows, &rows),
            states: pick(&whole.states, &rows),
            loose: whole.loose.clone(),
            filled: rows.iter().filter(|row| **row >= filled).count(),
            source: whole.source,
            column: whole.column,
            unit_seen: whole.unit_seen.clone(),
        };
        Some((self.id, table))
    }
}
