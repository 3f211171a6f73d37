//! 快照 The files that a log lists, as one table: the log says the columns, not the files.

use super::columns::{read_as, wide_columns};
use super::footer::Footer;
use super::guard::guarded;
use super::{FileEntry, Format, SourceError, WideTable};
use crate::delta::{DeltaSnapshot, local_time};
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// 日志快照 What the log of a table says of one version.
#[derive(Debug, Clone)]
pub struct LoggedTable {
    /// The version.
    pub version: i64,
    /// When it was made, in local time.
    pub time: String,
    /// The columns that documents see, those of partitions included; units in their metadata.
    pub schema: SchemaRef,
    /// The names of the partition columns that documents see.
    pub partitions: Vec<String>,
    /// The files in the order of their rows, with the values of those columns.
    pub files: Vec<LoggedFile>,
}

/// A file as the log lists it.
#[derive(Debug, Clone)]
pub struct LoggedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name for people.
    pub shown: String,
    /// The values of the partition columns; nothing where there is none.
    pub partition: Vec<Option<String>>,
}

/// The table of a logged version. Columns that a file does not have yet are empty there; columns
/// that the log no longer names are not seen.
pub(super) fn open_logged(
    path: &Path,
    shown: &str,
    logged: LoggedTable,
) -> Result<WideTable, SourceError> {
    let mut files = Vec::with_capacity(logged.files.len());
    let mut footers: Vec<Footer> = Vec::with_capacity(logged.files.len());
    for file in logged.files {
        let entry = FileEntry::look(file.path, file.shown)?;
        let footer = guarded(&entry, Format::Delta, || Footer::read(&entry))?;
        let rows = Some(footer.rows());
        files.push(FileEntry { rows, partition: file.partition, ..entry });
        footers.push(footer);
    }
    let mut fields: Vec<FieldRef> = Vec::new();
    for field in logged.schema.fields() {
        if !logged.partitions.contains(field.name()) {
            let repeats = is_dictionary_everywhere(field.name(), &footers);
            fields.push(read_as(shown, field, repeats)?);
        }
    }
    let read_as: Vec<SchemaRef> = footers.iter().map(|footer| Arc::clone(&footer.schema)).collect();
    let read_as = super::parts::like_table(&read_as, &fields);
    let (columns, schema) = wide_columns(shown, fields, &logged.partitions)?;
    Ok(WideTable {
        name: super::files::folder_name(path, shown),
        shown: shown.to_owned(),
        format: Format::Delta,
        columns,
        rows: files.iter().map(|file| file.rows).sum(),
        files,
        version: Some(logged.version),
        version_time: Some(logged.time),
        skipped: Vec::new(),
        schema,
        read_as,
        footers,
    })
}

/// Whether all files that have a column read it as a dictionary, and at least one does.
fn is_dictionary_everywhere(name: &str, footers: &[Footer]) -> bool {
    let own = footers.iter().filter_map(|footer| footer.schema.field_with_name(name).ok());
    let mut own = own.map(|field| matches!(field.data_type(), DataType::Dictionary(..))).peekable();
    own.peek().is_some() && own.all(|is_dictionary| is_dictionary)
}

/// A version of a Delta table. Partitions that are derived from another column are storage only:
/// documents do not see them.
pub(super) fn of_delta(snapshot: &DeltaSnapshot, shown: &str) -> LoggedTable {
    let seen = |name: &String| !snapshot.is_derived(name);
    let partitions: Vec<String> = snapshot.partitions.iter().filter(|n| seen(n)).cloned().collect();
    let fields = snapshot.schema.fields().iter().filter(|field| seen(field.name()));
    let schema = Arc::new(Schema::new(fields.cloned().collect::<Vec<_>>()));
    let files = snapshot.files.iter().map(|file| LoggedFile {
        path: file.path.clone(),
        shown: format!("{}/{}", shown.trim_end_matches('/'), file.name),
        partition: (partitions.iter())
            .map(|name| file.partition.get(name).cloned().flatten())
            .collect(),
    });
    LoggedTable {
        version: snapshot.version,
        time: local_time(snapshot.timestamp),
        files: files.collect(),
        schema,
        partitions,
    }
}
