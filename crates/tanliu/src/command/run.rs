//! `tanliu run`: results from data, printed or written with their manifest.

mod streaming;
mod writing;

use super::compute::{Computed, Effort, Refused, compute, stream_above};
use crate::arguments::{Format, Run};
use crate::command::uncertainty::Study;
use crate::data::is_workbook;
use crate::deliver::write_file;
use crate::failure::{Ended, Failure};
use crate::findings::findings_json;
use crate::manifest::{defaults, manifest, not_verified};
use crate::results::{out_table, table_text};
use crate::screen::Screen;
use crate::session::{Bound, Session};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use tanliu_diagnostic::{Diagnostic, Label, Lang, Place, counted};
use tanliu_engine::{Progress, StreamedTable};
use tanliu_method::eval::{OutputTable, RunOptions, RunOutcome};
use tanliu_office::template::of_program;
use tanliu_office::{
    Mark, OfficeError, OutTable, WorkbookMeta, read_properties, write_csv, write_json,
    write_marked_copy, write_marked_tables,
};

/// Computes a document's results from data.
pub(crate) fn run(wanted: &Run, screen: &mut Screen) -> Result<Ended, Failure> {
    if let (None, Some(Format::Xlsx | Format::Parquet | Format::Delta)) =
        (&wanted.out, wanted.format)
    {
        return Err(Failure::new("这种格式不能打印在屏幕上", "this format cannot be printed")
            .hint("用 --out 指定结果目录", "name a folder with --out"));
    }
    let mut session = Session::open(&wanted.document, &wanted.sources)?;
    if session.findings.has_errors() {
        return Ok(refuse(wanted, &session, None, screen));
    }
    let bound = session.bind(&wanted.data)?;
    if session.findings.has_errors() {
        mark(wanted, &session, &bound, screen)?;
        return Ok(refuse(wanted, &session, None, screen));
    }
    Study::check(wanted, &bound)?;
    let options = RunOptions { drop_refused: wanted.data.drop_refused, ..RunOptions::default() };
    let effort = Effort {
        engine: wanted.data.engine,
        threads: wanted.threads,
        memory: wanted.memory.as_deref(),
        stream_above: stream_above(wanted),
    };
    let computed = match compute(&effort, &session, &bound, &options, Some(screen)) {
        Ok(computed) => computed,
        Err(Refused::By(findings)) => {
            session.findings.extend(findings);
            return Ok(refuse(wanted, &session, None, screen));
        }
        Err(Refused::For(failure)) => return Err(failure),
    };
    let Computed { mut outcome, streamed, progress } = computed;
    outcome.diagnostics = std::mem::take(&mut outcome.diagnostics)
        .filter_map(|finding| Some(bound.intake.relocate(finding)));
    if outcome.diagnostics.has_errors() {
        return Ok(refuse(wanted, &session, Some(&outcome), screen));
    }
    outcome.diagnostics.extend(without_rows(&outcome));
    let mut study = Study::of(wanted, &session, &bound, &outcome)?;
    if let Some(study) = &mut study {
        outcome.diagnostics.extend(std::mem::take(&mut study.outcome.diagnostics).into_list());
        if outcome.diagnostics.has_errors() {
            return Ok(refuse(wanted, &session, Some(&outcome), screen));
        }
    }
    let heads = streamed.iter().map(|table| (table.first.clone(), table.rows)).collect();
    let results = Results { session: &session, bound: &bound, outcome: &outcome, study, heads };
    results.present(wanted, (streamed, &progress), screen)?;
    Ok(Ended::Well)
}

/// Says why there is no result.
fn refuse(
    wanted: &Run,
    session: &Session,
    outcome: Option<&RunOutcome>,
    screen: &mut Screen,
) -> Ended {
    let mut list: Vec<Diagnostic> = session.findings.list().to_vec();
    list.extend(outcome.iter().flat_map(|outcome| outcome.diagnostics.list().iter().cloned()));
    let errors = session.findings.error_count()
        + outcome.map_or(0, |outcome| outcome.diagnostics.error_count());
    if wanted.json {
        screen.json(&json!({
            "ok": false,
            "errors": errors,
            "findings": findings_json(&list, &session.texts),
        }));
        return Ended::Refused;
    }
    // Errors first: they are what has to be mended.
    list.sort_by_key(|finding| !finding.is_error());
    screen.findings(&list, &session.texts, false);
    screen.remark(
        format!("{errors} 个错误，没有计算"),
        format!("{}, nothing was computed", counted(errors, "error")),
    );
    Ended::Refused
}

