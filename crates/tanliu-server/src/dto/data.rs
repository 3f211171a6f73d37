//! 数据的形状 Datasets, submissions, values, conflicts.

use super::Label;
use serde::{Deserialize, Serialize};
use tanliu_platform::{catalogue, submission, value};
use utoipa::ToSchema;

/// 数据集
#[derive(Serialize, ToSchema)]
pub(crate) struct Dataset {
    pub(crate) id: String,
    pub(crate) name: Label,
    /// enterprise, town, district
    pub(crate) subject: String,
    /// collected, gathered, entered
    pub(crate) way: String,
    pub(crate) refresh: String,
    pub(crate) source_system: String,
    pub(crate) department: String,
    pub(crate) document: String,
    pub(crate) inputs: Vec<String>,
    pub(crate) note: String,
}

impl From<&catalogue::Dataset> for Dataset {
    fn from(own: &catalogue::Dataset) -> Self {
        Self {
            id: own.id.clone(),
            name: Label::from(&own.name),
            subject: own.subject.word().to_owned(),
            way: own.way.word().to_owned(),
            refresh: own.refresh.word().to_owned(),
            source_system: own.source_system.clone(),
            department: own.department.clone(),
            document: own.document.clone(),
            inputs: own.inputs.clone(),
            note: own.note.clone(),
        }
    }
}

/// 报送
#[derive(Serialize, ToSchema)]
pub(crate) struct Submission {
    pub(crate) id: i64,
    pub(crate) dataset: String,
    pub(crate) subject: String,
    pub(crate) period: String,
    /// draft, submitted, reviewed, approved, withdrawn
    pub(crate) state: String,
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) file: String,
    /// The digest of the file handed in: `/api/v1/evidence/…`.
    pub(crate) evidence: String,
    pub(crate) count: i64,
    pub(crate) edition: i64,
}

impl From<&submission::Submission> for Submission {
    fn from(own: &submission::Submission) -> Self {
        Self {
            id: own.id,
            dataset: own.dataset.clone(),
            subject: own.subject.clone(),
            period: own.period.clone(),
            state: own.state.word().to_owned(),
            by: own.by.clone(),
            at: own.at.to_utc(),
            file: own.file.clone(),
            evidence: own.evidence.clone(),
            count: own.count,
            edition: own.edition,
        }
    }
}

/// 审核记录
#[derive(Serialize, ToSchema)]
pub(crate) struct Review {
    pub(crate) step: String,
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) reason: String,
}

impl From<&submission::Review> for Review {
    fn from(own: &submission::Review) -> Self {
        Self {
            step: own.step.word().to_owned(),
            by: own.by.clone(),
            at: own.at.to_utc(),
            reason: own.reason.clone(),
        }
    }
}

/// 报送与其内容
#[derive(Serialize, ToSchema)]
pub(crate) struct SubmissionPage {
    #[serde(flatten)]
    pub(crate) submission: Submission,
    pub(crate) reviews: Vec<Review>,
    /// The first 500.
    pub(crate) values: Vec<Value>,
    pub(crate) values_count: i64,
}

/// 审核动作
#[derive(Deserialize, ToSchema)]
pub(crate) struct StepWanted {
    /// submit, pass, approve, return, withdraw
    pub(crate) step: String,
    #[serde(default)]
    pub(crate) reason: String,
    pub(crate) edition: i64,
}

/// 交来的文件 The parts of a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the parts are read one by one")]
pub(crate) struct SubmissionForm {
    dataset: String,
    subject: String,
    period: String,
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// 数据值
#[derive(Serialize, ToSchema)]
pub(crate) struct Value {
    pub(crate) id: i64,
    pub(crate) dataset: String,
    pub(crate) input: String,
    pub(crate) subject: String,
    pub(crate) keys: String,
    pub(crate) period: String,
    pub(crate) original: String,
    pub(crate) original_unit: String,
    pub(crate) number: Option<f64>,
    pub(crate) unit: String,
    pub(crate) origin: Origin,
    pub(crate) submission: i64,
    /// pending, approved, superseded, declined
    pub(crate) standing: String,
}

/// 出处
#[derive(Serialize, ToSchema)]
pub(crate) struct Origin {
    pub(crate) evidence: String,
    pub(crate) file: String,
    pub(crate) sheet: String,
    pub(crate) cell: String,
    pub(crate) by: String,
    pub(crate) at: String,
}

impl From<&value::Value> for Value {
    fn from(own: &value::Value) -> Self {
        Self {
            id: own.id,
            dataset: own.dataset.clone(),
            input: own.input.clone(),
            subject: own.subject.clone(),
            keys: own.keys.clone(),
            period: own.period.clone(),
            original: own.original.clone(),
            original_unit: own.original_unit.clone(),
            number: own.number,
            unit: own.unit.clone(),
            origin: Origin {
                evidence: own.origin.evidence.clone(),
                file: own.origin.file.clone(),
                sheet: own.origin.sheet.clone(),
                cell: own.origin.cell.clone(),
                by: own.origin.by.clone(),
                at: own.origin.at.to_utc(),
            },
            submission: own.submission,
            standing: own.standing.word().to_owned(),
        }
    }
}

/// 冲突
#[derive(Serialize, ToSchema)]
pub(crate) struct Conflict {
    pub(crate) id: i64,
    pub(crate) standing: Value,
    pub(crate) other: Value,
    pub(crate) choice: Option<Choice>,
}

/// 取舍
#[derive(Serialize, ToSchema)]
pub(crate) struct Choice {
    pub(crate) value: i64,
    pub(crate) reason: String,
    pub(crate) by: String,
    pub(crate) at: String,
}

impl From<&value::Conflict> for Conflict {
    fn from(own: &value::Conflict) -> Self {
        let choice = own.choice.as_ref().map(|choice| Choice {
            value: choice.value,
            reason: choice.reason.clone(),
            by: choice.by.clone(),
            at: choice.at.to_utc(),
        });
        let (standing, other) = (Value::from(&own.standing), Value::from(&own.other));
        Self { id: own.id, standing, other, choice }
    }
}

/// 要作的取舍
#[derive(Deserialize, ToSchema)]
pub(crate) struct ChoiceWanted {
    pub(crate) value: i64,
    pub(crate) reason: String,
}
