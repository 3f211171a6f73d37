//! 列式引擎 Runs a checked program over columns of any length; the answer equals the reference
//! interpreter's to the last bit.
//!
//! What of a program has to be computed row by row runs as lanes over batches and falls into groups
//! of exact sums ([`run_wide`]); what is left is small, and the reference interpreter runs it. Rows
//! come from tables in memory or from files that need not fit into it.
//!
//! [`order`] is what other machines need to do a share of a run, as bytes.
//!
//! [`source`] opens tables where they lie; [`delta`] keeps tables whose every state can be read
//! again, and [`readings`] those of meters among them; [`sink`] writes results; [`sample`] makes up data of any size. The only crate that names
//! DataFusion, Arrow and Parquet.

mod atom;
mod batch;
pub mod delta;
mod error;
mod feed;
mod lane;
mod lineage;
mod narrow;
pub mod order;
mod pass;
pub mod readings;
mod reduce;
mod run;
pub mod sample;
pub mod sink;
mod slice;
pub mod source;
mod spill;
mod split;

pub use error::EngineError;
pub use feed::WideInput;
pub use narrow::load_for;
pub use run::{
    Account, EngineOptions, Progress, Streamed, StreamedTable, WideRun, run_in_memory, run_wide,
    run_wide_streamed,
};
