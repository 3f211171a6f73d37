//! 质疑 Findings raised against figures.

use super::Owned;
use super::explain::{exists, read_address};
use crate::caller::Caller;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::{Ask, At, Body};
use crate::house::House;
use crate::tables::ENTERPRISE;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use tanliu_platform::figure::Finding;
use tanliu_platform::permission::{Action, Object};
use tanliu_platform::port::StoreError;
use utoipa::IntoParams;

/// Findings that are looked through for one.
const FINDINGS_MAX: u32 = 10_000;

/// Which findings are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindingsAsk {
    address: Option<String>,
}

/// Findings, newest first.
#[utoipa::path(get, path = "/api/v1/findings", tag = "findings", params(FindingsAsk),
    responses((status = 200, body = Vec<dto::Finding>)))]
pub(crate) async fn findings(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<FindingsAsk>,
) -> Answer<Json<Vec<dto::Finding>>> {
    caller.may(Action::Read, &Object::District)?;
    let reached = house.directory().await?.reached(&caller.actor);
    let all = house.store().findings(ask.address.as_deref(), 1000).await?;
    let reads = |own: &&Finding| own.enterprise.is_empty() || reached.has(&own.enterprise);
    Ok(Json(all.iter().filter(reads).map(dto::Finding::from).collect()))
}

/// Raises a finding against a figure that is there.
#[utoipa::path(post, path = "/api/v1/findings", tag = "findings",
    request_body = dto::FindingRaised, responses((status = 200, body = dto::Finding)))]
pub(crate) async fn raise(
    State(house): State<House>,
    caller: Caller,
    Body(raised): Body<dto::FindingRaised>,
) -> Answer<Json<dto::Finding>> {
    let text = raised.text.trim();
    if text.is_empty() || text.chars().count() > 4000 {
        return Err(ApiError::bad_request(
            "质疑要写明内容，最多 4000 字",
            "a finding says what is wrong, in at most 4000 letters",
        ));
    }
    let address = read_address(&raised.address)?;
    let owned = Owned::figure(&house, &address.keys).await?;
    let enterprise = address.key(ENTERPRISE).unwrap_or_default();
    if !enterprise.is_empty() {
        caller.sees(&owned.object())?;
    }
    caller.may(Action::Answer, &owned.object())?;
    exists(&house, &caller, &address).await?;
    let mut finding = Finding {
        id: 0,
        address: address.to_string(),
        enterprise: enterprise.to_owned(),
        text: text.to_owned(),
        by: caller.name().to_owned(),
        at: house.services.clock.now(),
        state: "open".to_owned(),
        answer: String::new(),
        edition: 0,
    };
    let object = format!("figure/{}", finding.address);
    let act = house.act(caller.name(), "finding.raise", &object, &json!({ "text": text }));
    finding.id = house.store().raise(&finding, act).await?;
    let stored = of_id(&house, finding.id).await?;
    Ok(Json(dto::Finding::from(&stored)))
}

/// Answers a finding, or closes it. Officials answer; who raised it may close it too.
#[utoipa::path(put, path = "/api/v1/findings/{id}", tag = "findings", params(("id" = i64, Path)),
    request_body = dto::FindingAnswered, responses((status = 200, body = dto::Finding)))]
pub(crate) async fn answer(
    State(house): State<House>,
    caller: Caller,
    At(id): At<i64>,
    Body(wanted): Body<dto::FindingAnswered>,
) -> Answer<Json<dto::Finding>> {
    let mut finding = of_id(&house, id).await?;
    let address = read_address(&finding.address)?;
    let owned = Owned::figure(&house, &address.keys).await?;
    if finding.enterprise.is_empty() {
        caller.may(Action::Read, &Object::District)?;
    } else {
        caller.sees(&owned.object())?;
    }
    let own = finding.by == caller.name() && wanted.state == "closed";
    if !own {
        caller.may(Action::Enforce, &owned.object())?;
    }
    if !["open", "answered", "closed"].contains(&wanted.state.as_str()) {
        return Err(ApiError::bad_request(
            "状态是 open、answered 或 closed",
            "the state is open, answered or closed",
        ));
    }
    if wanted.edition != finding.edition {
        return Err(ApiError::edited(json!(dto::Finding::from(&finding))));
    }
    finding.state.clone_from(&wanted.state);
    if !own || !wanted.answer.is_empty() {
        finding.answer.clone_from(&wanted.answer);
    }
    let facts = json!({ "state": finding.state, "answer": finding.answer });
    let act = house.act(caller.name(), "finding.change", &format!("finding/{id}"), &facts);
    match house.store().change_finding(&finding, act).await {
        Ok(()) => Ok(Json(dto::Finding::from(&of_id(&house, id).await?))),
        Err(StoreError::Edited) => {
            let now = of_id(&house, id).await?;
            Err(ApiError::edited(json!(dto::Finding::from(&now))))
        }
        Err(other) => Err(other.into()),
    }
}

async fn of_id(house: &House, id: i64) -> Answer<Finding> {
    let all = house.store().findings(None, FINDINGS_MAX).await?;
    all.into_iter().find(|own| own.id == id).ok_or_else(ApiError::absent)
}
