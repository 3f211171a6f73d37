//! 键的字节 Keys as bytes that compare as the keys do, so that a merge need not read them.
//!
//! A number is a zero and its eight bytes, the highest first and the sign turned; a text is a one,
//! its bytes with each zero followed by 255, and two zeros.

use crate::atom::Atom;
use std::sync::Arc;

const NUMBER: u8 = 0;
const TEXT: u8 = 1;
const SIGN: u64 = 1 << 63;

/// Puts a key behind what is there.
pub(super) fn write(key: &[Atom], to: &mut Vec<u8>) {
    for atom in key {
        match atom {
            Atom::Number(number) => {
                to.push(NUMBER);
                to.extend((number.cast_unsigned() ^ SIGN).to_be_bytes());
            }
            Atom::Text(text) => {
                to.push(TEXT);
                for byte in text.bytes() {
                    to.push(byte);
                    if byte == 0 {
                        to.push(u8::MAX);
                    }
                }
                to.extend([0, 0]);
            }
        }
    }
}

/// The key that some bytes are; nothing if they are none.
pub(super) fn read(mut from: &[u8]) -> Option<Vec<Atom>> {
    let mut key = Vec::new();
    while let Some((tag, rest)) = from.split_first() {
        from = rest;
        key.push(match *tag {
            NUMBER => {
                let (bytes, rest) = from.split_first_chunk()?;
                from = rest;
                Atom::Number((u64::from_be_bytes(*bytes) ^ SIGN).cast_signed())
            }
            TEXT => Atom::Text(text(&mut from)?),
            _ => return None,
        });
    }
    Some(key)
}

fn text(from: &mut &[u8]) -> Option<Arc<str>> {
    let mut bytes = Vec::new();
    loop {
        let end = from.iter().position(|byte| *byte == 0)?;
        bytes.extend(from.get(..end)?);
        let after = *from.get(end + 1)?;
        *from = from.get(end + 2..)?;
        match after {
            0 => return Some(Arc::from(std::str::from_utf8(&bytes).ok()?)),
            u8::MAX => bytes.push(0),
            _ => return None,
        }
    }
}
