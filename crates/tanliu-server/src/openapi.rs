//! 接口说明 The description of the interface, from which the web app's client is made.

use crate::api::{
    audit, catalogue, compare, csv, directory, evidence, explain, figures, findings, health,
    methods, readings, report, runs, session, steps, submissions, users, values, warnings,
};
use crate::dto;
use crate::page;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::{Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(title = "碳流 Tanliu", description = "区县双碳平台接口 the interface of a district's platform"),
    paths(
        session::begin, session::read, session::end,
        directory::district, directory::enterprises, directory::enterprise, directory::change,
        report::report,
        runs::runs, runs::run, runs::start, runs::pack, runs::replay,
        figures::figures, csv::csv, compare::compare, explain::explain,
        findings::findings, findings::raise, findings::answer,
        catalogue::datasets, catalogue::template,
        submissions::submissions, submissions::hand_in, submissions::submission, steps::step,
        values::values, values::conflicts, values::choose, evidence::evidence,
        warnings::warnings, warnings::warning, warnings::step,
        readings::days, readings::day, readings::gaps, readings::reading, readings::take,
        methods::methods, methods::method, methods::check,
        audit::audit, users::users, users::put, users::add_token, users::end_token,
        page::code::code, page::method::method,
        health::openapi, health::healthz, health::metrics,
    ),
    components(schemas(dto::Refused)),
    modifiers(&Refusals)
)]
struct Interface;

/// Every operation has a name of its own, and may be refused, always in the same shape.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for item in openapi.paths.paths.values_mut() {
            let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
                let own = operation.operation_id.take().unwrap_or_default();
                operation.operation_id = Some(format!("{tag}_{own}"));
                let responses = &mut operation.responses.responses;
                responses.insert("default".to_owned(), RefOr::T(refusal()));
            }
        }
    }
}

fn refusal() -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Refused"))).build();
    ResponseBuilder::new().description("a refusal").content("application/json", content).build()
}

/// The whole description as JSON, in the order of its addresses.
#[must_use]
pub fn openapi_json() -> String {
    // A description made of plain types always can be written.
    Interface::openapi().to_pretty_json().unwrap_or_default()
}
