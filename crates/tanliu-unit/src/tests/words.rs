//! Dimensions in words, mismatches, near names.

use super::{table, unit};
use crate::{UnitError, describe_mismatch};

#[test]
fn dimensions_in_words() {
    let words = [
        ("kWh", "energy", "能量"),
        ("MW", "power", "功率"),
        ("t", "mass", "质量"),
        ("%", "number", "数"),
        ("GJ/t", "energy/mass", "能量/质量"),
        ("kgCO2/kWh", "mass{CO2}/energy", "质量{CO2}/能量"),
        ("tCO2/t{clinker}", "{CO2}/{clinker}", "{CO2}/{clinker}"),
        ("tkm", "mass*length", "质量*长度"),
        ("pkm", "length{passenger}", "长度{passenger}"),
        ("Nm3", "volume@0C", "体积@0C"),
        ("GJ/Nm3", "energy/volume@0C", "能量/体积@0C"),
        ("tCO2/万元", "mass{CO2}/CNY", "质量{CO2}/CNY"),
        ("t/ha", "mass/area", "质量/面积"),
        ("t/(ha*a)", "mass/(area*time)", "质量/(面积*时间)"),
        ("1/a", "1/time", "1/时间"),
        ("kg/m3", "mass/volume", "质量/体积"),
        ("K", "temperature", "温度"),
        ("人", "{person}", "{person}"),
    ];
    for (text, english, chinese) in words {
        let dimension = unit(text).dimension().clone();
        assert_eq!(dimension.to_string(), english, "{text}");
        assert_eq!(dimension.words_zh(), chinese, "{text}");
    }
}

#[test]
fn mismatches_name_the_mend() {
    let cases = [
        ("tCO2", "tCH4", "co2e("),
        ("tCO2e", "tCH4/t", ""),
        ("tCO2e", "tCO2", "co2e("),
        ("tCO2", "tC", "44/12 tCO2/tC"),
        ("kgN2O", "kgN", "44/28 kgN2O/kgN"),
        ("t{clinker}", "t{lime}", "t{clinker}/t{lime}"),
        ("GJ{heat}", "GJ{electricity}", "GJ{heat}/GJ{electricity}"),
        ("pkm", "vkm", "in pkm/vkm"),
        ("1/t{clinker}", "1/t{lime}", "t{clinker}/t{lime}"),
        ("t", "t{lime}", "1 t/t{lime}"),
        ("GJ", "GJ{heat}", "1 GJ/GJ{heat}"),
        ("t{lime}", "t", "1 t{lime}/t"),
        ("Nm3", "m3@20C", "Nm3/m3@20C"),
        ("m3", "Nm3", "stated factor"),
        ("CNY@2015", "CNY", "deflator"),
        ("CNY", "USD", "exchange rate"),
        ("MW", "MWh", "/ 1 h"),
        ("MWh", "MW", "* 1 h"),
        ("t", "tce", "not a mass"),
        ("tce", "t", "heating value"),
        ("GJ", "Nm3", "heating value"),
        ("t", "m3", "density"),
        ("t", "t/a", "multiply by a time"),
        ("tCO2", "MWh", "emission factor, in tCO2/MWh"),
        ("GJ{heat}", "t{coal}", ""),
    ];
    for (expected, found, hint) in cases {
        let mismatch = describe_mismatch(&unit(expected), &unit(found)).unwrap();
        let given = mismatch.hint_en.clone().unwrap_or_default();
        assert!(given.contains(hint), "{expected} ← {found}: {mismatch:?}");
        assert!(!mismatch.zh.is_empty() && !mismatch.en.is_empty());
        assert_eq!(mismatch.hint_zh.is_some(), mismatch.hint_en.is_some());
    }
    assert_eq!(describe_mismatch(&unit("kWh"), &unit("tce")), None);
    let general = describe_mismatch(&unit("ha"), &unit("kgCO2/kWh")).unwrap();
    assert_eq!(general.en, "ha is area, kgCO2/kWh is mass{CO2}/energy");
    assert_eq!(general.zh, "ha 是面积，kgCO2/kWh 是质量{CO2}/能量");
}

#[track_caller]
fn near(text: &str) -> Vec<String> {
    match table().parse(text) {
        Err(UnitError::Unknown { near, .. }) => near,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn unknown_units_offer_near_names() {
    assert_eq!(near("kwh").first().map(String::as_str), Some("kWh"));
    assert_eq!(near("KWH").first().map(String::as_str), Some("kWh"));
    assert_eq!(near("TCO2").first().map(String::as_str), Some("tCO2"));
    assert_eq!(near("tco2e").first().map(String::as_str), Some("tCO2e"));
    assert_eq!(near("NM3").first().map(String::as_str), Some("Nm3"));
    assert_eq!(near("万kwh").first().map(String::as_str), Some("万kWh"));
    assert_eq!(near("mwh").first().map(String::as_str), Some("MWh"));
    assert!(near("千瓦是").contains(&"千瓦时".to_owned()));
    assert!(near("吨标准媒").contains(&"吨标准煤".to_owned()));
    assert!(near("qqqqqqqqq").is_empty());
    assert!(near("mt").contains(&"Mt".to_owned()));
    assert!(unit("MW/h").dimension() != unit("MWh").dimension());
}
