//! 来数 Rows on their way into a table: files or batches, read in pieces, aligned with the table's
//! columns cell by cell.
//!
//! CSV is read as texts and each text is then read as its column wants it, so that every refusal
//! names file, row and column. Nothing is guessed: a number is a number, a unit that differs from
//! the table's is refused.

mod align;
mod cells;
mod infer;

pub(super) use align::Alignment;
pub(crate) use align::name_and_unit;
pub use infer::layout_of;

use super::DeltaError;
use super::error::Origin;
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use futures::{Stream, StreamExt};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows of a batch that is read from a file.
const BATCH: usize = 8192;

type Batches = Box<dyn Iterator<Item = Result<RecordBatch, DeltaError>> + Send>;

/// 来数 A file or stream of rows.
pub struct Incoming {
    pub(crate) source: Origin,
    /// The number of its first row, as people count: the header of a CSV file is row 1.
    pub(crate) first_row: u64,
    /// Headers as written, with the types in which they come.
    pub(crate) schema: SchemaRef,
    /// Units of columns whose headers have none.
    pub(crate) units: BTreeMap<String, String>,
    pub(crate) batches: Batches,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming").field("source", &self.source).finish_non_exhaustive()
    }
}

impl Incoming {
    /// Opens a CSV or Parquet file.
    ///
    /// # Errors
    /// [`DeltaError::Input`] for a file that is neither or cannot be read.
    pub fn open(path: &Path) -> Result<Self, DeltaError> {
        let source = Origin(path.to_string_lossy().into_owned());
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match extension.as_str() {
            "csv" => open_csv(path, source),
            "parquet" => open_parquet(path, source),
            _ => Err(DeltaError::Input { origin: source, why: format!("*.{extension}") }),
        }
    }

    /// Batches of a schema whose fields are named as headers are: `power (kWh)`, or `power` with
    /// the unit in the field's metadata.
    pub fn of_batches(
        name: &str,
        schema: SchemaRef,
        batches: impl Iterator<Item = RecordBatch> + Send + 'static,
    ) -> Self {
        Self {
            source: Origin(name.to_owned()),
            first_row: 1,
            schema,
            units: BTreeMap::new(),
            batches: Box::new(batches.map(Ok)),
        }
    }

    /// The batches of a stream, such as DataFusion's; it is polled inside the runtime it was made
    /// in.
    pub fn of_stream<E: std::fmt::Display>(
        name: &str,
        schema: SchemaRef,
        stream: impl Stream<Item = Result<RecordBatch, E>> + Send + Unpin + 'static,
        runtime: tokio::runtime::Handle,
    ) -> Self {
        let source = Origin(name.to_owned());
        let told = source.clone();
        let mut stream = stream;
        let batches = std::iter::from_fn(move || {
            let next = runtime.block_on(stream.next())?;
            Some(next.map_err(|error| input(&told, &error)))
        });
        Self { source, first_row: 1, schema, units: BTreeMap::new(), batches: Box::new(batches) }
    }

    /// Says the units of columns whose headers have none.
    #[must_use]
    pub fn with_units(mut self, units: &BTreeMap<String, String>) -> Self {
        self.units.clone_from(units);
        self
    }
}

/// Whether a table may have a column of that name.
pub(super) fn is_column_name(name: &str) -> bool {
    !name.is_empty()
        && !name.chars().any(|sign| sign.is_whitespace() || " ,;{}()[]=\"".contains(sign))
}

fn input(source: &Origin, error: &impl std::fmt::Display) -> DeltaError {
    DeltaError::Input { origin: source.clone(), why: error.to_string() }
}

fn open_csv(path: &Path, source: Origin) -> Result<Incoming, DeltaError> {
    let file = File::open(path).map_err(|error| input(&source, &error))?;
    let format = arrow::csv::reader::Format::default().with_header(true);
    let (header, _) =
        format.infer_schema(&file, Some(0)).map_err(|error| input(&source, &error))?;
    let fields: Vec<Field> = header
        .fields()
        .iter()
        .map(|field| Field::new(field.name().trim_start_matches('\u{feff}'), DataType::Utf8, true))
        .collect();
    if fields.is_empty() {
        return Err(DeltaError::Input { origin: source, why: "the file is empty".to_owned() });
    }
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let file = File::open(path).map_err(|error| input(&source, &error))?;
    let reader = arrow::csv::ReaderBuilder::new(Arc::clone(&schema))
        .with_header(true)
        .with_batch_size(BATCH)
        .build(file)
        .map_err(|error| input(&source, &error))?;
    Ok(Incoming { first_row: 2, ..of_reader(source, schema, reader) })
}

fn open_parquet(path: &Path, source: Origin) -> Result<Incoming, DeltaError> {
    let file = File::open(path).map_err(|error| input(&source, &error))?;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| input(&source, &error))?;
    let schema = Arc::clone(builder.schema());
    let reader = builder.with_batch_size(BATCH).build().map_err(|error| input(&source, &error))?;
    Ok(of_reader(source, schema, reader))
}

fn of_reader(
    source: Origin,
    schema: SchemaRef,
    reader: impl Iterator<Item = Result<RecordBatch, ArrowError>> + Send + 'static,
) -> Incoming {
    let told = source.clone();
    let batches = reader.map(move |batch| batch.map_err(|error| input(&told, &error)));
    Incoming { source, first_row: 1, schema, units: BTreeMap::new(), batches: Box::new(batches) }
}
