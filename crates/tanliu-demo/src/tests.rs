//! What the demonstration district promises.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::expect_used)]

mod history;
mod meters;
mod planted;

use super::place::{stem, town_id};
use super::{ABOVE_SCALE, Demo, ENTERPRISES, Handed, SEED, TOWNS, YEARS, is_credit_code};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use tanliu_platform::account::Role;
use tanliu_platform::submission::State;
use tanliu_platform::trail::sha256;
use tanliu_platform::value::{Standing, Value};

/// Made once for all tests of a process.
static DEMO: LazyLock<Demo> = LazyLock::new(|| Demo::new(SEED));
static HANDED: LazyLock<Vec<Handed>> = LazyLock::new(|| DEMO.handed().collect());

/// Values of an input that were handed in for a year, of one subject or of all (empty).
fn values(input: &str, subject: &str, year: i64) -> Vec<&'static Value> {
    let year = year.to_string();
    HANDED
        .iter()
        .flat_map(|handed| &handed.values)
        .filter(|value| value.input == input && value.period == year)
        .filter(|value| subject.is_empty() || value.subject == subject)
        .collect()
}

/// Of these the sum that counts.
fn approved(input: &str, year: i64) -> f64 {
    let values = values(input, "", year).into_iter();
    values.filter(|v| v.standing == Standing::Approved).filter_map(|v| v.number).sum()
}

#[test]
fn the_district_has_the_size_that_it_promises() {
    assert_eq!((DEMO.towns.len(), DEMO.sectors.len()), (TOWNS as usize, 6));
    assert_eq!(DEMO.enterprises.len(), ENTERPRISES as usize);
    let above = DEMO.enterprises.iter().filter(|enterprise| enterprise.above_scale).count();
    assert_eq!((above, ABOVE_SCALE), (1_503, 1_503));
    let years: BTreeSet<&str> = HANDED
        .iter()
        .filter(|handed| handed.submission.dataset == "enterprise-energy")
        .map(|handed| handed.submission.period.as_str())
        .collect();
    assert_eq!(years.len(), YEARS);
    assert_eq!((years.first(), years.last()), (Some(&"2012"), Some(&"2021")));
    assert!(DEMO.district.notice.as_ref().unwrap().contains("演示数据，全部自拟"));
}

#[test]
fn every_seed_has_that_size_and_its_planted_cases() {
    for seed in [0, 1, 987_654_321] {
        let demo = Demo::new(seed);
        let above = demo.enterprises.iter().filter(|enterprise| enterprise.above_scale).count();
        assert_eq!((demo.enterprises.len(), above, demo.planted().len()), (3_600, 1_503, 35));
    }
}

#[test]
fn towns_stand_in_a_compact_map_without_its_corners() {
    let tiles: BTreeSet<(i32, i32)> = DEMO.towns.iter().map(|town| town.tile).collect();
    assert_eq!(tiles.len(), TOWNS as usize);
    assert!(tiles.iter().all(|(column, row)| (0..6).contains(column) && (0..5).contains(row)));
    assert!(![(0, 0), (5, 0), (0, 4), (5, 4)].iter().any(|corner| tiles.contains(corner)));
    let names: BTreeSet<&str> = DEMO.towns.iter().map(|town| stem(&town.name)).collect();
    assert_eq!(names.len(), TOWNS as usize);
    assert!(names.iter().all(|name| name.chars().count() == 2));
}

#[test]
fn enterprises_lie_in_their_towns_and_have_land_and_no_contact() {
    for enterprise in &DEMO.enterprises {
        let town = DEMO.towns.iter().find(|town| town.id == enterprise.town).unwrap();
        let (east, north) = enterprise.place.unwrap();
        let (column, row) = town.tile;
        assert_eq!((east / 0.1).floor() as i32, column, "{}", enterprise.id);
        assert_eq!(4 - (north / 0.1).floor() as i32, row, "{}", enterprise.id);
        assert!(enterprise.land_mu.unwrap() >= 0.5);
        assert_eq!(enterprise.contact, None);
        assert!(enterprise.name.starts_with(stem(&town.name)));
    }
}

