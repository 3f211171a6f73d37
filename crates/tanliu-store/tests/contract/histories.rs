//! 任意历史 Random histories of submissions and choices, beside a model of what should count.

use crate::house::{House, act};
use crate::samples::{approved, datasets, value};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use std::collections::BTreeMap;
use tanliu_platform::moment::Moment;
use tanliu_platform::port::Values;
use tanliu_platform::value::{Choice, Standing, ValueQuery};

const DATASETS: [&str; 3] = ["statistics", "utility", "survey"];

/// What happens next.
#[derive(Debug, Clone)]
enum Event {
    /// A dataset's values for some periods are approved.
    Approval { dataset: usize, values: Vec<(u8, u8)> },
    /// One of the open conflicts is settled, for the standing value or the other.
    Choice { which: usize, other: bool },
}

fn event() -> impl Strategy<Value = (i64, Event)> {
    let values = prop::collection::btree_map(0u8..3, 0u8..3, 1..3);
    let approval = (0usize..3, values).prop_map(|(dataset, values)| Event::Approval {
        dataset,
        values: values.into_iter().collect(),
    });
    let choice =
        (0usize..4, any::<bool>()).prop_map(|(which, other)| Event::Choice { which, other });
    let event = prop_oneof![3 => approval, 1 => choice];
    (prop_oneof![4 => 0i64..3, 1 => -2i64..0], event)
}

/// At each period: dataset and number that count, and what others say against it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Model(BTreeMap<String, (usize, u8, BTreeMap<usize, u8>)>);

impl Model {
    fn approve(&mut self, dataset: usize, values: &[(u8, u8)]) {
        for (period, number) in values {
            let key = format!("{}", 2020 + u16::from(*period));
            let Some((counts, said, against)) = self.0.get_mut(&key) else {
                self.0.insert(key, (dataset, *number, BTreeMap::new()));
                continue;
            };
            if *counts == dataset {
                *said = *number;
            } else {
                against.insert(dataset, *number);
            }
            against.retain(|_, other| other != said);
        }
    }

    fn choose(&mut self, period: &str, dataset: usize, other: bool) {
        let (counts, said, against) = self.0.get_mut(period).unwrap();
        let number = against.remove(&dataset).unwrap();
        if other {
            (*counts, *said) = (dataset, number);
            against.retain(|_, other| *other != number);
        }
    }
}

fn place(dataset: &str) -> usize {
    DATASETS.iter().position(|name| *name == dataset).unwrap()
}

/// What the store says counts, and what contradicts it.
async fn known(house: &House, subject: &str) -> Model {
    let query = ValueQuery {
        subject: Some(subject.to_owned()),
        standing: Some(Standing::Approved),
        ..ValueQuery::default()
    };
    let mut model = Model::default();
    for value in house.store.values(&query).await.unwrap() {
        let said = (place(&value.dataset), value.number.unwrap() as u8, BTreeMap::new());
        assert!(model.0.insert(value.period, said).is_none(), "two values count at one key");
    }
    for conflict in house.store.conflicts(true, 0).await.unwrap() {
        if conflict.standing.subject == subject {
            let (dataset, number, against) = model.0.get_mut(&conflict.standing.period).unwrap();
            assert_eq!(conflict.standing.number, Some(f64::from(*number)));
            assert_eq!(place(&conflict.standing.dataset), *dataset);
            let other = (place(&conflict.other.dataset), conflict.other.number.unwrap() as u8);
            assert!(against.insert(other.0, other.1).is_none(), "two conflicts with one source");
        }
    }
    model
}

/// Period, dataset and number of what counted at a moment.
async fn counted(house: &House, subject: &str, at: i64) -> BTreeMap<String, (usize, u8)> {
    let query = ValueQuery {
        subject: Some(subject.to_owned()),
        as_of: Some(Moment(at)),
        ..ValueQuery::default()
    };
    let mut counted = BTreeMap::new();
    for value in house.store.values(&query).await.unwrap() {
        let said = (place(&value.dataset), value.number.unwrap() as u8);
        assert!(counted.insert(value.period, said).is_none(), "two values counted at {at}");
    }
    counted
}

async fn live(house: &House, subject: &str, history: &[(i64, Event)]) {
    let (mut now, mut forward) = (100, true);
    let mut model = Model::default();
    let mut moments: BTreeMap<i64, BTreeMap<String, (usize, u8)>> = BTreeMap::new();
    for (passed, event) in history {
        now += passed;
        forward &= *passed >= 0;
        match event {
            Event::Approval { dataset, values } => {
                let said: Vec<_> = values
                    .iter()
                    .map(|(period, number)| {
                        let period = format!("{}", 2020 + u16::from(*period));
                        value(subject, &period, f64::from(*number))
                    })
                    .collect();
                approved(house, DATASETS[*dataset], &said, now).await;
                model.approve(*dataset, values);
            }
            Event::Choice { which, other } => {
                let mut open = house.store.conflicts(true, 0).await.unwrap();
                open.retain(|conflict| conflict.standing.subject == subject);
                if let Some(conflict) = open.get(*which) {
                    let chosen = if *other { &conflict.other } else { &conflict.standing };
                    let choice = Choice {
                        value: chosen.id,
                        reason: "试".into(),
                        by: "丙".into(),
                        at: Moment(now),
                    };
                    house.store.choose(conflict.id, &choice, act(now)).await.unwrap();
                    let dataset = place(&conflict.other.dataset);
                    model.choose(&conflict.standing.period, dataset, *other);
                }
            }
        }
        assert_eq!(known(house, subject).await, model);
        let counts =
            model.0.iter().map(|(key, (dataset, said, _))| (key.clone(), (*dataset, *said)));
        moments.insert(now, counts.collect());
    }
    let last = moments.keys().last().copied().unwrap_or_default();
    for moment in 90..=last + 1 {
        let counted = counted(house, subject, moment).await;
        if forward {
            let then = moments.range(..=moment).next_back().map(|(_, counts)| counts.clone());
            assert_eq!(counted, then.unwrap_or_default(), "at {moment}");
        }
    }
}

pub async fn at_every_moment_at_most_one_value_counts(house: &House) {
    datasets(house).await;
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let runtime = tokio::runtime::Handle::current();
    let case = std::cell::Cell::new(0);
    let histories = prop::collection::vec(event(), 1..14);
    let outcome = tokio::task::block_in_place(|| {
        runner.run(&histories, |history| {
            case.set(case.get() + 1);
            let subject = format!("E{:05}", case.get());
            runtime.block_on(live(house, &subject, &history));
            Ok(())
        })
    });
    if let Err(TestError::Fail(reason, history)) = outcome {
        panic!("{reason} after {history:#?}");
    }
    assert!(house.store.check_trail().await.unwrap().is_ok());
}
