#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod cells;
mod columns;
mod completeness;
mod examples;
mod fixture;
mod found;
mod headers;
mod keys;
mod random;
mod scalars;
