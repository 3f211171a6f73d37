//! Numbers, units, keys.

use super::shape::literal;
use super::{one, read, shape_of, units};
use crate::ast::{Item, LiteralValue};
use crate::parse::{SelectedKey, parse_literal, parse_selector};

#[test]
fn number_and_unit_are_one_literal() {
    for (text, expected) in [
        ("3 kg/t", "3<kg/t>"),
        ("3kg/t", "3<kg/t>"),
        ("3 kg / t", "(/ 3<kg> t)"),
        ("x / 3 kg", "(/ x 3<kg>)"),
        ("2 ^ 3 kg", "(^ 2 3<kg>)"),
        ("44/12 tCO2/tC", "3.6666666666666665<tCO2/tC>"),
        ("x * 44/12 tCO2/tC", "(* x 3.6666666666666665<tCO2/tC>)"),
        ("x / (44/12 tCO2/tC)", "(/ x 3.6666666666666665<tCO2/tC>)"),
        ("10^4 CNY", "10000<CNY>"),
        ("10^23 t", "100000000000000000000000<t>"),
        ("44/12", "(/ 44 12)"),
        ("44/12 * t", "(* (/ 44 12) t)"),
        ("10^4", "(^ 10 4)"),
        ("x^2/3", "(/ (^ x 2) 3)"),
        ("x/10^4", "(/ x (^ 10 4))"),
        ("90%", "90<%>"),
        ("90 %", "90<%>"),
        ("90% * x", "(* 90<%> x)"),
        ("1 - 2%", "(- 1 2<%>)"),
        ("3 h", "3<h>"),
        ("2 a", "2<a>"),
        ("x * 1 t/t{lime}", "(* x 1<t/t{lime}>)"),
        ("1e4 + 1.5e-3 t", "(+ 10000 0.0015<t>)"),
        ("5 in kg", "(in 5 kg)"),
        ("if a > 3 then 1 else 2", "(if (> a 3) 1 2)"),
        ("3 万吨", "3<万吨>"),
        ("25 °C", "25<°C>"),
        ("-5 °C", "-5<°C>"),
        ("-(5 °C)", "(neg 5<°C>)"),
        ("-5 t", "(neg 5<t>)"),
        ("5 - 3", "(- 5 3)"),
        ("5 -3", "(- 5 3)"),
        ("3 t-x", "(- 3<t> x)"),
        ("3 kg/(t km)", "bad"),
        ("3 (kg/t)", "3<kg/t>"),
        ("2019", "2019"),
    ] {
        if expected == "bad" {
            assert!(super::parse_expression("a.md", text, &units()).is_err(), "{text}");
        } else {
            assert_eq!(shape_of(text), expected, "{text}");
        }
    }
}

#[test]
fn keys_and_dates() {
    for (text, expected) in [
        ("2021-07", "@2021-07"),
        ("2021-Q3", "@2021-Q3"),
        ("2021-07-31", "@2021-07-31"),
        ("2024-01-31T13", "@2024-01-31T13"),
        ("2024-01-31T13:15", "@2024-01-31 13:15"),
        ("t >= 2021-07", "(>= t @2021-07)"),
        ("year - 2019", "(- year 2019)"),
        ("year-2019", "(- year 2019)"),
        ("2021 - 7", "(- 2021 7)"),
    ] {
        assert_eq!(shape_of(text), expected, "{text}");
    }
}

#[test]
fn literals_know_their_text_and_whether_they_may_be_keys() {
    let value = |text: &str| parse_literal("a.md", text, &units()).unwrap();
    assert!(matches!(value("2019").value, LiteralValue::Number { integer: Some(2019), .. }));
    assert!(matches!(value("2019.0").value, LiteralValue::Number { integer: None, .. }));
    assert!(matches!(value("3 t").value, LiteralValue::Number { integer: None, .. }));
    assert!(matches!(value("-3").value, LiteralValue::Number { integer: Some(-3), .. }));
    assert_eq!(value("-3  MWh").text, "-3  MWh");
    assert_eq!(literal(&value(" -3  MWh ")), "-3<MWh>");
    assert_eq!(literal(&value("true")), "true");
    for bad in ["", "x", "3 MWh +", "3 3", "- x", "\"a\"", "3 nosuch"] {
        assert!(parse_literal("a.md", bad, &units()).is_err(), "{bad}");
    }
}

