//! 行 The rows of each dataset and year: input, subject, keys, number.

use crate::Demo;
use crate::annual::{Annual, FUELS, Fuels, round};
use crate::catalogue::{MADE, PUT_IN};
use crate::firm::Firm;
use crate::place::{TOWNS, town_id};
use crate::planted::{Case, ENTERPRISE_INPUTS, PlantedKind, of_year};
use crate::trade::Area;
use crate::{FIRST_YEAR, LAST_YEAR};
use tanliu_platform::value::Standing;

/// 一行 A number before it becomes a value.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) input: String,
    pub(crate) subject: String,
    pub(crate) keys: String,
    pub(crate) period: i64,
    pub(crate) number: f64,
    pub(crate) unit: &'static str,
    /// What was written, where it was not the number in its unit.
    pub(crate) written: Option<(String, &'static str)>,
    /// With so many decimals.
    pub(crate) decimals: usize,
    pub(crate) standing: Standing,
}

/// What a row is about: subject, other keys, year.
type Key<'a> = (&'a str, &'a str, i64);

fn row(input: &str, key: Key<'_>, number: f64, (unit, decimals): (&'static str, usize)) -> Row {
    let (subject, keys, period) = key;
    Row {
        input: input.to_owned(),
        subject: subject.to_owned(),
        keys: keys.to_owned(),
        period,
        number: round(number, decimals),
        unit,
        written: None,
        decimals,
        standing: Standing::Approved,
    }
}

/// 企业能源消费 Of a year, as it was reported in March.
pub(crate) fn energy(demo: &Demo, year: i64) -> Vec<Row> {
    let mut rows = Vec::new();
    for (place, (firm, years)) in demo.firms.iter().zip(&demo.annuals).enumerate() {
        let cases: Vec<&Case> = demo.cases.iter().filter(|case| case.firm == place).collect();
        let spoke = !silent(demo, place, year);
        if let Some(annual) = of_year(years, year).filter(|_| spoke) {
            reported(firm, annual, (year, &cases), &mut rows);
        }
    }
    rows
}

/// One firm's year with the planted cases.
fn reported(firm: &Firm, annual: &Annual, (year, cases): (i64, &[&Case]), rows: &mut Vec<Row>) {
    let id = firm.id();
    let amounts = annual.used.list();
    for (fuel, ((input, amount), (_, unit, decimals))) in
        ENTERPRISE_INPUTS.iter().zip(amounts).zip(FUELS).enumerate()
    {
        let case = cases.iter().find(|case| case.fuel == fuel && touches(case, year));
        let missing = case.is_some_and(|case| case.kind == PlantedKind::MissingFuel);
        let electricity = *input == "enterprise_electricity";
        if missing || amount <= 0.0 && !electricity {
            continue;
        }
        let number = amount * case.map_or(1.0, |case| case.share());
        let mut row = row(input, (&id, "", year), number, (unit, decimals));
        if case.is_some_and(|case| case.kind == PlantedKind::Restated) {
            row.standing = Standing::Superseded;
        }
        // Some write kilowatt hours.
        if electricity && firm.number.is_multiple_of(7) {
            let kwh = (row.number * 1e4).round();
            row.number = kwh / 1e4;
            row.written = Some((format!("{kwh:.0}"), "kWh"));
        }
        rows.push(row);
    }
    turned(&id, annual, year, rows);
}

/// Whether a case changes what is reported of its fuel in a year.
fn touches(case: &Case, year: i64) -> bool {
    match case.kind {
        PlantedKind::Fraud => (2019..=LAST_YEAR).contains(&year),
        PlantedKind::MissingFuel | PlantedKind::WrongUnit | PlantedKind::Restated => {
            case.year == year
        }
        _ => false,
    }
}

fn turned(id: &str, annual: &Annual, year: i64, rows: &mut Vec<Row>) {
    let of = |fuels: &Fuels, place: usize| fuels.list().get(place).copied().unwrap_or(0.0);
    let inputs = PUT_IN.iter().map(|(input, fuel)| (input, *fuel, of(&annual.put_in, *fuel)));
    let outputs = MADE.iter().map(|(input, fuel)| (input, *fuel, of(&annual.made, *fuel)));
    for (input, fuel, amount) in inputs.chain(outputs).filter(|(_, _, amount)| *amount > 0.0) {
        let (unit, decimals) = FUELS.get(fuel).map_or(("", 0), |(_, unit, d)| (*unit, *d));
        rows.push(row(input, (id, "", year), amount, (unit, decimals)));
    }
}

/// The one value of a case: what the enterprise truly used.
pub(crate) fn of_case(demo: &Demo, case: &Case) -> Option<Row> {
    let (firm, years) = demo.firms.get(case.firm).zip(demo.annuals.get(case.firm))?;
    let amount = of_year(years, case.year)?.used.list().get(case.fuel).copied()?;
    let (_, unit, decimals) = FUELS.get(case.fuel)?;
    let input = ENTERPRISE_INPUTS.get(case.fuel)?;
    Some(row(input, (&firm.id(), "", case.year), amount, (unit, *decimals)))
}

