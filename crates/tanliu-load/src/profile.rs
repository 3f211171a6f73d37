//! 用电画像 The profile of one meter, and what it reads.

use crate::{Day, Stream};

/// Readings of a day.
pub const QUARTERS_PER_DAY: u32 = 96;

/// 班制 When in the day a plant draws power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shifts {
    /// 连续 Round the clock.
    Continuous,
    /// 两班 From 7 to 22 h.
    Two,
    /// 白班 From 8 to 17 h, with a break.
    Day,
    /// 居家 Homes: mornings and evenings.
    Home,
}

impl Shifts {
    /// What is drawn on Saturday and on Sunday, as a share of other days: some plants rest on both,
    /// some on Sunday, some never. `draw` is a number in [0, 1).
    #[must_use]
    pub fn weekend(self, draw: f64) -> [f64; 2] {
        match self {
            Self::Continuous => [1.0, 1.0],
            Self::Home => [1.15, 1.2],
            Self::Two if draw < 0.5 => [1.0, 1.0],
            Self::Two => [1.0, 0.45],
            Self::Day if draw < 0.6 => [0.35, 0.3],
            Self::Day => [0.9, 0.35],
        }
    }
}

/// 季节 By how much the hottest and the coldest days of an area are above the others: buildings and
/// homes are cooled and heated. `draw` is a number in [0, 1).
#[must_use]
pub fn season(sector: &str, draw: f64) -> [f64; 2] {
    let strength = 0.5 + draw;
    match sector {
        "building" | "living" => [0.6 * strength, 0.35 * strength],
        _ => [0.12 * strength, 0.06 * strength],
    }
}

/// 画像 Everything that the readings of one meter follow from.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The key in the readings: `E00042`.
    pub name: String,
    /// The town of its plant: `T07`.
    pub town: String,
    /// The area of its plant: `industry`.
    pub sector: String,
    /// Where the chance of each quarter comes from.
    pub noise: Stream,
    /// Mean energy of a quarter of an hour of an ordinary day, in kWh.
    pub size_kwh: f64,
    /// When in the day it is drawn.
    pub shifts: Shifts,
    /// What is drawn on Saturday and on Sunday, as a share of other days.
    pub weekend: [f64; 2],
    /// By how much the hottest and the coldest days are above the others, as a share.
    pub season: [f64; 2],
    /// Sizes by year. A year that is not named is as the last one named before it; where there is
    /// none before, it has the size as it is.
    pub years: Vec<YearLevel>,
    /// Days on which it suddenly draws more or less.
    pub jumps: Vec<Jump>,
    /// Quarters of which no reading came.
    pub gaps: Vec<Gap>,
}

/// 年水平 How much is drawn in a year, as a multiple of the size. At 0 the meter does not read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearLevel {
    /// The calendar year.
    pub year: i64,
    /// The multiple.
    pub share: f64,
}

/// 突变 Days on which a plant draws a multiple of what it would.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jump {
    /// The first day, counted from 0000-01-01 as [`Day::number`] is.
    pub first_day: u64,
    /// How many days.
    pub days: u64,
    /// The multiple.
    pub share: f64,
}

/// 缺口 Readings that did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The day of the first one, counted from 0000-01-01 as [`Day::number`] is.
    pub day: u64,
    /// The quarter of the first one, from 0.
    pub quarter: u32,
    /// How many in a row; they may reach into the next days.
    pub count: u64,
}

impl Profile {
    /// Appends the energy of every quarter of an hour of a day, in kWh with three decimals; none
    /// where no reading came.
    pub fn read_day(&self, day: &Day, readings: &mut Vec<Option<f64>>) {
        let running = self.year_share(day.year) > 0.0;
        let level = self.size_kwh * self.day_level(day);
        for quarter in 0..QUARTERS_PER_DAY {
            let usual = level * hour_level(self.shifts, quarter / 4);
            let at = day.ordinal * u64::from(QUARTERS_PER_DAY) + u64::from(quarter);
            // Meters print three decimals. A division of whole numbers is the double that the
            // decimal is read as; a product with 0.001 is not.
            let thousandths = (usual * (1.0 + 0.08 * self.noise.bell(at)) * 1000.0).round();
            readings.push((running && !self.missing(at)).then_some(thousandths / 1000.0));
        }
    }

    /// The energy of some days in kWh as the profile means it: without chance and without gaps.
    #[must_use]
    pub fn energy_kwh(&self, days: &[Day]) -> f64 {
        let mean = mean_level(self.shifts) * f64::from(QUARTERS_PER_DAY);
        days.iter().map(|day| self.size_kwh * self.day_level(day) * mean).sum()
    }

    fn day_level(&self, day: &Day) -> f64 {
        let [summer, winter] = self.season;
        let rest = match (day.weekday, self.weekend) {
            (6, [saturday, _]) => saturday,
            (7, [_, sunday]) => sunday,
            _ => 1.0,
        };
        let level = rest * (1.0 + summer * day.heat + winter * day.cold);
        level * self.year_share(day.year) * self.jump_share(day.ordinal)
    }

    fn year_share(&self, year: i64) -> f64 {
        let before = self.years.iter().filter(|level| level.year <= year);
        before.max_by_key(|level| level.year).map_or(1.0, |level| level.share)
    }

    fn jump_share(&self, day: u64) -> f64 {
        let within = |jump: &&Jump| day >= jump.first_day && day - jump.first_day < jump.days;
        self.jumps.iter().filter(within).map(|jump| jump.share).product()
    }

    fn missing(&self, at: u64) -> bool {
        self.gaps.iter().any(|gap| {
            let first = gap.day * u64::from(QUARTERS_PER_DAY) + u64::from(gap.quarter);
            at >= first && at - first < gap.count
        })
    }
}

/// The mean of a day's levels.
fn mean_level(shifts: Shifts) -> f64 {
    (0..24).map(|hour| hour_level(shifts, hour)).sum::<f64>() / 24.0
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
