//! 进程 Running cargo and the project's own binary, and the folders all tasks agree on.

use crate::TaskResult;
use serde_json::Value;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// 构建档 How the binary is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quickest from a fresh clone, and what the tests build anyway.
    Dev,
    /// Optimised; for measurements.
    Fast,
}

/// The repository's root: the folder that holds `xtask/`.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// The cargo that runs this task, at the repository's root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command to its end, its output on the terminal.
pub(crate) fn run(mut command: Command) -> TaskResult {
    let name = shown(&command);
    let status = command.status().map_err(|error| format!("cannot run {name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name}: {status}")) }
}

/// Runs a command with its output on the terminal *and* returned (standard output, then standard
/// error), so that a task can add up what several runners counted.
pub(crate) fn run_and_listen(mut command: Command) -> Result<(bool, String), String> {
    let name = shown(&command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run {name}: {error}"))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (heard_out, heard_err) = std::thread::scope(|scope| {
        let errors = scope.spawn(|| stderr.map(|pipe| relay(pipe, std::io::stderr())));
        let output = stdout.map(|pipe| relay(pipe, std::io::stdout()));
        (output.unwrap_or_default(), errors.join().ok().flatten().unwrap_or_default())
    });
    let status = child.wait().map_err(|error| format!("{name}: {error}"))?;
    Ok((status.success(), heard_out + &heard_err))
}

/// Copies a pipe to the terminal line by line and keeps what passed.
fn relay(pipe: impl std::io::Read, mut terminal: impl Write) -> String {
    let mut reader = BufReader::new(pipe);
    let mut heard = String::new();
    let mut line = Vec::new();
    while matches!(reader.read_until(b'\n', &mut line), Ok(count) if count > 0) {
        // A closed terminal must not end the run: the answer is the exit code.
        let _ = terminal.write_all(&line).and_then(|()| terminal.flush());
        heard.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    heard
}

/// A command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    if let Some(program) = words.first_mut() {
        let name = Path::new(&*program).file_name().map(|name| name.to_string_lossy().into_owned());
        *program = name.unwrap_or_default();
    }
    words.join(" ")
}

/// Whether `cargo NAME` exists on this machine.
pub(crate) fn has_cargo_command(name: &str) -> bool {
    let mut command = cargo();
    command.args([name, "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Builds the binary `tanliu` and says where it is.
pub(crate) fn build_tanliu(profile: Profile) -> Result<PathBuf, String> {
    let mut command = cargo();
    // With the workspace's features, which are those of its tests: one build of 300 crates, not two.
    command.args(["build", "--workspace", "--bin", "tanliu"]);
    command.arg("--message-format=json-render-diagnostics");
    if profile == Profile::Fast {
        command.args(["--profile", "fast"]);
    }
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run cargo build: {error}"))?;
    if !output.status.success() {
        return Err("the binary tanliu does not build".to_owned());
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
        .next_back()
        .ok_or_else(|| "cargo build names no executable".to_owned())
}

/// The binary at the repository's root, with everything that a reader's machine could change in its
/// output set to one value.
pub(crate) fn tanliu(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(root());
    command.env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8").env("COLUMNS", "100");
    command.env_remove("LANG").env_remove("LANGUAGE").env_remove("CLICOLOR_FORCE");
    command
}

/// `--color=always` where a person looks on: a relayed runner cannot see the terminal.
pub(crate) fn colour_argument() -> &'static str {
    if std::io::stderr().is_terminal() { "--color=always" } else { "--color=never" }
}

/// An empty folder at the repository's root; what was in it is gone.
pub(crate) fn fresh_folder(relative: &str) -> Result<PathBuf, String> {
    let folder = root().join(relative);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("{relative}: {error}"))?;
    }
    std::fs::create_dir_all(&folder).map_err(|error| format!("{relative}: {error}"))?;
    Ok(folder)
}

/// All files under a folder, relative to it with `/` between, in order.
pub(crate) fn files_under(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(relative) = path.strip_prefix(folder) {
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// Splits a command line into words; `'…'` and `"…"` hold blanks together.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_line_splits_as_a_shell_would() {
        assert_eq!(words("run  a.md --data d"), ["run", "a.md", "--data", "d"]);
        assert_eq!(words("explain 'co2[year = 2016]'"), ["explain", "co2[year = 2016]"]);
        assert_eq!(words("--set cap=\"3 MWh\" ''"), ["--set", "cap=3 MWh", ""]);
    }
}
