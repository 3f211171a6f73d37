//! 数与运行 The promises about runs, figures and findings.

use crate::house::{House, act};
use tanliu_platform::figure::{
    Calculation, Feed, FigureQuery, FigureRow, FigureTable, Finding, Run, RunState,
};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{Figures, StoreError, Trail};

fn calculation(id: &str) -> Calculation {
    Calculation {
        id: id.into(),
        name: ("全景".into(), "panorama".into()),
        document: "cn/district/panorama".into(),
        settings: vec![("method".into(), "by_rank".into())],
        schedule: "daily 02:30".into(),
        feeds: vec![Feed {
            input: "history_co2".into(),
            calculation: "other".into(),
            output: "co2_enterprise".into(),
            at: vec![("side".into(), "consumption".into())],
        }],
    }
}

fn run(calculation: &str, current: bool) -> Run {
    Run {
        id: 0,
        calculation: calculation.into(),
        document: ("cn/district/panorama".into(), "1".into()),
        document_digest: "d".into(),
        as_of: Moment(9),
        by: "甲".into(),
        began: Moment(10),
        ended: None,
        state: RunState::Running,
        manifest: String::new(),
        folder: "runs/1".into(),
        current,
    }
}

/// Begins a run and ends it with figures.
pub async fn done(house: &House, current: bool, tables: &[FigureTable]) -> Run {
    let mut run = run("panorama", current);
    run.id = house.store.begin_run(&run, act(10)).await.unwrap();
    (run.state, run.ended, run.manifest) = (RunState::Done, Some(Moment(11)), "{}".into());
    house.store.end_run(&run, tables, act(11)).await.unwrap();
    run
}

fn row(keys: &[&str], number: f64) -> FigureRow {
    let keys = keys.iter().map(|key| (*key).to_owned()).collect();
    FigureRow { keys, number: Some(number), text: String::new() }
}

fn table(output: &str, indexes: &[&str], rows: Vec<FigureRow>) -> FigureTable {
    FigureTable {
        output: output.into(),
        label: "排放量".into(),
        unit: "tCO2".into(),
        indexes: indexes.iter().map(|index| (*index).to_owned()).collect(),
        rows,
    }
}

/// Two towns, two years, two fuels; and a scalar that is a text.
pub fn tables() -> Vec<FigureTable> {
    let mut rows = Vec::new();
    for (town, first) in [("T02", 0.0), ("T01", 100.0)] {
        for (year, second) in [("2021", 0.0), ("2020", 10.0)] {
            rows.push(row(&[year, town, "coal"], first + second + 1.0));
            rows.push(row(&[year, town, "gas, \"城\""], first + second + 0.1 + 0.2));
        }
    }
    let mut verdict = table("verdict", &[], vec![row(&[], 0.0)]);
    verdict.unit = String::new();
    verdict.rows[0] = FigureRow { keys: Vec::new(), number: None, text: "达标".into() };
    vec![table("co2", &["year", "town", "fuel"], rows), verdict]
}

pub async fn calculations_are_read_as_they_were_put(house: &House) {
    let (one, mut two) = (calculation("panorama"), calculation("intensity"));
    house.store.put_calculations(&[one.clone(), two.clone()], act(1)).await.unwrap();
    two.settings.clear();
    house.store.put_calculations(std::slice::from_ref(&two), act(2)).await.unwrap();
    assert_eq!(house.store.calculations().await.unwrap(), [two, one]);
}

pub async fn a_run_has_its_figures_in_the_order_given(house: &House) {
    house.store.put_calculations(&[calculation("panorama")], act(1)).await.unwrap();
    let run = done(house, false, &tables()).await;
    assert_eq!(house.store.run(run.id).await.unwrap(), Some(run.clone()));
    assert_eq!(house.store.run(99).await.unwrap(), None);
    let all = FigureQuery { run: run.id, ..FigureQuery::default() };
    assert_eq!(house.store.figures(&all).await.unwrap(), tables());
    let outputs = vec!["verdict".into(), "none".into(), "co2".into()];
    let asked = house.store.figures(&FigureQuery { outputs, ..all.clone() }).await.unwrap();
    let names: Vec<_> = asked.iter().map(|table| table.output.as_str()).collect();
    assert_eq!(names, ["verdict", "co2"]);
    let none = FigureQuery { run: 99, ..FigureQuery::default() };
    assert!(house.store.figures(&none).await.unwrap().is_empty());
}

