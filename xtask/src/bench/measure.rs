//! 计时 Wall and processor time of whole processes, with nothing but the standard library.

use crate::process;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Ticks per second in `/proc/self/stat`: Linux shows 100 to every program, whatever it uses.
const TICKS_PER_SECOND: f64 = 100.0;

/// 测得 Times of one run of a command, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    /// The shortest wall time.
    pub(super) best_ms: f64,
    /// The middle one.
    pub(super) median_ms: f64,
    /// Processor time, user and system, on average.
    pub(super) cpu_ms: f64,
}

/// Runs a command once to warm the caches, then `runs` times.
#[allow(clippy::disallowed_methods, reason = "to measure time is what this file is for")]
pub(super) fn measure(words: &[String], runs: usize) -> Result<Measured, String> {
    run_once(words)?;
    let cpu_before = children_ms();
    let mut times = Vec::new();
    for _ in 0..runs {
        let begin = Instant::now();
        run_once(words)?;
        times.push(begin.elapsed().as_secs_f64() * 1000.0);
    }
    let cpu = children_ms() - cpu_before;
    times.sort_by(f64::total_cmp);
    let best_ms = times.first().copied().unwrap_or(f64::NAN);
    let median_ms = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
    #[allow(clippy::cast_precision_loss, reason = "a handful of runs")]
    let cpu_ms = cpu / runs as f64;
    Ok(Measured { best_ms, median_ms, cpu_ms })
}

/// Runs a command silently and returns what it printed.
pub(super) fn run_once(words: &[String]) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("no command")?;
    let output = Command::new(program)
        .args(arguments)
        .current_dir(process::root())
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}: {}", output.status, message.lines().last().unwrap_or_default()))
}

/// Processor time of all children that ended so far; 0 where there is no `/proc`.
///
/// The kernel adds up nanoseconds and shows ticks of 10 ms, so a batch of runs is exact to 10 ms.
pub(super) fn children_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in parentheses and may hold blanks.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: f64 = fields
        .split_whitespace()
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    ticks / TICKS_PER_SECOND * 1000.0
}

#[cfg(test)]
mod tests {
    use super::{children_ms, measure};

    #[test]
    fn a_busy_child_costs_processor_time() {
        let busy = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done";
        let words = ["sh", "-c", busy].map(String::from);
        let before = children_ms();
        let measured = measure(&words, 3).unwrap_or(super::Measured {
            best_ms: f64::NAN,
            median_ms: f64::NAN,
            cpu_ms: f64::NAN,
        });
        assert!(measured.best_ms > 0.0 && measured.best_ms <= measured.median_ms, "{measured:?}");
        assert!(children_ms() >= before);
    }

    #[test]
    fn a_failing_command_is_an_error_with_its_last_line() {
        let words = ["sh", "-c", "echo first >&2; echo last >&2; exit 3"].map(String::from);
        let message = measure(&words, 1).err().unwrap_or_default();
        assert!(message.contains('3') && message.ends_with("last"), "{message}");
    }
}
