//! 摘要 SHA-256 (FIPS 180-4) and SM3 (GB/T 32905) of some bytes.

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
