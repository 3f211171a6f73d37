//! 平台 What a district's platform knows, who may do what with it, and how a datum becomes approved.
//!
//! Pure: no database, no HTTP, no clock. Each change is one *act* of somebody at a moment, and a
//! store writes the act into the audit trail together with the change, or neither.
//!
//! 1. `directory`: towns, sectors, enterprises, meters.
//! 2. `account`: users, roles, sessions, tokens; `permission`: who may do what.
//! 3. `catalogue`: datasets; `value`: reported values with their origin; `submission`: the review.
//! 4. `figure`: runs of documents and the figures that came out of them.
//! 5. `warning`: warnings and their work orders.
//! 6. `trail`: the audit trail, a hash chain.
//! 7. `schedule`: when a calculation is due.
//! 8. `port`: what a store, a calculator and a keeper of readings must do.
//!
//! What it refuses: to compute. Figures come from documents (`tanliu-method`); here they are kept.

pub mod account;
pub mod catalogue;
pub mod directory;
pub mod figure;
pub mod moment;
pub mod permission;
pub mod port;
pub mod schedule;
pub mod submission;
pub mod trail;
pub mod value;
pub mod warning;
