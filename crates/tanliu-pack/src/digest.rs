//! 摘要 SHA-256 (FIPS 180-4) and SM3 (GB/T 32905) of some bytes.

use flate2::Crc;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sm3::Sm3;

/// 摘要 Both digests of an entry, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    /// SHA-256
    pub sha256: String,
    /// SM3
    pub sm3: String,
}

impl Digests {
    /// The digests of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: sha256(bytes), sm3: hexadecimal(&Sm3::digest(bytes)) }
    }
}

/// 度量 What is said of some bytes before they are at hand: size, digests, checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// How many.
    pub bytes: u64,
    /// Their digests.
    pub digests: Digests,
    /// Their CRC-32.
    pub(crate) crc: u32,
}

impl Measure {
    /// Reads a stream to its end.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn of(stream: &mut dyn std::io::Read) -> std::io::Result<Self> {
        let mut measuring = Measuring::default();
        let mut piece = vec![0; crate::source::PIECE];
        loop {
            let count = stream.read(&mut piece)?;
            match piece.get(..count).filter(|own| !own.is_empty()) {
                Some(own) => measuring.put(own),
                None => return Ok(measuring.finish()),
            }
        }
    }
}

/// 度量中 Bytes that go by.
#[derive(Default)]
pub(crate) struct Measuring {
    bytes: u64,
    sha256: Sha256,
    sm3: Sm3,
    crc: Crc,
}

impl Measuring {
    pub(crate) fn put(&mut self, piece: &[u8]) {
        self.bytes += piece.len() as u64;
        self.sha256.update(piece);
        self.sm3.update(piece);
        self.crc.update(piece);
    }

    pub(crate) fn finish(self) -> Measure {
        let digests = Digests {
            sha256: hexadecimal(&self.sha256.finalize()),
            sm3: hexadecimal(&self.sm3.finalize()),
        };
        Measure { bytes: self.bytes, digests, crc: self.crc.sum() }
    }
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// 十六进制 Bytes in hexadecimal digits, small letters.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that hexadecimal digits stand for; nothing if they are none.
pub(crate) fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    let pairs = digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit));
    Some(pairs.collect())
}
