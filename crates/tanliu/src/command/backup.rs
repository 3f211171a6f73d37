//! `tanliu backup`, `tanliu restore`: the platform's data out of a house and into an empty one.

use crate::arguments::{Backup, Restore};
use crate::command::serve::runtime;
use crate::failure::{Ended, Failure};
use crate::screen::Screen;
use crate::service::{House, open_store};
use std::path::Path;
use tanliu_store::SqlStore;

/// What lies beside the database and goes with it as it is.
const FOLDERS: &[&str] = &["runs", "readings"];
/// What codes are derived from.
const SECRET: &str = "secret";

/// Writes everything that a house keeps into an empty folder.
pub(crate) fn backup(wanted: &Backup, screen: &mut Screen) -> Result<Ended, Failure> {
    let target = Path::new(&wanted.target);
    empty(target, &wanted.target)?;
    let house = House::open(&wanted.home.home)?;
    let unwritable = |error: std::io::Error| Failure::unwritable(&wanted.target, &error);
    std::fs::create_dir_all(target).map_err(unwritable)?;
    runtime()?.block_on(async {
        let store = open_store(&house, &wanted.home).await?;
        store.backup(&target.join("store")).await.map_err(|error| {
            Failure::new(format!("数据库没有备份成：{error}"), format!("not backed up: {error}"))
        })?;
        store.close().await;
        Ok::<(), Failure>(())
    })?;
    let mut files = 0;
    for folder in FOLDERS {
        files += copy(&house.root().join(folder), &target.join(folder)).map_err(unwritable)?;
    }
    let secret = house.root().join(SECRET);
    if secret.exists() {
        std::fs::copy(secret, target.join(SECRET)).map_err(unwritable)?;
    }
    let shown = &wanted.target;
    screen.line(
        format!("已备份到 {shown}：数据库、证据和 {files} 个文件"),
        format!("backed up to {shown}: database, evidence and {files} files"),
    );
    Ok(Ended::Well)
}

/// Fills an empty house from a backup.
pub(crate) fn restore(wanted: &Restore, screen: &mut Screen) -> Result<Ended, Failure> {
    let source = Path::new(&wanted.source);
    if !source.join("store").is_dir() {
        return Err(Failure::new(
            format!("{} 不是备份", wanted.source),
            format!("{} is no backup", wanted.source),
        )
        .hint("给出 tanliu backup 写的目录", "give a folder that tanliu backup wrote"));
    }
    empty(Path::new(&wanted.home.home), &wanted.home.home)?;
    let house = House::open(&wanted.home.home)?;
    let unwritable = |error: std::io::Error| Failure::unwritable(&wanted.home.home, &error);
    let url = wanted.home.database.clone().unwrap_or_else(|| house.database());
    runtime()?.block_on(async {
        let restored = SqlStore::restore(&source.join("store"), &url, house.evidence()).await;
        restored.map_err(|error| {
            Failure::new(format!("没有恢复成：{error}"), format!("not restored: {error}"))
        })
    })?;
    let mut files = 0;
    for folder in FOLDERS {
        files += copy(&source.join(folder), &house.root().join(folder)).map_err(unwritable)?;
    }
    if source.join(SECRET).exists() {
        std::fs::copy(source.join(SECRET), house.root().join(SECRET)).map_err(unwritable)?;
    }
    let shown = &wanted.home.home;
    screen.line(
        format!("已恢复到 {shown}：数据库、证据和 {files} 个文件"),
        format!("restored into {shown}: database, evidence and {files} files"),
    );
    Ok(Ended::Well)
}

/// Nothing that is there already is touched.
fn empty(folder: &Path, shown: &str) -> Result<(), Failure> {
    let taken = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    match taken || folder.is_file() {
        false => Ok(()),
        true => Err(Failure::new(format!("{shown} 不是空目录"), format!("{shown} is not empty"))
            .hint(
                "换一个空目录，原有的文件一个也没有动",
                "take an empty folder; nothing was touched",
            )),
    }
}

/// Copies a folder; returns how many files.
fn copy(from: &Path, to: &Path) -> std::io::Result<u64> {
    std::fs::create_dir_all(to)?;
    let mut files = 0;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            files += copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
            files += 1;
        }
    }
    Ok(files)
}
