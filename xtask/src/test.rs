//! 测试 All tests: the code's by nextest (or cargo test), the documents' by `tanliu test methods`.

use crate::TaskResult;
use crate::process::{self, Profile};

/// 计数 How many tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    passed: u64,
    failed: u64,
}

/// Runs the code's tests, then every worked example of the library; `--code` or `--documents` runs
/// one half. Other arguments go to the code's runner. Closes with `N passed, N failed`, counted by
/// the runners themselves.
pub(crate) fn run(arguments: &[String]) -> TaskResult {
    let only_code = arguments.iter().any(|word| word == "--code");
    let only_documents = arguments.iter().any(|word| word == "--documents");
    let rest: Vec<&String> =
        arguments.iter().filter(|word| *word != "--code" && *word != "--documents").collect();
    let mut total = Count::default();
    let mut broken = Vec::new();
    let mut settle = |name: &str, outcome: Result<(bool, String), String>| match outcome {
        Ok((good, heard)) => {
            let counted = count(&heard);
            total.add(counted);
            if !good {
                broken.push(name.to_owned());
            } else if counted == Count::default() {
                // A runner that found nothing to run must not pass for one that passed.
                broken.push(format!("{name} (no test was run)"));
            }
        }
        Err(message) => {
            eprintln!("{message}");
            broken.push(name.to_owned());
        }
    };
    if !only_documents {
        settle("the code's tests", run_code(&rest));
    }
    if !only_code {
        settle("the document suites", run_documents());
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if broken.is_empty() { Ok(()) } else { Err(format!("failed: {}", broken.join(", "))) }
}

fn run_code(rest: &[&String]) -> Result<(bool, String), String> {
    let mut command = process::cargo();
    if process::has_cargo_command("nextest") {
        command.args(["nextest", "run", "--workspace", process::colour_argument()]).args(rest);
    } else {
        println!("cargo-nextest is not installed: cargo test does it, with fewer comforts");
        command.args(["test", "--workspace", "--no-fail-fast", process::colour_argument()]);
        command.args(without_nextest_profile(rest));
    }
    process::run_and_listen(command)
}

/// `--profile ci` names a nextest profile; to cargo test it would mean a build profile.
fn without_nextest_profile<'a>(rest: &[&'a String]) -> Vec<&'a String> {
    let mut kept = Vec::new();
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        if *word == "--profile" {
            words.next();
        } else {
            kept.push(*word);
        }
    }
    kept
}

fn run_documents() -> Result<(bool, String), String> {
    let binary = process::build_tanliu(Profile::Dev)?;
    println!("\ntanliu test methods --engine both");
    let mut command = process::tanliu(&binary);
    command.args(["--lang", "en", "test", "methods", "--engine", "both"]);
    process::run_and_listen(command)
}

impl Count {
    fn add(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Adds up the closing lines of nextest (`Summary … 3 passed, 1 failed`), of each binary of cargo
/// test (`test result: … 3 passed; 1 failed`) and of our own runner (`3 passed, 1 failed`).
pub(crate) fn count(heard: &str) -> Count {
    let mut total = Count::default();
    for line in heard.lines() {
        let line = without_colours(line);
        let own = line.starts_with(|first: char| first.is_ascii_digit());
        let closing = line.trim_start().starts_with("Summary [")
            || line.starts_with("test result:")
            || (own && line.contains(" passed, "));
        if closing {
            total.passed += number_before(&line, " passed");
            total.failed += number_before(&line, " failed");
            total.failed += number_before(&line, " timed out");
        }
    }
    total
}

/// The number that stands right before `word`; 0 if there is none.
fn number_before(line: &str, word: &str) -> u64 {
    let Some((before, _)) = line.split_once(word) else { return 0 };
    let start = before.rfind(|letter: char| !letter.is_ascii_digit()).map_or(0, |at| at + 1);
    before.get(start..).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// A line without the terminal's colour codes.
fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut pieces = line.split('\u{1b}');
    plain.extend(pieces.next());
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Count, count, without_nextest_profile};

    #[test]
    fn counts_are_taken_from_the_runners_own_closing_lines() {
        let nextest =
            "     Summary [   0.021s] 9 tests run: 7 passed, 1 failed, 1 timed out, 3 skipped";
        assert_eq!(count(nextest), Count { passed: 7, failed: 2 });
        let coloured = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.02s] \u{1b}[1m4\u{1b}[0m tests run: \
                        \u{1b}[1m4\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped";
        assert_eq!(count(coloured), Count { passed: 4, failed: 0 });
        let cargo = "test result: ok. 3 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 2 failed;";
        assert_eq!(count(cargo), Count { passed: 4, failed: 2 });
        assert_eq!(
            count("methods/a.md: 3 of 3\n12 passed, 0 failed"),
            Count { passed: 12, failed: 0 }
        );
    }

    #[test]
    fn a_nextest_profile_is_not_handed_to_cargo_test() {
        let words: Vec<String> = ["--profile", "ci", "-p", "xtask"].map(String::from).to_vec();
        let kept = without_nextest_profile(&words.iter().collect::<Vec<_>>());
        assert_eq!(kept, ["-p", "xtask"]);
    }
}
