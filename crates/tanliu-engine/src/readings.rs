//! 读数 Quarter-hour readings of meters in a Delta table whose every state can be read again.
//!
//! Columns `meter`, `instant`, `value` (in the table's unit) and `batch`, the number of the batch
//! that brought the value; key `meter,instant`; a folder for each day. A day is one file, sorted by
//! meter, then by time, in small row groups, so that a meter's day is a few pages.
//!
//! 1. `calendar`: quarters of an hour as numbers, as text, as parts of days and months.
//! 2. `grid`: a day in memory, and what a batch changes of it; `file`: a day as Parquet.
//! 3. `index`: what the log says, replayed once: the files of every day at every version, and the
//!    batches with who brought them and when.
//! 4. `write`: batches merged day by day; `load`: files of any length, parted by day on disk first.
//! 5. `look`: days, months, gaps, origins, now and as of a moment.
//! 6. [`journal`], [`waiting`]: what was taken but is not in the table yet.
//!
//! As of a moment is exact: a version says which batches it holds and when each was taken, every
//! row says which batch brought it, and no version holds two values of one key.

mod calendar;
mod error;
mod file;
mod grid;
mod index;
pub mod journal;
mod load;
mod look;
mod rows;
mod spool;
pub mod waiting;
mod write;

#[cfg(test)]
mod tests;

pub use calendar::{Day, Month, QUARTERS_PER_DAY, Quarter};
pub use error::ReadingError;
pub use load::{LoadOptions, Loaded};
pub use look::{Known, MeterDays, MeterQuarters, Span};
pub use rows::{ReadingBatch, ReadingRow, ReadingRows};
pub use write::{Step, Taken, Watch};

use crate::delta::{self, Author, ColumnType, Partition, TableColumn, TableLayout};
use file::Footers;
use grid::Grids;
use index::State;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The column of meters.
const METER: &str = "meter";
/// The column of the quarters' beginnings.
const INSTANT: &str = "instant";
/// The column of values.
const VALUE: &str = "value";
/// The column of the batches that brought them.
const BATCH: &str = "batch";
/// The partition column.
const DAY: &str = "day";

/// 读数表 Readings of one unit.
#[derive(Debug)]
pub struct ReadingTable {
    path: PathBuf,
    shown: String,
    /// What is known of the log; looked at again when there is a newer version.
    state: Mutex<State>,
    /// Days that were read whole lately.
    grids: Mutex<Grids>,
    /// Footers that were read lately.
    footers: Mutex<Footers>,
    /// One writer at a time.
    writing: Mutex<()>,
}

impl ReadingTable {
    /// Opens the table at `path`; makes it if there is none, with values in `unit`.
    ///
    /// # Errors
    /// A table of other columns or another unit, a damaged log, a folder that cannot be written.
    pub fn open_or_create(path: &Path, unit: &str) -> Result<Self, ReadingError> {
        if !path.join("_delta_log").is_dir() {
            delta::create(path, &layout(unit)?, &Author::default())?;
        }
        let table = Self::open(path)?;
        let own = table.unit()?;
        if own != unit {
            return Err(ReadingError::Unit { own, wanted: unit.to_owned() });
        }
        Ok(table)
    }

    /// Opens the table at `path`.
    ///
    /// # Errors
    /// As [`ReadingTable::open_or_create`].
    pub fn open(path: &Path) -> Result<Self, ReadingError> {
        let state = State::open(path)?;
        Ok(Self {
            path: path.to_owned(),
            shown: delta::shown(path),
            state: Mutex::new(state),
            grids: Mutex::default(),
            footers: Mutex::default(),
            writing: Mutex::default(),
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The unit of its values.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn unit(&self) -> Result<String, ReadingError> {
        Ok(self.index()?.unit.clone())
    }

    /// The latest version.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn version(&self) -> Result<i64, ReadingError> {
        Ok(self.index()?.version())
    }

    /// The number of the last batch whose readings the table has; 0 if there is none.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn last_batch(&self) -> Result<i64, ReadingError> {
        Ok(self.index()?.last_batch())
    }

    /// The latest state; the log is read only as far as it is new.
    fn index(&self) -> Result<std::sync::Arc<index::Index>, ReadingError> {
        held(&self.state).latest()
    }
}

/// What a lock holds, also after a thread has ended badly: nothing is kept half-changed in it.
fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The columns of a table of readings.
fn layout(unit: &str) -> Result<TableLayout, ReadingError> {
    let column = |name: &str, kind, label: &str, unit: Option<&str>| TableColumn {
        name: name.to_owned(),
        unit: unit.map(str::to_owned),
        label: Some(label.to_owned()),
        kind,
    };
    Ok(TableLayout {
        columns: vec![
            column(METER, ColumnType::Text, "计量表", None),
            column(INSTANT, ColumnType::Instant, "时刻", None),
            column(VALUE, ColumnType::Number, "读数", Some(unit)),
            column(BATCH, ColumnType::Integer, "批次", None),
        ],
        keys: vec![METER.to_owned(), INSTANT.to_owned()],
        partitions: vec![Partition::parse("day(instant)")?],
    })
}
