//! 计算包 One file that holds a computation whole: document, data, factors, options, manifest, results.
//!
//! A pack is a plain zip, so that anyone can open it, written in one way only, so that no byte of
//! it is free: headers, names, order and dates are fixed, and the comment at its end is a seal, the
//! digest of everything before. `MANIFEST.json` comes first and names every other entry with its
//! size, SHA-256 and SM3; a signature signs that file. Reading refuses whatever differs, and says
//! in which part: a flipped byte, a lost tail, something added behind the end, an entry that is
//! not listed, a name that leads out of the pack, more bytes than were declared.
//!
//! 1. `manifest`: what a pack says of itself.
//! 2. `archive`: the container.
//! 3. `pack`: writing and reading.
//! 4. `signature`: ed25519 and SM2 behind one trait.
//!
//! Bytes in, bytes out, whole or piece by piece as the caller hands them ([`Source`], [`Outlet`],
//! [`Streamed`]): nothing here opens a file, reads a clock or a source of randomness. What the entries mean and whether the results are right is not known here.

mod archive;
mod digest;
mod manifest;
mod message;
mod pack;
mod signature;
mod source;

pub use digest::{Digests, Measure, hexadecimal};
pub use manifest::{
    Entry, Evaluator, External, ExternalFile, ExternalKind, FORMAT, Kind, MANIFEST, Manifest,
    RunRecord,
};
pub use pack::{
    Content, Draft, Limits, Opening, Pack, PackError, Streamed, read, read_from, write, write_to,
};
pub use signature::{
    Algorithm, KeyError, SIGNATURE, SignatureBlock, Signer, Verifier, signer_from_pem,
    verifier_from_der, verifier_from_pem,
};
pub use source::{Outlet, Source};

#[cfg(test)]
mod tests;
