//! 记录 What `run.json` says of the run, against what is in the pack and what comes out now.

use crate::data::sha256;
use crate::packing::Arguments;
use crate::session::Session;
use serde_json::Value;
use std::collections::BTreeSet;
use tanliu_diagnostic::{Diagnostic, Place, Text};
use tanliu_pack::{Draft, External, Kind, Pack};

/// 记录 `run.json` of a pack.
pub(super) struct Record {
    run: Value,
    /// The version that computed the results.
    pub(super) engine: String,
    /// Files and sets that are not those of the record.
    pub(super) changed: BTreeSet<String>,
}

impl Record {
    /// Reads it.
    pub(super) fn read(name: &str, pack: &Pack, findings: &mut Vec<Diagnostic>) -> Option<Self> {
        let found = pack.of_kind(Kind::Run).next();
        let run = found.and_then(|(_, bytes)| serde_json::from_slice::<Value>(bytes).ok());
        let Some(run) = run.filter(Value::is_object) else {
            findings.push(differs(
                name,
                "run.json",
                "没有，或读不通",
                "it is missing or cannot be read",
            ));
            return None;
        };
        let engine = run.get("tanliu").and_then(Value::as_str).unwrap_or_default().to_owned();
        let stated = &pack.manifest.engine;
        if *stated != engine {
            findings.push(differs(
                name,
                "MANIFEST.json",
                &format!("engine 是 {stated}，run.json 所记是 {engine}"),
                &format!("engine is {stated}, run.json says {engine}"),
            ));
        }
        let mut record = Self { run, engine, changed: BTreeSet::new() };
        record.changed = record.changed_files(pack).into_iter().map(|(file, _)| file).collect();
        Some(record)
    }

    /// Another version computed the results.
    pub(super) fn other_engine(&self, name: &str) -> Option<Diagnostic> {
        let (then, now) = (&self.engine, env!("CARGO_PKG_VERSION"));
        let finding = Diagnostic::warning(
            "pack-other-version",
            format!("包由版本 {then} 算出，现在用版本 {now} 重算"),
            format!("version {then} computed the pack; version {now} computes it again"),
        );
        (then != now).then(|| {
            finding.at(Place::File(name.to_owned()), "", "").hint(
                "若有不同，用原来的版本再核验一次",
                "if there is a difference, verify with that version too",
            )
        })
    }

    /// Documents and data files that are not those that the run read.
    pub(super) fn differing_files(&self, name: &str, pack: &Pack) -> Vec<Diagnostic> {
        let changed = self.changed_files(pack).into_iter();
        changed.map(|(file, what)| differs(name, &file, &what.zh, &what.en)).collect()
    }

    fn changed_files(&self, pack: &Pack) -> Vec<(String, Text)> {
        let mut changed = Vec::new();
        let documents = self.run.get("document").into_iter().chain(self.list("uses"));
        for (kind, listed) in documents
            .map(|own| (Kind::Document, own))
            .chain(self.list("data").map(|own| (Kind::Data, own)))
        {
            let text = |key: &str| listed.get(key).and_then(Value::as_str).unwrap_or_default();
            let file = text("file");
            // That the entries have their digests was found out when the pack was read.
            let mut entries = pack.manifest.entries.iter();
            let own = entries.find(|entry| entry.kind == kind && entry.name == file);
            let mut outside = pack.manifest.external.iter().flat_map(External::named);
            let digest = match (own, outside.find(|(name, _)| name == file)) {
                (Some(entry), _) => Some(entry.digests.sha256.clone()),
                (None, Some((_, file))) => Some(file.digests.sha256.clone()),
                (None, None) => None,
            };
            let what = match digest {
                None => Text::new("不在包里", "it is not in the pack"),
                Some(digest) if digest != text("sha256") => Text::new(
                    format!("包里的 SHA-256 是 {digest}，run.json 所记是 {}", text("sha256")),
                    format!("its SHA-256 is {digest}, run.json says {}", text("sha256")),
                ),
                Some(_) => continue,
            };
            changed.push((file.to_owned(), what));
        }
        changed
    }

    fn list(&self, key: &str) -> impl Iterator<Item = &Value> {
        self.run.get(key).and_then(Value::as_array).into_iter().flatten()
    }

    /// Factor sets that are not those that the run took figures from.
    pub(super) fn differing_factors(&self, name: &str, session: &Session) -> Vec<Diagnostic> {
        let faults = self.list("factors").filter_map(|listed| {
            let text = |key: &str| listed.get(key).and_then(Value::as_str).unwrap_or_default();
            let set = session.loaded.catalogue.set(text("set"));
            let digest = set.map(|set| sha256(set.digest_text().as_bytes()));
            match digest {
                Some(digest) if digest == text("sha256") => None,
                Some(digest) => Some(differs(
                    name,
                    text("set"),
                    &format!("包里的摘要值是 {digest}，run.json 所记是 {}", text("sha256")),
                    &format!("its digest is {digest}, run.json says {}", text("sha256")),
                )),
                None => Some(differs(
                    name,
                    text("set"),
                    "因子集不在包里，或有错误",
                    "the factor set is not in the pack, or is faulty",
                )),
            }
        });
        faults.collect()
    }

