//! 内嵌方法、因子与网页 Lists `methods/**`, `factors/**` and the built web app, `web/dist/**`, for the
//! copies inside the binary.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut code = String::new();
    list(&mut code, "METHODS", &root.join("methods"), &["md"]);
    list(&mut code, "FACTORS", &root.join("factors"), &["csv", "toml"]);
    list_web(&mut code, &root.join("web/dist"));
    println!("cargo::rerun-if-changed=build.rs");
    let target = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    if let Err(error) = std::fs::write(target.join("embedded.rs"), code) {
        println!("cargo::error=cannot write the list of embedded files: {error}");
    }
}

/// A constant with the path (relative, `/`) and the text of every file below `folder`.
fn list(code: &mut String, name: &str, folder: &Path, extensions: &[&str]) {
    let mut files = Vec::new();
    if folder.is_dir() {
        println!("cargo::rerun-if-changed={}", folder.display());
        walk(folder, &mut files);
    }
    files.sort();
    let _ = writeln!(code, "/// Path and text of each file of `{}/`.", name.to_lowercase());
    let _ = writeln!(code, "pub(super) const {name}: &[(&str, &str)] = &[");
    for file in files {
        let extension = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(relative) = file.strip_prefix(folder) else { continue };
        let relative = relative.to_string_lossy().replace('\\', "/");
        // Documents that are meant to be wrong serve nobody who looks for a method.
        if !extensions.contains(&extension.as_str()) || relative.starts_with("bad/") {
            continue;
        }
        let full = file.canonicalize().unwrap_or(file);
        let _ =
            writeln!(code, "    ({relative:?}, include_str!({:?})),", full.display().to_string());
    }
    let _ = writeln!(code, "];");
}

/// The same for the files of the web app, as bytes. Nobody has to build it: without it the list is
/// empty.
fn list_web(code: &mut String, folder: &Path) {
    let mut files = Vec::new();
    // The folder is always there, so that cargo looks again when something comes into it.
    println!("cargo::rerun-if-changed={}", folder.display());
    walk(folder, &mut files);
    files.sort();
    let _ = writeln!(code, "/// Path and bytes of each file of the web app.");
    let _ = writeln!(code, "pub(super) const WEB: &[(&str, &[u8])] = &[");
    for file in files {
        let Ok(relative) = file.strip_prefix(folder) else { continue };
        let relative = relative.to_string_lossy().replace('\\', "/");
        if relative.starts_with('.') {
            continue;
        }
        let full = file.canonicalize().unwrap_or_else(|_| file.clone());
        let full = full.display().to_string();
        let _ = writeln!(code, "    ({relative:?}, include_bytes!({full:?})),");
    }
    let _ = writeln!(code, "];");
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}
