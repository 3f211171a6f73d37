//! 报告测试 What both writers promise.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod docx;
mod enterprise;
mod extract;
mod hostile;
mod pdf;
mod wrap;

use super::*;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// A report with one block of every kind.
fn sample() -> Report {
    let heading = |level, text: &str| Block::Heading { level, text: text.to_owned() };
    Report {
        title: "虚构报告".to_owned(),
        subtitle: "只为测试".to_owned(),
        notice: "数据均为虚构".to_owned(),
        facts: Facts {
            run: "运行 7".to_owned(),
            document: "cn/made-up@1.0".to_owned(),
            digest: "sha256:00ff".to_owned(),
            date: "2024年3月1日".to_owned(),
        },
        blocks: vec![
            heading(1, "一、概况"),
            Block::Paragraph("排放 CO₂ 共 12.5 万t，其中 3×10⁴ t 为间接排放。".to_owned()),
            heading(2, "（一）表"),
            Block::Table(Table {
                caption: "能源".to_owned(),
                columns: vec![Column::text("品种"), Column::figures("消费量", "tce")],
                rows: vec![
                    vec!["原煤".to_owned(), "1,200.5".to_owned()],
                    vec!["天然气 & <管道>".to_owned()],
                ],
                note: "不含自备".to_owned(),
            }),
            Block::KeyFigures(vec![KeyFigure {
                label: "碳排放".to_owned(),
                value: "12.5".to_owned(),
                unit: "万tCO₂".to_owned(),
                note: String::new(),
            }]),
            Block::Chart(chart(ChartKind::Bar)),
            Block::Chart(chart(ChartKind::Line)),
            Block::PageBreak,
            heading(1, "二、来源"),
            Block::Sources(vec![Source {
                title: "方法文档".to_owned(),
                text: "第 3 页".to_owned(),
            }]),
        ],
        ..Report::default()
    }
}

/// A chart in which the value of 2021 is missing.
fn chart(kind: ChartKind) -> Chart {
    Chart {
        caption: "逐年排放".to_owned(),
        kind,
        unit: "tCO₂".to_owned(),
        categories: ["2020", "2021", "2022"].map(str::to_owned).to_vec(),
        series: vec![
            Series { name: "生产侧".to_owned(), values: vec![Some(3.0), None, Some(-2.5)] },
            Series { name: "消费侧".to_owned(), values: vec![Some(1.0)] },
        ],
        note: String::new(),
    }
}

/// A report of one table with so many rows.
fn long_table(rows: usize) -> Report {
    Report {
        blocks: vec![Block::Table(Table {
            caption: "长表".to_owned(),
            columns: vec![Column::text("企业"), Column::figures("排放", "t")],
            rows: (0..rows).map(|row| vec![format!("企业{row}号"), row.to_string()]).collect(),
            note: String::new(),
        })],
        ..Report::default()
    }
}

/// The parts of a docx by name.
fn unzipped(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|number| {
            let mut file = archive.by_index(number).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

#[test]
fn the_same_report_gives_the_same_bytes_whatever_was_written_before() {
    let report = sample();
    let (docx, pdf) = (write_docx(&report).unwrap(), write_pdf(&report).unwrap());
    write_docx(&long_table(3)).unwrap();
    assert_eq!(write_docx(&report).unwrap(), docx);
    assert_eq!(write_pdf(&report).unwrap(), pdf);
    let elsewhere =
        std::thread::spawn(move || (write_docx(&report).unwrap(), write_pdf(&report).unwrap()));
    assert_eq!(elsewhere.join().unwrap(), (docx, pdf));
}

#[test]
fn an_empty_report_is_one_page() {
    let empty = Report::default();
    assert_eq!(extract::pages(&write_pdf(&empty).unwrap()).len(), 1);
    assert!(unzipped(&write_docx(&empty).unwrap()).contains_key("word/document.xml"));
}

#[test]
fn a_table_wider_than_a_page_is_refused() {
    let mut report = long_table(1);
    let Block::Table(table) = &mut report.blocks[0] else { panic!("a table") };
    table.columns = (0..25).map(|number| Column::text(&number.to_string())).collect();
    for result in [write_docx(&report), write_pdf(&report)] {
        let message = result.unwrap_err().to_string();
        assert_eq!(message, "table 长表 has 25 columns; a printed report shows at most 24");
    }
}

#[test]
fn cells_beyond_the_head_are_refused_and_not_dropped() {
    let mut report = long_table(1);
    let Block::Table(table) = &mut report.blocks[0] else { panic!("a table") };
    table.rows[0].push("多出".to_owned());
    assert!(write_docx(&report).is_err());
    assert!(write_pdf(&report).is_err());
}

#[test]
fn numbers_are_shown_in_groups_and_zero_has_no_sign() {
    assert_eq!(shown(1_234_567.891, 2), "1,234,567.89");
    assert_eq!(shown(-999.5, 0), "-1,000");
    assert_eq!(shown(-0.001, 2), "0.00");
    assert_eq!(shown(123.0, 0), "123");
    assert_eq!(shown(f64::NAN, 2), "NaN");
    assert_eq!(shown(1e300, 2), "1e300");
}

#[test]
fn an_axis_holds_all_values_in_round_steps() {
    let axis = crate::report::chart::Axis::of(&chart(ChartKind::Bar));
    assert_eq!((axis.low, axis.high, axis.step), (-3.0, 3.0, 1.0));
    let labels: Vec<&str> = axis.ticks.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(labels, ["-3", "-2", "-1", "0", "1", "2", "3"]);
}
