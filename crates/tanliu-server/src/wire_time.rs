//! 时刻的写法 Moments as they are on the wire: `2021-12-31T16:00:00.000Z`.

use tanliu_platform::moment::Moment;

/// Reads a moment in UTC: seconds and thousandths may lack, the `Z` may not.
pub(crate) fn read(text: &str) -> Option<Moment> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut parts = date.split('-');
    let (year, month, day) = (number(parts.next()?, 4)?, number(parts.next()?, 2)?, parts.next()?);
    let day = number(day, 2)?;
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (clock, thousandths) = match time.split_once('.') {
        Some((clock, fraction)) => (clock, number(fraction, 3)?),
        None => (time, 0),
    };
    let mut parts = clock.split(':');
    let (hours, minutes) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let seconds = parts.next().map_or(Some(0), |text| number(text, 2))?;
    if parts.next().is_some() || hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let days = days_of(year, month, day);
    let ms = ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000 + thousandths;
    // A 31st of February reads as another day than was written.
    let moment = Moment(ms);
    moment.to_utc().starts_with(date).then_some(moment)
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Days since 1970-01-01: years that begin in March, eras of 400 years.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::read;
    use tanliu_platform::moment::Moment;

    #[test]
    fn what_is_written_is_read_back() {
        for ms in [0, 951_782_400_000, 1_640_966_399_999, 1_709_210_096_789, 4_102_444_800_000] {
            assert_eq!(read(&Moment(ms).to_utc()), Some(Moment(ms)));
        }
        assert_eq!(read("1970-01-02T00:00Z"), Some(Moment(86_400_000)));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in ["", "2021", "2021-02-30T00:00:00Z", "2021-01-01T24:00Z", "2021-01-01T00:00"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
