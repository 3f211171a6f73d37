//! 数据源 Tables that may be too large for memory: where they lie and what their columns are.
//!
//! A wide table is a Parquet, CSV or Arrow file, a folder of such part files (Hive partitions
//! `year=2024/…` become columns), or a Delta table. Opening reads footers and headers only.
//!
//! 1. `files`: which files, in which order, with which partition values.
//! 2. `columns`: what their columns are, and one type for all files.
//! 3. `scan`: a physical plan over exactly these files, with the rows and columns that are wanted.
//! 4. `load`: all rows, for the reference interpreter.
//! 5. `facts`: what footers and dictionaries tell without reading the rows.
//!
//! What is wrong with a file is a [`SourceError`] that names the file, the column and the mend.

mod batches;
mod columns;
mod delimited;
mod diagnose;
mod error;
mod facts;
mod files;
mod footer;
mod guard;
mod ipc;
mod load;
mod parts;
mod predicate;
mod reader;
mod runtime;
mod scan;
mod sheltered;
mod snapshot;
#[cfg(test)]
mod tests;

pub use columns::WideColumn;
pub use error::SourceError;
pub use facts::{DistinctTexts, FileOrder};
pub use files::{FileEntry, Format};
pub use predicate::Predicate;
pub use runtime::runtime;
pub use scan::ScanRequest;
pub use snapshot::{LoggedFile, LoggedTable};

use crate::delta::AsOf;
use arrow::datatypes::{Schema, SchemaRef};
use datafusion_physical_plan::ExecutionPlan;
use files::Listing;
use footer::Footer;
use std::path::Path;
use std::sync::Arc;
use tanliu_method::table::{Cells, Column, Table};

/// 打开选项 How a table is opened.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// The path as messages show it; the path itself if there is none.
    pub shown: Option<String>,
    /// The state of a Delta table that is wanted; the newest if there is none.
    pub as_of: Option<AsOf>,
}

/// 宽表 A table that may be too large for memory: where it lies and what its columns are.
#[derive(Debug, Clone)]
pub struct WideTable {
    /// The file's or folder's stem.
    pub name: String,
    /// The path as given.
    pub shown: String,
    /// How it is stored.
    pub format: Format,
    /// Its columns; those of partitions stand last.
    pub columns: Vec<WideColumn>,
    /// Its files in the order of their rows.
    pub files: Vec<FileEntry>,
    /// All rows, if the format tells them.
    pub rows: Option<u64>,
    /// The version of a Delta table.
    pub version: Option<i64>,
    /// When that version was made, in local time.
    pub version_time: Option<String>,
    /// Files of the folder that hold no table, as shown: passed over.
    pub skipped: Vec<String>,
    /// What a scan of everything yields: the columns of files, then those of partitions.
    schema: SchemaRef,
    /// The columns as each file is read, in the order of `files`.
    read_as: Vec<SchemaRef>,
    /// Footers of Parquet files, in the order of `files`.
    footers: Vec<Footer>,
}

/// The batches of one file of a table, all columns.
pub(crate) fn file_batches(
    table: &WideTable,
    file: usize,
) -> Result<impl Iterator<Item = Result<arrow::array::RecordBatch, SourceError>>, SourceError> {
    const BATCH_ROWS: usize = 8192;
    let columns = batches::all_columns(&table.schema);
    batches::batches(table, &batches::FileScan { file, columns, batch_size: BATCH_ROWS })
}

impl WideTable {
    /// Opens a file or a folder of part files: reads footers and headers, no rows.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self, SourceError> {
        let shown = options.shown.clone().unwrap_or_else(|| files::shown(path));
        if files::is_delta(path) {
            return Self::open_delta(path, &shown, options.as_of.as_ref());
        }
        let listing = Listing::of(path, &shown)?;
        match listing.format {
            Format::Parquet | Format::Delta => parts::open_parquet(listing),
            Format::Ipc => parts::open_ipc(listing),
            Format::Csv => parts::open_delimited(listing),
        }
    }

    /// The table of a version that a log describes.
    pub fn of_log(path: &Path, shown: &str, logged: LoggedTable) -> Result<Self, SourceError> {
        snapshot::open_logged(path, shown, logged)
    }

    fn open_delta(path: &Path, shown: &str, as_of: Option<&AsOf>) -> Result<Self, SourceError> {
        let snapshot = crate::delta::open(path, as_of)
            .map_err(|error| SourceError::Found(Box::new(error.diagnostic())))?;
        Self::of_log(path, shown, snapshot::of_delta(&snapshot, shown))
    }

    /// The table that the binder looks at: headers and no rows.
    pub fn header(&self) -> Table {
        let column = |(number, column): (u32, &WideColumn)| Column {
            header: column.header.clone(),
            number,
            cells: Cells::packed(),
        };
        Table {
            name: self.name.clone(),
            source: self.shown.clone(),
            sheet: None,
            header_row: 1,
            columns: (1..).zip(&self.columns).map(column).collect(),
            row_numbers: Vec::new(),
        }
    }

    /// A plan over exactly these files that yields the wanted rows and columns.
    ///
    /// Partitions are runs of row groups (Parquet) or of files, in the order of the rows.
    pub fn scan(&self, request: &ScanRequest) -> Result<Arc<dyn ExecutionPlan>, SourceError> {
        scan::scan(self, request)
    }

    /// All rows, one table for each file, in their order: for the reference interpreter.
    pub fn load_parts(&self) -> Result<Vec<Table>, SourceError> {
        load::load_parts(self)
    }

    /// All rows in one table, numbered through from 1.
    pub fn load(&self) -> Result<Table, SourceError> {
        let mut whole = self.header();
        for part in self.load_parts()? {
            load::append(&mut whole, part);
        }
        Ok(whole)
    }

    /// The rows that a condition takes, in one table without row numbers; an error beyond `most`.
    pub fn load_where(
        &self,
        predicate: Option<Predicate>,
        most: u64,
    ) -> Result<Table, SourceError> {
        load::load_where(self, predicate, most)
    }

    /// Size and time of change of each file are as when it was opened.
    pub fn check_unchanged(&self) -> Result<(), SourceError> {
        self.files.iter().try_for_each(FileEntry::check_unchanged)
    }

    /// All columns under their physical names.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// A column by the name that the binder knows.
    pub fn column(&self, header: &str) -> Option<&WideColumn> {
        self.columns.iter().find(|column| column.header == header)
    }

    /// The bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// The schema without the columns of partitions.
    fn file_schema(&self) -> Schema {
        let columns = self.columns.iter().zip(self.schema.fields());
        let of_file = columns.filter(|(column, _)| !column.partition);
        Schema::new(of_file.map(|(_, field)| Arc::clone(field)).collect::<Vec<_>>())
    }
}
