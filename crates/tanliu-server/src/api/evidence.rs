//! 证据 Files that were handed in, and workbooks marked with what is wrong in them.

use super::{Owned, download};
use crate::caller::Caller;
use crate::error::{Answer, ApiError};
use crate::extract::At;
use crate::house::House;
use axum::extract::State;
use axum::response::Response;

/// The name of a marked workbook begins so, then comes who handed it in.
const MARKED: &str = "marked/";
/// Submissions that are looked through for a file.
const SUBMISSIONS_MAX: u32 = 100_000;

/// The name under which a marked workbook is kept: it belongs to who handed it in.
pub(super) fn marked_name(user: &str, file: &str) -> String {
    format!("{MARKED}{user}/{file}")
}

/// A file, for whoever may read a submission that it came with.
#[utoipa::path(get, path = "/api/v1/evidence/{digest}", tag = "data",
    params(("digest" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn evidence(
    State(house): State<House>,
    caller: Caller,
    At(digest): At<String>,
) -> Answer<Response> {
    let (name, bytes) = house.store().evidence(&digest).await?.ok_or_else(ApiError::absent)?;
    let marked = name.strip_prefix(MARKED).and_then(|rest| rest.split_once('/'));
    let own = marked.is_some_and(|(user, _)| user == caller.name());
    if !own && !came_with_a_readable_submission(&house, &caller, &digest).await? {
        return Err(ApiError::absent());
    }
    let name = marked.map_or(name.as_str(), |(_, file)| file);
    Ok(download(bytes, name, "application/octet-stream"))
}

async fn came_with_a_readable_submission(
    house: &House,
    caller: &Caller,
    digest: &str,
) -> Answer<bool> {
    let datasets = house.store().datasets().await?;
    let all = house.store().submissions(None, None, &[], SUBMISSIONS_MAX).await?;
    for submission in all.iter().filter(|own| own.evidence == digest) {
        let Some(dataset) = datasets.iter().find(|own| own.id == submission.dataset) else {
            continue;
        };
        let owned = Owned::subject(house, dataset, &submission.subject).await;
        if owned.is_ok_and(|owned| owned.reported_is_read_by(caller)) {
            return Ok(true);
        }
    }
    Ok(false)
}