#[test]
fn ids_names_and_codes_are_unique_and_codes_have_right_check_digits() {
    let unique = |of: fn(&tanliu_platform::directory::Enterprise) -> &str| {
        DEMO.enterprises.iter().map(of).collect::<BTreeSet<&str>>().len()
    };
    assert_eq!([unique(|e| &e.id), unique(|e| &e.name), unique(|e| &e.credit_code)], [3_600; 3]);
    for enterprise in &DEMO.enterprises {
        let code = &enterprise.credit_code;
        assert!(is_credit_code(code), "{code}");
        assert!(code.starts_with("919900") && code[8..].starts_with("DEMA"), "{code}");
    }
    let meters: BTreeSet<&str> = DEMO.meters.iter().map(|meter| meter.id.as_str()).collect();
    assert_eq!(meters.len(), DEMO.meters.len());
}

#[test]
fn a_wrong_digit_of_a_code_is_noticed() {
    // The code that public explanations of GB 32100 print as their example.
    assert!(is_credit_code("91350100M000100Y43"));
    for wrong in ["91350100M000100Y44", "91350100M000101Y43", "91350100M000100Y4", "", "一二三"]
    {
        assert!(!is_credit_code(wrong), "{wrong}");
    }
}

#[test]
fn every_area_has_enterprises_and_textiles_come_first() {
    let mut areas: BTreeMap<&str, usize> = BTreeMap::new();
    let mut trades: BTreeMap<&str, usize> = BTreeMap::new();
    for enterprise in &DEMO.enterprises {
        assert_eq!(enterprise.industry_code.len(), 4);
        *areas.entry(&enterprise.sector).or_default() += 1;
        *trades.entry(&enterprise.industry_code[..2]).or_default() += 1;
    }
    let known: BTreeSet<&str> = DEMO.sectors.iter().map(|sector| sector.id.as_str()).collect();
    assert_eq!(areas.keys().copied().collect::<BTreeSet<&str>>(), known);
    assert!(areas["industry"] > 2_500 && areas.values().all(|count| *count > 30), "{areas:?}");
    let largest = trades.iter().max_by_key(|(_, count)| **count).unwrap();
    assert_eq!(*largest.0, "17", "{trades:?}");
}

#[test]
fn totals_are_those_of_a_district_of_this_kind_and_its_intensity_falls() {
    let rough: Vec<(f64, f64)> =
        DEMO.published.iter().map(|year| (year.rough.0, year.rough.0 / year.gdp)).collect();
    // Between five and eight million tonnes of standard coal.
    assert!(rough.iter().all(|(tce, _)| (5.0e6..8.0e6).contains(tce)), "{rough:?}");
    assert!(rough.windows(2).all(|pair| pair[1].1 < pair[0].1), "{rough:?}");
    assert!(rough[8].0 < rough[7].0 && rough[9].0 > rough[8].0, "a dip in 2020: {rough:?}");
    let share = approved("enterprise_raw_coal", 2021) / approved("enterprise_raw_coal", 2012);
    assert!(share < 0.75, "coal gives way: {share}");
    let gas = approved("enterprise_natural_gas", 2021) / approved("enterprise_natural_gas", 2012);
    assert!(gas > 2.5, "gas takes its place: {gas}");
}

#[test]
fn what_goes_into_plants_is_within_what_they_used_and_gives_less_than_it_was() {
    let mut plants = 0;
    for (firm, years) in DEMO.firms.iter().zip(&DEMO.annuals) {
        for annual in years.iter().flatten() {
            let pairs = annual.put_in.list().into_iter().zip(annual.used.list());
            assert!(pairs.into_iter().all(|(put_in, used)| put_in <= used), "{}", firm.id());
            plants += usize::from(annual.made.heat > 0.0);
        }
    }
    assert_eq!(plants % YEARS, 0);
    assert!(plants / YEARS > 10);
    for year in 2012..=2021 {
        let made = approved("transformation_heat_out", year);
        let used = approved("enterprise_heat", year) + approved("rest_heat", year);
        // A little goes to neighbours.
        assert!((1.0..1.06).contains(&(made / used)), "{year}: {made} {used}");
    }
}

