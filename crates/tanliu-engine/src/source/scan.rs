//! 扫描 A physical plan that yields the rows of a table: exactly the files that were opened.
//!
//! Files that are added later are not seen. Rows keep their order: partition `i` holds what stands
//! before partition `i + 1`, and each is read from its beginning to its end.

use super::batches::{FileScan, batches};
use super::footer::{group_bytes, group_start};
use super::predicate::Split;
use super::reader::{FileNumber, OpenedFiles};
use super::sheltered::sheltered;
use super::{Format, Predicate, SourceError, WideTable};
use arrow::array::{RecordBatch, as_boolean_array};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, FieldRef, SchemaRef};
use datafusion_common::config::TableParquetOptions;
use datafusion_common::{DataFusionError, Result, ScalarValue};
use datafusion_datasource::file_groups::FileGroup;
use datafusion_datasource::file_scan_config::FileScanConfigBuilder;
use datafusion_datasource::source::DataSourceExec;
use datafusion_datasource::{PartitionedFile, TableSchema};
use datafusion_datasource_parquet::source::ParquetSource;
use datafusion_execution::object_store::ObjectStoreUrl;
use datafusion_execution::{SendableRecordBatchStream, TaskContext};
use datafusion_physical_expr::PhysicalExpr;
use datafusion_physical_expr::utils::collect_columns;
use datafusion_physical_plan::ExecutionPlan;
use datafusion_physical_plan::empty::EmptyExec;
use datafusion_physical_plan::stream::RecordBatchStreamAdapter;
use datafusion_physical_plan::streaming::{PartitionStream, StreamingTableExec};
use std::sync::Arc;

/// 扫描请求 What is wanted of a table.
#[derive(Debug, Clone, Default)]
pub struct ScanRequest {
    /// The columns by their physical names, in the order wanted.
    pub columns: Vec<String>,
    /// Which rows; all if there is none.
    pub predicate: Option<Predicate>,
    /// Into how many partitions at most; 0 counts as 1.
    pub partitions: usize,
    /// How many rows come at once; 0 is what the session says. Arrow files come in the batches
    /// they were written in.
    pub batch_rows: usize,
}

/// What is read in one go and never split: a row group, or a file.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// The number of the file.
    file: usize,
    /// The first byte of its row group, and the first of the next.
    range: (i64, i64),
    /// Its stored size.
    bytes: u64,
}

/// A table, what is wanted of it, and the columns by number.
struct Scan<'a> {
    table: &'a WideTable,
    request: &'a ScanRequest,
    columns: Vec<usize>,
    split: Split,
}

/// The plan that yields what is wanted.
pub(super) fn scan(
    table: &WideTable,
    request: &ScanRequest,
) -> Result<Arc<dyn ExecutionPlan>, SourceError> {
    let split = Split::of(table, request.predicate.as_ref())?;
    let number = |name: &String| {
        table.schema.index_of(name).map_err(|_| SourceError::Predicate {
            table: table.shown.clone(),
            column: name.clone(),
            found: DataType::Null.to_string(),
        })
    };
    let columns = request.columns.iter().map(number).collect::<Result<Vec<_>, _>>()?;
    let scan = Scan { table, request, columns, split };
    let plan = match table.format {
        Format::Parquet | Format::Delta => scan.parquet(),
        Format::Csv | Format::Ipc => scan.stream(),
    };
    plan.map_err(|error| table.diagnose(&error))
}

/// Row groups, or whole files, of the files that may hold wanted rows.
fn pieces(table: &WideTable, split: &Split) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (number, file) in table.files.iter().enumerate() {
        if !split.takes(table, number) {
            continue;
        }
        let end = i64::try_from(file.bytes).unwrap_or(i64::MAX);
        let groups =
            table.footers.get(number).map_or(&[][..], |footer| footer.metadata.row_groups());
        let mut starts: Vec<i64> = groups.iter().map(group_start).collect();
        if starts.len() < 2 || !starts.is_sorted_by(|left, right| left < right) {
            pieces.push(Piece { file: number, range: (0, end), bytes: file.bytes });
            continue;
        }
        if let Some(first) = starts.first_mut() {
            *first = 0;
        }
        let ends = starts.iter().skip(1).copied().chain([end]);
        for ((group, start), end) in groups.iter().zip(&starts).zip(ends) {
            let (range, bytes) = ((*start, end), group_bytes(group));
            pieces.push(Piece { file: number, range, bytes });
        }
    }
    pieces
}

