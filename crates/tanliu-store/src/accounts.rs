//! 账户 Users, sessions and tokens in the store.
//!
//! A user out of service has neither sessions nor tokens, whatever was begun before.

use crate::SqlStore;
use crate::change::Change;
use crate::database::{Reader, Row, cells, json};
use async_trait::async_trait;
use tanliu_platform::account::{ApiToken, Reach, Role, Session, User};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{Accounts, Act, StoreError, Stored};

/// A user's columns, of the table `account`.
const USER: &str = "account.name, account.shown, account.role, account.department, account.town, \
                    account.enterprises, account.password, account.subject, account.disabled";

#[async_trait]
impl Accounts for SqlStore {
    async fn user(&self, name: &str) -> Stored<Option<User>> {
        let text = format!("SELECT {USER} FROM account WHERE name = $1");
        self.database.row(&text, cells![name]).await?.as_ref().map(only_user).transpose()
    }

    async fn user_of_subject(&self, subject: &str) -> Stored<Option<User>> {
        let text = format!("SELECT {USER} FROM account WHERE subject = $1");
        self.database.row(&text, cells![subject]).await?.as_ref().map(only_user).transpose()
    }

    async fn users(&self) -> Stored<Vec<User>> {
        let text = format!("SELECT {USER} FROM account ORDER BY name");
        self.database.rows(&text, Vec::new()).await?.iter().map(only_user).collect()
    }

    async fn put_user(&self, user: &User, act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let text = "INSERT INTO account (name, shown, role, department, town, enterprises, \
                    password, subject, disabled) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                    ON CONFLICT (name) DO UPDATE SET shown = excluded.shown, \
                    role = excluded.role, department = excluded.department, \
                    town = excluded.town, enterprises = excluded.enterprises, \
                    password = excluded.password, subject = excluded.subject, \
                    disabled = excluded.disabled";
        let row = cells![
            &user.name,
            &user.shown,
            user.role.word(),
            &user.reach.department,
            &user.reach.town,
            json(&user.reach.enterprises)?,
            &user.password,
            &user.subject,
            user.disabled,
        ];
        change.execute(text, row).await?;
        change.finish(act).await
    }

    async fn session(&self, digest: &str, now: Moment) -> Stored<Option<(Session, User)>> {
        let text = format!(
            "SELECT session.digest, session.account, session.csrf, session.begins_at, \
             session.ends_at, {USER} FROM session JOIN account ON account.name = session.account \
             WHERE session.digest = $1 AND session.ends_at > $2 AND account.disabled = 0"
        );
        let Some(row) = self.database.row(&text, cells![digest, now]).await? else {
            return Ok(None);
        };
        let mut row = row.reader();
        let session = Session {
            digest: row.text()?,
            user: row.text()?,
            csrf: row.text()?,
            since: row.moment()?,
            until: row.moment()?,
        };
        Ok(Some((session, user(&mut row)?)))
    }

    async fn begin_session(&self, session: &Session, act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let columns = ["digest", "account", "csrf", "begins_at", "ends_at"];
        let row =
            cells![&session.digest, &session.user, &session.csrf, session.since, session.until];
        change.insert_one("session", &columns, row).await?;
        change.finish(act).await
    }

    async fn end_session(&self, digest: &str, act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let text = "DELETE FROM session WHERE digest = $1";
        if change.execute(text, cells![digest]).await? == 0 {
            return Err(StoreError::Absent("session"));
        }
        change.finish(act).await
    }

    async fn forget_sessions(&self, before: Moment) -> Stored<u64> {
        let mut link = self.database.write().await?;
        let text = "DELETE FROM session WHERE ends_at < $1";
        let count = link.execute(text, cells![before]).await?;
        link.commit().await?;
        Ok(count)
    }

    async fn token(&self, digest: &str, now: Moment) -> Stored<Option<(ApiToken, User)>> {
        let text = format!(
            "SELECT token.digest, token.label, token.account, token.scope, token.ends_at, {USER} \
             FROM token JOIN account ON account.name = token.account WHERE token.digest = $1 \
             AND (token.ends_at IS NULL OR token.ends_at > $2) AND account.disabled = 0"
        );
        let Some(row) = self.database.row(&text, cells![digest, now]).await? else {
            return Ok(None);
        };
        let mut row = row.reader();
        let token = ApiToken {
            digest: row.text()?,
            label: row.text()?,
            user: row.text()?,
            scope: row.json()?,
            until: row.some_moment()?,
        };
        Ok(Some((token, user(&mut row)?)))
    }

    async fn add_token(&self, token: &ApiToken, act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let columns = ["digest", "label", "account", "scope", "ends_at"];
        let scope = json(&token.scope)?;
        let row = cells![&token.digest, &token.label, &token.user, scope, token.until];
        change.insert_one("token", &columns, row).await?;
        change.finish(act).await
    }

    async fn end_token(&self, digest: &str, act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        if change.execute("DELETE FROM token WHERE digest = $1", cells![digest]).await? == 0 {
            return Err(StoreError::Absent("token"));
        }
        change.finish(act).await
    }
}

fn only_user(row: &Row) -> Stored<User> {
    user(&mut row.reader())
}

fn user(row: &mut Reader<'_>) -> Stored<User> {
    Ok(User {
        name: row.text()?,
        shown: row.text()?,
        role: row.word(Role::of)?,
        reach: Reach {
            department: row.some_text()?,
            town: row.some_text()?,
            enterprises: row.json()?,
        },
        password: row.some_text()?,
        subject: row.some_text()?,
        disabled: row.truth()?,
    })
}
