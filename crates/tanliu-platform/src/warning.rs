//! 预警与工单 A warning and its work order: notice → reply → on-site → closed.
//!
//! Which figure warns and at which level is computed by a document; here is what people then do.

use crate::moment::Moment;
use tanliu_diagnostic::Text;

/// 预警 One warning with its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Its number in the store; 0 before it is stored.
    pub id: i64,
    /// The address of the figure that warned.
    pub address: String,
    /// The enterprise; empty for a regional warning.
    pub enterprise: String,
    /// The town; empty for the district's.
    pub town: String,
    /// The period it is about.
    pub period: String,
    /// 1 is the gravest.
    pub level: i32,
    /// The rule that spoke: its code in the document.
    pub rule: String,
    /// What is the matter, for people.
    pub text: String,
    /// When it was found.
    pub at: Moment,
    /// Where its order is.
    pub state: OrderState,
    /// Counts changes.
    pub edition: i64,
}

/// 工单状态 Where an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OrderState {
    /// 新预警 Found, nobody was told.
    Found,
    /// 已通知 The enterprise was told.
    Noticed,
    /// 已回复 It answered.
    Replied,
    /// 现场 Somebody went there.
    OnSite,
    /// 已办结
    Closed,
}

crate::catalogue::words!(OrderState {
    Found = "found",
    Noticed = "noticed",
    Replied = "replied",
    OnSite = "on-site",
    Closed = "closed",
});

/// 工单记录 A step of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderStep {
    /// The warning.
    pub warning: i64,
    /// The state it led to.
    pub to: OrderState,
    /// What was said or done.
    pub text: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// 不可行 Why an order cannot go there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", message.en)]
pub struct OrderRefused {
    /// The reason.
    pub message: Text,
}

/// Whether an order may go from one state to another: forward, or back from a reply that does not
/// suffice to a new notice; a closed one stays closed. Closing needs words.
///
/// # Errors
/// Says what is possible.
pub fn may_go(from: OrderState, to: OrderState, text: &str) -> Result<(), OrderRefused> {
    let possible = matches!(
        (from, to),
        (OrderState::Found, OrderState::Noticed | OrderState::OnSite | OrderState::Closed)
            | (OrderState::Noticed, OrderState::Replied | OrderState::OnSite)
            | (OrderState::Replied, OrderState::Noticed | OrderState::OnSite | OrderState::Closed)
            | (OrderState::OnSite, OrderState::Noticed | OrderState::Closed)
    );
    if !possible {
        return Err(OrderRefused {
            message: Text {
                zh: format!("工单现在是「{}」，不能转到「{}」", zh(from), zh(to)),
                en: format!("the order is {}; it cannot become {}", from.word(), to.word()),
            },
        });
    }
    if text.trim().is_empty() {
        return Err(OrderRefused {
            message: Text {
                zh: "每一步都要写明内容".to_owned(),
                en: "every step says what was done".to_owned(),
            },
        });
    }
    Ok(())
}

/// 状态名
#[must_use]
pub fn zh(state: OrderState) -> &'static str {
    match state {
        OrderState::Found => "新预警",
        OrderState::Noticed => "已通知",
        OrderState::Replied => "已回复",
        OrderState::OnSite => "现场处置",
        OrderState::Closed => "已办结",
    }
}

#[cfg(test)]
mod tests {
    use super::{OrderState, may_go};

    #[test]
    fn a_closed_order_stays_closed_and_a_notice_waits_for_its_reply() {
        for to in [OrderState::Found, OrderState::Noticed, OrderState::Replied, OrderState::OnSite]
        {
            assert!(may_go(OrderState::Closed, to, "再查").is_err());
        }
        assert!(may_go(OrderState::Noticed, OrderState::Closed, "算了").is_err());
        assert!(may_go(OrderState::Replied, OrderState::Closed, "已整改").is_ok());
        assert!(may_go(OrderState::Replied, OrderState::Closed, " ").is_err());
    }
}
