//! 文本规则 Rules for every text we write: characters, line ends, paths of a machine, hosts.

use super::{Finding, SourceFile};

/// Endings of the files that people write here; data and recorded outputs have their own ways.
const WRITTEN: &[&str] =
    &["rs", "toml", "md", "sh", "yml", "yaml", "json", "css", "ts", "js", "vue", "html", "svg"];

/// 机器路径 Folders that exist on one machine only; nothing we publish may name them.
const MACHINE_FOLDERS: &[&str] = &["work", "root", "home"];

/// 主机 Hosts of package registries: names of packages are enough. Put together here so that this
/// file does not hold them.
const REGISTRY_HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("deb.debian", ".org"),
    concat!("proxy.golang", ".org"),
];

/// All findings about one text.
pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let written = is_written(&file.path);
    if written && !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.push(Finding::new(&file.path, 0, "the last line has no end"));
    }
    for (index, line) in file.text.split('\n').enumerate() {
        let mut report = |message: String| {
            findings.push(Finding::new(&file.path, index + 1, message));
        };
        if written && let Some(control) = line.chars().find(|letter| letter.is_control()) {
            report(match control {
                '\t' => "a tab; four blanks".to_owned(),
                '\r' => "a carriage return; lines end with a line feed alone".to_owned(),
                other => format!("control character U+{:04X}", u32::from(other)),
            });
        }
        if let Some(folder) = machine_folder(line) {
            report(format!("`/{folder}/` is a folder of one machine"));
        }
        // Cargo's own lock file names its registry in every entry.
        let hosts = REGISTRY_HOSTS.iter().filter(|host| line.contains(**host));
        if !file.path.ends_with("Cargo.lock") {
            hosts.for_each(|host| report(format!("`{host}`: name the package, not the registry")));
        }
    }
    findings
}

fn is_written(path: &str) -> bool {
    if path.starts_with("fuzz/corpus/") || path.contains("/data/") || path.contains("/expected/") {
        return false;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((_, ending)) => WRITTEN.contains(&ending),
        None => path.starts_with(".ci/"),
    }
}

/// The folder of one machine that a line names as an absolute path.
fn machine_folder(line: &str) -> Option<&'static str> {
    MACHINE_FOLDERS.iter().copied().find(|folder| {
        let path = format!("/{folder}/");
        line.match_indices(&path).any(|(at, _)| {
            let before = line.get(..at).and_then(|text| text.chars().next_back());
            !before.is_some_and(|letter| letter.is_alphanumeric() || "._-}~)>*".contains(letter))
        })
    })
}

/// 显示宽度 Columns of a terminal: Chinese letters and full-width signs take two.
pub(super) fn width(line: &str) -> usize {
    line.chars().map(|letter| if is_wide(letter) { 2 } else { 1 }).sum()
}

fn is_wide(letter: char) -> bool {
    matches!(u32::from(letter),
        0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0xA4CF | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
}
