//! 账户 The promises about users, sessions and tokens.

use crate::house::{House, act};
use tanliu_platform::account::{ApiToken, Reach, Role, Session, User};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{Accounts, StoreError};

fn user(name: &str) -> User {
    User {
        name: name.into(),
        shown: format!("{name}先生"),
        role: Role::Verifier,
        reach: Reach {
            department: Some("statistics".into()),
            town: None,
            enterprises: vec!["E00001".into(), "E\"2".into()],
        },
        password: Some("$argon2id$made-up".into()),
        subject: None,
        disabled: false,
    }
}

fn session(digest: &str) -> Session {
    Session {
        digest: digest.into(),
        user: "甲".into(),
        csrf: "c".into(),
        since: Moment(10),
        until: Moment(20),
    }
}

pub async fn users_are_read_as_they_were_put(house: &House) {
    let (one, mut two) = (user("甲"), user("乙"));
    two.subject = Some("oidc-2".into());
    two.password = None;
    two.role = Role::Town;
    house.store.put_user(&one, act(1)).await.unwrap();
    house.store.put_user(&two, act(2)).await.unwrap();
    assert_eq!(house.store.user("甲").await.unwrap(), Some(one.clone()));
    assert_eq!(house.store.user("丙").await.unwrap(), None);
    assert_eq!(house.store.user_of_subject("oidc-2").await.unwrap(), Some(two.clone()));
    assert_eq!(house.store.users().await.unwrap(), vec![two.clone(), one.clone()]);

    two.disabled = true;
    two.reach = Reach { department: None, town: Some("T01".into()), enterprises: Vec::new() };
    house.store.put_user(&two, act(3)).await.unwrap();
    assert_eq!(house.store.user("乙").await.unwrap(), Some(two));
    let mut three = user("丙");
    three.subject = Some("oidc-2".into());
    let twice = house.store.put_user(&three, act(4)).await;
    assert!(matches!(twice, Err(StoreError::Refused(_))));
}

pub async fn a_session_lasts_until_its_end(house: &House) {
    house.store.put_user(&user("甲"), act(1)).await.unwrap();
    for digest in ["a", "b"] {
        house.store.begin_session(&session(digest), act(10)).await.unwrap();
    }
    let known = house.store.session("a", Moment(19)).await.unwrap();
    assert_eq!(known, Some((session("a"), user("甲"))));
    assert_eq!(house.store.session("a", Moment(20)).await.unwrap(), None);
    house.store.extend_session("b", Moment(40)).await.unwrap();
    assert!(house.store.session("b", Moment(39)).await.unwrap().is_some());
    house.store.extend_session("b", Moment(20)).await.unwrap();
    let unknown = house.store.extend_session("z", Moment(40)).await;
    assert!(matches!(unknown, Err(StoreError::Absent("session"))));
    house.store.end_session("a", act(11)).await.unwrap();
    assert_eq!(house.store.session("a", Moment(12)).await.unwrap(), None);
    let again = house.store.end_session("a", act(12)).await;
    assert!(matches!(again, Err(StoreError::Absent("session"))));
    assert_eq!(house.store.forget_sessions(Moment(20)).await.unwrap(), 0);
    assert_eq!(house.store.forget_sessions(Moment(21)).await.unwrap(), 1);
    let mut of_nobody = session("c");
    of_nobody.user = "丁".into();
    let refused = house.store.begin_session(&of_nobody, act(13)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
    for digest in ["d", "e"] {
        house.store.begin_session(&session(digest), act(14)).await.unwrap();
    }
    assert_eq!(house.store.end_sessions_of("甲", act(15)).await.unwrap(), 2);
    assert_eq!(house.store.session("d", Moment(15)).await.unwrap(), None);
}

pub async fn a_token_lasts_until_its_end(house: &House) {
    house.store.put_user(&user("甲"), act(1)).await.unwrap();
    let mut token = ApiToken {
        digest: "t".into(),
        label: "读数".into(),
        user: "甲".into(),
        scope: vec!["readings:write".into()],
        until: Some(Moment(50)),
    };
    house.store.add_token(&token, act(2)).await.unwrap();
    let known = house.store.token("t", Moment(49)).await.unwrap();
    assert_eq!(known, Some((token.clone(), user("甲"))));
    assert_eq!(house.store.token("t", Moment(50)).await.unwrap(), None);
    token.digest = "u".into();
    token.until = None;
    house.store.add_token(&token, act(3)).await.unwrap();
    assert!(house.store.token("u", Moment(i64::MAX)).await.unwrap().is_some());
    house.store.end_token("u", act(4)).await.unwrap();
    assert_eq!(house.store.token("u", Moment(5)).await.unwrap(), None);
    assert!(matches!(house.store.end_token("u", act(5)).await, Err(StoreError::Absent("token"))));
}

pub async fn who_is_out_of_service_has_no_session(house: &House) {
    let mut one = user("甲");
    house.store.put_user(&one, act(1)).await.unwrap();
    house.store.begin_session(&session("a"), act(10)).await.unwrap();
    one.disabled = true;
    house.store.put_user(&one, act(11)).await.unwrap();
    assert_eq!(house.store.session("a", Moment(12)).await.unwrap(), None);
}
