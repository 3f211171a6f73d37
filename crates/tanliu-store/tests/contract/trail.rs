//! 审计链 The promises of the audit trail.

use crate::house::{House, act};
use crate::samples::{counting, datasets, district, standings, step, submission, value};
use std::collections::BTreeSet;
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{Submissions, Trail};
use tanliu_platform::submission::{Review, State, Step};
use tanliu_platform::trail::{GENESIS, check};
use tanliu_platform::value::Standing;
use tanliu_store::SqlStore;

pub async fn every_change_is_one_entry(house: &House) {
    assert_eq!(house.store.head().await.unwrap(), (0, GENESIS.to_owned()));
    district(house).await;
    datasets(house).await;
    house.store.record(act(9)).await.unwrap();
    let entries = house.store.entries(1, 0).await.unwrap();
    let last = check(&entries, (0, GENESIS)).unwrap();
    assert_eq!(last.0, 3);
    assert_eq!(entries[2].act, act(9));
    assert_eq!(house.store.head().await.unwrap(), last);
    assert_eq!(house.store.check_trail().await.unwrap(), Ok(last));
    assert_eq!(house.store.entries(2, 1).await.unwrap(), entries[1..2]);
}

pub async fn many_at_once_keep_the_chain(house: &House) {
    datasets(house).await;
    // Two programs on one database, many tasks each.
    let second = SqlStore::open(&house.url, house.path("evidence")).await.unwrap();
    let mut tasks = Vec::new();
    for number in 0..60i64 {
        let store = if number % 2 == 0 { house.store.clone() } else { second.clone() };
        tasks.push(tokio::spawn(async move {
            store.record(act(number)).await.unwrap();
            let given = submission("statistics", "E00001", number);
            let values = [value("E00001", "2021", 1.0), value("E00001", "2022", 1.0)];
            store.add_submission(&given, &values, act(number)).await.unwrap()
        }));
    }
    let mut ids = BTreeSet::new();
    for task in tasks {
        assert!(ids.insert(task.await.unwrap()));
    }
    let head = house.store.head().await.unwrap();
    assert_eq!(head.0, 121);
    assert_eq!(house.store.check_trail().await.unwrap(), Ok(head));
    assert_eq!(ids, (1..=60).collect());
    second.close().await;
}

pub async fn approvals_at_once_leave_one_value_that_counts(house: &House) {
    datasets(house).await;
    let second = SqlStore::open(&house.url, house.path("evidence")).await.unwrap();
    let mut reviewed = Vec::new();
    for number in 0..12i64 {
        let given = submission("statistics", "E00001", number);
        let values = [value("E00001", "2021", 1.0), value("E00001", "2022", 2.0)];
        let id = house.store.add_submission(&given, &values, act(number)).await.unwrap();
        step(house, id, Step::Submit, State::Submitted, 1).await.unwrap();
        step(house, id, Step::Pass, State::Reviewed, 2).await.unwrap();
        reviewed.push(house.store.submission(id).await.unwrap().unwrap().0);
    }
    let mut tasks = Vec::new();
    for (number, submission) in (0..).zip(reviewed) {
        let store = if number % 2 == 0 { house.store.clone() } else { second.clone() };
        tasks.push(tokio::spawn(async move {
            let review = Review {
                submission: submission.id,
                step: Step::Approve,
                by: "丙".into(),
                at: Moment(100 - number),
                reason: String::new(),
            };
            store.step(&submission, &review, State::Approved, act(100)).await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(counting(house, None).await.len(), 2);
    for moment in 85..=101 {
        assert!(counting(house, Some(moment)).await.len() <= 2);
    }
    let standings = standings(house).await;
    let superseded = standings.iter().filter(|one| **one == Standing::Superseded).count();
    assert_eq!((superseded, standings.len()), (22, 24));
    second.close().await;
}

async fn five(house: &House) {
    for number in 1..=5 {
        house.store.record(act(number)).await.unwrap();
    }
}

pub async fn a_changed_entry_is_found(house: &House) {
    five(house).await;
    house.tamper("UPDATE trail SET made_by = '乙' WHERE number = 3").await;
    assert_eq!(house.store.check_trail().await.unwrap().unwrap_err().number, 3);
    house.tamper("UPDATE trail SET made_by = '甲' WHERE number = 3").await;
    assert!(house.store.check_trail().await.unwrap().is_ok());
    house.tamper("DELETE FROM trail WHERE number = 2").await;
    assert_eq!(house.store.check_trail().await.unwrap().unwrap_err().number, 3);
}

pub async fn a_cut_tail_is_found(house: &House) {
    five(house).await;
    house.tamper("DELETE FROM trail WHERE number > 3").await;
    assert_eq!(house.store.check_trail().await.unwrap().unwrap_err().number, 3);
    // What comes after does not hide it.
    house.store.record(act(6)).await.unwrap();
    assert!(house.store.check_trail().await.unwrap().is_err());
}
