//! 报送 The promises about submissions, approval, conflicts and moments.

use crate::house::{House, act};
use crate::samples::{approved, counting, dataset, datasets, standings, step, submission, value};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{StoreError, Submissions, Trail, Values};
use tanliu_platform::submission::{Review, State, Step};
use tanliu_platform::value::{Choice, Standing, ValueQuery};

const APPROVED: Standing = Standing::Approved;
const PENDING: Standing = Standing::Pending;
const SUPERSEDED: Standing = Standing::Superseded;
const DECLINED: Standing = Standing::Declined;

fn choice(value: i64, at: i64) -> Choice {
    Choice { value, reason: "以电网为准".into(), by: "丙".into(), at: Moment(at) }
}

pub async fn datasets_are_read_as_they_were_put(house: &House) {
    datasets(house).await;
    let mut changed = dataset("utility", "cn/one");
    changed.inputs = vec!["电".into()];
    changed.note = "改".into();
    house.store.put_datasets(std::slice::from_ref(&changed), act(2)).await.unwrap();
    let known = house.store.datasets().await.unwrap();
    let all = [
        dataset("apart", "cn/two"),
        dataset("statistics", "cn/one"),
        dataset("survey", "cn/one"),
        changed,
    ];
    assert_eq!(known, all);
}

pub async fn a_submission_is_read_as_it_was_added(house: &House) {
    datasets(house).await;
    let mut given = submission("statistics", "E00001", 5);
    let mut second = value("E00001", "2020", -1.5e-7);
    second.number = None;
    second.original = "无".into();
    let values = [value("E00001", "2021", 0.1 + 0.2), second];
    let id = house.store.add_submission(&given, &values, act(5)).await.unwrap();
    (given.id, given.count) = (id, 2);
    assert_eq!(house.store.submission(id).await.unwrap(), Some((given, Vec::new())));
    assert_eq!(house.store.submission(id + 1).await.unwrap(), None);

    let query = ValueQuery { submission: Some(id), ..ValueQuery::default() };
    let known = house.store.values(&query).await.unwrap();
    let mut expected = vec![values[1].clone(), values[0].clone()];
    for (value, number) in expected.iter_mut().zip([2, 1]) {
        (value.id, value.submission) = (number, id);
    }
    assert_eq!(known, expected);
    step(house, id, Step::Submit, State::Submitted, 6).await.unwrap();
    let (known, reviews) = house.store.submission(id).await.unwrap().unwrap();
    assert_eq!((known.state, known.edition), (State::Submitted, 1));
    let made = Review {
        submission: id,
        step: Step::Submit,
        by: "乙".into(),
        at: Moment(6),
        reason: "可".into(),
    };
    assert_eq!(reviews, [made]);

    let of_nothing = submission("none", "E00001", 5);
    let refused = house.store.add_submission(&of_nothing, &[], act(7)).await;
    assert!(matches!(refused, Err(StoreError::Absent("dataset"))));
}

