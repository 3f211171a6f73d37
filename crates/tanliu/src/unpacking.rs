//! 解包 A run out of a pack: the documents and factors of the pack and no others, the data in a folder of their own.

use crate::arguments::{Data, Engine};
use crate::data::Names;
use crate::documents::{id_of, shown};
use crate::embedded::PREFIX;
use crate::factors::{FactorFiles, Loaded};
use crate::failure::Failure;
use crate::findings::add_texts;
use crate::packing::Arguments;
use crate::session::Session;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use tanliu_diagnostic::{Diagnostic, Place};
use tanliu_factor::Catalogue;
use tanliu_method::check::{Library, check};
use tanliu_pack::{
    Entry, Evaluator, External, ExternalFile, ExternalKind, Kind, Measure, Outlet, Pack, Source,
};
use tanliu_unit::UnitTable;
use tempfile::TempDir;

/// 已解的包 A session of the pack's own texts, and where its data lie; the folder goes with it.
pub(crate) struct Unpacked {
    /// The document of the pack, checked.
    pub(crate) session: Session,
    /// The run's arguments, the data by where they lie now.
    pub(crate) data: Data,
    /// What could not be found.
    pub(crate) findings: Vec<Diagnostic>,
    /// Where each `--data` of the run belongs in the pack.
    pub(crate) arguments: Arguments,
    _folder: TempDir,
}

/// 盘上的包 The bytes of a pack in its file, read piece by piece.
pub(crate) struct OnDisk {
    name: String,
    file: File,
    length: usize,
    /// What went wrong while it was read.
    failed: RefCell<Option<io::Error>>,
}

impl OnDisk {
    /// Opens a pack.
    pub(crate) fn open(name: &str) -> Result<Self, Failure> {
        let opened = File::open(name).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (length, file) = opened.map_err(|error| Failure::unreadable(name, &error))?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        Ok(Self { name: name.to_owned(), file, length, failed: RefCell::new(None) })
    }

    /// Whether it could be read; else nothing that was found of it counts.
    pub(crate) fn settle(&self) -> Result<(), Failure> {
        match self.failed.take() {
            Some(error) => Err(Failure::unreadable(&self.name, &error)),
            None => Ok(()),
        }
    }
}

impl Source for OnDisk {
    fn length(&self) -> usize {
        self.length
    }

    fn piece(&self, from: usize, to: usize) -> Cow<'_, [u8]> {
        let to = to.min(self.length);
        let mut bytes = vec![0; to.saturating_sub(from)];
        let mut file = &self.file;
        let read =
            file.seek(io::SeekFrom::Start(from as u64)).and_then(|_| file.read_exact(&mut bytes));
        if let Err(error) = read {
            self.failed.borrow_mut().get_or_insert(error);
            bytes.clear();
        }
        Cow::Owned(bytes)
    }
}

/// 落脚处 The folder into which the data of a pack go while it is read; it goes with it.
pub(crate) struct Landing {
    folder: TempDir,
    /// The file that is being written.
    current: Option<(PathBuf, BufWriter<File>)>,
    failed: Option<Failure>,
}

impl Landing {
    /// An empty folder.
    pub(crate) fn new() -> Result<Self, Failure> {
        let folder = tempfile::Builder::new()
            .prefix("tanliu-verify-")
            .tempdir()
            .map_err(|error| Failure::unwritable("TMPDIR", &error))?;
        Ok(Self { folder, current: None, failed: None })
    }

    /// The folder, if everything could be written.
    pub(crate) fn settle(mut self) -> Result<TempDir, Failure> {
        self.close();
        match self.failed {
            Some(failure) => Err(failure),
            None => Ok(self.folder),
        }
    }

    fn close(&mut self) {
        if let Some((path, mut file)) = self.current.take()
            && let Err(error) = file.flush()
        {
            self.failed.get_or_insert(Failure::unwritable(&shown(&path), &error));
        }
    }
}

impl Outlet for Landing {
    fn takes(&mut self, entry: &Entry) -> bool {
        self.close();
        if !matches!(entry.kind, Kind::Data | Kind::PassedOver) {
            return false;
        }
        // Paths of a manifest that was read stay below the folder.
        let path = self.folder.path().join(&entry.path);
        let mut opened = None;
        let made = put(&path, |path| {
            opened = Some(BufWriter::new(File::create(path)?));
            Ok(())
        });
        match (made, opened) {
            (Ok(()), Some(file)) => self.current = Some((path, file)),
            (Err(failure), _) => {
                self.failed.get_or_insert(failure);
            }
            _ => {}
        }
        true
    }

    fn put(&mut self, piece: &[u8]) {
        let Some((path, file)) = &mut self.current else { return };
        if let Err(error) = file.write_all(piece) {
            self.failed.get_or_insert(Failure::unwritable(&shown(path), &error));
            self.current = None;
        }
    }
}

/// The documents of a pack as a library: nothing else is looked at.
struct Shelf {
    documents: Vec<(String, String)>,
}

impl Library for Shelf {
    fn document(&self, id: &str) -> Option<(String, String)> {
        let named = |name: &str, text: &str| {
            id_of(text) == Some(id)
                || name.strip_prefix(PREFIX).and_then(|path| path.strip_suffix(".md")) == Some(id)
        };
        self.documents.iter().find(|(name, text)| named(name, text)).cloned()
    }

    fn ids(&self) -> Vec<String> {
        self.documents.iter().filter_map(|(_, text)| id_of(text)).map(str::to_owned).collect()
    }
}

