//! Laws that hold for every unit.

use super::{table, unit};
use crate::conversion::nearest_double;
use crate::{Dimension, Exact, Unit};
use num_bigint::BigInt;
use num_rational::Rational64;
use num_traits::Signed;
use proptest::prelude::*;

const ATOMS: [&str; 34] = [
    "kWh",
    "tce",
    "kgce",
    "tCO2",
    "kgCO2",
    "tCO2e",
    "kgCH4",
    "t{clinker}",
    "t{lime}",
    "GJ{heat}",
    "km",
    "tkm",
    "pkm",
    "m3",
    "Nm3",
    "m3@20C",
    "CNY",
    "CNY@2015",
    "万元",
    "亿元@2015",
    "万tce",
    "百亿千焦",
    "人·公里",
    "ha",
    "亩",
    "a",
    "h",
    "%",
    "‰",
    "1{TEU}",
    "mol",
    "K",
    "万吨CO2",
    "t{HFC-134a}",
];

fn any_power() -> impl Strategy<Value = Unit> {
    let exponent = prop_oneof![
        4 => Just(Rational64::from_integer(1)),
        4 => Just(Rational64::from_integer(-1)),
        2 => (-3_i64..=3).prop_map(Rational64::from_integer),
        1 => (-3_i64..=3, 2_i64..=4).prop_map(|(above, below)| Rational64::new(above, below)),
    ];
    (prop::sample::select(ATOMS.to_vec()), exponent)
        .prop_map(|(atom, exponent)| unit(atom).power(exponent).unwrap())
}

fn any_unit() -> impl Strategy<Value = Unit> {
    let factor = prop::sample::select(vec!["1", "10^4", "0.5", "1000", "44/12", "1/3", "3"]);
    (factor, prop::collection::vec(any_power(), 0..5)).prop_map(|(factor, powers)| {
        powers.iter().fold(unit(factor), |product, power| product.times(power).unwrap())
    })
}

/// Whether an exponent of a unit's text is a fraction: `kWh^5/6`, but not `m^2/s`.
fn has_root(text: &str) -> bool {
    text.split('^').skip(1).any(|exponent| {
        let above = exponent.trim_start_matches(['(', '-']).trim_start_matches(char::is_numeric);
        above.strip_prefix('/').is_some_and(|below| below.starts_with(char::is_numeric))
    })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(unit in any_unit()) {
        let text = unit.to_string();
        let read = table().parse(&text);
        prop_assert_eq!(read.as_ref(), Ok(&unit), "{}", text);
        // A pure number beside a pure unit (`1000 ‰`) is read as one number; then the text stands.
        let settled = read.unwrap().to_string();
        prop_assert_eq!(table().parse(&settled).unwrap().to_string(), settled);
    }

    #[test]
    fn what_is_printed_is_one_declared_unit(unit in any_unit()) {
        let text = format!("{unit} = 3");
        let (read, taken) = table().parse_start(&text, true).unwrap();
        prop_assert_eq!(read, unit);
        prop_assert_eq!(&text[taken..], " = 3");
    }

    #[test]
    fn dimensions_form_an_abelian_group(a in any_unit(), b in any_unit(), c in any_unit()) {
        let (a, b, c) = (a.dimension(), b.dimension(), c.dimension());
        let product = |x: &Dimension, y: &Dimension| x.times(y).unwrap();
        prop_assert_eq!(product(a, b), product(b, a));
        prop_assert_eq!(product(&product(a, b), c), product(a, &product(b, c)));
        prop_assert_eq!(&product(a, &Dimension::number()), a);
        prop_assert!(product(a, &a.inverse()).is_number());
        prop_assert_eq!(a.power(2.into()).unwrap(), product(a, a));
    }

    #[test]
    fn products_follow_scale_and_dimension(a in any_unit(), b in any_unit()) {
        let product = a.times(&b).unwrap();
        prop_assert_eq!(product.dimension(), &a.dimension().times(b.dimension()).unwrap());
        prop_assert_eq!(&product, &b.times(&a).unwrap());
        let back = product.per(&b).unwrap();
        prop_assert_eq!(back.dimension(), a.dimension());
        // Roots are held to 96 bits; 1/2 and 1/3 of one atom make 5/6.
        let whole = |unit: &Unit| !has_root(&unit.to_string());
        if whole(&a) && whole(&b) {
            prop_assert_eq!(product.scale(), &(a.scale() * b.scale()));
            prop_assert_eq!(&back, &a);
        }
        prop_assert_eq!(a.per(&a).unwrap(), Unit::one());
        prop_assert_eq!(a.power(2.into()).unwrap(), a.times(&a).unwrap());
    }

    #[test]
    fn conversions_go_there_and_back(value in -1e12_f64..1e12, pair in prop::sample::select(vec![
        ("kWh", "tce"), ("GJ", "kcal"), ("t", "kg"), ("%", "1"), ("a", "s"), ("亩", "km2"),
        ("万元", "亿元"), ("kgCO2/kWh", "tCO2/tce"), ("°C", "K"), ("‰", "%"), ("百亿千焦", "万tce"),
    ])) {
        let (from, to) = (unit(pair.0), unit(pair.1));
        let there = from.conversion_to(&to).unwrap();
        let back = to.conversion_to(&from).unwrap();
        let error = (back.apply(there.apply(value)) - value).abs();
        prop_assert!(error <= value.abs().max(300.0) * 1e-15);
        let ((n, d), (m, e)) = (there.exact(), back.exact());
        prop_assert_eq!((n, d), (e, m));
    }

    #[test]
    fn the_nearest_double_is_found(above in 1_u128.., below in 1_u128.., power in 0_u32..60) {
        let exact = Exact::new(BigInt::from(above) << power, BigInt::from(below));
        let double = nearest_double(&exact);
        let distance = |double: f64| (Exact::from_float(double).unwrap() - &exact).abs();
        prop_assert!(distance(double) <= distance(double.next_up()));
        prop_assert!(distance(double) <= distance(double.next_down()));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = table().parse(&text);
        let _ = table().parse_start(&text, true);
        let _ = table().parse_start(&text, false);
    }

    #[test]
    fn no_unit_like_text_panics(pieces in prop::collection::vec(prop::sample::select(vec![
        "kWh", "t", "CO2", "{", "}", "(", ")", "/", "*", "·", "^", "-", "1", "10", "2", ".", "e", "@",
        "2015", "20C", "万", "亿", "人", "公里", " ", "%", "°C", "²", "⁻", "m", "３", "Ｗ", "（", "\n", "999999999",
    ]), 0..24)) {
        let text = pieces.concat();
        let whole = table().parse(&text).map(|unit| (unit, text.len()));
        let starts = [true, false].map(|loose| table().parse_start(&text, loose));
        for (unit, taken) in starts.into_iter().chain([whole]).flatten() {
            prop_assert!(text.is_char_boundary(taken));
            prop_assert_eq!(table().parse(&unit.to_string()), Ok(unit));
        }
    }
}

#[test]
fn long_texts_are_read_in_bounded_time() {
    for piece in
        ["(", "1*", "t/", "万", "{", "t{x}", "^-", "9", "人·", "·", "é\u{301}", "\u{301}", "１"]
    {
        let text = piece.repeat(200_000);
        let _ = table().parse(&text);
        let _ = table().parse_start(&text, true);
        let _ = table().parse_start(&text, false);
    }
}
