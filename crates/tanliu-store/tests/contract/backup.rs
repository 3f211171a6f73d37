//! 备份与恢复 The promises about backups.

use crate::house::{House, act};
use crate::samples::{approved, counting, datasets, district, enterprise, meter, value};
use crate::{figures, warnings};
use std::path::{Path, PathBuf};
use tanliu_platform::account::{Reach, Role, User};
use tanliu_platform::figure::{Calculation, Feed, FigureQuery};
use tanliu_platform::port::{Accounts, DirectoryStore, Evidence, Figures, Trail, Warnings};
use tanliu_platform::trail::sha256;
use tanliu_store::SqlStore;

/// Something in nearly every table.
async fn fill(house: &House) {
    district(house).await;
    datasets(house).await;
    let store = &house.store;
    let all: Vec<_> = (1..=7).map(enterprise).collect();
    store.add_enterprises(&all, &[meter(1)], act(2)).await.unwrap();
    let user = User {
        name: "甲".into(),
        shown: "甲\n\"乙\"".into(),
        role: Role::District,
        reach: Reach::default(),
        password: None,
        subject: None,
        disabled: false,
    };
    store.put_user(&user, act(3)).await.unwrap();
    approved(house, "statistics", &[value("E00001", "2021", 0.1 + 0.2)], 10).await;
    approved(house, "utility", &[value("E00001", "2021", 1e300)], 20).await;
    let calculation = Calculation {
        id: "panorama".into(),
        name: ("全景".into(), "panorama".into()),
        document: "cn/district/panorama".into(),
        settings: Vec::new(),
        schedule: String::new(),
        feeds: vec![Feed {
            input: "history_co2".into(),
            calculation: "other".into(),
            output: "co2_enterprise".into(),
            at: vec![("side".into(), "consumption".into())],
        }],
    };
    store.put_calculations(&[calculation], act(4)).await.unwrap();
    figures::done(house, true, &figures::tables()).await;
    store.add_warnings(&[warnings::warning("1/co2", "E00001", 1, 5)], act(5)).await.unwrap();
    store.keep("表.xlsx", b"made up", act(6)).await.unwrap();
}

/// Every file of a folder, by its name, in order.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                found.push((path.strip_prefix(folder).unwrap().to_owned(), bytes));
            }
        }
    }
    found.sort();
    found
}

pub async fn a_backup_comes_back_equal(house: &House) {
    fill(house).await;
    let first = house.path("backup");
    let told = house.store.backup(&first).await.unwrap();
    assert_eq!(told.trail, house.store.head().await.unwrap());
    let url = house.empty().await;
    let back = SqlStore::restore(&first, &url, house.path("evidence-back")).await.unwrap();
    let all = FigureQuery { run: 1, ..FigureQuery::default() };
    assert_eq!(back.figures(&all).await.unwrap(), figures::tables());
    let name = back.evidence(&sha256(b"made up")).await.unwrap().unwrap().0;
    assert_eq!(name, "表.xlsx");
    let second = house.path("backup-back");
    assert_eq!(back.backup(&second).await.unwrap(), told);
    assert_eq!(files(&second), files(&first));
    // It goes on where it stopped.
    back.record(act(99)).await.unwrap();
    assert_eq!(back.check_trail().await.unwrap().unwrap().0, told.trail.0 + 1);
    back.close().await;
}

pub async fn a_backup_of_one_comes_back_in_the_other(house: &House) {
    // On SQLite: a file's backup comes back in memory. On PostgreSQL: over SQLite and back again.
    fill(house).await;
    let first = house.path("backup");
    house.store.backup(&first).await.unwrap();
    let over = SqlStore::restore(&first, ":memory:", house.path("evidence-over")).await.unwrap();
    let second = house.path("backup-over");
    over.backup(&second).await.unwrap();
    assert_eq!(files(&second), files(&first));
    over.close().await;
    let url = house.empty().await;
    let back = SqlStore::restore(&second, &url, house.path("evidence-back")).await.unwrap();
    let third = house.path("backup-back");
    back.backup(&third).await.unwrap();
    assert_eq!(files(&third), files(&first));
    back.close().await;
}

pub async fn a_damaged_backup_is_refused_whole(house: &House) {
    fill(house).await;
    let folder = house.path("backup");
    house.store.backup(&folder).await.unwrap();
    let url = house.empty().await;
    let refused = async || {
        let back = SqlStore::restore(&folder, &url, house.path("evidence-back")).await;
        back.map(|_| ()).unwrap_err().code
    };
    let digest = sha256(b"made up");
    let evidence = format!("evidence/{}/{digest}", &digest[..2]);
    for file in ["tables/reported.jsonl", "tables/trail.jsonl", &evidence] {
        let path = folder.join(file);
        let whole = std::fs::read(&path).unwrap();
        let mut changed = whole.clone();
        let last = changed.len() - 4;
        changed[last] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        assert_eq!(refused().await, "damaged", "{file} was changed");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(refused().await, "damaged", "{file} is missing");
        std::fs::write(&path, &whole).unwrap();
    }
    let manifest = std::fs::read(folder.join("manifest.json")).unwrap();
    std::fs::remove_file(folder.join("manifest.json")).unwrap();
    assert_eq!(refused().await, "not-a-backup");
    std::fs::write(folder.join("manifest.json"), &manifest).unwrap();
    // Nothing of the refused ones stayed.
    let back = SqlStore::restore(&folder, &url, house.path("evidence-back")).await.unwrap();
    back.close().await;
}

pub async fn a_backup_needs_an_empty_folder_whole_evidence_and_an_empty_database(house: &House) {
    fill(house).await;
    let before = counting(house, None).await;
    let folder = house.path("backup");
    house.store.backup(&folder).await.unwrap();
    let twice = house.store.backup(&folder).await.unwrap_err();
    assert_eq!(twice.code, "not-empty");
    let digest = sha256(b"made up");
    let path = house.path("evidence").join(&digest[..2]).join(&digest);
    std::fs::write(path, b"changed").unwrap();
    assert!(house.store.backup(&house.path("no-backup")).await.is_err());
    assert!(!house.path("no-backup").join("manifest.json").exists());
    let over = SqlStore::restore(&folder, &house.url, house.path("evidence")).await.unwrap_err();
    assert_eq!(over.code, "not-empty");
    assert_eq!(counting(house, None).await, before);
}
