//! 修改 Two browsers on one record; orders; findings; the audit trail.

use crate::world::World;
use axum::http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn the_second_editor_is_shown_what_the_first_one_wrote() {
    let world = World::new();
    let (one, two) = (world.sign_in("district").await, world.sign_in("town1").await);
    let mut first = one.get("/api/v1/enterprises/E1").await.json()["enterprise"].clone();
    let mut second = first.clone();
    first["contact"] = json!("李工");
    second["contact"] = json!("赵工");
    let changed = one.send("PUT", "/api/v1/enterprises/E1", first).await;
    assert_eq!(changed.json()["edition"], 2, "{}", changed.text());
    let late = two.send("PUT", "/api/v1/enterprises/E1", second.clone()).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::CONFLICT, "edited"));
    assert_eq!(late.json()["error"]["details"]["contact"], "李工");
    second["edition"] = late.json()["error"]["details"]["edition"].clone();
    assert_eq!(two.send("PUT", "/api/v1/enterprises/E1", second).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_directory_is_kept_by_the_district_and_its_own_town() {
    let world = World::new();
    let record = |id: &str| {
        let district = world.sign_in("district");
        let path = format!("/api/v1/enterprises/{id}");
        async move { district.await.get(&path).await.json()["enterprise"].clone() }
    };
    let (own, other) = (record("E1").await, record("E2").await);
    for (name, wanted) in
        [("statistics", 403), ("e1", 403), ("verifier", 403), ("admin", 404), ("e2", 404)]
    {
        let browser = world.sign_in(name).await;
        let answered = browser.send("PUT", "/api/v1/enterprises/E1", own.clone()).await;
        assert_eq!(answered.status.as_u16(), wanted, "{name}");
    }
    let town = world.sign_in("town1").await;
    assert_eq!(town.send("PUT", "/api/v1/enterprises/E2", other).await.code(), "absent");
    let mut moved = own;
    moved["town"] = json!("T2");
    assert_eq!(town.send("PUT", "/api/v1/enterprises/E1", moved).await.code(), "not-permitted");
}

#[tokio::test]
async fn lists_of_enterprises_end_at_reach() {
    let world = World::new();
    for (name, query, wanted) in [
        ("district", "", vec!["E1", "E2", "E3"]),
        ("district", "?town=T2", vec!["E2"]),
        ("district", "?offset=1&limit=1", vec!["E2"]),
        ("town1", "", vec!["E1", "E3"]),
        ("town1", "?town=T2", vec![]),
        ("e1", "", vec!["E1"]),
        ("e1", "?text=E2", vec![]),
        ("verifier", "", vec!["E1"]),
        ("admin", "", vec![]),
    ] {
        let browser = world.sign_in(name).await;
        let json = browser.get(&format!("/api/v1/enterprises{query}")).await.json();
        let list = json["enterprises"].as_array().unwrap().iter();
        let ids: Vec<&str> = list.map(|own| own["id"].as_str().unwrap()).collect();
        assert_eq!(ids, wanted, "{name} {query}");
    }
}

#[tokio::test]
async fn an_order_goes_from_notice_over_reply_to_its_end() {
    let world = World::new();
    let (town, e1) = (world.sign_in("town1").await, world.sign_in("e1").await);
    let path = "/api/v1/warnings/1/steps";
    let step = |to: &str, edition: i64| json!({ "to": to, "text": "说明", "edition": edition });
    assert_eq!(e1.send("POST", path, step("noticed", 1)).await.code(), "not-permitted");
    assert_eq!(town.send("POST", path, step("noticed", 1)).await.json()["state"], "noticed");
    assert_eq!(town.send("POST", path, step("closed", 2)).await.code(), "wrong-state");
    assert_eq!(e1.send("POST", path, step("replied", 1)).await.code(), "edited");
    assert_eq!(e1.send("POST", path, step("replied", 2)).await.json()["state"], "replied");
    let closed = town.send("POST", path, step("closed", 3)).await.json();
    assert_eq!(closed["state"], "closed");
    assert_eq!(closed["steps"].as_array().unwrap().len(), 3);
    let other = world.sign_in("e2").await;
    assert_eq!(other.get("/api/v1/warnings/1").await.code(), "absent");
}

#[tokio::test]
async fn warnings_are_listed_within_reach() {
    let world = World::new();
    for (name, wanted) in [
        ("district", vec![1, 2, 3, 4]),
        ("statistics", vec![1, 2, 3, 4]),
        ("town1", vec![1, 3]),
        ("e1", vec![1]),
        ("e2", vec![2]),
        ("admin", vec![4]),
    ] {
        let json = world.sign_in(name).await.get("/api/v1/warnings?open=true").await.json();
        let ids: Vec<i64> =
            json.as_array().unwrap().iter().map(|own| own["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, wanted, "{name}");
    }
}

#[tokio::test]
async fn a_finding_is_raised_against_a_figure_that_is_there_and_answered_by_officials() {
    let world = World::new();
    let (e1, town) = (world.sign_in("e1").await, world.sign_in("town1").await);
    let raise = |address: &str| json!({ "address": address, "text": "产值少了一项" });
    let own = "1/co2[enterprise=E1,year=2021]";
    for (address, wanted) in [
        ("1/co2[enterprise=E2,year=2021]", "absent"),
        ("1/co2[enterprise=E1,year=1999]", "absent"),
        ("1/total", "not-permitted"),
        ("total", "bad-request"),
    ] {
        let refused = e1.send("POST", "/api/v1/findings", raise(address)).await;
        assert_eq!(refused.code(), wanted, "{address}");
    }
    let raised = e1.send("POST", "/api/v1/findings", raise(own)).await.json();
    assert_eq!((&raised["state"], &raised["enterprise"]), (&json!("open"), &json!("E1")));
    let answer =
        |edition: &Value| json!({ "state": "answered", "answer": "已补", "edition": edition });
    let edition = raised["edition"].clone();
    assert_eq!(
        e1.send("PUT", "/api/v1/findings/1", answer(&edition)).await.code(),
        "not-permitted"
    );
    let answered = town.send("PUT", "/api/v1/findings/1", answer(&edition)).await.json();
    assert_eq!(answered["answer"], "已补");
    let late = town.send("PUT", "/api/v1/findings/1", answer(&edition)).await;
    assert_eq!(late.code(), "edited");
    assert_eq!(e1.get("/api/v1/findings").await.json()[0]["state"], "answered");
    assert_eq!(world.sign_in("e2").await.get("/api/v1/findings").await.json(), json!([]));
}

#[tokio::test]
async fn the_trail_tells_who_did_what_and_whether_it_was_touched() {
    let world = World::new();
    let admin = world.sign_in("admin").await;
    world.sign_in("e1").await;
    let audit = admin.get("/api/v1/audit?limit=10").await.json();
    assert_eq!((&audit["holds"], &audit["head"]["number"]), (&json!(true), &json!(2)));
    assert_eq!(audit["entries"][1]["by"], "e1");
    assert!(!audit.to_string().contains("csrf"));
    assert_eq!(world.sign_in("e1").await.get("/api/v1/audit").await.code(), "not-permitted");
    world.store.0.lock().unwrap().trail[0].act.by = "somebody else".to_owned();
    assert_eq!(admin.get("/api/v1/audit").await.json()["holds"], false);
    assert_eq!(admin.get("/api/v1/audit?from=2").await.json()["holds"], true);
}
