//! 分日暂存 Rows of any number parted by day: in memory while they are few, then on disk.

use super::calendar::{Day, QUARTERS_PER_DAY};
use super::error::ReadingError;
use super::held;
use super::rows::{Change, Changes};
use super::write::Delivery;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Bytes of a row: meter and quarter in four, the value in eight.
const ROW: usize = 12;
/// Quarters of a meter's share of the first four.
const PER_METER: u32 = 128;
/// How many meters that leaves room for.
const METERS: usize = 1 << 25;
/// Bytes that are held before they go to disk, unless said otherwise.
pub(super) const HELD: usize = 64 << 20;

/// 分日暂存 All rows of one batch, by day.
#[derive(Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    /// The number of the batch.
    batch: i64,
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    days: BTreeMap<Day, OneDay>,
    held: usize,
    held_most: usize,
    rows: u64,
    file: Option<Mutex<File>>,
    written: u64,
    /// After the last row: names in their order, and the rank of each number.
    order: (Arc<Vec<Arc<str>>>, Vec<u32>),
}

#[derive(Debug, Default)]
struct OneDay {
    held: Vec<u8>,
    /// Where its earlier rows lie in the file: offset and length.
    pieces: Vec<(u64, usize)>,
}

impl Spool {
    /// Nothing yet; what does not fit into memory goes to a nameless file in the folder.
    pub(super) fn new(folder: &Path, batch: i64, held_most: usize) -> Self {
        Self {
            folder: folder.to_owned(),
            batch,
            names: Vec::new(),
            numbers: HashMap::new(),
            days: BTreeMap::new(),
            held: 0,
            held_most,
            rows: 0,
            file: None,
            written: 0,
            order: Default::default(),
        }
    }

    /// The rows taken in.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// The number of a meter.
    pub(super) fn number(&mut self, name: &str) -> Result<u32, ReadingError> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        if self.names.len() >= METERS {
            return Err(ReadingError::Failed(format!("more than {METERS} meters")));
        }
        let name: Arc<str> = Arc::from(name);
        self.names.push(Arc::clone(&name));
        self.numbers.insert(name, number);
        Ok(number)
    }

    /// Takes in rows that lie in one day: meter, number of the quarter, value.
    pub(super) fn add(&mut self, day: Day, rows: &[(u32, usize, f64)]) -> Result<(), ReadingError> {
        let own = self.days.entry(day).or_default();
        own.held.reserve(rows.len() * ROW);
        for (meter, quarter, value) in rows {
            let quarter = u32::try_from(*quarter % QUARTERS_PER_DAY).unwrap_or(0);
            own.held.extend_from_slice(&(meter * PER_METER + quarter).to_le_bytes());
            own.held.extend_from_slice(&value.to_le_bytes());
        }
        self.held += rows.len() * ROW;
        self.rows += rows.len() as u64;
        if self.held >= self.held_most { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> Result<(), ReadingError> {
        let failed = |error: std::io::Error| ReadingError::file(&self.folder, &error);
        let file = match self.file.take() {
            Some(file) => file,
            None => Mutex::new(tempfile::tempfile_in(&self.folder).map_err(failed)?),
        };
        let file = self.file.insert(file);
        let mut file = held(file);
        for own in self.days.values_mut().filter(|own| !own.held.is_empty()) {
            file.write_all(&own.held).map_err(failed)?;
            own.pieces.push((self.written, own.held.len()));
            self.written += own.held.len() as u64;
            own.held.clear();
        }
        drop(file);
        self.held = 0;
        Ok(())
    }

    /// After the last row.
    pub(super) fn close(&mut self) {
        let mut order: Vec<u32> = (0..).take(self.names.len()).collect();
        let name = |number: &u32| self.names.get(*number as usize).cloned().unwrap_or_default();
        order.sort_by_cached_key(name);
        let mut ranks = vec![0; order.len()];
        for (rank, number) in (0..).zip(&order) {
            if let Some(own) = ranks.get_mut(*number as usize) {
                *own = rank;
            }
        }
        self.order = (Arc::new(order.iter().map(name).collect()), ranks);
    }

    fn bytes(&self, day: Day) -> Result<Vec<u8>, ReadingError> {
        let Some(own) = self.days.get(&day) else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        if let Some(file) = &self.file {
            let mut file = held(file);
            let failed = |error: std::io::Error| ReadingError::file(&self.folder, &error);
            for (offset, length) in &own.pieces {
                let from = bytes.len();
                bytes.resize(from + length, 0);
                file.seek(SeekFrom::Start(*offset)).map_err(failed)?;
                let piece = bytes.get_mut(from..).unwrap_or_default();
                file.read_exact(piece).map_err(failed)?;
            }
        }
        bytes.extend_from_slice(&own.held);
        Ok(bytes)
    }
}

impl Delivery for Spool {
    fn days(&self) -> Vec<Day> {
        self.days.keys().copied().collect()
    }

    fn changes(&self, day: Day) -> Result<Changes, ReadingError> {
        let (names, ranks) = &self.order;
        let bytes = self.bytes(day)?;
        let mut rows: Vec<Change> = Vec::with_capacity(bytes.len() / ROW);
        for row in bytes.chunks_exact(ROW) {
            let (key, value) = row.split_first_chunk::<4>().unwrap_or((&[0; 4], &[]));
            let key = u32::from_le_bytes(*key);
            let value = value.first_chunk().map_or(f64::NAN, |value| f64::from_le_bytes(*value));
            rows.push(Change {
                meter: ranks.get((key / PER_METER) as usize).copied().unwrap_or(0),
                quarter: u8::try_from(key % PER_METER).unwrap_or(0),
                value,
                batch: self.batch,
            });
        }
        drop(bytes);
        if !rows.is_sorted_by_key(|row| (row.meter, row.quarter)) {
            rows.sort_unstable_by_key(|row| (row.meter, row.quarter));
        }
        let mut twice = None;
        rows.dedup_by(|next, row| {
            let same = (next.meter, next.quarter) == (row.meter, row.quarter);
            #[expect(clippy::float_cmp, reason = "the same reading is the same double")]
            if same && next.value != row.value {
                twice.get_or_insert(*row);
            }
            same
        });
        if let Some(row) = twice {
            return Err(ReadingError::Twice {
                place: "…".to_owned(),
                meter: names.get(row.meter as usize).map_or("", |name| name).to_owned(),
                begin: day.quarter(usize::from(row.quarter)).text(),
            });
        }
        Ok(Changes { names: Arc::clone(names), rows })
    }
}