/// Runs of pieces of about the same size, at most `count` of them.
fn share_out(pieces: &[Piece], count: usize) -> Vec<Vec<Piece>> {
    let total: u128 = pieces.iter().map(|piece| u128::from(piece.bytes.max(1))).sum();
    let count = count.max(1) as u128;
    let mut runs: Vec<(u128, Vec<Piece>)> = Vec::new();
    let mut before: u128 = 0;
    for piece in pieces {
        // A piece belongs to the run in which its middle lies.
        let bytes = u128::from(piece.bytes.max(1));
        let number = ((before + bytes / 2) * count / total.max(1)).min(count - 1);
        before += bytes;
        match runs.last_mut() {
            Some((last, run)) if *last == number => run.push(*piece),
            _ => runs.push((number, vec![*piece])),
        }
    }
    runs.into_iter().map(|(_, run)| run).collect()
}

/// Pieces of one file that follow each other are one piece.
fn joined(run: &[Piece]) -> Vec<Piece> {
    let mut whole: Vec<Piece> = Vec::new();
    for piece in run {
        match whole.last_mut() {
            Some(last) if last.file == piece.file && last.range.1 == piece.range.0 => {
                last.range.1 = piece.range.1;
                last.bytes += piece.bytes;
            }
            _ => whole.push(*piece),
        }
    }
    whole
}

impl Scan<'_> {
    fn parquet(&self) -> Result<Arc<dyn ExecutionPlan>> {
        let runs = share_out(&pieces(self.table, &self.split), self.request.partitions);
        if runs.is_empty() {
            return self.nothing();
        }
        let mut options = TableParquetOptions::default();
        // Keys repeat themselves for many rows: their pages are cheap to read, and where none fits
        // the readings need not be decoded.
        options.global.pushdown_filters = true;
        options.global.reorder_filters = true;
        let files = self.table.files.iter().zip(&self.table.footers);
        let files = files.map(|(file, footer)| (file.clone(), Arc::clone(&footer.metadata)));
        let mut source = ParquetSource::new(self.table_schema())
            .with_table_parquet_options(options)
            .with_parquet_file_reader_factory(Arc::new(OpenedFiles { files: files.collect() }));
        if let Some(rows) = &self.split.rows {
            source = source.with_predicate(Arc::clone(rows));
        }
        let group = |run: &Vec<Piece>| {
            let files = joined(run);
            FileGroup::new(files.iter().filter_map(|piece| self.partitioned_file(piece)).collect())
        };
        let batch_rows = Some(self.request.batch_rows).filter(|rows| *rows > 0);
        let config =
            FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), Arc::new(source))
                .with_file_groups(runs.iter().map(group).collect())
                .with_projection_indices(Some(self.columns.clone()))?
                .with_batch_size(batch_rows)
                .with_preserve_order(true)
                .build();
        let plan: Arc<dyn ExecutionPlan> = DataSourceExec::from_data_source(config);
        sheltered(&plan)
    }

    /// The columns of files, then those of partitions.
    fn table_schema(&self) -> TableSchema {
        let columns = self.table.columns.iter().zip(self.table.schema.fields());
        let partition: Vec<FieldRef> = columns
            .filter(|(column, _)| column.partition)
            .map(|(_, field)| Arc::clone(field))
            .collect();
        TableSchema::builder(Arc::new(self.table.file_schema()))
            .with_table_partition_cols(partition)
            .build()
    }

    fn partitioned_file(&self, piece: &Piece) -> Option<PartitionedFile> {
        let file = self.table.files.get(piece.file)?;
        let mut partitioned = PartitionedFile::new(file.shown.clone(), file.bytes)
            .with_range(piece.range.0, piece.range.1)
            .with_extension(FileNumber(piece.file));
        partitioned.partition_values = (file.partition.iter())
            .map(|value| {
                let text = Box::new(ScalarValue::Utf8(value.clone()));
                ScalarValue::Dictionary(Box::new(DataType::Int32), text)
            })
            .collect();
        partitioned.arrow_schema = self.table.read_as.get(piece.file).cloned();
        Some(partitioned)
    }

    fn stream(&self) -> Result<Arc<dyn ExecutionPlan>> {
        let runs = share_out(&pieces(self.table, &self.split), self.request.partitions);
        if runs.is_empty() {
            return self.nothing();
        }
        let schema = Arc::new(self.table.schema.project(&self.columns)?);
        // Columns that only the condition looks at are read behind those that are wanted.
        let mut columns = self.columns.clone();
        let mut rows = None;
        if let Some(condition) = &self.split.rows {
            let mut asked: Vec<usize> =
                collect_columns(condition).iter().map(|column| column.index()).collect();
            asked.sort_unstable();
            asked.retain(|number| !self.columns.contains(number));
            columns.extend(asked);
            let read = self.table.schema.project(&columns)?;
            let condition = datafusion_physical_expr::utils::reassign_expr_columns(
                Arc::clone(condition),
                &read,
            )?;
            rows = Some(condition);
        }
        let table = Arc::new(self.table.clone());
        let partitions = runs.iter().map(|run| {
            let scan = |piece: &Piece| FileScan {
                file: piece.file,
                columns: columns.clone(),
                batch_size: self.request.batch_rows,
            };
            Arc::new(FileStream {
                table: Arc::clone(&table),
                schema: Arc::clone(&schema),
                scans: run.iter().map(scan).collect(),
                rows: rows.clone(),
            }) as Arc<dyn PartitionStream>
        });
        let partitions = partitions.collect();
        let exec = StreamingTableExec::try_new(schema, partitions, None, None, false, None)?;
        Ok(Arc::new(exec))
    }

    fn nothing(&self) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = self.table.schema.project(&self.columns)?;
        Ok(Arc::new(EmptyExec::new(Arc::new(schema))))
    }
}

