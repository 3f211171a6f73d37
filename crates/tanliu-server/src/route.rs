//! 路由 The table of all addresses, and the router made from it.

use crate::api::{
    audit, catalogue, compare, csv, directory, evidence, explain, figures, findings, health,
    methods, readings, report, runs, session, steps, submissions, users, values, warnings,
};
use crate::assets;
use crate::config::Config;
use crate::guard::{limits, track};
use crate::house::{House, Services};
use crate::page;
use crate::password::PasswordFailed;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, delete, get, post, put};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

/// 路由 A method and an address as `axum` writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `GET`
    pub method: &'static str,
    /// `/api/v1/runs/{id}`
    pub path: &'static str,
}

/// Whether a route takes files or batches.
pub(crate) fn takes_files(method: &str, path: &str) -> bool {
    method == "POST" && matches!(path, "/api/v1/submissions" | "/api/v1/readings")
}

/// Whether a route may take long.
pub(crate) fn is_long(method: &str, path: &str) -> bool {
    takes_files(method, path)
        || matches!(
            (method, path),
            ("POST", "/api/v1/runs" | "/api/v1/runs/{id}/replay")
                | ("GET", "/api/v1/runs/{id}/pack" | "/api/v1/explain")
        )
}

/// All routes.
#[must_use]
pub fn routes() -> Vec<Route> {
    table(Limit { file_bytes: 0 }).list
}

/// The router with everything that stands before its handlers.
///
/// # Errors
/// No entropy, or parameters that argon2 does not take.
pub fn router(config: Config, services: Services) -> Result<Router, PasswordFailed> {
    let (body_bytes, file_bytes) = (config.limits.body_bytes, config.limits.file_bytes);
    let house = House::new(config, services)?;
    // What is compressed already gains nothing.
    let worth = SizeAbove::new(1024)
        .and(NotForContentType::const_new("application/octet-stream"))
        .and(NotForContentType::const_new("application/vnd.openxmlformats"))
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("image/png"))
        .and(NotForContentType::const_new("font/"));
    let router = table(Limit { file_bytes })
        .router
        .method_not_allowed_fallback(no_such_method)
        .fallback(assets::file)
        .layer(DefaultBodyLimit::max(body_bytes))
        .layer(CompressionLayer::new().gzip(true).compress_when(worth))
        .layer(from_fn_with_state(house.clone(), limits))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(house.clone(), track))
        .with_state(house);
    Ok(router)
}

async fn no_such_method() -> axum::response::Response {
    let text = tanliu_diagnostic::Text::new(
        "这个地址没有这种方法",
        "this address does not know this method",
    );
    let status = axum::http::StatusCode::METHOD_NOT_ALLOWED;
    crate::error::ApiError::new(status, "bad-request", text).into_response()
}

/// A fault of ours ends one request, not the house.
fn panicked(fault: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let what = fault.downcast_ref::<String>().map(String::as_str);
    let what = what.or_else(|| fault.downcast_ref::<&str>().copied()).unwrap_or("unknown");
    crate::error::ApiError::failed(what).into_response()
}

struct Limit {
    file_bytes: usize,
}

struct Table {
    router: Router<House>,
    list: Vec<Route>,
}

impl Table {
    fn with(mut self, method: &'static str, path: &'static str, own: MethodRouter<House>) -> Self {
        self.router = self.router.route(path, own);
        self.list.push(Route { method, path });
        self
    }

    fn get<H: Handler<T, House>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.with("GET", path, get(handler))
    }

    fn post<H: Handler<T, House>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.with("POST", path, post(handler))
    }

    fn put<H: Handler<T, House>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.with("PUT", path, put(handler))
    }

    fn delete<H: Handler<T, House>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.with("DELETE", path, delete(handler))
    }
}

fn table(limit: Limit) -> Table {
    let files = || DefaultBodyLimit::max(limit.file_bytes);
    let start = Table { router: Router::new(), list: Vec::new() };
    let api = start
        .post("/api/v1/session", session::begin)
        .get("/api/v1/session", session::read)
        .delete("/api/v1/session", session::end)
        .get("/api/v1/district", directory::district)
        .get("/api/v1/enterprises", directory::enterprises)
        .get("/api/v1/enterprises/{id}", directory::enterprise)
        .put("/api/v1/enterprises/{id}", directory::change)
        .get("/api/v1/enterprises/{id}/report", report::report)
        .get("/api/v1/runs", runs::runs)
        .post("/api/v1/runs", runs::start)
        .get("/api/v1/runs/{id}", runs::run)
        .get("/api/v1/runs/{id}/pack", runs::pack)
        .post("/api/v1/runs/{id}/replay", runs::replay)
        .get("/api/v1/figures", figures::figures)
        .get("/api/v1/figures.csv", csv::csv)
        .get("/api/v1/compare", compare::compare)
        .get("/api/v1/explain", explain::explain)
        .get("/api/v1/findings", findings::findings)
        .post("/api/v1/findings", findings::raise)
        .put("/api/v1/findings/{id}", findings::answer)
        .get("/api/v1/datasets", catalogue::datasets)
        .get("/api/v1/datasets/{id}/template.xlsx", catalogue::template)
        .get("/api/v1/submissions", submissions::submissions)
        .with("POST", "/api/v1/submissions", post(submissions::hand_in).layer(files()))
        .get("/api/v1/submissions/{id}", submissions::submission)
        .post("/api/v1/submissions/{id}/steps", steps::step);
    let api = api
        .get("/api/v1/values", values::values)
        .get("/api/v1/conflicts", values::conflicts)
        .post("/api/v1/conflicts/{id}/choice", values::choose)
        .get("/api/v1/evidence/{digest}", evidence::evidence)
        .get("/api/v1/warnings", warnings::warnings)
        .get("/api/v1/warnings/{id}", warnings::warning)
        .post("/api/v1/warnings/{id}/steps", warnings::step)
        .get("/api/v1/meters/{id}/days", readings::days)
        .get("/api/v1/meters/{id}/days/{day}", readings::day)
        .get("/api/v1/meters/{id}/gaps", readings::gaps)
        .get("/api/v1/meters/{id}/readings/{begin}", readings::reading)
        .with("POST", "/api/v1/readings", post(readings::take).layer(files()))
        .get("/api/v1/methods", methods::methods)
        .post("/api/v1/methods/check", methods::check)
        .get("/api/v1/methods/{*id}", methods::method)
        .get("/api/v1/audit", audit::audit)
        .get("/api/v1/users", users::users)
        .put("/api/v1/users/{name}", users::put)
        .post("/api/v1/tokens", users::add_token)
        .delete("/api/v1/tokens/{digest}", users::end_token);
    api.get("/code/{token}", page::code::code)
        .get("/methods/{*id}", page::method::method)
        .get("/openapi.json", health::openapi)
        .get("/healthz", health::healthz)
        .get("/metrics", health::metrics)
}
