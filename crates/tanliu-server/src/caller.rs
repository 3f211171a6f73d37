//! 来者 Who asks: a browser with a session, or a machine with a token.

use crate::error::{Answer, ApiError};
use crate::house::House;
use crate::password::same_secret;
use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Method, header};
use std::net::{IpAddr, SocketAddr};
use tanliu_diagnostic::Text;
use tanliu_platform::account::{Actor, Session, User};
use tanliu_platform::permission::{Action, Object, permit};
use tanliu_platform::trail::sha256;

/// The cookie of a session.
pub(crate) const COOKIE: &str = "tanliu_session";
/// The header that unsafe requests of a browser carry.
pub(crate) const CSRF: &str = "x-tanliu-csrf";

/// What a token may do, by its scope. What stands nowhere here is for sessions alone.
const SCOPES: &[(&str, &str, &str)] = &[
    ("POST", "/api/v1/readings", "readings:write"),
    ("GET", "/api/v1/figures", "figures:read"),
    ("GET", "/api/v1/figures.csv", "figures:read"),
    ("GET", "/api/v1/district", "figures:read"),
    ("GET", "/api/v1/runs", "figures:read"),
    ("GET", "/api/v1/runs/{id}", "figures:read"),
    ("GET", "/api/v1/explain", "figures:read"),
];

/// The scopes that there are.
pub(crate) fn is_scope(word: &str) -> bool {
    SCOPES.iter().any(|(_, _, scope)| *scope == word)
}

/// 来者 Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) actor: Actor,
    /// None: a machine.
    pub(crate) session: Option<Session>,
}

impl Caller {
    /// Asks whether this may be done; says why not.
    pub(crate) fn may(&self, action: Action, object: &Object<'_>) -> Answer<()> {
        Ok(permit(&self.actor, action, object)?)
    }

    /// Whether this may be done.
    pub(crate) fn can(&self, action: Action, object: &Object<'_>) -> bool {
        permit(&self.actor, action, object).is_ok()
    }

    /// What somebody may not read is, to them, not there.
    pub(crate) fn sees(&self, object: &Object<'_>) -> Answer<()> {
        permit(&self.actor, Action::Read, object).map_err(|_| ApiError::absent())
    }

    pub(crate) fn name(&self) -> &str {
        &self.actor.name
    }
}

impl FromRequestParts<House> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Answer<Self> {
        let bearer = parts.headers.get(header::AUTHORIZATION);
        let caller = match bearer.and_then(|value| value.to_str().ok()) {
            Some(text) => of_token(text, parts, house).await?,
            None => of_session(parts, house).await?,
        };
        tracing::Span::current().record("user", caller.name());
        Ok(caller)
    }
}

async fn of_token(text: &str, parts: &Parts, house: &House) -> Answer<Caller> {
    let secret = text.strip_prefix("Bearer ").map(str::trim).ok_or_else(ApiError::no_session)?;
    let found = house.store().token(&sha256(secret.as_bytes()), house.services.clock.now()).await?;
    let Some((token, user)) = found.filter(|(_, user)| !user.disabled) else {
        return Err(ApiError::no_session());
    };
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let wanted = SCOPES
        .iter()
        .find(|(method, own, _)| *method == parts.method.as_str() && *own == path)
        .map(|(_, _, scope)| *scope);
    if !wanted.is_some_and(|scope| token.scope.iter().any(|own| own == scope)) {
        return Err(ApiError::not_permitted(Text::new(
            "这个接口令牌没有此项权限",
            "this token has no scope for it",
        )));
    }
    Ok(Caller { actor: Actor::from(&user), session: None })
}

async fn of_session(parts: &Parts, house: &House) -> Answer<Caller> {
    let (session, user) = session_of(&parts.headers, house).await?;
    if !is_safe(&parts.method) {
        let brought = parts.headers.get(CSRF).and_then(|value| value.to_str().ok());
        if !brought.is_some_and(|token| same_secret(token, &session.csrf)) {
            return Err(ApiError::csrf());
        }
    }
    Ok(Caller { actor: Actor::from(&user), session: Some(session) })
}

/// The session of a request's cookie; used, it ends later.
async fn session_of(headers: &HeaderMap, house: &House) -> Answer<(Session, User)> {
    let secret = cookie(headers).ok_or_else(ApiError::no_session)?;
    let now = house.services.clock.now();
    let found = house.store().session(&sha256(secret.as_bytes()), now).await?;
    let alive = |own: &(Session, User)| !own.1.disabled && own.0.until > now;
    let Some((mut session, user)) = found.filter(alive) else {
        return Err(ApiError::no_session());
    };
    let rules = house.config.session;
    let until = now.after_ms(rules.idle_ms).min(session.since.after_ms(rules.longest_ms));
    // Not at every request: only once a tenth of the time has gone.
    if until.0 - session.until.0 > rules.idle_ms / 10 {
        match house.store().extend_session(&session.digest, until).await {
            Ok(()) => session.until = until,
            Err(error) => tracing::debug!(%error, "a session was not extended"),
        }
    }
    Ok((session, user))
}

/// The secret in the session's cookie.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lists = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs =
        lists.flat_map(|list| list.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, value)| *name == COOKIE && !value.is_empty()).map(|(_, own)| own).next()
}

/// Whether a method changes nothing.
pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// 来处 The address that a request came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Remote(pub(crate) Option<IpAddr>);

impl Remote {
    /// Behind a proxy of the house, the last address that it wrote down.
    pub(crate) fn of(headers: &HeaderMap, extensions: &Extensions, behind_proxy: bool) -> Self {
        let direct = extensions.get::<ConnectInfo<SocketAddr>>().map(|own| own.0.ip());
        let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded = forwarded.and_then(|value| value.to_str().ok());
        let last = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
        Self(if behind_proxy { last.or(direct) } else { direct })
    }

    /// What limits count by: of IPv6 the network, for a house has many addresses.
    pub(crate) fn key(self) -> String {
        match self.0 {
            None => "local".to_owned(),
            Some(IpAddr::V4(own)) => own.to_string(),
            Some(IpAddr::V6(own)) => {
                let [one, two, three, four, ..] = own.segments();
                format!("{one:x}:{two:x}:{three:x}:{four:x}::/64")
            }
        }
    }

    /// Whether it is this machine, with nothing in between.
    pub(crate) fn is_here(self, headers: &HeaderMap) -> bool {
        let passed_on =
            headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
        !passed_on && self.0.is_none_or(|address| address.is_loopback())
    }
}

impl FromRequestParts<House> for Remote {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers, &parts.extensions, house.config.behind_proxy))
    }
}
