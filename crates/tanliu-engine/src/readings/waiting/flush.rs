//! 入表 What waits goes into the tables, layer by layer; then its journal is forgotten.

use super::{Intake, held};
use crate::readings::error::ReadingError;
use crate::readings::load::{LoadOptions, Loaded};
use crate::readings::rows::ReadingBatch;
use crate::readings::write::Watch;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// 装载 Files to be loaded, and who brings them.
#[derive(Debug, Clone)]
pub struct FilesArriving {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// The unit of their values.
    pub unit: String,
    /// The columns of meters, of the quarters' beginnings and of values, if they are named
    /// otherwise than the table's.
    pub columns: [Option<String>; 3],
    /// What the batch is called.
    pub name: String,
    /// Who brings it.
    pub by: String,
    /// When, in milliseconds since 1970 (UTC).
    pub at: i64,
}

impl Intake {
    /// Puts everything that waits into the tables. Returns how many versions were made.
    ///
    /// Batches may be taken meanwhile; they wait for the next time. After an error everything that
    /// is not in the tables waits as before.
    ///
    /// # Errors
    /// A table or a journal that cannot be written.
    pub fn flush(&self, watch: Watch<'_>) -> Result<u64, ReadingError> {
        let _flushing = held(&self.flushing);
        let (ended, layers) = {
            let mut desk = held(&self.taking);
            let mut waiting = held(&self.waiting);
            waiting.close();
            (desk.journal.turn(), waiting.closed())
        };
        let mut versions = 0;
        for layer in layers {
            let units = held(&self.waiting).by_unit(&layer);
            for (unit, (rows, batches)) in units {
                let table = self.table(&unit)?;
                let before = table.version()?;
                let taken = table.take(&rows, &batches, watch)?;
                versions += u64::from(taken.version > before);
            }
            // A batch that is being compared with what is known must find it in one place or the
            // other: nothing goes while one is at the desk.
            let _desk = held(&self.taking);
            held(&self.waiting).forget_first();
        }
        held(&self.taking).journal.forget(ended, watch)?;
        Ok(versions)
    }

    /// Loads files as one batch and one version. What waits goes into the tables first; batches
    /// that come meanwhile have to come again.
    ///
    /// # Errors
    /// Files that cannot be read, rows that are no readings; another load that is under way.
    pub fn add_files(
        &self,
        files: &FilesArriving,
        watch: Watch<'_>,
    ) -> Result<Loaded, ReadingError> {
        if self.loading.swap(true, Ordering::SeqCst) {
            return Err(ReadingError::Failed("other files are being loaded".to_owned()));
        }
        let loaded = self.load(files, watch);
        self.loading.store(false, Ordering::SeqCst);
        loaded
    }

    fn load(&self, files: &FilesArriving, watch: Watch<'_>) -> Result<Loaded, ReadingError> {
        // A batch may have been on its way when the flag was set: it is in before the desk opens.
        drop(held(&self.taking));
        self.flush(watch)?;
        let batch = {
            let mut desk = held(&self.taking);
            let number = desk.next;
            desk.next += 1;
            desk.last_at = desk.last_at.max(files.at);
            let (name, by) = (files.name.clone(), files.by.clone());
            ReadingBatch { number, name, by, at: desk.last_at }
        };
        let [meter, instant, value] = files.columns.clone();
        let options = LoadOptions { meter, instant, value, batch, held_bytes: None };
        self.table(&files.unit)?.add_files(&files.paths, &options, watch)
    }
}
