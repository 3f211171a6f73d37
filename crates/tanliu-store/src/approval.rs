//! 批准 What approval does to the values that count, and what a choice between two sources does.
//!
//! At every key (document, input, subject, keys, period) at most one value counts at every moment.
//! An approved value
//! - counts from now on where none counted;
//! - supersedes the one that counts if both are of one dataset;
//! - is left aside (declined) if another dataset says the same number already;
//! - waits (pending) in an open conflict if another dataset says something else.
//!
//! A conflict ends by a choice, or by itself once a later approval makes both sources say the same.

use crate::change::Change;
use crate::database::{Row, cells};
use std::collections::BTreeSet;
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{StoreError, Stored};
use tanliu_platform::value::Choice;

/// 何人何时 Who decides, and when.
pub(crate) struct Who {
    pub(crate) by: String,
    pub(crate) at: Moment,
}

/// 来源值 As much of a value as approval needs.
#[derive(Debug, Clone)]
struct Said {
    id: i64,
    dataset: String,
    number: Option<f64>,
    original: String,
}

impl Said {
    /// Two sources say the same if their numbers agree in 14 digits, as everywhere in Tanliu, so
    /// that a conversion of units makes no conflict; texts must be the same.
    fn agrees(&self, other: &Self) -> bool {
        match (self.number, other.number) {
            (Some(one), Some(two)) => one == two || format!("{one:.13e}") == format!("{two:.13e}"),
            (None, None) => self.original.trim() == other.original.trim(),
            _ => false,
        }
    }
}

/// 在用值 The value that counts at the key of an approved one.
struct Counting {
    said: Said,
    from: Moment,
}

/// Makes the pending values of a submission count.
pub(crate) async fn approve(change: &mut Change, submission: i64, who: &Who) -> Stored<()> {
    let text = "SELECT v.id, v.dataset, v.number, v.original, \
                c.id, c.dataset, c.number, c.original, c.counts_from \
                FROM reported v LEFT JOIN reported c ON c.document = v.document \
                AND c.input = v.input AND c.subject = v.subject AND c.keys = v.keys \
                AND c.period = v.period AND c.standing = 'approved' \
                WHERE v.submission = $1 AND v.standing = 'pending' ORDER BY v.id";
    let rows = change.rows(text, cells![submission]).await?;
    let (mut counts, mut later) = (Vec::new(), Vec::new());
    for row in &rows {
        let (value, counting) = pair(row)?;
        match counting {
            None => counts.push(value.id),
            Some(counting) if counting.said.dataset == value.dataset => {
                later.push((counting, value));
            }
            Some(counting) => contradict(change, &counting, &value, who).await?,
        }
    }
    supersede(change, &later, who).await?;
    let text = "UPDATE reported SET standing = 'approved', counts_from = $1 WHERE id IN LIST($2)";
    change.execute(text, cells![who.at, counts]).await?;
    Ok(())
}

/// Later values of the same dataset: those before end, and their open conflicts go on with the new
/// ones. There may be ten thousands of them, so that the usual case is two statements.
async fn supersede(change: &mut Change, later: &[(Counting, Said)], who: &Who) -> Stored<()> {
    let (mut ended, mut counts) = (Vec::new(), Vec::new());
    for (counting, value) in later {
        // Clocks of two servers may differ: a value never counts from before the one it supersedes.
        if counting.from > who.at {
            replace(change, counting.said.id, "superseded", value.id, counting.from).await?;
        } else {
            ended.push(counting.said.id);
            counts.push(value.id);
        }
    }
    let text = "UPDATE reported SET standing = 'superseded', ended_at = $1 WHERE id IN LIST($2)";
    change.execute(text, cells![who.at, ended]).await?;
    let text = "UPDATE reported SET standing = 'approved', counts_from = $1 WHERE id IN LIST($2)";
    change.execute(text, cells![who.at, counts]).await?;
    let all: Vec<i64> = later.iter().map(|(counting, _)| counting.said.id).collect();
    let text = "SELECT DISTINCT standing FROM conflict \
                WHERE chosen IS NULL AND standing IN LIST($1)";
    let open = change.rows(text, cells![all]).await?;
    let open: BTreeSet<i64> = open.iter().map(|row| row.reader().whole()).collect::<Stored<_>>()?;
    for (counting, value) in later.iter().filter(|(counting, _)| open.contains(&counting.said.id)) {
        carry_on(change, counting.said.id, value, who).await?;
    }
    Ok(())
}

/// A value of another dataset.
async fn contradict(
    change: &mut Change,
    counting: &Counting,
    value: &Said,
    who: &Who,
) -> Stored<()> {
    let agrees = value.agrees(&counting.said);
    if agrees {
        decline(change, value.id, who.at).await?;
    }
    let text = "SELECT conflict.id, conflict.other FROM conflict \
                JOIN reported ON reported.id = conflict.other \
                WHERE conflict.standing = $1 AND conflict.chosen IS NULL AND reported.dataset = $2";
    let open = change.row(text, cells![counting.said.id, &value.dataset]).await?;
    let Some(open) = open else {
        if !agrees {
            let id = change.next_id("conflict").await?;
            let columns = ["id", "standing", "other"];
            let row = cells![id, counting.said.id, value.id];
            change.insert_one("conflict", &columns, row).await?;
        }
        return Ok(());
    };
    // The same source corrected what it contradicted with.
    let mut open = open.reader();
    let (conflict, before) = (open.whole()?, open.whole()?);
    decline(change, before, who.at).await?;
    let text = "UPDATE conflict SET other = $2 WHERE id = $1";
    change.execute(text, cells![conflict, value.id]).await?;
    if agrees {
        agreed(change, conflict, counting.said.id, who).await?;
    }
    Ok(())
}

