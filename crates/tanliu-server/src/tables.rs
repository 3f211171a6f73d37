//! 结果表 Tables of figures, cut to what somebody may read.
//!
//! Runs never change, so a table that was cut and written once is kept as bytes, up to a bound.

use crate::dto;
use crate::error::{Answer, ApiError};
use crate::house::House;
use axum::body::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tanliu_platform::account::Actor;
use tanliu_platform::figure::{FigureQuery, FigureTable, Run, RunState};
use tanliu_platform::trail::sha256;

/// The index whose keys are enterprises.
pub(crate) const ENTERPRISE: &str = "enterprise";
/// Enterprises that are named to the store one by one; of more, all are read and then cut.
const NAMED_MAX: usize = 500;
/// Tables whose shape is remembered.
const SHAPES_MAX: usize = 10_000;

/// 所求 Which figures somebody wants.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) outputs: Vec<String>,
    pub(crate) keys: Vec<(String, Vec<String>)>,
    pub(crate) limit: Option<usize>,
}

/// 切过的表 A table as far as somebody may read it, and how many rows that would be in all.
pub(crate) struct Cut {
    pub(crate) table: FigureTable,
    pub(crate) count: usize,
}

/// 写好的表 A table as it goes over the wire.
pub(crate) struct Piece {
    pub(crate) bytes: Bytes,
    pub(crate) digest: String,
}

impl Wanted {
    /// Reads `output=a,b` and `where=year:2021;town:T01,T02`.
    pub(crate) fn read(output: &str, restriction: &str, limit: Option<usize>) -> Answer<Self> {
        let names = |list: &str| -> Vec<String> {
            list.split(',')
                .map(str::trim)
                .filter(|own| !own.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let outputs = names(output);
        if outputs.is_empty() || outputs.len() > 100 {
            return Err(ApiError::bad_request(
                "output 要写明 1 到 100 个结果名",
                "name 1 to 100 outputs",
            ));
        }
        let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for part in restriction.split(';').filter(|part| !part.trim().is_empty()) {
            let Some((index, list)) = part.split_once(':') else {
                return Err(ApiError::bad_request(
                    "where 要写成 year:2021;town:T01,T02",
                    "where reads year:2021;town:T01,T02",
                ));
            };
            keys.entry(index.trim().to_owned()).or_default().extend(names(list));
        }
        Ok(Self { outputs, keys: keys.into_iter().collect(), limit })
    }

    fn of(&self, index: &str) -> Option<&Vec<String>> {
        self.keys.iter().find(|(own, _)| own == index).map(|(_, keys)| keys)
    }

    /// Whether it names enterprises, or a part of the district.
    fn names_enterprises(&self) -> bool {
        [ENTERPRISE, "town", "sector"].iter().any(|index| self.of(index).is_some())
    }
}

/// 范围 The enterprises whose rows are given; none: those of all.
struct Narrow {
    only: Option<BTreeSet<String>>,
    digest: String,
}

impl House {
    /// Tables cut to what somebody may read, in the order asked.
    pub(crate) async fn cut(&self, actor: &Actor, run: &Run, wanted: &Wanted) -> Answer<Vec<Cut>> {
        let narrow = self.narrow(actor, wanted).await?;
        self.cut_to(run, wanted, &narrow).await
    }

    /// The same tables as bytes, from memory where they were written before.
    pub(crate) async fn pieces(
        &self,
        actor: &Actor,
        run: &Run,
        wanted: &Wanted,
    ) -> Answer<Vec<Arc<Piece>>> {
        let narrow = self.narrow(actor, wanted).await?;
        let key = |output: &str| self.figures.key(run.id, output, wanted, &narrow);
        let mut found: BTreeMap<&str, Arc<Piece>> = BTreeMap::new();
        let mut missing = Vec::new();
        for output in &wanted.outputs {
            match key(output).and_then(|own| self.figures.get(&own)) {
                Some(piece) => _ = found.insert(output, piece),
                None => missing.push(output.clone()),
            }
        }
        if !missing.is_empty() {
            let rest = Wanted { outputs: missing, ..wanted.clone() };
            for cut in self.cut_to(run, &rest, &narrow).await? {
                let output = cut.table.output.clone();
                self.figures.learn(run.id, &cut.table);
                let piece = Arc::new(written(run.id, &cut)?);
                // A run that goes on has more figures later.
                if let Some(own) = key(&output).filter(|_| run.state == RunState::Done) {
                    self.figures.put(own, Arc::clone(&piece));
                }
                if let Some(asked) = wanted.outputs.iter().find(|asked| **asked == output) {
                    found.insert(asked, piece);
                }
            }
        }
        Ok(wanted.outputs.iter().filter_map(|output| found.get(output.as_str()).cloned()).collect())
    }

    async fn cut_to(&self, run: &Run, wanted: &Wanted, narrow: &Narrow) -> Answer<Vec<Cut>> {
        let mut keys = wanted.keys.clone();
        if let Some(only) = narrow.only.as_ref().filter(|only| only.len() <= NAMED_MAX) {
            keys.retain(|(index, _)| index != ENTERPRISE);
            // A key that no enterprise has, where there is none: an empty list would mean all.
            let named = only.iter().cloned();
            let named = if only.is_empty() { vec![String::new()] } else { named.collect() };
            keys.push((ENTERPRISE.to_owned(), named));
        }
        let query = FigureQuery { run: run.id, outputs: wanted.outputs.clone(), keys };
        let tables = self.store().figures(&query).await?;
        let rows_max = self.config.limits.rows;
        let cut = |mut table: FigureTable| {
            let Some(place) = table.indexes.iter().position(|index| index == ENTERPRISE) else {
                let count = table.rows.len();
                return Ok(Cut { table, count });
            };
            if let Some(only) = &narrow.only {
                table.rows.retain(|row| row.keys.get(place).is_some_and(|key| only.contains(key)));
            }
            let count = table.rows.len();
            if count > rows_max && wanted.limit.is_none() && !wanted.names_enterprises() {
                return Err(too_many_rows(&table.output, count, rows_max));
            }
            table.rows.truncate(wanted.limit.unwrap_or(usize::MAX));
            Ok(Cut { table, count })
        };
        tables.into_iter().map(cut).collect()
    }

    /// A town or a sector that is asked for narrows tables of enterprises too, even where these
    /// lack the index.
    async fn narrow(&self, actor: &Actor, wanted: &Wanted) -> Answer<Narrow> {
        let directory = self.directory().await?;
        let reached = directory.reached(actor);
        let (towns, sectors) = (wanted.of("town"), wanted.of("sector"));
        let named = wanted.of(ENTERPRISE);
        if reached.only.is_none() && towns.is_none() && sectors.is_none() && named.is_none() {
            return Ok(Narrow { only: None, digest: String::new() });
        }
        let fits =
            |list: Option<&Vec<String>>, key: &String| list.is_none_or(|keys| keys.contains(key));
        let mut only: BTreeSet<String> = directory
            .enterprises
            .iter()
            .filter(|(id, own)| {
                reached.has(id)
                    && fits(named, id)
                    && fits(towns, &own.town)
                    && fits(sectors, &own.sector)
            })
            .map(|(id, _)| id.clone())
            .collect();
        if reached.only.is_none() && towns.is_none() && sectors.is_none() {
            only.extend(named.into_iter().flatten().cloned());
        }
        let list: Vec<&str> = only.iter().map(String::as_str).collect();
        let digest = sha256(list.join("\u{1f}").as_bytes());
        Ok(Narrow { only: Some(only), digest })
    }
}

fn too_many_rows(output: &str, count: usize, rows_max: usize) -> ApiError {
    ApiError::bad_request(
        format!(
            "{output} 有 {count} 行，一次最多 {rows_max} 行：请用 where 限定企业、镇街或领域，或用 limit"
        ),
        format!(
            "{output} has {count} rows, at most {rows_max} are sent at once: name an enterprise, a \
             town or a sector with `where`, or set `limit`"
        ),
    )
}

fn written(run: i64, cut: &Cut) -> Answer<Piece> {
    let table = dto::Table::of(run, &cut.table, cut.count);
    let bytes = serde_json::to_vec(&table).map_err(|error| ApiError::failed(&error.to_string()))?;
    let digest = sha256(&bytes);
    Ok(Piece { bytes: Bytes::from(bytes), digest })
}

/// 缓存 Tables as bytes, the longest unused going first.
pub(crate) struct FigureCache {
    bytes_max: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    pieces: BTreeMap<String, (u64, Arc<Piece>)>,
    by_use: BTreeMap<u64, String>,
    /// Whether a run's output has rows by enterprise: what has none is the same for everybody.
    by_enterprise: BTreeMap<(i64, String), bool>,
    bytes: usize,
    uses: u64,
}

impl FigureCache {
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { bytes_max, kept: Mutex::default() }
    }

    /// The name of a table in the cache; none while its shape is not known.
    fn key(&self, run: i64, output: &str, wanted: &Wanted, narrow: &Narrow) -> Option<String> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let by_enterprise = *kept.by_enterprise.get(&(run, output.to_owned()))?;
        let own = if by_enterprise { (narrow.digest.as_str(), wanted.limit) } else { ("", None) };
        Some(format!("{run}\u{1f}{output}\u{1f}{:?}\u{1f}{own:?}", wanted.keys))
    }

