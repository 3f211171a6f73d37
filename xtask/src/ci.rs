//! 持续集成 Everything that CI checks, in order, with times; what failed is named at the end.

use crate::process::{self, Profile};
use crate::{TaskResult, golden, reference, test, tidy, web};
use std::time::{Duration, Instant};

/// What the bounded fuzz run gets: a fixed seed, and so many seconds for all targets together.
const FUZZ_ARGUMENTS: &[&str] = &["--seed", "20240101", "--seconds", "60"];

struct Step {
    name: &'static str,
    run: fn() -> TaskResult,
}

const STEPS: &[Step] = &[
    Step { name: "fmt", run: format },
    // First of all that build: the binary holds the web app.
    Step { name: "web", run: || web::build().and_then(|()| web::check()) },
    Step { name: "clippy", run: clippy },
    Step { name: "tidy", run: || tidy::run(&[]) },
    Step { name: "test", run: || test::run(&["--profile".to_owned(), "ci".to_owned()]) },
    Step { name: "lint", run: lint },
    Step { name: "pages", run: pages },
    Step { name: "doc", run: document },
    Step { name: "golden", run: || golden::run(&[]) },
    Step { name: "reference", run: || reference::run(&["--check".to_owned()]) },
    Step { name: "journeys", run: web::journeys },
    Step { name: "fuzz", run: fuzz },
];

/// Runs all steps, or only those named, and fails if any of them did.
#[allow(clippy::disallowed_methods, reason = "the times are printed, they enter no result")]
pub(crate) fn run(arguments: &[String]) -> TaskResult {
    for name in arguments {
        if !STEPS.iter().any(|step| step.name == name) {
            let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
            return Err(format!("no step `{name}`; there are {}", known.join(", ")));
        }
    }
    let begin = Instant::now();
    let mut times = Vec::new();
    let mut failed = Vec::new();
    for step in STEPS {
        if !arguments.is_empty() && !arguments.iter().any(|name| name == step.name) {
            continue;
        }
        println!("\n=== {} ===", step.name);
        let step_begin = Instant::now();
        let outcome = (step.run)();
        times.push((step.name, step_begin.elapsed(), outcome.is_ok()));
        if let Err(message) = outcome {
            println!("{}: {message}", step.name);
            failed.push(step.name);
        }
    }
    print_times(&times, begin.elapsed());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

fn print_times(times: &[(&str, Duration, bool)], total: Duration) {
    println!("\n=== times ===");
    for (name, time, good) in times {
        let word = if *good { "" } else { "   FAILED" };
        println!("{name:<10} {:>7.1} s{word}", time.as_secs_f64());
    }
    println!("{:<10} {:>7.1} s", "total", total.as_secs_f64());
}

fn format() -> TaskResult {
    let mut command = process::cargo();
    command.args(["fmt", "--all", "--check"]);
    process::run(command)
}

fn clippy() -> TaskResult {
    let mut command = process::cargo();
    command.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    process::run(command)
}

/// Every document of the library passes its critical reader, or says why not.
fn lint() -> TaskResult {
    let binary = process::build_tanliu(Profile::Dev)?;
    let mut command = process::tanliu(&binary);
    command.args(["--lang", "en", "lint", "methods"]);
    process::run(command)
}

/// Every document of the library as a page, its examples computed on the way.
fn pages() -> TaskResult {
    let binary = process::build_tanliu(Profile::Dev)?;
    let folder = process::fresh_folder("target/pages")?;
    let documents = library_documents();
    if documents.is_empty() {
        return Err("methods: no documents".to_owned());
    }
    let mut faulty = Vec::new();
    for document in &documents {
        let name = document.replace('/', "-").replace(".md", ".html");
        let mut command = process::tanliu(&binary);
        command.arg("doc").arg(document).arg("-o").arg(folder.join(name));
        let output = command.output().map_err(|error| format!("tanliu doc: {error}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            faulty.push(format!("{document}\n{said}"));
        }
    }
    println!("{} pages", documents.len());
    if faulty.is_empty() { Ok(()) } else { Err(faulty.join("\n")) }
}

/// The documents of the library, from the root; those that are meant to be wrong and pages without a
/// program are none.
fn library_documents() -> Vec<String> {
    let files = process::files_under(&process::root().join("methods"));
    let is_document = |file: &String| {
        let (folders, name) = file.rsplit_once('/').unwrap_or(("", file));
        name.ends_with(".md") && name != "README.md" && !folders.split('/').any(|f| f == "bad")
    };
    files.into_iter().filter(is_document).map(|file| format!("methods/{file}")).collect()
}

fn document() -> TaskResult {
    let mut command = process::cargo();
    command.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings");
    process::run(command)
}

/// The fuzz targets on the stable toolchain: the same bodies under our own bounded mutator, for CI
/// has no nightly compiler.
fn fuzz() -> TaskResult {
    let mut command = process::cargo();
    command.args(["run", "--quiet", "--manifest-path", "fuzz/Cargo.toml"]);
    command.args(["--no-default-features", "--bin", "bounded", "--"]).args(FUZZ_ARGUMENTS);
    process::run(command)
}
