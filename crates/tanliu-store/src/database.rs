//! 数据库 SQLite and PostgreSQL behind one way of asking: a text with `$1`, cells in, rows out.
//!
//! sqlx's own `Any` driver is not used: it sends a missing double as a single (`Null(Double)` becomes
//! `Option<f32>`), so that PostgreSQL prepares a nullable number with the wrong type and refuses the
//! next one that is there; it hides SQLite's settings, and it copies every row once more.

mod cell;

use crate::fault::failed;
pub(crate) use cell::{Cell, Reader, Row, cells, json};
use futures::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::fmt::Write as _;
use std::str::FromStr;
use std::time::Duration;
use tanliu_platform::port::Stored;

/// How many connections read at a time.
const READERS: u32 = 4;
/// How many cells one statement takes: SQLite allows 32,766, PostgreSQL 65,535.
const CELLS_MAX: usize = 16_000;
/// How many rows one statement inserts: beyond that preparing costs more than it saves.
const ROWS_MAX: usize = 500;
/// How long SQLite waits for another program that writes.
const BUSY: Duration = Duration::from_secs(30);

/// 数据库 The pools of an open database.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    /// One connection writes, some read; in memory one does both.
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    /// All do both.
    Postgres(PgPool),
}

/// 方言 Where the two databases differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The dialect of an address.
    pub(crate) fn of(url: &str) -> Self {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::Postgres
        } else {
            Self::Sqlite
        }
    }

    /// `IN LIST($n)` in the dialect's words; all else is the same in both.
    fn adapt(self, text: &str) -> String {
        let mut adapted = String::with_capacity(text.len() + 32);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("IN LIST(") {
            let (place, behind) = after.split_once(')').unwrap_or((after, ""));
            adapted.push_str(before);
            // Writing to a string cannot fail.
            let _ = match self {
                Self::Sqlite => write!(adapted, "IN (SELECT value FROM json_each({place}))"),
                Self::Postgres => write!(adapted, "= ANY({place})"),
            };
            rest = behind;
        }
        adapted.push_str(rest);
        adapted
    }

    /// A statement's place for the `number`-th cell. Many places have no names in SQLite, which
    /// looks names up one by one.
    fn place(self, text: &mut String, number: usize) {
        let _ = match self {
            Self::Sqlite => write!(text, "?"),
            Self::Postgres => write!(text, "${number}"),
        };
    }
}

impl Database {
    /// Opens the pools: a path, `sqlite:PATH`, `:memory:` or `postgres://…`.
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        if Dialect::of(url) == Dialect::Postgres {
            let options = PgConnectOptions::from_str(url)?;
            let pool = PgPoolOptions::new().max_connections(READERS * 2);
            return Ok(Self::Postgres(pool.connect_with(options).await?));
        }
        let path = url.strip_prefix("sqlite:").unwrap_or(url);
        let path = path.strip_prefix("//").unwrap_or(path);
        let options = SqliteConnectOptions::new()
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .pragma("cache_size", "-32768");
        let single = || {
            let pool = SqlitePoolOptions::new().min_connections(1).max_connections(1);
            pool.idle_timeout(None).max_lifetime(None).acquire_timeout(BUSY)
        };
        if path == ":memory:" {
            let writer = single().connect_with(options.in_memory(true)).await?;
            return Ok(Self::Sqlite { readers: writer.clone(), writer });
        }
        let options = options
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let writer = single().connect_with(options.clone()).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS);
        let readers = readers.connect_with(options.pragma("query_only", "true")).await?;
        Ok(Self::Sqlite { writer, readers })
    }

    /// Ends all connections.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Begins to read: everything read in the link is of one moment.
    pub(crate) async fn read(&self) -> Stored<Link> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Link::Sqlite(readers.begin().await.map_err(failed)?),
            Self::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Link::Postgres(pool.begin_with(begin).await.map_err(failed)?)
            }
        })
    }

    /// Begins to write; what is not committed is undone.
    pub(crate) async fn write(&self) -> Stored<Link> {
        Ok(match self {
            Self::Sqlite { writer, .. } => {
                Link::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?)
            }
            Self::Postgres(pool) => Link::Postgres(pool.begin().await.map_err(failed)?),
        })
    }

    /// All rows of one question.
    pub(crate) async fn rows(&self, text: &str, cells: Vec<Cell>) -> Stored<Vec<Row>> {
        let mut link = self.read().await?;
        let rows = link.rows(text, cells).await?;
        link.commit().await?;
        Ok(rows)
    }

    /// The first row of one question.
    pub(crate) async fn row(&self, text: &str, cells: Vec<Cell>) -> Stored<Option<Row>> {
        Ok(self.rows(text, cells).await?.into_iter().next())
    }
}

