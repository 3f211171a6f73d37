//! 接口 What the platform needs of the outside: a store, a calculator, readings.
//!
//! The server is written against these traits and knows neither database nor engine. Every change
//! takes the [`Act`] that it is: the store writes both in one transaction.

mod calculator;
mod readings;
mod store;

pub use calculator::{
    Calculator, CalculatorError, DocumentPage, DocumentSummary, Explained, ReadTable, Replayed,
};
pub use readings::{
    Gap, MeterDay, Reading, ReadingKnown, ReadingOrigin, Readings, ReadingsError, Taken,
};
pub use store::{
    Accounts, DirectoryStore, Evidence, Figures, Store, StoreError, Stored, Submissions, Trail,
    Values, Warnings,
};

pub use crate::trail::Act;
