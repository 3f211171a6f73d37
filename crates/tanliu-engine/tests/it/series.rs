//! What looks along a series, from table to table, or wants every member of a set means the same
//! over files as in memory; so it does whatever the size of a slice.

use super::compare;
use super::wide::{Reading, small_table, told, write};
use std::path::Path;
use std::sync::Arc;
use tanliu_engine::source::{OpenOptions, WideTable};
use tanliu_engine::{Account, EngineError, EngineOptions, Progress, WideInput, WideRun, run_wide};
use tanliu_factor::Catalogue;
use tanliu_method::bind::{BindInput, bind, locate};
use tanliu_method::check::{Checked, NoLibrary, check};
use tanliu_method::eval::{RunOptions, RunOutcome, run};
use tanliu_method::table::Table;

const HEAD: &str = "---\nid: series\nversion: \"1\"\ntitle: series\nkind: account\nstatus: illustration\n---\n```tan
index plant : text
index instant : hour
index month : month
index day : day
index town : text
input power[plant, instant] : kWh >= 0
input idle[plant, instant] : kWh default 0
input town_of[plant] : town
input limit[plant] : kWh
input peer_of[plant] : plant
";

/// One formula each, with what it looks at.
const PARTS: [&str; 14] = [
    "output out[plant, day] : kWh = max(power - power[instant-1] over instant to day)",
    "output out[plant, day] : kWh = max(mean(power over instant last 4) over instant to day)",
    "output out[town] : kWh = sum(mean(power over instant last up to 5) over plant, instant by town_of)",
    "output out[plant, day] : kWh = max(cumsum(power over instant) over instant to day)",
    "output out[plant] : kWh = max(first(power over instant) - last(power over instant) over instant)",
    "output out[plant] : 1 = min(rank(power over plant) over instant)",
    "output out[plant] : 1 = max(share(power over instant) over instant)",
    "output out[plant, instant] : kWh = power - power[instant-1]",
    "level[plant, instant] : kWh = (level[instant-1] ?? 0 kWh) * 0.5 + power - idle\noutput out[plant, day] : kWh = max(level over instant to day)",
    "warn power <= limit + (power[instant-1] ?? 0 kWh) \"a jump\"\noutput out[plant] : kWh = max(power over instant)",
    "output out : kWh = sum(power - power[instant-1] over plant, instant)",
    "output out[plant] : kWh = max(power - (power[plant = peer_of] ?? 0 kWh) over instant)",
    "output out[plant] : 1 = min(rank(mean(power over instant last up to 4) over plant) over instant)",
    "output out : kWh = power[plant = \"E001\", instant = 2024-01-01T03] + limit[plant = \"E001\"]",
];

struct Given<'a> {
    document: &'a str,
    small: Vec<Table>,
    folders: Vec<&'a Path>,
}

impl Given<'_> {
    fn checked(&self) -> Checked {
        let checked = check("series.md", self.document, &NoLibrary, &Catalogue::default());
        let said = &checked.diagnostics;
        assert!(!said.has_errors(), "{}\n{:?}", self.document, said);
        checked
    }

    fn wide(&self, engine: &EngineOptions) -> Result<(RunOutcome, Account), EngineError> {
        let checked = self.checked();
        let open = |path: &&Path| Arc::new(WideTable::open(path, &OpenOptions::default()).unwrap());
        let wide: Vec<Arc<WideTable>> = self.folders.iter().map(open).collect();
        let mut tables = self.small.clone();
        let first = tables.len();
        tables.extend(wide.iter().map(|table| table.header()));
        let input =
            BindInput { tables: &tables, restricted: None, scalars: &[], units: &checked.units };
        let (dataset, findings) = bind(&checked.program, &input);
        assert!(!findings.has_errors(), "{findings:?}");
        let inputs: Vec<WideInput> = (locate(&checked.program, &input).into_iter())
            .filter(|located| located.table >= first)
            .map(|located| WideInput {
                variable: located.variable,
                table: Arc::clone(&wide[located.table - first]),
                column: located.column,
                keys: located.keys,
                conversion: located.conversion,
            })
            .collect();
        let catalogue = Catalogue::default();
        let given = WideRun {
            program: &checked.program,
            dataset: &dataset,
            catalogue: &catalogue,
            wide: &inputs,
        };
        run_wide(given, &RunOptions::default(), engine, &Progress::default())
    }

    fn reference(&self) -> RunOutcome {
        let checked = self.checked();
        let mut tables = self.small.clone();
        tables.extend(
            (self.folders.iter()).map(|path| {
                WideTable::open(path, &OpenOptions::default()).unwrap().load().unwrap()
            }),
        );
        let input =
            BindInput { tables: &tables, restricted: None, scalars: &[], units: &checked.units };
        let (dataset, findings) = bind(&checked.program, &input);
        assert!(!findings.has_errors(), "{findings:?}");
        run(&checked.program, &dataset, &Catalogue::default(), &RunOptions::default())
    }
}

