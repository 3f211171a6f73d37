//! 运行与数的形状 Runs, tables, comparisons, derivations, findings, methods.

use super::Label;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tanliu_platform::figure::{self, RunState};
use tanliu_platform::port::DocumentSummary;
use utoipa::ToSchema;

/// 运行所用的文档
#[derive(Serialize, ToSchema)]
pub(crate) struct RunDocument {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) digest: String,
}

/// 运行
#[derive(Serialize, ToSchema)]
pub(crate) struct Run {
    pub(crate) id: i64,
    pub(crate) calculation: String,
    pub(crate) document: RunDocument,
    pub(crate) as_of: String,
    pub(crate) by: String,
    pub(crate) began: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ended: Option<String>,
    /// running, done, refused, stopped
    pub(crate) state: String,
    pub(crate) current: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<Label>,
}

impl Run {
    /// What refused a run may name cells of enterprises: only who may calculate reads it.
    pub(crate) fn of(run: &figure::Run, calculates: bool) -> Self {
        let message = matches!(run.state, RunState::Refused | RunState::Stopped);
        Self {
            id: run.id,
            calculation: run.calculation.clone(),
            document: RunDocument {
                id: run.document.0.clone(),
                version: run.document.1.clone(),
                digest: run.document_digest.clone(),
            },
            as_of: run.as_of.to_utc(),
            by: run.by.clone(),
            began: run.began.to_utc(),
            ended: run.ended.map(tanliu_platform::moment::Moment::to_utc),
            state: run.state.word().to_owned(),
            current: run.current,
            message: message.then(|| message_of(run, calculates)),
        }
    }
}

fn message_of(run: &figure::Run, calculates: bool) -> Label {
    if run.state == RunState::Stopped {
        return Label { zh: "运行被中止".to_owned(), en: "the run was stopped".to_owned() };
    }
    if !calculates {
        return Label {
            zh: "文档或数据没有通过检查".to_owned(),
            en: "the document or the data were refused".to_owned(),
        };
    }
    serde_json::from_str(&run.manifest)
        .unwrap_or_else(|_| Label { zh: run.manifest.clone(), en: run.manifest.clone() })
}

/// 一次运行的全部
#[derive(Serialize, ToSchema)]
pub(crate) struct RunPage {
    #[serde(flatten)]
    pub(crate) run: Run,
    /// `run.json` as the engine wrote it.
    pub(crate) manifest: Value,
}

/// 要求运行
#[derive(Deserialize, ToSchema)]
pub(crate) struct RunWanted {
    pub(crate) calculation: String,
    #[serde(default)]
    pub(crate) as_of: Option<String>,
}

/// 结果表
#[derive(Serialize, ToSchema)]
pub(crate) struct Table {
    pub(crate) run: i64,
    pub(crate) output: String,
    pub(crate) label: String,
    /// Empty where it is no number.
    pub(crate) unit: String,
    pub(crate) indexes: Vec<String>,
    pub(crate) rows: Vec<Row>,
    /// How many rows there are, before `limit`.
    pub(crate) count: usize,
}

/// 一行
#[derive(Serialize, ToSchema)]
pub(crate) struct Row {
    pub(crate) keys: Vec<String>,
    pub(crate) number: Option<f64>,
    pub(crate) text: String,
}

impl Table {
    pub(crate) fn of(run: i64, table: &figure::FigureTable, count: usize) -> Self {
        let row = |own: &figure::FigureRow| Row {
            keys: own.keys.clone(),
            number: own.number,
            text: own.text.clone(),
        };
        Self {
            run,
            output: table.output.clone(),
            label: table.label.clone(),
            unit: table.unit.clone(),
            indexes: table.indexes.clone(),
            rows: table.rows.iter().map(row).collect(),
            count,
        }
    }
}

/// 取数的回答
#[derive(Serialize, ToSchema)]
pub(crate) struct Figures {
    pub(crate) run: Run,
    pub(crate) tables: Vec<Table>,
}

