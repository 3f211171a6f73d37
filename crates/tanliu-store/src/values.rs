//! 数据值 Reported values as they stand or stood, and conflicts between their sources.

use crate::SqlStore;
use crate::approval::settle;
use crate::change::{Change, at_most};
use crate::database::{Cell, Link, Row, cells};
use async_trait::async_trait;
use std::collections::BTreeMap;
use tanliu_platform::port::{Act, StoreError, Stored, Values};
use tanliu_platform::value::{Choice, Conflict, Origin, Standing, Value, ValueQuery};

/// A value's columns up to its standing.
pub(crate) const COLUMNS: &str = "id, dataset, input, subject, keys, period, original, \
     original_unit, number, unit, evidence, file, sheet, cell, made_by, made_at, submission";

#[async_trait]
impl Values for SqlStore {
    async fn values(&self, query: &ValueQuery) -> Stored<Vec<Value>> {
        let (conditions, standing, mut cells) = wanted(query);
        let text = format!(
            "SELECT {COLUMNS}, {standing} FROM reported WHERE {conditions} \
             ORDER BY input, subject, keys, period, id LIMIT ${} OFFSET ${}",
            cells.len() + 1,
            cells.len() + 2,
        );
        cells.extend(cells![at_most(query.limit), i64::from(query.offset)]);
        self.database.rows(&text, cells).await?.iter().map(value).collect()
    }

    async fn conflicts(&self, open_only: bool, limit: u32) -> Stored<Vec<Conflict>> {
        let mut link = self.database.read().await?;
        let open = if open_only { "WHERE chosen IS NULL" } else { "" };
        let text = format!(
            "SELECT id, standing, other, chosen, reason, made_by, made_at FROM conflict {open} \
             ORDER BY CASE WHEN chosen IS NULL THEN 0 ELSE 1 END, id DESC LIMIT $1"
        );
        let rows = link.rows(&text, cells![at_most(limit)]).await?;
        let rows = rows.iter().map(pair).collect::<Stored<Vec<_>>>()?;
        let ids = rows.iter().flat_map(|row| [row.1, row.2]).collect();
        let values = by_id(&mut link, ids).await?;
        link.commit().await?;
        let known = |id| values.get(&id).cloned().ok_or(StoreError::Absent("value"));
        let conflict = |(id, standing, other, choice)| {
            Ok(Conflict { id, standing: known(standing)?, other: known(other)?, choice })
        };
        rows.into_iter().map(conflict).collect()
    }

    async fn choose(&self, conflict: i64, choice: &Choice, act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        settle(&mut change, conflict, choice).await?;
        change.finish(act).await
    }
}

/// The conditions of a query, what the standing is, and their cells.
fn wanted(query: &ValueQuery) -> (String, &'static str, Vec<Cell>) {
    let mut conditions = vec!["1 = 1".to_owned()];
    let mut cells = Vec::new();
    let texts = [
        ("dataset", &query.dataset),
        ("input", &query.input),
        ("subject", &query.subject),
        ("period", &query.period),
    ];
    for (column, wanted) in texts {
        if let Some(wanted) = wanted {
            cells.push(Cell::from(wanted));
            conditions.push(format!("{column} = ${}", cells.len()));
        }
    }
    if let Some(submission) = query.submission {
        cells.push(Cell::from(submission));
        conditions.push(format!("submission = ${}", cells.len()));
    }
    let Some(as_of) = query.as_of else {
        if let Some(standing) = query.standing {
            cells.push(Cell::from(standing.word()));
            conditions.push(format!("standing = ${}", cells.len()));
        }
        return (conditions.join(" AND "), "standing", cells);
    };
    cells.push(Cell::from(as_of));
    let (condition, standing) = stood(query.standing, cells.len());
    conditions.push(condition);
    (conditions.join(" AND "), standing, cells)
}

/// How a value stood at the moment in place `at`: it counted from its approval until it ended, and
/// was pending before. Without a standing those are meant that counted.
fn stood(standing: Option<Standing>, at: usize) -> (String, &'static str) {
    let going_on = format!("(ended_at IS NULL OR ended_at > ${at})");
    match standing {
        None | Some(Standing::Approved) => {
            (format!("counts_from <= ${at} AND {going_on}"), "'approved'")
        }
        Some(Standing::Pending) => {
            let waits = format!("(counts_from IS NULL OR counts_from > ${at})");
            (format!("handed_at <= ${at} AND {waits} AND {going_on}"), "'pending'")
        }
        Some(Standing::Superseded) => {
            (format!("standing = 'superseded' AND ended_at <= ${at}"), "standing")
        }
        Some(Standing::Declined) => {
            (format!("standing = 'declined' AND ended_at <= ${at}"), "standing")
        }
    }
}

/// Values by their numbers.
async fn by_id(link: &mut Link, ids: Vec<i64>) -> Stored<BTreeMap<i64, Value>> {
    let text = format!("SELECT {COLUMNS}, standing FROM reported WHERE id IN LIST($1)");
    let rows = link.rows(&text, vec![Cell::from(ids)]).await?;
    rows.iter().map(|row| value(row).map(|value| (value.id, value))).collect()
}

fn pair(row: &Row) -> Stored<(i64, i64, i64, Option<Choice>)> {
    let mut row = row.reader();
    let (id, standing, other) = (row.whole()?, row.whole()?, row.whole()?);
    let chosen = row.some_whole()?;
    let (reason, by, at) = (row.some_text()?, row.some_text()?, row.some_moment()?);
    let choice = chosen.map(|value| Choice {
        value,
        reason: reason.unwrap_or_default(),
        by: by.unwrap_or_default(),
        at: at.unwrap_or_default(),
    });
    Ok((id, standing, other, choice))
}

fn value(row: &Row) -> Stored<Value> {
    let mut row = row.reader();
    Ok(Value {
        id: row.whole()?,
        dataset: row.text()?,
        input: row.text()?,
        subject: row.text()?,
        keys: row.text()?,
        period: row.text()?,
        original: row.text()?,
        original_unit: row.text()?,
        number: row.some_number()?,
        unit: row.text()?,
        origin: Origin {
            evidence: row.text()?,
            file: row.text()?,
            sheet: row.text()?,
            cell: row.text()?,
            by: row.text()?,
            at: row.moment()?,
        },
        submission: row.whole()?,
        standing: row.word(Standing::of)?,
    })
}
