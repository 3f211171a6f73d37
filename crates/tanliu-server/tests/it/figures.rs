//! 取数 Figures cut to reach, their CSV, their derivation, their comparison, runs and packs.

use crate::world::{Browser, World, row};
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tanliu_platform::moment::Moment;

async fn enterprises_in(browser: &Browser, path: &str) -> Vec<String> {
    let answered = browser.get(path).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.text());
    let json = answered.json();
    let rows = json["tables"][0]["rows"].as_array().unwrap();
    rows.iter().map(|row| row["keys"][0].as_str().unwrap().to_owned()).collect()
}

const CO2: &str = "/api/v1/figures?calculation=panorama&output=co2&where=year:2021";

#[tokio::test]
async fn a_table_by_enterprise_is_cut_to_reach() {
    let world = World::new();
    let seen = [
        ("district", vec!["E1", "E2", "E3"]),
        ("statistics", vec!["E1", "E2", "E3"]),
        ("town1", vec!["E1", "E3"]),
        ("e1", vec!["E1"]),
        ("verifier", vec!["E1"]),
        ("admin", vec![]),
    ];
    // Twice: what was cut for one is not handed to another from memory.
    for _ in 0..2 {
        for (name, wanted) in &seen {
            let browser = world.sign_in(name).await;
            assert_eq!(&enterprises_in(&browser, CO2).await, wanted, "{name}");
        }
    }
    let e1 = world.sign_in("e1").await;
    let others = format!("{CO2};enterprise:E2");
    assert!(enterprises_in(&e1, &others).await.is_empty());
}

#[tokio::test]
async fn a_town_or_a_sector_narrows_tables_of_enterprises() {
    let world = World::new();
    let browser = world.sign_in("district").await;
    assert_eq!(enterprises_in(&browser, &format!("{CO2};town:T2")).await, ["E2"]);
    assert_eq!(enterprises_in(&browser, &format!("{CO2};sector:building")).await, ["E3"]);
}

#[tokio::test]
async fn tables_without_enterprises_are_for_everybody_and_the_order_is_that_asked() {
    let world = World::new();
    let browser = world.sign_in("e2").await;
    let path = "/api/v1/figures?run=1&output=total,co2_town,nothing&where=town:T1";
    let json = browser.get(path).await.json();
    assert_eq!(json["run"]["document"]["id"], "cn/district/panorama");
    assert_eq!(json["run"]["current"], true);
    let tables = json["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 2);
    assert_eq!(tables[0]["output"], "total");
    assert_eq!(tables[0]["rows"], json!([{ "keys": [], "number": 75.0, "text": "" }]));
    assert_eq!(tables[1]["rows"], json!([{ "keys": ["T1", "2021"], "number": 50.0, "text": "" }]));
    assert_eq!(tables[1]["unit"], "tCO2");
}

#[tokio::test]
async fn a_table_is_read_once_and_not_sent_to_who_has_it() {
    let world = World::new();
    let (one, other) = (world.sign_in("district").await, world.sign_in("statistics").await);
    let first = one.get(CO2).await;
    let reads = world.store.0.lock().unwrap().figure_reads;
    let second = other.get(CO2).await;
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(world.store.0.lock().unwrap().figure_reads, reads);
    let again = one.request("GET", CO2).header("if-none-match", first.header("etag"));
    let again = one.ask(again.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    assert!(first.header("cache-control").contains("private"));
}

#[tokio::test]
async fn too_many_rows_want_a_restriction_or_a_limit() {
    let world = World::with(|config| config.limits.rows = 4);
    let browser = world.sign_in("district").await;
    let all = "/api/v1/figures?calculation=panorama&output=co2";
    let refused = browser.get(all).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::BAD_REQUEST, "bad-request"));
    let some = browser.get(&format!("{all}&limit=2")).await.json();
    assert_eq!(some["tables"][0]["rows"].as_array().unwrap().len(), 2);
    assert_eq!(some["tables"][0]["count"], 6);
    assert_eq!(enterprises_in(&browser, &format!("{all}&where=town:T1")).await.len(), 4);
    let own = world.sign_in("e1").await;
    assert_eq!(enterprises_in(&own, all).await, ["E1", "E1"]);
}

#[tokio::test]
async fn csv_has_the_unit_in_its_header_and_an_address_in_every_row() {
    let world = World::new();
    let browser = world.sign_in("e1").await;
    let path = "/api/v1/figures.csv?run=1&output=co2&where=year:2021";
    let answered = browser.get(path).await;
    assert_eq!(
        answered.text(),
        "\u{feff}enterprise,year,co2 的名称 [tCO2],文字 text,地址 address\r\n\
         E1,2021,15,,\"1/co2[enterprise=E1,year=2021]\"\r\n"
    );
    assert_eq!(answered.header("content-type"), "text/csv; charset=utf-8");
    assert!(answered.header("content-disposition").contains("co2-1.csv"));
    assert!(world.store.verbs().contains(&"figures.export".to_owned()));
}

#[tokio::test]
async fn a_derivation_withholds_the_branches_of_others() {
    let world = World::new();
    let path = "/api/v1/explain?figure=1/co2_town[town=T1,year=2021]";
    let path = path.replace('[', "%5B").replace(']', "%5D");
    let whole = world.sign_in("district").await.get(&path).await.json();
    assert_eq!(whole["tree"]["operands"].as_array().unwrap().len(), 2);
    assert_eq!(whole["tree"]["withheld"], Value::Null);
    assert_eq!(whole["clause"]["heading"], "5.1");
    let cut = world.sign_in("e1").await.get(&path).await;
    assert!(!cut.text().contains("E2"));
    assert_eq!(cut.json()["tree"]["withheld"], 1);
    let others = "/api/v1/explain?figure=1/co2%5Benterprise=E2,year=2021%5D";
    let hidden = world.sign_in("e1").await.get(others).await;
    let absent = "/api/v1/explain?figure=1/co2%5Benterprise=E9,year=2021%5D";
    let absent = world.sign_in("e1").await.get(absent).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    assert_eq!(hidden.bytes, absent.bytes);
}