/// Open conflicts of a value that no longer counts go on with the one that counts instead; they end
/// where that says what the other source says.
async fn carry_on(change: &mut Change, ended: i64, now: &Said, who: &Who) -> Stored<()> {
    let text = "SELECT conflict.id, reported.id, reported.dataset, reported.number, \
                reported.original FROM conflict JOIN reported ON reported.id = conflict.other \
                WHERE conflict.standing = $1 AND conflict.chosen IS NULL ORDER BY conflict.id";
    for row in change.rows(text, cells![ended]).await? {
        let mut row = row.reader();
        let conflict = row.whole()?;
        let other = Said {
            id: row.whole()?,
            dataset: row.text()?,
            number: row.some_number()?,
            original: row.text()?,
        };
        let text = "UPDATE conflict SET standing = $2 WHERE id = $1";
        change.execute(text, cells![conflict, now.id]).await?;
        if other.agrees(now) {
            decline(change, other.id, who.at).await?;
            agreed(change, conflict, now.id, who).await?;
        }
    }
    Ok(())
}

/// Ends a conflict whose sources say the same now.
async fn agreed(change: &mut Change, conflict: i64, value: i64, who: &Who) -> Stored<()> {
    let reason = "更正后两个来源一致 after a correction both sources say the same";
    let choice = Choice { value, reason: reason.to_owned(), by: who.by.clone(), at: who.at };
    close(change, conflict, &choice).await
}

/// Settles an open conflict by a choice.
pub(crate) async fn settle(change: &mut Change, conflict: i64, choice: &Choice) -> Stored<()> {
    let text = "SELECT o.id, o.dataset, o.number, o.original, \
                s.id, s.dataset, s.number, s.original, s.counts_from, conflict.chosen \
                FROM conflict JOIN reported o ON o.id = conflict.other \
                JOIN reported s ON s.id = conflict.standing WHERE conflict.id = $1";
    let row = change.row(text, cells![conflict]).await?.ok_or(StoreError::Absent("conflict"))?;
    let (other, standing) = pair(&row)?;
    let standing = standing.ok_or(StoreError::Absent("value"))?;
    let mut chosen = row.reader_from(9);
    if chosen.some_whole()?.is_some() {
        return Err(StoreError::Edited);
    }
    if choice.value == standing.said.id {
        decline(change, other.id, choice.at).await?;
        return close(change, conflict, choice).await;
    }
    if choice.value != other.id {
        let text = "the value chosen is none of the two that contradict each other";
        return Err(StoreError::Refused(text.to_owned()));
    }
    close(change, conflict, choice).await?;
    let at = choice.at.max(standing.from);
    replace(change, standing.said.id, "declined", other.id, at).await?;
    let who = Who { by: choice.by.clone(), at: choice.at };
    carry_on(change, standing.said.id, &other, &who).await
}

/// One value ends, another counts from the same moment.
async fn replace(
    change: &mut Change,
    ended: i64,
    standing: &str,
    counts: i64,
    at: Moment,
) -> Stored<()> {
    let text = "UPDATE reported SET standing = $2, ended_at = $3 WHERE id = $1";
    change.execute(text, cells![ended, standing, at]).await?;
    let text = "UPDATE reported SET standing = 'approved', counts_from = $2 WHERE id = $1";
    change.execute(text, cells![counts, at]).await?;
    Ok(())
}

/// A value that never counted will not.
async fn decline(change: &mut Change, value: i64, at: Moment) -> Stored<()> {
    let text = "UPDATE reported SET standing = 'declined', ended_at = $2 WHERE id = $1";
    change.execute(text, cells![value, at]).await?;
    Ok(())
}

async fn close(change: &mut Change, conflict: i64, choice: &Choice) -> Stored<()> {
    let text = "UPDATE conflict SET chosen = $2, reason = $3, made_by = $4, made_at = $5 \
                WHERE id = $1";
    let row = cells![conflict, choice.value, &choice.reason, &choice.by, choice.at];
    change.execute(text, row).await?;
    Ok(())
}

fn pair(row: &Row) -> Stored<(Said, Option<Counting>)> {
    let mut row = row.reader();
    let value = Said {
        id: row.whole()?,
        dataset: row.text()?,
        number: row.some_number()?,
        original: row.text()?,
    };
    let Some(id) = row.some_whole()? else {
        return Ok((value, None));
    };
    let said = Said { id, dataset: row.text()?, number: row.some_number()?, original: row.text()? };
    Ok((value, Some(Counting { said, from: row.moment()? })))
}
