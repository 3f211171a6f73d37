//! 负荷 Made-up load curves: what a meter of a made-up plant reads in each quarter of an hour.
//!
//! Pure: a reading follows from the plant's profile, the day and the quarter alone. The engine's
//! sample and the demonstration district both make their meters here, so that a year of quarter
//! hours adds up to the annual electricity that the district reports.
//!
//! 1. [`Stream`]: random numbers that are asked for by place.
//! 2. [`Profile`]: size, shifts, rest days, season, years, jumps and gaps of one meter.
//! 3. [`Day`]: a day of the calendar and of the year's weather.
//!
//! What it refuses: to be taken for measurements. **Every figure is made up.**

mod day;
mod profile;
mod random;
#[cfg(test)]
mod tests;

pub use day::Day;
pub use profile::{Gap, Jump, Profile, QUARTERS_PER_DAY, Shifts, YearLevel, season};
pub use random::Stream;
