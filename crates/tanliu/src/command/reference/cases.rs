//! 示例 The cases of the reference: documents and data that show one code each, run as any other.
//!
//! A case is `STAGE/CODE.md`; files beside it lie in `STAGE/CODE/`: `data/`, `factors/`,
//! `library/`. Comments in its front matter say the rest of the command line. A document of
//! `methods/bad` that shows a code already is named in `reused.txt` and stands for a case.

use crate::arguments::{Command, Data, Engine, Sources};
use crate::command::explain::figure_findings;
use crate::command::run::without_rows;
use crate::command::table::act;
use crate::command::verify::{examine, public_key};
use crate::documents::{markdown_files, shown};
use crate::failure::Failure;
use crate::findings::Texts;
use crate::session::{Bound, Session};
use std::path::{Path, PathBuf};
use tanliu_diagnostic::{Diagnostic, Lang, Place, Text, render_one};
use tanliu_engine::{EngineOptions, Progress, WideRun, load_for, run_wide};
use tanliu_method::eval::{RunOptions, run as evaluate};
use tanliu_method::examples::run_examples;
use tanliu_method::lint::lint;
use tanliu_method::uncertainty::{DEFAULT_SEED, MonteCarlo, UncertaintyOptions, analyse};
use tanliu_office::{ReadOptions, read_tables};

/// 示例 A document that shows a code.
#[derive(Debug, Clone)]
pub(super) struct Case {
    /// The folder: at which stage the code appears.
    pub(super) stage: String,
    /// The code it shows.
    pub(super) code: String,
    /// The document.
    pub(super) document: PathBuf,
}

/// 所见 What a case showed.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// The case.
    pub(super) case: Case,
    /// The finding.
    pub(super) finding: Diagnostic,
    /// As rendered in English.
    pub(super) rendered: String,
    /// When it appears: the title of the document.
    pub(super) when: Text,
    /// The mend, where the finding itself gives none.
    pub(super) mend: Option<Text>,
}

/// 指令 What the comments of the front matter say.
#[derive(Debug, Default)]
struct Directives {
    set: Vec<String>,
    figure: Option<String>,
    data: Vec<String>,
    limits: Option<ReadOptions>,
    draws: Option<u32>,
    pack: Option<String>,
    public_key: Option<String>,
    table: Option<String>,
    engine: Option<String>,
}

/// All cases of a folder, by stage and code.
pub(super) fn find(root: &str) -> Result<Vec<Case>, Failure> {
    let folder = Path::new(root);
    if !folder.is_dir() {
        return Err(Failure::new(
            format!("没有诊断示例的目录 {root}"),
            format!("there is no folder {root} of cases"),
        )
        .hint(
            "在仓库根目录运行，或用 --cases 指明",
            "run it at the repository's root, or use --cases",
        ));
    }
    let mut cases = Vec::new();
    for document in markdown_files(folder) {
        let Ok(relative) = document.strip_prefix(folder) else { continue };
        let parts: Vec<String> =
            relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if let [stage, file] = parts.as_slice() {
            let code = file.trim_end_matches(".md").to_owned();
            cases.push(Case { stage: stage.clone(), code, document });
        }
    }
    let list = folder.join("reused.txt");
    let reused = std::fs::read_to_string(&list)
        .map_err(|error| Failure::unreadable(&shown(&list), &error))?;
    for line in reused.lines().filter(|line| !line.starts_with('#')) {
        if let [stage, code, document] = line.split_whitespace().collect::<Vec<_>>().as_slice() {
            let (stage, code) = ((*stage).to_owned(), (*code).to_owned());
            cases.push(Case { stage, code, document: PathBuf::from(document) });
        }
    }
    cases.sort_by(|left, right| (&left.stage, &left.code).cmp(&(&right.stage, &right.code)));
    Ok(cases)
}