/// 两次运行的比较
#[derive(Serialize, ToSchema)]
pub(crate) struct Comparison {
    pub(crate) then: Run,
    pub(crate) now: Run,
    pub(crate) output: String,
    pub(crate) label: String,
    pub(crate) unit: String,
    pub(crate) indexes: Vec<String>,
    pub(crate) rows: Vec<ComparedRow>,
}

/// 比较的一行
#[derive(Serialize, ToSchema)]
pub(crate) struct ComparedRow {
    pub(crate) keys: Vec<String>,
    pub(crate) then: Option<f64>,
    pub(crate) now: Option<f64>,
    /// What made them differ; empty where they do not.
    pub(crate) cause: Vec<Label>,
}

/// 溯源
#[derive(Serialize, ToSchema)]
pub(crate) struct Explanation {
    pub(crate) run: Run,
    /// As `tanliu explain --json` prints it. What belongs to enterprises outside the reach of who
    /// asks is taken out; `withheld` counts how many branches.
    pub(crate) tree: Value,
    pub(crate) clause: Clause,
    pub(crate) reviewers: Vec<Reviewer>,
}

/// 条款
#[derive(Serialize, ToSchema)]
pub(crate) struct Clause {
    pub(crate) heading: String,
    pub(crate) html: String,
}

/// 审核人
#[derive(Serialize, ToSchema)]
pub(crate) struct Reviewer {
    pub(crate) step: String,
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) reason: String,
    pub(crate) submission: i64,
}

/// 复算结果
#[derive(Serialize, ToSchema)]
pub(crate) struct Replay {
    pub(crate) compared: u64,
    pub(crate) differing: Vec<Differing>,
    pub(crate) differing_count: u64,
}

/// 复算不符的一个数
#[derive(Serialize, ToSchema)]
pub(crate) struct Differing {
    pub(crate) address: String,
    pub(crate) then: String,
    pub(crate) now: String,
}

/// 质疑
#[derive(Serialize, ToSchema)]
pub(crate) struct Finding {
    pub(crate) id: i64,
    pub(crate) address: String,
    pub(crate) enterprise: String,
    pub(crate) text: String,
    pub(crate) by: String,
    pub(crate) at: String,
    /// open, answered, closed
    pub(crate) state: String,
    pub(crate) answer: String,
    pub(crate) edition: i64,
}

impl From<&figure::Finding> for Finding {
    fn from(own: &figure::Finding) -> Self {
        Self {
            id: own.id,
            address: own.address.clone(),
            enterprise: own.enterprise.clone(),
            text: own.text.clone(),
            by: own.by.clone(),
            at: own.at.to_utc(),
            state: own.state.clone(),
            answer: own.answer.clone(),
            edition: own.edition,
        }
    }
}

/// 提出质疑
#[derive(Deserialize, ToSchema)]
pub(crate) struct FindingRaised {
    pub(crate) address: String,
    pub(crate) text: String,
}

/// 答复质疑
#[derive(Deserialize, ToSchema)]
pub(crate) struct FindingAnswered {
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) answer: String,
    pub(crate) edition: i64,
}

/// 方法
#[derive(Serialize, ToSchema)]
pub(crate) struct Method {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) title: Label,
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) examples: usize,
}

impl From<&DocumentSummary> for Method {
    fn from(own: &DocumentSummary) -> Self {
        Self {
            id: own.id.clone(),
            version: own.version.clone(),
            title: Label::from(&own.title),
            kind: own.kind.clone(),
            status: own.status.clone(),
            examples: own.examples,
        }
    }
}

/// 方法与原文
#[derive(Serialize, ToSchema)]
pub(crate) struct MethodText {
    #[serde(flatten)]
    pub(crate) method: Method,
    pub(crate) text: String,
}

/// 要检查的文档
#[derive(Deserialize, ToSchema)]
pub(crate) struct TextToCheck {
    pub(crate) text: String,
}
