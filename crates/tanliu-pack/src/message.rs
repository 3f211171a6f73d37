//! 措辞 What is said of a pack that cannot be trusted.

use crate::archive::{Fault, Part};
use crate::digest::Measure;
use crate::manifest::{Entry, FORMAT, Manifest};
use crate::pack::Limits;
use std::collections::BTreeSet;
use tanliu_diagnostic::{Diagnostic, Place, Text};

const AGAIN_ZH: &str = "向给出这个包的人重新要一份；传输时用二进制方式";
const AGAIN_EN: &str = "ask whoever gave you the pack for it again; transfer it as binary";

fn at(finding: Diagnostic, name: &str) -> Diagnostic {
    finding.at(Place::File(name.to_owned()), "", "")
}

/// A fault of the container.
pub(crate) fn fault(name: &str, fault: &Fault) -> Diagnostic {
    let finding = match fault {
        Fault::Foreign => Diagnostic::error(
            "pack-unreadable",
            "这不是 tanliu pack 写出的包",
            "this is no pack that tanliu pack wrote",
        )
        .hint("给出 .tanpack 文件", "name a .tanpack file"),
        Fault::Truncated(part) => {
            let part = part_words(part);
            Diagnostic::error(
                "pack-truncated",
                format!("包不完整：文件在{}中间断了", part.zh),
                format!("the pack is cut off: the file ends within {}", part.en),
            )
            .hint(AGAIN_ZH, AGAIN_EN)
        }
        Fault::Trailing(count) => Diagnostic::error(
            "pack-trailing",
            format!("包的末尾之后还有 {count} 个字节"),
            format!("bytes stand behind the end of the pack: {count}"),
        )
        .hint(AGAIN_ZH, AGAIN_EN),
        Fault::Damaged(part) => {
            let part = part_words(part);
            Diagnostic::error(
                "pack-damaged",
                format!("包被改动或损坏：{}与封印不符", part.zh),
                format!("the pack was changed or damaged: {} does not fit the seal", part.en),
            )
            .hint(AGAIN_ZH, AGAIN_EN)
        }
        Fault::Irregular(part) => {
            let part = part_words(part);
            Diagnostic::error(
                "pack-irregular",
                format!("封印相符，但{}不是 tanliu pack 的写法", part.zh),
                format!("the seal fits, but {} is not written as tanliu pack does", part.en),
            )
            .hint("包是别的程序写的，不能采信", "another program wrote it: do not trust it")
        }
    };
    at(finding, name)
}

fn part_words(part: &Part) -> Text {
    match part {
        Part::Header(0, _) => Text::new("文件开头", "the beginning of the file"),
        Part::Header(count, name) if name.is_empty() => {
            Text::new(format!("第 {count} 个条目的头部"), format!("the header of entry {count}"))
        }
        Part::Header(count, name) => Text::new(
            format!("第 {count} 个条目「{name}」的头部"),
            format!("the header of entry {count}, `{name}`,"),
        ),
        Part::Content(name) => {
            Text::new(format!("条目「{name}」的内容"), format!("the content of `{name}`"))
        }
        Part::Directory(name) => {
            Text::new(format!("目录里「{name}」一项"), format!("the directory's line of `{name}`"))
        }
        Part::End => Text::new("目录的结尾记录", "the end record of the directory"),
        Part::Seal => Text::new("末尾的封印", "the seal at the end"),
    }
}

/// A sealed pack of which one part makes no sense.
pub(crate) fn irregular(name: &str, what: &str, zh: &str, en: &str) -> Diagnostic {
    let finding = Diagnostic::error(
        "pack-irregular",
        format!("包里的「{what}」{zh}"),
        format!("`{what}` in the pack: {en}"),
    );
    at(finding, name)
        .hint("包是别的程序写的，不能采信", "another program wrote it: do not trust it")
}

