//! 对齐 The columns of a file put in the order, types and units of the table's.

use super::super::error::{Expected, Origin};
use super::super::layout::ColumnType;
use super::super::open::DeltaSnapshot;
use super::super::partition::{Partition, derive};
use super::super::{DERIVED, DeltaError, LABEL, UNIT};
use super::Incoming;
use super::cells::{Cells, convert};
use arrow::array::{Array, ArrayRef, RecordBatch, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::{Field, SchemaRef};
use std::collections::BTreeMap;
use std::sync::Arc;
use tanliu_method::bind::header::split_header;
use tanliu_unit::UnitTable;

/// 对齐 How the columns of one file become those of a table.
pub(in super::super) struct Alignment {
    source: Origin,
    schema: SchemaRef,
    columns: Vec<Pick>,
    keys: Vec<usize>,
}

/// 取列 Where a column of the table comes from.
enum Pick {
    /// A column of the file.
    Own(usize, ColumnType),
    /// A coarser time of another column of the table.
    Derived(Partition),
}

impl Alignment {
    /// Matches the columns of a file with those of a table, by name or label; `keys` may not be empty in
    /// any row.
    ///
    /// # Errors
    /// A column too many or too few, another unit, a type that the table cannot hold.
    pub(in super::super) fn new(
        snapshot: &DeltaSnapshot,
        keys: &[String],
        incoming: &Incoming,
    ) -> Result<Self, DeltaError> {
        let source = incoming.source.clone();
        let mut own = own_columns(incoming)?;
        let mut columns = Vec::new();
        let mut missing = Vec::new();
        for field in snapshot.schema.fields() {
            // As everywhere, a header may be the name or the label.
            let label = field.metadata().get(LABEL);
            let found =
                own.remove(field.name()).or_else(|| label.and_then(|label| own.remove(label)));
            if let Some(rule) = field.metadata().get(DERIVED) {
                columns.push(Pick::Derived(Partition::parse(rule)?));
                continue;
            }
            let Some((number, unit)) = found else {
                missing.push(field.name().clone());
                continue;
            };
            check_unit(&source, field, unit.as_deref())?;
            columns.push(Pick::Own(number, held(&source, field)?));
        }
        let extra: Vec<String> = own.into_keys().collect();
        if !missing.is_empty() || !extra.is_empty() {
            return Err(DeltaError::Columns { origin: source, missing, extra });
        }
        let schema = Arc::clone(&snapshot.schema);
        let keys = keys.iter().filter_map(|key| schema.index_of(key).ok()).collect();
        Ok(Self { source, schema, columns, keys })
    }

    /// A batch as the table has it; `first` is the number of its first row.
    ///
    /// # Errors
    /// [`DeltaError::Cell`] for the first cell that its column cannot hold.
    pub(in super::super) fn align(
        &self,
        batch: &RecordBatch,
        first: u64,
    ) -> Result<RecordBatch, DeltaError> {
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (field, pick) in self.schema.fields().iter().zip(&self.columns) {
            let array = match pick {
                Pick::Own(number, kind) => {
                    let values = batch.columns().get(*number);
                    let values = values.ok_or_else(|| self.input("a column is gone"))?;
                    let cells = Cells { source: &self.source, column: field.name(), first };
                    let held = convert(values, *kind, &cells)?;
                    cast(&held, field.data_type()).map_err(|error| self.input(&error))?
                }
                Pick::Derived(_) => new_null_array(field.data_type(), batch.num_rows()),
            };
            arrays.push(array);
        }
        self.derive(&mut arrays)?;
        self.check_keys(&arrays, first)?;
        RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(|error| self.input(&error))
    }

    fn derive(&self, arrays: &mut [ArrayRef]) -> Result<(), DeltaError> {
        for (number, pick) in self.columns.iter().enumerate() {
            let Pick::Derived(partition @ Partition::Derived { grain, column }) = pick else {
                continue;
            };
            let wrong = || DeltaError::Partition { text: partition.text() };
            let from = self.schema.index_of(column).ok().and_then(|at| arrays.get(at));
            let values = from.and_then(|values| derive(*grain, values)).ok_or_else(wrong)?;
            if let Some(place) = arrays.get_mut(number) {
                *place = values;
            }
        }
        Ok(())
    }

    fn check_keys(&self, arrays: &[ArrayRef], first: u64) -> Result<(), DeltaError> {
        for key in &self.keys {
            let Some(array) = arrays.get(*key).filter(|array| array.null_count() > 0) else {
                continue;
            };
            let empty = (0..array.len()).find(|row| array.is_null(*row)).unwrap_or(0);
            return Err(DeltaError::Cell {
                origin: self.source.clone(),
                row: first + empty as u64,
                column: self.schema.field(*key).name().clone(),
                text: String::new(),
                expected: Expected::Key,
            });
        }
        Ok(())
    }

    fn input(&self, why: impl std::fmt::Display) -> DeltaError {
        DeltaError::Input { origin: self.source.clone(), why: why.to_string() }
    }
}

/// The columns of a file by name: number and unit.
fn own_columns(
    incoming: &Incoming,
) -> Result<BTreeMap<String, (usize, Option<String>)>, DeltaError> {
    let mut own = BTreeMap::new();
    for (number, field) in incoming.schema.fields().iter().enumerate() {
        let (name, unit) = name_and_unit(field, &incoming.units);
        if own.insert(name.clone(), (number, unit)).is_some() {
            let source = incoming.source.clone();
            return Err(DeltaError::ColumnName { origin: source, name, double: true });
        }
    }
    Ok(own)
}

/// The name and the unit of a column, from its header, its metadata, or what was said beside it.
pub(crate) fn name_and_unit(
    field: &Field,
    units: &BTreeMap<String, String>,
) -> (String, Option<String>) {
    let (name, unit) = split_header(field.name());
    let unit =
        unit.or_else(|| field.metadata().get(UNIT).cloned()).or_else(|| units.get(&name).cloned());
    (name, unit)
}

/// Units are the same if they are written so, or mean the same.
fn check_unit(source: &Origin, field: &Field, unit: Option<&str>) -> Result<(), DeltaError> {
    let expected = field.metadata().get(UNIT).map(String::as_str);
    if unit == expected {
        return Ok(());
    }
    let table = UnitTable::builtin();
    let meaning = |unit: Option<&str>| table.parse(unit.unwrap_or("1")).ok();
    let same = meaning(unit).zip(meaning(expected)).is_some_and(|(own, other)| own == other);
    if same {
        return Ok(());
    }
    Err(DeltaError::Unit {
        origin: source.clone(),
        column: field.name().clone(),
        found: unit.unwrap_or_default().to_owned(),
        expected: expected.unwrap_or_default().to_owned(),
    })
}

fn held(source: &Origin, field: &Field) -> Result<ColumnType, DeltaError> {
    ColumnType::of(field.data_type()).ok_or_else(|| DeltaError::ColumnType {
        origin: source.clone(),
        column: field.name().clone(),
        found: field.data_type().to_string(),
    })
}