#[test]
fn full_width_signs_are_plain_in_units() {
    let declaration = one("input x : kg／t{熟料} default 90％");
    let Item::Input(input) = declaration.item else { panic!() };
    assert_eq!(input.ty.text, "kg／t{熟料}");
    assert_eq!(input.ty.unit.unwrap(), units().parse("kg/t{熟料}").unwrap());
}

#[test]
fn types_stop_where_the_grammar_goes_on() {
    for (text, expected, word) in [
        ("input x : tce \"l\"", "tce", true),
        ("input x : tce default 0", "tce", true),
        ("input x : tce notation", "tce", true),
        ("input x : tce>= 0", "tce", true),
        ("input x : t / ha", "t / ha", false),
        ("input x : t / ha\n  source \"s\"", "t / ha", false),
        ("input x : tce -- note", "tce", true),
        ("input x : 10^4 CNY default 0", "10^4 CNY", false),
        ("input x : grid", "grid", true),
        ("input x : bool", "bool", true),
        ("input x : 1", "1", false),
        ("input x : %", "%", false),
        ("input x : (m)", "(m)", false),
        ("input x : t{clinker} >= 0", "t{clinker}", false),
        ("input x : CNY@2015 ± 5%", "CNY@2015", false),
        ("input x : 人·公里", "人·公里", false),
        ("input x : m3@20C \"v\"", "m3@20C", false),
        ("input x : nosuch/t default 0", "nosuch/t", false),
    ] {
        let Item::Input(input) = one(text).item else { panic!() };
        assert_eq!(input.ty.text, expected, "{text}");
        assert_eq!(input.ty.word.as_deref(), word.then_some(expected), "{text}");
        let unknown = matches!(expected, "grid" | "bool" | "nosuch/t");
        assert_eq!(input.ty.unit.is_err(), unknown, "{text}");
    }
}

#[test]
fn an_unknown_type_keeps_its_diagnostic() {
    let Item::Input(input) = one("input x : kWhh").item else { panic!() };
    let diagnostic = input.ty.unit.unwrap_err();
    assert_eq!(diagnostic.code, "unit-unknown");
    assert!(diagnostic.hint.unwrap().en.contains("kWh"));
}

#[test]
fn units_of_the_contract_are_read() {
    let declared = "input a : 万吨标准煤\ninput b : 亿元@2015\ninput c : kWh/(t·km)\n\
                    input d : t{HFC-134a}\ninput e : tCO2e/tkm\ninput f : °C\ninput g : m^2\n";
    let parsed = read(declared);
    assert!(parsed.diagnostics.is_empty());
    for declaration in parsed.declarations {
        let Item::Input(input) = declaration.item else { panic!() };
        assert!(input.ty.unit.is_ok(), "{:?}", input.ty);
    }
}

#[test]
fn selections_of_the_shell() {
    let selection = parse_selector(
        "--explain",
        "co2[year=2016, plant=P-01, t = 2021-07, 城市=“杭州”]",
        &units(),
    );
    assert!(selection.is_ok());
    let selection = parse_selector(
        "--explain",
        "cm.co2[year=2016, plant=P-01, t = 2021-07, s=\"a,b\", x=甲]",
        &units(),
    )
    .unwrap();
    assert_eq!(selection.name, "cm.co2");
    let keys: Vec<_> = selection.keys.iter().map(|(index, key)| (index.as_str(), key)).collect();
    assert!(matches!(keys[0], ("year", SelectedKey::Literal(value)) if value.text == "2016"));
    assert!(matches!(keys[1], ("plant", SelectedKey::Word(word)) if word == "P-01"));
    assert!(matches!(keys[2], ("t", SelectedKey::Literal(value)) if value.text == "2021-07"));
    assert!(matches!(keys[3], ("s", SelectedKey::Text(text)) if text == "a,b"));
    assert!(matches!(keys[4], ("x", SelectedKey::Word(word)) if word == "甲"));
    assert!(parse_selector("s", "co2", &units()).unwrap().keys.is_empty());
    for bad in ["", "co2[", "co2[2016]", "co2[year=]", "3x", "a b", "co2[year=1]x"] {
        assert!(parse_selector("s", bad, &units()).is_err(), "{bad}");
    }
}
