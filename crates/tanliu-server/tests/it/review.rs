//! 三级审核 Submitter, technical reviewer, approver: three people.

use crate::world::{Browser, World};
use axum::http::StatusCode;
use serde_json::{Value, json};

const FILE: &str = "burned|fuel=raw_coal|2021|12.5\nburned|fuel=gas|2021|3";

async fn step(browser: &Browser, step: &str, edition: i64, reason: &str) -> (StatusCode, Value) {
    let wanted = json!({ "step": step, "edition": edition, "reason": reason });
    let answered = browser.send("POST", "/api/v1/submissions/1/steps", wanted).await;
    (answered.status, answered.json())
}

#[tokio::test]
async fn data_count_after_three_people_said_so() {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    let department = world.sign_in("statistics").await;
    let district = world.sign_in("district").await;
    let draft = e1.hand_in(["energy", "E1", "2021"], FILE).await.json();
    assert_eq!((&draft["count"], &draft["edition"]), (&json!(2), &json!(0)));
    assert_eq!(step(&district, "approve", 0, "").await.1["error"]["code"], "wrong-state");
    assert_eq!(step(&e1, "submit", 0, "").await.1["state"], "submitted");
    assert_eq!(step(&department, "pass", 1, "").await.1["state"], "reviewed");
    let approved = step(&district, "approve", 2, "").await;
    assert_eq!(approved.1["state"], "approved");
    let page = district.get("/api/v1/submissions/1").await.json();
    let by: Vec<&Value> = page["reviews"].as_array().unwrap().iter().map(|r| &r["by"]).collect();
    assert_eq!(by, ["e1", "statistics", "district"]);
    assert_eq!(page["values"][0]["standing"], "approved");
    assert_eq!(page["values"][0]["subject"], "E1");
    assert_eq!(page["values"][0]["origin"]["by"], "e1");
    assert_eq!(page["values_count"], 2);
}

#[tokio::test]
async fn each_level_has_its_own_people() {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    e1.hand_in(["energy", "E1", "2021"], FILE).await;
    step(&e1, "submit", 0, "").await;
    let power = world.sign_in("power").await;
    let district = world.sign_in("district").await;
    let statistics = world.sign_in("statistics").await;
    let town = world.sign_in("town1").await;
    for (browser, wanted) in [
        (&e1, "pass"),
        (&power, "pass"),
        (&district, "pass"),
        (&town, "pass"),
        (&statistics, "approve"),
        (&statistics, "submit"),
    ] {
        let (status, json) = step(browser, wanted, 1, "").await;
        assert_eq!(
            (status, &json["error"]["code"]),
            (StatusCode::FORBIDDEN, &json!("not-permitted"))
        );
    }
    let stranger = world.sign_in("e2").await;
    assert_eq!(step(&stranger, "submit", 1, "").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_return_says_why_and_the_same_person_does_not_make_two_steps() {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    let statistics = world.sign_in("statistics").await;
    e1.hand_in(["energy", "E1", "2021"], FILE).await;
    step(&e1, "submit", 0, "").await;
    assert_eq!(step(&statistics, "return", 1, " ").await.1["error"]["code"], "no-reason");
    assert_eq!(step(&statistics, "return", 1, "单位不对").await.1["state"], "draft");
    step(&e1, "submit", 2, "").await;
    // The department's clerk also enters data of the department: whoever submitted does not pass.
    world.store.0.lock().unwrap().submissions.get_mut(&1).unwrap().1[2].by = "statistics".into();
    let (status, json) = step(&statistics, "pass", 3, "").await;
    assert_eq!((status, &json["error"]["code"]), (StatusCode::CONFLICT, &json!("same-person")));
}

#[tokio::test]
async fn a_second_reviewer_is_told_how_the_record_is_now() {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    e1.hand_in(["energy", "E1", "2021"], FILE).await;
    step(&e1, "submit", 0, "").await;
    let (status, json) = step(&e1, "withdraw", 0, "").await;
    assert_eq!((status, &json["error"]["code"]), (StatusCode::CONFLICT, &json!("edited")));
    assert_eq!(json["error"]["details"]["state"], "submitted");
    assert_eq!(json["error"]["details"]["edition"], 1);
}
