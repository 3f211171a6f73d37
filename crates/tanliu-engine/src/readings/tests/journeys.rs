//! A table as its keeper meets it: taken, corrected, loaded, looked at, as it was.

use super::*;
use crate::delta;
use crate::readings::{LoadOptions, Month, Taken};
use crate::sample::{District, write_district};
use tanliu_unit::time::TimeKey;

#[test]
fn new_readings_are_added_and_known_ones_corrected() {
    let (_folder, table) = bench();
    let first = rows(1, &[("甲表", "2024-01-31T23:45", 1.5), ("乙表", "2024-02-01T00:00", 2.5)]);
    let taken = table.take(&first, &[batch(1, 1000)], &calm).unwrap();
    assert_eq!(taken, Taken { new: 2, version: 1, ..Taken::default() });
    let second = rows(
        2,
        &[
            ("甲表", "2024-01-31T23:45", 7.0),
            ("乙表", "2024-02-01T00:00", 2.5),
            ("丙表", "2024-01-31T00:00", 0.0),
        ],
    );
    let taken = table.take(&second, &[batch(2, 2000)], &calm).unwrap();
    assert_eq!(taken, Taken { new: 1, corrected: 1, same: 1, version: 2 });
    assert_eq!(values(&table, "甲表", "2024-01-31", None), [(95, 7.0)]);
    assert_eq!(values(&table, "丙表", "2024-01-31", None), [(0, 0.0)]);
    assert_eq!(values(&table, "丁表", "2024-01-31", None), []);
    assert_eq!(table.span().unwrap(), Some((day("2024-01-31"), day("2024-02-01"), 3)));
}

#[test]
fn the_same_batch_again_makes_no_version() {
    let (_folder, table) = bench();
    let first = rows(1, &[("甲表", "2024-01-31T23:45", 1.5)]);
    table.take(&first, &[batch(1, 1000)], &calm).unwrap();
    let again = ReadingRows { rows: vec![ReadingRow { batch: 2, ..first.rows[0] }], ..first };
    let taken = table.take(&again, &[batch(2, 2000)], &calm).unwrap();
    assert_eq!(taken, Taken { same: 1, version: 1, ..Taken::default() });
    let (value, from) = table.origin("甲表", quarter("2024-01-31T23:45"), None).unwrap().unwrap();
    assert_eq!((value, from.unwrap()), (1.5, batch(1, 1000)));
}

#[test]
fn a_day_is_one_file_and_a_correction_rewrites_one_day() {
    let (folder, table) = bench();
    let first = rows(1, &[("甲", "2024-01-30T00:00", 1.0), ("甲", "2024-01-31T00:00", 1.0)]);
    table.take(&first, &[batch(1, 1000)], &calm).unwrap();
    let second = rows(2, &[("乙", "2024-01-31T00:15", 2.0)]);
    table.take(&second, &[batch(2, 2000)], &calm).unwrap();
    let snapshot = delta::open(&folder.path().join("meters"), None).unwrap();
    let names: Vec<&str> = snapshot.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        ["day=2024-01-30/part-00000001-0.parquet", "day=2024-01-31/part-00000002-0.parquet"]
    );
    assert_eq!(snapshot.rows(), Some(3));
    assert_eq!(snapshot.keys, ["meter", "instant"]);
    assert_eq!(delta::leftovers(&folder.path().join("meters")).unwrap(), Vec::<PathBuf>::new());
}

#[test]
fn a_table_reads_as_it_was_at_any_moment() {
    let (folder, table) = bench();
    for (number, value) in [(1, 1.0), (2, 2.0), (3, 3.0)] {
        let own = rows(number, &[("甲", "2024-01-31T00:00", value)]);
        table.take(&own, &[batch(number, number * 1000)], &calm).unwrap();
    }
    let known = |table: &ReadingTable, at| values(table, "甲", "2024-01-31", Some(at));
    let reopened = ReadingTable::open(&folder.path().join("meters")).unwrap();
    for table in [&table, &reopened] {
        assert_eq!(known(table, 999), []);
        assert_eq!(known(table, 1000), [(0, 1.0)]);
        assert_eq!(known(table, 2999), [(0, 2.0)]);
        assert_eq!(known(table, i64::MAX), [(0, 3.0)]);
    }
}

