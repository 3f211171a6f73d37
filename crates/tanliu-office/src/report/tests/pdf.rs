//! PDF 测试 Text, pages, bookmarks and fonts of the PDF files.

use super::extract::{objects, pages};
use super::{Report, long_table, sample};
use crate::report::{FontFile, ReportFonts, write_pdf, write_pdf_with};
use std::io::Write;
use std::process::{Command, Stdio};

fn dictionaries(pdf: &[u8]) -> String {
    objects(pdf).into_values().map(|(words, _)| words + "\n").collect()
}

#[test]
fn the_text_can_be_copied_with_its_subscripts() {
    let text = pages(&write_pdf(&sample()).unwrap()).concat();
    for wanted in [
        "虚构报告",
        "数据均为虚构",
        "运行 7",
        "cn/made-up@1.0",
        "一、概况",
        "排放 CO₂ 共 12.5 万t，其中 3×10⁴ t 为间接排放。",
        "表 1　能源",
        "消费量（tce）",
        "1,200.5",
        "天然气 & <管道>",
        "注：不含自备",
        "万tCO₂",
        "图 2　逐年排放",
        "缺",
        "[1]",
        "方法文档　第 3 页",
    ] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
}

#[test]
fn every_page_has_its_number_and_the_notice() {
    let pages = pages(&write_pdf(&sample()).unwrap());
    let count = pages.len();
    assert!(count >= 2);
    for (number, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("第 {number} 页　共 {count} 页")), "{page}");
        assert!(page.contains("数据均为虚构"), "{page}");
    }
}

#[test]
fn a_page_break_begins_a_page() {
    let pages = pages(&write_pdf(&sample()).unwrap());
    assert!(pages.last().unwrap().starts_with("二、来源"));
}

#[test]
fn the_file_says_its_language_its_title_and_no_time() {
    let words = dictionaries(&write_pdf(&sample()).unwrap());
    assert!(words.contains("/Lang (zh-CN)"));
    assert!(words.contains("/DisplayDocTitle true"));
    assert!(words.contains("/Title "));
    assert!(!words.contains("/CreationDate") && !words.contains("/ModDate"));
}

#[test]
fn headings_are_bookmarks_in_their_order_and_depth() {
    let objects = objects(&write_pdf(&sample()).unwrap());
    let root = objects.values().find(|(words, _)| words.contains("/Outlines ")).unwrap();
    assert!(root.0.contains("/PageMode /UseOutlines"));
    let items: Vec<&String> =
        objects.values().map(|(words, _)| words).filter(|words| words.contains("/Dest ")).collect();
    assert_eq!(items.len(), 3);
    assert!(items[0].contains("/First ") && items[0].contains("/Next "), "{}", items[0]);
    assert!(!items[1].contains("/Next ") && !items[1].contains("/Prev "), "{}", items[1]);
    assert!(items[2].contains("/Prev "), "{}", items[2]);
}

#[test]
fn without_fonts_chinese_is_called_by_its_code_of_gb1() {
    let words = dictionaries(&write_pdf(&sample()).unwrap());
    assert!(words.contains("/STSong-Light-UniGB-UCS2-H"));
    assert!(words.contains("/UniGB-UCS2-H") && words.contains("(GB1)"));
    assert!(!words.contains("/FontFile"));
}

#[test]
fn a_very_long_table_repeats_its_head_and_keeps_every_row() {
    let pages = pages(&write_pdf(&long_table(5000)).unwrap());
    assert!(pages.len() > 100, "{}", pages.len());
    for page in &pages {
        assert_eq!(page.matches("排放（t）").count(), 1);
    }
    assert!(pages[1].starts_with("续表 1\n"), "{}", pages[1]);
    let text = pages.concat();
    let rows = (0..5000).filter(|row| text.contains(&format!("\n企业{row}号\n"))).count();
    assert_eq!(rows, 5000);
}

#[test]
fn bytes_that_are_no_font_are_an_error() {
    let regular = Some(FontFile { bytes: b"no font", index: 0 });
    let result = write_pdf_with(&Report::default(), &ReportFonts { regular, bold: None });
    assert!(result.unwrap_err().to_string().starts_with("cannot use the font"));
}

/// Where Debian keeps the fonts that this is tried with.
const FONTS: [(&str, u32); 2] = [
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
];

#[test]
#[allow(clippy::print_stderr, reason = "what is not tried is named")]
fn a_given_font_is_embedded_with_the_used_signs_only() {
    for (path, index) in FONTS {
        let Ok(bytes) = std::fs::read(path) else {
            eprintln!("not tried: {path} is not there");
            continue;
        };
        let regular = Some(FontFile { bytes: &bytes, index });
        let fonts = ReportFonts { regular, bold: None };
        let pdf = write_pdf_with(&sample(), &fonts).unwrap();
        assert_eq!(write_pdf_with(&sample(), &fonts).unwrap(), pdf);
        assert!(pdf.len() < 200_000, "{}", pdf.len());
        assert!(dictionaries(&pdf).contains("/FontFile"));
        let text = pages(&pdf).concat();
        assert!(text.contains("其中 3×10⁴ t 为间接排放"), "{text}");
        let both = write_pdf_with(&sample(), &ReportFonts { regular, bold: regular }).unwrap();
        assert_eq!(dictionaries(&both).matches("/FontFile").count(), 2);
        assert_eq!(pages(&both), pages(&pdf));
    }
}

#[test]
#[allow(clippy::print_stderr, reason = "what is not tried is named")]
fn pdftotext_reads_the_same_text() {
    let started = Command::new("pdftotext")
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        eprintln!("not tried: pdftotext is not there");
        return;
    };
    child.stdin.take().unwrap().write_all(&write_pdf(&sample()).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    for wanted in ["虚构报告", "CO₂", "3×10⁴", "t 为间接排放。", "天然气 & <管道>"]
    {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
}
