//! Random histories of batches, corrections, flushes, loads, restarts and crashes at every step:
//! what is read equals what a plain list of the batches says, now and at every moment before.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

const METERS: [(&str, &str); 3] = [("甲表", "kWh"), ("乙表", "kWh"), ("丙表", "m3")];
const QUARTERS: [&str; 5] = [
    "2024-01-31T00:00",
    "2024-01-31T00:15",
    "2024-01-31T23:45",
    "2024-02-01T00:00",
    "2024-02-02T12:00",
];

type Rows = BTreeMap<(usize, usize), u8>;

/// What happens next.
#[derive(Debug, Clone)]
enum Event {
    /// A batch so many milliseconds after the last one.
    Batch(Rows, i64),
    Flush,
    Restart,
    /// Electricity alone, from a file.
    Load(Rows, i64),
    /// The process ends at the step of this number.
    Crash(Box<Event>, usize),
}

fn some_rows() -> impl Strategy<Value = Rows> {
    prop::collection::btree_map((0..METERS.len(), 0..QUARTERS.len()), 0_u8..3, 1..6)
}

fn event() -> impl Strategy<Value = Event> {
    let gap = prop_oneof![Just(0_i64), Just(1), Just(50_000_000)];
    let plain = prop_oneof![
        6 => (some_rows(), gap).prop_map(|(rows, gap)| Event::Batch(rows, gap)),
        2 => Just(Event::Flush),
        1 => Just(Event::Restart),
        1 => some_rows().prop_map(|rows| Event::Load(rows, 1)),
    ];
    prop_oneof![
        3 => plain.clone(),
        2 => (plain, 0_usize..14).prop_map(|(event, step)| Event::Crash(Box::new(event), step)),
    ]
}

/// The batches that were taken: when, and what they said.
#[derive(Debug, Clone, Default)]
struct Model(Vec<(i64, Rows)>);

impl Model {
    fn known(&self, at: i64) -> BTreeMap<(usize, usize), u8> {
        let taken = self.0.iter().filter(|(own, _)| *own <= at);
        taken.flat_map(|(_, rows)| rows.clone()).collect()
    }
}

