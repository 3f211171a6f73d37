//! 字节的来处与去处 Where the bytes of a pack come from and where large entries go: the caller's
//! affair, so that neither need fit into memory.

use crate::digest::Measuring;
use crate::manifest::Entry;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// How much is looked at at once.
pub(crate) const PIECE: usize = 1 << 16;

/// 来源 The bytes of a pack, wherever they lie.
pub trait Source {
    /// How many there are.
    fn length(&self) -> usize;
    /// The bytes from one place to another, or as far as there are any. A fault of what lies below
    /// is the caller's to keep: where it happens nothing is given.
    fn piece(&self, from: usize, to: usize) -> Cow<'_, [u8]>;
}

impl Source for [u8] {
    fn length(&self) -> usize {
        self.len()
    }

    fn piece(&self, from: usize, to: usize) -> Cow<'_, [u8]> {
        let to = to.min(self.len());
        Cow::Borrowed(self.get(from.min(to)..to).unwrap_or_default())
    }
}

/// 去处 What takes entries out of a pack while they are read.
pub trait Outlet {
    /// Whether it takes this entry: then the pack that is read does not hold its bytes.
    fn takes(&mut self, entry: &Entry) -> bool;
    /// The next bytes of the entry that it takes. They may yet turn out to be wrong.
    fn put(&mut self, piece: &[u8]);
}

/// Takes nothing.
pub(crate) struct NoOutlet;

impl Outlet for NoOutlet {
    fn takes(&mut self, _: &Entry) -> bool {
        false
    }

    fn put(&mut self, _: &[u8]) {}
}

/// The digest of the first bytes of a pack.
pub(crate) fn sha256_until(source: &(impl Source + ?Sized), end: usize) -> String {
    let mut digest = Sha256::new();
    let mut at = 0;
    while at < end {
        let piece = source.piece(at, end.min(at + PIECE));
        if piece.is_empty() {
            break;
        }
        digest.update(&piece);
        at += piece.len();
    }
    crate::digest::hexadecimal(&digest.finalize())
}

/// 读者 A stretch of a source as a stream.
pub(crate) struct Stretch<'s, S: ?Sized> {
    source: &'s S,
    at: usize,
    end: usize,
}

impl<'s, S: Source + ?Sized> Stretch<'s, S> {
    pub(crate) fn new(source: &'s S, from: usize, end: usize) -> Self {
        Self { source, at: from, end }
    }
}

impl<S: Source + ?Sized> std::io::Read for Stretch<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let piece = self.source.piece(self.at, self.end.min(self.at + buffer.len()));
        let count = piece.len().min(buffer.len());
        let taken = piece.get(..count).unwrap_or_default();
        buffer.iter_mut().zip(taken).for_each(|(place, byte)| *place = *byte);
        self.at += count;
        Ok(count)
    }
}

/// 收下 Bytes of an entry on their way: measured, and kept or handed out.
pub(crate) enum Taken<'o> {
    Kept(Vec<u8>),
    Out(&'o mut dyn Outlet),
    Nowhere,
}

impl Taken<'_> {
    pub(crate) fn put(&mut self, piece: &[u8], measuring: &mut Measuring) {
        measuring.put(piece);
        match self {
            Self::Kept(bytes) => bytes.extend_from_slice(piece),
            Self::Out(outlet) => outlet.put(piece),
            Self::Nowhere => {}
        }
    }

    /// What was kept.
    pub(crate) fn kept(self) -> Vec<u8> {
        match self {
            Self::Kept(bytes) => bytes,
            Self::Out(_) | Self::Nowhere => Vec::new(),
        }
    }
}
