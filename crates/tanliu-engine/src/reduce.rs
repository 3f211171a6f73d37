//! 归约 Rows fall into groups; sums are exact, so that neither batches nor workers show in a figure.
//!
//! Groups are found run by run, not row by row: sorted readings of a plant and a month are one run,
//! one look-up and one sum over a slice. Rows in no order at all are runs of one.

mod slot;

pub(crate) use slot::{Best, Outcome, Slot};

use crate::EngineError;
use crate::atom::{Atom, AtomKind};
use crate::batch::{KeyColumn, RowBatch, Span};
use crate::lane::{ABSENT, Bench, FAULT, LaneColumn, LaneId, PRESENT, Site};
use crate::pass::Watch;
use crate::spill::{Gathered, Spool};
use std::collections::{BTreeSet, HashMap};
use tanliu_method::eval::FaultKind;
use tanliu_method::program::{IndexId, NodeId, Reduction, VariableId};

/// 归约 One reduction over a relation's rows.
#[derive(Debug, Clone)]
pub(crate) struct Reduce {
    pub(crate) reduction: Reduction,
    pub(crate) value: LaneId,
    pub(crate) weight: Option<LaneId>,
    /// The share of a quantile.
    pub(crate) second: Option<LaneId>,
    /// In the order of the node's indexes.
    pub(crate) targets: Vec<GroupKey>,
    /// The row inputs of which one must have a cell for the row to count.
    pub(crate) inputs: BTreeSet<usize>,
}

/// 组键 Where a row's group key comes from.
#[derive(Debug, Clone)]
pub(crate) enum GroupKey {
    /// The row's own key, by its place.
    Same(usize),
    /// A coarser time key.
    Coarse { place: usize, from: AtomKind, to: AtomKind },
    /// The value of a mapping.
    By(Mapping),
}

/// 映射 A mapping's lane, its node, its indexes, and its variable if it is one.
#[derive(Debug, Clone)]
pub(crate) struct Mapping {
    pub(crate) lane: LaneId,
    pub(crate) node: NodeId,
    pub(crate) dims: Vec<IndexId>,
    pub(crate) variable: Option<VariableId>,
}

/// What the heap takes for three pieces beside their bytes.
const HEAP_BYTES: usize = 48;

/// A fault and the key at which it stands.
pub(crate) type Loose = (FaultKind, Vec<(IndexId, Atom)>);

/// 分组 The groups that one worker has met.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    numbers: HashMap<Vec<i64>, usize>,
    keys: Vec<Vec<Atom>>,
    slots: Vec<Slot>,
    /// Values that the slots keep one by one.
    values: usize,
    /// Faults of rows whose mapping lacks their key.
    pub(crate) loose: BTreeSet<Loose>,
    spool: Spool,
}

/// Which rows of a batch are rows of a set of inputs; `None`: all.
pub(crate) fn rows_of(batch: &RowBatch, inputs: &BTreeSet<usize>) -> Option<Vec<bool>> {
    if !batch.made.is_empty() {
        return None;
    }
    let mut columns = inputs.iter().filter_map(|place| batch.inputs.get(*place));
    if columns.clone().any(|input| input.nulls.is_none()) {
        return None;
    }
    let Some(first) = columns.next() else { return Some(vec![false; batch.rows]) };
    let mut mask: Vec<bool> = (0..batch.rows).map(|row| first.has(row)).collect();
    for input in columns {
        mask.iter_mut().enumerate().for_each(|(row, place)| *place = *place || input.has(row));
    }
    Some(mask)
}

/// The end of the run in which a group key cannot change.
struct Runs<'b> {
    batch: &'b RowBatch,
    ends: Vec<usize>,
    spans: Vec<Option<Span>>,
}

