//! Units of the contract, their texts, and their algebra.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod contract;
mod gwp;
mod parsing;
mod properties;
mod words;

use crate::{Exact, Unit, UnitTable};
use num_bigint::BigInt;

pub(crate) fn table() -> UnitTable {
    UnitTable::builtin()
}

#[track_caller]
pub(crate) fn unit(text: &str) -> Unit {
    table().parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

pub(crate) fn exact(numerator: i64, denominator: i64) -> Exact {
    Exact::new(BigInt::from(numerator), BigInt::from(denominator))
}
