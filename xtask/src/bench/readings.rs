//! 读数表测量 Tables of readings: loaded from files, filled by batches, looked up; beside DuckDB.
//!
//! `cargo xtask bench readings [--plants N] [--days N] [--no-peers] [--binary FILE]`; a full year is
//! `--days 366`. The data are the made-up district's. DuckDB writes the same files (a folder for
//! each day, sorted, small row groups) and answers the same look-ups; sums that differ are no
//! measurement. It keeps no versions, no origins and no journal: batches have no peer.

use super::engine::install;
use super::measure::run_once;
use super::{FOLDER, under_shown};
use crate::TaskResult;
use crate::process;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Stdio;

/// The first day of the readings, and how many look-ups there are: as the measuring program has
/// them.
const FIRST: &str = "2024-01-01";
const LOOKS: &str = "200";

/// 选项 What the command line asks for.
struct Options {
    plants: String,
    days: String,
    with_peers: bool,
    binary: Option<String>,
}

/// Builds, measures both and prints a table.
pub(super) fn run(arguments: &[String]) -> TaskResult {
    let options = read_options(arguments)?;
    let binary = match &options.binary {
        Some(binary) => binary.clone(),
        None => build()?,
    };
    let folder = under_shown("readings");
    std::fs::create_dir_all(process::root().join(FOLDER).join("readings"))
        .map_err(|error| format!("{folder}: {error}"))?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let words = [binary, folder.clone(), options.plants.clone(), options.days.clone()];
    let ours = told(&run_once(&words)?)?;
    let theirs = match options.with_peers.then(install).flatten() {
        Some(python) => Some(peer(&python, &folder, &options)?),
        None => None,
    };
    if let Some(theirs) = &theirs {
        for name in ["day", "month"] {
            let (own, other) = (figure(&ours, name, "sum"), figure(theirs, name, "sum"));
            if (own - other).abs() > 1e-9 * own.abs() {
                return Err(format!("{name}: the sums are {own} and {other}"));
            }
        }
    }
    let readings = figure(&ours, "load", "rows");
    println!(
        "\n{readings} readings ({} meters × {} days), load before: {}\n",
        options.plants,
        options.days,
        load.split_whitespace().next().unwrap_or("?")
    );
    print_table(&ours, theirs.as_ref());
    Ok(())
}

fn peer(python: &str, folder: &str, options: &Options) -> Result<BTreeMap<String, Value>, String> {
    let (plants, days) = (options.plants.clone(), options.days.clone());
    let words = [
        python.to_owned(),
        "xtask/peers/readings_duckdb.py".to_owned(),
        format!("{folder}/district-{plants}-{days}/readings"),
        format!("{folder}/duckdb"),
        plants,
        days,
        FIRST.to_owned(),
        LOOKS.to_owned(),
    ];
    told(&run_once(&words)?)
}

fn print_table(ours: &BTreeMap<String, Value>, theirs: Option<&BTreeMap<String, Value>>) {
    println!("| | tanliu | DuckDB | tanliu ÷ DuckDB |\n|---|---:|---:|---:|");
    let lines = [
        ("load, readings per second", "load", "rows_per_s"),
        ("load, wall s", "load", "wall_s"),
        ("load, CPU s", "load", "cpu_s"),
        ("load, peak MiB", "peak", "mib"),
        ("a meter's day, median ms", "day", "median_ms"),
        ("a meter's day, 95 % ms", "day", "p95_ms"),
        ("a meter's month, median ms", "month", "median_ms"),
        ("opening the table, ms", "open", "ms"),
        ("batches, readings per second", "batches", "rows_per_s"),
        ("batches, CPU s", "batches", "cpu_s"),
        ("batches into the table, CPU s", "flush", "cpu_s"),
        ("the same batches again, readings per second", "batches again", "rows_per_s"),
        ("corrections, readings per second", "corrections", "rows_per_s"),
    ];
    for (title, name, key) in lines {
        let own = figure(ours, name, key);
        let other = theirs.map_or(f64::NAN, |theirs| figure(theirs, name, key));
        let shown = |number: f64| match number {
            number if number.is_nan() => "–".to_owned(),
            number if number >= 100.0 => format!("{number:.0}"),
            number => format!("{number:.2}"),
        };
        println!("| {title} | {} | {} | {} |", shown(own), shown(other), shown(own / other));
    }
}

/// Lines of JSON by their names; of two with one name the first.
fn told(printed: &str) -> Result<BTreeMap<String, Value>, String> {
    let mut lines = BTreeMap::new();
    for line in printed.lines().filter(|line| line.starts_with('{')) {
        let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        lines.entry(name).or_insert(value);
    }
    Ok(lines)
}

fn figure(lines: &BTreeMap<String, Value>, name: &str, key: &str) -> f64 {
    let value = lines.get(name).and_then(|line| line.get(key));
    value.and_then(Value::as_f64).unwrap_or(f64::NAN)
}

/// Builds the measuring program.
fn build() -> Result<String, String> {
    let mut command = process::cargo();
    command.args(["build", "--profile", "fast", "-p", "tanliu-engine"]);
    command.args(["--example", "measure_readings", "--message-format=json-render-diagnostics"]);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run cargo build: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let messages = printed.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut found =
        messages.filter_map(|message| message.get("executable")?.as_str().map(str::to_owned));
    found.next_back().ok_or_else(|| "the measuring program does not build".to_owned())
}

fn read_options(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options {
        plants: "3600".to_owned(),
        days: "30".to_owned(),
        with_peers: true,
        binary: None,
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut next = || words.next().cloned().ok_or_else(|| format!("{word} wants a value"));
        match word.as_str() {
            "--plants" => options.plants = next()?,
            "--days" => options.days = next()?,
            "--binary" => options.binary = Some(next()?),
            "--no-peers" => options.with_peers = false,
            other => return Err(format!("unknown option {other}")),
        }
    }
    Ok(options)
}
