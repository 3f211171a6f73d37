//! 数据值 A reported value with all that it came with.
//!
//! What was written stays as it was written; beside it stands what it was converted to. A value is
//! never changed: a later one *supersedes* it, and both stay.

use crate::moment::Moment;

/// 数据值 One value of one input at one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Its number in the store; 0 before it is stored.
    pub id: i64,
    /// The dataset.
    pub dataset: String,
    /// The input of the dataset's document: `burned`.
    pub input: String,
    /// What the row is about: an enterprise's or a town's id, empty for the district.
    pub subject: String,
    /// The other keys that are no time, as `fuel=raw_coal`, joined by `;` in the document's order.
    pub keys: String,
    /// The time key: `2021`, `2021-07`; empty where there is none.
    pub period: String,
    /// What was written, to the letter.
    pub original: String,
    /// The unit it was written in; empty for texts and members.
    pub original_unit: String,
    /// The number in the input's declared unit; none for texts and members.
    pub number: Option<f64>,
    /// The input's declared unit; empty for texts and members.
    pub unit: String,
    /// Where it was written.
    pub origin: Origin,
    /// The submission that brought it.
    pub submission: i64,
    /// Whether it counts.
    pub standing: Standing,
}

/// 出处 Where a value was written, by whom and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The evidence file's digest; empty for a form.
    pub evidence: String,
    /// The file's name as it was handed in.
    pub file: String,
    /// The sheet or page.
    pub sheet: String,
    /// The cell: `C12`.
    pub cell: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// 状态 Whether a value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// 待审 Handed in, not yet approved.
    Pending,
    /// 有效 Approved: it counts.
    Approved,
    /// 已被取代 It counted until a later approved value came.
    Superseded,
    /// 未采用 Another source was chosen, or the submission was rejected.
    Declined,
}

crate::catalogue::words!(Standing {
    Pending = "pending",
    Approved = "approved",
    Superseded = "superseded",
    Declined = "declined",
});

/// 冲突 Two sources that say different things of one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Its number in the store; 0 before it is stored.
    pub id: i64,
    /// The value that counts.
    pub standing: Value,
    /// The value that contradicts it.
    pub other: Value,
    /// What was chosen, by whom, when and why; none while it is open.
    pub choice: Option<Choice>,
}

/// 取舍 The choice between two sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value chosen.
    pub value: i64,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// 数据查询 Which values are wanted. An empty query wants all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueQuery {
    /// Of one dataset.
    pub dataset: Option<String>,
    /// Of one input.
    pub input: Option<String>,
    /// Of one subject.
    pub subject: Option<String>,
    /// Of one period.
    pub period: Option<String>,
    /// Of one submission.
    pub submission: Option<i64>,
    /// Only of this standing.
    pub standing: Option<Standing>,
    /// As it counted at that moment: later approvals are unknown.
    pub as_of: Option<Moment>,
    /// How many are passed over.
    pub offset: u32,
    /// How many at most; 0: all.
    pub limit: u32,
}