/// Rows to insert; boxed, for closures over references are not general enough for futures.
pub(crate) type Rows<'rows> = Box<dyn Iterator<Item = Vec<Cell>> + Send + 'rows>;

/// 事务 One transaction.
pub(crate) enum Link {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Link {
    /// Its dialect.
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// All rows.
    pub(crate) async fn rows(&mut self, text: &str, cells: Vec<Cell>) -> Stored<Vec<Row>> {
        let text = AssertSqlSafe(self.dialect().adapt(text));
        match self {
            Self::Sqlite(link) => {
                let rows = cell::sqlite(text, cells)?.fetch_all(&mut **link).await;
                Ok(rows.map_err(failed)?.into_iter().map(Row::Sqlite).collect())
            }
            Self::Postgres(link) => {
                let rows = cell::postgres(text, cells).fetch_all(&mut **link).await;
                Ok(rows.map_err(failed)?.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// The first row.
    pub(crate) async fn row(&mut self, text: &str, cells: Vec<Cell>) -> Stored<Option<Row>> {
        Ok(self.rows(text, cells).await?.into_iter().next())
    }

    /// Every row in turn, none kept.
    pub(crate) async fn each(
        &mut self,
        text: &str,
        mut visit: impl FnMut(Row) -> Stored<()> + Send,
    ) -> Stored<()> {
        let text = AssertSqlSafe(text.to_owned());
        match self {
            Self::Sqlite(link) => {
                let mut rows = sqlx::query::<Sqlite>(text).fetch(&mut **link);
                while let Some(row) = rows.try_next().await.map_err(failed)? {
                    visit(Row::Sqlite(row))?;
                }
            }
            Self::Postgres(link) => {
                let mut rows = sqlx::query::<Postgres>(text).fetch(&mut **link);
                while let Some(row) = rows.try_next().await.map_err(failed)? {
                    visit(Row::Postgres(row))?;
                }
            }
        }
        Ok(())
    }

    /// Changes rows; returns how many.
    pub(crate) async fn execute(&mut self, text: &str, cells: Vec<Cell>) -> Stored<u64> {
        cell::refuse_infinite(&cells)?;
        let text = AssertSqlSafe(self.dialect().adapt(text));
        match self {
            Self::Sqlite(link) => {
                let done = cell::sqlite(text, cells)?.execute(&mut **link).await;
                Ok(done.map_err(failed)?.rows_affected())
            }
            Self::Postgres(link) => {
                let done = cell::postgres(text, cells).execute(&mut **link).await;
                Ok(done.map_err(failed)?.rows_affected())
            }
        }
    }

    /// Inserts rows, many with one statement.
    pub(crate) async fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        mut rows: Rows<'_>,
    ) -> Stored<u64> {
        let batch = (CELLS_MAX / columns.len().max(1)).clamp(1, ROWS_MAX);
        let mut whole = String::new();
        let mut count = 0;
        loop {
            let some: Vec<Vec<Cell>> = rows.by_ref().take(batch).collect();
            let (length, last) = (some.len(), some.len() < batch);
            if length > 0 {
                if whole.is_empty() || last {
                    whole = insertion(self.dialect(), table, columns, length);
                }
                self.execute(&whole, some.into_iter().flatten().collect()).await?;
                count += length as u64;
            }
            if last {
                return Ok(count);
            }
        }
    }

    /// Inserts one row.
    pub(crate) async fn insert_one(
        &mut self,
        table: &str,
        columns: &[&str],
        row: Vec<Cell>,
    ) -> Stored<()> {
        self.insert(table, columns, Box::new(std::iter::once(row))).await?;
        Ok(())
    }

    /// Makes it last.
    pub(crate) async fn commit(self) -> Stored<()> {
        match self {
            Self::Sqlite(link) => link.commit().await.map_err(failed),
            Self::Postgres(link) => link.commit().await.map_err(failed),
        }
    }
}

/// `INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)`
fn insertion(dialect: Dialect, table: &str, columns: &[&str], rows: usize) -> String {
    let mut text = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
    let mut number = 0;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            if column > 0 {
                text.push_str(", ");
            }
            number += 1;
            dialect.place(&mut text, number);
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests;
