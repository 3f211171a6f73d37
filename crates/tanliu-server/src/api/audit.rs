//! 审计 The audit trail, and whether its chain holds.

use crate::caller::Caller;
use crate::dto;
use crate::error::Answer;
use crate::extract::Ask;
use crate::house::House;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use tanliu_platform::permission::{Action, Object};
use tanliu_platform::trail::{Entry, GENESIS, check};
use utoipa::IntoParams;

/// Entries that are checked at once.
const PAGE: u32 = 5000;

/// Which entries are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditAsk {
    /// From this number on; none: the last ones, and the whole chain is checked.
    from: Option<i64>,
    /// At most 1000; usually 100.
    limit: Option<u32>,
}

/// Entries, and whether the chain holds.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditAsk),
    responses((status = 200, body = dto::Audit)))]
pub(crate) async fn audit(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<AuditAsk>,
) -> Answer<Json<dto::Audit>> {
    caller.may(Action::Read, &Object::System)?;
    let store = house.store();
    let limit = ask.limit.unwrap_or(100).clamp(1, 1000);
    let (number, seal) = store.head().await?;
    let from = ask.from.unwrap_or(number - i64::from(limit) + 1).max(1);
    let entries = store.entries(from, limit).await?;
    let holds = match ask.from {
        None => whole_holds(&house, number, &seal).await?,
        Some(_) => part_holds(&house, from, &entries).await?,
    };
    Ok(Json(dto::Audit {
        entries: entries.iter().map(dto::Entry::from).collect(),
        head: dto::Head { number, seal },
        holds,
    }))
}

/// Whether entries follow the one before them.
async fn part_holds(house: &House, from: i64, entries: &[Entry]) -> Answer<bool> {
    let before = match from {
        1 => Some(GENESIS.to_owned()),
        _ => house.store().entries(from - 1, 1).await?.into_iter().next().map(|own| own.seal),
    };
    Ok(entries.is_empty() || before.is_some_and(|seal| check(entries, (from - 1, &seal)).is_ok()))
}

/// Whether the chain holds from its first entry to the head that was told.
async fn whole_holds(house: &House, number: i64, seal: &str) -> Answer<bool> {
    let (mut last, mut before) = (0, GENESIS.to_owned());
    while last < number {
        let mut page = house.store().entries(last + 1, PAGE).await?;
        page.retain(|entry| entry.number <= number);
        match check(&page, (last, &before)) {
            Ok(_) if page.is_empty() => return Ok(false),
            Ok((next, own)) => (last, before) = (next, own),
            Err(broken) => {
                tracing::error!(%broken, "the audit trail does not hold");
                return Ok(false);
            }
        }
    }
    Ok(before == seal)
}
