//! 引擎测量 The columnar engine on a district's readings, beside hand-written jobs of its peers.
//!
//! `cargo xtask bench engine [--plants N]… [--threads N]… [--rounds K] [--no-peers] [--binary FILE]
//! [--spill] [--series]`
//!
//! Every program reads the same Parquet files and writes the same table. The runs go in turn, so
//! that whatever else the machine does falls on all alike; the medians are printed. A peer that
//! cannot be run is left out; if ours cannot, or two tables differ, there are no figures at all.
//! With `--spill` instead: what a limit of memory costs and saves; with `--series`: running totals
//! along each plant's readings.

mod planning;
mod report;
mod runs;
mod series;
mod spilling;
mod table;

use super::{FOLDER, peers, under_shown};
use crate::TaskResult;
use crate::process::{self, Profile};
use runs::{Launcher, Program, Run};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use table::Table;

/// The document that is measured: the one of the demonstration.
const DOCUMENT: &str = "examples/district/meters.md";
/// The output that the peers compute too.
const OUTPUT: &str = "by_town_sector.csv";
/// A year of readings; the shared description of the job counts 35,040 to a plant.
const DAYS: u32 = 365;
/// Turns off the search for keys that stand twice, which the peers' jobs do not make either.
const SKIP_KEYS: &str = "TANLIU_SKIP_KEYS";
/// How the engine is asked for where the binary would choose by itself.
const ENGINE_OPTION: &str = "--engine";
const OURS: &str = "tanliu";
const OURS_WITHOUT_KEYS: &str = "tanliu, keys not checked";

/// 选项 What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Options {
    plants: Vec<u32>,
    threads: Vec<u32>,
    rounds: usize,
    with_peers: bool,
    binary: Option<PathBuf>,
    spill: bool,
    series: bool,
}

/// Builds, prepares, measures, prints Markdown; fails if ours does not do its job.
pub(super) fn run(arguments: &[String]) -> TaskResult {
    let options = read_options(arguments)?;
    let binary = match &options.binary {
        Some(binary) => binary.clone(),
        None => process::build_tanliu(Profile::Fast)?,
    };
    let launcher = Launcher::new()?;
    if options.spill {
        for plants in &options.plants {
            let data = generate(&binary, *plants)?;
            let threads = options.threads.first().copied().unwrap_or(1);
            spilling::run(&launcher, &binary, &data, threads)?;
        }
        return Ok(());
    }
    let python = if options.with_peers { install() } else { None };
    if options.series {
        for plants in &options.plants {
            let data = generate(&binary, *plants)?;
            let how = (options.threads.first().copied().unwrap_or(1), options.rounds);
            series::run(&launcher, (&binary, python.as_deref()), &data, how)?;
        }
        return Ok(());
    }
    let engine = engine_words(&binary);
    let mut failed = Vec::new();
    for plants in &options.plants {
        let data = generate(&binary, *plants)?;
        for threads in &options.threads {
            let programs = programs(&binary, &engine, python.as_deref(), &data, *threads);
            let job = Job { plants: *plants, threads: *threads, rounds: options.rounds };
            if let Err(message) = job.run(&launcher, &programs) {
                println!("\nno figures for {plants} plants on {threads} threads: {message}");
                failed.push(format!("{plants} plants on {threads} threads"));
            }
        }
    }
    if let Err(message) = planning::run(&launcher, &binary, &engine) {
        println!("\nno figure for the planning of a document: {message}");
        failed.push("planning".to_owned());
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("not measured: {}", failed.join("; "))) }
}

/// 任务 One table of figures.
struct Job {
    plants: u32,
    threads: u32,
    rounds: usize,
}

