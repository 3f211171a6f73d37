//! Monte Carlo: known distributions, agreement with the first order, and what must not show.

use super::{Case, near};
use crate::uncertainty::{MonteCarlo, Simulated, UncertaintyOutcome};

const DRAWS: u32 = 20_000;

fn drawn<'o>(outcome: &'o UncertaintyOutcome, name: &str, keys: &str) -> &'o Simulated {
    outcome.at(name, keys).simulated.as_ref().unwrap()
}

#[test]
fn distributions_come_out_as_declared() {
    let case = Case::new(
        "param n : t = 100 ± 20%\nparam u : t = 5 ~ uniform(2 t, 8 t)\n\
         param v : t = 5 ~ triangular(2 t, 4 t, 9 t)\nparam w : t = 4 ~ lognormal(2 t, 8 t)\n\
         output a : t = n * 1\noutput b : t = u * 1\noutput c : t = v * 1\noutput d : t = w * 1",
    );
    let outcome = case.drawn(DRAWS);
    let (a, b) = (drawn(&outcome, "a", ""), drawn(&outcome, "b", ""));
    near(a.mean, 100.0, 0.002);
    near(a.low, 80.0, 0.01);
    near(a.high, 120.0, 0.01);
    near(b.mean, 5.0, 0.01);
    near(b.low, 2.15, 0.02);
    near(b.high, 7.85, 0.02);
    let (c, d) = (drawn(&outcome, "c", ""), drawn(&outcome, "d", ""));
    near(c.mean, 5.0, 0.01);
    near(c.deviation, outcome.at("c", "").propagated.deviation, 0.02);
    near(c.median, 9.0 - 17.5_f64.sqrt(), 0.01);
    let sigma: f64 = 4.0_f64.ln() / (2.0 * 1.959_963_984_540_054);
    near(d.mean, (4.0_f64.ln() + sigma * sigma / 2.0).exp(), 0.01);
    near(d.median, 4.0, 0.01);
    near(d.low, 2.0, 0.02);
    near(d.high, 8.0, 0.02);
    assert_eq!((d.draws, d.faults), (DRAWS, 0));
}

#[test]
fn linear_programs_agree_with_the_first_order() {
    let case = Case::new(
        "index p : text\ninput x[p] : t ± 10%\nparam f : tCO2/t = 2 ± 5%\nparam g : tCO2 = 7 ± 40%\n\
         output part[p] : tCO2 = x * 3 tCO2/t + g\noutput total : tCO2 = sum(x over p) * f - g",
    )
    .table("x", &[("a", 10.0), ("b", 40.0), ("c", 20.0)]);
    let outcome = case.drawn(DRAWS);
    for table in &outcome.tables {
        for figure in &table.figures {
            let simulated = figure.simulated.as_ref().unwrap();
            near(simulated.deviation, figure.propagated.deviation, 0.02);
            near(simulated.mean, figure.value, 0.01);
        }
    }
    // Their contributions too, and together they are all.
    let total = drawn(&outcome, "total", "");
    let sum: f64 = total.contributions.iter().map(|own| own.share).sum();
    near(sum, 1.0, 0.02);
    for own in &total.contributions {
        assert!((own.share - outcome.share("total", "", &own.name)).abs() < 0.02, "{own:?}");
    }
}

/// What is asked first decides, also where the rest has no draws at all.
#[test]
fn a_condition_that_is_settled_does_not_draw_what_is_missing() {
    let case = Case::new(
        "index p : text\nindex g : text\ninput x[p] : t ± 10%\n\
         input g_of[p] : g\ninput base[g] : t ± 1%\nowed[g] : t = sum(x over p by g_of)\n\
         output part[g] : t = 0 * base + (if known(owed) and owed > 0 t then owed else 0 t)\n\
         output rest[g] : t = base + (if not known(owed) or owed > 1 t then 1 t else 2 t)",
    )
    .table("x", &[("a", 10.0), ("b", 40.0)])
    .table("base", &[("north", 5.0), ("south", 6.0)])
    .mapping("g_of", &[("a", "north"), ("b", "north")]);
    let outcome = case.drawn(50);
    for (name, key, value) in
        [("part", "north", 50.0), ("part", "south", 0.0), ("rest", "south", 7.0)]
    {
        let drawn = drawn(&outcome, name, key);
        assert_eq!(drawn.faults, 0, "{name} {key}");
        assert!((drawn.mean - value).abs() <= 0.1 * value, "{name} {key}: {}", drawn.mean);
    }
}

const EVERYTHING: &str = "index year : year\nindex p : text\nindex g : text\n\
    input x[p, year] : t >= 0 ± 30%\ninput w[p] : 1 ± 10% shared\ninput g_of[p] : g\n\
    param f[year] : 1 = { from 2020: 2, from 2021: 3 } ~ lognormal(1, 4)\n\
    param k : 1 = 0.5 ~ triangular(0.2, 0.5, 0.8)\nparam lim : t = 30 ~ uniform(20 t, 40 t)\n\
    y[p, year] = if x > lim then x * f else x * w\n\
    output by_g[g, year] : t = sum(y over p by g_of)\n\
    output total[year] : t = sum(y over p)\n\
    output mid[year] : t = median(y over p)\noutput dev[year] : t = stddev(y over p)\n\
    output top[year] : t = max(y over p)\noutput part[p, year] = share(y over p)\n\
    output place[p, year] = rank(y over p)\noutput cum[p, year] : t = cumsum(y over year)\n\
    output avg[year] : t = mean(y over p weighted by w)\n\
    output grow[p, year] = y / y[year-1]\n\
    output trail[p, year] : t = mean(y over year last 2)\n\
    output whole[year] : t = total  rounded\n\
    output bank[p, year] : t = (bank[year-1] ?? 0) * k + y";

