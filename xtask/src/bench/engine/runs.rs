//! 运行 One run of a program as a whole process: wall, processor time, peak memory.

use super::super::{measure, under, under_shown};
use crate::process;
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Where a run's output goes; its end is shown if it fails.
pub(super) const HEARD: &str = "engine-run.txt";

/// 程序 A program that does the job.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) name: &'static str,
    /// Its command line, from the root.
    pub(super) words: Vec<String>,
    /// What is set for it alone.
    pub(super) environment: Vec<(&'static str, &'static str)>,
    /// The table it writes, from the root.
    pub(super) answer: PathBuf,
}

/// 一次运行 What a run took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    pub(super) wall_s: f64,
    /// User and system.
    pub(super) cpu_s: f64,
    /// Highest resident memory.
    pub(super) peak_mb: f64,
}

/// 启动器 Starts programs on so many processors, by `xtask/peers/measured.py`: the peak of a single
/// child is what only `wait4` tells, and the standard library does not call it.
#[derive(Debug)]
pub(super) struct Launcher {
    processors: u32,
}

impl Launcher {
    /// A launcher, if there is a Python on Linux.
    pub(super) fn new() -> Result<Self, String> {
        let probe = "import os; print(len(os.sched_getaffinity(0)))";
        let words = ["python3", "-c", probe].map(str::to_owned);
        let printed = measure::run_once(&words).map_err(|message| {
            format!("runs are measured by python3 on Linux, and that fails here: {message}")
        })?;
        let processors = printed.trim().parse().map_err(|_| format!("no number: {printed}"))?;
        std::fs::create_dir_all(under("")).map_err(|error| format!("target/bench: {error}"))?;
        Ok(Self { processors })
    }

    /// Runs a program to its end.
    pub(super) fn run(&self, program: &Program, threads: u32) -> Result<Run, String> {
        if threads > self.processors {
            return Err(format!("this machine has {} processors", self.processors));
        }
        let mut command = Command::new("python3");
        command.current_dir(process::root()).stdin(Stdio::null()).env("NO_COLOR", "1");
        command.args(["xtask/peers/measured.py", &threads.to_string(), &under_shown(HEARD)]);
        command.args(&program.words).envs(program.environment.iter().copied());
        let output = command.output().map_err(|error| format!("cannot run python3: {error}"))?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr);
            return Err(message.trim().lines().last().unwrap_or("the launcher fails").to_owned());
        }
        let heard = std::fs::read_to_string(under(HEARD)).unwrap_or_default();
        read_run(&String::from_utf8_lossy(&output.stdout), &heard)
    }
}

/// Reads the launcher's line; a program that failed has no figures but its last words.
fn read_run(line: &str, heard: &str) -> Result<Run, String> {
    let value: Value = serde_json::from_str(line)
        .map_err(|error| format!("the launcher prints {line}: {error}"))?;
    let number = |name: &str| value.get(name).and_then(Value::as_f64).ok_or(name.to_owned());
    let code = number("code")?;
    if code != 0.0 {
        let lines: Vec<&str> = heard.trim().lines().collect();
        let last = lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n  ");
        return Err(format!("it ends with code {code}:\n  {last}"));
    }
    Ok(Run {
        wall_s: number("wall_s")?,
        cpu_s: number("cpu_s")?,
        peak_mb: number("peak_bytes")? / 1e6,
    })
}

#[cfg(test)]
mod tests {
    use super::{Run, read_run};

    #[test]
    fn a_run_that_failed_has_no_figures() {
        let line = r#"{"code": 0, "wall_s": 0.5, "cpu_s": 0.25, "peak_bytes": 2000000, "cpus": 2}"#;
        let run = Run { wall_s: 0.5, cpu_s: 0.25, peak_mb: 2.0 };
        assert_eq!(read_run(line, ""), Ok(run));
        let message = read_run(&line.replace("\"code\": 0", "\"code\": 1"), "first\nno memory\n");
        assert!(message.is_err_and(|message| message.contains("no memory")));
        assert!(read_run("", "").is_err());
    }
}
