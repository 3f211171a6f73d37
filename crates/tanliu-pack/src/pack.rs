//! 写与读 A pack from its contents, and its contents from a pack: every byte held to the manifest.

use crate::archive::{self, Slot, Writer};
use crate::digest::{Digests, Measure, hexadecimal};
use crate::manifest::{Entry, External, FORMAT, Kind, MANIFEST, Manifest, RunRecord, is_safe};
use crate::message;
use crate::signature::{SIGNATURE, SignatureBlock, Signer};
use crate::source::{NoOutlet, Outlet, Source, Taken};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_diagnostic::{Diagnostic, Diagnostics};

/// 限度 What a pack may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of all entries, unpacked.
    pub bytes_max: u64,
    /// Entries.
    pub entries_max: usize,
    /// Bytes of `MANIFEST.json` and of the signature.
    pub manifest_bytes_max: u64,
}

impl Default for Limits {
    /// Two gibibytes in 60,000 entries.
    fn default() -> Self {
        Self { bytes_max: 2 << 30, entries_max: 60_000, manifest_bytes_max: 64 << 20 }
    }
}

/// 内容 One entry to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its path in the archive.
    pub path: String,
    /// What it is for.
    pub kind: Kind,
    /// What the run called it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// 流 An entry that is copied while the pack is written, as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streamed {
    /// Its path in the archive.
    pub path: String,
    /// What it is for.
    pub kind: Kind,
    /// What the run called it.
    pub name: String,
    /// Its size and digests, taken before.
    pub measure: Measure,
}

/// Opens the stream of an entry.
pub type Opening<'o> = dyn FnMut(&Streamed) -> std::io::Result<Box<dyn std::io::Read>> + 'o;

/// 草稿 What goes into a pack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The version of the engine.
    pub engine: String,
    /// How the run was called.
    pub run: RunRecord,
    /// The entries; they are written in the order of their paths.
    pub contents: Vec<Content>,
    /// Entries that need not fit into memory.
    pub streams: Vec<Streamed>,
    /// Data that are only named.
    pub external: Vec<External>,
}

/// 打包错误 Why a pack cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// Two entries of one path, or a path that leads out of the pack.
    #[error("`{0}` cannot be a path in a pack")]
    Path(String),
    /// More than a pack may hold.
    #[error("{bytes} bytes in {entries} entries are more than a pack holds")]
    TooLarge {
        /// Bytes of all entries.
        bytes: u64,
        /// Entries.
        entries: usize,
    },
    /// An entry is not what was measured.
    #[error("`{0}` changed while it was packed")]
    Changed(String),
    /// The stream of an entry could not be read.
    #[error("`{0}` cannot be read: {1}")]
    Reading(String, String),
    /// What was written could not be taken.
    #[error("the pack cannot be written: {0}")]
    Writing(String),
    /// The key did not sign.
    #[error("the key cannot sign")]
    Signing,
    /// The manifest could not be written.
    #[error("the manifest cannot be written: {0}")]
    Manifest(String),
}

/// 计算包 A pack that was read: every entry is what the manifest says it is.
#[derive(Debug, Clone)]
pub struct Pack {
    /// What it says of itself.
    pub manifest: Manifest,
    /// The entries by path, but for those that went to an outlet.
    pub contents: BTreeMap<String, Vec<u8>>,
    /// Its signature: well formed, not yet verified.
    pub signature: Option<SignatureBlock>,
    /// What the signature signs: the bytes of `MANIFEST.json`.
    pub signed: Vec<u8>,
}

