//! 门卫 Origin, CSRF, sizes, rates, headers, files of the web app.

use crate::world::{World, ask};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

#[tokio::test]
async fn a_change_without_the_token_of_its_session_is_refused() {
    let world = World::new();
    let browser = world.sign_in("district").await;
    let bare = |csrf: Option<&str>, more: &[(&str, &str)]| {
        let mut request = browser.request("POST", "/api/v1/runs").header("host", "carbon.example");
        for (name, value) in csrf.map(|own| ("x-tanliu-csrf", own)).iter().chain(more) {
            request = request.header(*name, *value);
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        request.body(Body::from(json!({ "calculation": "panorama" }).to_string())).unwrap()
    };
    let other = world.sign_in("district2").await;
    let wrong = [None, Some("wrong"), Some(other.csrf())];
    for csrf in wrong {
        let answered = browser.ask(bare(csrf, &[])).await;
        assert_eq!((answered.status, answered.code().as_str()), (StatusCode::FORBIDDEN, "csrf"));
    }
    let own = Some(browser.csrf());
    for more in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(browser.ask(bare(own, &[more])).await.code(), "csrf");
    }
    let good = browser.ask(bare(own, &[("origin", "https://carbon.example")])).await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text());
}

#[tokio::test]
async fn even_signing_in_is_refused_to_other_pages() {
    let world = World::new();
    let request = Request::post("/api/v1/session")
        .header("host", "carbon.example")
        .header("origin", "https://evil.example")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"));
    assert_eq!(ask(&world.router, request.unwrap()).await.code(), "csrf");
}

#[tokio::test]
async fn two_hundred_megabytes_are_refused_before_they_are_held() {
    let world = World::new();
    let browser = world.sign_in("e1").await;
    let upload = browser
        .request("POST", "/api/v1/submissions")
        .header("x-tanliu-csrf", browser.csrf())
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B")
        .header(header::CONTENT_LENGTH, 200_u64 << 20)
        .body(Body::empty());
    let answered = browser.ask(upload.unwrap()).await;
    assert_eq!(answered.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answered.code(), "too-large");
    assert_eq!(answered.json()["error"]["details"]["limit_bytes"], 32 << 20);
}

#[tokio::test]
async fn a_body_that_does_not_tell_its_length_is_cut_too() {
    let world = World::with(|config| {
        config.limits.body_bytes = 2048;
        config.limits.file_bytes = 4096;
    });
    let browser = world.sign_in("e1").await;
    let long = "x".repeat(5000);
    let handed = browser.hand_in(["energy", "E1", "2021"], &long).await;
    assert_eq!(handed.code(), "too-large");
    let text = json!({ "text": "x".repeat(3000) });
    let checked = browser.send("POST", "/api/v1/methods/check", text).await;
    assert_eq!(checked.code(), "too-large");
    let usual = browser.hand_in(["energy", "E1", "2021"], &"burned||2021|1\n".repeat(200)).await;
    assert_eq!(usual.status, StatusCode::OK, "{}", usual.text());
}

#[tokio::test]
async fn who_asks_too_often_waits() {
    let world = World::with(|config| (config.limits.burst, config.limits.per_second) = (3, 1));
    let browser = world.sign_in("e1").await;
    for _ in 0..3 {
        assert_eq!(browser.get("/api/v1/session").await.status, StatusCode::OK);
    }
    let answered = browser.get("/api/v1/session").await;
    assert_eq!((answered.code().as_str(), answered.header("retry-after")), ("too-many", "1"));
    world.clock.go(1000);
    assert_eq!(browser.get("/api/v1/session").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_carries_the_careful_headers() {
    let world = World::new();
    for path in ["/", "/api/v1/session", "/nothing.js", "/healthz"] {
        let answered = world.stranger().get(path).await;
        let policy = answered.header("content-security-policy");
        assert!(policy.contains("script-src 'self'; "), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answered.header("x-content-type-options"), "nosniff");
        assert_eq!(answered.header("referrer-policy"), "same-origin");
        assert_eq!(answered.header("strict-transport-security"), "");
        assert_eq!(answered.header("x-request-id").len(), 16);
    }
}

#[tokio::test]
async fn the_web_app_answers_unknown_addresses_without_a_dot() {
    let world = World::new();
    let stranger = world.stranger();
    for path in ["/", "/panorama/T01", "/index.html"] {
        let page = stranger.get(path).await;
        assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-cache"));
        assert!(page.text().contains("<title>app"), "{path}");
    }
    let script = stranger.get("/assets/app-1.js").await;
    assert_eq!(script.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(script.header("content-type"), "text/javascript");
    let tag = script.header("etag");
    let again = stranger.request("GET", "/assets/app-1.js").header("if-none-match", tag);
    let again = stranger.ask(again.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(stranger.get("/assets/gone.js").await.status, StatusCode::NOT_FOUND);
    let api = stranger.get("/api/v1/nothing").await;
    assert_eq!((api.status, api.code().as_str()), (StatusCode::NOT_FOUND, "absent"));
}

#[tokio::test]
async fn large_answers_are_compressed_for_who_asks() {
    let world = World::new();
    let request = Request::get("/openapi.json").header("accept-encoding", "gzip");
    let answered = ask(&world.router, request.body(Body::empty()).unwrap()).await;
    assert_eq!(answered.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn a_machine_does_what_its_scope_says_and_no_more() {
    let world = World::new();
    let admin = world.sign_in("admin").await;
    let wanted = json!({ "label": "采集器", "user": "e1", "scope": ["readings:write"] });
    let made = admin.send("POST", "/api/v1/tokens", wanted).await.json();
    let bearer = format!("Bearer {}", made["secret"].as_str().unwrap());
    let send = |method: &str, path: &str, body: &str| {
        let request = Request::builder().method(method).uri(path);
        request.header("authorization", &bearer).body(Body::from(body.to_owned())).unwrap()
    };
    let line = "{\"meter\":\"ME1\",\"begin\":\"2024-01-31T13:15\",\"value\":1.5}\n";
    let taken = ask(&world.router, send("POST", "/api/v1/readings", line)).await;
    assert_eq!(taken.json(), json!({ "new": 1, "corrected": 0, "same": 0, "version": 1 }));
    for (method, path) in [("GET", "/api/v1/figures"), ("GET", "/api/v1/users")] {
        let refused = ask(&world.router, send(method, path, "")).await;
        assert_eq!(refused.code(), "not-permitted", "{path}");
    }
    let digest = made["digest"].as_str().unwrap();
    admin.send("DELETE", &format!("/api/v1/tokens/{digest}"), json!({})).await;
    let ended = ask(&world.router, send("POST", "/api/v1/readings", line)).await;
    assert_eq!(ended.code(), "no-session");
}
