//! 恶意 Packs that are sealed properly and lie all the same.

use super::{codes, draft, opened, sealed};
use crate::archive;
use crate::{Limits, MANIFEST, Manifest, read};

/// The files of the small pack, MANIFEST.json first, to be changed and sealed again.
fn files() -> Vec<(String, Vec<u8>)> {
    let pack = opened(&sealed(None));
    let mut files = vec![(MANIFEST.to_owned(), pack.signed.clone())];
    files.extend(pack.contents);
    files
}

fn seal(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = archive::Writer::new(&mut bytes);
    files.iter().for_each(|(name, content)| writer.add(name, content).unwrap());
    writer.finish().unwrap();
    bytes
}

fn with_manifest(change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    let mut files = files();
    let mut manifest: Manifest = serde_json::from_slice(&files[0].1).unwrap();
    change(&mut manifest);
    files[0].1 = serde_json::to_vec(&manifest).unwrap();
    seal(&files)
}

#[test]
fn a_changed_entry_does_not_match_its_digest() {
    let mut files = files();
    let data = files.iter_mut().find(|(name, _)| name == "results/co2.csv").unwrap();
    data.1 = b"co2\n13\n".to_vec();
    assert_eq!(codes(&seal(&files)), ["pack-digest"]);
}

#[test]
fn an_entry_more_or_less_or_elsewhere_is_found() {
    let mut more = files();
    more.push(("zzz".to_owned(), Vec::new()));
    let mut less = files();
    less.pop();
    let mut turned = files();
    turned.swap(2, 3);
    let mut double = files();
    double.push(double[5].clone());
    for changed in [more, less, turned, double] {
        assert_eq!(codes(&seal(&changed)), ["pack-entries"]);
    }
}

#[test]
fn a_path_that_leads_out_is_refused() {
    for path in ["../../x", "/x", "data/1/../../../x", "data\\x", "c:x", "SIGNATURE.json"] {
        let bytes = with_manifest(|manifest| manifest.entries[0].path = path.to_owned());
        assert_eq!(codes(&bytes), ["pack-unsafe-path"], "{path}");
    }
    let twice = with_manifest(|manifest| manifest.entries[1] = manifest.entries[0].clone());
    let below = with_manifest(|manifest| manifest.entries[1].path = "data/1/readme/x".to_owned());
    // What a terminal would obey.
    let escape = with_manifest(|manifest| manifest.run.document = "\u{1b}[2J".to_owned());
    for bytes in [twice, below, escape] {
        assert_eq!(codes(&bytes), ["pack-unsafe-path"]);
    }
}

#[test]
fn a_manifest_that_cannot_be_read_or_is_missing_is_told() {
    let mut broken = files();
    broken[0].1 = b"{".to_vec();
    assert_eq!(codes(&seal(&broken)), ["pack-irregular"]);
    broken.remove(0);
    assert_eq!(codes(&seal(&broken)), ["pack-irregular"]);
    broken.clear();
    assert_eq!(codes(&seal(&broken)), ["pack-irregular"]);
    let later = with_manifest(|manifest| manifest.format = "tanliu-pack/2".to_owned());
    assert_eq!(codes(&later), ["pack-unreadable"]);
    // An option that this version does not know might change the results.
    let mut files = files();
    let text = String::from_utf8(files[0].1.clone()).unwrap();
    files[0].1 = text.replace("\"set\"", "\"draws\": 10, \"set\"").into_bytes();
    assert_eq!(codes(&seal(&files)), ["pack-irregular"]);
}

#[test]
fn more_than_the_limits_is_refused_before_it_is_unpacked() {
    let small = Limits { bytes_max: 300, ..Limits::default() };
    let (pack, findings) = read("a.tanpack", &sealed(None), &small);
    assert!(pack.is_none());
    assert_eq!(findings.list()[0].code, "pack-too-large");
    let few = Limits { entries_max: 1, ..Limits::default() };
    assert_eq!(read("a", &sealed(None), &few).1.list()[0].code, "pack-too-large");
}

#[test]
fn a_bomb_is_not_unpacked_beyond_what_it_declares() {
    // A megabyte of zeros in a kilobyte, which says it is seven bytes.
    let mut files = files();
    let zeros = vec![0; 1 << 20];
    files.push(("zeros".to_owned(), zeros));
    let mut bytes = seal(&files);
    let size = u32::to_le_bytes(1 << 20);
    let places: Vec<usize> =
        (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == size).collect();
    assert_eq!(places.len(), 2, "in the header and in the directory");
    for at in places {
        bytes[at..at + 4].copy_from_slice(&7_u32.to_le_bytes());
    }
    reseal(&mut bytes);
    // Entries are compared before they are unpacked: this one is not listed.
    assert_eq!(codes(&bytes), ["pack-entries"]);
    let mut listed = draft();
    listed.contents[0].bytes = vec![0; 1 << 20];
    let mut bytes = crate::write(&listed, None, &Limits::default()).unwrap();
    for at in (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == size).collect::<Vec<_>>() {
        bytes[at..at + 4].copy_from_slice(&7_u32.to_le_bytes());
    }
    reseal(&mut bytes);
    assert_eq!(codes(&bytes), ["pack-irregular"]);
}

fn reseal(bytes: &mut Vec<u8>) {
    bytes.truncate(bytes.len() - 64);
    let seal = crate::digest::sha256(bytes);
    bytes.extend(seal.as_bytes());
}

#[test]
fn a_sealed_zip_that_another_program_wrote_is_told() {
    let mut bytes = sealed(None);
    // The date of the first entry.
    bytes[12] ^= 1;
    reseal(&mut bytes);
    assert_eq!(codes(&bytes), ["pack-irregular"]);
}
