//! 公历 The proleptic Gregorian calendar: days to civil dates and back, in whole numbers.
//!
//! After H. Hinnant, "chrono-Compatible Low-Level Date Algorithms": years are counted from March,
//! so that the leap day is the last of its year.

const DAYS_PER_ERA: i64 = 146_097;
const YEARS_PER_ERA: i64 = 400;
/// 0000-03-01 is 60 days after 0000-01-01: year 0 is a leap year.
const DAYS_TO_FIRST_MARCH: i64 = 60;
/// Far beyond what texts can name, and small enough that seconds still fit.
const FARTHEST_YEAR: i64 = 100_000_000_000;

/// The day `year-month-day`, counted from 0000-01-01. `month` is 1–12.
pub(super) fn day_of_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = year.clamp(-FARTHEST_YEAR, FARTHEST_YEAR);
    let march_year = if month <= 2 { year - 1 } else { year };
    let era = march_year.div_euclid(YEARS_PER_ERA);
    let year_of_era = march_year.rem_euclid(YEARS_PER_ERA);
    let march_month = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * march_month + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era + DAYS_TO_FIRST_MARCH
}

/// Year, month 1–12 and day 1–31 of a day counted from 0000-01-01.
pub(super) fn civil_of_day(ordinal: i64) -> (i64, u32, u32) {
    let since_march = ordinal.saturating_sub(DAYS_TO_FIRST_MARCH);
    let era = since_march.div_euclid(DAYS_PER_ERA);
    let day_of_era = since_march.rem_euclid(DAYS_PER_ERA);
    let leap_free = day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096;
    let year_of_era = leap_free / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * YEARS_PER_ERA + year_of_era + i64::from(month <= 2);
    (year, u32::try_from(month).unwrap_or(1), u32::try_from(day).unwrap_or(1))
}

/// How many days a month has.
pub(super) fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
