//! What goes to disk comes back in order, merged, and leaves nothing behind.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use crate::order::bytes::travels;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Numbers that were met, as a reduction that keeps its values has them.
#[derive(Debug, Clone, Default, PartialEq)]
struct Met {
    count: u64,
    values: Vec<f64>,
}
travels!(Met { count, values });

impl Spills for Met {
    fn join(&mut self, other: Self) {
        self.count += other.count;
        self.values.extend(other.values);
    }
    fn kept(&self) -> usize {
        self.values.len() * 8
    }
}

struct Still {
    room: Room,
    stop: AtomicBool,
}

impl Still {
    fn with(most: u64, folder: &Path) -> Self {
        Self { room: Room::new(most, folder), stop: AtomicBool::new(false) }
    }
}

impl Watch for Still {
    fn rows(&self, _: usize) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }
    fn room(&self) -> Option<&Room> {
        Some(&self.room)
    }
}

fn key(plant: &str, hour: i64) -> Vec<Atom> {
    vec![Atom::Text(Arc::from(plant)), Atom::Number(hour)]
}

/// Puts records away as one run.
fn put(spool: &mut Spool, records: &BTreeMap<Vec<Atom>, Met>, watch: &Still) {
    spool.put(records.iter().map(|(key, met)| (key.as_slice(), met)), watch).unwrap();
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn many_runs_and_what_is_held_come_out_as_if_nothing_had_been_put_away() {
    let folder = tempfile::tempdir().unwrap();
    let watch = Still::with(1 << 20, folder.path());
    let mut wanted: BTreeMap<Vec<Atom>, Met> = BTreeMap::new();
    let mut spool = Spool::default();
    let mut held = Vec::new();
    // 1,500 runs: some of the third size.
    for run in 0..1500_u64 {
        let mut records: BTreeMap<Vec<Atom>, Met> = BTreeMap::new();
        for number in 0..1 + run % 7 {
            let name = format!("企业{}", (run * 7 + number * 13) % 50);
            let hour = i64::try_from((run + number) % 5).unwrap() - 2;
            let values = vec![f64::from(u32::try_from(run).unwrap()); usize::from(run % 3 == 0)];
            records.insert(key(&name, hour), Met { count: 1, values });
        }
        for (key, met) in &records {
            wanted.entry(key.clone()).or_default().join(met.clone());
        }
        match run {
            1499 => held = records.into_iter().collect(),
            _ => put(&mut spool, &records, &watch),
        }
    }
    let runs = spool.into_runs();
    assert!(runs.len() < 100, "{} runs are open", runs.len());
    assert!(watch.room.written() > 0);
    let sorted = |met: &Met| {
        let mut met = met.clone();
        met.values.sort_by(f64::total_cmp);
        met
    };
    let found: Vec<(Vec<Atom>, Met)> =
        Gathered::new(held, runs).merged(&watch).unwrap().map(Result::unwrap).collect();
    assert!(found.iter().map(|(key, _)| key).eq(wanted.keys()));
    assert!(found.iter().map(|(_, met)| sorted(met)).eq(wanted.values().map(sorted)));
    assert!(is_empty(folder.path()));
}

#[test]
fn a_value_longer_than_a_buffer_is_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    let watch = Still::with(1 << 20, folder.path());
    let mut spool = Spool::default();
    let values: Vec<f64> = (0..40_000).map(f64::from).collect();
    for plant in ["a", "b"] {
        let met = Met { count: 1, values: values.clone() };
        let small = Met { count: 2, values: vec![0.5] };
        put(&mut spool, &[(key(plant, 1), met), (key("c", 1), small)].into(), &watch);
    }
    let gathered = Gathered::<Met>::new(Vec::new(), spool.into_runs());
    let found: Vec<_> = gathered.merged(&watch).unwrap().map(Result::unwrap).collect();
    let lengths: Vec<usize> = found.iter().map(|(_, met)| met.values.len()).collect();
    assert_eq!(lengths, [40_000, 40_000, 2]);
    assert_eq!(found[0].1.values, values);
}

