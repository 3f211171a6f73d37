//! 因子库 Dated emission factors: every row with its own unit, kind, vintage, validity, source and page.
//!
//! A set is a CSV table with a TOML header beside it: `cn/grid/om.csv` and `cn/grid/om.toml` are the
//! set `cn/grid/om`. [`Catalogue::load`] takes the texts, checks every cell and refuses a set with a
//! fault; [`FactorSet::lookup`] finds the row a key and an as-of rule call for, and says what it
//! passed over and why. A key or a date outside the table is a [`Refusal`], never a neighbour's
//! value. Text in, values out: nothing here reads a file or a clock.

mod catalogue;
mod check;
mod describe;
mod explain;
mod header;
mod lookup;
mod read;
mod row;
mod set;
mod table;

pub use catalogue::Catalogue;
pub use describe::describe;
pub use header::{Header, KeyColumn, Standing};
pub use lookup::{Choice, Query, Refusal, Rule};
pub use row::{Row, Uncertainty, Validity};
pub use set::FactorSet;

#[cfg(test)]
mod tests;
