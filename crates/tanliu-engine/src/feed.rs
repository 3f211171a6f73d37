//! 行源 Where a relation's rows come from: tables in memory, or a scan of files.

mod bad;
mod memory;
mod scan;
mod unique;

pub(crate) use memory::MemoryFeed;
pub(crate) use scan::ScanFeed;
pub use scan::WideInput;
pub(crate) use unique::{Unique, find_doubles};

use crate::EngineError;
use crate::atom::{AtomKind, Texts};
use crate::batch::RowBatch;

/// 行源 The rows of a relation, in parts that workers read side by side.
pub(crate) trait Feed: Sync {
    /// How many parts there are.
    fn parts(&self) -> usize;

    /// Whether keys are still to be proven to differ; the kinds of keys.
    fn unique(&self) -> Option<Vec<AtomKind>> {
        None
    }

    /// Opens a part.
    fn open(&self, part: usize) -> Result<Box<dyn Rows + '_>, EngineError>;
}

/// 行流 The batches of a part.
pub(crate) trait Rows {
    /// The next batch; texts get the worker's numbers.
    fn next(&mut self, texts: &mut Texts) -> Result<Option<RowBatch>, EngineError>;
}
