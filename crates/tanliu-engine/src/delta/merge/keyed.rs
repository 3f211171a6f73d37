//! 按键更正 The corrections of one partition, found by key and put in the place of old rows.

use super::super::error::Origin;
use super::super::open::{DataFile, DeltaSnapshot};
use super::super::stage::Stage;
use super::super::{DERIVED, DeltaError};
use super::rows::read_file;
use arrow::array::{ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::compute::{interleave, take_record_batch};
use arrow::datatypes::{UInt32Type, UInt64Type};
use arrow::row::{RowConverter, Rows, SortField};
use arrow::util::display::array_value_to_string;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// 更正结果 What the corrections of a partition do.
#[derive(Debug, Default)]
pub(super) struct Restated {
    pub(super) updated: u64,
    pub(super) inserted: u64,
    pub(super) unchanged: u64,
    /// Rows of rewritten files that stay as they are.
    pub(super) copied: u64,
    /// The names of the files that are written anew.
    pub(super) rewritten: BTreeSet<String>,
}

impl Restated {
    pub(super) fn add(&mut self, other: Self) {
        self.updated += other.updated;
        self.inserted += other.inserted;
        self.unchanged += other.unchanged;
        self.copied += other.copied;
        self.rewritten.extend(other.rewritten);
    }
}

/// 一个分区的更正
pub(super) struct Group<'a> {
    snapshot: &'a DeltaSnapshot,
    sources: &'a [Origin],
    /// The corrections in the table's schema.
    rows: RecordBatch,
    /// From which file and row each came.
    origin: (ArrayRef, ArrayRef),
    key_columns: Vec<usize>,
    value_columns: Vec<usize>,
}

impl<'a> Group<'a> {
    /// The corrections as they were spooled.
    pub(super) fn new(
        snapshot: &'a DeltaSnapshot,
        keys: &[String],
        spooled: RecordBatch,
        sources: &'a [Origin],
    ) -> Result<Self, DeltaError> {
        let width = snapshot.schema.fields().len();
        let columns = spooled.columns();
        let (own, origin) = columns.split_at_checked(width).unwrap_or((columns, &[]));
        let [file, row] = origin else { return Err(failed(snapshot, "spool")) };
        let rows = RecordBatch::try_new(Arc::clone(&snapshot.schema), own.to_vec())
            .map_err(|error| failed(snapshot, error))?;
        let fields = snapshot.schema.fields().iter().enumerate();
        let (mut key_columns, mut value_columns) = (Vec::new(), Vec::new());
        for (number, field) in fields {
            if keys.contains(field.name()) {
                key_columns.push(number);
            } else if !field.metadata().contains_key(DERIVED) {
                value_columns.push(number);
            }
        }
        let origin = (Arc::clone(file), Arc::clone(row));
        Ok(Self { snapshot, sources, rows, origin, key_columns, value_columns })
    }

    /// Puts the corrections in their places: files with a changed row are written anew into
    /// `stage`, new rows behind them.
    pub(super) fn restate(
        &self,
        files: &[&DataFile],
        known_only: bool,
        stage: &mut Stage<'_>,
    ) -> Result<Restated, DeltaError> {
        let keys = self.comparer(&self.key_columns)?;
        let values = self.comparer(&self.value_columns)?;
        let own_keys = self.compared(&keys, &self.key_columns, &self.rows)?;
        let own_values = self.compared(&values, &self.value_columns, &self.rows)?;
        let index = self.index(&own_keys)?;
        let mut seen = vec![false; self.rows.num_rows()];
        let mut restated = Restated::default();
        let mut changed: Vec<&DataFile> = Vec::new();
        for file in files {
            let mut updates = 0;
            read_file(self.snapshot, file, |batch| {
                let batch_keys = self.compared(&keys, &self.key_columns, &batch)?;
                let batch_values = self.compared(&values, &self.value_columns, &batch)?;
                for row in 0..batch.num_rows() {
                    let Some(own) = index.get(batch_keys.row(row).data()) else { continue };
                    if seen.get(*own).copied().unwrap_or(true) {
                        return Err(self.twice_in_table(*own, file));
                    }
                    if let Some(seen) = seen.get_mut(*own) {
                        *seen = true;
                    }
                    let same = self.value_columns.is_empty()
                        || batch_values.row(row) == own_values.row(*own);
                    if same {
                        restated.unchanged += 1;
                    } else {
                        updates += 1;
                    }
                }
                Ok(())
            })?;
            if updates > 0 {
                restated.updated += updates;
                changed.push(file);
            }
        }
        let unseen = self.unseen(&seen, known_only)?;
        for file in changed {
            restated.rewritten.insert(file.name.clone());
            read_file(self.snapshot, file, |batch| {
                let batch_keys = self.compared(&keys, &self.key_columns, &batch)?;
                stage.write(&self.replaced(&batch, &batch_keys, &index)?)?;
                restated.copied += batch.num_rows() as u64;
                Ok(())
            })?;
        }
        restated.copied = restated.copied.saturating_sub(restated.updated);
        restated.inserted = unseen.len() as u64;
        if !unseen.is_empty() {
            let new = take_record_batch(&self.rows, &UInt32Array::from(unseen));
            stage.write(&new.map_err(|error| failed(self.snapshot, error))?)?;
        }
        Ok(restated)
    }

