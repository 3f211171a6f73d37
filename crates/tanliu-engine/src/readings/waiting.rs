//! 收数 Batches taken one after the other: journalled, answered, and put into the tables together.
//!
//! One table for each unit. What waits lies in layers; no layer has two values of one key, nor
//! batches of two days, and each becomes a version of its own: so every state between two batches
//! can be read again. A version names its batches; at the next start those are not taken twice.

mod flush;
mod layer;
mod look;

pub use flush::FilesArriving;
pub use look::Gap;

use super::calendar::{Day, Quarter};
use super::error::ReadingError;
use super::journal::{Frame, Journal};
use super::rows::ReadingBatch;
use super::write::Watch;
use super::{ReadingTable, held};
use layer::{Tally, Waiting};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// 收数选项 When what waits is put into the tables, and when it is too much.
#[derive(Debug, Clone, Copy)]
pub struct IntakeOptions {
    /// From so many readings on.
    pub flush_rows: usize,
    /// Or when the first has waited so many milliseconds.
    pub flush_after_ms: i64,
    /// More than so many readings do not wait: the batch has to come again.
    pub waiting_most: usize,
}

impl Default for IntakeOptions {
    fn default() -> Self {
        Self { flush_rows: 500_000, flush_after_ms: 3_600_000, waiting_most: 2_000_000 }
    }
}

/// 收数失败 Why a batch was not taken.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// Too much waits, or files are being loaded.
    #[error("too much waits")]
    Busy,
    /// Files do not answer.
    #[error(transparent)]
    Failed(#[from] ReadingError),
}

/// 收讫 What became of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    /// New readings.
    pub new: u64,
    /// Readings with another value than was known.
    pub corrected: u64,
    /// Readings that said what was known.
    pub same: u64,
    /// The version that says the same, if nothing of the batch has to wait.
    pub version: Option<i64>,
}

/// 一批 A batch as it comes: each key once.
#[derive(Debug, Clone, Default)]
pub struct Arriving {
    /// Of a file, or of a request.
    pub name: String,
    /// Who brings it.
    pub by: String,
    /// When, in milliseconds since 1970 (UTC); never counts as before the batch before it.
    pub at: i64,
    /// Meters, each once, and their units.
    pub meters: Vec<(Arc<str>, Arc<str>)>,
    /// The place of the meter, the quarter, the value.
    pub rows: Vec<(u32, Quarter, f64)>,
}

/// 收数处 Takes batches and keeps them, in a folder of its own.
#[derive(Debug)]
pub struct Intake {
    folder: PathBuf,
    options: IntakeOptions,
    tables: Mutex<BTreeMap<Arc<str>, Arc<ReadingTable>>>,
    /// One batch at a time.
    taking: Mutex<Desk>,
    waiting: Mutex<Waiting>,
    /// One flush at a time.
    flushing: Mutex<()>,
    /// Files are being loaded: batches have to come again.
    loading: AtomicBool,
}

/// What the next batch needs.
#[derive(Debug)]
struct Desk {
    journal: Journal,
    /// The number of the next batch.
    next: i64,
    /// When the last batch was taken.
    last_at: i64,
}

impl Intake {
    /// Opens the folder, makes it if it is not there, and takes up what waited in the journal.
    ///
    /// # Errors
    /// Another process that has it open; a journal or a table that is damaged.
    pub fn open(folder: &Path, options: IntakeOptions) -> Result<Self, ReadingError> {
        let (journal, frames) = Journal::open(&folder.join("journal"))?;
        let mut tables = BTreeMap::new();
        let places = folder.join("tables");
        std::fs::create_dir_all(&places).map_err(|error| ReadingError::file(&places, &error))?;
        let (mut next, mut last_at) = (1, i64::MIN);
        for entry in std::fs::read_dir(&places).into_iter().flatten().flatten() {
            if entry.path().join("_delta_log").is_dir() {
                let table = ReadingTable::open(&entry.path())?;
                let index = table.index()?;
                next = next.max(index.last_batch() + 1);
                last_at = last_at.max(index.known());
                tables.insert(Arc::from(index.unit.as_str()), Arc::new(table));
            }
        }
        let intake = Self {
            folder: folder.to_owned(),
            options,
            tables: Mutex::new(tables),
            taking: Mutex::new(Desk { journal, next, last_at }),
            waiting: Mutex::default(),
            flushing: Mutex::default(),
            loading: AtomicBool::new(false),
        };
        intake.recover(frames)?;
        Ok(intake)
    }

    /// Takes up what waited; what a table names already is not taken again.
    fn recover(&self, frames: Vec<Frame>) -> Result<(), ReadingError> {
        let mut desk = held(&self.taking);
        for mut frame in frames {
            desk.next = desk.next.max(frame.batch.number + 1);
            desk.last_at = desk.last_at.max(frame.batch.at);
            let mut waits = Vec::new();
            for (_, unit) in &frame.meters {
                waits.push(self.table(unit)?.last_batch()? < frame.batch.number);
            }
            frame.rows.retain(|(meter, ..)| waits.get(*meter as usize).copied().unwrap_or(false));
            let tally = self.tally(&frame)?;
            held(&self.waiting).admit(&frame, &tally);
        }
        Ok(())
    }

