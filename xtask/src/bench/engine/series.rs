//! 沿序列 A running total along each plant's readings, its highest value in each month: what the
//! engine does slice by slice, beside DuckDB's window.

use super::super::{under, under_shown};
use super::runs::{Launcher, Program, Run};
use super::{OURS, district, report};
use crate::TaskResult;
use crate::process;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FORMULAS: &str = "\
output highest[plant, month] : kWh = max(cumsum(power over instant) over instant to month)
output by_town[town] : kWh = sum(max(highest over month) over plant by town_of)
output by_sector[sector] : kWh = sum(max(highest over month) over plant by sector_of)
output by_month[month] : kgCO2 = sum(highest over plant) * ef
```
";

/// Runs both in turn and prints a table.
pub(super) fn run(
    launcher: &Launcher,
    (binary, python): (&Path, Option<&str>),
    data: &str,
    (threads, rounds): (u32, usize),
) -> TaskResult {
    let document = under_shown("series.md");
    std::fs::write(under("series.md"), district("series", FORMULAS))
        .map_err(|error| format!("{document}: {error}"))?;
    let out = under_shown("series-out");
    let mut words = vec![binary.to_string_lossy().into_owned()];
    words.extend(["run", &document, "--data", data, "--out", &out].map(str::to_owned));
    words.extend(["--format", "csv", "--engine", "columnar"].map(str::to_owned));
    let answer = PathBuf::from(&out).join("highest.csv");
    let mut programs = vec![Program { name: OURS, words, environment: Vec::new(), answer }];
    if let Some(python) = python {
        let answer = under_shown("series_duckdb.csv");
        let words = [python, "xtask/peers/series_duckdb.py", data, &threads.to_string(), &answer];
        let words = words.map(str::to_owned).to_vec();
        let answer = PathBuf::from(answer);
        programs.push(Program { name: "DuckDB", words, environment: Vec::new(), answer });
    }
    let mut tables: Vec<Vec<f64>> = Vec::new();
    let mut runs: BTreeMap<&str, Vec<Run>> = BTreeMap::new();
    for round in 0..rounds {
        eprintln!("round {} of {rounds}", round + 1);
        for program in &programs {
            runs.entry(program.name).or_default().push(launcher.run(program, threads)?);
            if round == 0 {
                tables.push(last_column(&process::root().join(&program.answer))?);
            }
        }
    }
    if let [ours, theirs] = tables.as_slice() {
        compare(ours, theirs)?;
    }
    let order: Vec<&str> = programs.iter().map(|program| program.name).collect();
    println!("\nrunning totals, {threads} threads, {rounds} rounds in turn\n");
    print!("{}", report::figures(&order, &runs));
    Ok(())
}

/// The figures of a table: both write plants and months in order.
fn last_column(path: &Path) -> Result<Vec<f64>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    (text.lines().skip(1))
        .map(|line| {
            let cell = line.rsplit(',').next().unwrap_or_default();
            cell.trim().parse().map_err(|_| format!("{}: no number: {line}", path.display()))
        })
        .collect()
}

fn compare(ours: &[f64], theirs: &[f64]) -> TaskResult {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * a.abs().max(1.0);
    match ours.len() == theirs.len() && ours.iter().zip(theirs).all(near) {
        true => Ok(()),
        false => Err("DuckDB differs: one of the two tables is wrong".to_owned()),
    }
}
