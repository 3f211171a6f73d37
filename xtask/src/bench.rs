//! 测量 How fast it is: whole processes on seeded inputs, beside peers that do the same job.
//!
//! Everything is measured from outside, as a user waits for it: wall time of whole processes (best
//! and median), and the processor time of all runs divided by their number. What a job runs is a
//! command line in [`jobs`]; change it there. Inputs and peers live under `target/bench/`.
//!
//! A program that does nothing is fast: so every answer is compared with the one computed here, and
//! a wrong answer has no time.

mod answer;
mod engine;
mod inputs;
mod measure;
mod peak;
mod peers;
mod readings;
mod uncertainty;

use crate::TaskResult;
use crate::process::{self, Profile};
use answer::Answer;
use measure::{Measured, measure, run_once};
use std::path::{Path, PathBuf};

/// Our binary's name in the tables.
const OURS: &str = "tanliu";
/// Where inputs, results and peers are, from the root.
const FOLDER: &str = "target/bench";
/// Rows of the large table.
const ROWS: u64 = 1_000_000;
/// Operations per row of the lighter and the heavier document over the large table; what the
/// difference costs is the interpreter's own pace, without reading the table.
const OPERATIONS: (u64, u64) = (10, 60);
/// Row-operations per second that the reference interpreter shall reach.
const PACE_TARGET: f64 = 5e6;

/// 任务 A thing to be done, by our binary and by peers.
struct Job {
    name: &'static str,
    about: String,
    runs: usize,
    /// What the median shall not exceed, in milliseconds.
    target_ms: Option<f64>,
    /// Arguments of our binary.
    ours: String,
    /// The total that every program must find, where the job computes one.
    total: Option<f64>,
    /// Others that do the same job.
    peers: Vec<Program>,
}

/// 程序 A program that does a job.
struct Program {
    name: &'static str,
    /// Its command line, from the root.
    words: Vec<String>,
    /// Where it leaves the total.
    answer: Answer,
}

/// One line of the result.
struct Line {
    job: String,
    program: &'static str,
    measured: Measured,
    target_ms: Option<f64>,
}

/// Builds, prepares, measures and prints Markdown. `--no-peers` leaves the peers out; other
/// arguments name the jobs to run; `engine`, `readings` and `uncertainty` are benches of their own.
pub(crate) fn run(arguments: &[String]) -> TaskResult {
    if let Some(("engine", rest)) =
        arguments.split_first().map(|(word, rest)| (word.as_str(), rest))
    {
        return engine::run(rest);
    }
    if arguments.first().is_some_and(|word| word == "uncertainty") {
        return uncertainty::run();
    }
    if let Some(("readings", rest)) =
        arguments.split_first().map(|(word, rest)| (word.as_str(), rest))
    {
        return readings::run(rest);
    }
    let binary = process::build_tanliu(Profile::Fast)?;
    inputs::write(&process::root().join(FOLDER), ROWS, OPERATIONS)?;
    let with_peers = !arguments.iter().any(|word| word == "--no-peers");
    let peers = if with_peers { peers::prepare() } else { peers::Peers::default() };
    for reason in &peers.skipped {
        println!("skipped: {reason}");
    }
    refuses_broken_document(&binary)?;
    let wanted: Vec<&String> = arguments.iter().filter(|word| !word.starts_with("--")).collect();
    let mut lines = Vec::new();
    for job in jobs(&peers) {
        if wanted.is_empty() || wanted.iter().any(|name| *name == job.name) {
            lines.extend(run_job(&binary, &job)?);
        }
    }
    print_lines(&lines);
    print_pace(&lines);
    Ok(())
}

/// The jobs. `{bench}` is the folder of inputs and results.
fn jobs(peers: &peers::Peers) -> Vec<Job> {
    let (light, heavy) = OPERATIONS;
    let rows = |operations: u64| {
        format!("run {{bench}}/rows-{operations}.md --data {{bench}}/rows.csv --out {{bench}}/out")
    };
    let rows_total = |operations: u64| Some(inputs::rows_total(ROWS, operations));
    vec![
        Job {
            name: "check-small",
            about: "check a document of 5 declarations".to_owned(),
            runs: 20,
            target_ms: Some(30.0),
            ours: "check {bench}/small.md".to_owned(),
            total: None,
            peers: Vec::new(),
        },
        Job {
            name: "run-small",
            about: "check and run it over 10 rows".to_owned(),
            runs: 20,
            target_ms: Some(30.0),
            ours: "run {bench}/small.md --data {bench}/small.csv --out {bench}/out".to_owned(),
            total: Some(inputs::small_total()),
            peers: peers.small(),
        },
        Job {
            name: "check-library",
            about: "check a library of 100 documents".to_owned(),
            runs: 10,
            target_ms: Some(300.0),
            ours: "check {bench}/library".to_owned(),
            total: None,
            peers: Vec::new(),
        },
        Job {
            name: "rows-light",
            about: format!("{ROWS} rows, {light} operations each"),
            runs: 3,
            target_ms: None,
            ours: rows(light),
            total: rows_total(light),
            peers: peers.rows(light),
        },
        Job {
            name: "rows-heavy",
            about: format!("{ROWS} rows, {heavy} operations each"),
            runs: 3,
            target_ms: None,
            ours: rows(heavy),
            total: rows_total(heavy),
            peers: peers.rows(heavy),
        },
    ]
}