impl Job {
    /// Proves every program's table, then runs those that are right in turn.
    fn run(&self, launcher: &Launcher, programs: &[Program]) -> TaskResult {
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let mut ours: Option<Table> = None;
        let mut right: Vec<&Program> = Vec::new();
        for program in programs {
            eprintln!("{} plants, {} threads: proving {}", self.plants, self.threads, program.name);
            let found = self.prove(launcher, program);
            match (found, &ours) {
                (Ok(table), None) => {
                    right.push(program);
                    ours = Some(table);
                }
                (Ok(table), Some(expected)) => {
                    // Two tables that differ are no measurement: one of them is wrong.
                    let differs = |message| format!("{} differs: {message}", program.name);
                    table.compare(expected).map_err(differs)?;
                    right.push(program);
                }
                (Err(message), None) => return Err(format!("{}: {message}", program.name)),
                (Err(message), Some(_)) => println!("skipped: {}: {message}", program.name),
            }
        }
        let mut runs: BTreeMap<&str, Vec<Run>> = BTreeMap::new();
        for round in 1..=self.rounds {
            eprintln!("round {round} of {}", self.rounds);
            for program in &right {
                let run = launcher.run(program, self.threads)?;
                runs.entry(program.name).or_default().push(run);
            }
        }
        let order: Vec<&str> = right.iter().map(|program| program.name).collect();
        let table = ours.unwrap_or_default();
        println!(
            "\n{} readings ({} plants × {DAYS} days), {} threads, {} rounds in turn; \
             load before: {}; {} rows, total {} t\n",
            u64::from(self.plants) * u64::from(DAYS) * 96,
            self.plants,
            self.threads,
            self.rounds,
            load.split(' ').next().unwrap_or("unknown"),
            table.rows(),
            table.total(),
        );
        print!("{}", report::figures(&order, &runs));
        Ok(())
    }

    /// Runs a program once, which also warms the files, and reads the table it wrote.
    fn prove(&self, launcher: &Launcher, program: &Program) -> Result<Table, String> {
        let answer = process::root().join(&program.answer);
        if answer.exists() {
            std::fs::remove_file(&answer).map_err(|e| format!("{}: {e}", answer.display()))?;
        }
        launcher.run(program, self.threads)?;
        Table::read(&answer)
    }
}

/// Ours in both ways, then the peers.
fn programs(
    binary: &Path,
    engine: &[String],
    python: Option<&str>,
    data: &str,
    threads: u32,
) -> Vec<Program> {
    let out = under_shown("engine-out");
    let mut words = vec![binary.to_string_lossy().into_owned()];
    words.extend(["run", DOCUMENT, "--data", data, "--out", &out].map(str::to_owned));
    words.extend(engine.iter().cloned());
    let plain = Program {
        name: OURS,
        words,
        environment: Vec::new(),
        answer: PathBuf::from(&out).join(OUTPUT),
    };
    let mut list = vec![plain.clone()];
    if knows_switch(binary) {
        list.push(Program {
            name: OURS_WITHOUT_KEYS,
            environment: vec![(SKIP_KEYS, "1")],
            ..plain
        });
    } else {
        println!("this build does not know {SKIP_KEYS}: the cost of the keys has no line");
    }
    for (name, script) in
        [("DuckDB", "district_duckdb.py"), ("Polars, streaming", "district_polars.py")]
    {
        let Some(python) = python else { continue };
        let answer = under_shown(&format!("{}.csv", script.trim_end_matches(".py")));
        let script = format!("xtask/peers/{script}");
        let words = [python, &script, data, &threads.to_string(), &answer].map(str::to_owned);
        let answer = PathBuf::from(&answer);
        list.push(Program { name, words: words.to_vec(), environment: Vec::new(), answer });
    }
    list
}

