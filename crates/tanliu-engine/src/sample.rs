//! 示例区 The example district: made-up quarter-hour readings in any quantity, the same everywhere.
//!
//! A district of metered plants as a consultant meets it: `readings/` holds Parquet files of a
//! hundred plants each (columns `plant`, `instant`, `power (kWh)`; sorted by plant, then by time),
//! `plants.csv` the town and the sector of each plant, `ef.csv` an emission factor of electricity
//! by month. `examples/district/meters.md` is the document that reads them.
//!
//! **Every figure is made up**, the factor too. A reading follows from the seed, the plant and the
//! quarter of an hour alone: a month is the same in a year that holds it, and more plants leave the
//! first ones as they are. Tables of a few rows are written last: a folder that was left half-done
//! has no `plants.csv` and cannot be mistaken for a district.

mod plant;
mod random;
mod readings;
mod small;
#[cfg(test)]
mod tests;

use std::path::Path;
use tanliu_diagnostic::Text;
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
        u64::from(self.plants) * u64::from(self.days) * u64::from(plant::QUARTERS_PER_DAY)
    }

    /// Parquet files.
    pub fn files(&self) -> u32 {
        self.plants.div_ceil(PLANTS_PER_FILE)
    }

    /// The last day.
    fn until(&self) -> TimeKey {
        self.from.step(i64::from(self.days) - 1)
    }

    fn check(&self) -> Result<(), SampleError> {
        let wrong = |what_zh: String, what: String| Err(SampleError::Options { what, what_zh });
        if !(1..=PLANTS_MAX).contains(&self.plants) {
            return wrong(
                format!("企业数应在 1 到 {PLANTS_MAX} 之间，而不是 {}", self.plants),
                format!("expected 1 to {PLANTS_MAX} plants, found {}", self.plants),
            );
        }
        if !(1..=DAYS_MAX).contains(&self.days) {
            return wrong(
                format!("天数应在 1 到 {DAYS_MAX} 之间，而不是 {}", self.days),
                format!("expected 1 to {DAYS_MAX} days, found {}", self.days),
            );
        }
        if self.from.grain != Grain::Day || self.until().civil().0 > 9999 {
            return wrong(
                format!("起始日应写成 2024-01-01 的样子、不晚于 9999 年，而不是 {}", self.from),
                format!("expected a first day such as 2024-01-01, found {}", self.from),
            );
        }
        Ok(())
    }
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
    district.check()?;
    prepare(folder)?;
    let written = fill(folder, district, told);
    if written.is_err() {
        clear(folder);
    }
    Ok(Written { rows: district.rows(), files: district.files(), bytes: written? })
}

fn prepare(folder: &Path) -> Result<(), SampleError> {
    let failed = |source| SampleError::Write { path: folder.display().to_string(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    if std::fs::read_dir(folder).map_err(failed)?.next().is_some() {
        return Err(SampleError::NotEmpty { path: folder.display().to_string() });
    }
    Ok(())
}

fn fill(folder: &Path, district: &District, told: &mut dyn FnMut(u32)) -> Result<u64, SampleError> {
    let parts = folder.join("readings");
    std::fs::create_dir(&parts)
        .map_err(|source| SampleError::Write { path: parts.display().to_string(), source })?;
    let bytes = readings::write(&parts, district, told)?;
    for (name, text) in
        [("ef.csv", small::factors(district)), ("plants.csv", small::plants(district))]
    {
        let path = folder.join(name);
        std::fs::write(&path, text)
            .map_err(|source| SampleError::Write { path: path.display().to_string(), source })?;
    }
    Ok(bytes)
}

/// Removes what this run wrote. The folder was empty before; the first error is the one to tell.
fn clear(folder: &Path) {
    let _ = std::fs::remove_dir_all(folder.join("readings"));
    for name in ["ef.csv", "plants.csv"] {
        let _ = std::fs::remove_file(folder.join(name));
    }
}
