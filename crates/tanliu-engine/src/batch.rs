//! 行批 Rows as the lanes see them: keys and input values of one batch.

use crate::atom::{Atom, AtomKind, Texts};
use crate::lane::LaneColumn;
use arrow::buffer::{NullBuffer, ScalarBuffer};
use tanliu_unit::time::TimeKey;

/// 行批 One batch of rows of a relation.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowBatch {
    pub(crate) rows: usize,
    /// One per index of the relation, in ascending order of the indexes.
    pub(crate) keys: Vec<KeyColumn>,
    /// One per input of the relation.
    pub(crate) inputs: Vec<InputColumn>,
    /// Columns that were computed elsewhere; where there are some, every row counts.
    pub(crate) made: Vec<LaneColumn>,
}

/// 键列 The keys of one index.
#[derive(Debug, Clone)]
pub(crate) enum KeyColumn {
    /// Numbers of the worker's texts.
    Text(Vec<u32>),
    /// Key = raw / per + offset. Stamps stay as the file has them: most rows are never divided.
    Number { raw: ScalarBuffer<i64>, per: i64, offset: i64 },
}

/// 输入列 The cells of one input; a null cell is no value.
#[derive(Debug, Clone)]
pub(crate) struct InputColumn {
    pub(crate) values: Cells,
    pub(crate) nulls: Option<NullBuffer>,
}

/// 单元值 Cells by type.
#[derive(Debug, Clone)]
pub(crate) enum Cells {
    Number(ScalarBuffer<f64>),
    Bool(Vec<bool>),
    /// Members, ordinals, whole numbers, days.
    Code(ScalarBuffer<i64>),
    /// Numbers of the worker's texts.
    Text(Vec<u32>),
}

impl InputColumn {
    pub(crate) fn has(&self, row: usize) -> bool {
        self.nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row))
    }
}

impl KeyColumn {
    /// The code of a row: a text's number, or the key itself.
    pub(crate) fn code(&self, row: usize) -> i64 {
        match self {
            Self::Text(codes) => codes.get(row).map_or(-1, |code| i64::from(*code)),
            Self::Number { raw, per, offset } => {
                let raw = raw.get(row).copied().unwrap_or(0);
                if *per == 1 { raw + offset } else { raw.div_euclid(*per) + offset }
            }
        }
    }

    pub(crate) fn atom(&self, row: usize, texts: &Texts) -> Atom {
        match self {
            Self::Text(codes) => Atom::Text(texts.text(codes.get(row).copied().unwrap_or(0))),
            Self::Number { .. } => Atom::Number(self.code(row)),
        }
    }

    /// Where the run of equal keys that begins at `row` ends, at most at `limit`.
    pub(crate) fn run_end(&self, row: usize, limit: usize) -> usize {
        fn scan<T: PartialEq>(list: &[T], row: usize, limit: usize) -> usize {
            let Some((first, rest)) = list.get(row..limit).and_then(<[T]>::split_first) else {
                return limit;
            };
            rest.iter().position(|other| other != first).map_or(limit, |at| row + 1 + at)
        }
        match self {
            Self::Text(codes) => scan(codes, row, limit),
            Self::Number { raw, .. } => scan(raw, row, limit),
        }
    }
}

/// 时段 The raw stamps of one coarse key: from the first inclusive to the second exclusive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) key: i64,
    low: i64,
    high: i64,
}

impl KeyColumn {
    /// The coarse key in which a row lies, with the raw stamps that share it.
    pub(crate) fn coarse(&self, row: usize, from: AtomKind, to: AtomKind) -> Option<Span> {
        let (AtomKind::Time { grain, ends }, AtomKind::Time { grain: coarse, .. }) = (from, to)
        else {
            return None;
        };
        let Self::Number { per, offset, .. } = self else { return None };
        let key = TimeKey { grain, ordinal: self.code(row) }.coarsen(coarse, ends);
        let begins = |key: TimeKey| key.coarsen(grain, false).ordinal;
        let shift = i64::from(ends && grain >= tanliu_unit::time::Grain::Hour && coarse < grain);
        let raw = |ordinal: i64| (ordinal + shift - offset).saturating_mul(*per);
        let (low, high) = (begins(key), begins(key.step(1)));
        Some(Span { key: key.ordinal, low: raw(low), high: raw(high) })
    }

    /// Where the run of stamps within a span that begins at `row` ends, at most at `limit`.
    pub(crate) fn span_end(&self, span: Span, row: usize, limit: usize) -> usize {
        let Self::Number { raw, .. } = self else { return limit };
        let outside = |stamp: &i64| *stamp < span.low || *stamp >= span.high;
        raw.get(row..limit)
            .and_then(|rest| rest.iter().position(outside))
            .map_or(limit, |at| row + at)
    }
}
