//! 列式文件 Somebody has the data in Parquet or Arrow files, as a data team hands them over.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::Desk;

/// `year` (Int32), `fuel` (dictionary of texts), `energy` (Float64, unit `tce` in its metadata):
/// 2016 coal 100, oil 50.
const FIRST: &[u8] = include_bytes!("columnar/2016.parquet");
/// The same columns in another order, `year` as Int64: 2017 coal 200, oil 50.
const SECOND: &[u8] = include_bytes!("columnar/2017.parquet");
/// All four rows as an Arrow file, the header `energy (tce)`.
const ARROW: &[u8] = include_bytes!("columnar/energy.arrow");
/// `fuel` and `energy (tce)` of 2016, without the year.
const PARTITION: &[u8] = include_bytes!("columnar/partition.parquet");
/// 2016 oil twice, an energy of -1, and a year that is none.
const FAULTY: &[u8] = include_bytes!("columnar/faulty.parquet");

const CSV: &str = "year,co2 (tCO2)\n2016,352.5\n2017,618.5\n";

#[test]
fn a_folder_of_parquet_files_is_a_table_like_any_other() {
    let desk = Desk::with_method();
    desk.put("lake/a.parquet", FIRST);
    desk.put("lake/b.parquet", SECOND);
    desk.put("lake/_SUCCESS", "");
    desk.tanliu("run m.md --data lake --out out").says(0, &["out/"]);
    assert_eq!(desk.read("out/co2.csv"), CSV);
    let manifest: serde_json::Value = serde_json::from_str(&desk.read("out/run.json")).unwrap();
    let data = &manifest["data"];
    assert_eq!(data[0]["file"], "lake/a.parquet");
    assert_eq!((&data[0]["rows"], &data[0]["bytes"]), (&2.into(), &FIRST.len().into()));
    assert_eq!(data[1]["sha256"].as_str().unwrap().len(), 64);
    // Beside other tables it is one of them; alone, a file is a table too.
    desk.put("data/share.csv", "year,share (%)\n2016,50\n2017,100\n");
    desk.put("data/energy/a.parquet", FIRST);
    desk.put("data/energy/b.parquet", SECOND);
    desk.tanliu("run m.md --data data --format csv").says(0, &["2016,176.25\n2017,618.5\n"]);
    desk.tanliu("run m.md --data lake/a.parquet lake/b.parquet --lang en")
        .says(1, &["data-ambiguous"]);
}

#[test]
fn an_arrow_file_gives_the_same_figures() {
    let desk = Desk::with_method();
    desk.put("energy.arrow", ARROW);
    desk.tanliu("run m.md --data energy.arrow --format csv").says(0, &[CSV]);
    desk.tanliu("explain m.md 'co2[year=2016]' --data energy.arrow").says(0, &["energy.arrow"]);
}

#[test]
fn partitions_are_columns() {
    let desk = Desk::with_method();
    desk.put("lake/year=2016/x.parquet", PARTITION);
    desk.put("lake/year=2017/x.parquet", PARTITION);
    desk.tanliu("run m.md --data lake --format csv").says(0, &["2016,352.5\n2017,352.5\n"]);
}

#[test]
fn cells_at_fault_are_told_by_file_row_and_column() {
    let desk = Desk::with_method();
    desk.put("lake/a.parquet", FIRST);
    desk.put("lake/b.parquet", FAULTY);
    let seen = desk.tanliu("run m.md --data lake --lang en");
    seen.says(1, &["data-bound", "lake/b.parquet, row 2, column C"]);
    seen.says(1, &["data-duplicate-key", "lake/a.parquet, row 2"]);
    seen.says(1, &["data-bad-key", "lake/b.parquet, row 3, column A"]);
}

#[test]
fn damaged_files_are_refused_by_name() {
    let desk = Desk::with_method();
    desk.put("data/energy.csv", crate::desk::ENERGY);
    desk.put("data/more.parquet", "PAR1");
    desk.tanliu("run m.md --data data").says(1, &["table-unreadable", "data/more.parquet"]);
    desk.put("lake/a.parquet", FIRST);
    desk.put("lake/b.parquet", &SECOND[..SECOND.len() - 9]);
    desk.tanliu("run m.md --data lake").says(1, &["table-unreadable", "lake/b.parquet"]);
    desk.put("x.arrow", &ARROW[..ARROW.len() / 2]);
    desk.tanliu("run m.md --data x.arrow").says(1, &["table-unreadable", "x.arrow"]);
    desk.tanliu("run m.md --data none.parquet").says(2, &["找不到 none.parquet"]);
}

