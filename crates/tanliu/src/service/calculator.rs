//! 计算服务 Runs documents over what counted at a moment; each run is a pack, its figures are in the
//! store.

use super::explainer::Explainers;
use super::house::House;
use super::methods::Methods;
use super::tables::tables;
use super::workbook;
use crate::arguments::{Data, Sources};
use crate::command::pack::{compute, record};
use crate::command::verify::examine;
use crate::deliver::{write_file, write_file_with};
use crate::failure::Failure;
use crate::findings::findings_json;
use crate::packing::Run as Packing;
use crate::session::Session;
use async_trait::async_trait;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tanliu_diagnostic::{Diagnostic, Text};
use tanliu_method::eval::{Figure, OutputTable};
use tanliu_pack::{Limits, Streamed, write_to};
use tanliu_platform::directory::{Enterprise, EnterpriseQuery};
use tanliu_platform::figure::{
    Calculation, Feed, FigureQuery, FigureRow, FigureTable, Run, RunState,
};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{
    Act, Calculator, CalculatorError, DocumentPage, DocumentSummary, Explained, ReadTable,
    Replayed, Store, StoreError,
};
use tanliu_platform::value::{Origin, Standing, Value, ValueQuery};

/// The pack of a run in its folder.
const PACK: &str = "run.tanpack";
/// Its data.
const DATA: &str = "data";

/// 计算服务 The calculator of a house.
pub(crate) struct DocumentCalculator {
    store: Arc<dyn Store>,
    house: House,
    sources: Sources,
    explainers: Explainers,
    methods: Methods,
}

impl DocumentCalculator {
    /// A calculator over a store; `sources` says where documents and factors lie.
    pub(crate) fn new(store: Arc<dyn Store>, house: House, sources: Sources) -> Self {
        let methods = Methods::new(sources.clone());
        Self { store, house, sources, explainers: Explainers::default(), methods }
    }

    /// The values of a document's datasets as they counted at a moment, what it takes of other
    /// calculations' figures, and of the directory.
    async fn values(
        &self,
        calculation: &Calculation,
        as_of: Moment,
    ) -> Result<Vec<Value>, CalculatorError> {
        let mut values = Vec::new();
        for feed in &calculation.feeds {
            values.extend(self.fed(feed).await?);
        }
        let document = &calculation.document;
        let datasets = self.store.datasets().await.map_err(failed)?;
        for dataset in datasets.into_iter().filter(|dataset| dataset.document == *document) {
            let query = ValueQuery {
                dataset: Some(dataset.id),
                as_of: Some(as_of),
                ..ValueQuery::default()
            };
            values.extend(self.store.values(&query).await.map_err(failed)?);
        }
        let query = EnterpriseQuery { limit: u32::MAX, ..EnterpriseQuery::default() };
        let (enterprises, _) = self.store.enterprises(&query).await.map_err(failed)?;
        values.extend(enterprises.iter().flat_map(directory_values));
        Ok(values)
    }

    /// The figures of another calculation's current run, as values of an input.
    async fn fed(&self, feed: &Feed) -> Result<Vec<Value>, CalculatorError> {
        let current = self.store.current_run(&feed.calculation).await.map_err(failed)?;
        let Some(run) = current else {
            return Err(CalculatorError::Refused(Text {
                zh: format!("输入 {} 取自 {}，而它还没有算过", feed.input, feed.calculation),
                en: format!(
                    "input {} comes from {}, which has not run",
                    feed.input, feed.calculation
                ),
            }));
        };
        let keys = feed.at.iter().map(|(index, key)| (index.clone(), vec![key.clone()]));
        let query =
            FigureQuery { run: run.id, outputs: vec![feed.output.clone()], keys: keys.collect() };
        let tables = self.store.figures(&query).await.map_err(failed)?;
        Ok(tables.iter().flat_map(|table| fed_values(feed, &run, table)).collect())
    }
}

/// 引数的值 Each figure of a table under the keys that are left.
fn fed_values(feed: &Feed, run: &Run, table: &FigureTable) -> Vec<Value> {
    let rows = table.rows.iter().map(|row| {
        let keys = table.indexes.iter().zip(&row.keys);
        let keys = keys.filter(|(index, _)| feed.at.iter().all(|(fixed, _)| fixed != *index));
        let keys: Vec<String> = keys.map(|(index, key)| format!("{index}={key}")).collect();
        Value {
            id: 0,
            dataset: String::new(),
            input: feed.input.clone(),
            subject: String::new(),
            keys: keys.join(";"),
            period: String::new(),
            original: row.text.clone(),
            original_unit: table.unit.clone(),
            number: row.number,
            unit: table.unit.clone(),
            origin: Origin { file: format!("{}/{}", run.id, table.output), ..Origin::default() },
            submission: 0,
            standing: Standing::Approved,
        }
    });
    rows.collect()
}