fn everything(order: &[usize]) -> Case {
    let rows = [
        ("a 2020", 10.0),
        ("a 2021", 20.0),
        ("a 2022", 36.0),
        ("b 2020", 31.0),
        ("b 2021", 44.0),
        ("b 2022", 2.0),
        ("c 2020", 25.0),
        ("c 2021", 30.0),
        ("c 2022", 35.0),
    ];
    let rows: Vec<(&str, f64)> = order.iter().map(|row| rows[*row]).collect();
    Case::new(EVERYTHING)
        .table("x", &rows)
        .table("w", &[("a", 1.0), ("b", 2.0), ("c", 3.0)])
        .mapping("g_of", &[("a", "n"), ("b", "n"), ("c", "s")])
}

fn printed(outcome: &UncertaintyOutcome) -> String {
    let mut text = String::new();
    for table in &outcome.tables {
        for (row, figure) in table.figures.iter().enumerate() {
            let keys: Vec<_> = table.keys.iter().map(|keys| keys[row].clone()).collect();
            text += &format!("{} {keys:?} {figure:?}\n", table.name);
        }
    }
    text
}

#[test]
fn neither_blocks_nor_threads_nor_the_order_of_rows_show() {
    let case = everything(&[0, 1, 2, 3, 4, 5, 6, 7, 8]);
    let draw = |block, threads| {
        let monte_carlo = MonteCarlo { draws: 500, seed: 42, block, threads };
        printed(&case.analyse(Some(monte_carlo)))
    };
    let first = draw(64, 1);
    for (block, threads) in [(1, 1), (7, 1), (256, 1), (64, 2), (7, 3), (1000, 4)] {
        assert_eq!(first, draw(block, threads), "blocks of {block} on {threads}");
    }
    let other = everything(&[8, 3, 5, 0, 7, 1, 2, 6, 4]);
    let monte_carlo = MonteCarlo { draws: 500, seed: 42, block: 64, threads: 1 };
    assert_eq!(first, printed(&other.analyse(Some(monte_carlo))));
    let seed = MonteCarlo { draws: 500, seed: 43, block: 64, threads: 1 };
    assert_ne!(first, printed(&case.analyse(Some(seed))));
}

#[test]
fn more_draws_begin_with_the_same_ones() {
    let case = Case::new("param a : t = 3 ± 5%\noutput x : t = a * 2");
    let (few, many) = (case.drawn(100), case.drawn(10_000));
    assert_ne!(drawn(&few, "x", "").mean, drawn(&many, "x", "").mean);
    assert!((drawn(&few, "x", "").mean - 6.0).abs() < 0.1);
}

#[test]
fn draws_without_a_value_are_counted_and_told() {
    let case = Case::new(
        "param a : 1 = 1 ± 100%\noutput x : 1 = ln(a)\noutput y : 1 = 1 / (1 / max(a, 0))",
    );
    let outcome = case.drawn(DRAWS);
    // A normal number is below zero with the probability of 1.96 standard deviations.
    let x = drawn(&outcome, "x", "");
    near(f64::from(x.faults), 0.025 * f64::from(DRAWS), 0.1);
    assert_eq!(x.faults + x.draws, DRAWS);
    assert_eq!(drawn(&outcome, "y", "").faults, x.faults);
    let codes: Vec<&str> = outcome.diagnostics.list().iter().map(|own| own.code).collect();
    assert_eq!(codes, ["uncertainty-faults", "uncertainty-faults"]);
    let first = &outcome.diagnostics.list()[0];
    assert!(first.message.en.starts_with(&format!("{} draws of `x`", x.faults)));
}

#[test]
fn a_declared_bound_cuts_the_normal_off() {
    let case = Case::new("input a : t >= 0 ± 150%\noutput x : t = a * 1").table("a", &[("", 10.0)]);
    let outcome = case.drawn(DRAWS);
    assert_eq!(outcome.truncated, [("a".to_owned(), 1)]);
    assert_eq!(outcome.diagnostics.list()[0].code, "uncertainty-wide");
    let x = drawn(&outcome, "x", "");
    assert!(x.low > 0.0);
    assert_eq!(x.faults, 0);
    // The mean of a normal cut off at zero: μ + σ φ(μ/σ) / Φ(μ/σ).
    let sigma = 15.0 / 1.959_963_984_540_054;
    let t: f64 = 10.0 / sigma;
    let density = (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    near(x.mean, 10.0 + sigma * density / super::super::normal::distribution(t), 0.01);
}

#[test]
fn a_branch_follows_its_draw() {
    let case =
        Case::new("param a : 1 = 10 ± 50%\noutput x : 1 = if a > 10 then 1 + 0 * a else 0 * a");
    let outcome = case.drawn(DRAWS);
    assert!((drawn(&outcome, "x", "").mean - 0.5).abs() < 0.02);
    assert_eq!(outcome.half("x", ""), 0.0);
}

#[test]
fn the_product_of_two_wide_factors_is_skewed() {
    // E[ab] = E[a]E[b]; Var = μa²σb² + μb²σa² + σa²σb²
    let case = Case::new("param a : 1 = 10 ± 50%\nparam b : 1 = 10 ± 50%\noutput x : 1 = a * b");
    let outcome = case.drawn(200_000);
    let x = drawn(&outcome, "x", "");
    let sigma: f64 = 5.0 / 1.959_963_984_540_054;
    near(x.mean, 100.0, 0.003);
    near(x.deviation, (2.0 * 100.0 * sigma * sigma + sigma * sigma * sigma * sigma).sqrt(), 0.01);
    let linear: f64 = x.contributions.iter().map(|own| own.share).sum();
    near(linear, 200.0 / (200.0 + sigma * sigma), 0.01);
}
