//! `tanliu user`: a user of the platform, the password from standard input.

use crate::arguments::User as Wanted;
use crate::command::serve::runtime;
use crate::failure::{Ended, Failure};
use crate::screen::Screen;
use crate::service::{House, open_store};
use serde_json::json;
use std::io::BufRead as _;
use tanliu_platform::account::{Reach, Role, User};
use tanliu_platform::port::{Accounts as _, Act};
use tanliu_server::{Clock as _, PasswordCost, SystemClock, SystemEntropy, digest_password};

/// Fewer letters than this are no password.
const PASSWORD_MIN: usize = 10;

/// Adds a user or changes the one of that name.
pub(crate) fn run(wanted: &Wanted, screen: &mut Screen) -> Result<Ended, Failure> {
    let role = Role::of(&wanted.role).ok_or_else(|| {
        let roles: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
        Failure::new(
            format!("没有角色 {}", wanted.role),
            format!("there is no role {}", wanted.role),
        )
        .hint(format!("角色有：{}", roles.join("、")), format!("roles: {}", roles.join(", ")))
    })?;
    let user = User {
        name: wanted.name.clone(),
        shown: wanted.shown.clone().unwrap_or_else(|| wanted.name.clone()),
        role,
        reach: reach(role, &wanted.of)?,
        password: Some(digest(&password()?)?),
        subject: None,
        disabled: false,
    };
    let house = House::open(&wanted.home.home)?;
    runtime()?.block_on(async {
        let store = open_store(&house, &wanted.home).await?;
        let act = Act {
            by: "system".to_owned(),
            at: SystemClock::default().now(),
            verb: "user.put".to_owned(),
            object: format!("user/{}", user.name),
            facts: json!({ "role": role.word() }).to_string(),
        };
        store.put_user(&user, act).await.map_err(|error| {
            Failure::new(format!("没有存下：{error}"), format!("not stored: {error}"))
        })?;
        store.close().await;
        Ok::<(), Failure>(())
    })?;
    screen.line(
        format!("用户 {}（{}）已存下", user.name, role.word()),
        format!("user {} ({}) is stored", user.name, role.word()),
    );
    Ok(Ended::Well)
}

fn reach(role: Role, of: &[String]) -> Result<Reach, Failure> {
    let mut reach = Reach::default();
    match (role, of) {
        (Role::Enterprise | Role::Verifier, ids) => reach.enterprises = ids.to_vec(),
        (Role::Department, [id]) => reach.department = Some(id.clone()),
        (Role::Town, [id]) => reach.town = Some(id.clone()),
        (Role::Administrator | Role::District, []) => {}
        _ => {
            return Err(Failure::new(
                format!("{} 的 --of 不对", role.word()),
                format!("--of does not fit the role {}", role.word()),
            )
            .hint(
                "部门、镇街各给一个；企业、核查机构给企业；管理员、区县不给",
                "one for a department or a town; enterprises for an enterprise or a verifier; none else",
            ));
        }
    }
    Ok(reach)
}

/// The first line of standard input.
fn password() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failure::unreadable("stdin", &error))?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.chars().count() < PASSWORD_MIN {
        return Err(Failure::new(
            format!("口令至少 {PASSWORD_MIN} 个字符，从标准输入的第一行读"),
            format!(
                "a password has at least {PASSWORD_MIN} characters, on the first line of standard input"
            ),
        ));
    }
    Ok(password)
}

/// The argon2id string of a password.
pub(crate) fn digest(password: &str) -> Result<String, Failure> {
    digest_password(password, PasswordCost::default(), &SystemEntropy).map_err(|error| {
        Failure::new(format!("口令没有处理成：{error}"), format!("the password failed: {error}"))
    })
}
