//! 比较 A figure as reported on a day and as it is today, and what made the difference.

use super::Owned;
use crate::caller::Caller;
use crate::dto::{self, Label};
use crate::error::{Answer, ApiError};
use crate::extract::Ask;
use crate::house::House;
use crate::tables::{Cut, ENTERPRISE, Wanted};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use std::collections::BTreeMap;
use tanliu_platform::catalogue::Dataset;
use tanliu_platform::figure::{FigureTable, Run};
use tanliu_platform::permission::{Action, Object};
use tanliu_platform::value::{Value, ValueQuery};
use utoipa::IntoParams;

/// Rows whose causes are looked up.
const CAUSED_MAX: usize = 50;
/// Causes of one row.
const CAUSES_MAX: usize = 10;

/// Which two runs are compared.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CompareAsk {
    /// The calculation that both runs are of.
    calculation: Option<String>,
    /// The earlier run.
    then: i64,
    /// The later run; none: the current one.
    now: Option<i64>,
    output: String,
    #[serde(rename = "where")]
    #[param(rename = "where")]
    restriction: Option<String>,
    limit: Option<usize>,
}

/// Compares an output of two runs.
#[utoipa::path(get, path = "/api/v1/compare", tag = "figures", params(CompareAsk),
    responses((status = 200, body = dto::Comparison)))]
pub(crate) async fn compare(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<CompareAsk>,
) -> Answer<Json<dto::Comparison>> {
    caller.may(Action::Read, &Object::District)?;
    let restriction = ask.restriction.as_deref().unwrap_or_default();
    let wanted = Wanted::read(&ask.output, restriction, ask.limit)?;
    if wanted.outputs.len() != 1 {
        return Err(ApiError::bad_request("一次比较一个结果", "one output at a time"));
    }
    let (then, now) = runs(&house, &ask).await?;
    let one = |mut cuts: Vec<Cut>| cuts.pop().map(|cut| cut.table);
    let old = one(house.cut(&caller.actor, &then, &wanted).await?);
    let new = one(house.cut(&caller.actor, &now, &wanted).await?);
    let shape = new.as_ref().or(old.as_ref()).ok_or_else(ApiError::absent)?;
    let mut rows = side_by_side(old.as_ref(), new.as_ref());
    let general = general_causes(&then, &now);
    let changes = Changes { house: &house, caller: &caller, then: &then, now: &now };
    let datasets = house.store().datasets().await?;
    let mut looked_up = 0;
    for row in rows.iter_mut().filter(|row| differ(row.then, row.now)) {
        row.cause.clone_from(&general);
        let keys = shape.indexes.iter().zip(&row.keys);
        let subject = keys.filter(|(own, _)| [ENTERPRISE, "town"].contains(&own.as_str())).last();
        let subject = subject.map_or("", |(_, key)| key.as_str());
        if looked_up < CAUSED_MAX && then.as_of != now.as_of {
            looked_up += 1;
            let corrections = changes.corrections(&datasets, subject).await?;
            row.cause.extend(corrections);
        }
    }
    let calculates = caller.can(Action::Calculate, &Object::District);
    Ok(Json(dto::Comparison {
        then: dto::Run::of(&then, calculates),
        now: dto::Run::of(&now, calculates),
        output: shape.output.clone(),
        label: shape.label.clone(),
        unit: shape.unit.clone(),
        indexes: shape.indexes.clone(),
        rows,
    }))
}

async fn runs(house: &House, ask: &CompareAsk) -> Answer<(Run, Run)> {
    let then = house.store().run(ask.then).await?.ok_or_else(ApiError::absent)?;
    let now = match ask.now {
        Some(now) => house.store().run(now).await?,
        None => house.store().current_run(&then.calculation).await?,
    };
    let now = now.ok_or_else(ApiError::absent)?;
    let same = then.calculation == now.calculation;
    if !same || ask.calculation.as_ref().is_some_and(|own| *own != then.calculation) {
        return Err(ApiError::bad_request(
            "两次运行不是同一个计算任务的",
            "the two runs are not of the same calculation",
        ));
    }
    Ok((then, now))
}

