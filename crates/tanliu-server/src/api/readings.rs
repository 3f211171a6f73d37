//! 读数 Readings of meters: taken in batches, shown by day.

use super::Owned;
use crate::caller::Caller;
use crate::dto;
use crate::error::{Answer, ApiError, finding};
use crate::extract::{Ask, At, Raw};
use crate::house::House;
use crate::wire_time;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use std::collections::BTreeMap;
use tanliu_diagnostic::Text;
use tanliu_platform::catalogue::Way;
use tanliu_platform::directory::Meter;
use tanliu_platform::permission::{Action, Object};
use tanliu_platform::port::{Reading, ReadingOrigin};
use utoipa::IntoParams;

/// Rows whose faults are told.
const FAULTS_MAX: usize = 1000;

/// Which month.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MonthAsk {
    /// `2024-01`
    month: String,
}

/// The meter, for whoever may read its enterprise.
async fn meter_of(house: &House, caller: &Caller, id: &str) -> Answer<Meter> {
    let meter = house.store().meter(id).await?.ok_or_else(ApiError::absent)?;
    caller.sees(&Owned::enterprise(house, &meter.enterprise).await?.object())?;
    Ok(meter)
}

/// Energy of every day of a month.
#[utoipa::path(get, path = "/api/v1/meters/{id}/days", tag = "readings",
    params(("id" = String, Path), MonthAsk), responses((status = 200, body = Vec<dto::DayOfMonth>)))]
pub(crate) async fn days(
    State(house): State<House>,
    caller: Caller,
    At(id): At<String>,
    Ask(ask): Ask<MonthAsk>,
) -> Answer<Json<Vec<dto::DayOfMonth>>> {
    meter_of(&house, &caller, &id).await?;
    let month = dated(&ask.month, 7)?;
    let days = house.services.readings.days(&id, month).await?;
    let day = |(day, energy, readings)| dto::DayOfMonth { day, energy, readings };
    Ok(Json(days.into_iter().map(day).collect()))
}

/// The 96 quarters of a day.
#[utoipa::path(get, path = "/api/v1/meters/{id}/days/{day}", tag = "readings",
    params(("id" = String, Path), ("day" = String, Path)),
    responses((status = 200, body = dto::MeterDay)))]
pub(crate) async fn day(
    State(house): State<House>,
    caller: Caller,
    At((id, day)): At<(String, String)>,
) -> Answer<Json<dto::MeterDay>> {
    let meter = meter_of(&house, &caller, &id).await?;
    let own = house.services.readings.day(&id, dated(&day, 10)?, None).await?;
    Ok(Json(dto::MeterDay {
        meter: own.meter,
        day: own.day,
        unit: meter.unit,
        quarters: own.quarters,
        version: own.version,
    }))
}

/// One reading: which batch brought it, whose, when.
#[utoipa::path(get, path = "/api/v1/meters/{id}/readings/{begin}", tag = "readings",
    params(("id" = String, Path), ("begin" = String, Path)),
    responses((status = 200, body = dto::ReadingOrigin)))]
pub(crate) async fn reading(
    State(house): State<House>,
    caller: Caller,
    At((id, begin)): At<(String, String)>,
) -> Answer<Json<dto::ReadingOrigin>> {
    let meter = meter_of(&house, &caller, &id).await?;
    if !begins_quarter(&begin) {
        let text = no_quarter(&begin);
        return Err(ApiError::bad_request(text.zh, text.en));
    }
    let known = house.services.readings.origin(&id, &begin, None).await?;
    let known = known.ok_or_else(ApiError::absent)?;
    let (batch, by, at) = match known.origin {
        Some(own) => (Some(own.batch), Some(own.by), Some(own.at.to_utc())),
        None => (None, None, None),
    };
    let (meter, unit) = (meter.id, meter.unit);
    Ok(Json(dto::ReadingOrigin { meter, begin, value: known.value, unit, batch, by, at }))
}

