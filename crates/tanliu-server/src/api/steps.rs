//! 审核 The steps of the review, each by another person.

use super::Owned;
use super::catalogue::of_id;
use crate::caller::Caller;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::{At, Body};
use crate::house::House;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use tanliu_platform::catalogue::Dataset;
use tanliu_platform::permission::{Action, Object};
use tanliu_platform::port::StoreError;
use tanliu_platform::submission::{Review, State as Stage, Step, StepRefused, Submission, next};

/// Makes a step of the review.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/steps", tag = "data",
    params(("id" = i64, Path)), request_body = dto::StepWanted,
    responses((status = 200, body = dto::Submission)))]
pub(crate) async fn step(
    State(house): State<House>,
    caller: Caller,
    At(id): At<i64>,
    Body(wanted): Body<dto::StepWanted>,
) -> Answer<Json<dto::Submission>> {
    let (submission, reviews) = house.store().submission(id).await?.ok_or_else(ApiError::absent)?;
    let dataset = of_id(&house, &submission.dataset).await?;
    let owned = Owned::subject(&house, &dataset, &submission.subject).await?;
    if !owned.reported_is_read_by(&caller) {
        return Err(ApiError::absent());
    }
    let step = Step::of(&wanted.step).ok_or_else(|| {
        ApiError::bad_request(
            "动作是 submit、pass、approve、return、withdraw",
            "steps are submit, pass, approve, return, withdraw",
        )
    })?;
    may_step(&caller, step, &submission, &dataset, &owned)?;
    if wanted.edition != submission.edition {
        return Err(ApiError::edited(json!(dto::Submission::from(&submission))));
    }
    let to = next(submission.state, step, &caller.actor, &reviews, &wanted.reason)
        .map_err(step_refused)?;
    let review = Review {
        submission: id,
        step,
        by: caller.name().to_owned(),
        at: house.services.clock.now(),
        reason: wanted.reason,
    };
    let facts = json!({ "to": to.word(), "reason": review.reason });
    let verb = format!("submission.{}", step.word());
    let act = house.act(caller.name(), &verb, &format!("submission/{id}"), &facts);
    let made = house.store().step(&submission, &review, to, act).await;
    let (now, _) = house.store().submission(id).await?.ok_or_else(ApiError::absent)?;
    match made {
        Ok(()) => Ok(Json(dto::Submission::from(&now))),
        Err(StoreError::Edited) => Err(ApiError::edited(json!(dto::Submission::from(&now)))),
        Err(other) => Err(other.into()),
    }
}

/// Who reported submits and withdraws; the dataset's department reviews; the district approves.
/// Whoever would make the next step may return instead.
fn may_step(
    caller: &Caller,
    step: Step,
    submission: &Submission,
    dataset: &Dataset,
    owned: &Owned,
) -> Answer<()> {
    let department = Object::Dataset { department: &dataset.department };
    match (step, submission.state) {
        (Step::Submit | Step::Withdraw, _) => caller.may(Action::Submit, &owned.object()),
        (Step::Approve, _) | (Step::Return, Stage::Reviewed) => {
            caller.may(Action::Approve, &owned.object())
        }
        (Step::Pass | Step::Return, _) => caller.may(Action::Review, &department),
    }
}

fn step_refused(refused: StepRefused) -> ApiError {
    let status = match refused.code {
        "no-reason" => StatusCode::BAD_REQUEST,
        _ => StatusCode::CONFLICT,
    };
    ApiError::new(status, refused.code, refused.message)
}
