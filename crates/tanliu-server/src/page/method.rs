//! 方法页 A document as a page.

use super::{answer, message};
use crate::caller::Caller;
use crate::extract::At;
use crate::house::House;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::PreEscaped;
use tanliu_platform::port::CalculatorError;

/// A document as a page; with a sign-in, unless the house publishes its methods.
#[utoipa::path(get, path = "/methods/{id}", tag = "pages",
    params(("id" = String, Path, description = "with slashes: `cn/district/panorama`")),
    responses((status = 200, body = String, content_type = "text/html")))]
pub(crate) async fn method(
    State(house): State<House>,
    caller: Result<Caller, crate::error::ApiError>,
    At(id): At<String>,
) -> Response {
    if caller.is_err() && !house.config.methods_public {
        return message(StatusCode::UNAUTHORIZED, "请先登录", "sign in first");
    }
    match house.services.calculator.document(&id).await {
        Ok(page) => answer(StatusCode::OK, PreEscaped(page.html), "private, no-cache"),
        Err(CalculatorError::Absent(_)) => {
            message(StatusCode::NOT_FOUND, "没有这篇方法", "there is no such document")
        }
        Err(error) => {
            tracing::error!(%error, "a document could not be shown");
            message(StatusCode::SERVICE_UNAVAILABLE, "系统忙，请稍后再试", "try again later")
        }
    }
}
