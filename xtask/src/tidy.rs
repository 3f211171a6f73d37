//! 整洁 The layout rules of STYLE.md as a test: everything wrong in one go, with file and line.
//!
//! The rules look at texts only, so that their tests need no tree on disk. They read Rust through
//! [`mask`], which knows strings and comments, and rely on rustfmt's layout for the rest.

mod edges;
mod mask;
mod rust;
mod text;

use crate::TaskResult;
use crate::process;
use std::fmt;

/// 源文件 A file of the project: its path from the root, with `/`, and its text.
#[derive(Debug, Clone)]
struct SourceFile {
    path: String,
    text: String,
}

/// 发现 One thing that is wrong; line 0 means the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    message: String,
    /// Said, but not a failure.
    soft: bool,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into(), soft: false }
    }

    fn soft(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { soft: true, ..Self::new(path, line, message) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.soft { "note: " } else { "" };
        match self.line {
            0 => write!(f, "{}: {word}{}", self.path, self.message),
            line => write!(f, "{}:{line}: {word}{}", self.path, self.message),
        }
    }
}

/// Checks the whole project and prints every finding.
pub(crate) fn run(_arguments: &[String]) -> TaskResult {
    let files = project_files()?;
    let findings = check(&files, &cargo_metadata()?)?;
    for finding in &findings {
        println!("{finding}");
    }
    let wrong = findings.iter().filter(|finding| !finding.soft).count();
    println!("tidy: {} files, {wrong} findings", files.len());
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} findings")) }
}

/// All findings, in order of file and line.
fn check(files: &[SourceFile], metadata: &str) -> Result<Vec<Finding>, String> {
    let mut findings = edges::check(metadata)?;
    for file in files {
        findings.extend(text::check(file));
        if file.path.ends_with(".rs") {
            findings.extend(rust::check(file));
        }
        if file.path.ends_with("Cargo.toml") {
            findings.extend(edges::check_manifest(file));
        }
    }
    findings.sort();
    Ok(findings)
}

/// The files that are committed or would be: git says which. Files that are no text are left out.
fn project_files() -> Result<Vec<SourceFile>, String> {
    let root = process::root();
    let output = std::process::Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root)
        .output()
        .map_err(|error| format!("cannot run git: {error}"))?;
    if !output.status.success() {
        return Err(format!("git ls-files: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let mut paths: Vec<String> = String::from_utf8_lossy(&output.stdout)
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect();
    paths.sort();
    paths.dedup();
    let read = |path: String| {
        let text = String::from_utf8(std::fs::read(root.join(&path)).ok()?).ok()?;
        Some(SourceFile { path, text })
    };
    Ok(paths.into_iter().filter_map(read).collect())
}

/// What cargo knows of our crates and their direct dependencies; needs no registry.
fn cargo_metadata() -> Result<String, String> {
    let mut command = process::cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]);
    let output = command.output().map_err(|error| format!("cannot run cargo metadata: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

#[cfg(test)]
mod tests;