#[test]
fn of_a_version_of_two_batches_a_moment_between_them_sees_the_first() {
    let (_folder, table) = bench();
    let mut both = rows(1, &[("甲", "2024-01-31T00:00", 1.0)]);
    let second = rows(2, &[("甲", "2024-01-31T00:15", 2.0)]);
    both.rows.extend(second.rows);
    let before = rows(0, &[("甲", "2024-01-31T00:30", 9.0)]);
    table.take(&before, &[], &calm).unwrap();
    table.take(&both, &[batch(1, i64::MAX - 2), batch(2, i64::MAX - 1)], &calm).unwrap();
    let seen = values(&table, "甲", "2024-01-31", Some(i64::MAX - 2));
    assert_eq!(seen, [(0, 1.0), (2, 9.0)]);
}

#[test]
fn a_value_that_is_no_number_is_refused() {
    let (_folder, table) = bench();
    let odd = rows(1, &[("甲", "2024-01-31T00:00", f64::NAN)]);
    assert!(table.take(&odd, &[batch(1, 1)], &calm).is_err());
    assert_eq!(table.version().unwrap(), 0);
}

fn options(number: i64) -> LoadOptions {
    LoadOptions {
        meter: None,
        instant: None,
        value: None,
        batch: batch(number, number * 1000),
        held_bytes: None,
    }
}

#[test]
fn files_are_loaded_beside_and_over_what_is_there() {
    let (folder, table) = bench();
    let known = rows(1, &[("甲", "2024-01-31T00:00", 1.0), ("甲", "2024-01-31T00:15", 1.0)]);
    table.take(&known, &[batch(1, 1000)], &calm).unwrap();
    let text = "meter,instant,value (kWh)\n甲,2024-01-31 00:15,2\n乙,2024-02-29 23:45,3\n\
                乙,2024-02-29 23:30,\n乙,2024-02-29 23:45,3\n";
    let path = file(&folder, "更正.csv", text);
    let loaded = table.add_files(&[path], &options(2), &calm).unwrap();
    assert_eq!(loaded.taken, Taken { new: 1, corrected: 1, same: 0, version: 2 });
    assert_eq!((loaded.rows, loaded.files), (3, 1));
    assert_eq!(values(&table, "甲", "2024-01-31", None), [(0, 1.0), (1, 2.0)]);
    assert_eq!(values(&table, "乙", "2024-02-29", None), [(95, 3.0)]);
    assert_eq!(values(&table, "甲", "2024-01-31", Some(1999)), [(0, 1.0), (1, 1.0)]);
}

#[test]
fn a_file_with_one_wrong_row_is_refused_whole_with_its_place() {
    let (folder, table) = bench();
    for (text, place) in [
        ("meter,instant,value\n甲,2024-01-31 00:15,2\n甲,2024-01-31 00:16,2\n", "row 3"),
        ("meter,instant,value\n甲,2024-01-31 00:15,二\n", "row 2"),
        ("meter,instant,value\n,2024-01-31 00:15,2\n", "row 2"),
        ("meter,instant,value\n甲,2024-01-31 00:15,2\n甲,2024-01-31 00:15,3\n", "two readings"),
        ("meter,instant,value (MWh)\n甲,2024-01-31 00:15,2\n", "MWh"),
        ("meter,instant\n甲,2024-01-31 00:15\n", "value"),
    ] {
        let path = file(&folder, "来数.csv", text);
        let error = table.add_files(&[path], &options(1), &calm).unwrap_err();
        assert!(error.to_string().contains(place), "{error}");
        assert!(!error.message().zh.is_empty());
    }
    assert_eq!((table.version().unwrap(), table.span().unwrap()), (0, None));
}

