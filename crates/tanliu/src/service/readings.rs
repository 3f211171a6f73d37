//! 读数保管 Readings of meters: batches are checked whole, journalled, answered; tables follow.
//!
//! What waits goes into the tables when somebody calls [`ReadingKeeper::tick`]: the server does so
//! from time to time, and when [`ReadingKeeper::wanted`] wakes it. Nothing here reads a clock.

mod check;
#[cfg(test)]
mod tests;

use crate::failure::Failure;
use async_trait::async_trait;
use check::Checked;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tanliu_engine::readings::waiting::{FilesArriving, Intake, IntakeError, IntakeOptions};
use tanliu_engine::readings::{Day, Loaded, Month, Quarter, ReadingBatch, ReadingError, Step};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{
    Gap, MeterDay, Reading, ReadingKnown, ReadingOrigin, Readings, ReadingsError, Taken,
};
use tokio::sync::Notify;

/// 表计单位 The unit of a meter that is known; none for one that is not.
pub(crate) type MeterUnits = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// 保管选项 What is taken, and when it goes into the tables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeeperOptions {
    /// When what waits goes into the tables, and when it is too much.
    pub(crate) intake: IntakeOptions,
    /// How far clocks of meters may be ahead, in milliseconds.
    pub(crate) ahead_ms: i64,
}

impl Default for KeeperOptions {
    fn default() -> Self {
        Self { intake: IntakeOptions::default(), ahead_ms: 5 * 60_000 }
    }
}

/// 读数保管 The keeper of a folder.
pub(crate) struct ReadingKeeper {
    intake: Arc<Intake>,
    meters: MeterUnits,
    ahead_ms: i64,
    wanted: Notify,
}

impl ReadingKeeper {
    /// Opens a folder of readings and takes up what waited when it was closed, or fell.
    pub(crate) fn open(
        folder: &Path,
        meters: MeterUnits,
        options: KeeperOptions,
    ) -> Result<Self, Failure> {
        let intake = Intake::open(folder, options.intake).map_err(|error| told(&error))?;
        Ok(Self {
            intake: Arc::new(intake),
            meters,
            ahead_ms: options.ahead_ms,
            wanted: Notify::new(),
        })
    }

    /// Puts what waits into the tables, if it has waited long enough or is enough; whether it did.
    /// It takes its time: not on a thread that serves.
    pub(crate) fn tick(&self, now: Moment) -> Result<bool, Failure> {
        if !self.intake.is_due(now.0) {
            return Ok(false);
        }
        self.flush().map(|()| true)
    }

    /// Puts what waits into the tables: before a run over them, and at the end.
    pub(crate) fn flush(&self) -> Result<(), Failure> {
        self.intake.flush(&calm).map(drop).map_err(|error| told(&error))
    }

    /// Returns when enough waits for [`ReadingKeeper::tick`], whatever the time.
    pub(crate) async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Loads Parquet and CSV files (`meter,instant,value`, or the columns that are named) as one
    /// batch. Batches that come meanwhile are told to come again.
    pub(crate) fn add_files(
        &self,
        paths: Vec<PathBuf>,
        unit: &str,
        columns: [Option<String>; 3],
        origin: &ReadingOrigin,
    ) -> Result<Loaded, Failure> {
        let files = FilesArriving {
            paths,
            unit: unit.to_owned(),
            columns,
            name: origin.batch.clone(),
            by: origin.by.clone(),
            at: origin.at.0,
        };
        self.intake.add_files(&files, &calm).map_err(|error| told(&error))
    }

    /// The unit in which a meter's readings are kept: of a meter that is not known any more, the
    /// first that has any of it.
    fn unit(&self, meter: &str) -> Result<String, ReadingsError> {
        if let Some(unit) = (self.meters)(meter) {
            return Ok(unit);
        }
        let units = self.intake.units();
        let only = units.first().filter(|_| units.len() == 1).map(ToString::to_string);
        only.ok_or_else(|| ReadingsError::Failed(format!("no meter {meter}")))
    }

    /// Looks something up off the threads that serve.
    async fn look<T: Send + 'static>(
        &self,
        meter: &str,
        work: impl FnOnce(&Intake, (&str, &str)) -> Result<T, ReadingError> + Send + 'static,
    ) -> Result<T, ReadingsError> {
        let (intake, unit) = (Arc::clone(&self.intake), self.unit(meter)?);
        let meter = meter.to_owned();
        blocking(move || work(&intake, (&meter, &unit)).map_err(|error| failed(&error))).await
    }
}

