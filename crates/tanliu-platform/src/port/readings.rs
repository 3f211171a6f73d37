//! 读数 What a keeper of meter readings must do.

use crate::moment::Moment;
use async_trait::async_trait;

/// 读数失败 Why readings were not taken or not found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadingsError {
    /// Rows that cannot be taken: number of the row, from 1, and what is wrong. Nothing was taken.
    #[error("{} rows cannot be taken", .0.len())]
    Refused(Vec<(u64, tanliu_diagnostic::Text)>),
    /// Too much waits already: come back later.
    #[error("too many batches wait")]
    Busy,
    /// Files do not answer.
    #[error("{0}")]
    Failed(String),
}

/// 读数 One reading: the energy of the interval that begins at `begin`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The meter.
    pub meter: String,
    /// The beginning of the quarter of an hour, local time: `2024-01-31T13:15`.
    pub begin: String,
    /// In the meter's unit.
    pub value: f64,
}

/// 收讫 What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// New readings.
    pub new: u64,
    /// Readings that corrected earlier ones.
    pub corrected: u64,
    /// Readings that said what was known already.
    pub same: u64,
    /// The version of the table that has them; none while they wait in the journal.
    pub version: Option<i64>,
}

/// 来源 Who brought a batch, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingOrigin {
    /// Who.
    pub by: String,
    /// When.
    pub at: Moment,
    /// The batch's name: of a file, or of a request.
    pub batch: String,
}

/// 已知读数 A reading as it is known, and who brought it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingKnown {
    /// In the meter's unit.
    pub value: f64,
    /// None if another program wrote it into the table.
    pub origin: Option<ReadingOrigin>,
}

/// 表计日 The quarters of a day of one meter.
#[derive(Debug, Clone, PartialEq)]
pub struct MeterDay {
    /// The meter.
    pub meter: String,
    /// The day: `2024-01-31`.
    pub day: String,
    /// 96 values; none where no reading came.
    pub quarters: Vec<Option<f64>>,
    /// The version of the table that they were read from.
    pub version: i64,
}

/// 缺口 Readings that did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The meter.
    pub meter: String,
    /// The first quarter that lacks.
    pub from: String,
    /// How many lack in a row.
    pub count: u32,
}

/// 读数保管 Keeps readings in tables whose every state can be read again.
#[async_trait]
pub trait Readings: Send + Sync {
    /// Takes a batch: new ones are added, known ones corrected. All or nothing; what was answered
    /// survives a crash.
    async fn take(
        &self,
        readings: Vec<Reading>,
        origin: ReadingOrigin,
    ) -> Result<Taken, ReadingsError>;
    /// A day of a meter, as it is known now or was known at a moment.
    async fn day(
        &self,
        meter: &str,
        day: &str,
        as_of: Option<Moment>,
    ) -> Result<MeterDay, ReadingsError>;
    /// A reading with who brought it and when, as it is known now or was known at a moment; none if
    /// there is no reading of the quarter that begins then.
    async fn origin(
        &self,
        meter: &str,
        begin: &str,
        as_of: Option<Moment>,
    ) -> Result<Option<ReadingKnown>, ReadingsError>;
    /// Energy of every day of a month of a meter, with the number of readings.
    async fn days(
        &self,
        meter: &str,
        month: &str,
    ) -> Result<Vec<(String, f64, u32)>, ReadingsError>;
    /// What lacks in a month of a meter.
    async fn gaps(&self, meter: &str, month: &str) -> Result<Vec<Gap>, ReadingsError>;
    /// First and last day that there are readings of, and how many in all.
    async fn span(&self) -> Result<Option<(String, String, u64)>, ReadingsError>;
}
