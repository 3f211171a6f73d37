//! docx 测试 The parts of the Word documents.

use super::{Block, Report, long_table, sample, unzipped};
use crate::report::write_docx;

#[test]
fn headings_have_real_styles_with_levels_and_chinese_fonts() {
    let parts = unzipped(&write_docx(&sample()).unwrap());
    let (document, styles) = (&parts["word/document.xml"], &parts["word/styles.xml"]);
    assert!(document.contains("<w:pStyle w:val=\"Heading1\" />"));
    assert!(document.contains("<w:pStyle w:val=\"Heading2\" />"));
    for level in 1..=3 {
        let id = format!("w:styleId=\"Heading{level}\"");
        let style = styles.split_once(&id).unwrap().1.split_once("</w:style>").unwrap().0;
        assert!(style.contains(&format!("<w:name w:val=\"heading {level}\" />")), "{style}");
        assert!(style.contains(&format!("<w:outlineLvl w:val=\"{}\" />", level - 1)), "{style}");
        assert!(style.contains("w:eastAsia=\"黑体\""), "{style}");
    }
    let defaults = styles.split_once("</w:docDefaults>").unwrap().0;
    assert!(defaults.contains("w:eastAsia=\"宋体\""));
    assert!(defaults.contains("<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/>"));
    assert_eq!(styles.matches("w:styleId=\"Normal\"").count(), 1);
}

#[test]
fn the_head_of_a_table_repeats_and_only_the_head() {
    let parts = unzipped(&write_docx(&long_table(3000)).unwrap());
    let document = &parts["word/document.xml"];
    assert_eq!(document.matches("<w:tblHeader/>").count(), 1);
    assert_eq!(document.matches("<w:tr>").count(), 3001);
    let head = document.split_once("<w:tblHeader/>").unwrap().1.split_once("</w:tr>").unwrap().0;
    assert!(head.contains("排放（t）"), "{head}");
    assert!(document.contains("企业2999号"));
}

#[test]
fn pages_are_numbered_and_carry_the_notice() {
    let parts = unzipped(&write_docx(&sample()).unwrap());
    let foot = &parts["word/footer1.xml"];
    assert!(foot.contains("PAGE") && foot.contains("NUMPAGES"), "{foot}");
    assert!(parts["word/header1.xml"].contains("数据均为虚构"));
}

#[test]
fn the_properties_have_a_title_a_language_and_no_time() {
    let core = &unzipped(&write_docx(&sample()).unwrap())["docProps/core.xml"];
    assert!(core.contains("<dc:title>虚构报告</dc:title>"));
    assert!(core.contains("<dc:language>zh-CN</dc:language>"));
    assert_eq!(core.matches("1980-01-01T00:00:00Z").count(), 2);
}

#[test]
fn a_chart_is_words_own_and_leaves_a_gap_where_a_value_is_missing() {
    let parts = unzipped(&write_docx(&sample()).unwrap());
    let document = &parts["word/document.xml"];
    assert!(document.contains("r:id=\"rIdChart1\"") && document.contains("r:id=\"rIdChart2\""));
    assert!(!document.contains(crate::report::docx::CHART_MARK));
    assert!(parts["word/_rels/document.xml.rels"].contains("charts/chart2.xml"));
    assert!(parts["[Content_Types].xml"].contains("/word/charts/chart1.xml"));
    let chart = &parts["word/charts/chart1.xml"];
    assert!(chart.contains("<c:pt idx=\"0\"><c:v>3</c:v></c:pt><c:pt idx=\"2\"><c:v>-2.5</c:v>"));
    assert!(chart.contains("<c:dispBlanksAs val=\"gap\"/>"));
    assert!(parts["word/charts/chart2.xml"].contains("<c:lineChart>"));
}

#[test]
fn texts_are_escaped() {
    let report = Report {
        title: "</w:t><w:cantSplit />&\"'".to_owned(),
        blocks: vec![Block::Paragraph(" <w:cantSplit /> 两头空格 ".to_owned())],
        ..Report::default()
    };
    let parts = unzipped(&write_docx(&report).unwrap());
    let document = &parts["word/document.xml"];
    assert!(!document.contains("<w:tblHeader/>"));
    assert!(document.contains(" 两头空格 </w:t>"));
    assert!(parts["docProps/core.xml"].contains("&lt;/w:t&gt;&lt;w:cantSplit /&gt;&amp;&quot;"));
}
