//! First-order propagation against closed forms.

use super::{Case, close};

fn quadrature(parts: &[f64]) -> f64 {
    parts.iter().map(|part| part * part).sum::<f64>().sqrt()
}

#[test]
fn independent_terms_add_in_quadrature() {
    let case = Case::new(
        "index plant : text\ninput e[plant] : t ± 5%\noutput total : t = sum(e over plant)",
    )
    .table("e", &[("a", 100.0), ("b", 200.0), ("c", 50.0)]);
    let outcome = case.first();
    assert_eq!(outcome.leaves, 3);
    close(outcome.half("total", ""), quadrature(&[5.0, 10.0, 2.5]));
    close(outcome.share("total", "", "e"), 1.0);
    let leaves = &outcome.at("total", "").propagated.leaves;
    assert_eq!(leaves[0].key, "plant = b");
    close(leaves[0].share, 100.0 / 131.25);
}

#[test]
fn shared_terms_add_up_plainly() {
    let case = Case::new(
        "index plant : text\ninput e[plant] : t ± 5% shared\noutput total : t = sum(e over plant)",
    )
    .table("e", &[("a", 100.0), ("b", 200.0), ("c", 50.0)]);
    let outcome = case.first();
    assert_eq!(outcome.leaves, 1);
    close(outcome.half("total", ""), 17.5);
}

#[test]
fn relative_widths_of_a_product_add_in_quadrature() {
    let case = Case::new(
        "param a : t = 20 ± 3%\nparam f : tCO2/t = 2.5 ± 0.1 tCO2/t\noutput x : kgCO2 = a * f",
    );
    let outcome = case.first();
    close(outcome.at("x", "").value, 50_000.0);
    close(outcome.half("x", ""), 50_000.0 * quadrature(&[0.03, 0.04]));
    close(outcome.share("x", "", "a"), 9.0 / 25.0);
}

#[test]
fn one_entry_that_serves_many_keys_is_one_leaf() {
    let case = Case::new(
        "index year : year\nindex plant : text\ninput e[plant, year] : t\n\
         param f[year] : tCO2/t = { from 2019: 2, from 2021: 3 } ± 10%\n\
         output total : tCO2 = sum(e * f over plant, year)",
    )
    .table("e", &[("a 2019", 1.0), ("a 2020", 2.0), ("b 2019", 3.0), ("b 2022", 3.0)]);
    let outcome = case.first();
    assert_eq!(outcome.leaves, 2);
    close(outcome.half("total", ""), quadrature(&[0.2 * 6.0, 0.3 * 3.0]));
    assert_eq!(outcome.at("total", "").propagated.leaves[0].key, "year = from 2019");
}

#[test]
fn what_is_on_both_sides_cancels() {
    let case = Case::new(
        "param a : t = 20 ± 3%\nparam b : t = 5 ± 10%\noutput none : t = (a + b) - a - b\n\
         output ratio : 1 = a / (a + b)\noutput same : 1 = a / a",
    );
    let outcome = case.first();
    close(outcome.half("none", "") + 1.0, 1.0);
    close(outcome.half("same", "") + 1.0, 1.0);
    // d(a/(a+b)) = b/(a+b)² da − a/(a+b)² db
    close(outcome.half("ratio", ""), quadrature(&[5.0 * 0.6, 20.0 * 0.5]) / 625.0);
}

#[test]
fn every_function_has_its_slope() {
    for (formula, slope) in [
        ("exp(x)", 2.0_f64.exp()),
        ("ln(x)", 0.5),
        ("log10(x)", 0.5 / std::f64::consts::LN_10),
        ("sqrt(x)", 0.5 / 2.0_f64.sqrt()),
        ("x ^ 3", 12.0),
        ("2 ^ x", 4.0 * std::f64::consts::LN_2),
        ("abs(0 - x)", 1.0),
        ("-x", 1.0),
        ("max(x, 1)", 1.0),
        ("max(x, 3)", 0.0),
        ("min(x, 1)", 0.0),
        ("clamp(x, 0, 5)", 1.0),
        ("3 / x", 0.75),
        ("if x > 1 then 5 * x else x", 5.0),
        ("match x { 0 .. 1: x, else: 7 * x }", 7.0),
        ("discount(x by 0.2)", 0.8),
        ("inflate(10 by x / 10)", 1.0),
        ("round(x, 1)", 1.0),
        ("x + x", 2.0),
        ("(x where x > 1) ?? 0", 1.0),
    ] {
        let case = Case::new(&format!("param x : 1 = 2 ± 0.1\noutput y : 1 = {formula} + 0 * x"));
        let outcome = case.first();
        let found = outcome.half("y", "");
        assert!((found - 0.1 * slope).abs() < 1e-12, "{formula}: {found}, not {}", 0.1 * slope);
    }
}

