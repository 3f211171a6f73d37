//! 归并 Runs and what is held come out together, in the order of their keys.

use super::runs::{Reader, Run};
use super::{Spills, key};
use crate::EngineError;
use crate::atom::Atom;
use crate::pass::Watch;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// After so many records it is asked whether to go on.
const ASKED_EVERY: u32 = 8192;

/// 归并 Each key once, with all that was collected under it.
pub(crate) struct Merged<'w, V> {
    watch: &'w dyn Watch,
    /// The key that comes next in each source that has not ended.
    next: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
    runs: Vec<Reader<'w>>,
    held: std::vec::IntoIter<(Vec<Atom>, V)>,
    /// The value of the held key that comes next.
    waiting: Option<V>,
    /// The key of the record that is put together.
    key: Vec<u8>,
    /// Room for the key that comes next.
    spare: Vec<u8>,
    records: u32,
    failed: bool,
}

impl<'w, V: Spills> Merged<'w, V> {
    /// `held` must be in the order of its keys, each once.
    pub(super) fn new(
        held: Vec<(Vec<Atom>, V)>,
        runs: Vec<Run>,
        watch: &'w dyn Watch,
    ) -> Result<Self, EngineError> {
        let runs: Vec<Reader<'w>> = match watch.room() {
            Some(room) => runs.into_iter().map(|run| Reader::new(run, room)).collect(),
            None if runs.is_empty() => Vec::new(),
            None => return Err(EngineError::internal("runs without a limit")),
        };
        let mut own = Self {
            watch,
            next: BinaryHeap::new(),
            runs,
            held: held.into_iter(),
            waiting: None,
            key: Vec::new(),
            spare: Vec::new(),
            records: 0,
            failed: false,
        };
        // Where nothing is on disk, nothing is to be compared.
        if !own.runs.is_empty() {
            for source in 0..=own.runs.len() {
                let mut key = Vec::new();
                if own.advance(source, &mut key)? {
                    own.next.push(Reverse((key, source)));
                }
            }
        }
        Ok(own)
    }

    /// The source behind the last run is what is held.
    fn advance(&mut self, source: usize, to: &mut Vec<u8>) -> Result<bool, EngineError> {
        if let Some(run) = self.runs.get_mut(source) {
            return run.next_key(to);
        }
        let Some((own, value)) = self.held.next() else { return Ok(false) };
        to.clear();
        key::write(&own, to);
        self.waiting = Some(value);
        Ok(true)
    }

    /// The value of the source at the top, which goes on to its next key, or ends.
    fn take(&mut self, source: usize) -> Result<V, EngineError> {
        let value = match self.runs.get_mut(source) {
            Some(run) => run.value()?,
            None => self.waiting.take().ok_or_else(|| EngineError::internal("a value is gone"))?,
        };
        let mut key = std::mem::take(&mut self.spare);
        let more = self.advance(source, &mut key)?;
        if let Some(mut top) = self.next.peek_mut() {
            match more {
                true => std::mem::swap(&mut top.0.0, &mut key),
                false => {
                    PeekMut::pop(top);
                }
            }
        }
        self.spare = key;
        Ok(value)
    }

    fn record(&mut self) -> Result<Option<(Vec<Atom>, V)>, EngineError> {
        self.records += 1;
        if self.records == ASKED_EVERY {
            self.records = 0;
            if !self.watch.rows(0) {
                return Err(EngineError::Stopped);
            }
        }
        if self.runs.is_empty() {
            return Ok(self.held.next());
        }
        let Some(Reverse((key, source))) = self.next.peek() else { return Ok(None) };
        self.key.clone_from(key);
        let mut whole: V = self.take(*source)?;
        self.check(&whole)?;
        while let Some(Reverse((key, source))) = self.next.peek()
            && *key == self.key
        {
            whole.join(self.take(*source)?);
            self.check(&whole)?;
        }
        let key = key::read(&self.key).ok_or_else(|| EngineError::internal("a key is damaged"))?;
        Ok(Some((key, whole)))
    }

    /// One key's values are held whole.
    fn check(&self, value: &V) -> Result<(), EngineError> {
        match self.watch.room() {
            Some(room) if value.kept() as u64 > room.most => {
                Err(EngineError::Memory { most: room.most, reduction: None })
            }
            _ => Ok(()),
        }
    }
}

impl<V: Spills> Iterator for Merged<'_, V> {
    type Item = Result<(Vec<Atom>, V), EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let record = self.record();
        self.failed = record.is_err();
        record.transpose()
    }
}
