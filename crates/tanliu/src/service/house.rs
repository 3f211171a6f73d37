//! 安装目录 The folder of an installation: everything that the platform keeps lies below it.

use crate::failure::Failure;
use std::path::{Path, PathBuf};

/// 安装目录 Where the platform keeps what it knows.
#[derive(Debug, Clone)]
pub(crate) struct House {
    root: PathBuf,
}

impl House {
    /// Makes the folders that are not there yet.
    pub(crate) fn open(root: &str) -> Result<Self, Failure> {
        let root = PathBuf::from(root);
        for folder in ["evidence", "runs", "readings"] {
            let path = root.join(folder);
            std::fs::create_dir_all(&path)
                .map_err(|error| Failure::unwritable(&path.to_string_lossy(), &error))?;
        }
        let root = root
            .canonicalize()
            .map_err(|error| Failure::unwritable(&root.to_string_lossy(), &error))?;
        Ok(Self { root })
    }

    /// The database, unless another one is named by its URL.
    pub(crate) fn database(&self) -> String {
        format!("sqlite://{}", self.root.join("tanliu.db").to_string_lossy())
    }

    /// Files that were handed in, by their digests.
    pub(crate) fn evidence(&self) -> PathBuf {
        self.root.join("evidence")
    }

    /// Readings of meters.
    pub(crate) fn readings(&self) -> PathBuf {
        self.root.join("readings")
    }

    /// The folder of a run.
    pub(crate) fn run(&self, folder: &str) -> PathBuf {
        self.root.join("runs").join(folder)
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }
}
