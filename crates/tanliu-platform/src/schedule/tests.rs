//! 测试 A calculation is due once in its period, by the district's clock.

#![allow(clippy::unwrap_used)]

use super::Schedule;
use crate::moment::Moment;
use proptest::prelude::*;

fn schedule(text: &str) -> Schedule {
    Schedule::parse(text).unwrap().unwrap()
}

#[test]
fn schedules_are_read_or_refused() {
    assert_eq!(Schedule::parse("").unwrap(), None);
    assert_eq!(schedule("daily 02:30"), Schedule::Daily(9_000_000));
    for wrong in ["weekly", "daily", "daily 24:00", "monthly 29 02:30", "hourly 5"] {
        assert_eq!(Schedule::parse(wrong), Err(wrong.to_owned()));
    }
}

#[test]
fn the_clock_is_the_districts() {
    // 2021-03-01T02:29 and 02:30 in China are 18:29 and 18:30 of the day before in UTC.
    let before = Moment(1_614_536_940_000);
    assert_eq!(before.to_utc(), "2021-02-28T18:29:00.000Z");
    let due = schedule("daily 02:30").last_due(before);
    assert_eq!(due.to_utc(), "2021-02-27T18:30:00.000Z");
    let due = schedule("monthly 1 02:30").last_due(before.after_ms(60_000));
    assert_eq!(due.to_utc(), "2021-02-28T18:30:00.000Z");
    let due = schedule("monthly 1 02:30").last_due(before);
    assert_eq!(due.to_utc(), "2021-01-31T18:30:00.000Z");
    assert_eq!(schedule("hourly").last_due(before).to_utc(), "2021-02-28T18:00:00.000Z");
}

proptest! {
    #[test]
    fn what_ran_when_it_was_due_is_not_due_again(now in 0i64..4_000_000_000_000, which in 0usize..3) {
        let text = ["hourly", "daily 23:59", "monthly 28 00:00"].get(which).copied().unwrap();
        let own = schedule(text);
        let due = own.last_due(Moment(now));
        prop_assert!(due.0 <= now);
        prop_assert!(now - due.0 <= 31 * 86_400_000);
        prop_assert!(!own.is_due(Some(due), Moment(now)));
        prop_assert!(own.is_due(Some(Moment(due.0 - 1)), Moment(now)));
        prop_assert_eq!(own.last_due(due), due);
    }
}
