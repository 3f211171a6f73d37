//! Readings add up to the electricity of the year.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::{DEMO, values};
use crate::PlantedKind;
use std::collections::BTreeMap;
use tanliu_load::{Day, Profile};

/// All quarters of a year, day by day.
fn read(profile: &Profile, year: i64) -> Vec<Vec<Option<f64>>> {
    let day = |day: &Day| {
        let mut readings = Vec::new();
        profile.read_day(day, &mut readings);
        readings
    };
    Day::of_year(year).iter().map(day).collect()
}

fn sum(days: &[Vec<Option<f64>>]) -> f64 {
    days.iter().flatten().flatten().sum()
}

fn place(meter: &str) -> usize {
    DEMO.meters.iter().position(|known| known.id == meter).unwrap()
}

fn reported_kwh(enterprise: &str, year: i64) -> f64 {
    values("enterprise_electricity", enterprise, year)[0].number.unwrap() * 1e4
}

fn cases(kind: PlantedKind) -> Vec<crate::Planted> {
    DEMO.planted().into_iter().filter(|case| case.kind == kind).collect()
}

#[test]
fn each_enterprise_has_one_meter_for_all_and_a_tenth_a_second_one() {
    let mut meters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for meter in &DEMO.meters {
        meters.entry(&meter.enterprise).or_default().push(&meter.serves);
        assert_eq!((meter.carrier.as_str(), meter.unit.as_str()), ("electricity", "kWh"));
    }
    assert_eq!(meters.len(), 3_600);
    assert!(meters.values().all(|serves| serves[0] == "总表" && serves.len() <= 2));
    let second = meters.values().filter(|serves| serves.len() == 2).count();
    assert!((290..430).contains(&second), "{second}");
    assert!(DEMO.profile(DEMO.meters.len()).is_none());
}

#[test]
fn a_year_of_readings_is_the_electricity_that_was_reported() {
    for number in (0..3_600).step_by(450) {
        let enterprise = &DEMO.enterprises[number];
        let firm = &DEMO.firms[number];
        if DEMO.planted().iter().any(|case| case.enterprise == enterprise.id) {
            continue;
        }
        let profile = DEMO.profile(place(&format!("{}-1", enterprise.id))).unwrap();
        let year = firm.years.1;
        let share = sum(&read(&profile, year)) / reported_kwh(&enterprise.id, year);
        assert!((share - 1.0).abs() < 0.003, "{}: {share}", enterprise.id);
    }
}

#[test]
fn a_second_meter_reads_a_part_of_the_first() {
    let second = DEMO.meters.iter().position(|meter| meter.serves != "总表").unwrap();
    let [all, part] = [second - 1, second].map(|meter| DEMO.profile(meter).unwrap());
    let share = sum(&read(&part, 2021)) / sum(&read(&all, 2021));
    assert!((0.14..0.62).contains(&share), "{share}");
}

#[test]
fn an_enterprise_that_ended_has_no_readings_afterwards() {
    let firm = DEMO.firms.iter().find(|firm| firm.years.1 == 2017).unwrap();
    let profile = DEMO.profile(place(&format!("{}-1", firm.id()))).unwrap();
    assert!(sum(&read(&profile, 2017)) > 0.0);
    for year in [2018, 2021, 2024] {
        assert!(read(&profile, year).iter().flatten().all(Option::is_none), "{year}");
    }
}

#[test]
fn the_fraud_shows_against_the_meter() {
    let case = &cases(PlantedKind::Fraud)[0];
    let profile = DEMO.profile(place(&format!("{}-1", case.enterprise))).unwrap();
    for year in 2017..=2021 {
        let share = reported_kwh(&case.enterprise, year) / sum(&read(&profile, year));
        let expected = if year >= 2019 { 0.55 } else { 1.0 };
        assert!((share - expected).abs() < 0.003, "{year}: {share}");
    }
}

#[test]
fn sudden_changes_and_gaps_are_in_the_readings() {
    for case in cases(PlantedKind::SuddenChange) {
        let profile = DEMO.profile(place(&format!("{}-1", case.enterprise))).unwrap();
        let days: Vec<f64> =
            read(&profile, 2021).iter().map(|day| day.iter().flatten().sum()).collect();
        let first = day_of_2021(&case.period);
        // The same weekday a week before: rest days and season fall out.
        let share = days[first] / days[first - 7];
        assert!(!(0.5..1.6).contains(&share), "{case:?}: {share}");
    }
    for case in cases(PlantedKind::MissingReadings) {
        let profile = DEMO.profile(place(&format!("{}-1", case.enterprise))).unwrap();
        let days = read(&profile, 2021);
        let missing = days.iter().flatten().filter(|reading| reading.is_none()).count();
        assert!([3, 17, 96, 200, 41].contains(&missing), "{case:?}: {missing}");
        assert!(days[day_of_2021(&case.period)][24].is_none());
    }
}

fn day_of_2021(day: &str) -> usize {
    let ordinal = |day: &str| tanliu_unit::time::TimeKey::parse(day).unwrap().ordinal;
    usize::try_from(ordinal(day) - ordinal("2021-01-01")).unwrap()
}