/// Readings of some plants; the fourth begins later, and the fifth has a gap.
fn readings(plants: usize, steps: i64) -> Vec<Reading> {
    let mut rows = Vec::new();
    for plant in 0..plants {
        for step in 0..steps {
            if (plant == 3 && step < 20) || (plant == 4 && step == 30) {
                continue;
            }
            let power = ((step * 7 + plant as i64 * 3) % 23) as f64 * 0.3;
            rows.push((plant, step * 4, Some(power), (step % 3 != 0).then_some(power * 0.25)));
        }
    }
    rows
}

fn plants(count: usize) -> Vec<Table> {
    let rows: Vec<Vec<String>> = (0..count)
        .map(|p| {
            let (town, peer) = (format!("T{}", p % 3), format!("E{:03}", (p + 1) % count));
            vec![format!("E{p:03}"), town, format!("{}", p as f64 * 0.7), peer]
        })
        .collect();
    vec![small_table("plants", &["plant", "town_of", "limit (kWh)", "peer_of"], &rows)]
}

#[test]
fn series_in_files_mean_what_they_mean_in_memory() {
    let rows = readings(6, 80);
    let mut shuffled = rows.clone();
    shuffled.push((4, 120, Some(1.5), None));
    shuffled.sort_by_key(|row| (row.1, row.0));
    for (order, rows) in [rows, shuffled].iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        for (number, part) in rows.chunks(rows.len().div_ceil(3)).enumerate() {
            write(folder.path(), &format!("part-{number}.parquet"), part, 97);
        }
        for part in PARTS {
            let document = format!("{HEAD}{part}\n```\n");
            let small = plants(6);
            let given = Given { document: &document, small, folders: vec![folder.path()] };
            let wanted = given.reference();
            for slice_rows in [None, Some(1), Some(150)] {
                let engine = EngineOptions { slice_rows, batch_rows: 64, ..Default::default() };
                let (found, account) = given.wide(&engine).unwrap();
                let difference = compare(&wanted, &found);
                assert!(difference.is_none(), "order {order}, {part}\n{}", difference.unwrap());
                let notes = |outcome: &RunOutcome| -> Vec<String> {
                    let all = outcome.diagnostics.list().iter().flat_map(|d| d.notes.clone());
                    all.map(|note| note.en).collect()
                };
                assert_eq!(notes(&wanted), notes(&found), "{part}");
                assert!(account.sliced > 0, "{part}\n{account:?}");
            }
        }
    }
}

#[test]
fn tables_that_meet_row_by_row_may_lie_in_files() {
    let document = format!(
        "{HEAD}input price[plant, instant] : CNY/kWh\ninput share[plant, month] : 1
output cost[plant, month] : CNY = sum(power * price over instant to month)
output cost_share[plant, month] : CNY = cost * share
output net[town] : CNY = sum((power - idle) * price over plant, instant by town_of)
warn power <= 6 kWh or price < 1.2 CNY/kWh \"dear\"\n```\n"
    );
    let (powers, prices, shares) = tempfile::tempdir()
        .and_then(|a| Ok((a, tempfile::tempdir()?, tempfile::tempdir()?)))
        .unwrap();
    let mut rows = readings(6, 150);
    rows.extend((0..20).map(|step| (3, step * 4, Some(2.0), None)));
    rows.push((4, 120, Some(3.0), None));
    write(powers.path(), "power.parquet", &rows, 97);
    let rows: Vec<String> = (0..6 * 150)
        .map(|n| {
            let (plant, hour) = (n % 6, n / 6);
            format!("E{plant:03},2024-01-{:02} {:02}:00,{}\n", hour / 24 + 1, hour % 24, n % 7)
        })
        .collect();
    let text = format!("plant,instant,price (CNY/kWh)\n{}", rows.concat());
    std::fs::write(prices.path().join("price.csv"), text).unwrap();
    let rows: Vec<String> = (0..6).map(|p| format!("E{p:03},2024-01,0.{p}\n")).collect();
    let text = format!("plant,month,share (1)\n{}", rows.concat());
    std::fs::write(shares.path().join("share.csv"), text).unwrap();
    let folders = vec![powers.path(), prices.path(), shares.path()];
    let given = Given { document: &document, small: plants(6), folders };
    let wanted = given.reference();
    assert!(!wanted.diagnostics.has_errors(), "{:?}", wanted.diagnostics);
    for slice_rows in [None, Some(1), Some(500)] {
        let engine = EngineOptions { slice_rows, ..Default::default() };
        let (found, account) = given.wide(&engine).unwrap();
        let difference = compare(&wanted, &found);
        assert!(difference.is_none(), "{}", difference.unwrap());
        assert!(account.sliced > 0, "{account:?}");
    }
}

