//! 企业报告测试 What the report says of what the store knows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::compose::Material;
use tanliu_diagnostic::Lang;
use tanliu_platform::catalogue::{Dataset, Refresh, Subject, Way};
use tanliu_platform::directory::Enterprise;
use tanliu_platform::figure::{FigureRow, FigureTable, Run, RunState};
use tanliu_platform::moment::Moment;
use tanliu_platform::submission::{State, Submission};
use tanliu_platform::value::{Origin, Standing, Value};
use tanliu_platform::warning::{OrderState, Warning};

/// 2024-01-01T00:00:00Z
const NOW: Moment = Moment(1_704_067_200_000);

fn table(output: &str, unit: &str, indexes: &[&str], rows: &[(&[&str], f64)]) -> FigureTable {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    let row = |(keys, number): &(&[&str], f64)| FigureRow {
        keys: texts(keys),
        number: Some(*number),
        text: String::new(),
    };
    FigureTable {
        output: output.to_owned(),
        label: String::new(),
        unit: unit.to_owned(),
        indexes: texts(indexes),
        rows: rows.iter().map(row).collect(),
    }
}

fn tables() -> Vec<FigureTable> {
    let own = ["side", "enterprise", "year"];
    let sector = ["side", "sector", "year"];
    vec![
        table(
            "energy_enterprise",
            "tce",
            &["enterprise", "year"],
            &[(&["E1", "2020"], 10.5), (&["E1", "2021"], 11.25)],
        ),
        table(
            "co2_enterprise",
            "tCO2",
            &own,
            &[
                (&["consumption", "E1", "2020"], 30.0),
                (&["consumption", "E1", "2021"], 31.0),
                (&["production", "E1", "2021"], 7.0),
            ],
        ),
        table("co2_rank_enterprise", "1", &own, &[(&["consumption", "E1", "2021"], 3.0)]),
        table("ranked_sector", "1", &["sector", "year"], &[(&["industry", "2021"], 9.0)]),
        table(
            "co2_intensity_enterprise",
            "tCO2/万元",
            &own,
            &[(&["consumption", "E1", "2021"], 0.5), (&["production", "E1", "2021"], 0.1)],
        ),
        table(
            "co2_mean_sector",
            "tCO2/万元",
            &sector,
            &[(&["consumption", "industry", "2021"], 0.8)],
        ),
    ]
}

fn value(input: &str, period: &str, number: f64, submission: i64) -> Value {
    Value {
        id: 0,
        dataset: "energy".to_owned(),
        input: input.to_owned(),
        subject: "E1".to_owned(),
        keys: String::new(),
        period: period.to_owned(),
        original: number.to_string(),
        original_unit: "t".to_owned(),
        number: Some(number),
        unit: "t".to_owned(),
        origin: Origin::default(),
        submission,
        standing: Standing::Approved,
    }
}

fn material(lang: Lang) -> Material {
    let text = str::to_owned;
    Material {
        lang,
        year: 2021,
        enterprise: Enterprise {
            id: text("E1"),
            credit_code: text("91330000MAE1"),
            name: text("虚构织造厂"),
            town: text("T1"),
            sector: text("industry"),
            industry_code: text("1751"),
            industry_name: text("化纤织造加工"),
            above_scale: true,
            land_mu: None,
            place: None,
            contact: None,
            edition: 1,
        },
        town: text("东镇"),
        sector: text("工业"),
        notice: text("数据为自拟"),
        run: Some(Run {
            id: 12,
            calculation: text("panorama"),
            document: (text("cn/district/panorama"), text("1.0")),
            document_digest: text("d1"),
            as_of: NOW,
            by: String::new(),
            began: NOW,
            ended: Some(NOW),
            state: RunState::Done,
            manifest: String::new(),
            folder: String::new(),
            current: true,
        }),
        tables: tables(),
        values: vec![
            value("value_added", "2021", 900.0, 4),
            value("enterprise_peat", "2021", 1.0, 3),
            value("enterprise_raw_coal", "2019", 2.0, 1),
            value("enterprise_raw_coal", "2021", 2.125, 3),
            value("enterprise_raw_coal", "2021-07", 0.5, 5),
            value("enterprise_raw_coal", "2022", 9.0, 6),
        ],
        later: 2,
        warnings: vec![Warning {
            id: 1,
            address: String::new(),
            enterprise: text("E1"),
            town: text("T1"),
            period: text("2021-07"),
            level: 2,
            rule: text("over"),
            text: text("超出预算"),
            at: NOW,
            state: OrderState::OnSite,
            edition: 1,
        }],
        tasks: vec![Submission {
            id: 8,
            dataset: text("energy"),
            subject: text("E1"),
            period: text("2022"),
            state: State::Submitted,
            by: text("e1"),
            at: NOW,
            evidence: String::new(),
            file: String::new(),
            count: 1,
            edition: 1,
        }],
        datasets: vec![Dataset {
            id: text("energy"),
            name: (text("企业能源消费"), text("Energy of enterprises")),
            subject: Subject::Enterprise,
            way: Way::Entered,
            refresh: Refresh::Year,
            source_system: String::new(),
            department: String::new(),
            document: text("cn/district/panorama"),
            inputs: Vec::new(),
            note: String::new(),
        }],
        now: NOW,
    }
}

