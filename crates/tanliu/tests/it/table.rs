//! 台账员 Somebody keeps readings in a Delta table: month after month, with corrections, and shows
//! what it was on a day.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::Desk;

const JANUARY: &str = "plant,instant,power (kWh)\n\
    甲厂,2024-01-31 23:30,1.5\n甲厂,2024-01-31 23:45,2.5\n乙厂,2024-01-31 23:45,10\n";
const FEBRUARY: &str = "plant,instant,power (kWh)\n甲厂,2024-02-01 00:00,3.5\n";
const RESTATED: &str =
    "plant,instant,power (kWh)\n甲厂,2024-01-31 23:45,9\n丙厂,2024-02-01 00:00,7\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("january.csv", JANUARY);
    desk.put("february.csv", FEBRUARY);
    desk.put("restated.csv", RESTATED);
    desk.tanliu("table create meters january.csv --key plant,instant --partition 'month(instant)'")
        .says(0, &["已建立 meters：版本 1，3 行"]);
    desk
}

#[test]
fn readings_are_added_restated_and_looked_up_again() {
    let desk = desk();
    desk.tanliu("table append meters february.csv --by 李工")
        .says(0, &["已追加 1 行，meters 现为版本 2"]);
    desk.tanliu("table merge meters restated.csv --by 李工 --note 电表重新校准")
        .says(0, &["meters 现为版本 3：更正 1 行，新增 1 行，0 行与表中相同"]);
    desk.tanliu("table merge meters restated.csv")
        .says(0, &["2 行都与表中相同，没有新版本；meters 仍是版本 3"]);
    desk.tanliu("table history meters").says(0, &["MERGE", "李工", "电表重新校准", "CREATE TABLE"]);
    let history = desk.tanliu("table history meters --json").json();
    assert_eq!(history[0]["version"], 3);
    assert_eq!((&history[0]["added"], &history[0]["restated"]), (&1.into(), &1.into()));
    desk.tanliu("table show meters")
        .says(0, &["版本 3", "5 行", "power (kWh)", "分区 month(instant)"]);
    desk.tanliu("table show meters --as-of 1 --lang en").says(0, &["version 1", "3 rows"]);
    let shown = desk.tanliu("table show meters --as-of 2 --json").json();
    assert_eq!((&shown["rows"], &shown["version"]), (&4.into(), &2.into()));
    desk.tanliu("table replace meters february.csv")
        .says(0, &["meters 现为版本 4：1 个分区，由 2 行换成 1 行"]);
}

#[test]
fn what_is_wrong_is_told_with_code_1_and_nothing_is_written() {
    let desk = desk();
    desk.put("bad.csv", "plant,instant,power (kWh)\n甲厂,2024-02-01,1\n甲厂,2024-02-02,n/a\n");
    desk.tanliu("table append meters bad.csv").says(1, &["bad.csv", "3", "n/a", "不是有限的数"]);
    desk.tanliu("table create other bad.csv --lang en").says(1, &["delta-cell"]);
    assert!(!desk.path("other").exists(), "a table that cannot be filled is not made");
    desk.tanliu("table show meters --as-of 9 --lang en").says(1, &["delta-no-version"]);
    desk.tanliu("table create meters january.csv").says(1, &["delta-exists"]);
    let json = desk.tanliu("table merge nowhere restated.csv --json");
    json.says(1, &[]);
    assert_eq!(json.json()["findings"][0]["code"], "delta-not-a-table");
    desk.tanliu("table create empty").says(2, &["--from"]);
    let shown = desk.tanliu("table show meters --json").json();
    assert_eq!((&shown["version"], &shown["leftovers"]), (&1.into(), &serde_json::json!([])));
}

#[test]
fn a_documents_inputs_make_a_table() {
    let desk = Desk::with_method();
    desk.tanliu("table create table --from m.md --input energy --lang en")
        .says(0, &["version 0, 0 rows"]);
    desk.tanliu("table show table").says(0, &["energy (tce)", "化石能源消费量", "键：year、fuel"]);
    // A header may be the label, as everywhere; the unit is the table's or the file is refused.
    desk.put("rows.csv", "year,fuel,化石能源消费量 (tce)\n2016,coal,100\n");
    desk.tanliu("table append table rows.csv").says(0, &["版本 1"]);
    desk.tanliu("table append table energy.csv").says(1, &["delta-unit", "万吨标准煤"]);
    desk.tanliu("table create other --from m.md --input nothing").says(2, &["nothing"]);
}

#[test]
fn results_are_written_as_parquet_and_as_versions_of_delta_tables() {
    let desk = Desk::with_method();
    desk.tanliu("run m.md --data energy.csv --out out --format parquet").says(0, &["out/"]);
    assert_eq!(desk.list("out"), ["co2.parquet", "run.json"]);
    let again = std::fs::read(desk.path("out/co2.parquet")).unwrap();
    desk.tanliu("run m.md --data energy.csv --out out --format parquet").says(0, &[]);
    assert_eq!(again, std::fs::read(desk.path("out/co2.parquet")).unwrap());
    for version in 1..=2 {
        desk.tanliu("run m.md --data energy.csv --out tables --format delta").says(0, &[]);
        let manifest: serde_json::Value =
            serde_json::from_str(&desk.read("tables/run.json")).unwrap();
        let output = &manifest["outputs"][0];
        assert_eq!((&output["file"], &output["version"]), (&"co2".into(), &version.into()));
    }
    desk.tanliu("table show tables/co2").says(0, &["版本 2", "2 行", "co2 (tCO2)"]);
    desk.tanliu("run m.md --data energy.csv --format parquet").says(2, &["--out"]);
    desk.tanliu("run m.md --data energy.csv --as-of yesterday").says(2, &["yesterday"]);
}
