//! 审计链 The audit trail as it is stored.

use crate::SqlStore;
use crate::change::{Change, at_most};
use crate::database::{Link, Row, cells};
use async_trait::async_trait;
use tanliu_platform::port::{Act, StoreError, Stored, Trail};
use tanliu_platform::trail::{Broken, Entry, GENESIS, check};

/// How many entries are checked at a time.
const BATCH: u32 = 5000;
const HEAD: &str = "SELECT number, seal FROM trail_head";
const ENTRIES: &str = "SELECT number, made_by, made_at, verb, object, facts, seal_before, seal \
                       FROM trail WHERE number >= $1 ORDER BY number LIMIT $2";

#[async_trait]
impl Trail for SqlStore {
    async fn record(&self, act: Act) -> Stored<()> {
        Change::begin(self).await?.finish(act).await
    }

    async fn entries(&self, from: i64, limit: u32) -> Stored<Vec<Entry>> {
        let rows = self.database.rows(ENTRIES, cells![from, at_most(limit)]).await?;
        rows.iter().map(entry).collect()
    }

    async fn head(&self) -> Stored<(i64, String)> {
        head(self.database.row(HEAD, Vec::new()).await?)
    }
}

impl SqlStore {
    /// 验链 Checks the whole trail, entry by entry, up to the head. Returns number and seal of the
    /// last entry, or where the trail is broken; a tail that was cut off is broken too.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn check_trail(&self) -> Stored<Result<(i64, String), Broken>> {
        let mut link = self.database.read().await?;
        let checked = whole(&mut link).await?;
        link.commit().await?;
        Ok(checked)
    }
}

/// Checks the trail as one transaction sees it.
pub(crate) async fn whole(link: &mut Link) -> Stored<Result<(i64, String), Broken>> {
    let head = head(link.row(HEAD, Vec::new()).await?)?;
    let mut after = (0, GENESIS.to_owned());
    loop {
        let rows = link.rows(ENTRIES, cells![after.0 + 1, at_most(BATCH)]).await?;
        let full = rows.len() == BATCH as usize;
        let entries = rows.iter().map(entry).collect::<Stored<Vec<_>>>()?;
        after = match check(&entries, (after.0, &after.1)) {
            Ok(after) => after,
            Err(broken) => return Ok(Err(broken)),
        };
        if !full {
            break;
        }
    }
    if after == head {
        return Ok(Ok(after));
    }
    Ok(Err(Broken { number: after.0, what: "entries behind it are missing" }))
}

fn head(row: Option<Row>) -> Stored<(i64, String)> {
    let row = row.ok_or_else(|| StoreError::Failed("the trail has no head".to_owned()))?;
    let mut row = row.reader();
    Ok((row.whole()?, row.text()?))
}

fn entry(row: &Row) -> Stored<Entry> {
    let mut row = row.reader();
    let number = row.whole()?;
    let act = Act {
        by: row.text()?,
        at: row.moment()?,
        verb: row.text()?,
        object: row.text()?,
        facts: row.text()?,
    };
    Ok(Entry { number, act, before: row.text()?, seal: row.text()? })
}
