#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::{Grain, TimeKey};
use proptest::prelude::*;

fn key(text: &str) -> TimeKey {
    TimeKey::parse(text).unwrap_or_else(|| panic!("{text} is a key"))
}

fn as_grain(text: &str, grain: Grain) -> Option<String> {
    TimeKey::parse_as(text, grain).map(|key| {
        assert_eq!(key.grain, grain);
        key.to_string()
    })
}

/// Any key whose beginning has a four-digit year.
fn keys() -> impl Strategy<Value = TimeKey> {
    (0usize..6, 0i64..1_000_000).prop_map(|(grain, part)| {
        let grain = Grain::ALL[grain];
        let end = TimeKey { grain: Grain::Year, ordinal: 10_000 }.beginning_in(grain).ordinal;
        // An odd factor spreads the seconds over the whole range.
        TimeKey { grain, ordinal: part.wrapping_mul(7_919_777_777).rem_euclid(end) }
    })
}

#[test]
fn words_of_grains() {
    for grain in Grain::ALL {
        assert_eq!(Grain::parse(grain.word()), Some(grain));
        assert!(!grain.word_zh().is_empty());
    }
    assert_eq!(Grain::parse("Year"), None);
    assert_eq!(Grain::parse("week"), None);
}

#[test]
fn forms_of_the_language() {
    for (text, grain) in [
        ("2016", Grain::Year),
        ("0000", Grain::Year),
        ("2024-Q1", Grain::Quarter),
        ("2024-01", Grain::Month),
        ("2024-02-29", Grain::Day),
        ("2024-01-31T13", Grain::Hour),
        ("2024-01-31 13:15", Grain::Instant),
        ("2024-01-31 13:15:09", Grain::Instant),
    ] {
        assert_eq!(key(text).grain, grain);
        assert_eq!(key(text).to_string(), text);
    }
    assert_eq!(key("2024-01-31T13:15"), key("2024-01-31 13:15:00"));
    assert_eq!(key("2024-01-31 24:00"), key("2024-02-01 00:00"));
    assert_eq!(key("2024-12-31T24"), key("2025-01-01T00"));
}

#[test]
fn what_is_no_key() {
    for text in [
        "",
        "24",
        "202401",
        "2024-1",
        "2024-13",
        "2024-00",
        "2024-Q0",
        "2024-Q5",
        "2024-q1",
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "2024-01-00",
        "2024-01-31T",
        "2024-01-31 13",
        "2024-01-31T25",
        "2024-01-31 24:01",
        "2024-01-31 13:60",
        "2024-01-31 13:15:60",
        "2024-01-31 13:5",
        "2024-01-31 13:15:00.0",
        "2024/01/31",
        "2024年",
        " 2024",
        "2024-01-31Z",
        "9999-12-31 24:00",
        "9999-12-31T24",
        "12024",
        "-001",
        "2024-01-31 13:15+08:00",
        "２０２４",
        "2024-01-31 13:15:",
        "2024-01-31 13:15:00.",
    ] {
        assert_eq!(TimeKey::parse(text), None, "{text}");
    }
    assert!(TimeKey::parse("2000-02-29").is_some());
}

#[test]
fn forms_of_tables() {
    let day = Some("2024-01-05".to_owned());
    for text in [
        "2024-01-05",
        "2024-1-5",
        "2024/1/5",
        "2024/01/05",
        "2024年1月5日",
        " 2024年01月05日 ",
        "２０２４-０１-０５",
        "2024-01-05 00:00",
        "2024/1/5 0:00:00",
    ] {
        assert_eq!(as_grain(text, Grain::Day), day, "{text}");
    }
    let month = Some("2024-01".to_owned());
    for text in ["2024-01", "2024-1", "2024/1", "2024年1月", "2024-01-01"] {
        assert_eq!(as_grain(text, Grain::Month), month, "{text}");
    }
    let quarter = Some("2024-Q2".to_owned());
    for text in ["2024-Q2", "2024年第2季度", "2024年二季度", "2024年2季度", "2024-04-01"]
    {
        assert_eq!(as_grain(text, Grain::Quarter), quarter, "{text}");
    }
    assert_eq!(as_grain("2024年", Grain::Year).as_deref(), Some("2024"));
    let hour = Some("2024-01-31T13".to_owned());
    for text in ["2024-01-31T13", "2024-01-31 13:00", "2024/1/31 13:00:00", "2024年1月31日13时"]
    {
        assert_eq!(as_grain(text, Grain::Hour), hour, "{text}");
    }
    assert_eq!(as_grain("2024-01-31", Grain::Hour).as_deref(), Some("2024-01-31T00"));
    assert_eq!(as_grain("2024-01-31", Grain::Instant).as_deref(), Some("2024-01-31 00:00"));
    assert_eq!(as_grain("2024-01-31T13", Grain::Instant).as_deref(), Some("2024-01-31 13:00"));
    assert_eq!(
        as_grain("2024-01-31 9:15:07.000", Grain::Instant).as_deref(),
        Some("2024-01-31 09:15:07")
    );
}