    /// The table of a unit; made if there is none.
    ///
    /// # Errors
    /// A table that cannot be opened or made.
    pub fn table(&self, unit: &str) -> Result<Arc<ReadingTable>, ReadingError> {
        let mut tables = held(&self.tables);
        if let Some(table) = tables.get(unit) {
            return Ok(Arc::clone(table));
        }
        let path = self.folder.join("tables").join(folder_of(unit));
        let table = Arc::new(ReadingTable::open_or_create(&path, unit)?);
        tables.insert(Arc::from(unit), Arc::clone(&table));
        Ok(table)
    }

    /// The table of a unit, if there is one.
    fn known_table(&self, unit: &str) -> Option<Arc<ReadingTable>> {
        held(&self.tables).get(unit).map(Arc::clone)
    }

    /// The units that there are tables of.
    pub fn units(&self) -> Vec<Arc<str>> {
        held(&self.tables).keys().map(Arc::clone).collect()
    }

    /// All tables, in the order of their units.
    pub fn tables(&self) -> Vec<Arc<ReadingTable>> {
        held(&self.tables).values().map(Arc::clone).collect()
    }

    /// Takes a batch: what was answered survives a crash. All of it, or nothing.
    ///
    /// # Errors
    /// [`IntakeError::Busy`] if too much waits; what kept it from the disk.
    pub fn take(&self, arriving: Arriving, watch: Watch<'_>) -> Result<Accepted, IntakeError> {
        if self.loading.load(Ordering::SeqCst) {
            return Err(IntakeError::Busy);
        }
        let mut desk = held(&self.taking);
        if held(&self.waiting).rows() + arriving.rows.len() > self.options.waiting_most {
            return Err(IntakeError::Busy);
        }
        let Arriving { name, by, at, meters, rows } = arriving;
        let batch = ReadingBatch { number: desk.next, name, by, at: at.max(desk.last_at) };
        let frame = Frame { batch, meters, rows };
        let tally = self.tally(&frame)?;
        let mut accepted = tally.accepted;
        if accepted.new + accepted.corrected == 0 {
            if held(&self.waiting).rows() == 0
                && let Some((_, unit)) = frame.meters.first()
            {
                accepted.version = Some(self.table(unit)?.version()?);
            }
            return Ok(accepted);
        }
        desk.journal.append(&frame, watch)?;
        desk.next += 1;
        desk.last_at = frame.batch.at;
        held(&self.waiting).admit(&frame, &tally);
        Ok(accepted)
    }

    /// How many readings wait.
    pub fn waiting(&self) -> usize {
        held(&self.waiting).rows()
    }

    /// Whether what waits should go into the tables now.
    pub fn is_due(&self, now: i64) -> bool {
        let waiting = held(&self.waiting);
        let oldest = waiting.oldest();
        waiting.rows() >= self.options.flush_rows
            || oldest.is_some_and(|at| at.saturating_add(self.options.flush_after_ms) <= now)
    }

    /// What a batch says beside what is known.
    fn tally(&self, frame: &Frame) -> Result<Tally, ReadingError> {
        let mut order: Vec<usize> = (0..frame.rows.len()).collect();
        let key = |at: &usize| frame.rows.get(*at).map(|(meter, quarter, _)| (*meter, *quarter));
        order.sort_by_key(key);
        self.warm(frame)?;
        let mut tally = Tally::new(frame.rows.len());
        let mut views = BTreeMap::new();
        let mut known: (Option<(u32, Day)>, layer::KnownDay) = (None, layer::KnownDay::default());
        for at in order {
            let Some((meter, quarter, value)) = frame.rows.get(at) else { continue };
            let Some((name, unit)) = frame.meters.get(*meter as usize) else { continue };
            let place = (*meter, quarter.day());
            if known.0 != Some(place) {
                // The log is looked at once for a batch; nothing that waits goes meanwhile.
                let (table, index) = match views.entry(unit.as_ref()) {
                    Entry::Occupied(view) => view.into_mut(),
                    Entry::Vacant(room) => {
                        let table = self.table(unit)?;
                        let index = table.index()?;
                        room.insert((table, index))
                    }
                };
                let own = self.known_day((table, index), (name, unit), quarter.day())?;
                known = (Some(place), own);
            }
            tally.count(at, unit, known.1.get(quarter.in_day()), *value);
        }
        Ok(tally)
    }

    /// Reads the days whole that many meters of a batch have readings of.
    fn warm(&self, frame: &Frame) -> Result<(), ReadingError> {
        const MANY: usize = 16;
        let mut meters: BTreeMap<(&str, Day), (u32, usize)> = BTreeMap::new();
        for (meter, quarter, _) in &frame.rows {
            let Some((_, unit)) = frame.meters.get(*meter as usize) else { continue };
            let seen = meters.entry((unit.as_ref(), quarter.day())).or_insert((u32::MAX, 0));
            if seen.0 != *meter {
                *seen = (*meter, seen.1 + 1);
            }
        }
        for ((unit, day), (_, count)) in meters {
            if count > MANY {
                self.table(unit)?.warm(day)?;
            }
        }
        Ok(())
    }
}

/// A folder's name for a unit: letters and digits as they are, the rest as their codes.
fn folder_of(unit: &str) -> String {
    let mut name = String::from("readings-");
    for byte in unit.bytes() {
        if byte.is_ascii_alphanumeric() {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("_{byte:02x}"));
        }
    }
    name
}
