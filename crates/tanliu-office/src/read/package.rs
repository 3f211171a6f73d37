//! 压缩包 The zip archive around a workbook, looked through before anyone unpacks it.

use std::io::{Cursor, Read};

/// How many bytes are read at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// The beginning of the shared strings, where their count is promised.
const PROMISE_BYTES: usize = 1024;

/// 压缩包问题 Why a package is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PackageFault {
    /// It unpacks to more than the limit.
    TooLarge,
    /// It is damaged: what the zip reader said.
    Damaged(String),
}

/// Unpacks every member once, keeping nothing, to see that checksums hold and that all together
/// stay under `max_bytes`: what a package says about its sizes is not believed.
pub(crate) fn inspect(bytes: &[u8], max_bytes: u64) -> Result<(), PackageFault> {
    let damaged = |error: &dyn std::fmt::Display| PackageFault::Damaged(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let mut total = 0_u64;
    let mut chunk = vec![0; CHUNK_BYTES];
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).map_err(|e| damaged(&e))?;
        let name = member.name().map_err(|e| damaged(&e))?;
        let shared_strings = name.to_lowercase().ends_with("sharedstrings.xml");
        drop(name);
        let mut size = 0_u64;
        let mut start = Vec::new();
        loop {
            let read = member.read(&mut chunk).map_err(|e| damaged(&e))?;
            if read == 0 {
                break;
            }
            let piece = chunk.get(..read).unwrap_or_default();
            if shared_strings && start.len() < PROMISE_BYTES {
                start.extend(piece.iter().take(PROMISE_BYTES - start.len()));
            }
            size += read as u64;
            total += read as u64;
            if total > max_bytes {
                return Err(PackageFault::TooLarge);
            }
        }
        // The reader reserves room for as many strings as are promised.
        if promised_strings(&start) > size {
            return Err(PackageFault::TooLarge);
        }
    }
    Ok(())
}

/// The `uniqueCount` of a shared string table; 0 if there is none.
fn promised_strings(start: &[u8]) -> u64 {
    const NAME: &[u8] = b"uniqueCount=";
    let Some(at) = memchr::memmem::find(start, NAME) else {
        return 0;
    };
    let digits = start.get(at + NAME.len() + 1..).unwrap_or_default();
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |count: u64, digit| {
        count.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
    })
}
