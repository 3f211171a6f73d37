//! 示例数据 What the tasks share with the tests: published tables made ready for documents, and
//! results set beside published ones.
//!
//! Nothing here computes an emission: formulas live in the methodology documents. Nothing here
//! repairs a figure either; numbers pass through as they are printed, and what is wrong is listed.
//! Everything is text in, text out.
//!
//! 1. [`prepare_balance`] turns a province's published energy balance into tidy tables.
//! 2. [`balance_identities`] lists where a published balance does not add up.
//! 3. [`compare_ceads`] sets emissions by fuel beside the figures of CEADs.

pub mod balance_identities;
pub mod compare_ceads;
pub mod prepare_balance;