pub async fn submissions_are_found_by_dataset_subject_and_state(house: &House) {
    datasets(house).await;
    let add = async |dataset: &str, subject: &str| {
        house.store.add_submission(&submission(dataset, subject, 5), &[], act(5)).await.unwrap()
    };
    let (one, two) = (add("statistics", "E00001").await, add("utility", "E00001").await);
    let three = add("statistics", "E00002").await;
    step(house, three, Step::Submit, State::Submitted, 6).await.unwrap();
    let find = async |dataset, subjects: Option<&[String]>, states: &[State], limit| {
        let found = house.store.submissions(dataset, subjects, states, limit).await.unwrap();
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(find(None, None, &[], 0).await, [three, two, one]);
    assert_eq!(find(None, None, &[], 2).await, [three, two]);
    assert_eq!(find(Some("statistics"), None, &[], 0).await, [three, one]);
    assert_eq!(find(None, Some(&["E00001".into()]), &[], 0).await, [two, one]);
    assert_eq!(find(None, Some(&[]), &[], 0).await, [0i64; 0]);
    assert_eq!(find(None, None, &[State::Submitted, State::Reviewed], 0).await, [three]);
}

pub async fn a_key_twice_in_one_submission_is_refused_whole(house: &House) {
    datasets(house).await;
    let head = house.store.head().await.unwrap();
    let mut values: Vec<_> =
        (0..1200).map(|n| value("E00001", &format!("{}", 1000 + n), 1.0)).collect();
    values.push(value("E00001", "1500", 2.0));
    let given = submission("statistics", "E00001", 5);
    let twice = house.store.add_submission(&given, &values, act(5)).await;
    assert!(matches!(twice, Err(StoreError::Refused(_))), "{twice:?}");
    assert!(house.store.values(&ValueQuery::default()).await.unwrap().is_empty());
    assert!(house.store.submissions(None, None, &[], 0).await.unwrap().is_empty());
    assert_eq!(house.store.head().await.unwrap(), head);
}

pub async fn a_second_reviewer_is_told(house: &House) {
    datasets(house).await;
    let given = submission("statistics", "E00001", 5);
    let id = house.store.add_submission(&given, &[], act(5)).await.unwrap();
    let (read, _) = house.store.submission(id).await.unwrap().unwrap();
    step(house, id, Step::Submit, State::Submitted, 6).await.unwrap();
    let head = house.store.head().await.unwrap();
    let review = Review {
        submission: id,
        step: Step::Withdraw,
        by: "甲".into(),
        at: Moment(7),
        reason: String::new(),
    };
    let late = house.store.step(&read, &review, State::Withdrawn, act(7)).await;
    assert!(matches!(late, Err(StoreError::Edited)));
    assert_eq!(house.store.head().await.unwrap(), head);
    assert_eq!(house.store.submission(id).await.unwrap().unwrap().1.len(), 1);
}

pub async fn approved_and_withdrawn_submissions_stay_so(house: &House) {
    datasets(house).await;
    let id = approved(house, "statistics", &[value("E00001", "2021", 1.0)], 5).await;
    let back = step(house, id, Step::Return, State::Draft, 6).await;
    assert!(matches!(back, Err(StoreError::Refused(_))));
    let given = submission("statistics", "E00001", 7);
    let values = [value("E00001", "2022", 1.0)];
    let id = house.store.add_submission(&given, &values, act(7)).await.unwrap();
    step(house, id, Step::Withdraw, State::Withdrawn, 8).await.unwrap();
    let again = step(house, id, Step::Submit, State::Submitted, 9).await;
    assert!(matches!(again, Err(StoreError::Refused(_))));
    assert_eq!(standings(house).await, [APPROVED, DECLINED]);
}

pub async fn a_later_value_of_the_same_dataset_supersedes(house: &House) {
    datasets(house).await;
    let two = [value("E00001", "2021", 1.0), value("E00001", "2020", 7.0)];
    approved(house, "statistics", &two, 10).await;
    approved(house, "statistics", &[value("E00001", "2021", 2.0)], 20).await;
    assert_eq!(standings(house).await, [SUPERSEDED, APPROVED, APPROVED]);
    assert!(house.store.conflicts(false, 0).await.unwrap().is_empty());
    let expected = [("statistics".to_owned(), 7.0), ("statistics".to_owned(), 2.0)];
    assert_eq!(counting(house, None).await, expected);
}

pub async fn another_dataset_that_differs_opens_a_conflict(house: &House) {
    datasets(house).await;
    approved(house, "statistics", &[value("E00001", "2021", 1.0)], 10).await;
    approved(house, "utility", &[value("E00001", "2021", 2.0)], 20).await;
    assert_eq!(standings(house).await, [APPROVED, PENDING]);
    assert_eq!(counting(house, None).await, [("statistics".to_owned(), 1.0)]);
    let open = house.store.conflicts(true, 0).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].standing.number, open[0].other.number), (Some(1.0), Some(2.0)));
    assert_eq!((open[0].other.dataset.as_str(), &open[0].choice), ("utility", &None));

    // Both sources correct themselves: it stays one conflict, of what they say now.
    approved(house, "utility", &[value("E00001", "2021", 3.0)], 30).await;
    approved(house, "statistics", &[value("E00001", "2021", 4.0)], 40).await;
    let open = house.store.conflicts(true, 0).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].standing.number, open[0].other.number), (Some(4.0), Some(3.0)));
    assert_eq!(standings(house).await, [SUPERSEDED, DECLINED, PENDING, APPROVED]);
}

pub async fn another_dataset_that_agrees_opens_none(house: &House) {
    datasets(house).await;
    approved(house, "statistics", &[value("E00001", "2021", 0.3)], 10).await;
    // The last bit of a converted number is no contradiction.
    approved(house, "utility", &[value("E00001", "2021", 0.1 + 0.2)], 20).await;
    assert!(house.store.conflicts(false, 0).await.unwrap().is_empty());
    assert_eq!(standings(house).await, [APPROVED, DECLINED]);
    approved(house, "utility", &[value("E00001", "2021", 0.300_000_1)], 30).await;
    assert_eq!(house.store.conflicts(true, 0).await.unwrap().len(), 1);
}

pub async fn a_correction_that_agrees_ends_the_conflict(house: &House) {
    datasets(house).await;
    approved(house, "statistics", &[value("E00001", "2021", 1.0)], 10).await;
    approved(house, "utility", &[value("E00001", "2021", 2.0)], 20).await;
    approved(house, "statistics", &[value("E00001", "2021", 2.0)], 30).await;
    assert!(house.store.conflicts(true, 0).await.unwrap().is_empty());
    let ended = house.store.conflicts(false, 0).await.unwrap();
    assert_eq!(ended[0].choice.as_ref().map(|choice| choice.value), Some(3));
    assert_eq!(standings(house).await, [SUPERSEDED, DECLINED, APPROVED]);

    approved(house, "utility", &[value("E00001", "2021", 9.0)], 40).await;
    approved(house, "utility", &[value("E00001", "2021", 2.0)], 50).await;
    assert!(house.store.conflicts(true, 0).await.unwrap().is_empty());
    assert_eq!(standings(house).await, [SUPERSEDED, DECLINED, APPROVED, DECLINED, DECLINED]);
}