#[test]
fn what_is_no_key_of_the_grain() {
    for (text, grain) in [
        ("2024-01-01", Grain::Year),
        ("2024-01", Grain::Year),
        ("2024-01-02", Grain::Month),
        ("2024-02", Grain::Quarter),
        ("2024-01-31 13:15", Grain::Hour),
        ("2024-01-31 13:00", Grain::Day),
        ("2024", Grain::Month),
        ("2024-01", Grain::Day),
        ("2024-01", Grain::Instant),
        ("202401", Grain::Month),
        ("20240131", Grain::Day),
        ("2024/01-31", Grain::Day),
        ("2024-01/31", Grain::Day),
        ("2024年1月31", Grain::Day),
        ("2024年五季度", Grain::Quarter),
        ("2024-01-31 13:15:07.5", Grain::Instant),
        ("1/31/2024", Grain::Day),
        ("2023年2月29日", Grain::Day),
    ] {
        assert_eq!(as_grain(text, grain), None, "{text} as {}", grain.word());
    }
}

#[test]
fn intervals_stamped_by_their_end() {
    let midnight = key("2024-03-01 00:00");
    assert_eq!(midnight.coarsen(Grain::Day, false), key("2024-03-01"));
    assert_eq!(midnight.coarsen(Grain::Day, true), key("2024-02-29"));
    assert_eq!(midnight.coarsen(Grain::Hour, true), key("2024-02-29T23"));
    assert_eq!(midnight.coarsen(Grain::Month, true), key("2024-02"));
    assert_eq!(key("2024-01-01 00:00").coarsen(Grain::Year, true), key("2023"));
    assert_eq!(key("2024-01-01 00:15").coarsen(Grain::Year, true), key("2024"));
    assert_eq!(key("2024-01-01T00").coarsen(Grain::Quarter, true), key("2023-Q4"));
    assert_eq!(midnight.coarsen(Grain::Instant, true), midnight);
    assert_eq!(key("2024-03-01").coarsen(Grain::Month, true), key("2024-03"));
}

#[test]
fn days_of_periods() {
    for (text, first, last) in [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-02-10", "2024-02-10", "2024-02-10"),
        ("2024-01-31T13", "2024-01-31", "2024-01-31"),
        ("2024-01-31 23:59:59", "2024-01-31", "2024-01-31"),
        ("9999", "9999-01-01", "9999-12-31"),
    ] {
        assert_eq!(key(text).first_day(), key(first));
        assert_eq!(key(text).last_day(), key(last));
    }
}

#[test]
fn known_days() {
    assert_eq!(key("0000-01-01").ordinal, 0);
    assert_eq!(key("1970-01-01").ordinal, 719_528);
    assert_eq!(key("1970-01-01").weekday(), 4);
    assert_eq!(key("2024-02-29").weekday(), 4);
    assert_eq!(key("2026-11-22").weekday(), 7);
    assert_eq!(key("2024-01-31 13:15:09").civil(), (2024, 1, 31, 13, 15, 9));
    assert_eq!(key("2024-Q3").civil(), (2024, 7, 1, 0, 0, 0));
}

