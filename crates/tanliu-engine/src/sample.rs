//! 示例区 The example district: made-up quarter-hour readings in any quantity, the same everywhere.
//!
//! A district of metered plants as a consultant meets it: `readings/` holds Parquet files of a
//! hundred plants each (columns `plant`, `instant`, `power (kWh)`; sorted by plant, then by time),
//! `plants.csv` the town and the sector of each plant, `ef.csv` an emission factor of electricity
//! by month. `examples/district/meters.md` is the document that reads them.
//!
//! **Every figure is made up**, the factor too. A reading follows from the seed, the plant and the
//! quarter of an hour alone: a month is the same in a year that holds it, and more plants leave the
//! first ones as they are. Whoever has plants of his own hands in their profiles ([`Plants`],
//! [`write_readings`]) and gets the same kind of files. Tables of a few rows are written last: a folder that was left half-done
//! has no `plants.csv` and cannot be mistaken for a district.

mod plant;
mod readings;
mod small;
#[cfg(test)]
mod tests;

use std::path::Path;
use tanliu_diagnostic::Text;
use tanliu_load::{Profile, QUARTERS_PER_DAY};
use tanliu_unit::time::{Grain, TimeKey};

/// 每个文件的企业数 Plants whose readings share a file.
pub const PLANTS_PER_FILE: u32 = 100;
/// 企业数上限 More would need longer names than `E00000`.
pub const PLANTS_MAX: u32 = 100_000;
/// 天数上限 Ten years.
pub const DAYS_MAX: u32 = 3_660;
/// 缺省种子 The seed of the figures that the documentation shows.
pub const SEED: u64 = 20_251_120;

/// 示例区 What is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct District {
    /// How many plants, 1 to [`PLANTS_MAX`].
    pub plants: u32,
    /// The first day; a key of grain day.
    pub from: TimeKey,
    /// How many days, 1 to [`DAYS_MAX`].
    pub days: u32,
    /// Another seed gives another district.
    pub seed: u64,
}

/// 时段 Which days readings are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day; a key of grain day.
    pub from: TimeKey,
    /// How many days, 1 to [`DAYS_MAX`].
    pub days: u32,
}

/// 企业来源 Plants with their profiles, by number from 0; their readings stand in that order.
pub trait Plants: Sync {
    /// How many there are, 1 to [`PLANTS_MAX`].
    fn count(&self) -> u32;
    /// The profile of one; none of a number that there is not.
    fn plant(&self, number: u32) -> Option<Profile>;
}

impl Plants for District {
    fn count(&self) -> u32 {
        self.plants
    }

    fn plant(&self, number: u32) -> Option<Profile> {
        (number < self.plants).then(|| plant::plant(self.seed, number))
    }
}

/// 已写出 What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Readings, the rows of all Parquet files.
    pub rows: u64,
    /// Parquet files.
    pub files: u32,
    /// Their bytes.
    pub bytes: u64,
}

/// 生成失败 Why a district was not written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The folder holds something already; nothing of it is touched.
    #[error("{path} is not empty")]
    NotEmpty {
        /// The folder.
        path: String,
    },
    /// A number or a day that cannot be.
    #[error("{what}")]
    Options {
        /// What is wrong with it; in both languages from [`SampleError::message`].
        what: String,
        /// The same in Chinese.
        what_zh: String,
    },
    /// A file or a folder that cannot be read or written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file or folder.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
}

impl SampleError {
    /// The message in both languages.
    pub fn message(&self) -> Text {
        let zh = match self {
            Self::NotEmpty { path } => format!("目录 {path} 不是空的，没有写入"),
            Self::Options { what_zh, .. } => what_zh.clone(),
            Self::Write { path, source } => format!("写不了 {path}：{source}"),
        };
        Text::new(zh, self.to_string())
    }

    /// The likely mend in both languages.
    pub fn hint(&self) -> Text {
        match self {
            Self::NotEmpty { .. } => Text::new(
                "换一个目录名，或先清空这个目录",
                "name another folder, or empty this one first",
            ),
            Self::Options { .. } => Text::new(
                "例：tanliu sample district out/district --plants 3600 --from 2024-01-01 --days 31",
                "e.g. tanliu sample district out/district --plants 3600 --from 2024-01-01 --days 31",
            ),
            Self::Write { .. } => Text::new(
                "检查磁盘空间与写入权限；写到一半的文件已删除",
                "check the space on the disk and the permissions; what was half-written is removed",
            ),
        }
    }
}

