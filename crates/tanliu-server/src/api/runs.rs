//! 运行 Runs: listed, started, packed, computed again.

use super::download;
use super::explain::read_address;
use crate::caller::Caller;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::{Ask, At, Body};
use crate::house::House;
use crate::tables::ENTERPRISE;
use crate::wire_time;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use tanliu_diagnostic::Text;
use tanliu_platform::account::Role;
use tanliu_platform::figure::{Calculation, Run, RunState};
use tanliu_platform::moment::Moment;
use tanliu_platform::permission::{Action, Object};
use utoipa::IntoParams;

/// Which runs are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunsAsk {
    calculation: Option<String>,
    /// At most 500; usually 50.
    limit: Option<u32>,
}

/// Runs, newest first.
#[utoipa::path(get, path = "/api/v1/runs", tag = "runs", params(RunsAsk),
    responses((status = 200, body = Vec<dto::Run>)))]
pub(crate) async fn runs(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<RunsAsk>,
) -> Answer<Json<Vec<dto::Run>>> {
    caller.may(Action::Read, &Object::District)?;
    let limit = ask.limit.unwrap_or(50).clamp(1, 500);
    let runs = house.store().runs(ask.calculation.as_deref(), limit).await?;
    let calculates = caller.can(Action::Calculate, &Object::District);
    Ok(Json(runs.iter().map(|run| dto::Run::of(run, calculates)).collect()))
}

/// One run with its manifest.
#[utoipa::path(get, path = "/api/v1/runs/{id}", tag = "runs", params(("id" = i64, Path)),
    responses((status = 200, body = dto::RunPage)))]
pub(crate) async fn run(
    State(house): State<House>,
    caller: Caller,
    At(id): At<i64>,
) -> Answer<Json<dto::RunPage>> {
    caller.may(Action::Read, &Object::District)?;
    let run = house.store().run(id).await?.ok_or_else(ApiError::absent)?;
    let calculates = caller.can(Action::Calculate, &Object::District);
    // What refused a run names cells of enterprises.
    let manifest = if run.state == RunState::Done || calculates {
        serde_json::from_str(&run.manifest).unwrap_or_else(|_| Value::from(run.manifest.clone()))
    } else {
        Value::Null
    };
    Ok(Json(dto::RunPage { run: dto::Run::of(&run, calculates), manifest }))
}

/// Runs a calculation and waits for its end. One runs at a time.
#[utoipa::path(post, path = "/api/v1/runs", tag = "runs", request_body = dto::RunWanted,
    responses((status = 200, body = dto::Run)))]
pub(crate) async fn start(
    State(house): State<House>,
    caller: Caller,
    Body(wanted): Body<dto::RunWanted>,
) -> Answer<Json<dto::Run>> {
    caller.may(Action::Calculate, &Object::District)?;
    let now = house.services.clock.now();
    let as_of = match &wanted.as_of {
        None => now,
        Some(text) => read_moment(text)?,
    };
    let all = house.store().calculations().await?;
    let found = all.into_iter().find(|own| own.id == wanted.calculation);
    let calculation = found.ok_or_else(ApiError::absent)?;
    let turn = Arc::clone(&house.run_turns).try_acquire_owned().map_err(|_| ApiError::busy())?;
    let (by, own) = (caller.name().to_owned(), house.clone());
    // A run goes on to its end even if who asked has gone away.
    let running = tokio::spawn(async move {
        let _turn = turn;
        own.services.calculator.calculate(&calculation, as_of, &by, now).await
    });
    let run = running.await.map_err(|error| ApiError::failed(&error.to_string()))??;
    Ok(Json(dto::Run::of(&run, true)))
}

pub(super) fn read_moment(text: &str) -> Answer<Moment> {
    wire_time::read(text).ok_or_else(|| {
        ApiError::bad_request(
            format!("时刻写作 2021-12-31T16:00:00.000Z，不是「{text}」"),
            format!("a moment reads 2021-12-31T16:00:00.000Z, not `{text}`"),
        )
    })
}

