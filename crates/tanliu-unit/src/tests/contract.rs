//! Every unit that the contract names, and what it says of them.

use super::{exact, table, unit};
use crate::names::DEFINED;
use crate::{Unit, UnitError};

/// Texts with what they print as.
const PRINTED: [(&str, &str); 60] = [
    ("kgCO2/kWh", "kgCO2/kWh"),
    ("tCO2/t{clinker}", "tCO2/t{clinker}"),
    ("10^4 CNY", "10^4 CNY"),
    ("万tce", "万tce"),
    ("万吨标准煤", "万吨标准煤"),
    ("1", "1"),
    ("%", "%"),
    ("‰", "‰"),
    ("tce", "tce"),
    ("kgce", "kgce"),
    ("tC", "tC"),
    ("kWh", "kWh"),
    ("MWh", "MWh"),
    ("GJ", "GJ"),
    ("m3", "m3"),
    ("Nm3", "Nm3"),
    ("ha", "ha"),
    ("亩", "亩"),
    ("km", "km"),
    ("tkm", "tkm"),
    ("pkm", "pkm"),
    ("CNY", "CNY"),
    ("USD", "USD"),
    ("kcal", "kcal"),
    ("d", "d"),
    ("h", "h"),
    ("a", "a"),
    ("吨", "吨"),
    ("元", "元"),
    ("千瓦时", "千瓦时"),
    ("公顷", "公顷"),
    ("人·公里", "人·公里"),
    ("万Nm3", "万Nm3"),
    ("百亿千焦", "百亿千焦"),
    ("万吨CO2", "万吨CO2"),
    ("亿元@2015", "亿元@2015"),
    ("GJ{heat}", "GJ{heat}"),
    ("km{passenger}", "km{passenger}"),
    ("m3@20C", "m3@20C"),
    ("CNY@2020", "CNY@2020"),
    ("kgCH4", "kgCH4"),
    ("tSF6", "tSF6"),
    ("tCO2e", "tCO2e"),
    ("t{HFC-134a}", "t{HFC-134a}"),
    ("44/12 tCO2/tC", "11/3 tCO2/tC"),
    ("tCO2e/tCH4", "tCO2e/tCH4"),
    ("kg/(t*h)", "kg/(t*h)"),
    ("kg/t/h", "kg/(t*h)"),
    ("kg·m/s^2", "kg*m/s^2"),
    ("1/h", "1/h"),
    ("h^-1", "1/h"),
    ("kWh^1/2", "kWh^1/2"),
    ("1{TEU}", "1{TEU}"),
    ("10^4 1{TEU}", "10^4 1{TEU}"),
    ("0.5 t", "0.5 t"),
    ("1000 t", "1000 t"),
    ("t{ a   b }", "t{a b}"),
    ("m^2/1{TEU}", "m^2/1{TEU}"),
    ("kWh*kgCO2/kWh", "kgCO2"),
    ("°C", "°C"),
];

#[test]
fn printed() {
    for (text, printed) in PRINTED {
        let parsed = unit(text);
        assert_eq!(parsed.to_string(), printed, "{text}");
        assert_eq!(unit(printed), parsed, "{text}");
    }
}

/// Texts that mean the same.
const EQUAL: [(&str, &str); 101] = [
    ("tCO2", "t{CO2}"),
    ("tHFC134a", "t{HFC-134a}"),
    ("吨二氧化碳当量", "tCO2e"),
    ("万吨二氧化碳", "10^4 tCO2"),
    ("tCO₂", "tCO2"),
    ("kgce", "7000 kcal"),
    ("kgce", "29.3076 MJ"),
    ("tce", "29.3076 GJ"),
    ("tce", "8141 kWh"),
    ("Mtce", "10^6 tce"),
    ("吨标煤", "tce"),
    ("公斤标准煤", "kgce"),
    ("克标准煤", "gce"),
    ("kcal", "4.1868 kJ"),
    ("大卡", "千卡"),
    ("a", "8760 h"),
    ("a", "365 d"),
    ("年", "a"),
    ("日", "24 小时"),
    ("亩", "10000/15 m2"),
    ("15 亩", "公顷"),
    ("km2", "100 ha"),
    ("平方公里", "km^2"),
    ("m²", "m2"),
    ("m^2", "m2"),
    ("m³", "m3"),
    ("㎡", "m2"),
    ("㎥", "m^3"),
    ("㎏", "kg"),
    ("℃", "°C"),
    ("kW·h", "kWh"),
    ("千瓦·时", "kWh"),
    ("度", "kWh"),
    ("兆瓦时", "MWh"),
    ("亿千瓦时", "10^8 kWh"),
    ("百万千瓦", "GW"),
    ("百亿千焦", "10^13 J"),
    ("吉焦", "GJ"),
    ("万吨", "10^7 kg"),
    ("万Nm3", "10^4 m3@0C"),
    ("Nm³", "Nm3"),
    ("标准立方米", "Nm3"),
    ("标立方米", "m3@0C"),
    ("标方", "m3@0.0C"),
    ("m3@20°C", "m3@20C"),
    ("m3@20℃", "m3@20C"),
    ("元", "CNY"),
    ("亿元@2015", "10^8 CNY@2015"),
    ("十亿元", "10^9 CNY"),
    ("万元", "10^4 元"),
    ("tkm", "t*km"),
    ("吨公里", "tkm"),
    ("吨·公里", "tkm"),
    ("pkm", "km{passenger}"),
    ("人公里", "pkm"),
    ("人·公里", "pkm"),
    ("万人·公里", "10^4 pkm"),
    ("人千米", "pkm"),
    ("vkm", "km{vehicle}"),
    ("车公里", "vkm"),
    ("人", "1{person}"),
    ("万人", "10^4 1{person}"),
    ("万亩", "10^4 亩"),
    ("亿立方米", "10^8 m3"),
    ("L", "dm3"),
    ("升", "L"),
    ("mL", "cm3"),
    ("公斤", "kg"),
    ("千克", "kg"),
    ("毫克", "mg"),
    ("kt", "1000 t"),
    ("Mt", "10^6 t"),
    ("Gg", "kt"),
    ("GgCO2", "ktCO2"),
    ("MtCO2e", "10^6 tCO2e"),
    ("kVA", "kW"),
    ("bar", "100 kPa"),
    ("Hz", "1/s"),
    ("lx", "cd/m2"),
    ("ｋＷｈ", "kWh"),
    ("kgCO2／kWh", "kgCO2/kWh"),
    ("％", "%"),
    ("%", "1/100"),
    ("‰", "0.001"),
    ("kg/kg", "1"),
    ("t / (ha * a)", "t/ha/a"),
    ("s⁻¹", "Hz"),
    ("m^(1/2)", "m^1/2"),
    ("(10^4 m2)^1/2", "100 m"),
    ("GJ*GJ^-1", "1"),
    ("1e4 CNY", "万元"),
    ("美元", "USD"),
    ("tCO2当量", "tCO2e"),
    ("t{CO2eq}", "tCO2e"),
    ("吨CO2", "tCO2"),
    ("Nm3/d", "标方/天"),
    ("kJ/mol", "千焦/摩尔"),
    ("µg", "微克"),
    ("ug/m³", "μg/m3"),
    ("吨二氧化碳／万元", "tCO2/(10^4 CNY)"),
    ("kgCO₂e／（t·km）", "kgCO2e/tkm"),
];

