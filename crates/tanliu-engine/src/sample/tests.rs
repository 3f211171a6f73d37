//! What the example district promises.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::plant::plant;
use super::{District, Plants, SEED, SampleError, small, write_district, write_readings};
use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int32Type, TimestampMicrosecondType};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;
use tanliu_load::{Day, Gap, Profile, YearLevel};
use tanliu_unit::time::TimeKey;

fn day(text: &str) -> TimeKey {
    TimeKey::parse(text).unwrap()
}

fn district(plants: u32, from: &str, days: u32) -> District {
    District { plants, from: day(from), days, seed: SEED }
}

fn rows(path: &Path) -> Vec<(String, i64, f64)> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    let mut rows = Vec::new();
    for batch in batches {
        let plants = batch.column(0).as_dictionary::<Int32Type>();
        let names = plants.values().as_string::<i32>();
        let instants = batch.column(1).as_primitive::<TimestampMicrosecondType>();
        let powers = batch.column(2).as_primitive::<Float64Type>();
        for row in 0..batch.num_rows() {
            let name = names.value(plants.keys().value(row) as usize).to_owned();
            rows.push((name, instants.value(row), powers.value(row)));
        }
    }
    rows
}

#[test]
fn a_district_is_what_its_document_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = district(103, "2024-01-30", 3);
    let mut told = Vec::new();
    let written = write_district(folder.path(), &wanted, &mut |done| told.push(done)).unwrap();
    assert_eq!((written.rows, written.files), (103 * 3 * 96, 2));
    assert_eq!(told, [1, 2]);
    let parts =
        ["part-0000.parquet", "part-0001.parquet"].map(|n| folder.path().join("readings").join(n));
    assert_eq!(written.bytes, parts.iter().map(|p| p.metadata().unwrap().len()).sum::<u64>());
    let read: Vec<_> = parts.iter().flat_map(|path| rows(path)).collect();
    assert_eq!(read.len(), 103 * 3 * 96);
    // 2024-01-30 00:00 and, the last of three days, 2024-02-01 23:45.
    assert_eq!((read[0].0.as_str(), read[0].1), ("E00000", 1_706_572_800_000_000));
    assert_eq!((read[read.len() - 1].0.as_str(), read[287].1), ("E00102", 1_706_831_100_000_000));
    assert!(read.windows(2).all(|pair| (&pair[0].0, pair[0].1) < (&pair[1].0, pair[1].1)));
    assert!(
        read.iter()
            .all(|(_, _, kwh)| *kwh >= 0.0 && *kwh == format!("{kwh:.3}").parse::<f64>().unwrap())
    );
    let factors = std::fs::read_to_string(folder.path().join("ef.csv")).unwrap();
    assert_eq!(factors, small::factors(wanted.span()));
    assert_eq!(
        factors.lines().skip(1).map(|line| &line[..7]).collect::<Vec<_>>(),
        ["2024-01", "2024-02"]
    );
    let plants = std::fs::read_to_string(folder.path().join("plants.csv")).unwrap();
    assert_eq!(plants.lines().count(), 104);
    for sector in ["energy", "industry", "building", "transport", "agriculture", "living"] {
        assert!(plants.contains(&format!(",{sector}\n")), "{sector}");
    }
}

#[test]
fn files_have_the_types_that_meters_are_exported_with() {
    let folder = tempfile::tempdir().unwrap();
    write_district(folder.path(), &district(1, "2024-01-01", 1), &mut |_| ()).unwrap();
    let file = File::open(folder.path().join("readings/part-0000.parquet")).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let schema = builder.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["plant", "instant", "power (kWh)"]);
    assert!(matches!(schema.field(0).data_type(), DataType::Dictionary(_, _)));
    assert!(
        builder.metadata().row_group(0).column(0).compression().to_string().starts_with("ZSTD")
    );
}

