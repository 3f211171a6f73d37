//! 容器 A zip that can be written in one way only. What `unzip` reads leniently is read here to the byte.
//!
//! Every header follows from name, method, digest and sizes; the directory follows from the
//! headers; the comment is the seal. So whatever differs from what would be written is a fault,
//! and the part it lies in can be named.

use crate::digest::sha256;
use crate::manifest::MANIFEST;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::{Read, Write};
use std::ops::Range;

/// What the comment begins with; the digest follows.
const SEAL: &[u8] = b"tanliu-pack/1 sha256=";
/// Hexadecimal digits of the digest.
const SEAL_DIGITS: usize = 64;
/// The comment's size.
const COMMENT: usize = SEAL.len() + SEAL_DIGITS;

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Version 2.0, names in UTF-8.
const VERSION: u16 = 20;
const FLAGS: u16 = 0x0800;
/// The first day that zip can say: no clock goes into a pack.
const DAY: u16 = 0x0021;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Deflate never shrinks by more than this (RFC 1951: 258 bytes from two bits and a little).
const SHRINK_MAX: u64 = 1100;

/// 部分 A part of the file, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// The header of the entry of this number, with its name as far as it can be read.
    Header(usize, String),
    /// What an entry holds.
    Content(String),
    /// The directory's line of an entry.
    Directory(String),
    /// The end record.
    End,
    /// The seal.
    Seal,
}

/// 错处 What is wrong with the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not the beginning of a pack.
    Foreign,
    /// The file ends within this part.
    Truncated(Part),
    /// So many bytes stand behind the end.
    Trailing(usize),
    /// A part is not as it was written.
    Damaged(Part),
    /// The seal fits, but this part was not written as packs are.
    Irregular(Part),
}

/// 条目 An entry where it lies.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) name: String,
    method: u16,
    crc: u32,
    /// Its size unpacked, as declared.
    pub(crate) size: u32,
    content: Range<usize>,
    offset: u32,
}

impl Slot {
    /// What stands in the local header and in the directory alike.
    fn common(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(26);
        for word in [VERSION, FLAGS, self.method, 0, DAY] {
            bytes.extend(word.to_le_bytes());
        }
        for word in [self.crc, number(self.content.len()), self.size] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(short(self.name.len()).to_le_bytes());
        bytes.extend(0_u16.to_le_bytes());
        bytes
    }

    fn header(&self) -> Vec<u8> {
        [&LOCAL, self.common().as_slice(), self.name.as_bytes()].concat()
    }

    fn directory(&self) -> Vec<u8> {
        let mut bytes = CENTRAL.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(self.common());
        // No comment, disk 0, no attributes.
        bytes.extend([0; 10]);
        bytes.extend(self.offset.to_le_bytes());
        bytes.extend(self.name.as_bytes());
        bytes
    }

    /// What the entry holds; nothing if it does not unpack to the size and checksum declared.
    pub(crate) fn unpack(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let packed = bytes.get(self.content.clone())?;
        let mut content = Vec::new();
        if self.method == STORED {
            content.extend_from_slice(packed);
        } else {
            if u64::from(self.size) > packed.len() as u64 * SHRINK_MAX {
                return None;
            }
            let mut decoder = DeflateDecoder::new(packed);
            let limit = u64::from(self.size) + 1;
            decoder.by_ref().take(limit).read_to_end(&mut content).ok()?;
            if decoder.total_in() != packed.len() as u64 {
                return None;
            }
        }
        let fits = content.len() == self.size as usize && checksum(&content) == self.crc;
        fits.then_some(content)
    }
}

/// Writes entries (name and content) and seals them.
pub(crate) fn write(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut slots = Vec::new();
    for (name, content) in entries {
        let packed = deflate(content).filter(|packed| packed.len() < content.len());
        let method = if packed.is_some() { DEFLATED } else { STORED };
        let packed = packed.as_deref().unwrap_or(content);
        let slot = Slot {
            name: (*name).to_owned(),
            method,
            crc: checksum(content),
            size: number(content.len()),
            content: 0..packed.len(),
            offset: number(bytes.len()),
        };
        bytes.extend(slot.header());
        bytes.extend_from_slice(packed);
        slots.push(slot);
    }
    let start = bytes.len();
    slots.iter().for_each(|slot| bytes.extend(slot.directory()));
    let end = end_record(slots.len(), start, bytes.len() - start);
    bytes.extend(end);
    bytes.extend(SEAL);
    let seal = sha256(&bytes);
    bytes.extend(seal.as_bytes());
    bytes
}

fn deflate(content: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).ok()?;
    encoder.finish().ok()
}

fn end_record(count: usize, start: usize, size: usize) -> Vec<u8> {
    let mut bytes = END.to_vec();
    for word in [0, 0, short(count), short(count)] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend(number(size).to_le_bytes());
    bytes.extend(number(start).to_le_bytes());
    bytes.extend(short(COMMENT).to_le_bytes());
    bytes
}

