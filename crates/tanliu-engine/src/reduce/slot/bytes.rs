//! 组的字节 A group's half as bytes, to be merged elsewhere.

use super::{Best, Event, Slot, Total};
use crate::order::bytes::{Travel, put, take, travels};
use crate::order::travel::tagged;
use tanliu_method::exact::ExactSum;
use tanliu_method::program::Reduction;

/// The farthest limb from the point that a sum of products of doubles can have, with room.
const FARTHEST_LIMB: u32 = 4096;

travels!(Slot { reduction, count, total, fault, weight, share });
travels!(Event { row, kind, key });

const REDUCTIONS: [Reduction; 10] = [
    Reduction::Sum,
    Reduction::Mean,
    Reduction::Median,
    Reduction::Quantile,
    Reduction::Deviation,
    Reduction::Min,
    Reduction::Max,
    Reduction::Count,
    Reduction::Any,
    Reduction::All,
];

impl Travel for Reduction {
    fn write(&self, to: &mut Vec<u8>) {
        REDUCTIONS.iter().position(|own| own == self).unwrap_or(REDUCTIONS.len()).write(to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        REDUCTIONS.get(usize::read(from)?).copied()
    }
}

impl Travel for ExactSum {
    fn write(&self, to: &mut Vec<u8>) {
        put(&self.to_bytes(), to);
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        let bytes = take(from)?;
        // A limb far away would make the merged sum as long as the way to it.
        let lowest = bytes.get(1..5)?.try_into().ok().map(i32::from_le_bytes)?;
        let near = lowest.unsigned_abs() <= FARTHEST_LIMB && bytes.len() / 8 < 8192;
        near.then(|| Self::from_bytes(bytes))?
    }
}

impl Travel for Total {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Nothing => 0_u8.write(to),
            Self::Sum(sum) => tagged(1, sum, to),
            Self::Weighted(products, weights) => {
                tagged(2, products, to);
                weights.write(to);
            }
            Self::Deviation(sum, squares) => {
                tagged(3, sum, to);
                squares.write(to);
            }
            Self::Best(best) => tagged(4, best, to),
            Self::Truth { some_true, some_false } => {
                tagged(5, some_true, to);
                some_false.write(to);
            }
            Self::All(list) => tagged(6, list, to),
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Nothing,
            1 => Self::Sum(Travel::read(from)?),
            2 => Self::Weighted(Travel::read(from)?, Travel::read(from)?),
            3 => Self::Deviation(Travel::read(from)?, Travel::read(from)?),
            4 => Self::Best(Travel::read(from)?),
            5 => Self::Truth { some_true: Travel::read(from)?, some_false: Travel::read(from)? },
            6 => Self::All(Travel::read(from)?),
            _ => return None,
        })
    }
}

impl Travel for Best {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Number(number) => tagged(0, number, to),
            Self::Code(code) => tagged(1, code, to),
            Self::Text(text) => tagged(2, text, to),
        }
    }
    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Number(Travel::read(from)?),
            1 => Self::Code(Travel::read(from)?),
            2 => Self::Text(Travel::read(from)?),
            _ => return None,
        })
    }
}
