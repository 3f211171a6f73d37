//! 健康 Whether the house answers, and what happened so far.

use crate::caller::Remote;
use crate::error::{Answer, ApiError};
use crate::house::House;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// How long the store may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether the store answers.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200), (status = 503)))]
pub(crate) async fn healthz(State(house): State<House>) -> Answer<Json<Value>> {
    match tokio::time::timeout(PATIENCE, house.store().district()).await {
        Ok(Ok(_)) => Ok(Json(json!({ "state": "ok" }))),
        Ok(Err(error)) => Err(ApiError::failed(&error.to_string())),
        Err(_) => Err(ApiError::failed("the store does not answer in time")),
    }
}

/// Counts in the text form of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(
    State(house): State<House>,
    remote: Remote,
    headers: HeaderMap,
) -> Answer<Response> {
    if !house.config.metrics_public && !remote.is_here(&headers) {
        return Err(ApiError::absent());
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, house.metrics.text()).into_response())
}

/// The description of this interface.
#[utoipa::path(get, path = "/openapi.json", tag = "health",
    responses((status = 200, body = Value)))]
pub(crate) async fn openapi() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, crate::openapi::openapi_json()).into_response()
}
