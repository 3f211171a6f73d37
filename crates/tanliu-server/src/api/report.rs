//! 企业报告 The yearly report of an enterprise as a file: what the store knows, added up nowhere.

mod compose;
#[cfg(test)]
mod tests;
mod words;

use super::download_as;
use super::runs::current;
use crate::caller::Caller;
use crate::error::{Answer, ApiError};
use crate::extract::{Ask, At};
use crate::house::House;
use axum::extract::State;
use axum::response::Response;
use compose::Material;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;
use tanliu_diagnostic::Lang;
use tanliu_office::report::enterprise::enterprise_report;
use tanliu_office::report::{write_docx, write_pdf};
use tanliu_platform::directory::Enterprise;
use tanliu_platform::figure::{FigureQuery, FigureTable, Run, RunState};
use tanliu_platform::permission::Object;
use tanliu_platform::submission::{State as Review, Submission};
use tanliu_platform::value::{Standing, Value, ValueQuery};
use tanliu_platform::warning::Warning;
use utoipa::IntoParams;

/// The calculation whose figures are reported.
const CALCULATION: &str = "panorama";
/// Its outputs that are.
const OUTPUTS: [&str; 7] = [
    "energy_enterprise",
    "co2_enterprise",
    "co2_rank_enterprise",
    "ranked_sector",
    "co2_intensity_enterprise",
    "co2_mean_sector",
    "co2_leader_sector",
];
/// Warnings and submissions of one enterprise that are listed.
const LISTED_MAX: u32 = 1000;

/// Which report.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportAsk {
    /// `2021`
    year: String,
    /// `docx` or `pdf`; usually `docx`.
    format: Option<String>,
    /// `zh` or `en`; usually `zh`.
    lang: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Docx,
    Pdf,
}

impl Format {
    /// The ending of the file's name.
    fn word(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
        }
    }
}

impl ReportAsk {
    fn read(&self) -> Answer<(i32, Format, Lang)> {
        let digits = self.year.len() == 4 && self.year.bytes().all(|byte| byte.is_ascii_digit());
        let year = self.year.parse().ok().filter(|_| digits);
        let format = match self.format.as_deref() {
            None | Some("" | "docx") => Some(Format::Docx),
            Some("pdf") => Some(Format::Pdf),
            Some(_) => None,
        };
        let lang = match self.lang.as_deref() {
            None | Some("" | "zh") => Some(Lang::Zh),
            Some("en") => Some(Lang::En),
            Some(_) => None,
        };
        let (Some(year), Some(format), Some(lang)) = (year, format, lang) else {
            return Err(ApiError::bad_request(
                "year 写作 2021，format 是 docx 或 pdf，lang 是 zh 或 en",
                "year reads 2021, format is docx or pdf, lang is zh or en",
            ));
        };
        Ok((year, format, lang))
    }
}

/// The yearly report of an enterprise: figures of the current run, values that counted at it,
/// warnings, open submissions, what is missing, and where everything comes from.
#[utoipa::path(get, path = "/api/v1/enterprises/{id}/report", tag = "directory",
    params(("id" = String, Path), ReportAsk),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn report(
    State(house): State<House>,
    caller: Caller,
    At(id): At<String>,
    Ask(ask): Ask<ReportAsk>,
) -> Answer<Response> {
    let enterprise = house.store().enterprise(&id).await?.ok_or_else(ApiError::absent)?;
    caller.sees(&Object::Enterprise { id: &id, town: &enterprise.town })?;
    let (year, format, lang) = ask.read()?;
    let material = gathered(&house, enterprise, year, lang).await?;
    let run = material.run.as_ref().map(|run| run.id);
    let names = file_names(&material.enterprise, year, lang, format);
    let written = tokio::task::spawn_blocking(move || {
        let report = enterprise_report(&material.report());
        match format {
            Format::Docx => write_docx(&report),
            Format::Pdf => write_pdf(&report),
        }
    });
    let bytes = written.await.map_err(|error| ApiError::failed(&error.to_string()))?;
    let bytes = bytes.map_err(|error| ApiError::failed(&error.to_string()))?;
    let facts = json!({
        "year": ask.year, "format": format.word(), "lang": words::say(lang, "zh", "en"),
        "run": run, "bytes": bytes.len(),
    });
    let object = format!("enterprise/{id}");
    let act = house.act(caller.name(), "enterprise.report", &object, &facts);
    house.store().record(act).await?;
    Ok(download_as(bytes, (&names.0, &names.1), format.content_type()))
}

