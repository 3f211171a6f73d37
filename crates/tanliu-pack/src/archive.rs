//! 容器 A zip that can be written in one way only. What `unzip` reads leniently is read here to the byte.
//!
//! Every header follows from name, method, digest and sizes; the directory follows from the
//! headers; the comment is the seal. So whatever differs from what would be written is a fault,
//! and the part it lies in can be named.

use crate::digest::{Measure, Measuring, hexadecimal};
use crate::manifest::MANIFEST;
use crate::source::{PIECE, Source, Stretch, Taken, sha256_until};
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};
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

    /// Unpacks the entry piece by piece; nothing if it does not unpack to the size and checksum
    /// declared.
    pub(crate) fn unpack(
        &self,
        source: &(impl Source + ?Sized),
        to: &mut Taken<'_>,
    ) -> Option<Measure> {
        let packed = self.content.len() as u64;
        let stretch = Stretch::new(source, self.content.start, self.content.end);
        let mut measuring = Measuring::default();
        // One byte more than was declared would be too many.
        let limit = u64::from(self.size) + 1;
        if self.method == STORED {
            pour(&mut stretch.take(limit), to, &mut measuring)?;
        } else {
            if u64::from(self.size) > packed * SHRINK_MAX {
                return None;
            }
            // In large pieces: a piece of a file is a call to the system.
            let mut decoder = DeflateDecoder::new(io::BufReader::with_capacity(PIECE, stretch));
            pour(&mut decoder.by_ref().take(limit), to, &mut measuring)?;
            if decoder.total_in() != packed {
                return None;
            }
        }
        let measure = measuring.finish();
        (measure.bytes == u64::from(self.size) && measure.crc == self.crc).then_some(measure)
    }
}

fn pour(stream: &mut dyn Read, to: &mut Taken<'_>, measuring: &mut Measuring) -> Option<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let count = stream.read(&mut piece).ok()?;
        match piece.get(..count).filter(|own| !own.is_empty()) {
            Some(own) => to.put(own, measuring),
            None => return Some(()),
        }
    }
}

/// 写者 Writes entries one behind the other and seals them.
pub(crate) struct Writer<'w> {
    out: &'w mut dyn Write,
    sealing: Sha256,
    at: usize,
    slots: Vec<Slot>,
}

impl<'w> Writer<'w> {
    pub(crate) fn new(out: &'w mut dyn Write) -> Self {
        Self { out, sealing: Sha256::new(), at: 0, slots: Vec::new() }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sealing.update(bytes);
        self.at += bytes.len();
        self.out.write_all(bytes)
    }

