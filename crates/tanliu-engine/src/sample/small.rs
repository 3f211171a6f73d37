//! 小表 The tables of a few rows: where each plant belongs, and the factor of each month.

use super::{Plants, Span};
use std::fmt::Write as _;
use tanliu_unit::time::{Grain, TimeKey};

/// `plants.csv`: town and sector of each plant.
pub(super) fn plants(plants: &dyn Plants) -> String {
    let mut text = "plant,town_of,sector_of\n".to_owned();
    for plant in (0..plants.count()).filter_map(|number| plants.plant(number)) {
        let _ = writeln!(text, "{},{},{}", plant.name, plant.town, plant.sector);
    }
    text
}

/// `ef.csv`: a factor for every month that the readings touch. The figures are made up: about half
/// a kilogram, moving from month to month so that a month taken for another shows.
pub(super) fn factors(span: Span) -> String {
    let mut text = "month,ef (kgCO2/kWh)\n".to_owned();
    let month_of = |day: TimeKey| day.coarsen(Grain::Month, false).ordinal;
    for ordinal in month_of(span.from)..=month_of(span.until()) {
        let month = TimeKey { grain: Grain::Month, ordinal };
        let hundredths = 50 + (ordinal * 7).rem_euclid(5);
        let _ = writeln!(text, "{month},0.{hundredths}00");
    }
    text
}
