//! Published values to their printed digits, series with several rates or none, and random ones.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;

fn near(found: &[f64], wanted: &[f64], within: f64) {
    assert_eq!(found.len(), wanted.len(), "{found:?} against {wanted:?}");
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() <= within, "{found} against {wanted}");
    }
}

#[test]
fn published_values_come_out_to_their_printed_digits() {
    // Excel's page on IRR: four years −2.1 %, five years 8.7 %, two years −44.4 %.
    let five = [-70_000.0, 12_000.0, 15_000.0, 18_000.0, 21_000.0, 26_000.0];
    near(&internal_rates(&five[..5]), &[-0.021], 5e-4);
    near(&internal_rates(&five), &[0.087], 5e-4);
    near(&internal_rates(&five[..3]), &[-0.444], 5e-4);
    // numpy-financial's page on irr.
    near(&internal_rates(&[-100.0, 39.0, 59.0, 55.0, 20.0]), &[0.28095], 5e-6);
    near(&internal_rates(&[-100.0, 0.0, 0.0, 74.0]), &[-0.0955], 5e-5);
}

#[test]
fn every_rate_is_found_where_there_are_several() {
    // −1600, 10000, −10000 is the pump of Lorie and Savage (1955): 25 % and 400 %.
    near(&internal_rates(&[-1600.0, 10_000.0, -10_000.0]), &[0.25, 4.0], 1e-12);
    near(&internal_rates(&[-100.0, 230.0, -132.0]), &[0.1, 0.2], 1e-9);
    // (v−1/1.1)(v−1/1.2)(v−1/1.3) = 0
    let flows = [-1000.0, 3600.0, -4310.0, 1716.0];
    near(&internal_rates(&flows), &[0.1, 0.2, 0.3], 1e-7);
}

#[test]
fn there_may_be_none() {
    assert!(internal_rates(&[]).is_empty());
    assert!(internal_rates(&[0.0, 0.0]).is_empty());
    assert!(internal_rates(&[100.0, 20.0]).is_empty());
    assert!(internal_rates(&[-100.0]).is_empty());
    // Two changes of sign and no rate.
    assert!(internal_rates(&[1000.0, -3000.0, 2500.0]).is_empty());
}

#[test]
fn a_rate_that_only_touches_stands_once() {
    near(&internal_rates(&[100.0, -220.0, 121.0]), &[0.1], 1e-6);
}

#[test]
fn zeros_at_the_ends_move_no_rate() {
    near(&internal_rates(&[0.0, -100.0, 110.0, 0.0]), &[0.1], 1e-12);
}

#[test]
fn forty_years_of_months_are_no_matter() {
    let mut flows = vec![-1_000_000.0];
    flows.extend(std::iter::repeat_n(9_000.0, 480));
    let rates = internal_rates(&flows);
    assert_eq!(rates.len(), 1);
    let value: f64 = flows.iter().rev().fold(0.0, |value, flow| value / (1.0 + rates[0]) + flow);
    assert!(value.abs() < 1e-6, "{value}");
}

#[test]
fn flows_made_from_known_rates_give_them_back() {
    let mut state = 7_u64;
    let mut draw = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / 9_007_199_254_740_992.0
    };
    for _ in 0..500 {
        let count = 1 + (draw() * 4.0) as usize;
        let mut rates: Vec<f64> = (0..count).map(|_| draw() * 2.0 - 0.7).collect();
        rates.sort_by(f64::total_cmp);
        if rates.windows(2).any(|pair| pair[1] - pair[0] < 0.05) {
            continue;
        }
        // Π (1 + r − (1 + rᵢ)) in w = 1 + r, highest power first, is a series of flows.
        let mut flows = vec![1.0];
        for rate in &rates {
            let mut next = vec![0.0; flows.len() + 1];
            for (place, flow) in flows.iter().enumerate() {
                next[place] += flow;
                next[place + 1] -= flow * (1.0 + rate);
            }
            flows = next;
        }
        near(&internal_rates(&flows), &rates, 1e-6);
    }
}

#[test]
fn the_slope_is_that_of_a_small_step() {
    let flows = [-100.0, 39.0, 59.0, 55.0, 20.0];
    let rate = internal_rates(&flows)[0];
    for (place, slope) in rate_slopes(&flows, rate).into_iter().enumerate() {
        let mut moved = flows;
        moved[place] += 1e-4;
        let measured = (internal_rates(&moved)[0] - rate) / 1e-4;
        assert!((measured - slope).abs() < 1e-6, "{place}: {measured} against {slope}");
    }
}
