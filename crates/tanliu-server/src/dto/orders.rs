//! 预警、读数与审计的形状 Warnings and their orders, readings, the audit trail.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tanliu_platform::{port, trail, warning};
use utoipa::ToSchema;

/// 预警
#[derive(Serialize, ToSchema)]
pub(crate) struct Warning {
    pub(crate) id: i64,
    pub(crate) address: String,
    pub(crate) enterprise: String,
    pub(crate) town: String,
    pub(crate) period: String,
    pub(crate) level: i32,
    pub(crate) rule: String,
    pub(crate) text: String,
    pub(crate) at: String,
    /// found, noticed, replied, on-site, closed
    pub(crate) state: String,
    pub(crate) edition: i64,
}

impl From<&warning::Warning> for Warning {
    fn from(own: &warning::Warning) -> Self {
        Self {
            id: own.id,
            address: own.address.clone(),
            enterprise: own.enterprise.clone(),
            town: own.town.clone(),
            period: own.period.clone(),
            level: own.level,
            rule: own.rule.clone(),
            text: own.text.clone(),
            at: own.at.to_utc(),
            state: own.state.word().to_owned(),
            edition: own.edition,
        }
    }
}

/// 预警与工单
#[derive(Serialize, ToSchema)]
pub(crate) struct WarningPage {
    #[serde(flatten)]
    pub(crate) warning: Warning,
    pub(crate) steps: Vec<OrderStep>,
}

/// 工单记录
#[derive(Serialize, ToSchema)]
pub(crate) struct OrderStep {
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) by: String,
    pub(crate) at: String,
}

impl From<&warning::OrderStep> for OrderStep {
    fn from(own: &warning::OrderStep) -> Self {
        Self {
            to: own.to.word().to_owned(),
            text: own.text.clone(),
            by: own.by.clone(),
            at: own.at.to_utc(),
        }
    }
}

/// 要作的工单动作
#[derive(Deserialize, ToSchema)]
pub(crate) struct OrderStepWanted {
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) edition: i64,
}

/// 一天的电量
#[derive(Serialize, ToSchema)]
pub(crate) struct DayOfMonth {
    pub(crate) day: String,
    pub(crate) energy: f64,
    pub(crate) readings: u32,
}

/// 一天的 96 个读数
#[derive(Serialize, ToSchema)]
pub(crate) struct MeterDay {
    pub(crate) meter: String,
    pub(crate) day: String,
    pub(crate) unit: String,
    pub(crate) quarters: Vec<Option<f64>>,
    pub(crate) version: i64,
}

/// 缺口
#[derive(Serialize, ToSchema)]
pub(crate) struct Gap {
    pub(crate) meter: String,
    pub(crate) from: String,
    pub(crate) count: u32,
}

/// 读数来源 A reading with who brought it, and when.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReadingOrigin {
    pub(crate) meter: String,
    /// `2024-01-31T13:15`
    pub(crate) begin: String,
    pub(crate) value: f64,
    pub(crate) unit: String,
    /// The name of the batch; none, like the two below, if another program wrote the reading.
    pub(crate) batch: Option<String>,
    pub(crate) by: Option<String>,
    pub(crate) at: Option<String>,
}

/// 一个读数 One line of NDJSON.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Reading {
    pub(crate) meter: String,
    /// `2024-01-31T13:15`
    pub(crate) begin: String,
    pub(crate) value: f64,
}

/// 收讫
#[derive(Serialize, ToSchema)]
pub(crate) struct Taken {
    pub(crate) new: u64,
    pub(crate) corrected: u64,
    pub(crate) same: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<i64>,
}

impl From<port::Taken> for Taken {
    fn from(own: port::Taken) -> Self {
        Self { new: own.new, corrected: own.corrected, same: own.same, version: own.version }
    }
}

/// 审计
#[derive(Serialize, ToSchema)]
pub(crate) struct Audit {
    pub(crate) entries: Vec<Entry>,
    pub(crate) head: Head,
    /// Whether the chain holds: the whole of it where no `from` was given, else what is shown.
    pub(crate) holds: bool,
}

/// 链头
#[derive(Serialize, ToSchema)]
pub(crate) struct Head {
    pub(crate) number: i64,
    pub(crate) seal: String,
}

/// 审计条目
#[derive(Serialize, ToSchema)]
pub(crate) struct Entry {
    pub(crate) number: i64,
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) verb: String,
    pub(crate) object: String,
    pub(crate) facts: Value,
    pub(crate) seal: String,
}

impl From<&trail::Entry> for Entry {
    fn from(own: &trail::Entry) -> Self {
        let facts = serde_json::from_str(&own.act.facts);
        Self {
            number: own.number,
            by: own.act.by.clone(),
            at: own.act.at.to_utc(),
            verb: own.act.verb.clone(),
            object: own.act.object.clone(),
            facts: facts.unwrap_or_else(|_| Value::String(own.act.facts.clone())),
            seal: own.seal.clone(),
        }
    }
}
