//! 权限表 Every route × every role, as one table that is read as a whole.
//!
//! A cell is the status of a request with sensible contents: 2 done, 3 not permitted (403), 4
//! absent (404), 0 refused for its contents (400, 409, 422) after the rules let it pass, 1 no
//! session.

use crate::world::{Browser, World};
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::fmt::Write;
use tanliu_platform::trail::sha256;
use tanliu_server::routes;

/// What E1 handed in.
const FILE: &str = "burned||2021|1\nburned||2021|2";

const WHO: [&str; 8] = ["", "admin", "district", "statistics", "town1", "e1", "e2", "verifier"];

/// The table: `-` is nobody, then administrator, district, department, town of E1, E1, E2,
/// verifier of E1.
const TABLE: &str = include_str!("matrix.txt");

/// A request that somebody with all rights would get done, about E1 and its things.
fn filled(path: &str) -> String {
    let path = match path {
        "/api/v1/figures" | "/api/v1/figures.csv" => {
            format!("{path}?run=1&output=co2&where=enterprise:E1")
        }
        "/api/v1/compare" => format!("{path}?then=1&output=total"),
        "/api/v1/explain" => format!("{path}?figure=1/co2%5Benterprise=E1,year=2021%5D"),
        "/api/v1/enterprises/{id}/report" => format!("{path}?year=2021&format=pdf"),
        "/api/v1/values" => format!("{path}?subject=E1"),
        "/api/v1/meters/{id}/days" | "/api/v1/meters/{id}/gaps" => format!("{path}?month=2024-01"),
        other => other.to_owned(),
    };
    let id = match path.as_str() {
        own if own.contains("enterprises") => "E1",
        own if own.contains("meters") => "ME1",
        own if own.contains("datasets") => "energy",
        own if own.contains("methods") => "cn/district/panorama",
        _ => "1",
    };
    path.replace("{id}", id)
        .replace("{*id}", id)
        .replace("{day}", "2024-01-31")
        .replace("{begin}", "2024-01-31T00:00")
        .replace("{name}", "e2")
        .replace("{digest}", &sha256(FILE.as_bytes()))
        .replace("{token}", "none")
}

fn contents(method: &str, path: &str, enterprise: &Value) -> Value {
    match (method, path) {
        ("PUT", "/api/v1/enterprises/{id}") => enterprise.clone(),
        (_, "/api/v1/runs") => json!({ "calculation": "panorama" }),
        (_, "/api/v1/findings") => {
            json!({ "address": "1/co2[enterprise=E1,year=2021]", "text": "不对" })
        }
        (_, "/api/v1/findings/{id}") => json!({ "state": "answered", "edition": 0 }),
        (_, "/api/v1/submissions/{id}/steps") => json!({ "step": "submit", "edition": 0 }),
        (_, "/api/v1/conflicts/{id}/choice") => json!({ "value": 1, "reason": "发票" }),
        (_, "/api/v1/warnings/{id}/steps") => {
            json!({ "to": "noticed", "text": "请", "edition": 1 })
        }
        (_, "/api/v1/methods/check") => json!({ "text": "# x" }),
        (_, "/api/v1/users/{name}") => json!({ "shown": "乙", "role": "enterprise" }),
        (_, "/api/v1/tokens") => {
            json!({ "label": "x", "user": "e1", "scope": ["readings:write"] })
        }
        _ => json!({}),
    }
}

/// A world in which E1 has handed in a draft and raised a finding.
async fn prepared() -> (World, Value) {
    let world = World::new();
    let e1 = world.sign_in("e1").await;
    e1.hand_in(["energy", "E1", "2021"], FILE).await;
    let finding = json!({ "address": "1/co2[enterprise=E1,year=2021]", "text": "不对" });
    e1.send("POST", "/api/v1/findings", finding).await;
    let line = "{\"meter\":\"ME1\",\"begin\":\"2024-01-31T00:00\",\"value\":2}\n";
    let request = e1.request("POST", "/api/v1/readings").header("x-tanliu-csrf", e1.csrf());
    e1.ask(request.body(Body::from(line)).unwrap()).await;
    let enterprise = e1.get("/api/v1/enterprises/E1").await.json()["enterprise"].clone();
    let mut kept = world.store.0.lock().unwrap();
    let [standing, other] = [kept.values[0].clone(), kept.values[1].clone()];
    let conflict = tanliu_platform::value::Conflict { id: 1, standing, other, choice: None };
    kept.conflicts.push(conflict);
    drop(kept);
    (world, enterprise)
}

async fn cell(who: &str, method: &str, path: &str) -> char {
    let (world, enterprise) = prepared().await;
    let browser: Browser = if who.is_empty() { world.stranger() } else { world.sign_in(who).await };
    let address = filled(path);
    let answered = match (method, path) {
        ("GET", _) => browser.get(&address).await,
        ("POST", "/api/v1/submissions") => {
            browser.hand_in(["energy", "E1", "2021"], "burned||2021|1").await
        }
        ("POST", "/api/v1/readings") => {
            let line = "{\"meter\":\"ME1\",\"begin\":\"2024-01-31T00:15\",\"value\":2}\n";
            let request = browser.request(method, path).header("x-tanliu-csrf", browser.csrf());
            browser.ask(request.body(Body::from(line)).unwrap()).await
        }
        _ => browser.send(method, &address, contents(method, path, &enterprise)).await,
    };
    match answered.status {
        StatusCode::UNAUTHORIZED => '1',
        StatusCode::FORBIDDEN => '3',
        StatusCode::NOT_FOUND => '4',
        status if status.is_success() => '2',
        status if status.is_client_error() => '0',
        other => panic!("{who} {method} {path}: {other} {}", answered.text()),
    }
}

#[tokio::test]
async fn the_table_of_permissions_is_as_it_was_reviewed() {
    let mut table = String::from("                                                    -ADSTEFV\n");
    for route in routes() {
        let mut cells = String::new();
        for who in WHO {
            cells.push(cell(who, route.method, route.path).await);
        }
        writeln!(table, "{:6} {:45}{cells}", route.method, route.path).unwrap();
    }
    assert!(table == TABLE, "the table is now\n{table}");
}
