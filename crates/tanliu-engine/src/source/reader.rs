//! 直接读取 Bytes of the files that were opened, straight from the system.
//!
//! DataFusion asks for footers and pages through this: footers are those read at opening, so that
//! nothing is read twice and nothing can change in between unseen.

use super::{FileEntry, SourceError};
use bytes::Bytes;
use datafusion_common::DataFusionError;
use datafusion_datasource::PartitionedFile;
use datafusion_datasource_parquet::ParquetFileReaderFactory;
use datafusion_physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::FutureExt;
use futures::future::BoxFuture;
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ParquetMetaData;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

/// Ranges with a smaller gap between them are read in one go.
const GAP_BYTES: u64 = 64 * 1024;

/// 已打开的文件 Which file of a table a piece of a scan belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileNumber(pub(super) usize);

/// Readers for the files of one table.
#[derive(Debug)]
pub(super) struct OpenedFiles {
    /// Files and their footers.
    pub(super) files: Vec<(FileEntry, Arc<ParquetMetaData>)>,
}

impl ParquetFileReaderFactory for OpenedFiles {
    fn create_reader(
        &self,
        _partition: usize,
        piece: PartitionedFile,
        _metadata_size_hint: Option<usize>,
        _metrics: &ExecutionPlanMetricsSet,
    ) -> datafusion_common::Result<Box<dyn AsyncFileReader + Send>> {
        let number = piece.extensions.get::<FileNumber>();
        let found = number.and_then(|number| self.files.get(number.0));
        let Some((entry, metadata)) = found else {
            return Err(DataFusionError::Internal("a file that was not opened".to_owned()));
        };
        let external = |error: SourceError| DataFusionError::External(Box::new(error));
        let file = File::open(&entry.path)
            .map_err(|error| external(super::files::unreadable(&entry.shown, &error)))?;
        entry.check_unchanged().map_err(external)?;
        Ok(Box::new(Reader { file, shown: entry.shown.clone(), metadata: Arc::clone(metadata) }))
    }
}

/// One file. Reading blocks: the bytes are on this machine, and a thread that waits for another
/// thread to read them waits longer.
struct Reader {
    file: File,
    shown: String,
    metadata: Arc<ParquetMetaData>,
}

impl Reader {
    fn read(&mut self, range: &Range<u64>) -> Result<Bytes> {
        let failed = |shown: &str, error: &dyn std::fmt::Display| {
            ParquetError::General(format!("{shown}: {error}"))
        };
        let length = usize::try_from(range.end.saturating_sub(range.start))
            .map_err(|error| failed(&self.shown, &error))?;
        let mut bytes = vec![0; length];
        self.file
            .seek(SeekFrom::Start(range.start))
            .and_then(|_| self.file.read_exact(&mut bytes))
            .map_err(|error| failed(&self.shown, &error))?;
        Ok(Bytes::from(bytes))
    }

    /// Reads ranges that lie close together in one go.
    fn read_all(&mut self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let mut found = Vec::with_capacity(ranges.len());
        let mut rest = ranges;
        while let Some(first) = rest.first() {
            let mut end = first.end;
            let mut count = 1;
            for range in rest.iter().skip(1) {
                if range.start < end || range.start - end > GAP_BYTES {
                    break;
                }
                end = range.end;
                count += 1;
            }
            let (run, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let whole = self.read(&(first.start..end))?;
            for range in run {
                let from = usize::try_from(range.start - first.start).unwrap_or(usize::MAX);
                let to = usize::try_from(range.end - first.start).unwrap_or(usize::MAX);
                if from > to || to > whole.len() {
                    return Err(ParquetError::EOF(self.shown.clone()));
                }
                found.push(whole.slice(from..to));
            }
            rest = behind;
        }
        Ok(found)
    }
}

impl AsyncFileReader for Reader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes>> {
        std::future::ready(self.read(&range)).boxed()
    }

    fn get_byte_ranges(&mut self, ranges: Vec<Range<u64>>) -> BoxFuture<'_, Result<Vec<Bytes>>> {
        std::future::ready(self.read_all(&ranges)).boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        _options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Result<Arc<ParquetMetaData>>> {
        std::future::ready(Ok(Arc::clone(&self.metadata))).boxed()
    }
}