impl Unpacked {
    /// What a run needs, its data in the folder where they landed. `folders` is where data are
    /// looked for that the pack only names.
    pub(crate) fn open(
        pack: &Pack,
        name: &str,
        folders: &[String],
        folder: TempDir,
    ) -> Result<Self, Failure> {
        let mut session = session(pack);
        let root = shown(folder.path());
        let mut findings = Vec::new();
        for external in &pack.manifest.external {
            for (own, file) in external.named() {
                match found(&own, file, folders)? {
                    Some(there) => {
                        put(&inside(folder.path(), external, file), |to| link(&there, to))?
                    }
                    None => findings.push(missing(name, &own, file, folders)),
                }
            }
        }
        let arguments = Arguments::of(&pack.manifest.run.data, |path| is_folder(pack, path));
        let mut data = Vec::new();
        for own in arguments.unpacked(&root) {
            let path = own.path;
            if own.folder {
                // One of which nothing was read is there all the same.
                std::fs::create_dir_all(&path)
                    .map_err(|error| Failure::unwritable(&path, &error))?;
            }
            // A file that was given twice is read once.
            if Path::new(&path).exists() {
                data.push(path);
            }
            own.names.into_iter().for_each(|(now, then)| session.names.add(now, then));
        }
        let run = &pack.manifest.run;
        let data = Data {
            data,
            set: run.set.clone(),
            drop_refused: run.drop_refused,
            engine: run.engine.map(|engine| match engine {
                Evaluator::Reference => Engine::Reference,
                Evaluator::Columnar => Engine::Columnar,
            }),
            ..Data::default()
        };
        Ok(Self { session, data, findings, arguments, _folder: folder })
    }
}

/// A session of the texts of a pack.
fn session(pack: &Pack) -> Session {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let documents: Vec<(String, String)> = pack
        .of_kind(Kind::Document)
        .map(|(entry, bytes)| (entry.name.clone(), text(bytes)))
        .collect();
    let texts: BTreeMap<String, String> = pack
        .of_kind(Kind::Factor)
        .map(|(entry, bytes)| (entry.name.clone(), text(bytes)))
        .collect();
    let files: Vec<(String, String)> = texts.clone().into_iter().collect();
    let (catalogue, told) = match files.is_empty() {
        true => (Catalogue::default(), tanliu_diagnostic::Diagnostics::default()),
        false => Catalogue::load(files, &UnitTable::builtin()),
    };
    let loaded = Loaded { catalogue, findings: told, texts };
    let name = &pack.manifest.run.document;
    let main = documents.iter().find(|(own, _)| own == name);
    let main = main.map(|(_, text)| text.clone()).unwrap_or_default();
    let mut checked = check(name, &main, &Shelf { documents }, &loaded.catalogue);
    let mut findings = std::mem::take(&mut checked.diagnostics);
    findings.append(loaded.findings.clone());
    let mut texts = loaded.texts.clone();
    add_texts(&mut texts, &checked);
    let factor_files = FactorFiles::default();
    Session { checked, factor_files, loaded, texts, findings, names: Names::default() }
}

/// Whether an argument was a folder: what was read of it lies below it.
fn is_folder(pack: &Pack, argument: &str) -> bool {
    let name = shown(Path::new(argument));
    let entries = pack.manifest.entries.iter();
    let mut names = entries
        .filter(|entry| matches!(entry.kind, Kind::Data | Kind::PassedOver))
        .map(|entry| &entry.name)
        .chain(
            (pack.manifest.external.iter())
                .filter(|external| external.kind == ExternalKind::File)
                .map(|external| &external.name),
        );
    !names.any(|own| *own == name)
}

/// Makes the folders above a file, and the file.
fn put(path: &Path, write: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<(), Failure> {
    let parent = path.parent().unwrap_or(path);
    std::fs::create_dir_all(parent)
        .and_then(|()| write(path))
        .map_err(|error| Failure::unwritable(&shown(path), &error))
}

fn inside(root: &Path, external: &External, file: &ExternalFile) -> std::path::PathBuf {
    let path = root.join(&external.path);
    if file.path.is_empty() { path } else { path.join(&file.path) }
}

/// A file that has the digests asked for, under one of the folders: by its name as the run gave
/// it, by the end of that name.
fn found(
    whole: &str,
    file: &ExternalFile,
    folders: &[String],
) -> Result<Option<std::path::PathBuf>, Failure> {
    let parts: Vec<&str> =
        whole.split('/').filter(|part| !part.is_empty() && *part != "." && *part != "..").collect();
    for folder in folders {
        for begin in 0..parts.len() {
            let end = parts.get(begin..).unwrap_or_default();
            let path = end.iter().fold(Path::new(folder).to_owned(), |path, part| path.join(part));
            if !path.is_file() {
                continue;
            }
            let measure = std::fs::File::open(&path)
                .and_then(|mut opened| Measure::of(&mut opened))
                .map_err(|error| Failure::unreadable(&shown(&path), &error))?;
            if measure.digests == file.digests {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

fn missing(name: &str, own: &str, file: &ExternalFile, folders: &[String]) -> Diagnostic {
    let (sha256, bytes) = (&file.digests.sha256, file.bytes);
    let finding = Diagnostic::error(
        "pack-external-missing",
        format!("包里只记了 {own} 的摘要值，没有找到这个文件"),
        format!("the pack names {own} by its digest only, and that file was not found"),
    )
    .at(Place::File(name.to_owned()), "", "")
    .note(
        format!("要的是：{bytes} 字节，SHA-256 {sha256}"),
        format!("wanted: {bytes} bytes, SHA-256 {sha256}"),
    );
    if folders.is_empty() {
        return finding.hint("用 --data 给出它所在的目录", "name its folder with --data");
    }
    let list = folders.join("、");
    finding.hint(
        format!("{list} 里没有内容相符的同名文件"),
        format!("no file of that name and content is in {}", folders.join(", ")),
    )
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(from.canonicalize()?, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::copy(from, to).map(|_| ())
}
