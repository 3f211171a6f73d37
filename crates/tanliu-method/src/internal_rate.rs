//! 内部收益率 The internal rates of return of a series of cash flows: every one there is, or none.
//!
//! With v = 1 / (1 + r) the net present value is a polynomial in v, and a rate above −100 % is a
//! positive root of it. A polynomial runs straight up or down between the roots of its derivative, so
//! all roots are found one derivative after the other; nothing is guessed and nothing is picked.

#[cfg(test)]
mod tests;

/// A value this small beside the sum of its terms is zero: a root where the curve only touches.
const TOUCH: f64 = 1e-13;
/// Halvings of an interval; doubles between 0 and 1 are told apart by then.
const HALVINGS: u32 = 200;

/// 内部收益率 All rates r > −1 at which Σ `flows[t] / (1 + r)^t` is zero, ascending, as plain numbers
/// (0.1 is 10 % a step). A rate at which the curve touches zero stands once. Flows that are all zero
/// have none: at every rate they come to nothing.
pub fn internal_rates(flows: &[f64]) -> Vec<f64> {
    let Some(flows) = trimmed(flows) else { return Vec::new() };
    if sign_changes(flows) == 0 {
        return Vec::new();
    }
    // r ≥ 0 is 0 < v ≤ 1. Below, w = 1 + r runs through the same interval, flows turned round.
    let turned: Vec<f64> = flows.iter().rev().copied().collect();
    let below = roots(&turned).into_iter().filter(|w| *w < 1.0).map(|w| w - 1.0);
    let above = roots(flows).into_iter().map(|v| 1.0 / v - 1.0 + 0.0);
    let mut rates: Vec<f64> = below.chain(above).filter(|rate| rate.is_finite()).collect();
    rates.sort_by(f64::total_cmp);
    rates
}

/// 所取之率 Which of all rates, ascending, a formula takes: the nth, or the only one there is.
pub fn chosen_rate(rates: &[f64], nth: Option<u32>) -> Option<f64> {
    match nth {
        Some(nth) => rates.get((nth as usize).saturating_sub(1)).copied(),
        None => rates.first().filter(|_| rates.len() == 1).copied(),
    }
}

/// 斜率 How the rate `rate` of `flows` answers to each flow: −v^t ÷ (d NPV / d r).
pub fn rate_slopes(flows: &[f64], rate: f64) -> Vec<f64> {
    let v = 1.0 / (1.0 + rate);
    let mut powers = Vec::with_capacity(flows.len());
    let mut power = 1.0;
    let (mut slope, mut step) = (0.0, 0.0);
    for flow in flows {
        powers.push(power);
        slope -= step * flow * power * v;
        power *= v;
        step += 1.0;
    }
    powers.into_iter().map(|power| -power / slope).collect()
}

/// Without the zeros at both ends, which move no root.
fn trimmed(flows: &[f64]) -> Option<&[f64]> {
    let first = flows.iter().position(|flow| *flow != 0.0)?;
    let last = flows.iter().rposition(|flow| *flow != 0.0)?;
    flows.get(first..=last)
}

fn sign_changes(terms: &[f64]) -> usize {
    let signs: Vec<bool> =
        terms.iter().filter(|term| **term != 0.0).map(|term| *term > 0.0).collect();
    signs.windows(2).filter(|pair| pair.first() != pair.last()).count()
}

/// The roots of Σ terms[k]·x^k in (0, 1], ascending. By Descartes' rule there are at most as many
/// positive ones as the terms change their sign; where they never do, there is nothing to look for.
fn roots(terms: &[f64]) -> Vec<f64> {
    if terms.len() < 2 || sign_changes(terms) == 0 {
        return Vec::new();
    }
    let mut stops = vec![0.0];
    stops.extend(roots(&derivative(terms)));
    if stops.last() != Some(&1.0) {
        stops.push(1.0);
    }
    let mut found = Vec::new();
    let mut before: Option<(f64, f64)> = None;
    for stop in stops {
        let sign = sign_at(terms, stop);
        if let Some((from, was)) = before
            && was * sign < 0.0
        {
            found.push(halved(terms, from, stop, was));
        }
        if sign == 0.0 && stop > 0.0 {
            found.push(stop);
        }
        before = Some((stop, sign));
    }
    found
}

/// The derivative's terms, the largest brought near one so that none runs out of range.
fn derivative(terms: &[f64]) -> Vec<f64> {
    let mut step = 0.0;
    let mut made: Vec<f64> = Vec::with_capacity(terms.len());
    for term in terms.iter().skip(1) {
        step += 1.0;
        made.push(step * term);
    }
    let largest = made.iter().fold(0.0, |largest: f64, term| largest.max(term.abs()));
    if largest > 0.0 {
        made.iter_mut().for_each(|term| *term /= largest);
    }
    made
}

/// −1, 0 or 1; zero where the terms cancel to within their rounding.
fn sign_at(terms: &[f64], x: f64) -> f64 {
    let (mut value, mut size) = (0.0, 0.0);
    for term in terms.iter().rev() {
        value = value * x + term;
        size = size * x + term.abs();
    }
    if value.abs() <= TOUCH * size { 0.0 } else { value.signum() }
}

/// The one root between two places whose signs differ.
fn halved(terms: &[f64], from: f64, to: f64, sign: f64) -> f64 {
    let (mut low, mut high) = (from, to);
    for _ in 0..HALVINGS {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        let here = terms.iter().rev().fold(0.0, |value, term| value * middle + term);
        if here == 0.0 {
            return middle;
        }
        if (here > 0.0) == (sign > 0.0) { low = middle } else { high = middle }
    }
    low + (high - low) / 2.0
}
