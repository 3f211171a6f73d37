//! What travels means the same in a fresh session: orders done share by share, as bytes, in any
//! order, come to what one run comes to.

use super::wide::{
    DOCUMENT, Reading, readings, reference_among, reference_as, small_tables, told, wide_as, write,
};
use super::{compare, loose};
use std::path::Path;
use tanliu_engine::order::{Errand, Finished, Next, Order, Partial, Shares, Task, WideSource};
use tanliu_engine::source::{OpenOptions, WideTable};
use tanliu_engine::{EngineError, EngineOptions, Progress};
use tanliu_method::table::Table;

const PLANTS: usize = 7;

/// Two rounds of passes, and leaves that are asked at the rows' own keys: the share of a reading in
/// the plant's largest, and the deviation from the month's mean.
const TWO_ROUNDS: &str = "---\nid: rounds\nversion: \"1\"\ntitle: rounds\nkind: account\nstatus: illustration\n---\n```tan
index plant : text
index instant : instant
index month : month
index town : text
input power[plant, instant] : kWh >= 0
input idle[plant, instant] : kWh default 0
input town_of[plant] : town
input ef[month] : kgCO2/kWh
largest[plant] : kWh = max(power over instant)
part[plant] : 1 = sum(power / largest over instant)
output parts[town] : 1 = sum(part over plant by town_of)
output above[plant] : 1 = count(power > largest / 2 over instant)
output co2[plant, month] : tCO2 = sum(power over instant to month) * ef
output spare[plant] : kWh = mean(idle over instant)
```\n";

/// A division by the idle power, which is zero in some rows.
const DIVIDES: &str = "---\nid: divides\nversion: \"1\"\ntitle: divides\nkind: account\nstatus: illustration\n---\n```tan
index plant : text
index instant : instant
index month : month
index town : text
input power[plant, instant] : kWh >= 0
input idle[plant, instant] : kWh default 0
input town_of[plant] : town
input ef[month] : kgCO2/kWh
output ratio[plant, month] : 1 = sum(power / idle over instant to month)
output total[month] : tCO2 = sum(power over plant, instant to month) * ef
output places[town] : kWh = sum(power over plant, instant by town_of)
require power < 59 kWh \"too large\"
```\n";

/// What runs in slices stands before and behind what runs row by row.
const SLICED: &str =
    "---\nid: wide\nversion: \"1\"\ntitle: wide\nkind: account\nstatus: illustration\n---\n```tan
index plant : text
index instant : instant
index month : month
index town : text
input power[plant, instant] : kWh >= 0
input idle[plant, instant] : kWh default 0
input town_of[plant] : town
input ef[month] : kgCO2/kWh
usual[plant] : kWh = mean(power over instant)
above[plant, month] : kWh = max(cumsum(power - usual over instant) over instant to month)
output high[plant, month] : kWh = sum(power where power > 0.1 * max(above over month) over instant to month)
output ranks[town] : 1 = sum(rank(power over plant) over plant, instant by town_of)
output co2[plant, month] : tCO2 = above * ef
```\n";

fn task(document: &str, folder: &Path) -> Task {
    task_among(document, folder, small_tables(PLANTS))
}

fn task_among(document: &str, folder: &Path, tables: Vec<Table>) -> Task {
    let table = WideTable::open(folder, &OpenOptions::default()).unwrap();
    Task {
        document: ("wide.md".to_owned(), document.to_owned()),
        tables,
        wide: vec![WideSource::of(&folder.to_string_lossy(), &table)],
        ..Task::default()
    }
}

/// Conditions that fail over rows, over what rows are compared with, and over sums of rows.
const FAILS: &str =
    "---\nid: fails\nversion: \"1\"\ntitle: fails\nkind: account\nstatus: illustration\n---\n```tan