#[test]
fn a_district_loads_the_same_from_memory_and_from_disk() {
    let folder = tempfile::tempdir().unwrap();
    let from = TimeKey::parse("2024-02-28").unwrap();
    let district = District { plants: 120, from, days: 3, seed: 7 };
    write_district(&folder.path().join("district"), &district, &mut |_| {}).unwrap();
    let mut seen = Vec::new();
    for (name, held_bytes) in [("a", None), ("b", Some(50_000))] {
        let table = ReadingTable::open_or_create(&folder.path().join(name), "kWh").unwrap();
        let options = LoadOptions {
            meter: Some("plant".to_owned()),
            value: Some("power".to_owned()),
            held_bytes,
            ..options(1)
        };
        let paths = [folder.path().join("district/readings")];
        let loaded = table.add_files(&paths, &options, &calm).unwrap();
        assert_eq!((loaded.rows, loaded.files), (120 * 3 * 96, 2));
        assert_eq!(loaded.taken.new, 120 * 3 * 96);
        let again = table.add_files(&paths, &LoadOptions { batch: batch(2, 9), ..options }, &calm);
        assert_eq!(again.unwrap().taken.same, 120 * 3 * 96);
        let month = Month::parse("2024-02").unwrap();
        seen.push((
            table.days("E00117", month).unwrap(),
            values(&table, "E00117", "2024-03-01", None),
        ));
        assert_eq!(table.gaps("E00117", month).unwrap(), [(quarter("2024-02-01T00:00"), 27 * 96)]);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0].1.len(), 96);
    let (_, sum, count) = seen[0].0[27];
    assert!(count == 96 && sum > 0.0);
}

#[test]
fn a_day_reads_the_same_from_its_row_group_as_whole() {
    let (folder, table) = bench();
    let names: Vec<String> = (0..400).map(|number| format!("M{number:03}")).collect();
    let list: Vec<(&str, &str, f64)> = (names.iter().enumerate())
        .flat_map(|(at, name)| {
            let value = f64::from(u32::try_from(at).unwrap());
            [(name.as_str(), "2024-01-31T00:00", value), (name.as_str(), "2024-01-31T12:00", 1.0)]
        })
        .collect();
    table.take(&rows(1, &list), &[batch(1, 1)], &calm).unwrap();
    let cold = ReadingTable::open(&folder.path().join("meters")).unwrap();
    for name in &names {
        assert_eq!(
            cold.day(name, day("2024-01-31"), None).unwrap(),
            table.day(name, day("2024-01-31"), None).unwrap()
        );
    }
}

#[test]
fn another_writers_version_is_seen_and_a_crash_leaves_no_harm() {
    let (folder, table) = bench();
    let other = ReadingTable::open(&folder.path().join("meters")).unwrap();
    let stop = |step| match step {
        Step::Commits => Err(ReadingError::Failed("stopped".to_owned())),
        _ => Ok(()),
    };
    let first = rows(1, &[("甲", "2024-01-31T00:00", 1.0)]);
    assert!(table.take(&first, &[batch(1, 1)], &stop).is_err());
    assert_eq!(values(&other, "甲", "2024-01-31", None), []);
    assert_eq!(delta::leftovers(&folder.path().join("meters")).unwrap().len(), 1);
    table.take(&first, &[batch(1, 1)], &calm).unwrap();
    assert_eq!(values(&other, "甲", "2024-01-31", None), [(0, 1.0)]);
    let second = rows(2, &[("甲", "2024-01-31T00:15", 2.0)]);
    assert_eq!(other.take(&second, &[batch(2, 2)], &calm).unwrap().version, 2);
    assert_eq!(values(&table, "甲", "2024-01-31", None), [(0, 1.0), (1, 2.0)]);
}

#[test]
fn a_table_of_another_unit_or_of_other_columns_is_refused() {
    let (folder, table) = bench();
    let path = folder.path().join("meters");
    assert_eq!(table.unit().unwrap(), "kWh");
    assert!(matches!(ReadingTable::open_or_create(&path, "GJ"), Err(ReadingError::Unit { .. })));
    let other = folder.path().join("other");
    let layout = delta::TableLayout {
        columns: vec![delta::TableColumn {
            name: "meter".to_owned(),
            unit: None,
            label: None,
            kind: delta::ColumnType::Text,
        }],
        ..delta::TableLayout::default()
    };
    delta::create(&other, &layout, &delta::Author::default()).unwrap();
    assert!(matches!(ReadingTable::open(&other), Err(ReadingError::Columns { .. })));
}