impl Pack {
    /// The entries of a kind with their bytes, in the order of their paths.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&Entry, &[u8])> {
        let entries = self.manifest.entries.iter().filter(move |entry| entry.kind == kind);
        entries.filter_map(|entry| Some((entry, self.contents.get(&entry.path)?.as_slice())))
    }

    /// What it was written from.
    pub fn into_draft(self) -> Draft {
        let Self { manifest, mut contents, .. } = self;
        let take = |entry: Entry| {
            let bytes = contents.remove(&entry.path).unwrap_or_default();
            Content { path: entry.path, kind: entry.kind, name: entry.name, bytes }
        };
        let (engine, run, external) = (manifest.engine, manifest.run, manifest.external);
        let contents = manifest.entries.into_iter().map(take).collect();
        Draft { engine, run, contents, streams: Vec::new(), external }
    }
}

/// Writes a pack; the same draft and key give the same bytes.
///
/// # Errors
/// A path stands twice or is unsafe, there is more than a pack holds, or the key does not sign; a
/// draft with streams.
pub fn write(
    draft: &Draft,
    signer: Option<&dyn Signer>,
    limits: &Limits,
) -> Result<Vec<u8>, PackError> {
    let mut bytes = Vec::new();
    let none = &mut |_: &Streamed| Err(std::io::Error::other("nothing opens it"));
    write_to(draft, signer, limits, (none, &mut bytes))?;
    Ok(bytes)
}

/// Writes a pack piece by piece, streams as they are opened; how many bytes it has.
///
/// # Errors
/// As [`write()`]; a stream that cannot be read or is not what was measured; what is written is not
/// taken.
pub fn write_to(
    draft: &Draft,
    signer: Option<&dyn Signer>,
    limits: &Limits,
    (open, out): (&mut Opening<'_>, &mut dyn std::io::Write),
) -> Result<usize, PackError> {
    let by_path = by_path(draft)?;
    let bytes = by_path.values().map(Part::bytes).sum();
    let entries = by_path.len();
    if bytes > limits.bytes_max || entries > limits.entries_max {
        return Err(PackError::TooLarge { bytes, entries });
    }
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        engine: draft.engine.clone(),
        run: draft.run.clone(),
        entries: by_path.values().map(Part::entry).collect(),
        external: draft.external.clone(),
    };
    let manifest = json(&manifest)?;
    let signature = match signer {
        Some(signer) => Some(json(&block(signer, &manifest)?)?),
        None => None,
    };
    let failed = |error: std::io::Error| PackError::Writing(error.to_string());
    let mut writer = Writer::new(out);
    writer.add(MANIFEST, &manifest).map_err(failed)?;
    for (path, part) in &by_path {
        match part {
            Part::Whole(content) => writer.add(path, &content.bytes).map_err(failed)?,
            Part::Stream(own) => {
                let reading =
                    |error: std::io::Error| PackError::Reading(own.name.clone(), error.to_string());
                let mut stream = open(own).map_err(reading)?;
                let seen = writer.add_stream(path, &own.measure, &mut *stream).map_err(reading)?;
                if seen != own.measure {
                    return Err(PackError::Changed(own.name.clone()));
                }
            }
        }
    }
    if let Some(signature) = &signature {
        writer.add(SIGNATURE, signature).map_err(failed)?;
    }
    writer.finish().map_err(failed)
}

/// 部分 An entry to write, in memory or not.
enum Part<'d> {
    Whole(&'d Content),
    Stream(&'d Streamed),
}

impl Part<'_> {
    fn bytes(&self) -> u64 {
        match self {
            Self::Whole(content) => content.bytes.len() as u64,
            Self::Stream(own) => own.measure.bytes,
        }
    }

    fn entry(&self) -> Entry {
        match self {
            Self::Whole(content) => entry(content),
            Self::Stream(own) => Entry {
                path: own.path.clone(),
                kind: own.kind,
                name: own.name.clone(),
                bytes: own.measure.bytes,
                digests: own.measure.digests.clone(),
            },
        }
    }
}

