//! 测试 Journeys by role through the router, with a store in memory and a clock that stands still.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod code_page;
mod data;
mod editing;
mod fake;
mod figures;
mod guards;
mod interface;
mod matrix;
mod report;
mod review;
mod serving;
mod session;
mod world;
