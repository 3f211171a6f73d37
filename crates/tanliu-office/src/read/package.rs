//! 压缩包 The zip archive around a workbook, looked through before anyone unpacks it.

use std::io::{Cursor, Read};

/// How many bytes are read at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// As long as the beginning of a tag that is looked for, less one.
const TAG_BYTES: usize = 2;

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

/// 压缩包概况 What a look through a package has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PackageView {
    /// Some member may hold formulas; if not, no one need look for them.
    pub(crate) formulas: bool,
}

/// Unpacks every member once, keeping nothing, to see that checksums hold and that all together
/// stay under `max_bytes`: what a package says about its sizes is not believed.
pub(crate) fn inspect(bytes: &[u8], max_bytes: u64) -> Result<PackageView, PackageFault> {
    let damaged = |error: &dyn std::fmt::Display| PackageFault::Damaged(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let mut view = PackageView::default();
    let mut left = max_bytes;
    // The first bytes repeat the end of the chunk before, so that no tag is cut in two.
    let mut chunk = vec![0; TAG_BYTES + CHUNK_BYTES];
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).map_err(|e| damaged(&e))?;
        let name = member.name().map_err(|e| damaged(&e))?;
        let shared_strings = name.to_lowercase().ends_with("sharedstrings.xml");
        drop(name);
        let mut size = 0_u64;
        let mut start = Vec::new();
        loop {
            let free = chunk.get_mut(TAG_BYTES..).unwrap_or_default();
            let read = member.read(free).map_err(|e| damaged(&e))?;
            if read == 0 {
                break;
            }
            let window = chunk.get(..TAG_BYTES + read).unwrap_or_default();
            if shared_strings && start.len() < PROMISE_BYTES {
                let fresh = window.iter().skip(TAG_BYTES);
                start.extend(fresh.take(PROMISE_BYTES - start.len()));
            }
            view.formulas = view.formulas || (!shared_strings && holds_formula(window));
            chunk.copy_within(read..read + TAG_BYTES, 0);
            size += read as u64;
            left = left.checked_sub(read as u64).ok_or(PackageFault::TooLarge)?;
        }
        // The reader reserves room for as many strings as are promised.
        if promised_strings(&start) > size {
            return Err(PackageFault::TooLarge);
        }
    }
    Ok(view)
}

/// Whether a piece of XML may hold the tag `f`, with a name space prefix or without.
fn holds_formula(piece: &[u8]) -> bool {
    let ends_name = |at: usize| {
        let next = piece.get(at + 2);
        next.is_some_and(|byte| matches!(byte, b'>' | b'/') || byte.is_ascii_whitespace())
    };
    memchr::memmem::find_iter(piece, b"<f").any(ends_name)
        || memchr::memmem::find_iter(piece, b":f").any(ends_name)
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
