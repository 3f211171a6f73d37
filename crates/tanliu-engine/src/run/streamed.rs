//! 流出的结果 A result with more rows than one wants to hold as texts: the rows wait in the order of
//! their keys, and come out as tables of so many rows.

use super::results::table_of;
use super::{Progress, Watcher};
use crate::EngineError;
use crate::pass::{MadeValue, Watch};
use crate::spill::{Gathered, Room};
use std::sync::Arc;
use tanliu_method::eval::OutputTable;
use tanliu_method::program::Program;

/// 流出的结果 A result whose rows are still to be taken out. Every row that comes has a figure: a run with
/// a fault in any has none, and rows that wait for a named hole are left out.
#[derive(Debug)]
pub struct StreamedTable {
    /// Its first rows: name, unit and indexes are the whole table's.
    pub first: OutputTable,
    /// How many rows it has.
    pub rows: u64,
    pub(super) gathered: Gathered<MadeValue>,
    pub(super) room: Option<Arc<Room>>,
}

impl StreamedTable {
    /// Hands out the rows in the order of their keys, as tables of at most so many rows; together
    /// they are the table that a run without a limit has. `program` is the one that was run.
    ///
    /// # Errors
    /// What the taker finds; a temporary file that cannot be read; when it is stopped.
    pub fn take_out<E: From<EngineError>>(
        self,
        program: &Program,
        progress: &Progress,
        most: usize,
        mut taker: impl FnMut(OutputTable) -> Result<(), E>,
    ) -> Result<(), E> {
        let variable = self.first.variable;
        let watch = Watcher { progress, room: self.room };
        let mut rows = Vec::new();
        for row in self.gathered.merged(&watch)? {
            let row = row?;
            // A row that waits for a named hole has no figure.
            if row.1.is_fault() {
                continue;
            }
            rows.push(row);
            if rows.len() >= most.max(1) {
                taker(table_of(program, variable, &rows))?;
                rows.clear();
                if !watch.rows(0) {
                    return Err(EngineError::Stopped.into());
                }
            }
        }
        if rows.is_empty() { Ok(()) } else { taker(table_of(program, variable, &rows)) }
    }
}
