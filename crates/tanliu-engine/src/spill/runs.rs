//! 有序段 Records sorted by key in a file without a name: one behind the other while they are
//! written, in buffers while they are read.
//!
//! A record is the lengths of its key and of its value, the key, and the value. So many runs of one
//! size become one of the next size: the runs that are open at the end are few, whatever the memory.

use super::merge::Merged;
use super::{Room, Spills, key};
use crate::EngineError;
use crate::atom::Atom;
use crate::pass::Watch;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

/// So many runs of a size become one of the next.
const MOST_RUNS: usize = 32;
/// Bytes that are written at once.
const WRITTEN_AT_ONCE: usize = 256 << 10;
/// The lengths of a key (4 bytes) and a value (8 bytes).
const HEAD: usize = 12;

/// 有序段 A piece of a file that holds records in the order of their keys.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    file: Arc<Mutex<File>>,
    from: u64,
    to: u64,
    records: u64,
}

impl Run {
    /// How many records it holds.
    pub(super) fn records(&self) -> u64 {
        self.records
    }
}

/// 溢写处 Where a worker drains what it collected for one work.
#[derive(Debug, Default)]
pub(crate) struct Spool {
    levels: Vec<Level>,
}

/// Runs of about one size, in one file.
#[derive(Debug, Default)]
struct Level {
    file: Option<Arc<Mutex<File>>>,
    end: u64,
    runs: Vec<Run>,
}

impl Spool {
    /// Writes records, which must come in the order of their keys, as one run.
    pub(crate) fn put<'v, V: Spills + 'v>(
        &mut self,
        records: impl Iterator<Item = (&'v [Atom], &'v V)>,
        watch: &dyn Watch,
    ) -> Result<(), EngineError> {
        let room = room_of(watch)?;
        let mut pen = self.pen(0, room)?;
        for (key, value) in records {
            pen.put(key, value)?;
        }
        let run = pen.end()?;
        self.take(0, run);
        self.thin_out::<V>(watch)
    }

    /// What was written.
    pub(crate) fn into_runs(self) -> Vec<Run> {
        self.levels.into_iter().flat_map(|level| level.runs).collect()
    }

    fn pen<'r>(&mut self, level: usize, room: &'r Room) -> Result<Pen<'r>, EngineError> {
        if self.levels.len() <= level {
            self.levels.resize_with(level + 1, Level::default);
        }
        let Some(level) = self.levels.get_mut(level) else {
            return Err(EngineError::internal("no place for a run"));
        };
        let file = match &level.file {
            Some(file) => Arc::clone(file),
            None => Arc::clone(level.file.insert(Arc::new(Mutex::new(room.file()?)))),
        };
        Ok(Pen { room, file, from: level.end, to: level.end, records: 0, waiting: Vec::new() })
    }

    fn take(&mut self, level: usize, run: Run) {
        if let Some(level) = self.levels.get_mut(level) {
            level.end = run.to;
            level.runs.push(run);
        }
    }

    /// Merges the runs of each size of which there are too many.
    fn thin_out<V: Spills>(&mut self, watch: &dyn Watch) -> Result<(), EngineError> {
        let room = room_of(watch)?;
        let mut at = 0;
        while let Some(level) = self.levels.get_mut(at) {
            if level.runs.len() >= MOST_RUNS {
                // The old file goes when its runs have been read.
                let runs = std::mem::take(level).runs;
                let mut pen = self.pen(at + 1, room)?;
                for record in Merged::<V>::new(Vec::new(), runs, watch)? {
                    let (key, value) = record?;
                    pen.put(&key, &value)?;
                }
                let run = pen.end()?;
                self.take(at + 1, run);
            }
            at += 1;
        }
        Ok(())
    }
}

fn room_of(watch: &dyn Watch) -> Result<&Room, EngineError> {
    watch.room().ok_or_else(|| EngineError::internal("no limit, and yet no room"))
}

/// 写者 Writes one run.
struct Pen<'r> {
    room: &'r Room,
    file: Arc<Mutex<File>>,
    from: u64,
    to: u64,
    records: u64,
    waiting: Vec<u8>,
}