/// 企业主档 What the directory says of an enterprise, as values.
fn directory_values(enterprise: &Enterprise) -> Vec<Value> {
    let value = |input: &str, original: String, number: Option<f64>, unit: &str| Value {
        id: 0,
        dataset: String::new(),
        input: input.to_owned(),
        subject: enterprise.id.clone(),
        keys: String::new(),
        period: String::new(),
        original,
        original_unit: unit.to_owned(),
        number,
        unit: unit.to_owned(),
        origin: Origin::default(),
        submission: 0,
        standing: Standing::Approved,
    };
    let mut values = vec![
        value("town_of", enterprise.town.clone(), None, ""),
        value("sector_of", enterprise.sector.clone(), None, ""),
    ];
    let land = enterprise.land_mu;
    values.extend(land.map(|land| value("land", land.to_string(), Some(land), "亩")));
    values
}

/// What came out of one run.
struct Computed {
    state: RunState,
    version: String,
    digest: String,
    manifest: String,
    tables: Vec<FigureTable>,
}

/// What a run needs, out of the store.
struct Work {
    calculation: Calculation,
    sources: Sources,
    folder: PathBuf,
    values: Vec<Value>,
}

impl Work {
    /// Runs, and leaves the pack in the folder.
    fn run(self) -> Result<Computed, Failure> {
        let mut session = Session::open(&self.calculation.document, &self.sources)?;
        let front = &session.checked.document.front;
        let version = front.version.clone();
        let digest = crate::data::sha256(session.checked.document.text.as_bytes());
        let data = self.folder.join(DATA);
        std::fs::create_dir_all(&data).map_err(|error| Failure::unwritable(DATA, &error))?;
        for table in tables(&session.checked.program, &self.values)? {
            let path = data.join(&table.file);
            write_file(&path.to_string_lossy(), &table.bytes)?;
        }
        let settings = self.calculation.settings.iter();
        let data = Data {
            data: vec![data.to_string_lossy().into_owned()],
            set: settings.map(|(name, value)| format!("{name}={value}")).collect(),
            ..Data::default()
        };
        let refused = |list: Vec<Diagnostic>, session: &Session| Computed {
            state: RunState::Refused,
            version: version.clone(),
            digest: digest.clone(),
            manifest: json!({ "findings": findings_json(&list, &session.texts) }).to_string(),
            tables: Vec::new(),
        };
        let (bound, outcome) = match compute(&mut session, &data, None)? {
            Ok(computed) => computed,
            Err(list) => return Ok(refused(list, &session)),
        };
        let tables = outcome.tables.iter().map(figure_table).collect();
        let record = record(&session, &data);
        let packing = Packing { session: &session, bound: &bound, outcome: &outcome, record };
        let draft = packing.draft(None)?;
        let manifest = draft.contents.iter().find(|content| content.path == crate::packing::RUN);
        let manifest = manifest.map(|content| String::from_utf8_lossy(&content.bytes).into_owned());
        let path = self.folder.join(PACK).to_string_lossy().into_owned();
        write_file_with(&path, |out| {
            let open = &mut open_data;
            write_to(&draft, None, &Limits::default(), (open, out)).map_err(|error| {
                Failure::new(format!("不能打包：{error}"), format!("cannot pack: {error}"))
            })
        })?;
        // The pack holds the data: one truth is enough.
        let _ = std::fs::remove_dir_all(self.folder.join(DATA));
        Ok(Computed {
            state: RunState::Done,
            version: version.clone(),
            digest: digest.clone(),
            manifest: manifest.unwrap_or_default(),
            tables,
        })
    }
}

fn open_data(file: &Streamed) -> std::io::Result<Box<dyn std::io::Read>> {
    Ok(Box::new(std::fs::File::open(&file.name)?))
}

fn figure_table(table: &OutputTable) -> FigureTable {
    let rows = table.figures.iter().enumerate().map(|(at, figure)| {
        let keys = table.keys.iter().filter_map(|column| column.get(at));
        let (number, text) = match figure {
            Figure::Number(number) => (Some(*number), String::new()),
            Figure::Noted(number, notation) => (Some(*number), notation.word().to_owned()),
            Figure::Bool(value) => (None, value.to_string()),
            Figure::Text(text) => (None, text.to_string()),
        };
        FigureRow { keys: keys.map(|key| key.to_string()).collect(), number, text }
    });
    FigureTable {
        output: table.name.clone(),
        label: table.label.clone().unwrap_or_default(),
        unit: table.unit.clone().unwrap_or_default(),
        indexes: table.indexes.clone(),
        rows: rows.collect(),
    }
}