    /// Entries that packing this run would not have made, or would have, and elsewhere.
    pub(super) fn differing_entries(
        &self,
        name: &str,
        pack: &Pack,
        now: &Draft,
        arguments: &Arguments,
    ) -> Vec<Diagnostic> {
        let own = |kind: Kind| !matches!(kind, Kind::Data | Kind::PassedOver);
        // Another version may keep other workings.
        let compared = |kind: Kind| own(kind) && (kind != Kind::Working || self.is_own_version());
        let then: BTreeSet<(&str, Kind, &str)> = (pack.manifest.entries.iter())
            .filter(|entry| compared(entry.kind))
            .map(|entry| (entry.path.as_str(), entry.kind, entry.name.as_str()))
            .collect();
        let now: BTreeSet<(&str, Kind, &str)> = (now.contents.iter())
            .filter(|content| compared(content.kind))
            .map(|content| (content.path.as_str(), content.kind, content.name.as_str()))
            .collect();
        let more = then.difference(&now).map(|(path, ..)| {
            differs(
                name,
                path,
                "打包这次运行不会有这个条目",
                "packing this run makes no such entry",
            )
        });
        let lacking = now.difference(&then).map(|(path, ..)| {
            differs(name, path, "包里缺少这个条目", "this entry is missing in the pack")
        });
        let data = pack.manifest.entries.iter().filter(|entry| !own(entry.kind));
        let elsewhere = data.filter(|entry| {
            arguments.path_of(&entry.name).as_deref() != Some(&entry.path)
                || (entry.kind == Kind::PassedOver && entry.bytes > 0)
        });
        let elsewhere = elsewhere.map(|entry| {
            differs(
                name,
                &entry.path,
                &format!("它不是 {} 在包里应有的样子", entry.name),
                &format!("this is not how {} is packed", entry.name),
            )
        });
        more.chain(lacking).chain(elsewhere).collect()
    }

    fn is_own_version(&self) -> bool {
        self.engine == env!("CARGO_PKG_VERSION")
    }

    /// Whether a list of the record names something that is told of as changed.
    fn names_changed(&self, key: &str) -> bool {
        let listed = self.run.get(key);
        let list = listed.and_then(Value::as_array).into_iter().flatten().chain(listed);
        let names = list.filter_map(|own| own.get("file")?.as_str());
        names.into_iter().any(|file| self.changed.contains(file))
    }

    /// Whatever else the record says and a run now does not: warnings, defaults, dropped keys; the
    /// outputs only where the results are the same.
    pub(super) fn differing_rest(
        &self,
        name: &str,
        now: &Draft,
        same_results: bool,
    ) -> Vec<Diagnostic> {
        let now = now.contents.iter().find(|own| own.kind == Kind::Run);
        let now: Value =
            now.and_then(|own| serde_json::from_slice(&own.bytes).ok()).unwrap_or_default();
        let passed = |key: &str| match key {
            "tanliu" => true,
            "outputs" => !same_results,
            key => self.names_changed(key),
        };
        // Digests of sets are told of by name; where a set came from is the packer's affair.
        let without = |value: &Value| {
            let mut value = value.clone();
            for set in value.get_mut("factors").and_then(Value::as_array_mut).into_iter().flatten()
            {
                if let Some(set) = set.as_object_mut() {
                    set.remove("from");
                    set.remove("sha256");
                }
            }
            value
        };
        let (then, now) = (without(&self.run), without(&now));
        let keys: BTreeSet<&String> = then
            .as_object()
            .into_iter()
            .chain(now.as_object())
            .flat_map(|map| map.keys())
            .collect();
        // Another version may record more, or less.
        let same = self.is_own_version();
        let both = |key: &str| then.get(key).is_some() && now.get(key).is_some();
        let differing = keys.into_iter().filter(|key| !passed(key) && (same || both(key)));
        let told = differing.filter_map(|key| {
            let (path, old, new) = first_difference(key, then.get(key), now.get(key))?;
            let words = |value: Option<&Value>| {
                let text = value.map_or_else(String::new, Value::to_string);
                if text.is_empty() { "—".to_owned() } else { text.chars().take(200).collect() }
            };
            let (old, new) = (words(old), words(new));
            Some(differs(
                name,
                "run.json",
                &format!("{path}：记着 {old}，现在是 {new}"),
                &format!("{path}: it says {old}, now it is {new}"),
            ))
        });
        told.collect()
    }
}

/// 差别 A path in the record, and what stands there and what would now.
type Differing<'a> = (String, Option<&'a Value>, Option<&'a Value>);

/// The first place in which two values differ.
fn first_difference<'a>(
    path: &str,
    then: Option<&'a Value>,
    now: Option<&'a Value>,
) -> Option<Differing<'a>> {
    if then == now {
        return None;
    }
    match (then, now) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            keys.into_iter().find_map(|key| {
                first_difference(&format!("{path}.{key}"), old.get(key), new.get(key))
            })
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => (0..old.len().max(new.len()))
            .find_map(|at| first_difference(&format!("{path}[{at}]"), old.get(at), new.get(at))),
        _ => Some((path.to_owned(), then, now)),
    }
}

fn differs(name: &str, what: &str, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::error(
        "pack-record-differs",
        format!("{what} 与这次运行的记录不符"),
        format!("{what} is not as the run recorded it"),
    )
    .at(Place::File(name.to_owned()), "", "")
    .note(zh, en)
    .hint(
        "打包之后有人改了包，并重新封了口；不能采信",
        "the pack was changed and sealed again: do not trust it",
    )
}
