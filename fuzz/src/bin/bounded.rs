//! 有界模糊测试 The fuzz targets on the stable compiler: fixed seed, bounded time and memory.
//!
//! `bounded [--seed N] [--seconds S | --iterations N] [TARGET…]` tries all targets, or those named;
//! `bounded --input FILE TARGET` tries one file. An input that panics, takes too long or too much
//! memory is kept in `fuzz/artifacts/`, and the exit code is 1. One that overflows the stack ends
//! the process; it is then in `fuzz/artifacts/current-TARGET`.

use std::io::{Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tanliu_fuzz::mutate::{Random, input};
use tanliu_fuzz::targets::{ALL, Target};

/// The longest that one input may take, on a slow machine with an unoptimised build.
const SECONDS_PER_INPUT_MAX: u64 = 10;
/// What the whole process may use at its peak.
const PEAK_KIB_MAX: u64 = 2 << 20;
/// The stack of a thread of a server; a reader must not need more.
const STACK_BYTES: usize = 2 << 20;

/// What the last panic said. One that the code under test catches itself is no failure, so it is
/// not printed at once.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

struct Options {
    seed: u64,
    seconds: Option<u64>,
    iterations: Option<u64>,
    input: Option<PathBuf>,
    targets: Vec<String>,
}

fn main() -> ExitCode {
    let options = match read_options() {
        Ok(options) => options,
        Err(message) => {
            eprintln!("bounded: {message}");
            return ExitCode::from(2);
        }
    };
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut last) = LAST_PANIC.lock() {
            *last = panic.to_string().replace('\n', " ");
        }
    }));
    let wanted: Vec<(&str, Target)> = ALL
        .into_iter()
        .filter(|(name, _)| options.targets.is_empty() || options.targets.iter().any(|t| t == name))
        .collect();
    let share =
        Duration::from_secs(options.seconds.unwrap_or(u64::MAX)) / wanted.len().max(1) as u32;
    let mut failed = 0;
    for (name, target) in &wanted {
        let outcome = std::thread::scope(|scope| {
            let work = || run(name, *target, &options, share);
            std::thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, work)
                .map(|thread| thread.join())
        });
        match outcome {
            Ok(Ok(Ok(iterations))) => println!("{name}: {iterations} inputs, none failed"),
            Ok(Ok(Err(message))) => {
                println!("{name}: {message}");
                failed += 1;
            }
            _ => {
                println!("{name}: the runner itself failed");
                failed += 1;
            }
        }
    }
    println!("{failed} of {} targets failed", wanted.len());
    if failed == 0 && !wanted.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read_options() -> Result<Options, String> {
    let mut options =
        Options { seed: 1, seconds: None, iterations: None, input: None, targets: Vec::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || -> Result<u64, String> {
            let text = words.next().unwrap_or_default();
            text.parse().map_err(|_| format!("{word} needs a number, not `{text}`"))
        };
        match word.as_str() {
            "--seed" => options.seed = number()?,
            "--seconds" => options.seconds = Some(number()?),
            "--iterations" => options.iterations = Some(number()?),
            "--input" => options.input = words.next().map(PathBuf::from),
            name if ALL.iter().any(|(known, _)| *known == name) => options.targets.push(word),
            other => return Err(format!("unknown argument or target `{other}`")),
        }
    }
    if options.seconds.is_none() && options.iterations.is_none() {
        options.iterations = Some(10_000);
    }
    Ok(options)
}

/// Tries a target until its share of the time or its iterations are used up.
fn run(name: &str, target: Target, options: &Options, share: Duration) -> Result<u64, String> {
    if let Some(path) = &options.input {
        let data = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        return attempt(target, &data).map(|()| 1);
    }
    let base = Path::new(env!("CARGO_MANIFEST_DIR"));
    let seeds = read_seeds(&base.join("corpus").join(name))?;
    let artifacts = base.join("artifacts");
    std::fs::create_dir_all(&artifacts).map_err(|error| error.to_string())?;
    let current_path = artifacts.join(format!("current-{name}"));
    let mut current = std::fs::File::create(&current_path).map_err(|error| error.to_string())?;
    let mut random = Random::new(options.seed);
    let begin = Instant::now();
    let mut iteration = 0;
    while options.iterations.is_none_or(|limit| iteration < limit) && begin.elapsed() < share {
        // The seeds themselves come first.
        let data = match seeds.get(iteration as usize) {
            Some(seed) => seed.clone(),
            None => input(&seeds, &mut random),
        };
        keep(&mut current, &data).map_err(|error| error.to_string())?;
        if let Err(message) = attempt(target, &data) {
            let kept = artifacts.join(format!("{name}-{}-{iteration}", options.seed));
            std::fs::write(&kept, &data).map_err(|error| error.to_string())?;
            return Err(format!("input {iteration}: {message}; kept in {}", kept.display()));
        }
        iteration += 1;
    }
    drop(current);
    let _ = std::fs::remove_file(&current_path);
    Ok(iteration)
}

/// Writes the input down first: a stack overflow leaves no time for it afterwards.
fn keep(file: &mut std::fs::File, data: &[u8]) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(data)?;
    file.set_len(data.len() as u64)
}

fn attempt(target: Target, data: &[u8]) -> Result<(), String> {
    let begin = Instant::now();
    catch_unwind(AssertUnwindSafe(|| target(data))).map_err(|_| {
        LAST_PANIC.lock().map_or_else(|_| "a panic".to_owned(), |last| last.clone())
    })?;
    let seconds = begin.elapsed().as_secs();
    if seconds >= SECONDS_PER_INPUT_MAX {
        return Err(format!("it took {seconds} s"));
    }
    match peak_kib() {
        Some(peak) if peak > PEAK_KIB_MAX => Err(format!("memory rose to {} MiB", peak >> 10)),
        _ => Ok(()),
    }
}

/// The process's highest resident memory so far.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

fn read_seeds(folder: &Path) -> Result<Vec<Vec<u8>>, String> {
    let shown = folder.display();
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{shown}: {error}"))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().filter_map(|path| std::fs::read(path).ok()).collect();
    if seeds.is_empty() { Err(format!("{shown}: no seed")) } else { Ok(seeds) }
}
