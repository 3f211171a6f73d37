//! 单位 Units that know what they measure: a tonne of clinker is not a tonne of lime, CO2 is not CO2e.
//!
//! A [`Unit`] is a product of named units with rational exponents and an exact scale; its
//! [`Dimension`] is a product of base dimensions, substances and annotations. Conversions are exact
//! rationals, applied to a double with at most two roundings. Nothing here reads a file or a clock.

mod atom;
mod conversion;
mod cursor;
mod dimension;
pub mod gwp;
mod mismatch;
mod names;
mod near;
mod number;
mod parser;
mod substances;
mod table;
pub mod time;
mod unit;

pub use conversion::Conversion;
pub use dimension::{Base, Dimension};
pub use mismatch::{Mismatch, describe_mismatch};
pub use table::UnitTable;
pub use unit::{Unit, UnitError};

/// 精确数 An exact rational number.
pub type Exact = num_rational::BigRational;

#[cfg(test)]
mod tests;
