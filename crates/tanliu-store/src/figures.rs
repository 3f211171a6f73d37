//! 数与运行 Calculations, runs, their figures, and findings raised against figures.

use crate::SqlStore;
use crate::change::{Change, at_most};
use crate::database::{Cell, Link, Row, cells, json};
use async_trait::async_trait;
use tanliu_platform::figure::{
    Calculation, Feed, FigureQuery, FigureRow, FigureTable, Finding, Run, RunState,
};
use tanliu_platform::port::{Act, Figures, StoreError, Stored};

const RUN: &str = "SELECT id, calculation, document, version, document_digest, as_of, made_by, \
                   began, ended, state, manifest, folder, is_current FROM run";
const FINDING: [&str; 9] =
    ["id", "address", "enterprise", "words", "made_by", "made_at", "state", "answer", "edition"];

/// The indexes whose keys stand in columns of their own; other keys are looked up row by row.
const APART: [&str; 3] = ["enterprise", "town", "year"];

#[async_trait]
impl Figures for SqlStore {
    async fn calculations(&self) -> Stored<Vec<Calculation>> {
        let text = "SELECT id, name_zh, name_en, document, settings, schedule, feeds \
                    FROM calculation ORDER BY id";
        self.database.rows(text, Vec::new()).await?.iter().map(calculation).collect()
    }

    async fn put_calculations(&self, calculations: &[Calculation], act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let text = "INSERT INTO calculation (id, name_zh, name_en, document, settings, \
                    schedule, feeds) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                    ON CONFLICT (id) DO UPDATE \
                    SET name_zh = excluded.name_zh, name_en = excluded.name_en, \
                    document = excluded.document, settings = excluded.settings, \
                    schedule = excluded.schedule, feeds = excluded.feeds";
        for one in calculations {
            let settings = json(&one.settings)?;
            let feeds: Vec<_> = one.feeds.iter().map(fed).collect();
            let mut row =
                cells![&one.id, &one.name.0, &one.name.1, &one.document, settings, &one.schedule];
            row.extend(cells![json(&feeds)?]);
            change.execute(text, row).await?;
        }
        change.finish(act).await
    }

    async fn begin_run(&self, run: &Run, act: Act) -> Stored<i64> {
        let mut change = Change::begin(self).await?;
        let id = change.next_id("run").await?;
        let columns = [
            "id",
            "calculation",
            "document",
            "version",
            "document_digest",
            "as_of",
            "made_by",
            "began",
            "ended",
            "state",
            "manifest",
            "folder",
            "is_current",
        ];
        let row = cells![
            id,
            &run.calculation,
            &run.document.0,
            &run.document.1,
            &run.document_digest,
            run.as_of,
            &run.by,
            run.began,
            run.ended,
            run.state.word(),
            &run.manifest,
            &run.folder,
            false,
        ];
        change.insert_one("run", &columns, row).await?;
        change.finish(act).await?;
        Ok(id)
    }

    async fn end_run(&self, run: &Run, tables: &[FigureTable], act: Act) -> Stored<()> {
        let mut change = Change::begin_unlocked(self).await?;
        let text = "UPDATE run SET document = $2, version = $3, document_digest = $4, ended = $5, \
                    state = $6, manifest = $7, folder = $8 WHERE id = $1 AND state = 'running'";
        let row = cells![
            run.id,
            &run.document.0,
            &run.document.1,
            &run.document_digest,
            run.ended,
            run.state.word(),
            &run.manifest,
            &run.folder,
        ];
        if change.execute(text, row).await? == 0 {
            let there = change.row("SELECT id FROM run WHERE id = $1", cells![run.id]).await?;
            return Err(there.map_or(StoreError::Absent("run"), |_| {
                StoreError::Refused("the run has ended already".to_owned())
            }));
        }
        for (place, table) in (1..).zip(tables) {
            keep(&mut change, run.id, place, table).await?;
        }
        if run.current && run.state == RunState::Done {
            let text = "UPDATE run SET is_current = 0 WHERE is_current = 1 AND calculation = \
                        (SELECT calculation FROM run WHERE id = $1)";
            change.execute(text, cells![run.id]).await?;
            let text = "UPDATE run SET is_current = 1 WHERE id = $1";
            change.execute(text, cells![run.id]).await?;
        }
        change.finish(act).await
    }

