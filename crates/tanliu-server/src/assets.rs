//! 网页资源 The web app, embedded by the binary and handed out here.

use crate::error::ApiError;
use crate::house::House;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// 资源 One file of the web app.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its type: `text/javascript`.
    pub content_type: &'static str,
    /// A digest of its bytes.
    pub digest: String,
}

/// 资源集 The file of a path without its first `/`: `index.html`, `assets/app-1f2e.js`.
pub type Assets = Arc<dyn Fn(&str) -> Option<Asset> + Send + Sync>;

/// A house without a web app.
#[must_use]
pub fn no_assets() -> Assets {
    Arc::new(|_| None)
}

/// Whatever no other address takes: a file, or the web app's page.
pub(crate) async fn file(
    State(house): State<House>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    let within_api = path == "api" || path.starts_with("api/");
    if within_api || !matches!(method, Method::GET | Method::HEAD) {
        return ApiError::absent().into_response();
    }
    let found = (house.services.assets)(path).map(|asset| (path, asset));
    let page = || (house.services.assets)("index.html").map(|asset| ("index.html", asset));
    let last = path.rsplit('/').next().unwrap_or_default();
    let found = if last.contains('.') { found } else { found.or_else(page) };
    match found {
        Some((path, asset)) => deliver(path, asset, &headers),
        None => ApiError::absent().into_response(),
    }
}

/// Files under `assets/` carry their digest in their name and never change.
fn deliver(path: &str, asset: Asset, headers: &HeaderMap) -> Response {
    let tag = format!("W/\"{}\"", asset.digest);
    let keeping = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = is_known(headers, &tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(asset.bytes))
    };
    let own = response.headers_mut();
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static(keeping));
    if !known {
        own.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        own.insert(header::ETAG, tag);
    }
    response
}

/// Whether the caller has what a tag stands for.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    asked.is_some_and(|list| list.split(',').any(|own| own.trim() == tag))
}
