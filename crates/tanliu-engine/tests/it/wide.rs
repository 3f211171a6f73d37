//! Rows that stay in files mean the same as rows in memory; what is wrong with them is told.

use super::compare;
use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, RecordBatch, TimestampMicrosecondArray,
};
use arrow::datatypes::Int32Type;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tanliu_diagnostic::Place;
use tanliu_engine::source::{OpenOptions, WideTable};
use tanliu_engine::{
    Account, EngineError, EngineOptions, Progress, Streamed, WideInput, WideRun, run_wide,
    run_wide_streamed,
};
use tanliu_factor::Catalogue;
use tanliu_method::bind::{BindInput, bind, locate};
use tanliu_method::check::{Checked, NoLibrary, check};
use tanliu_method::eval::{OutputTable, RunOptions, RunOutcome, run};
use tanliu_method::table::{Cells, Column, Table};

pub(crate) const DOCUMENT: &str =
    "---\nid: wide\nversion: \"1\"\ntitle: wide\nkind: account\nstatus: illustration\n---\n```tan
index plant : text
index instant : instant
index month : month
index day : day
index town : text
input power[plant, instant] : kWh >= 0
input idle[plant, instant] : kWh default 0
input town_of[plant] : town
input ef[month] : kgCO2/kWh
tariff[instant] = if hour(instant) >= 8 then 2 else 1
energy[plant, month] : kWh = sum(power over instant to month)
peak[plant, day] : kWh = max(power - idle over instant to day)
spread[plant] : kWh = stddev(power over instant)
middle[plant] : kWh = median(power where tariff = 2 over instant)
by_tariff[plant] : kWh = mean(power over instant weighted by tariff)
many[town] = count(power > 3 kWh over plant, instant by town_of)
output co2[plant, month] : tCO2 = energy * ef
output by_town[town, month] : tCO2 = sum(co2 over plant by town_of)
output peaks[plant, day] : kWh = peak
output other[plant] : kWh = spread + middle + by_tariff
output busy[town] : 1 = many
warn power <= 90 kWh \"a large reading\"
```\n";

/// A reading: plant, quarter-hour since the beginning of 2024, energy, idle.
pub(crate) type Reading = (usize, i64, Option<f64>, Option<f64>);

/// A few plants over some days, with holes.
pub(crate) fn readings(plants: usize, quarters: i64) -> Vec<Reading> {
    let mut state = 7_u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 40
    };
    let mut rows = Vec::new();
    for plant in 0..plants {
        for quarter in 0..quarters {
            let value = (next() % 60_000) as f64 / 1000.0;
            let power = (next() % 50 != 0).then_some(value);
            let idle = (next() % 3 == 0).then_some(value / 8.0);
            if power.is_some() || idle.is_some() {
                rows.push((plant, quarter * 37, power.or(Some(0.5)), idle));
            }
        }
    }
    rows
}

fn batch(rows: &[Reading]) -> RecordBatch {
    // 2024-01-01 00:00 in microseconds, in quarter-hours from there.
    let stamp = |quarter: i64| (1_704_067_200 + quarter * 900) * 1_000_000;
    let names: Vec<String> = rows.iter().map(|row| format!("E{:03}", row.0)).collect();
    let plants: DictionaryArray<Int32Type> = names.iter().map(String::as_str).collect();
    let stamps: TimestampMicrosecondArray = rows.iter().map(|row| Some(stamp(row.1))).collect();
    let power: Float64Array = rows.iter().map(|row| row.2).collect();
    let idle: Float64Array = rows.iter().map(|row| row.3).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("plant", Arc::new(plants)),
        ("instant", Arc::new(stamps)),
        ("power (kWh)", Arc::new(power)),
        ("idle (kWh)", Arc::new(idle)),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true)))
        .unwrap()
}

pub(crate) fn write(folder: &Path, name: &str, rows: &[Reading], group_rows: usize) {
    let batch = batch(rows);
    let properties =
        WriterProperties::builder().set_max_row_group_row_count(Some(group_rows)).build();
    let file = std::fs::File::create(folder.join(name)).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

pub(crate) fn small_table(name: &str, headers: &[&str], rows: &[Vec<String>]) -> Table {
    let column = |(number, header): (usize, &&str)| {
        let mut cells = Cells::packed();
        rows.iter().for_each(|row| cells.push_text(&row[number]));
        Column { header: (*header).to_owned(), number: number as u32 + 1, cells }
    };
    Table {
        name: name.to_owned(),
        source: format!("{name}.csv"),
        sheet: None,
        header_row: 1,
        columns: headers.iter().enumerate().map(column).collect(),
        row_numbers: (2..rows.len() as u32 + 2).collect(),
    }
}

pub(crate) fn small_tables(plants: usize) -> Vec<Table> {
    let towns: Vec<Vec<String>> =
        (0..plants).map(|p| vec![format!("E{p:03}"), format!("T{}", p % 3)]).collect();
    let factors: Vec<Vec<String>> =
        (1..=12).map(|m| vec![format!("2024-{m:02}"), format!("0.{}", 50 + m)]).collect();
    vec![
        small_table("plants", &["plant", "town_of"], &towns),
        small_table("ef", &["month", "ef (kgCO2/kWh)"], &factors),
    ]
}

fn checked_as(document: &str) -> Checked {
    let checked = check("wide.md", document, &NoLibrary, &Catalogue::default());
    assert!(!checked.diagnostics.has_errors(), "{:?}", checked.diagnostics);
    checked
}

fn wide(folder: &Path, plants: usize, engine: &EngineOptions) -> Result<RunOutcome, EngineError> {
    wide_as(DOCUMENT, folder, plants, engine)
}

pub(crate) fn wide_as(
    document: &str,
    folder: &Path,
    plants: usize,
    engine: &EngineOptions,
) -> Result<RunOutcome, EngineError> {
    wide_with(document, (folder, plants), engine, &Progress::default()).map(|(outcome, _)| outcome)
}

fn wide_with(
    document: &str,
    (folder, plants): (&Path, usize),
    engine: &EngineOptions,
    progress: &Progress,
) -> Result<(RunOutcome, Account), EngineError> {
    with_run(document, (folder, small_tables(plants)), |given| {
        run_wide(given, &RunOptions::default(), engine, progress)
    })
}

/// A run over wide tables in a folder, beside small ones.
pub(crate) fn wide_among(
    document: &str,
    among: (&Path, Vec<Table>),
    engine: &EngineOptions,
    progress: &Progress,
) -> Result<RunOutcome, EngineError> {
    let ended = with_run(document, among, |given| {
        run_wide(given, &RunOptions::default(), engine, progress)
    });
    ended.map(|(outcome, _)| outcome)
}

/// Opens, binds and runs.
fn with_run<T>(
    document: &str,
    (folder, mut tables): (&Path, Vec<Table>),
    run: impl FnOnce(WideRun<'_>) -> T,
) -> T {
    let checked = checked_as(document);
    let table = Arc::new(WideTable::open(folder, &OpenOptions::default()).unwrap());
    let number = tables.len();
    tables.push(table.header());
    let input =
        BindInput { tables: &tables, restricted: None, scalars: &[], units: &checked.units };
    let (dataset, findings) = bind(&checked.program, &input);
    assert!(!findings.has_errors(), "{findings:?}");
    let inputs: Vec<WideInput> = locate(&checked.program, &input)
        .into_iter()
        .filter(|located| located.table == number)
        .map(|located| WideInput {
            variable: located.variable,
            table: Arc::clone(&table),
            column: located.column,
            keys: located.keys,
            conversion: located.conversion,
        })
        .collect();
    assert_eq!(inputs.len(), 2);
    let catalogue = Catalogue::default();
    let given = WideRun {
        program: &checked.program,
        dataset: &dataset,
        catalogue: &catalogue,
        wide: &inputs,
    };
    run(given)
}

fn reference(folder: &Path, plants: usize) -> RunOutcome {
    reference_as(DOCUMENT, folder, plants)
}

pub(crate) fn reference_as(document: &str, folder: &Path, plants: usize) -> RunOutcome {
    reference_among(document, folder, small_tables(plants))
}

pub(crate) fn reference_among(document: &str, folder: &Path, mut tables: Vec<Table>) -> RunOutcome {
    let checked = checked_as(document);
    tables.push(WideTable::open(folder, &OpenOptions::default()).unwrap().load().unwrap());
    let input =
        BindInput { tables: &tables, restricted: None, scalars: &[], units: &checked.units };
    let (dataset, findings) = bind(&checked.program, &input);
    assert!(!findings.has_errors(), "{findings:?}");
    run(&checked.program, &dataset, &Catalogue::default(), &RunOptions::default())
}

pub(crate) fn told(error: &EngineError) -> BTreeMap<String, String> {
    error.findings().into_iter().map(|d| (d.code.to_owned(), format!("{d:?}"))).collect()
}

#[test]
fn files_mean_what_memory_means() {
    let rows = readings(7, 400);
    let mut shuffled = rows.clone();
    shuffled.sort_by_key(|row| (row.1, row.0));
    let mut reversed = rows.clone();
    reversed.reverse();
    for (order, rows) in [rows, shuffled, reversed].iter().enumerate() {
        for (files, group_rows) in [(1, 100_000), (3, 97), (5, 1000)] {
            let folder = tempfile::tempdir().unwrap();
            let size = rows.len().div_ceil(files);
            for (number, part) in rows.chunks(size).enumerate() {
                write(folder.path(), &format!("part-{number}.parquet"), part, group_rows);
            }
            let wanted = reference(folder.path(), 7);
            assert!(!wanted.diagnostics.has_errors(), "{:?}", wanted.diagnostics);
            assert!(wanted.tables.iter().all(|table| !table.figures.is_empty()));
            for (threads, batch_rows) in [(1, 64), (2, 1000), (2, 65_536)] {
                let engine = EngineOptions {
                    threads,
                    batch_rows,
                    memory: Some(1 << 20),
                    ..EngineOptions::default()
                };
                let found = wide(folder.path(), 7, &engine).unwrap();
                let difference = compare(&wanted, &found);
                assert!(difference.is_none(), "order {order}, {files} files\n{difference:?}");
            }
        }
    }
}

#[test]
fn a_key_twice_is_found_across_files() {
    let rows = readings(3, 50);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &rows, 1000);
    write(folder.path(), "b.parquet", &rows[20..21], 1000);
    for memory in [None, Some(4000)] {
        let engine = EngineOptions { memory, ..EngineOptions::default() };
        let error = wide(folder.path(), 3, &engine).unwrap_err();
        if let EngineError::Memory { .. } = error {
            continue;
        }
        let told = told(&error);
        assert!(
            told["duplicate-key"].contains("1 key: plant = E000, instant = 2024-01-09 02:15"),
            "{told:?}"
        );
    }
}

#[test]
fn bad_cells_are_told_with_file_row_and_column() {
    let mut rows = readings(2, 40);
    rows[5].2 = Some(f64::NAN);
    rows[9].2 = Some(-1.0);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &rows[..8], 1000);
    write(folder.path(), "b.parquet", &rows[8..], 1000);
    let error = wide(folder.path(), 2, &EngineOptions::default()).unwrap_err();
    let places: Vec<(String, u32, u32)> = error
        .findings()
        .iter()
        .flat_map(|finding| finding.labels.clone())
        .filter_map(|label| match label.place {
            Place::Cell(cell) => {
                let file = cell.source.rsplit('/').next().unwrap().to_owned();
                Some((file, cell.row, cell.column))
            }
            _ => None,
        })
        .collect();
    let wanted = [("a.parquet".to_owned(), 6, 3), ("b.parquet".to_owned(), 2, 3)];
    assert_eq!(places, wanted, "{error:?}");
}

#[test]
fn groups_that_do_not_fit_are_told() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &readings(7, 400), 1000);
    let engine = EngineOptions { memory: Some(2_000), ..EngineOptions::default() };
    let error = wide(folder.path(), 7, &engine).unwrap_err();
    let finding = &error.findings()[0];
    assert_eq!(finding.code, "engine-memory");
    let Place::Span { source, span } = &finding.labels[0].place else { panic!("{finding:?}") };
    assert_eq!(source, "wide.md");
    let written = &DOCUMENT[span.start..span.end];
    assert_eq!(written, "median(power where tariff = 2 over instant)");
}

/// Many groups, rows of results, loose faults of none: what goes to disk shows in no figure.
const MANY_GROUPS: &str = "---\nid: many\nversion: \"1\"\ntitle: many\nkind: account\nstatus: illustration\n---\n```tan
index plant : text
index instant : instant
index month : month
index hour : hour
index town : text
input power[plant, instant] : kWh >= 0
input idle[plant, instant] : kWh default 0
input town_of[plant] : town
input ef[month] : kgCO2/kWh
largest[plant] : kWh = max(power over instant)
output hourly[plant, hour] : kWh = sum(power over instant to hour)
output middle[plant, hour] : kWh = median(power over instant to hour)
output spread[town, hour] : kWh = mean(idle over plant, instant to hour by town_of weighted by power)
output loads[plant, instant] : 1 = power / largest
output co2[town] : tCO2 = sum(sum(power over instant to month) * ef over plant, month by town_of)
warn power <= 20 kWh \"a large reading\"
```\n";

#[test]
fn what_goes_to_disk_shows_in_no_figure() {
    let rows = readings(7, 600);
    let mut by_time = rows.clone();
    by_time.sort_by_key(|row| (row.1, row.0));
    for rows in [rows, by_time] {
        let folder = tempfile::tempdir().unwrap();
        for (number, part) in rows.chunks(rows.len().div_ceil(3)).enumerate() {
            write(folder.path(), &format!("part-{number}.parquet"), part, 211);
        }
        let wanted = reference_as(MANY_GROUPS, folder.path(), 7);
        assert!(!wanted.diagnostics.has_errors(), "{:?}", wanted.diagnostics);
        assert!(wanted.tables.iter().all(|table| !table.figures.is_empty()));
        for (threads, batch_rows, memory) in
            [(1, 512, None), (1, 50, Some(2_000)), (2, 7, Some(60_000)), (2, 300, Some(1 << 20))]
        {
            let spill = tempfile::tempdir().unwrap();
            let engine = EngineOptions {
                threads,
                batch_rows,
                memory,
                spill: spill.path().to_owned(),
                ..EngineOptions::default()
            };
            let progress = Progress::default();
            let (found, account) =
                wide_with(MANY_GROUPS, (folder.path(), 7), &engine, &progress).unwrap();
            let difference = compare(&wanted, &found);
            assert!(difference.is_none(), "{engine:?}\n{difference:?}");
            assert_eq!(account.spilled > 0, memory.is_some(), "{engine:?} {account:?}");
            assert_eq!(std::fs::read_dir(spill.path()).unwrap().count(), 0);
        }
    }
}

#[test]
fn nothing_is_left_on_disk_after_a_stop_or_an_error() {
    let mut rows = readings(3, 600);
    let last = rows.len() - 1;
    rows[last].2 = Some(-1.0);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &rows, 1000);
    let spill = tempfile::tempdir().unwrap();
    let engine = EngineOptions {
        batch_rows: 50,
        memory: Some(20_000),
        spill: spill.path().to_owned(),
        ..EngineOptions::default()
    };
    let left = || std::fs::read_dir(spill.path()).unwrap().count();
    let error = wide_as(MANY_GROUPS, folder.path(), 3, &engine).unwrap_err();
    assert!(!told(&error).contains_key("engine-spill"), "{error:?}");
    assert_eq!(left(), 0);
    let progress = Progress::default();
    progress.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let ended = wide_with(MANY_GROUPS, (folder.path(), 3), &engine, &progress);
    assert_eq!(ended.unwrap_err(), EngineError::Stopped);
    assert_eq!(left(), 0);
    let nowhere = EngineOptions { spill: spill.path().join("a file"), ..engine };
    std::fs::write(&nowhere.spill, "").unwrap();
    write(folder.path(), "a.parquet", &rows[..last], 1000);
    let error = wide_as(MANY_GROUPS, folder.path(), 3, &nowhere).unwrap_err();
    assert!(told(&error).contains_key("engine-spill"), "{error:?}");
}

#[test]
fn a_run_that_is_stopped_ends() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &readings(7, 400), 1000);
    let progress = Progress::default();
    progress.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let ended = wide_with(DOCUMENT, (folder.path(), 7), &EngineOptions::default(), &progress);
    assert_eq!(ended.unwrap_err(), EngineError::Stopped);
}

/// Results at the grain of the table, in the order of its indexes and in another.
const ROWS: &str =
    "---\nid: rows\nversion: \"1\"\ntitle: rows\nkind: account\nstatus: illustration\n---\n```tan
