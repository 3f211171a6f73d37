//! 敌意文字测试 Texts that try to break the file, to vanish, or to read otherwise than they are.

use super::extract::pages;
use super::{Block, Chart, Column, KeyFigure, Report, Series, Table, unzipped};
use crate::report::{ChartKind, write_docx, write_pdf};
use proptest::prelude::*;

fn paragraph(text: &str) -> Report {
    Report { blocks: vec![Block::Paragraph(text.to_owned())], ..Report::default() }
}

#[test]
fn what_does_not_show_is_shown_as_a_replacement() {
    let report = paragraph("a\u{0}b\u{1b}c\u{202e}d\u{200f}e\u{feff}f\u{fdd0}1\u{fdd0}g");
    let wanted = "a�b�c�d�e�f�1�g";
    assert!(pages(&write_pdf(&report).unwrap())[0].contains(wanted));
    let parts = unzipped(&write_docx(&report).unwrap());
    assert!(parts["word/document.xml"].contains(wanted));
}

#[test]
fn signs_that_no_font_has_are_squares_that_can_be_copied() {
    let text = "阿拉伯文 عربي 与表情 😀 与罕字 𠀀";
    assert!(pages(&write_pdf(&paragraph(text)).unwrap())[0].contains(text));
}

#[test]
fn a_cell_of_ten_thousand_letters_goes_over_pages_and_is_whole() {
    for cell in ["碳".repeat(10_000), "x".repeat(10_000), "。".repeat(10_000), "碳，".repeat(5000)]
    {
        let report = Report {
            blocks: vec![Block::Table(Table {
                columns: vec![Column::text("甲"), Column::figures("乙", "t")],
                rows: vec![vec![cell.clone(), "1".to_owned()], vec![String::new(), cell.clone()]],
                ..Table::default()
            })],
            ..Report::default()
        };
        let pages = pages(&write_pdf(&report).unwrap());
        assert!(pages.len() > 3, "{}", pages.len());
        let sign = cell.chars().next().unwrap();
        let times = cell.chars().filter(|other| *other == sign).count();
        let found = pages.concat().chars().filter(|other| *other == sign).count();
        assert_eq!(found, 2 * times);
        assert!(unzipped(&write_docx(&report).unwrap())["word/document.xml"].contains(&cell));
    }
}

#[test]
fn a_head_as_high_as_a_page_does_not_repeat_for_ever() {
    let report = Report {
        blocks: vec![Block::Table(Table {
            columns: vec![Column::text(&"头".repeat(5000)), Column::text("乙")],
            rows: vec![vec!["一".to_owned(), "二".to_owned()]; 200],
            ..Table::default()
        })],
        ..Report::default()
    };
    let text = pages(&write_pdf(&report).unwrap()).concat();
    assert_eq!(text.matches('头').count(), 5000);
    assert_eq!(text.matches("一\n二").count(), 200);
}

#[test]
fn charts_of_strange_numbers_are_drawn() {
    for values in [
        vec![],
        vec![None, None],
        vec![Some(f64::NAN), Some(f64::INFINITY)],
        vec![Some(1e300), Some(5.0)],
        vec![Some(-1e100), Some(1e100)],
        vec![Some(1e-300), Some(1e-301)],
        vec![Some(0.0), Some(0.0)],
        vec![Some(1e15), Some(1e15 + 0.125)],
    ] {
        for kind in [ChartKind::Bar, ChartKind::Line] {
            let chart = Chart {
                caption: "图".repeat(500),
                kind,
                categories: vec!["年".repeat(300), "二".to_owned()],
                series: vec![Series { name: "系列".repeat(300), values: values.clone() }; 40],
                ..Chart::default()
            };
            let report = Report { blocks: vec![Block::Chart(chart)], ..Report::default() };
            let pdf = write_pdf(&report).unwrap();
            assert!(!pdf.windows(3).any(|part| part == b"NaN" || part == b"inf"));
            assert!(write_docx(&report).is_ok());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_text_breaks_a_report(texts in prop::collection::vec(".{0,80}", 8)) {
        let mut texts = texts.into_iter().cycle();
        let mut next = || texts.next().unwrap();
        let report = Report {
            title: next(),
            notice: next(),
            blocks: vec![
                Block::Heading { level: 9, text: next() },
                Block::Paragraph(next()),
                Block::Table(Table {
                    caption: next(),
                    columns: vec![Column::figures(&next(), &next()), Column::text(&next())],
                    rows: vec![vec![next(), next()], vec![next()], vec![]],
                    note: next(),
                }),
                Block::KeyFigures(vec![KeyFigure { label: next(), value: next(), ..KeyFigure::default() }]),
            ],
            ..Report::default()
        };
        prop_assert!(!pages(&write_pdf(&report).unwrap()).is_empty());
        prop_assert!(!unzipped(&write_docx(&report).unwrap()).is_empty());
    }
}
