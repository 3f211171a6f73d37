//! 日志文件 What was taken and is not in the tables yet: framed, digested, on the disk before it is
//! answered.
//!
//! A frame is `TLR1`, the length of its body, the first half of its SHA-256, the body. What a crash
//! leaves at the end of the last file is no frame and is cut off; damage before whole frames is
//! refused, for then something is gone that was answered for.

use super::calendar::Quarter;
use super::error::ReadingError;
use super::rows::ReadingBatch;
use super::write::{Step, Watch};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a frame begins.
const MAGIC: &[u8; 4] = b"TLR1";
/// Bytes of the digest that are kept.
const DIGEST: usize = 16;
/// Bytes before the body.
const HEAD: usize = 4 + 4 + DIGEST;

/// 一帧 A batch as it waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Who brought it, and when.
    pub batch: ReadingBatch,
    /// Meters and their units.
    pub meters: Vec<(Arc<str>, Arc<str>)>,
    /// The place of the meter, the quarter, the value.
    pub rows: Vec<(u32, Quarter, f64)>,
}

/// 日志文件 The files of a folder, `00000001.journal` and so on; one process at a time.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    /// The number of the file that is written to.
    number: u64,
    file: Option<File>,
    length: u64,
    /// Why nothing more can be written until the next start.
    broken: bool,
    /// Held as long as the journal is open.
    _lock: File,
}

impl Journal {
    /// Opens the journal of a folder and reads what waits in it.
    ///
    /// # Errors
    /// Another process that has it open, files that cannot be read, damage before whole frames.
    pub fn open(folder: &Path) -> Result<(Self, Vec<Frame>), ReadingError> {
        let failed = |error: &dyn std::fmt::Display| ReadingError::file(folder, error);
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        let lock = File::create(folder.join("lock")).map_err(|error| failed(&error))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => failed(&"another process has the journal open"),
            TryLockError::Error(error) => failed(&error),
        })?;
        let numbers = files(folder)?;
        let mut frames = Vec::new();
        for number in &numbers {
            let is_last = Some(number) == numbers.last();
            read(&path(folder, *number), is_last, &mut frames)?;
        }
        let number = numbers.last().map_or(1, |last| last + 1);
        let folder = folder.to_owned();
        Ok((Self { folder, number, file: None, length: 0, broken: false, _lock: lock }, frames))
    }

    /// Appends a frame and sees it onto the disk.
    ///
    /// # Errors
    /// A disk that does not take it: then it is as if it had never been written.
    pub fn append(&mut self, frame: &Frame, watch: Watch<'_>) -> Result<(), ReadingError> {
        if self.broken {
            let path = path(&self.folder, self.number);
            return Err(ReadingError::file(&path, &"an earlier write could not be taken back"));
        }
        watch(Step::JournalBegins)?;
        let bytes = framed(frame)?;
        let path = path(&self.folder, self.number);
        let failed = |error: std::io::Error| ReadingError::file(&path, &error);
        if self.file.is_none() {
            let options = OpenOptions::new().create_new(true).read(true).write(true).open(&path);
            self.file = Some(options.map_err(failed)?);
            self.length = 0;
            synced(&self.folder)?;
        }
        let Some(file) = self.file.as_mut() else { return Ok(()) };
        let written = file
            .seek(SeekFrom::Start(self.length))
            .and_then(|_| file.write_all(&bytes))
            .map_err(failed)
            .and_then(|()| watch(Step::JournalWritten))
            .and_then(|()| file.sync_data().map_err(failed));
        if let Err(error) = written {
            // What was not answered for must not be found at the next start.
            let undone = file.set_len(self.length).and_then(|()| file.sync_data());
            self.broken = undone.is_err();
            return Err(error);
        }
        self.length += bytes.len() as u64;
        watch(Step::JournalKept)
    }

    /// Ends the present file: what comes goes into a new one. Returns its number.
    pub fn turn(&mut self) -> u64 {
        let ended = self.number;
        self.file = None;
        self.number += 1;
        ended
    }

    /// Removes the files up to a number: the tables have what they hold.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn forget(&mut self, until: u64, watch: Watch<'_>) -> Result<(), ReadingError> {
        for number in files(&self.folder)?.into_iter().filter(|number| *number <= until) {
            watch(Step::JournalDrops)?;
            let path = path(&self.folder, number);
            std::fs::remove_file(&path).map_err(|error| ReadingError::file(&path, &error))?;
            watch(Step::JournalDropped)?;
        }
        synced(&self.folder)
    }
}

fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:08}.journal"))
}

