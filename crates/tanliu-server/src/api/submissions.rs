//! 报送 Data handed in: all of a file or nothing of it.

use super::Owned;
use super::catalogue::of_id;
use super::evidence::marked_name;
use super::taken_file::{Form, settle};
use crate::caller::Caller;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::{Ask, At};
use crate::house::House;
use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};
use tanliu_diagnostic::Text;
use tanliu_platform::account::Role;
use tanliu_platform::catalogue::Dataset;
use tanliu_platform::permission::Action;
use tanliu_platform::port::ReadTable;
use tanliu_platform::submission::{State as Stage, Submission};
use tanliu_platform::value::{Standing, ValueQuery};
use utoipa::IntoParams;

/// Values that are shown with a submission.
const SHOWN_MAX: u32 = 500;

/// Which submissions are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SubmissionsAsk {
    dataset: Option<String>,
    /// `submitted,reviewed`
    state: Option<String>,
    /// At most 1000; usually 200.
    limit: Option<u32>,
}

/// Submissions, newest first.
#[utoipa::path(get, path = "/api/v1/submissions", tag = "data", params(SubmissionsAsk),
    responses((status = 200, body = Vec<dto::Submission>)))]
pub(crate) async fn submissions(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<SubmissionsAsk>,
) -> Answer<Json<Vec<dto::Submission>>> {
    let words = ask.state.iter().flat_map(|list| list.split(','));
    let words = words.map(str::trim).filter(|word| !word.is_empty());
    let stages: Option<Vec<Stage>> = words.map(Stage::of).collect();
    let stages = stages.ok_or_else(|| {
        ApiError::bad_request(
            "状态是 draft、submitted、reviewed、approved、withdrawn",
            "states are draft, submitted, reviewed, approved, withdrawn",
        )
    })?;
    let directory = house.directory().await?;
    let reached = directory.reached(&caller.actor);
    let subjects: Option<Vec<String>> = reached.only.as_ref().map(|only| {
        let town = caller.actor.reach.town.iter().filter(|_| caller.actor.role == Role::Town);
        // The empty subject is that of many: whether it is read is asked below.
        only.iter().chain(town).cloned().chain([String::new()]).collect()
    });
    let dataset = ask.dataset.as_deref().filter(|id| !id.is_empty());
    let limit = ask.limit.unwrap_or(200).clamp(1, 1000);
    let found = house.store().submissions(dataset, subjects.as_deref(), &stages, limit).await?;
    let datasets = house.store().datasets().await?;
    let mut read = Vec::new();
    for submission in &found {
        let Some(dataset) = datasets.iter().find(|own| own.id == submission.dataset) else {
            continue;
        };
        let owned = Owned::subject(&house, dataset, &submission.subject).await;
        if owned.is_ok_and(|owned| owned.reported_is_read_by(&caller)) {
            read.push(dto::Submission::from(submission));
        }
    }
    Ok(Json(read))
}

/// Hands in a file. A file with an error is refused whole; `details.marked` is then the digest of
/// the workbook with its bad cells marked.
#[utoipa::path(post, path = "/api/v1/submissions", tag = "data",
    request_body(content = dto::SubmissionForm, content_type = "multipart/form-data"),
    responses((status = 200, body = dto::Submission)))]
pub(crate) async fn hand_in(
    State(house): State<House>,
    caller: Caller,
    parts: Result<Multipart, MultipartRejection>,
) -> Answer<Json<dto::Submission>> {
    let parts = parts
        .map_err(|_| ApiError::bad_request("正文不是表单", "the body is no multipart form"))?;
    let form = Form::read(&house, parts).await?;
    let dataset = of_id(&house, &form.dataset).await?;
    let owned = Owned::subject(&house, &dataset, &form.subject).await?;
    if !matches!(owned, Owned::Dataset { .. }) {
        caller.sees(&owned.object())?;
    }
    caller.may(Action::Submit, &owned.object())?;
    let calculator = house.services.calculator.as_ref();
    let (document, inputs) = (&dataset.document, &dataset.inputs);
    let mut read = calculator.read(document, inputs, &form.name, &form.bytes).await?;
    let foreign = settle(&dataset, &form, &mut read.values);
    if read.errors > 0 || !foreign.is_empty() {
        return Err(refuse(&house, &caller, &form, read, foreign).await?);
    }
    let submission = store(&house, &caller, &dataset, form, read).await?;
    Ok(Json(dto::Submission::from(&submission)))
}