#[async_trait]
impl Calculator for DocumentCalculator {
    async fn calculate(
        &self,
        calculation: &Calculation,
        as_of: Moment,
        by: &str,
        now: Moment,
    ) -> Result<Run, CalculatorError> {
        let values = self.values(calculation, as_of).await?;
        let mut run = Run {
            id: 0,
            calculation: calculation.id.clone(),
            document: (calculation.document.clone(), String::new()),
            document_digest: String::new(),
            as_of,
            by: by.to_owned(),
            began: now,
            ended: None,
            state: RunState::Running,
            manifest: String::new(),
            folder: String::new(),
            current: true,
        };
        let act = |verb: &str, object: String, facts: String| Act {
            by: by.to_owned(),
            at: now,
            verb: verb.to_owned(),
            object,
            facts,
        };
        let facts = json!({ "as_of": as_of.to_utc(), "values": values.len() }).to_string();
        let begun = act("run.begin", format!("calculation/{}", calculation.id), facts);
        run.id = self.store.begin_run(&run, begun).await.map_err(failed)?;
        run.folder = format!("{:06}", run.id);
        let work = Work {
            calculation: calculation.clone(),
            sources: self.sources.clone(),
            folder: self.house.run(&run.folder),
            values,
        };
        let computed = tokio::task::spawn_blocking(move || work.run()).await;
        let computed = match computed {
            Ok(Ok(computed)) => computed,
            Ok(Err(failure)) => {
                let message = failure.message();
                let text = json!({ "message": { "zh": message.zh, "en": message.en } });
                Computed {
                    state: RunState::Refused,
                    version: String::new(),
                    digest: String::new(),
                    manifest: text.to_string(),
                    tables: Vec::new(),
                }
            }
            Err(error) => return Err(CalculatorError::Failed(error.to_string())),
        };
        run.document.1 = computed.version;
        run.document_digest = computed.digest;
        run.state = computed.state;
        run.manifest = computed.manifest;
        run.current = computed.state == RunState::Done;
        run.ended = Some(now);
        let facts = json!({ "state": run.state.word(), "outputs": computed.tables.len() });
        let ended = act("run.end", format!("run/{}", run.id), facts.to_string());
        self.store.end_run(&run, &computed.tables, ended).await.map_err(failed)?;
        Ok(run)
    }

    async fn explain(
        &self,
        run: &Run,
        output: &str,
        keys: &[(String, String)],
        depth: usize,
    ) -> Result<Explained, CalculatorError> {
        let keys: Vec<String> =
            keys.iter().map(|(index, key)| format!("{index}={}", key_literal(key))).collect();
        let figure = match keys.is_empty() {
            true => output.to_owned(),
            false => format!("{output}[{}]", keys.join(", ")),
        };
        self.explainers.explain(run.id, self.pack_of(run)?, figure, depth).await
    }

    async fn pack(&self, run: &Run) -> Result<Vec<u8>, CalculatorError> {
        let path = self.pack_of(run)?;
        let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
        read.map_err(|error| CalculatorError::Failed(error.to_string()))?
            .map_err(|error| CalculatorError::Failed(error.to_string()))
    }

    async fn replay(&self, run: &Run) -> Result<Replayed, CalculatorError> {
        let path = self.pack_of(run)?.to_string_lossy().into_owned();
        blocking(move || {
            let report = examine(&path, None, &[])?;
            let errors = report.findings.iter().filter(|finding| finding.is_error());
            let told = errors.map(|own| (own.message.zh.clone(), String::new(), String::new()));
            let differing: Vec<_> = told.collect();
            let compared = report.compared.map_or(0, |(_, figures)| figures as u64);
            let differing_count = differing.len() as u64;
            Ok(Replayed { compared, differing, differing_count })
        })
        .await
    }

    async fn documents(&self) -> Result<Vec<DocumentSummary>, CalculatorError> {
        self.methods.list().await
    }

    async fn document(&self, id: &str) -> Result<DocumentPage, CalculatorError> {
        self.methods.page(id).await
    }

    async fn check(&self, text: &str) -> Result<String, CalculatorError> {
        self.methods.check(text).await
    }

    async fn template(
        &self,
        document: &str,
        inputs: &[String],
    ) -> Result<Vec<u8>, CalculatorError> {
        let (document, inputs) = (document.to_owned(), inputs.to_vec());
        let sources = self.sources.clone();
        blocking(move || workbook::template(&document, &inputs, &sources)).await
    }

    async fn read(
        &self,
        document: &str,
        inputs: &[String],
        name: &str,
        bytes: &[u8],
    ) -> Result<ReadTable, CalculatorError> {
        let handed = workbook::Handed {
            document: document.to_owned(),
            inputs: inputs.to_vec(),
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        };
        let sources = self.sources.clone();
        blocking(move || workbook::read(&handed, &sources)).await
    }
}

impl DocumentCalculator {
    fn pack_of(&self, run: &Run) -> Result<PathBuf, CalculatorError> {
        let path = self.house.run(&run.folder).join(PACK);
        if run.folder.is_empty() || !Path::new(&path).is_file() {
            return Err(CalculatorError::Absent(Text {
                zh: format!("运行 {} 没有计算包：它没有算成", run.id),
                en: format!("run {} has no pack: it was not computed", run.id),
            }));
        }
        Ok(path)
    }
}

/// Work that is no waiting goes to a thread of its own.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, CalculatorError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(failure)) => Err(CalculatorError::Refused(failure.message().clone())),
        Err(error) => Err(CalculatorError::Failed(error.to_string())),
    }
}

/// A key as a selection writes it: plain where it can be, else between quotation marks.
fn key_literal(key: &str) -> String {
    let plain = key.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '_' | '-' | ':'));
    if plain && !key.is_empty() { key.to_owned() } else { format!("\"{}\"", key.replace('"', "")) }
}

fn failed(error: StoreError) -> CalculatorError {
    CalculatorError::Failed(error.to_string())
}
