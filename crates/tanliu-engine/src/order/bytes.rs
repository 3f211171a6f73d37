//! 字节 How values become bytes that travel, and how bytes that are none are told from those.
//!
//! Numbers are little-endian, doubles their bits, lists a length and their members, variants a
//! number and their fields. Around a body stands an envelope: a sign with the version of the
//! engine, a length, and the SHA-256 of the body. Reading never panics and never takes a length
//! on trust.

use crate::EngineError;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// 可传 A value that travels.
pub(crate) trait Travel: Sized {
    /// Puts it behind what is there.
    fn write(&self, to: &mut Vec<u8>);
    /// Takes it from the front; nothing if it is none.
    fn read(from: &mut &[u8]) -> Option<Self>;
}

/// A struct travels as its fields, in the order given here.
macro_rules! travels {
    ($name:ty { $($field:ident),* $(,)? }) => {
        impl $crate::order::bytes::Travel for $name {
            fn write(&self, to: &mut Vec<u8>) {
                $(self.$field.write(to);)*
            }
            fn read(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: $crate::order::bytes::Travel::read(from)?),* })
            }
        }
    };
}
pub(crate) use travels;

macro_rules! number_travels {
    ($($name:ty),*) => {$(
        impl Travel for $name {
            fn write(&self, to: &mut Vec<u8>) {
                to.extend(self.to_le_bytes());
            }
            fn read(from: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = from.split_first_chunk()?;
                *from = rest;
                Some(Self::from_le_bytes(*bytes))
            }
        }
    )*};
}
number_travels!(u8, u32, u64, i64, f64);

impl Travel for usize {
    fn write(&self, to: &mut Vec<u8>) {
        (*self as u64).write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Self::try_from(u64::read(from)?).ok()
    }
}

impl Travel for bool {
    fn write(&self, to: &mut Vec<u8>) {
        u8::from(*self).write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        match u8::read(from)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

/// So many bytes from the front.
pub(crate) fn take<'b>(from: &mut &'b [u8]) -> Option<&'b [u8]> {
    let count = usize::read(from)?;
    let (bytes, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(bytes)
}

/// Bytes with their number before them.
pub(crate) fn put(bytes: &[u8], to: &mut Vec<u8>) {
    bytes.len().write(to);
    to.extend(bytes);
}

impl Travel for String {
    fn write(&self, to: &mut Vec<u8>) {
        put(self.as_bytes(), to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(std::str::from_utf8(take(from)?).ok()?.to_owned())
    }
}

impl Travel for Arc<str> {
    fn write(&self, to: &mut Vec<u8>) {
        put(self.as_bytes(), to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(Self::from(std::str::from_utf8(take(from)?).ok()?))
    }
}

impl Travel for [u8; 32] {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend(self);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = from.split_first_chunk()?;
        *from = rest;
        Some(*bytes)
    }
}

impl<T: Travel> Travel for Option<T> {
    fn write(&self, to: &mut Vec<u8>) {
        self.is_some().write(to);
        self.iter().for_each(|value| value.write(to));
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(if bool::read(from)? { Some(T::read(from)?) } else { None })
    }
}

impl<T: Travel, E: Travel> Travel for Result<T, E> {
    fn write(&self, to: &mut Vec<u8>) {
        self.is_ok().write(to);
        match self {
            Ok(value) => value.write(to),
            Err(error) => error.write(to),
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(if bool::read(from)? { Ok(T::read(from)?) } else { Err(E::read(from)?) })
    }
}

impl<T: Travel> Travel for Box<T> {
    fn write(&self, to: &mut Vec<u8>) {
        T::write(self, to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(Self::new(T::read(from)?))
    }
}

impl<T: Travel> Travel for Arc<T> {
    fn write(&self, to: &mut Vec<u8>) {
        T::write(self, to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(Self::new(T::read(from)?))
    }
}

fn write_all<'t, T: Travel + 't>(list: impl ExactSizeIterator<Item = &'t T>, to: &mut Vec<u8>) {
    list.len().write(to);
    list.for_each(|value| value.write(to));
}

/// Members one by one: every one takes a byte at least, so that a length alone takes no memory.
fn read_all<T: Travel, C: Default + Extend<T>>(from: &mut &[u8]) -> Option<C> {
    let count = usize::read(from)?;
    if count > from.len() {
        return None;
    }
    let mut list = C::default();
    for _ in 0..count {
        list.extend(std::iter::once(T::read(from)?));
    }
    Some(list)
}

impl<T: Travel> Travel for Vec<T> {
    fn write(&self, to: &mut Vec<u8>) {
        write_all(self.iter(), to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        read_all(from)
    }
}

impl<T: Travel + Ord> Travel for BTreeSet<T> {
    fn write(&self, to: &mut Vec<u8>) {
        write_all(self.iter(), to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        read_all(from)
    }
}

impl<K: Travel + Ord, V: Travel> Travel for BTreeMap<K, V> {
    fn write(&self, to: &mut Vec<u8>) {
        self.len().write(to);
        for (key, value) in self {
            key.write(to);
            value.write(to);
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        read_all::<(K, V), Self>(from)
    }
}

impl<A: Travel, B: Travel> Travel for (A, B) {
    fn write(&self, to: &mut Vec<u8>) {
        self.0.write(to);
        self.1.write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

impl<A: Travel, B: Travel, C: Travel> Travel for (A, B, C) {
    fn write(&self, to: &mut Vec<u8>) {
        self.0.write(to);
        self.1.write(to);
        self.2.write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?, C::read(from)?))
    }
}

/// SHA-256 of bytes.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    let mut own = [0; 32];
    own.iter_mut().zip(Sha256::digest(bytes)).for_each(|(place, byte)| *place = byte);
    own
}

/// The sign before everything that travels: what it is, and whose bytes they are. Engines of
/// different versions may number a program's nodes differently.
fn sign(what: &str) -> Vec<u8> {
    format!("tanliu {what} 1 {}\n", env!("CARGO_PKG_VERSION")).into_bytes()
}

/// A value in its envelope.
pub(crate) fn seal(what: &str, value: &impl Travel) -> Vec<u8> {
    let mut body = Vec::new();
    value.write(&mut body);
    let mut bytes = sign(what);
    digest(&body).write(&mut bytes);
    put(&body, &mut bytes);
    bytes
}

/// The value that an envelope holds.
pub(crate) fn unseal<T: Travel>(what: &str, bytes: &[u8]) -> Result<T, EngineError> {
    let Some(mut rest) = bytes.strip_prefix(sign(what).as_slice()) else {
        return Err(EngineError::order(
            format!("这些字节不是本版本引擎的 {what}"),
            format!("these bytes are no {what} of this version of the engine"),
        ));
    };
    let damaged = || {
        EngineError::order(
            format!("{what} 的字节残缺或被改动"),
            format!("the bytes of this {what} were cut short or changed"),
        )
    };
    let known = <[u8; 32]>::read(&mut rest).ok_or_else(damaged)?;
    let mut body = take(&mut rest).ok_or_else(damaged)?;
    if !rest.is_empty() || digest(body) != known {
        return Err(damaged());
    }
    let value = T::read(&mut body).ok_or_else(damaged)?;
    if body.is_empty() { Ok(value) } else { Err(damaged()) }
}
