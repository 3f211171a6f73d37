//! 护栏 The libraries that decode files end the program on some damaged bytes; here that becomes an
//! error like any other.

use super::{FileEntry, Format, SourceError};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// Whether this thread is inside of a guard: then nothing is printed.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs what decodes bytes of a file; if it gives up, the file is damaged.
pub(super) fn guarded<T>(
    file: &FileEntry,
    format: Format,
    decode: impl FnOnce() -> Result<T, SourceError>,
) -> Result<T, SourceError> {
    caught(decode).unwrap_or_else(|reason| {
        Err(SourceError::Damaged { file: file.shown.clone(), format, reason })
    })
}

/// The result of `decode`, or what it said when it gave up.
///
/// Whatever `decode` was changing is dropped afterwards and never looked at again: a reader that
/// gave up is not asked for more.
pub(super) fn caught<T>(decode: impl FnOnce() -> T) -> Result<T, String> {
    quieten();
    let before = GUARDED.replace(true);
    let found = catch_unwind(AssertUnwindSafe(decode));
    GUARDED.set(before);
    found.map_err(|said| {
        let text = said.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| said.downcast_ref::<&str>().copied());
        text.unwrap_or("the decoder gave up").to_owned()
    })
}

/// Within a guard the usual report of a panic is left out; elsewhere it stays.
fn quieten() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                usual(panic);
            }
        }));
    });
}

/// An iterator that ends with an error where its source gives up.
pub(super) struct Guarded<I> {
    rows: Option<I>,
    fault: Option<SourceError>,
}

impl<I> Guarded<I> {
    /// Guards an iterator over the rows of a file.
    pub(super) fn new(rows: I, file: &FileEntry, format: Format) -> Self {
        let (file, reason) = (file.shown.clone(), String::new());
        Self { rows: Some(rows), fault: Some(SourceError::Damaged { file, format, reason }) }
    }
}

impl<T, I: Iterator<Item = Result<T, SourceError>>> Iterator for Guarded<I> {
    type Item = Result<T, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rows = self.rows.as_mut()?;
        let found = match caught(|| rows.next()) {
            Ok(found) => found,
            Err(said) => self.fault.take().map(|mut fault| {
                if let SourceError::Damaged { reason, .. } = &mut fault {
                    *reason = said;
                }
                Err(fault)
            }),
        };
        // Behind an error nothing can be trusted to stand in its place.
        if !matches!(found, Some(Ok(_))) {
            self.rows = None;
        }
        found
    }
}
