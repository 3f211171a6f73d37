//! 样例 Made-up districts, datasets and submissions.

use crate::house::{House, act};
use tanliu_platform::catalogue::{Dataset, Refresh, Subject, Way};
use tanliu_platform::directory::{District, Enterprise, Meter, Sector, Town};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{DirectoryStore, StoreError, Stored, Submissions, Values};
use tanliu_platform::submission::{Review, State, Step, Submission};
use tanliu_platform::value::{Origin, Standing, Value, ValueQuery};

pub fn towns() -> Vec<Town> {
    let town = |id: &str, name: &str, tile| Town { id: id.into(), name: name.into(), tile };
    vec![town("T01", "虚构镇一", (0, 0)), town("T02", "虚构镇二", (1, -1))]
}

pub fn sectors() -> Vec<Sector> {
    let sector = |id: &str, name: &str, place| Sector { id: id.into(), name: name.into(), place };
    vec![sector("industry", "工业", 1), sector("building", "建筑", 2)]
}

pub fn enterprise(number: usize) -> Enterprise {
    Enterprise {
        id: format!("E{number:05}"),
        credit_code: format!("91330000TEST{number:06}"),
        name: format!("虚构企业 {number} Mill"),
        town: if number.is_multiple_of(2) { "T02".into() } else { "T01".into() },
        sector: if number.is_multiple_of(3) { "building".into() } else { "industry".into() },
        industry_code: "1751".into(),
        industry_name: "化纤织造加工".into(),
        above_scale: number.is_multiple_of(2),
        land_mu: number.is_multiple_of(2).then_some(12.3),
        place: number.is_multiple_of(2).then_some((121.123_456_789, 30.5)),
        contact: number.is_multiple_of(5).then(|| "某人".into()),
        edition: 0,
    }
}

pub fn meter(number: usize) -> Meter {
    Meter {
        id: format!("M{number:05}"),
        enterprise: format!("E{number:05}"),
        carrier: "electricity".into(),
        unit: "kWh".into(),
        serves: "总表".into(),
    }
}

/// A district with two towns and two sectors.
pub async fn district(house: &House) {
    let district = District { name: "虚构区".into(), notice: Some("均为虚构".into()) };
    house.store.put_district(&district, &towns(), &sectors(), act(1)).await.unwrap();
}

pub fn dataset(id: &str, document: &str) -> Dataset {
    Dataset {
        id: id.into(),
        name: ("企业能源".into(), "energy of enterprises".into()),
        subject: Subject::Enterprise,
        way: Way::Gathered,
        refresh: Refresh::Year,
        source_system: "虚构系统".into(),
        department: "statistics".into(),
        document: document.into(),
        inputs: vec!["burned".into(), "electricity".into()],
        note: "口径".into(),
    }
}

/// Three datasets, of which two feed one document.
pub async fn datasets(house: &House) {
    let all = [
        dataset("statistics", "cn/one"),
        dataset("utility", "cn/one"),
        dataset("survey", "cn/one"),
        dataset("apart", "cn/two"),
    ];
    house.store.put_datasets(&all, act(1)).await.unwrap();
}

pub fn submission(dataset: &str, subject: &str, at: i64) -> Submission {
    Submission {
        id: 0,
        dataset: dataset.into(),
        subject: subject.into(),
        period: "2021".into(),
        state: State::Draft,
        by: "甲".into(),
        at: Moment(at),
        evidence: String::new(),
        file: "表.xlsx".into(),
        count: 1,
        edition: 0,
    }
}

pub fn value(subject: &str, period: &str, number: f64) -> Value {
    Value {
        id: 0,
        dataset: "statistics".into(),
        input: "burned".into(),
        subject: subject.into(),
        keys: "fuel=raw_coal".into(),
        period: period.into(),
        original: format!("{number}"),
        original_unit: "t".into(),
        number: Some(number),
        unit: "t".into(),
        origin: Origin {
            evidence: String::new(),
            file: "表.xlsx".into(),
            sheet: "一".into(),
            cell: "C12".into(),
            by: "甲".into(),
            at: Moment(5),
        },
        submission: 0,
        standing: Standing::Pending,
    }
}

/// Makes one step with the submission as it is now.
pub async fn step(house: &House, id: i64, step: Step, to: State, at: i64) -> Stored<()> {
    let (submission, _) = house.store.submission(id).await?.ok_or(StoreError::Absent("it"))?;
    let review =
        Review { submission: id, step, by: "乙".into(), at: Moment(at), reason: "可".into() };
    house.store.step(&submission, &review, to, act(at)).await
}

/// Hands values in and has them approved at a moment; returns the submission.
pub async fn approved(house: &House, dataset: &str, values: &[Value], at: i64) -> i64 {
    let submission = submission(dataset, "E00001", at);
    let id = house.store.add_submission(&submission, values, act(at)).await.unwrap();
    step(house, id, Step::Submit, State::Submitted, at).await.unwrap();
    step(house, id, Step::Pass, State::Reviewed, at).await.unwrap();
    step(house, id, Step::Approve, State::Approved, at).await.unwrap();
    id
}

/// Number and dataset of each value that counts, now or at a moment.
pub async fn counting(house: &House, as_of: Option<i64>) -> Vec<(String, f64)> {
    let query = ValueQuery {
        standing: Some(Standing::Approved),
        as_of: as_of.map(Moment),
        ..ValueQuery::default()
    };
    let values = house.store.values(&query).await.unwrap();
    values.into_iter().map(|value| (value.dataset, value.number.unwrap())).collect()
}

/// The standing of every value, in the order of their numbers.
pub async fn standings(house: &House) -> Vec<Standing> {
    let mut values = house.store.values(&ValueQuery::default()).await.unwrap();
    values.sort_by_key(|value| value.id);
    values.into_iter().map(|value| value.standing).collect()
}