index plant : text
index instant : instant
index month : month
index town : text
input power[plant, instant] : kWh >= 0
input idle[plant, instant] : kWh default 0
input town_of[plant] : town
input ef[month] : kgCO2/kWh
largest[plant] : kWh = max(power over instant)
output loads[plant, instant] : 1 = power / largest
output high[instant, plant] = power > 20 kWh
output co2[town] : tCO2 = sum(sum(power over instant to month) * ef over plant, month by town_of)
```\n";

#[test]
fn rows_that_are_taken_out_are_the_rows_of_the_table() {
    let rows = readings(5, 400);
    let mut by_time = rows.clone();
    by_time.sort_by_key(|row| (row.1, row.0));
    for rows in [rows, by_time] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.parquet", &rows, 211);
        let wanted = reference_as(ROWS, folder.path(), 5);
        for (memory, batch_rows) in [(None, 300), (Some(3_000), 64), (Some(60_000), 7)] {
            let engine = EngineOptions {
                memory,
                batch_rows,
                stream_above: Some(100),
                ..EngineOptions::default()
            };
            let progress = Progress::default();
            let found = with_run(ROWS, (folder.path(), small_tables(5)), |given| {
                let Streamed { mut outcome, tables, .. } =
                    run_wide_streamed(given, &RunOptions::default(), &engine, &progress).unwrap();
                assert_eq!((tables.len(), outcome.tables.len()), (2, 1));
                for table in tables {
                    let (rows, mut whole) = (table.rows as usize, table.first.clone());
                    assert_eq!(whole.figures.len(), 100);
                    whole.figures.clear();
                    whole.keys.iter_mut().for_each(Vec::clear);
                    let add = |part: OutputTable| {
                        assert!(part.figures.len() <= 333);
                        whole.figures.extend(part.figures);
                        for (own, keys) in whole.keys.iter_mut().zip(part.keys) {
                            own.extend(keys);
                        }
                        Ok::<(), EngineError>(())
                    };
                    table.take_out(given.program, &progress, 333, add).unwrap();
                    assert_eq!(whole.figures.len(), rows);
                    outcome.tables.push(whole);
                }
                outcome.tables.sort_by_key(|table| table.variable);
                outcome
            });
            let difference = compare(&wanted, &found);
            assert!(difference.is_none(), "{engine:?}\n{difference:?}");
        }
    }
}

#[test]
fn a_fault_in_a_row_leaves_nothing_to_take_out() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &readings(5, 400), 211);
    let document = ROWS.replace("power / largest", "power / idle");
    let wanted = reference_as(&document, folder.path(), 5);
    assert!(wanted.diagnostics.has_errors());
    for memory in [None, Some(3_000)] {
        let engine = EngineOptions { memory, stream_above: Some(100), ..EngineOptions::default() };
        let found = with_run(&document, (folder.path(), small_tables(5)), |given| {
            run_wide_streamed(given, &RunOptions::default(), &engine, &Progress::default())
        });
        let found = found.unwrap();
        assert!(found.tables.is_empty());
        let difference = compare(&wanted, &found.outcome);
        assert!(difference.is_none(), "{difference:?}");
    }
}

#[test]
fn an_input_with_notation_keys_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &readings(2, 20), 10);
    let document = DOCUMENT.replace("kWh >= 0", "kWh >= 0 notation");
    let engine = EngineOptions::default();
    let error = wide_as(&document, folder.path(), 2, &engine).unwrap_err();
    let findings = error.findings();
    let power = findings.iter().find(|own| own.message.en.starts_with("input `power` cannot"));
    let power = power.unwrap_or_else(|| panic!("{findings:?}"));
    assert_eq!(power.code, "wide-not-by-rows");
    assert!(power.hint.as_ref().unwrap().en.contains("without notation"), "{power:?}");
}
