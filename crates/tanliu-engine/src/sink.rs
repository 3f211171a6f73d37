//! 结果的去处 Results and streams of batches written as Parquet or Delta, whole or not at all.
//!
//! - [`parquet_bytes`]: a result of a run as a Parquet file, bytes out.
//! - [`write_delta`]: a result as the next version of a Delta table.
//! - [`ParquetSink`]: batches into a file beside the target, which takes its name at the end;
//!   whatever goes wrong, nothing half-written stays.

mod fresh;
mod parquet;
mod results;

pub use fresh::Fresh;
pub use parquet::{ParquetSink, parquet_bytes};
pub use results::{ColumnNames, batch_of, write_delta, write_delta_from};

use crate::delta::DeltaError;
use tanliu_diagnostic::Diagnostic;

/// 写出的差错 Why results were not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SinkError {
    /// The file could not be written: a full disk, no permission.
    #[error("{path} cannot be written: {why}")]
    Write {
        /// The file.
        path: String,
        /// What the system says.
        why: String,
    },
    /// The Delta table refused them.
    #[error(transparent)]
    Delta(#[from] DeltaError),
}

impl SinkError {
    /// The finding that people read.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Write { path, why } => {
                DeltaError::Write { path: path.clone(), why: why.clone() }.diagnostic()
            }
            Self::Delta(error) => error.diagnostic(),
        }
    }
}

#[cfg(test)]
mod tests;