#[test]
fn files_that_do_not_go_together_are_named() {
    let desk = Desk::with_method();
    desk.put("data/energy/a.parquet", FIRST);
    desk.put("data/energy/b.parquet", PARTITION);
    let seen = desk.tanliu("run m.md --data data --lang en");
    seen.says(1, &["data-parts-differ", "data/energy/b.parquet", "it lacks: year"]);
    desk.put("mixed/energy/a.parquet", FIRST);
    desk.put("mixed/energy/b.csv", crate::desk::ENERGY);
    desk.tanliu("run m.md --data mixed").says(1, &["data-parts-differ", "mixed/energy/b.csv"]);
}

#[test]
fn different_tables_in_one_folder_stay_different() {
    let desk = Desk::with_method();
    desk.put("data/2016.parquet", FIRST);
    desk.put("data/other.parquet", PARTITION);
    // `other` has no year: it supplies nothing, and is told of.
    let seen = desk.tanliu("run m.md --data data --lang en");
    seen.says(0, &["352.5", "data/other.parquet"]);
}

#[test]
fn a_delta_table_is_read_as_of_a_version() {
    let desk = Desk::with_method();
    let rows = "2016,coal,100\n2016,oil,50\n2017,coal,200\n2017,oil,50\n";
    desk.put("energy.csv", format!("year,fuel,energy (tce)\n{rows}"));
    desk.tanliu("table create energy energy.csv --key year,fuel").says(0, &[]);
    desk.put("more.csv", "year,fuel,energy (tce)\n2016,coal,200\n");
    desk.tanliu("table merge energy more.csv").says(0, &[]);
    desk.tanliu("run m.md --data energy --format csv").says(0, &["2016,618.5\n2017,618.5\n"]);
    desk.tanliu("run m.md --data energy --as-of 1 --out out").says(0, &["out/"]);
    assert_eq!(desk.read("out/co2.csv"), CSV);
    let manifest: serde_json::Value = serde_json::from_str(&desk.read("out/run.json")).unwrap();
    assert_eq!(manifest["data"][0]["version"], 1, "{}", manifest["data"]);
    desk.tanliu("run m.md --data energy --as-of 99").says(1, &["99"]);
    // Beside other tables, by its name.
    desk.tanliu("run m.md --data . --as-of energy=1 --format csv").says(1, &["data-ambiguous"]);
}

/// Whatever is written, and wherever it stops: an error, and nothing half-written.
#[test]
fn a_disk_without_room_leaves_nothing_half_written() {
    let desk = Desk::new();
    desk.put(
        "m.md",
        "---\nid: m\nversion: \"1\"\ntitle: m\nkind: account\nstatus: illustration\n---\n```tan\n\
         index plant : text\nindex hour : hour\ninput power[plant, hour] : kWh\n\
         output part[plant, hour] : 1 = power / max(power over hour)\n\
         output rise[plant, hour] : kWh = cumsum(power over hour)\n```\n",
    );
    let rows: String = (0..4000)
        .map(|n| {
            let (plant, hour) = (n % 4, n / 4);
            let (day, hour) = (hour / 24, hour % 24);
            let (month, day) = (day / 28 + 1, day % 28 + 1);
            format!("P{plant},2024-{month:02}-{day:02} {hour:02}:00,{}\n", n % 37 + 1)
        })
        .collect();
    desk.put("data/power/rows.csv", format!("plant,hour,power (kWh)\n{rows}"));
    for format in ["csv", "parquet", "delta", "json"] {
        let line = format!("run m.md --data data --engine columnar --out out --format {format}");
        let seen = desk.tanliu_within(16, &line);
        assert!(seen.code == 2 || seen.code == 1, "{}", seen.all());
        assert!(seen.all().contains("写不了"), "{}", seen.all());
        assert_eq!(desk.list("."), ["data", "m.md"], "{format}: {}", seen.all());
        desk.tanliu(&line).says(0, &[]);
        std::fs::remove_dir_all(desk.path("out")).unwrap();
    }
    desk.tanliu_within(16, "pack m.md --data data --engine columnar --out a.pack").says(2, &[]);
    assert_eq!(desk.list("."), ["data", "m.md"]);
    // What does not fit into memory goes to disk; where there is no room, nothing is computed.
    let spilling = "run m.md --data data --engine columnar --memory 20KB --format csv";
    desk.tanliu_within(1, spilling).says(1, &["engine-spill"]);
    desk.tanliu(spilling).says(0, &["P0,2024-01-01T00"]);
    assert_eq!(desk.list("."), ["data", "m.md"]);
}
