//! 引擎错误 Why a run came to no end.

use crate::source::{SourceError, WideColumn, WideTable};
use std::path::Path;
use tanliu_diagnostic::{Diagnostic, Place};
use tanliu_method::program::{NodeId, Program};

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
    /// The values of one group of a reduction do not fit into the memory that was allowed.
    #[error("one group's values take more than {most} bytes")]
    Memory {
        /// What was allowed, in bytes.
        most: u64,
        /// The reduction, by its node, where that is known.
        reduction: Option<NodeId>,
    },
    /// What did not fit into memory could not be written to disk, or read back.
    #[error("temporary files in {folder}: {why}")]
    Spill {
        /// The folder of the temporary files.
        folder: String,
        /// What the system says.
        why: String,
        /// There is no space left.
        full: bool,
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
    /// A folder for what does not fit into memory that does not take it, or does not give it back.
    pub(crate) fn spill(folder: &Path, error: &std::io::Error) -> Self {
        let full = matches!(
            error.kind(),
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
        );
        let folder = folder.to_string_lossy().into_owned();
        // Without the name that the library made up.
        let why = std::io::Error::from(error.kind()).to_string();
        Self::Spill { folder, why, full }
    }

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

    /// Says which reduction it was that found too little memory.
    pub(crate) fn of(self, node: NodeId) -> Self {
        match self {
            Self::Memory { most, reduction: None } => Self::Memory { most, reduction: Some(node) },
            other => other,
        }
    }

    /// Shows where the reduction is written.
    pub(crate) fn placed(self, program: &Program) -> Self {
        let Self::Memory { most, reduction: Some(node) } = self else { return self };
        let origin = program.nodes.get(node).map(|node| node.origin).unwrap_or_default();
        let source = program.documents.get(origin.document).map(|own| own.source.clone());
        let place = Place::span(source.unwrap_or_default(), origin.span);
        Self::Findings(vec![memory(most).at(place, "", "")])
    }

    /// What is told to people.
    pub fn findings(&self) -> Vec<Diagnostic> {
        match self {
            Self::Source(error) => vec![error.diagnostic()],
            Self::Findings(list) => list.clone(),
            Self::Memory { most, .. } => vec![memory(*most)],
            Self::Spill { folder, why, full } => vec![spill(folder, why, *full)],
            Self::Stopped => vec![Diagnostic::error(
                "engine-stopped",
                "已中止，没有写任何东西",
                "stopped, nothing was written",
            )],
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

fn memory(most: u64) -> Diagnostic {
    Diagnostic::error(
        "engine-memory",
        format!("归约的一个组的值放不进所给的内存（{most} 字节）"),
        format!("the values of one group of a reduction exceed the memory given ({most} bytes)"),
    )
    .note(
        "中位数与分位数要把一组的值全部放在一起；别的归约和许多小组会溢写到磁盘",
        "a median or quantile wants all values of a group together; other reductions and many \
         small groups spill to disk",
    )
    .hint("加大 --memory，或归到较细的组", "give more --memory, or reduce to finer groups")
}

fn spill(folder: &str, why: &str, full: bool) -> Diagnostic {
    let (zh, en) = match full {
        true => (
            "磁盘已满，放不进内存的部分写不下",
            "the disk is full: what does not fit into memory cannot be written",
        ),
        false => (
            "放不进内存的部分写不到磁盘",
            "what does not fit into memory cannot be written to disk",
        ),
    };
    Diagnostic::error("engine-spill", zh, en)
        .at(Place::File(folder.to_owned()), "", "")
        .note(format!("系统的说法：{why}"), format!("the system says: {why}"))
        .hint(
            "腾出空间，或用环境变量 TMPDIR 指到别的目录，或加大 --memory；结果没有写下",
            "make room, or let TMPDIR name another folder, or give more --memory; no result was \
             written",
        )
}
