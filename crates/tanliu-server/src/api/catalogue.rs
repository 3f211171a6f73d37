//! 目录 The catalogue of datasets and the workbooks to fill in.

use super::download;
use crate::caller::Caller;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::At;
use crate::house::House;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use tanliu_platform::catalogue::Dataset;
use tanliu_platform::permission::{Action, Object};

/// The catalogue.
#[utoipa::path(get, path = "/api/v1/datasets", tag = "data",
    responses((status = 200, body = Vec<dto::Dataset>)))]
pub(crate) async fn datasets(
    State(house): State<House>,
    caller: Caller,
) -> Answer<Json<Vec<dto::Dataset>>> {
    caller.may(Action::Read, &Object::District)?;
    let all = house.store().datasets().await?;
    Ok(Json(all.iter().map(dto::Dataset::from).collect()))
}

/// The workbook to fill in.
#[utoipa::path(get, path = "/api/v1/datasets/{id}/template.xlsx", tag = "data",
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn template(
    State(house): State<House>,
    caller: Caller,
    At(id): At<String>,
) -> Answer<Response> {
    caller.may(Action::Read, &Object::District)?;
    let dataset = of_id(&house, &id).await?;
    let calculator = house.services.calculator.as_ref();
    let bytes = calculator.template(&dataset.document, &dataset.inputs).await?;
    let name = format!("{}.xlsx", dataset.name.0);
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(download(bytes, &name, kind))
}

pub(super) async fn of_id(house: &House, id: &str) -> Answer<Dataset> {
    let all = house.store().datasets().await?;
    all.into_iter().find(|own| own.id == id).ok_or_else(ApiError::absent)
}
