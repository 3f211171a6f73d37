//! 证据 Files that came with data, under the digest of their bytes: `ab/abcdef…` in a folder.
//!
//! A file is written under another name and renamed, before the change that tells of it is made:
//! what the database names is there whole. A file whose change failed stays and harms nobody.

use crate::SqlStore;
use crate::change::Change;
use crate::database::cells;
use async_trait::async_trait;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tanliu_platform::port::{Act, Evidence, StoreError, Stored};
use tanliu_platform::trail::sha256;
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// Tells files apart that this process writes at the same time.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

#[async_trait]
impl Evidence for SqlStore {
    async fn keep(&self, name: &str, bytes: &[u8], act: Act) -> Stored<String> {
        let digest = sha256(bytes);
        write(&path(&self.evidence_folder, &digest), bytes)
            .await
            .map_err(|error| failed(&error))?;
        let mut change = Change::begin(self).await?;
        let text = "INSERT INTO evidence (digest, name, length, made_by, made_at) \
                    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digest) DO NOTHING";
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        change.execute(text, cells![&digest, name, length, &act.by, act.at]).await?;
        change.finish(act).await?;
        Ok(digest)
    }

    async fn evidence(&self, digest: &str) -> Stored<Option<(String, Vec<u8>)>> {
        let text = "SELECT name FROM evidence WHERE digest = $1";
        let Some(row) = self.database.row(text, cells![digest]).await? else {
            return Ok(None);
        };
        let name = row.reader().text()?;
        Ok(Some((name, read(&self.evidence_folder, digest).await?)))
    }
}

/// Where a file lies.
pub(crate) fn path(folder: &Path, digest: &str) -> PathBuf {
    folder.join(digest.get(..2).unwrap_or_default()).join(digest)
}

/// The bytes of a file, if they are still those that were handed in.
pub(crate) async fn read(folder: &Path, digest: &str) -> Stored<Vec<u8>> {
    let bytes = fs::read(path(folder, digest)).await.map_err(|error| failed(&error))?;
    if sha256(&bytes) != digest {
        let text = format!("the evidence file {digest} was changed: its bytes have another digest");
        return Err(StoreError::Failed(text));
    }
    Ok(bytes)
}

/// Writes a file whole or not at all. One that is there already with these bytes stays; one that
/// was changed is put right.
pub(crate) async fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).await.is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).await?;
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let partial = folder.join(format!("partial-{}-{number}", std::process::id()));
    let written = async {
        let mut file = fs::File::create(&partial).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        fs::rename(&partial, path).await?;
        // The name lasts only once the folder does.
        fs::File::open(folder).await?.sync_all().await
    };
    let written = written.await;
    if written.is_err() {
        // What is left of it has no name that anything looks for.
        let _ = fs::remove_file(&partial).await;
    }
    written
}

fn failed(error: &io::Error) -> StoreError {
    StoreError::Failed(format!("evidence: {error}"))
}
