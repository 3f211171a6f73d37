//! 取出 What a handler takes out of a request, with our own refusals.

use crate::error::ApiError;
use crate::house::House;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Json, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// 正文 A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<House> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, house: &House) -> Result<Self, ApiError> {
        match Json::<T>::from_request(request, house).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ApiError::too_large(house.config.limits.body_bytes))
            }
            Err(refused) => Err(ApiError::bad_request(
                format!("正文不是所要的 JSON：{}", refused.body_text()),
                format!("the body is not the JSON wanted: {}", refused.body_text()),
            )),
        }
    }
}

/// 原文 A body as it is.
pub(crate) struct Raw(pub(crate) Bytes);

impl FromRequest<House> for Raw {
    type Rejection = ApiError;

    async fn from_request(request: Request, house: &House) -> Result<Self, ApiError> {
        match Bytes::from_request(request, house).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ApiError::too_large(house.config.limits.file_bytes))
            }
            Err(_) => Err(ApiError::bad_request("正文没有收全", "the body did not come whole")),
        }
    }
}

/// 查询 What stands behind the question mark.
pub(crate) struct Ask<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<House> for Ask<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, ApiError> {
        match Query::<T>::from_request_parts(parts, house).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(refused) => Err(ApiError::bad_request(
                format!("查询参数不对：{}", refused.body_text()),
                format!("the query is wrong: {}", refused.body_text()),
            )),
        }
    }
}

/// 地址中的名字 What an address names. What cannot be read is no address.
pub(crate) struct At<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<House> for At<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, ApiError> {
        match Path::<T>::from_request_parts(parts, house).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(_) => Err(ApiError::absent()),
        }
    }
}
