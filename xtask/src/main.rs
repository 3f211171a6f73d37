//! 任务 The project's tasks, written in its own language: `cargo xtask` lists them.
//!
//! Each task is one module with one public `run`. A task prints what it does, runs everything it
//! can, and names at the end whatever failed. Nothing here is part of the product.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to a terminal")]

mod bench;
mod ci;
mod demo;
mod golden;
mod process;
mod province;
mod reference;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

/// 任务结果 Nothing on success; on failure one line (or several) that names what failed.
type TaskResult = Result<(), String>;

/// 任务 A task: its name, what it does, its entry.
struct Task {
    name: &'static str,
    about: &'static str,
    run: fn(&[String]) -> TaskResult,
}

const TASKS: &[Task] = &[
    Task {
        name: "demo",
        about: "the example province, a month of meters, then the platform in the browser  [--plants N]",
        run: demo::run,
    },
    Task {
        name: "test",
        about: "all tests, then the document suites  [--code | --documents] [RUNNER ARGS]",
        run: test::run,
    },
    Task {
        name: "web",
        about: "the web app: build it, check it, try it in a browser  [build | check | journeys]",
        run: web::run,
    },
    Task { name: "ci", about: "everything CI checks, with times  [STEP…]", run: ci::run },
    Task { name: "tidy", about: "the layout rules of STYLE.md", run: tidy::run },
    Task {
        name: "golden",
        about: "examples/*/expected and methods/bad/*.expected.txt  [--accept]",
        run: golden::run,
    },
    Task {
        name: "reference",
        about: "write the generated pages: docs/reference, methods/README.md  [--check]",
        run: reference::run,
    },
    Task {
        name: "prepare-balance",
        about: "tidy tables from a published energy balance  INPUT.csv OUTDIR --year YEAR",
        run: province::prepare,
    },
    Task {
        name: "compare-ceads",
        about: "results beside the published inventory  RESULTS CEADS.csv OUTDIR",
        run: province::compare,
    },
    Task {
        name: "bench",
        about: "measure speed, with peers  [JOB… | engine [--plants N]…] [--no-peers]",
        run: bench::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let task = arguments.first().and_then(|name| TASKS.iter().find(|task| task.name == name));
    let Some(task) = task else {
        print_tasks();
        return ExitCode::from(2);
    };
    let rest = arguments.get(1..).unwrap_or_default();
    match (task.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\ncargo xtask {}: {message}", task.name);
            ExitCode::FAILURE
        }
    }
}

fn print_tasks() {
    println!("usage: cargo xtask TASK\n");
    for task in TASKS {
        println!("  {:<16} {}", task.name, task.about);
    }
}
