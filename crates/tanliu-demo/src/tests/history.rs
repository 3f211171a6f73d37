//! What was handed in follows the rules of the platform.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::{DEMO, HANDED};
use std::collections::BTreeSet;
use tanliu_platform::account::Actor;
use tanliu_platform::permission::{Action, Object, permit};
use tanliu_platform::submission::{State, Step, next};
use tanliu_platform::value::Standing;

#[test]
fn every_review_is_one_that_the_rules_allow() {
    for handed in HANDED.iter() {
        let mut state = State::Draft;
        for (made, review) in handed.reviews.iter().enumerate() {
            let user = DEMO.users.iter().find(|user| user.name == review.by).unwrap();
            let actor = Actor::from(user);
            let before = &handed.reviews[..made];
            state = next(state, review.step, &actor, before, &review.reason).unwrap();
            assert_eq!(review.submission, handed.submission.id);
            assert!(before.last().is_none_or(|last| last.at < review.at));
        }
        assert_eq!(state, handed.submission.state, "{}", handed.submission.id);
    }
}

#[test]
fn every_step_is_made_by_somebody_who_may() {
    for handed in HANDED.iter() {
        let dataset = DEMO.datasets.iter().find(|d| d.id == handed.submission.dataset).unwrap();
        let subject = &handed.submission.subject;
        let enterprise = DEMO.enterprises.iter().find(|enterprise| enterprise.id == *subject);
        for review in &handed.reviews {
            let actor = Actor::from(DEMO.users.iter().find(|u| u.name == review.by).unwrap());
            let of_dataset = Object::Dataset { department: &dataset.department };
            let (action, object) = match (review.step, enterprise) {
                (Step::Submit, Some(one)) => {
                    (Action::Submit, Object::Enterprise { id: &one.id, town: &one.town })
                }
                (Step::Submit, None) => (Action::Submit, of_dataset),
                (Step::Approve, _) => (Action::Approve, of_dataset),
                _ => (Action::Review, of_dataset),
            };
            permit(&actor, action, &object).unwrap();
        }
    }
}

#[test]
fn submissions_are_numbered_in_the_order_in_which_they_are_listed() {
    for (number, handed) in (1..).zip(HANDED.iter()) {
        assert_eq!(handed.submission.id, number);
        assert_eq!(handed.submission.count, handed.values.len() as i64);
        assert!(!handed.values.is_empty(), "{:?}", handed.submission);
        assert!(handed.values.iter().all(|value| value.submission == number));
    }
}

#[test]
fn values_belong_to_inputs_of_their_dataset() {
    for handed in HANDED.iter() {
        let dataset = DEMO.datasets.iter().find(|d| d.id == handed.submission.dataset).unwrap();
        for value in &handed.values {
            assert!(dataset.inputs.contains(&value.input), "{} {}", dataset.id, value.input);
            assert_eq!(value.dataset, dataset.id);
        }
    }
    let used: BTreeSet<&str> =
        HANDED.iter().flat_map(|handed| &handed.values).map(|value| value.input.as_str()).collect();
    for dataset in &DEMO.datasets {
        for input in &dataset.inputs {
            // Nobody turns diesel or liquefied gas into heat for others here.
            let unused = ["transformation_diesel", "transformation_lng"].contains(&input.as_str());
            assert_eq!(used.contains(input.as_str()), !unused, "{input}");
        }
    }
}

#[test]
fn what_was_written_reads_as_the_number_in_its_unit() {
    let mut converted = 0;
    for value in HANDED.iter().flat_map(|handed| &handed.values) {
        let written: f64 = value.original.parse().unwrap();
        let number = value.number.unwrap();
        match (value.original_unit.as_str(), value.unit.as_str()) {
            ("kWh", "万kWh") => {
                converted += 1;
                assert_eq!(written / 1e4, number);
            }
            (original, unit) => {
                assert_eq!(original, unit);
                assert_eq!(written, number);
            }
        }
    }
    assert!(converted > 3_000);
}

#[test]
fn one_value_counts_at_each_key() {
    let mut keys = BTreeSet::new();
    for value in HANDED.iter().flat_map(|handed| &handed.values) {
        let key = (&value.input, &value.subject, &value.keys, &value.period);
        if value.standing == Standing::Approved {
            assert!(keys.insert(key), "{key:?}");
        }
    }
    for value in HANDED.iter().flat_map(|handed| &handed.values) {
        let key = (&value.input, &value.subject, &value.keys, &value.period);
        let taken = matches!(value.standing, Standing::Superseded | Standing::Declined);
        assert!(!taken || keys.contains(&key), "{key:?}");
    }
}

#[test]
fn electricity_is_reported_on_every_row() {
    let mut rows = BTreeSet::new();
    let mut powered = BTreeSet::new();
    for handed in HANDED.iter().filter(|h| h.submission.dataset == "enterprise-energy") {
        for value in handed.values.iter().filter(|value| value.standing == Standing::Approved) {
            rows.insert((&value.subject, &value.period));
            if value.input == "enterprise_electricity" {
                powered.insert((&value.subject, &value.period));
            }
        }
    }
    assert_eq!(rows, powered);
}
