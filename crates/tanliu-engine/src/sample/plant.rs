//! 企业 What is made up about a metered plant: sector, town, size, shifts, rest days, season.

use super::random::Stream;
use tanliu_unit::time::{Grain, TimeKey};

/// Readings of a day.
pub(super) const QUARTERS_PER_DAY: u32 = 96;
/// 镇街 Towns of the district.
const TOWNS: u64 = 26;
/// 行业 Sectors with their share of the plants, in percent.
const SECTORS: [(&str, f64); 6] = [
    ("energy", 2.0),
    ("industry", 70.0),
    ("building", 12.0),
    ("transport", 5.0),
    ("agriculture", 3.0),
    ("living", 8.0),
];

/// What each place of a plant's stream decides. A place, once given, keeps its meaning: else the
/// same seed would give another district.
mod place {
    pub(super) const TOWN: u64 = 0;
    pub(super) const SECTOR: u64 = 1;
    pub(super) const SHIFTS: u64 = 2;
    pub(super) const REST: u64 = 3;
    pub(super) const SIZE: u64 = 4;
    pub(super) const SEASON: u64 = 6;
    pub(super) const READINGS: u64 = 7;
}

/// 班制 When in the day a plant draws power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shifts {
    /// Round the clock.
    Continuous,
    /// From 7 to 22 h.
    Two,
    /// From 8 to 17 h, with a break.
    Day,
    /// Homes: mornings and evenings.
    Home,
}

/// 企业 A plant with everything that its readings follow from.
#[derive(Debug, Clone)]
pub(super) struct Plant {
    number: u32,
    stream: Stream,
    sector: &'static str,
    shifts: Shifts,
    /// Mean energy of a quarter of an hour, in kWh.
    size_kwh: f64,
    /// What is drawn on Saturday and on Sunday, as a share of other days.
    weekend: [f64; 2],
    /// By how much the hottest and the coldest days are above the others, as a share.
    season: [f64; 2],
}

impl Plant {
    /// The plant of a number in the district of a seed.
    pub(super) fn new(seed: u64, number: u32) -> Self {
        let stream = Stream::new(seed).of(u64::from(number));
        let sector = sector(stream.unit(place::SECTOR));
        let shifts = shifts(sector, stream.unit(place::SHIFTS));
        let strength = 0.5 + stream.unit(place::SEASON);
        let season = match sector {
            "building" | "living" => [0.6 * strength, 0.35 * strength],
            _ => [0.12 * strength, 0.06 * strength],
        };
        Self {
            number,
            stream,
            sector,
            shifts,
            // Lognormal: the median plant draws 20 kWh in a quarter of an hour, 80 kW.
            size_kwh: libm::exp(3.0 + 1.2 * stream.normal(place::SIZE)),
            weekend: weekend(shifts, stream.unit(place::REST)),
            season,
        }
    }

    /// `E00042`.
    pub(super) fn name(&self) -> String {
        format!("E{:05}", self.number)
    }

    /// `T07`.
    pub(super) fn town(&self) -> String {
        format!("T{:02}", self.stream.at(place::TOWN) % TOWNS + 1)
    }

    /// A member of the document's closed index.
    pub(super) fn sector(&self) -> &'static str {
        self.sector
    }

    /// Appends the energy of every quarter of an hour of a day, in kWh with three decimals.
    pub(super) fn read_day(&self, day: &Day, readings: &mut Vec<f64>) {
        let noise = self.stream.of(place::READINGS);
        let level = self.size_kwh * self.day_level(day);
        for quarter in 0..QUARTERS_PER_DAY {
            let usual = level * hour_level(self.shifts, quarter / 4);
            let at = day.ordinal * u64::from(QUARTERS_PER_DAY) + u64::from(quarter);
            // Meters print three decimals. A division of whole numbers is the double that the
            // decimal is read as; a product with 0.001 is not.
            let thousandths = (usual * (1.0 + 0.08 * noise.bell(at)) * 1000.0).round();
            readings.push(thousandths / 1000.0);
        }
    }

    fn day_level(&self, day: &Day) -> f64 {
        let [summer, winter] = self.season;
        let rest = match (day.weekday, self.weekend) {
            (6, [saturday, _]) => saturday,
            (7, [_, sunday]) => sunday,
            _ => 1.0,
        };
        rest * (1.0 + summer * day.heat + winter * day.cold)
    }
}

/// 日 A day of the calendar and of the year's weather.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    /// Counted from 0000-01-01, so that a reading is the same whichever day generation begins on.
    ordinal: u64,
    /// 1 = Monday.
    weekday: u32,
    /// From 0 to 1, highest in the middle of July.
    heat: f64,
    /// From 0 to 1, highest in the middle of January.
    cold: f64,
}

impl Day {
    /// The day of a key.
    pub(super) fn new(key: TimeKey) -> Self {
        let day_of_year = key.ordinal - key.coarsen(Grain::Year, false).first_day().ordinal;
        #[allow(clippy::cast_precision_loss, reason = "at most 365")]
        let turn = (day_of_year as f64 - 15.0) / 365.25;
        let warmth = libm::cos(std::f64::consts::TAU * turn);
        let square = |share: f64| share * share;
        Self {
            ordinal: u64::try_from(key.ordinal).unwrap_or(0),
            weekday: key.weekday(),
            heat: square((1.0 - warmth) / 2.0),
            cold: square((1.0 + warmth) / 2.0),
        }
    }
}

fn sector(draw: f64) -> &'static str {
    let mut left = draw * 100.0;
    for (name, share) in SECTORS {
        if left < share {
            return name;
        }
        left -= share;
    }
    "industry"
}

fn shifts(sector: &str, draw: f64) -> Shifts {
    match sector {
        "energy" => Shifts::Continuous,
        "transport" => Shifts::Two,
        "building" | "agriculture" => Shifts::Day,
        "living" => Shifts::Home,
        _ if draw < 0.40 => Shifts::Continuous,
        _ if draw < 0.75 => Shifts::Two,
        _ => Shifts::Day,
    }
}

/// Some rest on both days, some on Sunday, some never.
fn weekend(shifts: Shifts, draw: f64) -> [f64; 2] {
    match shifts {
        Shifts::Continuous => [1.0, 1.0],
        Shifts::Home => [1.15, 1.2],
        Shifts::Two if draw < 0.5 => [1.0, 1.0],
        Shifts::Two => [1.0, 0.45],
        Shifts::Day if draw < 0.6 => [0.35, 0.3],
        Shifts::Day => [0.9, 0.35],
    }
}

/// What is drawn in an hour of the day, as a multiple of the mean.
fn hour_level(shifts: Shifts, hour: u32) -> f64 {
    match (shifts, hour) {
        (Shifts::Continuous, _) => 1.0,
        (Shifts::Two, 7..=21) | (Shifts::Home, 7..=8 | 12) => 1.3,
        (Shifts::Two, _) => 0.5,
        (Shifts::Day, 12) => 1.4,
        (Shifts::Day, 8..=16) => 1.9,
        (Shifts::Day, _) => 0.45,
        (Shifts::Home, 18..=22) => 2.0,
        (Shifts::Home, 0..=5) => 0.5,
        (Shifts::Home, _) => 0.9,
    }
}
