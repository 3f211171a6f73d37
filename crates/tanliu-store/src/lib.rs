//! 存储 The platform's store: SQLite by default, PostgreSQL by a URL, the same SQL text for both.
//!
//! [`SqlStore`] does all that `tanliu_platform::port` asks of a store.
//!
//! 1. `database`: both databases behind one way of asking; `schema`: numbered texts, applied once.
//! 2. `change`: every change is one transaction that ends with its act in the audit trail.
//! 3. `directory`, `accounts`, `submissions` with `approval`, `values`, `figures`, `warnings`,
//!    `evidence`, `trail`: the traits, a file each.
//! 4. `backup`, `restore`: all of it as files that either database takes.
//!
//! What it refuses: a database that is another program's or newer; an edit of what somebody else
//! changed meanwhile; evidence whose bytes are no longer those that were handed in. It reads no
//! clock: moments come with the acts.

mod accounts;
mod approval;
mod backup;
mod change;
mod database;
mod directory;
mod evidence;
mod fault;
mod figures;
mod restore;
mod schema;
mod submissions;
mod tables;
mod trail;
mod values;
mod warnings;

pub use backup::{Backup, BackupTable};
pub use fault::Fault;
pub use schema::SCHEMA_VERSION;

use database::Database;
use std::path::{Path, PathBuf};

/// 存储 An open store. Clones share its connections.
#[derive(Debug, Clone)]
pub struct SqlStore {
    database: Database,
    evidence_folder: PathBuf,
}

impl SqlStore {
    /// Opens a store, making an empty database ours and bringing an older schema up to date.
    ///
    /// `url` is a file's path (also as `sqlite:PATH`), `:memory:`, or `postgres://…`; evidence files
    /// lie in `evidence_folder`, which is made when the first one comes.
    ///
    /// # Errors
    /// The database does not answer, is not ours, or is newer than this program.
    pub async fn open(url: &str, evidence_folder: impl Into<PathBuf>) -> Result<Self, Fault> {
        let database = Database::open(url).await.map_err(|error| unopened(&error))?;
        let evidence_folder = evidence_folder.into();
        match schema::prepare(&database).await {
            Ok(()) => Ok(Self { database, evidence_folder }),
            Err(fault) => {
                database.close().await;
                Err(fault)
            }
        }
    }

    /// Ends all connections, after what goes on.
    pub async fn close(&self) {
        self.database.close().await;
    }

    /// The folder of evidence files.
    #[must_use]
    pub fn evidence_folder(&self) -> &Path {
        &self.evidence_folder
    }
}

/// A file that is no SQLite database gets a message of its own.
fn unopened(error: &sqlx::Error) -> Fault {
    let code = error.as_database_error().and_then(|told| told.code().map(|code| code.into_owned()));
    if code.as_deref() == Some("26") {
        let zh = "这个文件不是碳流的数据库";
        return Fault::new("not-ours", zh, "this file is no database of Tanliu's");
    }
    Fault::failed(error)
}
