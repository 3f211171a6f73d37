//! 演示区 A month of the example district: millions of readings through a document of three lines.
//!
//! A slow build on a slow machine shall not keep a newcomer waiting: a small district goes first,
//! and its time says how many plants fit into a few seconds. `--plants N` sets the number.

use crate::TaskResult;
use crate::process;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

const DOCUMENT: &str = "examples/district/meters.md";
const OUTPUT: &str = "by_town_sector.csv";
const FOLDER: &str = "target/demo";
const NAME: &str = "district";
const FROM: &str = "2024-01-01";
const DAYS: u32 = 31;
/// The whole district.
const PLANTS: u32 = 3_600;
/// Plants of the small one: two files, so that two processors have something to do.
const PILOT: u32 = 200;
/// What generating and computing may take together, in seconds.
const BUDGET_S: f64 = 20.0;
/// Lines of the result that are shown.
const SHOWN: usize = 8;

/// Generates the district, runs the document on it, shows the beginning of the result.
pub(super) fn run(binary: &Path, wanted: Option<u32>) -> TaskResult {
    process::fresh_folder(FOLDER)?;
    println!(
        "\n# A district's plants, a reading every quarter of an hour: a month through {DOCUMENT}"
    );
    let plants = match wanted {
        Some(plants) => plants,
        None => affordable(binary)?,
    };
    let generated_s = sample(binary, NAME, plants, true)?;
    let computed_s = compute(binary, NAME, true)?;
    let shown = format!("{FOLDER}/{NAME}-results/{OUTPUT}");
    let text = std::fs::read_to_string(process::root().join(&shown))
        .map_err(|error| format!("{shown}: {error}"))?;
    println!("\n$ head -{SHOWN} {shown}");
    for line in text.lines().take(SHOWN) {
        println!("{line}");
    }
    println!(
        "… {} rows from {} readings; generated in {generated_s:.1} s, computed in {computed_s:.1} s",
        text.lines().count().saturating_sub(1),
        u64::from(plants) * u64::from(DAYS) * 96
    );
    Ok(())
}

/// How many plants this build manages in the time, from a small district.
fn affordable(binary: &Path) -> Result<u32, String> {
    let seconds = sample(binary, "pilot", PILOT, false)? + compute(binary, "pilot", false)?;
    let plants = fitting(seconds);
    if plants < PLANTS {
        println!(
            "# {PILOT} plants take {seconds:.1} s in this build: {plants} plants instead of \
             {PLANTS} (`--plants {PLANTS}` takes them all)"
        );
    }
    Ok(plants)
}

/// Plants that fit into the budget if [`PILOT`] of them take so long, in whole files of a hundred.
fn fitting(pilot_s: f64) -> u32 {
    let most = PLANTS / 100;
    let share = BUDGET_S / pilot_s * f64::from(PILOT) / 100.0;
    let hundreds = (1..=most).rev().find(|hundreds| f64::from(*hundreds) <= share);
    hundreds.unwrap_or(1) * 100
}

/// Generates `target/demo/NAME`; returns the seconds it took.
fn sample(binary: &Path, name: &str, plants: u32, shown: bool) -> Result<f64, String> {
    let options = format!("--plants {plants} --from {FROM} --days {DAYS}");
    step(binary, &format!("sample district {FOLDER}/{name} {options}"), shown)
}

/// Computes `target/demo/NAME-results` from it; returns the seconds it took.
fn compute(binary: &Path, name: &str, shown: bool) -> Result<f64, String> {
    let folders = format!("--data {FOLDER}/{name} --out {FOLDER}/{name}-results");
    step(binary, &format!("run {DOCUMENT} {folders}"), shown)
}

/// Runs one command line; returns its seconds.
#[allow(clippy::disallowed_methods, reason = "the demonstration says how long it took")]
fn step(binary: &Path, line: &str, shown: bool) -> Result<f64, String> {
    let mut command = process::tanliu(binary);
    command.args(process::words(line));
    if shown {
        println!("\n$ tanliu {line}");
    } else {
        command.stdout(Stdio::null());
    }
    let begin = Instant::now();
    process::run(command)?;
    Ok(begin.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::{PLANTS, fitting};

    #[test]
    fn a_slow_build_gets_fewer_plants_and_never_none() {
        assert_eq!(fitting(0.2), PLANTS);
        assert_eq!(fitting(4.0), 1000);
        assert_eq!(fitting(4.1), 900);
        assert_eq!(fitting(1000.0), 100);
    }
}
