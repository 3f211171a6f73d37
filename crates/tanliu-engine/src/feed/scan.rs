//! 扫描行源 The rows of a wide table, as a scan of its files yields them.

mod cells;
mod inspect;
mod keys;

use super::{Feed, Rows};
use crate::EngineError;
use crate::atom::{AtomKind, Texts};
use crate::batch::RowBatch;
use crate::lane::Lanes;
use crate::source::{Predicate, ScanRequest, WideTable};
use arrow::array::RecordBatch;
use cells::{CellColumn, read_cells};
use datafusion_execution::{SendableRecordBatchStream, TaskContext};
use datafusion_physical_plan::{ExecutionPlan, ExecutionPlanProperties};
use futures::StreamExt;
use keys::{KeyReader, read_keys};
use std::sync::Arc;
use tanliu_diagnostic::Diagnostic;
use tanliu_method::program::{IndexId, Program, VariableId};
use tanliu_unit::Conversion;

/// 宽输入 An input whose rows stay in a wide table.
#[derive(Debug, Clone)]
pub struct WideInput {
    /// The input.
    pub variable: VariableId,
    /// Its table.
    pub table: Arc<WideTable>,
    /// The number of its column, from 1.
    pub column: u32,
    /// The columns of its indexes, by number from 1.
    pub keys: Vec<(IndexId, u32)>,
    /// How its numbers become numbers in the declared unit.
    pub conversion: Option<Conversion>,
}

/// 扫描行源 A scan of a table, with how its columns become keys and cells.
pub(crate) struct ScanFeed {
    request: ScanRequest,
    plan: Arc<dyn ExecutionPlan>,
    context: Arc<TaskContext>,
    keys: Vec<KeyReader>,
    cells: Vec<CellColumn>,
    table: Arc<WideTable>,
    kinds: Vec<AtomKind>,
    check_keys: bool,
}

impl ScanFeed {
    /// The rows of the lanes' inputs, all of one table.
    pub(crate) fn new(
        program: &Program,
        lanes: &Lanes,
        inputs: &[&WideInput],
        context: &Arc<TaskContext>,
        (parts, batch_rows, check_keys): (usize, usize, bool),
    ) -> Result<Self, EngineError> {
        let Some(first) = inputs.first() else {
            return Err(EngineError::internal("a scan without an input"));
        };
        let table = Arc::clone(&first.table);
        let physical = |number: u32| {
            let column = (number as usize).checked_sub(1).and_then(|at| table.columns.get(at));
            column.ok_or_else(|| EngineError::internal("a column that the table does not have"))
        };
        let mut columns: Vec<String> = Vec::new();
        let mut keys = Vec::new();
        for (place, index) in lanes.dims.iter().enumerate() {
            let number = first.keys.iter().find(|(own, _)| own == index).map(|(_, number)| *number);
            let column = physical(number.unwrap_or(0))?;
            columns.push(column.physical.clone());
            let declared = program.indexes.get(*index);
            keys.push(KeyReader::new(declared, lanes.kind_at(place), column, &table)?);
        }
        let mut cells = Vec::new();
        for input in &lanes.inputs {
            let Some(own) = inputs.iter().find(|own| own.variable == input.id) else {
                return Err(EngineError::internal("an input of another table"));
            };
            let column = physical(own.column)?;
            columns.push(column.physical.clone());
            cells.push(CellColumn::new(program, own, column, &table)?);
        }
        let request = ScanRequest { columns, predicate: None, partitions: parts, batch_rows };
        let plan = table.scan(&request).map_err(EngineError::source)?;
        let context = Arc::clone(context);
        let kinds = (0..lanes.dims.len()).map(|place| lanes.kind_at(place)).collect();
        Ok(Self { request, plan, context, keys, cells, table, kinds, check_keys })
    }
}

impl ScanFeed {
    /// The same scan, of these rows only, in one part.
    pub(crate) fn only(&self, predicate: Predicate) -> Result<Self, EngineError> {
        let mut request = self.request.clone();
        (request.predicate, request.partitions) = (Some(predicate), 1);
        let plan = self.table.scan(&request).map_err(EngineError::source)?;
        Ok(Self {
            request,
            plan,
            context: Arc::clone(&self.context),
            keys: self.keys.clone(),
            cells: self.cells.clone(),
            table: Arc::clone(&self.table),
            kinds: self.kinds.clone(),
            check_keys: false,
        })
    }
}

impl Feed for ScanFeed {
    fn parts(&self) -> usize {
        self.plan.output_partitioning().partition_count()
    }

    fn unique(&self) -> Option<Vec<AtomKind>> {
        self.check_keys.then(|| self.kinds.clone())
    }

    fn open(&self, part: usize) -> Result<Box<dyn Rows + '_>, EngineError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|error| EngineError::internal(&error.to_string()))?;
        let stream = {
            let _entered = runtime.enter();
            self.plan.execute(part, Arc::clone(&self.context))
        };
        let stream = stream.map_err(|error| self.fault(&error))?;
        Ok(Box::new(ScanRows { feed: self, runtime, stream, known: keys::Known::default() }))
    }
}

impl ScanFeed {
    /// All bad cells, up to a limit, with file, row and column: the files are read once more.
    pub(crate) fn bad_cells(&self) -> Vec<Diagnostic> {
        inspect::bad_cells(&self.table, &self.keys, &self.cells)
    }

    fn fault(&self, error: &datafusion_common::DataFusionError) -> EngineError {
        EngineError::source(self.table.diagnose(error))
    }
}

struct ScanRows<'f> {
    feed: &'f ScanFeed,
    runtime: tokio::runtime::Runtime,
    stream: SendableRecordBatchStream,
    known: keys::Known,
}

impl Rows for ScanRows<'_> {
    fn next(&mut self, texts: &mut Texts) -> Result<Option<RowBatch>, EngineError> {
        let Some(batch) = self.runtime.block_on(self.stream.next()) else {
            self.feed.table.check_unchanged().map_err(EngineError::source)?;
            return Ok(None);
        };
        let batch = batch.map_err(|error| self.feed.fault(&error))?;
        let read = self.read(&batch, texts)?;
        Ok(Some(read))
    }
}

impl ScanRows<'_> {
    fn read(&mut self, batch: &RecordBatch, texts: &mut Texts) -> Result<RowBatch, EngineError> {
        let mut keys = Vec::with_capacity(self.feed.keys.len());
        for (place, reader) in self.feed.keys.iter().enumerate() {
            keys.push(read_keys(reader, place, batch.column(place), &mut self.known, texts)?);
        }
        let mut inputs = Vec::with_capacity(self.feed.cells.len());
        for (place, column) in self.feed.cells.iter().enumerate() {
            let array = batch.column(self.feed.keys.len() + place);
            inputs.push(read_cells(column, array)?);
        }
        Ok(RowBatch { rows: batch.num_rows(), keys, inputs, made: Vec::new() })
    }
}

/// The kind of an index and its name, for messages.
pub(super) fn kind_name(kind: AtomKind) -> (&'static str, &'static str) {
    match kind {
        AtomKind::Member => ("集合成员", "a member of a closed set"),
        AtomKind::Integer => ("整数", "a whole number"),
        AtomKind::Time { grain, .. } => (grain.word_zh(), grain.word()),
        AtomKind::Text => ("文本", "text"),
    }
}