/// Runs a case; says what it shows instead if the code it is named for is not among the findings.
pub(super) fn show(case: &Case, root: &str) -> Result<Result<Shown, Text>, Failure> {
    let text = std::fs::read_to_string(&case.document)
        .map_err(|error| Failure::unreadable(&shown(&case.document), &error))?;
    let (list, texts) = findings_of(case, &directives(&text))?;
    let Some(finding) = list.iter().find(|finding| finding.code == case.code) else {
        let name = shown(&case.document);
        let found: Vec<&str> = list.iter().map(|finding| finding.code).collect();
        let found = found.join(", ");
        return Ok(Err(Text::new(
            format!("{name} 没有得出 {}，得出的是：{found}", case.code),
            format!("{name} does not show {}, but: {found}", case.code),
        )));
    };
    let rendered = render_one(finding, &texts, Lang::En, false);
    let (folder, mut finding) = (format!("{root}/"), finding.clone());
    for text in std::iter::once(&mut finding.message).chain(&mut finding.hint) {
        *text = Text::new(text.zh.replace(&folder, ""), text.en.replace(&folder, ""));
    }
    let title = tanliu_method::document::read(&case.code, &text).0.front.title;
    Ok(Ok(Shown {
        case: case.clone(),
        finding,
        rendered: rendered.replace(&folder, ""),
        when: title.unwrap_or_else(|| title_line(&text)),
        mend: line_of(&text, "改法：")
            .zip(line_of(&text, "Mend: "))
            .map(|(zh, en)| Text::new(zh, en)),
    }))
}

/// Everything found in checking, in the examples, in reading, binding, running and explaining.
fn findings_of(case: &Case, wanted: &Directives) -> Result<(Vec<Diagnostic>, Texts), Failure> {
    let beside = case.document.with_extension("");
    let folder = |name: &str| {
        let folder = beside.join(name);
        folder.is_dir().then(|| shown(&folder))
    };
    if let Some(pack) = &wanted.pack {
        let at = |file: &String| shown(&beside.join(file));
        return findings_of_pack(&at(pack), wanted.public_key.as_ref().map(at));
    }
    if let Some(words) = &wanted.table {
        return findings_of_table(&beside, words);
    }
    let sources =
        Sources { library: folder("library").into_iter().collect(), factors: folder("factors") };
    let mut list = Vec::new();
    let mut data: Vec<String> =
        wanted.data.iter().map(|file| shown(&beside.join("data").join(file))).collect();
    if let Some(limits) = &wanted.limits {
        for file in &data {
            let bytes = std::fs::read(file).map_err(|error| Failure::unreadable(file, &error))?;
            list.extend(read_tables(file, &bytes, limits).1.into_list());
        }
        return Ok((list, Texts::new()));
    }
    if data.is_empty() {
        data.extend(folder("data"));
    }
    let mut session = Session::open(&shown(&case.document), &sources)?;
    for example in run_examples(&session.checked, &session.loaded.catalogue) {
        list.extend(example.diagnostics);
    }
    if case.stage == "lint" {
        let linted = lint(&session.checked, &session.loaded.catalogue);
        return Ok((linted.findings, session.texts));
    }
    let refused = session.findings.has_errors();
    if !refused {
        let set = wanted.set.clone();
        let engine = wanted.engine.as_ref().map(|_| Engine::Columnar);
        let data = Data { data, set, engine, ..Data::default() };
        let bound = session.bind(&data)?;
        if let Some(words) = wanted.engine.as_ref().filter(|_| !bound.wide.is_empty()) {
            list.extend(findings_of_engine(&session, &bound, words));
        } else if !session.findings.has_errors() {
            let (program, options) = (&session.checked.program, RunOptions::default());
            let outcome = evaluate(program, &bound.dataset, &session.loaded.catalogue, &options);
            list.extend(without_rows(&outcome));
            list.extend(outcome.diagnostics.into_list());
            if let Some(draws) = wanted.draws {
                let monte_carlo = Some(MonteCarlo::new(draws, DEFAULT_SEED));
                let options = UncertaintyOptions { monte_carlo, also: Vec::new() };
                let catalogue = &session.loaded.catalogue;
                let study = analyse(program, &bound.dataset, catalogue, &options);
                list.extend(study.diagnostics.into_list());
            }
        }
        if let Some(figure) = &wanted.figure {
            list.extend(figure_findings(&mut session, &bound.dataset, figure));
        }
    }
    list.splice(0..0, session.findings.list().iter().cloned());
    Ok((list, session.texts))
}

