//! 待提交 Data files that are written but that no version knows yet.

use super::incoming::Alignment;
use super::open::DeltaSnapshot;
use super::{DeltaError, Incoming};
use arrow::array::RecordBatch;
use deltalake_core::DeltaTable;
use deltalake_core::datafile::writer::{DeltaWriter, WriterConfig};
use deltalake_core::kernel::Add;
use deltalake_core::operations::get_num_idx_cols_and_stats_columns;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::collections::HashMap;
use std::num::NonZeroU64;
use tokio::runtime::Runtime;

/// Rows of a group of a Parquet file: what a writer holds in memory for each open file.
const ROWS_PER_GROUP: usize = 128 * 1024;
/// A file is closed above this size and a new one begun.
const BYTES_PER_FILE: u64 = 256 << 20;
/// So many rows go into one round of files: with many partitions a file is open for each, and
/// this bounds what all of them hold together.
const ROWS_PER_ROUND: usize = 8 << 20;

/// 待提交的文件 Writes batches into new data files of a table.
pub(super) struct Stage<'a> {
    runtime: &'a Runtime,
    snapshot: &'a DeltaSnapshot,
    table: &'a DeltaTable,
    writer: Option<DeltaWriter>,
    rows_of_round: usize,
    rows: u64,
    adds: Vec<Add>,
}

impl<'a> Stage<'a> {
    /// Nothing written yet.
    pub(super) fn new(
        runtime: &'a Runtime,
        snapshot: &'a DeltaSnapshot,
        table: &'a DeltaTable,
    ) -> Self {
        Self { runtime, snapshot, table, writer: None, rows_of_round: 0, rows: 0, adds: Vec::new() }
    }

    /// Writes the rows of files, each told by its own row numbers.
    pub(super) fn write_all(&mut self, incoming: Vec<Incoming>) -> Result<(), DeltaError> {
        for mut file in incoming {
            let alignment = Alignment::new(self.snapshot, &self.snapshot.keys, &file)?;
            let mut row = file.first_row;
            for batch in file.batches.by_ref() {
                let batch = batch?;
                self.write(&alignment.align(&batch, row)?)?;
                row += batch.num_rows() as u64;
            }
        }
        Ok(())
    }

    /// How many rows were written.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    fn open(&self) -> Result<DeltaWriter, DeltaError> {
        let state =
            self.table.snapshot().map_err(|e| DeltaError::failed(&self.snapshot.shown, e))?;
        let (indexed, columns) =
            get_num_idx_cols_and_stats_columns(Some(state.table_config()), HashMap::new());
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
            .build();
        let config = WriterConfig::new(
            self.snapshot.schema.clone(),
            self.snapshot.partitions.clone(),
            Some(properties),
            NonZeroU64::new(BYTES_PER_FILE),
            None,
            indexed,
            columns,
        );
        Ok(DeltaWriter::new(self.table.object_store(), config))
    }

    /// Writes a batch of the table's schema.
    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), DeltaError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.open()?,
        };
        let written = self.runtime.block_on(writer.write(batch));
        self.writer = Some(writer);
        written.map_err(|error| self.failed(&error))?;
        self.rows += batch.num_rows() as u64;
        self.rows_of_round += batch.num_rows();
        if self.rows_of_round >= ROWS_PER_ROUND {
            self.close_files()?;
        }
        Ok(())
    }

    /// Closes the open files.
    pub(super) fn close_files(&mut self) -> Result<(), DeltaError> {
        self.rows_of_round = 0;
        if let Some(writer) = self.writer.take() {
            let adds = self.runtime.block_on(writer.close());
            self.adds.extend(adds.map_err(|error| self.failed(&error))?);
        }
        Ok(())
    }

    /// The new files, all closed.
    pub(super) fn finish(mut self) -> Result<Vec<Add>, DeltaError> {
        self.close_files()?;
        Ok(std::mem::take(&mut self.adds))
    }

    fn failed(&self, error: &deltalake_core::DeltaTableError) -> DeltaError {
        DeltaError::Write { path: self.snapshot.shown.clone(), why: innermost(error) }
    }
}

/// What is not committed is taken away again; what cannot be taken away is listed by
/// [`super::leftovers`] and harms nobody.
impl Drop for Stage<'_> {
    fn drop(&mut self) {
        if let Some(writer) = self.writer.take() {
            let _ = self.runtime.block_on(writer.abort());
        }
        let staged: Vec<String> = self.adds.iter().map(|add| add.path.clone()).collect();
        discard(self.snapshot, &staged);
    }
}

/// Removes files that no version knows.
pub(crate) fn discard(snapshot: &DeltaSnapshot, staged: &[String]) {
    for path in staged {
        let _ = std::fs::remove_file(snapshot.root.join(path));
    }
}

/// The system's own words behind those of the libraries: `No space left on device`.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
