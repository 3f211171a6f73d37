//! The comparison on a few made-up cells.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use crate::prepare_balance::Family;

const PUBLISHED: &str = "province,sector,fuel,MtCO2\n\
    甲,Total Consumption,Coke,10\n甲,Construction,Coke,4\n甲,Urban,Coke,6\n\
    甲,Urban,Raw Coal,99\n甲,Urban,Crude Oil,0.5\n甲,Urban,LPG,1\n甲,Urban,Kerosene,2\n";

fn ours(rows: &[(&str, f64)]) -> Emissions {
    rows.iter().map(|(fuel, mt)| (("甲".to_owned(), (*fuel).to_owned()), *mt)).collect()
}

#[test]
fn cells_that_differ_are_listed_with_their_kind() {
    let published = Published::read(PUBLISHED).unwrap();
    assert_eq!(published.broken_totals, []);
    let ours =
        ours(&[("coke", 10.009), ("lpg", -0.1), ("kerosene", 1.9), ("diesel", 0.0), ("x", 1.0)]);
    let comparison = compare(&ours, &published);
    assert_eq!((comparison.cells, comparison.agreeing), (4, 1));
    let kinds: Vec<(&str, Reason)> =
        comparison.differences.iter().map(|cell| (cell.fuel.as_str(), cell.reason)).collect();
    assert_eq!(
        kinds,
        [
            ("crude_oil", Reason::NothingReported),
            ("kerosene", Reason::ActivityDiffers),
            ("lpg", Reason::NegativeActivity)
        ]
    );
    let text = table(&comparison).text;
    assert!(text.contains("甲,kerosene,1.90000,2.00000,-0.10000,活动水平"), "{text}");
}

#[test]
fn sectors_that_do_not_add_up_to_the_published_total_are_named() {
    let text = PUBLISHED.replace("Construction,Coke,4", "Construction,Coke,3");
    let published = Published::read(&text).unwrap();
    assert_eq!(published.broken_totals, [("甲".to_owned(), "coke".to_owned(), 9.0, 10.0)]);
}

#[test]
fn results_are_read_by_their_unit_and_notation_keys_have_no_figure() {
    let mut emissions = Emissions::new();
    let text = "province,year,fuel,co2_by_fuel (万tCO2)\n甲,2007,焦炭,250\n甲,2007,raw_coal,NE\n";
    read_results(text, "fuel", &mut emissions).unwrap();
    assert_eq!(emissions, ours(&[("coke", 2.5)]));
    let unknown = "province,year,fuel,co2 (万tCO2)\n甲,2007,peat,1\n";
    let faults = read_results(unknown, "fuel", &mut emissions).unwrap_err();
    assert_eq!(faults[0].to_string(), "line 2: unknown fuel `peat`");
    let unitless = "province,year,fuel,co2\n甲,2007,coke,1\n";
    assert!(read_results(unitless, "fuel", &mut emissions).is_err());
}

#[test]
fn every_fuel_without_a_factor_is_marked_not_estimated() {
    let text =
        factor_table("fuel,value\nnatural_gas,21.6073\n", Family::Volume, "gas,ef_gas (tCO2/万m3)");
    assert_eq!(
        text.unwrap(),
        "gas,ef_gas (tCO2/万m3)\ncoke_oven_gas,NE\nother_gas,NE\nnatural_gas,21.6073\n"
    );
}