    fn learn(&self, run: i64, table: &FigureTable) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.by_enterprise.len() >= SHAPES_MAX {
            kept.by_enterprise.clear();
        }
        let by_enterprise = table.indexes.iter().any(|index| index == ENTERPRISE);
        kept.by_enterprise.insert((run, table.output.clone()), by_enterprise);
    }

    fn get(&self, key: &str) -> Option<Arc<Piece>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let uses = kept.uses;
        let (used, piece) = kept.pieces.get_mut(key)?;
        let before = std::mem::replace(used, uses);
        let piece = Arc::clone(piece);
        if let Some(own) = kept.by_use.remove(&before) {
            kept.by_use.insert(uses, own);
        }
        Some(piece)
    }

    fn put(&self, key: String, piece: Arc<Piece>) {
        let size = piece.bytes.len() + key.len();
        if size > self.bytes_max {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let uses = kept.uses;
        if let Some((used, old)) = kept.pieces.insert(key.clone(), (uses, piece)) {
            kept.by_use.remove(&used);
            kept.bytes -= old.bytes.len() + key.len();
        }
        kept.by_use.insert(uses, key);
        kept.bytes += size;
        while kept.bytes > self.bytes_max {
            let Some((_, oldest)) = kept.by_use.pop_first() else { break };
            if let Some((_, gone)) = kept.pieces.remove(&oldest) {
                kept.bytes -= gone.bytes.len() + oldest.len();
            }
        }
    }
}