#[test]
fn what_wants_all_rows_at_once_is_refused_where_memory_does_not_do() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", &readings(5, 200), 1000);
    let part =
        "output out[plant] : 1 = min(rank(cumsum(power over instant) over plant) over instant)";
    let document = format!("{HEAD}{part}\n```\n");
    let given = Given { document: &document, small: plants(5), folders: vec![folder.path()] };
    let engine = EngineOptions { memory: Some(100_000), ..Default::default() };
    let error = given.wide(&engine).unwrap_err();
    let told = told(&error);
    assert!(told.contains_key("wide-not-by-rows"), "{told:?}");
}

#[test]
fn sets_want_all_their_members_in_files_too() {
    let head = |default: &str| {
        format!(
            "{HEAD}index kind = day | night\ninput use_of[plant, kind, month] : kWh{default}
output total[plant] : kWh = sum(use_of over kind, month)
output night[plant, month] : kWh = use_of[kind = night]\n```\n"
        )
    };
    let (powers, uses) = tempfile::tempdir().and_then(|a| Ok((a, tempfile::tempdir()?))).unwrap();
    write(powers.path(), "power.parquet", &readings(4, 10), 97);
    let text = "plant,kind,month,use_of (kWh)\nE000,day,2024-01,1\nE000,night,2024-01,2\n\
                E001,night,2024-01,4\nE001,day,2024-02,8\nE001,night,2024-02,16\n";
    std::fs::write(uses.path().join("use.csv"), text).unwrap();
    let folders = || vec![powers.path(), uses.path()];
    let filled = head(" default 0");
    let given = Given { document: &filled, small: plants(4), folders: folders() };
    let wanted = given.reference();
    for slice_rows in [None, Some(1)] {
        let engine = EngineOptions { slice_rows, ..Default::default() };
        let (found, account) = given.wide(&engine).unwrap();
        let difference = compare(&wanted, &found);
        assert!(difference.is_none(), "{}", difference.unwrap());
        assert!(account.sliced > 0, "{account:?}");
        assert_eq!(wanted.defaults, found.defaults);
    }
    let open = head("");
    let given = Given { document: &open, small: plants(4), folders: folders() };
    let told = told(&given.wide(&EngineOptions::default()).unwrap_err());
    let lack = &told["data-incomplete"];
    assert!(
        lack.contains("lacks 1 of 6 values") && lack.contains("(E001, day, 2024-01)"),
        "{lack}"
    );
}

/// Where rows are in no order, they are sorted out by slices first; keys written with blanks are
/// found all the same; nothing is left behind.
#[test]
fn rows_in_no_order_are_sorted_out() {
    let document = format!(
        "{HEAD}output out[plant, day] : kWh = max(power - power[instant-1] over instant to day)\n```\n"
    );
    let rows = readings(6, 60);
    let line = |(plant, step, power, _): &Reading, blank: &str| {
        let hour = step / 4;
        let time = format!("2024-01-{:02} {:02}:00", hour / 24 + 1, hour % 24);
        format!("E{plant:03}{blank},{time},{}\n", power.unwrap())
    };
    for (blank, by_time) in [("", true), (" ", true), (" ", false)] {
        let mut rows = rows.clone();
        if by_time {
            rows.sort_by_key(|row| (row.1 % 5, row.0, row.1));
        }
        let (folder, spill) =
            tempfile::tempdir().and_then(|a| Ok((a, tempfile::tempdir()?))).unwrap();
        let lines: String = rows.iter().map(|row| line(row, blank)).collect();
        let text = format!("plant,instant,power (kWh)\n{lines}");
        std::fs::write(folder.path().join("power.csv"), text).unwrap();
        let given = Given { document: &document, small: plants(6), folders: vec![folder.path()] };
        let wanted = given.reference();
        for slice_rows in [1, 130] {
            let (spill, slice_rows) = (spill.path().to_owned(), Some(slice_rows));
            let engine = EngineOptions { slice_rows, spill, ..Default::default() };
            let (found, _) = given.wide(&engine).unwrap();
            let difference = compare(&wanted, &found);
            assert!(difference.is_none(), "{}", difference.unwrap());
        }
        assert_eq!(std::fs::read_dir(spill.path()).unwrap().count(), 0);
    }
}
