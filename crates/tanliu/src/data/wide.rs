//! 列式文件 Parquet, Arrow and Delta tables: small ones are loaded as any other table, large ones
//! stay where they are for the engine.

use super::{DataFile, Intake, join_parts};
use crate::arguments::Engine;
use crate::documents::shown;
use crate::failure::Failure;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};
use tanliu_diagnostic::{Diagnostic, Place};
use tanliu_engine::delta::AsOf;
use tanliu_engine::source::{FileEntry, Format, OpenOptions, SourceError, WideTable};

/// Tables with more rows are not loaded.
const LOADED_ROWS_MAX: u64 = 2_000_000;
/// Tables that do not tell their rows are loaded up to this size.
const LOADED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// How much of a file is read at once for its digest.
const CHUNK_BYTES: usize = 1 << 16;

/// Whether a path is of a format that the engine reads.
pub(super) fn is_columnar(path: &Path) -> bool {
    matches!(Format::of_file(path), Some(Format::Parquet | Format::Ipc))
}

/// Whether all files of a folder are of such a format: then they are parts of one table. Files of
/// other kinds make it a folder of tables; read-me files and those of tools (`_SUCCESS`) count for
/// nothing.
pub(super) fn is_one_table(files: &[PathBuf]) -> bool {
    let counts = |path: &&PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        !(name.starts_with("readme") || name.starts_with('_'))
    };
    let mut tables = files.iter().filter(counts).peekable();
    tables.peek().is_some() && tables.all(|path| is_columnar(path))
}

/// Whether an entry of a folder is a partition: `year=2024`.
pub(super) fn is_partition(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.is_dir() && name.split_once('=').is_some_and(|(name, _)| !name.is_empty())
}

impl Intake {
    /// Whether part files in CSV stay where they are: they are large, or it was asked for.
    pub(super) fn stays_in_files(&self, files: &[PathBuf]) -> bool {
        let is_csv = |file: &PathBuf| file.extension().is_some_and(|end| end == "csv");
        let bytes = || {
            let sizes = files.iter().filter_map(|file| std::fs::metadata(file).ok());
            sizes.map(|file| file.len()).sum::<u64>()
        };
        !files.is_empty()
            && files.iter().all(is_csv)
            && match self.engine {
                Some(Engine::Columnar) => true,
                Some(Engine::Reference) => false,
                None => bytes() > LOADED_BYTES_MAX,
            }
    }

    /// Reads a file, or a folder that is one table. What is wrong with it is told with the rest.
    pub(super) fn read_wide(&mut self, path: &Path) -> Result<(), Failure> {
        if let Err(error) = std::fs::metadata(path) {
            return Err(Failure::unreadable(&shown(path), &error));
        }
        let options = OpenOptions { shown: Some(shown(path)), as_of: self.as_of(path) };
        match WideTable::open(path, &options) {
            Ok(table) => self.take_wide(table),
            Err(error) => {
                self.refuse(&error);
                Ok(())
            }
        }
    }

    /// The parts of a folder as one table if they have the same columns, else each as its own.
    pub(super) fn read_wide_parts(
        &mut self,
        folder: &Path,
        files: &[PathBuf],
    ) -> Result<(), Failure> {
        let options = OpenOptions { shown: Some(shown(folder)), ..OpenOptions::default() };
        match WideTable::open(folder, &options) {
            Ok(table) => self.take_wide(table),
            Err(SourceError::ColumnsDiffer { .. } | SourceError::FormatsDiffer { .. }) => {
                files.iter().filter(|file| is_columnar(file)).try_for_each(|f| self.read_wide(f))
            }
            Err(error) => {
                self.refuse(&error);
                Ok(())
            }
        }
    }

    fn take_wide(&mut self, table: WideTable) -> Result<(), Failure> {
        for file in &table.skipped {
            self.tell_skipped(file);
        }
        let version = table.version.zip(table.version_time.clone());
        self.deltas.extend(table.version.map(|version| (table.shown.clone(), version)));
        let is_small = match (self.engine, table.rows) {
            (Some(Engine::Reference), _) => true,
            (Some(Engine::Columnar), _) => false,
            (None, Some(rows)) => rows <= LOADED_ROWS_MAX,
            (None, None) => table.bytes() <= LOADED_BYTES_MAX,
        };
        for file in &table.files {
            let read = data_file(file, is_small)?;
            self.files.push(DataFile { version: version.clone(), ..read });
        }
        if !is_small {
            self.wide.push(table);
            return Ok(());
        }
        let parts = table.load_parts().and_then(|parts| {
            table.check_unchanged()?;
            Ok(parts)
        });
        let parts = match parts {
            Ok(parts) => parts,
            Err(error) => {
                self.refuse(&error);
                return Ok(());
            }
        };
        let known = self.files.len() - table.files.len();
        for (file, part) in self.files.iter_mut().skip(known).zip(&parts) {
            file.rows = part.row_count();
        }
        if let ([_], [file]) = (parts.as_slice(), table.files.as_slice())
            && file.shown == table.shown
        {
            self.tables.extend(parts);
        } else {
            let (mut joined, rows) = join_parts(&table.shown, parts, &mut self.findings);
            joined.name.clone_from(&table.name);
            self.tables.push(joined);
            self.parts.extend(rows);
        }
        Ok(())
    }

    /// Which state of a Delta table is wanted, by the name of its folder.
    fn as_of(&self, path: &Path) -> Option<AsOf> {
        let own = path.canonicalize().ok();
        let name = own.as_deref().unwrap_or(path).file_name().unwrap_or_default();
        self.as_of.of(&name.to_string_lossy()).cloned()
    }

    fn refuse(&mut self, error: &SourceError) {
        self.broken = true;
        self.findings.push(error.diagnostic());
    }

    /// A file of a folder that is no table.
    pub(super) fn tell_skipped(&mut self, file: &str) {
        self.findings.push(
            Diagnostic::warning(
                "data-file-skipped",
                "目录里有读不了的文件，已跳过",
                "a file in the folder is no table and was passed over",
            )
            .at(Place::File(file.to_owned()), "", "")
            .hint(
                "是数据的另存为 .xlsx 或 .csv；不是的移出目录",
                "save it as .xlsx or .csv if it is data; else move it out of the folder",
            ),
        );
    }
}

/// A file; the digest of a large one is taken when it is asked for.
fn data_file(file: &FileEntry, now: bool) -> Result<DataFile, Failure> {
    let failed = |error: std::io::Error| Failure::unreadable(&file.shown, &error);
    let sha256 = if now { Some(digest(&file.path).map_err(failed)?) } else { None };
    let rows = file.rows.and_then(|rows| usize::try_from(rows).ok()).unwrap_or(0);
    let size = usize::try_from(file.bytes).unwrap_or(usize::MAX);
    Ok(DataFile { name: file.shown.clone(), size, sha256, rows, version: None })
}

/// SHA-256 of a file, read piece by piece: it may be larger than the memory.
pub(super) fn digest(path: &Path) -> std::io::Result<String> {
    let mut opened = std::fs::File::open(path)?;
    let mut digest = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let read = opened.read(&mut chunk)?;
        let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        digest.update(bytes);
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
