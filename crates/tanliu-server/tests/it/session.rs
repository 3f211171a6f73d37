//! 登录 Signing in and out, and what happens when a session ends.

use crate::world::{PASSWORD, World};
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn whoever_signs_in_gets_a_careful_cookie_and_may_sign_out() {
    let world = World::new();
    let answered = world.try_sign_in("e1", PASSWORD).await;
    let cookie = answered.header("set-cookie");
    assert!(cookie.contains("; HttpOnly; SameSite=Strict; Path=/"), "{cookie}");
    assert!(!cookie.contains("Secure"));
    let session = answered.json();
    assert_eq!(session["user"]["role"], "enterprise");
    assert_eq!(session["user"]["reach"]["enterprises"], json!(["E1"]));
    assert_eq!(session["until"], "2024-01-01T02:00:00.000Z");
    let browser = world.sign_in("e1").await;
    assert_eq!(browser.get("/api/v1/session").await.json()["user"]["name"], "e1");
    let gone = browser.send("DELETE", "/api/v1/session", json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let after = browser.get("/api/v1/session").await;
    assert_eq!((after.status, after.code().as_str()), (StatusCode::UNAUTHORIZED, "no-session"));
    assert_eq!(world.store.verbs(), ["session.begin", "session.begin", "session.end"]);
}

#[tokio::test]
async fn over_https_the_cookie_is_secure_and_browsers_stay() {
    let world = World::with(|config| config.public_url = Some("https://carbon.example".into()));
    let answered = world.try_sign_in("e1", PASSWORD).await;
    assert!(answered.header("set-cookie").contains("; Secure"));
    assert!(answered.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_a_disabled_user_look_the_same() {
    let world = World::new();
    world.store.0.lock().unwrap().users.get_mut("e2").unwrap().disabled = true;
    let mut seen = Vec::new();
    for (name, password) in [("e1", "wrong"), ("nobody", PASSWORD), ("e2", PASSWORD)] {
        let answered = world.try_sign_in(name, password).await;
        assert_eq!(answered.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answered.header("set-cookie"), "");
        seen.push(answered.text());
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    let kept = world.store.0.lock().unwrap();
    assert!(kept.trail.iter().all(|entry| entry.act.verb == "session.refuse"));
    assert!(!kept.trail.iter().any(|entry| entry.act.facts.contains("nobody")));
}

#[tokio::test]
async fn sign_ins_that_fail_are_slowed_by_name_and_by_address() {
    let world = World::new();
    let mut last = world.try_sign_in("e1", "wrong").await;
    for _ in 0..8 {
        last = world.try_sign_in("e1", "wrong").await;
    }
    assert_eq!((last.status, last.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too-many"));
    assert_eq!(last.header("retry-after"), "10");
    assert_eq!(world.try_sign_in("e1", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(world.try_sign_in("e2", PASSWORD).await.status, StatusCode::OK);
    world.clock.go(10_000);
    assert_eq!(world.try_sign_in("e1", PASSWORD).await.status, StatusCode::OK);
    for place in 0..32 {
        world.try_sign_in(&format!("guess{place}"), "wrong").await;
    }
    let by_address = world.try_sign_in("town1", PASSWORD).await;
    assert_eq!(by_address.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_session_that_is_used_goes_on_and_ends_after_its_longest_time() {
    let world = World::new();
    let browser = world.sign_in("district").await;
    for _ in 0..7 {
        world.clock.go(100 * 60_000);
        assert_eq!(browser.get("/api/v1/session").await.status, StatusCode::OK);
    }
    world.clock.go(100 * 60_000);
    assert_eq!(browser.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
    // Whoever signs in next sweeps up.
    world.sign_in("e1").await;
    assert_eq!(world.store.0.lock().unwrap().sessions.len(), 1);
}

#[tokio::test]
async fn a_session_that_ends_within_a_form_loses_nothing() {
    let world = World::new();
    let browser = world.sign_in("e1").await;
    world.clock.go(3 * 3_600_000);
    let file = "burned|fuel=raw_coal|2021|12.5";
    let late = browser.hand_in(["energy", "E1", "2021"], file).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::UNAUTHORIZED, "no-session"));
    assert!(world.store.0.lock().unwrap().submissions.is_empty());
    let again = world.sign_in("e1").await;
    let taken = again.hand_in(["energy", "E1", "2021"], file).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text());
    assert_eq!(taken.json()["state"], "draft");
}

#[tokio::test]
async fn a_user_whose_password_was_changed_is_signed_out_everywhere() {
    let world = World::new();
    let (browser, admin) = (world.sign_in("e1").await, world.sign_in("admin").await);
    let change = json!({
        "shown": "甲", "role": "enterprise", "reach": { "enterprises": ["E1"] },
        "password": "another long one",
    });
    let answered = admin.send("PUT", "/api/v1/users/e1", change).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.text());
    assert!(!answered.text().contains("argon2"));
    assert_eq!(browser.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.try_sign_in("e1", "another long one").await.status, StatusCode::OK);
}