#[test]
fn equal() {
    for (left, right) in EQUAL {
        assert_eq!(unit(left), unit(right), "{left} = {right}");
        assert_eq!(unit(&unit(left).to_string()), unit(left), "{left} prints");
    }
}

/// Texts that must not be taken for each other.
const DIFFERENT: [(&str, &str); 22] = [
    ("t{clinker}", "t{lime}"),
    ("t{clinker}", "t"),
    ("GJ{heat}", "GJ{electricity}"),
    ("km{passenger}", "km{vehicle}"),
    ("pkm", "km"),
    ("m3", "Nm3"),
    ("m3@20C", "Nm3"),
    ("m3@20C", "m3"),
    ("CNY", "CNY@2015"),
    ("CNY@2015", "CNY@2020"),
    ("CNY", "USD"),
    ("tCO2", "tCO2e"),
    ("tCO2", "tC"),
    ("tCO2", "tCH4"),
    ("tCO2", "t"),
    ("tce", "t"),
    ("°C", "K"),
    ("MW", "MWh"),
    ("MW/h", "MWh"),
    ("人", "1"),
    ("%", "‰"),
    ("tCO2/t", "1"),
];

#[test]
fn different() {
    for (left, right) in DIFFERENT {
        assert_ne!(unit(left), unit(right), "{left} ≠ {right}");
    }
}

#[test]
fn every_defined_name_is_in_the_table() {
    for (name, definition, _) in DEFINED {
        assert_eq!(unit(name), unit(definition), "{name} = {definition}");
        assert_eq!(unit(name).to_string(), name);
    }
}

#[test]
fn products_cancel_what_is_written() {
    let product = |left: &str, right: &str| unit(left).times(&unit(right)).unwrap().to_string();
    assert_eq!(product("kWh", "kgCO2/kWh"), "kgCO2");
    assert_eq!(product("tCO2/t{clinker}", "t{clinker}"), "tCO2");
    assert_eq!(product("t{lime}", "t/t{lime}"), "t");
    assert_eq!(product("万tce", "tCO2/tce"), "10^4 tCO2");
    assert_eq!(product("度", "kgCO2/kWh"), "kgCO2");
    assert_eq!(product("万kWh", "kgCO2/MWh"), "万kWh*kgCO2/MWh");
    assert_eq!(product("10^4 CNY", "t/CNY"), "10^4 t");
    assert_eq!(unit("t").per(&unit("t")).unwrap(), Unit::one());
    assert_eq!(unit("t").per(&unit("kg")).unwrap().to_string(), "t/kg");
    assert_eq!(unit("m2").power(num_rational::Rational64::new(1, 2)).unwrap(), unit("m"));
    assert_eq!(*unit("5 %").scale(), exact(1, 20));
}

#[test]
fn celsius_stands_alone() {
    let celsius = unit("°C");
    assert_eq!(celsius.times(&unit("kg")), Err(UnitError::CelsiusInProduct));
    assert_eq!(unit("kg").per(&celsius), Err(UnitError::CelsiusInProduct));
    for text in ["kJ/°C", "°C*m", "10 °C", "°C^2", "°C{air}", "1/℃"] {
        assert_eq!(table().parse(text), Err(UnitError::CelsiusInProduct), "{text}");
    }
    assert!(table().parse("k°C").is_err());
    let to_kelvin = celsius.conversion_to(&unit("K")).unwrap();
    assert_eq!(to_kelvin.apply(20.0), 293.15);
    assert_eq!(unit("K").conversion_to(&celsius).unwrap().apply(273.15), 0.0);
    assert!(celsius.conversion_to(&celsius).unwrap().is_identity());
}
