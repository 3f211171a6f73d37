//! 写出 Results into a folder, whole or not at all.
//!
//! Everything is written into a hidden folder beside the target first and then moved; what an
//! earlier run of ours left there and this one does not make is removed, by the earlier manifest.

use crate::failure::Failure;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The manifest's name.
pub(crate) const MANIFEST: &str = "run.json";

/// Writes files into a folder: `make` writes some of them into the hidden folder that it is given
/// (their names come back) and gives the others as name and bytes; the last is the manifest.
pub(crate) fn deliver(
    folder: &str,
    make: impl FnOnce(&Path) -> Result<Made, Failure>,
) -> Result<(), Failure> {
    let target = Path::new(folder);
    let shown = |path: &Path| crate::documents::shown(path);
    if target.exists() && !target.is_dir() {
        return Err(Failure::new(
            format!("--out {folder} 不是目录"),
            format!("--out {folder} is no folder"),
        )
        .hint("换一个目录名", "name another folder"));
    }
    let parent = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    std::fs::create_dir_all(&parent)
        .map_err(|error| Failure::unwritable(&shown(&parent), &error))?;
    let last = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let waiting = parent.join(format!(".{last}.tanliu-{}", std::process::id()));
    let result = fill(&waiting, make).and_then(|names| settle(&waiting, target, &names));
    // Whatever happened: nothing half-done stays.
    let _ = std::fs::remove_dir_all(&waiting);
    result
}

/// Names of files that are written, and the files that are to be.
pub(crate) type Made = (Vec<String>, Vec<(String, Vec<u8>)>);

fn fill(
    waiting: &Path,
    make: impl FnOnce(&Path) -> Result<Made, Failure>,
) -> Result<Vec<String>, Failure> {
    let failed = |path: &Path, error: &std::io::Error| {
        Failure::unwritable(&crate::documents::shown(path), error)
    };
    let _ = std::fs::remove_dir_all(waiting);
    std::fs::create_dir(waiting).map_err(|error| failed(waiting, &error))?;
    let (mut names, files) = make(waiting)?;
    for (name, bytes) in files {
        let path = waiting.join(&name);
        std::fs::write(&path, bytes).map_err(|error| failed(&path, &error))?;
        names.push(name);
    }
    Ok(names)
}

fn settle(waiting: &Path, target: &Path, names: &[String]) -> Result<(), Failure> {
    let failed =
        |error: std::io::Error| Failure::unwritable(&crate::documents::shown(target), &error);
    if !target.exists() {
        return std::fs::rename(waiting, target).map_err(failed);
    }
    // The old manifest goes first: while files change, none claims to describe them.
    let earlier = earlier_files(target);
    match std::fs::remove_file(target.join(MANIFEST)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    for name in earlier.iter().filter(|name| !names.contains(name)) {
        let _ = std::fs::remove_file(target.join(name));
    }
    for name in names {
        std::fs::rename(waiting.join(name), target.join(name)).map_err(failed)?;
    }
    Ok(())
}

/// The files that the manifest of an earlier run names; plain names only.
fn earlier_files(target: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(target.join(MANIFEST)).unwrap_or_default();
    let manifest: Value = serde_json::from_str(&text).unwrap_or_default();
    if manifest.get("tanliu").is_none() {
        return Vec::new();
    }
    let outputs = manifest.get("outputs").and_then(Value::as_array).cloned().unwrap_or_default();
    let names = outputs.iter().filter_map(|output| output.get("file")?.as_str().map(str::to_owned));
    names.filter(|name| !name.contains(['/', '\\'])).collect()
}

/// Writes one file by way of a neighbour, so that a reader never sees half of it.
pub(crate) fn write_file(path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::unwritable(path, &error);
    write_file_with(path, |out| out.write_all(bytes).map_err(failed))
}

/// The same for one that is written piece by piece.
pub(crate) fn write_file_with<T>(
    path: &str,
    write: impl FnOnce(&mut dyn std::io::Write) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let target = Path::new(path);
    if target.is_dir() {
        return Err(Failure::new(format!("{path} 是目录"), format!("{path} is a folder"))
            .hint("写出文件名", "name a file"));
    }
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let waiting = target.with_file_name(format!(".{name}.tanliu-{}", std::process::id()));
    let failed = |error: std::io::Error| Failure::unwritable(path, &error);
    let written = std::fs::File::create(&waiting).map_err(failed).and_then(|file| {
        let mut out = std::io::BufWriter::new(file);
        let made = write(&mut out)?;
        std::io::Write::flush(&mut out).map_err(failed)?;
        std::fs::rename(&waiting, target).map_err(failed)?;
        Ok(made)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&waiting);
    }
    written
}
