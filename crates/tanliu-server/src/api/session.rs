//! 登录 Signing in and out.
//!
//! Sign-in through an OIDC provider (authorization code with PKCE) will live beside this, under
//! `/api/v1/session/oidc`; users carry the provider's subject already.

use crate::caller::{COOKIE, Caller, Remote};
use crate::clock::secret;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::Body;
use crate::guard::Seen;
use crate::house::House;
use crate::password::fits;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tanliu_diagnostic::Text;
use tanliu_platform::account::{Actor, Session, User};
use tanliu_platform::trail::sha256;

/// Signs in: a cookie and the session.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = dto::SignIn,
    responses((status = 200, body = dto::Session)))]
pub(crate) async fn begin(
    State(house): State<House>,
    remote: Remote,
    Body(sign_in): Body<dto::SignIn>,
) -> Answer<Response> {
    if sign_in.name.len() > 200 || sign_in.password.len() > 1000 {
        return Err(ApiError::bad_request(
            "用户名或口令太长",
            "the name or the password is too long",
        ));
    }
    let now_us = house.services.clock.ticks_us();
    let (by_address, by_name) =
        (format!("address {}", remote.key()), format!("name {}", sign_in.name));
    house.sign_ins.take(&by_address, 4, now_us).map_err(ApiError::too_many)?;
    house.sign_ins.take(&by_name, 1, now_us).map_err(ApiError::too_many)?;
    let user = house.store().user(&sign_in.name).await?;
    let known = user.as_ref().map_or_else(String::new, |user| user.name.clone());
    let Some(user) = verified(&house, user, sign_in.password).await? else {
        house.metrics.session(&Seen::Refused);
        // A name that nobody has may be a password typed into the wrong field.
        let facts = json!({ "address": remote.key(), "user": known });
        house.store().record(house.act("public", "session.refuse", "session", &facts)).await?;
        return Err(wrong());
    };
    house.sign_ins.give_back(&by_address);
    house.sign_ins.give_back(&by_name);
    let cookie = secret::<32>(house.services.entropy.as_ref())?;
    let since = house.services.clock.now();
    let session = Session {
        digest: sha256(cookie.as_bytes()),
        user: user.name.clone(),
        csrf: secret::<16>(house.services.entropy.as_ref())?,
        since,
        until: since.after_ms(house.config.session.idle_ms.min(house.config.session.longest_ms)),
    };
    let facts = json!({ "address": remote.key() });
    let act = house.act(&user.name, "session.begin", &format!("user/{}", user.name), &facts);
    house.store().begin_session(&session, act).await?;
    house.metrics.session(&Seen::Begun);
    let mut response = Json(dto::Session::of(&session, &Actor::from(&user))).into_response();
    set_cookie(&house, &mut response, &cookie, "");
    Ok(response)
}

/// The user, if the password is right. Whoever is not there takes as long to check.
async fn verified(house: &House, user: Option<User>, password: String) -> Answer<Option<User>> {
    let turn = house.password_turns.acquire().await;
    let _turn = turn.map_err(|error| ApiError::failed(&error.to_string()))?;
    let digest = user.as_ref().and_then(|user| user.password.clone());
    let dummy = house.dummy.clone();
    let right = tokio::task::spawn_blocking(move || fits(&password, digest.as_deref(), &dummy));
    let right = right.await.map_err(|error| ApiError::failed(&error.to_string()))?;
    Ok(user.filter(|user| right && !user.disabled))
}

fn wrong() -> ApiError {
    let text = Text::new("用户名或口令不对", "the name or the password is wrong");
    ApiError::new(StatusCode::UNAUTHORIZED, "wrong-password", text)
}

/// The session of who asks.
#[utoipa::path(get, path = "/api/v1/session", tag = "session",
    responses((status = 200, body = dto::Session)))]
pub(crate) async fn read(caller: Caller) -> Answer<Json<dto::Session>> {
    let session = caller.session.as_ref().ok_or_else(ApiError::no_session)?;
    Ok(Json(dto::Session::of(session, &caller.actor)))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses((status = 204)))]
pub(crate) async fn end(State(house): State<House>, caller: Caller) -> Answer<Response> {
    let session = caller.session.as_ref().ok_or_else(ApiError::no_session)?;
    let object = format!("user/{}", caller.name());
    let act = house.act(caller.name(), "session.end", &object, &json!({}));
    house.store().end_session(&session.digest, act).await?;
    house.metrics.session(&Seen::Ended);
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&house, &mut response, "", "; Max-Age=0");
    Ok(response)
}

/// The cookie ends with the browser; the store says when the session does.
fn set_cookie(house: &House, response: &mut Response, value: &str, more: &str) {
    let secure = if house.config.https() { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/{secure}{more}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    let store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, store);
}