#[test]
fn reductions_pass_to_the_rows_they_take() {
    let case = Case::new(
        "index p : text\ninput x[p] : t ± 1 t\ninput w[p] : 1 ± 0.5\n\
         output mean_x : t = mean(x over p)\noutput heavy : t = mean(x over p weighted by w)\n\
         output mid : t = median(x over p)\noutput quart : t = quantile(x, 0.25 over p)\n\
         output spread : t = stddev(x over p)\noutput low : t = min(x over p)\n\
         output high : t = max(x over p)\noutput part[p] : 1 = share(x over p)\n\
         output place[p] : 1 = rank(x over p)",
    )
    .table("x", &[("a", 10.0), ("b", 40.0), ("c", 20.0), ("d", 30.0)])
    .table("w", &[("a", 1.0), ("b", 2.0), ("c", 3.0), ("d", 4.0)]);
    let outcome = case.first();
    close(outcome.half("mean_x", ""), 0.5);
    let weights = [1.0, 2.0, 3.0, 4.0];
    let by_weight = [10.0, 40.0, 20.0, 30.0].map(|x| 0.5 * (x - 27.0) / 10.0);
    let by_value = weights.map(|w| w / 10.0);
    close(outcome.half("heavy", ""), quadrature(&[by_weight, by_value].concat()));
    close(outcome.half("mid", ""), quadrature(&[0.5, 0.5]));
    close(outcome.half("quart", ""), quadrature(&[0.25, 0.75]));
    let s = outcome.at("spread", "").value;
    close(outcome.half("spread", ""), quadrature(&[-15.0, 15.0, -5.0, 5.0]) / (3.0 * s));
    close(outcome.half("low", ""), 1.0);
    close(outcome.half("high", ""), 1.0);
    close(outcome.half("part", "b"), quadrature(&[0.6, 0.4, 0.4, 0.4]) / 100.0);
    assert_eq!(outcome.half("place", "b"), 0.0);
}

#[test]
fn series_pass_along_the_order() {
    let case = Case::new(
        "index year : year\ninput x[year] : 1 ± 0.1\n\
         output up_to[year] = cumsum(x over year)\noutput product[year] = cumprod(x over year)\n\
         output begin[year] = first(x over year)\n\
         output change[year] = x - x[year-1]\n\
         output trailing[year] = mean(x over year last 2)\n\
         output some[year] = sum(x over year last up to 2)",
    )
    .table("x", &[("2022", 4.0), ("2020", 2.0), ("2021", 3.0)]);
    let outcome = case.first();
    close(outcome.half("up_to", "2022"), 0.1 * 3.0_f64.sqrt());
    close(outcome.half("product", "2022"), 0.1 * quadrature(&[12.0, 8.0, 6.0]));
    close(outcome.half("begin", "2022"), 0.1);
    close(outcome.half("change", "2021"), 0.1 * 2.0_f64.sqrt());
    close(outcome.half("trailing", "2022"), 0.05 * 2.0_f64.sqrt());
    close(outcome.half("some", "2020"), 0.1);
    close(outcome.half("some", "2021"), 0.1 * 2.0_f64.sqrt());
}