    /// An entry in memory, compressed where that makes it smaller.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let packed = deflate(content).filter(|packed| packed.len() < content.len());
        let method = if packed.is_some() { DEFLATED } else { STORED };
        let packed = packed.as_deref().unwrap_or(content);
        let mut crc = Crc::new();
        crc.update(content);
        self.header(name, method, (crc.sum(), number(content.len())), packed.len())?;
        self.put(packed)
    }

    /// An entry that was measured before, as it is. Says what went by.
    pub(crate) fn add_stream(
        &mut self,
        name: &str,
        measure: &Measure,
        stream: &mut dyn Read,
    ) -> io::Result<Measure> {
        let size = usize::try_from(measure.bytes).unwrap_or(usize::MAX);
        self.header(name, STORED, (measure.crc, number(size)), size)?;
        let mut measuring = Measuring::default();
        let mut stream = stream.take(measure.bytes.saturating_add(1));
        let mut piece = vec![0; PIECE];
        loop {
            let count = stream.read(&mut piece)?;
            let Some(own) = piece.get(..count).filter(|own| !own.is_empty()) else { break };
            measuring.put(own);
            self.put(own)?;
        }
        Ok(measuring.finish())
    }

    fn header(
        &mut self,
        name: &str,
        method: u16,
        (crc, size): (u32, u32),
        packed: usize,
    ) -> io::Result<()> {
        let (name, offset) = (name.to_owned(), number(self.at));
        let slot = Slot { name, method, crc, size, content: 0..packed, offset };
        self.put(&slot.header())?;
        self.slots.push(slot);
        Ok(())
    }

    /// The directory and the seal; how many bytes there are in all.
    pub(crate) fn finish(mut self) -> io::Result<usize> {
        let start = self.at;
        let slots = std::mem::take(&mut self.slots);
        for slot in &slots {
            self.put(&slot.directory())?;
        }
        let end = end_record(slots.len(), start, self.at - start);
        self.put(&end)?;
        self.put(SEAL)?;
        let seal = hexadecimal(&std::mem::take(&mut self.sealing).finalize());
        self.put(seal.as_bytes())?;
        self.out.flush()?;
        Ok(self.at)
    }
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
pub(crate) fn read(source: &(impl Source + ?Sized)) -> Result<Vec<Slot>, Fault> {
    let length = source.length();
    let body = length.checked_sub(SEAL_DIGITS);
    let begin = body.and_then(|at| at.checked_sub(SEAL.len())).unwrap_or(length);
    let seal = source.piece(body.unwrap_or(length), length);
    let has_seal = *source.piece(begin, begin + SEAL.len()) == *SEAL && is_digits(&seal);
    let fits = has_seal && sha256_until(source, length - SEAL_DIGITS).as_bytes() == &*seal;
    let slots = match walk(source) {
        Ok(slots) => slots,
        Err(fault) => return Err(judged(fault, has_seal, fits)),
    };
    if fits {
        return Ok(slots);
    }
    let broken = |slot: &&Slot| slot.unpack(source, &mut Taken::Nowhere).is_none();
    let broken = slots.iter().find(broken);
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

fn walk(source: &(impl Source + ?Sized)) -> Result<Vec<Slot>, Fault> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut at = 0;
    while slots.is_empty() || *source.piece(at, at + LOCAL.len()) == LOCAL {
        let slot = slot_at(source, at, slots.len())?;
        at = slot.content.end;
        slots.push(slot);
    }
    let start = at;
    // What stands behind an entry begins another or the directory; else its length led astray.
    let next = || Part::Header(slots.len() + 1, String::new());
    let word = source.piece(at, at + CENTRAL.len());
    if word.len() < CENTRAL.len() {
        return Err(Fault::Truncated(next()));
    }
    if *word != CENTRAL {
        return Err(Fault::Damaged(next()));
    }
    for slot in &slots {
        at = same(source, at, &slot.directory(), || Part::Directory(slot.name.clone()))?;
    }
    at = same(source, at, &end_record(slots.len(), start, at - start), || Part::End)?;
    at = same(source, at, SEAL, || Part::Seal)?;
    match source.length().checked_sub(at + SEAL_DIGITS) {
        Some(0) => Ok(slots),
        Some(more) => Err(Fault::Trailing(more)),
        None => Err(Fault::Truncated(Part::Seal)),
    }
}

fn slot_at(source: &(impl Source + ?Sized), at: usize, count: usize) -> Result<Slot, Fault> {
    const FIXED: usize = 30;
    let header = || Part::Header(count + 1, String::new());
    if !LOCAL.starts_with(&source.piece(at, at + LOCAL.len())) {
        return Err(Fault::Damaged(Part::Header(count, String::new())));
    }
    let fixed = source.piece(at, at + FIXED);
    if fixed.len() < FIXED {
        return Err(Fault::Truncated(header()));
    }
    let length = usize::from(short_at(&fixed, 26));
    let begin = at + FIXED + length;
    let name = source.piece(at + FIXED, begin);
    if name.len() < length {
        return Err(Fault::Truncated(header()));
    }
    let name = String::from_utf8_lossy(&name).into_owned();
    let packed = number_at(&fixed, 18) as usize;
    let slot = Slot {
        method: short_at(&fixed, 8),
        crc: number_at(&fixed, 14),
        size: number_at(&fixed, 22),
        content: begin..begin.saturating_add(packed),
        offset: number(at),
        name,
    };
    let method = matches!(slot.method, STORED | DEFLATED);
    let stored = slot.method != STORED || slot.size as usize == packed;
    let written = slot.header();
    if !method || !stored || *source.piece(at, at + written.len()) != *written {
        return Err(Fault::Damaged(Part::Header(count + 1, slot.name)));
    }
    if slot.content.end > source.length() {
        return Err(Fault::Truncated(Part::Content(slot.name)));
    }
    Ok(slot)
}

/// Goes past the bytes that must stand here.
fn same(
    source: &(impl Source + ?Sized),
    at: usize,
    wanted: &[u8],
    part: impl Fn() -> Part,
) -> Result<usize, Fault> {
    let found = source.piece(at, at + wanted.len());
    if *found == *wanted {
        Ok(at + wanted.len())
    } else if wanted.starts_with(&found) {
        Err(Fault::Truncated(part()))
    } else {
        Err(Fault::Damaged(part()))
    }
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
