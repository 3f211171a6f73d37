//! 切片的行 What the interpreter made of a slice, as rows that works take in.

use crate::atom::{Atom, AtomKind, atoms_of};
use crate::batch::{KeyColumn, RowBatch};
use crate::lane::{ABSENT, Bench, LaneColumn, LaneValues, Lanes, PRESENT};
use crate::reduce::Loose;
use crate::run::values;
use std::collections::BTreeMap;
use tanliu_method::data::{GivenFault, GivenState, KeyColumn as GivenKeys};
use tanliu_method::eval::{SlicedColumn, SlicedValues};
use tanliu_method::program::Type;

/// 错误编号 The faults that a bench knows, with their states.
pub(super) type Sites = BTreeMap<Loose, u32>;

/// The rows of a slice.
pub(super) fn batch(
    (keys, rows, columns): (&[GivenKeys], usize, Vec<SlicedColumn>),
    lanes: &Lanes,
    (bench, sites): (&mut Bench<'_>, &mut Sites),
) -> RowBatch {
    let keys = (keys.iter().enumerate())
        .map(|(place, column)| {
            let codes: Vec<i64> =
                column.dictionary.iter().map(|key| bench.texts.code(&Atom::from(key))).collect();
            let at = |code: &u32| codes.get(*code as usize).copied().unwrap_or(-1);
            match lanes.kind_at(place) {
                AtomKind::Text => KeyColumn::Text(
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
    let made = (columns.into_iter().zip(&lanes.types))
        .map(|(own, ty)| column((lanes, ty), own, (&mut *bench, &mut *sites)))
        .collect();
    RowBatch { rows, keys, inputs: Vec::new(), made }
}

/// The faults that no row carries.
pub(super) fn loose(faults: &[GivenFault]) -> Vec<Loose> {
    faults.iter().map(|fault| (fault.kind.clone(), atoms_of(&fault.key))).collect()
}

fn column(
    (lanes, ty): (&Lanes, &Type),
    own: SlicedColumn,
    (bench, sites): (&mut Bench<'_>, &mut Sites),
) -> LaneColumn {
    let values = match own.values {
        SlicedValues::Number(list) => LaneValues::Number(list.into()),
        SlicedValues::Bool(list) => LaneValues::Bool(list),
        SlicedValues::Other(list) => values(lanes, ty, &list, &mut bench.texts),
    };
    let state = (own.states.iter())
        .map(|state| match state {
            GivenState::Present => PRESENT,
            GivenState::Absent => ABSENT,
            GivenState::Fault(fault) => {
                let site: Loose = (fault.kind.clone(), atoms_of(&fault.key));
                *sites
                    .entry(site)
                    .or_insert_with_key(|(kind, key)| bench.given_site(kind.clone(), key.clone()))
            }
        })
        .collect();
    LaneColumn { values, state }
}
