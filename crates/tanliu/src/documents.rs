//! 文档的查找 Which files are methodology documents, and how one is read.

use crate::failure::Failure;
use std::path::{Path, PathBuf};

/// How deep folders are walked.
const DEPTH: usize = 16;
/// How many files a walk looks at.
const FILES: usize = 20_000;
/// The folder whose documents are meant to be wrong: passed over unless it is named itself.
const BAD: &str = "bad";

/// 文档文件 A document's text under the name its places carry.
#[derive(Debug, Clone)]
pub(crate) struct DocumentFile {
    /// The path as shown.
    pub(crate) name: String,
    /// The text.
    pub(crate) text: String,
}

/// 所选文档 The documents of some paths.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// In the order of the paths, each folder sorted.
    pub(crate) documents: Vec<DocumentFile>,
    /// Documents below folders `bad` that were passed over.
    pub(crate) passed_over: usize,
}

/// Reads the documents of files and folders.
pub(crate) fn gather(paths: &[String]) -> Result<Gathered, Failure> {
    let mut gathered = Gathered::default();
    for path in paths {
        if !Path::new(path).is_dir() {
            gathered.documents.push(read_document(path)?);
            continue;
        }
        let before = gathered.documents.len();
        let passed = gathered.passed_over;
        let mut inside = Vec::new();
        for file in markdown_files(Path::new(path)) {
            let name = shown(&file);
            let relative = file.strip_prefix(path).unwrap_or(&file);
            let is_bad = relative.parent().is_some_and(|p| p.iter().any(|part| part == BAD));
            // A page that merely lies about is no document, and need not be readable either.
            let Ok(text) = std::fs::read_to_string(&file) else {
                inside.push(read_document(&name)?);
                continue;
            };
            match (is_document(&text), is_bad) {
                (true, true) => gathered.passed_over += 1,
                (true, false) => inside.push(DocumentFile { name, text }),
                (false, _) => {}
            }
        }
        gathered.documents.extend(inside);
        if gathered.documents.len() == before && gathered.passed_over == passed {
            return Err(Failure::new(
                format!("{path} 里没有方法学文档"),
                format!("there is no methodology document in {path}"),
            )
            .hint(
                "文档是带 YAML 文首元数据（id: …）和 ```tan 代码块的 .md 文件",
                "a document is an .md file with YAML front matter (id: …) and ```tan blocks",
            ));
        }
    }
    Ok(gathered)
}

/// Reads one document.
pub(crate) fn read_document(path: &str) -> Result<DocumentFile, Failure> {
    if Path::new(path).is_dir() {
        return Err(Failure::new(
            format!("{path} 是目录，这里要一篇文档"),
            format!("{path} is a folder; a document is wanted here"),
        )
        .hint("写出目录里的 .md 文件", "name an .md file in it"));
    }
    let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(DocumentFile { name: path.to_owned(), text }),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(valid).filter(|b| **b == b'\n').count() + 1;
            Err(Failure::new(
                format!("{path} 不是 UTF-8 文本（第 {line} 行起读不通）"),
                format!("{path} is not UTF-8 text (line {line} cannot be read)"),
            )
            .hint(
                "在编辑器里另存为 UTF-8；中文旧文件多为 GB18030（GBK）编码",
                "save it as UTF-8 in an editor; older Chinese files are mostly GB18030 (GBK)",
            ))
        }
    }
}

/// Whether a Markdown text is meant as a document: front matter with an id, or a `tan` block.
pub(crate) fn is_document(text: &str) -> bool {
    id_of(text).is_some() || text.lines().any(|line| line.trim_start().starts_with("```tan"))
}

/// The id in the front matter, read without taking the document apart.
pub(crate) fn id_of(text: &str) -> Option<&str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines();
    if lines.next()?.trim_end() != "---" {
        return None;
    }
    let front = lines.take_while(|line| !matches!(line.trim_end(), "---" | "..."));
    let value = front.filter_map(|line| line.strip_prefix("id:")).next()?;
    let value = value.split(" #").next().unwrap_or(value);
    Some(value.trim().trim_matches(['"', '\'']))
}

/// The Markdown files of a folder itself, in the order of their names.
pub(crate) fn markdown_files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| is_markdown(path) && path.is_file())
        .collect();
    files.sort();
    files
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("md"))
}

/// All Markdown files below a folder, in the order of their paths; hidden folders are left out.
pub(crate) fn markdown_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(folder, 0, &mut |path| {
        if is_markdown(&path) {
            files.push(path);
        }
    });
    files.sort();
    files
}

/// Calls `found` for each file below a folder, hidden ones and build folders left out.
pub(crate) fn walk(folder: &Path, depth: usize, found: &mut dyn FnMut(PathBuf)) {
    let mut seen = 0;
    walk_counted(folder, depth, found, &mut seen);
}

fn walk_counted(folder: &Path, depth: usize, found: &mut dyn FnMut(PathBuf), seen: &mut usize) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        let path = entry.path();
        *seen += 1;
        if *seen > FILES {
            return;
        }
        if path.is_dir() {
            // A link may lead back upwards: the depth ends it.
            if depth < DEPTH {
                walk_counted(&path, depth + 1, found, seen);
            }
        } else {
            found(path);
        }
    }
}

/// A path as people see it, with `/`.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map(str::to_owned).unwrap_or(text)
}
