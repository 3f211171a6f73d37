//! 切片的行 What the interpreter made of a slice, as rows that works take in.

use crate::atom::Atom;
use crate::batch::{KeyColumn, RowBatch};
use crate::lane::{ABSENT, Bench, LaneColumn, LaneValues, Lanes, PRESENT};
use crate::reduce::Loose;
use crate::run::values;
use std::collections::BTreeMap;
use tanliu_method::data::{GivenFault, GivenState};
use tanliu_method::eval::{FaultKind, Sliced, SlicedColumn, SlicedValues};
use tanliu_method::program::{IndexId, Type};

/// 错误编号 The faults that a bench knows, with their states.
pub(super) type Sites = BTreeMap<Loose, u32>;

/// The rows of a slice.
pub(super) fn batch(
    sliced: &Sliced,
    lanes: &Lanes,
    (bench, sites): (&mut Bench<'_>, &mut Sites),
) -> RowBatch {
    let keys = (sliced.keys.iter().enumerate())
        .map(|(place, column)| {
            let codes: Vec<i64> =
                column.dictionary.iter().map(|key| bench.texts.code(&Atom::from(key))).collect();
            let at = |code: &u32| codes.get(*code as usize).copied().unwrap_or(-1);
            match lanes.kind_at(place) {
                crate::atom::AtomKind::Text => KeyColumn::Text(
                    column.codes.iter().map(|code| u32::try_from(at(code)).unwrap_or(0)).collect(),
                ),
                _ => KeyColumn::Number {
                    raw: column.codes.iter().map(at).collect(),
                    per: 1,
                    offset: 0,
                },
            }
        })
        .collect();
    let made = (sliced.columns.iter().zip(&lanes.types))
        .map(|(own, ty)| column((lanes, ty), own, (&mut *bench, &mut *sites)))
        .collect();
    RowBatch { rows: sliced.rows, keys, inputs: Vec::new(), made }
}

/// The faults that no row carries.
pub(super) fn loose(faults: &[GivenFault]) -> Vec<Loose> {
    faults.iter().map(|fault| (fault.kind.clone(), key_of(fault))).collect()
}

fn column(
    (lanes, ty): (&Lanes, &Type),
    own: &SlicedColumn,
    (bench, sites): (&mut Bench<'_>, &mut Sites),
) -> LaneColumn {
    let values = match &own.values {
        SlicedValues::Number(list) => LaneValues::Number(list.clone().into()),
        SlicedValues::Bool(list) => LaneValues::Bool(list.clone()),
        SlicedValues::Other(list) => values(lanes, ty, list, &mut bench.texts),
    };
    let state = (own.states.iter())
        .map(|state| match state {
            GivenState::Present => PRESENT,
            GivenState::Absent => ABSENT,
            GivenState::Fault(fault) => {
                let site: (FaultKind, Vec<(IndexId, Atom)>) = (fault.kind.clone(), key_of(fault));
                *sites
                    .entry(site)
                    .or_insert_with_key(|(kind, key)| bench.given_site(kind.clone(), key.clone()))
            }
        })
        .collect();
    LaneColumn { values, state }
}

fn key_of(fault: &GivenFault) -> Vec<(IndexId, Atom)> {
    fault.key.iter().map(|(index, key)| (*index, Atom::from(key))).collect()
}