fn synced(folder: &Path) -> Result<(), ReadingError> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| ReadingError::file(folder, &error))
}

/// The numbers of the files, in their order.
fn files(folder: &Path) -> Result<Vec<u64>, ReadingError> {
    let entries = std::fs::read_dir(folder).map_err(|error| ReadingError::file(folder, &error))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let number = |name: String| name.strip_suffix(".journal")?.parse().ok();
    let mut numbers: Vec<u64> = names.filter_map(number).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Reads the frames of a file; of the last one a torn end is cut off.
fn read(path: &Path, is_last: bool, frames: &mut Vec<Frame>) -> Result<(), ReadingError> {
    let failed = |error: std::io::Error| ReadingError::file(path, &error);
    let bytes = std::fs::read(path).map_err(failed)?;
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let at = bytes.len() - rest.len();
        if let Some((frame, behind)) = whole(rest) {
            frames.push(frame);
            rest = behind;
            continue;
        }
        let behind = rest.get(1..).unwrap_or_default();
        let more = behind
            .windows(MAGIC.len())
            .enumerate()
            .any(|(from, sign)| sign == MAGIC && behind.get(from..).and_then(whole).is_some());
        if more || !is_last {
            let path = path.to_string_lossy().into_owned();
            return Err(ReadingError::Journal { path, at: at as u64 });
        }
        let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
        return file.set_len(at as u64).and_then(|()| file.sync_all()).map_err(failed);
    }
    Ok(())
}

/// A whole frame at the beginning of bytes, and what is behind it.
fn whole(bytes: &[u8]) -> Option<(Frame, &[u8])> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let (magic, head) = head.split_at_checked(4)?;
    let (length, digest) = head.split_at_checked(4)?;
    let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
    let (body, behind) = rest.split_at_checked(length)?;
    let is_whole = magic == MAGIC && Sha256::digest(body).get(..DIGEST) == Some(digest);
    let mut reader = Reader(body);
    let frame = is_whole.then(|| reader.frame()).flatten()?;
    reader.0.is_empty().then_some((frame, behind))
}

/// A frame as bytes.
fn framed(frame: &Frame) -> Result<Vec<u8>, ReadingError> {
    let mut body = Vec::with_capacity(64 + frame.meters.len() * 16 + frame.rows.len() * 20);
    body.extend_from_slice(&frame.batch.number.to_le_bytes());
    body.extend_from_slice(&frame.batch.at.to_le_bytes());
    let text = |body: &mut Vec<u8>, text: &str| {
        body.extend_from_slice(&(text.len() as u64).to_le_bytes());
        body.extend_from_slice(text.as_bytes());
    };
    text(&mut body, &frame.batch.name);
    text(&mut body, &frame.batch.by);
    body.extend_from_slice(&(frame.meters.len() as u64).to_le_bytes());
    for (meter, unit) in &frame.meters {
        text(&mut body, meter);
        text(&mut body, unit);
    }
    body.extend_from_slice(&(frame.rows.len() as u64).to_le_bytes());
    for (meter, quarter, value) in &frame.rows {
        body.extend_from_slice(&meter.to_le_bytes());
        body.extend_from_slice(&quarter.0.to_le_bytes());
        body.extend_from_slice(&value.to_le_bytes());
    }
    let length = u32::try_from(body.len())
        .map_err(|_| ReadingError::Failed("a batch of more than 4 GiB".to_owned()))?;
    let mut bytes = Vec::with_capacity(HEAD + body.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend(Sha256::digest(&body).iter().take(DIGEST));
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

/// 读取 The body of a frame, read from its beginning.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(u64::from_le_bytes(self.bytes()?)).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    fn frame(&mut self) -> Option<Frame> {
        let number = i64::from_le_bytes(self.bytes()?);
        let at = i64::from_le_bytes(self.bytes()?);
        let (name, by) = (self.text()?, self.text()?);
        let count = u64::from_le_bytes(self.bytes()?);
        let mut meters = Vec::new();
        for _ in 0..count {
            meters.push((Arc::from(self.text()?), Arc::from(self.text()?)));
        }
        let count = u64::from_le_bytes(self.bytes()?);
        let mut rows = Vec::new();
        for _ in 0..count {
            let meter = u32::from_le_bytes(self.bytes()?);
            let quarter = Quarter(i64::from_le_bytes(self.bytes()?));
            rows.push((meter, quarter, f64::from_le_bytes(self.bytes()?)));
        }
        Some(Frame { batch: ReadingBatch { number, name, by, at }, meters, rows })
    }
}
