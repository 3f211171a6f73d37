//! 层 What waits, in the order in which it came.

use super::Accepted;
use crate::readings::calendar::{Day, QUARTERS_PER_DAY, Quarter};
use crate::readings::journal::Frame;
use crate::readings::look::Known;
use crate::readings::rows::{ReadingBatch, ReadingRow, ReadingRows};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Asia/Shanghai, where a day of batches begins and ends.
const LOCAL_OFFSET_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// 所知 What is known of a day of a meter, and whether the open layer says it.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownDay {
    pub(super) quarters: Vec<Known>,
    pub(super) open: Vec<bool>,
}

impl KnownDay {
    /// The value of a quarter, and whether the open layer says it.
    pub(super) fn get(&self, quarter: usize) -> (Option<f64>, bool) {
        let known = self.quarters.get(quarter).copied().flatten().map(|(value, _)| value);
        (known, self.open.get(quarter).copied().unwrap_or(false))
    }
}

/// 点数 What a batch says beside what is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) accepted: Accepted,
    /// Which rows say something new.
    says: Vec<bool>,
    /// New readings by unit.
    new: BTreeMap<Arc<str>, u64>,
    /// Whether a reading of the open layer gets another value.
    cuts: bool,
}

impl Tally {
    pub(super) fn new(rows: usize) -> Self {
        Self { says: vec![false; rows], ..Self::default() }
    }

    /// Counts a row.
    pub(super) fn count(
        &mut self,
        row: usize,
        unit: &Arc<str>,
        (known, open): (Option<f64>, bool),
        value: f64,
    ) {
        match known {
            None => {
                self.accepted.new += 1;
                *self.new.entry(Arc::clone(unit)).or_default() += 1;
            }
            #[expect(clippy::float_cmp, reason = "the same reading is the same double")]
            Some(known) if known == value => {
                self.accepted.same += 1;
                return;
            }
            Some(_) => {
                self.accepted.corrected += 1;
                self.cuts |= open;
            }
        }
        if let Some(says) = self.says.get_mut(row) {
            *says = true;
        }
    }
}

/// 层 Readings that become one version of each table: no key has two values.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    /// By meter and quarter: value and batch.
    rows: BTreeMap<(u32, Quarter), (f64, i64)>,
    batches: Vec<ReadingBatch>,
    new: BTreeMap<Arc<str>, u64>,
}

/// 等待 All layers, the names of their meters.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    numbers: BTreeMap<(Arc<str>, Arc<str>), u32>,
    /// Units and meters by their numbers.
    names: Vec<(Arc<str>, Arc<str>)>,
    closed: Vec<Arc<Layer>>,
    open: Layer,
}

impl Waiting {
    /// How many readings wait.
    pub(super) fn rows(&self) -> usize {
        self.closed.iter().map(|layer| layer.rows.len()).sum::<usize>() + self.open.rows.len()
    }

    /// When the batch was taken that waits longest.
    pub(super) fn oldest(&self) -> Option<i64> {
        self.layers().find_map(|layer| layer.batches.first()).map(|batch| batch.at)
    }

    fn layers(&self) -> impl DoubleEndedIterator<Item = &Layer> {
        self.closed.iter().map(Arc::as_ref).chain(std::iter::once(&self.open))
    }

    /// Takes in a batch that is in the journal.
    pub(super) fn admit(&mut self, frame: &Frame, tally: &Tally) {
        let local_day = |at: i64| at.saturating_add(LOCAL_OFFSET_MS).div_euclid(DAY_MS);
        let today = local_day(frame.batch.at);
        let other_day = self.open.batches.last().is_some_and(|last| local_day(last.at) != today);
        if tally.cuts || other_day {
            self.close();
        }
        let numbers: Vec<u32> =
            frame.meters.iter().map(|(meter, unit)| self.number(unit, meter)).collect();
        let mut any = false;
        for ((meter, quarter, value), says) in frame.rows.iter().zip(&tally.says) {
            if let Some(number) = numbers.get(*meter as usize).filter(|_| *says) {
                self.open.rows.insert((*number, *quarter), (*value, frame.batch.number));
                any = true;
            }
        }
        if any {
            self.open.batches.push(frame.batch.clone());
        }
        for (unit, count) in &tally.new {
            *self.open.new.entry(Arc::clone(unit)).or_default() += count;
        }
    }

    fn number(&mut self, unit: &Arc<str>, meter: &Arc<str>) -> u32 {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let key = (Arc::clone(unit), Arc::clone(meter));
        let number = *self.numbers.entry(key.clone()).or_insert(next);
        if number == next {
            self.names.push(key);
        }
        number
    }

