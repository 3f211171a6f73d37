//! 网页资源 The web app out of the binary, or out of a folder while it is developed.

use crate::data::sha256;
use crate::embedded;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use tanliu_server::{Asset, Assets};

/// The files of the binary, their digests taken once.
pub(crate) fn embedded_assets() -> Assets {
    let files: BTreeMap<&str, Asset> =
        embedded::web().iter().map(|(path, bytes)| (*path, asset(path, bytes.to_vec()))).collect();
    Arc::new(move |path| files.get(path).cloned())
}

/// The files of a folder, as they are when they are asked for.
pub(crate) fn assets_of(folder: &str) -> Assets {
    let folder = PathBuf::from(folder);
    Arc::new(move |path| {
        // Nothing above the folder.
        let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let bytes = plain.then(|| std::fs::read(folder.join(path)).ok()).flatten()?;
        Some(asset(path, bytes))
    })
}

fn asset(path: &str, bytes: Vec<u8>) -> Asset {
    let digest = sha256(&bytes);
    Asset { bytes: bytes.into(), content_type: content_type(path), digest }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
