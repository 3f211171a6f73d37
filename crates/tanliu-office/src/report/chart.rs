//! 坐标轴 The axis of a chart: from where to where, in which steps.

use super::{Chart, ChartKind, shown};

/// So many steps an axis has at most.
const STEPS: f64 = 6.0;

/// The colours of series, distinct in gray too.
const COLORS: [[f32; 3]; 6] = [
    [0.09, 0.42, 0.37],
    [0.89, 0.55, 0.13],
    [0.24, 0.42, 0.70],
    [0.62, 0.22, 0.28],
    [0.45, 0.62, 0.30],
    [0.42, 0.36, 0.56],
];

/// The colour of a series: red, green, blue.
pub(super) fn color(number: usize) -> [f32; 3] {
    COLORS.get(number % COLORS.len()).copied().unwrap_or_default()
}

/// 轴 An axis with its ticks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    /// Its lower end.
    pub(super) low: f64,
    /// Its upper end.
    pub(super) high: f64,
    /// From tick to tick.
    pub(super) step: f64,
    /// Its ticks with their labels.
    pub(super) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// The axis for a chart's values: bars begin at zero, lines only where zero is near.
    pub(super) fn of(chart: &Chart) -> Self {
        let values = || chart.series.iter().flat_map(|series| &series.values).flatten().copied();
        let mut low = values().fold(f64::INFINITY, f64::min);
        let mut high = values().fold(f64::NEG_INFINITY, f64::max);
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if chart.kind == ChartKind::Bar || (low > 0.0 && low < high * 0.7) {
            low = low.min(0.0);
        }
        if chart.kind == ChartKind::Bar {
            high = high.max(0.0);
        }
        if low == high {
            let margin = if low == 0.0 { 1.0 } else { low.abs() * 0.5 };
            if low == 0.0 {
                high = margin;
            } else {
                (low, high) = (low - margin, high + margin);
            }
        }
        Self::between(low, high)
    }

    fn between(low: f64, high: f64) -> Self {
        let step = step((high - low) / STEPS);
        let first = (low / step).floor();
        let count = ((high / step).ceil() - first).clamp(1.0, 20.0) as usize;
        let decimals = decimals(step);
        let ticks = (0..=count)
            .map(|number| {
                let value = (first + number as f64) * step;
                (value, shown(value, decimals))
            })
            .collect::<Vec<_>>();
        let low = first * step;
        let high = ticks.last().map_or(low + step, |(value, _)| *value);
        Self { low, high, step, ticks }
    }

    /// Where a value stands between the ends, from 0 to 1.
    pub(super) fn share(&self, value: f64) -> f32 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0) as f32
    }
}

/// The nearest of 1, 2, 5 times a power of ten that is not less.
fn step(least: f64) -> f64 {
    let mut power = 1.0_f64;
    while power > least {
        power /= 10.0;
    }
    while power * 10.0 <= least {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= least)
        .unwrap_or(power * 10.0)
}

/// How many decimals a step needs.
fn decimals(step: f64) -> usize {
    let mut decimals = 0;
    let mut rest = step;
    while rest < 0.999 && decimals < 12 {
        rest *= 10.0;
        decimals += 1;
    }
    decimals
}

/// The whole chart in words, for readers who cannot see it.
pub(super) fn described(chart: &Chart) -> String {
    let mut out = format!("{} {}", chart.caption, chart.unit);
    for series in &chart.series {
        out.push_str(&format!("; {}:", series.name));
        for (category, value) in chart.categories.iter().zip(&series.values) {
            let value = value.map_or_else(|| "—".to_owned(), |value| value.to_string());
            out.push_str(&format!(" {category} {value}"));
        }
    }
    out.chars().take(1000).collect()
}
