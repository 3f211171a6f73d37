//! Where a unit ends, what is refused, and units of one's own.

use super::{table, unit};
use crate::{Unit, UnitError};

fn start(text: &str, loose: bool) -> Result<(Unit, usize), UnitError> {
    table().parse_start(text, loose)
}

#[track_caller]
fn taken(text: &str, loose: bool) -> &str {
    let (_, bytes) = start(text, loose).unwrap();
    &text[..bytes]
}

#[test]
fn literals_end_at_a_blank() {
    for (text, unit) in [
        ("kg/t + 3", "kg/t"),
        ("kg / t", "kg"),
        ("kg/ t", "kg"),
        ("kg/(t * h) * x", "kg/(t * h)"),
        ("kWh*2", ""),
        ("MWh, home = x", "MWh"),
        ("%", "%"),
        ("% * x", "%"),
        ("km{passenger}*x", ""),
        ("tCO2/t{clinker})", "tCO2/t{clinker}"),
        ("m^2/3", "m^2/3"),
        ("万tce\n", "万tce"),
        ("人·公里 ", "人·公里"),
        ("吨·公里/车 ", ""),
        ("m²/s", "m²/s"),
        ("°C ", "°C"),
        ("CNY@2015]", "CNY@2015"),
        ("t/1{TEU} ", "t/1{TEU}"),
        ("t ^ 2", "t"),
        ("t）", "t"),
    ] {
        if unit.is_empty() {
            assert!(start(text, false).is_err(), "{text}");
        } else {
            assert_eq!(taken(text, false), unit, "{text}");
        }
    }
}

#[test]
fn loose_units_leave_the_rest_of_the_declaration() {
    for (text, unit) in [
        ("tce \"化石\" >= 0", "tce"),
        ("kgCO2 / kWh = 3", "kgCO2 / kWh"),
        ("10^4 CNY default 0", "10^4 CNY"),
        ("1 default 0", "1"),
        ("1 source \"x\"", "1"),
        ("1 = x", "1"),
        ("1{TEU} = x", "1{TEU}"),
        ("% = 1 - x", "%"),
        ("t notation", "t"),
        ("GJ · m = 3", "GJ · m"),
        ("kWh * = 3", "kWh"),
        ("kg / unknown = 3", "kg"),
        ("44/12 tCO2/tC = x", "44/12 tCO2/tC"),
        ("CNY@2015 from", "CNY@2015"),
        ("0.5 t -- remark", "0.5 t"),
    ] {
        assert_eq!(taken(text, true), unit, "{text}");
    }
    assert!(matches!(start("kg/kwh = 3", true), Err(UnitError::Unknown { at: 3, .. })));
}

#[test]
fn errors_say_where() {
    let at = |text: &str| table().parse(text).unwrap_err().at();
    assert_eq!(at(""), Some(0));
    assert_eq!(at("kWh kWh"), Some(4));
    assert_eq!(at("kg/"), Some(3));
    assert_eq!(at("kg/2"), Some(3));
    assert_eq!(at("kg/xyz"), Some(3));
    assert_eq!(at("万元／xyz"), Some("万元／".len()));
    assert_eq!(at("t{"), Some(1));
    assert_eq!(at("t{}"), Some(1));
    assert_eq!(at("(t"), Some(2));
    assert_eq!(at("t^x"), Some(2));
    assert_eq!(at("t@2015"), Some(1));
    assert_eq!(at("CNY@15"), Some(4));
    assert_eq!(at("m3@warm"), Some(3));
    assert_eq!(at("0 t"), Some(0));
    assert_eq!(at("%{x}"), Some(1));
    assert_eq!(at("t {x}"), Some(2));
    for text in ["CNY@2015@2016", "Nm3@20C", "m2@20C", "1/0 t", "t^1/0", "t^1.5", "mt", "tXe"] {
        assert!(table().parse(text).is_err(), "{text}");
    }
}

