//! 溯源 Where a figure comes from, without what belongs to others.

use super::Owned;
use crate::address::Address;
use crate::caller::Caller;
use crate::directory::Reached;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::Ask;
use crate::house::House;
use crate::tables::{ENTERPRISE, Wanted};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use tanliu_platform::figure::Run;
use tanliu_platform::permission::{Action, Object};
use tanliu_platform::value::ValueQuery;
use utoipa::IntoParams;

/// Submissions whose reviews are shown.
const SUBMISSIONS_MAX: usize = 20;
/// Values of a subject that are looked through for them.
const VALUES_MAX: u32 = 2000;

/// Which figure, and how far down.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExplainAsk {
    /// `12/co2_town[town=T01,year=2021]`
    figure: String,
    /// Usually 6, at most 32.
    depth: Option<usize>,
}

/// Derives a figure.
#[utoipa::path(get, path = "/api/v1/explain", tag = "figures", params(ExplainAsk),
    responses((status = 200, body = dto::Explanation)))]
pub(crate) async fn explain(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<ExplainAsk>,
) -> Answer<Json<dto::Explanation>> {
    let address = read_address(&ask.figure)?;
    if address.key(ENTERPRISE).is_some() {
        caller.sees(&Owned::figure(&house, &address.keys).await?.object())?;
    } else {
        caller.may(Action::Read, &Object::District)?;
    }
    let run = house.store().run(address.run).await?.ok_or_else(ApiError::absent)?;
    let depth = ask.depth.unwrap_or(6).clamp(1, 32);
    let calculator = house.services.calculator.as_ref();
    let explained = calculator.explain(&run, &address.output, &address.keys, depth).await?;
    let mut tree: Value = serde_json::from_str(&explained.tree)
        .map_err(|error| ApiError::failed(&error.to_string()))?;
    let reached = house.directory().await?.reached(&caller.actor);
    if reached.only.is_some() {
        withhold(&mut tree, &reached);
    }
    let reviewers = reviewers(&house, &caller, &run, &address).await?;
    let calculates = caller.can(Action::Calculate, &Object::District);
    Ok(Json(dto::Explanation {
        run: dto::Run::of(&run, calculates),
        tree,
        clause: dto::Clause { heading: explained.heading, html: explained.clause },
        reviewers,
    }))
}

pub(crate) fn read_address(text: &str) -> Answer<Address> {
    Address::read(text).ok_or_else(|| {
        ApiError::bad_request(
            format!("数的地址写作「12/co2_town[town=T01,year=2021]」，不是「{text}」"),
            format!("a figure's address reads `12/co2_town[town=T01,year=2021]`, not `{text}`"),
        )
    })
}

/// Takes branches of other enterprises out of a derivation: a town's sum names all its enterprises.
fn withhold(node: &mut Value, reached: &Reached) {
    let Some(operands) = node.get_mut("operands").and_then(Value::as_array_mut) else { return };
    let before = operands.len();
    operands.retain(|own| {
        let key = own.get("key").and_then(|keys| keys.get(ENTERPRISE)).and_then(Value::as_str);
        key.is_none_or(|id| reached.has(id))
    });
    let gone = before - operands.len();
    for own in operands.iter_mut() {
        withhold(own, reached);
    }
    if let Some(fields) = node.as_object_mut().filter(|_| gone > 0) {
        fields.insert("withheld".to_owned(), Value::from(gone));
    }
}

/// Who reviewed the data of the figure's subject that counted at the run.
async fn reviewers(
    house: &House,
    caller: &Caller,
    run: &Run,
    address: &Address,
) -> Answer<Vec<dto::Reviewer>> {
    let store = house.store();
    let subject = address.key(ENTERPRISE).or_else(|| address.key("town")).unwrap_or_default();
    let mut submissions = BTreeSet::new();
    for dataset in store.datasets().await?.iter().filter(|own| own.document == run.document.0) {
        let Ok(owned) = Owned::subject(house, dataset, subject).await else { continue };
        if !owned.reported_is_read_by(caller) {
            continue;
        }
        let query = ValueQuery {
            dataset: Some(dataset.id.clone()),
            subject: Some(subject.to_owned()),
            as_of: Some(run.as_of),
            limit: VALUES_MAX,
            ..ValueQuery::default()
        };
        submissions.extend(store.values(&query).await?.iter().map(|value| value.submission));
    }
    let mut reviewers = Vec::new();
    for id in submissions.into_iter().rev().take(SUBMISSIONS_MAX) {
        let Some((_, reviews)) = store.submission(id).await? else { continue };
        let counted = reviews.into_iter().filter(|review| review.at <= run.as_of);
        reviewers.extend(counted.map(|review| dto::Reviewer {
            step: review.step.word().to_owned(),
            by: review.by,
            at: review.at.to_utc(),
            reason: review.reason,
            submission: id,
        }));
    }
    Ok(reviewers)
}

/// Whether a figure is there, for whoever may read it.
pub(crate) async fn exists(house: &House, caller: &Caller, address: &Address) -> Answer<()> {
    let run = house.store().run(address.run).await?.ok_or_else(ApiError::absent)?;
    let wanted = Wanted {
        outputs: vec![address.output.clone()],
        keys: address.keys.iter().map(|(own, key)| (own.clone(), vec![key.clone()])).collect(),
        limit: None,
    };
    let cut = house.cut(&caller.actor, &run, &wanted).await?;
    let found = cut.iter().any(|own| {
        own.table.rows.iter().any(|row| {
            Address::of(address.run, &address.output, &own.table.indexes, &row.keys) == *address
        })
    });
    if found { Ok(()) } else { Err(ApiError::absent()) }
}

#[cfg(test)]
mod tests;