    async fn run(&self, id: i64) -> Stored<Option<Run>> {
        let text = format!("{RUN} WHERE id = $1");
        self.database.row(&text, cells![id]).await?.as_ref().map(run).transpose()
    }

    async fn current_run(&self, calculation: &str) -> Stored<Option<Run>> {
        let text = format!("{RUN} WHERE calculation = $1 AND is_current = 1");
        self.database.row(&text, cells![calculation]).await?.as_ref().map(run).transpose()
    }

    async fn runs(&self, calculation: Option<&str>, limit: u32) -> Stored<Vec<Run>> {
        let rows = match calculation {
            Some(calculation) => {
                let text = format!("{RUN} WHERE calculation = $1 ORDER BY id DESC LIMIT $2");
                self.database.rows(&text, cells![calculation, at_most(limit)]).await?
            }
            None => {
                let text = format!("{RUN} ORDER BY id DESC LIMIT $1");
                self.database.rows(&text, cells![at_most(limit)]).await?
            }
        };
        rows.iter().map(run).collect()
    }

    async fn figures(&self, query: &FigureQuery) -> Stored<Vec<FigureTable>> {
        let mut link = self.database.read().await?;
        let text = "SELECT place, output, label, unit, indexes FROM outcome WHERE run = $1 \
                    ORDER BY place";
        let heads = link.rows(text, cells![query.run]).await?;
        let heads = heads.iter().map(head).collect::<Stored<Vec<_>>>()?;
        let mut tables = Vec::new();
        for (place, table) in asked(&heads, &query.outputs) {
            let mut table = table.clone();
            table.rows = rows(&mut link, query, place, &table.indexes).await?;
            tables.push(table);
        }
        link.commit().await?;
        Ok(tables)
    }

    async fn raise(&self, finding: &Finding, act: Act) -> Stored<i64> {
        let mut change = Change::begin(self).await?;
        let id = change.next_id("finding").await?;
        let row = cells![
            id,
            &finding.address,
            &finding.enterprise,
            &finding.text,
            &finding.by,
            finding.at,
            &finding.state,
            &finding.answer,
            finding.edition,
        ];
        change.insert_one("finding", &FINDING, row).await?;
        change.finish(act).await?;
        Ok(id)
    }

    async fn findings(&self, address: Option<&str>, limit: u32) -> Stored<Vec<Finding>> {
        let select = format!("SELECT {} FROM finding", FINDING.join(", "));
        let rows = match address {
            Some(address) => {
                let text = format!("{select} WHERE address = $1 ORDER BY id DESC LIMIT $2");
                self.database.rows(&text, cells![address, at_most(limit)]).await?
            }
            None => {
                let text = format!("{select} ORDER BY id DESC LIMIT $1");
                self.database.rows(&text, cells![at_most(limit)]).await?
            }
        };
        rows.iter().map(finding).collect()
    }

    async fn change_finding(&self, finding: &Finding, act: Act) -> Stored<()> {
        let mut change = Change::begin(self).await?;
        let text = "UPDATE finding SET enterprise = $3, words = $4, state = $5, answer = $6, \
                    edition = edition + 1 WHERE id = $1 AND edition = $2";
        let row = cells![
            finding.id,
            finding.edition,
            &finding.enterprise,
            &finding.text,
            &finding.state,
            &finding.answer,
        ];
        if change.execute(text, row).await? == 0 {
            let text = "SELECT id FROM finding WHERE id = $1";
            let there = change.row(text, cells![finding.id]).await?.is_some();
            return Err(if there { StoreError::Edited } else { StoreError::Absent("finding") });
        }
        change.finish(act).await
    }
}

/// Keeps one output of a run.
async fn keep(change: &mut Change, run: i64, place: i64, table: &FigureTable) -> Stored<()> {
    let columns = ["run", "place", "output", "label", "unit", "indexes"];
    let row = cells![run, place, &table.output, &table.label, &table.unit, json(&table.indexes)?];
    change.insert_one("outcome", &columns, row).await?;
    let apart: Vec<(&str, usize)> = APART
        .into_iter()
        .filter_map(|name| Some((name, table.indexes.iter().position(|index| index == name)?)))
        .collect();
    let mut columns = vec!["run", "place", "line", "keys", "number", "words"];
    columns.extend(apart.iter().map(|(name, _)| *name));
    for row in &table.rows {
        if row.keys.len() != table.indexes.len() {
            let text = format!("a row of `{}` has not a key for each index", table.output);
            return Err(StoreError::Refused(text));
        }
    }
    let rows = (1i64..).zip(&table.rows).map(|(line, row)| {
        // Texts can always be written as JSON.
        let keys = json(&row.keys).unwrap_or_default();
        let mut cells = cells![run, place, line, keys, row.number, &row.text];
        cells.extend(apart.iter().map(|(_, index)| Cell::Text(row.keys.get(*index).cloned())));
        cells
    });
    change.insert("figure", &columns, Box::new(rows)).await?;
    Ok(())
}

