//! 证据 The promises about files.

use crate::house::{House, act};
use tanliu_platform::port::{Evidence, StoreError, Trail};
use tanliu_platform::trail::sha256;

pub async fn a_file_is_kept_under_its_digest(house: &House) {
    let bytes = b"\x00\xff made up".to_vec();
    let digest = house.store.keep("表.xlsx", &bytes, act(1)).await.unwrap();
    assert_eq!(digest, sha256(&bytes));
    let again = house.store.keep("另名.xlsx", &bytes, act(2)).await.unwrap();
    assert_eq!(again, digest);
    let known = house.store.evidence(&digest).await.unwrap();
    assert_eq!(known, Some(("表.xlsx".to_owned(), bytes.clone())));
    assert_eq!(house.store.evidence(&sha256(b"other")).await.unwrap(), None);
    assert_eq!(house.store.head().await.unwrap().0, 2);
    let folder = house.path("evidence").join(&digest[..2]);
    let files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(files, [digest.as_str()]);
}

pub async fn a_file_that_was_changed_on_disk_is_refused(house: &House) {
    let digest = house.store.keep("表.xlsx", b"as handed in", act(1)).await.unwrap();
    let path = house.path("evidence").join(&digest[..2]).join(&digest);
    std::fs::write(&path, b"as changed").unwrap();
    let changed = house.store.evidence(&digest).await;
    assert!(matches!(changed, Err(StoreError::Failed(_))));
    // Who hands in the same file again puts it right.
    house.store.keep("表.xlsx", b"as handed in", act(2)).await.unwrap();
    assert!(house.store.evidence(&digest).await.unwrap().is_some());
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(house.store.evidence(&digest).await, Err(StoreError::Failed(_))));
}