/// The name for programs that know ASCII alone, and the name.
fn file_names(own: &Enterprise, year: i32, lang: Lang, format: Format) -> (String, String) {
    let ending = format.word();
    let what = words::say(lang, "年能碳报告", "-energy-carbon-report");
    let plain = format!("{}-{year}-report.{ending}", own.id);
    (plain, format!("{}-{year}{what}.{ending}", own.name))
}

/// All that the report is made of.
async fn gathered(
    house: &House,
    enterprise: Enterprise,
    year: i32,
    lang: Lang,
) -> Answer<Material> {
    let store = house.store();
    let run = current(house, CALCULATION).await?.filter(|run| run.state == RunState::Done);
    let tables = match &run {
        Some(run) => figures(house, run, &enterprise).await?,
        None => Vec::new(),
    };
    let (values, later) = values(house, run.as_ref(), &enterprise.id).await?;
    let town = store.towns().await?.into_iter().find(|own| own.id == enterprise.town);
    let sector = store.sectors().await?.into_iter().find(|own| own.id == enterprise.sector);
    Ok(Material {
        lang,
        year,
        town: town.map_or_else(|| enterprise.town.clone(), |own| own.name),
        sector: sector.map_or_else(|| enterprise.sector.clone(), |own| own.name),
        notice: store.district().await?.notice.unwrap_or_default(),
        run,
        tables,
        values,
        later,
        warnings: warnings(house, &enterprise.id, year).await?,
        tasks: tasks(house, &enterprise.id).await?,
        datasets: store.datasets().await?,
        now: house.services.clock.now(),
        enterprise,
    })
}

/// The figures of the enterprise and of its sector.
async fn figures(house: &House, run: &Run, own: &Enterprise) -> Answer<Vec<FigureTable>> {
    let key = |index: &str, key: &str| (index.to_owned(), vec![key.to_owned()]);
    let query = FigureQuery {
        run: run.id,
        outputs: OUTPUTS.iter().map(|output| (*output).to_owned()).collect(),
        keys: vec![key(crate::tables::ENTERPRISE, &own.id), key("sector", &own.sector)],
    };
    Ok(house.store().figures(&query).await?)
}

/// The values that counted at the run, as its figures do; and how many count now that did not then.
async fn values(house: &House, run: Option<&Run>, id: &str) -> Answer<(Vec<Value>, usize)> {
    let query = ValueQuery {
        subject: Some(id.to_owned()),
        standing: Some(Standing::Approved),
        ..ValueQuery::default()
    };
    let now = house.store().values(&query).await?;
    let Some(run) = run else { return Ok((now, 0)) };
    let then = ValueQuery { as_of: Some(run.as_of), ..query };
    let then = house.store().values(&then).await?;
    let counted: BTreeSet<i64> = then.iter().map(|value| value.id).collect();
    let later = now.iter().filter(|value| !counted.contains(&value.id)).count();
    Ok((then, later))
}

/// The warnings about the year or a part of it.
async fn warnings(house: &House, id: &str, year: i32) -> Answer<Vec<Warning>> {
    let ids = [id.to_owned()];
    let mut found = house.store().warnings(None, Some(&ids), false, LISTED_MAX).await?;
    found.retain(|own| own.period.is_empty() || own.period.starts_with(&year.to_string()));
    Ok(found)
}

/// The submissions that wait for somebody.
async fn tasks(house: &House, id: &str) -> Answer<Vec<Submission>> {
    let ids = [id.to_owned()];
    let open = [Review::Draft, Review::Submitted, Review::Reviewed];
    Ok(house.store().submissions(None, Some(&ids), &open, LISTED_MAX).await?)
}