impl Reduce {
    /// Takes in the rows of the batch that stands on the bench.
    pub(crate) fn absorb(&self, bench: &Bench<'_>, batch: &RowBatch, groups: &mut Groups) {
        let value = bench.column(self.value);
        let weight = self.weight.map(|lane| bench.column(lane));
        let second = self.second.map(|lane| bench.column(lane));
        let mut mask = rows_of(batch, &self.inputs);
        self.unmapped(bench, batch, &mut mask, groups);
        let mut runs = Runs {
            batch,
            ends: vec![0; self.targets.len()],
            spans: vec![None; self.targets.len()],
        };
        let mut at = 0;
        while at < batch.rows {
            let end = self.run_end(bench, &mut runs, at);
            let members = Members { from: at, to: end, mask: mask.as_deref() };
            if members.any() {
                let number = self.group(bench, &runs, at, groups);
                if let Some(slot) = groups.slots.get_mut(number) {
                    let columns = slot::Columns { value, weight, second };
                    slot.add(&members, &columns, &RowKeys { bench, batch });
                    groups.values += if slot.keeps_values() { end - at } else { 0 };
                }
            }
            at = end;
        }
    }

    fn run_end(&self, bench: &Bench<'_>, runs: &mut Runs<'_>, at: usize) -> usize {
        let mut end = runs.batch.rows;
        for (number, target) in self.targets.iter().enumerate() {
            let known = runs.ends.get(number).copied().unwrap_or(0);
            let own = match target {
                _ if known > at => known,
                GroupKey::Same(place) => {
                    runs.batch.keys.get(*place).map_or(end, |keys| keys.run_end(at, end))
                }
                GroupKey::Coarse { place, from, to } => {
                    let keys = runs.batch.keys.get(*place);
                    let span = keys.and_then(|keys| keys.coarse(at, *from, *to));
                    if let Some(slot) = runs.spans.get_mut(number) {
                        *slot = span;
                    }
                    match keys.zip(span) {
                        Some((keys, span)) => keys.span_end(span, at, end).max(at + 1),
                        None => at + 1,
                    }
                }
                GroupKey::By(mapping) => same_end(bench.column(mapping.lane), at, end),
            };
            if let Some(slot) = runs.ends.get_mut(number) {
                *slot = own;
            }
            end = end.min(own);
        }
        end
    }

    fn group(&self, bench: &Bench<'_>, runs: &Runs<'_>, at: usize, groups: &mut Groups) -> usize {
        let code = |(number, target): (usize, &GroupKey)| match target {
            GroupKey::Same(place) => runs.batch.keys.get(*place).map_or(0, |keys| keys.code(at)),
            GroupKey::Coarse { .. } => {
                runs.spans.get(number).copied().flatten().map_or(0, |span| span.key)
            }
            GroupKey::By(mapping) => bench.column(mapping.lane).code(at).unwrap_or(0),
        };
        let codes: Vec<i64> = self.targets.iter().enumerate().map(code).collect();
        if let Some(number) = groups.numbers.get(&codes) {
            return *number;
        }
        let atom = |(target, code): (&GroupKey, &i64)| match target {
            GroupKey::Same(place) => match runs.batch.keys.get(*place) {
                Some(KeyColumn::Text(_)) => Atom::Text(bench.texts.text(narrow(*code))),
                _ => Atom::Number(*code),
            },
            GroupKey::Coarse { .. } => Atom::Number(*code),
            GroupKey::By(mapping) => match bench.column(mapping.lane).values {
                crate::lane::LaneValues::Text(_) => Atom::Text(bench.texts.text(narrow(*code))),
                _ => Atom::Number(*code),
            },
        };
        groups.keys.push(self.targets.iter().zip(&codes).map(atom).collect());
        groups.slots.push(Slot::new(self.reduction, self.weight.is_some()));
        groups.numbers.insert(codes, groups.slots.len() - 1);
        groups.slots.len() - 1
    }

    /// Rows whose mapping has no value belong to no group; where the mapping lacks the key of a row
    /// that has a value, that is an error by itself.
    fn unmapped(
        &self,
        bench: &Bench<'_>,
        batch: &RowBatch,
        mask: &mut Option<Vec<bool>>,
        groups: &mut Groups,
    ) {
        let before = mask.clone();
        let value = bench.column(self.value);
        for target in &self.targets {
            let GroupKey::By(mapping) = target else { continue };
            let column = bench.column(mapping.lane);
            for (row, state) in column.state.iter().enumerate().filter(|(_, s)| **s != PRESENT) {
                let counts = before.as_ref().is_none_or(|mask| mask.get(row) == Some(&true));
                if let Some(place) = mask.get_or_insert_with(|| vec![true; batch.rows]).get_mut(row)
                {
                    *place = false;
                }
                if counts && *state >= FAULT && value.state(row) != ABSENT {
                    let keys = RowKeys { bench, batch };
                    let own = keys.at(row, &mapping.dims);
                    groups.loose.insert((FaultKind::Unmapped(mapping.node), own));
                    let own = mapping.variable.map(FaultKind::Missing);
                    if let Some(site) =
                        bench.fault(*state).filter(|site| Some(&site.kind) != own.as_ref())
                    {
                        let key = keys.of(row, site);
                        groups.loose.insert((site.kind.clone(), key));
                    }
                }
            }
        }
    }
}

