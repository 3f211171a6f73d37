//! 预警 Warnings and their work orders.

use super::Owned;
use crate::caller::Caller;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::{Ask, At, Body};
use crate::house::House;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use tanliu_platform::account::Role;
use tanliu_platform::permission::Action;
use tanliu_platform::port::StoreError;
use tanliu_platform::warning::{OrderState, OrderStep, may_go};
use utoipa::IntoParams;

/// Warnings that are listed at once.
const WARNINGS_MAX: u32 = 2000;

/// Which warnings are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WarningsAsk {
    /// Open ones only.
    open: Option<String>,
}

/// Warnings, gravest and newest first.
#[utoipa::path(get, path = "/api/v1/warnings", tag = "warnings", params(WarningsAsk),
    responses((status = 200, body = Vec<dto::Warning>)))]
pub(crate) async fn warnings(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<WarningsAsk>,
) -> Answer<Json<Vec<dto::Warning>>> {
    let reach = &caller.actor.reach;
    let (town, enterprises) = match caller.actor.role {
        Role::Town => (reach.town.as_deref(), None),
        Role::Enterprise | Role::Verifier => (None, Some(reach.enterprises.as_slice())),
        Role::Administrator | Role::District | Role::Department => (None, None),
    };
    let open = dto::is_on(ask.open.as_deref());
    let found = house.store().warnings(town, enterprises, open, WARNINGS_MAX).await?;
    let mut read = Vec::new();
    for warning in &found {
        let place = Owned::place(&house, &warning.enterprise, &warning.town).await;
        if place.is_ok_and(|place| caller.can(Action::Read, &place.object())) {
            read.push(dto::Warning::from(warning));
        }
    }
    Ok(Json(read))
}

/// One warning with the steps of its order.
#[utoipa::path(get, path = "/api/v1/warnings/{id}", tag = "warnings", params(("id" = i64, Path)),
    responses((status = 200, body = dto::WarningPage)))]
pub(crate) async fn warning(
    State(house): State<House>,
    caller: Caller,
    At(id): At<i64>,
) -> Answer<Json<dto::WarningPage>> {
    let (warning, steps) = house.store().warning(id).await?.ok_or_else(ApiError::absent)?;
    caller.sees(&Owned::place(&house, &warning.enterprise, &warning.town).await?.object())?;
    Ok(Json(dto::WarningPage {
        warning: dto::Warning::from(&warning),
        steps: steps.iter().map(dto::OrderStep::from).collect(),
    }))
}

/// Makes a step of a work order: officials notice, visit and close; who is warned replies.
#[utoipa::path(post, path = "/api/v1/warnings/{id}/steps", tag = "warnings",
    params(("id" = i64, Path)), request_body = dto::OrderStepWanted,
    responses((status = 200, body = dto::WarningPage)))]
pub(crate) async fn step(
    State(house): State<House>,
    caller: Caller,
    At(id): At<i64>,
    Body(wanted): Body<dto::OrderStepWanted>,
) -> Answer<Json<dto::WarningPage>> {
    let (warning, _) = house.store().warning(id).await?.ok_or_else(ApiError::absent)?;
    let place = Owned::place(&house, &warning.enterprise, &warning.town).await?;
    caller.sees(&place.object())?;
    let to = OrderState::of(&wanted.to).ok_or_else(|| {
        ApiError::bad_request(
            "状态是 noticed、replied、on-site、closed",
            "states are noticed, replied, on-site, closed",
        )
    })?;
    let action = if to == OrderState::Replied { Action::Answer } else { Action::Enforce };
    caller.may(action, &place.object())?;
    if wanted.edition != warning.edition {
        return Err(ApiError::edited(json!(dto::Warning::from(&warning))));
    }
    may_go(warning.state, to, &wanted.text)
        .map_err(|refused| ApiError::conflict("wrong-state", refused.message))?;
    let step = OrderStep {
        warning: id,
        to,
        text: wanted.text,
        by: caller.name().to_owned(),
        at: house.services.clock.now(),
    };
    let facts = json!({ "to": to.word(), "text": step.text });
    let act = house.act(caller.name(), "warning.step", &format!("warning/{id}"), &facts);
    let made = house.store().order_step(&warning, &step, act).await;
    let (now, steps) = house.store().warning(id).await?.ok_or_else(ApiError::absent)?;
    match made {
        Ok(()) => Ok(Json(dto::WarningPage {
            warning: dto::Warning::from(&now),
            steps: steps.iter().map(dto::OrderStep::from).collect(),
        })),
        Err(StoreError::Edited) => Err(ApiError::edited(json!(dto::Warning::from(&now)))),
        Err(other) => Err(other.into()),
    }
}
