//! 测试 Where a request came from, and which cookie counts.

#![allow(clippy::unwrap_used)]

use super::{Remote, cookie};
use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use std::net::SocketAddr;

fn remote(direct: &str, forwarded: &[&'static str], behind_proxy: bool) -> (Remote, bool) {
    let mut headers = HeaderMap::new();
    for list in forwarded {
        headers.append("x-forwarded-for", list.parse().unwrap());
    }
    let mut extensions = Extensions::new();
    extensions.insert(ConnectInfo(direct.parse::<SocketAddr>().unwrap()));
    let remote = Remote::of(&headers, &extensions, behind_proxy);
    (remote, remote.is_here(&headers))
}

#[test]
fn what_a_stranger_writes_into_a_header_is_not_believed() {
    let (seen, here) = remote("198.51.100.7:1", &["127.0.0.1"], false);
    assert_eq!((seen.key().as_str(), here), ("198.51.100.7", false));
    // Behind a proxy its own entry is the last one.
    let (seen, here) = remote("127.0.0.1:1", &["127.0.0.1, 203.0.113.9"], true);
    assert_eq!((seen.key().as_str(), here), ("203.0.113.9", false));
    assert!(remote("127.0.0.1:1", &[], false).1);
    assert!(!remote("127.0.0.1:1", &["127.0.0.1"], false).1);
}

#[test]
fn addresses_count_by_house() {
    let key = |direct| remote(direct, &[], false).0.key();
    assert_eq!(key("[2001:db8:1:2:3:4:5:6]:1"), key("[2001:db8:1:2::1]:1"));
    assert_ne!(key("[2001:db8:1:2::1]:1"), key("[2001:db8:1:3::1]:1"));
    assert_eq!(key("[::ffff:198.51.100.7]:1"), "198.51.100.7");
}

#[test]
fn the_cookie_is_found_among_others() {
    let mut headers = HeaderMap::new();
    headers.append("cookie", "a=b; tanliu_session=s1; c=d".parse().unwrap());
    assert_eq!(cookie(&headers), Some("s1"));
    headers.insert("cookie", "xtanliu_session=s1; tanliu_session=".parse().unwrap());
    assert_eq!(cookie(&headers), None);
}
