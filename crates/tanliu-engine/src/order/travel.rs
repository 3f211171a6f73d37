//! 传什么 The parts of orders and of what comes back, as bytes.

use super::bytes::{Travel, travels};
use super::{FileMark, Order, Partial, Task, WideSource};
use crate::atom::Atom;
use crate::pass::{Failing, Made, MadeValue, Passed};
use crate::run::Step;
use tanliu_method::eval::{FaultKind, RefusedFactor};
use tanliu_method::table::{CellValue, Cells, Column, Table};

travels!(Task { document, library, factors, tables, scalars, also, wide });
travels!(WideSource { path, shown, version, files });
travels!(FileMark { shown, bytes, modified });
travels!(Order { task, steps, errand, share, shares, pieces, check_keys });
travels!(Partial { errand, share, made });
travels!(Passed { works, failing, defaulted, rows, unique, asked });
travels!(Failing { rows });
travels!(Table { name, source, sheet, header_row, columns, row_numbers });
travels!(Column { header, number, cells });

/// The codes under which a catalogue refuses: a finding's code is a name of the source text.
pub(super) const REFUSALS: &[&str] = &[
    "unknown-factor-set",
    "factor-unit",
    "factor-date-outside",
    "factor-key-columns",
    "factor-key-unknown",
    "factor-number",
    "factor-publication-unknown",
    "factor-vintages-few",
];

impl Travel for Cells {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Text { buffer, ends } => {
                0_u8.write(to);
                buffer.write(to);
                ends.write(to);
            }
            Self::Mixed(cells) => {
                1_u8.write(to);
                cells.write(to);
            }
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Text { buffer: Travel::read(from)?, ends: Travel::read(from)? },
            1 => Self::Mixed(Travel::read(from)?),
            _ => return None,
        })
    }
}

impl Travel for CellValue {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Empty => 0_u8.write(to),
            Self::Text(text) => tagged(1, text, to),
            Self::Number(number) => tagged(2, number, to),
            Self::Percent(number) => tagged(3, number, to),
            Self::Date(text) => tagged(4, text, to),
            Self::Bool(value) => tagged(5, value, to),
            Self::Error(text) => tagged(6, text, to),
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Empty,
            1 => Self::Text(Travel::read(from)?),
            2 => Self::Number(Travel::read(from)?),
            3 => Self::Percent(Travel::read(from)?),
            4 => Self::Date(Travel::read(from)?),
            5 => Self::Bool(Travel::read(from)?),
            6 => Self::Error(Travel::read(from)?),
            _ => return None,
        })
    }
}

/// A variant's number and its field.
pub(crate) fn tagged(tag: u8, value: &impl Travel, to: &mut Vec<u8>) {
    tag.write(to);
    value.write(to);
}

impl Travel for Atom {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Number(number) => tagged(0, number, to),
            Self::Text(text) => tagged(1, text, to),
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Number(Travel::read(from)?),
            1 => Self::Text(Travel::read(from)?),
            _ => return None,
        })
    }
}

impl Travel for Step {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Keys(keys) => tagged(0, keys, to),
            Self::Rows(passed) => tagged(1, passed, to),
            Self::Slices(made) => tagged(2, made, to),
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Keys(Travel::read(from)?),
            1 => Self::Rows(Travel::read(from)?),
            2 => Self::Slices(Travel::read(from)?),
            _ => return None,
        })
    }
}

impl Travel for Made {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Groups(slots, loose) => {
                tagged(0, slots, to);
                loose.write(to);
            }
            Self::Rows(rows) => tagged(1, rows, to),
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Groups(Travel::read(from)?, Travel::read(from)?),
            1 => Self::Rows(Travel::read(from)?),
            _ => return None,
        })
    }
}

impl Travel for MadeValue {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Number(number) => tagged(0, number, to),
            Self::Bool(value) => tagged(1, value, to),
            Self::Code(code) => tagged(2, code, to),
            Self::Text(text) => tagged(3, text, to),
            Self::Fault(kind, key) => {
                tagged(4, kind, to);
                key.write(to);
            }
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Number(Travel::read(from)?),
            1 => Self::Bool(Travel::read(from)?),
            2 => Self::Code(Travel::read(from)?),
            3 => Self::Text(Travel::read(from)?),
            4 => Self::Fault(Travel::read(from)?, Travel::read(from)?),
            _ => return None,
        })
    }
}

impl Travel for RefusedFactor {
    fn write(&self, to: &mut Vec<u8>) {
        self.code.to_owned().write(to);
        self.message.write(to);
        self.seen.write(to);
        self.hint.write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        let code = String::read(from)?;
        Some(Self {
            code: REFUSALS.iter().find(|known| **known == code)?,
            message: Travel::read(from)?,
            seen: Travel::read(from)?,
            hint: Travel::read(from)?,
        })
    }
}

impl Travel for FaultKind {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Missing(id) => tagged(0, id, to),
            Self::MissingNode(node) => tagged(1, node, to),
            Self::Refused(id, refused) => {
                tagged(2, id, to);
                refused.write(to);
            }
            Self::Hole(id) => tagged(3, id, to),
            Self::Unmatched(node) => tagged(4, node, to),
            Self::Unmapped(node) => tagged(5, node, to),
            Self::Gap(node) => tagged(6, node, to),
            Self::DivisionByZero(node) => tagged(7, node, to),
            Self::NotFinite(node) => tagged(8, node, to),
            Self::NoArm(node) => tagged(9, node, to),
            Self::OutOfRange(node, text) => {
                tagged(10, node, to);
                text.write(to);
            }
            Self::AdjustmentOutOfRange(node) => tagged(11, node, to),
            Self::TooFew(node) => tagged(12, node, to),
            Self::BadShare(node) => tagged(13, node, to),
            Self::NegativeWeight(node) => tagged(14, node, to),
            Self::NotWholeSteps(node, text) => {
                tagged(15, node, to);
                text.write(to);
            }
            Self::DateOutOfRange(node) => tagged(16, node, to),
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        let (tag, id) = (u8::read(from)?, usize::read(from)?);
        Some(match tag {
            0 => Self::Missing(id),
            1 => Self::MissingNode(id),
            2 => Self::Refused(id, Travel::read(from)?),
            3 => Self::Hole(id),
            4 => Self::Unmatched(id),
            5 => Self::Unmapped(id),
            6 => Self::Gap(id),
            7 => Self::DivisionByZero(id),
            8 => Self::NotFinite(id),
            9 => Self::NoArm(id),
            10 => Self::OutOfRange(id, Travel::read(from)?),
            11 => Self::AdjustmentOutOfRange(id),
            12 => Self::TooFew(id),
            13 => Self::BadShare(id),
            14 => Self::NegativeWeight(id),
            15 => Self::NotWholeSteps(id, Travel::read(from)?),
            16 => Self::DateOutOfRange(id),
            _ => return None,
        })
    }
}
