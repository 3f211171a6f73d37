//! The repository's own factor sets.

use super::*;
use crate::{Query, Rule, Standing};
use std::path::Path;

/// All files below `factors/`, by their paths relative to it.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../factors");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files
}

fn catalogue() -> Catalogue {
    let (catalogue, findings) = Catalogue::load(files(), &UnitTable::builtin());
    assert!(findings.is_empty(), "{:#?}", findings.list());
    catalogue
}

fn figure(id: &str, keys: &[(&str, &str)], rule: Rule) -> f64 {
    let catalogue = catalogue();
    let set = catalogue.set(id).unwrap();
    set.lookup(&Query { keys: keys.to_vec(), rule }).unwrap().value
}

#[test]
fn all_sets_load_without_a_finding() {
    let catalogue = catalogue();
    assert!(catalogue.sets().count() >= 24);
    for set in catalogue.sets() {
        assert_ne!(set.header.title.zh, set.header.title.en, "{}", set.id);
        assert!(set.header.standing_note.is_some(), "{} says by whom it was read", set.id);
        assert!(set.header.region_set.is_some(), "{}", set.id);
        for key in &set.header.keys {
            let members = set.members(&key.column);
            assert!(members.iter().all(|(_, label)| label.is_some()), "{}", set.id);
        }
    }
}

#[test]
fn the_averages_are_complete() {
    let catalogue = catalogue();
    let provincial = catalogue.set("cn/grid/average/provincial").unwrap();
    assert_eq!(provincial.members("grid").len(), 30);
    assert_eq!(provincial.rows.len(), 90);
    let regional = catalogue.set("cn/grid/average/regional").unwrap();
    assert_eq!(regional.rows.len(), 21);
    let assessment = catalogue.set("cn/grid/average/provincial-assessment-2016").unwrap();
    assert_eq!(assessment.members("grid").len(), 14);
}

#[test]
fn figures_are_those_of_the_pages() {
    let at = |year: &str| Rule::At(day(year));
    let provincial = "cn/grid/average/provincial";
    assert_eq!(figure(provincial, &[("grid", "广东")], at("2022")), 0.4403);
    assert_eq!(figure(provincial, &[("grid", "shaanxi")], at("2023")), 0.6335);
    assert_eq!(figure(provincial, &[("grid", "山西")], at("2023")), 0.6634);
    assert_eq!(figure("cn/grid/om", &[("grid", "华北")], at("2019")), 0.9419);
    assert_eq!(figure("cn/grid/bm", &[("grid", "nanfang")], at("2019")), 0.2135);
    assert_eq!(figure("cn/fuel/standard-coal-2019", &[("fuel", "煤炭")], at("2019")), 2.66);
    let keys = [("mode", "e_bike"), ("city", "no_metro")];
    assert_eq!(figure("cn/travel/meituan", &keys, at("2023")), 59.3);
    let last = Rule::MeanOfLast { count: 3, before: None };
    let mean = figure("cn/grid/om-2016-publication", &[("grid", "华东")], last);
    assert!((mean - 0.8087).abs() < 1e-12);
}

/// No figure of the library is from memory: each was read in a text or in a copy that is named.
#[test]
fn no_figure_is_from_memory() {
    let catalogue = catalogue();
    for set in catalogue.sets() {
        let rows = set.rows.iter().filter(|row| row.standing == Standing::Memory);
        assert_eq!(
            (set.header.standing == Standing::Memory, rows.count()),
            (false, 0),
            "{}",
            set.id
        );
    }
}

/// One formula, units and all: carbon content × oxidation × 44/12 × heat gives the printed t/t.
#[test]
fn combustion_factors_reproduce_the_worked_figures() {
    let at = Rule::At(day("2020"));
    let of = |set: &str, fuel: &str| figure(&format!("cn/fuel/{set}"), &[("fuel", fuel)], at);
    for (fuel, heat, expected) in [
        ("gasoline", of("calorific", "gasoline") / 1e3, 2.9251),
        ("diesel", of("calorific", "diesel") / 1e3, 3.0959),
        ("crude_oil", of("calorific", "crude_oil") / 1e3, 3.0202),
        ("coke", of("calorific", "coke") / 1e3, 2.8604),
        ("lpg", of("calorific", "lpg") / 1e3, 3.1013),
        ("bituminous_coal", of("combustion-2011/calorific", "bituminous_coal"), 1.7418),
        ("natural_gas", of("calorific-gas", "natural_gas") / 100.0, 21.6219),
        ("converter_gas", of("combustion-2011/calorific-gas", "converter_gas") * 10.0, 15.1240),
        // 17.98 MJ/m3 is printed beside the carbon content; only the yearbook's 17.981 gives 8.8638.
        ("coke_oven_gas", of("calorific-gas", "coke_oven_gas_high") / 100.0, 8.8638),
        (
            "blast_furnace_gas",
            of("combustion-2011/calorific-gas", "blast_furnace_gas") * 10.0,
            8.4811,
        ),
        ("lignite", of("combustion-2011/calorific", "lignite"), 1.1729),
        ("fuel_oil", of("calorific", "fuel_oil") / 1e3, 3.1705),
    ] {
        let carbon = of("combustion-2011/carbon-content", fuel);
        let oxidised = of("combustion-2011/oxidation", fuel);
        let factor = heat * carbon / 1e3 * oxidised * 44.0 / 12.0;
        assert!((factor - expected).abs() < 1e-4, "{fuel}: {factor} for {expected}");
    }
}

/// 61.03 − 7.02 and 66.32 − 7.02, as the page prints them.
#[test]
fn the_e_bike_is_net_of_its_use() {
    let at = Rule::At(day("2022"));
    let used = figure("cn/travel/meituan-use", &[("mode", "共享电单车")], at);
    for city in ["metro", "no_metro"] {
        let baseline = figure("cn/travel/meituan-baseline", &[("city", city)], at);
        let net = figure("cn/travel/meituan", &[("mode", "e_bike"), ("city", city)], at);
        assert!((baseline - used - net).abs() < 1e-9);
    }
}

#[test]
fn near_ids_and_search_work_on_the_real_catalogue() {
    let catalogue = catalogue();
    assert_eq!(catalogue.nearest_ids("cn/grid/average/provincal")[0], "cn/grid/average/provincial");
    assert!(catalogue.nearest_ids("grid/om").contains(&"cn/grid/om"));
    assert!(catalogue.set("cn/grid/average").is_none());
    let found: Vec<&str> = catalogue.search("华北 OM").iter().map(|set| set.id.as_str()).collect();
    assert!(found[0].starts_with("cn/grid/om"), "{found:?}");
    assert!(!found.contains(&"cn/grid/average/national"), "{found:?}");
    assert!(!catalogue.search("meituan 电单车").is_empty());
}