impl Pen<'_> {
    fn put(&mut self, key: &[Atom], value: &impl Spills) -> Result<(), EngineError> {
        self.records += 1;
        let begin = self.waiting.len();
        self.waiting.extend([0; HEAD]);
        key::write(key, &mut self.waiting);
        let middle = self.waiting.len();
        value.write(&mut self.waiting);
        let (key, value) = (middle - begin - HEAD, self.waiting.len() - middle);
        let key = u32::try_from(key).map_err(|_| EngineError::internal("a key too long"))?;
        let lengths = key.to_le_bytes().into_iter().chain((value as u64).to_le_bytes());
        let head = self.waiting.iter_mut().skip(begin).take(HEAD);
        head.zip(lengths).for_each(|(place, byte)| *place = byte);
        if self.waiting.len() < WRITTEN_AT_ONCE { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        let count = self.waiting.len() as u64;
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.to))
            .and_then(|_| file.write_all(&self.waiting))
            .map_err(|error| self.room.failed(&error))?;
        self.room.written.fetch_add(count, Ordering::Relaxed);
        self.to += count;
        self.waiting.clear();
        Ok(())
    }

    fn end(mut self) -> Result<Run, EngineError> {
        self.flush()?;
        Ok(Run { file: self.file, from: self.from, to: self.to, records: self.records })
    }
}

/// 读者 Reads one run, a piece at a time.
pub(super) struct Reader<'r> {
    run: Run,
    room: &'r Room,
    buffer: Vec<u8>,
    /// Where in the buffer the next record, or the value of this one, begins.
    at: usize,
    /// How long the value is that has not been taken.
    value: usize,
}

impl<'r> Reader<'r> {
    pub(super) fn new(run: Run, room: &'r Room) -> Self {
        Self { run, room, buffer: Vec::new(), at: 0, value: 0 }
    }

    /// Goes to the next record and puts its key into `key`; `false`: there is none.
    pub(super) fn next_key(&mut self, key: &mut Vec<u8>) -> Result<bool, EngineError> {
        key.clear();
        if self.at == self.buffer.len() && self.run.from == self.run.to {
            return Ok(false);
        }
        let mut head = self.bytes(HEAD)?;
        let (length, value) = read_head(&mut head).ok_or_else(damaged)?;
        self.at += HEAD;
        key.extend(self.bytes(length)?);
        self.at += length;
        self.value = value;
        Ok(true)
    }

    /// The value of the record whose key was read last.
    pub(super) fn value<V: Spills>(&mut self) -> Result<V, EngineError> {
        let mut bytes = self.bytes(self.value)?;
        let value = V::read(&mut bytes).filter(|_| bytes.is_empty()).ok_or_else(damaged)?;
        self.at += self.value;
        Ok(value)
    }

    /// So many bytes from where it stands.
    fn bytes(&mut self, count: usize) -> Result<&[u8], EngineError> {
        if self.buffer.len() - self.at < count {
            self.buffer.drain(..self.at);
            self.at = 0;
            let chunk = self.room.chunk();
            // What a large group took is given back.
            self.buffer.shrink_to(chunk.max(self.buffer.len()));
            let left = usize::try_from(self.run.to - self.run.from).unwrap_or(usize::MAX);
            let wanted = count.max(chunk).saturating_sub(self.buffer.len()).min(left);
            let known = self.buffer.len();
            self.buffer.resize(known + wanted, 0);
            let mut file = self.run.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let target = self.buffer.get_mut(known..).unwrap_or_default();
            file.seek(SeekFrom::Start(self.run.from))
                .and_then(|_| file.read_exact(target))
                .map_err(|error| self.room.failed(&error))?;
            self.run.from += wanted as u64;
        }
        self.buffer.get(self.at..self.at + count).ok_or_else(damaged)
    }
}

fn read_head(from: &mut &[u8]) -> Option<(usize, usize)> {
    let (key, rest) = from.split_first_chunk()?;
    let (value, _) = rest.split_first_chunk()?;
    Some((
        usize::try_from(u32::from_le_bytes(*key)).ok()?,
        usize::try_from(u64::from_le_bytes(*value)).ok()?,
    ))
}

fn damaged() -> EngineError {
    EngineError::internal("a temporary file is damaged")
}
