//! 列式引擎 Runs a checked program over columns.
//!
//! The only crate that names DataFusion, Arrow and Parquet.

pub mod source;
