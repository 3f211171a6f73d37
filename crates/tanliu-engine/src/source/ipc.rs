//! Arrow 文件 Arrow IPC files, of the file kind and of the stream kind.

mod messages;

use super::columns::{check_names, read_as};
use super::files::unreadable;
use super::{FileEntry, Format, SourceError};
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;

/// How a file of the file kind begins.
const MAGIC: &[u8; 6] = b"ARROW1";

/// Batches of one file, in its order.
pub(super) type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>;

/// The columns of a file as they are read, and its rows: those that the heads of its batches tell.
pub(super) fn look(file: &FileEntry) -> Result<(SchemaRef, Option<u64>), SourceError> {
    let rows = messages::count_rows(file)?;
    let schema = match open(file, None)? {
        Opened::File(reader) => reader.schema(),
        Opened::Stream(reader) => reader.schema(),
    };
    check_names(&file.shown, &schema)?;
    let fields = (schema.fields().iter())
        .map(|field| {
            let repeats = matches!(field.data_type(), DataType::Dictionary(..));
            read_as(&file.shown, field, repeats)
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok((Arc::new(Schema::new(fields)), Some(rows)))
}

/// The batches of a file: only the columns of these numbers, in the file's own types.
pub(super) fn batches(
    file: &FileEntry,
    projection: Option<Vec<usize>>,
) -> Result<Batches, SourceError> {
    Ok(match open(file, projection)? {
        Opened::File(reader) => Box::new(reader),
        Opened::Stream(reader) => Box::new(reader),
    })
}

enum Opened {
    File(FileReader<BufReader<File>>),
    Stream(StreamReader<BufReader<File>>),
}

fn open(file: &FileEntry, projection: Option<Vec<usize>>) -> Result<Opened, SourceError> {
    let mut opened = File::open(&file.path).map_err(|error| unreadable(&file.shown, &error))?;
    let mut magic = [0; MAGIC.len()];
    let is_file = opened.read_exact(&mut magic).is_ok() && magic == *MAGIC;
    opened.seek(SeekFrom::Start(0)).map_err(|error| unreadable(&file.shown, &error))?;
    let damaged = |error: ArrowError| SourceError::Damaged {
        file: file.shown.clone(),
        format: Format::Ipc,
        reason: error.to_string(),
    };
    let buffered = BufReader::new(opened);
    if is_file {
        FileReader::try_new(buffered, projection).map(Opened::File).map_err(damaged)
    } else {
        StreamReader::try_new(buffered, projection).map(Opened::Stream).map_err(damaged)
    }
}
