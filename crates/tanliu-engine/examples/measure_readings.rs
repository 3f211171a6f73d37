//! 测量读数表 What a table of readings takes: `measure_readings FOLDER PLANTS DAYS`, made-up data.
//!
//! Prints one line of JSON for each measurement. `cargo xtask bench readings` builds and runs it.
#![allow(clippy::print_stdout, reason = "a measurement tells its figures")]
#![allow(clippy::disallowed_methods, reason = "to measure time is what this file is for")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tanliu_engine::readings::waiting::{Arriving, FilesArriving, Intake, IntakeOptions};
use tanliu_engine::readings::{Day, Month, ReadingError, ReadingTable, Step};
use tanliu_engine::sample::{District, SEED, write_district};
use tanliu_unit::time::TimeKey;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Readings of a meter are looked up so often.
const LOOKS: usize = 200;
/// Batches of one quarter of all meters: a day of them.
const BATCHES: usize = 96;
const FIRST_DAY: &str = "2024-01-01";

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, plants, days] = arguments.as_slice() else {
        return Err("measure_readings FOLDER PLANTS DAYS".into());
    };
    let (folder, plants) = (Path::new(folder), plants.parse::<u32>()?);
    let days = days.parse::<u32>()?;
    let data = district(folder, plants, days)?;
    let (tables, arrivals) = (folder.join("loaded"), folder.join("arrived"));
    for gone in [&tables, &arrivals] {
        if gone.exists() {
            std::fs::remove_dir_all(gone)?;
        }
    }
    load(&tables, &data)?;
    look(&tables.join("tables/readings-kWh"), plants, days)?;
    batches(&arrivals, plants)
}

/// Everything may go on.
fn calm(_: Step) -> Result<(), ReadingError> {
    Ok(())
}

/// The made-up district; written once.
fn district(folder: &Path, plants: u32, days: u32) -> Outcome<PathBuf> {
    let path = folder.join(format!("district-{plants}-{days}"));
    if !path.join("plants.csv").is_file() {
        let from = TimeKey::parse(FIRST_DAY).ok_or("no day")?;
        write_district(&path, &District { plants, from, days, seed: SEED }, &mut |_| {})?;
    }
    Ok(path.join("readings"))
}

fn load(folder: &Path, data: &Path) -> Outcome<()> {
    let intake = Intake::open(folder, IntakeOptions::default())?;
    let files = FilesArriving {
        paths: vec![data.to_owned()],
        unit: "kWh".to_owned(),
        columns: [Some("plant".to_owned()), None, Some("power".to_owned())],
        name: "district".to_owned(),
        by: "measurement".to_owned(),
        at: 1,
    };
    let (begin, cpu) = (Instant::now(), cpu_seconds());
    let loaded = intake.add_files(&files, &calm)?;
    told("load", loaded.rows, begin.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    println!("{{\"name\":\"peak\",\"mib\":{:.0}}}", peak_mib());
    Ok(())
}

/// Days and months of meters all over the table, by a table that was just opened.
fn look(path: &Path, plants: u32, days: u32) -> Outcome<()> {
    let begin = Instant::now();
    let table = ReadingTable::open(path)?;
    println!("{{\"name\":\"open\",\"ms\":{:.3}}}", begin.elapsed().as_secs_f64() * 1e3);
    let first = Day::parse(FIRST_DAY).ok_or("no day")?;
    let meter = |number: usize| format!("E{:05}", number * 7919 % plants as usize);
    let mut times = Vec::new();
    let mut sum = 0.0;
    for number in 0..LOOKS {
        let day = Day(first.0 + i64::try_from(number * 31 % days as usize)?);
        let begin = Instant::now();
        let found = table.day(&meter(number), day, None)?;
        times.push(begin.elapsed().as_secs_f64() * 1e3);
        sum += found.quarters.iter().flatten().map(|(value, _)| value).sum::<f64>();
    }
    median("day", &mut times, sum);
    let month = Month::parse("2024-01").ok_or("no month")?;
    let (mut times, mut sum) = (Vec::new(), 0.0);
    for number in 0..LOOKS / 4 {
        let begin = Instant::now();
        let found = table.days(&meter(number), month)?;
        times.push(begin.elapsed().as_secs_f64() * 1e3);
        sum += found.iter().map(|(_, sum, _)| sum).sum::<f64>();
    }
    median("month", &mut times, sum);
    Ok(())
}

/// A day of batches, each one quarter of all meters; then into the table.
fn batches(folder: &Path, plants: u32) -> Outcome<()> {
    let intake = Intake::open(folder, IntakeOptions::default())?;
    let first = Day::parse(FIRST_DAY).ok_or("no day")?;
    let unit: Arc<str> = Arc::from("kWh");
    let meters: Vec<(Arc<str>, Arc<str>)> = (0..plants)
        .map(|number| (Arc::from(format!("E{number:05}").as_str()), Arc::clone(&unit)))
        .collect();
    let arriving = |number: usize, more: f64| {
        let quarter = first.quarter(number);
        let row = |meter: u32| (meter, quarter, f64::from(meter) + more);
        Arriving {
            name: format!("batch {number}"),
            by: "measurement".to_owned(),
            at: i64::try_from(number).unwrap_or(0),
            meters: meters.clone(),
            rows: (0..plants).map(row).collect(),
        }
    };
    let rows = u64::from(plants) * BATCHES as u64;
    // New ones; then all of them again; then as many corrections of what the table has.
    for (name, more) in [("batches", 0.5), ("batches again", 0.5), ("corrections", 0.25)] {
        let (begin, cpu) = (Instant::now(), cpu_seconds());
        for number in 0..BATCHES {
            intake.take(arriving(number, more), &calm)?;
        }
        told(name, rows, begin.elapsed().as_secs_f64(), cpu_seconds() - cpu);
        let (begin, cpu) = (Instant::now(), cpu_seconds());
        intake.flush(&calm)?;
        told("flush", rows, begin.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "rows of a measurement")]
fn told(name: &str, rows: u64, wall: f64, cpu: f64) {
    let pace = rows as f64 / wall;
    println!(
        "{{\"name\":\"{name}\",\"rows\":{rows},\"wall_s\":{wall:.3},\"cpu_s\":{cpu:.2},\
         \"rows_per_s\":{pace:.0}}}"
    );
}

fn median(name: &str, times: &mut [f64], sum: f64) {
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(f64::NAN);
    println!(
        "{{\"name\":\"{name}\",\"median_ms\":{:.3},\"p95_ms\":{:.3},\"sum\":{sum:.3}}}",
        at(50),
        at(95)
    );
}

/// Processor time of this process; 0 where there is no `/proc`.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory this process had; 0 where there is no `/proc`.
fn peak_mib() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