/// The entries in the order of their paths, every path safe and given once.
fn by_path(draft: &Draft) -> Result<BTreeMap<&str, Part<'_>>, PackError> {
    let whole = draft.contents.iter().map(|own| (own.path.as_str(), Part::Whole(own)));
    let streams = draft.streams.iter().map(|own| (own.path.as_str(), Part::Stream(own)));
    let mut by_path = BTreeMap::new();
    for (path, part) in whole.chain(streams) {
        let own = path == MANIFEST || path == SIGNATURE;
        if own || !is_safe(path) || by_path.insert(path, part).is_some() {
            return Err(PackError::Path(path.to_owned()));
        }
    }
    // A file cannot be a folder too.
    let is_file = |at: usize, path: &str| path.get(..at).is_some_and(|up| by_path.contains_key(up));
    let below = |path: &&&str| path.match_indices('/').any(|(at, _)| is_file(at, path));
    match by_path.keys().find(below) {
        Some(path) => Err(PackError::Path((*path).to_owned())),
        None => Ok(by_path),
    }
}

fn entry(content: &Content) -> Entry {
    Entry {
        path: content.path.clone(),
        kind: content.kind,
        name: content.name.clone(),
        bytes: content.bytes.len() as u64,
        digests: Digests::of(&content.bytes),
    }
}

fn block(signer: &dyn Signer, manifest: &[u8]) -> Result<SignatureBlock, PackError> {
    let signature = signer.sign(manifest).map_err(|_| PackError::Signing)?;
    Ok(SignatureBlock {
        algorithm: signer.algorithm().name().to_owned(),
        public_key: hexadecimal(&signer.public_key()),
        signature: hexadecimal(&signature),
    })
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, PackError> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|error| PackError::Manifest(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads a pack. `name` is what messages call it. There is a pack only if nothing is wrong: the
/// seal, the layout, the manifest, the digest of every entry. The signature is not verified here.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> (Option<Pack>, Diagnostics) {
    read_from(name, bytes, limits, &mut NoOutlet)
}

/// Reads a pack from wherever it lies; what the outlet takes is not kept. What it took counts only
/// if there is a pack.
pub fn read_from(
    name: &str,
    source: &(impl Source + ?Sized),
    limits: &Limits,
    outlet: &mut dyn Outlet,
) -> (Option<Pack>, Diagnostics) {
    let mut findings = Diagnostics::default();
    let slots = match archive::read(source) {
        Ok(slots) => slots,
        Err(fault) => {
            findings.push(message::fault(name, &fault));
            return (None, findings);
        }
    };
    let found = open_slots((name, source), &slots, limits, (outlet, &mut findings));
    let pack = found.map_err(|finding| findings.push(*finding)).ok();
    (pack.filter(|_| !findings.has_errors()), findings)
}

fn open_slots(
    (name, source): (&str, &(impl Source + ?Sized)),
    slots: &[Slot],
    limits: &Limits,
    (outlet, findings): (&mut dyn Outlet, &mut Diagnostics),
) -> Result<Pack, Box<Diagnostic>> {
    let irregular =
        |what: &str, zh: &str, en: &str| Box::new(message::irregular(name, what, zh, en));
    check_sizes(name, slots, limits)?;
    let unpack = |slot: &Slot, to: &mut Taken<'_>| {
        slot.unpack(source, to).ok_or_else(|| {
            irregular(
                &slot.name,
                "解不开，或与它的校验和不符",
                "it does not unpack to its checksum",
            )
        })
    };
    let whole = |slot: &Slot| {
        let mut taken = Taken::Kept(Vec::new());
        unpack(slot, &mut taken)?;
        Ok::<_, Box<Diagnostic>>(taken.kept())
    };
    let first = slots.first().filter(|slot| slot.name == MANIFEST);
    let Some(first) = first else {
        return Err(irregular(MANIFEST, "不是第一个条目", "it is not the first entry"));
    };
    let signed = whole(first)?;
    let manifest = parse_manifest(name, &signed)?;
    let mut rest = slots.get(1..).unwrap_or_default();
    let mut signature = None;
    if let Some((last, before)) = rest.split_last().filter(|(last, _)| last.name == SIGNATURE) {
        rest = before;
        let block = serde_json::from_slice::<SignatureBlock>(&whole(last)?);
        signature = Some(block.map_err(|error| {
            irregular(
                SIGNATURE,
                &format!("读不通：{error}"),
                &format!("it cannot be read: {error}"),
            )
        })?);
    }
    if let Some(finding) = message::entries(name, &manifest, rest.iter().map(|s| s.name.as_str())) {
        return Err(Box::new(finding));
    }
    let mut contents = BTreeMap::new();
    for (entry, slot) in manifest.entries.iter().zip(rest) {
        let out = outlet.takes(entry);
        let mut taken = match out {
            true => Taken::Out(&mut *outlet),
            false => Taken::Kept(Vec::new()),
        };
        let measure = unpack(slot, &mut taken)?;
        if measure.bytes != entry.bytes || measure.digests != entry.digests {
            findings.push(message::digest(name, entry, &measure));
        }
        let kept = taken.kept();
        if !out {
            contents.insert(entry.path.clone(), kept);
        }
    }
    Ok(Pack { manifest, contents, signature, signed })
}

