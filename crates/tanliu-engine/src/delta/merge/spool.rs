//! 分区暂存 Corrections parted by the partitions they belong to; on disk once they are many.

use super::super::DeltaError;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, UInt32Array, UInt64Array};
use arrow::compute::{cast, take_record_batch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// Above so many bytes the corrections held in memory go to disk.
const HELD_BYTES: usize = 48 << 20;

/// The values of the partition columns.
pub(super) type PartitionValues = Vec<Option<String>>;

/// 分区暂存 All corrections by partition; each row knows its file and row number.
pub(super) struct Spool {
    schema: SchemaRef,
    partitions: Vec<usize>,
    groups: BTreeMap<PartitionValues, Part>,
    held_bytes: usize,
    held_bytes_max: usize,
    rows: u64,
    folder: Option<TempDir>,
    segments: usize,
}

#[derive(Default)]
struct Part {
    held: Vec<RecordBatch>,
    segments: Vec<PathBuf>,
}

impl Spool {
    /// Empty, for rows of a schema.
    pub(super) fn new(
        schema: &SchemaRef,
        partitions: &[String],
        held_bytes: Option<usize>,
    ) -> Self {
        let partitions = partitions.iter().filter_map(|name| schema.index_of(name).ok()).collect();
        let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
        // The two columns behind the table's: from which file and row a correction came.
        fields.push(Arc::new(Field::new("(file)", DataType::UInt32, false)));
        fields.push(Arc::new(Field::new("(row)", DataType::UInt64, false)));
        Self {
            schema: Arc::new(Schema::new(fields)),
            held_bytes_max: held_bytes.unwrap_or(HELD_BYTES),
            partitions,
            groups: BTreeMap::new(),
            held_bytes: 0,
            rows: 0,
            folder: None,
            segments: 0,
        }
    }

    /// How many corrections there are.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds rows of the table's schema that came from the file of this number.
    pub(super) fn add(
        &mut self,
        batch: &RecordBatch,
        file: usize,
        first_row: u64,
    ) -> Result<(), DeltaError> {
        let rows = batch.num_rows();
        let file = u32::try_from(file).unwrap_or(u32::MAX);
        let mut columns = batch.columns().to_vec();
        columns.push(Arc::new(UInt32Array::from(vec![file; rows])));
        columns.push(Arc::new(UInt64Array::from_iter_values(first_row..first_row + rows as u64)));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(failed)?;
        for (values, numbers) in self.parted(&batch)? {
            let part = if numbers.len() == rows {
                batch.clone()
            } else {
                take_record_batch(&batch, &UInt32Array::from(numbers)).map_err(failed)?
            };
            self.held_bytes += part.get_array_memory_size();
            self.groups.entry(values).or_default().held.push(part);
        }
        self.rows += rows as u64;
        if self.held_bytes > self.held_bytes_max { self.put_away() } else { Ok(()) }
    }

    /// The numbers of the rows of each partition.
    fn parted(
        &self,
        batch: &RecordBatch,
    ) -> Result<BTreeMap<PartitionValues, Vec<u32>>, DeltaError> {
        let columns: Vec<ArrayRef> = self
            .partitions
            .iter()
            .filter_map(|number| batch.columns().get(*number))
            .map(|column| cast(column, &DataType::Utf8))
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        let texts: Vec<&StringArray> = columns.iter().map(|column| column.as_string()).collect();
        let at =
            |row: usize| texts.iter().map(move |text| text.is_valid(row).then(|| text.value(row)));
        let mut parted: BTreeMap<PartitionValues, Vec<u32>> = BTreeMap::new();
        let mut run: Vec<u32> = Vec::new();
        let mut start = 0;
        for row in 0..batch.num_rows() {
            if row > start && !at(row).eq(at(start)) {
                let values = at(start).map(|value| value.map(str::to_owned)).collect();
                parted.entry(values).or_default().append(&mut run);
                start = row;
            }
            run.push(u32::try_from(row).unwrap_or(u32::MAX));
        }
        if !run.is_empty() {
            let values = at(start).map(|value| value.map(str::to_owned)).collect();
            parted.entry(values).or_default().append(&mut run);
        }
        Ok(parted)
    }

    /// Writes what is held to disk.
    fn put_away(&mut self) -> Result<(), DeltaError> {
        self.held_bytes = 0;
        let folder = match self.folder.take() {
            Some(folder) => folder,
            None => tempfile::tempdir().map_err(unwritable)?,
        };
        for part in self.groups.values_mut().filter(|part| !part.held.is_empty()) {
            let path = folder.path().join(format!("{}.arrow", self.segments));
            self.segments += 1;
            let file = BufWriter::new(File::create(&path).map_err(unwritable)?);
            let mut writer = StreamWriter::try_new(file, &self.schema).map_err(unwritable)?;
            for batch in part.held.drain(..) {
                writer.write(&batch).map_err(unwritable)?;
            }
            writer.finish().map_err(unwritable)?;
            part.segments.push(path);
        }
        self.folder = Some(folder);
        Ok(())
    }

    /// Each partition with its corrections, read back one partition at a time.
    pub(super) fn groups(
        &self,
    ) -> impl Iterator<Item = (&PartitionValues, Result<RecordBatch, DeltaError>)> {
        self.groups.iter().map(|(values, part)| (values, self.gathered(part)))
    }

    fn gathered(&self, part: &Part) -> Result<RecordBatch, DeltaError> {
        let mut batches = Vec::new();
        for path in &part.segments {
            let file = BufReader::new(File::open(path).map_err(unwritable)?);
            let reader = StreamReader::try_new(file, None).map_err(failed)?;
            for batch in reader {
                batches.push(batch.map_err(failed)?);
            }
        }
        batches.extend(part.held.iter().cloned());
        arrow::compute::concat_batches(&self.schema, &batches).map_err(failed)
    }
}

fn failed(error: impl std::fmt::Display) -> DeltaError {
    DeltaError::failed("", error)
}

fn unwritable(error: impl std::fmt::Display) -> DeltaError {
    DeltaError::Write { path: "TMPDIR".to_owned(), why: error.to_string() }
}
