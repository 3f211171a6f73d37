//! What a made-up meter promises.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::{Day, Gap, Jump, Profile, Shifts, Stream, YearLevel};
use tanliu_unit::time::TimeKey;

fn day(text: &str) -> Day {
    Day::new(TimeKey::parse(text).unwrap())
}

fn profile(shifts: Shifts) -> Profile {
    Profile {
        name: "E00001".into(),
        town: "T01".into(),
        sector: "industry".into(),
        noise: Stream::new(5),
        size_kwh: 40.0,
        shifts,
        weekend: [0.9, 0.35],
        season: [0.12, 0.06],
        years: Vec::new(),
        jumps: Vec::new(),
        gaps: Vec::new(),
    }
}

fn read(profile: &Profile, day: &Day) -> Vec<Option<f64>> {
    let mut readings = Vec::new();
    profile.read_day(day, &mut readings);
    readings
}

#[test]
fn numbers_are_those_of_the_published_generator() {
    // The first values of SplitMix64 for seed 1234567, from the generator's reference code.
    let stream = Stream::new(1_234_567);
    let expected =
        [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
    assert_eq!([0, 1, 2].map(|place| stream.at(place)), expected);
}

#[test]
fn bell_shaped_numbers_have_mean_zero_and_variance_one() {
    let stream = Stream::new(7);
    let (mut sum, mut squares, count) = (0.0, 0.0, 100_000_u32);
    for place in 0..u64::from(count) {
        let value = stream.bell(place);
        assert!(value.abs() < 3.47);
        sum += value;
        squares += value * value;
    }
    assert!((sum / f64::from(count)).abs() < 0.01);
    assert!((squares / f64::from(count) - 1.0).abs() < 0.01);
}

#[test]
fn readings_add_up_to_the_energy_that_the_profile_means() {
    let year = Day::of_year(2020);
    assert_eq!(year.len(), 366);
    for shifts in [Shifts::Continuous, Shifts::Two, Shifts::Day, Shifts::Home] {
        let profile = profile(shifts);
        let read: f64 = year.iter().flat_map(|day| read(&profile, day)).flatten().sum();
        let meant = profile.energy_kwh(&year);
        assert!((read / meant - 1.0).abs() < 0.002, "{shifts:?}: {read} {meant}");
    }
}

#[test]
fn a_plant_that_is_not_there_in_a_year_has_no_readings_in_it() {
    let mut profile = profile(Shifts::Two);
    profile.years = [(2020, 2.0), (2019, 0.0), (2021, 1.0), (2023, 0.0)]
        .map(|(year, share)| YearLevel { year, share })
        .to_vec();
    assert!(read(&profile, &day("2018-12-31")).iter().all(Option::is_some));
    assert!(read(&profile, &day("2022-12-31")).iter().all(Option::is_some));
    assert!(read(&profile, &day("2031-01-01")).iter().all(Option::is_none));
    assert!(read(&profile, &day("2019-12-31")).iter().all(Option::is_none));
    let (twice, once) = (read(&profile, &day("2020-06-01")), read(&profile, &day("2021-06-01")));
    let sum = |readings: &[Option<f64>]| readings.iter().flatten().sum::<f64>();
    assert!((sum(&twice) / sum(&once) - 2.0).abs() < 0.1);
}

#[test]
fn a_jump_lasts_its_days_and_a_gap_its_quarters() {
    let mut changed = profile(Shifts::Continuous);
    let second = day("2021-06-02");
    changed.jumps = vec![Jump { first_day: second.number(), days: 1, share: 3.0 }];
    changed.gaps = vec![Gap { day: second.number(), quarter: 94, count: 4 }];
    let usual = profile(Shifts::Continuous);
    let days = ["2021-06-01", "2021-06-02", "2021-06-03"].map(day);
    let [before, within, after] = days.map(|day| read(&changed, &day));
    assert_eq!(before, read(&usual, &days[0]));
    assert!(within[0].unwrap() > 2.0 * before[0].unwrap());
    assert_eq!(within.iter().filter(|reading| reading.is_none()).count(), 2);
    assert_eq!(after[..3].iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(after[2..], read(&usual, &days[2])[2..]);
}