#[test]
fn far_away_keys_do_not_overflow() {
    for grain in Grain::ALL {
        for ordinal in [i64::MIN, i64::MAX, -1] {
            let far = TimeKey { grain, ordinal };
            let _ = (far.to_string(), far.weekday(), far.last_day(), far.step(ordinal));
            for other in Grain::ALL {
                let _ = far.coarsen(other, true);
            }
        }
    }
}

#[test]
fn every_day_follows_the_one_before() {
    let mut expected = (0, 1, 1);
    for ordinal in 0..800_000 {
        let day = TimeKey { grain: Grain::Day, ordinal };
        let (year, month, of_month, ..) = day.civil();
        assert_eq!((year, month, of_month), expected);
        assert_eq!(super::day_of_civil(year, month, of_month), ordinal);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        expected = match (of_month == length, month) {
            (false, _) => (year, month, of_month + 1),
            (true, 12) => (year + 1, 1, 1),
            (true, _) => (year, month + 1, 1),
        };
    }
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(key in keys()) {
        prop_assert_eq!(TimeKey::parse(&key.to_string()), Some(key));
        prop_assert_eq!(TimeKey::parse_as(&key.to_string(), key.grain), Some(key));
    }

    #[test]
    fn coarsening_keeps_the_order(a in keys(), steps in 0i64..5_000, grain in 0usize..6, ends: bool) {
        let grain = Grain::ALL[grain];
        prop_assume!(grain <= a.grain);
        let b = a.step(steps);
        prop_assert!(a.coarsen(grain, ends) <= b.coarsen(grain, ends));
        prop_assert_eq!(a.coarsen(grain, ends).grain, grain);
    }

    #[test]
    fn a_period_holds_its_beginning(key in keys(), grain in 0usize..6) {
        let grain = Grain::ALL[grain];
        prop_assume!(grain >= key.grain);
        prop_assert_eq!(key.beginning_in(grain).coarsen(key.grain, false), key);
        prop_assert_eq!(key.step(1).beginning_in(grain).step(-1).coarsen(key.grain, false), key);
    }

    #[test]
    fn coarsening_in_two_goes_is_coarsening(key in keys(), middle in 0usize..6, last in 0usize..6) {
        let (middle, last) = (Grain::ALL[middle], Grain::ALL[last]);
        prop_assume!(last <= middle && middle <= key.grain);
        prop_assert_eq!(
            key.coarsen(middle, false).coarsen(last, false),
            key.coarsen(last, false)
        );
    }

    #[test]
    fn a_step_is_one_in_the_calendar(key in keys()) {
        let (year, month, ..) = key.civil();
        let (next_year, next_month, ..) = key.step(1).civil();
        let months = (next_year * 12 + i64::from(next_month)) - (year * 12 + i64::from(month));
        let expected = match key.grain {
            Grain::Year => 12..=12,
            Grain::Quarter => 3..=3,
            Grain::Month => 1..=1,
            _ => 0..=1,
        };
        prop_assert!(expected.contains(&months));
        prop_assert_eq!(key.step(1).step(-1), key);
        prop_assert_eq!(key.first_day().step(1).weekday(), key.weekday() % 7 + 1);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[0-9年月日季度第时T:/ .Q-]{0,24}") {
        let _ = TimeKey::parse(&text);
        for grain in Grain::ALL {
            let _ = TimeKey::parse_as(&text, grain);
        }
    }
}

#[test]
fn a_month_that_is_too_short_ends_the_date() {
    for (from, months, to) in [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-15", -13, "2022-12-15"),
        ("2024-12-31", 0, "2024-12-31"),
    ] {
        assert_eq!(key(from).plus_months(months).to_string(), to, "{from} + {months}");
    }
}

proptest! {
    #[test]
    fn months_on_keep_the_day_or_end_the_month(day in 0i64..3_600_000, months in -1_000i64..1_000) {
        let from = TimeKey { grain: Grain::Day, ordinal: day };
        let to = from.plus_months(months);
        let month = |key: TimeKey| key.coarsen(Grain::Month, false);
        prop_assert_eq!(month(to), month(from).step(months));
        let (_, _, own, ..) = from.civil();
        let (_, _, there, ..) = to.civil();
        prop_assert!(there == own || there < own && to == month(to).last_day());
    }
}
