//! 文件 Which files make up a table, in which order, and what their folders say.

use super::SourceError;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How deep folders of parts may be nested.
const DEPTH_MAX: usize = 16;
/// How Hive writes that a partition has no value.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// 存储格式 How a table is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Parquet files.
    Parquet,
    /// Text files with commas (or tabs), in UTF-8.
    Csv,
    /// Arrow IPC files, of the file or the stream kind.
    Ipc,
    /// A Delta table: Parquet files and a log.
    Delta,
}

impl Format {
    /// The format that a file's extension says.
    pub fn of_file(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_string_lossy().to_lowercase();
        match extension.as_str() {
            "parquet" | "pq" | "parq" => Some(Self::Parquet),
            "csv" | "tsv" => Some(Self::Csv),
            "arrow" | "arrows" | "ipc" | "feather" => Some(Self::Ipc),
            _ => None,
        }
    }

    /// Its name for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "Parquet",
            Self::Csv => "CSV",
            Self::Ipc => "Arrow IPC",
            Self::Delta => "Delta",
        }
    }
}

/// 文件条目 One file of a table as it was when the table was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Where it lies.
    pub path: PathBuf,
    /// The path as messages show it.
    pub shown: String,
    /// Its size.
    pub bytes: u64,
    /// Its rows, if the format tells them.
    pub rows: Option<u64>,
    /// When it was last changed.
    pub modified: Option<SystemTime>,
    /// The values of the partition columns; nothing where the folder says so.
    pub partition: Vec<Option<String>>,
}

impl FileEntry {
    /// An entry with size and time of change as they are now.
    pub(super) fn look(path: PathBuf, shown: String) -> Result<Self, SourceError> {
        let metadata = std::fs::metadata(&path).map_err(|error| unreadable(&shown, &error))?;
        Ok(Self {
            path,
            shown,
            bytes: metadata.len(),
            rows: None,
            modified: metadata.modified().ok(),
            partition: Vec::new(),
        })
    }

    /// Size and time of change are as when it was opened.
    pub fn check_unchanged(&self) -> Result<(), SourceError> {
        let now = Self::look(self.path.clone(), self.shown.clone());
        if now.is_ok_and(|now| now.bytes == self.bytes && now.modified == self.modified) {
            return Ok(());
        }
        Err(SourceError::Changed { file: self.shown.clone() })
    }
}

/// 文件清单 The files of one table, by name, with the columns that their folders give.
#[derive(Debug)]
pub(super) struct Listing {
    /// The table's name.
    pub(super) name: String,
    /// The path as given.
    pub(super) shown: String,
    /// The format of all files.
    pub(super) format: Format,
    /// The files in order.
    pub(super) files: Vec<FileEntry>,
    /// The names of the partition columns.
    pub(super) partition: Vec<String>,
    /// Files that hold no table.
    pub(super) skipped: Vec<String>,
}

impl Listing {
    /// Lists the files at a path.
    pub(super) fn of(path: &Path, shown: &str) -> Result<Self, SourceError> {
        let metadata = std::fs::metadata(path).map_err(|error| unreadable(shown, &error))?;
        if !metadata.is_dir() {
            let unknown = || SourceError::UnknownFormat { file: shown.to_owned() };
            return Ok(Self {
                name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
                shown: shown.to_owned(),
                format: Format::of_file(path).ok_or_else(unknown)?,
                files: vec![FileEntry::look(path.to_owned(), shown.to_owned())?],
                partition: Vec::new(),
                skipped: Vec::new(),
            });
        }
        let mut paths = Vec::new();
        collect(path, shown, &mut paths, 0)?;
        let mut listing = Self {
            name: folder_name(path, shown),
            shown: shown.to_owned(),
            format: Format::Parquet,
            files: Vec::new(),
            partition: Vec::new(),
            skipped: Vec::new(),
        };
        listing.fill(path, paths)?;
        Ok(listing)
    }

    /// Takes the files that hold tables; all must have one format and the same partition columns.
    fn fill(&mut self, folder: &Path, paths: Vec<(PathBuf, String)>) -> Result<(), SourceError> {
        let mut first: Option<(String, Format)> = None;
        for (path, shown) in paths {
            let Some(format) = Format::of_file(&path) else {
                if !is_readme(&path) {
                    self.skipped.push(shown);
                }
                continue;
            };
            let (names, values) = partition_of(folder, &path);
            match &first {
                None => {
                    self.format = format;
                    self.partition = names;
                    first = Some((shown.clone(), format));
                }
                Some((first, first_format)) if *first_format != format => {
                    return Err(SourceError::FormatsDiffer {
                        first: first.clone(),
                        first_format: *first_format,
                        second: shown,
                        second_format: format,
                    });
                }
                Some((first, _)) if self.partition != names => {
                    return Err(SourceError::PartitionsDiffer {
                        first: first.clone(),
                        first_names: self.partition.clone(),
                        second: shown,
                        second_names: names,
                    });
                }
                Some(_) => {}
            }
            let entry = FileEntry::look(path, shown)?;
            self.files.push(FileEntry { partition: values, ..entry });
        }
        match first {
            None => Err(SourceError::NoFiles { folder: self.shown.clone() }),
            Some(_) => Ok(()),
        }
    }
}

/// Whether a folder is a Delta table.
pub(super) fn is_delta(path: &Path) -> bool {
    path.join("_delta_log").is_dir()
}

/// A path as people write it, with forward slashes.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The finding for a file that the system does not give.
pub(super) fn unreadable(file: &str, error: &std::io::Error) -> SourceError {
    SourceError::Unreadable { file: file.to_owned(), reason: error.to_string() }
}

/// All files below a folder by name, without hidden ones and those of tools (`_SUCCESS`).
fn collect(
    folder: &Path,
    shown: &str,
    paths: &mut Vec<(PathBuf, String)>,
    depth: usize,
) -> Result<(), SourceError> {
    let list = std::fs::read_dir(folder).map_err(|error| unreadable(shown, &error))?;
    let mut entries = Vec::new();
    for entry in list {
        let entry = entry.map_err(|error| unreadable(shown, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !(name.starts_with(['.', '_']) || name.starts_with("~$")) {
            entries.push((name, entry.path()));
        }
    }
    entries.sort();
    for (name, path) in entries {
        let shown = format!("{}/{name}", shown.trim_end_matches('/'));
        if !path.is_dir() {
            paths.push((path, shown));
        } else if depth < DEPTH_MAX {
            collect(&path, &shown, paths, depth + 1)?;
        }
    }
    Ok(())
}

/// The name of a folder; `.` is named by what it is.
pub(super) fn folder_name(path: &Path, shown: &str) -> String {
    let own = path.canonicalize().ok();
    let name = own.as_deref().unwrap_or(path).file_name();
    name.map_or_else(|| shown.to_owned(), |name| name.to_string_lossy().into_owned())
}

fn is_readme(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.starts_with("readme")
}

/// Names and values of the folders `name=value` between the table's folder and a file.
fn partition_of(folder: &Path, file: &Path) -> (Vec<String>, Vec<Option<String>>) {
    let below = file.parent().and_then(|parent| parent.strip_prefix(folder).ok());
    let parts = below.into_iter().flat_map(Path::components);
    let pairs = parts.filter_map(|part| {
        let part = part.as_os_str().to_string_lossy().into_owned();
        let (name, value) = part.split_once('=')?;
        let value = (value != NO_VALUE).then(|| unescape(value));
        (!name.is_empty()).then(|| (unescape(name), value))
    });
    pairs.unzip()
}

/// Hive writes signs that folders cannot have as `%3A`.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