#[test]
fn statistics_differ_from_the_sum_by_a_few_per_cent() {
    for (input, from, to) in [("raw_coal", 0.0, 0.05), ("electricity", -0.01, 0.02)] {
        for year in 2012..=2021 {
            let sum = approved(&format!("enterprise_{input}"), year)
                + approved(&format!("rest_{input}"), year);
            let share = approved(&format!("statistics_{input}"), year) / sum - 1.0;
            assert!(share != 0.0 && (from..to).contains(&share), "{input} {year}: {share}");
        }
    }
    let towns: f64 = approved("value_added_town", 2021);
    let gdp = approved("gdp", 2021);
    assert!(towns != gdp && (towns / gdp - 1.0).abs() < 0.01, "{towns} {gdp}");
    assert!((approved("value_added_sector", 2021) / gdp - 1.0).abs() < 1e-6);
}

#[test]
fn some_enterprises_begin_and_some_end_within_the_ten_years() {
    let began = DEMO.firms.iter().filter(|firm| firm.years.0 > 2012).count();
    let ended = DEMO.firms.iter().filter(|firm| firm.years.1 < 2021).count();
    assert!((180..330).contains(&began) && (120..250).contains(&ended), "{began} {ended}");
}

#[test]
fn users_of_every_role_are_there_and_their_reach_exists() {
    for role in Role::ALL {
        assert!(DEMO.users.iter().any(|user| user.role == role), "{role:?}");
    }
    let names: BTreeSet<&str> = DEMO.users.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names.len(), DEMO.users.len());
    for user in &DEMO.users {
        assert_eq!(user.password, None);
        let known = |id: &String| DEMO.enterprises.iter().any(|enterprise| enterprise.id == *id);
        assert!(user.reach.enterprises.iter().all(known), "{}", user.name);
        assert!(user.reach.town.iter().all(|town| DEMO.towns.iter().any(|t| t.id == *town)));
    }
    for dataset in &DEMO.datasets {
        let of = |user: &&tanliu_platform::account::User| {
            user.reach.department.as_deref() == Some(dataset.department.as_str())
        };
        assert_eq!(DEMO.users.iter().filter(of).count(), 2, "{}", dataset.id);
    }
    assert_eq!(town_id(7), "T07");
}

#[test]
fn the_same_seed_gives_the_same_district_on_every_machine() {
    // Recorded once; a change here changes the demonstration district of everybody.
    let mut text = format!(
        "{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
        DEMO.district,
        DEMO.towns,
        DEMO.sectors,
        DEMO.enterprises,
        DEMO.meters,
        DEMO.users,
        DEMO.datasets,
        DEMO.calculations,
        DEMO.planted(),
    );
    for handed in HANDED.iter() {
        text.push_str(&format!("{handed:?}"));
    }
    for meter in (0..DEMO.meters.len()).step_by(500) {
        text.push_str(&format!("{:?}", DEMO.profile(meter)));
    }
    assert_eq!(sha256(text.as_bytes()), RECORDED);
    let other = Demo::new(SEED + 1);
    assert_ne!(other.enterprises, DEMO.enterprises);
}

const RECORDED: &str = "1a6470de648c1cacdd1a8aa27973fd49b8d6ad15a184b72d5b2ac07d2e3542c9";

#[test]
fn open_work_waits_in_every_state() {
    for state in [State::Draft, State::Submitted, State::Reviewed, State::Approved] {
        assert!(HANDED.iter().any(|handed| handed.submission.state == state), "{state:?}");
    }
}
