//! 引擎错误 Why a run came to no end.

/// 引擎错误
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// It was asked to stop.
    #[error("the run was stopped")]
    Stopped,
    /// The groups of a reduction do not fit into the memory that was allowed.
    #[error("a reduction holds more than {most} bytes; reductions cannot spill")]
    Memory {
        /// What was allowed, in bytes.
        most: u64,
    },
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

impl EngineError {
    pub(crate) fn internal(what: &str) -> Self {
        Self::Internal(what.to_owned())
    }
}
