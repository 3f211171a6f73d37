//! 数据的读入 Files and folders of tables come in; what cannot be read is told with all the rest.
//!
//! A folder is a set of tables: each file one table (each sheet of a workbook), a subfolder of part
//! files one table. Rows of parts are numbered through while they are bound, and told by their own
//! file again in every message. A folder of nothing but Parquet or Arrow files with the same columns
//! is one table, too, and so is a Delta table.

mod bystanders;
mod names;
mod parts;
mod wide;

pub(crate) use bystanders::Bystanders;
pub(crate) use names::Names;

use crate::arguments::Engine;
use crate::documents::shown;
use crate::failure::Failure;
use parts::join_parts;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tanliu_diagnostic::{CellPlace, Diagnostic, Diagnostics, Place};
use tanliu_engine::delta::AsOfChoice;
use tanliu_engine::source::WideTable;
use tanliu_method::table::Table;
use tanliu_office::{
    KNOWN_EXTENSIONS, OTHER_EXTENSIONS, ReadOptions, read_properties, read_tables,
};
use wide::{is_columnar, is_one_table, is_partition};

/// 数据文件 One file as the manifest names it.
#[derive(Debug, Clone)]
pub(crate) struct DataFile {
    /// The path as given.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) size: usize,
    /// SHA-256 in hexadecimal digits; of a large file it is taken when it is asked for.
    pub(crate) sha256: Option<String>,
    /// Rows of all its tables.
    pub(crate) rows: usize,
    /// The version that was read of a Delta table, and its time.
    pub(crate) version: Option<(i64, String)>,
}

/// The digest of a file, read a piece at a time.
pub(crate) fn file_digest(path: &Path) -> std::io::Result<String> {
    wide::digest(path)
}

impl DataFile {
    /// The digest of the file.
    pub(crate) fn digest(&self) -> String {
        self.sha256.clone().or_else(|| wide::digest(Path::new(&self.name)).ok()).unwrap_or_default()
    }
}

/// 读入的数据 All tables with what was found.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    /// The files, in the order read.
    pub(crate) files: Vec<DataFile>,
    /// The tables.
    pub(crate) tables: Vec<Table>,
    /// Tables that are too large to be loaded.
    pub(crate) wide: Vec<WideTable>,
    /// The Delta tables that were read, by folder, each with its version.
    pub(crate) deltas: Vec<(String, i64)>,
    /// What was found while reading.
    pub(crate) findings: Diagnostics,
    /// A file gave no table at all: what would be missing without it is not worth telling.
    pub(crate) broken: bool,
    /// Which states of Delta tables are wanted.
    as_of: AsOfChoice,
    /// Which evaluator was asked for.
    engine: Option<Engine>,
    /// Where the rows of joined parts come from.
    parts: Vec<PartRows>,
}

/// 部分 The rows of one part file in a joined table.
#[derive(Debug, Clone)]
pub(crate) struct PartRows {
    /// The folder: the source of the joined table.
    folder: String,
    /// What was added to the part's own row numbers.
    offset: u32,
    /// The part.
    file: String,
    sheet: Option<String>,
}

impl Intake {
    /// Reads all files and folders. `document` is the id a filled template should carry.
    pub(crate) fn read(
        paths: &[String],
        document: &str,
        as_of: AsOfChoice,
        engine: Option<Engine>,
    ) -> Result<Self, Failure> {
        let mut intake = Self { as_of, engine, ..Self::default() };
        let mut seen = BTreeSet::new();
        for path in paths {
            let own = Path::new(path);
            // The same file twice would supply every input twice.
            if !seen.insert(own.canonicalize().unwrap_or_else(|_| own.to_owned())) {
                continue;
            }
            if own.is_dir() {
                intake.read_folder(own, document)?;
            } else if is_columnar(own) {
                intake.read_wide(own)?;
            } else {
                let tables = intake.read_file(own, document)?;
                intake.tables.extend(tables);
            }
        }
        Ok(intake)
    }

    fn read_folder(&mut self, folder: &Path, document: &str) -> Result<(), Failure> {
        if is_delta(folder) {
            return self.read_wide(folder);
        }
        let list = entries(folder)?;
        if list.iter().any(|entry| is_partition(entry)) {
            return self.read_wide(folder);
        }
        if is_one_table(&list) {
            return self.read_wide_parts(folder, &list);
        }
        let mut any = false;
        for entry in list {
            if entry.is_dir() {
                any |= self.read_parts(&entry, document)?;
            } else if is_columnar(&entry) {
                any = true;
                self.read_wide(&entry)?;
            } else if self.is_table(&entry) {
                any = true;
                let tables = self.read_file(&entry, document)?;
                self.tables.extend(tables);
            }
        }
        if !any {
            let finding = Diagnostic::error(
                "data-empty-folder",
                "目录里没有能读的表",
                "the folder holds no table that can be read",
            );
            let known = [&KNOWN_EXTENSIONS[..], &OTHER_EXTENSIONS].concat().join(", ");
            self.findings.push(
                finding
                    .at(Place::File(shown(folder)), "", "")
                    .note(format!("能读取的格式：{known}"), format!("known formats: {known}")),
            );
        }
        Ok(())
    }

