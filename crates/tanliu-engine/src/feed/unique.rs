//! 键的唯一 No key twice: proven while rows stream by where stamps ascend within each series, else
//! by a pass of its own that remembers as many keys as memory allows at a time.

use super::Feed;
use crate::EngineError;
use crate::atom::{Atom, AtomKind, Texts};
use crate::batch::{KeyColumn, RowBatch};
use crate::order::bytes::Travel;
use std::collections::{BTreeMap, HashMap, HashSet};

/// 唯一性 What a worker has seen of the series of its parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unique {
    /// The place of the stamp among the keys: the last one that is a number.
    stamp: Option<usize>,
    /// By series: first and last stamp.
    seen: HashMap<Vec<i64>, usize>,
    /// The series that were met, in order.
    series: Vec<(Vec<i64>, (i64, i64))>,
    /// Series of parts that are done, by their keys: the ranges of stamps.
    done: BTreeMap<Vec<Atom>, Vec<(i64, i64)>>,
    /// Stamps fell, or stood still: nothing is proven.
    broken: bool,
}

impl Unique {
    /// For a relation with keys of these kinds.
    pub(crate) fn new(kinds: &[AtomKind]) -> Self {
        let is_time = |kind: &AtomKind| matches!(kind, AtomKind::Time { .. });
        let is_number = |kind: &AtomKind| matches!(kind, AtomKind::Integer);
        let stamp = kinds.iter().rposition(is_time).or_else(|| kinds.iter().rposition(is_number));
        Self { stamp, broken: stamp.is_none(), ..Self::default() }
    }

    /// Looks at a batch.
    pub(crate) fn look(&mut self, batch: &RowBatch) {
        let Some(place) = self.stamp.filter(|_| !self.broken) else { return };
        let Some(KeyColumn::Number { raw, .. }) = batch.keys.get(place) else {
            self.broken = true;
            return;
        };
        let others: Vec<&KeyColumn> = (batch.keys.iter().enumerate())
            .filter(|(at, _)| *at != place)
            .map(|(_, k)| k)
            .collect();
        let mut at = 0;
        while at < batch.rows {
            let end = others.iter().fold(batch.rows, |end, keys| keys.run_end(at, end));
            let run = raw.get(at..end).unwrap_or_default();
            let (Some(first), Some(last)) = (run.first(), run.last()) else { break };
            if !ascends(run) {
                self.broken = true;
                return;
            }
            let series: Vec<i64> = others.iter().map(|keys| keys.code(at)).collect();
            let known = self.seen.get(&series).and_then(|at| self.series.get_mut(*at));
            match known {
                None => {
                    self.seen.insert(series.clone(), self.series.len());
                    self.series.push((series, (*first, *last)));
                }
                Some((_, (_, before))) if *before < *first => *before = *last,
                Some(_) => {
                    self.broken = true;
                    return;
                }
            }
            at = end;
        }
    }

    /// A part is at its end: what was seen goes to the ranges that are compared between parts.
    pub(crate) fn end_part(&mut self, kinds: &[AtomKind], texts: &Texts) {
        let Some(place) = self.stamp else { return };
        let kinds: Vec<AtomKind> =
            (kinds.iter().enumerate()).filter(|(at, _)| *at != place).map(|(_, k)| *k).collect();
        self.seen.clear();
        for (series, range) in std::mem::take(&mut self.series) {
            let atom = |(code, kind): (i64, &AtomKind)| kind.atom(code, texts);
            let key = series.into_iter().zip(&kinds).map(atom).collect();
            self.done.entry(key).or_default().push(range);
        }
    }

    /// Joins what another worker saw.
    pub(crate) fn join(&mut self, other: Self) {
        self.broken |= other.broken;
        for (key, ranges) in other.done {
            self.done.entry(key).or_default().extend(ranges);
        }
    }

    /// Whether no key can stand twice.
    pub(crate) fn is_proven(&self) -> bool {
        !self.broken
            && self.done.values().all(|ranges| {
                let mut ranges = ranges.clone();
                ranges.sort_unstable();
                ranges.windows(2).all(|pair| match pair {
                    [(_, last), (first, _)] => last < first,
                    _ => true,
                })
            })
    }
}

/// What travels are the ranges of parts that are done.
impl Travel for Unique {
    fn write(&self, to: &mut Vec<u8>) {
        self.stamp.write(to);
        self.done.write(to);
        self.broken.write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        let (stamp, done) = (Travel::read(from)?, Travel::read(from)?);
        Some(Self { stamp, done, broken: Travel::read(from)?, ..Self::default() })
    }
}

/// Whether every stamp is above the one before.
fn ascends(run: &[i64]) -> bool {
    let later = run.get(1..).unwrap_or_default();
    run.iter().zip(later).fold(true, |all, (a, b)| all & (a < b))
}

/// Looks for a key that stands twice, remembering at most so many keys at a time: as many passes
/// as that takes. Gives the first few.
pub(crate) fn find_doubles(
    feed: &dyn Feed,
    rows: u64,
    most: u64,
) -> Result<Vec<Vec<Atom>>, EngineError> {
    let passes = rows.div_ceil(most.max(1)).max(1);
    let mut doubles: Vec<Vec<Atom>> = Vec::new();
    for pass in 0..passes {
        let mut texts = Texts::default();
        let mut seen: HashSet<Vec<i64>> = HashSet::new();
        for part in 0..feed.parts() {
            let mut stream = feed.open(part)?;
            while let Some(batch) = stream.next(&mut texts)? {
                for row in 0..batch.rows {
                    let codes: Vec<i64> = batch.keys.iter().map(|keys| keys.code(row)).collect();
                    if share(&codes, passes) == pass && !seen.insert(codes) && doubles.len() < 20 {
                        doubles.push(batch.keys.iter().map(|k| k.atom(row, &texts)).collect());
                    }
                }
            }
        }
    }
    doubles.sort();
    doubles.dedup();
    Ok(doubles)
}

/// In which pass a key is remembered: the same for the same key, whoever asks.
fn share(codes: &[i64], passes: u64) -> u64 {
    let mix = |hash: u64, code: &i64| {
        (hash ^ code.cast_unsigned()).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
    };
    codes.iter().fold(0xCBF2_9CE4_8422_2325, mix) % passes
}