#[test]
fn one_key_with_more_than_the_memory_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let watch = Still::with(1000, folder.path());
    let mut spool = Spool::default();
    for _ in 0..2 {
        let met = Met { count: 1, values: vec![1.0; 100] };
        put(&mut spool, &[(key("a", 1), met)].into(), &watch);
    }
    let gathered = Gathered::<Met>::new(Vec::new(), spool.into_runs());
    let mut merged = gathered.merged(&watch).unwrap();
    let error = merged.next().unwrap().unwrap_err();
    assert_eq!(error, EngineError::Memory { most: 1000, reduction: None });
    assert!(merged.next().is_none());
}

#[test]
fn a_merge_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let watch = Still::with(1 << 20, folder.path());
    let mut spool = Spool::default();
    let records = (0..20_000).map(|hour| (key("a", hour), Met::default())).collect();
    put(&mut spool, &records, &watch);
    watch.stop.store(true, Ordering::Relaxed);
    let gathered = Gathered::<Met>::new(Vec::new(), spool.into_runs());
    let ended: Result<Vec<_>, _> = gathered.merged(&watch).unwrap().collect();
    assert_eq!(ended.unwrap_err(), EngineError::Stopped);
    assert!(is_empty(folder.path()));
}

#[test]
fn a_folder_that_is_not_there_and_a_full_disk_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let watch = Still::with(1000, &folder.path().join("nowhere"));
    let none: [(&[Atom], &Met); 0] = [];
    let error = Spool::default().put(none.into_iter(), &watch).unwrap_err();
    let told = &error.findings()[0];
    assert_eq!(told.code, "engine-spill");
    assert!(format!("{told:?}").contains("nowhere"), "{told:?}");
    let full = watch.room.failed(&std::io::ErrorKind::StorageFull.into());
    assert!(full.findings()[0].message.en.contains("the disk is full"));
}

#[test]
fn what_was_put_away_is_read_in_before_it_travels() {
    let folder = tempfile::tempdir().unwrap();
    let watch = Still::with(1 << 20, folder.path());
    let mut spool = Spool::default();
    let met = Met { count: 3, values: vec![1.5] };
    put(&mut spool, &[(key("b", 1), met.clone())].into(), &watch);
    let mut gathered = Gathered::new(vec![(key("a", 1), met.clone())], spool.into_runs());
    gathered.read_in(&watch).unwrap();
    let mut bytes = Vec::new();
    gathered.write(&mut bytes);
    let found: Gathered<Met> = Travel::read(&mut bytes.as_slice()).unwrap();
    let found: Vec<_> = found.merged(&watch).unwrap().map(Result::unwrap).collect();
    assert_eq!(found, [(key("a", 1), met.clone()), (key("b", 1), met)]);
}

fn atom() -> impl Strategy<Value = Atom> {
    let text = proptest::collection::vec(
        prop_oneof![Just('\0'), Just('\u{1}'), Just('a'), Just('企'), any::<char>()],
        0..5,
    );
    prop_oneof![
        any::<i64>().prop_map(Atom::Number),
        (-2_i64..3).prop_map(Atom::Number),
        text.prop_map(|signs| Atom::Text(signs.into_iter().collect::<String>().into())),
    ]
}

proptest! {
    #[test]
    fn bytes_of_keys_compare_as_the_keys(
        pairs in proptest::collection::vec((atom(), atom()), 0..4)
    ) {
        let (one, other): (Vec<Atom>, Vec<Atom>) = pairs.into_iter().unzip();
        let bytes = |key: &[Atom]| {
            let mut bytes = Vec::new();
            key::write(key, &mut bytes);
            bytes
        };
        prop_assert_eq!(bytes(&one).cmp(&bytes(&other)), one.cmp(&other));
        prop_assert_eq!(key::read(&bytes(&one)), Some(one));
    }
}
