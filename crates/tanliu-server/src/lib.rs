//! 服务 The one crate that speaks HTTP.
//!
//! It is written against the traits of `tanliu_platform::port` and knows neither database nor
//! engine; the binary hands it a store, a calculator, a keeper of readings, a clock and entropy.
//!
//! 1. `serve` binds the address; `route` is the table of all addresses and methods.
//! 2. `guard` stands before every handler: limits, origin, headers, logs, counts.
//! 3. `caller` says who asks; every object is put before `tanliu_platform::permission::permit`.
//! 4. `api` answers in JSON, by subject; `dto` has the shapes of the wire, `error` that of refusals.
//! 5. `page` writes what needs no script: documents and the public page of an enterprise's code.
//!
//! What it refuses: to compute, and to decide who may do what.

mod address;
mod api;
mod assets;
mod caller;
mod clock;
mod config;
mod directory;
mod dto;
mod error;
mod extract;
mod guard;
mod house;
mod openapi;
mod page;
mod password;
mod public_code;
mod route;
mod serve;
mod tables;
mod wire_time;

pub use assets::{Asset, Assets, no_assets};
pub use clock::{Clock, Entropy, EntropyFailed, SystemClock, SystemEntropy};
pub use config::{Config, Limits, PasswordCost, SessionRules};
pub use house::Services;
pub use openapi::openapi_json;
pub use password::{PasswordFailed, digest_password};
pub use public_code::{GradeLook, PublicCode, PublicFact, PublicFigure, Shape};
pub use route::{Route, router, routes};
pub use serve::{ServeError, Serving, serve};
