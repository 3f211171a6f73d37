//! 不确定度 An analyst asks how far the figures may be off: intervals on the screen and in tables.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::Desk;
use serde_json::Value;

const METHOD: &str = "---\nid: desk/uncertain\nversion: \"1\"\ntitle: u\nkind: account\n\
    status: illustration\n---\n\n```tan\nindex plant : text\n\
    input energy[plant] : tce \"能源\" >= 0  ± 5%\nparam ef : tCO2/tce = 2.5  ± 10%\n\
    param flat : t = 3\noutput co2[plant] : tCO2 = energy * ef \"排放量\"\n\
    output total : tCO2 = sum(co2 over plant)\noutput plain : t = flat\n```\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("u.md", METHOD);
    desk.put("energy.csv", "plant,energy (tce)\na,100\nb,300\n");
    desk
}

#[test]
fn intervals_and_contributions_are_printed() {
    let desk = desk();
    // total: ef moves it by 100, the lines by 12.5 and 37.5.
    desk.tanliu("--lang en run u.md --data energy.csv --uncertainty").says(
        0,
        &["3 uncertain quantities", "10.8 %", "892.5 … 1108", "ef 86.5 %, energy 13.5 %", "plain"],
    );
    desk.tanliu("run u.md --data energy.csv --uncertainty").says(0, &["3 个不确定量", "方差贡献"]);
}

#[test]
fn draws_are_written_with_their_seed_and_come_out_again() {
    let desk = desk();
    let line = "run u.md --data energy.csv --monte-carlo 2000 --seed 7 --out";
    for out in ["a", "b"] {
        desk.tanliu(&format!("{line} {out}")).says(0, &["2000", "7"]);
    }
    let manifest: Value = serde_json::from_str(&desk.read("a/run.json")).unwrap();
    let own = &manifest["uncertainty"];
    assert_eq!(own["approach_2"]["seed"], 7);
    assert_eq!(own["approach_2"]["draws"], 2000);
    assert_eq!(own["leaves"], 3);
    assert_eq!(own["certain"][0], "plain");
    assert_eq!(own["outputs"][0]["uncertainty"]["file"], "co2.uncertainty.csv");
    assert_eq!(own["outputs"][1]["contributions"]["file"], "total.contributions.csv");
    for file in ["run.json", "co2.uncertainty.csv", "total.contributions.csv"] {
        assert_eq!(desk.read(&format!("a/{file}")), desk.read(&format!("b/{file}")), "{file}");
    }
    let table = desk.read("a/co2.uncertainty.csv");
    let header = table.lines().next().unwrap();
    assert!(header.contains("plant,value (tCO2),deviation (tCO2),low (tCO2)"), "{header}");
    assert!(header.ends_with("mc_draws,mc_faults"), "{header}");
    assert!(desk.read("a/total.contributions.csv").contains("1,variable,ef,,86."));
}

#[test]
fn the_order_of_rows_does_not_show_in_draws() {
    let desk = desk();
    desk.put("turned.csv", "plant,energy (tce)\nb,300\na,100\n");
    let line = |data: &str| format!("run u.md --data {data} --monte-carlo 500 --out {data}.out");
    for data in ["energy.csv", "turned.csv"] {
        desk.tanliu(&line(data)).says(0, &[]);
    }
    for file in ["co2.uncertainty.csv", "total.contributions.csv"] {
        assert_eq!(
            desk.read(&format!("energy.csv.out/{file}")),
            desk.read(&format!("turned.csv.out/{file}"))
        );
    }
}

#[test]
fn a_seed_alone_is_told() {
    desk().tanliu("--lang en run u.md --data energy.csv --seed 3").says(2, &["--monte-carlo"]);
}
