//! 示例数据 Somebody wants data to try things on: a district of any size, and never over other files.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::Desk;

#[test]
fn a_district_comes_with_what_its_document_asks_for() {
    let desk = Desk::new();
    desk.tanliu("sample district d --plants 101 --from 2024-02-28 --days 3")
        .says(0, &["101 家企业", "29,088 个读数", "自拟", "tanliu run", "--data d"]);
    assert_eq!(desk.list("d"), ["ef.csv", "plants.csv", "readings"]);
    assert_eq!(desk.list("d/readings"), ["part-0000.parquet", "part-0001.parquet"]);
    assert_eq!(desk.read("d/plants.csv").lines().count(), 102);
    assert_eq!(desk.read("d/ef.csv").lines().count(), 3);
}

#[test]
fn a_folder_in_use_is_not_written_into() {
    let desk = Desk::new();
    desk.put("d/mine.txt", "mine");
    desk.tanliu("sample district d").says(2, &["目录 d 不是空的", "换一个目录名"]);
    assert_eq!(desk.list("d"), ["mine.txt"]);
    desk.tanliu("--lang en sample district d").says(2, &["d is not empty", "name another folder"]);
}

#[test]
fn what_cannot_be_generated_is_said() {
    let desk = Desk::new();
    desk.tanliu("sample district d --from 2024-02").says(2, &["--from 应是一个日期"]);
    desk.tanliu("sample district d --plants 0").says(2, &["企业数应在 1 到 100000 之间"]);
    desk.tanliu("sample district d --days 4000").says(2, &["天数应在 1 到 3660 之间"]);
    assert!(!desk.path("d").exists());
}

#[test]
fn the_districts_document_proves_its_examples() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/district/meters.md");
    Desk::new().tanliu(&format!("test {document}")).says(0, &["2 个通过，0 个失败"]);
}
