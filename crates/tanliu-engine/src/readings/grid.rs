//! 日格 A day in memory: a row of 96 quarters for each meter, and what a delivery changes of it.

use super::calendar::QUARTERS_PER_DAY;
use super::rows::Changes;
use std::collections::VecDeque;
use std::sync::Arc;

/// Bytes of days that are kept after they were read.
const KEPT_BYTES: usize = 96 << 20;

/// 日格 A day: meters in their order, values and batches meter by meter.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct DayGrid {
    /// The meters, sorted, each once.
    pub(super) meters: Vec<Arc<str>>,
    /// 96 values for each meter; not a number where no reading is.
    pub(super) values: Vec<f64>,
    /// The batch of each value; 0 where none is named.
    pub(super) batches: Vec<i64>,
}

/// 计数 What became of readings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) new: u64,
    pub(super) corrected: u64,
    pub(super) same: u64,
}

impl Counts {
    /// Adds those of another day.
    pub(super) fn add(&mut self, other: Self) {
        self.new += other.new;
        self.corrected += other.corrected;
        self.same += other.same;
    }

    /// Counts a reading against what was known.
    pub(super) fn count(&mut self, known: Option<f64>, value: f64) -> bool {
        match known {
            None => self.new += 1,
            #[expect(clippy::float_cmp, reason = "the same reading is the same double")]
            Some(known) if known == value => self.same += 1,
            Some(_) => self.corrected += 1,
        }
        known != Some(value)
    }
}

impl DayGrid {
    /// Values and batches of a meter.
    pub(super) fn meter(&self, meter: &str) -> Option<(&[f64], &[i64])> {
        let at = self.meters.binary_search_by(|own| own.as_ref().cmp(meter)).ok()?;
        let range = at * QUARTERS_PER_DAY..(at + 1) * QUARTERS_PER_DAY;
        Some((self.values.get(range.clone())?, self.batches.get(range)?))
    }

    /// The day after the changes, if any is one.
    pub(super) fn changed(&self, changes: &Changes) -> (Counts, Option<Self>) {
        let mut after = self.widened(changes);
        let mut counts = Counts::default();
        let mut place = 0;
        let mut last = u32::MAX;
        for change in &changes.rows {
            if change.meter != last {
                last = change.meter;
                let name = changes.name(change);
                place = after.meters.partition_point(|own| own.as_ref() < name);
            }
            let at = place * QUARTERS_PER_DAY + usize::from(change.quarter);
            let own = after.values.get_mut(at).zip(after.batches.get_mut(at));
            let Some((value, batch)) = own else { continue };
            if counts.count((!value.is_nan()).then_some(*value), change.value) {
                (*value, *batch) = (change.value, change.batch);
            }
        }
        let any = counts.new + counts.corrected > 0;
        (counts, any.then_some(after))
    }

    /// With room for the meters of the changes.
    fn widened(&self, changes: &Changes) -> Self {
        let mut wanted: Vec<&Arc<str>> = Vec::new();
        let mut last = u32::MAX;
        for change in &changes.rows {
            if change.meter != last {
                last = change.meter;
                wanted.extend(changes.names.get(change.meter as usize));
            }
        }
        wanted.retain(|name| self.meters.binary_search(name).is_err());
        if wanted.is_empty() {
            return self.clone();
        }
        let count = self.meters.len() + wanted.len();
        let mut wide = Self {
            meters: Vec::with_capacity(count),
            values: Vec::with_capacity(count * QUARTERS_PER_DAY),
            batches: Vec::with_capacity(count * QUARTERS_PER_DAY),
        };
        let mut wanted = wanted.into_iter().peekable();
        let own = self.values.chunks(QUARTERS_PER_DAY).zip(self.batches.chunks(QUARTERS_PER_DAY));
        for (meter, (values, batches)) in self.meters.iter().zip(own) {
            while let Some(name) = wanted.next_if(|name| *name < meter) {
                wide.add_empty(name);
            }
            wide.meters.push(Arc::clone(meter));
            wide.values.extend_from_slice(values);
            wide.batches.extend_from_slice(batches);
        }
        wanted.for_each(|name| wide.add_empty(name));
        wide
    }

    /// A meter without readings behind the others.
    pub(super) fn add_empty(&mut self, meter: &Arc<str>) {
        self.meters.push(Arc::clone(meter));
        self.values.resize(self.values.len() + QUARTERS_PER_DAY, f64::NAN);
        self.batches.resize(self.batches.len() + QUARTERS_PER_DAY, 0);
    }

    fn bytes(&self) -> usize {
        self.values.len() * 16 + self.meters.len() * 48
    }
}

/// 近用的日格 Days that were read whole lately, by their files: a file never changes.
#[derive(Debug, Default)]
pub(super) struct Grids {
    kept: VecDeque<(Vec<String>, Arc<DayGrid>)>,
}

impl Grids {
    /// The day of these files, if it is kept.
    pub(super) fn get(&mut self, files: &[String]) -> Option<Arc<DayGrid>> {
        let at = self.kept.iter().position(|(own, _)| own == files)?;
        let found = self.kept.remove(at)?;
        let grid = Arc::clone(&found.1);
        self.kept.push_back(found);
        Some(grid)
    }

    /// Keeps a day; the one that was not asked for longest goes.
    pub(super) fn keep(&mut self, files: Vec<String>, grid: Arc<DayGrid>) {
        self.kept.retain(|(own, _)| *own != files);
        self.kept.push_back((files, grid));
        let mut bytes: usize = self.kept.iter().map(|(_, grid)| grid.bytes()).sum();
        while bytes > KEPT_BYTES && self.kept.len() > 1 {
            let gone = self.kept.pop_front();
            bytes -= gone.map_or(0, |(_, grid)| grid.bytes());
        }
    }
}
