//! Parquet 文件 Batches into a file that appears when it is whole.

use super::SinkError;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a group: what is held in memory.
const ROWS_PER_GROUP: usize = 128 * 1024;

/// Parquet 出口 Writes batches into a hidden file beside the target and renames it at the end.
///
/// Dropped before [`ParquetSink::finish`], or after an error, it leaves nothing behind, and a file
/// that was there under the target's name stays as it was.
pub struct ParquetSink {
    target: PathBuf,
    waiting: PathBuf,
    writer: Option<ArrowWriter<Box<dyn Write + Send>>>,
    rows: u64,
}

impl std::fmt::Debug for ParquetSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetSink").field("target", &self.target).finish_non_exhaustive()
    }
}

impl ParquetSink {
    /// Begins the file `target` for batches of a schema.
    ///
    /// # Errors
    /// [`SinkError::Write`] if the folder cannot be written.
    pub fn create(target: &Path, schema: &SchemaRef) -> Result<Self, SinkError> {
        Self::through(target, schema, |file| Box::new(BufWriter::with_capacity(1 << 20, file)))
    }

    /// As [`ParquetSink::create`], through a writer of the caller's.
    pub(super) fn through(
        target: &Path,
        schema: &SchemaRef,
        wrap: impl FnOnce(File) -> Box<dyn Write + Send>,
    ) -> Result<Self, SinkError> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let waiting = target.with_file_name(format!(".{name}.tanliu-{}", std::process::id()));
        let file = File::create(&waiting).map_err(|error| failed(target, &error))?;
        let mut sink = Self { target: target.to_owned(), waiting, writer: None, rows: 0 };
        let writer = ArrowWriter::try_new(wrap(file), Arc::clone(schema), Some(properties()));
        sink.writer = Some(writer.map_err(|error| failed(target, &error))?);
        Ok(sink)
    }

    /// Writes a batch.
    ///
    /// # Errors
    /// [`SinkError::Write`]; the file is then given up.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), SinkError> {
        let Some(writer) = self.writer.as_mut() else {
            return Err(failed(&self.target, &"given up after an error"));
        };
        let written = writer.write(batch);
        if written.is_err() {
            self.give_up();
        }
        self.rows += batch.num_rows() as u64;
        written.map_err(|error| failed(&self.target, &error))
    }

    /// Ends the file and gives it its name; says how many rows it holds.
    ///
    /// # Errors
    /// [`SinkError::Write`]; nothing is left of the file then.
    pub fn finish(mut self) -> Result<u64, SinkError> {
        let Some(writer) = self.writer.take() else {
            return Err(failed(&self.target, &"given up after an error"));
        };
        let mut inner = writer.into_inner().map_err(|error| failed(&self.target, &error))?;
        inner.flush().map_err(|error| failed(&self.target, &error))?;
        drop(inner);
        // A name without its bytes is what a power cut would leave.
        let on_disk = File::open(&self.waiting).and_then(|file| file.sync_all());
        on_disk.map_err(|error| failed(&self.target, &error))?;
        std::fs::rename(&self.waiting, &self.target)
            .map_err(|error| failed(&self.target, &error))?;
        Ok(self.rows)
    }

    fn give_up(&mut self) {
        self.writer = None;
        let _ = std::fs::remove_file(&self.waiting);
    }
}

impl Drop for ParquetSink {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// A batch as the bytes of a Parquet file; the same batch gives the same bytes.
///
/// # Errors
/// [`SinkError::Write`] if the format cannot hold it.
pub fn parquet_bytes(name: &str, batch: &RecordBatch) -> Result<Vec<u8>, SinkError> {
    let wrong = |error: parquet::errors::ParquetError| failed(Path::new(name), &error);
    let mut writer =
        ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties())).map_err(wrong)?;
    writer.write(batch).map_err(wrong)?;
    writer.into_inner().map_err(wrong)
}

fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
        .build()
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> SinkError {
    SinkError::Write { path: path.to_string_lossy().into_owned(), why: error.to_string() }
}
