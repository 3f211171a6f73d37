//! 日 A day of the calendar and of the year's weather.

use tanliu_unit::time::{Grain, TimeKey};

/// 日 A day of the calendar and of the year's weather.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    /// Counted from 0000-01-01, so that a reading is the same whichever day generation begins on.
    pub(crate) ordinal: u64,
    /// The calendar year.
    pub(crate) year: i64,
    /// 1 = Monday.
    pub(crate) weekday: u32,
    /// From 0 to 1, highest in the middle of July.
    pub(crate) heat: f64,
    /// From 0 to 1, highest in the middle of January.
    pub(crate) cold: f64,
}

impl Day {
    /// The day of a key.
    #[must_use]
    pub fn new(key: TimeKey) -> Self {
        let year = key.coarsen(Grain::Year, false);
        let day_of_year = key.ordinal - year.first_day().ordinal;
        #[allow(clippy::cast_precision_loss, reason = "at most 365")]
        let turn = (day_of_year as f64 - 15.0) / 365.25;
        let warmth = libm::cos(std::f64::consts::TAU * turn);
        let square = |share: f64| share * share;
        Self {
            ordinal: u64::try_from(key.ordinal).unwrap_or(0),
            year: key.civil().0,
            weekday: key.weekday(),
            heat: square((1.0 - warmth) / 2.0),
            cold: square((1.0 + warmth) / 2.0),
        }
    }

    /// Its number, counted from 0000-01-01.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.ordinal
    }

    /// All days of a calendar year; none if there is no such year.
    #[must_use]
    pub fn of_year(year: i64) -> Vec<Self> {
        let Some(key) = TimeKey::parse(&format!("{year:04}")) else { return Vec::new() };
        let (first, last) = (key.first_day(), key.last_day());
        (0..=last.ordinal - first.ordinal).map(|step| Self::new(first.step(step))).collect()
    }
}
