//! 故障 What goes wrong with a database as a whole, and errors of the driver as the port's errors.

use sqlx::error::ErrorKind;
use tanliu_diagnostic::Text;
use tanliu_platform::port::StoreError;

/// 故障 Why a database was not opened, kept or brought back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", message.en)]
pub struct Fault {
    /// A stable code: `not-ours`, `newer`, `changed-schema`, `not-empty`, `not-a-backup`,
    /// `other-schema`, `damaged`, `failed`.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: Text,
}

impl Fault {
    pub(crate) fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, message: Text { zh: zh.into(), en: en.into() } }
    }

    /// Something outside does not answer.
    pub(crate) fn failed(error: &dyn std::fmt::Display) -> Self {
        Self::new("failed", format!("数据库或文件没有应答：{error}"), format!("{error}"))
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::failed(&error)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::failed(&error)
    }
}

/// An error of the driver as one of the port: a broken rule of the schema is a refusal.
pub(crate) fn failed(error: sqlx::Error) -> StoreError {
    let Some(told) = error.as_database_error() else {
        return StoreError::Failed(error.to_string());
    };
    match told.kind() {
        ErrorKind::UniqueViolation => {
            StoreError::Refused(format!("it is there already: {}", told.message()))
        }
        ErrorKind::ForeignKeyViolation => {
            StoreError::Refused(format!("it names something that is not there: {}", told.message()))
        }
        ErrorKind::NotNullViolation | ErrorKind::CheckViolation => {
            StoreError::Refused(told.message().to_owned())
        }
        // PostgreSQL keeps no text with a zero character.
        _ if told.code().as_deref() == Some("22021") => {
            StoreError::Refused(told.message().to_owned())
        }
        _ => StoreError::Failed(error.to_string()),
    }
}
