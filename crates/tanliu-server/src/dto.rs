//! 线上的形状 The shapes of the wire. Domain types are not written to the wire as they are.

mod account;
mod data;
mod figures;
mod orders;

pub(crate) use account::*;
pub(crate) use data::*;
pub(crate) use figures::*;
pub(crate) use orders::*;

use serde::{Deserialize, Serialize};
use tanliu_diagnostic::Text;
use utoipa::ToSchema;

/// 双语 A text in both languages.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Label {
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl From<&(String, String)> for Label {
    fn from(pair: &(String, String)) -> Self {
        Self { zh: pair.0.clone(), en: pair.1.clone() }
    }
}

impl From<Text> for Label {
    fn from(text: Text) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

/// 拒绝 What every refusal looks like.
#[derive(Serialize, ToSchema)]
pub(crate) struct Refused {
    pub(crate) error: RefusedBody,
}

/// 拒绝的内容
#[derive(Serialize, ToSchema)]
pub(crate) struct RefusedBody {
    /// A stable code: `edited`, `no-session`, `absent`.
    pub(crate) code: String,
    pub(crate) zh: String,
    pub(crate) en: String,
    pub(crate) details: serde_json::Value,
}

/// Whether a switch of the query is on.
pub(crate) fn is_on(text: Option<&str>) -> bool {
    matches!(text, Some("true" | "1"))
}
