//! 报送与审核 A submission of data and its three-level review: submitter → technical → approver.
//!
//! ```text
//! draft ──submit──► submitted ──pass──► reviewed ──approve──► approved
//!   ▲                   │                   │
//!   └────return─────────┴──────return───────┘        draft ──withdraw──► withdrawn
//! ```
//!
//! Each step is made by another person than the step before. Nothing approved changes: a later
//! submission supersedes it.

use crate::account::Actor;
use crate::moment::Moment;
use tanliu_diagnostic::Text;

/// 报送 A set of values handed in together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Its number in the store; 0 before it is stored.
    pub id: i64,
    /// The dataset.
    pub dataset: String,
    /// Whose data: an enterprise's or a town's id, empty for the district or for many.
    pub subject: String,
    /// The period it is for.
    pub period: String,
    /// Where it is in the review.
    pub state: State,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// The file handed in: its evidence digest; empty for a form.
    pub evidence: String,
    /// Its name.
    pub file: String,
    /// How many values it has.
    pub count: i64,
    /// Counts changes, so that a second editor is noticed.
    pub edition: i64,
}

/// 审核状态 Where a submission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// 草稿
    Draft,
    /// 已提交 Waits for the technical review.
    Submitted,
    /// 技术审核通过 Waits for approval.
    Reviewed,
    /// 已批准 Its values count.
    Approved,
    /// 已撤回
    Withdrawn,
}

crate::catalogue::words!(State {
    Draft = "draft",
    Submitted = "submitted",
    Reviewed = "reviewed",
    Approved = "approved",
    Withdrawn = "withdrawn",
});

/// 审核动作 A step of the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// 提交
    Submit,
    /// 技术审核通过
    Pass,
    /// 批准
    Approve,
    /// 退回 Back to the submitter, with a reason.
    Return,
    /// 撤回
    Withdraw,
}

crate::catalogue::words!(Step {
    Submit = "submit",
    Pass = "pass",
    Approve = "approve",
    Return = "return",
    Withdraw = "withdraw",
});

/// 审核记录 One step that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The submission.
    pub submission: i64,
    /// The step.
    pub step: Step,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Why; a return has one always.
    pub reason: String,
}

/// 不可行 Why a step cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", message.en)]
pub struct StepRefused {
    /// A stable code: `wrong-state`, `same-person`, `no-reason`.
    pub code: &'static str,
    /// The reason.
    pub message: Text,
}

/// Says which state a step leads to. Who may make steps at all is asked of
/// [`crate::permission::permit`]; here it is asked whether this step can be made now, by this person.
///
/// # Errors
/// The state has no such step; the same person made the step before; a return has no reason.
pub fn next(
    state: State,
    step: Step,
    actor: &Actor,
    made: &[Review],
    reason: &str,
) -> Result<State, StepRefused> {
    let to = match (state, step) {
        (State::Draft, Step::Submit) => State::Submitted,
        (State::Draft, Step::Withdraw) => State::Withdrawn,
        (State::Submitted, Step::Pass) => State::Reviewed,
        (State::Submitted | State::Reviewed, Step::Return) => State::Draft,
        (State::Reviewed, Step::Approve) => State::Approved,
        _ => return Err(wrong_state(state, step)),
    };
    if step == Step::Return && reason.trim().is_empty() {
        return Err(StepRefused {
            code: "no-reason",
            message: Text {
                zh: "退回要写明理由".to_owned(),
                en: "a return needs a reason".to_owned(),
            },
        });
    }
    let before = made.last().filter(|_| matches!(step, Step::Pass | Step::Approve | Step::Return));
    if let Some(before) = before.filter(|before| before.by == actor.name) {
        return Err(StepRefused {
            code: "same-person",
            message: Text {
                zh: format!("上一步也是 {} 做的，这一步须由另一人做", before.by),
                en: format!("{} made the step before; another person makes this one", before.by),
            },
        });
    }
    Ok(to)
}

fn wrong_state(state: State, step: Step) -> StepRefused {
    StepRefused {
        code: "wrong-state",
        message: Text {
            zh: format!("报送现在是「{}」，不能{}", state_zh(state), step_zh(step)),
            en: format!("the submission is {}; it cannot be made to {}", state.word(), step.word()),
        },
    }
}

/// 状态名
#[must_use]
pub fn state_zh(state: State) -> &'static str {
    match state {
        State::Draft => "草稿",
        State::Submitted => "已提交",
        State::Reviewed => "技术审核通过",
        State::Approved => "已批准",
        State::Withdrawn => "已撤回",
    }
}

/// 动作名
#[must_use]
pub fn step_zh(step: Step) -> &'static str {
    match step {
        Step::Submit => "提交",
        Step::Pass => "通过技术审核",
        Step::Approve => "批准",
        Step::Return => "退回",
        Step::Withdraw => "撤回",
    }
}

#[cfg(test)]
mod tests;
