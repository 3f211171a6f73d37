//! GWP tables.

use crate::gwp::{Gwp, GwpSet};

fn value(set: GwpSet, gas: &str) -> Option<f64> {
    set.of(gas).map(|figure: Gwp| figure.value)
}

#[test]
fn figures_of_every_report() {
    let expected = [
        ("CO2", [Some(1.0), Some(1.0), Some(1.0), Some(1.0)]),
        ("CH4", [Some(21.0), Some(25.0), Some(28.0), Some(27.9)]),
        ("N2O", [Some(310.0), Some(298.0), Some(265.0), Some(273.0)]),
        ("SF6", [Some(23900.0), Some(22800.0), Some(23500.0), Some(25200.0)]),
        ("NF3", [None, Some(17200.0), Some(16100.0), Some(17400.0)]),
        ("HFC-23", [Some(11700.0), Some(14800.0), Some(12400.0), Some(14600.0)]),
        ("HFC-32", [Some(650.0), Some(675.0), Some(677.0), Some(771.0)]),
        ("HFC-125", [Some(2800.0), Some(3500.0), Some(3170.0), Some(3740.0)]),
        ("HFC-134a", [Some(1300.0), Some(1430.0), Some(1300.0), Some(1530.0)]),
        ("HFC-143a", [Some(3800.0), Some(4470.0), Some(4800.0), Some(5810.0)]),
        ("HFC-152a", [Some(140.0), Some(124.0), Some(138.0), Some(164.0)]),
        ("HFC-227ea", [Some(2900.0), Some(3220.0), Some(3350.0), Some(3600.0)]),
        ("HFC-236fa", [Some(6300.0), Some(9810.0), Some(8060.0), Some(8690.0)]),
        ("HFC-245fa", [None, Some(1030.0), Some(858.0), Some(962.0)]),
        ("CF4", [Some(6500.0), Some(7390.0), Some(6630.0), Some(7380.0)]),
        ("C2F6", [Some(9200.0), Some(12200.0), Some(11100.0), Some(12400.0)]),
    ];
    for (gas, figures) in expected {
        assert_eq!(GwpSet::ALL.map(|set| value(set, gas)), figures, "{gas}");
    }
}

#[test]
fn spellings_of_one_gas() {
    for set in GwpSet::ALL {
        assert_eq!(set.of("HFC134a"), set.of("HFC-134a"));
        assert_eq!(set.of("PFC-14"), set.of("CF4"));
        assert_eq!(set.of("PFC116"), set.of("C2F6"));
        assert_eq!(set.of("甲烷"), set.of("CH4"));
        assert_eq!(set.of(" 二氧化碳 ").map(|figure| figure.value), Some(1.0));
        assert_eq!(set.of("CO2e"), None);
        assert_eq!(set.of("HFC"), None);
        assert_eq!(set.of(""), None);
        assert_eq!(GwpSet::parse(set.name()), Some(set));
    }
    assert_eq!(GwpSet::parse("AR3"), None);
}

#[test]
fn every_figure_has_source_and_standing() {
    for set in GwpSet::ALL {
        assert!(set.gases().len() > 20, "{}", set.name());
        for gas in set.gases() {
            let figure = set.of(gas).unwrap();
            assert!(figure.value > 0.0, "{gas}");
            assert!(figure.source.starts_with("IPCC"), "{gas}");
            assert!(
                ["verified", "secondary", "memory"].contains(&figure.standing.as_str()),
                "{gas}"
            );
        }
    }
}
