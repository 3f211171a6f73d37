//! 审计链 The audit trail: entries that only grow, each sealed with the digest of the one before.
//!
//! Whoever changes, removes or inserts an entry afterwards breaks every seal behind it; who keeps
//! the last seal elsewhere notices a cut tail too.

use crate::moment::Moment;
use sha2::{Digest, Sha256};

/// 行为 What somebody did at a moment: goes into the trail with the change it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Who; `system` for schedules, `public` for nobody known.
    pub by: String,
    /// When.
    pub at: Moment,
    /// What: `submission.approve`, `session.begin`.
    pub verb: String,
    /// To what: `submission/12`.
    pub object: String,
    /// Further facts, as JSON.
    pub facts: String,
}

/// 审计条目 An act in the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1 without gaps.
    pub number: i64,
    /// The act.
    pub act: Act,
    /// The seal of the entry before; the first has [`GENESIS`].
    pub before: String,
    /// SHA-256 over number, act and the seal before, in hex.
    pub seal: String,
}

/// The seal before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// 断链 Where a trail does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the trail is broken at entry {number}: {what}")]
pub struct Broken {
    /// The entry.
    pub number: i64,
    /// What does not hold.
    pub what: &'static str,
}

/// Seals an act as the entry behind another one.
#[must_use]
pub fn seal(number: i64, act: Act, before: &str) -> Entry {
    let seal = digest(number, &act, before);
    Entry { number, act, before: before.to_owned(), seal }
}

/// Checks entries in order, the first of which follows an entry of number and seal `after`
/// (0 and [`GENESIS`] for a whole trail). Returns number and seal of the last.
///
/// # Errors
/// The first entry that does not hold.
pub fn check(entries: &[Entry], after: (i64, &str)) -> Result<(i64, String), Broken> {
    let (mut number, mut before) = (after.0, after.1.to_owned());
    for entry in entries {
        number += 1;
        let broken = |what| Broken { number: entry.number, what };
        if entry.number != number {
            return Err(broken("its number does not follow"));
        }
        if entry.before != before {
            return Err(broken("it does not follow the entry before"));
        }
        if digest(entry.number, &entry.act, &entry.before) != entry.seal {
            return Err(broken("its seal does not fit its content"));
        }
        before.clone_from(&entry.seal);
    }
    Ok((number, before))
}

/// Each part with its length before it, so that no two entries have the same bytes.
fn digest(number: i64, act: &Act, before: &str) -> String {
    let mut hasher = Sha256::new();
    let (number, at) = (number.to_string(), act.at.0.to_string());
    for part in [&number, before, &act.by, &at, &act.verb, &act.object, &act.facts] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of bytes, in hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests;
