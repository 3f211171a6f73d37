//! 批 The rows of one file in the columns and types of the table.

use super::footer::Footer;
use super::guard::{Guarded, guarded};
use super::ipc::Batches;
use super::{FileEntry, Format, SourceError, WideTable, delimited, ipc};
use arrow::array::{
    ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray, new_null_array,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{Int32Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::sync::Arc;

/// 文件读取 Which file of a table is read, and which columns of it.
#[derive(Debug, Clone)]
pub(super) struct FileScan {
    /// The number of the file.
    pub(super) file: usize,
    /// The columns, by their numbers in the table's schema.
    pub(super) columns: Vec<usize>,
    /// How many rows come at once.
    pub(super) batch_size: usize,
}

/// The batches of a file, adapted to the table.
pub(super) fn batches(
    table: &WideTable,
    scan: &FileScan,
) -> Result<impl Iterator<Item = Result<RecordBatch, SourceError>> + Send + use<>, SourceError> {
    let missing = || SourceError::NoFiles { folder: table.shown.clone() };
    let file = table.files.get(scan.file).ok_or_else(missing)?.clone();
    let own = table.read_as.get(scan.file).ok_or_else(missing)?;
    let projected = table.schema.project(&scan.columns).map_err(|_| missing())?;
    let schema = Arc::new(projected);
    let wanted: Vec<usize> = (own.fields().iter().enumerate())
        .filter(|(_, field)| schema.field_with_name(field.name()).is_ok())
        .map(|(number, _)| number)
        .collect();
    let raw: Batches = guarded(&file, table.format, || match table.format {
        Format::Csv => delimited::batches(&file, own, Some(wanted), scan.batch_size),
        Format::Ipc => ipc::batches(&file, Some(wanted)),
        Format::Parquet | Format::Delta => {
            let footer = table.footers.get(scan.file).ok_or_else(missing)?;
            parquet(&file, footer, own, (wanted, scan.batch_size))
        }
    })?;
    let adapt = Adapt::new(table, &file, schema);
    let rows = raw.map(move |batch| {
        batch.and_then(|batch| adapt.batch(&batch)).map_err(|error| adapt.damaged(&error))
    });
    Ok(Guarded::new(rows, &file, table.format))
}

fn parquet(
    file: &FileEntry,
    footer: &Footer,
    schema: &SchemaRef,
    (columns, batch_size): (Vec<usize>, usize),
) -> Result<Batches, SourceError> {
    let damaged = |error: parquet::errors::ParquetError| SourceError::Damaged {
        file: file.shown.clone(),
        format: Format::Parquet,
        reason: error.to_string(),
    };
    let opened =
        File::open(&file.path).map_err(|error| super::files::unreadable(&file.shown, &error))?;
    let metadata = footer.reader_metadata(schema).map_err(damaged)?;
    let mask = ProjectionMask::roots(metadata.parquet_schema(), columns);
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(opened, metadata)
        .with_projection(mask)
        .with_batch_size(batch_size)
        .build()
        .map_err(damaged)?;
    Ok(Box::new(reader))
}

/// From the columns of a file to those of the table.
struct Adapt {
    shown: String,
    format: Format,
    schema: SchemaRef,
    /// The value of each column that a folder gives.
    partition: Vec<Option<Option<String>>>,
}

impl Adapt {
    fn new(table: &WideTable, file: &FileEntry, schema: SchemaRef) -> Self {
        let values = |name: &str| {
            let names = table.columns.iter().filter(|column| column.partition);
            let found = names.zip(&file.partition).find(|(column, _)| column.physical == name);
            found.map(|(_, value)| value.clone())
        };
        let partition = schema.fields().iter().map(|field| values(field.name())).collect();
        Self { shown: file.shown.clone(), format: table.format, schema, partition }
    }

    fn batch(&self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let options = CastOptions { safe: false, ..CastOptions::default() };
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for (field, partition) in self.schema.fields().iter().zip(&self.partition) {
            let column = match (partition, batch.column_by_name(field.name())) {
                (Some(value), _) => constant(value.as_deref(), batch.num_rows())?,
                (None, Some(column)) if column.data_type() == field.data_type() => {
                    Arc::clone(column)
                }
                (None, Some(column)) => cast_with_options(column, field.data_type(), &options)?,
                // A file that is older than the column.
                (None, None) => new_null_array(field.data_type(), batch.num_rows()),
            };
            columns.push(column);
        }
        let rows = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &rows)
    }

    fn damaged(&self, error: &ArrowError) -> SourceError {
        SourceError::Damaged {
            file: self.shown.clone(),
            format: self.format,
            reason: error.to_string(),
        }
    }
}

/// One text for all rows.
fn constant(value: Option<&str>, rows: usize) -> Result<ArrayRef, ArrowError> {
    let keys: Int32Array = std::iter::repeat_n(value.map(|_| 0), rows).collect();
    let texts = StringArray::from(vec![value.unwrap_or_default()]);
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::new(texts))?))
}

/// All columns of a table by number.
pub(super) fn all_columns(schema: &Schema) -> Vec<usize> {
    (0..schema.fields().len()).collect()
}
