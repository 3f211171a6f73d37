//! 分拣 Rows sorted out by slices, on disk: for tables of which the rows of a key lie all over the
//! files. Each row is written and read once more; memory holds some thousand rows of each slice.

use crate::EngineError;
use crate::atom::{Atom, Texts};
use crate::batch::{Cells, InputColumn, KeyColumn, RowBatch};
use crate::feed::{Feed, Rows};
use crate::pass::Watch;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, RecordBatch};
use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::{Float64Type, Int64Type};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// So many rows of all slices are held before they are written.
const HELD_ROWS: usize = 1 << 20;

/// 分拣 The rows of a table by slices.
pub(super) struct Spool {
    /// Removed with what lies in it.
    _folder: TempDir,
    /// The files of each slice, in the order of the rows.
    files: Vec<Option<PathBuf>>,
    texts: Texts,
    /// Whether a key column holds numbers of texts.
    is_text: Vec<bool>,
}

/// 一片 The rows of one slice.
pub(super) struct SpooledSlice<'s> {
    spool: &'s Spool,
    file: Option<&'s PathBuf>,
}

impl Spool {
    /// Sorts out all rows of a feed by the keys at a place.
    pub(super) fn new(
        feed: &dyn Feed,
        (place, plan): (usize, &[BTreeSet<Atom>]),
        folder: &Path,
        watch: &dyn Watch,
    ) -> Result<Self, EngineError> {
        let owner: HashMap<&Atom, usize> = (plan.iter().enumerate())
            .flat_map(|(number, keys)| keys.iter().map(move |key| (key, number)))
            .collect();
        let folder = TempDir::new_in(folder).map_err(|error| EngineError::spill(folder, &error))?;
        let mut sorting = Sorting::new(folder.path(), plan.len());
        let mut texts = Texts::default();
        let mut known: HashMap<i64, usize> = HashMap::new();
        let mut is_text = Vec::new();
        for part in 0..feed.parts() {
            let mut stream = feed.open(part)?;
            while let Some(batch) = stream.next(&mut texts)? {
                is_text = batch.keys.iter().map(|k| matches!(k, KeyColumn::Text(_))).collect();
                let Some(column) = batch.keys.get(place) else { continue };
                let mut at = 0;
                while at < batch.rows {
                    let end = column.run_end(at, batch.rows).max(at + 1);
                    let number = *known.entry(column.code(at)).or_insert_with(|| {
                        owner.get(&column.atom(at, &texts)).copied().unwrap_or(usize::MAX)
                    });
                    sorting.take(number, &batch, at..end);
                    at = end;
                }
                sorting.relieve(HELD_ROWS)?;
                if !watch.rows(0) {
                    return Err(EngineError::Stopped);
                }
            }
        }
        sorting.relieve(0)?;
        let files = sorting.finish()?;
        Ok(Self { _folder: folder, files, texts, is_text })
    }

    /// One slice.
    pub(super) fn slice(&self, number: usize) -> SpooledSlice<'_> {
        SpooledSlice { spool: self, file: self.files.get(number).and_then(Option::as_ref) }
    }

    /// The texts that its rows name by number.
    pub(super) fn texts(&self) -> Texts {
        self.texts.clone()
    }
}

/// 待写 The rows of one slice that are still to be written.
#[derive(Default)]
struct Held {
    rows: usize,
    keys: Vec<Vec<i64>>,
    inputs: Vec<HeldCells>,
}

/// 待写值 The cells of one input; which of them are there.
#[derive(Default)]
struct HeldCells {
    numbers: Vec<f64>,
    bools: Vec<bool>,
    codes: Vec<i64>,
    there: Vec<bool>,
}

/// 分拣中 All slices while rows come in.
struct Sorting {
    folder: PathBuf,
    held: Vec<Held>,
    rows: usize,
    files: Vec<Option<(PathBuf, StreamWriter<BufWriter<File>>)>>,
}

impl Sorting {
    fn new(folder: &Path, slices: usize) -> Self {
        Self {
            folder: folder.to_owned(),
            held: (0..slices).map(|_| Held::default()).collect(),
            rows: 0,
            files: (0..slices).map(|_| None).collect(),
        }
    }

    fn take(&mut self, number: usize, batch: &RowBatch, rows: std::ops::Range<usize>) {
        let Some(held) = self.held.get_mut(number) else { return };
        held.rows += rows.len();
        self.rows += rows.len();
        held.keys.resize_with(batch.keys.len(), Vec::new);
        held.inputs.resize_with(batch.inputs.len(), HeldCells::default);
        for (keys, held) in batch.keys.iter().zip(&mut held.keys) {
            held.extend(rows.clone().map(|row| keys.code(row)));
        }
        for (input, held) in batch.inputs.iter().zip(&mut held.inputs) {
            held.there.extend(rows.clone().map(|row| input.has(row)));
            match &input.values {
                Cells::Number(list) => {
                    held.numbers.extend(list.get(rows.clone()).unwrap_or_default());
                }
                Cells::Bool(list) => held.bools.extend(list.get(rows.clone()).unwrap_or_default()),
                Cells::Code(list) => held.codes.extend(list.get(rows.clone()).unwrap_or_default()),
                Cells::Text(list) => {
                    let own = list.get(rows.clone()).unwrap_or_default();
                    held.codes.extend(own.iter().map(|code| i64::from(*code)));
                }
            }
        }
    }