/// Results without a row are told of: the data most likely hold nothing.
pub(super) fn without_rows(outcome: &RunOutcome) -> Option<Diagnostic> {
    let empty = outcome.tables.iter().filter(|table| table.figures.is_empty());
    let names: Vec<&str> = empty.map(|table| table.name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    let finding = Diagnostic::warning(
        "result-empty",
        format!("结果没有一行：{}", names.join("、")),
        format!("results without a row: {}", names.join(", ")),
    );
    Some(finding.hint("数据表可能还没有填", "the tables may not be filled in yet"))
}

struct Results<'a> {
    session: &'a Session,
    bound: &'a Bound,
    outcome: &'a RunOutcome,
    study: Option<Study>,
    /// The first rows of results whose rows are still to be taken out, and how many there are.
    heads: Vec<(OutputTable, u64)>,
}

/// Results whose rows are still to be taken out, and what tells that to stop.
type Streams<'a> = (Vec<StreamedTable>, &'a Progress);

impl Results<'_> {
    fn present(
        &self,
        wanted: &Run,
        streams: Streams<'_>,
        screen: &mut Screen,
    ) -> Result<(), Failure> {
        let program = &self.session.checked.program;
        let mut tables: Vec<OutTable> =
            self.outcome.tables.iter().map(|table| out_table(program, table)).collect();
        if let Some(study) = &self.study {
            tables.extend(study.tables(&tables));
        }
        let mut written = None;
        if let Some(folder) = &wanted.out {
            let format = wanted.format.unwrap_or(Format::Csv);
            let how = (format, wanted.data.drop_refused);
            written = Some(self.write(folder, how, &tables, streams)?);
        }
        if wanted.json {
            let manifest = match written {
                Some(manifest) => manifest,
                None => self.manifest(wanted.data.drop_refused, &BTreeMap::new()),
            };
            let results: Map<String, Value> =
                tables.iter().map(|table| (table.name.clone(), rows_json(table))).collect();
            screen.json(&json!({ "ok": true, "results": results, "manifest": manifest }));
            return Ok(());
        }
        let warnings = self.session.findings.list().iter().chain(self.outcome.diagnostics.list());
        let warnings: Vec<Diagnostic> = warnings.cloned().collect();
        screen.findings(&warnings, &self.session.texts, false);
        match (&wanted.out, wanted.format) {
            (Some(folder), _) => self.tell_written(folder, screen),
            (None, Some(Format::Csv)) => tables.iter().for_each(|t| screen.bytes(&write_csv(t))),
            (None, Some(_)) => {
                let results: Map<String, Value> =
                    tables.iter().map(|table| (table.name.clone(), rows_json(table))).collect();
                screen.json(&Value::Object(results));
            }
            (None, None) => self.print(screen),
        }
        if let (Some(study), None) = (&self.study, wanted.format) {
            study.print(screen);
        }
        self.tell_rest(screen);
        Ok(())
    }

    fn manifest(&self, drop_refused: bool, files: &BTreeMap<String, (String, String)>) -> Value {
        let mut whole = manifest(self.session, self.bound, self.outcome, drop_refused, files);
        if let (Some(study), Value::Object(map)) = (&self.study, &mut whole) {
            map.insert("uncertainty".to_owned(), study.manifest(files));
        }
        let outputs = whole.get_mut("outputs").and_then(Value::as_array_mut);
        if let Some(outputs) = outputs {
            self.add_streamed(outputs, files);
        }
        whole
    }

    fn workbook_meta(&self) -> WorkbookMeta {
        let front = &self.session.checked.document.front;
        let title = front.title.as_ref().map(|title| title.zh.clone()).unwrap_or_default();
        let properties = vec![
            ("tanliu.results.method".to_owned(), front.id.clone()),
            ("tanliu.results.version".to_owned(), front.version.clone()),
        ];
        WorkbookMeta { title, properties }
    }

    /// All results by variable: with all their rows or the first, and how many there are.
    fn all(&self) -> Vec<(&OutputTable, usize)> {
        let held = self.outcome.tables.iter().map(|table| (table, table.figures.len()));
        let streamed = self
            .heads
            .iter()
            .map(|(table, rows)| (table, usize::try_from(*rows).unwrap_or(usize::MAX)));
        let mut all: Vec<(&OutputTable, usize)> = held.chain(streamed).collect();
        all.sort_by_key(|(table, _)| table.variable);
        all
    }

    fn print(&self, screen: &mut Screen) {
        for (table, rows) in self.all() {
            let (text, hidden) = table_text(table);
            let hidden = hidden + rows - table.figures.len();
            if let Some(label) = &table.label {
                screen.text(&format!("# {label}\n"));
            }
            screen.text(&text);
            if hidden > 0 {
                screen.line(
                    format!("… 另有 {hidden} 行；用 --out 写出全部"),
                    format!("… {} more; --out writes them all", counted(hidden, "row")),
                );
            }
            screen.text("\n");
        }
    }

    fn tell_written(&self, folder: &str, screen: &mut Screen) {
        let folder = folder.trim_end_matches('/');
        for (table, rows) in self.all() {
            let label = table.label.as_ref().map(|label| format!("  {label}")).unwrap_or_default();
            let name = &table.name;
            screen.line(
                format!("{name}：{rows} 行{label}"),
                format!("{name}: {}{label}", counted(rows, "row")),
            );
        }
        screen.line(format!("已写入 {folder}/"), format!("written to {folder}/"));
    }

    /// What a reader of the results must know beside them.
    fn tell_rest(&self, screen: &mut Screen) {
        let outcome = self.outcome;
        for withheld in &outcome.withheld {
            let (what, holes) = (&withheld.what, withheld.holes.join(", "));
            let first = withheld.holes.first().map_or("", String::as_str);
            let (of_zh, of_en) = match &withheld.keys {
                None => (String::new(), String::new()),
                Some((count, shown)) => {
                    let more = if *count > shown.len() { " …" } else { "" };
                    let list = shown.join("；");
                    (
                        format!("的 {count} 个键（{list}{more}）"),
                        format!(" at {}: {}{more}", counted(*count, "key"), shown.join("; ")),
                    )
                }
            };
            screen.remark(
                format!("未给出：{what}{of_zh}（待填参数 {holes}；用 --set {first}=… 填写）"),
                format!("withheld: {what}{of_en} (needs {holes}; fill it with --set {first}=…)"),
            );
        }
        let list: Vec<String> = outcome
            .open_evidence
            .iter()
            .map(
                |(item, key)| {
                    if key.is_empty() { item.clone() } else { format!("{item}（{key}）") }
                },
            )
            .collect();
        listed(&list, ("待补证据", "open evidence"), screen);
        let keys = |count: usize| match screen.lang {
            Lang::Zh => format!("{count} 处"),
            Lang::En => counted(count, "key"),
        };
        let none = screen.word("（没有数据）", " (no data)");
        let defaults: Vec<String> = defaults(self.session, self.bound, outcome)
            .into_iter()
            .map(|(name, filled)| match filled {
                Some(count) => format!("{name} {}", keys(count)),
                None => format!("{name}{none}"),
            })
            .collect();
        listed(&defaults, ("按缺省值填补", "filled with defaults"), screen);
        listed(&outcome.dropped, ("已剔除", "dropped"), screen);
        let rests = not_verified(self.session, outcome, screen.lang);
        listed(&rests, ("所据未见原文", "not read in the issuing text"), screen);
        let noted: Vec<String> = outcome
            .notations
            .iter()
            .map(|(output, input, key, notation)| {
                format!("{output} ← {input}[{key}] {}", notation.word())
            })
            .collect();
        listed(&noted, ("未估算或保密", "not estimated or confidential"), screen);
    }
}

