//! The planted cases are really in the data.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::{DEMO, HANDED, values};
use crate::{Planted, PlantedKind};
use std::collections::BTreeSet;
use tanliu_platform::value::Standing;

fn of(kind: PlantedKind) -> Vec<Planted> {
    let cases: Vec<Planted> = DEMO.planted().into_iter().filter(|case| case.kind == kind).collect();
    assert!(!cases.is_empty(), "{kind:?}");
    cases
}

fn number(case: &Planted, input: &str, year: i64, dataset: &str) -> Option<f64> {
    let values = values(input, &case.enterprise, year);
    let mut counted = values
        .iter()
        .filter(|value| value.dataset == dataset && value.standing == Standing::Approved);
    counted.next().and_then(|value| value.number)
}

fn year(case: &Planted) -> i64 {
    case.period.parse().unwrap()
}

const ENERGY: &str = "enterprise-energy";

#[test]
fn each_case_is_of_another_enterprise_and_says_what_is_to_be_found() {
    let cases = DEMO.planted();
    let firms: BTreeSet<&str> = cases.iter().map(|case| case.enterprise.as_str()).collect();
    assert_eq!(firms.len(), cases.len());
    assert!(cases.iter().all(|case| !case.found.zh.is_empty() && !case.found.en.is_empty()));
}

#[test]
fn a_missing_fuel_was_reported_in_the_years_around() {
    for case in of(PlantedKind::MissingFuel) {
        let reported = |year: i64| number(&case, case.input, year, ENERGY);
        assert!(reported(year(&case) - 1).unwrap() > 0.0, "{case:?}");
        assert_eq!(reported(year(&case)), None, "{case:?}");
        assert!(reported(year(&case) + 1).unwrap() > 0.0, "{case:?}");
        assert!(number(&case, "enterprise_electricity", year(&case), ENERGY).is_some());
    }
}

#[test]
fn a_missing_year_has_no_value_at_all() {
    for case in of(PlantedKind::MissingYear) {
        let reported = |year: i64| {
            HANDED
                .iter()
                .flat_map(|handed| &handed.values)
                .filter(|v| v.subject == case.enterprise && v.period == year.to_string())
                .count()
        };
        let year = year(&case);
        assert!(reported(year - 1) > 0 && reported(year) == 0 && reported(year + 1) > 0);
    }
}

#[test]
fn a_restated_value_keeps_the_first_beside_it() {
    for case in of(PlantedKind::Restated) {
        let values = values(case.input, &case.enterprise, year(&case));
        let standings: Vec<Standing> = values.iter().map(|value| value.standing).collect();
        assert_eq!(standings, [Standing::Superseded, Standing::Approved]);
        let (first, second) = (values[0].number.unwrap(), values[1].number.unwrap());
        assert!((first / second - 1.0).abs() > 0.05, "{case:?}: {first} {second}");
        assert!(values[0].origin.at < values[1].origin.at);
        assert_eq!(values[1].origin.by, case.enterprise.to_lowercase());
    }
}

#[test]
fn two_sources_contradict_each_other() {
    for case in of(PlantedKind::Contradicted) {
        let values = values(case.input, &case.enterprise, year(&case));
        let facts: Vec<(&str, Standing)> =
            values.iter().map(|value| (value.dataset.as_str(), value.standing)).collect();
        let expected = [(ENERGY, Standing::Approved), ("supplier-settlement", Standing::Pending)];
        assert_eq!(facts, expected);
        assert!((values[0].number.unwrap() / values[1].number.unwrap() - 1.0).abs() > 0.05);
    }
}

#[test]
fn the_unit_mistake_shows_against_the_years_around() {
    let cases = of(PlantedKind::WrongUnit);
    assert_eq!(cases.len(), 1);
    let case = &cases[0];
    let gas = |year: i64| number(case, case.input, year, ENERGY).unwrap();
    for other in [2019, 2021] {
        let share = gas(2020) / gas(other);
        assert!((7.0..14.0).contains(&share), "{share}");
    }
}

#[test]
fn warnings_of_three_levels_have_three_sizes() {
    let growth = |kind: PlantedKind| -> Vec<f64> {
        let electricity = |case: &Planted, year: i64| {
            number(case, "enterprise_electricity", year, ENERGY).unwrap()
        };
        of(kind).iter().map(|case| electricity(case, 2021) / electricity(case, 2020)).collect()
    };
    assert!(growth(PlantedKind::WarningFirst).iter().all(|share| (1.8..2.0).contains(share)));
    assert!(growth(PlantedKind::WarningSecond).iter().all(|share| (1.45..1.6).contains(share)));
    assert!(growth(PlantedKind::WarningThird).iter().all(|share| (1.2..1.35).contains(share)));
}

#[test]
fn late_values_of_missing_fuels_wait_and_do_not_count() {
    let waiting: Vec<_> = HANDED
        .iter()
        .flat_map(|handed| &handed.values)
        .filter(|value| value.standing == Standing::Pending && value.dataset == ENERGY)
        .collect();
    assert_eq!(waiting.len(), 3);
    let missing = of(PlantedKind::MissingFuel);
    assert!(waiting.iter().all(|value| missing.iter().any(|c| c.enterprise == value.subject)));
}