impl District {
    /// Rows of readings.
    pub fn rows(&self) -> u64 {
        u64::from(self.plants) * u64::from(self.days) * u64::from(QUARTERS_PER_DAY)
    }

    /// Parquet files.
    pub fn files(&self) -> u32 {
        files(self.plants)
    }

    fn span(&self) -> Span {
        Span { from: self.from, days: self.days }
    }
}

impl Span {
    /// The last day.
    fn until(self) -> TimeKey {
        self.from.step(i64::from(self.days) - 1)
    }
}

/// Parquet files of so many plants.
fn files(plants: u32) -> u32 {
    plants.div_ceil(PLANTS_PER_FILE)
}

fn check(plants: u32, span: Span) -> Result<(), SampleError> {
    let wrong = |what_zh: String, what: String| Err(SampleError::Options { what, what_zh });
    if !(1..=PLANTS_MAX).contains(&plants) {
        return wrong(
            format!("企业数应在 1 到 {PLANTS_MAX} 之间，而不是 {plants}"),
            format!("expected 1 to {PLANTS_MAX} plants, found {plants}"),
        );
    }
    if !(1..=DAYS_MAX).contains(&span.days) {
        return wrong(
            format!("天数应在 1 到 {DAYS_MAX} 之间，而不是 {}", span.days),
            format!("expected 1 to {DAYS_MAX} days, found {}", span.days),
        );
    }
    if span.from.grain != Grain::Day || span.until().civil().0 > 9999 {
        return wrong(
            format!("起始日应写成 2024-01-01 的样子、不晚于 9999 年，而不是 {}", span.from),
            format!("expected a first day such as 2024-01-01, found {}", span.from),
        );
    }
    Ok(())
}

/// 生成 Writes a district into a folder that is new or empty; `told` hears how many files are done.
///
/// # Errors
/// [`SampleError`]: a number out of its range, a folder with something in it, a disk that is full.
/// After an error the folder holds nothing of ours.
pub fn write_district(
    folder: &Path,
    district: &District,
    told: &mut dyn FnMut(u32),
) -> Result<Written, SampleError> {
    write_readings(folder, district, district.span(), told)
}

/// 按画像生成 Writes the readings of plants into a folder that is new or empty, with the two small
/// tables; `told` hears how many files are done. Quarters of which no reading came have no row.
///
/// # Errors
/// As of [`write_district`].
pub fn write_readings(
    folder: &Path,
    plants: &dyn Plants,
    span: Span,
    told: &mut dyn FnMut(u32),
) -> Result<Written, SampleError> {
    check(plants.count(), span)?;
    prepare(folder)?;
    let written = fill(folder, plants, span, told);
    if written.is_err() {
        clear(folder);
    }
    written
}

fn prepare(folder: &Path) -> Result<(), SampleError> {
    let failed = |source| SampleError::Write { path: folder.display().to_string(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    if std::fs::read_dir(folder).map_err(failed)?.next().is_some() {
        return Err(SampleError::NotEmpty { path: folder.display().to_string() });
    }
    Ok(())
}

fn fill(
    folder: &Path,
    plants: &dyn Plants,
    span: Span,
    told: &mut dyn FnMut(u32),
) -> Result<Written, SampleError> {
    let parts = folder.join("readings");
    std::fs::create_dir(&parts)
        .map_err(|source| SampleError::Write { path: parts.display().to_string(), source })?;
    let written = readings::write(&parts, plants, span, told)?;
    for (name, text) in [("ef.csv", small::factors(span)), ("plants.csv", small::plants(plants))] {
        let path = folder.join(name);
        std::fs::write(&path, text)
            .map_err(|source| SampleError::Write { path: path.display().to_string(), source })?;
    }
    Ok(written)
}

/// Removes what this run wrote. The folder was empty before; the first error is the one to tell.
fn clear(folder: &Path) {
    let _ = std::fs::remove_dir_all(folder.join("readings"));
    for name in ["ef.csv", "plants.csv"] {
        let _ = std::fs::remove_file(folder.join(name));
    }
}
