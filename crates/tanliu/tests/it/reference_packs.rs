//! 参考包 One pack for each code that verifying can tell: it shows that code, and the reference page prints it.
//!
//! The packs of `crates/tanliu/reference/packs` are written here, with `TANLIU_ACCEPT=1`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::Desk;
use crate::pack::{ED25519, ED25519_PUBLIC, SM2, replace};
use sha2::{Digest, Sha256};
use std::path::Path;
use tanliu_pack::{Draft, External, ExternalKind, Limits, read, signer_from_pem, write};

const METHOD: &str = "\
---
id: reference/packed
version: \"1\"
title: { zh: 例, en: Example }
kind: account
status: illustration
---

```tan
index year : year
input energy[year] : tce
output co2[year] : tCO2 = energy * 2.66 tCO2/tce
```
";

/// The example's draft.
fn draft(desk: &Desk, more: &str) -> Draft {
    desk.tanliu(&format!("pack m.md --data energy.csv --out a.tanpack {more}")).says(0, &[]);
    let bytes = std::fs::read(desk.path("a.tanpack")).unwrap();
    read("a", &bytes, &Limits::default()).0.unwrap().into_draft()
}

fn sealed(draft: &Draft) -> Vec<u8> {
    write(draft, None, &Limits::default()).unwrap()
}

/// The places of a word.
fn places(bytes: &[u8], word: &[u8]) -> Vec<usize> {
    (0..bytes.len() - word.len()).filter(|at| bytes[*at..].starts_with(word)).collect()
}

fn put(bytes: &mut [u8], at: usize, word: &[u8]) {
    bytes[at..at + word.len()].copy_from_slice(word);
}

/// The seal is no signature: whoever changes a pack can make another.
fn seal_again(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 64);
    let seal: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.extend(seal.as_bytes());
    bytes
}

/// CRC-32 as zip wants it (ISO 3309).
fn checksum(bytes: &[u8]) -> u32 {
    let fold = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    };
    !bytes.iter().fold(u32::MAX, fold)
}

fn changed(draft: &Draft, path: &str, from: &str, to: &str) -> Vec<u8> {
    let mut draft = draft.clone();
    replace(&mut draft, path, from, to);
    sealed(&draft)
}

/// A figure changed in place, with its checksums, but not its digest.
fn other_content(sound: &[u8]) -> Vec<u8> {
    let (old, new) = (b"year,co2 (tCO2)\n2016,266\n", b"year,co2 (tCO2)\n2016,267\n");
    let mut bytes = sound.to_vec();
    for at in places(sound, old) {
        put(&mut bytes, at, new);
    }
    for at in places(sound, &checksum(old).to_le_bytes()) {
        put(&mut bytes, at, &checksum(new).to_le_bytes());
    }
    seal_again(bytes)
}

fn containers(desk: &Desk) -> Vec<(&'static str, Vec<u8>)> {
    let draft = draft(desk, "");
    let sound = sealed(&draft);
    let mut damaged = sound.clone();
    damaged[60] ^= 1;
    let mut irregular = sound.clone();
    // The date of the first entry.
    irregular[12] ^= 1;
    let mut renamed = sound.clone();
    for at in places(&sound, b"results/co2.csv") {
        put(&mut renamed, at, b"results/co3.csv");
    }
    let mut large = sound.clone();
    // The size unpacked, in the header and in the directory.
    let size = sound[22..26].to_vec();
    for at in places(&sound, &size) {
        put(&mut large, at, &[0xff; 4]);
    }
    let mut outside = draft.clone();
    outside.external.push(External {
        name: "../../x.csv".to_owned(),
        kind: ExternalKind::File,
        version: None,
        path: "../../x.csv".to_owned(),
        files: Vec::new(),
    });
    vec![
        ("pack-unreadable", b"year,co2 (tCO2)\n2016,266\n".to_vec()),
        ("pack-truncated", sound[..sound.len() - 100].to_vec()),
        ("pack-trailing", [sound.as_slice(), b"\n"].concat()),
        ("pack-damaged", damaged),
        ("pack-irregular", seal_again(irregular)),
        ("pack-digest", other_content(&sound)),
        ("pack-entries", seal_again(renamed)),
        ("pack-too-large", seal_again(large)),
        ("pack-unsafe-path", sealed(&outside)),
    ]
}

