//! 备份 All of a store as files, the same for both databases and the same bytes for the same rows.
//!
//! `tables/NAME.jsonl` has a JSON array for each row, `evidence/ab/abcdef…` the files, and
//! `manifest.json`, written last, the digests: a folder without it is no backup.

use crate::database::{Link, Row};
use crate::evidence;
use crate::fault::Fault;
use crate::schema::SCHEMA_VERSION;
use crate::tables::{Kind, TABLES, Table};
use crate::{SqlStore, trail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use tanliu_platform::port::{StoreError, Stored};
use tanliu_platform::trail::hex;

/// The only way of writing a backup so far.
pub(crate) const FORMAT: i64 = 1;
/// The manifest's name.
pub(crate) const MANIFEST: &str = "manifest.json";

/// 备份清单 What a backup consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// `tanliu`.
    pub program: String,
    /// How it is written.
    pub format: i64,
    /// The schema's number.
    pub schema: i64,
    /// The number of the last entry of the audit trail, and its seal.
    pub trail: (i64, String),
    /// The tables in the order of restoring.
    pub tables: Vec<BackupTable>,
    /// How many evidence files there are.
    pub evidence: i64,
}

/// 表 One table of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupTable {
    /// Its name.
    pub name: String,
    /// Its columns in the order of the arrays.
    pub columns: Vec<String>,
    /// How many rows it has.
    pub rows: i64,
    /// SHA-256 of its file, in hex.
    pub sha256: String,
}

impl SqlStore {
    /// Writes everything, as of one moment, into a folder that is new or empty.
    ///
    /// # Errors
    /// The folder holds something, the audit trail is broken, an evidence file was changed, or the
    /// database or files do not answer.
    pub async fn backup(&self, folder: &Path) -> Result<Backup, Fault> {
        std::fs::create_dir_all(folder.join("tables"))?;
        if std::fs::read_dir(folder)?.count() > 1 {
            return Err(not_empty(folder));
        }
        if std::fs::read_dir(folder.join("tables"))?.count() > 0 {
            return Err(not_empty(folder));
        }
        let mut link = self.database.read().await?;
        let trail = trail::whole(&mut link).await?.map_err(|broken| broken_trail(&broken))?;
        let mut tables = Vec::new();
        for table in TABLES {
            tables.push(write(&mut link, table, folder).await?);
        }
        let evidence = self.copy_evidence(&mut link, &folder.join("evidence")).await?;
        link.commit().await?;
        let backup = Backup {
            program: "tanliu".to_owned(),
            format: FORMAT,
            schema: SCHEMA_VERSION,
            trail,
            tables,
            evidence,
        };
        let mut text = serde_json::to_vec_pretty(&backup).map_err(|e| Fault::failed(&e))?;
        text.push(b'\n');
        evidence::write(&folder.join(MANIFEST), &text).await?;
        Ok(backup)
    }

    async fn copy_evidence(&self, link: &mut Link, target: &Path) -> Result<i64, Fault> {
        let rows = link.rows("SELECT digest FROM evidence ORDER BY digest", Vec::new()).await?;
        let mut count = 0;
        for row in &rows {
            let digest = row.reader().text()?;
            let bytes = evidence::read(&self.evidence_folder, &digest).await?;
            evidence::write(&evidence::path(target, &digest), &bytes).await?;
            count += 1;
        }
        Ok(count)
    }
}

async fn write(link: &mut Link, table: &Table, folder: &Path) -> Result<BackupTable, Fault> {
    let path = folder.join("tables").join(format!("{}.jsonl", table.name));
    let mut file = BufWriter::new(File::create(path)?);
    let (mut hasher, mut rows, mut line) = (Sha256::new(), 0, Vec::new());
    let columns = table.names();
    let text =
        format!("SELECT {} FROM {} ORDER BY {}", columns.join(", "), table.name, table.order);
    link.each(&text, |row| {
        line.clear();
        array(&row, table, &mut line)?;
        hasher.update(&line);
        rows += 1;
        file.write_all(&line).map_err(|error| StoreError::Failed(error.to_string()))
    })
    .await?;
    file.into_inner().map_err(|error| Fault::failed(&error))?.sync_all()?;
    Ok(BackupTable {
        name: table.name.to_owned(),
        columns: columns.into_iter().map(str::to_owned).collect(),
        rows,
        sha256: hex(&hasher.finalize()),
    })
}

/// A row as a JSON array on a line.
fn array(row: &Row, table: &Table, line: &mut Vec<u8>) -> Stored<()> {
    let mut row = row.reader();
    for (place, (_, kind)) in table.columns.iter().enumerate() {
        line.push(if place == 0 { b'[' } else { b',' });
        let written = match kind {
            Kind::Text => serde_json::to_writer(&mut *line, &row.some_text()?),
            Kind::Whole => serde_json::to_writer(&mut *line, &row.some_whole()?),
            Kind::Number => serde_json::to_writer(&mut *line, &row.some_number()?),
        };
        written.map_err(|error| StoreError::Failed(error.to_string()))?;
    }
    line.extend_from_slice(b"]\n");
    Ok(())
}

fn not_empty(folder: &Path) -> Fault {
    let folder = folder.display();
    Fault::new(
        "not-empty",
        format!("备份文件夹 {folder} 不是空的；请给出新的文件夹"),
        format!("the folder {folder} is not empty; give a new one"),
    )
}

/// A trail that does not hold.
pub(crate) fn broken_trail(broken: &tanliu_platform::trail::Broken) -> Fault {
    Fault::new(
        "damaged",
        format!("审计链在第 {} 条断开，数据库被改动过", broken.number),
        format!("{broken}: the database was changed by something else"),
    )
}
