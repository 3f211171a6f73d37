//! 限制 How often, how large, how long, and from which pages.

use crate::caller::{Remote, cookie, is_safe};
use crate::error::ApiError;
use crate::house::House;
use crate::route::{is_long, takes_files};
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::future::poll_fn;
use std::pin::Pin;
use tanliu_platform::trail::sha256;

/// One address has so many times the limit of one session: an office has one address.
const ADDRESS_WIDE: u32 = 8;

pub(crate) async fn limits(State(house): State<House>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or("", MatchedPath::as_str).to_owned();
    let method = request.method().as_str().to_owned();
    if let Err(refused) = often(&house, &request, &route) {
        return refused.into_response();
    }
    if !is_safe(request.method()) && !from_here(&house, request.headers(), request.uri()) {
        return ApiError::csrf().into_response();
    }
    let limits = house.config.limits;
    let bytes_max =
        if takes_files(&method, &route) { limits.file_bytes } else { limits.body_bytes };
    let length = content_length(request.headers());
    let time = if is_long(&method, &route) { limits.long } else { limits.usual };
    let work = async {
        if length.is_some_and(|bytes| bytes > bytes_max as u64) {
            if length.is_some_and(|bytes| bytes <= limits.drained_bytes) {
                drain(request.into_body()).await;
            }
            return ApiError::too_large(bytes_max).into_response();
        }
        next.run(request).await
    };
    match tokio::time::timeout(time, work).await {
        Ok(response) => response,
        Err(_) => ApiError::busy().into_response(),
    }
}

fn often(house: &House, request: &Request, route: &str) -> Result<(), ApiError> {
    if route == "/healthz" {
        return Ok(());
    }
    let now_us = house.services.clock.ticks_us();
    let remote =
        Remote::of(request.headers(), request.extensions(), house.config.behind_proxy).key();
    house.requests.take(&remote, ADDRESS_WIDE, now_us).map_err(ApiError::too_many)?;
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|own| own.to_str().ok());
    match bearer.or_else(|| cookie(request.headers())) {
        Some(secret) => {
            let session = sha256(secret.as_bytes());
            house.requests.take(&session, 1, now_us).map_err(ApiError::too_many)
        }
        None => Ok(()),
    }
}

/// Whether a change comes from a page of ours: browsers say which page sent it, machines say
/// nothing.
fn from_here(house: &House, headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if matches!(text("sec-fetch-site"), Some("cross-site")) {
        return false;
    }
    let Some(origin) = text("origin") else { return true };
    let own = house.config.public_url.iter().chain(&house.config.origins);
    if own.into_iter().any(|known| known.trim_end_matches('/') == origin) {
        return true;
    }
    let host = text("host").or_else(|| uri.authority().map(|own| own.as_str()));
    let of_origin = origin.split_once("://").map(|(_, host)| host);
    host.is_some() && host == of_origin
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads a body to its end and keeps nothing of it.
async fn drain(body: Body) {
    let mut body = body;
    while let Some(Ok(_)) =
        poll_fn(|context| axum::body::HttpBody::poll_frame(Pin::new(&mut body), context)).await
    {
    }
}