    /// Closes the open layer: what comes goes into a new one.
    pub(super) fn close(&mut self) {
        let layer = std::mem::take(&mut self.open);
        if !layer.batches.is_empty() {
            self.closed.push(Arc::new(layer));
        }
    }

    /// The closed layers, the first one first.
    pub(super) fn closed(&self) -> Vec<Arc<Layer>> {
        self.closed.clone()
    }

    /// Forgets the first closed layer: the tables have it.
    pub(super) fn forget_first(&mut self) {
        if !self.closed.is_empty() {
            self.closed.remove(0);
        }
        if self.closed.is_empty() && self.open.batches.is_empty() {
            self.names.clear();
            self.numbers.clear();
        }
    }

    /// The readings of a layer for each unit, with the batches that brought them.
    pub(super) fn by_unit(
        &self,
        layer: &Layer,
    ) -> BTreeMap<Arc<str>, (ReadingRows, Vec<ReadingBatch>)> {
        let mut units: BTreeMap<Arc<str>, (ReadingRows, Vec<ReadingBatch>)> = BTreeMap::new();
        let mut last: Option<u32> = None;
        for ((number, quarter), (value, batch)) in &layer.rows {
            let Some((unit, meter)) = self.names.get(*number as usize) else { continue };
            let (rows, _) = units.entry(Arc::clone(unit)).or_default();
            if last != Some(*number) {
                rows.meters.push(Arc::clone(meter));
                last = Some(*number);
            }
            let meter = u32::try_from(rows.meters.len().saturating_sub(1)).unwrap_or(0);
            let row = ReadingRow { meter, quarter: *quarter, value: *value, batch: *batch };
            rows.rows.push(row);
        }
        for (rows, batches) in units.values_mut() {
            let mut named: Vec<i64> = rows.rows.iter().map(|row| row.batch).collect();
            named.sort_unstable();
            named.dedup();
            let own = layer.batches.iter().filter(|own| named.binary_search(&own.number).is_ok());
            *batches = own.cloned().collect();
        }
        units
    }

    /// Puts what waits over what a table says of a day; as of a moment only what was taken by
    /// then.
    pub(super) fn lay_over(
        &self,
        (meter, unit): (&Arc<str>, &Arc<str>),
        day: Day,
        as_of: Option<i64>,
        known: &mut KnownDay,
    ) {
        known.quarters.resize(QUARTERS_PER_DAY, None);
        known.open = vec![false; QUARTERS_PER_DAY];
        let key = (Arc::clone(unit), Arc::clone(meter));
        let Some(number) = self.numbers.get(&key) else { return };
        let last = day.quarter(QUARTERS_PER_DAY - 1);
        let layers = self.layers().map(|layer| (layer, std::ptr::eq(layer, &raw const self.open)));
        for (layer, is_open) in layers {
            let until = |at: i64| layer.batches.iter().rfind(|batch| batch.at <= at);
            let until = as_of.map(|at| until(at).map_or(0, |batch| batch.number));
            for ((_, quarter), (value, batch)) in
                layer.rows.range((*number, day.quarter(0))..=(*number, last))
            {
                if until.is_some_and(|until| *batch > until) {
                    continue;
                }
                if let Some(own) = known.quarters.get_mut(quarter.in_day()) {
                    *own = Some((*value, *batch));
                }
                if let Some(open) = known.open.get_mut(quarter.in_day()) {
                    *open = is_open;
                }
            }
        }
    }

    /// A batch that waits, by its number.
    pub(super) fn batch(&self, number: i64) -> Option<ReadingBatch> {
        let mut batches = self.layers().flat_map(|layer| &layer.batches);
        batches.find(|batch| batch.number == number).cloned()
    }

    /// First and last day of what waits for a unit.
    pub(super) fn days(&self, unit: &str) -> Option<(Day, Day)> {
        let own = |number: u32| {
            self.names.get(number as usize).is_some_and(|(own, _)| own.as_ref() == unit)
        };
        let rows = self.layers().flat_map(|layer| layer.rows.keys());
        let days = rows.filter(|(number, _)| own(*number)).map(|(_, quarter)| quarter.day());
        days.fold(None, |range, day| match range {
            None => Some((day, day)),
            Some((first, last)) => Some((day.min(first), day.max(last))),
        })
    }

    /// How many new readings wait for a unit, of layers that its table has not.
    pub(super) fn new_rows(&self, unit: &str, last_batch: i64) -> u64 {
        let waits = |layer: &&Layer| {
            let batches = layer.batches.iter().rev();
            let mut own = batches.filter(|_| layer.new.contains_key(unit));
            own.next().is_some_and(|last| last.number > last_batch)
        };
        self.layers().filter(waits).filter_map(|layer| layer.new.get(unit)).sum()
    }
}