fn signed(desk: &Desk) -> Vec<(&'static str, Vec<u8>)> {
    let draft = draft(desk, "");
    let (ed25519, sm2) = (signer_from_pem(ED25519).unwrap(), signer_from_pem(SM2).unwrap());
    let by =
        |signer: &dyn tanliu_pack::Signer| write(&draft, Some(signer), &Limits::default()).unwrap();
    let mut other = draft.clone();
    other.run.set.push("x = 1".to_owned());
    let other = write(&other, Some(&*ed25519), &Limits::default()).unwrap();
    vec![
        ("pack-unsigned", sealed(&draft)),
        ("pack-signer", by(&*sm2)),
        ("pack-signature", grafted(&by(&*ed25519), &other)),
    ]
}

/// One pack with the signature of another: same entries, other manifest.
fn grafted(pack: &[u8], other: &[u8]) -> Vec<u8> {
    // The last entry before the directory, and its line there.
    let local = |bytes: &[u8]| {
        let at = *places(bytes, b"PK\x03\x04").last().unwrap();
        let end = places(bytes, b"PK\x01\x02")[0];
        (at, end)
    };
    let line = |bytes: &[u8]| {
        let at = *places(bytes, b"PK\x01\x02").last().unwrap();
        (at, *places(bytes, b"PK\x05\x06").last().unwrap())
    };
    let ((at, end), (from, to)) = (local(pack), local(other));
    let ((line_at, line_end), (line_from, line_to)) = (line(pack), line(other));
    let mut own_line = other[line_from..line_to].to_vec();
    put(&mut own_line, 42, &u32::try_from(at).unwrap().to_le_bytes());
    let mut ending = pack[line_end..].to_vec();
    let start = u32::try_from(at + (to - from)).unwrap();
    put(&mut ending, 16, &start.to_le_bytes());
    seal_again([&pack[..at], &other[from..to], &pack[end..line_at], &own_line, &ending].concat())
}

fn computed(desk: &Desk) -> Vec<(&'static str, Vec<u8>)> {
    let draft = draft(desk, "");
    let version = format!("\"tanliu\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let mut older = draft.clone();
    older.engine = "0.0.9".to_owned();
    let older = changed(&older, "run.json", &version, "\"tanliu\": \"0.0.9\"");
    let external = {
        desk.tanliu("pack m.md --data energy.csv --out e.tanpack --external 1").says(0, &[]);
        std::fs::read(desk.path("e.tanpack")).unwrap()
    };
    vec![
        ("pack-record-differs", changed(&draft, "energy.csv", "100", "110")),
        ("pack-other-version", older),
        ("pack-not-computed", changed(&draft, "m.md", "= energy *", "= energi *")),
        ("pack-external-missing", external),
        ("pack-result-differs", changed(&draft, "results/co2.csv", "266", "256")),
    ]
}

#[test]
fn each_reference_pack_shows_its_code() {
    let desk = Desk::new();
    desk.put("m.md", METHOD);
    desk.put("energy.csv", "year,energy (tce)\n2016,100\n");
    desk.put("key.pem", ED25519_PUBLIC);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/packs");
    let accept = std::env::var_os("TANLIU_ACCEPT").is_some();
    for (code, bytes) in [containers(&desk), signed(&desk), computed(&desk)].concat() {
        desk.put("case.tanpack", &bytes);
        let key =
            if folder.join(code).join("key.pem").exists() { "--public-key key.pem" } else { "" };
        let expected = if code == "pack-other-version" { 0 } else { 1 };
        let seen = desk.tanliu(&format!("verify case.tanpack {key} --json"));
        let report = seen.says(expected, &[]).json();
        let findings = report["findings"].as_array().unwrap();
        assert!(findings.iter().any(|finding| finding["code"] == code), "{report:#}");
        if accept {
            std::fs::write(folder.join(code).join("a.tanpack"), bytes).unwrap();
        }
    }
}
