//! What travels means the same in a fresh session: orders done share by share, as bytes, in any
//! order, come to what one run comes to.

use super::compare;
use super::wide::{DOCUMENT, Reading, readings, reference_as, small_tables, told, wide_as, write};
use std::path::Path;
use tanliu_engine::order::{Errand, Finished, Next, Order, Partial, Shares, Task, WideSource};
use tanliu_engine::source::{OpenOptions, WideTable};
use tanliu_engine::{EngineError, EngineOptions, Progress};

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

fn task(document: &str, folder: &Path) -> Task {
    let table = WideTable::open(folder, &OpenOptions::default()).unwrap();
    Task {
        document: ("wide.md".to_owned(), document.to_owned()),
        tables: small_tables(PLANTS),
        wide: vec![WideSource::of(&folder.to_string_lossy(), &table)],
        ..Task::default()
    }
}

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
    for (document, least) in [(DOCUMENT, 2), (TWO_ROUNDS, 3)] {
        for (rows, files) in [(&rows, 1), (&by_time, 3)] {
            let folder = tempfile::tempdir().unwrap();
            lay_out(folder.path(), rows, files, 97);
            let wanted = reference_as(document, folder.path(), PLANTS);
            assert!(!wanted.diagnostics.has_errors(), "{:?}", wanted.diagnostics);
            assert!(wanted.tables.iter().all(|table| !table.figures.is_empty()));
            let alone =
                wide_as(document, folder.path(), PLANTS, &EngineOptions::default()).unwrap();
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
    let error = orders[1].execute(&engine, &progress).unwrap_err();
    assert!(told(&error).contains_key("table-unreadable"), "{error:?}");
}