async fn refuse(
    house: &House,
    caller: &Caller,
    form: &Form,
    read: ReadTable,
    foreign: Vec<JsonValue>,
) -> Answer<ApiError> {
    let mut findings = serde_json::from_str::<Vec<JsonValue>>(&read.findings).unwrap_or_default();
    findings.extend(foreign);
    let count = findings.len().max(usize::try_from(read.errors).unwrap_or(usize::MAX));
    let marked = match &read.marked {
        None => None,
        Some(bytes) => {
            let facts = json!({ "file": form.name, "dataset": form.dataset });
            let act = house.act(caller.name(), "evidence.keep", "marked workbook", &facts);
            let name = marked_name(caller.name(), &form.name);
            Some(house.store().keep(&name, bytes, act).await?)
        }
    };
    let text = Text::new(
        format!("文件有 {count} 处问题，整份没有收下"),
        format!("the file has {count} problems; nothing of it was taken"),
    );
    let error = ApiError::refused(text, JsonValue::Null);
    Ok(error.with(json!({ "findings": findings, "marked": marked })))
}

async fn store(
    house: &House,
    caller: &Caller,
    dataset: &Dataset,
    form: Form,
    read: ReadTable,
) -> Answer<Submission> {
    let at = house.services.clock.now();
    let facts = json!({ "file": form.name, "dataset": dataset.id });
    let act = house.act(caller.name(), "evidence.keep", "submission", &facts);
    let evidence = house.store().keep(&form.name, &form.bytes, act).await?;
    let mut values = read.values;
    for value in &mut values {
        value.dataset.clone_from(&dataset.id);
        value.standing = Standing::Pending;
        value.origin.evidence.clone_from(&evidence);
        value.origin.file.clone_from(&form.name);
        caller.name().clone_into(&mut value.origin.by);
        value.origin.at = at;
    }
    let submission = Submission {
        id: 0,
        dataset: dataset.id.clone(),
        subject: form.subject,
        period: form.period,
        state: Stage::Draft,
        by: caller.name().to_owned(),
        at,
        evidence,
        file: form.name,
        count: i64::try_from(values.len()).unwrap_or(i64::MAX),
        edition: 0,
    };
    let facts = json!({
        "dataset": submission.dataset, "subject": submission.subject,
        "period": submission.period, "evidence": submission.evidence, "count": submission.count,
    });
    let act = house.act(caller.name(), "submission.add", "submission", &facts);
    let id = house.store().add_submission(&submission, &values, act).await?;
    let stored = house.store().submission(id).await?.ok_or_else(ApiError::absent)?;
    Ok(stored.0)
}

/// One submission with its reviews and the first of its values.
#[utoipa::path(get, path = "/api/v1/submissions/{id}", tag = "data", params(("id" = i64, Path)),
    responses((status = 200, body = dto::SubmissionPage)))]
pub(crate) async fn submission(
    State(house): State<House>,
    caller: Caller,
    At(id): At<i64>,
) -> Answer<Json<dto::SubmissionPage>> {
    let (submission, reviews) = house.store().submission(id).await?.ok_or_else(ApiError::absent)?;
    let dataset = of_id(&house, &submission.dataset).await?;
    let owned = Owned::subject(&house, &dataset, &submission.subject).await?;
    if !owned.reported_is_read_by(&caller) {
        return Err(ApiError::absent());
    }
    let query = ValueQuery { submission: Some(id), limit: SHOWN_MAX, ..ValueQuery::default() };
    let values = house.store().values(&query).await?;
    Ok(Json(dto::SubmissionPage {
        values_count: submission.count,
        submission: dto::Submission::from(&submission),
        reviews: reviews.iter().map(dto::Review::from).collect(),
        values: values.iter().map(dto::Value::from).collect(),
    }))
}
