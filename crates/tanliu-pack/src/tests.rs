//! 测试 Every byte of a pack counts, and nothing from outside makes the reader panic.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod damage;
mod hostile;
mod keys;

use crate::{Content, Draft, Kind, Limits, Pack, RunRecord, Signer, read, write};
use proptest::prelude::*;

/// A small pack of every kind of entry; the data compress.
pub(super) fn draft() -> Draft {
    let content = |path: &str, kind, name: &str, text: &str| Content {
        path: path.to_owned(),
        kind,
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    Draft {
        engine: "0.1.0".to_owned(),
        run: RunRecord {
            document: "m.md".to_owned(),
            data: vec!["../数据/".to_owned()],
            set: vec!["x = 3".to_owned()],
            drop_refused: false,
            engine: None,
        },
        contents: vec![
            content("run.json", Kind::Run, "run.json", "{}\n"),
            content("data/1/能源.csv", Kind::Data, "../数据/能源.csv", &"2016,1\n".repeat(40)),
            content("data/1/readme", Kind::PassedOver, "../数据/readme", ""),
            content("documents/m.md", Kind::Document, "m.md", "---\nid: m\n---\n"),
            content("results/co2.csv", Kind::Result, "co2", "co2\n12\n"),
        ],
        streams: Vec::new(),
        external: Vec::new(),
    }
}

pub(super) fn sealed(signer: Option<&dyn Signer>) -> Vec<u8> {
    write(&draft(), signer, &Limits::default()).unwrap()
}

/// The codes of what is wrong with some bytes; none for a sound pack.
pub(super) fn codes(bytes: &[u8]) -> Vec<&'static str> {
    let (pack, findings) = read("a.tanpack", bytes, &Limits::default());
    assert_eq!(pack.is_none(), findings.has_errors());
    findings.list().iter().map(|finding| finding.code).collect()
}

pub(super) fn opened(bytes: &[u8]) -> Pack {
    let (pack, findings) = read("a.tanpack", bytes, &Limits::default());
    pack.unwrap_or_else(|| panic!("{:?}", findings.list()))
}

#[test]
fn what_is_packed_is_read_back() {
    let pack = opened(&sealed(None));
    assert_eq!(pack.manifest.run, draft().run);
    assert!(pack.signature.is_none());
    let mut wanted = draft();
    wanted.contents.sort_by(|left, right| left.path.cmp(&right.path));
    assert_eq!(pack.into_draft(), wanted);
}

#[test]
fn packing_twice_gives_the_same_bytes_in_whatever_order() {
    let mut turned = draft();
    turned.contents.reverse();
    assert_eq!(write(&turned, None, &Limits::default()).unwrap(), sealed(None));
}

#[test]
fn paths_that_lead_out_and_double_ones_are_not_written() {
    let paths = ["../a", "/a", "a/../b", "a\\b", "c:/a", "a//b", "a/", "", "./a", "MANIFEST.json"];
    for path in paths.into_iter().chain(["run.json", "SIGNATURE.json", "a\nb"]) {
        let mut draft = draft();
        let bytes = Vec::new();
        let (path, name) = (path.to_owned(), String::new());
        draft.contents.push(Content { path, kind: Kind::Data, name, bytes });
        assert!(write(&draft, None, &Limits::default()).is_err(), "{:?}", draft.contents.last());
    }
}

#[test]
fn more_than_the_limits_is_not_written() {
    let few = Limits { entries_max: 4, ..Limits::default() };
    let small = Limits { bytes_max: 100, ..Limits::default() };
    for limits in [few, small] {
        assert!(write(&draft(), None, &limits).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_bytes_are_packed_come_back(
        files in prop::collection::btree_map("[a-z汉]{1,8}(/[a-z]{1,3})?", prop::collection::vec(any::<u8>(), 0..600), 0..6)
    ) {
        let contents = files
            .iter()
            .map(|(path, bytes)| Content {
                path: path.clone(),
                kind: Kind::Data,
                name: path.clone(),
                bytes: bytes.clone(),
            })
            .collect();
        let draft = Draft { contents, ..Draft::default() };
        let folders = files.keys().filter_map(|path| Some(path.split_once('/')?.0));
        let clash = folders.into_iter().any(|folder| files.contains_key(folder));
        let written = write(&draft, None, &Limits::default());
        prop_assert_eq!(written.is_err(), clash, "a file cannot be a folder too");
        let Ok(bytes) = written else { return Ok(()) };
        prop_assert_eq!(opened(&bytes).into_draft(), draft);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(!codes(&bytes).is_empty());
    }
}
