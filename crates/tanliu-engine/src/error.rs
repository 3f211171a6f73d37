//! 引擎错误 Why a run came to no end.

use crate::source::{SourceError, WideColumn, WideTable};
use tanliu_diagnostic::{Diagnostic, Place};

/// 引擎错误
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EngineError {
    /// A table's files.
    #[error(transparent)]
    Source(Box<SourceError>),
    /// What is wrong with data or with what is asked of them.
    #[error("{} findings about the data", .0.len())]
    Findings(Vec<Diagnostic>),
    /// Some cell is no key or no value: the scan looks which.
    #[error("a bad cell")]
    BadCells,
    /// It was asked to stop.
    #[error("the run was stopped")]
    Stopped,
    /// The groups of a reduction do not fit into the memory that was allowed.
    #[error("a reduction holds more than {most} bytes; reductions cannot spill")]
    Memory {
        /// What was allowed, in bytes.
        most: u64,
    },
    /// Bytes that are no work order, or an order that does not fit what is there.
    #[error("{en}")]
    Order {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

impl EngineError {
    pub(crate) fn source(error: SourceError) -> Self {
        Self::Source(Box::new(error))
    }

    /// A column whose type cannot hold what is wanted.
    pub(crate) fn key_type(table: &WideTable, column: &WideColumn, (zh, en): (&str, &str)) -> Self {
        let found = column.data_type.to_string();
        Self::Findings(vec![
            Diagnostic::error(
                "wide-column-type",
                format!("{} 的列 `{}` 是 {found}，应为{zh}", table.shown, column.header),
                format!(
                    "column `{}` of {} is {found}, it must be {en}",
                    column.header, table.shown
                ),
            )
            .at(Place::File(table.shown.clone()), "", "")
            .hint("按该类型重写这一列", "write the column anew with that type"),
        ])
    }

    /// What is told to people.
    pub fn findings(&self) -> Vec<Diagnostic> {
        match self {
            Self::Source(error) => vec![error.diagnostic()],
            Self::Findings(list) => list.clone(),
            Self::Memory { most } => vec![
                Diagnostic::error(
                    "engine-memory",
                    format!("归约的各组放不进所给的内存（{most} 字节）；归约不能溢写到磁盘"),
                    format!("a reduction's groups do not fit into the memory given ({most} bytes); reductions cannot spill"),
                )
                .hint("加大 --memory，或归到较少的组", "give more --memory, or reduce to fewer groups"),
            ],
            Self::Stopped => vec![Diagnostic::error("engine-stopped", "已中止，没有写任何东西", "stopped, nothing was written")],
            Self::Order { zh, en } => vec![
                Diagnostic::error("engine-internal", zh.clone(), en.clone())
                    .hint("重新下发这份工单", "send the order anew"),
            ],
            Self::BadCells | Self::Internal(_) => vec![Diagnostic::error(
                "engine-internal",
                format!("引擎内部错误：{self}"),
                format!("internal error of the engine: {self}"),
            )],
        }
    }

    pub(crate) fn order(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Order { zh: zh.into(), en: en.into() }
    }

    pub(crate) fn internal(what: &str) -> Self {
        Self::Internal(what.to_owned())
    }
}
