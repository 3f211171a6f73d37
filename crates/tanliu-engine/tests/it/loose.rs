//! Faults that no row carries, in parts that are computed beforehand, count exactly where the
//! interpreter would have met them.

use super::compare;
use super::wide::{Reading, readings, reference_among, small_table, wide_among, write};
use std::path::Path;
use tanliu_engine::{EngineOptions, Progress};
use tanliu_method::table::Table;

pub(crate) const HEAD: &str =
    "---\nid: wide\nversion: \"1\"\ntitle: wide\nkind: account\nstatus: illustration\n---\n```tan
index plant : text
index instant : instant
index month : month
index town : text
input power[plant, instant] : kWh >= 0
input idle[plant, instant] : kWh default 0
input town_of[plant] : town
input small[plant] : kWh
input free[plant] : kWh
";

pub(crate) const PLANTS: usize = 4;

/// One plant has no town.
pub(crate) fn tables(free: &str) -> Vec<Table> {
    let rows: Vec<Vec<String>> = (0..PLANTS)
        .map(|p| {
            let town = if p == 2 { String::new() } else { format!("T{}", p % 2) };
            vec![format!("E{p:03}"), town, format!("{}", p + 1), free.to_owned()]
        })
        .collect();
    let headers = ["plant", "town_of", "small (kWh)", "free (kWh)"];
    vec![small_table("plants", &headers, &rows)]
}

fn agrees(folder: &Path, body: &str, free: &str) -> bool {
    let document = format!("{HEAD}{body}```\n");
    let wanted = reference_among(&document, folder, tables(free));
    for threads in [1, 2] {
        let engine = EngineOptions { threads, batch_rows: 64, ..EngineOptions::default() };
        let given = (folder, tables(free));
        let found = wide_among(&document, given, &engine, &Progress::default()).unwrap();
        let difference = compare(&wanted, &found);
        assert!(difference.is_none(), "{body}\n{difference:?}");
    }
    let codes: Vec<&str> = wanted.diagnostics.list().iter().map(|d| d.code).collect();
    assert!(codes.iter().all(|code| *code == "unmapped-key"), "{body}\n{codes:?}");
    codes.is_empty()
}

fn laid_out(rows: &[Reading]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.parquet", rows, 97);
    folder
}

#[test]
fn a_leaf_whose_mapping_lacks_a_key_is_at_fault_where_it_is_asked() {
    let folder = laid_out(&readings(PLANTS, 60));
    let most = "max(sum(small over plant by town_of) over town)";
    let refused = [
        // In a reduction, in a weight, in a result, in a condition.
        format!("output out[plant] : 1 = sum(power / {most} over instant)\n"),
        format!("output out[plant] : kWh = mean(power over instant weighted by idle / {most})\n"),
        format!("output out[plant, instant] : kWh = power * {most} / 1 kWh\n"),
        format!("output out = count(idle over plant, instant)\nwarn power <= {most} * 999 \"m\"\n"),
        // Of a formula whatever asks it.
        format!("most : kWh = {most}\noutput out : kWh = sum(idle ?? most over plant, instant)\n"),
        format!(
            "rest[plant, instant] : kWh = power + {most}\n\
             output out : kWh = sum(idle ?? rest over plant, instant)\n"
        ),
        // Its keys are asked though its value is not.
        "output out : kWh = sum(idle ?? sum(small over plant by town_of) over plant, instant, town)\n"
            .replace("over plant, instant, town", "over plant, instant")
            .replace("sum(small over plant by town_of)", "sum(small over plant by town_of)[town = town_of]"),
    ];
    for body in refused {
        assert!(!agrees(folder.path(), &body, "1"), "{body}");
    }
}

#[test]
fn a_leaf_that_no_row_asks_refuses_nothing() {
    let folder = laid_out(&readings(PLANTS, 60));
    let most = "max(sum(small over plant by town_of) over town)";
    let open = [
        format!("output out : kWh = sum(idle ?? {most} over plant, instant)\n"),
        format!(
            "output out : kWh = sum(if power < 0 kWh then {most} else idle over plant, instant)\n"
        ),
        format!(
            "output out[plant] : kWh = max(({most} where power < 0 kWh) ?? idle over instant)\n"
        ),
        format!(
            "output out[plant] : kWh = sum(match power {{ < 999 kWh: idle, else: {most} }} over instant)\n"
        ),
        format!("output out = count(power >= 0 kWh or idle > {most} over plant, instant)\n"),
        // The reduction that asks it is never asked itself.
        format!("output out : kWh = 1 kWh ?? sum(power + {most} over plant, instant)\n"),
        format!(
            "output out : kWh = sum(idle ?? sum(power + {most} over plant, instant) over plant, instant)\n"
        ),
    ];
    for body in open {
        assert!(agrees(folder.path(), &body, "1"), "{body}");
    }
}

#[test]
fn a_branch_inside_a_leaf_is_asked_at_the_rows_that_ask_it() {
    let folder = laid_out(&readings(PLANTS, 60));
    let inner = "if free > 0 kWh then max(sum(small over plant by town_of) over town) else 0 kWh";
    let body = format!("output out : kWh = sum(power + ({inner}) over plant, instant)\n");
    assert!(!agrees(folder.path(), &body, "1"));
    assert!(agrees(folder.path(), &body, "0"));
}

#[test]
fn a_hole_withholds_the_rows_and_groups_that_ask_for_it() {
    let folder = laid_out(&readings(PLANTS, 60));
    let body = "param share : 1 = ?\n\
        part[plant] = if plant = \"E001\" then share else 2\n\
        output total : kWh = sum(power * part over plant, instant)\n\
        output of_plant[plant] : kWh = sum(power * part over instant)\n\
        output parts[plant, instant] : kWh = power * part\n\
        output stood[plant] : kWh = sum(power * (part ?? 3) over instant)\n\
        warn power * part <= 1e9 kWh \"large\"\n";
    assert!(agrees(folder.path(), body, "1"));
}

#[test]
fn faults_beside_a_hole_are_told() {
    let folder = laid_out(&readings(PLANTS, 60));
    let body = "param share : 1 = ?\n\
        most : kWh = max(sum(small over plant by town_of) over town)\n\
        output total : kWh = sum(power over plant, instant)\n\
        output held : kWh = sum(power * share over plant, instant) + most\n\
        output parts[plant, instant] : kWh = power * share + most\n\
        warn idle * share <= most \"large\"\n";
    assert!(!agrees(folder.path(), body, "1"));
}