    /// The row of the corrections for each key.
    fn index<'k>(&self, keys: &'k Rows) -> Result<HashMap<&'k [u8], usize>, DeltaError> {
        let mut index: HashMap<&[u8], usize> = HashMap::with_capacity(keys.num_rows());
        for row in 0..keys.num_rows() {
            if let Some(earlier) = index.insert(keys.row(row).data(), row) {
                let places = [earlier, row].into_iter().map(|row| self.place(row)).collect();
                let (key, in_table) = (self.key_text(row), false);
                return Err(DeltaError::KeyTwice { key, places, in_table });
            }
        }
        Ok(index)
    }

    /// The batch with corrected rows in the place of old ones.
    fn replaced(
        &self,
        batch: &RecordBatch,
        batch_keys: &Rows,
        index: &HashMap<&[u8], usize>,
    ) -> Result<RecordBatch, DeltaError> {
        let picks: Vec<(usize, usize)> = (0..batch.num_rows())
            .map(|row| match index.get(batch_keys.row(row).data()) {
                Some(own) => (1, *own),
                None => (0, row),
            })
            .collect();
        if picks.iter().all(|(side, _)| *side == 0) {
            return Ok(batch.clone());
        }
        let pairs = batch.columns().iter().zip(self.rows.columns());
        let columns: Result<Vec<ArrayRef>, _> =
            pairs.map(|(old, new)| interleave(&[old.as_ref(), new.as_ref()], &picks)).collect();
        columns
            .and_then(|columns| RecordBatch::try_new(batch.schema(), columns))
            .map_err(|error| failed(self.snapshot, error))
    }

    /// Corrections whose key the table does not have.
    fn unseen(&self, seen: &[bool], known_only: bool) -> Result<Vec<u32>, DeltaError> {
        let unseen: Vec<u32> = seen
            .iter()
            .enumerate()
            .filter(|(_, seen)| !**seen)
            .filter_map(|(row, _)| u32::try_from(row).ok())
            .collect();
        match unseen.first() {
            Some(first) if known_only => {
                let (source, row) = self.place(*first as usize);
                let (key, more) = (self.key_text(*first as usize), unseen.len() - 1);
                Err(DeltaError::KeyUnknown { key, origin: source, row, more })
            }
            _ => Ok(unseen),
        }
    }

    fn comparer(&self, columns: &[usize]) -> Result<RowConverter, DeltaError> {
        let fields = columns
            .iter()
            .map(|number| SortField::new(self.snapshot.schema.field(*number).data_type().clone()))
            .collect();
        RowConverter::new(fields).map_err(|error| failed(self.snapshot, error))
    }

    fn compared(
        &self,
        converter: &RowConverter,
        columns: &[usize],
        batch: &RecordBatch,
    ) -> Result<Rows, DeltaError> {
        let columns: Vec<ArrayRef> =
            columns.iter().filter_map(|number| batch.columns().get(*number).cloned()).collect();
        converter.convert_columns(&columns).map_err(|error| failed(self.snapshot, error))
    }

    fn place(&self, row: usize) -> (Origin, u64) {
        let file = self.origin.0.as_primitive::<UInt32Type>().value(row) as usize;
        let source = self.sources.get(file).cloned().unwrap_or(Origin(String::new()));
        (source, self.origin.1.as_primitive::<UInt64Type>().value(row))
    }

    fn twice_in_table(&self, row: usize, file: &DataFile) -> DeltaError {
        let inside = Origin(format!("{}/{}", self.snapshot.shown, file.name));
        DeltaError::KeyTwice {
            key: self.key_text(row),
            places: vec![(inside, 0), self.place(row)],
            in_table: true,
        }
    }

    /// `plant=A, instant=2024-01-01T00:00:00`.
    fn key_text(&self, row: usize) -> String {
        let words: Vec<String> = self
            .key_columns
            .iter()
            .filter_map(|number| {
                let name = self.snapshot.schema.field(*number).name();
                let value = array_value_to_string(self.rows.columns().get(*number)?, row).ok()?;
                Some(format!("{name}={value}"))
            })
            .collect();
        words.join(", ")
    }
}

fn failed(snapshot: &DeltaSnapshot, error: impl std::fmt::Display) -> DeltaError {
    DeltaError::failed(&snapshot.shown, error)
}
