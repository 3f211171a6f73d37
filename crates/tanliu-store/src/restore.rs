//! 恢复 A backup back into an empty database of either kind, all of it checked, or nothing.

use crate::backup::{Backup, BackupTable, FORMAT, MANIFEST, broken_trail};
use crate::database::{Cell, Link, cells};
use crate::evidence;
use crate::fault::Fault;
use crate::schema::SCHEMA_VERSION;
use crate::tables::{Kind, TABLES, Table};
use crate::{SqlStore, trail};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use tanliu_platform::trail::hex;

/// How many rows are kept in memory.
const BATCH: usize = 2000;

impl SqlStore {
    /// Brings a backup back into an empty database, in one transaction: digests, numbers of rows,
    /// the audit trail and evidence are checked before anything lasts. Returns the open store.
    ///
    /// # Errors
    /// The folder is no whole backup of this schema, the database is not empty, or either does not
    /// answer.
    pub async fn restore(
        folder: &Path,
        url: &str,
        evidence_folder: impl Into<PathBuf>,
    ) -> Result<Self, Fault> {
        let backup = manifest(folder)?;
        let store = Self::open(url, evidence_folder).await?;
        match store.take_back(folder, &backup).await {
            Ok(()) => Ok(store),
            Err(fault) => {
                store.close().await;
                Err(fault)
            }
        }
    }

    async fn take_back(&self, folder: &Path, backup: &Backup) -> Result<(), Fault> {
        let mut link = self.database.write().await?;
        empty(&mut link).await?;
        for (table, told) in TABLES.iter().zip(&backup.tables) {
            read(&mut link, table, told, folder).await?;
        }
        let text = "UPDATE trail_head SET number = $1, seal = $2 WHERE single = 1";
        link.execute(text, cells![backup.trail.0, &backup.trail.1]).await?;
        trail::whole(&mut link).await?.map_err(|broken| broken_trail(&broken))?;
        let rows = link.rows("SELECT digest FROM evidence ORDER BY digest", Vec::new()).await?;
        if rows.len() as i64 != backup.evidence {
            return Err(damaged(MANIFEST));
        }
        for row in &rows {
            let digest = row.reader().text()?;
            let bytes = evidence::read(&folder.join("evidence"), &digest).await;
            let bytes = bytes.map_err(|_| damaged(&format!("evidence/{digest}")))?;
            evidence::write(&evidence::path(&self.evidence_folder, &digest), &bytes).await?;
        }
        Ok(link.commit().await?)
    }
}

/// The manifest, if it is of a backup that this program reads.
fn manifest(folder: &Path) -> Result<Backup, Fault> {
    let none = || {
        let folder = folder.display();
        Fault::new(
            "not-a-backup",
            format!("文件夹 {folder} 不是完整的碳流备份：没有可读的 {MANIFEST}"),
            format!("the folder {folder} is no whole backup: it has no readable {MANIFEST}"),
        )
    };
    let text = std::fs::read(folder.join(MANIFEST)).map_err(|_| none())?;
    let backup: Backup = serde_json::from_slice(&text).map_err(|_| none())?;
    if backup.program != "tanliu" {
        return Err(none());
    }
    if (backup.format, backup.schema) != (FORMAT, SCHEMA_VERSION) {
        let schema = backup.schema;
        return Err(Fault::new(
            "other-schema",
            format!(
                "备份的模式版本是 {schema}，本程序的是 {SCHEMA_VERSION}；\
                 请用写出这份备份的程序恢复，再用本程序打开"
            ),
            format!(
                "the backup has schema version {schema}, this program {SCHEMA_VERSION}; restore it \
                 with the program that wrote it, then open it with this one"
            ),
        ));
    }
    let told = backup.tables.iter().map(|table| (table.name.as_str(), table.columns.clone()));
    let known = TABLES.iter().map(|table| {
        (table.name, table.names().into_iter().map(str::to_owned).collect::<Vec<_>>())
    });
    if told.eq(known) { Ok(backup) } else { Err(damaged(MANIFEST)) }
}

async fn empty(link: &mut Link) -> Result<(), Fault> {
    for table in TABLES {
        let text = format!("SELECT count(*) FROM {}", table.name);
        let count = link.row(&text, Vec::new()).await?;
        if count.map_or(Ok(0), |row| row.reader().whole())? > 0 {
            return Err(Fault::new(
                "not-empty",
                format!("数据库不是空的：表 `{}` 有记录；只能恢复到空的数据库", table.name),
                format!("the database is not empty: table `{}` has rows", table.name),
            ));
        }
    }
    Ok(())
}

async fn read(
    link: &mut Link,
    table: &Table,
    told: &BackupTable,
    folder: &Path,
) -> Result<(), Fault> {
    let name = format!("tables/{}.jsonl", table.name);
    let broken = || damaged(&name);
    let mut file = BufReader::new(File::open(folder.join(&name)).map_err(|_| broken())?);
    let columns = table.names();
    let (mut hasher, mut count, mut line) = (Sha256::new(), 0, Vec::new());
    let mut rows = Vec::with_capacity(BATCH);
    loop {
        line.clear();
        let length = file.read_until(b'\n', &mut line)?;
        if length == 0 || rows.len() == BATCH {
            let rows = std::mem::take(&mut rows);
            link.insert(table.name, &columns, Box::new(rows.into_iter())).await?;
        }
        if length == 0 {
            break;
        }
        hasher.update(&line);
        rows.push(row(&line, table).ok_or_else(broken)?);
        count += 1;
    }
    if count != told.rows || hex(&hasher.finalize()) != told.sha256 {
        return Err(broken());
    }
    Ok(())
}

/// A line as cells, if each is of its column's kind.
fn row(line: &[u8], table: &Table) -> Option<Vec<Cell>> {
    let values: Vec<Value> = serde_json::from_slice(line).ok()?;
    if values.len() != table.columns.len() {
        return None;
    }
    let cell = |(value, (_, kind)): (Value, &(&str, Kind))| match (kind, value) {
        (Kind::Text, Value::Null) => Some(Cell::Text(None)),
        (Kind::Text, Value::String(text)) => Some(Cell::Text(Some(text))),
        (Kind::Whole, Value::Null) => Some(Cell::Whole(None)),
        (Kind::Whole, value) => Some(Cell::Whole(Some(value.as_i64()?))),
        (Kind::Number, Value::Null) => Some(Cell::Number(None)),
        (Kind::Number, value) => Some(Cell::Number(Some(value.as_f64()?))),
        (Kind::Text, _) => None,
    };
    values.into_iter().zip(table.columns).map(cell).collect()
}

fn damaged(what: &str) -> Fault {
    Fault::new(
        "damaged",
        format!("备份已损坏：{what} 与清单不符"),
        format!("the backup is damaged: {what} is not what its manifest says"),
    )
}
