//! 年度量 What each enterprise made and used in each year, before anybody reports it.
//!
//! The shape is made up: growth of some five per cent, energy a little less each year for the same
//! value added, coal giving way to gas, a dip in 2020. Heat that is used is heat that the plants of
//! the district made, so their fuel follows from what the others draw.

use crate::firm::{Firm, Furnace};
use crate::trade::{Area, transforms};
use crate::{FIRST_YEAR, YEARS};

/// 品种 The seven fuels in the document's order, with unit and the decimals that are reported.
pub(crate) const FUELS: [(&str, &str, usize); 7] = [
    ("raw_coal", "t", 1),
    ("gasoline", "t", 2),
    ("diesel", "t", 2),
    ("natural_gas", "万Nm3", 2),
    ("lng", "t", 2),
    ("heat", "GJ", 0),
    ("electricity", "万kWh", 4),
];

/// Heating values that the made-up furnaces have: GJ for a tonne of coal, for 万Nm3, for a tonne.
const COAL_GJ: f64 = 20.9;
const GAS_GJ: f64 = 389.0;
const LNG_GJ: f64 = 51.0;
/// Electricity in heat's unit: GJ of 万kWh.
const POWER_GJ: f64 = 36.0;

/// 用能 Amounts of the seven fuels, each in its unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Fuels {
    pub(crate) raw_coal: f64,
    pub(crate) gasoline: f64,
    pub(crate) diesel: f64,
    pub(crate) natural_gas: f64,
    pub(crate) lng: f64,
    pub(crate) heat: f64,
    pub(crate) electricity: f64,
}

impl Fuels {
    /// In the order of [`FUELS`].
    pub(crate) fn list(&self) -> [f64; 7] {
        let Self { raw_coal, gasoline, diesel, natural_gas, lng, heat, electricity } = *self;
        [raw_coal, gasoline, diesel, natural_gas, lng, heat, electricity]
    }

    /// From the order of [`FUELS`].
    pub(crate) fn of(list: [f64; 7]) -> Self {
        let [raw_coal, gasoline, diesel, natural_gas, lng, heat, electricity] = list;
        Self { raw_coal, gasoline, diesel, natural_gas, lng, heat, electricity }
    }

    /// Each multiplied.
    pub(crate) fn times(&self, share: f64) -> Self {
        Self::of(self.list().map(|amount| amount * share))
    }

    /// Fuel by fuel.
    pub(crate) fn add(&mut self, other: &Self) {
        let (mut sums, others) = (self.list(), other.list());
        sums.iter_mut().zip(others).for_each(|(sum, amount)| *sum += amount);
        *self = Self::of(sums);
    }

    /// With the decimals that are reported.
    pub(crate) fn rounded(&self) -> Self {
        let mut list = self.list();
        for (amount, (_, _, decimals)) in list.iter_mut().zip(FUELS) {
            *amount = round(*amount, decimals);
        }
        Self::of(list)
    }
}

/// 一年 What an enterprise made and used in a year.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Annual {
    /// Value added in 万元 at constant prices.
    pub(crate) value_added: f64,
    /// What it used, the fuel that it turned into heat and power for others included.
    pub(crate) used: Fuels,
    /// What of it was turned.
    pub(crate) put_in: Fuels,
    /// Heat and power that came of it: the two last fuels.
    pub(crate) made: Fuels,
}

/// The number with so many decimals, the very double that its text is read as.
pub(crate) fn round(number: f64, decimals: usize) -> f64 {
    let scale = (0..decimals).fold(1.0, |scale, _| scale * 10.0);
    (number * scale).round() / scale
}

/// 全部年度 Each firm's years from [`FIRST_YEAR`]; none for years in which it does not report. What
/// plants turn is not in it yet.
pub(crate) fn annuals(firms: &[Firm]) -> Vec<Vec<Option<Annual>>> {
    let years = |firm: &Firm| {
        let years = (0..YEARS).map(year_of);
        years.map(|year| firm.reports(year).then(|| annual(firm, year))).collect()
    };
    firms.iter().map(years).collect()
}

fn year_of(step: usize) -> i64 {
    FIRST_YEAR + i64::try_from(step).unwrap_or(0)
}

