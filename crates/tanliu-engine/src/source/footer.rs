//! 文件尾 What the footer of a Parquet file tells; offsets are checked before anyone trusts them.

use super::columns::{check_names, read_as};
use super::{FileEntry, Format, SourceError};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::{
    ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData, RowGroupMetaData,
};
use std::fs::File;
use std::sync::Arc;

/// 文件尾 The footer of one file.
#[derive(Debug, Clone)]
pub(super) struct Footer {
    /// Row groups, their columns and statistics.
    pub(super) metadata: Arc<ParquetMetaData>,
    /// The columns as they are read: texts as `Utf8` or a dictionary.
    pub(super) schema: SchemaRef,
}

impl Footer {
    /// Reads and checks the footer of a file.
    pub(super) fn read(file: &FileEntry) -> Result<Self, SourceError> {
        let damaged = |reason: String| SourceError::Damaged {
            file: file.shown.clone(),
            format: Format::Parquet,
            reason,
        };
        let opened = File::open(&file.path)
            .map_err(|error| super::files::unreadable(&file.shown, &error))?;
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Skip);
        let loaded = ArrowReaderMetadata::load(&opened, options.clone())
            .map_err(|error| damaged(error.to_string()))?;
        if loaded.schema().fields().is_empty() {
            return Err(damaged("it has no column".to_owned()));
        }
        check_names(&file.shown, loaded.schema())?;
        check(loaded.metadata(), file, &damaged)?;
        let mut fields = Vec::with_capacity(loaded.schema().fields().len());
        for (number, field) in loaded.schema().fields().iter().enumerate() {
            let repeats = repeats(loaded.metadata(), number, field);
            fields.push(read_as(&file.shown, field, repeats)?);
        }
        let schema = Arc::new(Schema::new(fields));
        let metadata = Arc::clone(loaded.metadata());
        let as_read = ArrowReaderMetadata::try_new(
            Arc::clone(&metadata),
            options.with_schema(Arc::clone(&schema)),
        );
        as_read.map_err(|error| damaged(error.to_string()))?;
        Ok(Self { metadata, schema })
    }

    /// The rows of the file.
    pub(super) fn rows(&self) -> u64 {
        self.metadata.row_groups().iter().map(group_rows).sum()
    }

    /// The footer as the Arrow reader wants it, with columns read as said.
    pub(super) fn reader_metadata(
        &self,
        schema: &SchemaRef,
    ) -> parquet::errors::Result<ArrowReaderMetadata> {
        let options = ArrowReaderOptions::new().with_schema(Arc::clone(schema));
        ArrowReaderMetadata::try_new(Arc::clone(&self.metadata), options)
    }
}

/// The rows of a row group.
pub(super) fn group_rows(group: &RowGroupMetaData) -> u64 {
    u64::try_from(group.num_rows()).unwrap_or(0)
}

/// Where a row group begins in its file, as DataFusion tells its place.
pub(super) fn group_start(group: &RowGroupMetaData) -> i64 {
    let Some(column) = group.columns().first() else { return 0 };
    column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset())
}

/// The stored size of a row group.
pub(super) fn group_bytes(group: &RowGroupMetaData) -> u64 {
    group.columns().iter().map(|column| u64::try_from(column.compressed_size()).unwrap_or(0)).sum()
}

/// Whether all pages of a chunk refer to its dictionary.
pub(super) fn is_all_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    let only = |mask: &parquet::basic::EncodingMask| {
        mask.is_only(Encoding::PLAIN_DICTIONARY) || mask.is_only(Encoding::RLE_DICTIONARY)
    };
    chunk.dictionary_page_offset().is_some() && chunk.page_encoding_stats_mask().is_some_and(only)
}

/// Whether a text column has a dictionary in every row group. Where a writer does not tell of its
/// pages, the dictionary is taken for whole: pages without it are still read rightly.
fn repeats(metadata: &ParquetMetaData, column: usize, field: &Field) -> bool {
    if !matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) {
        return false;
    }
    metadata.row_groups().iter().filter(|group| group.num_rows() > 0).all(|group| {
        group.columns().get(column).is_some_and(|chunk| {
            is_all_dictionary(chunk)
                || chunk.dictionary_page_offset().is_some()
                    && chunk.page_encoding_stats_mask().is_none()
        })
    })
}

/// Every chunk lies within the file, and its compression can be undone.
fn check(
    metadata: &ParquetMetaData,
    file: &FileEntry,
    damaged: &impl Fn(String) -> SourceError,
) -> Result<(), SourceError> {
    let columns = metadata.file_metadata().schema_descr().num_columns();
    for (number, group) in metadata.row_groups().iter().enumerate() {
        if group.num_rows() < 0 || group.num_columns() != columns {
            return Err(damaged(format!("row group {number} does not fit the schema")));
        }
        for chunk in group.columns() {
            let name = chunk.column_path().string();
            if !lies_within(chunk, file.bytes) {
                return Err(damaged(format!("column {name} lies outside of the file")));
            }
            if chunk.num_values() < 0 || chunk.num_values() < group.num_rows() && !nested(chunk) {
                return Err(damaged(format!("column {name} has fewer values than rows")));
            }
            if let Some(codec) = unknown_codec(chunk.compression()) {
                return Err(SourceError::Compression {
                    file: file.shown.clone(),
                    column: name,
                    codec: codec.to_owned(),
                });
            }
        }
    }
    Ok(())
}

/// Columns of lists have other counts than rows; they are refused by their type later on.
fn nested(chunk: &ColumnChunkMetaData) -> bool {
    chunk.column_path().parts().len() > 1
}

fn lies_within(chunk: &ColumnChunkMetaData, bytes: u64) -> bool {
    let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
    let (Ok(start), Ok(size)) = (u64::try_from(start), u64::try_from(chunk.compressed_size()))
    else {
        return false;
    };
    let data_page = u64::try_from(chunk.data_page_offset()).unwrap_or(u64::MAX);
    start.checked_add(size).is_some_and(|end| end <= bytes)
        && data_page <= bytes
        && chunk.uncompressed_size() >= 0
}

fn unknown_codec(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::GZIP(_) => Some("gzip"),
        Compression::BROTLI(_) => Some("brotli"),
        Compression::LZO => Some("lzo"),
        _ => None,
    }
}