    /// Writes what is held where it is more than so many rows.
    fn relieve(&mut self, most: usize) -> Result<(), EngineError> {
        if self.rows <= most {
            return Ok(());
        }
        self.rows = 0;
        for (number, (held, file)) in self.held.iter_mut().zip(&mut self.files).enumerate() {
            let Some(batch) = std::mem::take(held).batch()? else { continue };
            let path = self.folder.join(format!("{number}.arrow"));
            let folder = &self.folder;
            if file.is_none() {
                let created =
                    File::create(&path).map_err(|error| EngineError::spill(folder, &error))?;
                let writer = StreamWriter::try_new(BufWriter::new(created), &batch.schema());
                *file = Some((path, writer.map_err(|error| broken(folder, error))?));
            }
            if let Some((_, writer)) = file {
                writer.write(&batch).map_err(|error| broken(folder, error))?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<Option<PathBuf>>, EngineError> {
        let folder = &self.folder;
        let end = |file: Option<(PathBuf, StreamWriter<BufWriter<File>>)>| match file {
            None => Ok(None),
            Some((path, mut writer)) => {
                writer.finish().map_err(|error| broken(folder, error))?;
                Ok(Some(path))
            }
        };
        self.files.into_iter().map(end).collect()
    }
}

impl Held {
    fn batch(self) -> Result<Option<RecordBatch>, EngineError> {
        if self.rows == 0 {
            return Ok(None);
        }
        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        for (number, keys) in self.keys.into_iter().enumerate() {
            columns.push((format!("key {number}"), Arc::new(Int64Array::from(keys))));
        }
        for (number, cells) in self.inputs.into_iter().enumerate() {
            let nulls = Some(NullBuffer::from(cells.there));
            let array: ArrayRef = if !cells.numbers.is_empty() {
                Arc::new(Float64Array::new(cells.numbers.into(), nulls))
            } else if !cells.bools.is_empty() {
                Arc::new(BooleanArray::new(BooleanBuffer::from(cells.bools), nulls))
            } else {
                Arc::new(Int64Array::new(cells.codes.into(), nulls))
            };
            columns.push((format!("input {number}"), array));
        }
        let columns = columns.into_iter().map(|(name, array)| (name, array, true));
        RecordBatch::try_from_iter_with_nullable(columns)
            .map(Some)
            .map_err(|error| EngineError::internal(&error.to_string()))
    }
}

impl Feed for SpooledSlice<'_> {
    fn parts(&self) -> usize {
        usize::from(self.file.is_some())
    }

    fn open(&self, _: usize) -> Result<Box<dyn Rows + '_>, EngineError> {
        let path = self.file.ok_or_else(|| EngineError::internal("a slice without rows"))?;
        let file = File::open(path).map_err(|error| EngineError::spill(path, &error))?;
        let reader = StreamReader::try_new(BufReader::new(file), None);
        let reader = reader.map_err(|error| broken(path, error))?;
        Ok(Box::new(SpooledRows { is_text: &self.spool.is_text, reader, path }))
    }
}

/// 读回 The rows of a slice, as they are read back.
struct SpooledRows<'s> {
    is_text: &'s [bool],
    reader: StreamReader<BufReader<File>>,
    path: &'s Path,
}

impl Rows for SpooledRows<'_> {
    fn next(&mut self, _: &mut Texts) -> Result<Option<RowBatch>, EngineError> {
        let Some(batch) = self.reader.next() else { return Ok(None) };
        let batch = batch.map_err(|error| broken(self.path, error))?;
        let places = self.is_text.len();
        let keys = (self.is_text.iter().zip(batch.columns()))
            .map(|(is_text, array)| {
                let raw: ScalarBuffer<i64> = array.as_primitive::<Int64Type>().values().clone();
                match is_text {
                    true => KeyColumn::Text(
                        raw.iter().map(|code| u32::try_from(*code).unwrap_or(u32::MAX)).collect(),
                    ),
                    false => KeyColumn::Number { raw, per: 1, offset: 0 },
                }
            })
            .collect();
        let inputs = batch.columns().iter().skip(places).map(input).collect();
        Ok(Some(RowBatch { rows: batch.num_rows(), keys, inputs, made: Vec::new() }))
    }
}

/// Inputs of wide tables are numbers, or true or false.
fn input(array: &ArrayRef) -> InputColumn {
    let nulls = array.nulls().cloned();
    let values = match array.data_type() {
        arrow::datatypes::DataType::Float64 => {
            Cells::Number(array.as_primitive::<Float64Type>().values().clone())
        }
        arrow::datatypes::DataType::Boolean => {
            Cells::Bool(array.as_boolean().values().iter().collect())
        }
        _ => Cells::Code(array.as_primitive::<Int64Type>().values().clone()),
    };
    InputColumn { values, nulls }
}

fn broken(folder: &Path, error: ArrowError) -> EngineError {
    match error {
        ArrowError::IoError(_, error) => EngineError::spill(folder, &error),
        other => {
            let folder = folder.to_string_lossy().into_owned();
            EngineError::Spill { folder, why: other.to_string(), full: false }
        }
    }
}
