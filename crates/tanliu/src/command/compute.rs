//! 求值 Which evaluator runs, how far it is, and how it is stopped.

use crate::arguments::{Engine, Format, Run};
use crate::failure::Failure;
use crate::screen::Screen;
use crate::session::{Bound, Session};
use crate::timing;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tanliu_diagnostic::Diagnostic;
use tanliu_engine::{
    EngineError, EngineOptions, Progress, StreamedTable, WideRun, run_in_memory, run_wide_streamed,
};
use tanliu_method::eval::{RunOptions, RunOutcome, run as interpret};

/// Rows of a batch read from files.
const BATCH_ROWS: usize = 32_768;
/// How often the line of progress changes.
const TICK: Duration = Duration::from_millis(250);

/// Why there is no outcome.
pub(crate) enum Refused {
    /// By what was found about the data.
    By(Vec<Diagnostic>),
    /// By what was asked.
    For(Failure),
}

/// What a run over wide tables may hold where `--memory` says nothing, in bytes.
const USUAL_MEMORY: u64 = 4_000_000_000;
/// Results at the grain of a wide table with more rows than this are written row by row.
const STREAM_ABOVE: u64 = 1_000_000;
/// Sets another number, to measure and to test.
const STREAM_ABOVE_NAME: &str = "TANLIU_STREAM_ABOVE";

/// What a computation came to.
pub(crate) struct Computed {
    pub(crate) outcome: RunOutcome,
    /// Results whose rows are still to be taken out, where they go to files.
    pub(crate) streamed: Vec<StreamedTable>,
    /// Which tells the streamed ones to stop.
    pub(crate) progress: Arc<Progress>,
}

impl Computed {
    fn of(outcome: RunOutcome) -> Self {
        Self { outcome, streamed: Vec::new(), progress: Arc::default() }
    }
}

/// 力量 What a run may take to compute; nothing of it shows in a figure.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Effort<'a> {
    /// Which evaluator was asked for.
    pub(crate) engine: Option<Engine>,
    /// How many threads work; default: as many as there are processors.
    pub(crate) threads: Option<usize>,
    /// How much memory, as written.
    pub(crate) memory: Option<&'a str>,
    /// Above how many rows results are streamed.
    pub(crate) stream_above: Option<u64>,
}

/// Computes with the evaluator that was asked for, or that fits the data. A screen is shown how
/// far it is.
pub(crate) fn compute(
    effort: &Effort<'_>,
    session: &Session,
    bound: &Bound,
    options: &RunOptions,
    screen: Option<&Screen>,
) -> Result<Computed, Refused> {
    let program = &session.checked.program;
    let (dataset, catalogue) = (&bound.dataset, &session.loaded.catalogue);
    let engine = engine_options(effort).map_err(Refused::For)?;
    if bound.wide.is_empty() {
        return match effort.engine {
            Some(Engine::Columnar) => run_in_memory(program, dataset, catalogue, options, &engine)
                .map(|(outcome, _)| Computed::of(outcome))
                .map_err(refused),
            _ => Ok(Computed::of(interpret(program, dataset, catalogue, options))),
        };
    }
    let progress = Arc::new(Progress::default());
    let shown = Shown::begin(bound, &progress, screen);
    let given = WideRun { program, dataset, catalogue, wide: &bound.wide };
    let ended = run_wide_streamed(given, options, &engine, &progress);
    shown.end();
    let planning = progress.planning_nanoseconds.load(Ordering::Relaxed);
    timing::tell("planning", Duration::from_nanos(planning));
    let ended = ended.map_err(refused)?;
    Ok(Computed { outcome: ended.outcome, streamed: ended.tables, progress })
}

/// Above how many rows results are streamed: where they go to files that can be written so, or only
/// their first rows are shown.
pub(crate) fn stream_above(wanted: &Run) -> Option<u64> {
    let streams = match wanted.format {
        None => true,
        Some(format) => wanted.out.is_some() && !matches!(format, Format::Json | Format::Xlsx),
    };
    let named = std::env::var(STREAM_ABOVE_NAME).ok().and_then(|text| text.parse().ok());
    (streams && !wanted.json).then(|| named.unwrap_or(STREAM_ABOVE))
}

fn refused(error: EngineError) -> Refused {
    Refused::By(error.findings())
}

fn engine_options(effort: &Effort<'_>) -> Result<EngineOptions, Failure> {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    let threads = effort.threads.unwrap_or(processors).max(1);
    let memory = match effort.memory {
        None => Some(USUAL_MEMORY),
        Some(text) => Some(bytes_of(text).ok_or_else(|| {
            Failure::new(format!("--memory {text} 不是大小"), format!("--memory {text} is no size"))
                .hint("写作 --memory 2GB 或 500MB", "write --memory 2GB or 500MB")
        })?),
    };
    Ok(EngineOptions {
        threads,
        batch_rows: BATCH_ROWS,
        parts: threads,
        memory,
        spill: tempfile::env::temp_dir(),
        stream_above: effort.stream_above,
        check_keys: std::env::var_os("TANLIU_SKIP_KEYS").is_none(),
        slice_rows: None,
    })
}

/// `2GB`, `500 MB`, `1048576`.
fn bytes_of(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_uppercase();
    let digits = text.trim_end_matches(|sign: char| sign.is_ascii_alphabetic() || sign == ' ');
    let factor = match text.get(digits.len()..)?.trim() {
        "" | "B" => 1,
        "K" | "KB" => 1_000,
        "M" | "MB" => 1_000_000,
        "G" | "GB" => 1_000_000_000,
        "KIB" => 1 << 10,
        "MIB" => 1 << 20,
        "GIB" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// The line that says how far a run is, where someone sees it; and the ear for Ctrl-C.
struct Shown {
    done: Arc<AtomicBool>,
    line: Option<std::thread::JoinHandle<()>>,
}

impl Shown {
    fn begin(bound: &Bound, progress: &Arc<Progress>, screen: Option<&Screen>) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(progress);
        // A second Ctrl-C ends the process at once, as without us.
        let _ = ctrlc::set_handler(move || {
            if stop.stop.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        });
        let Some(screen) = screen.filter(|_| std::io::stderr().is_terminal()) else {
            return Self { done, line: None };
        };
        let mut rows: u64 = 0;
        let mut seen: Vec<&str> = Vec::new();
        for input in &bound.wide {
            if !seen.contains(&input.table.shown.as_str()) {
                seen.push(&input.table.shown);
                rows += input.table.rows.unwrap_or(0);
            }
        }
        let word = screen.word("行", "rows").to_owned();
        let (finished, progress) = (Arc::clone(&done), Arc::clone(progress));
        let line = std::thread::spawn(move || {
            let mut told = false;
            loop {
                std::thread::park_timeout(TICK);
                if finished.load(Ordering::Relaxed) {
                    break;
                }
                let read = progress.rows.load(Ordering::Relaxed);
                let all = rows + progress.again.load(Ordering::Relaxed);
                let share = (read * 100).checked_div(all).unwrap_or(0).min(100);
                crate::screen::status(&format!("{read} {word} ({share} %)"));
                told = true;
            }
            if told {
                crate::screen::status("");
            }
        });
        Self { done, line: Some(line) }
    }

    fn end(self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(line) = self.line {
            line.thread().unpark();
            let _ = line.join();
        }
    }
}
