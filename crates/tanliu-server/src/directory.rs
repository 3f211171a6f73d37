//! 名录快照 Which enterprises there are, where they belong, and who may read them.
//!
//! Tables of figures are cut row by row; asking the store for each row would be slow. A snapshot is
//! dropped at every change that goes through this server, and after a minute in any case: other
//! programs may change the store too.

use crate::error::Answer;
use crate::house::House;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use tanliu_platform::account::Actor;
use tanliu_platform::directory::EnterpriseQuery;
use tanliu_platform::moment::Moment;
use tanliu_platform::permission::{Action, Object, permit};
use tanliu_platform::trail::sha256;

/// How old a snapshot may grow.
const AGE_MAX_MS: i64 = 60_000;
/// Enterprises that are asked of the store at once.
const PAGE: u32 = 10_000;
/// Reaches that a snapshot remembers.
const REACHES_MAX: usize = 4096;

/// 快照 The directory as it was a moment ago.
pub(crate) struct Directory {
    pub(crate) enterprises: BTreeMap<String, Brief>,
    at: Moment,
    reaches: Mutex<BTreeMap<String, Arc<Reached>>>,
    codes: Mutex<Option<Arc<BTreeMap<String, String>>>>,
}

/// What is needed of an enterprise to say who may read it.
pub(crate) struct Brief {
    pub(crate) town: String,
    pub(crate) sector: String,
}

/// 所及 The enterprises that somebody may read.
pub(crate) struct Reached {
    /// None: every one.
    pub(crate) only: Option<BTreeSet<String>>,
}

/// The snapshot that stands, if one does.
#[derive(Default)]
pub(crate) struct DirectoryCache(tokio::sync::Mutex<Option<Arc<Directory>>>);

impl House {
    /// The directory as it is, or was less than a minute ago.
    pub(crate) async fn directory(&self) -> Answer<Arc<Directory>> {
        let now = self.services.clock.now();
        let mut kept = self.directory.0.lock().await;
        if let Some(known) = kept.as_ref().filter(|own| now.0 - own.at.0 < AGE_MAX_MS) {
            return Ok(Arc::clone(known));
        }
        let mut enterprises = BTreeMap::new();
        let mut query = EnterpriseQuery { limit: PAGE, ..EnterpriseQuery::default() };
        loop {
            let (page, _) = self.store().enterprises(&query).await?;
            let count = u32::try_from(page.len()).unwrap_or(PAGE);
            let brief = |own: tanliu_platform::directory::Enterprise| {
                (own.id, Brief { town: own.town, sector: own.sector })
            };
            enterprises.extend(page.into_iter().map(brief));
            if count < PAGE {
                break;
            }
            query.offset += count;
        }
        let fresh = Arc::new(Directory {
            enterprises,
            at: now,
            reaches: Mutex::default(),
            codes: Mutex::default(),
        });
        *kept = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// Drops the snapshot: an enterprise changed.
    pub(crate) async fn forget_directory(&self) {
        *self.directory.0.lock().await = None;
    }
}

impl Directory {
    /// The enterprises that somebody may read: each is put before the rules.
    pub(crate) fn reached(&self, actor: &Actor) -> Arc<Reached> {
        let key = format!("{:?}/{:?}", actor.role, actor.reach);
        let mut known = self.reaches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = known.get(&key) {
            return Arc::clone(own);
        }
        let may = |(id, own): &(&String, &Brief)| {
            let object = Object::Enterprise { id, town: &own.town };
            permit(actor, Action::Read, &object).is_ok()
        };
        let own: BTreeSet<String> =
            self.enterprises.iter().filter(may).map(|(id, _)| id.clone()).collect();
        // Figures may name an enterprise that left the directory: only who may read any may.
        let any = Object::Enterprise { id: "", town: "" };
        let every = permit(actor, Action::Read, &any).is_ok();
        let every = every && own.len() == self.enterprises.len();
        let reached = Arc::new(Reached { only: (!every).then_some(own) });
        if known.len() >= REACHES_MAX {
            known.clear();
        }
        known.insert(key, Arc::clone(&reached));
        reached
    }

    /// The enterprise of a code's token.
    pub(crate) fn of_code(&self, token: &str, secret: &[u8]) -> Option<String> {
        let mut known = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let codes = known.get_or_insert_with(|| {
            let token = |id: &String| (code_token(secret, id), id.clone());
            Arc::new(self.enterprises.keys().map(token).collect())
        });
        codes.get(token).cloned()
    }
}

impl Reached {
    /// Whether an enterprise is among them.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.only.as_ref().is_none_or(|own| own.contains(id))
    }
}

/// 码的口令 The token of an enterprise's code: a keyed digest, digested twice so that no longer text
/// can be put behind the inner one; 128 bits of it.
pub(crate) fn code_token(secret: &[u8], id: &str) -> String {
    let mut inner = b"tanliu code\0".to_vec();
    inner.extend_from_slice(secret);
    inner.push(0);
    inner.extend_from_slice(id.as_bytes());
    let mut outer = secret.to_vec();
    outer.extend_from_slice(sha256(&inner).as_bytes());
    sha256(&outer).get(..32).unwrap_or_default().to_owned()
}
