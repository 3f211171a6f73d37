//! What a keeper of readings promises the platform.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use tempfile::TempDir;

/// 2024-02-01 12:00 in Shanghai.
const NOON: Moment = Moment(1_706_760_000_000);

fn options() -> KeeperOptions {
    let intake = IntakeOptions { flush_rows: 4, flush_after_ms: 1000, waiting_most: 6 };
    KeeperOptions { intake, ..KeeperOptions::default() }
}

fn keeper(folder: &TempDir) -> ReadingKeeper {
    let meters: MeterUnits = Arc::new(|meter| match meter {
        "甲表" | "乙表" => Some("kWh".to_owned()),
        "气表" => Some("m3".to_owned()),
        _ => None,
    });
    ReadingKeeper::open(folder.path(), meters, options()).unwrap_or_else(|_| panic!("not opened"))
}

fn reading(meter: &str, begin: &str, value: f64) -> Reading {
    Reading { meter: meter.to_owned(), begin: begin.to_owned(), value }
}

fn origin(batch: &str, at: Moment) -> ReadingOrigin {
    ReadingOrigin { by: "采集器".to_owned(), at, batch: batch.to_owned() }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn a_batch_is_answered_seen_at_once_and_goes_into_the_table_on_a_tick() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = keeper(&folder);
    let rows =
        vec![reading("甲表", "2024-02-01T11:45", 1.5), reading("气表", "2024-02-01T00:00", 2.0)];
    let taken = wait(keeper.take(rows.clone(), origin("一", NOON))).unwrap();
    assert_eq!(taken, Taken { new: 2, corrected: 0, same: 0, version: None });
    let day = wait(keeper.day("甲表", "2024-02-01", None)).unwrap();
    assert_eq!((day.quarters.len(), day.quarters[47], day.quarters[46]), (96, Some(1.5), None));
    assert!(!keeper.tick(NOON.after_ms(999)).unwrap_or_else(|_| panic!()));
    assert!(keeper.tick(NOON.after_ms(1000)).unwrap_or_else(|_| panic!()));
    assert_eq!(
        wait(keeper.day("甲表", "2024-02-01", None)).unwrap(),
        MeterDay { version: 1, ..day }
    );
    let again = wait(keeper.take(rows, origin("二", NOON.after_ms(5)))).unwrap();
    assert_eq!(again, Taken { new: 0, corrected: 0, same: 2, version: Some(1) });
    let span = wait(keeper.span()).unwrap();
    assert_eq!(span, Some(("2024-02-01".to_owned(), "2024-02-01".to_owned(), 2)));
    let known = wait(keeper.origin("气表", "2024-02-01T00:00", None)).unwrap().unwrap();
    assert_eq!(known, ReadingKnown { value: 2.0, origin: Some(origin("一", NOON)) });
    assert_eq!(keeper.intake.tables().len(), 2, "one table for each unit");
}

#[test]
fn a_batch_with_wrong_rows_is_refused_whole_with_each_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = keeper(&folder);
    let rows = vec![
        reading("甲表", "2024-02-01T11:45", 1.5),
        reading("丙表", "2024-02-01T11:45", 1.5),
        reading("甲表", "2024-02-01T11:46", 1.5),
        reading("甲表", "2024-02-01T12:15", 1.5),
        reading("甲表", "2024-02-01T11:30", f64::INFINITY),
        reading("甲表", "2024-02-01T11:30", -0.1),
        reading("甲表", "2024-02-01T11:45", 1.5),
        reading("甲表", "2024-02-01T11:45", 1.6),
    ];
    let error = wait(keeper.take(rows, origin("一", NOON))).unwrap_err();
    let ReadingsError::Refused(found) = error else { panic!("{error}") };
    let lines: Vec<u64> = found.iter().map(|(row, _)| *row).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 8]);
    let words = ["no meter", "no quarter", "still to come", "no number", "negative", "row 1"];
    for ((_, text), word) in found.iter().zip(words) {
        assert!(text.en.contains(word) && !text.zh.is_empty(), "{text:?}");
    }
    assert_eq!(wait(keeper.span()).unwrap(), None);
}

#[test]
fn readings_are_known_as_of_the_moment_they_came_before_and_after_they_are_in_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut own = keeper(&folder);
    let begin = "2024-01-31T00:00";
    for (number, value) in [(0, 1.0), (1, 2.0), (2, 3.0)] {
        let at = NOON.after_ms(number);
        wait(own.take(vec![reading("甲表", begin, value)], origin("更正", at))).unwrap();
    }
    for round in 0..3 {
        for (after, value) in [(-1, None), (0, Some(1.0)), (1, Some(2.0)), (9, Some(3.0))] {
            let day = wait(own.day("甲表", "2024-01-31", Some(NOON.after_ms(after)))).unwrap();
            assert_eq!(day.quarters[0], value, "round {round}, {after} ms");
        }
        match round {
            0 => own.flush().unwrap_or_else(|_| panic!()),
            _ => {
                drop(own);
                own = keeper(&folder);
            }
        }
    }
}

#[test]
fn too_much_is_busy_until_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = keeper(&folder);
    let rows = |hour: u32| -> Vec<Reading> {
        let begins = [0, 15, 30, 45].map(|minute| format!("2024-01-31T{hour:02}:{minute:02}"));
        begins.iter().map(|begin| reading("乙表", begin, 1.0)).collect()
    };
    wait(keeper.take(rows(1), origin("一", NOON))).unwrap();
    let refused = wait(keeper.take(rows(2), origin("二", NOON))).unwrap_err();
    assert!(matches!(refused, ReadingsError::Busy));
    wait(keeper.wanted());
    assert!(keeper.tick(NOON).unwrap_or_else(|_| panic!()));
    assert_eq!(wait(keeper.take(rows(2), origin("二", NOON))).unwrap().new, 4);
    let gaps = wait(keeper.gaps("乙表", "2024-01")).unwrap();
    let first =
        Gap { meter: "乙表".to_owned(), from: "2024-01-01T00:00".to_owned(), count: 2884 };
    assert_eq!((gaps.len(), &gaps[0]), (2, &first));
    assert_eq!((gaps[1].from.as_str(), gaps[1].count), ("2024-01-31T03:00", 84));
    let days = wait(keeper.days("乙表", "2024-01")).unwrap();
    assert_eq!((days.len(), &days[30]), (31, &("2024-01-31".to_owned(), 8.0, 8)));
}

#[test]
fn a_file_is_loaded_and_names_who_brought_it() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = keeper(&folder);
    let path = folder.path().join("一月.csv");
    std::fs::write(&path, "表,时间,电量 (kWh)\n甲表,2024-01-31 00:15,2.5\n").unwrap();
    let columns = ["表", "时间", "电量"].map(|name| Some(name.to_owned()));
    let loaded = keeper.add_files(vec![path], "kWh", columns, &origin("一月.csv", NOON));
    assert_eq!(loaded.unwrap_or_else(|_| panic!()).taken.new, 1);
    let known = wait(keeper.origin("甲表", "2024-01-31T00:15", None)).unwrap().unwrap();
    assert_eq!(known, ReadingKnown { value: 2.5, origin: Some(origin("一月.csv", NOON)) });
    assert_eq!(wait(keeper.origin("甲表", "2024-01-31T00:30", None)).unwrap(), None);
}
