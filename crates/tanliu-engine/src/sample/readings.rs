//! 读数文件 The readings as Parquet, a hundred plants to a file, files side by side on all cores.

use super::{PLANTS_PER_FILE, Plants, SampleError, Span, Written};
use arrow::array::{ArrayRef, DictionaryArray, Float64Array, Int32Array, StringArray};
use arrow::array::{RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use tanliu_load::{Day, Profile, QUARTERS_PER_DAY};
use tanliu_unit::time::TimeKey;

/// Between two readings.
const MICROSECONDS_PER_QUARTER: i64 = 15 * 60 * 1_000_000;
/// What Parquet counts days from.
const EPOCH: &str = "1970-01-01";

/// What all files of a district have in common.
struct Frame<'a> {
    plants: &'a dyn Plants,
    days: Vec<Day>,
    /// Stamps the beginning of each quarter of an hour.
    instants: Vec<i64>,
    /// The same as a column, for plants of which every reading came.
    every_instant: ArrayRef,
    schema: Arc<Schema>,
}

/// Writes every file and tells how many are done.
pub(super) fn write(
    folder: &Path,
    plants: &dyn Plants,
    span: Span,
    told: &mut dyn FnMut(u32),
) -> Result<Written, SampleError> {
    let frame = Frame::new(plants, span);
    let files = super::files(plants.count());
    let workers = thread::available_parallelism().map_or(1, usize::from).min(files as usize);
    let (next, stop) = (AtomicU32::new(0), AtomicBool::new(false));
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, frame, next, stop) = (sender.clone(), &frame, &next, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let file = next.fetch_add(1, Ordering::Relaxed);
                    // A receiver that has gone has seen an error: there is no more to do.
                    if file >= files || sender.send(frame.write_file(folder, file)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut all = Written { rows: 0, files: 0, bytes: 0 };
        for outcome in receiver {
            let (rows, bytes) = outcome.inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
            all.rows += rows;
            all.bytes += bytes;
            all.files += 1;
            told(all.files);
        }
        Ok(all)
    })
}

impl<'a> Frame<'a> {
    fn new(plants: &'a dyn Plants, span: Span) -> Self {
        let first = span.from;
        let days = (0..i64::from(span.days)).map(|day| Day::new(first.step(day))).collect();
        let epoch = TimeKey::parse(EPOCH).map_or(0, |key| key.ordinal);
        let quarters = i64::from(QUARTERS_PER_DAY);
        let begin = (first.ordinal - epoch) * quarters;
        let count = i64::from(span.days) * quarters;
        let instants: Vec<i64> =
            (begin..begin + count).map(|quarter| quarter * MICROSECONDS_PER_QUARTER).collect();
        let name = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let instant = DataType::Timestamp(TimeUnit::Microsecond, None);
        // Nullable, although nothing is missing: so do most tools write their files.
        let schema = Schema::new(vec![
            Field::new("plant", name, true),
            Field::new("instant", instant, true),
            Field::new("power (kWh)", DataType::Float64, true),
        ]);
        Self {
            plants,
            days,
            every_instant: Arc::new(TimestampMicrosecondArray::from(instants.clone())),
            instants,
            schema: Arc::new(schema),
        }
    }

    /// Writes the file of a number; returns its rows and bytes.
    fn write_file(&self, folder: &Path, file: u32) -> Result<(u64, u64), SampleError> {
        let path = folder.join(format!("part-{file:04}.parquet"));
        self.try_write_file(&path, file)
            .map_err(|source| SampleError::Write { path: path.display().to_string(), source })
    }

    fn try_write_file(&self, path: &Path, file: u32) -> Result<(u64, u64), std::io::Error> {
        let first = file * PLANTS_PER_FILE;
        let last = self.plants.count().min(first + PLANTS_PER_FILE);
        let plants: Vec<Profile> =
            (first..last).filter_map(|number| self.plants.plant(number)).collect();
        let names: ArrayRef =
            Arc::new(StringArray::from_iter_values(plants.iter().map(|plant| &plant.name)));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        let handle = File::create_new(path)?;
        let mut writer = ArrowWriter::try_new(handle, Arc::clone(&self.schema), Some(properties))?;
        let mut rows = 0;
        for (key, plant) in (0_i32..).zip(&plants) {
            let (instants, readings) = self.read(plant);
            rows += u64::try_from(readings.len()).unwrap_or(u64::MAX);
            let keys = Int32Array::from_value(key, readings.len());
            let named = DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(&names))
                .map_err(std::io::Error::other)?;
            let columns: Vec<ArrayRef> =
                vec![Arc::new(named), instants, Arc::new(Float64Array::from(readings))];
            let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
                .map_err(std::io::Error::other)?;
            writer.write(&batch)?;
        }
        writer.finish()?;
        Ok((rows, u64::try_from(writer.bytes_written()).unwrap_or(u64::MAX)))
    }

    /// The readings of a plant that came, with their instants.
    fn read(&self, plant: &Profile) -> (ArrayRef, Vec<f64>) {
        let mut readings = Vec::with_capacity(self.instants.len());
        for day in &self.days {
            plant.read_day(day, &mut readings);
        }
        let came: Vec<f64> = readings.iter().copied().flatten().collect();
        if came.len() == readings.len() {
            return (Arc::clone(&self.every_instant), came);
        }
        let instants = self.instants.iter().zip(&readings);
        let instants: Vec<i64> =
            instants.filter_map(|(instant, reading)| reading.map(|_| *instant)).collect();
        (Arc::new(TimestampMicrosecondArray::from(instants)), came)
    }
}
