//! 接口 The shape of refusals, the description of the interface, health and counts.

use crate::world::World;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use tanliu_server::{openapi_json, routes};

#[tokio::test]
async fn every_refusal_has_a_code_and_both_languages() {
    let world = World::new();
    let browser = world.sign_in("e1").await;
    for path in [
        "/api/v1/enterprises/E2",
        "/api/v1/figures",
        "/api/v1/runs/abc",
        "/api/v1/users",
        "/api/v1/nothing",
        "/api/v1/submissions?state=gone",
    ] {
        let answered = browser.get(path).await;
        let error = &answered.json()["error"];
        let zh = error["zh"].as_str().unwrap();
        assert!(zh.chars().any(|letter| ('\u{4e00}'..'\u{9fff}').contains(&letter)), "{path}");
        assert!(error["en"].as_str().unwrap().is_ascii(), "{path}");
        assert!(!answered.code().is_empty() && error.get("details").is_some(), "{path}");
        assert_eq!(answered.header("content-type"), "application/json");
    }
    let request = browser.request("PATCH", "/api/v1/runs").header("x-tanliu-csrf", browser.csrf());
    let answered = browser.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answered.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answered.code(), "bad-request");
}

#[test]
fn the_description_lists_every_route_and_no_other() {
    let described: Value = serde_json::from_str(&openapi_json()).unwrap();
    let (mut listed, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (path, methods) in described["paths"].as_object().unwrap() {
        let methods = methods.as_object().unwrap().keys();
        for operation in methods.clone().filter_map(|own| described["paths"][path].get(own)) {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} is the name of two operations");
        }
        listed.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let served: BTreeSet<String> = routes()
        .iter()
        .map(|route| format!("{} {}", route.method, route.path.replace("{*", "{")))
        .collect();
    assert_eq!(listed, served);
    for schema in ["Session", "Run", "Table", "Enterprise", "Submission", "Warning", "Refused"] {
        assert!(described["components"]["schemas"][schema].is_object(), "{schema}");
    }
    let values = &described["components"]["schemas"]["SubmissionPage"]["allOf"][1]["properties"];
    assert_eq!(values["values"]["items"]["$ref"], "#/components/schemas/DataValue");
    let operation = &described["paths"]["/api/v1/runs"]["get"];
    assert!(operation["responses"]["default"].is_object());
}

#[tokio::test]
async fn health_is_whether_the_store_answers() {
    let world = World::new();
    assert_eq!(world.stranger().get("/healthz").await.status, StatusCode::OK);
    world.store.0.lock().unwrap().district = None;
    let down = world.stranger().get("/healthz").await;
    assert_eq!((down.status, down.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "busy"));
    assert!(!down.text().contains("down"), "{}", down.text());
}

#[tokio::test]
async fn counts_are_for_this_machine_alone() {
    let world = World::new();
    let browser = world.sign_in("e1").await;
    browser.get("/api/v1/enterprises/E2").await;
    let from = |address: &str, forwarded: bool| {
        let mut request = browser.request("GET", "/metrics");
        if forwarded {
            request = request.header("x-forwarded-for", "198.51.100.7");
        }
        let own: SocketAddr = address.parse().unwrap();
        request.extension(ConnectInfo(own)).body(Body::empty()).unwrap()
    };
    let text = browser.ask(from("127.0.0.1:9", false)).await.text();
    for line in [
        "tanliu_requests_total{route=\"/api/v1/enterprises/{id}\",method=\"GET\",status=\"404\"} 1",
        "tanliu_request_seconds_count{route=\"/api/v1/session\"} 1",
        "tanliu_sessions_total{event=\"begun\"} 1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert_eq!(browser.ask(from("198.51.100.7:9", false)).await.code(), "absent");
    assert_eq!(browser.ask(from("127.0.0.1:9", true)).await.code(), "absent");
}
