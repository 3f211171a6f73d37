//! 服务之家 What all handlers share: the services of the outside, caches, limits, counts.

use crate::assets::Assets;
use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::directory::DirectoryCache;
use crate::guard::{Buckets, Metrics};
use crate::password::{PasswordFailed, digest_password};
use crate::tables::FigureCache;
use serde_json::Value;
use std::ops::Deref;
use std::sync::Arc;
use tanliu_platform::port::{Act, Calculator, Readings, Store};
use tokio::sync::Semaphore;

/// 外部服务 What the binary hands to the server.
#[derive(Clone)]
pub struct Services {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// What computes.
    pub calculator: Arc<dyn Calculator>,
    /// What keeps readings.
    pub readings: Arc<dyn Readings>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where secrets come from.
    pub entropy: Arc<dyn Entropy>,
    /// The web app.
    pub assets: Assets,
}

/// 服务之家 Shared by all requests.
#[derive(Clone)]
pub(crate) struct House(Arc<Rooms>);

/// What [`House`] leads to.
pub(crate) struct Rooms {
    pub(crate) config: Config,
    pub(crate) services: Services,
    pub(crate) directory: DirectoryCache,
    pub(crate) figures: FigureCache,
    /// Requests, per session and per address.
    pub(crate) requests: Buckets,
    /// Sign-ins, per name and per address.
    pub(crate) sign_ins: Buckets,
    pub(crate) metrics: Metrics,
    /// The digest that a name without a user is checked against.
    pub(crate) dummy: String,
    /// Passwords are checked a few at a time: each takes memory.
    pub(crate) password_turns: Semaphore,
    /// Calculations wait for each other.
    pub(crate) run_turns: Arc<Semaphore>,
}

impl House {
    pub(crate) fn new(config: Config, services: Services) -> Result<Self, PasswordFailed> {
        let dummy = digest_password("nobody", config.password, services.entropy.as_ref())?;
        let limits = config.limits;
        Ok(Self(Arc::new(Rooms {
            directory: DirectoryCache::default(),
            figures: FigureCache::new(limits.figure_cache_bytes),
            requests: Buckets::new(limits.burst, f64::from(limits.per_second)),
            sign_ins: Buckets::new(
                limits.sign_in_burst,
                f64::from(limits.sign_in_per_minute) / 60.0,
            ),
            metrics: Metrics::default(),
            dummy,
            password_turns: Semaphore::new(2),
            run_turns: Arc::new(Semaphore::new(1)),
            config,
            services,
        })))
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.services.store.as_ref()
    }

    /// An act at this moment. Facts never hold secrets.
    pub(crate) fn act(&self, by: &str, verb: &str, object: &str, facts: &Value) -> Act {
        Act {
            by: by.to_owned(),
            at: self.services.clock.now(),
            verb: verb.to_owned(),
            object: object.to_owned(),
            facts: facts.to_string(),
        }
    }
}

impl Deref for House {
    type Target = Rooms;

    fn deref(&self) -> &Rooms {
        &self.0
    }
}
