//! 记录 Every request gets a number, a line in the log, a count and the headers that keep browsers
//! careful.

use crate::house::House;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

/// Scripts come from this server alone, and none stands in a page.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

pub(crate) async fn track(State(house): State<House>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    // Addresses may hold the token of a code: the log has the route, not the path.
    let route = matched.map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().as_str().to_owned();
    let id = crate::clock::secret::<8>(house.services.entropy.as_ref()).unwrap_or_default();
    let begun_us = house.services.clock.ticks_us();
    let span = tracing::info_span!("request", id, method, route, user = tracing::field::Empty);
    let mut response = next.run(request).instrument(span.clone()).await;
    let took_us = house.services.clock.ticks_us().saturating_sub(begun_us);
    let status = response.status();
    house.metrics.answered(&route, &method, status.as_u16(), took_us);
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::error!(status = status.as_u16(), took_us, "answered");
        } else {
            tracing::info!(status = status.as_u16(), took_us, "answered");
        }
    });
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        let own = HeaderName::from_static(name);
        headers.entry(own).or_insert(HeaderValue::from_static(value));
    }
    if house.config.https() {
        let stay = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, stay);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}
