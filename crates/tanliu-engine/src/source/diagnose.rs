//! 查因 Which file a failed scan failed at: the reader of pages does not say it by itself.

use super::batches::{FileScan, all_columns, batches};
use super::{SourceError, WideTable};
use datafusion_common::DataFusionError;

/// Rows that are read at once while looking for the damage.
const BATCH_ROWS: usize = 8192;

impl WideTable {
    /// The finding for an error of a plan over this table: a file that changed, or the first file
    /// that cannot be read to its end. It reads the files once more; nothing depends on its speed.
    pub fn diagnose(&self, error: &DataFusionError) -> SourceError {
        if let Some(own) = own_error(error) {
            return own;
        }
        if let Err(changed) = self.check_unchanged() {
            return changed;
        }
        let of_files = matches!(
            error.find_root(),
            DataFusionError::ParquetError(_)
                | DataFusionError::ArrowError(..)
                | DataFusionError::External(_)
                | DataFusionError::IoError(_)
        );
        if of_files && let Some(found) = self.first_damage() {
            return found;
        }
        SourceError::Engine { reason: error.strip_backtrace() }
    }

    fn first_damage(&self) -> Option<SourceError> {
        (0..self.files.len()).find_map(|file| {
            let columns = all_columns(&self.schema);
            let scan = FileScan { file, columns, batch_size: BATCH_ROWS };
            match batches(self, &scan) {
                Err(error) => Some(error),
                Ok(mut rows) => rows.find_map(Result::err),
            }
        })
    }
}

/// An error of ours that went through the plan.
fn own_error(error: &DataFusionError) -> Option<SourceError> {
    match error.find_root() {
        DataFusionError::External(inner) => inner.downcast_ref::<SourceError>().cloned(),
        _ => None,
    }
}
