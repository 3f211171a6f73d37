//! Restated readings: by key, once, or not at all.

use super::super::merge::merge_watched;
use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

const HEADER: &str = "plant,instant,power (kWh)\n";

#[test]
fn known_rows_are_replaced_and_new_ones_added() {
    let bench = Bench::with_readings();
    let text = format!(
        "{HEADER}甲厂,2024-01-31 23:45,9\n乙厂,2024-02-01 00:00,20\n丙厂,2024-02-01 00:00,7\n"
    );
    let before = open(&bench.table(), None).unwrap();
    let merged = bench.merge(&text).unwrap();
    let expected = Merged { version: 2, is_new: true, updated: 1, inserted: 1, unchanged: 1 };
    assert_eq!(merged, expected);
    let rows = bench.rows(None);
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[&("甲厂".to_owned(), at("2024-01-31 23:45"))], Some(9.0));
    assert_eq!(rows[&("甲厂".to_owned(), at("2024-01-31 23:30"))], Some(1.5), "others stay");
    assert_eq!(rows[&("丙厂".to_owned(), at("2024-02-01 00:00"))], Some(7.0));
    let after = open(&bench.table(), None).unwrap();
    let kept: Vec<_> = before.files.iter().filter(|file| after.files.contains(file)).collect();
    assert_eq!(kept.len(), 1, "February only gains a file: no row of it changed");
    assert_eq!(kept[0].partition["month"].as_deref(), Some("2024-02"));
}

#[test]
fn the_same_correction_sent_again_makes_no_version() {
    let bench = Bench::with_readings();
    let text = format!("{HEADER}甲厂,2024-01-31 23:45,9\n丙厂,2024-02-01 00:00,\n");
    assert_eq!(bench.merge(&text).unwrap().version, 2);
    let again = bench.merge(&text).unwrap();
    assert_eq!(again, Merged { version: 2, unchanged: 2, ..Merged::default() });
    assert_eq!(history(&bench.table()).unwrap().len(), 3);
    assert_eq!(leftovers(&bench.table()).unwrap(), Vec::<PathBuf>::new());
}

#[test]
fn an_empty_correction_takes_a_reading_back() {
    let bench = Bench::with_readings();
    let merged = bench.merge(&format!("{HEADER}甲厂,2024-01-31 23:45,\n")).unwrap();
    assert_eq!(merged.updated, 1);
    assert_eq!(bench.rows(None)[&("甲厂".to_owned(), at("2024-01-31 23:45"))], None);
}

#[test]
fn a_key_twice_within_the_corrections_is_refused_with_both_rows() {
    let bench = Bench::with_readings();
    let text =
        format!("{HEADER}甲厂,2024-01-31 23:45,9\n乙厂,2024-02-01,1\n甲厂,2024-01-31 23:45,8\n");
    let (code, words) = refusal(bench.merge(&text));
    assert_eq!(code, "delta-key-twice");
    assert!(words.contains("row: 2") && words.contains("row: 4"), "{words}");
    assert!(words.contains("plant=甲厂"), "{words}");
    // Also if the two stand in two files.
    let one = format!("{HEADER}甲厂,2024-01-31 23:45,9\n");
    let files = vec![bench.csv("one.csv", &one), bench.csv("two.csv", &one)];
    let (code, words) = refusal(merge(&bench.table(), files, &MergeOptions::default()));
    assert_eq!(code, "delta-key-twice");
    assert!(words.contains("one.csv") && words.contains("two.csv"), "{words}");
    assert_eq!(history(&bench.table()).unwrap().len(), 2);
    assert_eq!(leftovers(&bench.table()).unwrap(), Vec::<PathBuf>::new());
}

#[test]
fn a_key_twice_in_the_table_is_refused() {
    let bench = Bench::with_readings();
    let text = format!("{HEADER}甲厂,2024-01-31 23:45,9\n");
    append(&bench.table(), vec![bench.csv("more.csv", &text)], &Author::default()).unwrap();
    let (code, words) = refusal(bench.merge(&text));
    assert_eq!(code, "delta-key-twice");
    assert!(words.contains("month=2024-01"), "{words}");
}

#[test]
fn an_unknown_key_is_refused_if_only_known_ones_are_wanted() {
    let bench = Bench::with_readings();
    let text =
        format!("{HEADER}甲厂,2024-01-31 23:45,9\n甲,2024-02-01 00:00,1\n甲,2024-02-01 01:00,1\n");
    let options = MergeOptions { known_only: true, ..MergeOptions::default() };
    let (code, words) =
        refusal(merge(&bench.table(), vec![bench.csv("correction.csv", &text)], &options));
    assert_eq!(code, "delta-key-unknown");
    assert!(words.contains("row: 3") && words.contains("1 more"), "{words}");
    assert_eq!(leftovers(&bench.table()).unwrap(), Vec::<PathBuf>::new(), "January's file is gone");
}

