//! 平台 The keeper of a platform: sets a district up, serves it, backs it up, brings it back.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::desk::Desk;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// Few enterprises and a day: enough of everything for an unoptimised build.
const SMALL: &str = "demo --home house --only-fill --enterprises 60 --days 1";

/// A server that ends with the test.
struct Served {
    child: Child,
    host: String,
}

impl Served {
    fn start(desk: &Desk, home: &str) -> Self {
        let mut command = desk.command();
        command.args(["--lang", "en", "serve", "--home", home, "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.map_while(Result::ok).find_map(|line| {
            let word = line.split_whitespace().find(|word| word.starts_with("http://"))?;
            Some(word.trim_start_matches("http://").trim_end_matches(['/', ';']).to_owned())
        });
        Self { child, host: url.unwrap() }
    }

    /// Status, cookie and body of a request.
    fn ask(&self, method: &str, path: &str, head: &str, body: &str) -> (u32, String, String) {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let (host, length) = (&self.host, body.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n{head}\r\n{body}"
        )
        .unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let answer = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split_whitespace().nth(1).unwrap().parse().unwrap();
        let cookie = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap_or(""))
        });
        (status, cookie.unwrap_or_default().to_owned(), body.to_owned())
    }

    fn sign_in(&self, name: &str) -> String {
        let body = format!("{{\"name\":\"{name}\",\"password\":\"tanliu-demo\"}}");
        let (status, cookie, _) = self.ask("POST", "/api/v1/session", "", &body);
        assert_eq!(status, 200);
        format!("Cookie: {cookie}\r\n")
    }

    fn json(&self, path: &str, cookie: &str) -> Value {
        let (status, _, body) = self.ask("GET", path, cookie, "");
        assert_eq!(status, 200, "{path}: {body}");
        // A chunked answer has the lengths of its pieces between them.
        match serde_json::from_str(&body) {
            Ok(value) => value,
            Err(_) => serde_json::from_str(&unchunked(&body)).unwrap(),
        }
    }

    /// As a service manager stops it.
    fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "it ends well when it is asked to");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn unchunked(body: &str) -> String {
    let bytes = body.as_bytes();
    let (mut whole, mut at) = (Vec::new(), 0);
    while let Some(end) = body.get(at..).and_then(|rest| rest.find("\r\n")) {
        let size = usize::from_str_radix(body.get(at..at + end).unwrap().trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        let begin = at + end + 2;
        whole.extend_from_slice(bytes.get(begin..begin + size).unwrap());
        at = begin + size + 2;
    }
    String::from_utf8(whole).unwrap()
}

#[test]
fn a_district_is_set_up_served_backed_up_and_brought_back_to_the_same_figures() {
    let desk = Desk::new();
    desk.tanliu(SMALL).says(0, &["60 家企业", "全部自拟", "done"]);
    // What a run rests on is a pack that anybody verifies.
    desk.tanliu("verify house/runs/000001/run.tanpack").says(0, &["cn/district/panorama"]);

    let server = Served::start(&desk, "house");
    let official = server.sign_in("district1");
    let wanted = "/api/v1/figures?calculation=panorama&output=co2_district&where=year:2021";
    let before = server.json(wanted, &official);
    let figure = "/api/v1/explain?depth=3&figure=\
                  1/co2_district%5Bside=consumption,year=2021%5D";
    let explained = server.json(figure, &official);
    let tree = explained.get("tree").unwrap();
    let formula = tree.get("formula").unwrap().as_str().unwrap();
    assert!(formula.starts_with("sum(co2_sector over sector)"), "{formula}");
    assert_eq!(tree.get("value"), before.pointer("/tables/0/rows/0/number"));
    assert!(!explained.pointer("/clause/html").unwrap().as_str().unwrap().is_empty());
    let day = server.json("/api/v1/meters/E00001-1/days/2021-12-31", &official);
    assert_eq!(day.get("quarters").unwrap().as_array().unwrap().len(), 96);
    let trail = server.json("/api/v1/audit", &official);
    assert_eq!(trail.get("holds"), Some(&Value::Bool(true)));
    server.stop();

    desk.tanliu("backup kept --home house").says(0, &["已备份"]);
    desk.tanliu("restore kept --home other").says(0, &["已恢复"]);
    let server = Served::start(&desk, "other");
    let again = server.sign_in("district1");
    assert_eq!(server.json(wanted, &again), before);
    assert_eq!(server.json("/api/v1/meters/E00001-1/days/2021-12-31", &again), day);
    server.stop();
}

#[test]
fn what_is_there_already_is_not_written_over() {
    let desk = Desk::new();
    desk.put("kept/note.txt", "mine");
    desk.tanliu("backup kept --home house").says(2, &["不是空目录"]);
    desk.tanliu("restore kept --home house").says(2, &["不是备份"]);
    assert_eq!(desk.read("kept/note.txt"), "mine");
}

#[test]
fn a_user_needs_a_role_that_there_is_and_a_password_of_some_length() {
    let desk = Desk::new();
    desk.tanliu("user chen --role king --home house").says(2, &["没有角色 king", "administrator"]);
    desk.tanliu("user chen --role department --home house").says(2, &["--of"]);
    desk.tanliu("user chen --role administrator --home house").says(2, &["至少 10 个字符"]);
    let mut command = desk.command();
    command.args(["user", "chen", "--role", "administrator", "--home", "house"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("正确的马电池订书钉\n十一二".as_bytes()).unwrap();
    assert!(!child.wait().unwrap().success(), "nine characters are too few");
}
