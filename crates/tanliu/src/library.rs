//! 文档库 Where a document that another uses is found: `--library`, its own folder, `methods/`, the binary.

use crate::documents::{
    DocumentFile, id_of, markdown_files, markdown_files_of, read_document, shown,
};
use crate::embedded;
use crate::failure::Failure;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tanliu_diagnostic::{Diagnostic, Place, nearest};
use tanliu_method::check::Library;

/// How many folders upwards `methods/` is looked for.
const ANCESTORS: usize = 12;

/// 书架 The places where documents are looked for, in order; read only when one is asked for.
pub(crate) struct Shelf {
    groups: Vec<Group>,
    /// Ids that a group has more than once and that were asked for.
    doubles: RefCell<BTreeSet<(String, Vec<String>)>>,
}

/// 一处 Folders of equal rank.
struct Group {
    folders: Vec<PathBuf>,
    /// Only the files of the folders themselves, not of those below.
    flat: bool,
    index: OnceCell<BTreeMap<String, Vec<DocumentFile>>>,
}

impl Group {
    fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders, flat: false, index: OnceCell::new() }
    }

    fn flat(folder: PathBuf) -> Self {
        Self { folders: vec![folder], flat: true, index: OnceCell::new() }
    }

    fn files(&self) -> Vec<PathBuf> {
        let list = if self.flat { markdown_files_of } else { markdown_files };
        self.folders.iter().flat_map(|folder| list(folder)).collect()
    }

    /// The documents by id.
    fn index(&self) -> &BTreeMap<String, Vec<DocumentFile>> {
        self.index.get_or_init(|| {
            let mut index: BTreeMap<String, Vec<DocumentFile>> = BTreeMap::new();
            let mut seen = BTreeSet::new();
            for file in self.files() {
                // Two folders of a group may overlap.
                if !seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
                    continue;
                }
                let Ok(text) = std::fs::read_to_string(&file) else { continue };
                if let Some(id) = id_of(&text).map(str::to_owned) {
                    let name = shown(&file);
                    index.entry(id).or_default().push(DocumentFile { name, text });
                }
            }
            index
        })
    }
}

impl Shelf {
    /// The shelf for a document (by its path; nothing: for an id) and `--library`.
    pub(crate) fn new(library: &[String], document: Option<&str>) -> Self {
        let mut groups = Vec::new();
        if library.is_empty() {
            if let Some(own) =
                document.map(|path| Path::new(path).parent().unwrap_or(Path::new("")))
            {
                let own = if own.as_os_str().is_empty() { Path::new(".") } else { own };
                groups.push(Group::flat(own.to_owned()));
                groups.extend(methods_folder(document).map(|folder| Group::new(vec![folder])));
                // Folders below the document's own come last: they may hold much that is not ours.
                groups.push(Group::new(vec![own.to_owned()]));
            } else {
                groups.extend(methods_folder(document).map(|folder| Group::new(vec![folder])));
            }
        } else {
            groups.push(Group::new(library.iter().map(PathBuf::from).collect()));
        }
        Self { groups, doubles: RefCell::default() }
    }

    /// The folder `--library` names must exist.
    pub(crate) fn check_folders(library: &[String]) -> Result<(), Failure> {
        match library.iter().find(|folder| !Path::new(folder).is_dir()) {
            None => Ok(()),
            Some(folder) => Err(Failure::new(
                format!("--library {folder} 不是目录"),
                format!("--library {folder} is no folder"),
            )
            .hint("给出存放方法学文档的目录", "give a folder that holds methodology documents")),
        }
    }

    /// The document of an id.
    pub(crate) fn find(&self, id: &str) -> Option<DocumentFile> {
        for group in &self.groups {
            let Some(files) = group.index().get(id) else { continue };
            if files.len() > 1 {
                let names = files.iter().map(|file| file.name.clone()).collect();
                self.doubles.borrow_mut().insert((id.to_owned(), names));
            }
            return files.first().cloned();
        }
        embedded::methods()
            .iter()
            .find(|(path, text)| path.strip_suffix(".md") == Some(id) || id_of(text) == Some(id))
            .map(|(path, text)| DocumentFile {
                name: format!("{}{path}", embedded::PREFIX),
                text: (*text).to_owned(),
            })
    }

    /// Findings about ids that stand in several documents, for those asked for so far.
    pub(crate) fn take_doubles(&self) -> Vec<Diagnostic> {
        let doubles = std::mem::take(&mut *self.doubles.borrow_mut());
        doubles.into_iter().map(|(id, names)| double_id(&id, &names)).collect()
    }
}

impl Library for Shelf {
    fn document(&self, id: &str) -> Option<(String, String)> {
        self.find(id).map(|file| (file.name, file.text))
    }

    fn ids(&self) -> Vec<String> {
        let mut ids: BTreeSet<String> =
            self.groups.iter().flat_map(|group| group.index().keys().cloned()).collect();
        ids.extend(
            embedded::methods().iter().filter_map(|(_, text)| id_of(text)).map(String::from),
        );
        ids.into_iter().collect()
    }
}

/// Several documents of one id.
pub(crate) fn double_id(id: &str, names: &[String]) -> Diagnostic {
    let mut finding = Diagnostic::error(
        "duplicate-id",
        format!("有 {} 篇文档的 id 都是「{id}」", names.len()),
        format!("{} documents have the id `{id}`", names.len()),
    );
    for name in names {
        finding = finding.at(Place::File(name.clone()), "", "");
    }
    finding.hint(
        "一个库里每个 id 只能有一篇；改名或移走其余的",
        "an id is unique in a library: rename or remove the others",
    )
}

/// Reads the document that `wanted` names: a path, or the id of a document in the library.
pub(crate) fn open(wanted: &str, library: &[String]) -> Result<(DocumentFile, Shelf), Failure> {
    Shelf::check_folders(library)?;
    if Path::new(wanted).exists() {
        let file = read_document(wanted)?;
        return Ok((file, Shelf::new(library, Some(wanted))));
    }
    let shelf = Shelf::new(library, None);
    if let Some(file) = shelf.find(wanted) {
        let path = (!file.name.starts_with(embedded::PREFIX)).then_some(file.name.as_str());
        let shelf = Shelf::new(library, path);
        return Ok((file, shelf));
    }
    let failure = Failure::new(
        format!("找不到文档 {wanted}：没有这个文件，库里也没有这个 id"),
        format!("there is no document {wanted}: neither a file nor an id in the library"),
    );
    let ids = shelf.ids();
    let near = nearest(wanted, ids.iter().map(String::as_str));
    Err(if near.is_empty() {
        failure.hint(
            "检查路径；按 id 找时用 --library 指明文档所在目录",
            "check the path; to find it by id, name its folder with --library",
        )
    } else {
        let list = near.join("、");
        failure.hint(format!("是否想写 {list}？"), format!("did you mean {}?", near.join(", ")))
    })
}

/// `methods/` in a folder above the document, else in the working directory or above it.
pub(crate) fn methods_folder(document: Option<&str>) -> Option<PathBuf> {
    let above = document.map(Path::new).into_iter().flat_map(|path| path.ancestors().skip(1));
    let mut working = PathBuf::new();
    let mut upwards = Vec::new();
    for _ in 0..ANCESTORS {
        upwards.push(working.clone());
        working.push("..");
    }
    above
        .map(Path::to_owned)
        .chain(upwards)
        .map(|folder| folder.join("methods"))
        .find(|folder| folder.is_dir())
}
