//! 黄金文件 Recorded outputs: every example's results and every bad document's messages.
//!
//! `examples/NAME/run.txt` holds one command line of `tanliu` arguments per line, run at the
//! repository's root; `{out}` stands for the folder of results. A line that begins with `#` says
//! what the next command does; one that begins with `!` must be refused (exit code 1). What a
//! command prints is kept beside the files it writes, as `N-COMMAND.txt`, and all of it is compared
//! with `examples/NAME/expected/` byte by byte.
//!
//! `methods/bad/NAME.md` must be refused (or warned of) by `tanliu check`, with the messages of
//! `methods/bad/NAME.expected.txt`, in English and in Chinese.

use crate::TaskResult;
use crate::process::{self, Profile};
use std::collections::BTreeMap;
use std::path::Path;

/// 步骤 One command line of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// What the comments before it say.
    pub(crate) remarks: Vec<String>,
    /// The arguments as written, with `{out}`.
    pub(crate) line: String,
    /// From 1.
    pub(crate) number: usize,
    /// 0, or 1 where a refusal is what the example shows.
    pub(crate) expected_code: i32,
}

/// 结局 What a command did.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Standard output, then standard error; the folder of results is written `{out}` again.
    pub(crate) output: String,
    /// Its exit code; -1 if a signal ended it.
    pub(crate) code: i32,
}

/// Compares (or with `--accept` rewrites) every recorded output.
pub(crate) fn run(arguments: &[String]) -> TaskResult {
    let accept = arguments.iter().any(|word| word == "--accept");
    let binary = process::build_tanliu(Profile::Dev)?;
    let mut differences = Vec::new();
    let mut compared = 0;
    for name in example_names() {
        differences.extend(settle_example(&binary, &name, accept)?);
        compared += 1;
    }
    let (bad, found) = settle_bad_documents(&binary, accept)?;
    differences.extend(found);
    println!("golden: {compared} examples and {bad} bad documents compared");
    if differences.is_empty() {
        return Ok(());
    }
    for difference in &differences {
        println!("  {difference}");
    }
    Err(format!(
        "{} differences; look at them, then `cargo xtask golden --accept`",
        differences.len()
    ))
}

fn example_names() -> Vec<String> {
    let folder = process::root().join("examples");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().join("run.txt").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The steps of `EXAMPLE/run.txt`.
pub(crate) fn read_steps(example: &str) -> Result<Vec<Step>, String> {
    let path = format!("{example}/run.txt");
    let text = std::fs::read_to_string(process::root().join(&path))
        .map_err(|error| format!("{path}: {error}"))?;
    let steps = parse_steps(&text);
    if steps.is_empty() { Err(format!("{path} holds no command")) } else { Ok(steps) }
}

/// The commands of a text, each with the comments before it.
pub(crate) fn parse_steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut remarks = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(remark) = line.strip_prefix('#') {
            remarks.push(remark.trim().to_owned());
            continue;
        }
        let (line, expected_code) = match line.strip_prefix('!') {
            Some(rest) => (rest.trim(), 1),
            None => (line, 0),
        };
        steps.push(Step {
            remarks: std::mem::take(&mut remarks),
            line: line.to_owned(),
            number: steps.len() + 1,
            expected_code,
        });
    }
    steps
}

impl Step {
    /// The arguments as a person would type them.
    pub(crate) fn shown(&self, folder: &str) -> String {
        self.line.replace("{out}", folder)
    }

    /// `1-run.txt`: where what it printed is kept.
    fn file(&self) -> String {
        let command = process::words(&self.line).into_iter().find(|word| !word.starts_with('-'));
        format!("{}-{}.txt", self.number, command.unwrap_or_default())
    }
}

/// Runs one step with its results in `folder` (relative to the root) and keeps what it printed.
pub(crate) fn perform(binary: &Path, step: &Step, folder: &str) -> Result<Outcome, String> {
    let shown = step.shown(folder);
    let mut command = process::tanliu(binary);
    command.args(process::words(&shown));
    let outcome = listen(command, folder)?;
    let kept = process::root().join(folder).join(step.file());
    std::fs::write(&kept, &outcome.output).map_err(|error| format!("{}: {error}", step.file()))?;
    Ok(outcome)
}

fn listen(mut command: std::process::Command, folder: &str) -> Result<Outcome, String> {
    let name = process::shown(&command);
    let output = command.output().map_err(|error| format!("cannot run {name}: {error}"))?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    if !folder.is_empty() {
        text = text.replace(folder, "{out}");
    }
    Ok(Outcome { output: text, code: output.status.code().unwrap_or(-1) })
}

fn settle_example(binary: &Path, name: &str, accept: bool) -> Result<Vec<String>, String> {
    let example = format!("examples/{name}");
    let results = format!("target/golden/{name}");
    let folder = process::fresh_folder(&results)?;
    let mut differences = Vec::new();
    for step in read_steps(&example)? {
        let outcome = perform(binary, &step, &results)?;
        if outcome.code != step.expected_code {
            differences.push(format!(
                "{example}/run.txt: command {} ended with code {} instead of {}:\n{}",
                step.number, outcome.code, step.expected_code, outcome.output
            ));
        }
    }
    let expected = process::root().join(&example).join("expected");
    if accept && differences.is_empty() {
        rewrite(&folder, &expected)?;
    } else {
        differences.extend(compare(&read_all(&expected), &read_all(&folder), &example));
    }
    Ok(differences)
}

