//! 网页 The web app: built into `web/dist`, checked, and tried in a browser.
//!
//! What it needs of npm is installed here, from the lock file and only when that has changed.
//! Journeys run against a small made-up district that the binary serves on loopback.

use crate::TaskResult;
use crate::process::{self, Profile};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Says which lock file `node_modules` was installed from.
const STAMP: &str = "node_modules/.tanliu-lock";
/// Where the district of the journeys is kept.
const JOURNEYS: &str = "target/journeys";
/// Its size: small enough for an unoptimised build, large enough to have everything.
const DISTRICT: &str = "--enterprises 300 --days 3";
/// The browser that journeys use.
const BROWSER: &str = "/usr/bin/chromium";

/// `cargo xtask web [build | check | journeys]`: without a word it builds.
pub(crate) fn run(arguments: &[String]) -> TaskResult {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] | ["build"] => build(),
        ["check"] => check(),
        ["journeys"] => journeys(),
        other => Err(format!("it takes build, check or journeys, not {}", other.join(" "))),
    }
}

/// Installs what the lock file names, and builds `web/dist`.
pub(crate) fn build() -> TaskResult {
    install()?;
    npm(&["run", "build"])
}

/// Types, lints, tests of parts, and the budget of bytes.
pub(crate) fn check() -> TaskResult {
    install()?;
    npm(&["run", "check"])?;
    npm(&["run", "budget"])
}

/// Builds everything, serves a small made-up district and goes through it in a browser.
pub(crate) fn journeys() -> TaskResult {
    build()?;
    if !Path::new(BROWSER).exists() {
        println!("skipped: browser journeys ({BROWSER} is not installed)");
        return Ok(());
    }
    let binary = process::build_tanliu(Profile::Dev)?;
    let home = process::fresh_folder(JOURNEYS)?;
    let mut command = process::tanliu(&binary);
    command.arg("--lang").arg("en").arg("demo").arg("--home").arg(home);
    command.args(DISTRICT.split(' ')).args(["--listen", "127.0.0.1:0"]);
    let mut server = Served::start(command)?;
    let mut browser = Command::new("npm");
    browser.current_dir(folder()).args(["run", "journeys"]);
    browser.env("TANLIU_URL", &server.url).env("TANLIU_BROWSER", BROWSER).env("NO_COLOR", "1");
    let tried = process::run(browser);
    server.stop().and(tried)
}

/// 在跑的服务 A server that a task started, and where it is.
pub(crate) struct Served {
    child: Child,
    /// `http://127.0.0.1:40123/`
    pub(crate) url: String,
}

impl Served {
    /// Starts a server and waits until it says where it is.
    pub(crate) fn start(mut command: Command) -> Result<Self, String> {
        let shown = process::shown(&command);
        println!("$ {shown}");
        let mut child =
            command.stdout(Stdio::piped()).spawn().map_err(|error| format!("{shown}: {error}"))?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        for line in lines.by_ref() {
            let line = line.map_err(|error| error.to_string())?;
            println!("{line}");
            let url = line.split_whitespace().find(|word| word.starts_with("http://"));
            if let Some(url) = url {
                let url = url.trim_end_matches([';', ',', '，']).to_owned();
                // Whatever it says further goes to the terminal.
                std::thread::spawn(move || {
                    lines.map_while(Result::ok).for_each(|line| println!("{line}"));
                });
                return Ok(Self { child, url });
            }
        }
        let ended = child.wait().map_err(|error| error.to_string())?;
        Err(format!("{shown} said no address: {ended}"))
    }

    /// Waits until it has ended by itself, or by Ctrl-C.
    pub(crate) fn wait(&mut self) -> TaskResult {
        let ended = self.child.wait().map_err(|error| error.to_string())?;
        if ended.success() { Ok(()) } else { Err(format!("the server ended with {ended}")) }
    }

    /// Asks it to stop, as a service manager does, and waits until it has.
    pub(crate) fn stop(&mut self) -> TaskResult {
        let mut kill = Command::new("kill");
        kill.arg("-TERM").arg(self.child.id().to_string());
        process::run(kill)?;
        self.wait()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Nothing that a task started outlives it.
        let _ = self.child.kill();
    }
}

/// Where the web app's sources are.
pub(crate) fn folder() -> PathBuf {
    process::root().join("web")
}

fn install() -> TaskResult {
    let lock = read(&folder().join("package-lock.json"))?;
    let stamp = folder().join(STAMP);
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    npm(&["ci", "--no-audit", "--no-fund"])?;
    std::fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn npm(arguments: &[&str]) -> TaskResult {
    let mut command = Command::new("npm");
    command.current_dir(folder()).args(arguments).env("CI", "true").env("NO_COLOR", "1");
    process::run(command)
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
