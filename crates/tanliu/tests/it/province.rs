//! 省级实测 Thirty provinces' published energy balances of 2007 and the emissions that CEADs made
//! of them.
//!
//! The data are not ours to hand on: they lie beside the workspace in `../shared/data`, and where
//! that folder is missing the tests are skipped, by name.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tanliu_diagnostic::{Lang, render};
use tanliu_factor::Catalogue;
use tanliu_method::bind::{BindInput, bind};
use tanliu_method::check::{NoLibrary, check};
use tanliu_method::eval::{Figure, OutputTable, RunOptions, RunOutcome, run};
use tanliu_office::{ReadOptions, read_tables};
use xtask::balance_identities;
use xtask::compare_ceads::{self, COMPARED, Comparison, Emissions, Published, Reason};
use xtask::prepare_balance::{self, Balance, CARRIERS, Family, TidyTable, UnitReading};

const DOCUMENT: &str = "methods/cn/regional/energy-balance.md";

/// 官方表 and 公布清单, as they lie in the folder.
struct PublishedData {
    balance: String,
    inventory: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The data, or nothing after saying what is skipped.
fn data() -> Option<PublishedData> {
    let folder = root().join("../shared/data");
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).ok();
    let balance = read("province_energy_balance_2007_physical.csv");
    let inventory = read("ceads_2007_province_by_sector_fuel.csv");
    if let (Some(balance), Some(inventory)) = (balance, inventory) {
        return Some(PublishedData { balance, inventory });
    }
    eprintln!("skipped: province_2007: ../shared/data is missing");
    None
}

fn readings() -> Vec<UnitReading> {
    let text = text("examples/province/published-2007/unit-readings.csv");
    prepare_balance::read_unit_readings(&text).unwrap()
}

fn balance(data: &PublishedData) -> Balance {
    prepare_balance::read(&data.balance, 2007, &readings()).unwrap()
}

/// What the formula gives, worked out beside the document: final consumption less raw material
/// use, with what thermal power and heating take in (printed negative), times one factor per fuel.
fn worked_out(balance: &Balance) -> Emissions {
    let mut factors = BTreeMap::new();
    for (file, per_mt) in [("implied-ceads-2007.csv", 100.0), ("implied-ceads-2007-gas.csv", 100.0)]
    {
        for line in text(&format!("factors/cn/fuel/{file}")).lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let (fuel, value) = (fields[0], fields.last().unwrap());
            factors.insert(fuel.to_owned(), value.parse::<f64>().unwrap() / per_mt);
        }
    }
    let mut emissions = Emissions::new();
    for cell in &balance.cells {
        let sign = match cell.item.code {
            "final" => 1.0,
            "non_energy" | "thermal_power" | "heating" => -1.0,
            _ => continue,
        };
        if let Some(factor) = factors.get(cell.carrier.code) {
            let key = (cell.province.clone(), cell.carrier.code.to_owned());
            *emissions.entry(key).or_default() += sign * cell.value * factor;
        }
    }
    emissions
}

/// What the document makes of the prepared tables and the factors read off CEADs' figures.
fn run_document(balance: &Balance) -> RunOutcome {
    let catalogue = Catalogue::default();
    let document = text(DOCUMENT);
    let checked = check(DOCUMENT, &document, &NoLibrary, &catalogue);
    let sources: BTreeMap<String, String> = [(DOCUMENT.to_owned(), document)].into();
    let said = |findings: &tanliu_diagnostic::Diagnostics| {
        render(findings.list(), &sources, Lang::En, false)
    };
    assert!(!checked.diagnostics.has_errors(), "{}", said(&checked.diagnostics));
    let mut tables = Vec::new();
    for table in prepare_balance::tables(balance).into_iter().chain(factor_tables()) {
        let (read, findings) =
            read_tables(&table.file, table.text.as_bytes(), &ReadOptions::default());
        assert!(!findings.has_errors(), "{}", said(&findings));
        tables.extend(read);
    }
    let input =
        BindInput { tables: &tables, restricted: None, scalars: &[], units: &checked.units };
    let (dataset, findings) = bind(&checked.program, &input);
    assert!(!findings.has_errors(), "{}", said(&findings));
    let outcome = run(&checked.program, &dataset, &catalogue, &RunOptions::default());
    assert!(!outcome.diagnostics.has_errors(), "{}", said(&outcome.diagnostics));
    outcome
}

