//! 消息 The heads of an Arrow file's messages: how many rows there are, and that every part lies
//! within the file. The reader would make room for whatever length damaged bytes happen to mean.

use super::super::files::unreadable;
use super::super::{FileEntry, Format, SourceError};
use super::MAGIC;
use arrow::ipc::reader::read_footer_length;
use arrow::ipc::{Block, MessageHeader, root_as_footer, root_as_message};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

/// How each message begins.
const CONTINUATION: [u8; 4] = [0xff; 4];
/// Length of the footer, and the magic behind it.
const TRAILER_BYTES: u64 = 10;

/// The rows of a file whose parts all lie within it.
pub(super) fn count_rows(file: &FileEntry) -> Result<u64, SourceError> {
    let opened = File::open(&file.path).map_err(|error| unreadable(&file.shown, &error))?;
    let mut walk = Walk { reader: BufReader::new(opened), file };
    let mut magic = [0; MAGIC.len()];
    let is_file = walk.reader.read_exact(&mut magic).is_ok() && magic == *MAGIC;
    if is_file { walk.blocks() } else { walk.stream() }
}

struct Walk<'a> {
    reader: BufReader<File>,
    file: &'a FileEntry,
}

impl Walk<'_> {
    /// A file of the file kind: its footer lists where its batches lie.
    fn blocks(&mut self) -> Result<u64, SourceError> {
        let end = self.file.bytes.checked_sub(TRAILER_BYTES);
        let end = end.ok_or_else(|| self.damaged("it ends too early"))?;
        let mut trailer = [0; 10];
        self.read_at(end, &mut trailer)?;
        let length = read_footer_length(trailer).map_err(|error| self.damaged(&error))?;
        let start = end.checked_sub(length as u64);
        let start = start.ok_or_else(|| self.damaged("its footer lies outside of it"))?;
        let mut bytes = vec![0; length];
        self.read_at(start, &mut bytes)?;
        let footer = root_as_footer(&bytes).map_err(|error| self.damaged(&error))?;
        for block in footer.dictionaries().iter().flatten() {
            self.head(block)?;
        }
        let mut rows = 0;
        for block in footer.recordBatches().iter().flatten() {
            let bytes = self.head(block)?;
            rows += self.rows(&bytes)?.0;
        }
        Ok(rows)
    }

    /// The head of a block, once it is known to lie within the file.
    fn head(&mut self, block: &Block) -> Result<Vec<u8>, SourceError> {
        let outside = || self.damaged("a batch lies outside of it");
        let start = u64::try_from(block.offset()).map_err(|_| outside())?;
        let head = u64::try_from(block.metaDataLength()).map_err(|_| outside())?;
        let body = u64::try_from(block.bodyLength()).map_err(|_| outside())?;
        let end = start.checked_add(head).and_then(|end| end.checked_add(body));
        if end.is_none_or(|end| end > self.file.bytes) {
            return Err(outside());
        }
        let mut bytes = vec![0; usize::try_from(head).map_err(|_| outside())?];
        self.read_at(start, &mut bytes)?;
        let prefix = if bytes.starts_with(&CONTINUATION) { 8 } else { 4 };
        Ok(bytes.get(prefix..).unwrap_or_default().to_vec())
    }

    /// A file of the stream kind: one message behind the other.
    fn stream(&mut self) -> Result<u64, SourceError> {
        let (mut rows, mut position) = (0, 0);
        while position < self.file.bytes {
            let mut start = [0; 4];
            self.read_at(position, &mut start)?;
            position += 4;
            if start == CONTINUATION {
                self.read_at(position, &mut start)?;
                position += 4;
            }
            let length = u64::from(u32::from_le_bytes(start));
            if length == 0 {
                break;
            }
            if length > self.file.bytes.saturating_sub(position) {
                return Err(self.damaged("it begins like no Arrow file, or ends too early"));
            }
            let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
            self.read_at(position, &mut bytes)?;
            let (own, body) = self.rows(&bytes)?;
            rows += own;
            let end = position.checked_add(length).and_then(|end| end.checked_add(body));
            position = end
                .filter(|end| *end <= self.file.bytes)
                .ok_or_else(|| self.damaged("a batch lies outside of it"))?;
        }
        Ok(rows)
    }

    /// The rows of a message, and the bytes of its body.
    fn rows(&self, head: &[u8]) -> Result<(u64, u64), SourceError> {
        let message = root_as_message(head).map_err(|error| self.damaged(&error))?;
        let body = u64::try_from(message.bodyLength())
            .map_err(|_| self.damaged("a batch lies outside of it"))?;
        let rows = match message.header_type() {
            MessageHeader::RecordBatch => {
                message.header_as_record_batch().map_or(0, |batch| batch.length())
            }
            _ => 0,
        };
        let rows =
            u64::try_from(rows).map_err(|_| self.damaged("a batch has a negative length"))?;
        Ok((rows, body))
    }

    fn read_at(&mut self, position: u64, bytes: &mut [u8]) -> Result<(), SourceError> {
        let read = self.reader.seek(SeekFrom::Start(position));
        read.and_then(|_| self.reader.read_exact(bytes)).map_err(|error| self.damaged(&error))
    }

    fn damaged(&self, reason: impl std::fmt::Display) -> SourceError {
        SourceError::Damaged {
            file: self.file.shown.clone(),
            format: Format::Ipc,
            reason: reason.to_string(),
        }
    }
}
