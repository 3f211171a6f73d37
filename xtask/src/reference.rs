//! 参考页 The generated pages of `docs/reference`: the binary prints them, this task files them.

use crate::TaskResult;
use crate::process::{self, Profile};

/// The pages; `tanliu reference NAME` prints the page NAME.
const PAGES: &[&str] = &["diagnostics", "units", "factors"];

/// Writes the pages; with `--check` compares them with what is committed.
pub(crate) fn run(arguments: &[String]) -> TaskResult {
    let check = arguments.iter().any(|word| word == "--check");
    let binary = process::build_tanliu(Profile::Dev)?;
    let mut stale = Vec::new();
    for name in PAGES {
        let file = format!("docs/reference/{name}.md");
        let mut command = process::tanliu(&binary);
        let output = command
            .args(["reference", name])
            .output()
            .map_err(|error| format!("tanliu reference {name}: {error}"))?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("tanliu reference {name}: {}\n{message}", output.status));
        }
        let path = process::root().join(&file);
        if std::fs::read(&path).is_ok_and(|old| old == output.stdout) {
            println!("{file}: up to date");
        } else if check {
            println!("{file}: not what `tanliu reference {name}` prints");
            stale.push(file);
        } else {
            let folder = process::root().join("docs/reference");
            std::fs::create_dir_all(folder).map_err(|error| format!("{file}: {error}"))?;
            std::fs::write(&path, &output.stdout).map_err(|error| format!("{file}: {error}"))?;
            println!("{file}: written");
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!("{} out of date: `cargo xtask reference` writes them", stale.join(", ")))
    }
}
