//! Delta 表 Tables whose every state can be read again: opened at a version or time, appended to,
//! restated by key, replaced by partition, with their history.
//!
//! - [`open`] looks at a version: schema, data files, what each holds by its statistics.
//! - [`create`], [`append`], [`merge`], [`replace`] write; each is one commit, or none at all.
//! - [`history`] lists versions; [`leftovers`] lists files that no version knows.
//!
//! The log is read and written by `deltalake-core`; rows are matched and rewritten here, one
//! partition at a time, so that memory is bounded by the corrections of one partition.
//! Names of columns hold no blanks or brackets; the unit stands in the field's metadata
//! ([`UNIT`]). Tables with deletion vectors or mapped columns are refused by name.

mod append;
mod as_of;
mod commit;
mod error;
mod history;
mod incoming;
mod layout;
mod log;
mod merge;
mod open;
mod partition;
mod replace;
mod runtime;
mod stage;

pub(crate) use commit::{ATTEMPTS, Commit, commit_info, removal, settle, with_metrics};
pub(crate) use history::decoded;
pub(crate) use incoming::name_and_unit;
pub(crate) use log::{Log, actions_of};
pub(crate) use open::{load_version, shown};
pub(crate) use runtime::{on_own_thread, runtime};
pub(crate) use stage::discard;

pub use append::{Appended, append};
pub use as_of::{AsOf, AsOfChoice, local_time};
pub use commit::Author;
pub use error::{DeltaError, Expected, Origin};
pub use history::{HistoryEntry, history, leftovers};
pub use incoming::{Incoming, layout_of};
pub use layout::{ColumnType, TableColumn, TableLayout, create, layout_of_input};
pub use merge::{MergeOptions, Merged, merge};
pub use open::{DataFile, DeltaSnapshot, SnapshotColumn, open};
pub use partition::Partition;
pub use replace::{Replaced, replace};

/// The key of a field's metadata that names its unit: `kWh`.
pub const UNIT: &str = "unit";
/// The key of a field's metadata that holds its label: `用电量`.
pub const LABEL: &str = "label";
/// The key of a field's metadata that says a partition is derived: `month(instant)`. Such a
/// column is storage only: no document sees it.
pub const DERIVED: &str = "derived";
/// The table property that lists its key columns: `plant,instant`.
pub const KEYS: &str = "tanliu.keys";

/// The file of a version in the log, as the table's folder has it.
fn log_name(version: i64) -> String {
    format!("_delta_log/{version:020}.json")
}

#[cfg(test)]
mod tests;