/// What lacks in a month.
#[utoipa::path(get, path = "/api/v1/meters/{id}/gaps", tag = "readings",
    params(("id" = String, Path), MonthAsk), responses((status = 200, body = Vec<dto::Gap>)))]
pub(crate) async fn gaps(
    State(house): State<House>,
    caller: Caller,
    At(id): At<String>,
    Ask(ask): Ask<MonthAsk>,
) -> Answer<Json<Vec<dto::Gap>>> {
    meter_of(&house, &caller, &id).await?;
    let gaps = house.services.readings.gaps(&id, dated(&ask.month, 7)?).await?;
    let gap = |own: tanliu_platform::port::Gap| dto::Gap {
        meter: own.meter,
        from: own.from,
        count: own.count,
    };
    Ok(Json(gaps.into_iter().map(gap).collect()))
}

/// A month `2024-01` or a day `2024-01-31`: digits and hyphens of that length.
fn dated(text: &str, length: usize) -> Answer<&str> {
    let fits = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    if text.len() == length && text.bytes().enumerate().all(fits) {
        return Ok(text);
    }
    Err(ApiError::bad_request(
        format!("日期写作 2024-01 或 2024-01-31，不是「{text}」"),
        format!("a date reads 2024-01 or 2024-01-31, not `{text}`"),
    ))
}

/// Takes a batch of readings, NDJSON or CSV: all of it or nothing.
#[utoipa::path(post, path = "/api/v1/readings", tag = "readings",
    request_body(content = String, content_type = "application/x-ndjson"),
    responses((status = 200, body = dto::Taken)))]
pub(crate) async fn take(
    State(house): State<House>,
    caller: Caller,
    headers: HeaderMap,
    Raw(bytes): Raw,
) -> Answer<Json<dto::Taken>> {
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| ApiError::bad_request("正文不是 UTF-8", "the body is not UTF-8"))?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let csv = kind.is_some_and(|kind| kind.starts_with("text/csv"));
    let rows = if csv { of_csv(text)? } else { of_lines(text) };
    let mut faults = Vec::new();
    let mut readings = Vec::with_capacity(rows.len());
    let mut meters = Meters::new(&house, &caller).await?;
    for (number, row) in rows {
        let checked = match row {
            Ok(reading) => meters.check(reading).await?,
            Err(why) => Err(why),
        };
        match checked {
            Ok(reading) => readings.push(reading),
            Err(why) => faults.push((number, why)),
        }
    }
    if readings.is_empty() && faults.is_empty() {
        return Err(ApiError::bad_request("没有读数", "there are no readings"));
    }
    if !faults.is_empty() {
        return Err(refused(&faults));
    }
    let batch = headers.get("x-tanliu-batch").and_then(|value| value.to_str().ok());
    let origin = ReadingOrigin {
        by: caller.name().to_owned(),
        at: house.services.clock.now(),
        batch: batch.unwrap_or("request").chars().take(200).collect(),
    };
    Ok(Json(house.services.readings.take(readings, origin).await?.into()))
}

fn refused(faults: &[(usize, Text)]) -> ApiError {
    let count = faults.len();
    let text = Text::new(
        format!("{count} 行读数不能接受，整批没有收下"),
        format!("{count} rows cannot be taken; nothing was"),
    );
    let list = faults.iter().take(FAULTS_MAX);
    let list = list.map(|(number, why)| finding("reading", why, &format!("row {number}")));
    ApiError::refused(text, serde_json::Value::Array(list.collect()))
}

/// A row with its number from 1, read or not.
type NumberedRow = (usize, Result<Reading, Text>);

fn of_lines(text: &str) -> Vec<NumberedRow> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let row = |(place, line): (usize, &str)| {
        let read = serde_json::from_str::<dto::Reading>(line).map_err(|error| {
            Text::new(format!("不是一条读数：{error}"), format!("no reading: {error}"))
        });
        let read = read.and_then(|own| whole(own.meter, own.begin, own.value));
        (place + 1, read)
    };
    lines.map(row).collect()
}

