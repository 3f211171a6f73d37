//! 打开 The promises of opening.

use crate::house::{House, act};
use crate::samples::{district, towns};
use std::collections::BTreeSet;
use tanliu_platform::port::{DirectoryStore, Trail};
use tanliu_store::{SCHEMA_VERSION, SqlStore};

pub async fn what_was_stored_is_there_after_opening_again(house: &House) {
    district(house).await;
    house.store.close().await;
    let again = SqlStore::open(&house.url, house.path("evidence")).await.unwrap();
    assert_eq!(again.towns().await.unwrap(), towns());
    again.record(act(2)).await.unwrap();
    assert_eq!(again.check_trail().await.unwrap().unwrap().0, 2);
    again.close().await;
}

pub async fn a_newer_database_is_refused(house: &House) {
    let newer = SCHEMA_VERSION + 1;
    house
        .tamper(&format!(
            "INSERT INTO tanliu_schema SELECT {newer}, 'newer', installed_on, success, checksum, \
             execution_time FROM tanliu_schema WHERE version = {SCHEMA_VERSION}"
        ))
        .await;
    let fault = SqlStore::open(&house.url, house.path("evidence")).await.unwrap_err();
    assert_eq!(fault.code, "newer");
    assert!(fault.message.en.contains(&format!("schema version {newer}")), "{fault}");
    assert!(fault.message.zh.contains("较新的程序"), "{fault}");
}

pub async fn a_database_of_another_program_is_refused(house: &House) {
    house.tamper("DROP TABLE tanliu_schema").await;
    let fault = SqlStore::open(&house.url, house.path("evidence")).await.unwrap_err();
    assert_eq!(fault.code, "not-ours");
}

pub async fn a_database_made_from_other_texts_is_refused(house: &House) {
    house.tamper("UPDATE tanliu_schema SET checksum = 'other' WHERE version = 1").await;
    let fault = SqlStore::open(&house.url, house.path("evidence")).await.unwrap_err();
    assert_eq!(fault.code, "changed-schema");
}

pub async fn several_open_an_empty_database_at_once(house: &House) {
    let url = house.empty().await;
    let mut tasks = Vec::new();
    for number in 0..6 {
        let (url, folder) = (url.clone(), house.path("evidence"));
        tasks.push(tokio::spawn(async move {
            let store = SqlStore::open(&url, folder).await.unwrap();
            store.record(act(number)).await.unwrap();
            store.close().await;
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let store = SqlStore::open(&url, house.path("evidence")).await.unwrap();
    assert_eq!(store.check_trail().await.unwrap().unwrap().0, 6);
    store.close().await;
}

pub async fn the_list_of_tables_is_the_schemas(house: &House) {
    let folder = house.path("backup");
    let backup = house.store.backup(&folder).await.unwrap();
    let listed = backup.tables.iter().flat_map(|table| {
        table.columns.iter().map(move |column| format!("{}.{column}", table.name))
    });
    let told = house.columns().await.into_iter().filter(|column| {
        !column.starts_with("tanliu_schema.") && !column.starts_with("trail_head.")
    });
    assert_eq!(listed.collect::<BTreeSet<_>>(), told.collect::<BTreeSet<_>>());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("district.db");
    let text = "made-up text ".repeat(500);
    std::fs::write(&path, &text).unwrap();
    let url = format!("sqlite:{}", path.display());
    let fault = SqlStore::open(&url, folder.path().join("evidence")).await.unwrap_err();
    assert_eq!(fault.code, "not-ours");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn another_programs_database_is_refused_and_gets_no_tables() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::raw_sql("CREATE TABLE customer (id INTEGER)").execute(&pool).await.unwrap();
    let url = path.display().to_string();
    let fault = SqlStore::open(&url, folder.path().join("evidence")).await.unwrap_err();
    assert_eq!(fault.code, "not-ours");
    assert!(fault.message.en.contains("`customer`"), "{fault}");
    let text = "SELECT count(*) FROM sqlite_master";
    let tables: i64 = sqlx::query_scalar(text).fetch_one(&pool).await.unwrap();
    assert_eq!(tables, 1);
    pool.close().await;
}