#[test]
fn figures_of_the_run_and_reported_values_stand_by_year_and_nothing_is_added_up() {
    let report = material(Lang::Zh).report();
    assert_eq!(report.years, ["2019", "2020", "2021"]);
    assert_eq!(report.energy.unwrap().values, [None, Some(10.5), Some(11.25)]);
    assert_eq!(report.production.unwrap().values, [None, None, Some(7.0)]);
    assert_eq!(report.consumption.unwrap().values, [None, Some(30.0), Some(31.0)]);
    let names: Vec<&str> = report.fuels.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, ["原煤", "enterprise_peat"]);
    assert_eq!(report.fuels[0].values, [Some(2.0), None, Some(2.125)]);
    assert_eq!((report.fuels[0].unit.as_str(), report.fuels[0].decimals), ("t", 3));
    let rank = report.rank.unwrap();
    assert_eq!((rank.sector.as_str(), rank.place, rank.count), ("工业", 3, 9));
    assert_eq!((rank.own, rank.mean, rank.leader), (Some(0.5), Some(0.8), None));
    assert_eq!(report.missing, ["运行 12 之后又有 2 项数据获批，未计入本报告"]);
    assert_eq!(report.industry, "化纤织造加工（1751）");
    assert_eq!((report.town.as_str(), report.notice.as_str()), ("东镇", "数据为自拟"));
}

#[test]
fn every_figure_has_its_run_output_document_and_digest() {
    let report = material(Lang::Zh).report();
    let shown: Vec<_> = report.origins.iter().map(|own| (&*own.run, &*own.output)).collect();
    let wanted = [
        ("报送 1、3", "enterprise_raw_coal"),
        ("报送 3", "enterprise_peat"),
        ("12", "energy_enterprise"),
        ("12", "co2_enterprise"),
        ("12", "co2_enterprise"),
        ("12", "co2_rank_enterprise"),
        ("12", "ranked_sector"),
        ("12", "co2_intensity_enterprise"),
        ("12", "co2_mean_sector"),
    ];
    assert_eq!(shown, wanted);
    for own in &report.origins {
        let document = (own.document.as_str(), own.version.as_str(), own.digest.as_str());
        assert_eq!(document, ("cn/district/panorama", "1.0", "d1"));
    }
    assert_eq!(report.facts.run, "12（数据截至 2024-01-01 08:00）");
    assert_eq!(report.facts.date, "2024-01-01");
}

#[test]
fn warnings_and_tasks_are_told_in_the_language_asked() {
    for (lang, level, state, task, waits) in [
        (Lang::Zh, "二级", "现场处置", "企业能源消费 2022", "已提交"),
        (Lang::En, "level 2", "on site", "Energy of enterprises 2022", "submitted"),
    ] {
        let report = material(lang).report();
        let warning = &report.warnings[0];
        assert_eq!((warning.level.as_str(), warning.state.as_str()), (level, state));
        let own = &report.tasks[0];
        assert_eq!((&*own.name, &*own.due, &*own.state), (task, "—", waits));
    }
    let report = material(Lang::En).report();
    assert_eq!(report.fuels[0].name, "Raw coal");
    assert_eq!(report.missing, ["Values approved since run 12 that do not count here: 2"]);
}

#[test]
fn an_enterprise_that_the_run_does_not_know_is_told_what_is_missing() {
    let mut own = material(Lang::Zh);
    (own.tables, own.values, own.later) = (Vec::new(), Vec::new(), 0);
    let report = own.report();
    assert_eq!((report.years.as_slice(), report.rank), (["2021".to_owned()].as_slice(), None));
    assert_eq!((report.missing.len(), report.origins.len()), (5, 0));
    own.run = None;
    let report = own.report();
    assert_eq!(report.missing.last().unwrap(), "没有全景碳流的计算结果");
    assert_eq!(report.facts.run, "");
}

#[test]
fn a_place_among_fewer_enterprises_is_no_rank() {
    let mut own = material(Lang::Zh);
    own.tables[3].rows[0].number = Some(2.0);
    let report = own.report();
    assert_eq!(report.rank, None);
    assert!(report.missing.contains(&"行业位次：运行 12 没有本企业的数".to_owned()));
}
