//! 查询 A meter's day, its month, what lacks, who brought a reading: now, or as of a moment.

use super::calendar::{Day, Month, QUARTERS_PER_DAY, Quarter};
use super::error::ReadingError;
use super::file::{footer, grid_of, read_day};
use super::index::{Index, Seen};
use super::rows::ReadingBatch;
use super::{ReadingTable, held};
use std::sync::Arc;
use tanliu_method::exact::sum_of;

/// 一刻所知 What is known of a quarter: the value and the number of its batch.
pub type Known = Option<(f64, i64)>;

/// 表计日 A day of a meter.
#[derive(Debug, Clone, PartialEq)]
pub struct MeterQuarters {
    /// 96 of them.
    pub quarters: Vec<Known>,
    /// The version they were read from.
    pub version: i64,
}

/// 逐日 Days of a meter: each with the sum of its readings and how many they are.
pub type MeterDays = Vec<(Day, f64, u32)>;

/// 范围 First and last day with readings, and how many readings there are.
pub type Span = (Day, Day, u64);

impl ReadingTable {
    /// The quarters of a day of a meter, as they are known now or were at a moment (milliseconds
    /// since 1970, UTC).
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn day(
        &self,
        meter: &str,
        day: Day,
        as_of: Option<i64>,
    ) -> Result<MeterQuarters, ReadingError> {
        let index = self.index()?;
        let seen = index.seen(as_of);
        let quarters = self.seen_day(&index, meter, day, seen)?;
        Ok(MeterQuarters { quarters, version: seen.version })
    }

    /// Sum and number of the readings of every day of a month of a meter; days without any are
    /// there with none.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn days(&self, meter: &str, month: Month) -> Result<MeterDays, ReadingError> {
        let index = self.index()?;
        let seen = index.seen(None);
        let sum = |day: Day| {
            let quarters = self.seen_day(&index, meter, day, seen)?;
            Ok(summed(day, &quarters))
        };
        month.days().map(sum).collect()
    }

    /// Runs of quarters of a month of a meter that have no reading: the first, and how many.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn gaps(&self, meter: &str, month: Month) -> Result<Vec<(Quarter, u32)>, ReadingError> {
        let index = self.index()?;
        let seen = index.seen(None);
        let mut gaps = Gaps::default();
        for day in month.days() {
            gaps.add(day, &self.seen_day(&index, meter, day, seen)?);
        }
        Ok(gaps.found)
    }

    /// First and last day with readings, and how many readings there are.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn span(&self) -> Result<Option<Span>, ReadingError> {
        Ok(self.index()?.span())
    }

    /// The value of a quarter, and the batch that brought it.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn origin(
        &self,
        meter: &str,
        quarter: Quarter,
        as_of: Option<i64>,
    ) -> Result<Option<(f64, Option<ReadingBatch>)>, ReadingError> {
        let index = self.index()?;
        let quarters = self.seen_day(&index, meter, quarter.day(), index.seen(as_of))?;
        let known = quarters.get(quarter.in_day()).copied().flatten();
        Ok(known.map(|(value, batch)| (value, index.batch(batch).cloned())))
    }

    /// A batch by its number.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn batch(&self, number: i64) -> Result<Option<ReadingBatch>, ReadingError> {
        Ok(self.index()?.batch(number).cloned())
    }

    /// A day of the latest version that an index knows.
    pub(super) fn known_day(
        &self,
        index: &Index,
        meter: &str,
        day: Day,
    ) -> Result<Vec<Known>, ReadingError> {
        self.day_at(index, meter, day, index.version())
    }

    /// A day as a reader is to see it: of the version after, only what was known already.
    fn seen_day(
        &self,
        index: &Index,
        meter: &str,
        day: Day,
        seen: Seen,
    ) -> Result<Vec<Known>, ReadingError> {
        let mut quarters = self.day_at(index, meter, day, seen.version)?;
        let Some(until) = seen.and_batches_until else { return Ok(quarters) };
        let after = self.day_at(index, meter, day, seen.version + 1)?;
        for (own, after) in quarters.iter_mut().zip(after) {
            if let Some((value, batch)) = after
                && batch <= until
                && batch > 0
            {
                *own = Some((value, batch));
            }
        }
        Ok(quarters)
    }

    /// A day at a version: from the days in memory, else the meter's row group.
    fn day_at(
        &self,
        index: &Index,
        meter: &str,
        day: Day,
        version: i64,
    ) -> Result<Vec<Known>, ReadingError> {
        let files = index.files(day, version);
        if files.is_empty() {
            return Ok(vec![None; QUARTERS_PER_DAY]);
        }
        let grid = match held(&self.grids).get(&files) {
            Some(grid) => grid,
            None => {
                let mut rows = Vec::new();
                for name in &files {
                    let path = index.root.join(name);
                    let known = held(&self.footers).get(name);
                    let footer = match known {
                        Some(footer) => footer,
                        None => {
                            let footer = footer(&path)?;
                            held(&self.footers).keep(name, footer.clone());
                            footer
                        }
                    };
                    read_day(&path, (footer, day), Some(meter), &mut rows)?;
                }
                Arc::new(grid_of(&self.shown, day, rows)?)
            }
        };
        let Some((values, batches)) = grid.meter(meter) else {
            return Ok(vec![None; QUARTERS_PER_DAY]);
        };
        let known = |(value, batch): (&f64, &i64)| (!value.is_nan()).then_some((*value, *batch));
        Ok(values.iter().zip(batches).map(known).collect())
    }
}

/// The sum and the number of a day's readings.
pub(super) fn summed(day: Day, quarters: &[Known]) -> (Day, f64, u32) {
    let list: Vec<f64> = quarters.iter().flatten().map(|(value, _)| *value).collect();
    (day, sum_of(&list), u32::try_from(list.len()).unwrap_or(0))
}

/// 缺口 Runs of quarters without a reading, day after day.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    pub(super) found: Vec<(Quarter, u32)>,
}

impl Gaps {
    /// Looks at the day after the last one.
    pub(super) fn add(&mut self, day: Day, quarters: &[Known]) {
        for (number, known) in quarters.iter().enumerate() {
            if known.is_some() {
                continue;
            }
            let quarter = day.quarter(number);
            match self.found.last_mut() {
                Some((first, count)) if first.0 + i64::from(*count) == quarter.0 => *count += 1,
                _ => self.found.push((quarter, 1)),
            }
        }
    }
}
