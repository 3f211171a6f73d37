//! 取数 Figures of a run, cut to what somebody may read.

use crate::assets::is_known;
use crate::caller::Caller;
use crate::dto;
use crate::error::{Answer, ApiError};
use crate::extract::Ask;
use crate::house::House;
use crate::tables::Wanted;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tanliu_platform::figure::Run;
use tanliu_platform::permission::{Action, Object};
use tanliu_platform::trail::sha256;
use utoipa::IntoParams;

/// Which figures are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FiguresAsk {
    /// A run; or `calculation`.
    pub(crate) run: Option<i64>,
    /// A calculation: its current run.
    pub(crate) calculation: Option<String>,
    /// The outputs: `a,b`.
    pub(crate) output: String,
    /// `year:2021;town:T01,T02`
    #[serde(rename = "where")]
    #[param(rename = "where")]
    pub(crate) restriction: Option<String>,
    /// Rows of each table with enterprises, at most.
    pub(crate) limit: Option<usize>,
}

impl FiguresAsk {
    pub(crate) fn wanted(&self) -> Answer<Wanted> {
        Wanted::read(&self.output, self.restriction.as_deref().unwrap_or_default(), self.limit)
    }

    pub(crate) async fn run(&self, house: &House) -> Answer<Run> {
        let found = match (self.run, self.calculation.as_deref()) {
            (Some(run), _) => house.store().run(run).await?,
            (None, Some(calculation)) => house.store().current_run(calculation).await?,
            (None, None) => {
                return Err(ApiError::bad_request(
                    "要写明 run 或 calculation",
                    "name a run or a calculation",
                ));
            }
        };
        found.ok_or_else(ApiError::absent)
    }
}

/// Tables of figures. A table by enterprise is cut to the enterprises in reach; one that is too
/// long wants `where` or `limit`. A town or sector in `where` narrows tables by enterprise too.
#[utoipa::path(get, path = "/api/v1/figures", tag = "figures", params(FiguresAsk),
    responses((status = 200, body = dto::Figures), (status = 304)))]
pub(crate) async fn figures(
    State(house): State<House>,
    caller: Caller,
    headers: HeaderMap,
    Ask(ask): Ask<FiguresAsk>,
) -> Answer<Response> {
    caller.may(Action::Read, &Object::District)?;
    let wanted = ask.wanted()?;
    let run = ask.run(&house).await?;
    let pieces = house.pieces(&caller.actor, &run, &wanted).await?;
    let calculates = caller.can(Action::Calculate, &Object::District);
    let head = serde_json::to_string(&dto::Run::of(&run, calculates))
        .map_err(|error| ApiError::failed(&error.to_string()))?;
    let digests: String = pieces.iter().map(|piece| piece.digest.as_str()).collect();
    let tag = format!("W/\"{}\"", sha256(format!("{head}{digests}").as_bytes()));
    let mut response = if is_known(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let size: usize = pieces.iter().map(|piece| piece.bytes.len() + 1).sum();
        let mut body = Vec::with_capacity(head.len() + size + 32);
        body.extend_from_slice(format!("{{\"run\":{head},\"tables\":[").as_bytes());
        for (place, piece) in pieces.iter().enumerate() {
            if place > 0 {
                body.push(b',');
            }
            body.extend_from_slice(&piece.bytes);
        }
        body.extend_from_slice(b"]}");
        let mut response = Response::new(Body::from(body));
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    };
    let own = response.headers_mut();
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    own.insert(header::VARY, HeaderValue::from_static("cookie, authorization"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        own.insert(header::ETAG, tag);
    }
    Ok(response)
}
