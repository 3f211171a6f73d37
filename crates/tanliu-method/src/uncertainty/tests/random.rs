//! Random formulas: derivatives against differences of runs, draws against the first order.

use super::{Case, near};
use crate::eval::{Figure, RunOptions, run};
use proptest::prelude::*;

const CENTRES: [(&str, f64); 3] = [("a", 1.7), ("b", 0.6), ("c", 2.3)];

/// Formulas that stay within what can be computed around the centres.
fn formula() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("a".to_owned()),
        Just("b".to_owned()),
        Just("c".to_owned()),
        Just("1.25".to_owned())
    ];
    leaf.prop_recursive(4, 12, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|(x, y)| format!("({x} + {y})")),
            pair.clone().prop_map(|(x, y)| format!("({x} - {y})")),
            pair.clone().prop_map(|(x, y)| format!("({x} * {y})")),
            pair.clone().prop_map(|(x, y)| format!("({x} / (1 + {y} * {y}))")),
            pair.clone().prop_map(|(x, y)| format!("max({x}, {y})")),
            pair.clone().prop_map(|(x, y)| format!("min({x}, {y})")),
            pair.prop_map(|(x, y)| format!("(if {x} > {y} then {x} else 2 * {y})")),
            inner.clone().prop_map(|x| format!("sqrt(1 + {x} * {x})")),
            inner.prop_map(|x| format!("ln(2 + {x} * {x})")),
        ]
    })
}

fn document(formula: &str, moved: &str, by: f64) -> String {
    let mut text = String::new();
    for (name, centre) in CENTRES {
        let centre = if name == moved { centre + by } else { centre };
        text += &format!("param {name} : 1 = {centre} ± 0.01\n");
    }
    text + &format!("output y : 1 = {formula} + 0 * a")
}

fn value(formula: &str, moved: &str, by: f64) -> f64 {
    let case = Case::new(&document(formula, moved, by));
    let outcome = run(&case.program, &case.dataset, &case.catalogue, &RunOptions::default());
    let Figure::Number(number) = outcome.tables[0].figures[0] else { panic!("no number") };
    number
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn derivatives_are_limits_of_differences(formula in formula()) {
        const STEP: f64 = 1e-6;
        let mut squares = 0.0;
        let mut smooth = true;
        for (name, _) in CENTRES {
            let (low, middle, high) =
                (value(&formula, name, -STEP), value(&formula, name, 0.0), value(&formula, name, STEP));
            smooth &= ((high - middle) - (middle - low)).abs() < 1e-9 * (1.0 + middle.abs());
            squares += ((high - low) / (2.0 * STEP)).powi(2);
        }
        prop_assume!(smooth);
        let case = Case::new(&document(&formula, "", 0.0));
        let found = case.first().half("y", "");
        let wanted = 0.01 * squares.sqrt();
        prop_assert!((found - wanted).abs() <= 1e-4 * (wanted + 1e-4), "{found} for {wanted}: {formula}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn draws_of_a_linear_program_have_the_first_orders_deviation(
        weights in proptest::collection::vec(1.0..9.0_f64, 4),
        widths in proptest::collection::vec(1_u32..60, 4),
    ) {
        let mut text = String::new();
        let mut sum = "0".to_owned();
        for (number, (weight, width)) in weights.iter().zip(&widths).enumerate() {
            text += &format!("param p{number} : 1 = 3 ± {width}%\n");
            sum += &format!(" + {weight} * p{number}");
        }
        let case = Case::new(&format!("{text}output y : 1 = {sum}"));
        let outcome = case.drawn(8000);
        let figure = outcome.at("y", "");
        let drawn = figure.simulated.as_ref().unwrap();
        near(drawn.deviation, figure.propagated.deviation, 0.04);
        near(drawn.mean, figure.value, 0.02);
    }
}