struct World {
    folder: TempDir,
    intake: Option<Intake>,
    model: Model,
    now: i64,
    count: u32,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            folder: tempfile::tempdir().unwrap(),
            intake: None,
            model: Model::default(),
            now: 1_700_000_000_000,
            count: 0,
        };
        world.start();
        world
    }

    fn start(&mut self) {
        self.intake = None;
        let folder = self.folder.path().join("readings");
        self.intake = Some(Intake::open(&folder, IntakeOptions::default()).unwrap());
    }

    fn intake(&self) -> &Intake {
        self.intake.as_ref().unwrap()
    }

    /// Does it, crashing at a step; what was not answered is in the model both ways.
    fn happen(&mut self, event: &Event, crash: Option<usize>) -> Option<Model> {
        let step = AtomicUsize::new(0);
        let watch = |_: Step| {
            let own = step.fetch_add(1, Ordering::SeqCst);
            if Some(own) == crash {
                return Err(ReadingError::Failed("the process ends".to_owned()));
            }
            Ok(())
        };
        self.count += 1;
        let (answered, after) = match event {
            Event::Batch(rows, gap) => {
                self.now += gap;
                let taken = self.intake().take(self.arriving(rows), &watch);
                (taken.is_ok(), Some((self.now, rows.clone())))
            }
            Event::Load(rows, gap) => {
                self.now += gap;
                let rows: Rows =
                    rows.clone().into_iter().filter(|((meter, _), _)| *meter < 2).collect();
                let loaded = self.intake().add_files(&self.files(&rows), &watch);
                (loaded.is_ok(), Some((self.now, rows)))
            }
            Event::Flush => (self.intake().flush(&watch).is_ok(), None),
            Event::Restart => {
                self.start();
                (true, None)
            }
            Event::Crash(event, step) => {
                let before = self.happen(event, Some(*step));
                self.start();
                return before;
            }
        };
        let before = self.model.clone();
        self.model.0.extend(after);
        (!answered).then_some(before)
    }

    fn arriving(&self, rows: &Rows) -> Arriving {
        let meters = METERS.iter().map(|(meter, unit)| (Arc::from(*meter), Arc::from(*unit)));
        let row = |((meter, at), value): (&(usize, usize), &u8)| {
            (u32::try_from(*meter).unwrap(), quarter(QUARTERS[*at]), f64::from(*value))
        };
        Arriving {
            name: format!("第{}次", self.count),
            by: "采集器".to_owned(),
            at: self.now,
            meters: meters.collect(),
            rows: rows.iter().map(row).collect(),
        }
    }

    fn files(&self, rows: &Rows) -> FilesArriving {
        let mut text = "meter,instant,value\n".to_owned();
        for ((meter, at), value) in rows {
            text.push_str(&format!("{},{},{value}\n", METERS[*meter].0, QUARTERS[*at]));
        }
        FilesArriving {
            paths: vec![file(&self.folder, "来数.csv", &text)],
            unit: "kWh".to_owned(),
            columns: [None, None, None],
            name: format!("第{}次", self.count),
            by: "李工".to_owned(),
            at: self.now,
        }
    }

    /// What is read at a moment.
    fn read(&self, as_of: Option<i64>) -> BTreeMap<(usize, usize), u8> {
        let mut found = BTreeMap::new();
        for (meter, own) in METERS.iter().enumerate() {
            for (at, text) in QUARTERS.iter().enumerate() {
                let quarter = quarter(text);
                let day = self.intake().day(*own, quarter.day(), as_of).unwrap();
                if let Some((value, _)) = day.quarters[quarter.in_day()] {
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    found.insert((meter, at), value as u8);
                }
            }
        }
        found
    }

    fn check(&self) {
        let now = self.model.known(i64::MAX);
        assert_eq!(self.read(None), now);
        let count = self.intake().span().unwrap().map_or(0, |(_, _, count)| count);
        assert_eq!(count, now.len() as u64, "a reading is counted once");
        let mut moments: Vec<i64> = self.model.0.iter().map(|(at, _)| *at).collect();
        moments.dedup();
        for at in moments.iter().rev().take(4).flat_map(|at| [at - 1, *at]) {
            assert_eq!(self.read(Some(at)), self.model.known(at), "as of {at}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_is_what_was_taken_whatever_happens(
        events in prop::collection::vec(event(), 1..14)
    ) {
        let mut world = World::new();
        for event in &events {
            // What was never answered may have been taken, or not; but all of it or nothing.
            if let Some(without) = world.happen(event, None)
                && world.read(None) != world.model.known(i64::MAX)
            {
                world.model = without;
            }
            world.check();
        }
        world.intake().flush(&calm).unwrap();
        world.check();
        prop_assert_eq!(world.intake().waiting(), 0);
        world.start();
        world.check();
    }
}

#[test]
fn a_batch_twice_is_taken_once_and_keeps_its_first_origin() {
    let mut world = World::new();
    let rows = Rows::from([((0, 0), 1), ((2, 1), 2)]);
    assert!(world.happen(&Event::Batch(rows.clone(), 1), None).is_none());
    let again = world.intake().take(world.arriving(&rows), &calm).unwrap();
    assert_eq!((again.new, again.corrected, again.same, again.version), (0, 0, 2, None));
    let origin = |world: &World| {
        let found = world.intake().origin(METERS[0], quarter(QUARTERS[0]), None).unwrap();
        let (value, batch) = found.unwrap();
        (value, batch.unwrap())
    };
    let waits = origin(&world);
    assert_eq!(waits.1.name, "第1次");
    world.intake().flush(&calm).unwrap();
    assert_eq!(origin(&world), waits);
    let again = world.intake().take(world.arriving(&rows), &calm).unwrap();
    assert_eq!((again.same, again.version), (2, Some(1)));
}

#[test]
fn too_much_waiting_is_refused_and_a_flush_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let options = IntakeOptions { flush_rows: 2, flush_after_ms: 1000, waiting_most: 3 };
    let intake = Intake::open(folder.path(), options).unwrap();
    let batch = |begin: &str, at| Arriving {
        meters: vec![(Arc::from("甲表"), Arc::from("kWh")), (Arc::from("乙表"), Arc::from("kWh"))],
        rows: vec![(0, quarter(begin), 1.0), (1, quarter(begin), 2.0)],
        at,
        ..Arriving::default()
    };
    assert!(!intake.is_due(i64::MAX));
    intake.take(batch(QUARTERS[0], 5), &calm).unwrap();
    assert!(intake.is_due(5), "two readings are enough");
    let refused = intake.take(batch(QUARTERS[1], 6), &calm);
    assert!(matches!(refused, Err(super::super::waiting::IntakeError::Busy)));
    assert_eq!(intake.flush(&calm).unwrap(), 1);
    assert!(!intake.is_due(i64::MAX));
    assert_eq!(intake.take(batch(QUARTERS[1], 6), &calm).unwrap().new, 2);
}