fn factor_tables() -> Vec<TidyTable> {
    let table = |source: &str, family, header: &str, file: &str| {
        let catalogue = text(&format!("factors/cn/fuel/{source}"));
        let text = compare_ceads::factor_table(&catalogue, family, header).unwrap();
        TidyTable { file: file.to_owned(), text }
    };
    vec![
        table("implied-ceads-2007.csv", Family::Mass, "fuel,ef_mass (tCO2/t)", "ef_mass.csv"),
        table("implied-ceads-2007-gas.csv", Family::Volume, "gas,ef_gas (tCO2/万m3)", "ef_gas.csv"),
    ]
}

fn result<'a>(outcome: &'a RunOutcome, name: &str) -> &'a OutputTable {
    outcome.tables.iter().find(|table| table.name == name).expect("an output of the document")
}

/// The emissions by fuel of a result in 万tCO2, in Mt.
fn emissions(table: &OutputTable, into: &mut Emissions) {
    assert_eq!(table.unit.as_deref(), Some("万tCO2"));
    for (row, figure) in table.figures.iter().enumerate() {
        let (province, member) = (&table.keys[0][row], &table.keys[2][row]);
        let carrier =
            CARRIERS.iter().find(|known| [known.code, known.label].contains(&&**member)).unwrap();
        if let Figure::Number(value) = figure {
            into.insert((province.to_string(), carrier.code.to_owned()), value / 100.0);
        }
    }
}

fn count(comparison: &Comparison, reason: Reason) -> usize {
    comparison.differences.iter().filter(|cell| cell.reason == reason).count()
}

/// The claims about the comparison; every computation of the emissions has to meet them.
fn assert_agreement(comparison: &Comparison) {
    for cell in &comparison.differences {
        eprintln!(
            "{} {}: ours {:.5} Mt, theirs {:.5} Mt: {}",
            cell.province,
            cell.fuel,
            cell.ours_mt,
            cell.theirs_mt,
            cell.reason.words().1
        );
    }
    assert_eq!((comparison.cells, comparison.agreeing), (344, 304));
    assert_eq!(count(comparison, Reason::NothingReported), 1);
    assert_eq!(count(comparison, Reason::NegativeActivity), 2);
    assert_eq!(count(comparison, Reason::ActivityDiffers), 37);
    let differs = |province: &str| comparison.differences.iter().any(|c| c.province == province);
    for province in [
        "Chongqing",
        "Fujian",
        "Hainan",
        "Hubei",
        "Jiangsu",
        "Shanghai",
        "Shanxi",
        "Tianjin",
        "Xinjiang",
    ] {
        assert!(!differs(province), "{province} agrees in all its fuels");
    }
}

#[test]
fn units_that_are_blank_or_misprinted_are_refused_until_they_are_declared() {
    let Some(data) = data() else { return };
    let faults = prepare_balance::read(&data.balance, 2007, &[]).unwrap_err();
    let named: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(named.len(), 4, "{named:#?}");
    assert!(named[0].contains("Hainan, 天然气: no unit in 12 cells"), "{named:#?}");
    assert!(named[1].contains("Sichuan, 天然气: no unit in 18 cells"), "{named:#?}");
    assert!(named[2].contains("Sichuan, 焦炉煤气: unit `万吨` in 4 cells"), "{named:#?}");
    assert!(named[3].contains("Sichuan, 其他煤气: unit `万吨` in 5 cells"), "{named:#?}");
    // Every declared reading is needed, and together they are enough.
    assert_eq!(readings().len(), 4);
    assert_eq!(balance(&data).cells.len(), 8754);
}

#[test]
fn every_reported_cell_is_in_a_table_or_named_as_left_out() {
    let Some(data) = data() else { return };
    let balance = balance(&data);
    let tables = prepare_balance::tables(&balance);
    let rows: Vec<usize> = tables.iter().map(|table| table.text.lines().count() - 1).collect();
    assert_eq!(rows, [5325, 941, 302, 546, 249]);
    let left_out = prepare_balance::left_out(&balance).text;
    assert!(left_out.contains("煤合计,708,,") && left_out.contains("油品合计,683,,"));
    // Mass without the two sub-totals, the gases, and what is kept for other documents.
    assert_eq!(rows.iter().sum::<usize>() + 708 + 683, balance.cells.len());
}

