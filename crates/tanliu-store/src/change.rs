//! 变更 One change: a transaction that ends with its act sealed into the audit trail, or leaves nothing.

use crate::SqlStore;
use crate::database::{Link, cells};
use std::ops::{Deref, DerefMut};
use tanliu_platform::port::{Act, StoreError, Stored};
use tanliu_platform::trail::seal;

/// 变更 A change that is being made. Dropped without [`Change::finish`] it is undone.
pub(crate) struct Change {
    link: Link,
    /// The number that its entry will have and the seal before, once the trail is locked.
    place: Option<(i64, String)>,
}

impl Change {
    /// Begins a change and locks the trail: changes are made one after the other, so that what one
    /// reads does not change before it writes, and numbers can be counted up.
    pub(crate) async fn begin(store: &SqlStore) -> Stored<Self> {
        let mut change = Self::begin_unlocked(store).await?;
        change.lock().await?;
        Ok(change)
    }

    /// Begins a change of rows that nobody else touches: the trail is locked when it ends, so that
    /// in PostgreSQL others need not wait for a long one.
    pub(crate) async fn begin_unlocked(store: &SqlStore) -> Stored<Self> {
        Ok(Self { link: store.database.write().await?, place: None })
    }

    /// Whoever updates the head holds its row until the transaction ends; SQLite has one writer.
    async fn lock(&mut self) -> Stored<(i64, String)> {
        if let Some(place) = &self.place {
            return Ok(place.clone());
        }
        let text = "UPDATE trail_head SET number = number + 1 WHERE single = 1 \
                    RETURNING number, seal";
        let head = self.link.row(text, Vec::new()).await?;
        let head = head.ok_or_else(|| StoreError::Failed("the trail has no head".to_owned()))?;
        let mut head = head.reader();
        let place = (head.whole()?, head.text()?);
        self.place = Some(place.clone());
        Ok(place)
    }

    /// The next number of a table whose rows are never deleted.
    pub(crate) async fn next_id(&mut self, table: &str) -> Stored<i64> {
        let text = format!("SELECT coalesce(max(id), 0) + 1 FROM {table}");
        match self.link.row(&text, Vec::new()).await? {
            Some(row) => row.reader().whole(),
            None => Ok(1),
        }
    }

    /// Seals the act and makes the change last.
    pub(crate) async fn finish(mut self, act: Act) -> Stored<()> {
        let (number, before) = self.lock().await?;
        let entry = seal(number, act, &before);
        let columns =
            ["number", "made_by", "made_at", "verb", "object", "facts", "seal_before", "seal"];
        let act = entry.act;
        let row = cells![
            entry.number,
            act.by,
            act.at,
            act.verb,
            act.object,
            act.facts,
            entry.before,
            &entry.seal
        ];
        self.link.insert_one("trail", &columns, row).await?;
        let text = "UPDATE trail_head SET seal = $1 WHERE single = 1";
        self.link.execute(text, cells![entry.seal]).await?;
        self.link.commit().await
    }
}

impl Deref for Change {
    type Target = Link;

    fn deref(&self) -> &Link {
        &self.link
    }
}

impl DerefMut for Change {
    fn deref_mut(&mut self) -> &mut Link {
        &mut self.link
    }
}

/// A limit as SQL wants it: 0 means all.
pub(crate) fn at_most(limit: u32) -> i64 {
    if limit == 0 { i64::from(u32::MAX) } else { i64::from(limit) }
}
