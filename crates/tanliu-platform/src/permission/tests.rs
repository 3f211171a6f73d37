//! 测试 Each role reaches its own and no more.

#![allow(clippy::unwrap_used)]

use super::{Action, Object, permit};
use crate::account::{Actor, Reach, Role};

fn actor(role: Role, reach: Reach) -> Actor {
    Actor { name: "a".into(), shown: "甲".into(), role, reach }
}

const ACTIONS: [Action; 8] = [
    Action::Read,
    Action::Submit,
    Action::Review,
    Action::Approve,
    Action::Answer,
    Action::Enforce,
    Action::Calculate,
    Action::Administer,
];

#[test]
fn an_enterprise_reaches_itself_and_no_other() {
    let own = Reach { enterprises: vec!["E1".into()], ..Reach::default() };
    let clerk = actor(Role::Enterprise, own);
    let itself = Object::Enterprise { id: "E1", town: "T1" };
    let other = Object::Enterprise { id: "E2", town: "T1" };
    assert!(permit(&clerk, Action::Submit, &itself).is_ok());
    for action in ACTIONS {
        assert!(permit(&clerk, action, &other).is_err(), "{action:?}");
    }
    assert!(permit(&clerk, Action::Approve, &itself).is_err());
}

#[test]
fn nobody_both_reports_and_approves() {
    let reach = Reach {
        department: Some("statistics".into()),
        town: Some("T1".into()),
        enterprises: vec!["E1".into()],
    };
    let objects = [
        Object::District,
        Object::Enterprise { id: "E1", town: "T1" },
        Object::Town { id: "T1" },
        Object::Dataset { department: "statistics" },
        Object::System,
    ];
    for role in Role::ALL {
        let actor = actor(role, reach.clone());
        for object in &objects {
            let submits = permit(&actor, Action::Submit, object).is_ok();
            let approves = permit(&actor, Action::Approve, object).is_ok();
            assert!(!(submits && approves), "{role:?} {object:?}");
        }
    }
}

#[test]
fn a_town_reads_its_own_enterprises_only() {
    let clerk = actor(Role::Town, Reach { town: Some("T1".into()), ..Reach::default() });
    assert!(permit(&clerk, Action::Read, &Object::Enterprise { id: "E1", town: "T1" }).is_ok());
    assert!(permit(&clerk, Action::Read, &Object::Enterprise { id: "E1", town: "T2" }).is_err());
}

#[test]
fn the_administrator_sees_no_enterprise() {
    let keeper = actor(Role::Administrator, Reach::default());
    for action in ACTIONS {
        let object = Object::Enterprise { id: "E1", town: "T1" };
        assert!(permit(&keeper, action, &object).is_err(), "{action:?}");
    }
}

#[test]
fn only_the_administrator_administers() {
    for role in Role::ALL {
        let may = permit(&actor(role, Reach::default()), Action::Administer, &Object::System);
        assert_eq!(may.is_ok(), role == Role::Administrator, "{role:?}");
    }
}
