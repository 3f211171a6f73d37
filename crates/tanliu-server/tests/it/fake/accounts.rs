//! 账户 Users, sessions, tokens and the trail in memory.

use super::FakeStore;
use async_trait::async_trait;
use tanliu_platform::account::{ApiToken, Session, User};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{Accounts, Act, StoreError, Stored, Trail};
use tanliu_platform::trail::{Entry, GENESIS};

#[async_trait]
impl Accounts for FakeStore {
    async fn user(&self, name: &str) -> Stored<Option<User>> {
        self.read(|kept| kept.users.get(name).cloned())
    }

    async fn user_of_subject(&self, subject: &str) -> Stored<Option<User>> {
        let is = |own: &&User| own.subject.as_deref() == Some(subject);
        self.read(|kept| kept.users.values().find(is).cloned())
    }

    async fn users(&self) -> Stored<Vec<User>> {
        self.read(|kept| kept.users.values().cloned().collect())
    }

    async fn put_user(&self, user: &User, act: Act) -> Stored<()> {
        self.change(act, |kept| {
            kept.users.insert(user.name.clone(), user.clone());
            Ok(())
        })
    }

    async fn session(&self, digest: &str, now: Moment) -> Stored<Option<(Session, User)>> {
        self.read(|kept| {
            let session = kept.sessions.get(digest).filter(|own| own.until > now)?;
            Some((session.clone(), kept.users.get(&session.user)?.clone()))
        })
    }

    async fn begin_session(&self, session: &Session, act: Act) -> Stored<()> {
        self.change(act, |kept| {
            kept.sessions.insert(session.digest.clone(), session.clone());
            Ok(())
        })
    }

    async fn end_session(&self, digest: &str, act: Act) -> Stored<()> {
        self.change(act, |kept| {
            kept.sessions.remove(digest).map(|_| ()).ok_or(StoreError::Absent("session"))
        })
    }

    async fn extend_session(&self, digest: &str, until: Moment) -> Stored<()> {
        let mut kept = self.0.lock().unwrap();
        let own = kept.sessions.get_mut(digest).ok_or(StoreError::Absent("session"))?;
        own.until = until;
        Ok(())
    }

    async fn end_sessions_of(&self, user: &str, act: Act) -> Stored<u64> {
        self.change(act, |kept| {
            let before = kept.sessions.len();
            kept.sessions.retain(|_, own| own.user != user);
            Ok((before - kept.sessions.len()) as u64)
        })
    }

    async fn forget_sessions(&self, before: Moment) -> Stored<u64> {
        let mut kept = self.0.lock().unwrap();
        let count = kept.sessions.len();
        kept.sessions.retain(|_, own| own.until >= before);
        Ok((count - kept.sessions.len()) as u64)
    }

    async fn token(&self, digest: &str, now: Moment) -> Stored<Option<(ApiToken, User)>> {
        let alive = |own: &&ApiToken| own.until.is_none_or(|until| until > now);
        self.read(|kept| {
            let token = kept.tokens.get(digest).filter(alive)?;
            Some((token.clone(), kept.users.get(&token.user)?.clone()))
        })
    }

    async fn add_token(&self, token: &ApiToken, act: Act) -> Stored<()> {
        self.change(act, |kept| {
            kept.tokens.insert(token.digest.clone(), token.clone());
            Ok(())
        })
    }

    async fn end_token(&self, digest: &str, act: Act) -> Stored<()> {
        self.change(act, |kept| {
            kept.tokens.remove(digest).map(|_| ()).ok_or(StoreError::Absent("token"))
        })
    }
}

#[async_trait]
impl Trail for FakeStore {
    async fn record(&self, act: Act) -> Stored<()> {
        self.change(act, |_| Ok(()))
    }

    async fn entries(&self, from: i64, limit: u32) -> Stored<Vec<Entry>> {
        let wanted = |own: &&Entry| own.number >= from;
        self.read(|kept| kept.trail.iter().filter(wanted).take(limit as usize).cloned().collect())
    }

    async fn head(&self) -> Stored<(i64, String)> {
        self.read(|kept| {
            let last = kept.trail.last();
            last.map_or((0, GENESIS.to_owned()), |own| (own.number, own.seal.clone()))
        })
    }
}
