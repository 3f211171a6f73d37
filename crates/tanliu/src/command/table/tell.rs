//! 告知 What came of an action on a table, in words and as data.

use super::Outcome;
use crate::results::aligned;
use crate::screen::Screen;
use serde_json::{Value, json};
use std::path::PathBuf;
use tanliu_diagnostic::{Lang, counted};
use tanliu_engine::delta::{Appended, DeltaSnapshot, HistoryEntry, Merged, Replaced, local_time};

/// Tells it in words.
pub(super) fn told(folder: &str, outcome: &Outcome, screen: &mut Screen) {
    let folder = folder.trim_end_matches('/');
    match outcome {
        Outcome::Created(Appended { version, rows }) => screen.line(
            format!("已建立 {folder}：版本 {version}，{rows} 行"),
            format!("{folder} was made: version {version}, {}", count(*rows, "row")),
        ),
        Outcome::Appended(Appended { version, rows: 0 }) => screen.line(
            format!("没有行可追加，{folder} 仍是版本 {version}"),
            format!("there was no row to add; {folder} is still version {version}"),
        ),
        Outcome::Appended(Appended { version, rows }) => screen.line(
            format!("已追加 {rows} 行，{folder} 现为版本 {version}"),
            format!("{} added, {folder} is now version {version}", count(*rows, "row")),
        ),
        Outcome::Merged(merged) => tell_merged(folder, merged, screen),
        Outcome::Replaced(replaced) => tell_replaced(folder, replaced, screen),
        Outcome::History(list) => tell_history(list, screen),
        Outcome::Shown(snapshot, leftovers) => tell_snapshot(snapshot, leftovers, screen),
    }
}

fn count(rows: u64, noun: &str) -> String {
    counted(usize::try_from(rows).unwrap_or(usize::MAX), noun)
}

fn tell_merged(folder: &str, merged: &Merged, screen: &mut Screen) {
    let Merged { version, updated, inserted, unchanged, is_new } = merged;
    if *is_new {
        screen.line(
            format!(
                "{folder} 现为版本 {version}：更正 {updated} 行，新增 {inserted} 行，\
                 {unchanged} 行与表中相同"
            ),
            format!(
                "{folder} is now version {version}: {} restated, {inserted} added, {unchanged} as \
                 the table has them",
                count(*updated, "row")
            ),
        );
    } else {
        screen.line(
            format!("{unchanged} 行都与表中相同，没有新版本；{folder} 仍是版本 {version}"),
            format!(
                "{} as the table has them, no new version; {folder} is still version {version}",
                count(*unchanged, "row")
            ),
        );
    }
}

fn tell_replaced(folder: &str, replaced: &Replaced, screen: &mut Screen) {
    let Replaced { version, rows, gone, partitions } = replaced;
    let old = gone.map_or_else(|| "?".to_owned(), |gone| gone.to_string());
    screen.line(
        format!("{folder} 现为版本 {version}：{partitions} 个分区，由 {old} 行换成 {rows} 行"),
        format!(
            "{folder} is now version {version}: {}, {old} rows replaced by {rows}",
            counted(*partitions, "partition")
        ),
    );
}

fn tell_history(list: &[HistoryEntry], screen: &mut Screen) {
    let zh = screen.lang == Lang::Zh;
    let header = if zh {
        ["版本", "时间", "操作", "新增", "更正", "文件", "经手", "备注"]
    } else {
        ["version", "time", "operation", "added", "restated", "files", "by", "note"]
    };
    let mut columns: Vec<(Vec<String>, bool)> = header
        .iter()
        .enumerate()
        .map(|(number, word)| (vec![(*word).to_owned()], matches!(number, 0 | 3 | 4)))
        .collect();
    for entry in list {
        let rows = |rows: Option<u64>| rows.map(|rows| rows.to_string()).unwrap_or_default();
        let cells = [
            entry.version.to_string(),
            local_time(entry.timestamp),
            entry.operation.clone(),
            rows(entry.added),
            rows(entry.updated),
            format!("+{} -{}", entry.files.0, entry.files.1),
            entry.author.clone().unwrap_or_default(),
            entry.note.clone().unwrap_or_default(),
        ];
        for ((column, _), cell) in columns.iter_mut().zip(cells) {
            column.push(cell);
        }
    }
    screen.text(&aligned(&columns));
}