/// 加工转换 Has the plants make the heat that is drawn. `rest_heat` is what others than enterprises
/// draw, by year.
pub(crate) fn transform(firms: &[Firm], all: &mut [Vec<Option<Annual>>], rest_heat: &[f64]) {
    let plants = || firms.iter().filter(|firm| transforms(firm.trade.code));
    let weights: f64 = plants().map(weight).sum();
    for (step, rest) in rest_heat.iter().enumerate() {
        let years = all.iter().filter_map(|years| years.get(step).copied().flatten());
        let drawn: f64 = years.map(|annual| annual.used.heat).sum::<f64>() + rest;
        for (firm, years) in firms.iter().zip(all.iter_mut()) {
            let annual = years.get_mut(step).and_then(Option::as_mut);
            if let Some(annual) = annual.filter(|_| transforms(firm.trade.code)) {
                // Two per cent more than is drawn in the district: it goes to neighbours.
                turn(firm, year_of(step), 1.02 * drawn * weight(firm) / weights, annual);
            }
        }
    }
}

/// A plant's part of the heat; those with turbines are larger.
fn weight(firm: &Firm) -> f64 {
    if firm.trade.code == "4412" { 6.0 * firm.base } else { firm.base }
}

fn annual(firm: &Firm, year: i64) -> Annual {
    #[expect(clippy::cast_precision_loss, reason = "below ten")]
    let past = (year - FIRST_YEAR) as f64;
    let (dip_value, dip_energy) = dip(firm.trade.sector, year);
    let chance = 1.0 + 0.03 * firm.bell(0, year);
    let grown = firm.base * libm::pow(1.0 + firm.growth, past) * dip_value * chance;
    // 万元 times GJ, kWh, kg: scaled below to the units of the fuels.
    let drive = |yearly: f64, what: u64| {
        let chance = 1.0 + 0.02 * firm.bell(what, year);
        grown * firm.thrift * libm::pow(1.0 - yearly, past) * dip_energy * chance
    };
    let trade = firm.trade;
    let mut used = Fuels {
        gasoline: drive(0.030, 1) * trade.petrol / 1e3,
        diesel: drive(0.035, 2) * trade.diesel / 1e3,
        heat: drive(0.036, 3) * trade.heat,
        electricity: drive(0.026, 4) * trade.electricity / 1e4,
        ..Fuels::default()
    };
    burn(firm, year, drive(0.036, 5) * trade.furnace, &mut used);
    let used = used.rounded();
    Annual { value_added: round(grown, 1), used, ..Annual::default() }
}

/// What 2020 left of value added and of energy.
fn dip(area: Area, year: i64) -> (f64, f64) {
    match (year, area) {
        (2020, Area::Transport) => (0.94, 0.975),
        (2020, Area::Building | Area::Living) => (0.96, 0.99),
        (2020, _) => (0.970, 0.990),
        _ => (1.0, 1.0),
    }
}

/// Adds the fuel that gives so much heat in the firm's furnaces.
fn burn(firm: &Firm, year: i64, heat_gj: f64, used: &mut Fuels) {
    match firm.furnace {
        Furnace::Coal => used.raw_coal += heat_gj / COAL_GJ,
        Furnace::CoalThenGas(from) if year < from => used.raw_coal += heat_gj / COAL_GJ,
        // A gas boiler needs an eighth less.
        Furnace::CoalThenGas(_) | Furnace::Gas => used.natural_gas += 0.88 * heat_gj / GAS_GJ,
        Furnace::Lng => used.lng += 0.88 * heat_gj / LNG_GJ,
    }
}

/// Fuel and own use of a plant that makes so much heat for others.
fn turn(firm: &Firm, year: i64, heat_gj: f64, annual: &mut Annual) {
    #[expect(clippy::cast_precision_loss, reason = "below ten")]
    let past = (year - FIRST_YEAR) as f64;
    let turbines = firm.trade.code == "4412";
    let power = if turbines { heat_gj / 5.2 / POWER_GJ } else { 0.0 };
    let efficiency = 0.77 + 0.005 * past;
    let mut put_in = Fuels::default();
    burn(firm, year, (heat_gj + power * POWER_GJ) / efficiency, &mut put_in);
    let own = if turbines { 0.075 * power } else { 0.000_6 * heat_gj };
    annual.put_in = put_in.rounded();
    annual.used.electricity = own;
    annual.used = annual.used.rounded();
    annual.used.add(&annual.put_in);
    annual.used = annual.used.rounded();
    annual.made = Fuels { heat: heat_gj, electricity: power, ..Fuels::default() }.rounded();
}
