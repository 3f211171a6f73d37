//! 数据 What is handed in: all or nothing, one's own and no other's; readings row by row.

use crate::world::{Browser, World};
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tanliu_platform::value::Conflict;

#[tokio::test]
async fn a_file_with_a_fault_is_refused_whole_and_comes_back_marked() {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    let answered = e1.hand_in(["energy", "E1", "2021"], "burned||2021|1\nburned||2021|甲").await;
    assert_eq!((answered.status.as_u16(), answered.code().as_str()), (422, "refused"));
    let details = &answered.json()["error"]["details"];
    assert_eq!(details["findings"][0]["place"], "A2");
    assert!(world.store.0.lock().unwrap().values.is_empty());
    let path = format!("/api/v1/evidence/{}", details["marked"].as_str().unwrap());
    let marked = e1.get(&path).await;
    assert!(marked.text().starts_with("marked burned"));
    assert!(marked.header("content-disposition").starts_with("attachment"));
    assert!(marked.header("content-security-policy").contains("sandbox"));
    for name in ["e2", "district", "admin"] {
        let other = world.sign_in(name).await.get(&path).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn rows_of_another_enterprise_or_another_period_are_refused() {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    let file = "burned|fuel=gas;enterprise=E2|2021|1\nburned|enterprise=E1|2020|1";
    let answered = e1.hand_in(["energy", "E1", "2021"], file).await;
    let json = answered.json();
    let findings = json["error"]["details"]["findings"].as_array().unwrap();
    let codes: Vec<&Value> = findings.iter().map(|own| &own["code"]).collect();
    assert_eq!(codes, ["other-subject", "other-period"]);
}

#[tokio::test]
async fn whoever_reports_for_another_finds_nobody_there() {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    let other = e1.hand_in(["energy", "E2", "2021"], "burned||2021|1").await;
    let nobody = e1.hand_in(["energy", "E9", "2021"], "burned||2021|1").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    assert_eq!(other.bytes, nobody.bytes);
    let verifier = world.sign_in("verifier").await;
    let seen = verifier.hand_in(["energy", "E1", "2021"], "burned||2021|1").await;
    assert_eq!(seen.code(), "not-permitted");
}

#[tokio::test]
async fn a_departments_table_of_many_is_read_by_who_works_on_it() {
    let world = World::new();
    let statistics = world.sign_in("statistics").await;
    let file = "burned|enterprise=E1|2021|1\nburned|enterprise=E2|2021|2";
    let handed = statistics.hand_in(["energy", "", "2021"], file).await;
    assert_eq!(handed.status, StatusCode::OK, "{}", handed.text());
    let page = statistics.get("/api/v1/submissions/1").await.json();
    assert_eq!(page["values"][1]["subject"], "E2");
    for (name, wanted) in [("district", 200), ("e1", 404), ("town1", 404), ("power", 404)] {
        let seen = world.sign_in(name).await.get("/api/v1/submissions/1").await;
        assert_eq!(seen.status.as_u16(), wanted, "{name}");
    }
    let evidence = format!("/api/v1/evidence/{}", page["evidence"].as_str().unwrap());
    assert_eq!(world.sign_in("e1").await.get(&evidence).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.sign_in("district").await.get(&evidence).await.text(), file);
    let own = world.sign_in("e1").await.get("/api/v1/values").await.json();
    assert_eq!(own.as_array().unwrap().len(), 1);
    let other = world.sign_in("e1").await.get("/api/v1/values?subject=E2").await.json();
    assert_eq!(other, json!([]));
}

#[tokio::test]
async fn a_conflict_is_settled_once_with_a_reason() {
    let world = World::new();
    let statistics = world.sign_in("statistics").await;
    statistics.hand_in(["energy", "E1", "2021"], "").await;
    let e1 = world.sign_in("e1").await;
    e1.hand_in(["energy", "E1", "2021"], "burned||2021|1\nburned||2021|2").await;
    {
        let mut kept = world.store.0.lock().unwrap();
        let [one, two] = [kept.values[0].clone(), kept.values[1].clone()];
        kept.conflicts.push(Conflict { id: 7, standing: one, other: two, choice: None });
    }
    assert_eq!(e1.get("/api/v1/conflicts").await.json()[0]["id"], 7);
    assert_eq!(world.sign_in("e2").await.get("/api/v1/conflicts").await.json(), json!([]));
    let path = "/api/v1/conflicts/7/choice";
    let choice = json!({ "value": 2, "reason": "以发票为准" });
    assert_eq!(e1.send("POST", path, choice.clone()).await.code(), "not-permitted");
    let bare = json!({ "value": 2, "reason": "" });
    assert_eq!(statistics.send("POST", path, bare).await.code(), "bad-request");
    let settled = statistics.send("POST", path, choice.clone()).await.json();
    assert_eq!(settled["choice"]["by"], "statistics");
    let again = world.sign_in("district").await.send("POST", path, choice).await;
    assert_eq!(again.code(), "edited");
    assert_eq!(again.json()["error"]["details"]["choice"]["value"], 2);
}

#[tokio::test]
async fn readings_are_refused_row_by_row_and_none_is_taken() {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    let send = |kind: &str, text: &str| {
        let request = e1.request("POST", "/api/v1/readings").header("x-tanliu-csrf", e1.csrf());
        request.header("content-type", kind).body(Body::from(text.to_owned())).unwrap()
    };
    let bad = "meter,begin,value\nME1,2024-01-31T13:15,1\nME2,2024-01-31T13:15,1\n\
               ME1,2024-01-31T13:20,1\nME1,2024-01-31T13:30,甲\nM9,2024-01-31T13:15,1\n";
    let refused = e1.ask(send("text/csv", bad)).await;
    let json = refused.json();
    let findings = json["error"]["details"]["findings"].as_array().unwrap();
    let places: Vec<&Value> = findings.iter().map(|own| &own["place"]).collect();
    assert_eq!(places, ["row 3", "row 4", "row 5", "row 6"]);
    let words = |place: usize, id: &str| findings[place]["en"].as_str().unwrap().replace(id, "X");
    assert_eq!(words(0, "ME2"), words(3, "M9"));
    assert_eq!(e1.get("/api/v1/meters/ME1/days?month=2024-01").await.json(), json!([]));
    let good = "{\"meter\":\"ME1\",\"begin\":\"2024-01-31T00:15\",\"value\":2}\n";
    assert_eq!(e1.ask(send("application/x-ndjson", good)).await.json()["new"], 1);
    assert_eq!(e1.ask(send("application/x-ndjson", good)).await.json()["same"], 1);
    let day = e1.get("/api/v1/meters/ME1/days/2024-01-31").await.json();
    assert_eq!((&day["quarters"][0], &day["quarters"][1]), (&Value::Null, &json!(2.0)));
    assert_eq!(day["unit"], "kWh");
    let days = e1.get("/api/v1/meters/ME1/days?month=2024-01").await.json();
    assert_eq!(days, json!([{ "day": "2024-01-31", "energy": 2.0, "readings": 1 }]));
    assert_eq!(e1.get("/api/v1/meters/ME2/days?month=2024-01").await.code(), "absent");
    assert_eq!(e1.get("/api/v1/meters/ME1/days/2024-1-31").await.code(), "bad-request");
}

#[tokio::test]
async fn a_department_that_collects_sends_readings_of_all_and_others_of_none() {
    let world = World::new();
    let line = "{\"meter\":\"ME2\",\"begin\":\"2024-01-31T00:15\",\"value\":2}\n";
    for (name, wanted) in [
        ("power", ""),
        ("statistics", "not-permitted"),
        ("district", "not-permitted"),
        ("verifier", "not-permitted"),
        ("admin", "not-permitted"),
    ] {
        let browser = world.sign_in(name).await;
        let request = browser.request("POST", "/api/v1/readings");
        let request = request.header("x-tanliu-csrf", browser.csrf());
        let answered = browser.ask(request.body(Body::from(line)).unwrap()).await;
        assert_eq!(answered.code(), wanted, "{name}");
    }
}

#[tokio::test]
async fn a_reading_says_which_batch_brought_it_and_a_correction_whose_it_is() {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    let power = world.sign_in("power").await;
    let send = async |browser: &Browser, batch: &str, value: f64| {
        let line = json!({ "meter": "ME1", "begin": "2024-01-31T00:15", "value": value });
        let request = browser.request("POST", "/api/v1/readings").header("x-tanliu-batch", batch);
        let request = request.header("x-tanliu-csrf", browser.csrf());
        browser.ask(request.body(Body::from(line.to_string())).unwrap()).await
    };
    let path = "/api/v1/meters/ME1/readings/2024-01-31T00:15";
    assert_eq!(e1.get(path).await.code(), "absent");
    send(&e1, "a.csv", 2.0).await;
    let known = json!({
        "meter": "ME1", "begin": "2024-01-31T00:15", "value": 2.0, "unit": "kWh",
        "batch": "a.csv", "by": "e1", "at": "2024-01-01T00:00:00.000Z",
    });
    assert_eq!(e1.get(path).await.json(), known);
    world.clock.go(60_000);
    assert_eq!(send(&power, "same.csv", 2.0).await.json()["same"], 1);
    assert_eq!(e1.get(path).await.json(), known);
    assert_eq!(send(&power, "b.csv", 3.0).await.json()["corrected"], 1);
    let now = world.sign_in("town1").await.get(path).await.json();
    assert_eq!((&now["value"], &now["batch"]), (&json!(3.0), &json!("b.csv")));
    assert_eq!((&now["by"], &now["at"]), (&json!("power"), &json!("2024-01-01T00:01:00.000Z")));
    assert_eq!(world.sign_in("e2").await.get(path).await.code(), "absent");
    for begin in ["2024-01-31T00:10", "2024-02-31T00:15", "2024-01-31", "2024-01-31T24:00"] {
        let refused = e1.get(&format!("/api/v1/meters/ME1/readings/{begin}")).await;
        assert_eq!(refused.code(), "bad-request", "{begin}");
    }
}