/// 供能单位结算表 Forty users of heat and those of whom it says something else. What agrees is not
/// taken a second time; what contradicts waits for a choice.
pub(crate) fn settlement(demo: &Demo, year: i64) -> Vec<Row> {
    let contradicts = |case: &&Case| case.kind == PlantedKind::Contradicted && case.year == year;
    let mut rows: Vec<Row> = Vec::new();
    for (place, (firm, years)) in demo.firms.iter().zip(&demo.annuals).enumerate() {
        let case = demo.cases.iter().filter(contradicts).find(|case| case.firm == place);
        let Some(annual) = of_year(years, year) else { continue };
        if let Some(mut row) = case.and_then(|case| of_case(demo, case)) {
            let share = case.map_or(1.0, Case::share);
            row.number = round(row.number * share, row.decimals);
            row.standing = Standing::Pending;
            rows.push(row);
        } else if annual.used.heat > 20_000.0 && rows.len() < 40 {
            let mut row =
                row("enterprise_heat", (&firm.id(), "", year), annual.used.heat, ("GJ", 0));
            row.standing = Standing::Declined;
            rows.push(row);
        }
    }
    rows
}

/// 企业增加值 All above scale and every third of the others; none of who reported nothing.
pub(crate) fn output(demo: &Demo, year: i64) -> Vec<Row> {
    let mut rows = Vec::new();
    for (place, (firm, years)) in demo.firms.iter().zip(&demo.annuals).enumerate() {
        let above = demo.enterprises.get(place).is_some_and(|enterprise| enterprise.above_scale);
        let wanted = (above || firm.number.is_multiple_of(3)) && !silent(demo, place, year);
        if let Some(annual) = of_year(years, year).filter(|_| wanted) {
            let key = (firm.id(), annual.value_added);
            rows.push(row("value_added", (&key.0, "", year), key.1, ("万元", 1)));
        }
    }
    rows
}

/// Whether a firm reported nothing in a year in which it ran.
fn silent(demo: &Demo, place: usize, year: i64) -> bool {
    let case = |case: &Case| case.kind == PlantedKind::MissingYear && case.year == year;
    demo.cases.iter().any(|one| one.firm == place && case(one))
}

/// 镇街未覆盖部分用能
pub(crate) fn town_energy(demo: &Demo, year: i64) -> Vec<Row> {
    let mut rows = Vec::new();
    for town in 1..=TOWNS {
        for area in Area::ALL {
            let fuels = demo.rest.fuels(town, area, year).unwrap_or_default();
            let keys = format!("sector={}", area.id());
            for ((fuel, unit, decimals), amount) in FUELS.iter().zip(fuels.list()) {
                if amount > 0.0 {
                    let key = (town_id(town), format!("rest_{fuel}"));
                    let key_of = (key.0.as_str(), keys.as_str(), year);
                    rows.push(row(&key.1, key_of, amount, (unit, *decimals)));
                }
            }
        }
    }
    rows
}

/// 镇街增加值
pub(crate) fn town_output(demo: &Demo, year: i64) -> Vec<Row> {
    let published = published(demo, year);
    let towns = published.into_iter().flat_map(|published| (1..).zip(&published.towns));
    towns
        .flat_map(|(town, (all, industry))| {
            let id = town_id(town);
            let of = |input: &str, number| row(input, (&id, "", year), number, ("万元", 0));
            [of("value_added_town", *all), of("industrial_value_added_town", *industry)]
        })
        .collect()
}

fn published(demo: &Demo, year: i64) -> Option<&crate::rest::Published> {
    demo.published.get(usize::try_from(year - FIRST_YEAR).ok()?)
}

/// 全区统计
pub(crate) fn statistics(demo: &Demo, year: i64) -> Vec<Row> {
    let Some(published) = published(demo, year) else { return Vec::new() };
    let mut rows = vec![row("gdp", ("", "", year), published.gdp, ("万元", 0))];
    for (area, value) in &published.areas {
        let keys = format!("sector={}", area.id());
        rows.push(row("value_added_sector", ("", &keys, year), *value, ("万元", 0)));
    }
    #[expect(clippy::cast_precision_loss, reason = "below ten")]
    let factor = 0.70 - 0.012 * (year - FIRST_YEAR) as f64;
    rows.push(row("electricity_factor_given", ("", "", year), factor, ("kgCO2/kWh", 4)));
    for ((fuel, unit, decimals), amount) in FUELS.iter().zip(published.statistics.list()) {
        let input = format!("statistics_{fuel}");
        rows.push(row(&input, ("", "", year), amount, (unit, *decimals)));
    }
    rows
}

/// 目标 Of the years that a plan sets, from what was in the plan's base year.
pub(crate) fn targets(demo: &Demo, base: i64) -> Vec<Row> {
    let Some(then) = published(demo, base) else { return Vec::new() };
    let years: &[i64] = if base == 2015 { &[2016, 2017, 2018, 2019, 2020] } else { &[2021, 2025] };
    let (energy, sides) = then.rough;
    let mut rows = Vec::new();
    for &year in years {
        #[expect(clippy::cast_precision_loss, reason = "below ten")]
        let past = (year - base) as f64;
        let (more, less) = (libm::pow(1.018, past), libm::pow(1.0 - 0.034, past));
        let key = ("", "", year);
        let whole = (energy * more / 1e4).round() * 1e4;
        rows.push(row("energy_target", key, whole, ("tce", 0)));
        let intensity = energy / then.gdp * less;
        rows.push(row("energy_intensity_target", key, intensity, ("tce/万元", 4)));
        for (side, amount) in ["consumption", "production"].into_iter().zip(sides) {
            let keys = format!("side={side}");
            let key = ("", keys.as_str(), year);
            let whole = (amount * libm::pow(1.012, past) / 1e4).round() * 1e4;
            rows.push(row("co2_target", key, whole, ("tCO2", 0)));
            let intensity = amount / then.gdp * libm::pow(1.0 - 0.04, past);
            rows.push(row("co2_intensity_target", key, intensity, ("tCO2/万元", 4)));
        }
    }
    rows
}