fn tell_snapshot(snapshot: &DeltaSnapshot, leftovers: &[PathBuf], screen: &mut Screen) {
    let (version, time) = (snapshot.version, local_time(snapshot.timestamp));
    let bytes: u64 = snapshot.files.iter().map(|file| file.bytes).sum();
    let rows = snapshot.rows().map_or_else(|| "?".to_owned(), |rows| rows.to_string());
    let files = snapshot.files.len();
    screen.line(
        format!(
            "{}：版本 {version}（{time}），{rows} 行，{files} 个文件，{bytes} 字节",
            snapshot.shown
        ),
        format!(
            "{}: version {version} ({time}), {rows} rows, {}, {bytes} bytes",
            snapshot.shown,
            counted(files, "file")
        ),
    );
    if !snapshot.keys.is_empty() {
        screen.line(
            format!("键：{}", snapshot.keys.join("、")),
            format!("key: {}", snapshot.keys.join(", ")),
        );
    }
    let lang = screen.lang;
    let mut columns = vec![(Vec::new(), false), (Vec::new(), false), (Vec::new(), false)];
    for column in snapshot.columns() {
        let unit = column.unit.map(|unit| format!(" ({unit})")).unwrap_or_default();
        let kind =
            column.kind.map_or_else(|| "?".to_owned(), |kind| kind.word().get(lang).to_owned());
        let partition = match (&column.derived, column.partition, lang) {
            (Some(rule), _, Lang::Zh) => format!("分区 {rule}"),
            (Some(rule), _, Lang::En) => format!("partition {rule}"),
            (None, true, Lang::Zh) => "分区".to_owned(),
            (None, true, Lang::En) => "partition".to_owned(),
            (None, false, _) => column.label.unwrap_or_default(),
        };
        let cells = [format!("  {}{unit}", column.name), kind, partition];
        for ((list, _), cell) in columns.iter_mut().zip(cells) {
            list.push(cell);
        }
    }
    screen.text(&aligned(&columns));
    if !leftovers.is_empty() {
        let count = leftovers.len();
        screen.line(
            format!("遗留文件 {count} 个（中断的写入留下的，不属于任何版本，可删）："),
            format!(
                "{} left by interrupted writing, in no version; may be removed:",
                counted(count, "file")
            ),
        );
        for file in leftovers {
            screen.text(&format!("  {}\n", file.display()));
        }
    }
}

/// Tells it as data.
pub(super) fn told_json(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Created(Appended { version, rows })
        | Outcome::Appended(Appended { version, rows }) => {
            json!({ "ok": true, "version": version, "added": rows })
        }
        Outcome::Merged(merged) => json!({
            "ok": true, "version": merged.version, "new_version": merged.is_new,
            "restated": merged.updated, "added": merged.inserted, "unchanged": merged.unchanged,
        }),
        Outcome::Replaced(replaced) => json!({
            "ok": true, "version": replaced.version, "added": replaced.rows,
            "removed": replaced.gone, "partitions": replaced.partitions,
        }),
        Outcome::History(list) => list.iter().map(entry_json).collect(),
        Outcome::Shown(snapshot, leftovers) => snapshot_json(snapshot, leftovers),
    }
}

fn entry_json(entry: &HistoryEntry) -> Value {
    json!({
        "version": entry.version,
        "time": local_time(entry.timestamp),
        "milliseconds": entry.timestamp,
        "operation": entry.operation,
        "added": entry.added,
        "restated": entry.updated,
        "files_added": entry.files.0,
        "files_removed": entry.files.1,
        "by": entry.author,
        "note": entry.note,
        "engine": entry.engine,
    })
}

fn snapshot_json(snapshot: &DeltaSnapshot, leftovers: &[PathBuf]) -> Value {
    let columns: Vec<Value> = snapshot
        .columns()
        .into_iter()
        .map(|column| {
            json!({
                "name": column.name, "type": column.kind.map(|kind| kind.word().en),
                "unit": column.unit, "label": column.label, "partition": column.partition,
                "derived": column.derived,
            })
        })
        .collect();
    let files: Vec<Value> = snapshot
        .files
        .iter()
        .map(|file| {
            json!({
                "file": file.name, "bytes": file.bytes, "rows": file.rows,
                "partition": file.partition,
            })
        })
        .collect();
    json!({
        "table": snapshot.shown,
        "version": snapshot.version,
        "time": local_time(snapshot.timestamp),
        "rows": snapshot.rows(),
        "key": snapshot.keys,
        "columns": columns,
        "files": files,
        "leftovers": leftovers,
    })
}
