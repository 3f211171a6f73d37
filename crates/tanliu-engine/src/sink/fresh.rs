//! 新建的目录 What was not there before results came: it goes again if they cannot be written.

use std::path::{Path, PathBuf};

/// 新建的目录 Removes, when it is dropped, the topmost folder of a path that was not there when it
/// was made; unless it is told to keep it.
#[derive(Debug)]
pub struct Fresh(Option<PathBuf>);

impl Fresh {
    /// For results that are written below `path`.
    pub fn of(path: &Path) -> Self {
        let missing = path.ancestors().take_while(|folder| !folder.exists());
        Self(missing.filter(|folder| !folder.as_os_str().is_empty()).last().map(Path::to_owned))
    }

    /// The results are written.
    pub fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            // The error that led here is told; that of the removal is none of its own.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
