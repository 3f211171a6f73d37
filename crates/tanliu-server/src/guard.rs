//! 门卫 What stands before every handler: limits, origin, headers, logs, counts.

mod limits;
mod metrics;
mod rate;
mod track;

pub(crate) use limits::limits;
pub(crate) use metrics::{Metrics, Seen};
pub(crate) use rate::Buckets;
pub(crate) use track::track;