/// A few of a list, the rest counted.
fn listed(list: &[String], (zh, en): (&str, &str), screen: &mut Screen) {
    const SHOWN: usize = 10;
    if list.is_empty() {
        return;
    }
    let words = list.get(..list.len().min(SHOWN)).unwrap_or_default();
    let rest = list.len() - words.len();
    let (more_zh, more_en) = match rest {
        0 => (String::new(), String::new()),
        rest => (format!(" … 另有 {rest} 项"), format!(" … and {rest} more")),
    };
    screen.remark(
        format!("{zh}：{}{more_zh}", words.join("；")),
        format!("{en}: {}{more_en}", words.join("; ")),
    );
}

fn rows_json(table: &OutTable) -> Value {
    serde_json::from_slice(&write_json(table)).unwrap_or_default()
}

/// A table that no workbook holds.
pub(crate) fn too_large(error: &OfficeError) -> Failure {
    Failure::new(format!("写不了工作簿：{error}"), error.to_string())
        .hint("改用 --format csv", "use --format csv")
}

/// Hands faulty data back with the cells marked.
fn mark(
    wanted: &Run,
    session: &Session,
    bound: &Bound,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let of_file = |file: &str| -> Vec<Diagnostic> {
        let is_there = |place: &Place| matches!(place, Place::Cell(cell) if cell.source == file);
        let list = session.findings.list().iter().filter(|finding| {
            let there = |label: &Label| label.primary && is_there(&label.place);
            finding.is_error() && finding.labels.iter().any(there)
        });
        list.cloned().collect()
    };
    let mut written = 0;
    for file in &bound.intake.files {
        let findings = of_file(&file.name);
        let workbook = is_workbook(&file.name);
        if findings.is_empty() || (!workbook && wanted.mark.is_none()) {
            continue;
        }
        let target = match (&wanted.mark, &wanted.out) {
            (Some(target), _) if written == 0 => target.clone(),
            (Some(target), _) => {
                format!("{}-{}.xlsx", target.trim_end_matches(".xlsx"), written + 1)
            }
            (None, Some(out)) => beside(out, &file.name),
            (None, None) => {
                screen.remark(
                    "加上 --mark 文件名.xlsx，可得到标注了这些单元格的副本",
                    "with --mark FILE.xlsx you get a copy with these cells marked",
                );
                return Ok(());
            }
        };
        let marks = Mark::from_findings(&findings, screen.lang);
        let bytes = if workbook {
            let original = std::fs::read(&file.name)
                .map_err(|error| Failure::unreadable(&file.name, &error))?;
            let own = read_properties(&original).ok().and_then(|properties| properties.method);
            let checked = &session.checked;
            let template = (own.as_deref() == Some(&checked.document.front.id))
                .then(|| of_program(&checked.program, &checked.document));
            write_marked_copy(&original, &marks, template.as_ref())
        } else {
            let tables: Vec<_> =
                bound.intake.tables.iter().filter(|t| t.source == file.name).collect();
            write_marked_tables(&tables.into_iter().cloned().collect::<Vec<_>>(), &marks)
        };
        let bytes = bytes.map_err(|error| too_large(&error))?;
        if let Some(parent) = Path::new(&target).parent().filter(|p| !p.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent)
                .map_err(|error| Failure::unwritable(&target, &error))?;
        }
        write_file(&target, &bytes)?;
        written += 1;
        screen.remark(
            format!("已把有误的单元格标注在副本 {target} 里"),
            format!("the faulty cells are marked in the copy {target}"),
        );
    }
    Ok(())
}

/// `book.xlsx`, to go beside the folder of results: `book.checked.xlsx`.
fn beside(out: &str, file: &str) -> String {
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let parent = Path::new(out).parent().unwrap_or(Path::new(""));
    crate::documents::shown(&parent.join(format!("{stem}.checked.xlsx")))
}