fn check_sizes(name: &str, slots: &[Slot], limits: &Limits) -> Result<(), Box<Diagnostic>> {
    let total: u64 = slots.iter().map(|slot| u64::from(slot.size)).sum();
    let own = slots.iter().filter(|slot| slot.name == MANIFEST || slot.name == SIGNATURE);
    let large = own.map(|slot| u64::from(slot.size)).any(|size| size > limits.manifest_bytes_max);
    if large || total > limits.bytes_max || slots.len() > limits.entries_max + 2 {
        return Err(Box::new(message::too_large(name, total, slots.len(), limits)));
    }
    Ok(())
}

fn parse_manifest(name: &str, bytes: &[u8]) -> Result<Manifest, Box<Diagnostic>> {
    // A later format is told as such, whatever else it may hold.
    #[derive(serde::Deserialize)]
    struct Begin {
        format: String,
    }
    let begin = serde_json::from_slice::<Begin>(bytes).ok();
    if let Some(begin) = begin.filter(|begin| begin.format != FORMAT) {
        return Err(Box::new(message::other_format(name, &begin.format)));
    }
    let manifest: Manifest = serde_json::from_slice(bytes).map_err(|error| {
        let (zh, en) = (format!("读不通：{error}"), format!("it cannot be read: {error}"));
        Box::new(message::irregular(name, MANIFEST, &zh, &en))
    })?;
    match unfit_path(&manifest) {
        Some(path) => Err(Box::new(message::unsafe_path(name, path))),
        None => Ok(manifest),
    }
}

/// A path or a name of the manifest that must not be followed, or printed.
fn unfit_path(manifest: &Manifest) -> Option<&str> {
    let own = |path: &str| path == MANIFEST || path == SIGNATURE;
    let (entries, external) = (manifest.entries.iter(), manifest.external.iter());
    let places: Vec<&str> = (entries.clone().map(|entry| entry.path.as_str()))
        .chain(external.clone().map(|external| external.path.as_str()))
        .collect();
    let all: BTreeSet<&str> = places.iter().copied().collect();
    // A file cannot be a folder too.
    let below = |path: &str| {
        path.match_indices('/').any(|(at, _)| path.get(..at).is_some_and(|up| all.contains(up)))
    };
    let files = external.clone().flat_map(|external| &external.files);
    let files = files.map(|file| file.path.as_str()).filter(|path| !path.is_empty());
    let names = entries.map(|entry| &entry.name).chain(external.map(|external| &external.name));
    let mut names = names.chain(&manifest.run.data).chain([&manifest.run.document]);
    let mut seen = BTreeSet::new();
    places
        .into_iter()
        .find(|path| !is_safe(path) || own(path) || below(path) || !seen.insert(*path))
        .or_else(|| files.into_iter().find(|path| !is_safe(path)))
        .or_else(|| names.find(|name| name.chars().any(char::is_control)).map(String::as_str))
}
