//! 数据文件的行 The rows of a data file, as the table has them.

use super::super::DeltaError;
use super::super::open::{DataFile, DeltaSnapshot};
use arrow::array::{Array, ArrayRef, RecordBatch, StringArray, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::SchemaRef;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::sync::Arc;

/// Rows of a batch.
const BATCH: usize = 16 * 1024;

/// Calls `each` with every batch of a file, in the table's schema: partition values are filled in,
/// columns that came later are empty.
pub(super) fn read_file(
    snapshot: &DeltaSnapshot,
    file: &DataFile,
    mut each: impl FnMut(RecordBatch) -> Result<(), DeltaError>,
) -> Result<(), DeltaError> {
    let failed = |error: &dyn std::fmt::Display| {
        DeltaError::failed(&snapshot.shown, format!("{}: {error}", file.name))
    };
    let opened = File::open(&file.path).map_err(|error| failed(&error))?;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(opened).map_err(|error| failed(&error))?;
    let reader = builder.with_batch_size(BATCH).build().map_err(|error| failed(&error))?;
    for batch in reader {
        let batch = batch.map_err(|error| failed(&error))?;
        each(complete(&snapshot.schema, file, &batch).map_err(|error| failed(&error))?)?;
    }
    Ok(())
}

fn complete(
    schema: &SchemaRef,
    file: &DataFile,
    batch: &RecordBatch,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let rows = batch.num_rows();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for field in schema.fields() {
        let column = if let Some(value) = file.partition.get(field.name()) {
            let one: ArrayRef = Arc::new(StringArray::from(vec![value.as_deref(); rows]));
            cast(&one, field.data_type())?
        } else {
            match batch.column_by_name(field.name()) {
                Some(column) if column.data_type() == field.data_type() => Arc::clone(column),
                Some(column) => cast(column, field.data_type())?,
                None => new_null_array(field.data_type(), rows),
            }
        };
        columns.push(column);
    }
    RecordBatch::try_new(Arc::clone(schema), columns)
}
