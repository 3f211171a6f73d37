//! 诊断的传送 What an executor found, as bytes: the driver tells it as if it had found it itself.

use super::bytes::{Travel, travels};
use super::travel::tagged;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use tanliu_diagnostic::{CellPlace, Diagnostic, Label, Place, Severity, Span, Text};

/// No finding has a longer code.
const CODE_LENGTH_MAX: usize = 64;
/// There are fewer codes than this; bytes that bring more are none of ours.
const CODES_MAX: usize = 2_000;

/// The codes that came in. A code is a name of the source text for as long as the process lives.
static CODES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

fn known_code(code: &str) -> Option<&'static str> {
    let fits = code.bytes().all(|sign| matches!(sign, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if code.is_empty() || code.len() > CODE_LENGTH_MAX || !fits {
        return None;
    }
    // Whoever panicked while holding it cannot have left a set of names half made.
    let mut codes = CODES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = codes.get(code) {
        return Some(known);
    }
    if codes.len() >= CODES_MAX {
        return None;
    }
    let own: &'static str = Box::leak(code.to_owned().into_boxed_str());
    codes.insert(own);
    Some(own)
}

travels!(Text { zh, en });
travels!(Label { place, text, primary });
travels!(CellPlace { source, sheet, row, column, text });

impl Travel for Span {
    fn write(&self, to: &mut Vec<u8>) {
        self.start.write(to);
        self.end.write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        let (start, end) = (usize::read(from)?, usize::read(from)?);
        (start <= end).then(|| Self::new(start, end))
    }
}

impl Travel for Place {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Span { source, span } => {
                tagged(0, source, to);
                span.write(to);
            }
            Self::Cell(cell) => tagged(1, cell, to),
            Self::File(file) => tagged(2, file, to),
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Span { source: Travel::read(from)?, span: Travel::read(from)? },
            1 => Self::Cell(Travel::read(from)?),
            2 => Self::File(Travel::read(from)?),
            _ => return None,
        })
    }
}

impl Travel for Severity {
    fn write(&self, to: &mut Vec<u8>) {
        (*self == Self::Error).write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(if bool::read(from)? { Self::Error } else { Self::Warning })
    }
}

impl Travel for Diagnostic {
    fn write(&self, to: &mut Vec<u8>) {
        self.code.to_owned().write(to);
        self.severity.write(to);
        self.message.write(to);
        self.labels.write(to);
        self.notes.write(to);
        self.hint.write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(Self {
            code: known_code(&String::read(from)?)?,
            severity: Travel::read(from)?,
            message: Travel::read(from)?,
            labels: Travel::read(from)?,
            notes: Travel::read(from)?,
            hint: Travel::read(from)?,
        })
    }
}