#[tokio::test]
async fn a_derivation_names_who_reviewed_the_data_that_counted() {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    e1.hand_in(["energy", "E1", "2021"], "burned||2021|1").await;
    for (name, step, edition) in
        [("e1", "submit", 0), ("statistics", "pass", 1), ("district", "approve", 2)]
    {
        let wanted = json!({ "step": step, "edition": edition });
        let browser = world.sign_in(name).await;
        browser.send("POST", "/api/v1/submissions/1/steps", wanted).await;
    }
    let path = |run: i64| format!("/api/v1/explain?figure={run}/co2%5Benterprise=E1,year=2021%5D");
    assert_eq!(e1.get(&path(1)).await.json()["reviewers"], json!([]));
    world.clock.go(1000);
    let district = world.sign_in("district").await;
    district.send("POST", "/api/v1/runs", json!({ "calculation": "panorama" })).await;
    let reviewers = e1.get(&path(2)).await.json()["reviewers"].clone();
    let by: Vec<&Value> = reviewers.as_array().unwrap().iter().map(|own| &own["by"]).collect();
    assert_eq!(by, ["e1", "statistics", "district"]);
}

#[tokio::test]
async fn an_index_of_another_name_is_cut_by_its_keys() {
    let world = World::new();
    let mut firms = crate::world::tables()[0].clone();
    (firms.output, firms.indexes[0]) = ("firm".to_owned(), "object".to_owned());
    world.store.0.lock().unwrap().figures.get_mut(&1).unwrap().push(firms);
    let path = "/api/v1/figures?run=1&output=firm&where=year:2021";
    let all = world.sign_in("district").await;
    assert_eq!(enterprises_in(&all, path).await, ["E1", "E2", "E3"]);
    assert_eq!(enterprises_in(&world.sign_in("e2").await, path).await, ["E2"]);
}

#[tokio::test]
async fn a_run_is_started_by_who_calculates_and_becomes_the_current_one() {
    let world = World::new();
    let wanted = json!({ "calculation": "panorama", "as_of": "2023-12-31T16:00:00.000Z" });
    let refused = world.sign_in("e1").await.send("POST", "/api/v1/runs", wanted.clone()).await;
    assert_eq!(refused.code(), "not-permitted");
    let browser = world.sign_in("statistics").await;
    let run = browser.send("POST", "/api/v1/runs", wanted).await.json();
    assert_eq!((&run["id"], &run["by"]), (&json!(2), &json!("statistics")));
    assert_eq!(run["as_of"], "2023-12-31T16:00:00.000Z");
    let district = browser.get("/api/v1/district").await.json();
    assert_eq!(district["calculations"][0]["current"]["id"], 2);
    assert_eq!(browser.get("/api/v1/runs?calculation=panorama").await.json()[1]["id"], 1);
    let page = browser.get("/api/v1/runs/1").await.json();
    assert_eq!((&page["id"], &page["manifest"]["seed"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn what_a_day_reported_and_what_today_says_stand_side_by_side() {
    let world = World::new();
    let browser = world.sign_in("district").await;
    browser.send("POST", "/api/v1/runs", json!({ "calculation": "panorama" })).await;
    {
        let mut kept = world.store.0.lock().unwrap();
        let run = kept.runs.get_mut(&2).unwrap();
        (run.document.1, run.document_digest) = ("2".to_owned(), "d2".to_owned());
        run.as_of = Moment(run.as_of.0 + 5);
        kept.figures.get_mut(&2).unwrap()[0].rows[1] = row(&["E1", "2021"], Some(16.0), "");
    }
    let path = "/api/v1/compare?calculation=panorama&then=1&now=2&output=co2&where=year:2021";
    let json = browser.get(path).await.json();
    assert_eq!(json["rows"][0]["keys"], json!(["E1", "2021"]));
    assert_eq!((&json["rows"][0]["then"], &json["rows"][0]["now"]), (&json!(15.0), &json!(16.0)));
    assert_eq!(json["rows"][0]["cause"].as_array().unwrap().len(), 2);
    assert!(json["rows"][0]["cause"][0]["en"].as_str().unwrap().contains("panorama@2"));
    assert_eq!(json["rows"][1]["cause"], json!([]));
}

#[tokio::test]
async fn a_pack_is_for_who_may_read_every_enterprise_and_a_replay_hides_others() {
    let world = World::new();
    let verifier = world.sign_in("verifier").await;
    assert_eq!(verifier.get("/api/v1/runs/1/pack").await.code(), "not-permitted");
    let replayed = verifier.send("POST", "/api/v1/runs/1/replay", json!({})).await.json();
    assert_eq!(replayed["differing"].as_array().unwrap().len(), 1);
    assert_eq!(replayed["differing_count"], 2);
    let pack = world.sign_in("statistics").await.get("/api/v1/runs/1/pack").await;
    assert_eq!((pack.status, pack.text().as_str()), (StatusCode::OK, "TANPACK"));
    for name in ["e1", "town1", "admin"] {
        let browser = world.sign_in(name).await;
        assert_eq!(browser.get("/api/v1/runs/1/pack").await.code(), "not-permitted", "{name}");
    }
}
