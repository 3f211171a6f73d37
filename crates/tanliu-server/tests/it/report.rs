//! 企业报告 A file for whoever may read the enterprise, in the format and the language asked.

use crate::world::{World, row};
use axum::http::StatusCode;
use serde_json::{Value, json};
use tanliu_platform::figure::FigureTable;

/// Figures of two enterprises as the panorama gives them.
fn known() -> World {
    let world = World::new();
    let table = FigureTable {
        output: "energy_enterprise".to_owned(),
        label: "企业能源消费".to_owned(),
        unit: "tce".to_owned(),
        indexes: vec!["enterprise".to_owned(), "year".to_owned()],
        rows: vec![row(&["E1", "2021"], Some(41.5), ""), row(&["E2", "2021"], Some(777.25), "")],
    };
    world.store.0.lock().unwrap().figures.get_mut(&1).unwrap().push(table);
    world
}

#[tokio::test]
async fn an_enterprise_takes_its_report_for_word_and_for_paper() {
    let world = known();
    let e1 = world.sign_in("e1").await;
    let path = "/api/v1/enterprises/E1/report?year=2021";
    let word = e1.get(path).await;
    assert_eq!((word.status, &word.bytes[..2]), (StatusCode::OK, b"PK".as_slice()));
    assert!(word.header("content-type").ends_with("wordprocessingml.document"));
    let name = "attachment; filename=\"E1-2021-report.docx\"; filename*=UTF-8''E1%20%E7%BB%87\
                %E9%80%A0%E5%8E%82-2021%E5%B9%B4%E8%83%BD%E7%A2%B3%E6%8A%A5%E5%91%8A.docx";
    assert_eq!(word.header("content-disposition"), name);
    let paper = e1.get(&format!("{path}&format=pdf")).await;
    assert_eq!(&paper.bytes[..4], b"%PDF");
    assert_eq!(paper.header("content-type"), "application/pdf");
    let english = e1.get(&format!("{path}&format=pdf&lang=en")).await;
    assert_eq!(&english.bytes[..4], b"%PDF");
    assert_ne!(english.bytes, paper.bytes);
    assert!(english.header("content-disposition").contains("-2021-energy-carbon-report.pdf"));
    assert_eq!(e1.get(path).await.bytes, word.bytes);
    let kept = world.store.0.lock().unwrap();
    let acts = kept.trail.iter().map(|own| &own.act).filter(|own| own.verb == "enterprise.report");
    let acts: Vec<_> = acts.map(|own| (own.by.as_str(), own.object.as_str(), &own.facts)).collect();
    assert_eq!((acts.len(), acts[2].0, acts[2].1), (4, "e1", "enterprise/E1"));
    let facts: Value = serde_json::from_str(acts[2].2).unwrap();
    assert_eq!((&facts["format"], &facts["lang"]), (&json!("pdf"), &json!("en")));
    assert_eq!((&facts["year"], &facts["run"]), (&json!("2021"), &json!(1)));
}

#[tokio::test]
async fn the_report_of_another_enterprise_is_absent_and_no_act_is_written() {
    let world = known();
    let e2 = world.sign_in("e2").await;
    let other = e2.get("/api/v1/enterprises/E1/report?year=2021").await;
    let nobody = e2.get("/api/v1/enterprises/E9/report?year=2021").await;
    assert_eq!((other.status, other.code().as_str()), (StatusCode::NOT_FOUND, "absent"));
    assert_eq!(other.bytes, nobody.bytes);
    assert!(!world.store.verbs().contains(&"enterprise.report".to_owned()));
}

#[tokio::test]
async fn a_year_a_format_or_a_language_that_there_is_not_is_refused() {
    let world = known();
    let e1 = world.sign_in("e1").await;
    for query in ["", "?year=21", "?year=-021", "?year=2021&format=odt", "?year=2021&lang=fr"] {
        let refused = e1.get(&format!("/api/v1/enterprises/E1/report{query}")).await;
        assert_eq!(refused.code(), "bad-request", "{query}");
    }
}

#[tokio::test]
async fn without_a_run_there_is_a_report_that_says_so() {
    let world = known();
    world.store.0.lock().unwrap().runs.clear();
    let e1 = world.sign_in("e1").await;
    let report = e1.get("/api/v1/enterprises/E1/report?year=2021&format=pdf").await;
    assert_eq!((report.status, &report.bytes[..4]), (StatusCode::OK, b"%PDF".as_slice()));
}