fn rewrite(results: &Path, expected: &Path) -> TaskResult {
    if expected.exists() {
        std::fs::remove_dir_all(expected).map_err(|error| error.to_string())?;
    }
    for (file, bytes) in read_all(results) {
        let target = expected.join(&file);
        let parent = target.parent().unwrap_or(expected);
        std::fs::create_dir_all(parent).map_err(|error| format!("{file}: {error}"))?;
        std::fs::write(&target, bytes).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(())
}

fn read_all(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    process::files_under(folder)
        .into_iter()
        .map(|file| {
            let bytes = std::fs::read(folder.join(&file)).unwrap_or_default();
            (file, bytes)
        })
        .collect()
}

/// What differs between the recorded and the new files, one line each.
fn compare(
    expected: &BTreeMap<String, Vec<u8>>,
    found: &BTreeMap<String, Vec<u8>>,
    example: &str,
) -> Vec<String> {
    let mut differences = Vec::new();
    for (file, bytes) in expected {
        match found.get(file) {
            None => differences.push(format!("{example}/expected/{file}: no longer written")),
            Some(new) if new != bytes => differences
                .push(format!("{example}/expected/{file}{}", first_difference(bytes, new))),
            Some(_) => {}
        }
    }
    for file in found.keys().filter(|file| !expected.contains_key(*file)) {
        differences.push(format!("{example}/expected/{file}: new"));
    }
    differences
}

/// `:12: expected …, found …` for texts; the lengths for anything else.
fn first_difference(expected: &[u8], found: &[u8]) -> String {
    let (Ok(old), Ok(new)) = (std::str::from_utf8(expected), std::str::from_utf8(found)) else {
        return format!(": expected {} bytes, found {} others", expected.len(), found.len());
    };
    let mut lines = (old.lines(), new.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (lines.0.next(), lines.1.next()) {
            (None, None) => return ": line ends differ".to_owned(),
            (left, right) if left != right => {
                let shown = |line: Option<&str>| {
                    line.map_or("the end of the file".to_owned(), |line| format!("`{line}`"))
                };
                return format!(
                    ":{number}:\n    expected {}\n    found    {}",
                    shown(left),
                    shown(right)
                );
            }
            _ => {}
        }
    }
}

/// Compares the messages about every document of `methods/bad`; returns how many there are.
fn settle_bad_documents(binary: &Path, accept: bool) -> Result<(usize, Vec<String>), String> {
    let folder = process::root().join("methods/bad");
    let files = process::files_under(&folder);
    let mut differences = Vec::new();
    let mut count = 0;
    for file in files.iter().filter(|file| file.ends_with(".md") && !file.ends_with("README.md")) {
        count += 1;
        let document = format!("methods/bad/{file}");
        let mut record = String::new();
        let mut refused = true;
        for language in ["en", "zh"] {
            let mut command = process::tanliu(binary);
            command.args(["check", "--lang", language, &document]);
            let shown = process::shown(&command);
            let outcome = listen(command, "")?;
            record.push_str(&format!("$ {shown}\n{}", outcome.output));
            // A document may also be bad enough only to be warned of.
            let tells = |word| outcome.output.contains(word);
            let warned = outcome.code == 0 && (tells("warning[") || tells("警告["));
            if outcome.code != 1 && !warned {
                refused = false;
                let code = outcome.code;
                differences.push(format!("{document}: must be refused or warned of, not {code}"));
            }
        }
        let recorded = folder.join(file.replace(".md", ".expected.txt"));
        let old = std::fs::read(&recorded).unwrap_or_default();
        if old == record.as_bytes() {
            continue;
        }
        if accept && refused {
            std::fs::write(&recorded, &record).map_err(|error| format!("{document}: {error}"))?;
        } else {
            let difference = first_difference(&old, record.as_bytes());
            differences.push(format!("{document} (its .expected.txt){difference}"));
        }
    }
    for file in files.iter().filter(|file| file.ends_with(".expected.txt")) {
        if !files.contains(&file.replace(".expected.txt", ".md")) {
            differences.push(format!("methods/bad/{file}: there is no such document any more"));
        }
    }
    Ok((count, differences))
}

#[cfg(test)]
mod tests {
    use super::{compare, parse_steps};
    use std::collections::BTreeMap;

    #[test]
    fn steps_carry_their_remarks_and_their_expected_end() {
        let text = "# 运行 run it\nrun a.md --out {out}\n\n# must be refused\n! run b.md\n";
        let steps = parse_steps(text);
        let seen: Vec<_> = steps
            .iter()
            .map(|step| {
                (step.remarks.len(), step.shown("target/x"), step.file(), step.expected_code)
            })
            .collect();
        assert_eq!(
            seen,
            [
                (1, "run a.md --out target/x".to_owned(), "1-run.txt".to_owned(), 0),
                (1, "run b.md".to_owned(), "2-run.txt".to_owned(), 1),
            ]
        );
    }

    #[test]
    fn every_difference_is_named_with_its_first_line() {
        let files = |list: &[(&str, &str)]| -> BTreeMap<String, Vec<u8>> {
            list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
        };
        let expected = files(&[("a.csv", "1\n2\n"), ("gone.csv", ""), ("same.csv", "x\n")]);
        let found = files(&[("a.csv", "1\n3\n"), ("new.csv", ""), ("same.csv", "x\n")]);
        assert_eq!(
            compare(&expected, &found, "examples/p"),
            [
                "examples/p/expected/a.csv:2:\n    expected `2`\n    found    `3`",
                "examples/p/expected/gone.csv: no longer written",
                "examples/p/expected/new.csv: new",
            ]
        );
    }
}