/// Files that are read one after the other.
#[derive(Debug)]
struct FileStream {
    table: Arc<WideTable>,
    /// The columns that are wanted; files are read with those of the condition behind them.
    schema: SchemaRef,
    scans: Vec<FileScan>,
    rows: Option<Arc<dyn PhysicalExpr>>,
}

impl PartitionStream for FileStream {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let table = Arc::clone(&self.table);
        let (schema, condition) = (Arc::clone(&self.schema), self.rows.clone());
        let usual = context.session_config().batch_size();
        let external = |error: SourceError| DataFusionError::External(Box::new(error));
        let rows = self.scans.clone().into_iter().flat_map(move |mut scan| {
            if scan.batch_size == 0 {
                scan.batch_size = usual;
            }
            let (rows, fault) = match batches(&table, &scan) {
                Ok(rows) => (Some(rows), None),
                Err(error) => (None, Some(Err(external(error)))),
            };
            let (schema, condition) = (Arc::clone(&schema), condition.clone());
            let rows = rows.into_iter().flatten().map(move |batch| {
                let batch = batch.map_err(external)?;
                wanted_rows(&batch, &schema, condition.as_ref())
            });
            fault.into_iter().chain(rows)
        });
        let stream = futures::stream::iter(rows);
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), stream))
    }
}

/// The wanted rows and columns of a batch; the columns of the condition stand behind them.
fn wanted_rows(
    batch: &RecordBatch,
    schema: &SchemaRef,
    condition: Option<&Arc<dyn PhysicalExpr>>,
) -> Result<RecordBatch> {
    let Some(condition) = condition else { return Ok(batch.clone()) };
    let holds = condition.evaluate(batch)?.into_array(batch.num_rows())?;
    let found = filter_record_batch(batch, as_boolean_array(&holds))?;
    let wanted: Vec<usize> = (0..schema.fields().len()).collect();
    Ok(found.project(&wanted)?)
}