pub async fn figures_are_restricted_by_any_index(house: &House) {
    house.store.put_calculations(&[calculation("panorama")], act(1)).await.unwrap();
    let run = done(house, false, &tables()).await;
    let find = async |keys: &[(&str, &[&str])]| {
        let keys = keys.iter().map(|(index, keys)| {
            ((*index).to_owned(), keys.iter().map(|key| (*key).to_owned()).collect())
        });
        let query = FigureQuery { run: run.id, outputs: vec!["co2".into()], keys: keys.collect() };
        let rows = house.store.figures(&query).await.unwrap().remove(0).rows;
        rows.into_iter().map(|row| row.number.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(find(&[("town", &["T01"]), ("year", &["2020"])]).await, [111.0, 110.0 + 0.1 + 0.2]);
    assert_eq!(find(&[("year", &["2021"]), ("fuel", &["coal"])]).await, [1.0, 101.0]);
    assert_eq!(find(&[("fuel", &["gas, \"城\""]), ("town", &["T02"])]).await.len(), 2);
    assert_eq!(find(&[("town", &["T02", "T01"])]).await.len(), 8);
    assert_eq!(find(&[("enterprise", &["E00001"])]).await.len(), 8);
    assert_eq!(find(&[("town", &[])]).await, [0.0f64; 0]);
}

pub async fn the_newest_run_that_wants_to_be_is_current(house: &House) {
    let both = [calculation("panorama"), calculation("intensity")];
    house.store.put_calculations(&both, act(1)).await.unwrap();
    assert_eq!(house.store.current_run("panorama").await.unwrap(), None);
    let one = done(house, true, &tables()).await;
    let two = done(house, false, &tables()).await;
    let current = async || house.store.current_run("panorama").await.unwrap().map(|run| run.id);
    assert_eq!(current().await, Some(one.id));
    let three = done(house, true, &tables()).await;
    assert_eq!(current().await, Some(three.id));
    let mut four = run("panorama", true);
    four.id = house.store.begin_run(&four, act(20)).await.unwrap();
    four.state = RunState::Refused;
    house.store.end_run(&four, &[], act(21)).await.unwrap();
    assert_eq!(current().await, Some(three.id));
    let runs = house.store.runs(Some("panorama"), 3).await.unwrap();
    let listed: Vec<_> = runs.iter().map(|run| (run.id, run.current)).collect();
    assert_eq!(listed, [(four.id, false), (three.id, true), (two.id, false)]);
    assert!(house.store.runs(Some("intensity"), 0).await.unwrap().is_empty());
    assert_eq!(house.store.runs(None, 0).await.unwrap().len(), 4);
}

pub async fn a_run_ends_once_and_whole(house: &House) {
    house.store.put_calculations(&[calculation("panorama")], act(1)).await.unwrap();
    let mut one = run("panorama", true);
    one.id = house.store.begin_run(&one, act(10)).await.unwrap();
    let head = house.store.head().await.unwrap();
    one.state = RunState::Done;
    let mut twice = tables();
    twice.push(twice[0].clone());
    let refused = house.store.end_run(&one, &twice, act(11)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    let mut short = tables();
    short[0].rows[7].keys.pop();
    let refused = house.store.end_run(&one, &short, act(11)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    let all = FigureQuery { run: one.id, ..FigureQuery::default() };
    assert!(house.store.figures(&all).await.unwrap().is_empty());
    assert_eq!(house.store.run(one.id).await.unwrap().unwrap().state, RunState::Running);
    assert_eq!(house.store.head().await.unwrap(), head);

    house.store.end_run(&one, &tables(), act(12)).await.unwrap();
    let again = house.store.end_run(&one, &tables(), act(13)).await;
    assert!(matches!(again, Err(StoreError::Refused(_))), "{again:?}");
    one.id = 99;
    let none = house.store.end_run(&one, &[], act(13)).await;
    assert!(matches!(none, Err(StoreError::Absent("run"))));
}

pub async fn findings_are_raised_and_answered(house: &House) {
    let mut finding = Finding {
        id: 0,
        address: "12/co2_town[town=T01,year=2021]".into(),
        enterprise: "E00001".into(),
        text: "偏大".into(),
        by: "甲".into(),
        at: Moment(5),
        state: "open".into(),
        answer: String::new(),
        edition: 0,
    };
    finding.id = house.store.raise(&finding, act(5)).await.unwrap();
    let mut second = Finding { address: "12/verdict".into(), ..finding.clone() };
    second.id = house.store.raise(&second, act(6)).await.unwrap();
    let all = house.store.findings(None, 0).await.unwrap();
    assert_eq!(all, [second.clone(), finding.clone()]);
    assert_eq!(house.store.findings(Some("12/verdict"), 5).await.unwrap(), [second.clone()]);

    let mut answered = finding.clone();
    (answered.state, answered.answer) = ("answered".into(), "已更正".into());
    house.store.change_finding(&answered, act(7)).await.unwrap();
    let late = house.store.change_finding(&finding, act(8)).await;
    assert!(matches!(late, Err(StoreError::Edited)));
    answered.edition = 1;
    assert_eq!(house.store.findings(Some(&finding.address), 0).await.unwrap(), [answered]);
}
