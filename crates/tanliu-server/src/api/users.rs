//! 用户与令牌 Users and the tokens of machines.

use crate::caller::{Caller, is_scope};
use crate::clock::secret;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::{At, Body};
use crate::house::House;
use crate::password::digest_password;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use tanliu_diagnostic::Text;
use tanliu_platform::account::{ApiToken, Role, User};
use tanliu_platform::permission::{Action, Object};
use tanliu_platform::trail::sha256;

/// The shortest password, in letters.
const PASSWORD_MIN: usize = 10;

/// All users, by name.
#[utoipa::path(get, path = "/api/v1/users", tag = "users",
    responses((status = 200, body = Vec<dto::User>)))]
pub(crate) async fn users(
    State(house): State<House>,
    caller: Caller,
) -> Answer<Json<Vec<dto::User>>> {
    caller.may(Action::Administer, &Object::System)?;
    let all = house.store().users().await?;
    Ok(Json(all.iter().map(dto::User::from).collect()))
}

/// Adds a user or changes one.
#[utoipa::path(put, path = "/api/v1/users/{name}", tag = "users", params(("name" = String, Path)),
    request_body = dto::UserChange, responses((status = 200, body = dto::User)))]
pub(crate) async fn put(
    State(house): State<House>,
    caller: Caller,
    At(name): At<String>,
    Body(wanted): Body<dto::UserChange>,
) -> Answer<Json<dto::User>> {
    caller.may(Action::Administer, &Object::System)?;
    let role = Role::of(&wanted.role);
    let role =
        role.ok_or_else(|| ApiError::bad_request("没有这个角色", "there is no such role"))?;
    let plain = |letter: char| letter.is_alphanumeric() || "._-@".contains(letter);
    if name.is_empty() || name.len() > 100 || !name.chars().all(plain) {
        return Err(ApiError::bad_request(
            "用户名用字母、数字和 . _ - @",
            "a name has letters, digits and . _ - @",
        ));
    }
    if name == caller.name() && (wanted.disabled || role != Role::Administrator) {
        let text = Text::new("不能停用自己或改自己的角色", "nobody disables or demotes oneself");
        return Err(ApiError::conflict("wrong-state", text));
    }
    let before = house.store().user(&name).await?;
    let password = match &wanted.password {
        Some(password) => Some(digested(&house, password).await?),
        None => before.as_ref().and_then(|user| user.password.clone()),
    };
    let user = User {
        name: name.clone(),
        shown: wanted.shown,
        role,
        reach: wanted.reach.into(),
        password,
        subject: before.as_ref().and_then(|user| user.subject.clone()),
        disabled: wanted.disabled,
    };
    let facts = json!({
        "role": user.role.word(), "disabled": user.disabled,
        "reach": dto::Reach::from(&user.reach), "password_set": wanted.password.is_some(),
    });
    let object = format!("user/{name}");
    let act = house.act(caller.name(), "user.put", &object, &facts);
    house.store().put_user(&user, act).await?;
    if wanted.password.is_some() || user.disabled {
        let act = house.act(caller.name(), "session.end-all", &object, &json!({}));
        if let Err(error) = house.store().end_sessions_of(&name, act).await {
            tracing::warn!(%error, "open sessions of a changed user go on until they end");
        }
    }
    Ok(Json(dto::User::from(&user)))
}

async fn digested(house: &House, password: &str) -> Answer<String> {
    if password.chars().count() < PASSWORD_MIN || password.len() > 1000 {
        return Err(ApiError::bad_request(
            format!("口令至少 {PASSWORD_MIN} 个字符"),
            format!("a password has at least {PASSWORD_MIN} letters"),
        ));
    }
    let (own, password) = (house.clone(), password.to_owned());
    let work = tokio::task::spawn_blocking(move || {
        digest_password(&password, own.config.password, own.services.entropy.as_ref())
    });
    Ok(work.await.map_err(|error| ApiError::failed(&error.to_string()))??)
}

/// Makes a token; its secret is told this once.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "users", request_body = dto::TokenWanted,
    responses((status = 200, body = dto::TokenMade)))]
pub(crate) async fn add_token(
    State(house): State<House>,
    caller: Caller,
    Body(wanted): Body<dto::TokenWanted>,
) -> Answer<Json<dto::TokenMade>> {
    caller.may(Action::Administer, &Object::System)?;
    let known = !wanted.scope.is_empty() && wanted.scope.iter().all(|word| is_scope(word));
    if !known || house.store().user(&wanted.user).await?.is_none() {
        return Err(ApiError::bad_request(
            "用户要在，范围是 readings:write 或 figures:read",
            "the user exists, the scope is readings:write or figures:read",
        ));
    }
    let until = wanted.until.as_deref().map(super::runs::read_moment).transpose()?;
    let secret = format!("tl_{}", secret::<32>(house.services.entropy.as_ref())?);
    let token = ApiToken {
        digest: sha256(secret.as_bytes()),
        label: wanted.label,
        user: wanted.user,
        scope: wanted.scope,
        until,
    };
    let facts = json!({ "label": token.label, "user": token.user, "scope": token.scope });
    let object = format!("token/{}", token.digest);
    let act = house.act(caller.name(), "token.add", &object, &facts);
    house.store().add_token(&token, act).await?;
    Ok(Json(dto::TokenMade {
        digest: token.digest,
        secret,
        label: token.label,
        user: token.user,
        scope: token.scope,
        until: until.map(tanliu_platform::moment::Moment::to_utc),
    }))
}

/// Ends a token.
#[utoipa::path(delete, path = "/api/v1/tokens/{digest}", tag = "users",
    params(("digest" = String, Path)), responses((status = 204)))]
pub(crate) async fn end_token(
    State(house): State<House>,
    caller: Caller,
    At(digest): At<String>,
) -> Answer<StatusCode> {
    caller.may(Action::Administer, &Object::System)?;
    let act = house.act(caller.name(), "token.end", &format!("token/{digest}"), &json!({}));
    house.store().end_token(&digest, act).await?;
    Ok(StatusCode::NO_CONTENT)
}
