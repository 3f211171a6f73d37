//! 依赖方向 Which crate may use which, and who may name the heavy libraries.

use super::{Finding, SourceFile};
use serde_json::Value;

/// 许可 For each of our crates, those of ours it may depend on. The binary may use all.
///
/// A new crate gets its line here, in the direction that ARCHITECTURE.md gives it.
const ALLOWED: &[(&str, &[&str])] = &[
    ("tanliu-diagnostic", &[]),
    ("tanliu-unit", &[]),
    ("tanliu-factor", &["tanliu-diagnostic", "tanliu-unit"]),
    ("tanliu-method", &["tanliu-diagnostic", "tanliu-unit", "tanliu-factor"]),
    ("tanliu-ledger", &["tanliu-diagnostic", "tanliu-unit"]),
    ("tanliu-model", &["tanliu-diagnostic", "tanliu-unit"]),
    ("tanliu-load", &["tanliu-unit"]),
    ("tanliu-demo", &["tanliu-diagnostic", "tanliu-unit", "tanliu-platform", "tanliu-load"]),
    (
        "tanliu-engine",
        &["tanliu-diagnostic", "tanliu-unit", "tanliu-factor", "tanliu-method", "tanliu-load"],
    ),
    (
        "tanliu-cluster",
        &["tanliu-diagnostic", "tanliu-unit", "tanliu-factor", "tanliu-method", "tanliu-engine"],
    ),
    ("tanliu-office", &["tanliu-diagnostic", "tanliu-unit", "tanliu-factor", "tanliu-method"]),
    ("tanliu-pack", &["tanliu-diagnostic"]),
    ("tanliu-platform", &["tanliu-diagnostic", "tanliu-unit"]),
    ("tanliu-store", &["tanliu-diagnostic", "tanliu-unit", "tanliu-ledger", "tanliu-platform"]),
    (
        "tanliu-server",
        &[
            "tanliu-diagnostic",
            "tanliu-unit",
            "tanliu-factor",
            "tanliu-method",
            "tanliu-ledger",
            "tanliu-model",
            "tanliu-office",
            "tanliu-platform",
        ],
    ),
    ("xtask", &[]),
];

/// The binary: it puts the rooms together.
const BINARY: &str = "tanliu";

/// 独占 Heavy libraries, by the beginning of their names, and the crates that may name them.
const RESERVED: &[(&str, &[&str])] = &[
    ("datafusion", &["tanliu-engine", "tanliu-cluster"]),
    ("arrow", &["tanliu-engine", "tanliu-cluster"]),
    ("ballista", &["tanliu-cluster"]),
    ("sqlx", &["tanliu-store"]),
    ("axum", &["tanliu-server"]),
];

/// Finds forbidden edges in what `cargo metadata` printed.
pub(super) fn check(metadata: &str) -> Result<Vec<Finding>, String> {
    let metadata: Value =
        serde_json::from_str(metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    let mut findings = Vec::new();
    for package in metadata.get("packages").and_then(Value::as_array).into_iter().flatten() {
        let name = text(package, "name");
        let path = manifest_path(&metadata, package);
        let allowed = ALLOWED.iter().find(|(crate_name, _)| *crate_name == name);
        if allowed.is_none() && name != BINARY {
            let message = format!("crate {name} has no line in xtask/src/tidy/edges.rs");
            findings.push(Finding::new(&path, 0, message));
        }
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        for dependency in dependencies.into_iter().flatten() {
            let target = text(dependency, "name");
            let ours = target == BINARY || target.starts_with("tanliu-");
            let permitted = name == BINARY
                || allowed.is_some_and(|(_, targets)| targets.contains(&target.as_str()));
            if ours && !permitted && target != name {
                let message = format!("{name} must not depend on {target}");
                findings.push(Finding::new(&path, 0, message));
            }
            findings.extend(reserved(&path, &name, &target));
        }
    }
    Ok(findings)
}

fn reserved(path: &str, name: &str, target: &str) -> Option<Finding> {
    let (_, owners) = RESERVED.iter().find(|(library, _)| {
        target.strip_prefix(library).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })?;
    let message = format!("{name} must not name {target}: only {} may", owners.join(", "));
    (!owners.contains(&name)).then(|| Finding::new(path, 0, message))
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The manifest's path from the root.
fn manifest_path(metadata: &Value, package: &Value) -> String {
    let (root, path) = (text(metadata, "workspace_root"), text(package, "manifest_path"));
    path.strip_prefix(&root).map(|rest| rest.trim_start_matches('/').to_owned()).unwrap_or(path)
}

/// Finds dependencies of a member crate whose version stands outside `[workspace.dependencies]`.
///
/// `fuzz/` is a workspace of its own and cannot inherit.
pub(super) fn check_manifest(file: &SourceFile) -> Vec<Finding> {
    if file.path == "Cargo.toml" || file.path.starts_with("fuzz/") {
        return Vec::new();
    }
    let manifest = match file.text.parse::<toml::Table>() {
        Ok(manifest) => manifest,
        Err(error) => return vec![Finding::new(&file.path, 0, error.message())],
    };
    let mut tables = vec![&manifest];
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    tables
        .extend(targets.into_iter().flat_map(|table| table.values()).filter_map(|v| v.as_table()));
    let mut findings = Vec::new();
    for table in tables {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let dependencies = table.get(section).and_then(toml::Value::as_table);
            for (name, value) in dependencies.into_iter().flatten() {
                let inherited = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
                if !inherited || value.get("features").is_some() {
                    let line = line_of(&file.text, name);
                    let message = format!(
                        "the version and the features of `{name}` belong into \
                         [workspace.dependencies]"
                    );
                    findings.push(Finding::new(&file.path, line, message));
                }
            }
        }
    }
    findings
}

/// The line on which a dependency is declared; 0 if it is not found.
fn line_of(text: &str, name: &str) -> usize {
    let declares = |line: &str| {
        line.trim_start_matches('"')
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with([' ', '=', '.', '"']))
    };
    text.lines().position(declares).map_or(0, |at| at + 1)
}
