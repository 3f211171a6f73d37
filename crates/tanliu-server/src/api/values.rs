//! 数据值 Reported values, and what to do where two sources disagree.

use super::Owned;
use super::catalogue::of_id;
use super::runs::read_moment;
use crate::caller::Caller;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::{Ask, At, Body};
use crate::house::House;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use tanliu_platform::catalogue::Dataset;
use tanliu_platform::permission::{Action, Object};
use tanliu_platform::value::{Choice, Conflict, Value, ValueQuery};
use utoipa::IntoParams;

/// Conflicts that are looked through.
const CONFLICTS_MAX: u32 = 5000;

/// Which values are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ValuesAsk {
    subject: Option<String>,
    dataset: Option<String>,
    input: Option<String>,
    period: Option<String>,
    /// As it counted at that moment.
    as_of: Option<String>,
    offset: Option<u32>,
    /// At most 5000; usually 500.
    limit: Option<u32>,
}

/// Values with all that they came with. Who reaches few enterprises names one of them.
#[utoipa::path(get, path = "/api/v1/values", tag = "data", params(ValuesAsk),
    responses((status = 200, body = Vec<dto::Value>)))]
pub(crate) async fn values(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<ValuesAsk>,
) -> Answer<Json<Vec<dto::Value>>> {
    let full = |own: Option<String>| own.filter(|text| !text.is_empty());
    let mut subject = full(ask.subject);
    let reached = house.directory().await?.reached(&caller.actor);
    if let (None, Some(only)) = (&subject, &reached.only) {
        let one = only.first().filter(|_| only.len() == 1).ok_or_else(|| {
            ApiError::bad_request("请用 subject 写明是谁的数据", "name whose data with `subject`")
        })?;
        subject = Some(one.clone());
    }
    let query = ValueQuery {
        dataset: full(ask.dataset),
        input: full(ask.input),
        subject,
        period: full(ask.period),
        as_of: full(ask.as_of).map(|text| read_moment(&text)).transpose()?,
        offset: ask.offset.unwrap_or(0),
        limit: ask.limit.unwrap_or(500).clamp(1, 5000),
        ..ValueQuery::default()
    };
    let found = house.store().values(&query).await?;
    let datasets = house.store().datasets().await?;
    let mut readable = Readable { house: &house, caller: &caller, known: BTreeMap::new() };
    let mut read = Vec::new();
    for value in &found {
        if readable.reads(&datasets, value).await {
            read.push(dto::Value::from(value));
        }
    }
    Ok(Json(read))
}

/// Asks the rules once for each dataset and subject.
struct Readable<'a> {
    house: &'a House,
    caller: &'a Caller,
    known: BTreeMap<(String, String), bool>,
}

impl Readable<'_> {
    async fn reads(&mut self, datasets: &[Dataset], value: &Value) -> bool {
        let key = (value.dataset.clone(), value.subject.clone());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let Some(dataset) = datasets.iter().find(|own| own.id == value.dataset) else {
            return false;
        };
        let owned = Owned::subject(self.house, dataset, &value.subject).await;
        let reads = owned.is_ok_and(|owned| owned.reported_is_read_by(self.caller));
        self.known.insert(key, reads);
        reads
    }
}

/// Which conflicts are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConflictsAsk {
    /// Settled ones too.
    all: Option<String>,
}

/// Conflicts, open ones first.
#[utoipa::path(get, path = "/api/v1/conflicts", tag = "data", params(ConflictsAsk),
    responses((status = 200, body = Vec<dto::Conflict>)))]
pub(crate) async fn conflicts(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<ConflictsAsk>,
) -> Answer<Json<Vec<dto::Conflict>>> {
    let open_only = !dto::is_on(ask.all.as_deref());
    let found = house.store().conflicts(open_only, CONFLICTS_MAX).await?;
    let datasets = house.store().datasets().await?;
    let mut readable = Readable { house: &house, caller: &caller, known: BTreeMap::new() };
    let mut read = Vec::new();
    for conflict in &found {
        if readable.reads(&datasets, &conflict.standing).await
            && readable.reads(&datasets, &conflict.other).await
        {
            read.push(dto::Conflict::from(conflict));
        }
    }
    Ok(Json(read))
}

/// Settles a conflict: a department that confirms one of the two datasets, or the district.
#[utoipa::path(post, path = "/api/v1/conflicts/{id}/choice", tag = "data",
    params(("id" = i64, Path)), request_body = dto::ChoiceWanted,
    responses((status = 200, body = dto::Conflict)))]
pub(crate) async fn choose(
    State(house): State<House>,
    caller: Caller,
    At(id): At<i64>,
    Body(wanted): Body<dto::ChoiceWanted>,
) -> Answer<Json<dto::Conflict>> {
    let conflict = of_number(&house, id).await?;
    let mut confirms = false;
    for value in [&conflict.standing, &conflict.other] {
        let dataset = of_id(&house, &value.dataset).await?;
        let owned = Owned::subject(&house, &dataset, &value.subject).await?;
        if !owned.reported_is_read_by(&caller) {
            return Err(ApiError::absent());
        }
        let department = Object::Dataset { department: &dataset.department };
        confirms |= caller.can(Action::Review, &department);
        confirms |= caller.can(Action::Approve, &department);
    }
    if !confirms {
        let dataset = of_id(&house, &conflict.standing.dataset).await?;
        caller.may(Action::Review, &Object::Dataset { department: &dataset.department })?;
    }
    if conflict.choice.is_some() {
        return Err(ApiError::edited(json!(dto::Conflict::from(&conflict))));
    }
    let one_of_them = [conflict.standing.id, conflict.other.id].contains(&wanted.value);
    if !one_of_them || wanted.reason.trim().is_empty() {
        return Err(ApiError::bad_request(
            "要在两个值中选一个，并写明理由",
            "choose one of the two values, and say why",
        ));
    }
    let choice = Choice {
        value: wanted.value,
        reason: wanted.reason,
        by: caller.name().to_owned(),
        at: house.services.clock.now(),
    };
    let facts = json!({ "value": choice.value, "reason": choice.reason });
    let act = house.act(caller.name(), "conflict.choose", &format!("conflict/{id}"), &facts);
    house.store().choose(id, &choice, act).await?;
    Ok(Json(dto::Conflict::from(&of_number(&house, id).await?)))
}

async fn of_number(house: &House, id: i64) -> Answer<Conflict> {
    let all = house.store().conflicts(false, CONFLICTS_MAX).await?;
    all.into_iter().find(|own| own.id == id).ok_or_else(ApiError::absent)
}
