//! The page as a whole.

use super::{SAMPLE, assert_well_formed, checked, page};
use crate::page::{ExampleResult, ExampleRow, ExampleStatus, PageOptions, write_page};
use tanliu_diagnostic::Lang;

fn results() -> Vec<ExampleResult> {
    let row = ExampleRow {
        name: "co2".into(),
        key: "2024".into(),
        unit: "tCO2".into(),
        expected: "291.10".into(),
        actual: "291.1000".into(),
        difference: "0.0000".into(),
        passed: true,
    };
    let bad = ExampleRow { actual: "300.0".into(), passed: false, ..row.clone() };
    vec![ExampleResult {
        title: "算例 一座小园区".into(),
        status: ExampleStatus::Failed,
        message: String::new(),
        rows: vec![row, bad],
    }]
}

#[test]
fn the_sample_has_all_its_parts_in_both_languages() {
    for (lang, words) in [
        (Lang::Zh, ["适用条件", "监测计划", "符号表", "算例结果", "注意", "草案"]),
        (Lang::En, ["requirements", "monitoring plan", "symbols", "examples", "beware", "draft"]),
    ] {
        let html = page(SAMPLE, lang);
        assert_well_formed(&html);
        for word in words {
            assert!(html.contains(word), "no {word}");
        }
        assert!(html.contains("第 12 页") || html.contains("p. 12"));
        assert!(html.contains("id=\"formula-co2\""));
        assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
    }
}

#[test]
fn every_link_on_the_page_leads_somewhere() {
    let html = page(SAMPLE, Lang::Zh);
    let mut ids: Vec<&str> =
        html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for link in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(&link), "#{link} leads nowhere");
    }
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "every place has a name of its own");
}

#[test]
fn doubtful_figures_are_named_in_the_banner() {
    let html = page(SAMPLE, Lang::Zh);
    let banner = html.split("class=\"banner\"").nth(1).unwrap().split("</div>").next().unwrap();
    assert!(banner.contains("化石能源排放因子") && banner.contains("电力排放因子"), "{banner}");
    assert!(banner.contains("报送门槛"), "open parameters too");
    assert!(
        !banner.contains("供电基准值"),
        "a figure that says nothing of its standing is not accused"
    );
    let official = SAMPLE
        .replace("status: draft", "status: official")
        .replace("\"secondary\"", "\"verified\"")
        .replace("\"memory\"", "\"verified\"")
        .replace("= ? \"报送门槛\"", "= 1 \"报送门槛\"");
    assert!(!page(&official, Lang::Zh).contains("class=\"banner\""));
}

#[test]
fn results_stand_under_their_example_with_a_sign_and_a_word() {
    let options = PageOptions { examples: results(), ..PageOptions::default() };
    let html = write_page(&checked(SAMPLE), &options);
    assert_well_formed(&html);
    let example =
        html.split("id=\"example-1\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(
        example.contains("<caption>给定：化石能源消费量 energy、所在镇 town_of</caption>"),
        "{example}"
    );
    assert!(example.contains("应得：二氧化碳排放量 co2 ± 0.01"));
    assert!(
        example.contains("291.1000") && example.contains("✓ 通过") && example.contains("✗ 不符")
    );
    assert!(!example.contains("Table: given"), "the caption says it");
    assert!(!example.contains("参考文献"), "the example ends where its section ends");
}

#[test]
fn an_example_without_a_result_is_not_passed() {
    let html = page(SAMPLE, Lang::Zh);
    assert!(html.contains("– 未运行") && !html.contains("✓ 通过"));
}

#[test]
fn chinese_lines_join_without_a_blank() {
    let html = page(SAMPLE, Lang::Zh);
    assert!(html.contains("核算方法，适用于按年"), "{html}");
}

#[test]
fn parameters_with_two_indexes_are_grids() {
    let html = page(SAMPLE, Lang::Zh);
    let grid = html.split("fuel ＼ gas_kind").nth(1).unwrap().split("</table>").next().unwrap();
    assert!(grid.contains("<th scope=\"row\">煤炭</th><td>0.9</td><td>0.1</td>"), "{grid}");
    assert!(html.contains("2019 起"));
}

#[test]
fn a_document_with_errors_is_shown_with_its_source() {
    let text = super::document("output y : t = missing +\ninput x : t \"甲\"");
    let checked = checked(&text);
    assert!(checked.diagnostics.has_errors());
    let html = write_page(&checked, &PageOptions::default());
    assert_well_formed(&html);
    assert!(html.contains("处错误") && html.contains("output y : t = missing +"));
}

#[test]
fn the_same_document_gives_the_same_page() {
    assert_eq!(page(SAMPLE, Lang::En), page(SAMPLE, Lang::En));
}

#[test]
fn any_text_gives_a_well_formed_page() {
    use proptest::prelude::*;
    let piece = prop_oneof![
        Just("# "),
        Just("<b>"),
        Just("</sub>"),
        Just("<sup>"),
        Just("| a | b |\n|---|---|\n| c |"),
        Just("\n\n"),
        Just("\n"),
        Just("```tan\n"),
        Just("```\n"),
        Just("index a = b | c\n"),
        Just("y = 1 + \n"),
        Just("- "),
        Just("> "),
        Just("*"),
        Just("**"),
        Just("[a](b)"),
        Just("`a`"),
        Just("---\n"),
        Just("## 算例 x\n\n"),
        Just("Table: given a\n\n"),
        Just("文"),
        Just("&lt;"),
        Just("<!-- "),
        Just("-->"),
        Just("<div>"),
        Just("![i](u)"),
        Just("    "),
    ];
    let texts = prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat());
    let config =
        ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(text in texts)| {
        assert_well_formed(&write_page(&checked(&text), &PageOptions::default()));
    });
}