/// Everything found by the columnar engine; the words say what it may not have.
fn findings_of_engine(session: &Session, bound: &Bound, words: &str) -> Vec<Diagnostic> {
    let number = |name: &str| -> Option<u64> {
        words.split_whitespace().find_map(|word| word.strip_prefix(name)?.parse().ok())
    };
    let memory = number("memory=");
    let mut engine = EngineOptions { memory, ..EngineOptions::default() };
    if let Some(folder) = words.split_whitespace().find_map(|word| word.strip_prefix("spill=")) {
        engine.spill = folder.into();
    }
    let progress = Progress::default();
    progress.stop.store(words.contains("stop"), std::sync::atomic::Ordering::Relaxed);
    let drop_refused = words.contains("drop");
    let options = RunOptions { drop_refused, ..RunOptions::default() };
    if let Some(most) = number("most=") {
        let program = &session.checked.program;
        let figure = program.variables.iter().position(|variable| variable.output);
        let figure = (figure.unwrap_or_default(), &[][..]);
        let loaded = load_for(program, &bound.dataset, figure, &bound.wide, most);
        return loaded.err().map(|error| error.findings()).unwrap_or_default();
    }
    let given = WideRun {
        program: &session.checked.program,
        dataset: &bound.dataset,
        catalogue: &session.loaded.catalogue,
        wide: &bound.wide,
    };
    match run_wide(given, &options, &engine, &progress) {
        Ok((outcome, _)) => outcome.diagnostics.into_list(),
        Err(error) => error.findings(),
    }
}

/// Everything found in verifying a pack.
fn findings_of_pack(pack: &str, key: Option<String>) -> Result<(Vec<Diagnostic>, Texts), Failure> {
    let key = key.as_deref().map(public_key).transpose()?;
    let report = examine(pack, key.as_deref(), &[])?;
    Ok((report.findings, report.texts))
}

/// Everything found by `tanliu table` on a copy of the case's folder, which it may change.
fn findings_of_table(beside: &Path, words: &str) -> Result<(Vec<Diagnostic>, Texts), Failure> {
    let unwritable = |error: std::io::Error| Failure::unwritable("TMPDIR", &error);
    let copy = tempfile::tempdir().map_err(unwritable)?;
    let shared = beside.with_file_name("shared");
    for folder in [shared.as_path(), beside] {
        if folder.is_dir() {
            copy_folder(folder, copy.path()).map_err(unwritable)?;
        }
    }
    let place = format!("{}/", copy.path().display());
    let words: Vec<String> = ["tanliu", "table"]
        .into_iter()
        .chain(words.split_whitespace())
        .map(|word| word.replace('@', &place))
        .collect();
    let arguments = crate::help::parse(&words).map_err(|(text, _)| Failure::new(&text, &text))?;
    let Command::Table(table) = arguments.command else {
        return Ok((Vec::new(), Texts::new()));
    };
    let findings = act(&table)?.err().unwrap_or_default();
    let here = |text: &str| text.replace(&place, "");
    let named = |mut finding: Diagnostic| {
        for label in &mut finding.labels {
            match &mut label.place {
                Place::File(file) => *file = here(file),
                Place::Cell(cell) => cell.source = here(&cell.source),
                Place::Span { .. } => {}
            }
        }
        for text in finding.notes.iter_mut().chain([&mut finding.message]) {
            *text = Text::new(here(&text.zh), here(&text.en));
        }
        finding
    };
    Ok((findings.into_iter().map(named).collect(), Texts::new()))
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target)?;
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn directives(text: &str) -> Directives {
    let mut found = Directives::default();
    for line in text.lines().take_while(|line| !line.starts_with("```")) {
        let Some((word, value)) = line.strip_prefix("# ").and_then(|rest| rest.split_once(": "))
        else {
            continue;
        };
        match word {
            "set" => found.set.push(value.to_owned()),
            "figure" => found.figure = Some(value.to_owned()),
            "data" => found.data.push(value.to_owned()),
            "draws" => found.draws = value.parse().ok(),
            "pack" => found.pack = Some(value.to_owned()),
            "signer" => found.public_key = Some(value.to_owned()),
            "table" => found.table = Some(value.to_owned()),
            "engine" => found.engine = Some(value.to_owned()),
            "limit" => found.limits = Some(small_limits()),
            _ => {}
        }
    }
    found
}

/// Limits that a small file exceeds, so that no large one need be kept.
fn small_limits() -> ReadOptions {
    ReadOptions { max_cell_bytes: 40, max_columns: 6, max_typed_cells: 4, ..ReadOptions::default() }
}

/// What follows a word at the beginning of a line.
fn line_of(text: &str, word: &str) -> Option<String> {
    text.lines().find_map(|line| line.strip_prefix(word)).map(str::to_owned)
}

/// The title where the front matter cannot be read: `title: { zh: "…", en: "…" }`.
fn title_line(text: &str) -> Text {
    let line = line_of(text, "title:").unwrap_or_default();
    let mut quoted = line.split('"').skip(1).step_by(2).map(str::to_owned);
    Text::new(quoted.next().unwrap_or_default(), quoted.next().unwrap_or_default())
}
