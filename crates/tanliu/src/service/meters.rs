//! 表计册 Which meters are known, and in which unit each reads: asked for every reading, so kept in
//! memory and read again from time to time.

use super::readings::MeterUnits;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use tanliu_platform::port::{DirectoryStore, StoreError};

/// 表计册 Meters by id, with their units.
#[derive(Debug, Clone, Default)]
pub(crate) struct MeterBook(Arc<RwLock<BTreeMap<String, String>>>);

impl MeterBook {
    /// Reads all meters of a store.
    pub(crate) async fn reload(&self, store: &dyn DirectoryStore) -> Result<(), StoreError> {
        let meters = store.all_meters().await?;
        let known = meters.into_iter().map(|meter| (meter.id, meter.unit)).collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// What the keeper of readings asks.
    pub(crate) fn units(&self) -> MeterUnits {
        let book = Arc::clone(&self.0);
        Arc::new(move |meter| {
            book.read().unwrap_or_else(PoisonError::into_inner).get(meter).cloned()
        })
    }
}