/// The run's pack. It holds the data of every enterprise: whoever takes it may read each of them.
#[utoipa::path(get, path = "/api/v1/runs/{id}/pack", tag = "runs", params(("id" = i64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn pack(
    State(house): State<House>,
    caller: Caller,
    At(id): At<i64>,
) -> Answer<Response> {
    replays(&caller)?;
    let reached = house.directory().await?.reached(&caller.actor);
    if reached.only.is_some() {
        return Err(ApiError::not_permitted(Text::new(
            "计算包里有全部企业的数据，您的范围不包括全部企业；可以请求复算",
            "a pack holds the data of every enterprise, and not all are in your reach; a replay is \
             possible",
        )));
    }
    let run = done(&house, id).await?;
    let bytes = house.services.calculator.pack(&run).await?;
    let object = format!("run/{id}");
    let act = house.act(caller.name(), "run.pack", &object, &json!({ "bytes": bytes.len() }));
    house.store().record(act).await?;
    let name = format!("{}-{id}.tanpack", run.calculation);
    Ok(download(bytes, &name, "application/octet-stream"))
}

/// Computes a run again from its pack and compares every figure.
#[utoipa::path(post, path = "/api/v1/runs/{id}/replay", tag = "runs", params(("id" = i64, Path)),
    responses((status = 200, body = dto::Replay)))]
pub(crate) async fn replay(
    State(house): State<House>,
    caller: Caller,
    At(id): At<i64>,
) -> Answer<Json<dto::Replay>> {
    replays(&caller)?;
    let run = done(&house, id).await?;
    let turn = Arc::clone(&house.run_turns).try_acquire_owned().map_err(|_| ApiError::busy())?;
    let own = house.clone();
    let running = tokio::spawn(async move {
        let _turn = turn;
        own.services.calculator.replay(&run).await
    });
    let replayed = running.await.map_err(|error| ApiError::failed(&error.to_string()))??;
    let facts = json!({ "compared": replayed.compared, "differing": replayed.differing_count });
    let act = house.act(caller.name(), "run.replay", &format!("run/{id}"), &facts);
    house.store().record(act).await?;
    let reached = house.directory().await?.reached(&caller.actor);
    let mut differing = Vec::new();
    for (address, then, now) in replayed.differing {
        let enterprise = read_address(&address).ok();
        let enterprise = enterprise.as_ref().and_then(|own| own.key(ENTERPRISE));
        if enterprise.is_none_or(|id| reached.has(id)) {
            differing.push(dto::Differing { address, then, now });
        }
    }
    let (compared, differing_count) = (replayed.compared, replayed.differing_count);
    Ok(Json(dto::Replay { compared, differing, differing_count }))
}

/// 复算的人 The district, departments and verifiers compute again.
fn replays(caller: &Caller) -> Answer<()> {
    caller.may(Action::Read, &Object::District)?;
    if matches!(caller.actor.role, Role::District | Role::Department | Role::Verifier) {
        return Ok(());
    }
    Err(ApiError::not_permitted(Text::new(
        "复算与计算包只给区县、部门和核查机构",
        "replays and packs are for the district, departments and verifiers",
    )))
}

async fn done(house: &House, id: i64) -> Answer<Run> {
    let run = house.store().run(id).await?.ok_or_else(ApiError::absent)?;
    if run.state != RunState::Done {
        let text = Text::new("这次运行没有结果", "this run has no figures");
        return Err(ApiError::conflict("wrong-state", text));
    }
    Ok(run)
}

/// The calculation of an id, for pages that show its current run.
pub(crate) async fn current(house: &House, calculation: &str) -> Answer<Option<Run>> {
    let known: Vec<Calculation> = house.store().calculations().await?;
    if !known.iter().any(|own| own.id == calculation) {
        return Ok(None);
    }
    Ok(house.store().current_run(calculation).await?)
}
