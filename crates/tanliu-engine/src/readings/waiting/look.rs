//! 查询 What is known, what waits included.

use super::layer::KnownDay;
use super::{Intake, held};
use crate::readings::ReadingTable;
use crate::readings::calendar::{Day, Month, QUARTERS_PER_DAY, Quarter};
use crate::readings::error::ReadingError;
use crate::readings::index::Index;
use crate::readings::look::{Gaps, MeterDays, MeterQuarters, Span, summed};
use crate::readings::rows::ReadingBatch;
use std::sync::Arc;

/// 缺口 The first quarter that lacks, and how many lack in a row.
pub type Gap = (Quarter, u32);

impl Intake {
    /// The quarters of a day of a meter, now or as of a moment (milliseconds since 1970, UTC).
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn day(
        &self,
        (meter, unit): (&str, &str),
        day: Day,
        as_of: Option<i64>,
    ) -> Result<MeterQuarters, ReadingError> {
        let table = self.known_table(unit);
        self.seen(table.as_deref(), (&Arc::from(meter), &Arc::from(unit)), day, as_of)
    }

    /// Sum and number of the readings of every day of a month of a meter.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn days(
        &self,
        (meter, unit): (&str, &str),
        month: Month,
    ) -> Result<MeterDays, ReadingError> {
        let (table, meter, unit) = (self.known_table(unit), Arc::from(meter), Arc::from(unit));
        let sum = |day: Day| {
            let seen = self.seen(table.as_deref(), (&meter, &unit), day, None)?;
            Ok(summed(day, &seen.quarters))
        };
        month.days().map(sum).collect()
    }

    /// Runs of quarters of a month of a meter that have no reading.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn gaps(
        &self,
        (meter, unit): (&str, &str),
        month: Month,
    ) -> Result<Vec<Gap>, ReadingError> {
        let (table, meter, unit) = (self.known_table(unit), Arc::from(meter), Arc::from(unit));
        let mut gaps = Gaps::default();
        for day in month.days() {
            gaps.add(day, &self.seen(table.as_deref(), (&meter, &unit), day, None)?.quarters);
        }
        Ok(gaps.found)
    }

    /// First and last day with readings of any unit, and how many readings there are.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn span(&self) -> Result<Option<Span>, ReadingError> {
        let mut whole: Option<Span> = None;
        for table in self.tables() {
            // What waits is looked at first: else what goes into the table in between is missed.
            let waiting = held(&self.waiting);
            let index = table.index()?;
            let new = waiting.new_rows(&index.unit, index.last_batch());
            let days = waiting.days(&index.unit).map(|(first, last)| (first, last, new));
            drop(waiting);
            for (first, last, rows) in index.span().into_iter().chain(days) {
                whole = Some(match whole {
                    None => (first, last, rows),
                    Some((f, l, known)) => (f.min(first), l.max(last), known + rows),
                });
            }
        }
        Ok(whole)
    }

    /// The value of a quarter, and the batch that brought it.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn origin(
        &self,
        (meter, unit): (&str, &str),
        quarter: Quarter,
        as_of: Option<i64>,
    ) -> Result<Option<(f64, Option<ReadingBatch>)>, ReadingError> {
        let seen = self.day((meter, unit), quarter.day(), as_of)?;
        let known = seen.quarters.get(quarter.in_day()).copied().flatten();
        let Some((value, number)) = known else { return Ok(None) };
        let batch = match held(&self.waiting).batch(number) {
            Some(batch) => Some(batch),
            None => match self.known_table(unit) {
                Some(table) => table.batch(number)?,
                None => None,
            },
        };
        Ok(Some((value, batch)))
    }

    /// What the table says of a day, with what waits laid over it.
    fn seen(
        &self,
        table: Option<&ReadingTable>,
        (meter, unit): (&Arc<str>, &Arc<str>),
        day: Day,
        as_of: Option<i64>,
    ) -> Result<MeterQuarters, ReadingError> {
        let mut over = KnownDay::default();
        // What waits is looked at first: what goes into the table in between is then seen twice,
        // and is the same; the other way round it would be missed.
        held(&self.waiting).lay_over((meter, unit), day, as_of, &mut over);
        let mut seen = match table {
            Some(table) => table.day(meter, day, as_of)?,
            None => MeterQuarters { quarters: vec![None; QUARTERS_PER_DAY], version: 0 },
        };
        for (own, over) in seen.quarters.iter_mut().zip(over.quarters) {
            *own = over.or(*own);
        }
        Ok(seen)
    }

    /// What is known of a day, and of which quarters the open layer says it.
    pub(super) fn known_day(
        &self,
        (table, index): (&ReadingTable, &Index),
        (meter, unit): (&Arc<str>, &Arc<str>),
        day: Day,
    ) -> Result<KnownDay, ReadingError> {
        let mut known = KnownDay::default();
        held(&self.waiting).lay_over((meter, unit), day, None, &mut known);
        let below = table.known_day(index, meter, day)?;
        for (own, below) in known.quarters.iter_mut().zip(below) {
            *own = own.or(below);
        }
        Ok(known)
    }
}
