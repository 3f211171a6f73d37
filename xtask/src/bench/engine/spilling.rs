//! 有限内存 The same jobs with and without a limit of memory: many groups, and a row of result for
//! every reading. Both must write the same bytes.

use super::super::{under, under_shown};
use super::district;
use super::runs::{Launcher, Program};
use crate::TaskResult;
use std::path::{Path, PathBuf};

/// What the limited run may hold.
const MEMORY: &str = "200MB";

const HEAD: &str = "\
largest[plant] : kWh = max(power over instant)
output by_town[town] : kWh = sum(largest over plant by town_of)
output by_sector[sector] : kWh = sum(largest over plant by sector_of)
output by_month[month] : kgCO2 = sum(power over plant, instant to month) * ef
";

/// Name, formulas, the result that is compared.
const JOBS: [(&str, &str, &str); 2] = [
    (
        "plant × hour",
        "hourly[plant, hour] : kWh = sum(power over instant to hour)\n\
         output peak[plant] : kWh = max(hourly over hour)\n```\n",
        "peak",
    ),
    ("a row per reading", "output part[plant, instant] : 1 = power / largest\n```\n", "part"),
];

/// Runs each job in both ways and prints a table.
pub(super) fn run(launcher: &Launcher, binary: &Path, data: &str, threads: u32) -> TaskResult {
    println!("\n| {threads} threads | wall s | CPU s | peak MB |\n|---|---:|---:|---:|");
    for (name, formulas, result) in JOBS {
        let document = under_shown("spilling.md");
        std::fs::write(under("spilling.md"), district("spilling", &format!("{HEAD}{formulas}")))
            .map_err(|error| format!("{document}: {error}"))?;
        let mut found: Option<Vec<u8>> = None;
        for memory in [None, Some(MEMORY)] {
            let out = under_shown("spilling-out");
            let mut words = vec![binary.to_string_lossy().into_owned()];
            words.extend(["run", &document, "--data", data, "--out", &out].map(str::to_owned));
            words.extend(["--format", "parquet", "--engine", "columnar"].map(str::to_owned));
            words.extend(memory.into_iter().flat_map(|most| ["--memory", most]).map(str::to_owned));
            let answer = PathBuf::from(&out).join(format!("{result}.parquet"));
            let program =
                Program { name: "tanliu", words, environment: Vec::new(), answer: answer.clone() };
            let run = launcher.run(&program, threads)?;
            let bytes = std::fs::read(crate::process::root().join(&answer))
                .map_err(|error| format!("{}: {error}", answer.display()))?;
            if found.as_ref().is_some_and(|known| *known != bytes) {
                return Err(format!("{name}: with {MEMORY} the result is another"));
            }
            found = Some(bytes);
            let how =
                memory.map_or_else(|| "no --memory".to_owned(), |most| format!("--memory {most}"));
            println!(
                "| {name}, {how} | {:.1} | {:.1} | {:.0} |",
                run.wall_s, run.cpu_s, run.peak_mb
            );
        }
    }
    Ok(())
}
