//! 运行环境 Memory, room to spill and batch size for the plans of the engine.

use super::SourceError;
use datafusion_execution::TaskContext;
use datafusion_execution::config::SessionConfig;
use datafusion_execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion_execution::memory_pool::FairSpillPool;
use datafusion_execution::runtime_env::RuntimeEnvBuilder;
use std::path::Path;
use std::sync::Arc;

/// How many rows come at once.
const BATCH_ROWS: usize = 8192;

/// What plans run in: at most `memory` bytes for the operators that can spill, into files below
/// `spill`; without a limit nothing is ever written.
pub fn runtime(memory: Option<u64>, spill: &Path) -> Result<Arc<TaskContext>, SourceError> {
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::Directories(vec![spill.to_owned()]));
    let mut builder = RuntimeEnvBuilder::new().with_disk_manager_builder(disk);
    if let Some(bytes) = memory {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        builder = builder.with_memory_pool(Arc::new(FairSpillPool::new(bytes)));
    }
    let environment =
        builder.build_arc().map_err(|error| SourceError::Engine { reason: error.to_string() })?;
    let config = SessionConfig::new().with_batch_size(BATCH_ROWS);
    Ok(Arc::new(TaskContext::default().with_session_config(config).with_runtime(environment)))
}
