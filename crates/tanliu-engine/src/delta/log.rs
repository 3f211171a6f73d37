//! 日志 The Delta log as files: which versions there are, whether an entry is missing or damaged,
//! and what each says about itself.
//!
//! The library reads the log too, but tells of a gap or a damaged line in words that name no file;
//! an auditor needs the file.

use super::as_of::{AsOf, local_time, milliseconds};
use super::{DeltaError, log_name};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// 日志清单 The entries and checkpoints of a log.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    /// The table as shown to people.
    table: String,
    commits: BTreeMap<i64, PathBuf>,
    checkpoints: BTreeSet<i64>,
}

/// 一条 What one entry of the log says.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// `commitInfo`, empty if there is none.
    pub(super) info: Value,
    /// Each `add`: the rows by its statistics.
    pub(super) added: Vec<(String, Option<u64>)>,
    /// Each `remove`.
    pub(super) removed: Vec<String>,
}

impl Log {
    /// Lists the log of the table at `root`.
    pub(crate) fn list(root: &Path, shown: &str) -> Result<Self, DeltaError> {
        let mut log = Self {
            table: shown.to_owned(),
            commits: BTreeMap::new(),
            checkpoints: BTreeSet::new(),
        };
        let none = || DeltaError::NotATable { table: shown.to_owned() };
        for entry in std::fs::read_dir(root.join("_delta_log")).map_err(|_| none())?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some((digits, rest)) = name.split_once('.') else { continue };
            let is_version = digits.len() == 20 && digits.bytes().all(|b| b.is_ascii_digit());
            let Some(version) = digits.parse().ok().filter(|_| is_version) else { continue };
            if !entry.path().is_file() {
                continue;
            }
            if rest == "json" {
                log.commits.insert(version, entry.path());
            } else if rest.starts_with("checkpoint.") {
                log.checkpoints.insert(version);
            }
        }
        if log.commits.is_empty() && log.checkpoints.is_empty() {
            return Err(none());
        }
        Ok(log)
    }

    /// The latest version.
    pub(super) fn latest(&self) -> i64 {
        let commit = self.commits.last_key_value().map_or(0, |(version, _)| *version);
        commit.max(self.checkpoints.last().copied().unwrap_or(0))
    }

    /// The versions whose entries are still there.
    pub(super) fn versions(&self) -> impl DoubleEndedIterator<Item = i64> {
        self.commits.keys().copied()
    }

    /// The version that is meant.
    ///
    /// # Errors
    /// [`DeltaError::NoVersion`] for one that is not there, or a time before the first.
    pub(super) fn resolve(&self, as_of: Option<&AsOf>) -> Result<i64, DeltaError> {
        match as_of {
            None => Ok(self.latest()),
            Some(AsOf::Version(version)) => {
                let first = self.first_openable();
                if *version < first || *version > self.latest() {
                    return Err(self.no_version(&version.to_string())?);
                }
                Ok(*version)
            }
            Some(AsOf::Time(text)) => {
                let until = milliseconds(text)?;
                let times = self.times()?;
                let meant = times.iter().rev().find(|(_, time)| *time <= until);
                match meant {
                    Some((version, _)) if *version >= self.first_openable() => Ok(*version),
                    _ => Err(self.no_version(text)?),
                }
            }
        }
    }

    /// The first version from which on the log can be replayed.
    pub(crate) fn first_openable(&self) -> i64 {
        let commit = self.commits.keys().next().copied();
        match (commit, self.checkpoints.first().copied()) {
            (Some(0), _) | (_, None) => 0,
            (_, Some(checkpoint)) => checkpoint,
        }
    }

    fn no_version(&self, wanted: &str) -> Result<DeltaError, DeltaError> {
        let times: BTreeMap<i64, i64> = self.times()?.into_iter().collect();
        let with_time = |version: i64| {
            (version, times.get(&version).map_or_else(|| "?".to_owned(), |time| local_time(*time)))
        };
        Ok(DeltaError::NoVersion {
            table: self.table.clone(),
            wanted: wanted.to_owned(),
            first: with_time(self.first_openable()),
            last: with_time(self.latest()),
        })
    }

    /// When each version was made, in milliseconds since 1970: as its entry says, else when its
    /// file was written; never earlier than the version before.
    pub(super) fn times(&self) -> Result<Vec<(i64, i64)>, DeltaError> {
        self.times_until(i64::MAX)
    }

    /// As [`Log::times`], up to a version: what comes later may be damaged.
    pub(super) fn times_until(&self, last: i64) -> Result<Vec<(i64, i64)>, DeltaError> {
        let mut times = Vec::new();
        let mut latest = i64::MIN;
        for (version, path) in self.commits.range(..=last) {
            let info = self.info(*version)?;
            let own = ["inCommitTimestamp", "timestamp"]
                .iter()
                .find_map(|key| info.get(key).and_then(Value::as_i64));
            latest = latest.max(own.unwrap_or_else(|| written_at(path)));
            times.push((*version, latest));
        }
        Ok(times)
    }

    /// Whether every entry that a version is made of is there and can be read.
    ///
    /// # Errors
    /// [`DeltaError::LogGap`], [`DeltaError::LogCorrupt`], both naming the file.
    pub(super) fn verify(&self, version: i64) -> Result<(), DeltaError> {
        let base = self.checkpoints.range(..=version).next_back().copied();
        for needed in base.map_or(0, |base| base + 1)..=version {
            if !self.commits.contains_key(&needed) {
                let last = if needed > 0 && self.commits.contains_key(&(needed - 1)) {
                    Some(needed - 1)
                } else {
                    None
                };
                let (table, file) = (self.table.clone(), log_name(needed));
                return Err(DeltaError::LogGap { table, file, last });
            }
            self.entry(needed)?;
        }
        Ok(())
    }

    fn lines(&self, version: i64) -> Result<impl Iterator<Item = (usize, String)>, DeltaError> {
        let path = self.commits.get(&version).cloned().unwrap_or_default();
        let file = std::fs::File::open(&path)
            .map_err(|error| self.corrupt(version, 1, &error.to_string()))?;
        let mut lines = Vec::new();
        for (number, line) in std::io::BufReader::new(file).lines().enumerate() {
            let line =
                line.map_err(|error| self.corrupt(version, number + 1, &error.to_string()))?;
            lines.push((number + 1, line));
        }
        Ok(lines.into_iter().filter(|(_, line)| !line.trim().is_empty()))
    }

    fn corrupt(&self, version: i64, line: usize, why: &str) -> DeltaError {
        let (table, file) = (self.table.clone(), log_name(version));
        DeltaError::LogCorrupt { table, file, line, why: why.to_owned() }
    }

    fn read_line(&self, version: i64, number: usize, line: &str) -> Result<Value, DeltaError> {
        serde_json::from_str(line)
            .map_err(|error| self.corrupt(version, number, &error.to_string()))
    }

    /// What the entry says about itself; the other lines are not read.
    fn info(&self, version: i64) -> Result<Value, DeltaError> {
        for (number, line) in self.lines(version)? {
            if line.contains("\"commitInfo\"") {
                let mut action = self.read_line(version, number, &line)?;
                if let Some(info) = action.get_mut("commitInfo") {
                    return Ok(info.take());
                }
            }
        }
        Ok(Value::Null)
    }

    /// Reads an entry whole.
    pub(super) fn entry(&self, version: i64) -> Result<Entry, DeltaError> {
        let mut entry = Entry::default();
        let mut any = false;
        for (number, line) in self.lines(version)? {
            let mut action = self.read_line(version, number, &line)?;
            any = true;
            if let Some(info) = action.get_mut("commitInfo") {
                entry.info = info.take();
            } else if let Some(add) = action.get("add") {
                let path = add.get("path").and_then(Value::as_str);
                let path =
                    path.ok_or_else(|| self.corrupt(version, number, "add without a path"))?;
                let stats = add.get("stats").and_then(Value::as_str).unwrap_or("{}");
                let stats: Value = serde_json::from_str(stats).unwrap_or_default();
                let rows = stats.get("numRecords").and_then(Value::as_u64);
                entry.added.push((path.to_owned(), rows));
            } else if let Some(path) = action.pointer("/remove/path").and_then(Value::as_str) {
                entry.removed.push(path.to_owned());
            }
        }
        if any { Ok(entry) } else { Err(self.corrupt(version, 1, "the file is empty")) }
    }
}

/// The lines of an entry of the log; none if there is no such entry (yet).
///
/// # Errors
/// [`DeltaError::LogCorrupt`] for an entry that is there and cannot be read.
pub(crate) fn actions_of(
    root: &Path,
    shown: &str,
    version: i64,
) -> Result<Option<Vec<Value>>, DeltaError> {
    let path = root.join(log_name(version));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let (table, file) = (shown.to_owned(), log_name(version));
            return Err(DeltaError::LogCorrupt { table, file, line: 1, why: error.to_string() });
        }
    };
    let mut actions = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let action = serde_json::from_str(line).map_err(|error| DeltaError::LogCorrupt {
            table: shown.to_owned(),
            file: log_name(version),
            line: number + 1,
            why: error.to_string(),
        })?;
        actions.push(action);
    }
    Ok(Some(actions))
}

/// When a file was written, in milliseconds since 1970.
fn written_at(path: &Path) -> i64 {
    let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified());
    let since = modified.ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0)
}