#[test]
fn a_reading_depends_on_its_plant_and_time_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (long, short) = (folder.path().join("long"), folder.path().join("short"));
    write_district(&long, &district(4, "2024-01-01", 10), &mut |_| ()).unwrap();
    write_district(&short, &district(2, "2024-01-04", 2), &mut |_| ()).unwrap();
    let all = rows(&long.join("readings/part-0000.parquet"));
    let some = rows(&short.join("readings/part-0000.parquet"));
    assert_eq!(some.len(), 2 * 2 * 96);
    assert!(some.iter().all(|row| all.contains(row)));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, seed: u64| {
        let path = folder.path().join(name);
        let wanted = District { seed, ..district(150, "2024-06-01", 1) };
        write_district(&path, &wanted, &mut |_| ()).unwrap();
        ["readings/part-0000.parquet", "readings/part-0001.parquet", "plants.csv"]
            .map(|file| std::fs::read(path.join(file)).unwrap())
    };
    let first = write("first", 1);
    assert_eq!(first, write("again", 1));
    let other = write("other", 2);
    assert!(first.iter().zip(&other).all(|(one, two)| one != two));
}

#[test]
fn the_figures_are_the_same_on_every_machine() {
    // Recorded once; a change here changes every district that was ever generated.
    let mut readings = Vec::new();
    plant(SEED, 0).read_day(&Day::new(day("2024-01-01")), &mut readings);
    assert_eq!(readings.len(), 96);
    assert_eq!(readings[..4], RECORDED.map(Some));
}

const RECORDED: [f64; 4] = [16.62, 16.289, 15.966, 17.545];

/// Two plants of the district, one with a gap, one that had not begun.
struct Handed;

impl Plants for Handed {
    fn count(&self) -> u32 {
        2
    }

    fn plant(&self, number: u32) -> Option<Profile> {
        let mut profile = plant(SEED, number);
        profile.name = format!("M{number}");
        if number == 0 {
            let first = Day::new(day("2024-01-01")).number();
            profile.gaps = vec![Gap { day: first, quarter: 2, count: 5 }];
        } else {
            profile.years =
                [(2023, 0.0), (2024, 1.0)].map(|(year, share)| YearLevel { year, share }).to_vec();
        }
        Some(profile)
    }
}

#[test]
fn plants_handed_in_have_rows_for_the_readings_that_came_alone() {
    let folder = tempfile::tempdir().unwrap();
    let span = district(1, "2023-12-31", 2).span();
    let written = write_readings(folder.path(), &Handed, span, &mut |_| ()).unwrap();
    let read = rows(&folder.path().join("readings/part-0000.parquet"));
    assert_eq!((written.rows, written.files), (2 * 96 - 5 + 96, 1));
    assert_eq!(read.len() as u64, written.rows);
    let midnight = 1_704_067_200_000_000;
    let of = |name: &str| read.iter().filter(|row| row.0 == name).collect::<Vec<_>>();
    let quarter = |row: &&&(String, i64, f64)| (row.1 - midnight).div_euclid(900_000_000);
    let there: Vec<i64> = of("M0").iter().map(|row| quarter(&row)).collect();
    assert_eq!(there[95..100], [-1, 0, 1, 7, 8]);
    assert_eq!(of("M1").first().map(|row| row.1), Some(midnight));
    let plants = std::fs::read_to_string(folder.path().join("plants.csv")).unwrap();
    assert!(plants.contains("\nM0,T") && plants.contains("\nM1,T"));
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let error = write_district(folder.path(), &district(1, "2024-01-01", 1), &mut |_| ());
    assert!(matches!(error, Err(SampleError::NotEmpty { .. })));
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 1);
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let below_a_file = folder.path().join("file").join("district");
    let error = write_district(&below_a_file, &district(1, "2024-01-01", 1), &mut |_| ());
    assert!(matches!(error, Err(SampleError::Write { .. })));
}

#[test]
fn numbers_out_of_their_range_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |wanted: District| {
        let error = write_district(&folder.path().join("new"), &wanted, &mut |_| ()).unwrap_err();
        assert!(matches!(error, SampleError::Options { .. }), "{error}");
        assert!(!folder.path().join("new").exists());
        error.to_string()
    };
    assert!(refused(district(0, "2024-01-01", 1)).contains("found 0"));
    assert!(refused(district(100_001, "2024-01-01", 1)).contains("plants"));
    assert!(refused(district(1, "2024-01-01", 0)).contains("days"));
    assert!(refused(district(1, "2024-01", 1)).contains("2024-01"));
    assert!(refused(district(1, "9999-12-31", 2)).contains("9999-12-31"));
}