/// The outputs asked for in the order of asking; all if none is named.
fn asked<'run>(
    heads: &'run [(i64, FigureTable)],
    outputs: &[String],
) -> Vec<(i64, &'run FigureTable)> {
    let all = || heads.iter().map(|(place, table)| (*place, table));
    if outputs.is_empty() {
        return all().collect();
    }
    outputs.iter().filter_map(|name| all().find(|(_, table)| table.output == *name)).collect()
}

/// The rows of one output that a query wants.
async fn rows(
    link: &mut Link,
    query: &FigureQuery,
    place: i64,
    indexes: &[String],
) -> Stored<Vec<FigureRow>> {
    let mut text =
        "SELECT keys, number, words FROM figure WHERE run = $1 AND place = $2".to_owned();
    let mut cells = cells![query.run, place];
    let mut others = Vec::new();
    for (name, wanted) in &query.keys {
        let Some(at) = indexes.iter().position(|index| index == name) else {
            continue;
        };
        if APART.contains(&name.as_str()) {
            cells.push(Cell::from(wanted.as_slice()));
            text.push_str(&format!(" AND {name} IN LIST(${})", cells.len()));
        } else {
            others.push((at, wanted));
        }
    }
    text.push_str(" ORDER BY line");
    let mut figures = Vec::new();
    for row in link.rows(&text, cells).await? {
        let mut row = row.reader();
        let figure = FigureRow { keys: row.json()?, number: row.some_number()?, text: row.text()? };
        let fits = |(at, wanted): &(usize, &Vec<String>)| {
            figure.keys.get(*at).is_some_and(|key| wanted.contains(key))
        };
        if others.iter().all(fits) {
            figures.push(figure);
        }
    }
    Ok(figures)
}

fn head(row: &Row) -> Stored<(i64, FigureTable)> {
    let mut row = row.reader();
    let place = row.whole()?;
    let table = FigureTable {
        output: row.text()?,
        label: row.text()?,
        unit: row.text()?,
        indexes: row.json()?,
        rows: Vec::new(),
    };
    Ok((place, table))
}

/// A feed as the database holds it: input, calculation, output, index and key.
type Fed = (String, String, String, Vec<(String, String)>);

fn fed(feed: &Feed) -> Fed {
    (feed.input.clone(), feed.calculation.clone(), feed.output.clone(), feed.at.clone())
}

fn calculation(row: &Row) -> Stored<Calculation> {
    let mut row = row.reader();
    let feed = |(input, calculation, output, at): Fed| Feed { input, calculation, output, at };
    Ok(Calculation {
        id: row.text()?,
        name: (row.text()?, row.text()?),
        document: row.text()?,
        settings: row.json()?,
        schedule: row.text()?,
        feeds: row.json::<Vec<Fed>>()?.into_iter().map(feed).collect(),
    })
}

fn run(row: &Row) -> Stored<Run> {
    let mut row = row.reader();
    Ok(Run {
        id: row.whole()?,
        calculation: row.text()?,
        document: (row.text()?, row.text()?),
        document_digest: row.text()?,
        as_of: row.moment()?,
        by: row.text()?,
        began: row.moment()?,
        ended: row.some_moment()?,
        state: row.word(RunState::of)?,
        manifest: row.text()?,
        folder: row.text()?,
        current: row.truth()?,
    })
}

fn finding(row: &Row) -> Stored<Finding> {
    let mut row = row.reader();
    Ok(Finding {
        id: row.whole()?,
        address: row.text()?,
        enterprise: row.text()?,
        text: row.text()?,
        by: row.text()?,
        at: row.moment()?,
        state: row.text()?,
        answer: row.text()?,
        edition: row.whole()?,
    })
}