    /// A subfolder of part files: one table.
    fn read_parts(&mut self, folder: &Path, document: &str) -> Result<bool, Failure> {
        if is_delta(folder) {
            self.read_wide(folder)?;
            return Ok(true);
        }
        let mut files = Vec::new();
        part_files(folder, &mut files, 0)?;
        if files.iter().any(|file| is_columnar(file)) || self.stays_in_files(&files) {
            self.read_wide(folder)?;
            return Ok(true);
        }
        let mut tables = Vec::new();
        for file in files {
            if self.is_table(&file) {
                tables.extend(self.read_file(&file, document)?);
            }
        }
        if tables.is_empty() {
            return Ok(false);
        }
        let (table, parts) = join_parts(&shown(folder), tables, &mut self.findings);
        self.tables.push(table);
        self.parts.extend(parts);
        Ok(true)
    }

    fn read_file(&mut self, path: &Path, document: &str) -> Result<Vec<Table>, Failure> {
        let name = shown(path);
        let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(&name, &error))?;
        let (tables, findings) = read_tables(&name, &bytes, &ReadOptions::default());
        self.broken |= tables.is_empty() && findings.has_errors();
        self.findings.append(findings);
        if is_workbook(&name) {
            self.check_template(&name, &bytes, document);
        }
        self.files.push(DataFile {
            size: bytes.len(),
            sha256: Some(sha256(&bytes)),
            rows: tables.iter().map(Table::row_count).sum(),
            version: None,
            name,
        });
        Ok(tables)
    }

    /// A template that was made for another method still may hold the right columns.
    fn check_template(&mut self, name: &str, bytes: &[u8], document: &str) {
        let Ok(properties) = read_properties(bytes) else { return };
        let Some(method) = properties.method.filter(|method| method != document) else { return };
        self.findings.push(
            Diagnostic::warning(
                "template-other-method",
                format!("这个工作簿是为 {method} 生成的，现在用于 {document}"),
                format!("this workbook was made for {method} and is used for {document}"),
            )
            .at(Place::File(name.to_owned()), "", "")
            .hint(
                "用 tanliu template 为本方法学重新生成",
                "make one for this method with tanliu template",
            ),
        );
    }

    /// Whether a file of a folder is read; an unknown one is told of.
    fn is_table(&mut self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let known = KNOWN_EXTENSIONS.contains(&extension);
        if !known && !name.starts_with("readme") {
            self.tell_skipped(&shown(path));
        }
        known
    }

    /// A finding with the rows of parts told by their own files.
    pub(crate) fn relocate(&self, mut finding: Diagnostic) -> Diagnostic {
        for label in &mut finding.labels {
            if let Place::Cell(cell) = &mut label.place {
                self.relocate_cell(cell);
            }
        }
        finding
    }

    /// The file, sheet and row of a cell, where its table was joined from parts.
    pub(crate) fn relocate_cell(&self, cell: &mut CellPlace) {
        let part = self
            .parts
            .iter()
            .filter(|part| part.folder == cell.source && part.offset < cell.row.max(1))
            .max_by_key(|part| part.offset);
        if let Some(part) = part {
            cell.source.clone_from(&part.file);
            cell.sheet.clone_from(&part.sheet);
            cell.row -= part.offset;
        }
    }
}

/// Whether a folder is a Delta table. Its parts alone would be a wrong table, for they hold rows
/// that the log has removed.
fn is_delta(folder: &Path) -> bool {
    folder.join("_delta_log").is_dir()
}

/// Whether a file is a workbook that a marked copy can be made of.
pub(crate) fn is_workbook(name: &str) -> bool {
    let name = name.to_lowercase();
    [".xlsx", ".xlsm", ".xls", ".ods"].iter().any(|extension| name.ends_with(extension))
}

/// The entries of a folder in order, without hidden files and the lock files of Office.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let list =
        std::fs::read_dir(folder).map_err(|error| Failure::unreadable(&shown(folder), &error))?;
    let mut paths: Vec<PathBuf> = list
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            !(name.starts_with('.') || name.starts_with("~$") || name.starts_with("_delta_log"))
        })
        .collect();
    paths.sort();
    Ok(paths)
}

fn part_files(folder: &Path, files: &mut Vec<PathBuf>, depth: usize) -> Result<(), Failure> {
    for entry in entries(folder)? {
        if !entry.is_dir() {
            files.push(entry);
        } else if depth < 8 {
            part_files(&entry, files, depth + 1)?;
        }
    }
    Ok(())
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
