//! 用户 Users of every role. Names are of offices, so that nobody is meant.

use crate::catalogue::{GRID, INDUSTRY, PLANNING, STATISTICS};
use crate::planted::Planted;
use tanliu_platform::account::{Reach, Role, User};
use tanliu_platform::directory::{Enterprise, Town};

/// Who hands in, passes and approves what the offices report.
pub(crate) const APPROVER: &str = "district1";

/// 部门 Departments with the beginning of their clerks' names.
const DEPARTMENTS: [(&str, &str); 7] = [
    (STATISTICS, "statistics"),
    (PLANNING, "planning"),
    (INDUSTRY, "industry"),
    (GRID, "grid"),
    ("住房和城乡建设局", "building"),
    ("交通运输局", "transport"),
    ("农业农村局", "agriculture"),
];

/// The two clerks of a department: who hands in and who passes.
pub(crate) fn clerks(department: &str) -> (String, String) {
    let stem = DEPARTMENTS.iter().find(|(name, _)| *name == department);
    let stem = stem.map_or("", |(_, stem)| *stem);
    (format!("{stem}1"), format!("{stem}2"))
}

/// The clerk of an enterprise: `e00042`.
pub(crate) fn clerk_of(enterprise: &str) -> String {
    enterprise.to_lowercase()
}

fn user(name: &str, shown: String, role: Role, reach: Reach) -> User {
    User {
        name: name.to_owned(),
        shown,
        role,
        reach,
        password: None,
        subject: None,
        disabled: false,
    }
}

/// 用户 All users. None has a password: whoever loads them sets one.
pub(crate) fn users(towns: &[Town], enterprises: &[Enterprise], planted: &[Planted]) -> Vec<User> {
    let mut users = vec![
        user("admin", "系统管理员".to_owned(), Role::Administrator, Reach::default()),
        user(APPROVER, "示范区·审批一岗".to_owned(), Role::District, Reach::default()),
        user("district2", "示范区·审批二岗".to_owned(), Role::District, Reach::default()),
    ];
    for (department, _) in DEPARTMENTS {
        let (first, second) = clerks(department);
        for (name, post) in [(first, "填报岗"), (second, "审核岗")] {
            let reach = Reach { department: Some(department.to_owned()), ..Reach::default() };
            users.push(user(&name, format!("{department}·{post}"), Role::Department, reach));
        }
    }
    for town in towns {
        let reach = Reach { town: Some(town.id.clone()), ..Reach::default() };
        users.push(user(&town.id.to_lowercase(), format!("{}·经办", town.name), Role::Town, reach));
    }
    users.extend(of_enterprises(enterprises, planted));
    for (number, chunk) in (1..).zip(planted.chunks(planted.len().div_ceil(2).max(1))) {
        let enterprises = chunk.iter().map(|case| case.enterprise.clone()).collect();
        let reach = Reach { enterprises, ..Reach::default() };
        let name = format!("verifier{number}");
        users.push(user(&name, format!("示范核查机构{number}"), Role::Verifier, reach));
    }
    users
}

/// The enterprises of planted cases, and the first twenty of the list, have a clerk.
fn of_enterprises(enterprises: &[Enterprise], planted: &[Planted]) -> Vec<User> {
    let wanted = |place: usize, id: &str| place < 20 || planted.iter().any(|p| p.enterprise == id);
    enterprises
        .iter()
        .enumerate()
        .filter(|(place, enterprise)| wanted(*place, &enterprise.id))
        .map(|(_, enterprise)| {
            let reach = Reach { enterprises: vec![enterprise.id.clone()], ..Reach::default() };
            let shown = format!("{}·能源管理岗", enterprise.name);
            user(&clerk_of(&enterprise.id), shown, Role::Enterprise, reach)
        })
        .collect()
}
