//! 文本文件 CSV part files in UTF-8: every column is text, cells are read by the binder's rules.

use super::files::unreadable;
use super::ipc::Batches;
use super::{FileEntry, Format, SourceError};
use arrow::csv::ReaderBuilder;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;

/// A header longer than this is no header.
const HEADER_BYTES_MAX: u64 = 1 << 20;
/// How a text in UTF-8 may begin.
const BYTE_ORDER_MARK: &[u8; 3] = b"\xef\xbb\xbf";

/// The columns of a file: those of its header, all texts.
pub(super) fn look(file: &FileEntry) -> Result<SchemaRef, SourceError> {
    let mut line = Vec::new();
    let mut reader = open(file)?.take(HEADER_BYTES_MAX);
    reader.read_until(b'\n', &mut line).map_err(|error| unreadable(&file.shown, &error))?;
    let not_utf8 = |_| SourceError::NotUtf8 { file: file.shown.clone() };
    std::str::from_utf8(&line).map_err(not_utf8)?;
    let format =
        arrow::csv::reader::Format::default().with_header(true).with_delimiter(delimiter(file));
    let (schema, _) =
        format.infer_schema(line.as_slice(), Some(0)).map_err(|error| SourceError::Damaged {
            file: file.shown.clone(),
            format: Format::Csv,
            reason: error.to_string(),
        })?;
    let texts = schema.fields().iter();
    let schema = Schema::new(
        texts.map(|field| Field::new(field.name(), DataType::Utf8, true)).collect::<Vec<_>>(),
    );
    super::columns::check_names(&file.shown, &schema)?;
    Ok(Arc::new(schema))
}

/// The rows of a file as texts: only the columns of these numbers.
pub(super) fn batches(
    file: &FileEntry,
    schema: &SchemaRef,
    projection: Option<Vec<usize>>,
    batch_size: usize,
) -> Result<Batches, SourceError> {
    let mut builder = ReaderBuilder::new(Arc::clone(schema))
        .with_header(true)
        .with_delimiter(delimiter(file))
        .with_batch_size(batch_size);
    if let Some(projection) = projection {
        builder = builder.with_projection(projection);
    }
    let reader = builder.build_buffered(open(file)?).map_err(|error| SourceError::Damaged {
        file: file.shown.clone(),
        format: Format::Csv,
        reason: error.to_string(),
    })?;
    Ok(Box::new(reader))
}

/// The file behind its byte order mark.
fn open(file: &FileEntry) -> Result<BufReader<File>, SourceError> {
    let failed = |error: std::io::Error| unreadable(&file.shown, &error);
    let mut reader = BufReader::new(File::open(&file.path).map_err(failed)?);
    let marked = reader.fill_buf().map_err(failed)?.starts_with(BYTE_ORDER_MARK);
    let start = if marked { BYTE_ORDER_MARK.len() as u64 } else { 0 };
    reader.seek(SeekFrom::Start(start)).map_err(failed)?;
    Ok(reader)
}

fn delimiter(file: &FileEntry) -> u8 {
    let extension = file.path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if extension == "tsv" { b'\t' } else { b',' }
}