pub async fn the_chosen_value_counts(house: &House) {
    datasets(house).await;
    approved(house, "statistics", &[value("E00001", "2021", 1.0)], 10).await;
    approved(house, "utility", &[value("E00001", "2021", 2.0)], 20).await;
    approved(house, "survey", &[value("E00001", "2021", 3.0)], 30).await;
    let open = house.store.conflicts(true, 0).await.unwrap();
    assert_eq!(open.iter().map(|one| one.other.id).collect::<Vec<_>>(), [3, 2]);
    // The one with the utility: its value counts, and the survey contradicts it from now on.
    house.store.choose(open[1].id, &choice(2, 40), act(40)).await.unwrap();
    assert_eq!(standings(house).await, [DECLINED, APPROVED, PENDING]);
    let all = house.store.conflicts(false, 0).await.unwrap();
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [open[0].id, open[1].id]);
    assert_eq!((all[0].standing.id, all[0].other.id, &all[0].choice), (2, 3, &None));
    assert_eq!(all[1].choice, Some(choice(2, 40)));
    // The one with the survey: what counts goes on counting.
    house.store.choose(open[0].id, &choice(2, 50), act(50)).await.unwrap();
    assert_eq!(standings(house).await, [DECLINED, APPROVED, DECLINED]);
    assert_eq!(counting(house, None).await, [("utility".to_owned(), 2.0)]);
    assert_eq!(counting(house, Some(39)).await, [("statistics".to_owned(), 1.0)]);
}

pub async fn a_choice_is_made_once_and_between_the_two(house: &House) {
    datasets(house).await;
    approved(house, "statistics", &[value("E00001", "2021", 1.0)], 10).await;
    approved(house, "utility", &[value("E00001", "2021", 2.0)], 20).await;
    approved(house, "statistics", &[value("E00002", "2021", 1.0)], 25).await;
    let conflict = house.store.conflicts(true, 0).await.unwrap()[0].id;
    let neither = house.store.choose(conflict, &choice(3, 30), act(30)).await;
    assert!(matches!(neither, Err(StoreError::Refused(_))));
    let none = house.store.choose(77, &choice(1, 30), act(30)).await;
    assert!(matches!(none, Err(StoreError::Absent("conflict"))));
    house.store.choose(conflict, &choice(1, 30), act(30)).await.unwrap();
    let again = house.store.choose(conflict, &choice(2, 31), act(31)).await;
    assert!(matches!(again, Err(StoreError::Edited)));
    assert_eq!(standings(house).await, [APPROVED, DECLINED, APPROVED]);
}

pub async fn one_input_of_two_documents_makes_no_conflict(house: &House) {
    datasets(house).await;
    approved(house, "statistics", &[value("E00001", "2021", 1.0)], 10).await;
    approved(house, "apart", &[value("E00001", "2021", 2.0)], 20).await;
    assert!(house.store.conflicts(false, 0).await.unwrap().is_empty());
    assert_eq!(standings(house).await, [APPROVED, APPROVED]);
}

pub async fn values_are_known_as_they_counted_at_a_moment(house: &House) {
    datasets(house).await;
    let first = submission("statistics", "E00001", 5);
    let values = [value("E00001", "2021", 1.0)];
    let id = house.store.add_submission(&first, &values, act(5)).await.unwrap();
    step(house, id, Step::Submit, State::Submitted, 6).await.unwrap();
    step(house, id, Step::Pass, State::Reviewed, 7).await.unwrap();
    step(house, id, Step::Approve, State::Approved, 10).await.unwrap();
    approved(house, "statistics", &[value("E00001", "2021", 2.0)], 20).await;
    let at = async |moment| counting(house, Some(moment)).await.first().map(|one| one.1);
    assert_eq!(at(9).await, None);
    assert_eq!(at(10).await, Some(1.0));
    assert_eq!(at(19).await, Some(1.0));
    assert_eq!(at(20).await, Some(2.0));
    let stood = async |standing, moment| {
        let as_of = Some(Moment(moment));
        let query = ValueQuery { standing, as_of, ..ValueQuery::default() };
        let found = house.store.values(&query).await.unwrap();
        found.into_iter().map(|value| (value.id, value.standing)).collect::<Vec<_>>()
    };
    assert_eq!(stood(None, 15).await, [(1, APPROVED)]);
    assert_eq!(stood(Some(PENDING), 4).await, []);
    assert_eq!(stood(Some(PENDING), 9).await, [(1, PENDING)]);
    assert_eq!(stood(Some(SUPERSEDED), 19).await, []);
    assert_eq!(stood(Some(SUPERSEDED), 20).await, [(1, SUPERSEDED)]);
    assert_eq!(stood(Some(DECLINED), 99).await, []);
}
