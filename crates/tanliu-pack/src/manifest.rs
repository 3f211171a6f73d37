//! 目录 `MANIFEST.json`: the run that a pack records, and every entry with its digests.

use crate::digest::Digests;
use serde::{Deserialize, Serialize};

/// The name of the first entry.
pub const MANIFEST: &str = "MANIFEST.json";
/// The format that this version writes and reads.
pub const FORMAT: &str = "tanliu-pack/1";

/// 目录 What a pack says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `tanliu-pack/1`
    pub format: String,
    /// The version of the engine that computed the results.
    pub engine: String,
    /// How the run was called.
    pub run: RunRecord,
    /// Every entry but this one and the signature, in the order of the file.
    pub entries: Vec<Entry>,
    /// Data that are named and not copied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external: Vec<External>,
}

/// 运行记录 How the run was called. A field that this version does not know is refused: it might
/// change the results.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunRecord {
    /// The document, by the name that messages and places give it.
    pub document: String,
    /// `--data`, in order, as given.
    pub data: Vec<String>,
    /// `--set`, in order, as given.
    pub set: Vec<String>,
    /// `--drop-refused`
    pub drop_refused: bool,
    /// `--engine`, if it was given. The figures are the same; what is kept beside them is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<Evaluator>,
}

/// 求值引擎 Which evaluator was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evaluator {
    /// The reference interpreter.
    Reference,
    /// The columnar engine.
    Columnar,
}

/// 条目种类 What an entry is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A document: the one that was run, and those it uses.
    Document,
    /// A file of a factor set.
    Factor,
    /// A data file, as it was read.
    Data,
    /// A file in a data folder that was passed over; its entry is empty.
    PassedOver,
    /// `run.json`
    Run,
    /// The table of an output.
    Result,
    /// The values of something that is no output, kept so that a difference can be told by its cause.
    Working,
}

/// 条目 One entry of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its path in the archive.
    pub path: String,
    /// What it is for.
    pub kind: Kind,
    /// What the run called it: a file's name as given, an output's name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its digests.
    #[serde(flatten)]
    pub digests: Digests,
}

/// 外部数据 Data that are named with their digests and not copied into the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct External {
    /// What the run called it.
    pub name: String,
    /// What it is.
    pub kind: ExternalKind,
    /// The version of a Delta table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Where the data belong among those of the pack: `data/1/…`.
    pub path: String,
    /// The files that were read.
    pub files: Vec<ExternalFile>,
}

impl External {
    /// Each file with what the run called it.
    pub fn named(&self) -> impl Iterator<Item = (String, &ExternalFile)> {
        self.files.iter().map(|file| match file.path.as_str() {
            "" => (self.name.clone(), file),
            path => (format!("{}/{path}", self.name.trim_end_matches('/')), file),
        })
    }
}

/// 外部数据的种类
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExternalKind {
    /// One file.
    File,
    /// A folder of files.
    Folder,
    /// A Delta table at a version.
    Delta,
}

/// 外部文件 One file of external data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalFile {
    /// Its path below the folder or table; empty for a file.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its digests.
    #[serde(flatten)]
    pub digests: Digests,
}

/// Whether a path stays where the pack is unpacked, on every system: no root, no drive, no `..`,
/// no backslash, no control character, no empty part.
pub(crate) fn is_safe(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= 1000
        && !path.chars().any(|sign| sign.is_control() || matches!(sign, '\\' | ':'))
        && path
            .split('/')
            .all(|part| !part.is_empty() && part.len() <= 255 && part != "." && part != "..")
}