#[test]
fn a_recurrence_carries_its_leaves_on() {
    let case = Case::new(
        "index year : year\ninput flow[year] : t ± 1 t\nparam keep : 1 = 0.5 ± 10%\n\
         output bank[year] : t = (bank[year-1] ?? 0) * keep + flow",
    )
    .table("flow", &[("2020", 10.0), ("2021", 10.0), ("2022", 10.0)]);
    let outcome = case.first();
    close(outcome.half("bank", "2020"), 1.0);
    close(outcome.half("bank", "2021"), quadrature(&[0.5, 1.0, 10.0 * 0.05]));
    // bank = f0 k² + f1 k + f2; d/dk = 2 f0 k + f1
    close(outcome.half("bank", "2022"), quadrature(&[0.25, 0.5, 1.0, 20.0 * 0.05]));
}

#[test]
fn look_ups_and_regrouping_follow_the_mapping() {
    let case = Case::new(
        "index plant : text\nindex grid : text\ninput e[plant] : MWh ± 2%\n\
         input grid_of[plant] : grid\ninput f[grid] : tCO2/MWh ± 10%\n\
         co2[plant] = e * f[grid = grid_of]\n\
         output by_grid[grid] : tCO2 = sum(co2 over plant by grid_of)\n\
         output total : tCO2 = sum(co2 over plant)",
    )
    .table("e", &[("a", 100.0), ("b", 200.0), ("c", 300.0)])
    .table("f", &[("n", 0.5), ("s", 0.25)])
    .mapping("grid_of", &[("a", "n"), ("b", "n"), ("c", "s")]);
    let outcome = case.first();
    close(outcome.half("by_grid", "n"), quadrature(&[1.0, 2.0, 15.0]));
    close(outcome.half("by_grid", "s"), quadrature(&[1.5, 7.5]));
    close(outcome.half("total", ""), quadrature(&[1.0, 2.0, 15.0, 1.5, 7.5]));
    assert_eq!(outcome.leaves, 5);
}

#[test]
fn a_column_of_half_widths_stands_before_the_declaration() {
    let case = Case::new("index p : text\ninput x[p] : t ± 5%\noutput y[p] : t = x * 1")
        .table("x", &[("b", 100.0), ("a", 200.0)])
        .widths("x", &[Some(0.5), None]);
    let outcome = case.first();
    close(outcome.half("y", "b"), 50.0);
    close(outcome.half("y", "a"), 10.0);
}

#[test]
fn distributions_have_their_own_deviation() {
    let case = Case::new(
        "param u : t = 5 ~ uniform(2 t, 8 t)\nparam v : t = 5 ~ triangular(2 t, 4 t, 9000 kg)\n\
         param w : t = 5 ~ lognormal(2 t, 8 t)\n\
         output a : t = u * 1\noutput b : t = v * 1\noutput c : t = w * 1",
    );
    let outcome = case.first();
    let deviation = |name: &str| outcome.at(name, "").propagated.deviation;
    close(deviation("a"), 6.0 / 12.0_f64.sqrt());
    close(deviation("b"), ((4.0 + 16.0 + 81.0 - 8.0 - 18.0 - 36.0) / 18.0_f64).sqrt());
    let sigma: f64 = (4.0_f64).ln() / (2.0 * 1.959_963_984_540_054);
    let mean = (4.0_f64.ln() + sigma * sigma / 2.0).exp();
    close(deviation("c"), mean * ((sigma * sigma).exp() - 1.0).sqrt());
}

#[test]
fn outputs_that_rest_on_nothing_uncertain_are_named() {
    let case =
        Case::new("param a : t = 1\nparam b : t = 2 ± 1%\noutput x : t = a\noutput y : t = b");
    let outcome = case.first();
    assert_eq!(outcome.certain, ["x"]);
    assert_eq!(outcome.tables.len(), 1);
}

#[test]
fn figures_that_cannot_be_drawn_from_are_an_error() {
    for (declared, words) in [
        ("~ uniform(3 t, 2 t)", "ascend"),
        ("~ triangular(1 t, 5 t, 4 t)", "ascend"),
        ("~ lognormal(0 t, 4 t)", "above zero"),
    ] {
        let case = Case::new(&format!("param a : t = 3 {declared}\noutput x : t = a * 2"));
        let outcome = case.first();
        assert!(outcome.tables.is_empty());
        let finding = &outcome.diagnostics.list()[0];
        assert_eq!(finding.code, "uncertainty-figures");
        assert!(finding.message.en.contains(words), "{}", finding.message.en);
    }
}
