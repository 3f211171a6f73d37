//! 读数行 Readings on their way into the table: in columns of numbers, names apart.

use super::calendar::{Day, Quarter};
use std::sync::Arc;

/// 批次 A delivery of readings: who brought it, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingBatch {
    /// Its number, above those of all batches before it.
    pub number: i64,
    /// Of a file, or of a request.
    pub name: String,
    /// Who brought it.
    pub by: String,
    /// When it was taken, in milliseconds since 1970 (UTC).
    pub at: i64,
}

/// 读数行 One reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadingRow {
    /// The meter, by its place in [`ReadingRows::meters`].
    pub meter: u32,
    /// The quarter of an hour.
    pub quarter: Quarter,
    /// In the table's unit; finite.
    pub value: f64,
    /// The number of the batch that brought it.
    pub batch: i64,
}

/// 读数 Readings with the names of their meters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadingRows {
    /// The meters, each once.
    pub meters: Vec<Arc<str>>,
    /// The readings; of two with one key the later counts.
    pub rows: Vec<ReadingRow>,
}

impl ReadingRows {
    /// The readings day by day, sorted by meter and quarter, the last of a key kept.
    pub(super) fn by_day(&self) -> Vec<(Day, Changes)> {
        let mut order: Vec<u32> = (0..u32::try_from(self.meters.len()).unwrap_or(0)).collect();
        let name = |place: &u32| self.meters.get(*place as usize).cloned().unwrap_or_default();
        order.sort_by_key(name);
        let names: Arc<Vec<Arc<str>>> = Arc::new(order.iter().map(name).collect());
        let mut ranks = vec![0_u32; order.len()];
        for (rank, place) in (0_u32..).zip(&order) {
            if let Some(own) = ranks.get_mut(*place as usize) {
                *own = rank;
            }
        }
        let rank = |row: &ReadingRow| ranks.get(row.meter as usize).copied().unwrap_or(0);
        let mut keyed: Vec<(Day, u32, u8, f64, i64)> = (self.rows.iter())
            .map(|row| {
                let in_day = u8::try_from(row.quarter.in_day()).unwrap_or(0);
                (row.quarter.day(), rank(row), in_day, row.value, row.batch)
            })
            .collect();
        // A stable sort: of one key the later stays the later.
        keyed.sort_by_key(|(day, rank, quarter, ..)| (*day, *rank, *quarter));
        let mut days: Vec<(Day, Changes)> = Vec::new();
        for (day, meter, quarter, value, batch) in keyed {
            if days.last().is_none_or(|(last, _)| *last != day) {
                days.push((day, Changes { names: Arc::clone(&names), rows: Vec::new() }));
            }
            let Some((_, changes)) = days.last_mut() else { continue };
            let change = Change { meter, quarter, value, batch };
            match changes.rows.last_mut() {
                Some(last) if (last.meter, last.quarter) == (meter, quarter) => *last = change,
                _ => changes.rows.push(change),
            }
        }
        days
    }
}

/// 一天的来数 What a delivery says of a day, sorted by meter and quarter, each key once.
#[derive(Debug, Clone)]
pub(super) struct Changes {
    /// Names in their order, each once.
    pub(super) names: Arc<Vec<Arc<str>>>,
    /// The readings.
    pub(super) rows: Vec<Change>,
}

/// A reading of a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    /// The place of its meter among the names.
    pub(super) meter: u32,
    /// 0 to 95.
    pub(super) quarter: u8,
    /// In the table's unit.
    pub(super) value: f64,
    /// Who brought it.
    pub(super) batch: i64,
}

impl Changes {
    /// The name of a change's meter.
    pub(super) fn name(&self, change: &Change) -> &str {
        self.names.get(change.meter as usize).map_or("", |name| name)
    }
}
