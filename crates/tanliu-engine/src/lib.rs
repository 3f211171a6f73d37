//! 列式引擎 Runs a checked program over columns of any length; the answer equals the reference
//! interpreter's to the last bit.
//!
//! What of a program has to be computed row by row runs as lanes over batches and falls into groups
//! of exact sums ([`run`]); what is left is small, and the reference interpreter runs it.

mod atom;
mod batch;
mod error;
mod feed;
mod lane;
mod pass;
mod reduce;
mod run;
pub mod sample;
mod split;

pub use error::EngineError;
pub use run::{Account, EngineOptions, Progress, run_in_memory};
