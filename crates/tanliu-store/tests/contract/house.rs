//! 居所 A store of its own for each test, and a back door to its database.

use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use std::path::PathBuf;
use tanliu_platform::moment::Moment;
use tanliu_platform::port::Act;
use tanliu_store::SqlStore;
use tempfile::TempDir;

/// The variable that holds a server's URL.
pub const VARIABLE: &str = "TANLIU_TEST_POSTGRES";

/// A folder and a database with an open store.
pub struct House {
    pub store: SqlStore,
    pub url: String,
    pub folder: TempDir,
    /// The schemas made in PostgreSQL.
    server: Option<(String, String)>,
}

impl House {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("district.db").display().to_string();
        let store = SqlStore::open(&url, folder.path().join("evidence")).await.unwrap();
        Self { store, url, folder, server: None }
    }

    /// None, and says so, where no server is named.
    pub async fn postgres(test: &str) -> Option<Self> {
        let Ok(server) = std::env::var(VARIABLE) else {
            eprintln!("skipped: {test} on PostgreSQL, for {VARIABLE} is not set");
            return None;
        };
        // PostgreSQL cuts names at 63 bytes.
        let short: String = test.chars().take(48).collect();
        let schema = format!("{short}_{}", std::process::id());
        let url = fresh_schema(&server, &schema).await;
        let folder = tempfile::tempdir().unwrap();
        let store = SqlStore::open(&url, folder.path().join("evidence")).await.unwrap();
        Some(Self { store, url, folder, server: Some((server, schema)) })
    }

    /// The address of another empty database of the same kind.
    pub async fn empty(&self) -> String {
        match &self.server {
            None => self.path("other.db").display().to_string(),
            Some((server, schema)) => fresh_schema(server, &format!("{schema}_2")).await,
        }
    }

    /// A place in the house's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Does to the database what no program of ours does.
    pub async fn tamper(&self, text: &str) {
        let text = AssertSqlSafe(text.to_owned());
        if self.server.is_some() {
            let pool = PgPool::connect(&self.url).await.unwrap();
            sqlx::raw_sql(text).execute(&pool).await.unwrap();
            pool.close().await;
        } else {
            let pool = SqlitePool::connect(&self.url).await.unwrap();
            sqlx::raw_sql(text).execute(&pool).await.unwrap();
            pool.close().await;
        }
    }

    /// The columns of each table, as the database tells them: `table.column`.
    pub async fn columns(&self) -> Vec<String> {
        if self.server.is_some() {
            let pool = PgPool::connect(&self.url).await.unwrap();
            let text = "SELECT CAST(table_name || '.' || column_name AS TEXT) \
                        FROM information_schema.columns WHERE table_schema = current_schema() \
                        ORDER BY table_name, ordinal_position";
            sqlx::query_scalar(text).fetch_all(&pool).await.unwrap()
        } else {
            let pool = SqlitePool::connect(&self.url).await.unwrap();
            let text = "SELECT m.name || '.' || c.name FROM sqlite_master m, \
                        pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid";
            sqlx::query_scalar(text).fetch_all(&pool).await.unwrap()
        }
    }

    /// Closes the store and drops its schemas.
    pub async fn leave(self) {
        self.store.close().await;
        if let Some((server, schema)) = &self.server {
            let pool = PgPool::connect(server).await.unwrap();
            let text = format!(
                "DROP SCHEMA IF EXISTS {schema} CASCADE; DROP SCHEMA IF EXISTS {schema}_2 CASCADE"
            );
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&pool).await.unwrap();
            pool.close().await;
        }
    }
}

async fn fresh_schema(server: &str, schema: &str) -> String {
    let pool = PgPool::connect(server).await.unwrap();
    let text = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&pool).await.unwrap();
    pool.close().await;
    let joint = if server.contains('?') { '&' } else { '?' };
    format!("{server}{joint}options[search_path]={schema}")
}

/// An act of somebody at a moment.
pub fn act(at: i64) -> Act {
    Act {
        by: "甲".into(),
        at: Moment(at),
        verb: "test.act".into(),
        object: "test/1".into(),
        facts: "{}".into(),
    }
}
