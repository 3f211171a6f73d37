//! 列式引擎 Runs a checked program over columns.

pub mod sample;
