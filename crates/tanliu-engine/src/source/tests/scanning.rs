//! Plans over files: order, partitions, conditions.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::super::{Predicate, ScanRequest, SourceError, WideTable, runtime};
use super::fixture::{Desk, STEP_SECONDS, YEAR_2024, batch, numbers, readings, texts};
use arrow::array::{Array, ArrayRef, AsArray, Int32Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use datafusion_common::DataFusionError;
use datafusion_physical_plan::{ExecutionPlan, ExecutionPlanProperties};
use futures::StreamExt;
use std::path::Path;
use std::sync::Arc;

/// The batches of each partition.
fn run(plan: &Arc<dyn ExecutionPlan>) -> Result<Vec<Vec<RecordBatch>>, DataFusionError> {
    let context = runtime(None, Path::new("spill")).unwrap();
    let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let count = plan.output_partitioning().partition_count();
    (0..count)
        .map(|partition| {
            let mut stream = plan.execute(partition, Arc::clone(&context))?;
            tokio.block_on(async {
                let mut found = Vec::new();
                while let Some(batch) = stream.next().await {
                    found.push(batch?);
                }
                Ok(found)
            })
        })
        .collect()
}

fn request(columns: &[&str], predicate: Option<Predicate>, partitions: usize) -> ScanRequest {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    ScanRequest { columns, predicate, partitions, batch_rows: 100 }
}

fn rows_of(table: &WideTable, wanted: &ScanRequest) -> Vec<String> {
    let parts = run(&table.scan(wanted).unwrap()).unwrap();
    parts.iter().flatten().flat_map(rows).collect()
}

fn rows(batch: &RecordBatch) -> Vec<String> {
    let texts: Vec<ArrayRef> =
        batch.columns().iter().map(|column| cast(column, &DataType::Utf8).unwrap()).collect();
    (0..batch.num_rows())
        .map(|row| {
            let cells: Vec<&str> = texts
                .iter()
                .map(|column| {
                    let column = column.as_string::<i32>();
                    if column.is_null(row) { "-" } else { column.value(row) }
                })
                .collect();
            cells.join("|")
        })
        .collect()
}

fn meters(desk: &Desk) -> WideTable {
    desk.parquet("m/b.parquet", &readings(10..20, 200), 300);
    desk.parquet("m/a.parquet", &readings(0..10, 200), 300);
    desk.open("m").unwrap()
}

#[test]
fn rows_keep_their_order_in_any_number_of_partitions() {
    let desk = Desk::new();
    let table = meters(&desk);
    let all = ["plant", "stamp", "power (kWh)"];
    let expected: Vec<String> =
        [readings(0..10, 200), readings(10..20, 200)].iter().flat_map(rows).collect();
    for partitions in [0, 1, 2, 3, 7, 14, 100] {
        let wanted = request(&all, None, partitions);
        let parts = run(&table.scan(&wanted).unwrap()).unwrap();
        assert!(parts.len() <= partitions.max(1) && parts.len() <= 14, "{}", parts.len());
        let found: Vec<String> = parts.iter().flatten().flat_map(rows).collect();
        assert!(found == expected, "{partitions} partitions");
        assert!(parts.iter().flatten().all(|batch| batch.num_rows() <= 100));
        if partitions == 2 {
            let counts: Vec<usize> =
                parts.iter().map(|part| part.iter().map(RecordBatch::num_rows).sum()).collect();
            assert_eq!(counts, [2000, 2000], "both halves are of one size");
        }
    }
}

#[test]
fn columns_come_in_the_order_wanted_and_in_the_table_s_types() {
    let desk = Desk::new();
    let table = meters(&desk);
    let plan = table.scan(&request(&["power (kWh)", "plant"], None, 1)).unwrap();
    let parts = run(&plan).unwrap();
    let first = &parts[0][0];
    assert_eq!(first.schema().field(0).name(), "power (kWh)");
    assert_eq!(first.column(1).data_type(), &super::super::columns::dictionary());
    assert_eq!(plan.schema(), first.schema());
    assert_eq!(first.column(0).as_primitive::<Float64Type>().value(1), 1.5);
    let none = run(&table.scan(&request(&[], None, 1)).unwrap()).unwrap();
    let count: usize = none[0].iter().map(RecordBatch::num_rows).sum();
    assert_eq!(count, 4000, "rows can be counted without a column");
}

#[test]
fn files_that_come_later_are_not_seen() {
    let desk = Desk::new();
    let table = meters(&desk);
    desk.parquet("m/c.parquet", &readings(20..30, 200), 300);
    assert_eq!(rows_of(&table, &request(&["plant"], None, 2)).len(), 4000);
}

fn text_is(column: &str, text: &str) -> Predicate {
    Predicate::TextIs { column: column.to_owned(), text: text.to_owned() }
}

fn between(from: i64, to: i64) -> Predicate {
    Predicate::TimeWithin { column: "stamp".to_owned(), from_seconds: from, to_seconds: to }
}

/// The same rows from Parquet, from Arrow, and from rows picked out afterwards.
fn agrees(predicate: &Predicate, holds: impl Fn(&str, i64) -> bool) -> usize {
    let desk = Desk::new();
    let table = meters(&desk);
    desk.arrow("n/a.arrow", &[readings(0..10, 200)]);
    desk.arrow("n/b.arrow", &[readings(10..20, 200)]);
    let other = desk.open("n").unwrap();
    let expected: Vec<String> = (0..20)
        .flat_map(|plant| (0..200).map(move |step| (format!("plant-{plant:04}"), step)))
        .filter(|(plant, step)| holds(plant, *step))
        .map(|(plant, _)| plant)
        .collect();
    let wanted = request(&["plant"], Some(predicate.clone()), 3);
    assert!(rows_of(&table, &wanted) == expected, "{predicate:?} from Parquet");
    assert!(rows_of(&other, &wanted) == expected, "{predicate:?} from Arrow");
    expected.len()
}

#[test]
fn only_rows_that_fit_come() {
    assert_eq!(agrees(&text_is("plant", "plant-0013"), |plant, _| plant == "plant-0013"), 200);
    assert_eq!(agrees(&text_is("plant", "none"), |_, _| false), 0);
    let some = ["plant-0002", "plant-0019", "none"];
    let list = some.iter().map(|text| (*text).to_owned()).collect();
    let list = Predicate::TextIn { column: "plant".to_owned(), texts: list };
    assert_eq!(agrees(&list, |plant, _| some.contains(&plant)), 400);
    let (from, to) = (YEAR_2024 + 10 * STEP_SECONDS, YEAR_2024 + 20 * STEP_SECONDS);
    assert_eq!(agrees(&between(from, to), |_, step| (10..20).contains(&step)), 200);
    assert_eq!(agrees(&between(i64::MIN, i64::MAX), |_, _| true), 4000);
    let both = Predicate::All(vec![list, between(from, to)]);
    let found = agrees(&both, |plant, step| some.contains(&plant) && (10..20).contains(&step));
    assert_eq!(found, 20);
    assert_eq!(agrees(&Predicate::All(Vec::new()), |_, _| true), 4000);
}

#[test]
fn whole_numbers_are_asked_within_their_type() {
    let desk = Desk::new();
    let values: ArrayRef = Arc::new(Int32Array::from(vec![Some(-5), Some(0), None, Some(7)]));
    desk.parquet("m.parquet", &batch(&[("n", values)]), 2);
    let table = desk.open("m.parquet").unwrap();
    let within = |least, greatest| {
        let predicate = Predicate::IntegerWithin { column: "n".to_owned(), least, greatest };
        rows_of(&table, &request(&["n"], Some(predicate), 1))
    };
    assert_eq!(within(-5, 0), ["-5", "0"]);
    assert_eq!(within(i64::MIN, i64::MAX), ["-5", "0", "7"]);
    assert_eq!(within(i64::MAX - 1, i64::MAX), Vec::<String>::new());
    assert_eq!(within(3, 1), Vec::<String>::new());
}

#[test]
fn partitions_are_taken_or_left_as_whole_files() {
    let desk = Desk::new();
    desk.parquet("m/year=2023/a.parquet", &readings(0..1, 3), 9);
    desk.parquet("m/year=2024/a.parquet", &readings(0..1, 2), 9);
    desk.parquet("m/year=__HIVE_DEFAULT_PARTITION__/a.parquet", &readings(0..1, 1), 9);
    let table = desk.open("m").unwrap();
    let all = rows_of(&table, &request(&["year", "plant"], None, 2));
    assert_eq!(all[0], "2023|plant-0000");
    assert_eq!(all[3..], ["2024|plant-0000", "2024|plant-0000", "-|plant-0000"]);
    let wanted = request(&["year"], Some(text_is("year", "2024")), 2);
    assert_eq!(rows_of(&table, &wanted), ["2024", "2024"]);
    // The damaged file of another year is not even opened.
    let plan = table.scan(&wanted).unwrap();
    desk.put("m/year=2023/a.parquet", b"PAR1");
    assert_eq!(run(&plan).unwrap().iter().flatten().map(RecordBatch::num_rows).sum::<usize>(), 2);
    let within =
        Predicate::IntegerWithin { column: "year".to_owned(), least: 2020, greatest: 2023 };
    assert_eq!(pieces_of(&table, within), 1);
    assert_eq!(pieces_of(&table, text_is("year", "1999")), 0);
}

/// How many partitions a scan has where each file may be its own; 0 if nothing is read.
fn pieces_of(table: &WideTable, predicate: Predicate) -> usize {
    let plan = table.scan(&request(&["plant"], Some(predicate), 9)).unwrap();
    if plan.name() == "EmptyExec" { 0 } else { plan.output_partitioning().partition_count() }
}

#[test]
fn a_column_is_not_asked_what_it_cannot_answer() {
    let desk = Desk::new();
    let table = meters(&desk);
    for predicate in [text_is("power (kWh)", "1"), text_is("none", "1")] {
        let error = table.scan(&request(&["plant"], Some(predicate), 1)).unwrap_err();
        assert!(matches!(error, SourceError::Predicate { .. }), "{error}");
    }
    let error = table.scan(&request(&["none"], None, 1)).unwrap_err();
    assert!(matches!(error, SourceError::Predicate { .. }), "{error}");
}

#[test]
fn files_of_other_types_come_in_the_common_one() {
    let desk = Desk::new();
    let whole: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
    desk.parquet("m/a.parquet", &batch(&[("x", whole), ("p", texts(&["a", "b"]))]), 9);
    desk.parquet("m/b.parquet", &batch(&[("p", texts(&["c"])), ("x", numbers(&[0.5]))]), 9);
    let table = desk.open("m").unwrap();
    assert_eq!(rows_of(&table, &request(&["x", "p"], None, 1)), ["1.0|a", "2.0|b", "0.5|c"]);
}

#[test]
fn text_parts_are_scanned_as_texts() {
    let desk = Desk::new();
    desk.put("m/a.csv", "plant,power (kWh)\n一厂,\"1,234\"\n二厂,\n".as_bytes());
    desk.put("m/b.csv", "power (kWh),plant\n-,三厂\n".as_bytes());
    let table = desk.open("m").unwrap();
    let found = rows_of(&table, &request(&["power (kWh)", "plant"], None, 2));
    assert_eq!(found[0], "1,234|一厂");
    assert_eq!(found[2], "-|三厂");
    let wanted = request(&["power (kWh)"], Some(text_is("plant", "三厂")), 2);
    assert_eq!(rows_of(&table, &wanted), ["-"]);
}
