//! 峰值内存 One run of a command with its peak of resident memory, as `/proc` shows it.

use crate::process;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// 一次运行 Wall time and peak memory of one run, and what it printed.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    /// Milliseconds.
    pub(super) wall_ms: f64,
    /// Mebibytes; 0 where there is no `/proc`.
    pub(super) peak_mib: f64,
    /// Standard output.
    pub(super) printed: String,
}

/// Runs a command and looks at its peak every five milliseconds.
#[allow(clippy::disallowed_methods, reason = "to measure time is what this file is for")]
pub(super) fn watch(words: &[String]) -> Result<Watched, String> {
    let (program, arguments) = words.split_first().ok_or("no command")?;
    let begin = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(process::root())
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0.0_f64;
    loop {
        let ended = child.try_wait().map_err(|error| error.to_string())?;
        if ended.is_some() {
            break;
        }
        peak_kib = peak_kib.max(high_water(&status));
        std::thread::sleep(Duration::from_millis(5));
    }
    let wall_ms = begin.elapsed().as_secs_f64() * 1000.0;
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("{program}: {}", output.status));
    }
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(Watched { wall_ms, peak_mib: peak_kib / 1024.0, printed })
}

/// `VmHWM:   12345 kB`
fn high_water(status: &str) -> f64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::watch;

    #[test]
    fn a_run_has_a_peak_and_an_output() {
        let words = ["sh", "-c", "sleep 0.05; echo done"].map(String::from);
        let watched = watch(&words).unwrap_or(super::Watched {
            wall_ms: 0.0,
            peak_mib: 0.0,
            printed: String::new(),
        });
        assert_eq!(watched.printed, "done\n");
        assert!(watched.wall_ms >= 50.0);
    }
}
