//! 方法 The documents of the library.

use crate::caller::Caller;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::{At, Body};
use crate::house::House;
use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tanliu_platform::permission::{Action, Object};

/// The documents, by id.
#[utoipa::path(get, path = "/api/v1/methods", tag = "methods",
    responses((status = 200, body = Vec<dto::Method>)))]
pub(crate) async fn methods(
    State(house): State<House>,
    caller: Caller,
) -> Answer<Json<Vec<dto::Method>>> {
    caller.may(Action::Read, &Object::District)?;
    let documents = house.services.calculator.documents().await?;
    Ok(Json(documents.iter().map(dto::Method::from).collect()))
}

/// One document with its text.
#[utoipa::path(get, path = "/api/v1/methods/{id}", tag = "methods",
    params(("id" = String, Path, description = "with slashes: `cn/district/panorama`")),
    responses((status = 200, body = dto::MethodText)))]
pub(crate) async fn method(
    State(house): State<House>,
    caller: Caller,
    At(id): At<String>,
) -> Answer<Json<dto::MethodText>> {
    caller.may(Action::Read, &Object::District)?;
    let page = house.services.calculator.document(&id).await?;
    Ok(Json(dto::MethodText { method: dto::Method::from(&page.summary), text: page.text }))
}

/// What is wrong with a text as a document.
#[utoipa::path(post, path = "/api/v1/methods/check", tag = "methods",
    request_body = dto::TextToCheck, responses((status = 200, body = Value)))]
pub(crate) async fn check(
    State(house): State<House>,
    caller: Caller,
    Body(own): Body<dto::TextToCheck>,
) -> Answer<Json<Value>> {
    caller.may(Action::Read, &Object::District)?;
    let findings = house.services.calculator.check(&own.text).await?;
    let findings = serde_json::from_str(&findings);
    Ok(Json(findings.map_err(|error| ApiError::failed(&error.to_string()))?))
}
