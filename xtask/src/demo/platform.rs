//! 演示平台 The made-up district on the platform: set up once, then served until Ctrl-C.
//!
//! Where nobody sits before a terminal, the pages are asked once and the server is stopped again.

use crate::TaskResult;
use crate::process;
use crate::web::Served;
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

/// Kept from one demonstration to the next.
const HOME: &str = "target/platform";
/// Where it is served if nothing else is there.
const ADDRESS: &str = "127.0.0.1:8400";

/// Sets the district up and serves it.
pub(super) fn run(binary: &Path) -> TaskResult {
    println!("\n# The platform of a made-up district: 26 towns, 3,600 enterprises, ten years");
    let free = TcpListener::bind(ADDRESS).is_ok();
    let address = if free { ADDRESS } else { "127.0.0.1:0" };
    let mut command = process::tanliu(binary);
    command.args(["--lang", "en", "demo", "--home", HOME, "--listen", address]);
    let mut server = Served::start(command)?;
    if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        open_browser(&server.url);
        println!("\nSign in as district1 with the password tanliu-demo. Ctrl-C stops.");
        return server.wait();
    }
    let checked = ask(&server.url, "healthz").and_then(|_| ask(&server.url, ""));
    let checked = checked.and_then(|page| match page.contains("<div id=\"app\">") {
        true => {
            println!("the pages answer at {}", server.url);
            Ok(())
        }
        false => Err(format!("{} does not answer with the web app", server.url)),
    });
    server.stop().and(checked)?;
    println!("No terminal: stopped again. `cargo xtask demo` in a terminal goes on serving.");
    Ok(())
}

/// A page as a browser would ask for it.
fn ask(url: &str, path: &str) -> Result<String, String> {
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let failed = |error: std::io::Error| format!("{url}{path}: {error}");
    let mut stream = TcpStream::connect(host).map_err(failed)?;
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(failed)?;
    match answer.starts_with("HTTP/1.1 200") {
        true => Ok(answer),
        false => Err(format!("{url}{path}: {}", answer.lines().next().unwrap_or("no answer"))),
    }
}

/// On a desktop the page opens by itself; elsewhere its address stands on the screen.
fn open_browser(url: &str) {
    for opener in ["xdg-open", "open"] {
        let mut command = Command::new(opener);
        command.arg(url).stdout(Stdio::null()).stderr(Stdio::null());
        if command.status().is_ok_and(|status| status.success()) {
            return;
        }
    }
}