/// A document over the tables of a district; the formulas end its block.
fn district(name: &str, formulas: &str) -> String {
    format!(
        "---\nid: bench/{name}\nversion: \"1\"\ntitle: {name}\nkind: account\nstatus: illustration\n---\n
```tan
index plant : text
index instant : instant
index hour : hour
index month : month
index town : text
index sector = energy | industry | building | transport | agriculture | living
input power[plant, instant] : kWh >= 0
input town_of[plant] : town
input sector_of[plant] : sector
input ef[month] : kgCO2/kWh
{formulas}"
    )
}

/// The readings of a year, generated once.
fn generate(binary: &Path, plants: u32) -> Result<String, String> {
    let shown = under_shown(&format!("meters-{plants}"));
    let folder = process::root().join(&shown);
    // Written last: a folder without it was left half-done.
    if folder.join("plants.csv").is_file() {
        return Ok(shown);
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("{shown}: {error}"))?;
    }
    let (plants, days) = (plants.to_string(), DAYS.to_string());
    let mut command = process::tanliu(binary);
    command.args(["--lang", "en", "sample", "district", &shown]);
    command.args(["--plants", &plants, "--days", &days]);
    process::run(command)?;
    Ok(shown)
}

/// `--engine columnar`, where this binary has the option.
fn engine_words(binary: &Path) -> Vec<String> {
    let help = Command::new(binary).args(["run", "--help"]).output();
    let known =
        help.is_ok_and(|help| String::from_utf8_lossy(&help.stdout).contains(ENGINE_OPTION));
    if known {
        vec![ENGINE_OPTION.to_owned(), "columnar".to_owned()]
    } else {
        println!("`tanliu run` of this build has no {ENGINE_OPTION}: it runs as it chooses");
        Vec::new()
    }
}

/// Whether the binary asks for the switch: an environment variable that nobody reads would give a
/// line of figures that means nothing.
fn knows_switch(binary: &Path) -> bool {
    let bytes = std::fs::read(binary).unwrap_or_default();
    bytes.windows(SKIP_KEYS.len()).any(|window| window == SKIP_KEYS.as_bytes())
}

/// A Python with the peers' packages; none where they cannot be installed.
pub(super) fn install() -> Option<String> {
    let python = format!("{FOLDER}/district-peers/bin/python");
    let probe = "import duckdb, polars, pyarrow, numpy";
    let prepare = || {
        if peers::works(&[&python, "-c", probe]).is_err() {
            let folder = under_shown("district-peers");
            peers::works(&["python3", "-m", "venv", &folder])?;
            let install = ["-m", "pip", "install", "--quiet"];
            let packages = ["duckdb", "polars", "pyarrow", "numpy"];
            let mut words = vec![python.as_str()];
            words.extend(install);
            words.extend(packages);
            peers::works(&words)?;
        }
        let versions = "import duckdb, polars; print('DuckDB', duckdb.__version__ + ', Polars', \
                        polars.__version__)";
        super::measure::run_once(&[python.clone(), "-c".to_owned(), versions.to_owned()])
    };
    match prepare() {
        Ok(versions) => {
            println!("peers: {}", versions.trim());
            Some(python)
        }
        Err(reason) => {
            println!("skipped: the peers: {reason}");
            None
        }
    }
}

fn read_options(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options {
        plants: Vec::new(),
        threads: Vec::new(),
        rounds: 5,
        with_peers: true,
        binary: None,
        spill: false,
        series: false,
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut number = || {
            let value = words.next().ok_or_else(|| format!("{word} takes a number"))?;
            let number = value.parse::<u32>().ok().filter(|number| *number > 0);
            number.ok_or_else(|| format!("{word} takes a number above 0, not {value}"))
        };
        match word.as_str() {
            "--plants" => options.plants.push(number()?),
            "--threads" => options.threads.push(number()?),
            "--rounds" => options.rounds = number()? as usize,
            "--spill" => options.spill = true,
            "--series" => options.series = true,
            "--no-peers" => options.with_peers = false,
            "--binary" => options.binary = words.next().map(PathBuf::from),
            _ => return Err(format!("bench engine knows no {word}")),
        }
    }
    if options.plants.is_empty() {
        options.plants.push(1000);
    }
    if options.threads.is_empty() {
        options.threads.extend([2, 1]);
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::read_options;

    fn options(line: &str) -> Result<super::Options, String> {
        read_options(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_that_are_not_given_have_a_value() {
        let usual = options("").unwrap_or_else(|message| unreachable!("{message}"));
        assert_eq!((usual.plants, usual.threads, usual.rounds), (vec![1000], vec![2, 1], 5));
        let given = options("--plants 1000 --plants 3600 --threads 2 --rounds 3 --no-peers")
            .unwrap_or_else(|message| unreachable!("{message}"));
        assert_eq!((given.plants, given.threads), (vec![1000, 3600], vec![2]));
        assert!(!given.with_peers);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert_eq!(options("--plants"), Err("--plants takes a number".to_owned()));
        assert!(options("--plants 0").is_err_and(|message| message.contains("above 0")));
        assert!(options("--fast").is_err_and(|message| message.contains("--fast")));
    }
}
