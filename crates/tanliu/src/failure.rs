//! 用法错误 What ends a command with code 2: a file that cannot be read, an argument that cannot be.

use tanliu_diagnostic::{Diagnostic, Lang, Place, Text};
use tanliu_engine::EngineError;
use tanliu_engine::sink::SinkError;

/// 命令结局 How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// All is well: code 0.
    Well,
    /// The document or the data is refused, or an example fails: code 1.
    Refused,
}

impl Ended {
    /// Refused if there is an error.
    pub(crate) fn from_errors(errors: usize) -> Self {
        if errors == 0 { Self::Well } else { Self::Refused }
    }
}

/// 用法错误 Why a command could not begin.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    message: Text,
    hint: Option<Text>,
}

impl Failure {
    /// The failure with what is wrong.
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { message: Text::new(zh, en), hint: None }
    }

    /// Says the likely mend.
    #[must_use]
    pub(crate) fn hint(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.hint = Some(Text::new(zh, en));
        self
    }

    /// What is wrong.
    pub(crate) fn message(&self) -> &Text {
        &self.message
    }

    /// A finding that keeps results from being written: its first note says why.
    pub(crate) fn of_finding(finding: &Diagnostic) -> Self {
        let place = finding.labels.iter().find_map(|label| match &label.place {
            Place::File(file) => Some(file.as_str()),
            _ => None,
        });
        let place = place.map(|file| format!("{file}: ")).unwrap_or_default();
        let note = |lang| finding.notes.first().map(|note| note.get(lang)).unwrap_or_default();
        let mut failure = Self::new(
            format!("{place}{}（{}）", finding.message.zh, note(Lang::Zh)),
            format!("{place}{} ({})", finding.message.en, note(Lang::En)),
        );
        failure.hint.clone_from(&finding.hint);
        failure
    }

    /// A file that the system does not let us read.
    pub(crate) fn unreadable(path: &str, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::NotFound => {
                Self::new(format!("找不到 {path}"), format!("there is no {path}"))
                    .hint("检查路径与当前目录", "check the path and the working directory")
            }
            ErrorKind::PermissionDenied => {
                Self::new(format!("没有读取 {path} 的权限"), format!("{path} may not be read"))
                    .hint("检查文件权限", "check its permissions")
            }
            _ => {
                Self::new(format!("读不了 {path}：{error}"), format!("cannot read {path}: {error}"))
            }
        }
    }

    /// A file or folder that cannot be written.
    pub(crate) fn unwritable(path: &str, error: &std::io::Error) -> Self {
        Self::new(format!("写不了 {path}：{error}"), format!("cannot write {path}: {error}")).hint(
            "检查目录是否存在、有无写入权限、磁盘有无空间",
            "check that the folder exists and may be written, and that the disk has room",
        )
    }

    /// As it is printed.
    pub(crate) fn show(&self, lang: Lang) -> String {
        let word = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
        let mut text = format!("{}{}\n", word("错误：", "error: "), self.message.get(lang));
        if let Some(hint) = &self.hint {
            text.push_str(&format!("  = {}{}\n", word("建议：", "hint: "), hint.get(lang)));
        }
        text
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error.findings().first() {
            Some(finding) => Self::of_finding(finding),
            None => Self::new(error.to_string(), error.to_string()),
        }
    }
}

impl From<SinkError> for Failure {
    fn from(error: SinkError) -> Self {
        Self::of_finding(&error.diagnostic())
    }
}