/// A check that accepts everything would be fast as well.
fn refuses_broken_document(binary: &Path) -> TaskResult {
    let words =
        [binary.to_string_lossy().into_owned(), "check".to_owned(), under_shown("broken.md")];
    match run_once(&words) {
        Ok(_) => Err("`tanliu check` accepts a document that adds tonnes to hours".to_owned()),
        Err(_) => Ok(()),
    }
}

fn run_job(binary: &Path, job: &Job) -> Result<Vec<Line>, String> {
    let mut lines = vec![
        settle(&our_program(binary, job), job)
            .map_err(|message| format!("{}: {message}", job.name))?,
    ];
    for program in &job.peers {
        match settle(program, job) {
            Ok(line) => lines.push(Line { target_ms: None, ..line }),
            Err(message) => println!("skipped: {} on {}: {message}", program.name, job.name),
        }
    }
    Ok(lines)
}

fn our_program(binary: &Path, job: &Job) -> Program {
    let mut words = vec![binary.to_string_lossy().into_owned()];
    words.extend(process::words(&job.ours.replace("{bench}", FOLDER)));
    Program { name: OURS, words, answer: Answer::LastCell(under("out/total.csv")) }
}

/// Proves a program's answer, then measures it.
fn settle(program: &Program, job: &Job) -> Result<Line, String> {
    eprintln!("{}: {}, {} runs", job.name, program.name, job.runs);
    if let Some(total) = job.total {
        program.answer.forget()?;
        let printed = run_once(&program.words)?;
        program.answer.compare(&printed, total)?;
    }
    Ok(Line {
        job: job.about.clone(),
        program: program.name,
        measured: measure(&program.words, job.runs)?,
        target_ms: job.target_ms,
    })
}

fn print_lines(lines: &[Line]) {
    println!("\n| job | program | best ms | median ms | CPU ms | median ÷ ours | target |");
    println!("|---|---|---:|---:|---:|---:|---|");
    let mut ours = f64::NAN;
    for line in lines {
        let Measured { best_ms, median_ms, cpu_ms } = line.measured;
        if line.program == OURS {
            ours = median_ms;
        }
        let target = line.target_ms.map_or(String::new(), |target| {
            let word = if median_ms <= target { "met" } else { "missed" };
            format!("≤ {target} ms: {word}")
        });
        println!(
            "| {} | {} | {best_ms:.1} | {median_ms:.1} | {cpu_ms:.1} | {:.2} | {target} |",
            line.job,
            line.program,
            median_ms / ours
        );
    }
}

/// The interpreter's pace: further operations over the same rows, by the further time.
fn print_pace(lines: &[Line]) {
    let (light, heavy) = OPERATIONS;
    let best = |operations: u64| {
        let about = format!("{ROWS} rows, {operations} operations each");
        let own = |line: &&Line| line.program == OURS && line.job == about;
        lines.iter().find(own).map(|line| line.measured.best_ms)
    };
    let (Some(light_ms), Some(heavy_ms)) = (best(light), best(heavy)) else { return };
    let row_operations = (heavy - light) * ROWS;
    #[allow(clippy::cast_precision_loss, reason = "fifty million is far below 2^53")]
    let pace = row_operations as f64 / ((heavy_ms - light_ms) / 1000.0);
    let word = if pace >= PACE_TARGET { "met" } else { "missed" };
    println!(
        "\nReference interpreter: {:.1} million row-operations per second (target ≥ {:.0} million: \
         {word})",
        pace / 1e6,
        PACE_TARGET / 1e6
    );
}

/// The same path as a command line names it.
fn under_shown(relative: &str) -> String {
    format!("{FOLDER}/{relative}")
}

/// A path under the folder of the benchmark.
fn under(relative: &str) -> PathBuf {
    process::root().join(FOLDER).join(relative)
}