#[async_trait]
impl Readings for ReadingKeeper {
    async fn take(
        &self,
        readings: Vec<Reading>,
        origin: ReadingOrigin,
    ) -> Result<Taken, ReadingsError> {
        let (intake, meters) = (Arc::clone(&self.intake), Arc::clone(&self.meters));
        let (ahead_ms, now) = (self.ahead_ms, origin.at);
        let taken = blocking(move || {
            let latest = now.after_ms(ahead_ms);
            let Checked { arriving, again } =
                check::check(readings, origin, latest, meters.as_ref())?;
            let taken = intake.take(arriving, &calm).map_err(|error| match error {
                IntakeError::Busy => ReadingsError::Busy,
                IntakeError::Failed(error) => failed(&error),
            })?;
            Ok(Taken {
                new: taken.new,
                corrected: taken.corrected,
                same: taken.same + again,
                version: taken.version,
            })
        })
        .await;
        // A batch that found no room wants it made, too.
        if matches!(taken, Err(ReadingsError::Busy)) || self.intake.is_due(i64::MIN) {
            self.wanted.notify_one();
        }
        taken
    }

    async fn day(
        &self,
        meter: &str,
        day: &str,
        as_of: Option<Moment>,
    ) -> Result<MeterDay, ReadingsError> {
        let own = Day::parse(day).ok_or_else(|| not_read(day))?;
        let as_of = as_of.map(|moment| moment.0);
        let found = self.look(meter, move |intake, meter| intake.day(meter, own, as_of)).await?;
        Ok(MeterDay {
            meter: meter.to_owned(),
            day: day.to_owned(),
            quarters: found.quarters.iter().map(|known| known.map(|(value, _)| value)).collect(),
            version: found.version,
        })
    }

    async fn origin(
        &self,
        meter: &str,
        begin: &str,
        as_of: Option<Moment>,
    ) -> Result<Option<ReadingKnown>, ReadingsError> {
        let quarter = Quarter::parse(begin).ok_or_else(|| not_read(begin))?;
        self.look(meter, move |intake, meter| {
            intake.origin(meter, quarter, as_of.map(|moment| moment.0))
        })
        .await
        .map(|known| {
            known.map(|(value, batch)| ReadingKnown { value, origin: batch.map(origin_of) })
        })
    }

    async fn days(
        &self,
        meter: &str,
        month: &str,
    ) -> Result<Vec<(String, f64, u32)>, ReadingsError> {
        let month = Month::parse(month).ok_or_else(|| not_read(month))?;
        let found = self.look(meter, move |intake, meter| intake.days(meter, month)).await?;
        Ok(found.into_iter().map(|(day, sum, count)| (day.text(), sum, count)).collect())
    }

    async fn gaps(&self, meter: &str, month: &str) -> Result<Vec<Gap>, ReadingsError> {
        let month = Month::parse(month).ok_or_else(|| not_read(month))?;
        let found = self.look(meter, move |intake, meter| intake.gaps(meter, month)).await?;
        let gap = |(from, count): (Quarter, u32)| Gap {
            meter: meter.to_owned(),
            from: from.text(),
            count,
        };
        Ok(found.into_iter().map(gap).collect())
    }

    async fn span(&self) -> Result<Option<(String, String, u64)>, ReadingsError> {
        let intake = Arc::clone(&self.intake);
        let span = blocking(move || intake.span().map_err(|error| failed(&error))).await?;
        Ok(span.map(|(first, last, count)| (first.text(), last.text(), count)))
    }
}

/// Nobody stops a write here.
fn calm(_: Step) -> Result<(), ReadingError> {
    Ok(())
}

/// Files are read and written on threads of their own.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ReadingsError> + Send + 'static,
) -> Result<T, ReadingsError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(ReadingsError::Failed(error.to_string())))
}

fn origin_of(batch: ReadingBatch) -> ReadingOrigin {
    ReadingOrigin { by: batch.by, at: Moment(batch.at), batch: batch.name }
}

fn failed(error: &ReadingError) -> ReadingsError {
    ReadingsError::Failed(error.to_string())
}

fn not_read(text: &str) -> ReadingsError {
    ReadingsError::Failed(format!("`{text}` is no time of the expected form"))
}

fn told(error: &ReadingError) -> Failure {
    let message = error.message();
    Failure::new(message.zh, message.en)
}