#[test]
fn keys_must_be_columns_and_tell_the_partition() {
    let bench = Bench::with_readings();
    let with = |keys: &[&str]| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        let options = MergeOptions { keys, ..MergeOptions::default() };
        let correction = bench.csv("correction.csv", &format!("{HEADER}甲厂,2024-02-01,1\n"));
        refusal(merge(&bench.table(), vec![correction], &options))
    };
    let (code, words) = with(&["plant"]);
    assert_eq!(code, "delta-keys");
    assert!(words.contains("partitioned by month"), "{words}");
    assert!(with(&["plant", "meter"]).1.contains("no column meter"));
}

#[test]
fn a_change_in_between_is_seen_and_the_merge_made_again() {
    let bench = Bench::with_readings();
    let tried = AtomicUsize::new(0);
    let text = format!("{HEADER}甲厂,2024-01-31 23:45,9\n");
    let other = format!("{HEADER}甲厂,2024-01-31 23:45,8\n甲厂,2024-01-31 23:30,7\n");
    let correction = bench.csv("mine.csv", &text);
    let merged =
        merge_watched(&bench.table(), vec![correction], &MergeOptions::default(), &|attempt| {
            tried.fetch_add(1, Ordering::SeqCst);
            if attempt == 1 {
                bench.merge(&other).unwrap();
            }
        })
        .unwrap();
    assert_eq!(merged.version, 3);
    assert_eq!(tried.load(Ordering::SeqCst), 2);
    let rows = bench.rows(None);
    assert_eq!(rows[&("甲厂".to_owned(), at("2024-01-31 23:45"))], Some(9.0), "the later wins");
    assert_eq!(rows[&("甲厂".to_owned(), at("2024-01-31 23:30"))], Some(7.0), "the other's stays");
    assert_eq!(leftovers(&bench.table()).unwrap(), Vec::<PathBuf>::new());
}

#[test]
fn one_who_is_always_too_late_is_told() {
    let bench = Bench::with_readings();
    let correction = bench.csv("mine.csv", &format!("{HEADER}甲厂,2024-01-31 23:45,9\n"));
    let result =
        merge_watched(&bench.table(), vec![correction], &MergeOptions::default(), &|attempt| {
            bench.merge(&format!("{HEADER}乙厂,2024-02-01 00:00,{attempt}\n")).unwrap();
        });
    let (code, _) = refusal(result);
    assert_eq!(code, "delta-conflict");
    assert_eq!(leftovers(&bench.table()).unwrap(), Vec::<PathBuf>::new());
    assert_eq!(bench.rows(None)[&("甲厂".to_owned(), at("2024-01-31 23:45"))], Some(2.5));
}

#[test]
fn two_writers_at_once_both_have_their_rows() {
    let bench = Bench::with_readings();
    let table = bench.table();
    let files: Vec<Incoming> = (0..4)
        .map(|n| bench.csv(&format!("{n}.csv"), &format!("{HEADER}{n}厂,2024-02-01 00:00,{n}\n")))
        .collect();
    std::thread::scope(|scope| {
        for (number, file) in files.into_iter().enumerate() {
            let table = &table;
            scope.spawn(move || {
                if number % 2 == 0 {
                    append(table, vec![file], &Author::default()).unwrap();
                } else {
                    merge(table, vec![file], &MergeOptions::default()).unwrap();
                }
            });
        }
    });
    assert_eq!(bench.rows(None).len(), 9);
    assert_eq!(open(&table, None).unwrap().version, 5);
}

#[test]
fn a_writer_that_dies_leaves_the_last_version_and_a_file_that_is_listed() {
    let bench = Bench::with_readings();
    // What is on disk when a process is killed between its data file and its entry in the log.
    let file = open(&bench.table(), None).unwrap().files[0].path.clone();
    let left = file.with_file_name("left.parquet");
    std::fs::copy(&file, &left).unwrap();
    assert_eq!(bench.rows(None).len(), 5);
    assert_eq!(leftovers(&bench.table()).unwrap(), [left.canonicalize().unwrap()]);
    bench.merge(&format!("{HEADER}甲厂,2024-01-31 23:45,9\n")).unwrap();
    assert_eq!(bench.rows(None).len(), 5, "it is still in no version");
}

#[test]
fn many_corrections_go_by_way_of_the_disk() {
    let bench = Bench::empty();
    let mut text = HEADER.to_owned();
    for row in 0..4000 {
        let (month, day, hour) = (row % 12 + 1, row / 12 % 28 + 1, row / 336 % 24);
        text.push_str(&format!("厂{},2024-{month:02}-{day:02} {hour:02}:00,{row}\n", row % 7));
    }
    let layout = layout_of(bench.csv("all.csv", &text), &keys()).unwrap();
    let partitions = vec![Partition::parse("month(instant)").unwrap()];
    create(&bench.table(), &TableLayout { partitions, ..layout }, &Author::default()).unwrap();
    let merged = || {
        let options = MergeOptions { held_bytes: Some(1000), ..MergeOptions::default() };
        merge(&bench.table(), vec![bench.csv("all.csv", &text)], &options).unwrap()
    };
    assert_eq!(merged().inserted, 4000);
    let again = merged();
    assert_eq!((again.unchanged, again.is_new), (4000, false));
    assert_eq!(bench.rows(None).len(), 4000);
}
