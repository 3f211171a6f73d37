//! 运行时 The library waits asynchronously, its callers do not.

use super::DeltaError;
use std::future::Future;
use tokio::runtime::{Builder, Runtime};

/// A runtime of our own.
pub(crate) fn runtime(table: &str) -> Result<Runtime, DeltaError> {
    let built = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    built.map_err(|error| DeltaError::failed(table, error))
}

/// Runs work on a thread of its own, so that a caller inside a runtime may call too.
pub(crate) fn on_own_thread<T: Send>(
    table: &str,
    work: impl FnOnce() -> Result<T, DeltaError> + Send,
) -> Result<T, DeltaError> {
    std::thread::scope(|scope| {
        let thread = scope.spawn(work);
        thread.join().unwrap_or_else(|_| Err(DeltaError::failed(table, "the library gave up")))
    })
}

/// Runs a future to its end.
pub(super) fn wait<T: Send>(
    table: &str,
    future: impl Future<Output = Result<T, DeltaError>> + Send,
) -> Result<T, DeltaError> {
    on_own_thread(table, || runtime(table)?.block_on(future))
}