index plant : text
index instant : instant
index month : month
index town : text
input power[plant, instant] : kWh >= 0
input idle[plant, instant] : kWh default 0
input town_of[plant] : town
input ef[month] : kgCO2/kWh
largest[plant] : kWh = max(power over instant)
doubled[plant, instant] : kWh = power * 2 + idle
output total[plant] : kWh = sum(power over instant)
warn doubled <= 20 kWh \"large\"
warn power < largest and power > 1 kWh \"at the edge\"
warn power > 30 kWh or idle > 0 kWh \"neither\"
warn total < 2 kWh \"totals are large\"
warn sum(power over instant) < 1 kWh \"sums are large\"
```\n";

/// Does every order from its bytes, in an order of its own for each round, and hands back bytes.
fn drive(task: Task, count: usize, round: usize) -> Result<(Finished, usize), EngineError> {
    let mut errand = Errand::new(task, Shares { count, threads: 2 });
    // What travels is held whole, whatever a machine would stream.
    let engine = EngineOptions { stream_above: Some(0), ..EngineOptions::default() };
    let progress = Progress::default();
    let mut steps = 0;
    loop {
        let mut orders = match errand.next(&engine, &progress)? {
            Next::Finished(finished) => return Ok((*finished, steps)),
            Next::Orders(orders) => orders,
        };
        assert_eq!(orders.len(), count);
        steps += 1;
        orders.rotate_left((round + steps) % count);
        if (round + steps).is_multiple_of(2) {
            orders.reverse();
        }
        let mut partials = Vec::new();
        for (number, order) in orders.iter().enumerate() {
            let executor = EngineOptions {
                threads: 1 + number % 2,
                batch_rows: [64, 1000, 65_536][number % 3],
                ..EngineOptions::default()
            };
            let bytes = order.to_bytes();
            // On a thread of its own: nothing but the bytes comes along.
            let session = std::thread::spawn(move || {
                let order = Order::from_bytes(&bytes)?;
                Ok(order.execute(&executor, &Progress::default())?.to_bytes())
            });
            let made: Result<Vec<u8>, EngineError> = session.join().unwrap();
            let made = made?;
            partials.push(Partial::from_bytes(&made)?);
        }
        errand.take(partials)?;
    }
}

fn lay_out(folder: &Path, rows: &[Reading], files: usize, group_rows: usize) {
    for (number, part) in rows.chunks(rows.len().div_ceil(files)).enumerate() {
        write(folder, &format!("part-{number}.parquet"), part, group_rows);
    }
}

#[test]
fn shares_come_to_what_one_run_comes_to() {
    let rows = readings(PLANTS, 150);
    let mut by_time = rows.clone();
    by_time.sort_by_key(|row| (row.1, row.0));
    for (document, least) in [(DOCUMENT, 2), (TWO_ROUNDS, 3), (SLICED, 2)] {
        for (rows, files) in [(&rows, 1), (&by_time, 3)] {
            let folder = tempfile::tempdir().unwrap();
            lay_out(folder.path(), rows, files, 97);
            let wanted = reference_as(document, folder.path(), PLANTS);
            assert!(!wanted.diagnostics.has_errors(), "{:?}", wanted.diagnostics);
            assert!(wanted.tables.iter().all(|table| !table.figures.is_empty()));
            let alone =
                wide_as(document, folder.path(), PLANTS, &EngineOptions::default()).unwrap();
            assert_eq!(compare(&wanted, &alone), None);
            for (round, count) in [1, 2, 3, 5].into_iter().enumerate() {
                let (found, steps) = drive(task(document, folder.path()), count, round).unwrap();
                assert!(steps >= least, "{steps} steps");
                for other in [&wanted, &alone] {
                    let difference = compare(other, &found.outcome);
                    assert!(difference.is_none(), "{count} shares\n{difference:?}");
                }
                assert_eq!(found.outcome.defaults, alone.defaults);
                assert_eq!(found.account.rows % rows.len() as u64, 0);
            }
        }
    }
}

#[test]
fn what_is_wrong_is_told_as_one_run_tells_it() {
    let mut rows = readings(PLANTS, 120);
    let count = rows.len();
    for place in [count / 5, count / 2, count - 3] {
        rows[place].3 = Some(0.0);
    }
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path(), &rows, 3, 97);
    let wanted = reference_as(DIVIDES, folder.path(), PLANTS);
    let codes: Vec<&str> = wanted.diagnostics.list().iter().map(|d| d.code).collect();
    assert!(codes.contains(&"division-by-zero"), "{codes:?}");
    for (round, count) in [1, 2, 3, 5].into_iter().enumerate() {
        let (found, _) = drive(task(DIVIDES, folder.path()), count, round).unwrap();
        let difference = compare(&wanted, &found.outcome);
        assert!(difference.is_none(), "{count} shares\n{difference:?}");
    }
}

#[test]
fn conditions_that_fail_show_the_values_of_both_sides() {
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path(), &readings(PLANTS, 120), 3, 97);
    let wanted = reference_as(FAILS, folder.path(), PLANTS);
    let warned: Vec<&str> = (wanted.diagnostics.list().iter())
        .filter(|finding| finding.code == "warned")
        .filter_map(|finding| finding.notes.get(1).map(|note| note.en.as_str()))
        .collect();
    assert!(warned.len() >= 4, "{:?}", wanted.diagnostics);
    let alone = wide_as(FAILS, folder.path(), PLANTS, &EngineOptions::default()).unwrap();
    assert_eq!(compare(&wanted, &alone), None);
    for own in alone.diagnostics.list().iter().filter(|own| own.code == "warned") {
        let other = wanted.diagnostics.list().iter().find(|d| d.message == own.message).unwrap();
        assert_eq!((&own.notes, &own.hint), (&other.notes, &other.hint));
    }
    for (round, count) in [1, 3].into_iter().enumerate() {
        let (found, _) = drive(task(FAILS, folder.path()), count, round).unwrap();
        assert_eq!(compare(&wanted, &found.outcome), None, "{count} shares");
    }
}

#[test]
fn a_key_twice_is_found_across_shares() {
    let rows = readings(3, 50);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &rows, 1000);
    write(folder.path(), "b.parquet", &rows[20..21], 1000);
    for count in [1, 2, 3] {
        let error = drive(task(DOCUMENT, folder.path()), count, 0).unwrap_err();
        let told = told(&error);
        assert!(
            told["duplicate-key"].contains("1 key: plant = E000, instant = 2024-01-09 02:15"),
            "{told:?}"
        );
    }
}

#[test]
fn bad_cells_are_told_by_the_executor_that_meets_them() {
    let mut rows = readings(2, 40);
    rows[9].2 = Some(f64::NAN);
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path(), &rows, 2, 10);
    let alone = wide_as(DOCUMENT, folder.path(), 2, &EngineOptions::default()).unwrap_err();
    let error = drive(task(DOCUMENT, folder.path()), 3, 0).unwrap_err();
    assert_eq!(told(&error), told(&alone));
    // The places come along, and what two executors meet is told once.
    assert_eq!(error.findings(), alone.findings());
    assert!(!error.findings().is_empty());
}

#[test]
fn a_file_that_changed_is_told_by_the_driver() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &readings(PLANTS, 50), 40);
    let mut errand = Errand::new(task(DOCUMENT, folder.path()), Shares { count: 2, threads: 1 });
    let (engine, progress) = (EngineOptions::default(), Progress::default());
    let Next::Orders(orders) = errand.next(&engine, &progress).unwrap() else { panic!() };
    write(folder.path(), "a.parquet", &readings(PLANTS, 51), 40);
    let made: Vec<Partial> = (orders.iter())
        .map(|order| order.execute(&engine, &progress).unwrap().to_bytes())
        .map(|bytes| Partial::from_bytes(&bytes).unwrap())
        .collect();
    let error = errand.take(made).unwrap_err();
    let told = told(&error);
    assert_eq!(error.findings().len(), 1, "{told:?}");
    assert!(told["table-unreadable"].contains("a.parquet"), "{told:?}");
}

#[test]
fn an_order_that_is_damaged_or_stale_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &readings(PLANTS, 50), 40);
    let mut errand = Errand::new(task(DOCUMENT, folder.path()), Shares { count: 2, threads: 1 });
    let (engine, progress) = (EngineOptions::default(), Progress::default());
    let Next::Orders(orders) = errand.next(&engine, &progress).unwrap() else { panic!() };
    let bytes = orders[0].to_bytes();
    for place in (0..bytes.len()).step_by(41) {
        assert!(Order::from_bytes(&bytes[..place]).is_err(), "cut at {place}");
        let mut changed = bytes.clone();
        changed[place] ^= 0x10;
        assert!(Order::from_bytes(&changed).is_err(), "changed at {place}");
    }
    let made: Vec<Partial> =
        orders.iter().map(|order| order.execute(&engine, &progress).unwrap()).collect();
    let mut damaged = made[0].to_bytes();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    assert!(Partial::from_bytes(&damaged).is_err());
    assert!(errand.take(vec![made[1].clone()]).is_err(), "one share of two");
    // A share that came back twice counts once.
    errand.take(vec![made[1].clone(), made[0].clone(), made[1].clone()]).unwrap();
    let Next::Orders(_) = errand.next(&engine, &progress).unwrap() else { panic!() };
    assert!(errand.take(made).is_err(), "shares of the step before");
    // The table is another one now.
    write(folder.path(), "a.parquet", &readings(PLANTS, 51), 40);
    let made = orders[1].execute(&engine, &progress).unwrap();
    let made = Partial::from_bytes(&made.to_bytes()).unwrap();
    let codes: Vec<&str> = made.findings().iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["table-unreadable"]);
}

#[test]
fn faults_that_no_row_carries_travel() {
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path(), &readings(loose::PLANTS, 60), 3, 97);
    let most = "max(sum(small over plant by town_of) over town)";
    let bodies = [
        (format!("output out[plant] : 1 = sum(power / {most} over instant)\n"), true),
        ("output out[town] : kWh = sum(power over plant, instant by town_of)\n".to_owned(), true),
        (format!("output out : kWh = 1 kWh ?? sum(power + {most} over plant, instant)\n"), false),
        (format!("output out : kWh = sum(idle ?? {most} over plant, instant)\n"), false),
    ];
    for (body, refused) in bodies {
        let document = format!("{}{body}```\n", loose::HEAD);
        let wanted = reference_among(&document, folder.path(), loose::tables("1"));
        assert_eq!(wanted.diagnostics.has_errors(), refused, "{body}");
        for (round, count) in [1, 2, 3].into_iter().enumerate() {
            let task = task_among(&document, folder.path(), loose::tables("1"));
            let (found, _) = drive(task, count, round).unwrap();
            let difference = compare(&wanted, &found.outcome);
            assert!(difference.is_none(), "{body}, {count} shares\n{difference:?}");
        }
    }
}