#[test]
fn the_official_table_does_not_add_up_in_these_places() {
    let Some(data) = data() else { return };
    let balance = balance(&data);
    let findings = balance_identities::examine(&balance);
    assert_eq!(findings.broken("supply"), (377, 569));
    assert_eq!(findings.broken("transformation"), (4, 593));
    assert_eq!(findings.broken("final"), (4, 624));
    assert_eq!(findings.broken("residential"), (1, 318));
    assert_eq!(findings.broken("difference"), (7, 645));
    let zhejiang = findings
        .gaps
        .iter()
        .find(|gap| {
            (gap.identity, gap.carrier, &*gap.province) == ("difference", "煤合计", "Zhejiang")
        })
        .expect("the supply of Zhejiang's coal lost a digit: 1024.12 for 13024.12");
    assert!((zhejiang.computed - -12000.0).abs() < 0.01, "{zhejiang:?}");
    let raw_coal: Vec<(String, i64)> = balance_identities::large_differences(&balance, 0.2)
        .into_iter()
        .filter(|entry| entry.carrier == "原煤")
        .map(|entry| {
            let percent = 100.0 * entry.difference / entry.consumption;
            (entry.province, percent.round() as i64)
        })
        .collect();
    let named: Vec<(&str, i64)> = raw_coal.iter().map(|(name, share)| (&**name, *share)).collect();
    assert_eq!(named, [("Henan", -22), ("Shaanxi", 25), ("Shanxi", -52)]);
}

#[test]
fn one_formula_and_one_factor_per_fuel_rebuild_304_of_344_published_figures() {
    let Some(data) = data() else { return };
    let published = Published::read(&data.inventory).unwrap();
    assert_eq!(published.broken_totals, [], "the sectors add up to the printed totals");
    let comparison = compare_ceads::compare(&worked_out(&balance(&data)), &published);
    assert_agreement(&comparison);
}

#[test]
fn the_document_rebuilds_the_same_304_figures_and_says_what_is_not_estimated() {
    let Some(data) = data() else { return };
    let balance = balance(&data);
    let outcome = run_document(&balance);
    let mut ours = Emissions::new();
    emissions(result(&outcome, "co2_by_fuel"), &mut ours);
    emissions(result(&outcome, "co2_by_gas"), &mut ours);
    let published = Published::read(&data.inventory).unwrap();
    assert_agreement(&compare_ceads::compare(&ours, &published));
    for (key, expected) in worked_out(&balance) {
        let found = ours.get(&key).copied().unwrap_or(0.0);
        assert!((found - expected).abs() < 1e-9, "{key:?}: {found} Mt, {expected} Mt");
    }
    let not_estimated = |province: &str, fuel: &str| {
        let table = result(&outcome, "co2_by_fuel");
        (0..table.figures.len()).any(|row| {
            *table.keys[0][row] == *province
                && *table.keys[2][row] == *fuel
                && matches!(table.figures[row], Figure::Noted(..))
        })
    };
    assert!(not_estimated("Shanxi", "raw_coal"), "raw coal has no factor here");
    assert!(
        outcome.notations.iter().any(|(output, input, ..)| output == "co2" && input == "ef_mass"),
        "the total says that coal is not in it"
    );
}

#[test]
fn the_catalogue_has_a_factor_for_every_compared_fuel() {
    let tables: String = factor_tables().into_iter().map(|table| table.text).collect();
    for (_, code) in COMPARED {
        assert!(tables.lines().any(|line| {
            line.strip_prefix(&format!("{code},")).is_some_and(|value| value != "NE")
        }));
    }
    let unestimated: Vec<&str> =
        tables.lines().filter_map(|line| line.strip_suffix(",NE")).collect();
    assert_eq!(
        unestimated,
        ["raw_coal", "cleaned_coal", "other_washed_coal", "briquette", "other_oil_products"]
    );
    assert_eq!(CARRIERS.iter().filter(|carrier| carrier.left_out.is_none()).count(), 17);
}
