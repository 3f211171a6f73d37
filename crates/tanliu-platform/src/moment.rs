//! 时刻 A moment: milliseconds since 1970 in UTC. The clock is read by the server alone.

/// 时刻 Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub i64);

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

impl Moment {
    /// `2021-12-31T16:00:00.000Z`.
    #[must_use]
    pub fn to_utc(self) -> String {
        let (days, rest) = (self.0.div_euclid(DAY_MS), self.0.rem_euclid(DAY_MS));
        let (year, month, day) = civil(days);
        let (hours, rest) = (rest / 3_600_000, rest % 3_600_000);
        let (minutes, rest) = (rest / 60_000, rest % 60_000);
        let (seconds, thousandths) = (rest / 1000, rest % 1000);
        format!(
            "{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}Z"
        )
    }

    /// Year, month and day in UTC.
    #[must_use]
    pub fn civil(self) -> (i64, i64, i64) {
        civil(self.0.div_euclid(DAY_MS))
    }

    /// So many milliseconds later.
    #[must_use]
    pub fn after_ms(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

/// Year, month and day of a number of days since 1970-01-01: eras of 400 years, years that begin
/// in March (Hinnant, chrono-compatible low-level date algorithms).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn moments_read_as_utc() {
        assert_eq!(Moment(0).to_utc(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Moment(951_782_400_000).to_utc(), "2000-02-29T00:00:00.000Z");
        assert_eq!(Moment(1_640_966_399_999).to_utc(), "2021-12-31T15:59:59.999Z");
        assert_eq!(Moment(-1).to_utc(), "1969-12-31T23:59:59.999Z");
    }
}
