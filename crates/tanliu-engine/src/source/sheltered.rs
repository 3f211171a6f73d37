//! 护栏算子 A plan behind a guard: where a decoder gives up, the plan ends with an error.

use super::guard::caught;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion_common::{DataFusionError, Result};
use datafusion_execution::{RecordBatchStream, SendableRecordBatchStream, TaskContext};
use datafusion_physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion_physical_plan::{ExecutionPlan, ExecutionPlanProperties};
use futures::Stream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The plan, each of its partitions behind a guard.
pub(super) fn sheltered(plan: &Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let partitions = (0..plan.output_partitioning().partition_count()).map(|partition| {
        let (schema, plan) = (plan.schema(), Arc::clone(plan));
        Arc::new(Sheltered { schema, plan, partition }) as Arc<dyn PartitionStream>
    });
    let partitions = partitions.collect();
    let exec = StreamingTableExec::try_new(plan.schema(), partitions, None, None, false, None)?;
    Ok(Arc::new(exec))
}

/// One partition of a plan.
#[derive(Debug)]
struct Sheltered {
    schema: SchemaRef,
    plan: Arc<dyn ExecutionPlan>,
    partition: usize,
}

impl PartitionStream for Sheltered {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let opened = caught(|| self.plan.execute(self.partition, context));
        let (inner, fault) = match opened.map_err(external) {
            Ok(Ok(inner)) => (Some(inner), None),
            Ok(Err(error)) | Err(error) => (None, Some(error)),
        };
        Box::pin(Rows { schema: Arc::clone(&self.schema), inner, fault })
    }
}

/// The rows of a partition; after an error there are no more.
struct Rows {
    schema: SchemaRef,
    inner: Option<SendableRecordBatchStream>,
    fault: Option<DataFusionError>,
}

impl Stream for Rows {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(fault) = self.fault.take() {
            return Poll::Ready(Some(Err(fault)));
        }
        let Some(inner) = self.inner.as_mut() else { return Poll::Ready(None) };
        let found = match caught(|| inner.as_mut().poll_next(context)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(found)) => found,
            Err(said) => Some(Err(external(said))),
        };
        if !matches!(found, Some(Ok(_))) {
            self.inner = None;
        }
        Poll::Ready(found)
    }
}

impl RecordBatchStream for Rows {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

fn external(said: String) -> DataFusionError {
    DataFusionError::External(said.into())
}