/// A format that this version does not know.
pub(crate) fn other_format(name: &str, format: &str) -> Diagnostic {
    let finding = Diagnostic::error(
        "pack-unreadable",
        format!("包的格式是 {format}，这个版本只认 {FORMAT}"),
        format!("the pack's format is {format}; this version knows {FORMAT}"),
    );
    at(finding, name).hint("换用写出它的版本", "use the version that wrote it")
}

/// A path that leads out of the pack, or stands twice.
pub(crate) fn unsafe_path(name: &str, path: &str) -> Diagnostic {
    let shown = path.escape_debug();
    let finding = Diagnostic::error(
        "pack-unsafe-path",
        format!("包里的路径「{shown}」重复、会指到包外，或含控制字符"),
        format!(
            "the path `{shown}` in the pack stands twice, leads out of it or holds a control character"
        ),
    );
    at(finding, name).hint("不要解开这个包", "do not unpack this file")
}

/// More than the limits allow.
pub(crate) fn too_large(name: &str, bytes: u64, entries: usize, limits: &Limits) -> Diagnostic {
    let (most, mebibytes) = (limits.bytes_max >> 20, bytes >> 20);
    let finding = Diagnostic::error(
        "pack-too-large",
        format!("包展开有 {mebibytes} MiB、{entries} 个条目，超过限度（{most} MiB）"),
        format!(
            "unpacked the pack has {mebibytes} MiB in {entries} entries, above the limit ({most} MiB)"
        ),
    );
    at(finding, name).hint(
        "打包时用 --external 只记大文件的摘要值",
        "pack it with --external, which names large files by their digests only",
    )
}

/// Entries that are not listed, or listed and not there; nothing if all fit and are in order.
pub(crate) fn entries<'a>(
    name: &str,
    manifest: &Manifest,
    found: impl Iterator<Item = &'a str>,
) -> Option<Diagnostic> {
    let found: Vec<&str> = found.collect();
    let listed: Vec<&str> = manifest.entries.iter().map(|entry| entry.path.as_str()).collect();
    if found == listed {
        return None;
    }
    let mut finding = at(
        Diagnostic::error(
            "pack-entries",
            "包里的条目与 MANIFEST.json 所列不同",
            "the entries of the pack are not those that MANIFEST.json lists",
        ),
        name,
    );
    let (have, want): (BTreeSet<&str>, BTreeSet<&str>) =
        (found.iter().copied().collect(), listed.iter().copied().collect());
    let words = |left: &BTreeSet<&str>, right: &BTreeSet<&str>| {
        left.difference(right).take(10).copied().collect::<Vec<_>>().join(", ")
    };
    let (more, lacking) = (words(&have, &want), words(&want, &have));
    if !more.is_empty() {
        finding = finding.note(format!("没有列出的：{more}"), format!("not listed: {more}"));
    }
    if !lacking.is_empty() {
        finding = finding.note(format!("缺少的：{lacking}"), format!("missing: {lacking}"));
    }
    if more.is_empty() && lacking.is_empty() {
        finding = finding.note("次序不同", "their order differs");
    }
    Some(finding.hint(AGAIN_ZH, AGAIN_EN))
}

/// An entry that is not what the manifest says.
pub(crate) fn digest(name: &str, entry: &Entry, own: &Measure) -> Diagnostic {
    let path = &entry.path;
    let (bytes, sha256) = (own.bytes, &own.digests.sha256);
    let finding = Diagnostic::error(
        "pack-digest",
        format!("包里的「{path}」与 MANIFEST.json 所记的摘要值不符"),
        format!("`{path}` in the pack does not match its digest in MANIFEST.json"),
    );
    let (listed, size) = (&entry.digests.sha256, entry.bytes);
    at(finding, name)
        .note(
            format!("所记：{size} 字节，SHA-256 {listed}"),
            format!("listed: {size} bytes, SHA-256 {listed}"),
        )
        .note(
            format!("实际：{bytes} 字节，SHA-256 {sha256}"),
            format!("found: {bytes} bytes, SHA-256 {sha256}"),
        )
        .hint("打包之后有人改了它；不能采信", "it was changed after packing: do not trust it")
}
