//! 假件 The services of the outside, in memory: as small as the journeys need, no kinder than a
//! real store.

mod accounts;
mod calculator;
mod data;
mod directory;
mod figures;
mod orders;
mod readings;

pub(crate) use calculator::FakeCalculator;
pub(crate) use readings::FakeReadings;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tanliu_platform::account::{ApiToken, Session, User};
use tanliu_platform::catalogue::Dataset;
use tanliu_platform::directory::{District, Enterprise, Meter, Sector, Town};
use tanliu_platform::figure::{Calculation, FigureTable, Finding, Run};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{Act, Stored};
use tanliu_platform::submission::{Review, Submission};
use tanliu_platform::trail::{Entry, GENESIS, seal};
use tanliu_platform::value::{Conflict, Value};
use tanliu_platform::warning::{OrderStep, Warning};
use tanliu_server::{Clock, Entropy, EntropyFailed};

/// Everything that is kept.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) district: Option<District>,
    pub(crate) towns: Vec<Town>,
    pub(crate) sectors: Vec<Sector>,
    pub(crate) enterprises: BTreeMap<String, Enterprise>,
    pub(crate) meters: Vec<Meter>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) sessions: BTreeMap<String, Session>,
    pub(crate) tokens: BTreeMap<String, ApiToken>,
    pub(crate) datasets: Vec<Dataset>,
    pub(crate) submissions: BTreeMap<i64, (Submission, Vec<Review>)>,
    pub(crate) values: Vec<Value>,
    pub(crate) conflicts: Vec<Conflict>,
    pub(crate) calculations: Vec<Calculation>,
    pub(crate) runs: BTreeMap<i64, Run>,
    pub(crate) figures: BTreeMap<i64, Vec<FigureTable>>,
    pub(crate) findings: BTreeMap<i64, Finding>,
    pub(crate) warnings: BTreeMap<i64, (Warning, Vec<OrderStep>)>,
    pub(crate) evidence: BTreeMap<String, (String, Vec<u8>)>,
    pub(crate) trail: Vec<Entry>,
    /// How often figures were read: what is cached is not read again.
    pub(crate) figure_reads: u32,
}

/// A store in memory.
#[derive(Default)]
pub(crate) struct FakeStore(pub(crate) Mutex<Kept>);

impl FakeStore {
    /// Does a change and writes its act, or neither.
    fn change<T>(&self, act: Act, change: impl FnOnce(&mut Kept) -> Stored<T>) -> Stored<T> {
        let mut kept = self.0.lock().unwrap();
        let changed = change(&mut kept)?;
        let before = kept.trail.last().map_or(GENESIS.to_owned(), |own| own.seal.clone());
        let number = i64::try_from(kept.trail.len()).unwrap() + 1;
        kept.trail.push(seal(number, act, &before));
        Ok(changed)
    }

    fn read<T>(&self, read: impl FnOnce(&Kept) -> T) -> Stored<T> {
        Ok(read(&self.0.lock().unwrap()))
    }

    /// What was done so far.
    pub(crate) fn verbs(&self) -> Vec<String> {
        self.0.lock().unwrap().trail.iter().map(|entry| entry.act.verb.clone()).collect()
    }
}

/// The next number of a map that counts from 1.
fn next<T>(map: &BTreeMap<i64, T>) -> i64 {
    map.last_key_value().map_or(1, |(id, _)| id + 1)
}

/// A clock that goes when it is told to.
pub(crate) struct FakeClock(pub(crate) AtomicI64);

impl FakeClock {
    pub(crate) fn go(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }

    fn ticks_us(&self) -> u64 {
        u64::try_from(self.0.load(Ordering::SeqCst)).unwrap() * 1000
    }
}

/// Counts instead of throwing dice.
#[derive(Default)]
pub(crate) struct FakeEntropy(AtomicU64);

impl Entropy for FakeEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyFailed> {
        let count = self.0.fetch_add(1, Ordering::SeqCst);
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = count.wrapping_mul(31).wrapping_add(place as u64 * 7).to_le_bytes()[0];
        }
        Ok(())
    }
}
