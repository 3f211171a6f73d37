//! What a hostile document says stays text.

use super::{assert_well_formed, document, page};
use crate::page::{ExampleResult, ExampleRow, FactorSource, PageOptions, write_page};
use tanliu_diagnostic::Lang;

const BAD: &str = "<script>alert(1)</script>";

#[test]
fn scripts_in_labels_members_messages_and_attributes_are_text() {
    let text = document(&format!(
        "index fuel = coal \"{BAD}\" | \"<img src=x onerror=alert(1)>\"\n\
         input x[fuel] : t \"{BAD}\" default 0\n  source \"{BAD}\"\n  standing \"{BAD}\"\n\
         param p[fuel] : t = {{ coal: 1, \"<img src=x onerror=alert(1)>\": 2 }} \"{BAD}\"\n\
         output y : t = sum(x + p over fuel) + (if \"{BAD}\" = \"a\" then 1 t else 0) \"{BAD}\"\n\
         z : t = x[fuel = coal] \"{BAD}\"\n\
         require y >= 0 \"{BAD}\"\nrequire evidence \"{BAD}\""
    ));
    for lang in [Lang::Zh, Lang::En] {
        let html = page(&text, lang);
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert_well_formed(&html);
    }
}

#[test]
fn scripts_in_prose_titles_and_front_matter_are_text() {
    let text = format!(
        "---\nid: \"a{BAD}\"\nversion: \"{BAD}\"\ntitle: {{ zh: \"{BAD}\", en: \"{BAD} b\" }}\n\
         kind: account\nstatus: draft\nissuer: \"{BAD}\"\n\
         sources:\n  - {{ title: \"{BAD}\", section: \"{BAD}\" }}\n---\n\
         # A {BAD}\n\n{BAD}\n\ntext {BAD} <b onclick=x>c</b> <sub>2</sub> <sup>open\n\n\
         <iframe src=\"//x\"></iframe>\n\n<!-- note -->\n\n\
         | {BAD} | b |\n|---|---|\n| {BAD} | <style>*{{}}</style> |\n\n\
         ```\n{BAD}\n```\n\n`{BAD}`\n"
    );
    let checked = super::checked(&text);
    let html = write_page(&checked, &PageOptions::default());
    for forbidden in ["<script", "<iframe", "<b ", "<style>*", "<!-- note"] {
        assert!(!html.contains(forbidden), "{forbidden} in {html}");
    }
    assert!(html.contains("<sub>2</sub>"), "sub and sup only set type");
    assert!(html.contains("<sup>open</sup></p>"), "what is left open is closed");
    assert_well_formed(&html);
}

#[test]
fn links_that_could_run_lose_their_target() {
    let text = document("index year : year")
        + "\n[a](javascript:alert(1)) [b](JaVa\tScript:alert(1)) [c](data:text/html,x) \
           [d](https://a.cn/?q=\"x\"&y) [e](other.md#f) ![f](http://a.cn/i.png) <javascript:alert(1)>\n";
    let html = page(&text, Lang::Zh);
    assert!(!html.to_lowercase().contains("href=\"javascript"), "{html}");
    assert!(!html.contains("href=\"data:"));
    assert!(html.contains("href=\"https://a.cn/?q=") && html.contains("href=\"other.md#f\""));
    assert!(!html.contains("<img"), "a picture is a link, not fetched");
    assert!(html.contains("default-src 'none'"), "and the browser is told so");
    assert_well_formed(&html);
}

#[test]
fn results_and_factor_sources_are_text_too() {
    let text = document("index year : year") + "\n## 算例 甲\n\nGiven: a = 1\n";
    let checked = super::checked(&text);
    let row = ExampleRow {
        name: BAD.into(),
        key: BAD.into(),
        unit: BAD.into(),
        expected: BAD.into(),
        actual: BAD.into(),
        difference: BAD.into(),
        passed: false,
    };
    let result = ExampleResult {
        title: "算例 甲".into(),
        message: BAD.into(),
        rows: vec![row],
        ..ExampleResult::default()
    };
    let source = FactorSource {
        set: format!("\"{BAD}"),
        title: BAD.into(),
        issuer: BAD.into(),
        source: BAD.into(),
        standing: BAD.into(),
        verified: false,
    };
    let options =
        PageOptions { lang: Lang::Zh, examples: vec![result], factor_sources: vec![source] };
    let html = write_page(&checked, &options);
    assert!(!html.contains("<script"), "{html}");
    assert_well_formed(&html);
}