/// Reads the layout and holds every byte to it.
///
/// # Errors
/// What is wrong, and in which part.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Slot>, Fault> {
    let sealed = bytes.len().checked_sub(SEAL_DIGITS).and_then(|at| bytes.split_at_checked(at));
    let (body, seal) = sealed.unwrap_or((&[], &[]));
    let has_seal = body.ends_with(SEAL) && is_digits(seal);
    let fits = has_seal && sha256(body).as_bytes() == seal;
    let slots = match walk(bytes) {
        Ok(slots) => slots,
        Err(fault) => return Err(judged(fault, has_seal, fits)),
    };
    if fits {
        return Ok(slots);
    }
    let broken = slots.iter().find(|slot| slot.unpack(bytes).is_none());
    let part = broken.map_or(Part::Seal, |slot| Part::Content(slot.name.clone()));
    Err(Fault::Damaged(part))
}

/// What a fault of the layout means, given what the end of the file looks like.
fn judged(fault: Fault, has_seal: bool, fits: bool) -> Fault {
    match fault {
        Fault::Damaged(part) | Fault::Truncated(part) if fits => Fault::Irregular(part),
        // The end is there: it is not the tail that is missing.
        Fault::Truncated(part) if has_seal => Fault::Damaged(part),
        Fault::Damaged(Part::Header(0, _)) if !has_seal => Fault::Foreign,
        Fault::Damaged(Part::Header(1, name)) if !has_seal && name != MANIFEST => Fault::Foreign,
        fault => fault,
    }
}

fn is_digits(seal: &[u8]) -> bool {
    seal.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

fn walk(bytes: &[u8]) -> Result<Vec<Slot>, Fault> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut at = 0;
    while slots.is_empty() || starts(bytes, at, &LOCAL) {
        let slot = slot_at(bytes, at, slots.len())?;
        at = slot.content.end;
        slots.push(slot);
    }
    let start = at;
    // What stands behind an entry begins another or the directory; else its length led astray.
    let next = || Part::Header(slots.len() + 1, String::new());
    match bytes.get(at..at + CENTRAL.len()) {
        None => return Err(Fault::Truncated(next())),
        Some(word) if word != CENTRAL => return Err(Fault::Damaged(next())),
        Some(_) => {}
    }
    for slot in &slots {
        at = same(bytes, at, &slot.directory(), || Part::Directory(slot.name.clone()))?;
    }
    at = same(bytes, at, &end_record(slots.len(), start, at - start), || Part::End)?;
    at = same(bytes, at, SEAL, || Part::Seal)?;
    match bytes.len().checked_sub(at + SEAL_DIGITS) {
        Some(0) => Ok(slots),
        Some(more) => Err(Fault::Trailing(more)),
        None => Err(Fault::Truncated(Part::Seal)),
    }
}

fn starts(bytes: &[u8], at: usize, word: &[u8; 4]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(word))
}

fn slot_at(bytes: &[u8], at: usize, count: usize) -> Result<Slot, Fault> {
    const FIXED: usize = 30;
    let header = || Part::Header(count + 1, String::new());
    let rest = bytes.get(at..).unwrap_or_default();
    if !LOCAL.starts_with(rest.get(..rest.len().min(4)).unwrap_or_default()) {
        return Err(Fault::Damaged(Part::Header(count, String::new())));
    }
    let Some(fixed) = rest.get(..FIXED) else { return Err(Fault::Truncated(header())) };
    let length = usize::from(short_at(fixed, 26));
    let Some(name) = rest.get(FIXED..FIXED + length) else {
        return Err(Fault::Truncated(header()));
    };
    let name = String::from_utf8_lossy(name).into_owned();
    let begin = at + FIXED + length;
    let packed = number_at(fixed, 18) as usize;
    let slot = Slot {
        method: short_at(fixed, 8),
        crc: number_at(fixed, 14),
        size: number_at(fixed, 22),
        content: begin..begin.saturating_add(packed),
        offset: number(at),
        name,
    };
    let method = matches!(slot.method, STORED | DEFLATED);
    let stored = slot.method != STORED || slot.size as usize == packed;
    if !method || !stored || !rest.starts_with(&slot.header()) {
        return Err(Fault::Damaged(Part::Header(count + 1, slot.name)));
    }
    if slot.content.end > bytes.len() {
        return Err(Fault::Truncated(Part::Content(slot.name)));
    }
    Ok(slot)
}

/// Goes past the bytes that must stand here.
fn same(bytes: &[u8], at: usize, wanted: &[u8], part: impl Fn() -> Part) -> Result<usize, Fault> {
    let rest = bytes.get(at..).unwrap_or_default();
    if rest.starts_with(wanted) {
        Ok(at + wanted.len())
    } else if wanted.starts_with(rest) {
        Err(Fault::Truncated(part()))
    } else {
        Err(Fault::Damaged(part()))
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn short_at(bytes: &[u8], at: usize) -> u16 {
    let pair = bytes.get(at..at + 2).and_then(|pair| pair.try_into().ok());
    pair.map_or(0, u16::from_le_bytes)
}

fn number_at(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    four.map_or(0, u32::from_le_bytes)
}

/// Sizes are held below 4 GiB before anything is written.
fn number(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

fn short(size: usize) -> u16 {
    u16::try_from(size).unwrap_or(u16::MAX)
}
