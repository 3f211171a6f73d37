//! 权限 Who may do what: role × organisation × region, asked on the server for every object.
//!
//! One table of rules, so that it can be read and tested whole. A refusal says why, in both
//! languages, without telling whether the object exists.

use crate::account::{Actor, Role};
use tanliu_diagnostic::Text;

/// 行为 What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Report data of it, or take a draft back.
    Submit,
    /// Say whether submitted data are sound: the technical review.
    Review,
    /// Approve reviewed data: they then count.
    Approve,
    /// Raise a finding, appeal, answer a warning.
    Answer,
    /// Issue and close warnings and their orders.
    Enforce,
    /// Start a calculation.
    Calculate,
    /// Change users, tokens, settings.
    Administer,
}

/// 对象 What it is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object<'a> {
    /// Figures of the district, of towns and of sectors; the catalogue; the methods.
    District,
    /// What is known of one enterprise in detail.
    Enterprise {
        /// Its id.
        id: &'a str,
        /// Its town.
        town: &'a str,
    },
    /// What departments report of a town beside its enterprises.
    Town {
        /// Its id.
        id: &'a str,
    },
    /// A dataset, with the department that confirms it.
    Dataset {
        /// The department.
        department: &'a str,
    },
    /// Users, tokens, settings, the audit trail.
    System,
}

/// 拒绝 Why somebody may not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", reason.en)]
pub struct Refusal {
    /// The reason.
    pub reason: Text,
}

/// Says whether somebody may do something to an object.
///
/// # Errors
/// The reason why not.
pub fn permit(actor: &Actor, action: Action, object: &Object<'_>) -> Result<(), Refusal> {
    let may = match actor.role {
        Role::Administrator => administrator(action, object),
        Role::District => district(action, object),
        Role::Department => department(actor, action, object),
        Role::Town => town(actor, action, object),
        Role::Enterprise => enterprise(actor, action, object),
        Role::Verifier => verifier(actor, action, object),
    };
    if may {
        return Ok(());
    }
    let reason = Text {
        zh: format!("{}没有这项权限，或对象不在其范围内", role_zh(actor.role)),
        en: format!(
            "the role `{}` may not do this, or the object is outside its reach",
            actor.role.word()
        ),
    };
    Err(Refusal { reason })
}

fn administrator(action: Action, object: &Object<'_>) -> bool {
    match object {
        Object::System => matches!(action, Action::Read | Action::Administer),
        Object::District => matches!(action, Action::Read | Action::Calculate),
        _ => false,
    }
}

fn district(action: Action, object: &Object<'_>) -> bool {
    match object {
        Object::System => action == Action::Read,
        // Who approves does not report.
        _ => !matches!(action, Action::Submit | Action::Administer | Action::Review),
    }
}

fn department(actor: &Actor, action: Action, object: &Object<'_>) -> bool {
    match object {
        Object::Dataset { department } => {
            let own = actor.reach.department.as_deref() == Some(*department);
            action == Action::Read || own && matches!(action, Action::Review | Action::Submit)
        }
        Object::System => false,
        Object::District => matches!(action, Action::Read | Action::Calculate),
        Object::Enterprise { .. } | Object::Town { .. } => {
            matches!(action, Action::Read | Action::Enforce | Action::Review)
        }
    }
}

fn town(actor: &Actor, action: Action, object: &Object<'_>) -> bool {
    let own = |town: &str| actor.reach.town.as_deref() == Some(town);
    match object {
        Object::District | Object::Dataset { .. } => action == Action::Read,
        Object::Enterprise { town, .. } => {
            own(town) && matches!(action, Action::Read | Action::Enforce | Action::Answer)
        }
        Object::Town { id } => {
            own(id) && matches!(action, Action::Read | Action::Submit | Action::Answer)
        }
        Object::System => false,
    }
}

fn enterprise(actor: &Actor, action: Action, object: &Object<'_>) -> bool {
    match object {
        Object::District | Object::Dataset { .. } => action == Action::Read,
        Object::Enterprise { id, .. } => {
            actor.reach.enterprises.iter().any(|own| own == id)
                && matches!(action, Action::Read | Action::Submit | Action::Answer)
        }
        Object::Town { .. } | Object::System => false,
    }
}

fn verifier(actor: &Actor, action: Action, object: &Object<'_>) -> bool {
    match object {
        Object::District | Object::Dataset { .. } => action == Action::Read,
        Object::Enterprise { id, .. } => {
            actor.reach.enterprises.iter().any(|given| given == id)
                && matches!(action, Action::Read | Action::Answer | Action::Calculate)
        }
        Object::Town { .. } | Object::System => false,
    }
}

fn role_zh(role: Role) -> &'static str {
    match role {
        Role::Administrator => "系统管理员",
        Role::District => "区县",
        Role::Department => "部门",
        Role::Town => "镇街",
        Role::Enterprise => "企业",
        Role::Verifier => "核查机构",
    }
}

#[cfg(test)]
mod tests;
