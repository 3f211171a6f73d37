//! 名录 The district, its enterprises and their meters.

use super::Owned;
use crate::caller::Caller;
use crate::directory::code_token;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::{Ask, At, Body};
use crate::house::House;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use tanliu_platform::account::Role;
use tanliu_platform::directory::{Enterprise, EnterpriseQuery};
use tanliu_platform::permission::{Action, Object};
use tanliu_platform::port::StoreError;
use utoipa::IntoParams;

/// What every page needs.
#[utoipa::path(get, path = "/api/v1/district", tag = "directory",
    responses((status = 200, body = dto::DistrictPage)))]
pub(crate) async fn district(
    State(house): State<House>,
    caller: Caller,
) -> Answer<Json<dto::DistrictPage>> {
    caller.may(Action::Read, &Object::District)?;
    let store = house.store();
    let district = store.district().await?;
    let town = |own: tanliu_platform::directory::Town| dto::Town {
        id: own.id,
        name: own.name,
        tile: [own.tile.0, own.tile.1],
    };
    let sector =
        |own: tanliu_platform::directory::Sector| dto::Sector { id: own.id, name: own.name };
    let calculates = caller.can(Action::Calculate, &Object::District);
    let mut calculations = Vec::new();
    for own in store.calculations().await? {
        let current = store.current_run(&own.id).await?;
        calculations.push(dto::Calculation {
            name: dto::Label::from(&own.name),
            document: own.document,
            schedule: own.schedule,
            current: current.map(|run| dto::Run::of(&run, calculates)),
            id: own.id,
        });
    }
    Ok(Json(dto::DistrictPage {
        district: dto::District { name: district.name, notice: district.notice },
        towns: store.towns().await?.into_iter().map(town).collect(),
        sectors: store.sectors().await?.into_iter().map(sector).collect(),
        calculations,
    }))
}

/// Which enterprises are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EnterprisesAsk {
    town: Option<String>,
    sector: Option<String>,
    text: Option<String>,
    offset: Option<u32>,
    /// At most 500; usually 50.
    limit: Option<u32>,
}

/// The enterprises that somebody may read.
#[utoipa::path(get, path = "/api/v1/enterprises", tag = "directory", params(EnterprisesAsk),
    responses((status = 200, body = dto::Enterprises)))]
pub(crate) async fn enterprises(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<EnterprisesAsk>,
) -> Answer<Json<dto::Enterprises>> {
    let full = |own: &Option<String>| own.clone().filter(|text| !text.is_empty());
    let mut query = EnterpriseQuery {
        town: full(&ask.town),
        sector: full(&ask.sector),
        text: full(&ask.text),
        ids: None,
        offset: ask.offset.unwrap_or(0),
        limit: ask.limit.unwrap_or(50).clamp(1, 500),
    };
    let directory = house.directory().await?;
    let reached = directory.reached(&caller.actor);
    let none = || Ok(Json(dto::Enterprises { enterprises: Vec::new(), count: 0 }));
    if let Some(only) = &reached.only {
        // A town's clerk may have hundreds: the town says the same as their list.
        match (caller.actor.role, &caller.actor.reach.town) {
            (Role::Town, Some(own)) if query.town.as_ref().is_none_or(|town| town == own) => {
                query.town = Some(own.clone());
            }
            (Role::Town, _) => return none(),
            _ => query.ids = Some(only.iter().cloned().collect()),
        }
        if only.is_empty() {
            return none();
        }
    }
    let (found, count) = house.store().enterprises(&query).await?;
    let reads = |own: &&Enterprise| {
        caller.can(Action::Read, &Object::Enterprise { id: &own.id, town: &own.town })
    };
    let enterprises = found.iter().filter(reads).map(dto::Enterprise::from).collect();
    Ok(Json(dto::Enterprises { enterprises, count }))
}

/// One enterprise with its meters.
#[utoipa::path(get, path = "/api/v1/enterprises/{id}", tag = "directory",
    params(("id" = String, Path)), responses((status = 200, body = dto::EnterprisePage)))]
pub(crate) async fn enterprise(
    State(house): State<House>,
    caller: Caller,
    At(id): At<String>,
) -> Answer<Json<dto::EnterprisePage>> {
    let enterprise = house.store().enterprise(&id).await?.ok_or_else(ApiError::absent)?;
    caller.sees(&Object::Enterprise { id: &id, town: &enterprise.town })?;
    let meter = |own: tanliu_platform::directory::Meter| dto::Meter {
        id: own.id,
        carrier: own.carrier,
        unit: own.unit,
        serves: own.serves,
    };
    let meters = house.store().meters(&id).await?.into_iter().map(meter).collect();
    let code = format!("/code/{}", code_token(&house.config.secret, &id));
    Ok(Json(dto::EnterprisePage { enterprise: (&enterprise).into(), meters, code }))
}

/// Changes one: the district, or its own town.
#[utoipa::path(put, path = "/api/v1/enterprises/{id}", tag = "directory",
    params(("id" = String, Path)), request_body = dto::Enterprise,
    responses((status = 200, body = dto::Enterprise)))]
pub(crate) async fn change(
    State(house): State<House>,
    caller: Caller,
    At(id): At<String>,
    Body(wanted): Body<dto::Enterprise>,
) -> Answer<Json<dto::Enterprise>> {
    let owned = Owned::enterprise(&house, &id).await?;
    caller.sees(&owned.object())?;
    let by_role = matches!(caller.actor.role, Role::District | Role::Town);
    if !by_role {
        // Who enforces keeps the directory; a department enforces and yet keeps no directory.
        caller.may(Action::Approve, &owned.object())?;
    }
    caller.may(Action::Enforce, &owned.object())?;
    let wanted = checked(&house, &id, wanted).await?;
    let target = Object::Enterprise { id: &id, town: &wanted.town };
    caller.may(Action::Enforce, &target)?;
    let facts = json!({ "name": wanted.name, "town": wanted.town, "edition": wanted.edition });
    let act = house.act(caller.name(), "enterprise.change", &format!("enterprise/{id}"), &facts);
    match house.store().change_enterprise(&wanted, act).await {
        Ok(()) => {}
        Err(StoreError::Edited) => return Err(edited(&house, &id).await?),
        Err(other) => return Err(other.into()),
    }
    house.forget_directory().await;
    let now = house.store().enterprise(&id).await?.ok_or_else(ApiError::absent)?;
    Ok(Json(dto::Enterprise::from(&now)))
}

async fn checked(house: &House, id: &str, wanted: dto::Enterprise) -> Answer<Enterprise> {
    let store = house.store();
    let town = store.towns().await?.iter().any(|town| town.id == wanted.town);
    let sector = store.sectors().await?.iter().any(|sector| sector.id == wanted.sector);
    if wanted.id != id || !town || !sector || wanted.name.trim().is_empty() {
        return Err(ApiError::bad_request(
            "编号要与地址一致，镇街与领域要是名录里的，名称不能空",
            "the id is that of the address, town and sector are known ones, the name is not empty",
        ));
    }
    if wanted.land_mu.is_some_and(|land| !land.is_finite() || land < 0.0) {
        return Err(ApiError::bad_request("占地不能是负数", "land is not negative"));
    }
    Ok(wanted.into())
}

async fn edited(house: &House, id: &str) -> Answer<ApiError> {
    let now = house.store().enterprise(id).await?.ok_or_else(ApiError::absent)?;
    Ok(ApiError::edited(json!(dto::Enterprise::from(&now))))
}
