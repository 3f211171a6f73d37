//! 企业报告测试 What the yearly report of an enterprise says.

use super::Block;
use super::extract::pages;
use crate::report::enterprise::{EnterpriseReport, Origin, Rank, YearSeries, enterprise_report};
use crate::report::{write_docx, write_pdf};

fn input() -> EnterpriseReport {
    EnterpriseReport {
        name: "虚构厂".to_owned(),
        year: "2021".to_owned(),
        notice: "演示数据，纯属虚构".to_owned(),
        years: vec!["2020".to_owned(), "2021".to_owned()],
        fuels: vec![YearSeries {
            name: "原煤".to_owned(),
            unit: "t".to_owned(),
            decimals: 1,
            values: vec![Some(1234.56)],
        }],
        rank: Some(Rank { place: 3, count: 9, decimals: 2, own: Some(0.5), ..Rank::default() }),
        origins: vec![Origin {
            figure: "原煤".to_owned(),
            run: "12".to_owned(),
            output: "fuel_use".to_owned(),
            document: "cn/made-up".to_owned(),
            version: "1.0".to_owned(),
            digest: "sha256:abcd".to_owned(),
        }],
        ..EnterpriseReport::default()
    }
}

#[test]
fn the_report_has_its_sections_and_the_origin_of_each_figure() {
    let report = enterprise_report(&input());
    assert_eq!(report.title, "虚构厂2021年度能源与碳排放报告");
    let headings = report
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Heading { level: 1, .. }))
        .count();
    assert_eq!(headings, 8);
    let text = pages(&write_pdf(&report).unwrap()).concat();
    for wanted in ["1,234.6", "fuel_use", "cn/made-up@1.0", "sha256:abcd", "第 3 位，共 9 家"]
    {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    assert!(write_docx(&report).is_ok());
}

#[test]
fn a_missing_value_is_a_dash_and_is_listed_as_missing() {
    let text = pages(&write_pdf(&enterprise_report(&input())).unwrap()).concat();
    assert!(text.contains("· 原煤：缺 2021"), "{text}");
    assert!(text.contains("“—”表示缺失，不是零。"), "{text}");
    assert!(!text.contains("0.0"), "{text}");
}

#[test]
fn the_notice_stands_on_every_page() {
    for page in pages(&write_pdf(&enterprise_report(&input())).unwrap()) {
        assert!(page.contains("演示数据，纯属虚构"));
    }
}

#[test]
fn an_enterprise_without_data_is_told_what_is_not_there() {
    let report = enterprise_report(&EnterpriseReport::default());
    let text = pages(&write_pdf(&report).unwrap()).concat();
    for wanted in ["没有能源消费数据。", "没有碳排放计算结果。", "没有预警。", "没有缺项。"]
    {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
}