#[test]
fn absurd_texts_are_out_of_range() {
    let nested = |depth: usize| format!("{}t{}", "(".repeat(depth), ")".repeat(depth));
    for text in [
        "10^999999999".to_owned(),
        "10^99999999999999999999 t".to_owned(),
        "1e999999999 t".to_owned(),
        "t^999999999".to_owned(),
        "((t^999)^999)^999".to_owned(),
        "1/1e-600000 t".to_owned(),
        nested(33),
        "t*".repeat(10_000),
        "9".repeat(5_000),
        format!("{}t", "亿".repeat(500)),
    ] {
        let refused = table().parse(&text);
        assert!(
            matches!(refused, Err(UnitError::OutOfRange | UnitError::Unknown { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(table().parse(&nested(32)), Ok(unit("t")));
    assert_eq!(table().parse("kWh^50/kWh^50"), Ok(Unit::one()));
}

#[test]
fn units_of_ones_own() {
    let mut own = table();
    own.define("标箱", "1{TEU}").unwrap();
    own.define("短吨", "907.18474 kg").unwrap();
    own.define("吨煤", "t{coal}").unwrap();
    assert_eq!(own.parse("标箱"), own.parse("1{TEU}"));
    assert_eq!(own.parse("万标箱").unwrap().to_string(), "万标箱");
    assert_eq!(own.parse("短吨CO2"), own.parse("907.18474 kgCO2"));
    assert_eq!(
        own.parse("tCO2/吨煤").unwrap().times(&own.parse("吨煤").unwrap()).unwrap(),
        unit("tCO2")
    );
    for name in ["标箱", "kWh", "万吨", "tCO2", "Mtce"] {
        let defined = own.define(name, "1{x}");
        assert_eq!(defined, Err(UnitError::AlreadyDefined(name.to_owned())));
    }
    assert_eq!(own.define("圈", "3 圈"), Err(UnitError::AlreadyDefined("圈".to_owned())));
    assert!(matches!(own.define("2x", "t"), Err(UnitError::Syntax { .. })));
    assert!(matches!(own.define("", "t"), Err(UnitError::Syntax { .. })));
    assert!(matches!(own.define("x", "nonsense"), Err(UnitError::Unknown { .. })));
    assert!(table().parse("标箱").is_err());
}

#[test]
fn annotations_are_read_and_renamed() {
    let names = |text: &str| {
        let pairs = unit(text).annotations();
        pairs.into_iter().map(|(name, exponent)| format!("{name}^{exponent}")).collect::<Vec<_>>()
    };
    assert_eq!(names("tCO2/t{clinker}"), ["CO2^1", "clinker^-1"]);
    assert_eq!(names("pkm^2"), ["passenger^2"]);
    let renamed = |text: &str, from: &str, to: &str| unit(text).with_annotation(from, to);
    assert_eq!(renamed("tCH4/t", "CH4", "CO2e").to_string(), "tCO2e/t");
    assert_eq!(renamed("t{CH4}/t{coal}", "CH4", "CO2e").to_string(), "t{CO2e}/t{coal}");
    assert_eq!(renamed("万吨甲烷", "CH4", "CO2e").to_string(), "万吨CO2e");
    assert_eq!(renamed("t{HFC-134a}", "HFC-134a", "CO2e").to_string(), "t{CO2e}");
    assert_eq!(renamed("tCH4", "CH4", "my gas").to_string(), "t{my gas}");
    assert_eq!(renamed("tCH4{fugitive}^2", "CH4", "CO2e"), unit("(tCO2e{fugitive})^2"));
    assert_eq!(renamed("pkm", "passenger", "vehicle"), unit("vkm"));
    assert_eq!(renamed("万pkm/h", "passenger", "vehicle"), unit("10^4 vkm/h"));
    assert_eq!(renamed("t", "CH4", "CO2e"), unit("t"));
}

#[test]
fn conversions_round_once() {
    let convert = |value: f64, from: &str, to: &str| {
        unit(from).conversion_to(&unit(to)).unwrap().apply(value)
    };
    assert_eq!(convert(5.0, "%", "1"), 0.05);
    assert_eq!(convert(0.07, "1", "%"), 7.000000000000001);
    assert_eq!(convert(0.3, "kWh", "Wh"), 300.0);
    assert_eq!(convert(1.0, "tce", "kWh"), 8141.0);
    assert_eq!(convert(1.0, "tce", "GJ"), 29.3076);
    assert_eq!(convert(7000.0, "kcal", "kgce"), 1.0);
    assert_eq!(convert(1.0, "a", "h"), 8760.0);
    assert_eq!(convert(15.0, "亩", "ha"), 1.0);
    assert_eq!(convert(2.5, "万元", "CNY"), 25000.0);
    assert_eq!(convert(0.5703, "kgCO2/kWh", "tCO2/MWh"), 0.5703);
    assert!(unit("kgCO2/kWh").conversion_to(&unit("tCO2/MWh")).unwrap().is_identity());
    assert!(unit("t").conversion_to(&unit("tce")).is_none());
    let to_joule = unit("tce").conversion_to(&unit("J")).unwrap();
    assert_eq!(to_joule.exact(), (&29_307_600_000_i64.into(), &1.into()));
    assert_eq!(to_joule.parts(), (29_307_600_000.0, 1.0, 0.0));
    let kilowatt_hours = unit("kWh^1/2").conversion_to(&unit("Wh^1/2")).unwrap();
    assert_eq!(kilowatt_hours.apply(1.0), 1000_f64.sqrt());
}