fn side_by_side(old: Option<&FigureTable>, new: Option<&FigureTable>) -> Vec<dto::ComparedRow> {
    let mut pairs: BTreeMap<&Vec<String>, (Option<f64>, Option<f64>)> = BTreeMap::new();
    for row in old.into_iter().flat_map(|table| &table.rows) {
        pairs.entry(&row.keys).or_default().0 = row.number;
    }
    for row in new.into_iter().flat_map(|table| &table.rows) {
        pairs.entry(&row.keys).or_default().1 = row.number;
    }
    let row = |(keys, (then, now)): (&Vec<String>, (Option<f64>, Option<f64>))| dto::ComparedRow {
        keys: keys.clone(),
        then,
        now,
        cause: Vec::new(),
    };
    pairs.into_iter().map(row).collect()
}

fn differ(then: Option<f64>, now: Option<f64>) -> bool {
    then.map(f64::to_bits) != now.map(f64::to_bits)
}

/// What the two runs differ in as a whole.
fn general_causes(then: &Run, now: &Run) -> Vec<Label> {
    let mut causes = Vec::new();
    if then.document_digest != now.document_digest {
        let (old, new) = (&then.document, &now.document);
        causes.push(Label {
            zh: format!("方法由 {}@{} 改为 {}@{}", old.0, old.1, new.0, new.1),
            en: format!("the document was {}@{}, now {}@{}", old.0, old.1, new.0, new.1),
        });
    }
    if then.as_of != now.as_of {
        let (old, new) = (then.as_of.to_utc(), now.as_of.to_utc());
        causes.push(Label {
            zh: format!("数据截至时刻由 {old} 变为 {new}"),
            en: format!("the data counted as of {old}, now as of {new}"),
        });
    }
    causes
}

struct Changes<'a> {
    house: &'a House,
    caller: &'a Caller,
    then: &'a Run,
    now: &'a Run,
}

impl Changes<'_> {
    /// The values of a subject that came or were corrected between the two runs.
    async fn corrections(&self, datasets: &[Dataset], subject: &str) -> Answer<Vec<Label>> {
        let mut causes = Vec::new();
        let own = |dataset: &&Dataset| dataset.document == self.now.document.0;
        for dataset in datasets.iter().filter(own) {
            let Ok(owned) = Owned::subject(self.house, dataset, subject).await else { continue };
            if !owned.reported_is_read_by(self.caller) {
                continue;
            }
            let query = |as_of| ValueQuery {
                dataset: Some(dataset.id.clone()),
                subject: Some(subject.to_owned()),
                as_of: Some(as_of),
                limit: 2000,
                ..ValueQuery::default()
            };
            let old = self.house.store().values(&query(self.then.as_of)).await?;
            let new = self.house.store().values(&query(self.now.as_of)).await?;
            let key = |own: &Value| (own.input.clone(), own.keys.clone(), own.period.clone());
            let old: BTreeMap<_, _> = old.into_iter().map(|own| (key(&own), own)).collect();
            for value in &new {
                let before = old.get(&key(value));
                if before.is_none_or(|before| before.id != value.id) {
                    causes.push(correction(before, value));
                }
                if causes.len() >= CAUSES_MAX {
                    return Ok(causes);
                }
            }
        }
        Ok(causes)
    }
}

fn correction(before: Option<&Value>, value: &Value) -> Label {
    let place = format!("{} {} {} {}", value.subject, value.input, value.keys, value.period);
    let said = |own: &Value| format!("{} {}", own.original, own.original_unit);
    let (submission, new) = (value.submission, said(value));
    match before.map(said) {
        Some(old) => Label {
            zh: format!("{place}：{old} 更正为 {new}（报送 {submission}）"),
            en: format!("{place}: {old} corrected to {new} (submission {submission})"),
        },
        None => Label {
            zh: format!("{place}：新增 {new}（报送 {submission}）"),
            en: format!("{place}: {new} came in (submission {submission})"),
        },
    }
}