impl Groups {
    /// The groups by key.
    pub(crate) fn finish(self) -> (Gathered<Slot>, Vec<Loose>) {
        let held = self.keys.into_iter().zip(self.slots).collect();
        (Gathered::new(held, self.spool.into_runs()), self.loose.into_iter().collect())
    }

    /// How much room the groups take, in bytes: keys and slots stand in lists and a table that
    /// double as they grow, the codes and the parts of each key and the sum on the heap.
    pub(crate) fn room(&self) -> usize {
        let parts = self.keys.first().map_or(0, Vec::len);
        let listed = size_of::<Vec<Atom>>() + size_of::<Slot>() + size_of::<(Vec<i64>, usize)>();
        let own = parts * (size_of::<i64>() + size_of::<Atom>()) + slot::SUM_BYTES + HEAP_BYTES;
        self.slots.len() * (listed * 3 / 2 + own) + self.values * size_of::<f64>() * 3 / 2
    }

    /// Puts the groups on disk and begins anew.
    pub(crate) fn drain(&mut self, watch: &dyn Watch) -> Result<(), EngineError> {
        let mut groups: Vec<(&[Atom], &Slot)> =
            self.keys.iter().map(Vec::as_slice).zip(&self.slots).collect();
        groups.sort_unstable_by_key(|(key, _)| *key);
        self.spool.put(groups.into_iter(), watch)?;
        self.numbers.clear();
        self.keys.clear();
        self.slots.clear();
        self.values = 0;
        Ok(())
    }
}

/// 组员 Rows of one run that belong to one group.
pub(crate) struct Members<'m> {
    pub(crate) from: usize,
    pub(crate) to: usize,
    mask: Option<&'m [bool]>,
}

impl Members<'_> {
    fn any(&self) -> bool {
        self.mask.is_none_or(|mask| {
            mask.get(self.from..self.to).is_some_and(|mask| mask.contains(&true))
        })
    }

    pub(crate) fn all(&self) -> bool {
        self.mask.is_none()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> {
        (self.from..self.to)
            .filter(|row| self.mask.is_none_or(|mask| mask.get(*row) == Some(&true)))
    }
}

/// The keys of a batch's rows.
pub(crate) struct RowKeys<'r, 'b> {
    pub(crate) bench: &'r Bench<'b>,
    pub(crate) batch: &'r RowBatch,
}

impl RowKeys<'_, '_> {
    /// The whole key, which orders rows.
    pub(crate) fn whole(&self, row: usize) -> Vec<Atom> {
        self.batch.keys.iter().map(|keys| keys.atom(row, &self.bench.texts)).collect()
    }

    /// The keys of some indexes, with the indexes.
    pub(crate) fn at(&self, row: usize, dims: &[IndexId]) -> Vec<(IndexId, Atom)> {
        let own = |index: &IndexId| {
            let place = self.bench.lanes.dims.iter().position(|dim| dim == index)?;
            Some((*index, self.batch.keys.get(place)?.atom(row, &self.bench.texts)))
        };
        dims.iter().filter_map(own).collect()
    }

    /// The key of a fault.
    pub(crate) fn of(&self, row: usize, site: &Site) -> Vec<(IndexId, Atom)> {
        site.key.clone().unwrap_or_else(|| self.at(row, &site.dims))
    }
}

/// Where the run of equal values of a lane ends.
fn same_end(column: &LaneColumn, at: usize, limit: usize) -> usize {
    let first = column.code(at);
    (at + 1..limit).find(|row| column.code(*row) != first).unwrap_or(limit)
}

fn narrow(code: i64) -> u32 {
    u32::try_from(code).unwrap_or(u32::MAX)
}
