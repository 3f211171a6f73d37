//! 模式 The schema: numbered texts that are applied once each and recorded with their checksums.

use crate::database::{Database, Dialect};
use crate::fault::{Fault, failed};
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};
use std::collections::BTreeSet;

/// The table in which applied texts are recorded; a database that has it is ours.
const RECORD: &str = "tanliu_schema";

/// The texts in their order: number, what it brings, text. Published ones are never changed.
const TEXTS: &[(i64, &str, &str)] = &[(1, "beginning", include_str!("schema/0001-beginning.sql"))];

/// 模式版本 The number of the newest text that this program knows.
pub const SCHEMA_VERSION: i64 = 1;

/// Brings a database to this program's schema.
///
/// # Errors
/// It is another program's, a newer one's, or was applied from other texts.
pub(crate) async fn prepare(database: &Database) -> Result<(), Fault> {
    let tables = tables(database).await?;
    if tables.contains(RECORD) {
        let applied = applied(database).await?;
        if applied > SCHEMA_VERSION {
            return Err(newer(applied));
        }
    } else if let Some(other) = tables.first() {
        return Err(not_ours(other));
    }
    match database {
        Database::Sqlite { writer, .. } => {
            let mut link = writer.acquire().await.map_err(failed)?;
            migrate(Dialect::Sqlite, &mut *link).await
        }
        Database::Postgres(pool) => {
            let mut link = pool.acquire().await.map_err(failed)?;
            migrate(Dialect::Postgres, &mut *link).await
        }
    }
}

async fn migrate<Link: Migrate>(dialect: Dialect, link: &mut Link) -> Result<(), Fault> {
    let migrations = TEXTS.iter().map(|(number, name, text)| {
        let text = AssertSqlSafe(words(dialect, text)).into_sql_str();
        Migration::new(*number, (*name).into(), MigrationType::Simple, text, false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    migrator.dangerous_set_table_name(RECORD);
    migrator.run_direct(None, link, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(number) => newer(number),
        MigrateError::VersionMismatch(number) => changed(number),
        other => Fault::failed(&other),
    })
}

/// The schema's text with the dialect's words.
fn words(dialect: Dialect, text: &str) -> String {
    match dialect {
        Dialect::Sqlite => text.to_owned(),
        Dialect::Postgres => {
            text.replace(" TEXT", " TEXT COLLATE \"C\"").replace(" WITHOUT ROWID", "")
        }
    }
}

/// The names of the tables that are there.
async fn tables(database: &Database) -> Result<BTreeSet<String>, Fault> {
    let text = match database {
        Database::Sqlite { .. } => {
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') \
             AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        }
        Database::Postgres(_) => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
             WHERE table_schema = current_schema()"
        }
    };
    let rows = database.rows(text, Vec::new()).await?;
    Ok(rows.iter().map(|row| row.reader().text()).collect::<Result<_, _>>()?)
}

async fn applied(database: &Database) -> Result<i64, Fault> {
    let text = format!("SELECT coalesce(max(version), 0) FROM {RECORD}");
    let row = database.row(&text, Vec::new()).await?;
    Ok(row.map_or(Ok(0), |row| row.reader().whole())?)
}

fn not_ours(table: &str) -> Fault {
    Fault::new(
        "not-ours",
        format!(
            "这个数据库不是碳流的：其中有表 `{table}`；请给出空的数据库（PostgreSQL：或空的模式）"
        ),
        format!(
            "this database is not Tanliu's: it has a table `{table}`; give an empty database \
             (PostgreSQL: or an empty schema)"
        ),
    )
}

fn newer(number: i64) -> Fault {
    Fault::new(
        "newer",
        format!("数据库的模式版本是 {number}，比本程序（{SCHEMA_VERSION}）新；请用较新的程序打开"),
        format!(
            "the database has schema version {number}, newer than this program's \
             ({SCHEMA_VERSION}); open it with a newer program"
        ),
    )
}

fn changed(number: i64) -> Fault {
    Fault::new(
        "changed-schema",
        format!("数据库的第 {number} 号模式与本程序的文本不一致；请从备份恢复，或用原来的程序打开"),
        format!(
            "schema text {number} of the database is not the one of this program; restore a \
             backup, or open it with the program that made it"
        ),
    )
}
