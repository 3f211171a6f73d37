//! 损坏 A changed, lost or added byte anywhere is found, and the part is named.

use super::keys::ed25519;
use super::{codes, sealed};
use crate::{Limits, read};
use proptest::prelude::*;

fn said(bytes: &[u8]) -> String {
    let (_, findings) = read("a.tanpack", bytes, &Limits::default());
    findings.list().iter().map(|finding| finding.message.en.as_str()).collect()
}

#[test]
fn every_flipped_byte_is_found() {
    let whole = sealed(Some(&*ed25519()));
    assert!(codes(&whole).is_empty());
    for at in 0..whole.len() {
        for flip in [0x01, 0x20, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            let codes = codes(&bytes);
            let known = ["pack-damaged", "pack-unreadable", "pack-truncated"];
            assert!(codes.len() == 1 && known.contains(&codes[0]), "{at} ^ {flip}: {codes:?}");
            // Only the seal itself may hide that the end is there.
            let seal = at + 85 >= whole.len();
            assert!(codes[0] == "pack-damaged" || seal, "{at} ^ {flip}: {codes:?}");
        }
    }
}

#[test]
fn every_truncation_is_found() {
    let whole = sealed(None);
    for length in 0..whole.len() {
        assert_eq!(codes(&whole[..length]), ["pack-truncated"], "{length}");
    }
}

#[test]
fn bytes_behind_the_end_are_found_and_counted() {
    let mut bytes = sealed(None);
    bytes.extend(b"xyz");
    assert_eq!(codes(&bytes), ["pack-trailing"]);
    assert_eq!(said(&bytes), "bytes stand behind the end of the pack: 3");
    let twice = [sealed(None), sealed(None)].concat();
    assert_eq!(codes(&twice), ["pack-trailing"]);
}

#[test]
fn the_damaged_part_is_named() {
    let whole = sealed(None);
    let find = |word: &[u8]| whole.windows(word.len()).position(|own| own == word).unwrap();
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        said(&bytes)
    };
    let content = find(b"id: m");
    assert!(flipped(content).contains("the content of `documents/m.md`"), "{}", flipped(content));
    let end = find(b"PK\x05\x06") + 8;
    assert!(flipped(end).contains("the end record"), "{}", flipped(end));
    let last = whole.len() - 1;
    assert!(flipped(last).contains("the seal at the end"), "{}", flipped(last));
    let directory = find(b"PK\x01\x02") + 40;
    assert!(flipped(directory).contains("the directory's line of `MANIFEST.json`"));
    // The CRC of the first entry.
    assert!(flipped(14).contains("MANIFEST.json"), "{}", flipped(14));
}

#[test]
fn other_files_are_no_packs() {
    for bytes in [&b"year,co2\n2016,1\n"[..], b"PK\x05\x06", &[0xff; 200]] {
        assert_eq!(codes(bytes), ["pack-unreadable"]);
    }
    let mut other = b"PK\x03\x04\x14\x00\x00\x00\x08\x00".to_vec();
    other.extend([0; 16]);
    other.extend([19, 0, 0, 0]);
    other.extend(b"[Content_Types].xml.......");
    assert_eq!(codes(&other), ["pack-unreadable"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_change_is_found(
        at in any::<prop::sample::Index>(),
        cut in 0_usize..40,
        put in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let whole = sealed(None);
        let at = at.index(whole.len());
        let end = (at + cut).min(whole.len());
        let changed = [&whole[..at], &put, &whole[end..]].concat();
        prop_assert_eq!(codes(&changed).is_empty(), changed == whole);
    }
}
