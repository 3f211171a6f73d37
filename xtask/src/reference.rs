//! 参考页 The generated pages: the binary prints or writes them, this task files them.

use crate::TaskResult;
use crate::process::{self, Profile};
use std::collections::BTreeMap;
use std::path::Path;

/// The pages that `tanliu reference NAME` prints, and where they are filed.
const PAGES: &[(&str, &str)] = &[
    ("diagnostics", "docs/reference/diagnostics.md"),
    ("units", "docs/reference/units.md"),
    ("factors", "docs/reference/factors.md"),
    ("library", "methods/README.md"),
];

/// The folder of pages that `tanliu reference methods` writes.
const METHODS: &str = "docs/reference/methods";

/// Writes the pages; with `--check` compares them with what is committed.
pub(crate) fn run(arguments: &[String]) -> TaskResult {
    let check = arguments.iter().any(|word| word == "--check");
    let binary = process::build_tanliu(Profile::Dev)?;
    let mut stale = Vec::new();
    for (name, file) in PAGES {
        let printed = printed(&binary, &["reference", name])?;
        settle(file, &printed, check, &mut stale)?;
    }
    methods(&binary, check, &mut stale)?;
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!("{} out of date: `cargo xtask reference` writes them", stale.join(", ")))
    }
}

fn printed(binary: &Path, words: &[&str]) -> Result<Vec<u8>, String> {
    let said = words.join(" ");
    let mut command = process::tanliu(binary);
    let output = command.args(words).output().map_err(|error| format!("tanliu {said}: {error}"))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("tanliu {said}: {}\n{message}", output.status));
    }
    Ok(output.stdout)
}

/// Files one page, or says that it is not what is filed.
fn settle(file: &str, text: &[u8], check: bool, stale: &mut Vec<String>) -> Result<(), String> {
    let path = process::root().join(file);
    if std::fs::read(&path).is_ok_and(|old| old == text) {
        println!("{file}: up to date");
    } else if check {
        println!("{file}: not what the binary makes of it");
        stale.push(file.to_owned());
    } else {
        let failed = |error: std::io::Error| format!("{file}: {error}");
        path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(failed)?;
        std::fs::write(&path, text).map_err(failed)?;
        println!("{file}: written");
    }
    Ok(())
}

/// The pages of the methods, by way of a folder of their own, so that those of groups that are no
/// more are found too.
fn methods(binary: &Path, check: bool, stale: &mut Vec<String>) -> TaskResult {
    let made = process::fresh_folder("target/reference-methods")?;
    printed(binary, &["reference", "methods", "--out", &made.to_string_lossy()])?;
    let (wanted, filed) = (texts(&made)?, texts(&process::root().join(METHODS))?);
    for (name, text) in &wanted {
        settle(&format!("{METHODS}/{name}"), text, check, stale)?;
    }
    for name in filed.keys().filter(|name| !wanted.contains_key(*name)) {
        let file = format!("{METHODS}/{name}");
        match check {
            true => stale.push(file),
            false => {
                let path = process::root().join(&file);
                std::fs::remove_file(path).map_err(|error| format!("{file}: {error}"))?;
                println!("{file}: removed");
            }
        }
    }
    Ok(())
}

/// The files of a folder; none if there is no such folder.
fn texts(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let read = |name: String| {
        let text = std::fs::read(folder.join(&name)).map_err(|error| format!("{name}: {error}"))?;
        Ok((name, text))
    };
    process::files_under(folder).into_iter().map(read).collect()
}
