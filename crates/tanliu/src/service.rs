//! 服务 The platform's outside: what the server's ports are in this house.
//!
//! 1. `house`: the folder of an installation, with its database, evidence, runs and readings.
//! 2. `tables`: approved values of the store become the tables of a document's inputs.
//! 3. `calculator`: runs over these tables, kept as packs, with their figures in the store.
//! 4. `explainer`: a thread for each run that is asked about, its figures evaluated once.
//! 5. `workbook`: templates of datasets out, filled ones back in.
//! 6. `methods`: the library as pages, and the check of an edited copy.
//! 7. `readings`: batches of readings checked, journalled, answered; tables follow.

mod assets;
mod calculator;
mod explainer;
mod house;
mod meters;
mod methods;
mod open;
mod readings;
mod tables;
mod workbook;

pub(crate) use assets::{assets_of, embedded_assets};
pub(crate) use calculator::DocumentCalculator;
pub(crate) use house::House;
pub(crate) use meters::MeterBook;
pub(crate) use open::{Platform, open_store, secret};
pub(crate) use readings::ReadingKeeper;
