//! 接口 The JSON interface, by subject.

pub(crate) mod audit;
pub(crate) mod catalogue;
pub(crate) mod compare;
pub(crate) mod csv;
pub(crate) mod directory;
pub(crate) mod evidence;
pub(crate) mod explain;
pub(crate) mod figures;
pub(crate) mod findings;
pub(crate) mod health;
pub(crate) mod methods;
mod owned;
pub(crate) mod readings;
pub(crate) mod report;
pub(crate) mod runs;
pub(crate) mod session;
pub(crate) mod steps;
pub(crate) mod submissions;
mod taken_file;
pub(crate) mod users;
pub(crate) mod values;
pub(crate) mod warnings;

pub(crate) use owned::Owned;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;

/// A file to be kept, never shown: browsers do not run what it holds.
fn download(bytes: impl Into<Body>, name: &str, content_type: &str) -> Response {
    kept(bytes.into(), &format!("filename*=UTF-8''{}", percent(name)), content_type)
}

/// The same with a plain name before the full one, for programs that know ASCII alone.
fn download_as(bytes: impl Into<Body>, names: (&str, &str), content_type: &str) -> Response {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "-._".contains(sign);
    let plain: String =
        names.0.chars().map(|sign| if is_plain(sign) { sign } else { '_' }).collect();
    // A name is a name, not a folder.
    let name = names.1.replace(['/', '\\'], "_");
    let both = format!("filename=\"{plain}\"; filename*=UTF-8''{}", percent(&name));
    kept(bytes.into(), &both, content_type)
}

fn kept(body: Body, names: &str, content_type: &str) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    let disposition = format!("attachment; {names}");
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    if let Ok(value) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let sandbox = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, sandbox);
    response
}

/// A file's name as RFC 5987 wants it.
fn percent(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let written = |byte: u8| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    name.bytes().map(written).collect()
}
