//! 小表 The tables of a few rows: where each plant belongs, and the factor of each month.

use super::District;
use super::plant::Plant;
use std::fmt::Write as _;
use tanliu_unit::time::{Grain, TimeKey};

/// `plants.csv`: town and sector of each plant.
pub(super) fn plants(district: &District) -> String {
    let mut text = "plant,town_of,sector_of\n".to_owned();
    for number in 0..district.plants {
        let plant = Plant::new(district.seed, number);
        let _ = writeln!(text, "{},{},{}", plant.name(), plant.town(), plant.sector());
    }
    text
}

/// `ef.csv`: a factor for every month that the readings touch. The figures are made up: about half
/// a kilogram, moving from month to month so that a month taken for another shows.
pub(super) fn factors(district: &District) -> String {
    let mut text = "month,ef (kgCO2/kWh)\n".to_owned();
    let month_of = |day: TimeKey| day.coarsen(Grain::Month, false).ordinal;
    for ordinal in month_of(district.from)..=month_of(district.until()) {
        let month = TimeKey { grain: Grain::Month, ordinal };
        let hundredths = 50 + (ordinal * 7).rem_euclid(5);
        let _ = writeln!(text, "{month},0.{hundredths}00");
    }
    text
}