/// Rows count from the header, as spreadsheets count.
fn of_csv(text: &str) -> Answer<Vec<NumberedRow>> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let header = lines.next().map(|(_, line)| line.trim().to_owned());
    if header.as_deref() != Some("meter,begin,value") {
        return Err(ApiError::bad_request(
            "CSV 的表头是 meter,begin,value",
            "the header of the CSV is meter,begin,value",
        ));
    }
    let row = |(place, line): (usize, &str)| {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let read = match fields.as_slice() {
            [meter, begin, value] => match value.parse() {
                Ok(number) => whole((*meter).to_owned(), (*begin).to_owned(), number),
                Err(_) => {
                    Err(Text::new(format!("「{value}」不是数"), format!("`{value}` is no number")))
                }
            },
            _ => Err(Text::new("每行三列", "a row has three columns")),
        };
        (place + 1, read)
    };
    Ok(lines.filter(|(_, line)| !line.trim().is_empty()).map(row).collect())
}

/// A reading begins at a quarter of an hour and has a finite value.
fn whole(meter: String, begin: String, value: f64) -> Result<Reading, Text> {
    if !begins_quarter(&begin) {
        return Err(no_quarter(&begin));
    }
    if !value.is_finite() {
        return Err(Text::new("读数不是有限的数", "the value is not finite"));
    }
    Ok(Reading { meter, begin, value })
}

/// Whether a text is the beginning of a quarter of an hour of a day that there is.
fn begins_quarter(begin: &str) -> bool {
    let ends = [":00", ":15", ":30", ":45"].iter().any(|end| begin.ends_with(end));
    ends && begin.len() == 16 && wire_time::read(&format!("{begin}Z")).is_some()
}

fn no_quarter(begin: &str) -> Text {
    Text::new(
        format!("「{begin}」不是一刻钟的开始，应如 2024-01-31T13:15"),
        format!("`{begin}` begins no quarter of an hour; write 2024-01-31T13:15"),
    )
}

/// Asks once for each meter whether who sends may report of it.
struct Meters<'a> {
    house: &'a House,
    caller: &'a Caller,
    /// A department collects readings of all enterprises if a collected dataset is its own.
    collects: bool,
    known: BTreeMap<String, bool>,
}

impl<'a> Meters<'a> {
    async fn new(house: &'a House, caller: &'a Caller) -> Answer<Self> {
        let datasets = house.store().datasets().await?;
        let collects = datasets.iter().filter(|own| own.way == Way::Collected).any(|own| {
            caller.can(Action::Submit, &Object::Dataset { department: &own.department })
        });
        let first = caller.actor.reach.enterprises.first().map_or("", String::as_str);
        if !collects {
            caller.may(Action::Submit, &Object::Enterprise { id: first, town: "" })?;
        }
        Ok(Self { house, caller, collects, known: BTreeMap::new() })
    }

    /// A meter that is not there and one that is another's are told in the same words.
    async fn check(&mut self, reading: Reading) -> Answer<Result<Reading, Text>> {
        let known = match self.known.get(&reading.meter) {
            Some(known) => *known,
            None => {
                let may = self.may(&reading.meter).await?;
                self.known.insert(reading.meter.clone(), may);
                may
            }
        };
        if known {
            return Ok(Ok(reading));
        }
        Ok(Err(Text::new(
            format!("没有计量表「{}」，或它不在您的范围内", reading.meter),
            format!("there is no meter `{}`, or it is outside your reach", reading.meter),
        )))
    }

    async fn may(&self, meter: &str) -> Answer<bool> {
        let Some(meter) = self.house.store().meter(meter).await? else { return Ok(false) };
        if self.collects {
            return Ok(true);
        }
        let owned = Owned::enterprise(self.house, &meter.enterprise).await?;
        Ok(self.caller.can(Action::Submit, &owned.object()))
    }
}
